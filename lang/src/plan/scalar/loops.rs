//! Loops and conditions.

use super::code::{BlockId, IntOp, Op, Reg, Step, Ty, Word};
use super::lower::{Made, Maker};
use super::scope::{Loop, State, Val};
use crate::ir::{CmpOp, Const, Expr, ExprKind, Stmt, UnaryOp, Var};
use crate::ops::{self, Host, Run};

/// At most so many blocks: beyond that, what else there is to do is left to the interpreter.
pub(super) const MOST_BLOCKS: usize = 1500;
/// At most so many versions of a loop's head.
const MOST_VERSIONS: usize = 8;

impl Maker<'_, '_> {
    /// A loop: it stays on the stack of loops, with the states that broke, and in `ended` those that ended it.
    pub fn loop_of(
        &mut self,
        entry: State,
        counters: Option<[Reg; 3]>,
        mut turn: impl FnMut(&mut Self, State) -> (Option<State>, Vec<State>),
    ) {
        self.scope.loops.push(Loop { counters, ..Loop::default() });
        let mut work = Vec::new();
        self.scope.path.push(Step::Head);
        self.go_to_head(entry, &mut work);
        let mut ended = Vec::new();
        while let Some(state) = work.pop() {
            let first = state.block as usize;
            self.scope.path.pop();
            let (end, body) = turn(self, state);
            self.scope.path.push(Step::Head);
            ended.extend(end);
            let continued = match self.scope.loops.last_mut() {
                Some(inner) => std::mem::take(&mut inner.continued),
                None => Vec::new(),
            };
            let ops: usize = self.scope.body.blocks[first..].iter().map(Vec::len).sum();
            for mut state in self.merge([body, continued].concat()) {
                state.exit = None;
                let exit = self.exit(&mut state);
                self.emit(&state, Op::Tick { cost: 1 + (ops / 4) as u32, exit });
                if self.scope.loops.len() == 1 && self.scope.function.is_none() {
                    self.emit(&state, Op::Turn);
                }
                self.go_to_head(state, &mut work);
            }
        }
        self.scope.path.pop();
        let ended = self.merge(ended);
        if let Some(inner) = self.scope.loops.last_mut() {
            inner.ended = ended;
        }
    }

    /// Jumps to the version of the innermost loop's head for these types.
    fn go_to_head(&mut self, mut state: State, work: &mut Vec<State>) {
        let Some(inner) = self.scope.loops.last() else {
            return;
        };
        let found = inner.heads.iter().find(|(types, _)| self.alike(types, &state.types)).map(|(_, b)| *b);
        let many = inner.heads.len() >= MOST_VERSIONS || self.scope.body.blocks.len() > MOST_BLOCKS;
        match found {
            Some(head) => self.emit(&state, Op::Jump(head)),
            None if many => {
                state.exit = None;
                self.left.get_or_insert("variables that change their types again and again");
                self.leave(&mut state);
            }
            None => {
                let head = self.block();
                self.emit(&state, Op::Jump(head));
                if let Some(inner) = self.scope.loops.last_mut() {
                    inner.heads.push((state.types.clone(), head));
                }
                work.push(State { block: head, types: state.types, exit: None });
            }
        }
    }

    pub fn while_loop(&mut self, entry: State, test: &Expr, body: &[Stmt]) {
        self.loop_of(entry, None, |maker, mut state| {
            maker.scope.path.push(Step::Head);
            let (start, mark) = (state.clone(), maker.scope.body.blocks.len());
            let tested = maker.test(&mut state, test);
            maker.scope.path.pop();
            let (yes, no) = match tested {
                Ok(blocks) => blocks,
                Err(why) => {
                    maker.left.get_or_insert(why);
                    maker.scope.path.push(Step::Head);
                    maker.abandon(start, mark);
                    maker.scope.path.pop();
                    return (None, Vec::new());
                }
            };
            let always = matches!(test.kind, ExprKind::Const(Const::Bool(true)));
            let types = state.types;
            let ended = (!always).then(|| State { block: no, types: types.clone(), exit: None });
            if always {
                // Never reached.
                let dead = State { block: no, types: types.clone(), exit: None };
                maker.emit(&dead, Op::Jump(no));
            }
            maker.scope.path.push(Step::Body);
            let after = maker.statements(vec![State { block: yes, types, exit: None }], body);
            maker.scope.path.pop();
            (ended, after)
        });
    }

    pub fn turns(&mut self, entry: State, target: Var, counters: Option<[Reg; 3]>, body: &[Stmt]) {
        let Some([next, step, left]) = counters else {
            return;
        };
        self.loop_of(entry, counters, |maker, mut state| {
            let zero = maker.int(&state, 0);
            let more = maker.reg(Word::Int);
            maker.emit(&state, Op::Compare(CmpOp::Gt, more, left, zero.reg));
            let (yes, no) = (maker.block(), maker.block());
            maker.emit(&state, Op::Branch(more, yes, no));
            let ended = State { block: no, types: state.types.clone(), exit: None };
            state.block = yes;
            let one = maker.int(&state, 1);
            let exit = 0;
            maker.emit(&state, Op::IntOp(IntOp::WrapSub, left, left, one.reg, exit));
            let number = Val { reg: next, ty: Ty::Int, constant: None };
            // Its word is free: what the variable held before is gone.
            let _ = maker.bind(&mut state, target, number);
            maker.emit(&state, Op::IntOp(IntOp::WrapAdd, next, next, step, exit));
            maker.scope.path.push(Step::Body);
            let after = maker.statements(vec![state], body);
            maker.scope.path.pop();
            (Some(ended), after)
        });
    }

    /// `range(...)`: the next number, the step, and how many turns there are.
    pub fn range(&mut self, state: &mut State, iter: &Expr) -> Made<[Reg; 3]> {
        let ExprKind::Call { func, args, keywords } = &iter.kind else {
            return Err("a loop over something else than a range");
        };
        let is_range = match self.callee(state, func)? {
            Ty::Builtin(row) => matches!(ops::row(row).run, Run::Host(Host::Range)),
            _ => false,
        };
        if !is_range || !keywords.is_empty() || args.is_empty() || args.len() > 3 {
            return Err("a loop over something else than a range");
        }
        let mut values = Vec::new();
        for arg in args {
            let value = self.expr(state, arg)?;
            if !matches!(value.ty, Ty::Int | Ty::Np(crate::dtype::DType::I64)) {
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
        let forward = match step.constant {
            Some(0) => return Err("a range that stands still"),
            Some(step) => step > 0,
            None => return Err("a range whose step is no literal"),
        };
        // Registers of the loop's own: the values may be variables.
        let [next, by, left] = [(); 3].map(|()| self.reg(Word::Int));
        self.emit(state, Op::Move(next, start.reg));
        self.emit(state, Op::Move(by, step.reg));
        let (low, high) = if forward { (start.reg, stop.reg) } else { (stop.reg, start.reg) };
        let distance = self.reg(Word::Int);
        self.emit(state, Op::IntOp(IntOp::Sub, distance, high, low, exit));
        match step.constant {
            Some(1 | -1) => self.emit(state, Op::Move(left, distance)),
            Some(step) if step != i64::MIN => {
                // The distance over the step, rounded up.
                let length = self.int(state, step.abs());
                let less = self.int(state, step.abs() - 1);
                let sum = self.reg(Word::Int);
                self.emit(state, Op::IntOp(IntOp::Add, sum, distance, less.reg, exit));
                self.emit(state, Op::IntOp(IntOp::FloorDiv, left, sum, length.reg, exit));
            }
            _ => return Err("a range of a step beyond all bounds"),
        }
        Ok([next, by, left])
    }

    pub fn int(&mut self, state: &State, value: i64) -> Val {
        let reg = self.reg(Word::Int);
        self.emit(state, Op::Int(reg, value));
        Val { reg, ty: Ty::Int, constant: Some(value) }
    }

    /// Two blocks: where the condition holds, and where not.
    pub fn test(&mut self, state: &mut State, test: &Expr) -> Made<(BlockId, BlockId)> {
        match &test.kind {
            ExprKind::Unary(UnaryOp::Not, operand) => {
                let (yes, no) = self.test(state, operand)?;
                Ok((no, yes))
            }
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                let all = matches!(test.kind, ExprKind::And(_));
                let short = self.block();
                let mut last = state.block;
                for operand in operands {
                    let (yes, no) = self.test(state, operand)?;
                    let (goes_on, stops) = if all { (yes, no) } else { (no, yes) };
                    self.emit(&State { block: stops, types: Vec::new(), exit: None }, Op::Jump(short));
                    (state.block, last) = (goes_on, goes_on);
                }
                Ok(if all { (last, short) } else { (short, last) })
            }
            ExprKind::Compare(first, rest) if rest.len() > 1 => {
                let short = self.block();
                let mut left = self.expr(state, first)?;
                for (op, right) in rest {
                    let right = self.expr(state, right)?;
                    let held = self.compare(state, *op, left, right)?;
                    let (yes, no) = (self.block(), self.block());
                    self.emit(state, Op::Branch(held.reg, yes, no));
                    self.emit(&State { block: no, types: Vec::new(), exit: None }, Op::Jump(short));
                    state.block = yes;
                    left = right;
                }
                Ok((state.block, short))
            }
            _ => {
                let value = self.expr(state, test)?;
                let truth = self.truth(state, value)?;
                let (yes, no) = (self.block(), self.block());
                self.emit(state, Op::Branch(truth.reg, yes, no));
                Ok((yes, no))
            }
        }
    }
}
