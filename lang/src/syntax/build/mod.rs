//! Pest's pairs to the tree: one logical line.

mod collections;
mod expr;
mod fstring;
mod imports;
mod operators;
mod params;
mod statement;
mod target;

use pest::Parser;
use pest::iterators::{Pair, Pairs};

use crate::diag::Diagnostic;
use crate::ir::MAX_DEPTH;
use crate::source::Span;
use crate::syntax::expected;
use crate::syntax::grammar::{Grammar, Rule};
use crate::syntax::tree::{Expr, ExprKind, Name, Param, Stmt, Target};

type Result<T> = std::result::Result<T, Diagnostic>;

/// A logical line, before lines are put together to blocks.
#[derive(Debug)]
pub struct LineTree {
    /// What opens a block, and its place up to the colon.
    pub header: Option<(Header, Span)>,
    /// The simple statements of the line, or behind the header's colon.
    pub statements: Vec<Stmt>,
    /// `@decorator`: what follows is a `def` or a `class`.
    pub decorator: Option<Expr>,
    /// A semicolon ends the line.
    pub silent: bool,
}

#[derive(Debug)]
pub enum Header {
    If(Expr),
    Elif(Expr),
    Else,
    While(Expr),
    For(Target, Expr),
    Def(Name, Vec<Param>),
    Try,
    Except(Option<Expr>, Option<Name>),
    Finally,
    With(Vec<(Expr, Option<Target>)>),
    /// The arguments behind the name.
    Class(Name, Vec<Expr>),
}

impl Header {
    pub fn word(&self) -> &'static str {
        match self {
            Header::If(_) => "if",
            Header::Elif(_) => "elif",
            Header::Else => "else",
            Header::While(_) => "while",
            Header::For(..) => "for",
            Header::Def(..) => "def",
            Header::Try => "try",
            Header::Except(..) => "except",
            Header::Finally => "finally",
            Header::With(_) => "with",
            Header::Class(..) => "class",
        }
    }
}

/// Lambdas that one logical line may hold.
const MAX_LAMBDAS: usize = 500;

/// Parses the logical line at `span` of `text`.
pub fn line(text: &str, span: Span) -> Result<LineTree> {
    let (start, end) = (span.start as usize, span.end as usize);
    let slice = &text[start..end];
    // What nests without brackets, which `lines` has counted: a guard for pest's own recursion.
    if slice.matches("lambda").count() > MAX_LAMBDAS {
        let error = Diagnostic::syntax(span, "too many lambdas in one statement");
        return Err(error.hint("write functions with `def`"));
    }
    match Grammar::parse(Rule::line, slice) {
        Ok(mut pairs) => match pairs.next() {
            Some(line) => Builder { base: start, lambdas: 0 }.line(line),
            None => Err(broken(span)),
        },
        Err(error) => Err(expected::explain(text, start, end, &error)),
    }
}

/// Builds the tree of a line that begins at offset `base` of its source.
#[derive(Clone, Copy)]
struct Builder {
    base: usize,
    /// Lambdas around.
    lambdas: usize,
}

impl Builder {
    /// The place of a pair. A rule's own span may run on over white space; its last token's does not.
    fn span(&self, pair: &Pair<Rule>) -> Span {
        let mut last = pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        Span::new(self.base + pair.as_span().start(), self.base + last.as_span().end())
    }

    fn name(&self, pair: &Pair<Rule>) -> Name {
        Name { text: pair.as_str().to_string(), span: self.span(pair) }
    }

    /// A node above others, the deepest of which has depth `below`.
    fn node(&self, span: Span, below: usize, kind: ExprKind) -> Result<Expr> {
        if below >= MAX_DEPTH {
            return Err(Diagnostic::syntax(span, "the expression is nested too deeply")
                .label(format!("more than {MAX_DEPTH} operations inside of each other"))
                .hint("compute it in several statements"));
        }
        Ok(Expr { span, depth: below + 1, kind })
    }
}

/// The depth of the deepest of some expressions.
fn deepest<'a>(items: impl IntoIterator<Item = &'a Expr>) -> usize {
    items.into_iter().map(|e| e.depth).max().unwrap_or(0)
}

/// `:=` without parentheses, where Python has none.
fn no_walrus(pair: &Pair<Rule>, span: Span) -> Result<()> {
    match pair.as_rule() {
        Rule::walrus => Err(Diagnostic::syntax(span, "invalid syntax").label("`:=` needs parentheses here")),
        _ => Ok(()),
    }
}

/// The pairs inside of one that carry meaning by themselves: no keywords and no marks.
fn parts(pair: Pair<Rule>) -> impl Iterator<Item = Pair<Rule>> {
    let inner: Pairs<Rule> = pair.into_inner();
    inner.filter(|p| {
        !matches!(
            p.as_rule(),
            Rule::lpar
                | Rule::rpar
                | Rule::lsqb
                | Rule::rsqb
                | Rule::lbrace
                | Rule::rbrace
                | Rule::comma
                | Rule::colon
                | Rule::block_colon
                | Rule::at
                | Rule::eq
                | Rule::EOI
                | Rule::kw_as
                | Rule::kw_assert
                | Rule::kw_break
                | Rule::kw_class
                | Rule::kw_continue
                | Rule::kw_def
                | Rule::kw_del
                | Rule::kw_elif
                | Rule::kw_else
                | Rule::kw_except
                | Rule::kw_finally
                | Rule::kw_for
                | Rule::kw_from
                | Rule::kw_global
                | Rule::kw_if
                | Rule::kw_import
                | Rule::kw_in
                | Rule::kw_lambda
                | Rule::kw_nonlocal
                | Rule::kw_pass
                | Rule::kw_raise
                | Rule::kw_return
                | Rule::kw_try
                | Rule::kw_while
                | Rule::kw_with
        )
    })
}

/// The grammar promised something that is not there: a defect of ours, reported as such instead of a panic.
fn broken(span: Span) -> Diagnostic {
    Diagnostic::syntax(span, "invalid syntax").label("the parser could not make sense of this")
}
