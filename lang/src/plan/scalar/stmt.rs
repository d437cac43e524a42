//! Statements.

use super::code::{Op, Step};
use super::loops::MOST_BLOCKS;
use super::lower::{Made, Maker};
use super::scope::{State, Val};
use super::sequence::names;
use crate::ir::{BinOp, Expr, ExprKind, Stmt, StmtKind, Target, Var};

impl Maker<'_, '_> {
    pub fn statements(&mut self, mut states: Vec<State>, stmts: &[Stmt]) -> Vec<State> {
        for (i, stmt) in stmts.iter().enumerate() {
            self.scope.path.push(Step::At(i as u32));
            let mut next = Vec::new();
            for mut state in states {
                state.exit = None;
                let (start, mark) = (state.clone(), self.scope.body.blocks.len());
                match self.statement(state, stmt) {
                    Ok(mut after) => next.append(&mut after),
                    Err(why) => {
                        self.left.get_or_insert(why);
                        self.abandon(start, mark);
                    }
                }
            }
            self.scope.path.pop();
            states = self.merge(next);
        }
        states
    }

    /// The statement is the interpreter's: the blocks that it has left open, from `mark` on, leave.
    pub fn abandon(&mut self, mut start: State, mark: usize) {
        let exit = self.exit(&mut start);
        let blocks = &mut self.scope.body.blocks;
        for block in std::iter::once(start.block as usize).chain(mark..blocks.len()) {
            let ended = |op: &Op| matches!(op, Op::Jump(_) | Op::Branch(..) | Op::Leave(_) | Op::Return(_));
            if !blocks[block].last().is_some_and(ended) {
                blocks[block].push(Op::Leave(exit));
            }
        }
    }

    fn statement(&mut self, mut state: State, stmt: &Stmt) -> Made<Vec<State>> {
        if self.scope.body.blocks.len() > MOST_BLOCKS {
            return Err("a program that is too large");
        }
        match &stmt.kind {
            StmtKind::Pass => Ok(vec![state]),
            StmtKind::Assign { targets, value } => {
                self.assign(&mut state, targets, value)?;
                Ok(vec![state])
            }
            StmtKind::AugAssign { target, op, value } => {
                self.augment(&mut state, target, *op, value)?;
                Ok(vec![state])
            }
            StmtKind::Expr(expr) => {
                self.effect(&mut state, expr)?;
                Ok(vec![state])
            }
            StmtKind::If { test, body, orelse } => {
                let (yes, no) = self.test(&mut state, test)?;
                let mut ends = Vec::new();
                for (step, block, stmts) in [(Step::Then, yes, body), (Step::Else, no, orelse)] {
                    self.scope.path.push(step);
                    let state = State { block, types: state.types.clone(), exit: None };
                    ends.append(&mut self.statements(vec![state], stmts));
                    self.scope.path.pop();
                }
                Ok(ends)
            }
            StmtKind::While { test, body, orelse } => {
                self.while_loop(state, test, body);
                Ok(self.loop_end(orelse))
            }
            StmtKind::For { target, iter, body, orelse } => {
                let course = self.course(&mut state, iter)?;
                let targets = names(target, course.targets())?;
                self.turns(state, &targets, course, body)?;
                Ok(self.loop_end(orelse))
            }
            StmtKind::Break | StmtKind::Continue => {
                let Some(inner) = self.scope.loops.last_mut() else {
                    return Err("break");
                };
                match stmt.kind {
                    StmtKind::Break => inner.breaks.push(state),
                    _ => inner.continued.push(state),
                }
                Ok(Vec::new())
            }
            StmtKind::Return(Some(value)) if self.scope.function.is_some() => {
                self.give(state, value)?;
                Ok(Vec::new())
            }
            kind => Err(named(kind)),
        }
    }

    /// `return value`: of a choice, each branch returns, so that one says what the function gives though the other
    /// calls it.
    fn give(&mut self, mut state: State, value: &Expr) -> Made<()> {
        if let ExprKind::IfElse { test, body, orelse } = &value.kind {
            let (yes, no) = self.test(&mut state, test)?;
            let first = self.give(State { block: yes, ..state.clone() }, body);
            return self.give(State { block: no, ..state }, orelse).and(first);
        }
        let value = self.expr(&mut state, value)?;
        match self.scope.body.result {
            Some(known) if known != value.ty => return Err("a function with results of several types"),
            _ => self.scope.body.result = Some(value.ty),
        }
        self.emit(&state, Op::Return(value.reg));
        Ok(())
    }

    /// After a loop within: its `else`, and those that broke.
    pub fn loop_end(&mut self, orelse: &[Stmt]) -> Vec<State> {
        let Some(made) = self.scope.loops.pop() else {
            return Vec::new();
        };
        let ended = self.merge(made.ended);
        self.scope.path.push(Step::Orelse);
        let mut ends = self.statements(ended, orelse);
        self.scope.path.pop();
        ends.extend(made.breaks);
        ends
    }

    pub fn assign(&mut self, state: &mut State, targets: &[Target], value: &Expr) -> Made<()> {
        if let ([Target::Tuple { items, starred: None, .. }], ExprKind::Tuple(values)) =
            (targets, &value.kind)
            && items.len() == values.len()
        {
            return self.assign_each(state, items, values);
        }
        if let [Target::Index { base, index, .. }] = targets {
            let value = self.expr(state, value)?;
            return self.store(state, base, index, value);
        }
        let value = self.expr(state, value)?;
        // A value of its own, where a target may be what it was read from.
        let value = if targets.len() > 1 { self.copy(state, value)? } else { value };
        for target in targets {
            let Target::Name(var, _) = target else {
                return Err("several targets at once");
            };
            self.bind(state, *var, value)?;
        }
        Ok(())
    }

    /// `a, b = x, y`: the values first.
    fn assign_each(&mut self, state: &mut State, items: &[Target], values: &[Expr]) -> Made<()> {
        let mut made = Vec::new();
        for value in values {
            let value = self.expr(state, value)?;
            made.push(self.copy(state, value)?);
        }
        let names = items.iter().filter(|item| matches!(item, Target::Name(..))).count();
        if names != 0 && names != items.len() {
            return Err("names and elements assigned at once");
        }
        if names == items.len() {
            for (item, value) in items.iter().zip(made) {
                if let Target::Name(var, _) = item {
                    self.bind(state, *var, value)?;
                }
            }
            return Ok(());
        }
        let mut places = Vec::new();
        for (item, value) in items.iter().zip(made) {
            match item {
                Target::Index { base, index, .. } if !reads_elements(index) => {
                    let place = self.place(state, base, index, value)?;
                    self.check(state, &place);
                    places.push(place);
                }
                _ => return Err("targets that depend on each other"),
            }
        }
        for place in places {
            self.write(state, place);
        }
        Ok(())
    }

    fn augment(&mut self, state: &mut State, target: &Target, op: BinOp, value: &Expr) -> Made<()> {
        match target {
            Target::Name(var, _) => {
                let old = self.read(state, *var)?;
                if !old.ty.is_number() {
                    return Err("an augmented assignment of no number");
                }
                let value = self.expr(state, value)?;
                let new = self.binary(state, op, old, value)?;
                self.bind(state, *var, new)
            }
            Target::Index { base, index, .. } => {
                let old = self.element(state, base, index)?;
                let value = self.expr(state, value)?;
                let new = self.binary(state, op, old, value)?;
                self.store(state, base, index, new)
            }
            _ => Err("an augmented assignment of an attribute"),
        }
    }

    /// The value in a register of its own.
    pub fn copy(&mut self, state: &State, value: Val) -> Made<Val> {
        let word = value.ty.word().ok_or("a value that is no number")?;
        let reg = self.reg(word);
        self.emit(state, Op::Move(reg, value.reg));
        Ok(Val { reg, ..value })
    }

    pub fn bind(&mut self, state: &mut State, var: Var, value: Val) -> Made<()> {
        if self.scope.function.is_some() && !matches!(var, Var::Local(_)) {
            return Err("a function that assigns outside of itself");
        }
        let word = value.ty.word().ok_or("a value that is no number")?;
        let index = self.variable(var);
        let home = self.home(index, word);
        self.emit(state, Op::Move(home, value.reg));
        self.set_type(state, index, value.ty);
        Ok(())
    }
}

/// Whether an index depends on what is in arrays or lists.
fn reads_elements(index: &Expr) -> bool {
    match &index.kind {
        ExprKind::Const(_) | ExprKind::Var(_) => false,
        ExprKind::Unary(_, a) => reads_elements(a),
        ExprKind::Binary(_, a, b) => reads_elements(a) || reads_elements(b),
        ExprKind::Tuple(items) => items.iter().any(reads_elements),
        _ => true,
    }
}

fn named(kind: &StmtKind) -> &'static str {
    match kind {
        StmtKind::Def { .. } | StmtKind::Class { .. } => "a definition",
        StmtKind::Try { .. } | StmtKind::With { .. } => "a try or with statement",
        StmtKind::Return(_) => "a return from a loop",
        StmtKind::Del(_) => "a del statement",
        StmtKind::Assert { .. } | StmtKind::Raise { .. } => "an assertion or raise statement",
        StmtKind::Import { .. } => "an import",
        _ => "a statement of another kind",
    }
}
