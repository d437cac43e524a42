//! The words of an array's elements, padded so that they stand in columns: NumPy's formatters by dtype.

use super::digits::{Digits, Plan, Trim};
use super::float::{Float, exponent_text};
use super::options::{FloatMode, PrintOptions, Sign};
use crate::dtype::{DType, Kind};
use crate::scalar::Scalar;

/// Each value as a word, padded to line up with the others.
pub fn words(options: &PrintOptions, dtype: DType, values: &[Scalar], zero_d: bool) -> Vec<String> {
    match dtype.kind() {
        Kind::Bool => {
            let width = if zero_d { 0 } else { 5 };
            values.iter().map(|&v| format!("{:>width$}", super::scalar_str(v))).collect()
        }
        Kind::Signed | Kind::Unsigned => integers(options.sign, values),
        Kind::Float => {
            let floats: Vec<Float> = values.iter().map(|&v| parts(v).0).collect();
            let format = Columns::of(options, &floats, options.sign);
            floats.iter().map(|&x| format.word(x)).collect()
        }
        Kind::Complex => {
            let (re, im): (Vec<Float>, Vec<Float>) = values.iter().map(|&v| parts(v)).unzip();
            let real = Columns::of(options, &re, options.sign);
            let imag = Columns::of(options, &im, Sign::Always);
            let join = |(&r, &i): (&Float, &Float)| {
                let imag = imag.word(i);
                let end = imag.trim_end().len();
                format!("{}{}j{}", real.word(r), &imag[..end], &imag[end..])
            };
            re.iter().zip(&im).map(join).collect()
        }
    }
}

fn integers(sign: Sign, values: &[Scalar]) -> Vec<String> {
    let texts: Vec<String> = values.iter().map(|&v| super::scalar_str(v)).collect();
    let negative = texts.iter().any(|t| t.starts_with('-'));
    let mark = match sign {
        Sign::Always => "+",
        Sign::Space if !negative => " ",
        _ => "",
    };
    let signed = |t: &String| if t.starts_with('-') { t.clone() } else { format!("{mark}{t}") };
    let texts: Vec<String> = texts.iter().map(signed).collect();
    let width = texts.iter().map(String::len).max().unwrap_or(0);
    texts.iter().map(|t| format!("{t:>width$}")).collect()
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
struct Columns<'a> {
    options: &'a PrintOptions,
    exponential: bool,
    plan: Plan,
    right: usize,
    exponent_digits: usize,
}

impl Columns<'_> {
    fn of<'a>(options: &'a PrintOptions, values: &[Float], sign: Sign) -> Columns<'a> {
        let finite: Vec<Float> = values.iter().copied().filter(|x| x.value().is_finite()).collect();
        let fixed = options.mode == FloatMode::Fixed;
        let precision = Some(options.precision).filter(|_| options.mode != FloatMode::Unique);
        let first = Digits { precision, least: 0, unique: !fixed };
        let plus = sign == Sign::Always;
        let mut format = Columns {
            options,
            exponential: is_exponential(&finite, options.suppress),
            plan: Plan { digits: first, trim: Trim::Zeros, plus, left: 0 },
            right: 0,
            exponent_digits: 0,
        };
        // What the longest need; at a fixed precision all are as long.
        let length = |frac: &str| if fixed { options.precision } else { frac.trim_end_matches('0').len() };
        for &x in &finite {
            let signed = (plus || x.value().is_sign_negative()) as usize;
            let (int, frac) = match format.exponential {
                true => {
                    let (int, frac, exponent) = x.scientific(first);
                    format.exponent_digits = format.exponent_digits.max(exponent_text(exponent, 2).len() - 2);
                    (int, frac)
                }
                false => x.positional(first),
            };
            format.plan.left = format.plan.left.max(int.len() + signed);
            format.right = format.right.max(length(&frac));
        }
        if format.exponential || matches!(options.mode, FloatMode::Fixed | FloatMode::MaxPrecEqual) {
            format.plan.digits = Digits { precision: Some(format.right), least: format.right, ..first };
            format.plan.trim = Trim::Keep;
        }
        if format.exponential {
            format.right += format.exponent_digits + 2;
        }
        if sign == Sign::Space && !finite.iter().any(|x| x.value().is_sign_negative()) {
            format.plan.left += 1;
        }
        if finite.len() < values.len() {
            let negative = sign != Sign::Negative || values.iter().any(|x| x.value() == f64::NEG_INFINITY);
            let room = |text: &str, more: bool| {
                (text.chars().count() + more as usize).saturating_sub(format.right + 1)
            };
            let least = room(&options.nan, false).max(room(&options.inf, negative));
            format.plan.left = format.plan.left.max(least);
        }
        format
    }

    fn word(&self, x: Float) -> String {
        let value = x.value();
        if !value.is_finite() {
            let sign = match (value < 0.0, self.plan.plus) {
                (true, _) => "-",
                (false, true) => "+",
                (false, false) => "",
            };
            let width = self.plan.left + self.right + 1;
            let word = if value.is_nan() { &self.options.nan } else { &self.options.inf };
            return format!("{:>width$}", format!("{sign}{word}"));
        }
        match self.exponential {
            true => self.plan.scientific(x, self.exponent_digits),
            false => {
                format!("{:<width$}", self.plan.positional(x, true, self.right), width = self.plan.left + 1)
            }
        }
    }
}

/// Exponents are used where the magnitudes are large, and, unless suppressed, small or far apart.
fn is_exponential(finite: &[Float], suppress: bool) -> bool {
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
        // NumPy compares in the array's own precision, and has fewer digits before an exponent there.
        true => high >= 1e6 || !suppress && ((low as f32) < 1e-4 || high as f32 / low as f32 > 1000.0),
        false => high >= 1e8 || !suppress && (low < 1e-4 || high / low > 1000.0),
    }
}
