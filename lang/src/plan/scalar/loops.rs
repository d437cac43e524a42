//! Loops and conditions.

use super::code::{BlockId, IntOp, Op, Reg, Step, Ty, Word};
use super::lower::{Made, Maker};
use super::scope::{Course, Loop, State, Val};
use super::sequence::item_of;
use crate::ir::{CmpOp, Const, Expr, ExprKind, Stmt, UnaryOp, Var};

/// At most so many blocks: beyond that, what else there is to do is left to the interpreter.
pub(super) const MOST_BLOCKS: usize = 1500;
/// At most so many versions of a loop's head.
const MOST_VERSIONS: usize = 8;

impl Maker<'_, '_> {
    /// A loop: it stays on the stack of loops, with the states that broke, and in `ended` those that ended it.
    pub fn loop_of(
        &mut self,
        entry: State,
        course: Option<Course>,
        mut turn: impl FnMut(&mut Self, State) -> (Option<State>, Vec<State>),
    ) {
        self.scope.loops.push(Loop { course, ..Loop::default() });
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

    /// A `for` loop, which binds the targets at each turn.
    pub fn turns(&mut self, entry: State, targets: &[Var], course: Course, body: &[Stmt]) -> Made<()> {
        let [next, step, left] = course.regs;
        if course.over.iter().any(|(seq, _)| item_of(seq.ty).is_none()) {
            return Err("a loop over items of several kinds, or over parts of an array");
        }
        self.loop_of(entry, Some(course.clone()), |maker, mut state| {
            let no = maker.block();
            let ended = State { block: no, types: state.types.clone(), exit: None };
            let items = match course.over.is_empty() {
                true => {
                    let zero = maker.int(&state, 0);
                    maker.go_on(&mut state, CmpOp::Gt, left, zero.reg, no);
                    let one = maker.int(&state, 1);
                    maker.emit(&state, Op::IntOp(IntOp::WrapSub, left, left, one.reg, 0));
                    Vec::new()
                }
                false => maker.items(&mut state, &course, no),
            };
            let number = course.numbered.then_some(Val { reg: next, ty: Ty::Int, constant: None });
            for (target, value) in targets.iter().zip(number.into_iter().chain(items)) {
                // Its word is free: what the variable held before is gone.
                let _ = maker.bind(&mut state, *target, value);
            }
            maker.emit(&state, Op::IntOp(IntOp::WrapAdd, next, next, step, 0));
            maker.scope.path.push(Step::Body);
            let after = maker.statements(vec![state], body);
            maker.scope.path.pop();
            (Some(ended), after)
        });
        Ok(())
    }

    /// Goes on where two words compare so, else to `no`.
    pub fn go_on(&mut self, state: &mut State, op: CmpOp, a: Reg, b: Reg, no: BlockId) {
        let held = self.reg(Word::Int);
        self.emit(state, Op::Compare(op, held, a, b));
        let yes = self.block();
        self.emit(state, Op::Branch(held, yes, no));
        state.block = yes;
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
