//! Imports: which modules there are, and which names of a cell surely mean one.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use crate::check::names::{self, Member};
use crate::diag::{Diagnostic, did_you_mean};
use crate::error::Class;
use crate::ir;
use crate::source::Span;
use crate::syntax::tree::{Name, Stmt, StmtKind, Target};

/// What the top level of a cell binds, by imports and otherwise.
#[derive(Default)]
pub struct Imports {
    /// Names that imports bind: to a module, where it is one and always the same.
    pub found: BTreeMap<String, Option<&'static str>>,
    /// Names that other statements bind.
    pub others: BTreeSet<String>,
}

impl Imports {
    pub fn block(&mut self, body: &[Stmt]) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Import { module, alias } => {
                    let top = module.text.split('.').next().unwrap_or("");
                    match alias {
                        Some(alias) => self.import(&alias.text, names::module(&module.text)),
                        None => self.import(top, names::module(top)),
                    }
                }
                StmtKind::ImportFrom { module, names } => {
                    for (name, alias) in names {
                        let bound = alias.as_ref().unwrap_or(name);
                        self.import(&bound.text, names::module(&format!("{}.{}", module.text, name.text)));
                    }
                }
                StmtKind::Assign { targets, .. } => targets.iter().for_each(|t| self.other(t)),
                StmtKind::Annotated { target, .. } | StmtKind::AugAssign { target, .. } => self.other(target),
                StmtKind::Del(targets) => targets.iter().for_each(|t| self.other(t)),
                StmtKind::Try { body, handlers, orelse, finally } => {
                    self.block(body);
                    for handler in handlers {
                        self.others.extend(handler.name.iter().map(|n| n.text.clone()));
                        self.block(&handler.body);
                    }
                    self.block(orelse);
                    self.block(finally);
                }
                StmtKind::With { items, body } => {
                    items.iter().filter_map(|(_, t)| t.as_ref()).for_each(|t| self.other(t));
                    self.block(body);
                }
                StmtKind::Class { name, body, .. } => {
                    self.others.insert(name.text.clone());
                    self.globals(body);
                }
                StmtKind::Def { name, body, .. } => {
                    self.others.insert(name.text.clone());
                    self.globals(body);
                }
                StmtKind::If { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
                    self.block(body);
                    self.block(orelse);
                }
                StmtKind::For { target, body, orelse, .. } => {
                    self.other(target);
                    self.block(body);
                    self.block(orelse);
                }
                StmtKind::Broken { body, .. } => self.block(body),
                _ => {}
            }
        }
    }

    /// Names that a function declares global may be bound by it.
    fn globals(&mut self, body: &[Stmt]) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Global(names) => self.others.extend(names.iter().map(|n| n.text.clone())),
                StmtKind::Def { body, .. } | StmtKind::Class { body, .. } | StmtKind::With { body, .. } => {
                    self.globals(body);
                }
                StmtKind::Try { body, handlers, orelse, finally } => {
                    handlers.iter().for_each(|h| self.globals(&h.body));
                    [body, orelse, finally].into_iter().for_each(|block| self.globals(block));
                }
                StmtKind::If { body, orelse, .. }
                | StmtKind::While { body, orelse, .. }
                | StmtKind::For { body, orelse, .. } => {
                    self.globals(body);
                    self.globals(orelse);
                }
                _ => {}
            }
        }
    }

    fn import(&mut self, name: &str, module: Option<&'static str>) {
        let known = self.found.entry(name.to_string()).or_insert(module);
        if *known != module {
            *known = None;
        }
    }

    fn other(&mut self, target: &Target) {
        match target {
            Target::Name(name) => {
                self.others.insert(name.text.clone());
            }
            Target::Tuple { items, .. } => items.iter().for_each(|t| self.other(t)),
            Target::Index { .. } | Target::Attr { .. } => {}
        }
    }
}

impl Compiler<'_> {
    pub fn import(
        &mut self,
        module: Name,
        alias: Option<Name>,
        scope: usize,
        out: &mut Vec<ir::Stmt>,
        span: Span,
    ) {
        // Annotations are read over; what serves them only is not needed.
        if names::ANNOTATIONS.contains(&module.text.as_str()) {
            return;
        }
        if importable(&module.text).is_none() {
            let error = no_module(&module);
            return self.diagnostics.push(error);
        }
        // `import numpy.random` binds `numpy`; with an alias, the module itself.
        let top = module.text.split('.').next().unwrap_or("").to_string();
        let (bound, module) = match alias {
            Some(alias) => (alias, module.text),
            None => (Name { text: top.clone(), span: module.span }, top),
        };
        let target = self.name_target(&bound, scope);
        out.push(ir::Stmt { span, kind: ir::StmtKind::Import { target, module, name: None } });
    }

    pub fn import_from(
        &mut self,
        module: Name,
        names: Vec<(Name, Option<Name>)>,
        scope: usize,
        out: &mut Vec<ir::Stmt>,
        span: Span,
    ) {
        if names::ANNOTATIONS.contains(&module.text.as_str()) {
            return;
        }
        let Some(full) = importable(&module.text) else {
            let error = no_module(&module);
            return self.diagnostics.push(error);
        };
        for (name, alias) in names {
            let (module, member) = match names::member(full, &name.text) {
                Some(Member::Module(inner)) => (inner.to_string(), None),
                Some(_) => (full.to_string(), Some(name.text.clone())),
                None => {
                    let message = format!("cannot import name '{}' from '{full}'", name.text);
                    let error = Diagnostic::new(Class::ImportError, name.span, message);
                    self.diagnostics.push(similar_member(error, full, &name.text));
                    continue;
                }
            };
            let target = self.name_target(alias.as_ref().unwrap_or(&name), scope);
            out.push(ir::Stmt { span, kind: ir::StmtKind::Import { target, module, name: member } });
        }
    }
}

/// The error with a hint, where a member of the module is much like `name`.
pub fn similar_member(error: Diagnostic, module: &str, name: &str) -> Diagnostic {
    if module == "numpy" && matches!(name, "int" | "float" | "bool" | "complex" | "str" | "object") {
        return error.hint(format!("NumPy has dropped it: write `{name}`"));
    }
    if names::numpy_has(module, name) {
        return error.label("NumPy has it; DistArray does not yet");
    }
    match did_you_mean(name, names::members(module)) {
        Some(similar) => error.hint(format!("did you mean `{similar}`?")),
        None => error.label(format!("not among the names of {module} that the language has")),
    }
}

/// A module that an import can name: `sys.float_info` is an attribute only.
fn importable(name: &str) -> Option<&'static str> {
    names::module(name).filter(|full| *full != "sys.float_info")
}

fn no_module(module: &Name) -> Diagnostic {
    let error = Diagnostic::new(
        Class::ModuleNotFoundError,
        module.span,
        format!("No module named '{}'", module.text),
    );
    let error = error.label("not among the modules that the language has");
    let similar = did_you_mean(&module.text, names::MODULES.iter().map(|(full, _)| *full));
    match (names::instead_of(&module.text), similar) {
        (Some(hint), _) => error.hint(hint),
        (None, Some(similar)) => error.hint(format!("did you mean `{similar}`?")),
        (None, None) => error,
    }
}
