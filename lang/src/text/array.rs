//! Arrays as text: NumPy 2's `array2string`.

use super::columns::words;
use super::options::PrintOptions;
use crate::dtype::DType;
use crate::scalar::Scalar;

/// The indices along each dimension whose elements are shown: all, or those at both ends of a long dimension of a large
/// array.
pub fn shown_indices(options: &PrintOptions, shape: &[usize]) -> Vec<Vec<usize>> {
    let (summarised, edge) = (options.summarises(shape), options.edge);
    let along = |&n: &usize| match summarised && n > 2 * edge {
        true => (0..edge).chain(n - edge..n).collect(),
        false => (0..n).collect(),
    };
    shape.iter().map(along).collect()
}

/// `str(array)`. `values` are those at the product of `shown_indices(options, shape)`, in C order.
pub fn array_str(options: &PrintOptions, dtype: DType, shape: &[usize], values: &[Scalar]) -> String {
    match (shape, values) {
        ([], [value]) => super::scalar_str(*value),
        _ => array_text(options, dtype, shape, values, " ", "", ""),
    }
}

/// `repr(array)`. `values` are those at the product of `shown_indices(options, shape)`, in C order.
pub fn array_repr(options: &PrintOptions, dtype: DType, shape: &[usize], values: &[Scalar]) -> String {
    let prefix = "array(";
    let text = array_text(options, dtype, shape, values, ", ", prefix, ")");
    let mut extras = Vec::new();
    let empty = shape.contains(&0);
    if (empty && shape != [0]) || options.summarises(shape) {
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
    let last_line = array.chars().count() - array.rfind('\n').map_or(0, |i| array[..=i].chars().count());
    let spacer = match options.line.is_exceeded_by(last_line + extra.len() + 1) {
        true => format!("\n{}", " ".repeat(prefix.len())),
        false => " ".into(),
    };
    format!("{array}{spacer}{extra}")
}

/// A shape as Python prints the tuple: `()`, `(5,)`, `(5, 9)`.
pub fn tuple(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The elements in brackets, between a prefix and a suffix that are not written but make the lines shorter.
/// `values` are those at the product of `shown_indices(options, shape)`, in C order.
pub fn array_text(
    options: &PrintOptions,
    dtype: DType,
    shape: &[usize],
    values: &[Scalar],
    separator: &str,
    prefix: &str,
    suffix: &str,
) -> String {
    if shape.contains(&0) {
        return "[]".into();
    }
    let words = words(options, dtype, values, shape.is_empty());
    let (edge, summarised) = (options.edge, options.summarises(shape));
    let rows = Rows { shape, words: &words, separator, edge, summarised };
    let mut next = 0;
    let indent = " ".repeat(prefix.chars().count() + 1);
    rows.axis(0, &indent, options.width(suffix.chars().count()), &mut next)
}

/// The brackets, line breaks and ellipses around the words of the elements.
struct Rows<'a> {
    shape: &'a [usize],
    words: &'a [String],
    separator: &'a str,
    edge: usize,
    summarised: bool,
}

impl Rows<'_> {
    /// The text of the sub-array that begins at word `next`, from dimension `axis` on.
    fn axis(&self, axis: usize, indent: &str, width: usize, next: &mut usize) -> String {
        let Some(&len) = self.shape.get(axis) else {
            *next += 1;
            return self.words[*next - 1].clone();
        };
        let summary = self.summarised && len > 2 * self.edge;
        let count = if summary { 2 * self.edge } else { len };
        let last = axis + 1 == self.shape.len();
        let (inner, trimmed) = (format!("{indent} "), self.separator.trim_end());
        let breaks = format!("{trimmed}{}", "\n".repeat((self.shape.len() - axis).saturating_sub(1)));
        let mut text = String::new();
        let mut line = indent.to_string();
        for i in 0..count {
            if summary && i == self.edge {
                match last {
                    true => {
                        self.extend(&mut text, &mut line, "...", width, indent);
                        line.push_str(self.separator);
                    }
                    false => text.push_str(&format!("{indent}...{breaks}")),
                }
            }
            let word = self.axis(axis + 1, &inner, width.saturating_sub(1), next);
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
        let room = width.saturating_sub(self.separator.trim_end().chars().count().max(1));
        if line.chars().count() + word.chars().count() > room && line.len() > indent.len() {
            text.push_str(line.trim_end());
            text.push('\n');
            *line = indent.to_string();
        }
        line.push_str(word);
    }
}
