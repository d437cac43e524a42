//! Whether two texts say the same, their floats to rounding.

/// Nothing, or the words that differ first.
pub fn difference(a: &str, b: &str) -> Option<String> {
    let (mut x, mut y) = (a.lines(), b.lines());
    loop {
        let (x, y) = match (x.next(), y.next()) {
            (None, None) => return None,
            (x, y) => (x.unwrap_or(""), y.unwrap_or("")),
        };
        let (xs, ys) = (words(x), words(y));
        // Single precision says so in front.
        let single = x.contains("float32") || x.contains("complex64");
        let bound = if single { 1e-4 } else { 1e-9 };
        let numbers = xs.iter().filter_map(|w| w.parse::<f64>().ok()).filter(|n| n.is_finite());
        let scale = numbers.fold(1.0, |most: f64, n| most.max(n.abs()));
        if xs.len() != ys.len() {
            return Some(format!("{x}\n{y}"));
        }
        for (x_word, y_word) in xs.iter().zip(&ys) {
            let near = match (x_word.parse::<f64>(), y_word.parse::<f64>()) {
                (Ok(p), Ok(q)) if p.is_finite() && q.is_finite() => {
                    (p - q).abs() <= bound * scale.min(1e6).max(p.abs())
                }
                // Which part of a complex number overflows to what depends on the order of the factors.
                (Ok(p), Ok(q)) if x.contains("complex") => !p.is_finite() && !q.is_finite(),
                (Ok(p), Ok(q)) => p == q || (p.is_nan() && q.is_nan()),
                _ => false,
            };
            if x_word != y_word && !near {
                return Some(format!("{x_word} and {y_word} in\n{x}\n{y}"));
            }
        }
    }
}

/// Numbers and names; a complex number is two, also where its real part is not said.
fn words(line: &str) -> Vec<String> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '+' | '-' | '_');
    let mut words = Vec::new();
    for word in line.split(|c| !part(c)).filter(|word| !word.is_empty()) {
        let imaginary = word
            .strip_suffix('j')
            .filter(|rest| rest.ends_with(|c: char| c.is_ascii_digit() || "nf.".contains(c)));
        let Some(number) = imaginary else {
            words.push(word.to_string());
            continue;
        };
        let sign = number
            .char_indices()
            .filter(|(i, c)| *i > 0 && matches!(c, '+' | '-') && !number[..*i].ends_with('e'))
            .map(|(i, _)| i)
            .next_back();
        let (real, imaginary) = number.split_at(sign.unwrap_or(0));
        words.push(if real.is_empty() { "0".into() } else { real.to_string() });
        words.push(imaginary.to_string());
    }
    words
}

#[test]
fn floats_are_the_same_to_rounding() {
    assert_eq!(difference("float64 (2,) [1.0, 1e-17]", "float64 (2,) [0.9999999999999999, 0.0]"), None);
    assert_eq!(difference("complex128 () (1+2j)", "complex128 () (1.0000000000000002+2j)"), None);
    assert_eq!(difference("[(-0-1j), 2j]", "[-1j, (1e-17+2j)]"), None);
    assert_eq!(difference("[nan, -inf]", "[nan, -inf]"), None);
    assert!(difference("int64 (2,) [1, 2]", "int64 (2,) [1, 3]").is_some());
    assert!(difference("int64 (2,) [1, 2]", "float64 (2,) [1, 2]").is_some());
    assert!(difference("[1.0, nan]", "[1.0, 1.0]").is_some());
    assert!(difference("1\n2", "1").is_some());
}
