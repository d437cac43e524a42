//! The state of a program in the making: the names that live, and new arrays for it.

use harness::dice::Dice;
use harness::operand::{dist, tuple};
use lang::dtype::{DType, Kind};

use crate::term::{Term, broadcasts_to};

pub struct Maker {
    pub dice: Dice,
    pub live: Vec<Term>,
    /// One-dimensional, as long as the values say.
    pub ragged: Vec<Term>,
    /// The shape that most arrays have.
    pub shape: Vec<usize>,
    next: usize,
    /// How deep in blocks: names that are new there do not outlive it.
    pub depth: usize,
}

impl Maker {
    pub fn new(seed: u64) -> Maker {
        let mut dice = Dice::new(seed);
        let shape = match dice.roll(24) {
            0 => dice.pick(&[&[1500][..], &[40, 37], &[1030, 2], &[3, 700], &[9, 11, 13]]).to_vec(),
            1 => dice.pick(&[&[0][..], &[0, 3], &[4, 0], &[1, 1], &[]]).to_vec(),
            2..10 => vec![dice.between(1, 16) as usize],
            10..20 => vec![dice.between(1, 9) as usize, dice.between(1, 9) as usize],
            _ => (0..3).map(|_| dice.between(1, 5) as usize).collect(),
        };
        Maker { dice, live: Vec::new(), ragged: Vec::new(), shape, next: 0, depth: 0 }
    }

    pub fn name(&mut self, letter: &str) -> String {
        self.next += 1;
        format!("{letter}{}", self.next)
    }

    /// A number for memory of its own.
    pub fn memory(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    pub fn any_shape(&mut self) -> Vec<usize> {
        let mut shape = self.shape.clone();
        match self.dice.roll(9) {
            0 => shape.reverse(),
            1 => shape = vec![self.dice.between(0, 12) as usize],
            2 => shape = vec![self.dice.between(1, 5) as usize, self.dice.between(0, 5) as usize],
            3 if !shape.is_empty() => {
                let d = self.dice.roll(shape.len());
                shape[d] = 1;
            }
            4 if !shape.is_empty() => {
                shape.remove(0);
            }
            5 if shape.len() == 1 && shape[0] < 12 => shape.insert(0, self.dice.between(1, 4) as usize),
            _ => {}
        }
        shape
    }

    pub fn dtype(&mut self) -> DType {
        match self.dice.roll(8) {
            0..3 => DType::F64,
            3..5 => DType::I64,
            _ => self.dice.pick(&DType::ALL),
        }
    }

    /// An array of values that are no one's else.
    pub fn fresh(&mut self, shape: &[usize], dtype: DType) -> Term {
        let memory = self.memory();
        let size: usize = shape.iter().product();
        let dice = &mut self.dice;
        let code = dtype.char();
        let (mul, modulo) = (dice.between(1, 13), dice.between(2, 11));
        let mut frac = 0;
        if dice.once_in(6) {
            let spread =
                if shape.is_empty() { String::new() } else { format!(", dist={}", dist(dice, shape)) };
            let what = dice.pick(&["zeros", "ones", "full"]);
            let value = if what == "full" { format!(", {}", dice.roll(6)) } else { String::new() };
            let text = format!("np.{what}({}{value}, dtype='{code}'{spread})", tuple(shape));
            return Term { text, shape: shape.to_vec(), dtype, mag: 3, frac, exact: true, memory };
        }
        let low = if dtype.kind() == Kind::Unsigned || dtype.is_bool() { 0 } else { dice.between(0, 5) };
        let low = if low == 0 { String::new() } else { format!(" - {low}") };
        let mut text = format!("np.arange({size}) * {mul} % {modulo}{low}");
        match dtype.kind() {
            Kind::Float if dice.once_in(2) => (text, frac) = (format!("({text}) / 4"), 2),
            Kind::Complex => text = format!("({text}) * {}", dice.pick(&["(1+2j)", "1j", "(2-1j)"])),
            _ => {}
        }
        if dtype.is_bool() {
            text = format!("{text} > 1");
        } else if !matches!(dtype, DType::I64) || frac > 0 {
            text = format!("({text}).astype('{code}')");
        }
        if shape.len() != 1 {
            text = format!("({text}).reshape({})", tuple(shape));
        }
        if !shape.is_empty() && dice.once_in(2) {
            text = format!("redistribute({text}, dist={})", dist(dice, shape));
        } else {
            text = format!("({text})");
        }
        Term { text, shape: shape.to_vec(), dtype, mag: 5, frac, exact: true, memory }
    }

    /// Makes `term` a name; the statement that does so.
    pub fn bind(&mut self, term: Term) -> String {
        let name = self.name("v");
        // What has no axis may be a number, which cannot be written to.
        let array = term.shape.is_empty();
        let text = if array {
            format!("{name} = np.array({})", term.text)
        } else {
            format!("{name} = {}", term.text)
        };
        self.live.push(Term { text: name, ..term });
        text
    }

    /// A live array, of any kind.
    pub fn array(&mut self) -> Term {
        self.array_where(|_| true)
    }

    /// A live array of that kind, or a fresh one of real numbers of the usual shape.
    pub fn array_where(&mut self, wanted: impl Fn(&Term) -> bool) -> Term {
        let fitting: Vec<usize> = (0..self.live.len()).filter(|i| wanted(&self.live[*i])).collect();
        if fitting.is_empty() {
            let usual = !self.shape.is_empty() && !self.shape.contains(&0);
            let shape = if usual { self.shape.clone() } else { vec![3] };
            return self.fresh(&shape, DType::F64);
        }
        self.live[fitting[self.dice.roll(fitting.len())]].clone()
    }

    /// A name to write to.
    pub fn target(&mut self, wanted: impl Fn(&Term) -> bool) -> Option<Term> {
        let fitting: Vec<usize> = (0..self.live.len()).filter(|i| wanted(&self.live[*i])).collect();
        (!fitting.is_empty()).then(|| self.live[fitting[self.dice.roll(fitting.len())]].clone())
    }

    /// Something small that broadcasts to `shape`: a name, a part of one, or a new array.
    pub fn leaf(&mut self, shape: &[usize]) -> Term {
        let roll = self.dice.roll(10);
        if roll < 7 {
            let fitting: Vec<usize> =
                (0..self.live.len()).filter(|i| broadcasts_to(&self.live[*i].shape, shape)).collect();
            let equal: Vec<usize> =
                fitting.iter().copied().filter(|i| self.live[*i].shape == shape).collect();
            let from = if equal.is_empty() || self.dice.once_in(4) { fitting } else { equal };
            if !from.is_empty() {
                return self.live[from[self.dice.roll(from.len())]].clone();
            }
        }
        if roll < 9 {
            let larger = |t: &Term| t.ndim() == shape.len() && t.shape.iter().zip(shape).all(|(n, m)| n >= m);
            if let Some(term) = self.target(|t| larger(t) && t.ndim() > 0) {
                return self.part(&term, shape);
            }
        }
        let dtype = self.dtype();
        let ones = self.dice.once_in(4) && shape.len() > 1;
        let shape = if ones { &shape[1..] } else { shape };
        self.fresh(shape, dtype)
    }

    /// What was written to `target`, also by way of names that share its memory.
    pub fn wrote(&mut self, target: &Term, value: &Term) {
        for term in self.live.iter_mut().filter(|t| t.memory == target.memory) {
            term.mag = term.mag.max(value.mag);
            term.frac = term.frac.max(value.frac);
            term.exact &= value.exact;
        }
    }

    pub fn exact(&mut self, term: Term) -> Term {
        if term.exact { term } else { self.fresh(&term.shape, DType::I64) }
    }
}
