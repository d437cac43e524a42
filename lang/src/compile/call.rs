//! Calls of builtins that are known before the cell runs: their arguments are checked by the row's signature.

use super::Compiler;
use crate::check::names::{self, Member};
use crate::check::scope::Owner;
use crate::diag::Diagnostic;
use crate::ops;
use crate::session::Holds;
use crate::source::Span;
use crate::syntax::tree::{Expr, ExprKind, Keyword, Name};

impl Compiler<'_> {
    /// The module that an expression surely is: `np`, `np.random`.
    pub(super) fn surely_module(&self, expr: &Expr, scope: usize) -> Option<&'static str> {
        match &expr.kind {
            ExprKind::Name(name) if self.walk.scopes.owner(scope, name) == Owner::Session => {
                self.module_of(name)
            }
            ExprKind::Attr(base, name) => {
                match names::member(self.surely_module(base, scope)?, &name.text)? {
                    Member::Module(inner) => Some(inner),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The row that an expression surely is, and how the source calls it.
    fn surely_row(&self, expr: &Expr, scope: usize) -> Option<u32> {
        match &expr.kind {
            ExprKind::Name(name) => {
                let free =
                    self.walk.scopes.owner(scope, name) == Owner::Session && !self.bound.contains_key(name);
                match self.session.names.get(name) {
                    _ if !free => None,
                    Some(Holds::Builtin(row)) => Some(*row),
                    Some(_) => None,
                    None => names::builtin(name),
                }
            }
            ExprKind::Attr(base, name) => {
                match names::member(self.surely_module(base, scope)?, &name.text)? {
                    Member::Row(row) => Some(row),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    pub(super) fn check_call(
        &mut self,
        func: &Expr,
        args: &[Expr],
        keywords: &[Keyword],
        scope: usize,
        span: Span,
    ) {
        let Some(row) = self.surely_row(func, scope) else {
            return;
        };
        // What is unpacked is counted when the cell runs.
        if args.iter().any(|arg| matches!(arg.kind, ExprKind::Starred(_))) {
            return;
        }
        let names: Option<Vec<&Name>> = keywords.iter().map(|(name, _)| name.as_ref()).collect();
        let Some(names) = names else {
            return;
        };
        let given: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        let Err(error) = ops::bind(row, false, args.len(), &given) else {
            return;
        };
        let (row, signature) = (ops::row(row), ops::signature::signature(row, false));
        let known: Vec<&str> = signature.params.iter().map(|p| p.name).collect();
        let unknown = names.iter().find(|name| !known.contains(&name.text.as_str()));
        let place = unknown.map_or(span, |name| name.span);
        let diagnostic = Diagnostic::new(error.class, place, error.message);
        let called = || format!("it is called as `{}{}`", row.name, row.signature);
        self.diagnostics.push(diagnostic.hint(error.hint.unwrap_or_else(called)));
    }
}
