//! Loops and functions: from the tree to a program, and what it is made of.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::code::{Body, Code, Counters, Op, Step, Ty};
use super::scope::{Course, Scope, State};
use super::sequence::names;
use crate::ir::{Function, Stmt, StmtKind, Target, Var};

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
    /// Of a `for` loop.
    pub counters: Option<Counters>,
    pub variables: Vec<Variable>,
    /// What is left to the interpreter, the first such thing.
    pub left: Option<&'static str>,
}

/// Why a statement is left to the interpreter.
pub(super) type Made<T> = Result<T, &'static str>;

/// A function that has been made, or is being made.
pub(super) struct Signature {
    pub function: u32,
    pub params: Vec<Ty>,
    pub body: u32,
    pub result: Option<Ty>,
    /// Its result was asked for.
    pub asked: bool,
}

pub(super) struct Maker<'a, 'w> {
    pub world: &'a mut World<'w>,
    pub code: Code,
    pub variables: Vec<Variable>,
    pub signatures: Vec<Signature>,
    pub left: Option<&'static str>,
    /// Globals that the outermost loop assigns.
    pub globals: BTreeSet<usize>,
    pub assigned: BTreeSet<u32>,
    pub scope: Scope,
}

/// What a `for` loop goes through, which the caller has evaluated.
#[derive(Clone, Debug)]
pub struct Through {
    /// Whether each turn binds a number, first.
    pub numbered: bool,
    /// The arrays and lists whose items it binds; none for a range.
    pub over: Vec<Ty>,
}

/// The program of a loop: `stmt` is a `For` through what `through` says, or a `While`.
///
/// # Errors
/// What it is that the interpreter is needed for, where no turn of the loop does without.
pub fn lower(world: &mut World, stmt: &StmtKind, through: Option<&Through>) -> Result<Lowered, &'static str> {
    let mut maker = Maker::new(world);
    maker.collect_kind(stmt);
    maker.scope.body.name = "loop".into();
    let mut state = State { block: maker.block(), types: Vec::new(), exit: None };
    let course = through.map(|through| maker.course_of(&state, through));
    let counters = course.as_ref().map(|Course { numbered, over, .. }| Counters {
        places: maker.counters_at(0),
        numbered: *numbered,
        over: over.iter().map(|(val, slot)| (*slot, val.ty)).collect(),
    });
    let start = maker.block();
    maker.emit(&state, Op::Jump(start));
    state.block = start;
    match stmt {
        StmtKind::For { target, body, .. } => {
            let course = course.ok_or("a loop over something else than ranges, arrays and lists")?;
            let targets = names(target, course.targets())?;
            maker.turns(state, &targets, course, body)?;
        }
        StmtKind::While { test, body, .. } => maker.while_loop(state, test, body),
        _ => return Err("no loop"),
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
}
