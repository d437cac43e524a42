//! Statements.

use std::sync::Arc;

use super::Compiler;
use super::frame::Frame;
use crate::check::scope::{Kind, Owner};
use crate::diag::Diagnostic;
use crate::error::Class;
use crate::ir::{self, Const, FreeVar, Var};
use crate::source::Span;
use crate::syntax::tree::{Expr, ExprKind, Handler, Name, Param, Stmt, StmtKind, Target};
use crate::syntax::{Refused, refuse};

impl Compiler<'_> {
    pub(super) fn block(&mut self, body: Vec<Stmt>, scope: usize) -> Vec<ir::Stmt> {
        let mut out = Vec::with_capacity(body.len());
        for stmt in body {
            self.stmt(stmt, scope, &mut out);
        }
        out
    }

    fn stmt(&mut self, stmt: Stmt, scope: usize, out: &mut Vec<ir::Stmt>) {
        let span = stmt.span;
        let kind = match stmt.kind {
            StmtKind::Expr(Expr { kind: ExprKind::Yield { value, from }, .. }) => {
                self.yields(value, from, Vec::new(), scope, span)
            }
            StmtKind::Assign { targets, value: Expr { kind: ExprKind::Yield { value, from }, .. } } => {
                self.yields(value, from, targets, scope, span)
            }
            StmtKind::Annotated {
                target,
                value: Some(Expr { kind: ExprKind::Yield { value, from }, .. }),
            } => self.yields(value, from, vec![target], scope, span),
            StmtKind::Expr(value) => ir::StmtKind::Expr(self.expr(value, scope)),
            StmtKind::Assign { targets, value } => {
                let value = self.expr(value, scope);
                let targets = targets.into_iter().map(|t| self.target(t, scope)).collect();
                ir::StmtKind::Assign { targets, value }
            }
            StmtKind::Annotated { target, value: Some(value) } => {
                let value = self.expr(value, scope);
                ir::StmtKind::Assign { targets: vec![self.target(target, scope)], value }
            }
            StmtKind::Annotated { .. } => ir::StmtKind::Pass,
            StmtKind::AugAssign { target, op, value } => {
                let target = self.target(target, scope);
                ir::StmtKind::AugAssign { target, op, value: self.expr(value, scope) }
            }
            StmtKind::If { test, body, orelse } => {
                let test = self.expr(test, scope);
                let body = self.block(body, scope);
                ir::StmtKind::If { test, body, orelse: self.block(orelse, scope) }
            }
            StmtKind::While { test, body, orelse } => {
                let test = self.expr(test, scope);
                let body = self.loop_body(body, scope);
                ir::StmtKind::While { test, body, orelse: self.block(orelse, scope) }
            }
            StmtKind::For { target, iter, body, orelse } => {
                let iter = self.iterable(iter, scope);
                let target = self.target(target, scope);
                let body = self.loop_body(body, scope);
                ir::StmtKind::For { target, iter, body, orelse: self.block(orelse, scope) }
            }
            StmtKind::Try { body, handlers, orelse, finally } => {
                let body = self.block(body, scope);
                let handler = |h: Handler| {
                    let class = h.class.map(|c| self.expr(c, scope));
                    let target = h.name.map(|n| self.name_target(&n, scope));
                    ir::Handler { span: h.span, class, target, body: self.block(h.body, scope) }
                };
                let handlers = handlers.into_iter().map(handler).collect();
                let orelse = self.block(orelse, scope);
                let finally = self.block(finally, scope);
                ir::StmtKind::Try { body, handlers, orelse, finally }
            }
            StmtKind::With { items, body } => {
                let item = |(value, target): (Expr, Option<Target>)| {
                    (self.expr(value, scope), target.map(|t| self.target(t, scope)))
                };
                let items = items.into_iter().map(item).collect();
                let body = self.block(body, scope);
                ir::StmtKind::With { items, body }
            }
            StmtKind::Class { decorators, name, bases, body } => {
                return self.class(decorators, name, bases, body, scope, span, out);
            }
            StmtKind::Def { decorators, name, params, body } => {
                let decorators = decorators.into_iter().map(|d| self.expr(d, scope)).collect();
                let place = name.span;
                let params = self.params(params, scope);
                let function =
                    self.function(name.text.clone(), params, scope, place, span, |compiler, inner| {
                        let (doc, body) = docstring(body);
                        (doc, compiler.block(body, inner))
                    });
                ir::StmtKind::Def { target: self.name_target(&name, scope), function, decorators }
            }
            StmtKind::Return(value) => {
                if matches!(self.walk.scopes.list[scope].kind, Kind::Module | Kind::Class) {
                    self.outside(
                        span,
                        "'return' outside function",
                        "a cell shows the value of its last line by itself",
                    );
                }
                ir::StmtKind::Return(value.map(|v| self.expr(v, scope)))
            }
            StmtKind::Del(targets) => {
                ir::StmtKind::Del(targets.into_iter().map(|t| self.target(t, scope)).collect())
            }
            StmtKind::Assert { test, message } => {
                let test = self.expr(test, scope);
                ir::StmtKind::Assert { test, message: message.map(|m| self.expr(m, scope)) }
            }
            StmtKind::Raise { exception, cause } => {
                let exception = exception.map(|e| self.expr(e, scope));
                ir::StmtKind::Raise { exception, cause: cause.map(|e| self.expr(e, scope)) }
            }
            StmtKind::Import { module, alias } => {
                return self.import(module, alias, scope, out, span);
            }
            StmtKind::ImportFrom { module, names } => {
                return self.import_from(module, names, scope, out, span);
            }
            StmtKind::Break => {
                if self.loops == 0 {
                    self.outside(
                        span,
                        "'break' outside loop",
                        "there is no `for` or `while` around it to leave",
                    );
                }
                ir::StmtKind::Break
            }
            StmtKind::Continue => {
                if self.loops == 0 {
                    let label = "there is no `for` or `while` around it to go on with";
                    self.outside(span, "'continue' not properly in loop", label);
                }
                ir::StmtKind::Continue
            }
            // Names are resolved; what they declared is known. A broken line has its diagnostic.
            StmtKind::Global(_) | StmtKind::Nonlocal(_) | StmtKind::Pass | StmtKind::Broken { .. } => {
                ir::StmtKind::Pass
            }
        };
        out.push(ir::Stmt { span, kind });
    }

    #[allow(clippy::too_many_arguments)]
    fn class(
        &mut self,
        decorators: Vec<Expr>,
        name: Name,
        bases: Vec<Expr>,
        body: Vec<Stmt>,
        scope: usize,
        span: Span,
        out: &mut Vec<ir::Stmt>,
    ) {
        let decorators = decorators.into_iter().map(|d| self.expr(d, scope)).collect();
        for base in &bases {
            self.refuse_base(base, scope);
        }
        let bases = bases.into_iter().map(|b| self.expr(b, scope)).collect();
        let inner = self.walk.scopes.at.get(&name.span).copied().unwrap_or(scope);
        for bound in
            self.walk.scopes.list[inner].binds.iter().filter(|n| REFUSED_IN_CLASSES.contains(&n.as_str()))
        {
            let mut error = refuse(Refused::SpecialMethod, name.span);
            error.label = format!("`{bound}` has no meaning here");
            self.diagnostics.push(error);
        }
        let mut class_cell = None;
        let function =
            self.function(name.text.clone(), Vec::new(), scope, name.span, span, |compiler, inner| {
                let (doc, body) = docstring(body);
                let body = compiler.block(body, inner);
                class_cell = match compiler.frame().var(inner, "__class__") {
                    Some(Var::Cell(cell)) => Some(cell),
                    _ => None,
                };
                (doc, body)
            });
        let target = self.name_target(&name, scope);
        let kind = ir::StmtKind::Class { target, bases, function, class_cell, decorators };
        out.push(ir::Stmt { span, kind });
    }

    /// `class Stack(list)`: the objects of Python's own types have no fields here.
    fn refuse_base(&mut self, base: &Expr, scope: usize) {
        let ExprKind::Name(name) = &base.kind else { return };
        let theirs = self.walk.scopes.owner(scope, name) == Owner::Session
            && !self.bound.contains_key(name)
            && !self.session.names.contains_key(name);
        if theirs && TYPES.contains(&name.as_str()) {
            let message = format!("classes that derive from {name}");
            let error = Diagnostic::new(Class::NotImplementedError, base.span, message);
            self.diagnostics.push(error.hint("let an object of the class hold one, as an attribute"));
        }
    }

    fn yields(
        &mut self,
        value: Option<Box<Expr>>,
        from: bool,
        targets: Vec<Target>,
        scope: usize,
        span: Span,
    ) -> ir::StmtKind {
        if self.walk.scopes.list[scope].kind != Kind::Function {
            self.outside(span, "'yield' outside function", "only a function can yield values");
        }
        self.yields = true;
        let value = value.map(|v| self.expr(*v, scope));
        ir::StmtKind::Yield {
            value,
            from,
            targets: targets.into_iter().map(|t| self.target(t, scope)).collect(),
        }
    }

    fn outside(&mut self, span: Span, message: &str, label: &str) {
        self.diagnostics.push(Diagnostic::syntax(span, message).label(label));
    }

    fn loop_body(&mut self, body: Vec<Stmt>, scope: usize) -> Vec<ir::Stmt> {
        self.loops += 1;
        let body = self.block(body, scope);
        self.loops -= 1;
        body
    }

    pub(super) fn target(&mut self, target: Target, scope: usize) -> ir::Target {
        match target {
            Target::Name(name) => self.name_target(&name, scope),
            Target::Index { base, index, span } => {
                let base = self.expr(base, scope);
                ir::Target::Index { base, index: self.expr(index, scope), span }
            }
            Target::Attr { base, name, span } => {
                ir::Target::Attr { base: self.expr(base, scope), name: name.text, span }
            }
            Target::Tuple { items, starred, span } => {
                let items = items.into_iter().map(|t| self.target(t, scope)).collect();
                ir::Target::Tuple { items, starred: starred.map(|i| i as u32), span }
            }
        }
    }

    pub(super) fn name_target(&mut self, name: &Name, scope: usize) -> ir::Target {
        ir::Target::Name(self.var(&name.text, scope), name.span)
    }

    /// The variable that a name means in a scope.
    pub(super) fn var(&mut self, name: &str, scope: usize) -> Var {
        let owned = match self.walk.scopes.owner(scope, name) {
            Owner::Scope(owner) => self.frame().var(owner, name),
            Owner::Session => None,
        };
        owned.unwrap_or_else(|| Var::Global(self.global(name)))
    }

    /// Parameters; their defaults belong to the scope around the function.
    pub(super) fn params(&mut self, params: Vec<Param>, scope: usize) -> Vec<ir::Param> {
        let param = |p: Param| {
            let default = p.default.map(|d| self.expr(d, scope));
            ir::Param { name: p.name.text, default, kind: p.kind, cell: None }
        };
        params.into_iter().map(param).collect()
    }

    /// A function whose scope was opened at `place`; returns its index.
    pub(super) fn function(
        &mut self,
        name: String,
        mut params: Vec<ir::Param>,
        scope: usize,
        place: Span,
        span: Span,
        body: impl FnOnce(&mut Self, usize) -> (Option<String>, Vec<ir::Stmt>),
    ) -> u32 {
        let inner = self.walk.scopes.at.get(&place).copied().unwrap_or(scope);
        let frame = Frame::new(&self.walk.scopes, inner, params.len());
        for param in &mut params {
            param.cell = match frame.var(inner, &param.name) {
                Some(Var::Cell(cell)) => Some(cell),
                _ => None,
            };
        }
        let captured: Vec<(usize, String)> = self.walk.scopes.list[inner].free.iter().cloned().collect();
        let outer = self.frame();
        let free = captured.iter().filter_map(|(owner, name)| match outer.var(*owner, name) {
            Some(Var::Cell(from_cell)) => Some(FreeVar { from_cell }),
            _ => None,
        });
        let free = free.collect();
        self.frames.push(frame);
        let (loops, yields) = (std::mem::take(&mut self.loops), std::mem::take(&mut self.yields));
        let (doc, body) = body(self, inner);
        self.loops = loops;
        let generator = std::mem::replace(&mut self.yields, yields);
        let frame = self.frames.pop().unwrap_or_default();
        self.functions.push(Arc::new(ir::Function {
            name,
            doc,
            params,
            locals: frame.local_names.len() as u32,
            local_names: frame.local_names,
            free,
            cells: frame.cell_names.len() as u32,
            cell_names: frame.cell_names,
            body,
            generator,
            span,
        }));
        self.functions.len() as u32 - 1
    }
}

/// Python's own types, beside `object` and its exceptions.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "complex",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "int",
    "list",
    "map",
    "range",
    "reversed",
    "set",
    "slice",
    "str",
    "tuple",
    "type",
    "zip",
];

/// What would change the meaning of a class in ways that the machine does not know.
const REFUSED_IN_CLASSES: &[&str] = &[
    "__new__",
    "__del__",
    "__slots__",
    "__getattribute__",
    "__setattr__",
    "__delattr__",
    "__get__",
    "__set__",
    "__set_name__",
    "__init_subclass__",
    "__class_getitem__",
    "__instancecheck__",
    "__subclasscheck__",
    "__prepare__",
    "__metaclass__",
    "__array__",
    "__array_ufunc__",
    "__array_function__",
    "__array_priority__",
    "__array_wrap__",
    "__array_interface__",
    "__hash__",
    "__format__",
    "__reversed__",
    "__missing__",
    "__await__",
    "__aiter__",
    "__anext__",
];

/// A function's docstring, and the rest of its body.
fn docstring(mut body: Vec<Stmt>) -> (Option<String>, Vec<Stmt>) {
    let is_text =
        |s: &Stmt| matches!(&s.kind, StmtKind::Expr(Expr { kind: ExprKind::Const(Const::Str(_)), .. }));
    if !body.first().is_some_and(is_text) {
        return (None, body);
    }
    match body.remove(0).kind {
        StmtKind::Expr(Expr { kind: ExprKind::Const(Const::Str(doc)), .. }) => (Some(doc), body),
        _ => (None, body),
    }
}
