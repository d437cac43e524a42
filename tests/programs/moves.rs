//! Functions that move elements, and functions that fold them: joins, reshapes, rolls, sorts, sums, products.

use harness::operand::{dist, tuple};
use lang::dtype::{DType, Kind, promote};

use crate::expr::bracketed;
use crate::maker::Maker;
use crate::term::Term;

fn log2(n: usize) -> u32 {
    n.max(1).ilog2() + 1
}

impl Maker {
    fn axis(&mut self, ndim: usize) -> (usize, String) {
        let axis = self.dice.roll(ndim);
        let text = if self.dice.once_in(4) { axis as i64 - ndim as i64 } else { axis as i64 };
        (axis, text.to_string())
    }

    /// A view of an array by another function than a slice, or a copy where NumPy makes one.
    pub fn reshaped(&mut self, a: Term) -> Term {
        let ndim = a.ndim();
        let of = bracketed(&a.text);
        let (text, shape) = match self.dice.roll(9) {
            0 | 1 if ndim > 1 => (format!("{of}.T"), a.shape.iter().rev().copied().collect()),
            2 if ndim > 1 => {
                let mut axes: Vec<usize> = (0..ndim).collect();
                axes.swap(0, 1 + self.dice.roll(ndim - 1));
                (
                    format!("np.transpose({}, {})", a.text, tuple(&axes)),
                    axes.iter().map(|d| a.shape[*d]).collect(),
                )
            }
            3 => (format!("{of}.ravel()"), vec![a.size()]),
            4 => (format!("np.squeeze({})", a.text), a.shape.iter().copied().filter(|n| *n != 1).collect()),
            5 => {
                let d = self.dice.roll(ndim + 1);
                let mut shape = a.shape.clone();
                shape.insert(d, 1);
                (format!("np.expand_dims({}, {d})", a.text), shape)
            }
            6 if ndim > 1 => {
                let d = self.dice.roll(ndim);
                let mut shape = a.shape.clone();
                let n = shape.remove(d);
                shape.push(n);
                (format!("np.moveaxis({}, {d}, -1)", a.text), shape)
            }
            _ => {
                let size = a.size();
                let divisors: Vec<usize> = (1..=size.max(1)).filter(|d| size.is_multiple_of(*d)).collect();
                let first = self.dice.pick(&divisors);
                let shape = match self.dice.roll(4) {
                    0 => vec![size],
                    1 => vec![1, size / first, first],
                    _ => vec![first, size / first],
                };
                (format!("{of}.reshape({})", tuple(&shape)), shape)
            }
        };
        Term { text, shape, ..a }
    }

    /// A new array of an old one's elements.
    pub fn moved(&mut self) -> Term {
        let a = self.array();
        let memory = self.memory();
        let ndim = a.ndim();
        if ndim == 0 {
            return Term { memory, ..a.with(format!("{}.copy()", bracketed(&a.text))) };
        }
        let (axis, at) = self.axis(ndim);
        let n = a.shape[axis];
        let mut shape = a.shape.clone();
        let t = &a.text;
        let k = self.dice.between(-3, 4);
        let text = match self.dice.roll(19) {
            0 => format!("np.roll({t}, {k}, axis={at})"),
            1 => format!("np.roll({t}, {k})"),
            2 => {
                let (i, j) = (self.dice.roll(3), self.dice.roll(3));
                shape = shape.iter().map(|n| n + i + j).collect();
                format!("np.pad({t}, ({i}, {j}))")
            }
            3 if n > 0 => {
                let (i, mode) =
                    (self.dice.roll(n.min(3)), self.dice.pick(&["edge", "wrap", "reflect", "symmetric"]));
                let pairs: Vec<String> =
                    (0..ndim).map(|d| format!("({}, 0)", if d == axis { i } else { 0 })).collect();
                shape[axis] += i;
                format!("np.pad({t}, [{}], mode='{mode}')", pairs.join(", "))
            }
            4 => {
                let times = self.dice.roll(4);
                shape[axis] *= times;
                format!("np.repeat({t}, {times}, axis={at})")
            }
            5 if n < 40 => {
                let counts: Vec<usize> = (0..n).map(|_| self.dice.roll(3)).collect();
                shape[axis] = counts.iter().sum();
                format!("np.repeat({t}, np.array({counts:?}, dtype='i8'), axis={at})")
            }
            6 => {
                let times = self.dice.roll(3);
                shape[ndim - 1] *= times;
                format!("np.tile({t}, {times})")
            }
            7 if n > 0 => {
                let count = self.dice.roll(6);
                shape[axis] = count;
                let indices = self.indices(n, &[count]);
                format!("np.take({t}, {indices}, axis={at})")
            }
            8 => format!("np.flip({t}, axis={at})"),
            9 if a.exact => format!("np.sort({t}, axis={at})"),
            10 if a.exact => {
                let text = format!("np.argsort({t}, axis={at}, kind='stable')");
                return Term { text, dtype: DType::I64, mag: 12, frac: 0, shape, memory, exact: true };
            }
            11 => {
                let k = self.dice.between(0, 2) as usize;
                if n < k + 1 || a.dtype.is_bool() || !a.exact {
                    format!("np.copy({t})")
                } else {
                    shape[axis] -= k;
                    let term = Term {
                        text: format!("np.diff({t}, n={k}, axis={at})"),
                        shape,
                        mag: a.mag + 2,
                        memory,
                        ..a
                    };
                    return term.tame(0);
                }
            }
            12 | 13 => return self.scan(a, at),
            14 | 15 => return self.joined(a, axis, at),
            16 if ndim > 1 => {
                shape.swap(0, 1);
                format!("np.rot90({t})")
            }
            17 if n > 0 => {
                let i = self.indices(n, &[3]);
                shape[axis] = 3;
                let mut key = vec![":".to_string(); axis];
                key.push(i);
                format!("{}[{}]", bracketed(t), key.join(", "))
            }
            18 if ndim == 2 => format!("np.{}({t}, {k})", self.dice.pick(&["tril", "triu"])),
            _ => format!("redistribute({t}, dist={})", dist(&mut self.dice, &shape)),
        };
        Term { text, shape, memory, ..a }
    }

    fn scan(&mut self, a: Term, at: String) -> Term {
        let memory = self.memory();
        let a = a.tame(log2(self.shape.iter().product::<usize>() * 4) + 2);
        let exact = a.exact;
        let text = match (self.dice.roll(3), a.is_real()) {
            (0, true) => format!("np.maximum.accumulate({}, axis={at})", a.text),
            _ => {
                let dtype = sum_dtype(a.dtype);
                let mag = a.mag + log2(a.size());
                let text = format!("np.cumsum({}, axis={at})", a.text);
                return Term { text, dtype, mag, memory, exact, ..a }.tame(0);
            }
        };
        Term { text, memory, ..a }
    }

    fn joined(&mut self, a: Term, axis: usize, at: String) -> Term {
        let memory = self.memory();
        let mut other = a.shape.clone();
        let stack = self.dice.once_in(3);
        if !stack && a.shape[axis] > 0 {
            other[axis] = self.dice.roll(a.shape[axis].min(9)) + 1;
        }
        let b = if a.shape == other {
            self.full_expr(&other, 1)
        } else {
            let dtype = self.dtype();
            self.fresh(&other, dtype)
        };
        let mut shape = a.shape.clone();
        let third = self.dice.once_in(3);
        let list = format!(
            "[{}, {}{}]",
            a.text,
            b.text,
            if third { format!(", {}", a.text) } else { String::new() }
        );
        let text = if stack {
            shape.insert(axis, if third { 3 } else { 2 });
            format!("np.stack({list}, axis={axis})")
        } else {
            shape[axis] = other[axis] + a.shape[axis] * if third { 2 } else { 1 };
            format!("np.concatenate({list}, axis={at})")
        };
        let (mag, frac) = (a.mag.max(b.mag), a.frac.max(b.frac));
        Term { text, shape, dtype: promote(a.dtype, b.dtype), mag, frac, exact: a.exact && b.exact, memory }
            .tame(0)
    }

    /// A reduction of an expression; along an axis, or of all.
    pub fn fold(&mut self) -> Term {
        let shape = self.any_shape();
        let a = if self.dice.once_in(2) { self.array() } else { self.expr(&shape, 2) };
        let memory = self.memory();
        let a = a.tame(log2(self.shape.iter().product::<usize>() * 4) + 3);
        let mut shape = Vec::new();
        let mut arguments = String::new();
        let mut folded = a.size();
        if a.ndim() > 0 && self.dice.once_in(2) {
            let (axis, at) = self.axis(a.ndim());
            shape = a.shape.clone();
            folded = shape.remove(axis);
            arguments = format!(", axis={at}");
            if self.dice.once_in(3) {
                shape.insert(axis, 1);
                arguments += ", keepdims=True";
            }
        }
        let exact = a.exact;
        let new = |text: String| Term { text, shape: shape.clone(), memory, ..a.clone() };
        let call = |f: &str| new(format!("np.{f}({}{arguments})", a.text));
        let sum = |f: &str| Term { dtype: sum_dtype(a.dtype), mag: a.mag + log2(folded), ..call(f) };
        match self.dice.roll(12) {
            0..3 => sum("sum"),
            3 | 4 if folded > 0 && a.is_real() => call(self.dice.pick(&["max", "min"])),
            5 if exact => {
                Term { dtype: DType::Bool, mag: 1, frac: 0, ..call(self.dice.pick(&["any", "all"])) }
            }
            6 if exact && folded > 0 && a.is_real() => {
                Term { dtype: DType::I64, mag: 12, frac: 0, ..call(self.dice.pick(&["argmax", "argmin"])) }
            }
            7 if exact => Term { dtype: DType::I64, mag: 12, frac: 0, ..call("count_nonzero") },
            8 if a.dtype == DType::F64 && folded > 0 => {
                Term { exact: false, frac: 0, mag: a.mag, ..call(self.dice.pick(&["mean", "std"])) }
            }
            9 if matches!(a.dtype.kind(), Kind::Signed | Kind::Unsigned) => {
                Term { dtype: sum_dtype(a.dtype), mag: 64, ..call("prod") }
            }
            10 => {
                let mask = self.mask(&a.shape.clone());
                Term {
                    dtype: sum_dtype(a.dtype),
                    mag: a.mag + log2(folded),
                    ..new(format!("np.sum({}{arguments}, where={mask})", a.text))
                }
            }
            _ => sum("sum"),
        }
        .tame(0)
    }

    /// A product of matrices.
    pub fn product(&mut self) -> Option<Term> {
        let a = self.target(|t| t.ndim() == 2 && t.size() < 300)?;
        let a = a.tame(8);
        let k = a.shape[1];
        let columns = self.dice.roll(6);
        let (shape, b) = if self.dice.once_in(3) {
            (vec![a.shape[0]], vec![k])
        } else {
            (vec![a.shape[0], columns], vec![k, columns])
        };
        let b = self.full_expr(&b, 1).tame(8);
        let dtype = promote(a.dtype, b.dtype);
        let mag = a.mag + b.mag + 1 + log2(k);
        let frac = a.frac + b.frac;
        let exact = a.exact && b.exact && (!dtype.is_inexact() || mag + frac < 20);
        if !exact && matches!(dtype, DType::F32 | DType::C64) {
            return None;
        }
        let text = format!("np.{}({}, {})", self.dice.pick(&["matmul", "dot"]), a.text, b.text);
        Some(Term { text, shape, dtype, mag, frac, exact, memory: self.memory() }.tame(0))
    }
}

/// The dtype of sums: small integers in 64 bits.
fn sum_dtype(dtype: DType) -> DType {
    match dtype.kind() {
        Kind::Bool | Kind::Signed => DType::I64,
        Kind::Unsigned => DType::U64,
        _ => dtype,
    }
}
