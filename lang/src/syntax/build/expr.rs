//! Expressions, but for displays and operators.

use pest::iterators::Pair;

use super::{Builder, Result, broken, deepest, parts};
use crate::diag::Diagnostic;
use crate::ir::Const;
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::literal;
use crate::syntax::refuse::{Refused, refuse};
use crate::syntax::tree::{CompKind, Expr, ExprKind, Keyword};

impl Builder {
    /// Values with commas between: one value, or a tuple. Starred elements stand as such.
    pub(super) fn star_list(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let several = pair.clone().into_inner().any(|p| p.as_rule() == Rule::comma);
        let mut items = parts(pair).map(|p| self.plain(p)).collect::<Result<Vec<_>>>()?;
        if several {
            return self.node(span, deepest(&items), ExprKind::Tuple(items));
        }
        items.pop().ok_or_else(|| broken(span))
    }

    /// A value where `:=` must stand in parentheses.
    pub(super) fn plain(self, pair: Pair<Rule>) -> Result<Expr> {
        super::no_walrus(&pair, self.span(&pair))?;
        self.expression(pair)
    }

    pub(super) fn expression(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::ternary => self.ternary(pair),
            Rule::operation => self.operation(pair),
            Rule::lambda => self.lambda(pair, span),
            Rule::walrus => {
                let mut inner = parts(pair);
                let name = self.name(&inner.next().ok_or_else(|| broken(span))?);
                let value = self.expression(inner.next().ok_or_else(|| broken(span))?)?;
                self.node(span, value.depth, ExprKind::Walrus(name, Box::new(value)))
            }
            Rule::yield_expr => self.yields(pair),
            Rule::starred => {
                let operation = pair.into_inner().next_back().ok_or_else(|| broken(span))?;
                let item = self.operation(operation)?;
                self.node(span, item.depth, ExprKind::Starred(Box::new(item)))
            }
            _ => Err(broken(span)),
        }
    }

    /// `a if b else c if d else e`: the later conditions belong to the last `else`.
    fn ternary(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let mut items = parts(pair).map(|p| self.expression(p)).collect::<Result<Vec<_>>>()?;
        let mut orelse = items.pop().ok_or_else(|| broken(span))?;
        while let Some(test) = items.pop() {
            let Some(body) = items.pop() else {
                return Err(broken(span));
            };
            let below = test.depth.max(body.depth).max(orelse.depth);
            let kind = ExprKind::IfElse { test: test.into(), body: body.into(), orelse: orelse.into() };
            let start = match &kind {
                ExprKind::IfElse { body, .. } => body.span.start,
                _ => span.start,
            };
            orelse = self.node(Span { start, end: span.end }, below, kind)?;
        }
        Ok(orelse)
    }

    fn lambda(self, pair: Pair<Rule>, span: Span) -> Result<Expr> {
        // Checked on the way down too: a lambda nests without brackets.
        self.node(span, self.lambdas, ExprKind::Tuple(Vec::new()))?;
        let inner = Builder { lambdas: self.lambdas + 1, ..self };
        let mut params = Vec::new();
        let mut body = None;
        for part in parts(pair) {
            match part.as_rule() {
                Rule::lparams => params = inner.params(part)?,
                _ => body = Some(inner.plain(part)?),
            }
        }
        let body = body.ok_or_else(|| broken(span))?;
        let below = deepest(params.iter().filter_map(|p| p.default.as_ref())).max(body.depth);
        self.node(span, below, ExprKind::Lambda { params, body: body.into() })
    }

    /// An atom with its calls, subscripts and attributes.
    pub(super) fn primary(self, pair: Pair<Rule>) -> Result<Expr> {
        let mut inner = pair.clone().into_inner();
        let atom = inner.next().ok_or_else(|| broken(self.span(&pair)))?;
        let mut value = self.atom(atom)?;
        for trailer in inner {
            let span = value.span.to(self.span(&trailer));
            value = match trailer.as_rule() {
                Rule::call => self.call(value, trailer, span)?,
                Rule::index => {
                    let index = self.subscripts(trailer)?;
                    let below = value.depth.max(index.depth);
                    self.node(span, below, ExprKind::Index(value.into(), index.into()))?
                }
                _ => {
                    let name = parts(trailer).next().ok_or_else(|| broken(span))?;
                    let below = value.depth;
                    self.node(span, below, ExprKind::Attr(value.into(), self.name(&name)))?
                }
            };
        }
        Ok(value)
    }

    fn atom(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let text = pair.as_str();
        let kind = match pair.as_rule() {
            Rule::name => ExprKind::Name(text.to_string()),
            Rule::number => ExprKind::Const(literal::number(text, span)?),
            Rule::bad_number => return Err(literal::bad_number(text, span)),
            Rule::constant => ExprKind::Const(match text {
                "None" => Const::None,
                _ => Const::Bool(text == "True"),
            }),
            Rule::ellipsis => ExprKind::Const(Const::Ellipsis),
            Rule::strings => return self.strings(pair),
            Rule::paren => return self.paren(pair),
            Rule::list => return self.list(pair),
            Rule::braces => return self.braces(pair),
            Rule::refused_atom => {
                let what = if text.starts_with("await") { Refused::Await } else { Refused::Yield };
                return Err(refuse(what, span));
            }
            _ => return Err(broken(span)),
        };
        self.node(span, 0, kind)
    }

    fn call(self, func: Expr, pair: Pair<Rule>, span: Span) -> Result<Expr> {
        let (mut args, mut keywords) = (Vec::new(), Vec::new());
        let several = parts(pair.clone()).count() > 1;
        for argument in parts(pair) {
            let here = self.span(&argument);
            let generates = argument.clone().into_inner().any(|p| p.as_rule() == Rule::comp);
            if generates && several {
                let error = Diagnostic::syntax(here, "Generator expression must be parenthesized");
                return Err(error.hint("write it in parentheses: `f((... for ... in ...), x)`"));
            }
            if generates {
                args.push(self.comprehension(parts(argument), CompKind::Generator, here)?);
                continue;
            }
            let mut inner = parts(argument);
            let first = inner.next().ok_or_else(|| broken(here))?;
            match first.as_rule() {
                Rule::double_star => {
                    let value = parts(first).next().ok_or_else(|| broken(here))?;
                    keywords.push((None, self.operation(value)?));
                }
                Rule::starred if keywords.iter().any(|(name, _)| name.is_none()) => {
                    let message = "iterable argument unpacking follows keyword argument unpacking";
                    return Err(Diagnostic::syntax(here, message));
                }
                Rule::starred => args.push(self.expression(first)?),
                Rule::keyword_arg => {
                    let mut inner = parts(first);
                    let name = self.name(&inner.next().ok_or_else(|| broken(here))?);
                    let value = self.plain(inner.next().ok_or_else(|| broken(here))?)?;
                    if keywords.iter().any(|(k, _): &Keyword| k.as_ref().is_some_and(|k| k.text == name.text))
                    {
                        let message = format!("keyword argument repeated: {}", name.text);
                        return Err(Diagnostic::syntax(name.span, message).label("given a second time"));
                    }
                    keywords.push((Some(name), value));
                }
                _ if !keywords.is_empty() => {
                    let message = match keywords.iter().any(|(name, _)| name.is_none()) {
                        true => "positional argument follows keyword argument unpacking",
                        false => "positional argument follows keyword argument",
                    };
                    return Err(
                        Diagnostic::syntax(here, message).hint("move it before the first `name=value`")
                    );
                }
                _ => args.push(self.expression(first)?),
            }
        }
        let below = deepest(args.iter().chain(keywords.iter().map(|(_, value)| value))).max(func.depth);
        self.node(span, below, ExprKind::Call { func: func.into(), args, keywords })
    }

    /// What stands between `[` and `]`: one index or slice, or a tuple of them.
    fn subscripts(self, pair: Pair<Rule>) -> Result<Expr> {
        let whole = self.span(&pair);
        let several = pair.clone().into_inner().any(|p| p.as_rule() == Rule::comma);
        let mut items = parts(pair).map(|p| self.subscript(p)).collect::<Result<Vec<_>>>()?;
        if several {
            let span = match (items.first(), items.last()) {
                (Some(first), Some(last)) => first.span.to(last.span),
                _ => whole,
            };
            return self.node(span, deepest(&items), ExprKind::Tuple(items));
        }
        match items.pop() {
            // `a[*index]` is `a[(*index,)]`.
            Some(item) if matches!(item.kind, ExprKind::Starred(_)) => {
                self.node(item.span, item.depth, ExprKind::Tuple(vec![item]))
            }
            item => item.ok_or_else(|| broken(whole)),
        }
    }

    fn subscript(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let (mut start, mut stop, mut step, mut slice) = (None, None, None, false);
        for part in parts(pair) {
            if part.as_rule() != Rule::slice_tail {
                start = Some(self.expression(part)?);
                continue;
            }
            slice = true;
            for bound in parts(part) {
                let to = if bound.as_rule() == Rule::stop { &mut stop } else { &mut step };
                *to = Some(self.expression(bound.into_inner().next().ok_or_else(|| broken(span))?)?);
            }
        }
        if !slice {
            return start.ok_or_else(|| broken(span));
        }
        let below = deepest([&start, &stop, &step].into_iter().flatten());
        let boxed = |e: Option<Expr>| e.map(Box::new);
        self.node(span, below, ExprKind::Slice(boxed(start), boxed(stop), boxed(step)))
    }
}
