//! Floating-point numbers as text: Python's `repr`.

use super::digits::Digits;

const SHORTEST: Digits = Digits { precision: None, least: 0, unique: true };

/// A float of either width; the shortest digits depend on it.
#[derive(Clone, Copy, Debug)]
pub enum Float {
    Single(f32),
    Double(f64),
}

impl Float {
    pub(super) fn value(self) -> f64 {
        match self {
            Float::Single(x) => x as f64,
            Float::Double(x) => x,
        }
    }

    /// The shortest digits of the magnitude, as `d.ddde-x`.
    pub(super) fn shortest(self) -> String {
        match self {
            Float::Single(x) => format!("{:e}", x.abs()),
            Float::Double(x) => format!("{:e}", x.abs()),
        }
    }

    /// The shortest digits of the magnitude, without an exponent.
    pub(super) fn shortest_positional(self) -> String {
        match self {
            Float::Single(x) => format!("{}", x.abs()),
            Float::Double(x) => format!("{}", x.abs()),
        }
    }

    /// From where on `repr` has an exponent: NumPy 2.4 switches earlier for the narrower type.
    fn limit(self) -> f64 {
        match self {
            Float::Single(_) => 1e6,
            Float::Double(_) => 1e16,
        }
    }

    /// Python's and NumPy's `repr` of the number alone: positional from 1e-4 up to `limit`, else with an exponent.
    pub(super) fn repr(self) -> String {
        let x = self.value();
        if x.is_nan() {
            return "nan".into();
        }
        let sign = if x.is_sign_negative() { "-" } else { "" };
        if x.is_infinite() {
            return format!("{sign}inf");
        }
        let (int, frac, exponent) = self.scientific(SHORTEST);
        if x != 0.0 && !(1e-4..self.limit()).contains(&x.abs()) {
            let point = if frac.is_empty() { "" } else { "." };
            return format!("{sign}{int}{point}{frac}{}", exponent_text(exponent, 2));
        }
        let text = self.shortest_positional();
        let tail = if text.contains('.') { "" } else { ".0" };
        format!("{sign}{text}{tail}")
    }
}

/// `e+05`: the sign always, at least `digits` digits.
pub(super) fn exponent_text(exponent: i32, digits: usize) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:0digits$}", exponent.unsigned_abs())
}

/// Python's `repr(float)`.
pub fn float_repr(x: f64) -> String {
    Float::Double(x).repr()
}

/// Python's `repr(complex)`: `(1+2j)`, `2j`, `(-0-2j)`.
pub fn complex_repr(re: f64, im: f64) -> String {
    complex_text(Float::Double(re), Float::Double(im))
}

pub(super) fn complex_text(re: Float, im: Float) -> String {
    let number = |x: Float| {
        let text = x.repr();
        text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
    };
    let imag = number(im);
    if re.value() == 0.0 && re.value().is_sign_positive() {
        return format!("{imag}j");
    }
    let plus = if imag.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{imag}j)", number(re))
}
