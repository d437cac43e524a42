//! Numbers for people: bytes, shapes, values in cells.

use crate::scalar::Scalar;
use crate::text::scalar_str;

/// `960 B`, `1.5 kB`, `2 GB`: three digits at most, powers of 1000.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let mut value = n as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if value < 9.995 {
        2
    } else if value < 99.95 {
        1
    } else {
        0
    };
    let text = format!("{value:.digits$}");
    let text = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {}", UNITS[unit])
}

/// `5 x 9`; `9 elements` in one dimension or none.
pub fn times(items: &[usize]) -> String {
    match items {
        [] | [1] => "1 element".to_string(),
        [n] => format!("{n} elements"),
        _ => items.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(" \u{d7} "),
    }
}

/// A value short enough for a cell.
pub fn cell(value: Scalar) -> String {
    let real = |x: f64| {
        if x == 0.0 || !x.is_finite() || (x.abs() >= 1e-3 && x.abs() < 1e5) {
            let text = format!("{x:.3}");
            // Three digits after the point, or fewer where they say nothing.
            let places = if x.abs() >= 100.0 {
                1
            } else if x.abs() >= 10.0 {
                2
            } else {
                3
            };
            let text = if x.is_finite() { format!("{x:.places$}") } else { text.to_lowercase() };
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').to_string()
            } else {
                text
            }
        } else {
            format!("{x:.1e}")
        }
    };
    match value {
        Scalar::Bool(b) => if b { "T" } else { "F" }.to_string(),
        Scalar::F32(x) => real(x as f64),
        Scalar::F64(x) => real(x),
        Scalar::C64(z) => {
            format!("{}{}{}j", real(z.re as f64), if z.im < 0.0 { "" } else { "+" }, real(z.im as f64))
        }
        Scalar::C128(z) => format!("{}{}{}j", real(z.re), if z.im < 0.0 { "" } else { "+" }, real(z.im)),
        other => scalar_str(other),
    }
}

/// A number at a tick or a colour bar's end.
pub fn number(x: f64) -> String {
    if x == 0.0 {
        "0".to_string()
    } else if !x.is_finite() {
        x.to_string().to_lowercase()
    } else if x.abs() >= 1e5 || x.abs() < 1e-3 {
        format!("{x:.2e}")
    } else {
        let places = (3 - x.abs().log10().floor() as i32).clamp(0, 6) as usize;
        let text = format!("{x:.places$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (n, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1 kB"),
            (1536, "1.54 kB"),
            (15_360, "15.4 kB"),
            (999_600, "1 MB"),
            (128_000_000, "128 MB"),
            (100_000_000_000, "100 GB"),
        ] {
            assert_eq!(bytes(n), text);
        }
        for (value, text) in [
            (Scalar::F64(1.5), "1.5"),
            (Scalar::F64(0.0), "0"),
            (Scalar::F64(0.123456), "0.123"),
            (Scalar::F64(12345.678), "12345.7"),
            (Scalar::F64(1e-9), "1.0e-9"),
            (Scalar::F64(f64::NAN), "nan"),
            (Scalar::F64(f64::NEG_INFINITY), "-inf"),
            (Scalar::Bool(true), "T"),
            (Scalar::I64(-42), "-42"),
        ] {
            assert_eq!(cell(value), text);
        }
        for (x, text) in [(0.5, "0.5"), (1234.5, "1234"), (2e6, "2.00e6"), (-3.25, "-3.25"), (100.0, "100")] {
            assert_eq!(number(x), text);
        }
        assert_eq!(
            (times(&[5, 9]), times(&[]), crate::text::tuple(&[5])),
            ("5 \u{d7} 9".into(), "1 element".into(), "(5,)".into())
        );
    }
}
