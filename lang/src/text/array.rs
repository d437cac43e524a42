//! Arrays as text: NumPy 2's `array2string` with its default print options (precision 8, threshold 1000,
//! 3 edge items, 75 columns).

use super::float::{Float, exponent_text};
use crate::dtype::{DType, Kind};
use crate::scalar::Scalar;

const PRECISION: usize = 8;
const THRESHOLD: usize = 1000;
const EDGE: usize = 3;
const LINE: usize = 75;

/// The indices along each dimension whose elements are shown: all, or the first and last three of a long dimension
/// of an array of more than 1000 elements.
pub fn shown_indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let summarised = is_summarised(shape);
    let along = |&n: &usize| match summarised && n > 2 * EDGE {
        true => (0..EDGE).chain(n - EDGE..n).collect(),
        false => (0..n).collect(),
    };
    shape.iter().map(along).collect()
}

/// `str(array)`. `values` are those at the product of `shown_indices(shape)`, in C order.
pub fn array_str(dtype: DType, shape: &[usize], values: &[Scalar]) -> String {
    match (shape, values) {
        ([], [value]) => super::scalar_str(*value),
        _ => body(dtype, shape, values, " ", "", LINE),
    }
}

/// `repr(array)`. `values` are those at the product of `shown_indices(shape)`, in C order.
pub fn array_repr(dtype: DType, shape: &[usize], values: &[Scalar]) -> String {
    let prefix = "array(";
    let text = body(dtype, shape, values, ", ", prefix, LINE - 1);
    let mut extras = Vec::new();
    let empty = shape.contains(&0);
    if (empty && shape != [0]) || is_summarised(shape) {
        extras.push(format!("shape={}", tuple(shape)));
    }
    let implied = matches!(dtype, DType::Bool | DType::I64 | DType::F64 | DType::C128);
    if !implied || empty {
        extras.push(format!("dtype={dtype}"));
    }
    if extras.is_empty() {
        return format!("{prefix}{text})");
    }
    let array = format!("{prefix}{text},");
    let extra = format!("{})", extras.join(", "));
    let last_line = array.len() - array.rfind('\n').map_or(0, |i| i + 1);
    let spacer = match last_line + extra.len() + 1 > LINE {
        true => format!("\n{}", " ".repeat(prefix.len())),
        false => " ".into(),
    };
    format!("{array}{spacer}{extra}")
}

fn is_summarised(shape: &[usize]) -> bool {
    shape.iter().product::<usize>() > THRESHOLD
}

/// A shape as Python prints the tuple: `()`, `(5,)`, `(5, 9)`.
pub fn tuple(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

fn body(
    dtype: DType,
    shape: &[usize],
    values: &[Scalar],
    separator: &str,
    prefix: &str,
    width: usize,
) -> String {
    if shape.contains(&0) {
        return "[]".into();
    }
    let words = words(dtype, values, shape.is_empty());
    let rows = Rows { shape, words: &words, separator, summarised: is_summarised(shape) };
    let mut next = 0;
    rows.axis(0, &" ".repeat(prefix.len() + 1), width, &mut next)
}

/// The brackets, line breaks and ellipses around the words of the elements.
struct Rows<'a> {
    shape: &'a [usize],
    words: &'a [String],
    separator: &'a str,
    summarised: bool,
}

impl Rows<'_> {
    /// The text of the sub-array that begins at word `next`, from dimension `axis` on.
    fn axis(&self, axis: usize, indent: &str, width: usize, next: &mut usize) -> String {
        let Some(&len) = self.shape.get(axis) else {
            *next += 1;
            return self.words[*next - 1].clone();
        };
        let summary = self.summarised && len > 2 * EDGE;
        let count = if summary { 2 * EDGE } else { len };
        let last = axis + 1 == self.shape.len();
        let (inner, trimmed) = (format!("{indent} "), self.separator.trim_end());
        let breaks = format!("{trimmed}{}", "\n".repeat((self.shape.len() - axis).saturating_sub(1)));
        let mut text = String::new();
        let mut line = indent.to_string();
        for i in 0..count {
            if summary && i == EDGE {
                match last {
                    true => {
                        self.extend(&mut text, &mut line, "...", width, indent);
                        line.push_str(self.separator);
                    }
                    false => text.push_str(&format!("{indent}...{breaks}")),
                }
            }
            let word = self.axis(axis + 1, &inner, width - 1, next);
            let more = i + 1 < count;
            if last {
                self.extend(&mut text, &mut line, &word, width, indent);
                line.push_str(if more { self.separator } else { "" });
            } else {
                text.push_str(&format!("{indent}{word}{}", if more { &breaks } else { "" }));
            }
        }
        if last {
            text.push_str(&line);
        }
        format!("[{}]", &text[indent.len()..])
    }

    /// Appends a word to the line, or breaks the line first where it would not fit (and breaking helps).
    fn extend(&self, text: &mut String, line: &mut String, word: &str, width: usize, indent: &str) {
        let room = width - self.separator.trim_end().len().max(1);
        if line.len() + word.len() > room && line.len() > indent.len() {
            text.push_str(line.trim_end());
            text.push('\n');
            *line = indent.to_string();
        }
        line.push_str(word);
    }
}

/// Each value as a word, padded to line up with the others.
fn words(dtype: DType, values: &[Scalar], zero_d: bool) -> Vec<String> {
    match dtype.kind() {
        Kind::Bool => {
            let width = if zero_d { 0 } else { 5 };
            values.iter().map(|&v| format!("{:>width$}", super::scalar_str(v))).collect()
        }
        Kind::Signed | Kind::Unsigned => {
            let texts: Vec<String> = values.iter().map(|&v| super::scalar_str(v)).collect();
            let width = texts.iter().map(String::len).max().unwrap_or(0);
            texts.iter().map(|t| format!("{t:>width$}")).collect()
        }
        Kind::Float => {
            let floats: Vec<Float> = values.iter().map(|&v| parts(v).0).collect();
            let format = Columns::of(&floats, false);
            floats.iter().map(|&x| format.word(x)).collect()
        }
        Kind::Complex => {
            let (re, im): (Vec<Float>, Vec<Float>) = values.iter().map(|&v| parts(v)).unzip();
            let (real, imag) = (Columns::of(&re, false), Columns::of(&im, true));
            let join = |(&r, &i): (&Float, &Float)| {
                let imag = imag.word(i);
                let end = imag.trim_end().len();
                format!("{}{}j{}", real.word(r), &imag[..end], &imag[end..])
            };
            re.iter().zip(&im).map(join).collect()
        }
    }
}

/// Real and imaginary part; only called on floats and complex numbers.
fn parts(value: Scalar) -> (Float, Float) {
    match value {
        Scalar::F32(x) => (Float::Single(x), Float::Single(0.0)),
        Scalar::C64(z) => (Float::Single(z.re), Float::Single(z.im)),
        Scalar::C128(z) => (Float::Double(z.re), Float::Double(z.im)),
        Scalar::F64(x) => (Float::Double(x), Float::Double(0.0)),
        _ => (Float::Double(0.0), Float::Double(0.0)),
    }
}

/// How a column of floats is written: NumPy's `FloatingFormat`.
struct Columns {
    exponential: bool,
    plus: bool,
    precision: usize,
    left: usize,
    right: usize,
    exponent_digits: usize,
}

impl Columns {
    fn of(values: &[Float], plus: bool) -> Columns {
        let finite: Vec<Float> = values.iter().copied().filter(|x| x.value().is_finite()).collect();
        let mut format = Columns {
            exponential: is_exponential(&finite),
            plus,
            precision: PRECISION,
            left: 0,
            right: 0,
            exponent_digits: 0,
        };
        for &x in &finite {
            let sign = (plus || x.value().is_sign_negative()) as usize;
            let (int, frac) = match format.exponential {
                true => {
                    let (int, frac, exponent) = x.scientific(PRECISION);
                    format.exponent_digits = format.exponent_digits.max(exponent_text(exponent, 2).len() - 2);
                    (int, frac)
                }
                false => x.positional(PRECISION),
            };
            format.left = format.left.max(int.len() + sign);
            format.right = format.right.max(frac.len());
        }
        if format.exponential {
            format.precision = format.right;
            format.right += format.exponent_digits + 2;
        }
        if finite.len() < values.len() {
            let negative = plus || values.iter().any(|x| x.value() == f64::NEG_INFINITY);
            let other = (3 + negative as usize).saturating_sub(format.right + 1);
            format.left = format.left.max(other).max(3usize.saturating_sub(format.right + 1));
        }
        format
    }

    fn word(&self, x: Float) -> String {
        let value = x.value();
        let width = self.left + self.right + 1;
        if value.is_nan() {
            return format!("{:>width$}", if self.plus { "+nan" } else { "nan" });
        }
        let sign = match (value.is_sign_negative(), self.plus) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        };
        if value.is_infinite() {
            return format!("{:>width$}", format!("{sign}inf"));
        }
        let left = self.left;
        let (precision, right) = (self.precision, self.right);
        if self.exponential {
            let (int, frac, exponent) = x.scientific_exact(precision);
            let exponent = exponent_text(exponent, self.exponent_digits);
            return format!("{:>left$}.{frac}{exponent}", format!("{sign}{int}"));
        }
        let (int, frac) = x.positional(precision);
        format!("{:>left$}.{frac:<right$}", format!("{sign}{int}"))
    }
}

/// Exponents are used where the magnitudes are large, small, or far apart.
fn is_exponential(finite: &[Float]) -> bool {
    let nonzero = finite.iter().filter(|x| x.value() != 0.0);
    let (mut low, mut high, mut single) = (f64::INFINITY, 0.0f64, false);
    for x in nonzero {
        single |= matches!(x, Float::Single(_));
        low = low.min(x.value().abs());
        high = high.max(x.value().abs());
    }
    if high == 0.0 {
        return false;
    }
    match single {
        // NumPy compares in the array's own precision.
        true => high as f32 >= 1e8 || (low as f32) < 1e-4 || high as f32 / low as f32 > 1000.0,
        false => high >= 1e8 || low < 1e-4 || high / low > 1000.0,
    }
}
