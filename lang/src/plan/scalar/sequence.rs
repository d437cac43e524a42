//! What `for` loops go through: ranges, arrays, lists, `enumerate` and `zip` of those.

use super::code::{BlockId, IntOp, Op, Reg, Step, Ty, Word, is_word};
use super::lower::{Made, Maker, Through};
use super::scope::{Course, State, Val};
use crate::dtype::DType;
use crate::ir::{CmpOp, Expr, ExprKind, Target, Var};
use crate::ops::{self, Host, Run};

/// The type of the items of an array or a list, where programs have a word for them.
pub(super) fn item_of(over: Ty) -> Option<Ty> {
    match over {
        Ty::Array(dtype, 1) if is_word(dtype) => Some(Ty::Np(dtype)),
        Ty::List(item) => item.ty(),
        _ => None,
    }
}

/// The variables of a loop that binds so many values.
pub(super) fn names(target: &Target, count: usize) -> Made<Vec<Var>> {
    const OTHER: &str = "a loop with other targets";
    match target {
        Target::Name(var, _) if count == 1 => Ok(vec![*var]),
        Target::Tuple { items, starred: None, .. } if items.len() == count && count > 1 => items
            .iter()
            .map(|item| match item {
                Target::Name(var, _) => Ok(*var),
                _ => Err(OTHER),
            })
            .collect(),
        _ => Err(OTHER),
    }
}

impl Maker<'_, '_> {
    /// The course of the outermost loop, whose words are in the table.
    pub fn course_of(&mut self, state: &State, through: &Through) -> Course {
        let places = self.counters_at(0);
        let load = |maker: &mut Self, place| {
            let reg = maker.reg(Word::Int);
            maker.emit(state, Op::Slot(reg, place));
            reg
        };
        let regs = places.map(|place| load(self, place));
        let mut over = Vec::with_capacity(through.over.len());
        for ty in &through.over {
            let slot = self.slot();
            over.push((Val { reg: load(self, slot), ty: *ty, constant: None }, slot));
        }
        Course { regs, numbered: through.numbered, over }
    }

    /// The course of a loop within.
    pub fn course(&mut self, state: &mut State, iter: &Expr) -> Made<Course> {
        if let ExprKind::Call { func, args, keywords } = &iter.kind
            && keywords.is_empty()
            && let Ok(Ty::Builtin(row)) = self.callee(state, func)
        {
            match (&ops::row(row).run, args.as_slice()) {
                (Run::Host(Host::Range), args) => {
                    let regs = self.range(state, args)?;
                    return Ok(Course { regs, numbered: true, over: Vec::new() });
                }
                (Run::Host(Host::Enumerate), [_]) => return self.through(state, args, true),
                (Run::Host(Host::Zip), [_, _, ..]) => return self.through(state, args, false),
                _ => return Err("a loop over what a function gives"),
            }
        }
        self.through(state, std::slice::from_ref(iter), false)
    }

    fn through(&mut self, state: &mut State, iters: &[Expr], numbered: bool) -> Made<Course> {
        let mut over = Vec::with_capacity(iters.len());
        for iter in iters {
            let value = self.expr(state, iter)?;
            if !matches!(value.ty, Ty::Array(..) | Ty::List(_)) {
                return Err("a loop over something else than ranges, arrays and lists");
            }
            // A register of the loop's own: a turn may bind the variable to something else.
            over.push((self.copy(state, value)?, self.slot()));
        }
        let [next, step, left] = [0, 1, 0].map(|start| {
            let reg = self.reg(Word::Int);
            self.emit(state, Op::Int(reg, start));
            reg
        });
        Ok(Course { regs: [next, step, left], numbered, over })
    }

    /// The next item of each array and list, where all have one more.
    pub fn items(&mut self, state: &mut State, course: &Course, no: BlockId) -> Vec<Val> {
        let next = course.regs[0];
        for (seq, _) in &course.over {
            // A list may have become longer, or shorter, meanwhile.
            let length = self.reg(Word::Int);
            self.emit(
                state,
                match seq.ty {
                    Ty::List(_) => Op::Length(length, seq.reg),
                    _ => Op::Extent(length, seq.reg, 0),
                },
            );
            self.go_on(state, CmpOp::Lt, next, length, no);
        }
        self.scope.path.push(Step::Head);
        state.exit = None;
        let exit = self.exit(state);
        let mut items = Vec::with_capacity(course.over.len());
        for (seq, _) in &course.over {
            let Some((ty, word)) = item_of(seq.ty).and_then(|ty| Some((ty, ty.word()?))) else {
                continue;
            };
            let to = self.reg(word);
            match seq.ty {
                Ty::List(item) => self.emit(state, Op::GetItem { to, list: seq.reg, at: next, item, exit }),
                Ty::Array(dtype, _) => {
                    self.emit(state, Op::Read { to, array: seq.reg, at: vec![next], dtype, exit });
                }
                _ => continue,
            }
            items.push(Val { reg: to, ty, constant: None });
        }
        self.scope.path.pop();
        state.exit = None;
        items
    }

    /// The next number, the step, and how many turns there are.
    fn range(&mut self, state: &mut State, args: &[Expr]) -> Made<[Reg; 3]> {
        if args.is_empty() || args.len() > 3 {
            return Err("a range of other arguments");
        }
        let mut values = Vec::new();
        for arg in args {
            let value = self.expr(state, arg)?;
            if !matches!(value.ty, Ty::Int | Ty::Np(DType::I64)) {
                return Err("a range of something else than ints");
            }
            values.push(value);
        }
        let (start, stop) = match values.as_slice() {
            [stop] => (self.int(state, 0), *stop),
            _ => (values[0], values[1]),
        };
        let step = match values.get(2) {
            Some(step) => *step,
            None => self.int(state, 1),
        };
        let exit = self.exit(state);
        let (low, high, length) = match step.constant {
            Some(0 | i64::MIN) => return Err("a range of a step beyond all bounds"),
            Some(by) if by > 0 => (start.reg, stop.reg, step.reg),
            Some(by) => (stop.reg, start.reg, self.int(state, -by).reg),
            None => self.directed(state, start, stop, step),
        };
        // Registers of the loop's own: the values may be variables.
        let [next, by, left] = [(); 3].map(|()| self.reg(Word::Int));
        self.emit(state, Op::Move(next, start.reg));
        self.emit(state, Op::Move(by, step.reg));
        let distance = self.reg(Word::Int);
        self.emit(state, Op::IntOp(IntOp::Sub, distance, high, low, exit));
        if matches!(step.constant, Some(1 | -1)) {
            self.emit(state, Op::Move(left, distance));
            return Ok([next, by, left]);
        }
        // The distance over the step, rounded up.
        let one = self.int(state, 1);
        let [less, sum] = [(); 2].map(|()| self.reg(Word::Int));
        self.emit(state, Op::IntOp(IntOp::WrapSub, less, length, one.reg, exit));
        self.emit(state, Op::IntOp(IntOp::Add, sum, distance, less, exit));
        self.emit(state, Op::IntOp(IntOp::FloorDiv, left, sum, length, exit));
        Ok([next, by, left])
    }
    /// The lower end, the upper end and the length of a step that is not known beforehand; leaves where it is 0.
    fn directed(&mut self, state: &mut State, start: Val, stop: Val, step: Val) -> (Reg, Reg, Reg) {
        let zero = self.int(state, 0);
        let exit = self.exit(state);
        let [some, forward, back, low, high, length] = [(); 6].map(|()| self.reg(Word::Int));
        self.emit(state, Op::Compare(CmpOp::Ne, some, step.reg, zero.reg));
        self.emit(state, Op::Need(some, exit));
        self.emit(state, Op::Compare(CmpOp::Gt, forward, step.reg, zero.reg));
        self.emit(state, Op::IntOp(IntOp::Sub, back, zero.reg, step.reg, exit));
        self.emit(state, Op::Select(low, forward, start.reg, stop.reg));
        self.emit(state, Op::Select(high, forward, stop.reg, start.reg));
        self.emit(state, Op::Select(length, forward, step.reg, back));
        (low, high, length)
    }
}
