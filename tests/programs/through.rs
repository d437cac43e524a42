//! Writes by way of something else: chained keys, transposes, functions that change what they are given, swaps, `out=`.

use lang::dtype::{DType, Kind};

use crate::maker::Maker;
use crate::term::Term;

impl Maker {
    /// A write through a view that no name holds.
    pub fn through(&mut self) -> String {
        let Some(a) = self.target(|t| t.ndim() > 0 && t.size() > 0) else { return self.digest() };
        let t = &a.text;
        let (n, last) = (a.shape[0], a.shape[a.ndim() - 1]);
        let k = self.dice.roll(5);
        let (i, j) = (self.dice.roll(n), self.dice.roll(n));
        let few = a.dtype.is_integer() && !a.dtype.is_bool();
        match self.dice.roll(16) {
            0 => format!("{t}[{i}:][::2] = {k}"),
            1 => format!("{t}.T[...] = {k}"),
            2 => format!("{t}.T[{}] = {k}", self.dice.roll(last)),
            3 => format!("{t}.reshape(-1)[::3] = {k}"),
            4 => format!("{t}[[{i}, {j}]][0] = {k}"),
            5 => format!("{t}[{i}], {t}[{j}] = {t}[{j}], {t}[{i}]"),
            6 if a.ndim() > 1 => format!("{t}[{i}], {t}[{j}] = {t}[{j}].copy(), {t}[{i}].copy()"),
            7 => format!("{t}[::-1][{i}] = {k}"),
            8 if few => format!("np.add({t}[1:], {t}[:-1], out={t}[1:])"),
            9 if few => format!("np.subtract({t}[::-1], {t}, out={t})"),
            10 if few => self.changed(&a),
            11 if few => format!("{t}[{i}:] += {t}[:{}]", n - i),
            12 if a.ndim() == 2 => format!("np.fill_diagonal({t}, {k})"),
            13 if a.dtype == DType::I64 => format!("np.cumsum({t}, axis=0, out={t})"),
            14 => format!("{t}[None, ..., {}] = {k}", self.dice.roll(last)),
            15 if a.dtype.kind() == Kind::Complex => format!("{t}.real[{i}] = {k}\n{t}.imag = {t}.imag * 0"),
            _ => format!("{t}[...][{i}] = {k}"),
        }
    }

    /// A function that changes its argument in place, given a view.
    fn changed(&mut self, a: &Term) -> String {
        if self.depth > 0 {
            return self.digest();
        }
        let f = self.name("f");
        let key = self.basic(&a.shape);
        let given = if key.shape.is_empty() { "...".to_string() } else { key.text };
        let change = self.dice.pick(&[
            "x += 1",
            "x[...] = x[::-1]",
            "x *= 2",
            "x[:1] = 3",
            "x[x > 1] = 0",
            "x -= x[:1]",
        ]);
        let change = if key.shape.is_empty() && a.ndim() == 0 { "x += 1" } else { change };
        format!("def {f}(x):\n    {change}\n    return x.sum()\nshow({f}({}[{given}]))", a.text)
    }
}
