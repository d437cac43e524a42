//! Keys: slices of any step, integers, new axes, masks and arrays of integers, and what they see.

use harness::dice::Dice;

use crate::maker::Maker;
use crate::term::Term;

/// A key's text, the shape of what it sees, and whether that is a view.
pub struct Key {
    pub text: String,
    pub shape: Vec<usize>,
}

/// How many indices a slice of `n` gives, as CPython counts.
fn length(n: i64, start: Option<i64>, stop: Option<i64>, step: i64) -> usize {
    let (low, high) = if step < 0 { (-1, n - 1) } else { (0, n) };
    let place = |i: i64| (if i < 0 { i + n } else { i }).clamp(low, high);
    let start = start.map_or(if step < 0 { high } else { low }, place);
    let stop = stop.map_or(if step < 0 { low } else { high }, place);
    let distance = if step < 0 { start - stop } else { stop - start };
    ((distance + step.abs() - 1).max(0) / step.abs()) as usize
}

/// A slice of an axis of `n`, and its length.
pub fn slice(dice: &mut Dice, n: usize) -> (String, usize) {
    let n = n as i64;
    let bound = |dice: &mut Dice| {
        let far = dice.between(-n - 1, n + 1);
        dice.pick(&[None, None, Some(far), Some(1), Some(-1)])
    };
    let (start, stop) = (bound(dice), bound(dice));
    let step = dice.pick(&[1, 1, 1, 1, 2, 3, -1, -1, -2, -3]);
    let say = |bound: Option<i64>| bound.map_or(String::new(), |b| b.to_string());
    let tail = if step == 1 { String::new() } else { format!(":{step}") };
    (format!("{}:{}{tail}", say(start), say(stop)), length(n, start, stop, step))
}

/// A slice of an axis of `n` that sees exactly `m` indices, `m <= n`.
fn exactly(dice: &mut Dice, n: usize, m: usize) -> String {
    if m == 0 {
        return dice.pick(&[":0", "0:0", "5:2"]).into();
    }
    let steps: Vec<usize> = [1, 1, 2, 3].into_iter().filter(|s| (m - 1) * s < n).collect();
    let step = dice.pick(&steps);
    let first = dice.roll(n - (m - 1) * step);
    let last = first + (m - 1) * step;
    if dice.once_in(4) {
        let stop = if first == 0 { String::new() } else { (first - 1).to_string() };
        return format!("{last}:{stop}:-{step}");
    }
    let stop = if last + 1 == n && dice.once_in(2) { String::new() } else { (last + 1).to_string() };
    format!("{first}:{stop}{}", if step == 1 { String::new() } else { format!(":{step}") })
}

impl Maker {
    /// A part of `term` of that shape.
    pub fn part(&mut self, term: &Term, shape: &[usize]) -> Term {
        let key: Vec<String> =
            term.shape.iter().zip(shape).map(|(n, m)| exactly(&mut self.dice, *n, *m)).collect();
        Term { text: format!("{}[{}]", term.text, key.join(", ")), shape: shape.to_vec(), ..term.clone() }
    }

    /// Slices, integers and new axes.
    pub fn basic(&mut self, shape: &[usize]) -> Key {
        let dice = &mut self.dice;
        let mut parts = Vec::new();
        let mut sees = Vec::new();
        let axes = if dice.once_in(2) { shape.len() } else { dice.roll(shape.len()) + 1 }.min(shape.len());
        for &n in &shape[..axes] {
            if dice.once_in(12) {
                parts.push("None".to_string());
                sees.push(1);
            }
            match dice.roll(6) {
                0 if n > 0 => parts.push(dice.between(-(n as i64), n as i64 - 1).to_string()),
                1 => {
                    parts.push(":".into());
                    sees.push(n);
                }
                _ => {
                    let (text, length) = slice(dice, n);
                    parts.push(text);
                    sees.push(length);
                }
            }
        }
        if parts.is_empty() || dice.once_in(6) {
            parts.push("...".into());
        }
        sees.extend(&shape[axes..]);
        Key { text: parts.join(", "), shape: sees }
    }

    /// Integers that index an axis of `n`, `n > 0`.
    pub fn indices(&mut self, n: usize, shape: &[usize]) -> String {
        let size: usize = shape.iter().product();
        if size > 12 || self.dice.once_in(3) {
            let (mul, low) = (self.dice.between(1, 7), self.dice.roll(n));
            let text = format!("(np.arange({size}) * {mul} % {n} - {low})");
            let text = if shape.len() == 1 {
                text
            } else {
                format!("{text}.reshape({})", harness::operand::tuple(shape))
            };
            return match self.dice.roll(3) {
                0 if !shape.is_empty() => {
                    format!("redistribute({text}, dist={})", harness::operand::dist(&mut self.dice, shape))
                }
                1 if n < 100 => format!("{text}.astype('i1')"),
                _ => text,
            };
        }
        let all: Vec<String> =
            (0..size).map(|_| self.dice.between(-(n as i64), n as i64 - 1).to_string()).collect();
        if shape.len() == 1 && size > 0 && self.dice.once_in(2) {
            return format!("[{}]", all.join(", "));
        }
        format!("np.array([{}], dtype='i8').reshape({})", all.join(", "), harness::operand::tuple(shape))
    }

    /// Arrays of integers at one or two axes, slices at others.
    pub fn fancy(&mut self, shape: &[usize]) -> Option<Key> {
        if shape.is_empty() || shape.contains(&0) {
            return None;
        }
        let picks = match self.dice.roll(5) {
            0 => vec![2, 3],
            1 => vec![self.dice.between(0, 2) as usize, 1],
            _ => vec![self.dice.between(0, 6) as usize],
        };
        let first = self.dice.roll(shape.len());
        let second = (shape.len() > 1 && self.dice.once_in(2)).then(|| self.dice.roll(shape.len()));
        let advanced: Vec<usize> = (0..shape.len()).filter(|d| *d == first || Some(*d) == second).collect();
        let mut parts = Vec::new();
        let mut kept = Vec::new();
        let mut integer = false;
        for (d, &n) in shape.iter().enumerate() {
            if advanced.contains(&d) {
                let broadcast = d != first && self.dice.once_in(3);
                let shape = if broadcast { vec![1; picks.len()] } else { picks.clone() };
                parts.push(self.indices(n, &shape));
            } else if advanced.len() == 1 && self.dice.once_in(8) {
                // An integer counts as one of the arrays.
                integer = true;
                parts.push(self.dice.roll(n).to_string());
            } else {
                let (text, length) =
                    if self.dice.once_in(2) { (":".into(), n) } else { slice(&mut self.dice, n) };
                parts.push(text);
                kept.push((d, length));
            }
        }
        let taken: Vec<usize> = (0..shape.len()).filter(|d| !kept.iter().any(|(k, _)| k == d)).collect();
        let together = taken.windows(2).all(|w| w[1] == w[0] + 1);
        let before = if together { kept.iter().filter(|(d, _)| *d < taken[0]).count() } else { 0 };
        let mut sees: Vec<usize> = kept.iter().map(|(_, n)| *n).collect();
        sees.splice(before..before, picks);
        debug_assert!(!integer || !taken.is_empty());
        Some(Key { text: parts.join(", "), shape: sees })
    }

    /// A mask of that shape, with values that are the same everywhere.
    pub fn mask(&mut self, shape: &[usize]) -> String {
        let full = self.target(|t| t.shape == shape && t.exact);
        match full {
            Some(term) if term.dtype.is_bool() => term.text,
            Some(term) if term.is_real() && !self.dice.once_in(4) => {
                let op = self.dice.pick(&["> 0", "< 2", "== 1", "!= 0", ">= 3"]);
                format!("({} {op})", term.text)
            }
            _ => self.fresh(shape, lang::dtype::DType::Bool).text,
        }
    }
}
