//! A flat chain of operators and operands, folded by Python's precedences.

use std::iter::Peekable;
use std::vec::IntoIter;

use pest::iterators::Pair;

use super::{Builder, Result, broken, deepest};
use crate::diag::Diagnostic;
use crate::ir::{BinOp, CmpOp, MAX_DEPTH, UnaryOp};
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Expr, ExprKind};

/// How tightly operators bind, loosest first, as in Python's reference.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const BIT_OR: u8 = 5;
const BIT_XOR: u8 = 6;
const BIT_AND: u8 = 7;
const SHIFT: u8 = 8;
const SUM: u8 = 9;
const TERM: u8 = 10;
const UNARY: u8 = 11;
const POWER: u8 = 12;

#[derive(Clone, Copy)]
enum Infix {
    And,
    Or,
    Compare(CmpOp),
    Binary(BinOp, u8),
}

impl Infix {
    fn binds(self) -> u8 {
        match self {
            Infix::Or => OR,
            Infix::And => AND,
            Infix::Compare(_) => COMPARE,
            Infix::Binary(_, level) => level,
        }
    }
}

enum Item {
    Prefix(UnaryOp, Span),
    Infix(Infix),
    Operand(Expr),
}

impl Builder {
    pub(super) fn operation(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let mut items = Vec::new();
        for part in pair.into_inner() {
            let here = self.span(&part);
            items.push(match part.as_rule() {
                Rule::primary => Item::Operand(self.primary(part)?),
                Rule::prefix => Item::Prefix(prefix(part.as_str()), here),
                _ => Item::Infix(infix(part, here)?),
            });
        }
        Fold { builder: self, items: items.into_iter().peekable(), depth: 0, span }.level(OR)
    }
}

fn prefix(text: &str) -> UnaryOp {
    match text.trim_end() {
        "-" => UnaryOp::Neg,
        "+" => UnaryOp::Pos,
        "~" => UnaryOp::Invert,
        _ => UnaryOp::Not,
    }
}

fn infix(pair: Pair<Rule>, span: Span) -> Result<Infix> {
    let words: Vec<Pair<Rule>> = pair.into_inner().collect();
    let text = words.iter().map(|w| w.as_str()).collect::<Vec<_>>().join(" ");
    Ok(match text.as_str() {
        "or" => Infix::Or,
        "and" => Infix::And,
        "==" => Infix::Compare(CmpOp::Eq),
        "!=" => Infix::Compare(CmpOp::Ne),
        "<" => Infix::Compare(CmpOp::Lt),
        "<=" => Infix::Compare(CmpOp::Le),
        ">" => Infix::Compare(CmpOp::Gt),
        ">=" => Infix::Compare(CmpOp::Ge),
        "in" => Infix::Compare(CmpOp::In),
        "not in" => Infix::Compare(CmpOp::NotIn),
        "is" => Infix::Compare(CmpOp::Is),
        "is not" => Infix::Compare(CmpOp::IsNot),
        "|" => Infix::Binary(BinOp::BitOr, BIT_OR),
        "^" => Infix::Binary(BinOp::BitXor, BIT_XOR),
        "&" => Infix::Binary(BinOp::BitAnd, BIT_AND),
        "<<" => Infix::Binary(BinOp::LShift, SHIFT),
        ">>" => Infix::Binary(BinOp::RShift, SHIFT),
        "+" => Infix::Binary(BinOp::Add, SUM),
        "-" => Infix::Binary(BinOp::Sub, SUM),
        "*" => Infix::Binary(BinOp::Mul, TERM),
        "/" => Infix::Binary(BinOp::Div, TERM),
        "//" => Infix::Binary(BinOp::FloorDiv, TERM),
        "%" => Infix::Binary(BinOp::Mod, TERM),
        "@" => Infix::Binary(BinOp::MatMul, TERM),
        "**" => Infix::Binary(BinOp::Pow, POWER),
        "<>" => {
            return Err(Diagnostic::syntax(span, "invalid syntax").label("found `<>`").hint("write `!=`"));
        }
        _ => return Err(broken(span)),
    })
}

/// Precedence climbing.
struct Fold {
    builder: Builder,
    items: Peekable<IntoIter<Item>>,
    depth: usize,
    span: Span,
}

impl Fold {
    /// An operand and whatever binds to it at least as tightly as `least`.
    fn level(&mut self, least: u8) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            // As deep as `node` allows; it has the words.
            self.builder.node(self.span, MAX_DEPTH, ExprKind::Tuple(Vec::new()))?;
        }
        let mut left = self.operand(least)?;
        while let Some(Item::Infix(op)) = self.items.peek() {
            let op = *op;
            if op.binds() < least {
                break;
            }
            left = match op {
                Infix::Or => self.chain(left, OR, ExprKind::Or)?,
                Infix::And => self.chain(left, AND, ExprKind::And)?,
                Infix::Compare(_) => self.comparison(left)?,
                Infix::Binary(op, level) => {
                    self.items.next();
                    // `**` groups to the right, and takes a sign on its right.
                    let right = self.level(if level == POWER { UNARY } else { level + 1 })?;
                    let (span, below) = (left.span.to(right.span), left.depth.max(right.depth));
                    self.builder.node(span, below, ExprKind::Binary(op, left.into(), right.into()))?
                }
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self, least: u8) -> Result<Expr> {
        match self.items.next() {
            Some(Item::Operand(expr)) => Ok(expr),
            Some(Item::Prefix(UnaryOp::Not, span)) if least > NOT => {
                Err(Diagnostic::syntax(span, "invalid syntax")
                    .label("`not` binds less tightly than the operator before it")
                    .hint("put it in parentheses: `(not x)`"))
            }
            Some(Item::Prefix(op, span)) => {
                let inner = self.level(if op == UnaryOp::Not { NOT } else { UNARY })?;
                let (span, below) = (span.to(inner.span), inner.depth);
                self.builder.node(span, below, ExprKind::Unary(op, inner.into()))
            }
            _ => Err(broken(self.span)),
        }
    }

    /// `a and b and c`: one node with all operands.
    fn chain(&mut self, first: Expr, level: u8, kind: fn(Vec<Expr>) -> ExprKind) -> Result<Expr> {
        let mut items = vec![first];
        while matches!(self.items.peek(), Some(Item::Infix(op)) if op.binds() == level) {
            self.items.next();
            items.push(self.level(level + 1)?);
        }
        let span = items.iter().fold(items[0].span, |span, item| span.to(item.span));
        let below = deepest(&items);
        self.builder.node(span, below, kind(items))
    }

    fn comparison(&mut self, first: Expr) -> Result<Expr> {
        let (mut span, mut below, mut rest) = (first.span, first.depth, Vec::new());
        while let Some(Item::Infix(Infix::Compare(op))) = self.items.peek() {
            let op = *op;
            self.items.next();
            let right = self.level(COMPARE + 1)?;
            (span, below) = (span.to(right.span), below.max(right.depth));
            rest.push((op, right));
        }
        self.builder.node(span, below, ExprKind::Compare(first.into(), rest))
    }
}
