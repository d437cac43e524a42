//! Python's builtins that look at values as objects: slices, attributes, characters, formats.

use super::{DTypeRule, Host, Module, Pattern, Row, Run, ShapeRule};

pub const ROWS: &[Row] = &[
    builtin(
        "slice",
        "(start_or_stop, stop=None, step=None, /)",
        "The slice that `start:stop:step` means in an index, as a value.",
        "np.arange(12).reshape(3, 4)[(slice(None), slice(1, 3))]",
        "a slice",
        Host::Slice,
    ),
    Row {
        module: Module::Numpy,
        ..builtin(
            "s_",
            "()",
            "Indexed, it gives the index: `np.s_[1:, ...]` is a tuple to be used as one.",
            "np.arange(10)[np.s_[2:8:3]]",
            "the index",
            Host::SIndex,
        )
    },
    Row {
        module: Module::Numpy,
        ..builtin(
            "index_exp",
            "()",
            "Indexed, it gives the index as a tuple, also where it is a single one.",
            "np.index_exp[2:8:3]",
            "a tuple",
            Host::IndexExp,
        )
    },
    builtin(
        "set",
        "(iterable=(), /)",
        "A set of the items; they come in the order in which CPython has them under `PYTHONHASHSEED=0`.",
        "set([3, 1, 3, 2])",
        "a set",
        Host::Set,
    ),
    builtin(
        "frozenset",
        "(iterable=(), /)",
        "A set that cannot be changed, and can be a key.",
        "frozenset('abba') == frozenset('ab')",
        "a frozenset",
        Host::FrozenSet,
    ),
    builtin(
        "hash",
        "(obj, /)",
        "The hash of a value: CPython's under `PYTHONHASHSEED=0`, for values that are equal on all ranks.",
        "hash(1.0) == hash(1), hash('abc')",
        "an int",
        Host::Hash,
    ),
    Row {
        module: Module::Copy,
        ..builtin(
            "copy",
            "(x)",
            "A container with the same items; of an array, one with memory of its own.",
            "a = [1, [2]]\nb = copy.copy(a)\nb.append(3)\na, b, a[1] is b[1]",
            "as the argument",
            Host::CopyOf,
        )
    },
    Row {
        module: Module::Copy,
        ..builtin(
            "deepcopy",
            "(x, memo=None)",
            "A container with copies of its items, all the way down; what occurs twice is copied once.",
            "a = [1, [2]]\nb = copy.deepcopy(a)\nb[1].append(3)\na, b",
            "as the argument",
            Host::DeepCopy,
        )
    },
    builtin(
        "callable",
        "(obj, /)",
        "Whether a value can be called.",
        "callable(np.sin), callable(3)",
        "a bool",
        Host::Callable,
    ),
    builtin(
        "hasattr",
        "(obj, name, /)",
        "Whether a value has an attribute or a method of that name.",
        "hasattr(np.zeros(3), 'shape'), hasattr(3, 'shape')",
        "a bool",
        Host::HasAttr,
    ),
    builtin(
        "getattr",
        "(obj, name, default=None, /)",
        "The attribute of that name; the default where there is none, AttributeError without one.",
        "getattr(np.zeros((2, 3)), 'shape'), getattr(3, 'shape', ())",
        "the attribute's",
        Host::GetAttr,
    ),
    builtin(
        "setattr",
        "(obj, name, value, /)",
        "Sets the attribute of that name: `obj.name = value`.",
        "z = np.zeros(2, dtype=complex)\nsetattr(z, 'imag', 1)\nz",
        "None",
        Host::SetAttr,
    ),
    builtin("chr", "(i, /)", "The character of a Unicode code point.", "chr(955)", "a str", Host::Chr),
    builtin("ord", "(c, /)", "The Unicode code point of a character.", "ord('a')", "an int", Host::Ord),
    builtin("hex", "(number, /)", "An int in hexadecimal, with `0x`.", "hex(255)", "a str", Host::Hex),
    builtin("oct", "(number, /)", "An int in octal, with `0o`.", "oct(8)", "a str", Host::Oct),
    builtin("bin", "(number, /)", "An int in binary, with `0b`.", "bin(10)", "a str", Host::Bin),
    builtin(
        "ascii",
        "(obj, /)",
        "As `repr`, with escapes for all characters beyond ASCII.",
        "ascii('né')",
        "a str",
        Host::Ascii,
    ),
    builtin(
        "format",
        "(value, format_spec='', /)",
        "A value as text by a format spec, as in an f-string.",
        "format(3.14159, '8.3f')",
        "a str",
        Host::Format,
    ),
];

/// A builtin of Python's.
pub const fn builtin(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    host: Host,
) -> Row {
    Row {
        name,
        module: Module::Python,
        aliases: &[],
        signature,
        method: None,
        doc,
        example,
        pattern: Pattern::Host,
        dtype: DTypeRule::Custom(result),
        shape: ShapeRule::Scalar,
        run: Run::Host(host),
    }
}
