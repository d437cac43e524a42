//! The body that is being made: its variables and their registers, its blocks, its exits.

use super::code::{BlockId, Body, Counters, Exit, ExitId, Op, Reg, Step, Ty, Word};
use super::lower::{Made, Maker, Variable};
use crate::ir::Var;

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

/// What a `for` loop goes through, in registers of its own.
#[derive(Clone)]
pub(super) struct Course {
    /// The next number or position, the step, the turns left.
    pub regs: [Reg; 3],
    pub numbered: bool,
    /// The arrays and lists, and the places of their handles in the table.
    pub over: Vec<(Val, u32)>,
}

impl Course {
    /// How many values each turn binds.
    pub fn targets(&self) -> usize {
        self.numbered as usize + self.over.len()
    }
}

/// A loop that is being made.
#[derive(Default)]
pub(super) struct Loop {
    /// None of a `while`.
    pub course: Option<Course>,
    pub heads: Vec<(Vec<Ty>, BlockId)>,
    pub continued: Vec<State>,
    pub breaks: Vec<State>,
    pub ended: Vec<State>,
}

/// A variable of a scope.
pub(super) struct Home {
    pub var: Var,
    /// Its registers, by word.
    pub regs: [Option<Reg>; 2],
    /// What it holds at the entry.
    pub ty: Ty,
    /// Its index among the program's variables, of the outermost loop's.
    pub index: usize,
}

/// The body that is being made.
#[derive(Default)]
pub(super) struct Scope {
    /// None for the loop in its frame.
    pub function: Option<u32>,
    pub body: Body,
    pub vars: Vec<Home>,
    pub path: Vec<Step>,
    pub loops: Vec<Loop>,
    /// The places in the table of the counters of nested loops.
    pub counters: Vec<[u32; 3]>,
}

impl Scope {
    pub fn of(function: u32) -> Scope {
        Scope { function: Some(function), ..Scope::default() }
    }
}

impl Maker<'_, '_> {
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

    pub fn slot(&mut self) -> u32 {
        self.code.slots += 1;
        self.code.slots - 1
    }

    pub fn counters_at(&mut self, depth: usize) -> [u32; 3] {
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

    pub fn set_type(&mut self, state: &mut State, index: usize, ty: Ty) {
        for i in state.types.len()..=index {
            state.types.push(self.scope.vars[i].ty);
        }
        state.types[index] = ty;
    }

    /// Whether both know the same of the variables.
    pub fn alike(&self, a: &[Ty], b: &[Ty]) -> bool {
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
            let courses: Vec<Course> = self.scope.loops.iter().filter_map(|l| l.course.clone()).collect();
            for (depth, Course { regs, numbered, over }) in courses.into_iter().enumerate() {
                let places = self.counters_at(depth);
                exit.stores.extend(regs.into_iter().zip(places));
                exit.stores.extend(over.iter().map(|(val, slot)| (val.reg, *slot)));
                let over = over.iter().map(|(val, slot)| (*slot, val.ty)).collect();
                exit.counters.push(Counters { places, numbered, over });
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

    pub fn leave(&mut self, state: &mut State) {
        let exit = self.exit(state);
        self.emit(state, Op::Leave(exit));
    }

    /// One state for each combination of types.
    pub fn merge(&mut self, states: Vec<State>) -> Vec<State> {
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
}
