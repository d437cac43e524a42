//! Parentheses, lists, braces and comprehensions.

use pest::iterators::Pair;

use super::{Builder, Result, broken, deepest, parts};
use crate::diag::Diagnostic;
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::refuse::{Refused, refuse};
use crate::syntax::tree::{Clause, CompKind, Expr, ExprKind};

impl Builder {
    /// `()`, `(a)`, `(a,)`, `(a, b)`. A value in parentheses keeps its kind; its place includes them.
    pub(super) fn paren(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let comma = pair.clone().into_inner().any(|p| p.as_rule() == Rule::comma);
        if pair.clone().into_inner().any(|p| p.as_rule() == Rule::comp) {
            return self.comprehension(parts(pair), CompKind::Generator, span);
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
        if pair.clone().into_inner().any(|p| p.as_rule() == Rule::comp) {
            return self.comprehension(parts(pair), CompKind::List, span);
        }
        let items = parts(pair).map(|p| self.expression(p)).collect::<Result<Vec<_>>>()?;
        self.node(span, deepest(&items), ExprKind::List(items))
    }

    /// An element (of a dict, key and value) and the clauses behind it.
    pub(super) fn comprehension<'a>(
        self,
        pairs: impl Iterator<Item = Pair<'a, Rule>>,
        kind: CompKind,
        span: Span,
    ) -> Result<Expr> {
        let (mut items, mut clauses) = (Vec::new(), Vec::new());
        for part in pairs {
            match part.as_rule() {
                Rule::comp => clauses = self.clauses(part)?,
                _ => items.push(self.expression(part)?),
            }
        }
        if let Some(starred) = items.iter().find(|e| matches!(e.kind, ExprKind::Starred(_))) {
            let message = "iterable unpacking cannot be used in comprehension";
            return Err(Diagnostic::syntax(starred.span, message));
        }
        // Each clause runs inside of the one before.
        let inner = deepest(clauses.iter().flat_map(|c| c.conditions.iter().chain([&c.iter])));
        let below = deepest(&items).max(inner) + clauses.len();
        let mut items = items.into_iter();
        let element = Box::new(items.next().ok_or_else(|| broken(span))?);
        let value = items.next().map(Box::new);
        self.node(span, below, ExprKind::Comp { kind, element, value, clauses })
    }

    /// `yield`, `yield a, b`, `yield from a`.
    pub(super) fn yields(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let from = pair.clone().into_inner().any(|p| p.as_rule() == Rule::kw_from);
        let value = match pair.into_inner().last() {
            Some(value) if value.as_rule() == Rule::star_list => Some(Box::new(self.star_list(value)?)),
            Some(value) if from => Some(Box::new(self.expression(value)?)),
            _ => None,
        };
        let below = value.as_ref().map_or(0, |v| v.depth);
        self.node(span, below, ExprKind::Yield { value, from })
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

    /// A dict or a set, displayed or comprehended.
    pub(super) fn braces(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let comp = pair.clone().into_inner().find(|p| p.as_rule() == Rule::comp);
        let (mut keyed, mut plain) = (Vec::new(), Vec::new());
        for item in parts(pair).filter(|p| p.as_rule() == Rule::item) {
            let here = self.span(&item);
            let mut parts = parts(item);
            let first = parts.next().ok_or_else(|| broken(here))?;
            let second = parts.next();
            if let Some(clauses) = &comp {
                if first.as_rule() == Rule::double_star {
                    return Err(Diagnostic::syntax(
                        here,
                        "dict unpacking cannot be used in dict comprehension",
                    ));
                }
                let kind = if second.is_some() { CompKind::Dict } else { CompKind::Set };
                let pairs = [Some(first), second, Some(clauses.clone())];
                return self.comprehension(pairs.into_iter().flatten(), kind, span);
            }
            match (first.as_rule(), second) {
                (Rule::double_star, _) => {
                    let value = super::parts(first).next().ok_or_else(|| broken(here))?;
                    keyed.push((None, self.operation(value)?));
                }
                (_, None) => plain.push(self.expression(first)?),
                (_, Some(value)) => keyed.push((Some(self.plain(first)?), self.plain(value)?)),
            }
            if !keyed.is_empty() && !plain.is_empty() {
                return Err(Diagnostic::syntax(here, "invalid syntax")
                    .label("a set has items, a dict has `key: value`"));
            }
        }
        if !plain.is_empty() {
            return self.node(span, deepest(&plain), ExprKind::Set(plain));
        }
        let below = deepest(keyed.iter().flat_map(|(key, value)| key.iter().chain([value])));
        self.node(span, below, ExprKind::Dict(keyed))
    }
}
