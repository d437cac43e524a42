//! Parentheses, lists, braces and comprehensions.

use pest::iterators::Pair;

use super::{Builder, Result, broken, deepest, parts};
use crate::diag::Diagnostic;
use crate::syntax::grammar::Rule;
use crate::syntax::refuse::{Refused, refuse};
use crate::syntax::tree::{Clause, Expr, ExprKind};

impl Builder {
    /// `()`, `(a)`, `(a,)`, `(a, b)`. A value in parentheses keeps its kind; its place includes them.
    pub(super) fn paren(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let comma = pair.clone().into_inner().any(|p| p.as_rule() == Rule::comma);
        if pair.clone().into_inner().any(|p| p.as_rule() == Rule::comp) {
            return Err(refuse(Refused::Generator, span));
        }
        let mut items = parts(pair).map(|p| self.expression(p)).collect::<Result<Vec<_>>>()?;
        match items.pop() {
            Some(Expr { kind: ExprKind::Starred(_), span, .. }) if !comma => {
                Err(Diagnostic::syntax(span, "cannot use starred expression here"))
            }
            Some(item) if !comma => Ok(Expr { span, ..item }),
            last => {
                items.extend(last);
                self.node(span, deepest(&items), ExprKind::Tuple(items))
            }
        }
    }

    pub(super) fn list(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let (mut items, mut clauses) = (Vec::new(), None);
        for part in parts(pair) {
            match part.as_rule() {
                Rule::comp => clauses = Some(self.clauses(part)?),
                _ => items.push(self.expression(part)?),
            }
        }
        let below = deepest(&items);
        let Some(clauses) = clauses else {
            return self.node(span, below, ExprKind::List(items));
        };
        let element = items.pop().ok_or_else(|| broken(span))?;
        if let ExprKind::Starred(_) = element.kind {
            return Err(Diagnostic::syntax(
                element.span,
                "iterable unpacking cannot be used in comprehension",
            ));
        }
        // Each clause runs inside of the one before.
        let inner = deepest(clauses.iter().flat_map(|c| c.conditions.iter().chain([&c.iter])));
        let below = below.max(inner) + clauses.len();
        self.node(span, below, ExprKind::ListComp { element: element.into(), clauses })
    }

    fn clauses(self, pair: Pair<Rule>) -> Result<Vec<Clause>> {
        let mut out = Vec::new();
        for clause in parts(pair) {
            let span = self.span(&clause);
            let (mut target, mut iter, mut conditions) = (None, None, Vec::new());
            for part in parts(clause) {
                match part.as_rule() {
                    Rule::kw_async => return Err(refuse(Refused::AsyncComp, span)),
                    Rule::targets => target = Some(self.targets(part)?),
                    Rule::comp_if => {
                        let condition = parts(part).next().ok_or_else(|| broken(span))?;
                        conditions.push(self.operation(condition)?);
                    }
                    _ => iter = Some(self.operation(part)?),
                }
            }
            match (target, iter) {
                (Some(target), Some(iter)) => out.push(Clause { target, iter, conditions }),
                _ => return Err(broken(span)),
            }
        }
        Ok(out)
    }

    /// A dict; sets and both kinds of comprehension are refused.
    pub(super) fn braces(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let comprehension = pair.clone().into_inner().any(|p| p.as_rule() == Rule::comp);
        let mut items = Vec::new();
        for item in parts(pair).filter(|p| p.as_rule() == Rule::item) {
            let here = self.span(&item);
            let mut parts = parts(item);
            let first = parts.next().ok_or_else(|| broken(here))?;
            match (first.as_rule(), parts.next()) {
                (Rule::double_star, _) if comprehension => {
                    let message = "dict unpacking cannot be used in dict comprehension";
                    return Err(Diagnostic::syntax(here, message));
                }
                (Rule::double_star, _) => {
                    let value = super::parts(first).next().ok_or_else(|| broken(here))?;
                    items.push((None, self.operation(value)?));
                }
                (_, None) if comprehension => return Err(refuse(Refused::SetComp, span)),
                (_, None) => return Err(refuse(Refused::SetDisplay, span)),
                (_, Some(_)) if comprehension => return Err(refuse(Refused::DictComp, span)),
                (_, Some(value)) => items.push((Some(self.plain(first)?), self.plain(value)?)),
            }
        }
        let below = deepest(items.iter().flat_map(|(key, value)| key.iter().chain([value])));
        self.node(span, below, ExprKind::Dict(items))
    }
}
