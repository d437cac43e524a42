//! Floating-point numbers as text: Python's `repr`, and the two layouts that arrays are printed with.
//!
//! Digits are the shortest that read back to the same number (Steele & White's "free-format" printing, as NumPy's
//! Dragon4 and Rust's formatter both do); where a precision cuts them, the exact value is rounded, half to even.

/// A float of either width; the shortest digits depend on it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Float {
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
    fn shortest(self) -> String {
        match self {
            Float::Single(x) => format!("{:e}", x.abs()),
            Float::Double(x) => format!("{:e}", x.abs()),
        }
    }

    /// The shortest digits of the magnitude, without an exponent.
    fn shortest_positional(self) -> String {
        match self {
            Float::Single(x) => format!("{}", x.abs()),
            Float::Double(x) => format!("{}", x.abs()),
        }
    }

    /// Integer and fraction digits of the magnitude, at most `precision` of the latter, trailing zeros dropped.
    pub(super) fn positional(self, precision: usize) -> (String, String) {
        let text = self.shortest_positional();
        let (int, frac) = text.split_once('.').unwrap_or((&text, ""));
        if frac.len() <= precision {
            return (int.to_string(), frac.to_string());
        }
        let text = format!("{:.*}", precision, self.value().abs());
        let (int, frac) = text.split_once('.').unwrap_or((&text, ""));
        (int.to_string(), frac.trim_end_matches('0').to_string())
    }

    /// Leading digit, fraction digits (at most `precision`, trailing zeros dropped), and the power of ten.
    pub(super) fn scientific(self, precision: usize) -> (String, String, i32) {
        let text = self.shortest();
        let (mantissa, exponent) = split_exponent(&text);
        let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if frac.len() <= precision {
            return (int.to_string(), frac.to_string(), exponent);
        }
        let text = format!("{:.*e}", precision, self.value().abs());
        let (mantissa, exponent) = split_exponent(&text);
        let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        (int.to_string(), frac.trim_end_matches('0').to_string(), exponent)
    }

    /// From where on `repr` has an exponent: NumPy 2.4 switches earlier for the narrower type.
    fn limit(self) -> f64 {
        match self {
            Float::Single(_) => 1e6,
            Float::Double(_) => 1e16,
        }
    }

    /// Exactly `precision` fraction digits of the exact value.
    pub(super) fn scientific_exact(self, precision: usize) -> (String, String, i32) {
        let text = format!("{:.*e}", precision, self.value().abs());
        let (mantissa, exponent) = split_exponent(&text);
        let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        (int.to_string(), frac.to_string(), exponent)
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
        let (int, frac, exponent) = self.scientific(usize::MAX);
        if x != 0.0 && !(1e-4..self.limit()).contains(&x.abs()) {
            let point = if frac.is_empty() { "" } else { "." };
            return format!("{sign}{int}{point}{frac}{}", exponent_text(exponent, 2));
        }
        let text = self.shortest_positional();
        let tail = if text.contains('.') { "" } else { ".0" };
        format!("{sign}{text}{tail}")
    }
}

fn split_exponent(text: &str) -> (&str, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    (mantissa, exponent.parse().unwrap_or(0))
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
