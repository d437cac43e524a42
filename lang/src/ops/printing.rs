//! Arrays and numbers as text: NumPy's print options, and functions that write by them.

use super::{DTypeRule, Module, Pattern, Printing, Row, Run, ShapeRule};

pub const ROWS: &[Row] = &[
    numpy(
        "set_printoptions",
        "(precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None, infstr=None, formatter=None, sign=None, floatmode=None, *, legacy=None, override_repr=None)",
        "Sets how arrays are written from here on, by `print`, `repr`, f-strings and as a cell's result.\n\nDigits after the point, from how many elements on an array is summarised and to how many at each end, characters a line, whether small numbers are written without exponents.\n\nNot here: `formatter`, `legacy`, `override_repr`.",
        "np.set_printoptions(precision=3)\nnp.array([1 / 3])",
        "None",
        Printing::SetOptions,
    ),
    numpy(
        "get_printoptions",
        "()",
        "How arrays are written now, as a dict of what `set_printoptions` takes.",
        "np.get_printoptions()['precision']",
        "a dict",
        Printing::GetOptions,
    ),
    numpy(
        "array2string",
        "(a, max_line_width=None, precision=None, suppress_small=None, separator=' ', prefix='', *, formatter=None, threshold=None, edgeitems=None, sign=None, floatmode=None, suffix='', legacy=None)",
        "An array as text, by print options of its own.\n\nRoom is left before each line for `prefix`, and at the end for `suffix`; they are not written.\n\nNot here: `formatter`, `legacy`.",
        "np.array2string(np.array([1e-16, 1, 2]), precision=2, separator=',', suppress_small=True)",
        "a str",
        Printing::Array2String,
    ),
    numpy(
        "array_repr",
        "(arr, max_line_width=None, precision=None, suppress_small=None)",
        "An array as `repr` writes it.",
        "np.array_repr(np.array([1, 2]))",
        "a str",
        Printing::ArrayRepr,
    ),
    numpy(
        "array_str",
        "(a, max_line_width=None, precision=None, suppress_small=None)",
        "An array as `print` writes it.",
        "np.array_str(np.arange(3))",
        "a str",
        Printing::ArrayStr,
    ),
    numpy(
        "format_float_positional",
        "(x, precision=None, unique=True, fractional=True, trim='k', sign=False, pad_left=None, pad_right=None, min_digits=None)",
        "A number without an exponent: the shortest digits that say it, or `precision` of them.\n\n`trim` says what becomes of zeros at the end: 'k' keeps them, '.' drops them, '0' leaves one after the point, '-' drops the point too.",
        "np.format_float_positional(np.float32(np.pi))",
        "a str",
        Printing::Positional,
    ),
    numpy(
        "format_float_scientific",
        "(x, precision=None, unique=True, trim='k', sign=False, pad_left=None, exp_digits=None, min_digits=None)",
        "A number with an exponent: the shortest digits that say it, or `precision` of them after the point.",
        "np.format_float_scientific(np.float32(np.pi))",
        "a str",
        Printing::Scientific,
    ),
];

const fn numpy(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    run: Printing,
) -> Row {
    Row {
        name,
        module: Module::Numpy,
        aliases: &[],
        signature,
        method: None,
        doc,
        example,
        pattern: Pattern::Show,
        dtype: DTypeRule::Custom(result),
        shape: ShapeRule::Scalar,
        run: Run::Printing(run),
    }
}
