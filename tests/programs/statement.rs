//! Statements: new names, writes through keys, masks and `out=`, redistribution, and what is printed of it all.

use harness::operand::dist;
use lang::dtype::{Casting, DType, Kind, can_cast, promote};

use crate::expr::bracketed;
use crate::maker::Maker;
use crate::term::Term;

/// Operators in place, and whether they are for all dtypes.
const IN_PLACE: [&str; 4] = ["+=", "-=", "*=", "+="];

impl Maker {
    /// One statement, of one or more lines.
    pub fn statement(&mut self) -> String {
        if self.live.is_empty() {
            return self.creation();
        }
        if self.live.len() > 7 && self.dice.once_in(2) {
            let gone = self.live.remove(self.dice.roll(self.live.len()));
            return format!("del {}", gone.text);
        }
        match self.dice.roll(44) {
            0..3 => self.creation(),
            3..9 => {
                let shape = self.any_shape();
                let depth = 1 + self.dice.roll(3);
                let mut term = self.expr(&shape, depth);
                term.memory = if term.memory == 0 { self.memory() } else { term.memory };
                self.bind(term)
            }
            9..12 => self.view(),
            12..15 => {
                let term = self.moved();
                self.bind(term)
            }
            15..17 => {
                let term = self.fold();
                if self.dice.once_in(3) { format!("show({})", term.text) } else { self.bind(term) }
            }
            17 => {
                let Some(term) = self.product() else { return self.creation() };
                self.bind(term)
            }
            18 => self.redistribution(),
            19..21 => self.ragged(),
            21 => self.condition(),
            22 => self.stencil(),
            23 => self.repetition(),
            24 => self.function(),
            25 => self.mishap(),
            26..28 => self.digest(),
            28..31 => self.extra(),
            31 | 32 => self.through(),
            _ => self.write(),
        }
    }

    fn creation(&mut self) -> String {
        let (shape, dtype) = (self.any_shape(), self.dtype());
        let term = self.fresh(&shape, dtype);
        self.bind(term)
    }

    fn view(&mut self) -> String {
        let a = self.array();
        if self.dice.once_in(10) {
            let copy = self.dice.once_in(2);
            let text = if copy { format!("{}.copy()", a.text) } else { a.text.clone() };
            let memory = if copy { self.memory() } else { a.memory };
            return self.bind(Term { text, memory, ..a });
        }
        if a.ndim() == 0 || self.dice.once_in(2) {
            let term = self.reshaped(a);
            return self.bind(term);
        }
        let key = self.basic(&a.shape);
        let text = format!("{}[{}]", a.text, key.text);
        // Without an axis it is a number.
        let memory = if key.shape.is_empty() { self.memory() } else { a.memory };
        let term = Term { text, shape: key.shape, memory, ..a };
        self.bind(term)
    }

    fn redistribution(&mut self) -> String {
        let Some(a) = self.target(|t| t.ndim() > 0) else { return self.creation() };
        let text = format!("redistribute({}, dist={})", a.text, dist(&mut self.dice, &a.shape));
        let memory = self.memory();
        if self.depth == 0 && self.dice.once_in(2) {
            // The name holds other memory from here on.
            if let Some(term) = self.live.iter_mut().find(|t| t.text == a.text) {
                term.memory = memory;
            }
            return format!("{} = {text}", a.text);
        }
        self.bind(Term { text, memory, ..a })
    }

    /// A statement that changes a live array, and makes no name.
    pub fn write(&mut self) -> String {
        let Some(a) = self.target(|_| true) else { return self.creation() };
        if a.ndim() == 0 {
            let mut value = self.expr(&[], 1);
            if value.dtype == DType::U64 {
                // As one number NumPy refuses what it would wrap as an array.
                value.text = format!("np.remainder({}, 100)", value.text);
            }
            let value = value.fit(a.dtype);
            self.wrote(&a, &value);
            return format!("{}[...] = {}", a.text, value.text);
        }
        match self.dice.roll(15) {
            0..3 => {
                let key = self.basic(&a.shape);
                self.assign(&a, &key.text, &key.shape)
            }
            3..5 => self.overlapping(&a),
            5..7 => {
                let shape = a.shape.clone();
                self.augment(&a, "", &shape)
            }
            7 => {
                let key = self.basic(&a.shape);
                self.augment(&a, &key.text, &key.shape)
            }
            8 | 9 => self.masked(&a),
            10 | 11 => match self.fancy(&a.shape) {
                Some(key) if self.dice.once_in(3) => self.augment(&a, &key.text, &key.shape),
                Some(key) => self.assign(&a, &key.text, &key.shape),
                None => self.masked(&a),
            },
            12 => self.at(&a),
            13 => self.output(&a),
            _ => match self.dice.roll(4) {
                0 if a.exact => format!("{}.sort(axis={})", a.text, self.dice.roll(a.ndim())),
                1 => format!("{}.fill({})", a.text, self.dice.roll(6)),
                2 => {
                    let value = self.full_expr(&a.shape.clone(), 1).fit(a.dtype);
                    self.wrote(&a, &value);
                    let mask = self.mask(&a.shape);
                    format!("np.copyto({}, {}, where={mask}, casting='unsafe')", a.text, value.text)
                }
                _ => format!("{0}[...] = {0}[::-1]", a.text),
            },
        }
    }

    fn assign(&mut self, a: &Term, key: &str, shape: &[usize]) -> String {
        let depth = self.dice.roll(3);
        let value = self.expr(shape, depth).fit(a.dtype);
        self.wrote(a, &value);
        format!("{}[{key}] = {}", a.text, apart(a, &value))
    }

    /// `a[1:] = a[:-1] + x` and its kin.
    fn overlapping(&mut self, a: &Term) -> String {
        let axis = self.dice.roll(a.ndim());
        let n = a.shape[axis];
        if n < 2 {
            return format!("{0}[...] = {0}[::-1]", a.text);
        }
        let mut shape = a.shape.clone();
        shape[axis] = 1 + self.dice.roll(n);
        let (to, from) = (self.part(a, &shape), self.part(a, &shape));
        let from = if self.dice.once_in(3) {
            from
        } else {
            let other = self.leaf(&shape);
            let sum = self.combine(from.clone(), other);
            if sum.shape == shape { sum } else { from }
        };
        let value = from.fit(a.dtype);
        self.wrote(a, &value);
        // Of one step, NumPy moves in place rightly.
        let steps = to.text.matches(':').count() + value.text.matches(':').count();
        let text = if steps == 2 { value.text } else { apart(a, &value) };
        format!("{} = {text}", to.text)
    }

    fn augment(&mut self, a: &Term, key: &str, shape: &[usize]) -> String {
        let depth = self.dice.roll(2);
        let value = self.expr(shape, depth);
        let value = if a.dtype == DType::F64 || a.dtype == DType::C128 { value } else { self.exact(value) };
        let all = if key.is_empty() { "..." } else { key };
        let element = format!("{}[{all}]", a.text);
        let to = if key.is_empty() { a.text.clone() } else { element.clone() };
        let result = promote(a.dtype, value.dtype);
        if !can_cast(result, a.dtype, Casting::SameKind) || a.dtype.is_bool() {
            if a.dtype.is_bool() && value.dtype.is_bool() {
                return format!("{to} {} {}", self.dice.pick(&["^=", "|=", "&="]), value.text);
            }
            let value = value.fit(a.dtype);
            self.wrote(a, &value);
            return format!("{element} = {}", value.text);
        }
        let op = self.dice.pick(&IN_PLACE);
        let mag = if op == "*=" { a.mag + value.mag + 1 } else { a.mag.max(value.mag) + 1 };
        let frac = if op == "*=" { a.frac + value.frac } else { a.frac.max(value.frac) };
        let exact = value.exact && a.exact && (a.is_real() || mag + frac < 20);
        let wide = mag + frac > if a.dtype.itemsize() == 4 || a.dtype == DType::C64 { 16 } else { 40 };
        if wide && a.dtype.is_inexact() {
            return format!("{element} = 2");
        }
        self.wrote(a, &Term { mag, frac, exact, ..value.clone() });
        format!("{to} {op} {}", value.text)
    }

    fn masked(&mut self, a: &Term) -> String {
        let lead = if self.dice.once_in(3) { a.shape[..1].to_vec() } else { a.shape.clone() };
        let mask = self.mask(&lead);
        match self.dice.roll(5) {
            0 if lead.len() == a.ndim()
                && a.dtype != DType::Bool
                && (a.mag + a.frac < 14 || a.dtype.is_integer()) =>
            {
                self.wrote(a, &Term { mag: a.mag + 2, ..a.clone() });
                format!("{0}[{mask}] = {0}[{mask}] * 2 + 1", a.text)
            }
            1 if a.dtype.is_inexact() && a.mag + a.frac > 14 => format!("{}[{mask}] = 1", a.text),
            1 if !a.dtype.is_bool() => {
                self.wrote(a, &Term { mag: a.mag.max(3) + 1, ..a.clone() });
                format!("{}[{mask}] {} {}", a.text, self.dice.pick(&["+=", "-="]), self.dice.roll(5))
            }
            2 => {
                let value = self.full_expr(&a.shape.clone(), 1).fit(a.dtype);
                self.wrote(a, &value);
                let text = if value.shape.is_empty() {
                    value.text
                } else {
                    format!("{}[{mask}]", bracketed(&value.text))
                };
                format!("{}[{mask}] = {text}", a.text)
            }
            3 => {
                let value = self.full_expr(&a.shape.clone(), 1).fit(a.dtype);
                self.wrote(a, &value);
                let mask = self.mask(&a.shape);
                let values = format!("np.asarray({}).astype('{}')", value.text, a.dtype.char());
                format!("np.putmask({}, {mask}, {values})", a.text)
            }
            _ => format!("{}[{mask}] = {}", a.text, self.dice.roll(5)),
        }
    }

    /// A ufunc's `at`: repeated indices count as often as they come.
    fn at(&mut self, a: &Term) -> String {
        let n = a.shape[0];
        if n == 0 || a.dtype.is_bool() || (a.dtype.is_inexact() && a.mag + a.frac > 14) {
            return format!("{}[:] = 1", a.text);
        }
        let count = self.dice.roll(9);
        let indices = self.indices(n, &[count]);
        // NumPy takes numbers and uint64 for floats here.
        let f =
            if a.dtype == DType::U64 { "maximum" } else { self.dice.pick(&["add", "subtract", "maximum"]) };
        let mut shape = vec![count];
        shape.extend(&a.shape[1..]);
        let value = if f != "maximum" && self.dice.once_in(2) {
            self.dice.roll(5).to_string()
        } else {
            let dtype = if a.dtype == DType::F64 { DType::I64 } else { a.dtype };
            self.fresh(&shape, dtype).text
        };
        self.wrote(a, &Term { mag: a.mag.max(5) + 4, frac: a.frac.max(2), ..a.clone() });
        format!("np.{f}.at({}, {indices}, {value})", a.text)
    }

    fn output(&mut self, a: &Term) -> String {
        let shape = a.shape.clone();
        let (x, y) = (self.expr(&shape, 1), self.expr(&shape, 1));
        let sum = self.combine(x, y);
        let value = Term { shape: shape.clone(), ..sum.tame(0) };
        let fits = can_cast(value.dtype, a.dtype, Casting::SameKind)
            && (value.exact || a.dtype == DType::F64 || a.dtype == DType::C128);
        let (text, mag) = if fits { (value.text.clone(), value.mag) } else { ("True".into(), 1) };
        let other = if a.dtype.is_bool() || a.dtype.kind() == Kind::Unsigned { "True" } else { "1" };
        let f = if a.dtype.is_bool() { "logical_or" } else { "add" };
        let f = if fits && value.mag + value.frac > 18 { "maximum" } else { f };
        if f == "maximum" && !a.is_real() {
            return format!("{}[...] = 1", a.text);
        }
        self.wrote(a, &Term { mag: mag + 1, ..value.clone() });
        if value.mag + value.frac > 20 && a.dtype.itemsize() == 4 {
            return format!("{}[...] = 1", a.text);
        }
        let mask = self.mask(&shape);
        let tail = if self.dice.once_in(2) { format!(", where={mask}") } else { String::new() };
        format!("np.{f}({text}, {other}, out={}{tail})", a.text)
    }

    /// Arrays as long as their values say.
    fn ragged(&mut self) -> String {
        if self.depth > 0 || self.ragged.is_empty() || self.dice.once_in(2) {
            let a = self.array();
            let a = self.exact(a);
            let shape = if a.ndim() == 0 { vec![4] } else { a.shape.clone() };
            let a = if a.ndim() == 0 { self.fresh(&shape, a.dtype) } else { a };
            let mask = self.mask(&shape);
            let (text, dtype) = match self.dice.roll(4) {
                0 => (format!("np.unique({})", a.text), a.dtype),
                1 => (format!("np.flatnonzero({})", a.text), DType::I64),
                _ => (format!("{}[{mask}]", bracketed(&a.text)), a.dtype),
            };
            let term = Term { text, dtype, shape: Vec::new(), memory: 0, mag: a.mag.max(12), ..a };
            if self.depth > 0 {
                return format!("show({})", term.text);
            }
            let name = self.name("r");
            self.ragged.push(Term { text: name.clone(), ..term.clone() });
            return format!("{name} = {}", term.text);
        }
        let r = self.ragged[self.dice.roll(self.ragged.len())].clone();
        let t = &r.text;
        let k = self.dice.between(1, 3);
        match self.dice.roll(12) {
            0 => format!("show({t}.size, {t}[::{k}])"),
            1 => format!("show({t}[{k}:], {t}[::-1])"),
            2 => format!("show(np.sum({t}), np.sort({t}))"),
            3 if !r.dtype.is_bool() => format!("{t} = {t}[1:] - {t}[:-1]"),
            3 | 4 => format!("{t} = np.concatenate([{t}, {t}[::2]])"),
            5 if r.is_real() => format!("show(np.cumsum({t})[-3:], np.unique({t}))"),
            6 => format!("if {t}.size:\n    {t}[{t}.size // 2] = 1\n    show({t}[-1])"),
            7 => format!("{t}[::2] = {}", self.dice.roll(4)),
            8 => format!("{t} = {t}.copy()\n{t}[{t} == 1] = 0"),
            9 => format!("show(np.append({t}, [1, 2]))"),
            10 => format!("show({t} == {t}[::-1])"),
            _ => format!("show({t})"),
        }
    }

    pub fn digest(&mut self) -> String {
        let a = self.array();
        match self.dice.roll(6) {
            0 => format!("print({0}.dtype, {0}.shape)", a.text),
            1 if a.ndim() > 0 && a.size() > 0 => {
                let at: Vec<String> = a
                    .shape
                    .iter()
                    .map(|&n| self.dice.between(-(n as i64), n as i64 - 1).to_string())
                    .collect();
                format!("show({}[{}])", a.text, at.join(", "))
            }
            2 => {
                let term = self.fold();
                format!("show({})", term.text)
            }
            3 if a.ndim() > 0 => match self.fancy(&a.shape) {
                Some(key) => format!("show({}[{}])", a.text, key.text),
                None => format!("show({})", a.text),
            },
            4 if a.ndim() > 0 => format!("show({}[{}])", a.text, self.basic(&a.shape).text),
            _ => format!("show({})", a.text),
        }
    }
}

/// The value, copied where it is a view of the same one-dimensional memory: NumPy 2.4 overwrites what it has still to read
/// where the steps differ.
fn apart(a: &Term, value: &Term) -> String {
    let same = value.memory == a.memory && value.ndim() == 1;
    if same { format!("{}.copy()", bracketed(&value.text)) } else { value.text.clone() }
}
