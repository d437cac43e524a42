//! Elementwise expressions: operators, ufuncs, comparisons, `where`, casts, with broadcasting and promotion.

use lang::dtype::{DType, Kind, promote};

use crate::maker::Maker;
use crate::term::{Term, broadcast};

impl Maker {
    /// An expression whose shape broadcasts to `shape`.
    pub fn expr(&mut self, shape: &[usize], depth: usize) -> Term {
        if depth == 0 || self.dice.once_in(6) {
            return self.leaf(shape);
        }
        let term = match self.dice.roll(12) {
            0..5 => self.binary(shape, depth),
            5..7 => self.unary(shape, depth),
            7 => self.compare(shape, depth),
            8 => self.choose(shape, depth),
            9 => self.cast(shape, depth),
            _ => self.constant(shape, depth),
        };
        let term = term.tame(0);
        // Single precision says too little to be compared to rounding.
        let narrow = matches!(term.dtype, DType::F32 | DType::C64);
        if narrow && !term.exact { self.fresh(&term.shape, term.dtype) } else { term }
    }

    /// An expression of exactly that shape.
    pub fn full_expr(&mut self, shape: &[usize], depth: usize) -> Term {
        let term = self.expr(shape, depth);
        if term.shape == shape {
            return term;
        }
        let dtype = DType::I64;
        let other = self.fresh(shape, dtype);
        let text = format!("({} + {})", term.text, other.text);
        let dtype = promote(term.dtype, dtype);
        Term { text, shape: shape.to_vec(), dtype, mag: term.mag.max(other.mag) + 1, memory: 0, ..term }
            .tame(0)
    }

    fn binary(&mut self, shape: &[usize], depth: usize) -> Term {
        let (a, b) = (self.expr(shape, depth - 1), self.expr(shape, depth - 1));
        self.combine(a, b)
    }

    /// Two values by an operator that both have.
    pub fn combine(&mut self, a: Term, b: Term) -> Term {
        let Some(shape) = broadcast(&a.shape, &b.shape) else { return a };
        let dtype = promote(a.dtype, b.dtype);
        let exact = a.exact && b.exact;
        let (mag, frac) = (a.mag.max(b.mag), a.frac.max(b.frac));
        let new = |text: String| Term { text, shape: shape.clone(), dtype, mag, frac, exact, memory: 0 };
        let op = |op: &str| new(format!("({} {op} {})", a.text, b.text));
        let call = |f: &str| new(format!("np.{f}({}, {})", a.text, b.text));
        let words = dtype.is_bool() || dtype.is_integer();
        let sum = |term: Term| Term { mag: mag + 1, ..term };
        match self.dice.roll(12) {
            0..3 => sum(op("+")),
            3 | 4 if !dtype.is_bool() => sum(op("-")),
            5 | 6 => {
                let exact = exact && (dtype.kind() != Kind::Complex || a.mag + b.mag + a.frac + b.frac < 20);
                Term { mag: a.mag + b.mag + 1, frac: a.frac + b.frac, exact, ..op("*") }
            }
            7 if words => op(self.dice.pick(&["&", "|", "^"])),
            7 | 8 if exact || dtype.kind() == Kind::Float => {
                call(self.dice.pick(&["maximum", "minimum", "fmax", "fmin"]))
            }
            9 if dtype.is_integer() => op(self.dice.pick(&["//", "%"])),
            9 if dtype == DType::F64 && exact => {
                Term { mag: a.mag, frac: 0, ..new(format!("np.rint({} / (np.abs({}) + 1))", a.text, b.text)) }
            }
            10 if exact => {
                let f = self.dice.pick(&["logical_and", "logical_or", "logical_xor"]);
                Term { dtype: DType::Bool, mag: 1, frac: 0, ..call(f) }
            }
            11 if dtype == DType::F64 => {
                let f = self.dice.pick(&["hypot", "arctan2", "logaddexp"]);
                Term { exact: false, mag: mag.max(3) + 1, ..call(f) }
            }
            _ => sum(op("+")),
        }
    }

    fn unary(&mut self, shape: &[usize], depth: usize) -> Term {
        let a = self.expr(shape, depth - 1);
        let new = |text: String| Term { memory: 0, ..a.with(text) };
        let call = |f: &str| new(format!("np.{f}({})", a.text));
        match (self.dice.roll(9), a.dtype.kind()) {
            (0, Kind::Bool | Kind::Signed | Kind::Unsigned) => new(format!("(~{})", a.text)),
            (1 | 2, kind) if kind != Kind::Bool => new(format!("(-{})", a.text)),
            (3 | 4, kind) => {
                let exact = a.exact && kind != Kind::Complex;
                Term {
                    exact,
                    frac: if kind == Kind::Complex { 40 } else { a.frac },
                    dtype: a.dtype.real_part(),
                    mag: a.mag + 1,
                    ..new(format!("abs({})", a.text))
                }
            }
            (5, kind) if kind != Kind::Bool => {
                let exact = a.exact && (kind != Kind::Complex || a.mag + a.frac < 10);
                Term { mag: 2 * a.mag + 1, frac: 2 * a.frac, exact, ..call("square") }
            }
            (6, Kind::Float) if a.exact => {
                Term { frac: 0, ..call(self.dice.pick(&["floor", "ceil", "rint", "trunc", "sign"])) }
            }
            (6, Kind::Complex) => call("conj"),
            (7, Kind::Complex) => {
                let dtype = a.dtype.real_part();
                Term { dtype, ..call(self.dice.pick(&["real", "imag"])) }
            }
            (7, Kind::Float) if a.dtype == DType::F64 => {
                let f = self.dice.pick(&["sin", "cos", "tanh", "arctan", "cbrt"]);
                Term { exact: false, mag: a.mag, frac: 0, ..call(f) }
            }
            (8, _) if a.exact => Term { dtype: DType::Bool, mag: 1, frac: 0, ..call("logical_not") },
            _ => a,
        }
    }

    fn compare(&mut self, shape: &[usize], depth: usize) -> Term {
        let (a, b) = (self.expr(shape, depth - 1), self.expr(shape, depth - 1));
        let (a, b) = (self.exact(a), self.exact(b));
        let Some(shape) = broadcast(&a.shape, &b.shape) else { return a };
        let op = if a.is_real() && b.is_real() {
            self.dice.pick(&["<", "<=", ">", ">=", "==", "!="])
        } else {
            self.dice.pick(&["==", "!="])
        };
        let text = format!("({} {op} {})", a.text, b.text);
        Term { text, shape, dtype: DType::Bool, mag: 1, frac: 0, exact: true, memory: 0 }
    }

    fn choose(&mut self, shape: &[usize], depth: usize) -> Term {
        let (a, b) = (self.expr(shape, depth - 1), self.expr(shape, depth - 1));
        let Some(inner) = broadcast(&a.shape, &b.shape) else { return a };
        let mask = self.mask(shape);
        let shape = broadcast(&inner, shape).unwrap_or(inner);
        let text = format!("np.where({mask}, {}, {})", a.text, b.text);
        let (mag, frac) = (a.mag.max(b.mag), a.frac.max(b.frac));
        Term {
            text,
            shape,
            dtype: promote(a.dtype, b.dtype),
            mag,
            frac,
            exact: a.exact && b.exact,
            memory: 0,
        }
    }

    fn cast(&mut self, shape: &[usize], depth: usize) -> Term {
        let a = self.expr(shape, depth - 1);
        let dtype = self.dtype();
        let (shape, own) = (a.shape.clone(), a.memory);
        let a = a.fit(dtype);
        if a.text == "3" {
            return self.fresh(&shape, dtype);
        }
        let text = format!("{}.astype('{}')", bracketed(&a.text), dtype.char());
        Term { text, dtype, shape, memory: own, ..a }
    }

    /// With one of Python's numbers.
    fn constant(&mut self, shape: &[usize], depth: usize) -> Term {
        let a = self.expr(shape, depth - 1);
        let n = self.dice.between(1, 5);
        let new = |text: String| Term { memory: 0, ..a.with(text) };
        let dtype = if a.dtype.is_bool() { DType::I64 } else { a.dtype };
        match (self.dice.roll(10), a.dtype.kind()) {
            (0..3, _) => Term { dtype, mag: a.mag.max(3) + 1, ..new(format!("({} + {n})", a.text)) },
            (3, kind) if kind != Kind::Bool => {
                Term { mag: a.mag.max(3) + 1, ..new(format!("({n} - {})", a.text)) }
            }
            (4, _) => Term { dtype, mag: a.mag + 3, ..new(format!("({} * {n})", a.text)) },
            (5, Kind::Float | Kind::Complex) => Term { frac: a.frac + 2, ..new(format!("({} / 4)", a.text)) },
            (5, Kind::Signed | Kind::Unsigned) => {
                Term { dtype: DType::F64, frac: 1, ..new(format!("({} / 2)", a.text)) }
            }
            (6, Kind::Signed | Kind::Unsigned) => {
                new(format!("({} {} {n})", a.text, self.dice.pick(&["//", "%", "<<", ">>"])))
            }
            (6, Kind::Float) if a.exact && a.mag + a.frac < 20 => {
                new(format!("({} {} {n})", a.text, self.dice.pick(&["//", "%"])))
            }
            (7, kind) if kind != Kind::Bool => {
                let exact = a.exact && (kind != Kind::Complex || a.mag + a.frac < 10);
                Term { mag: 2 * a.mag + 1, frac: 2 * a.frac, exact, ..new(format!("({} ** 2)", a.text)) }
            }
            (8, kind) if kind != Kind::Complex && !a.dtype.is_bool() => Term {
                mag: a.mag.max(3),
                ..new(format!("np.clip({}, {}, {})", a.text, self.dice.roll(3), n + 2))
            },
            (9, Kind::Signed | Kind::Float) => {
                let op = self.dice.pick(&["<", ">", "==", "!=", "<=", ">="]);
                let a = self.exact(a);
                Term {
                    dtype: DType::Bool,
                    mag: 1,
                    frac: 0,
                    memory: 0,
                    ..a.with(format!("({} {op} {n})", a.text))
                }
            }
            _ => a,
        }
    }
}

/// With brackets around it where a method's dot would bind to its last part only.
pub fn bracketed(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
        && !text.starts_with(|c: char| c.is_ascii_digit());
    if plain || text.ends_with(')') || text.ends_with(']') { text.to_string() } else { format!("({text})") }
}
