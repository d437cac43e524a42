//! Ticks at round numbers, as matplotlib chooses and writes them.

/// Where ticks stand (in data), what stands beside them, and the small ones without words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ticks {
    pub major: Vec<(f64, String)>,
    pub minor: Vec<f64>,
    /// What all numbers are to be multiplied by: `×10⁶`.
    pub factor: String,
}

const MINUS: char = '\u{2212}';

/// 1, 2, 2.5 or 5 times a power of ten: the least with which `low..high` has at most `most` steps.
fn step(low: f64, high: f64, most: usize) -> f64 {
    let raw = (high - low) / most.max(1) as f64;
    let power = 10f64.powf(raw.log10().floor());
    let fits = |s: &f64| {
        let steps = ((high / s).floor() - (low / s).ceil()).max(0.0);
        steps <= most as f64 && raw <= s * 1.0000001
    };
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(fits).unwrap_or(10.0 * power)
}

/// For an axis with room for `most` steps.
pub fn linear(low: f64, high: f64, most: usize) -> Ticks {
    linear_from(low, high, most, 0.0)
}

/// For an axis of indices: no tick lies between two of them.
pub fn whole(low: f64, high: f64, most: usize) -> Ticks {
    linear_from(low, high, most, 1.0)
}

fn linear_from(low: f64, high: f64, most: usize, least: f64) -> Ticks {
    let (a, b) = (low.min(high), low.max(high));
    if !(b > a && (b - a).is_finite()) {
        return Ticks::default();
    }
    let step = step(a, b, most.clamp(1, 9)).max(least);
    let (first, last) = ((a / step - 1e-9).ceil(), (b / step + 1e-9).floor());
    if last - first > 30.0 {
        return Ticks::default();
    }
    let at: Vec<f64> = (0..=(last - first) as i64).map(|k| (first + k as f64) * step).collect();
    let largest = at.iter().fold(0.0f64, |m, x| m.max(x.abs()));
    // Beyond these matplotlib takes a power of ten out of the numbers.
    let exponent = if largest > 0.0 { (largest.log10() + 1e-9).floor() as i32 } else { 0 };
    let taken = if (-4..6).contains(&exponent) { 0 } else { exponent };
    let unit = 10f64.powi(taken);
    let places = (0..12).find(|&p| {
        let ten = 10f64.powi(p);
        at.iter().all(|x| ((x / unit) * ten - ((x / unit) * ten).round()).abs() < 1e-3 * (step / unit) * ten)
    });
    let places = places.unwrap_or(12) as usize;
    let word = |x: &f64| (*x, with_minus(format!("{:.places$}", (x / unit) + 0.0)));
    let factor = if taken == 0 { String::new() } else { format!("\u{d7}10{}", superscript(taken)) };
    Ticks { major: at.iter().map(word).collect(), minor: Vec::new(), factor }
}

fn with_minus(text: String) -> String {
    let zero = text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.');
    if zero { text.trim_start_matches('-').to_string() } else { text.replace('-', &MINUS.to_string()) }
}

pub fn superscript(n: i32) -> String {
    let digit = |c: char| match c {
        '-' => '\u{207b}',
        '1' => '\u{b9}',
        '2' => '\u{b2}',
        '3' => '\u{b3}',
        c => char::from_u32(0x2070 + c.to_digit(10).unwrap_or(0)).unwrap_or(c),
    };
    n.to_string().chars().map(digit).collect()
}

/// Powers of ten; less than one of them between the limits, round numbers.
pub fn log(low: f64, high: f64, most: usize) -> Ticks {
    let (a, b) = (low.min(high), low.max(high));
    if !(a > 0.0 && b > a && b.is_finite()) {
        return Ticks::default();
    }
    let (first, last) = ((a.log10() - 1e-9).ceil() as i32, (b.log10() + 1e-9).floor() as i32);
    if last - first < 1 {
        let plain = linear(low, high, most);
        let minor = Vec::new();
        return Ticks { major: plain.major.into_iter().filter(|(x, _)| *x > 0.0).collect(), minor, ..plain };
    }
    let each = ((last - first) as usize / most.max(1) + 1) as i32;
    // Powers that the step divides, so that 1 is among them.
    let major = (first + (-first).rem_euclid(each)..=last).step_by(each as usize);
    let major = major.map(|k| (10f64.powi(k), format!("10{}", superscript(k)))).collect();
    let minor = if each > 1 {
        Vec::new()
    } else {
        let all = (first - 1..=last).flat_map(|k| (2..10).map(move |m| m as f64 * 10f64.powi(k)));
        all.filter(|x| *x >= a && *x <= b).collect()
    };
    Ticks { major, minor, factor: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(ticks: &Ticks) -> String {
        ticks.major.iter().map(|t| t.1.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(words(&linear(-0.05, 1.05, 9)), "0.0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(words(&linear(-4.9, 103.9, 9)), "0 20 40 60 80 100");
        assert_eq!(
            words(&linear(-1.1, 1.1, 9)),
            "\u{2212}1.00 \u{2212}0.75 \u{2212}0.50 \u{2212}0.25 0.00 0.25 0.50 0.75 1.00"
        );
        assert_eq!(words(&linear(103.0, -4.0, 5)), "0 25 50 75 100");
        let large = linear(0.0, 2.4e7, 6);
        assert_eq!(
            (words(&large).as_str(), large.factor.as_str()),
            ("0.0 0.5 1.0 1.5 2.0", "\u{d7}10\u{2077}")
        );
        assert_eq!(linear(1.0, 1.0, 5), Ticks::default());
        assert_eq!(linear(f64::NAN, 1.0, 5), Ticks::default());
    }

    #[test]
    fn powers_of_ten() {
        let ticks = log(0.5, 2000.0, 9);
        assert_eq!(words(&ticks), "10\u{2070} 10\u{b9} 10\u{b2} 10\u{b3}");
        assert!(ticks.minor.contains(&20.0) && !ticks.minor.contains(&3000.0));
        assert_eq!(words(&log(1e-30, 1e30, 4)), "10\u{207b}\u{b9}\u{2076} 10\u{2070} 10\u{b9}\u{2076}");
        assert_eq!(log(-1.0, 5.0, 5), Ticks::default());
    }
}
