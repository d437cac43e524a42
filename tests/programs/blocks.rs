//! Statements with statements in them: branches, loops, functions, `try`; and the whole program.

use crate::maker::Maker;
use crate::term::Term;

/// Prints dtype, shape and values.
const SHOW: &str = "import numpy as np
def show(*values):
    for x in values:
        if isinstance(x, (np.ndarray, np.generic)):
            print(x.dtype, x.shape, x.tolist())
        else:
            print(x)
";

/// The program of a seed: statements, the first and the last of which belong to all.
pub fn program(seed: u64) -> Vec<String> {
    let mut maker = Maker::new(seed);
    let count = maker.dice.between(4, 18);
    let mut lines = vec![SHOW.to_string()];
    lines.extend((0..count).map(|_| maker.statement() + "\n"));
    let names: Vec<&str> = maker.live.iter().chain(&maker.ragged).map(|t| t.text.as_str()).collect();
    lines.push(format!("show({})\n", names.join(", ")));
    lines
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

impl Maker {
    /// Statements that make no name.
    fn block(&mut self, most: usize) -> String {
        self.depth += 1;
        let count = 1 + self.dice.roll(most);
        let text: String = (0..count).map(|_| indented(&self.write())).collect();
        self.depth -= 1;
        text
    }

    /// Something true or false of the values.
    fn question(&mut self) -> String {
        let a = self.array();
        let a = self.exact(a);
        let n = self.dice.between(0, 9);
        match self.dice.roll(4) {
            0 => format!("np.any({})", a.text),
            1 if a.is_real() && a.size() > 0 => format!("np.max({}) > {n}", a.text),
            2 if a.dtype.is_bool() || a.dtype.is_integer() => format!("np.sum({}) % 3 == {}", a.text, n % 3),
            3 if a.is_real() && a.size() > 0 => {
                let at: Vec<String> = a.shape.iter().map(|n| self.dice.roll(*n).to_string()).collect();
                let of = if at.is_empty() { a.text } else { format!("{}[{}]", a.text, at.join(", ")) };
                format!("{of} < {n}")
            }
            _ => format!("np.count_nonzero({}) > {n}", a.text),
        }
    }

    pub fn condition(&mut self) -> String {
        let question = self.question();
        let body = self.block(2);
        if self.dice.once_in(2) {
            let other = self.block(2);
            return format!("if {question}:\n{body}else:\n{other}");
        }
        format!("if {question}:\n{body}")
    }

    /// A loop over the same few statements.
    pub fn repetition(&mut self) -> String {
        let rounds = self.dice.between(1, 4);
        // What grows with every round stays exact only when it starts afresh.
        let Some(a) = self.target(|t| t.is_whole() && t.ndim() > 0 && !t.dtype.is_bool()) else {
            return self.condition();
        };
        let k = self.name("k");
        let key = self.basic(&a.shape);
        let change = match self.dice.roll(4) {
            0 => format!("{}[{}] += {k}", a.text, key.text),
            1 => format!("{0}[{1}] = {0}[{1}] * 2 + {k} % 3", a.text, key.text),
            2 if a.shape[0] > 0 => format!("{}[{k} % {}] -= {k}", a.text, a.shape[0]),
            _ => format!("{0}[1:] += {0}[:-1]", a.text),
        };
        if self.dice.once_in(2) {
            return format!(
                "for {k} in range({rounds}):\n    {change}\n    if np.sum({}) % 5 == 1:\n        break\n",
                a.text
            );
        }
        let question = self.question();
        format!(
            "{k} = 0\nwhile {k} < {rounds} and not ({question}):\n    {k} += 1\n    {change}\nprint({k})\n"
        )
    }

    /// Neighbours summed, some times over.
    pub fn stencil(&mut self) -> String {
        let wanted = |t: &Term| {
            t.ndim() > 0 && t.is_real() && t.exact && !t.dtype.is_bool() && t.shape.iter().all(|n| *n > 2)
        };
        let Some(a) = self.target(wanted) else { return self.condition() };
        let t = &a.text;
        let sum = if a.ndim() == 1 {
            format!("{t}[:-2] + {t}[2:]")
        } else {
            format!("{t}[:-2, 1:-1] + {t}[2:, 1:-1] + {t}[1:-1, :-2] - {t}[1:-1, 2:]")
        };
        let inner = if a.ndim() == 1 { "1:-1" } else { "1:-1, 1:-1" };
        let rounds = self.dice.between(1, 4);
        let new = if self.dice.once_in(2) {
            format!("{t}[{inner}] = ({sum}) % 7")
        } else {
            let copy = self.name("c");
            format!("{copy} = {t}.copy()\n    {copy}[{inner}] = ({sum}) % 7\n    {t}[...] = {copy}")
        };
        format!("for _ in range({rounds}):\n    {new}\n")
    }

    /// A function of two arrays that works on copies or in place, called more than once.
    pub fn function(&mut self) -> String {
        if self.depth > 0 {
            return self.condition();
        }
        let a = self.array();
        let b = self.leaf(&a.shape.clone());
        let f = self.name("f");
        let outer = std::mem::take(&mut self.live);
        let (m, n) = (self.memory(), self.memory());
        let param = |name: &str, of: &Term, memory: usize| Term { text: name.into(), memory, ..of.clone() };
        self.live = vec![param("x", &a, m), param("y", &b, n)];
        // Inside, `x` is a copy: what it does to it is nobody's else.
        let mut body = indented("x = x.copy()\ny = y.copy()");
        body += &self.block(3);
        let (x, y) = (self.live[0].clone(), self.live[1].clone());
        let result = self.combine(x, y).tame(0);
        body += &format!("    return {}\n", result.text);
        self.live = outer;
        let mut text = format!("def {f}(x, y):\n{body}");
        let memory = self.memory();
        let call = format!("{f}({}, {})", a.text, b.text);
        text += &self.bind(Term { text: call.clone(), memory, ..result });
        if self.dice.once_in(3) {
            text += &format!("\nshow({call})");
        }
        text
    }

    /// What must fail, and change nothing.
    pub fn mishap(&mut self) -> String {
        let a = self.array();
        let (t, n) = (&a.text, a.shape.first().copied().unwrap_or(0));
        let wrong = match self.dice.roll(9) {
            0 => format!("{t}[{}] = 1", n + 2),
            1 => format!("{t} + np.zeros({})", tuple_of(n + 2)),
            2 => format!("{t}.reshape({}, 7)", a.size() + 1),
            3 => format!("np.concatenate([{t}, np.zeros((2, 2, 2, 2))])"),
            4 => format!("{t}[np.array([0, {}])]", n + 1),
            5 => format!("np.sum({t}, axis={})", a.ndim()),
            6 => format!("{t} += 1j"),
            7 => format!("{t}[...] = np.zeros({})", tuple_of(n + 2)),
            _ => format!("{t}[np.zeros({}, dtype=bool)]", n + 1),
        };
        format!(
            "try:\n    {wrong}\nexcept ValueError:\n    print('ValueError')\nexcept TypeError:\n    print('TypeError')\nexcept IndexError:\n    print('IndexError')\n"
        )
    }
}

fn tuple_of(n: usize) -> String {
    format!("({}, {n})", n + 1)
}
