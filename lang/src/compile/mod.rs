//! The tree to a program: every name resolved, every refusal said, before anything runs.

mod call;
mod expr;
mod frame;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod golden;
pub mod import;
mod stmt;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::check::names;
use crate::check::scope::Kind;
use crate::check::walk::{Walk, walk};
use crate::diag::{Diagnostic, did_you_mean};
use crate::error::Class;
use crate::ir::{self, Global, Program};
use crate::session::{Holds, Session};
use crate::source::{Source, Span};
use crate::syntax::{self, tree::StmtKind};

use frame::Frame;

/// Compiles a cell against the session's names.
///
/// # Errors
/// Everything that is wrong with the cell and can be known before it runs, in the order of the text: syntax, what the
/// language refuses, unknown names and attributes, wrong arguments of builtins. There is at least one.
pub fn compile(source: Source, session: &Session) -> Result<Program, Vec<Diagnostic>> {
    let parsed = syntax::parse(&source.text);
    // What stands at a wrong depth is read in a wrong scope: complaints about that are no mistakes of their own.
    let depth = |d: &Diagnostic| matches!(d.class, Class::IndentationError | Class::TabError);
    if parsed.diagnostics.iter().any(depth) {
        return Err(parsed.diagnostics);
    }
    let walked = walk(&parsed.body);
    let mut compiler = Compiler::new(walked, session);
    compiler.diagnostics.extend(parsed.diagnostics);
    compiler.bindings(&parsed.body);
    compiler.unknown_names();
    compiler.frames.push(Frame::new(&compiler.walk.scopes, 0, 0));
    let last = parsed.body.last().map(|s| matches!(s.kind, StmtKind::Expr(_)));
    let mut body = compiler.block(parsed.body, 0);
    let shown = match (last, parsed.silent) {
        (Some(true), false) => match body.pop() {
            Some(ir::Stmt { kind: ir::StmtKind::Expr(shown), .. }) => Some(shown),
            other => {
                body.extend(other);
                None
            }
        },
        _ => None,
    };
    compiler.finish(source, body, shown)
}

/// What a global name of this cell is bound to, as far as the text tells.
#[derive(Clone, Debug, PartialEq)]
enum Bound {
    /// By imports of one module only.
    Module(&'static str),
    /// By something else, or by several things.
    Otherwise,
}

struct Compiler<'a> {
    walk: Walk,
    session: &'a Session,
    /// The globals that this cell binds.
    bound: BTreeMap<String, Bound>,
    globals: Vec<Global>,
    functions: Vec<Arc<ir::Function>>,
    /// The frames of the functions around what is being compiled, the cell's first.
    frames: Vec<Frame>,
    /// Loops around, in this function.
    loops: usize,
    /// This function has a `yield`.
    yields: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Compiler<'a> {
    fn new(mut walk: Walk, session: &'a Session) -> Compiler<'a> {
        let diagnostics = std::mem::take(&mut walk.diagnostics);
        Compiler {
            walk,
            session,
            bound: BTreeMap::new(),
            globals: Vec::new(),
            functions: Vec::new(),
            frames: Vec::new(),
            loops: 0,
            yields: false,
            diagnostics,
        }
    }

    /// Notes what the cell's globals are bound to: at its top level, or in functions that declare them global.
    fn bindings(&mut self, body: &[syntax::tree::Stmt]) {
        for scope in &self.walk.scopes.list {
            let global = |n: &&String| scope.kind == Kind::Module || scope.declared.contains_key(*n);
            for name in scope.binds.iter().filter(global) {
                self.bound.insert(name.clone(), Bound::Otherwise);
            }
        }
        let mut imports = import::Imports::default();
        imports.block(body);
        for (name, module) in imports.found {
            if !imports.others.contains(&name) {
                self.bound.insert(name, module.map_or(Bound::Otherwise, Bound::Module));
            }
        }
        for name in &self.walk.maybe {
            self.bound.insert(name.clone(), Bound::Otherwise);
        }
    }

    /// Refuses names that nothing can have bound when they are read.
    fn unknown_names(&mut self) {
        let mut seen = HashSet::new();
        let mut found: Vec<(String, Span)> = Vec::new();
        for (index, scope) in self.walk.scopes.list.iter().enumerate() {
            for (name, span) in &scope.uses {
                let session = self.walk.scopes.owner(index, name) == crate::check::scope::Owner::Session;
                if session && !self.known(name) {
                    found.push((name.clone(), *span));
                }
            }
        }
        found.sort_by_key(|(_, span)| span.start);
        for (name, span) in found {
            if seen.insert(name.clone()) {
                let error = self.unknown_name(&name, span);
                self.diagnostics.push(error);
            }
        }
    }

    fn known(&self, name: &str) -> bool {
        self.bound.contains_key(name)
            || self.session.names.contains_key(name)
            || names::builtin(name).is_some()
            || names::bare_constant(name)
            // Bookkeeping names are not reported; whether they are bound shows when the cell runs.
            || name.starts_with('_')
            || name == "Ellipsis"
    }

    fn unknown_name(&self, name: &str, span: Span) -> Diagnostic {
        let error = Diagnostic::new(Class::NameError, span, format!("name '{name}' is not defined"));
        let error = error.label("bound neither in this cell nor before");
        let own = self.bound.keys().map(String::as_str).chain(self.session.names.keys().map(String::as_str));
        let locals = self.walk.scopes.list.iter().flat_map(|s| s.binds.iter().map(String::as_str));
        if matches!(name, "np" | "numpy") {
            return error
                .hint(format!("write `import numpy{}` first", if name == "np" { " as np" } else { "" }));
        }
        if let Some(hint) = names::instead_of_builtin(name) {
            return error.hint(hint);
        }
        match did_you_mean(name, own.chain(locals)).or_else(|| did_you_mean(name, names::bare_names())) {
            Some(similar) => error.hint(format!("did you mean `{similar}`?")),
            None => error,
        }
    }

    /// The module that a global name surely means.
    fn module_of(&self, name: &str) -> Option<&'static str> {
        match (self.bound.get(name), self.session.names.get(name)) {
            (Some(Bound::Module(module)), _) => Some(module),
            (None, Some(Holds::Module(module))) => names::module(module),
            _ => None,
        }
    }

    fn global(&mut self, name: &str) -> u32 {
        let index = self.globals.iter().position(|g| g.name == name).unwrap_or_else(|| {
            self.globals.push(Global { name: name.to_string(), builtin: names::builtin(name) });
            self.globals.len() - 1
        });
        index as u32
    }

    fn frame(&mut self) -> &mut Frame {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn finish(
        mut self,
        source: Source,
        body: Vec<ir::Stmt>,
        shown: Option<ir::Expr>,
    ) -> Result<Program, Vec<Diagnostic>> {
        if !self.diagnostics.is_empty() {
            self.diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
            self.diagnostics.dedup();
            return Err(self.diagnostics);
        }
        let frame = self.frames.pop().unwrap_or_default();
        Ok(Program {
            source: Arc::new(source),
            globals: self.globals,
            functions: self.functions,
            body,
            shown,
            locals: frame.local_names.len() as u32,
            local_names: frame.local_names,
            cells: frame.cell_names.len() as u32,
            cell_names: frame.cell_names,
            notes: ir::Notes::None,
        })
    }
}
