//! Statements.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::code::{BlockId, Body, Code, Exit, ExitId, IntOp, Op, Reg, Step, Ty, Word};
use crate::ir::{BinOp, CmpOp, Const, Expr, ExprKind, Function, Stmt, StmtKind, Target, UnaryOp, Var};
use crate::ops::{self, Host, Run};

/// What a variable holds where the program begins; of a global of the session, which one it is.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub ty: Ty,
    pub global: Option<usize>,
}

/// A variable of the frame (None) or a global that a function sees.
pub type Look<'a> = dyn FnMut(Option<u32>, Var) -> Seen + 'a;

/// What is around the statements.
pub struct World<'a> {
    pub look: &'a mut Look<'a>,
    /// The function of `Ty::Function`; None of one that is no plain function.
    pub function: &'a dyn Fn(u32) -> Option<Arc<Function>>,
}

/// A variable of the frame, or a global that a function reads, and its place in the table of words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variable {
    pub function: Option<u32>,
    pub var: Var,
    pub global: Option<usize>,
    pub slot: u32,
    pub ty: Ty,
    /// It may hold something else at an exit: what `Exit::types` says.
    pub assigned: bool,
}

#[derive(Debug)]
pub struct Lowered {
    pub code: Code,
    /// The body to begin with: 0 for a loop.
    pub entry: u32,
    /// Of a function: the types of its arguments, which are the first words of the table.
    pub params: Vec<Ty>,
    /// Of a `for` loop: the places of the next number, the step, the turns left.
    pub counters: Option<[u32; 3]>,
    pub variables: Vec<Variable>,
    /// What is left to the interpreter, the first such thing.
    pub left: Option<&'static str>,
}

/// At most so many blocks: beyond that, what else there is to do is left to the interpreter.
const MOST_BLOCKS: usize = 1500;
/// At most so many versions of a loop's head.
const MOST_VERSIONS: usize = 8;

/// Why a statement is left to the interpreter.
pub(super) type Made<T> = Result<T, &'static str>;

/// The end of a path: an open block, and what the variables hold there.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub block: BlockId,
    pub types: Vec<Ty>,
    /// The exit before the statement.
    pub exit: Option<ExitId>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Val {
    pub reg: Reg,
    pub ty: Ty,
    /// Of an int that is written down.
    pub constant: Option<i64>,
}

/// A loop that is being made.
#[derive(Default)]
struct Loop {
    /// The next number, the step, the turns left; None of a `while`.
    counters: Option<[Reg; 3]>,
    heads: Vec<(Vec<Ty>, BlockId)>,
    continued: Vec<State>,
    breaks: Vec<State>,
    ended: Vec<State>,
}

/// A function that has been made, or is being made.
pub(super) struct Signature {
    pub function: u32,
    pub params: Vec<Ty>,
    pub body: u32,
    pub result: Option<Ty>,
    /// Its result was asked for before it was known.
    pub assumed: bool,
}

pub(super) struct Maker<'a, 'w> {
    pub world: &'a mut World<'w>,
    pub code: Code,
    pub variables: Vec<Variable>,
    pub signatures: Vec<Signature>,
    pub left: Option<&'static str>,
    /// Globals that the outermost loop assigns.
    globals: BTreeSet<usize>,
    assigned: BTreeSet<u32>,
    pub scope: Scope,
}

/// A variable of a scope.
struct Home {
    var: Var,
    /// Its registers, by word.
    regs: [Option<Reg>; 2],
    /// What it holds at the entry.
    ty: Ty,
    /// Its index among the program's variables, of the outermost loop's.
    index: usize,
}

/// The body that is being made.
#[derive(Default)]
pub(super) struct Scope {
    /// None for the loop in its frame.
    pub function: Option<u32>,
    pub body: Body,
    vars: Vec<Home>,
    path: Vec<Step>,
    loops: Vec<Loop>,
    /// The places in the table of the counters of nested loops.
    counters: Vec<[u32; 3]>,
}

impl Scope {
    pub fn of(function: u32) -> Scope {
        Scope { function: Some(function), ..Scope::default() }
    }
}

/// The program of a loop: `stmt` is a `For` over a range (which the caller has evaluated) or a `While`.
///
/// # Errors
/// What it is that the interpreter is needed for, where no turn of the loop does without.
pub fn lower(world: &mut World, stmt: &StmtKind) -> Result<Lowered, &'static str> {
    let mut maker = Maker::new(world);
    maker.collect_kind(stmt);
    maker.scope.body.name = "loop".into();
    let mut state = State { block: maker.block(), types: Vec::new(), exit: None };
    let counters = matches!(stmt, StmtKind::For { .. }).then(|| maker.counters_at(0));
    let registers = counters.map(|places| {
        places.map(|place| {
            let reg = maker.reg(Word::Int);
            maker.emit(&state, Op::Slot(reg, place));
            reg
        })
    });
    let start = maker.block();
    maker.emit(&state, Op::Jump(start));
    state.block = start;
    match stmt {
        StmtKind::For { target: Target::Name(var, _), body, .. } => {
            maker.turns(state, *var, registers, body);
        }
        StmtKind::While { test, body, .. } => maker.while_loop(state, test, body),
        _ => return Err("a loop with several targets"),
    }
    let Some(made) = maker.scope.loops.pop() else {
        return Err("no loop");
    };
    for (step, states) in [(Step::Orelse, made.ended), (Step::Broken, made.breaks)] {
        maker.scope.path = vec![step];
        for mut state in states {
            state.exit = None;
            maker.leave(&mut state);
        }
    }
    let turns = |ops: &Vec<Op>| ops.iter().any(|op| matches!(op, Op::Tick { .. }));
    if !maker.scope.body.blocks.iter().any(turns) {
        return Err(maker.left.unwrap_or("a loop that does not turn"));
    }
    // What the variables hold at the entry.
    let scope = std::mem::take(&mut maker.scope);
    let Maker { mut code, variables, left, .. } = maker;
    let mut body = scope.body;
    let mut entry = Vec::new();
    for home in &scope.vars {
        if let Some(reg) = home.ty.word().and_then(|word| home.regs[word as usize]) {
            entry.push(Op::Slot(reg, variables[home.index].slot));
        }
    }
    entry.append(&mut body.blocks[0]);
    body.blocks[0] = entry;
    code.bodies[0] = body;
    Ok(Lowered { code, entry: 0, params: Vec::new(), counters, variables, left })
}

/// The program of a call of a function.
///
/// # Errors
/// What it is that the interpreter is needed for.
pub fn function(world: &mut World, function: u32, params: &[Ty]) -> Result<Lowered, &'static str> {
    let mut maker = Maker::new(world);
    maker.code.slots = params.len() as u32;
    let entry = maker.signature(function, params)?;
    let Maker { code, variables, left, .. } = maker;
    Ok(Lowered { code, entry, params: params.to_vec(), counters: None, variables, left })
}

impl<'a, 'w> Maker<'a, 'w> {
    fn new(world: &'a mut World<'w>) -> Maker<'a, 'w> {
        let code = Code { bodies: vec![Body::default()], ..Code::default() };
        Maker {
            world,
            code,
            variables: Vec::new(),
            signatures: Vec::new(),
            left: None,
            globals: BTreeSet::new(),
            assigned: BTreeSet::new(),
            scope: Scope::default(),
        }
    }

    /// Finds all variables that statements may assign.
    fn collect(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.collect_kind(&stmt.kind));
    }

    fn collect_kind(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Assign { targets, .. } => targets.iter().for_each(|target| self.collect_target(target)),
            StmtKind::AugAssign { target, .. } => self.collect_target(target),
            StmtKind::If { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
                self.collect(body);
                self.collect(orelse);
            }
            StmtKind::For { target, body, orelse, .. } => {
                self.collect_target(target);
                self.collect(body);
                self.collect(orelse);
            }
            _ => {}
        }
    }

    fn collect_target(&mut self, target: &Target) {
        match target {
            Target::Name(var, _) => {
                let index = self.variable(*var);
                self.assigned.insert(index as u32);
                let variable = &mut self.variables[self.scope.vars[index].index];
                variable.assigned = true;
                self.globals.extend(variable.global);
            }
            Target::Tuple { items, .. } => items.iter().for_each(|item| self.collect_target(item)),
            _ => {}
        }
    }

    /// The index of a variable in the scope.
    pub fn variable(&mut self, var: Var) -> usize {
        if let Some(index) = self.scope.vars.iter().position(|home| home.var == var) {
            return index;
        }
        let mut ty = Ty::Unbound;
        if self.scope.function.is_none() {
            let seen = (self.world.look)(None, var);
            ty = seen.ty;
            let slot = self.slot();
            self.variables.push(Variable {
                function: None,
                var,
                global: seen.global,
                slot,
                ty,
                assigned: false,
            });
        }
        let index = self.variables.len().wrapping_sub(1);
        self.scope.vars.push(Home { var, regs: [None, None], ty, index });
        self.scope.vars.len() - 1
    }

    /// What a function sees of a global.
    pub fn captured(&mut self, function: u32, var: Var) -> Made<Variable> {
        let same = |v: &&Variable| v.function == Some(function) && v.var == var;
        if let Some(known) = self.variables.iter().find(same) {
            return Ok(*known);
        }
        let seen = (self.world.look)(Some(function), var);
        if seen.global.is_some_and(|global| self.globals.contains(&global)) {
            return Err("a function that reads what the loop assigns");
        }
        let slot = self.slot();
        let variable = Variable {
            function: Some(function),
            var,
            global: seen.global,
            slot,
            ty: seen.ty,
            assigned: false,
        };
        self.variables.push(variable);
        Ok(variable)
    }

    fn slot(&mut self) -> u32 {
        self.code.slots += 1;
        self.code.slots - 1
    }

    fn counters_at(&mut self, depth: usize) -> [u32; 3] {
        while self.scope.counters.len() <= depth {
            let places = [self.slot(), self.slot(), self.slot()];
            self.scope.counters.push(places);
        }
        self.scope.counters[depth]
    }

    pub fn reg(&mut self, word: Word) -> Reg {
        self.scope.body.regs.push(word);
        self.scope.body.regs.len() as Reg - 1
    }

    /// The register that holds a variable while it has that word.
    pub fn home(&mut self, index: usize, word: Word) -> Reg {
        if let Some(reg) = self.scope.vars[index].regs[word as usize] {
            return reg;
        }
        let reg = self.reg(word);
        self.scope.vars[index].regs[word as usize] = Some(reg);
        reg
    }

    pub fn block(&mut self) -> BlockId {
        self.scope.body.blocks.push(Vec::new());
        self.scope.body.blocks.len() as BlockId - 1
    }

    pub fn emit(&mut self, state: &State, op: Op) {
        self.scope.body.blocks[state.block as usize].push(op);
    }

    pub fn type_of(&self, state: &State, index: usize) -> Ty {
        state.types.get(index).copied().unwrap_or(self.scope.vars[index].ty)
    }

    fn set_type(&mut self, state: &mut State, index: usize, ty: Ty) {
        for i in state.types.len()..=index {
            state.types.push(self.scope.vars[i].ty);
        }
        state.types[index] = ty;
    }

    /// Whether both know the same of the variables.
    fn alike(&self, a: &[Ty], b: &[Ty]) -> bool {
        let at = |types: &[Ty], i: usize| types.get(i).copied().unwrap_or(self.scope.vars[i].ty);
        (0..self.scope.vars.len()).all(|i| at(a, i) == at(b, i))
    }

    /// The exit before the statement under way.
    pub fn exit(&mut self, state: &mut State) -> ExitId {
        if let Some(exit) = state.exit {
            return exit;
        }
        let mut exit = Exit { path: Vec::new(), types: Vec::new(), stores: Vec::new(), counters: Vec::new() };
        if self.scope.function.is_none() {
            exit.path = self.scope.path.clone();
            let assigned: Vec<usize> = self.assigned.iter().map(|i| *i as usize).collect();
            for index in assigned {
                let ty = self.type_of(state, index);
                let variable = self.scope.vars[index].index;
                exit.types.push((variable as u32, ty));
                if let Some(word) = ty.word() {
                    let reg = self.home(index, word);
                    exit.stores.push((reg, self.variables[variable].slot));
                }
            }
            let counters: Vec<[Reg; 3]> = self.scope.loops.iter().filter_map(|l| l.counters).collect();
            for (depth, regs) in counters.into_iter().enumerate() {
                let places = self.counters_at(depth);
                exit.stores.extend(regs.into_iter().zip(places));
                exit.counters.push(places);
            }
        } else if let Some(id) = (!self.scope.body.exits.is_empty()).then_some(0) {
            state.exit = Some(id);
            return id;
        }
        self.scope.body.exits.push(exit);
        let id = self.scope.body.exits.len() as ExitId - 1;
        state.exit = Some(id);
        id
    }

    fn leave(&mut self, state: &mut State) {
        let exit = self.exit(state);
        self.emit(state, Op::Leave(exit));
    }

    /// One state for each combination of types.
    fn merge(&mut self, states: Vec<State>) -> Vec<State> {
        let mut merged: Vec<(State, bool)> = Vec::new();
        for state in states {
            let Some(at) = merged.iter().position(|(m, _)| self.alike(&m.types, &state.types)) else {
                merged.push((state, false));
                continue;
            };
            if !merged[at].1 {
                let block = self.block();
                let first = merged[at].0.clone();
                self.emit(&first, Op::Jump(block));
                merged[at] = (State { block, ..first }, true);
            }
            let block = merged[at].0.block;
            self.emit(&state, Op::Jump(block));
        }
        merged.into_iter().map(|(state, _)| State { exit: None, ..state }).collect()
    }

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
    fn abandon(&mut self, mut start: State, mark: usize) {
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
            StmtKind::For { target: Target::Name(var, _), iter, body, orelse } => {
                let counters = self.range(&mut state, iter)?;
                self.turns(state, *var, Some(counters), body);
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
                let value = self.expr(&mut state, value)?;
                match self.scope.body.result {
                    Some(known) if known != value.ty => {
                        return Err("a function with results of several types");
                    }
                    _ => self.scope.body.result = Some(value.ty),
                }
                self.emit(&state, Op::Return(value.reg));
                Ok(Vec::new())
            }
            kind => Err(named(kind)),
        }
    }

    /// After a loop within: its `else`, and those that broke.
    fn loop_end(&mut self, orelse: &[Stmt]) -> Vec<State> {
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

    /// A loop: it stays on the stack of loops, with the states that broke, and in `ended` those that ended it.
    fn loop_of(
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

    fn while_loop(&mut self, entry: State, test: &Expr, body: &[Stmt]) {
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

    fn turns(&mut self, entry: State, target: Var, counters: Option<[Reg; 3]>, body: &[Stmt]) {
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
    fn range(&mut self, state: &mut State, iter: &Expr) -> Made<[Reg; 3]> {
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

    fn assign(&mut self, state: &mut State, targets: &[Target], value: &Expr) -> Made<()> {
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
        StmtKind::For { .. } => "a loop with several targets",
        StmtKind::Def { .. } | StmtKind::Class { .. } => "a definition",
        StmtKind::Try { .. } | StmtKind::With { .. } => "a try or with statement",
        StmtKind::Return(_) => "a return from a loop",
        StmtKind::Del(_) => "a del statement",
        StmtKind::Assert { .. } | StmtKind::Raise { .. } => "an assertion or raise statement",
        StmtKind::Import { .. } => "an import",
        _ => "a statement of another kind",
    }
}
