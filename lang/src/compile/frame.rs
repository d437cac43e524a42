//! Slots and cells: where the variables of a function, and of the comprehensions in it, live.

use std::collections::HashMap;

use crate::check::scope::{Kind, Scopes};
use crate::ir::Var;

/// A function's frame, or the cell's.
#[derive(Debug, Default)]
pub struct Frame {
    pub local_names: Vec<String>,
    pub cell_names: Vec<String>,
    /// Variables by the scope that owns them, and name.
    vars: HashMap<(usize, String), Var>,
}

impl Frame {
    /// The frame of a scope: cells of the closure first, then, for a function, its own variables. Its first `params`
    /// names are parameters: each has the slot of its number, also where it lives in a cell.
    pub fn new(scopes: &Scopes, scope: usize, params: usize) -> Frame {
        let mut frame = Frame::default();
        let here = &scopes.list[scope];
        for (owner, name) in &here.free {
            frame.cell(*owner, name);
        }
        if matches!(here.kind, Kind::Function | Kind::Class) {
            frame.local_names.extend(here.binds.iter().take(params).cloned());
            for (i, name) in here.binds.iter().take(params).enumerate() {
                frame.vars.insert((scope, name.clone()), Var::Local(i as u32));
            }
            frame.open(scopes, scope);
        }
        frame
    }

    /// Makes room for the variables of a scope that lives in this frame.
    pub fn open(&mut self, scopes: &Scopes, scope: usize) -> Vec<Var> {
        let here = &scopes.list[scope];
        let own = here.binds.iter().filter(|name| !here.declared.contains_key(*name));
        own.map(|name| match here.captured.contains(name) {
            true => self.cell(scope, name),
            false => self.local(scope, name),
        })
        .collect()
    }

    pub fn var(&self, owner: usize, name: &str) -> Option<Var> {
        self.vars.get(&(owner, name.to_string())).copied()
    }

    fn cell(&mut self, owner: usize, name: &str) -> Var {
        self.cell_names.push(name.to_string());
        let var = Var::Cell(self.cell_names.len() as u32 - 1);
        self.vars.insert((owner, name.to_string()), var);
        var
    }

    fn local(&mut self, owner: usize, name: &str) -> Var {
        if let Some(parameter) = self.var(owner, name) {
            return parameter;
        }
        self.local_names.push(name.to_string());
        let var = Var::Local(self.local_names.len() as u32 - 1);
        self.vars.insert((owner, name.to_string()), var);
        var
    }
}
