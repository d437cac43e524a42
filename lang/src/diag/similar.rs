//! "Did you mean": the known name that is most like a mistyped one.

/// The candidate that is nearest to `name`, if any is near enough to be worth a word: about one typing slip per four
/// letters, and only one where even the first letter is another. Where two are equally near, the first in alphabetical order.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = match name.chars().count() {
        0..=1 => return None,
        2..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .filter(|c| *c != name)
        .map(|c| (distance(name, c), c))
        .filter(|(d, c)| *d <= 2 * allowed && (*d <= 2 || first(c) == first(name)))
        .min()
        .map(|(_, c)| c)
}

fn first(name: &str) -> Option<char> {
    name.chars().next().map(|c| c.to_ascii_lowercase())
}

/// Twice the insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`; half of
/// that for a doubled letter, and for changes of case in the whole word, so that `Sin` means `sin` before `asin`.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=2 * b.len()).step_by(2).collect();
    for i in 1..=a.len() {
        let mut row = vec![2 * i; b.len() + 1];
        for j in 1..=b.len() {
            let same = a[i - 1] == b[j - 1] || a[i - 1].eq_ignore_ascii_case(&b[j - 1]);
            let doubled = |word: &[char], k: usize| {
                if k > 1 && word[k - 1] == word[k - 2] { 1 } else { 2 }
            };
            row[j] = (last[j] + doubled(&a, i)).min(row[j - 1] + doubled(&b, j));
            row[j] = row[j].min(last[j - 1] + if same { 0 } else { 2 });
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 2);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    let case = usize::from(last[b.len()] == 0 && a != b);
    last[b.len()] + case
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn nearest_name() {
        let names = ["sin", "sign", "cosh", "sinh", "asin", "sum", "linspace", "arange", "zeros", "T"];
        for (typed, want) in [
            ("sine", Some("sin")),
            ("sni", Some("sin")),
            ("siin", Some("sin")),
            ("Sin", Some("sin")),
            ("linspcae", Some("linspace")),
            ("arrange", Some("arange")),
            ("zeroes", Some("zeros")),
            ("x", None),
            ("nosuch", None),
            ("frobnicate", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(typed, names), want, "{typed}");
        }
    }
}
