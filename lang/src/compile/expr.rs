//! Expressions.

use super::Compiler;
use crate::check::names;
use crate::check::scope::{Kind, Owner};
use crate::check::walk::GENERATOR_ARGUMENT;
use crate::diag::Diagnostic;
use crate::error::Class;
use crate::ir::{self, CompKind, Const, SetFrom};
use crate::source::Span;
use crate::syntax::tree::{self, Clause, Expr, ExprKind, FPart, Keyword, Name};
use crate::syntax::{Refused, refuse};

fn is_starred(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Starred(_))
}

impl Compiler<'_> {
    pub(super) fn expr(&mut self, expr: Expr, scope: usize) -> ir::Expr {
        let span = expr.span;
        let kind = match expr.kind {
            ExprKind::Const(value) => ir::ExprKind::Const(value),
            ExprKind::Name(name) => self.name(&name, scope),
            ExprKind::Tuple(items) if items.iter().any(is_starred) => {
                ir::ExprKind::Unpacked { list: false, items: self.unpacked(items, scope) }
            }
            ExprKind::List(items) if items.iter().any(is_starred) => {
                ir::ExprKind::Unpacked { list: true, items: self.unpacked(items, scope) }
            }
            ExprKind::Tuple(items) => ir::ExprKind::Tuple(self.exprs(items, scope)),
            ExprKind::List(items) => ir::ExprKind::List(self.exprs(items, scope)),
            ExprKind::Set(items) if items.iter().any(is_starred) => {
                let kind = ir::ExprKind::Unpacked { list: true, items: self.unpacked(items, scope) };
                ir::ExprKind::Set(vec![ir::Expr { span, kind }], SetFrom::List)
            }
            ExprKind::Set(items) => {
                let constant = items.len() > 2 && items.iter().all(is_constant);
                let from = if constant { SetFrom::Constants } else { SetFrom::Items };
                ir::ExprKind::Set(self.exprs(items, scope), from)
            }
            ExprKind::Dict(items) => self.dict(items, scope),
            ExprKind::Walrus(name, value) => {
                let value = self.boxed(*value, scope);
                ir::ExprKind::Walrus(self.var(&name.text, scope), value)
            }
            ExprKind::Yield { .. } => {
                self.diagnostics.push(refuse(Refused::Yield, span));
                ir::ExprKind::Const(Const::None)
            }
            ExprKind::Unary(op, e) => ir::ExprKind::Unary(op, self.boxed(*e, scope)),
            ExprKind::Binary(op, a, b) => {
                let a = self.boxed(*a, scope);
                ir::ExprKind::Binary(op, a, self.boxed(*b, scope))
            }
            ExprKind::Compare(first, rest) => {
                let first = self.boxed(*first, scope);
                let rest = rest.into_iter().map(|(op, e)| (op, self.expr(e, scope))).collect();
                ir::ExprKind::Compare(first, rest)
            }
            ExprKind::And(items) => ir::ExprKind::And(self.exprs(items, scope)),
            ExprKind::Or(items) => ir::ExprKind::Or(self.exprs(items, scope)),
            ExprKind::IfElse { test, body, orelse } => {
                let test = self.boxed(*test, scope);
                let body = self.boxed(*body, scope);
                ir::ExprKind::IfElse { test, body, orelse: self.boxed(*orelse, scope) }
            }
            ExprKind::Lambda { params, body } => {
                let params = self.params(params, scope);
                let value = *body;
                let function =
                    self.function("<lambda>".to_string(), params, scope, span, span, |compiler, inner| {
                        let span = value.span;
                        let kind = ir::StmtKind::Return(Some(compiler.expr(value, inner)));
                        (None, vec![ir::Stmt { span, kind }])
                    });
                ir::ExprKind::Lambda(function)
            }
            ExprKind::Comp { kind: tree::CompKind::Generator, element, clauses, .. } => {
                self.generator(*element, clauses, scope, span)
            }
            ExprKind::Comp { kind, element, value, clauses } => {
                let kind = match kind {
                    tree::CompKind::Set => CompKind::Set,
                    tree::CompKind::Dict => CompKind::Dict,
                    _ => CompKind::List,
                };
                self.comprehension(kind, *element, value.map(|v| *v), clauses, scope, span)
            }
            ExprKind::Call { func, args, keywords } => {
                self.check_call(&func, &args, &keywords, scope, span);
                self.call(*func, args, keywords, scope, span)
            }
            ExprKind::Attr(base, name) => {
                self.check_attribute(&base, &name, scope);
                ir::ExprKind::Attr(self.boxed(*base, scope), name.text)
            }
            ExprKind::Index(base, index) => {
                let base = self.boxed(*base, scope);
                ir::ExprKind::Index(base, self.boxed(*index, scope))
            }
            ExprKind::Slice(start, stop, step) => {
                let mut bound = |e: Option<Box<Expr>>| e.map(|e| self.boxed(*e, scope));
                ir::ExprKind::Slice(bound(start), bound(stop), bound(step))
            }
            ExprKind::FString(parts) => ir::ExprKind::FString(self.fstring(parts, scope)),
            ExprKind::Starred(_) => {
                self.diagnostics.push(Diagnostic::syntax(span, "can't use starred expression here"));
                ir::ExprKind::Const(Const::None)
            }
        };
        ir::Expr { span, kind }
    }

    fn dict(&mut self, items: Vec<(Option<Expr>, Expr)>, scope: usize) -> ir::ExprKind {
        let all: Vec<(Option<ir::Expr>, ir::Expr)> = items
            .into_iter()
            .map(|(key, value)| (key.map(|k| self.expr(k, scope)), self.expr(value, scope)))
            .collect();
        if all.iter().any(|(key, _)| key.is_none()) {
            return ir::ExprKind::DictUnpacked(all);
        }
        ir::ExprKind::Dict(all.into_iter().filter_map(|(key, value)| Some((key?, value))).collect())
    }

    fn call(
        &mut self,
        func: Expr,
        args: Vec<Expr>,
        keywords: Vec<Keyword>,
        scope: usize,
        span: Span,
    ) -> ir::ExprKind {
        let is_super = matches!(&func.kind, ExprKind::Name(name) if name == "super");
        let func = self.boxed(func, scope);
        let unpacked = args.iter().any(is_starred) || keywords.iter().any(|(name, _)| name.is_none());
        if unpacked {
            let args = self.unpacked(args, scope);
            let keyword = |(name, value): Keyword| (name.map(|n| n.text), self.expr(value, scope));
            let keywords = keywords.into_iter().map(keyword).collect();
            return ir::ExprKind::CallUnpacked { func, args, keywords };
        }
        let mut args = self.exprs(args, scope);
        if is_super && args.is_empty() && keywords.is_empty() {
            args = self.super_arguments(scope, span);
        }
        let keyword = |(name, value): Keyword| Some((name?.text, self.expr(value, scope)));
        ir::ExprKind::Call { func, args, keywords: keywords.into_iter().filter_map(keyword).collect() }
    }

    /// What `super()` stands for: the class around the method, and the method's first argument.
    fn super_arguments(&mut self, scope: usize, span: Span) -> Vec<ir::Expr> {
        let home = self.walk.scopes.frame(scope);
        let Some(first) = self.walk.scopes.list[home].first.clone() else {
            return Vec::new();
        };
        if self.walk.scopes.owner(scope, "__class__") == Owner::Session {
            return Vec::new();
        }
        ["__class__", &first]
            .map(|name| ir::Expr { span, kind: ir::ExprKind::Var(self.var(name, scope)) })
            .into()
    }

    /// Values, and which of them are to be unpacked.
    fn unpacked(&mut self, items: Vec<Expr>, scope: usize) -> Vec<(bool, ir::Expr)> {
        let item = |e: Expr| match e.kind {
            ExprKind::Starred(inner) => (true, self.expr(*inner, scope)),
            _ => (false, self.expr(e, scope)),
        };
        items.into_iter().map(item).collect()
    }

    fn boxed(&mut self, expr: Expr, scope: usize) -> Box<ir::Expr> {
        Box::new(self.expr(expr, scope))
    }

    /// What a loop goes through: a display of constants is a frozenset, as in CPython.
    pub(super) fn iterable(&mut self, expr: Expr, scope: usize) -> ir::Expr {
        let constant = matches!(&expr.kind, ExprKind::Set(items) if items.iter().all(is_constant));
        let mut compiled = self.expr(expr, scope);
        if let (true, ir::ExprKind::Set(_, from)) = (constant, &mut compiled.kind) {
            *from = SetFrom::Frozen;
        }
        compiled
    }

    fn exprs(&mut self, items: Vec<Expr>, scope: usize) -> Vec<ir::Expr> {
        items.into_iter().map(|e| self.expr(e, scope)).collect()
    }

    fn name(&mut self, name: &str, scope: usize) -> ir::ExprKind {
        match self.var(name, scope) {
            // As in a Python script, so that `if __name__ == "__main__":` runs.
            ir::Var::Global(_) if name == "__name__" && !self.bound.contains_key(name) => {
                ir::ExprKind::Const(Const::Str("__main__".to_string()))
            }
            ir::Var::Global(_) if name == "Ellipsis" && !self.bound.contains_key(name) => {
                ir::ExprKind::Const(Const::Ellipsis)
            }
            ir::Var::Local(slot) if self.walk.scopes.list[scope].kind == Kind::Class => {
                ir::ExprKind::ClassName { slot, global: self.global(name) }
            }
            var => ir::ExprKind::Var(var),
        }
    }

    /// A function that yields, and its call.
    fn generator(&mut self, element: Expr, clauses: Vec<Clause>, scope: usize, span: Span) -> ir::ExprKind {
        let mut clauses = clauses.into_iter();
        let Some(first) = clauses.next() else {
            return ir::ExprKind::Const(Const::None);
        };
        let iter = Box::new(self.iterable(first.iter, scope));
        let param = ir::Param {
            name: GENERATOR_ARGUMENT.to_string(),
            default: None,
            kind: ir::ParamKind::Normal,
            cell: None,
        };
        let function =
            self.function("<genexpr>".to_string(), vec![param], scope, span, span, |compiler, inner| {
                let kind = ir::ExprKind::Var(ir::Var::Local(0));
                let given = ir::Expr { span: iter.span, kind };
                compiler.yields = true;
                (
                    None,
                    compiler.generator_body((first.target, given, first.conditions), clauses, element, inner),
                )
            });
        ir::ExprKind::Generator { function, iter }
    }

    /// `for target in iter: if condition: ... yield element`.
    fn generator_body(
        &mut self,
        (target, iter, conditions): (tree::Target, ir::Expr, Vec<Expr>),
        mut clauses: std::vec::IntoIter<Clause>,
        element: Expr,
        scope: usize,
    ) -> Vec<ir::Stmt> {
        let span = iter.span;
        let target = self.target(target, scope);
        let conditions = self.exprs(conditions, scope);
        let mut body = match clauses.next() {
            Some(clause) => {
                let iter = self.iterable(clause.iter, scope);
                self.generator_body((clause.target, iter, clause.conditions), clauses, element, scope)
            }
            None => {
                let span = element.span;
                let value = Some(self.expr(element, scope));
                vec![ir::Stmt { span, kind: ir::StmtKind::Yield { value, from: false, targets: Vec::new() } }]
            }
        };
        for test in conditions.into_iter().rev() {
            body =
                vec![ir::Stmt { span: test.span, kind: ir::StmtKind::If { test, body, orelse: Vec::new() } }];
        }
        vec![ir::Stmt { span, kind: ir::StmtKind::For { target, iter, body, orelse: Vec::new() } }]
    }

    fn comprehension(
        &mut self,
        kind: CompKind,
        element: Expr,
        value: Option<Expr>,
        clauses: Vec<Clause>,
        scope: usize,
        span: Span,
    ) -> ir::ExprKind {
        let inner = self.walk.scopes.at.get(&span).copied().unwrap_or(scope);
        let mut compiled = Vec::with_capacity(clauses.len());
        let mut fresh = Vec::new();
        for (i, clause) in clauses.into_iter().enumerate() {
            let iter = self.iterable(clause.iter, if i == 0 { scope } else { inner });
            if i == 0 {
                let last = self.frames.len() - 1;
                fresh = self.frames[last].open(&self.walk.scopes, inner);
            }
            let target = self.target(clause.target, inner);
            compiled.push(ir::Clause { target, iter, conditions: self.exprs(clause.conditions, inner) });
        }
        let element = Box::new(self.expr(element, inner));
        let value = value.map(|v| Box::new(self.expr(v, inner)));
        ir::ExprKind::Comp { kind, element, value, clauses: compiled, fresh }
    }

    fn fstring(&mut self, parts: Vec<FPart>, scope: usize) -> Vec<ir::FPart> {
        let mut out = Vec::with_capacity(parts.len());
        for part in parts {
            out.push(match part {
                FPart::Text(text) => ir::FPart::Text(text),
                FPart::Value { value, conversion, spec } => {
                    let value = self.expr(value, scope);
                    let span = value.span;
                    let spec = spec.map(|parts| Box::new(ir::Expr { span, kind: self.spec(parts, scope) }));
                    ir::FPart::Value { value, conversion, spec }
                }
            });
        }
        out
    }

    fn spec(&mut self, mut parts: Vec<FPart>, scope: usize) -> ir::ExprKind {
        match parts.pop() {
            None => ir::ExprKind::Const(Const::Str(String::new())),
            Some(FPart::Text(text)) if parts.is_empty() => ir::ExprKind::Const(Const::Str(text)),
            Some(last) => {
                parts.push(last);
                ir::ExprKind::FString(self.fstring(parts, scope))
            }
        }
    }

    /// `np.sine`: an attribute that a module surely lacks.
    fn check_attribute(&mut self, base: &Expr, name: &Name, scope: usize) {
        let Some(module) = self.surely_module(base, scope) else {
            return;
        };
        if names::member(module, &name.text).is_none() {
            let message = format!("module '{module}' has no attribute '{}'", name.text);
            let error = Diagnostic::new(Class::AttributeError, name.span, message);
            self.diagnostics.push(super::import::similar_member(error, module, &name.text));
        }
    }
}

/// What CPython's compiler takes for a constant.
fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Const(_) => true,
        ExprKind::Unary(_, inner) => is_constant(inner),
        ExprKind::Binary(_, a, b) => is_constant(a) && is_constant(b),
        ExprKind::Tuple(items) => items.iter().all(is_constant),
        _ => false,
    }
}
