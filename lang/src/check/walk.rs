//! From the tree to scopes: what each function binds, reads and declares.

use crate::check::scope::{Declared, Kind, Owner, Scopes};
use crate::diag::Diagnostic;
use crate::ir::ParamKind;
use crate::source::Span;
use crate::syntax::tree::{Clause, CompKind, Expr, ExprKind, FPart, Name, Param, Stmt, StmtKind, Target};

/// The scopes of a cell, and what is wrong with its declarations.
pub struct Walk {
    pub scopes: Scopes,
    /// Names that broken lines may have bound.
    pub maybe: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
    /// Inside of a broken block: names are bound, but their uses are not looked at.
    quiet: bool,
}

/// The parameter of a generator expression's function, as CPython calls it.
pub const GENERATOR_ARGUMENT: &str = ".0";

/// Walks over a cell.
pub fn walk(body: &[Stmt]) -> Walk {
    let mut walk = Walk { scopes: Scopes::new(), maybe: Vec::new(), diagnostics: Vec::new(), quiet: false };
    walk.block(body, 0);
    walk.check_nonlocals();
    walk.scopes.capture();
    walk
}

impl Walk {
    fn block(&mut self, body: &[Stmt], scope: usize) {
        for stmt in body {
            self.stmt(stmt, scope);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, scope: usize) {
        match &stmt.kind {
            StmtKind::Expr(value) => self.expr(value, scope),
            StmtKind::Assign { targets, value } => {
                self.expr(value, scope);
                targets.iter().for_each(|t| self.target(t, scope));
            }
            StmtKind::Annotated { target, value } => {
                value.iter().for_each(|v| self.expr(v, scope));
                match target {
                    // Without a value it declares a local, and at the top level nothing.
                    Target::Name(_) if value.is_none() && scope == 0 => {}
                    _ => self.target(target, scope),
                }
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.changed(target, scope);
                self.expr(value, scope);
            }
            StmtKind::If { test, body, orelse } | StmtKind::While { test, body, orelse } => {
                self.expr(test, scope);
                self.block(body, scope);
                self.block(orelse, scope);
            }
            StmtKind::For { target, iter, body, orelse } => {
                self.expr(iter, scope);
                self.target(target, scope);
                self.block(body, scope);
                self.block(orelse, scope);
            }
            StmtKind::Try { body, handlers, orelse, finally } => {
                self.block(body, scope);
                for handler in handlers {
                    handler.class.iter().for_each(|c| self.expr(c, scope));
                    handler.name.iter().for_each(|n| self.bind(&n.text, scope));
                    self.block(&handler.body, scope);
                }
                self.block(orelse, scope);
                self.block(finally, scope);
            }
            StmtKind::With { items, body } => {
                for (value, target) in items {
                    self.expr(value, scope);
                    target.iter().for_each(|t| self.target(t, scope));
                }
                self.block(body, scope);
            }
            StmtKind::Class { decorators, name, bases, body } => {
                decorators.iter().chain(bases).for_each(|e| self.expr(e, scope));
                self.bind(&name.text, scope);
                let inner = self.scopes.add(Kind::Class, scope, name.span);
                self.block(body, inner);
            }
            StmtKind::Def { decorators, name, params, body } => {
                decorators.iter().for_each(|e| self.expr(e, scope));
                self.bind(&name.text, scope);
                let inner = self.function(params, scope, name.span);
                self.block(body, inner);
            }
            StmtKind::Return(value) => value.iter().for_each(|v| self.expr(v, scope)),
            StmtKind::Del(targets) => targets.iter().for_each(|t| self.changed(t, scope)),
            StmtKind::Assert { test, message } => {
                self.expr(test, scope);
                message.iter().for_each(|m| self.expr(m, scope));
            }
            StmtKind::Raise { exception, cause } => {
                [exception, cause].into_iter().flatten().for_each(|e| self.expr(e, scope));
            }
            StmtKind::Import { module, alias } => {
                let top = module.text.split('.').next().unwrap_or("");
                self.bind(alias.as_ref().map_or(top, |a| &a.text), scope);
            }
            StmtKind::ImportFrom { names, .. } => {
                for (name, alias) in names {
                    self.bind(&alias.as_ref().unwrap_or(name).text, scope);
                }
            }
            StmtKind::Global(names) => names.iter().for_each(|n| self.declare(n, Declared::Global, scope)),
            StmtKind::Nonlocal(names) => {
                names.iter().for_each(|n| self.declare(n, Declared::Nonlocal, scope))
            }
            StmtKind::Broken { words, body } => {
                self.maybe.extend(words.iter().cloned());
                let quiet = std::mem::replace(&mut self.quiet, true);
                self.block(body, scope);
                self.quiet = quiet;
            }
            StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {}
        }
    }

    fn bind(&mut self, name: &str, scope: usize) {
        if self.quiet {
            self.maybe.push(name.to_string());
        }
        self.scopes.list[scope].bind(name);
    }

    fn read(&mut self, name: &str, span: Span, scope: usize) {
        if matches!(name, "super" | "__class__") {
            self.read_class(span, scope);
        }
        if !self.quiet {
            self.scopes.list[scope].uses.entry(name.to_string()).or_insert(span);
        }
    }

    /// A method that says `super` or `__class__` captures the class around it.
    fn read_class(&mut self, span: Span, scope: usize) {
        let mut at = self.scopes.list[scope].parent.filter(|_| self.scopes.list[scope].kind != Kind::Class);
        while let Some(index) = at {
            let here = &mut self.scopes.list[index];
            if here.kind == Kind::Class {
                here.bind("__class__");
                self.scopes.list[scope].uses.entry("__class__".to_string()).or_insert(span);
                return;
            }
            at = here.parent;
        }
    }

    fn target(&mut self, target: &Target, scope: usize) {
        match target {
            Target::Name(name) => self.bind(&name.text, scope),
            Target::Index { base, index, .. } => {
                self.expr(base, scope);
                self.expr(index, scope);
            }
            Target::Attr { base, .. } => self.expr(base, scope),
            Target::Tuple { items, .. } => items.iter().for_each(|t| self.target(t, scope)),
        }
    }

    /// The target of `+=` and `del`: it must be bound already, and makes the name a local all the same.
    fn changed(&mut self, target: &Target, scope: usize) {
        match target {
            Target::Name(name) => {
                self.read(&name.text, name.span, scope);
                if scope != 0 {
                    self.bind(&name.text, scope);
                }
            }
            Target::Tuple { items, .. } => items.iter().for_each(|t| self.changed(t, scope)),
            _ => self.target(target, scope),
        }
    }

    /// Defaults are of the scope around; the parameters open a new one.
    fn function(&mut self, params: &[Param], scope: usize, place: Span) -> usize {
        for default in params.iter().filter_map(|p| p.default.as_ref()) {
            self.expr(default, scope);
        }
        let inner = self.scopes.add(Kind::Function, scope, place);
        params.iter().for_each(|p| self.scopes.list[inner].bind(&p.name.text));
        let first =
            params.first().filter(|p| matches!(p.kind, ParamKind::Normal | ParamKind::PositionalOnly));
        self.scopes.list[inner].first = first.map(|p| p.name.text.clone());
        inner
    }

    fn declare(&mut self, name: &Name, declared: Declared, scope: usize) {
        let word = if declared == Declared::Global { "global" } else { "nonlocal" };
        if scope == 0 {
            if declared == Declared::Nonlocal {
                let message = "nonlocal declaration not allowed at module level";
                self.diagnostics.push(Diagnostic::syntax(name.span, message));
            }
            return;
        }
        let here = &self.scopes.list[scope];
        let other = here.declared.get(&name.text).is_some_and(|(d, _)| *d != declared);
        let problem = if other {
            Some(format!("name '{}' is nonlocal and global", name.text))
        } else if here.uses.contains_key(&name.text) {
            Some(format!("name '{}' is used prior to {word} declaration", name.text))
        } else if here.binds.contains(&name.text) {
            Some(format!("name '{}' is assigned to before {word} declaration", name.text))
        } else {
            None
        };
        if let Some(message) = problem {
            let error = Diagnostic::syntax(name.span, message);
            self.diagnostics.push(error.hint(format!("write `{word} {}` first in the function", name.text)));
        }
        self.scopes.list[scope].declared.insert(name.text.clone(), (declared, name.span));
    }

    fn check_nonlocals(&mut self) {
        for index in 0..self.scopes.list.len() {
            for (name, (declared, span)) in &self.scopes.list[index].declared {
                if *declared == Declared::Nonlocal && self.scopes.owner(index, name) == Owner::Session {
                    let error = Diagnostic::syntax(*span, format!("no binding for nonlocal '{name}' found"));
                    let label = "no function around this one assigns it";
                    self.diagnostics
                        .push(error.label(label).hint("for a name of the session, write `global`"));
                }
            }
        }
    }

    fn expr(&mut self, expr: &Expr, scope: usize) {
        match &expr.kind {
            ExprKind::Const(_) => {}
            ExprKind::Name(name) => self.read(name, expr.span, scope),
            ExprKind::Tuple(items)
            | ExprKind::List(items)
            | ExprKind::Set(items)
            | ExprKind::And(items)
            | ExprKind::Or(items) => items.iter().for_each(|e| self.expr(e, scope)),
            ExprKind::Dict(items) => items.iter().for_each(|(key, value)| {
                key.iter().for_each(|key| self.expr(key, scope));
                self.expr(value, scope);
            }),
            ExprKind::Yield { value, .. } => value.iter().for_each(|e| self.expr(e, scope)),
            ExprKind::Walrus(name, value) => {
                self.expr(value, scope);
                self.walrus(name, scope);
            }
            ExprKind::Unary(_, e) | ExprKind::Attr(e, _) | ExprKind::Starred(e) => self.expr(e, scope),
            ExprKind::Binary(_, a, b) | ExprKind::Index(a, b) => {
                self.expr(a, scope);
                self.expr(b, scope);
            }
            ExprKind::Compare(first, rest) => {
                self.expr(first, scope);
                rest.iter().for_each(|(_, e)| self.expr(e, scope));
            }
            ExprKind::IfElse { test, body, orelse } => {
                for e in [test, body, orelse] {
                    self.expr(e, scope);
                }
            }
            ExprKind::Lambda { params, body } => {
                let inner = self.function(params, scope, expr.span);
                self.expr(body, inner);
            }
            ExprKind::Comp { kind, element, value, clauses } => {
                let elements: Vec<&Expr> =
                    [Some(element), value.as_ref()].into_iter().flatten().map(|e| &**e).collect();
                self.comprehension(*kind, &elements, clauses, scope, expr.span);
            }
            ExprKind::Call { func, args, keywords } => {
                self.expr(func, scope);
                args.iter().for_each(|e| self.expr(e, scope));
                keywords.iter().for_each(|(_, e)| self.expr(e, scope));
            }
            ExprKind::Slice(start, stop, step) => {
                [start, stop, step].into_iter().flatten().for_each(|e| self.expr(e, scope));
            }
            ExprKind::FString(parts) => self.fstring(parts, scope),
        }
    }

    /// Binds in the function around, also from within comprehensions.
    fn walrus(&mut self, name: &Name, scope: usize) {
        let mut home = scope;
        while let (true, Some(parent)) = (self.is_comprehension(home), self.scopes.list[home].parent) {
            if self.scopes.list[home].binds.contains(&name.text) {
                let message = format!(
                    "assignment expression cannot rebind comprehension iteration variable '{}'",
                    name.text
                );
                self.diagnostics.push(Diagnostic::syntax(name.span, message));
            }
            home = parent;
        }
        if home != scope {
            if self.scopes.list[home].kind == Kind::Class {
                let message = "assignment expression within a comprehension cannot be used in a class body";
                self.diagnostics.push(Diagnostic::syntax(name.span, message));
            }
            self.read(&name.text, name.span, scope);
        }
        self.bind(&name.text, home);
    }

    fn is_comprehension(&self, scope: usize) -> bool {
        self.scopes.list[scope].kind == Kind::Comprehension
    }

    /// The first iterable is of the scope around, everything else of the comprehension's own. A generator expression
    /// is a function, whose parameter is the first iterator.
    fn comprehension(
        &mut self,
        kind: CompKind,
        elements: &[&Expr],
        clauses: &[Clause],
        scope: usize,
        place: Span,
    ) {
        if let Some(first) = clauses.first() {
            self.expr(&first.iter, scope);
        }
        let inner = match kind {
            CompKind::Generator => {
                let inner = self.scopes.add(Kind::Function, scope, place);
                self.scopes.list[inner].bind(GENERATOR_ARGUMENT);
                inner
            }
            _ => self.scopes.add(Kind::Comprehension, scope, place),
        };
        for (i, clause) in clauses.iter().enumerate() {
            if i > 0 {
                self.expr(&clause.iter, inner);
            }
            self.target(&clause.target, inner);
            clause.conditions.iter().for_each(|c| self.expr(c, inner));
        }
        elements.iter().for_each(|element| self.expr(element, inner));
    }

    fn fstring(&mut self, parts: &[FPart], scope: usize) {
        for part in parts {
            if let FPart::Value { value, spec, .. } = part {
                self.expr(value, scope);
                spec.iter().for_each(|s| self.fstring(s, scope));
            }
        }
    }
}
