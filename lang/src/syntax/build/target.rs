//! Expressions as targets of assignment, in CPython's words where they cannot be one.

use pest::iterators::Pair;

use super::{Builder, Result, broken, parts};
use crate::diag::Diagnostic;
use crate::ir::Const;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{CompKind, Expr, ExprKind, Target};

impl Builder {
    /// An expression that stands left of `=`.
    pub(super) fn assignable(self, expr: Expr) -> Result<Target> {
        self.target(expr, "assign to")
    }

    /// The targets of `for`.
    pub(super) fn targets(self, pair: Pair<Rule>) -> Result<Target> {
        let span = self.span(&pair);
        let several = pair.clone().into_inner().any(|p| p.as_rule() == Rule::comma);
        let mut items = self.target_items(pair)?;
        if several {
            return self
                .target(self.node(span, super::deepest(&items), ExprKind::Tuple(items))?, "assign to");
        }
        // No one means `==` in a `for`.
        let no_hint = |error| Diagnostic { hint: None, ..error };
        self.target(items.pop().ok_or_else(|| broken(span))?, "assign to").map_err(no_hint)
    }

    /// The targets of `del`.
    pub(super) fn deleted(self, pair: Pair<Rule>) -> Result<Vec<Target>> {
        self.target_items(pair)?.into_iter().map(|item| self.target(item, "delete")).collect()
    }

    /// The target of `with ... as`.
    pub(super) fn with_target(self, pair: Pair<Rule>) -> Result<Target> {
        let span = self.span(&pair);
        let mut inner: Vec<Pair<Rule>> = pair.into_inner().collect();
        match (inner.pop(), inner.pop()) {
            (Some(item), None) => self.target(self.primary(item)?, "assign to"),
            _ => Err(Diagnostic::syntax(span, "starred assignment target must be in a list or tuple")),
        }
    }

    fn target_items(self, pair: Pair<Rule>) -> Result<Vec<Expr>> {
        let mut items = Vec::new();
        for target in parts(pair) {
            let span = self.span(&target);
            let mut inner: Vec<Pair<Rule>> = target.into_inner().collect();
            let starred = inner.len() > 1;
            let item = self.primary(inner.pop().ok_or_else(|| broken(span))?)?;
            items.push(match starred {
                true => self.node(span, item.depth, ExprKind::Starred(Box::new(item)))?,
                false => item,
            });
        }
        Ok(items)
    }

    fn target(self, expr: Expr, verb: &str) -> Result<Target> {
        let span = expr.span;
        match expr.kind {
            ExprKind::Name(text) => Ok(Target::Name(crate::syntax::tree::Name { text, span })),
            ExprKind::Index(base, index) => Ok(Target::Index { base: *base, index: *index, span }),
            ExprKind::Attr(base, name) => Ok(Target::Attr { base: *base, name, span }),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                let (mut targets, mut starred) = (Vec::new(), None);
                for (i, item) in items.into_iter().enumerate() {
                    targets.push(match item.kind {
                        ExprKind::Starred(_) if verb == "delete" => {
                            return Err(cannot(&item, verb));
                        }
                        ExprKind::Starred(inner) => {
                            if starred.replace(i).is_some() {
                                let message = "multiple starred expressions in assignment";
                                return Err(Diagnostic::syntax(item.span, message)
                                    .label("only one name may take the rest"));
                            }
                            self.target(*inner, verb)?
                        }
                        _ => self.target(item, verb)?,
                    });
                }
                Ok(Target::Tuple { items: targets, starred, span })
            }
            ExprKind::Starred(_) if verb == "assign to" => {
                let message = "starred assignment target must be in a list or tuple";
                Err(Diagnostic::syntax(span, message).hint("add a comma: `*name, = values`"))
            }
            _ => Err(cannot(&expr, verb)),
        }
    }
}

fn cannot(expr: &Expr, verb: &str) -> Diagnostic {
    let error = Diagnostic::syntax(expr.span, format!("cannot {verb} {}", describe(expr)));
    if verb == "delete" {
        return error.label("only names, elements and attributes can be deleted");
    }
    let error = error.label("only names, elements and attributes can be assigned to");
    if matches!(expr.kind, ExprKind::Const(_) | ExprKind::Call { .. } | ExprKind::Binary(..)) {
        return error.hint("to compare, write `==` instead of `=`");
    }
    error
}

/// What CPython calls an expression in its messages about targets.
pub(super) fn describe(expr: &Expr) -> &'static str {
    match &expr.kind {
        ExprKind::Const(Const::None) => "None",
        ExprKind::Const(Const::Bool(true)) => "True",
        ExprKind::Const(Const::Bool(false)) => "False",
        ExprKind::Const(Const::Ellipsis) => "ellipsis",
        ExprKind::Const(_) => "literal",
        ExprKind::Name(_) => "name",
        ExprKind::Tuple(_) => "tuple",
        ExprKind::List(_) => "list",
        ExprKind::Dict(_) => "dict literal",
        ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::And(_) | ExprKind::Or(_) => "expression",
        ExprKind::Compare(..) => "comparison",
        ExprKind::IfElse { .. } => "conditional expression",
        ExprKind::Lambda { .. } => "lambda",
        ExprKind::Comp { kind: CompKind::List, .. } => "list comprehension",
        ExprKind::Comp { kind: CompKind::Set, .. } => "set comprehension",
        ExprKind::Comp { kind: CompKind::Dict, .. } => "dict comprehension",
        ExprKind::Comp { kind: CompKind::Generator, .. } => "generator expression",
        ExprKind::Set(_) => "set display",
        ExprKind::Yield { .. } => "yield expression",
        ExprKind::Call { .. } => "function call",
        ExprKind::Attr(..) => "attribute",
        ExprKind::Index(..) | ExprKind::Slice(..) => "subscript",
        ExprKind::FString(_) => "f-string expression",
        ExprKind::Starred(_) => "starred",
        ExprKind::Walrus(..) => "named expression",
    }
}
