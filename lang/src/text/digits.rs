//! The decimal digits of a float to a wanted number, and NumPy's two layouts of a single one
//! (`format_float_positional`, `format_float_scientific`).
//!
//! Digits are the shortest that read back to the same number; where a precision cuts them, or more are asked for, the
//! exact value's, rounded half to even. That is what Dragon4 (Steele & White; Juckett) gives NumPy.

use super::float::{Float, exponent_text};

/// How many digits are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Digits {
    /// At most so many.
    pub precision: Option<usize>,
    /// At least so many.
    pub least: usize,
    /// As many as say the number; else exactly `precision`.
    pub unique: bool,
}

impl Digits {
    /// Of so many shortest digits: None where they will do, else how many of the exact value's.
    fn cut(self, shortest: usize) -> Option<usize> {
        match self.precision {
            Some(most) if !self.unique || shortest > most => Some(most),
            _ if shortest < self.least => Some(self.least),
            _ => None,
        }
    }
}

/// What becomes of zeros at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trim {
    /// `k`: they stay, and there are as many as asked for.
    Keep,
    /// `.`: they go.
    Zeros,
    /// `0`: they go, but one after the point.
    LeaveOne,
    /// `-`: they go, and the point too.
    Point,
}

impl Trim {
    pub fn named(text: &str) -> Option<Trim> {
        Some(match text {
            "k" => Trim::Keep,
            "." => Trim::Zeros,
            "0" => Trim::LeaveOne,
            "-" => Trim::Point,
            _ => return None,
        })
    }

    /// The fraction with its point, where `wanted` digits were asked for.
    fn fraction(self, digits: &str, wanted: usize) -> String {
        let kept = digits.trim_end_matches('0');
        match self {
            Trim::Keep => format!(".{digits:0<wanted$}"),
            Trim::LeaveOne if kept.is_empty() => ".0".into(),
            Trim::Point if kept.is_empty() => String::new(),
            _ => format!(".{kept}"),
        }
    }
}

/// How one number is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub digits: Digits,
    pub trim: Trim,
    /// Whether a number that is not negative has a sign.
    pub plus: bool,
    /// So many characters at least to the left of the point.
    pub left: usize,
}

impl Plan {
    fn wanted(&self) -> usize {
        if self.digits.unique { self.digits.least } else { self.digits.precision.unwrap_or(0) }
    }

    /// Without an exponent, and with so many characters at least to the right of the point. Digits are counted from the
    /// point where `fractional`, else from the first that is not zero.
    pub fn positional(&self, x: Float, fractional: bool, right: usize) -> String {
        let Some(sign) = self.sign(x) else { return self.not_finite(x) };
        let (int, frac) = match fractional {
            true => x.positional(self.digits),
            false => x.significant(self.digits),
        };
        let wanted = match fractional {
            true => self.wanted(),
            false => self.wanted().saturating_sub(if int == "0" { 1 } else { int.len() }),
        };
        let left = self.left;
        let frac = self.trim.fraction(&frac, wanted);
        let right = if right > 0 { right + 1 } else { 0 };
        format!("{:>left$}{frac:<right$}", format!("{sign}{int}"))
    }

    /// With an exponent of so many digits at least.
    pub fn scientific(&self, x: Float, exponent_digits: usize) -> String {
        let Some(sign) = self.sign(x) else { return self.not_finite(x) };
        let (int, frac, exponent) = x.scientific(self.digits);
        let (left, frac) = (self.left, self.trim.fraction(&frac, self.wanted()));
        format!("{:>left$}{frac}{}", format!("{sign}{int}"), exponent_text(exponent, exponent_digits))
    }

    /// None of what is not finite.
    fn sign(&self, x: Float) -> Option<&'static str> {
        let x = x.value();
        x.is_finite().then(|| match (x.is_sign_negative(), self.plus) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        })
    }

    fn not_finite(&self, x: Float) -> String {
        let x = x.value();
        match (x.is_nan(), x < 0.0, self.plus) {
            (true, ..) => "nan".into(),
            (_, true, _) => "-inf".into(),
            (_, _, true) => "+inf".into(),
            _ => "inf".into(),
        }
    }
}

impl Float {
    /// Digits before and after the point; of the latter as many as wanted.
    pub(super) fn positional(self, digits: Digits) -> (String, String) {
        let text = self.shortest_positional();
        let (int, frac) = text.split_once('.').unwrap_or((&text, ""));
        match digits.cut(frac.len()) {
            None => (int.to_string(), frac.to_string()),
            Some(n) => {
                let text = format!("{:.n$}", self.value().abs());
                let (int, frac) = text.split_once('.').unwrap_or((&text, ""));
                (int.to_string(), self.without_carried(frac, n, false))
            }
        }
    }

    /// As `positional`, the digits counted from the first that is not zero.
    fn significant(self, digits: Digits) -> (String, String) {
        let (first, rest, exponent) = self.scientific(Digits {
            precision: digits.precision.map(|n| n.saturating_sub(1)),
            least: digits.least.saturating_sub(1),
            ..digits
        });
        let all = format!("{first}{rest}");
        match usize::try_from(exponent) {
            Ok(before) if all.len() > before => (all[..=before].into(), all[before + 1..].into()),
            Ok(before) => (format!("{all:0<width$}", width = before + 1), String::new()),
            Err(_) => {
                let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
                ("0".into(), format!("{zeros}{all}"))
            }
        }
    }

    /// Leading digit, fraction digits as many as wanted, and the power of ten.
    pub(super) fn scientific(self, digits: Digits) -> (String, String, i32) {
        let parts = |text: &str| {
            let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
            let (int, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
            (int.to_string(), frac.to_string(), exponent.parse().unwrap_or(0))
        };
        let (int, frac, exponent) = parts(&self.shortest());
        match digits.cut(frac.len()) {
            None => (int, frac, exponent),
            Some(n) => {
                let (int, frac, exponent) = parts(&format!("{:.n$e}", self.value().abs()));
                let frac = self.without_carried(&frac, n, true);
                (int, frac, exponent)
            }
        }
    }

    /// A row of nines at the cut that is rounded up leaves no zeros.
    fn without_carried(self, frac: &str, n: usize, scientific: bool) -> String {
        let kept = frac.trim_end_matches('0');
        if kept.len() == frac.len() {
            return frac.into();
        }
        // More digits than the exact value has would be needless: 17 say a float64.
        let longer = n + 20;
        let exact = match scientific {
            true => format!("{:.longer$e}", self.value().abs()),
            false => format!("{:.longer$}", self.value().abs()),
        };
        let after = exact.split_once('.').map_or("", |(_, frac)| frac);
        match after.get(kept.len()..n).is_some_and(|cut| cut.bytes().all(|b| b == b'9')) {
            true => kept.into(),
            false => frac.into(),
        }
    }
}
