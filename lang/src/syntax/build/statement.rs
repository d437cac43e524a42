//! Lines and simple statements.

use pest::iterators::Pair;

use super::{Builder, Header, LineTree, Result, broken, parts};
use crate::diag::Diagnostic;
use crate::ir::BinOp;
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::refuse::{Refused, refuse};
use crate::syntax::tree::{Expr, Name, Stmt, StmtKind, Target};

impl Builder {
    pub(super) fn line(self, line: Pair<Rule>) -> Result<LineTree> {
        let span = self.span(&line);
        let Some(inner) = parts(line).next() else {
            return Err(broken(span));
        };
        match inner.as_rule() {
            Rule::statements => {
                let (statements, silent) = self.statements(inner)?;
                Ok(LineTree { header: None, statements, decorator: None, silent })
            }
            Rule::decorator => {
                let value = parts(inner).next().ok_or_else(|| broken(span))?;
                let decorator = Some(self.expression(value)?);
                Ok(LineTree { header: None, statements: Vec::new(), decorator, silent: false })
            }
            Rule::refused_block => Err(self.refused(inner)),
            _ => self.header(inner),
        }
    }

    fn header(self, pair: Pair<Rule>) -> Result<LineTree> {
        let rule = pair.as_rule();
        let colon = pair.clone().into_inner().find(|p| p.as_rule() == Rule::block_colon);
        let whole = self.span(&pair);
        let span = Span { end: colon.map_or(whole.end, |c| self.span(&c).end), ..whole };
        let (mut statements, mut silent, mut rest) = (Vec::new(), false, Vec::new());
        for part in parts(pair) {
            match part.as_rule() {
                Rule::statements => (statements, silent) = self.statements(part)?,
                Rule::returns => {}
                _ => rest.push(part),
            }
        }
        let mut rest = rest.into_iter();
        let mut next = || rest.next().ok_or_else(|| broken(span));
        let header = match rule {
            Rule::if_line => Header::If(self.expression(next()?)?),
            Rule::elif_line => Header::Elif(self.expression(next()?)?),
            Rule::else_line => Header::Else,
            Rule::while_line => Header::While(self.expression(next()?)?),
            Rule::for_line => Header::For(self.targets(next()?)?, self.star_list(next()?)?),
            Rule::try_line => Header::Try,
            Rule::except_line => {
                let class = next().ok().map(|p| self.expression(p)).transpose()?;
                Header::Except(class, next().ok().map(|p| self.name(&p)))
            }
            Rule::finally_line => Header::Finally,
            Rule::with_line => Header::With(self.with_items(next()?)?),
            Rule::class_line => {
                let name = self.name(&next()?);
                Header::Class(name, next().ok().map_or(Ok(Vec::new()), |call| self.bases(call))?)
            }
            _ => Header::Def(self.name(&next()?), next().ok().map_or(Ok(Vec::new()), |p| self.params(p))?),
        };
        Ok(LineTree { header: Some((header, span)), statements, decorator: None, silent })
    }

    fn with_items(self, pair: Pair<Rule>) -> Result<Vec<(Expr, Option<Target>)>> {
        let mut out = Vec::new();
        for item in parts(pair) {
            let span = self.span(&item);
            let mut parts = parts(item);
            let value = parts.next().ok_or_else(|| broken(span))?;
            out.push((self.expression(value)?, parts.next().map(|p| self.with_target(p)).transpose()?));
        }
        Ok(out)
    }

    /// What stands in parentheses behind a class's name.
    fn bases(self, call: Pair<Rule>) -> Result<Vec<Expr>> {
        let mut out = Vec::new();
        for argument in parts(call) {
            let span = self.span(&argument);
            match parts(argument).next() {
                Some(base) if matches!(base.as_rule(), Rule::ternary) => out.push(self.expression(base)?),
                _ => return Err(refuse(Refused::ClassKeyword, span)),
            }
        }
        Ok(out)
    }

    /// Statements on one line, and whether a semicolon ends them.
    fn statements(self, pair: Pair<Rule>) -> Result<(Vec<Stmt>, bool)> {
        let mut out = Vec::new();
        let mut silent = false;
        for part in pair.into_inner() {
            silent = part.as_rule() == Rule::semicolon;
            if !silent {
                self.statement(part, &mut out)?;
            }
        }
        Ok((out, silent))
    }

    fn statement(self, pair: Pair<Rule>, out: &mut Vec<Stmt>) -> Result<()> {
        let span = self.span(&pair);
        let names = |pair| parts(pair).map(|p| self.name(&p)).collect::<Vec<Name>>();
        let kind = match pair.as_rule() {
            Rule::import_name => return self.import_name(pair, out),
            Rule::import_from => self.import_from(pair)?,
            Rule::return_stmt => StmtKind::Return(parts(pair).next().map(|p| self.star_list(p)).transpose()?),
            Rule::del_stmt => {
                let targets = parts(pair).next().ok_or_else(|| broken(span))?;
                StmtKind::Del(self.deleted(targets)?)
            }
            Rule::assert_stmt => {
                let mut parts = parts(pair);
                let mut next = || parts.next().map(|p| self.plain(p)).transpose();
                StmtKind::Assert { test: next()?.ok_or_else(|| broken(span))?, message: next()? }
            }
            Rule::raise_stmt => {
                let mut parts = parts(pair).map(|p| self.plain(p));
                StmtKind::Raise { exception: parts.next().transpose()?, cause: parts.next().transpose()? }
            }
            Rule::global_stmt => StmtKind::Global(names(pair)),
            Rule::nonlocal_stmt => StmtKind::Nonlocal(names(pair)),
            Rule::pass_stmt => StmtKind::Pass,
            Rule::break_stmt => StmtKind::Break,
            Rule::continue_stmt => StmtKind::Continue,
            Rule::refused_stmt => return Err(self.refused(pair)),
            _ => self.assignment(pair, span)?,
        };
        out.push(Stmt { span, kind });
        Ok(())
    }

    fn assignment(self, pair: Pair<Rule>, span: Span) -> Result<StmtKind> {
        let mut parts: Vec<Pair<Rule>> = parts(pair).collect();
        let last = parts.pop().ok_or_else(|| broken(span))?;
        match (last.as_rule(), parts.pop()) {
            (Rule::annotation, Some(target)) => self.annotated(target, last),
            (Rule::augmented, Some(target)) => self.augmented(target, last),
            (_, None) => Ok(StmtKind::Expr(self.right_side(last)?)),
            (_, Some(target)) => {
                parts.push(target);
                let value = self.right_side(last)?;
                let targets =
                    parts.into_iter().map(|p| self.assignable(self.right_side(p)?)).collect::<Result<_>>()?;
                Ok(StmtKind::Assign { targets, value })
            }
        }
    }

    fn annotated(self, target: Pair<Rule>, annotation: Pair<Rule>) -> Result<StmtKind> {
        let target = self.assignable(self.star_list(target)?)?;
        if let Target::Tuple { span, .. } = target {
            return Err(Diagnostic::syntax(span, "only single target (not tuple) can be annotated"));
        }
        let mut parts = parts(annotation);
        if let Some(note) = parts.next() {
            self.expression(note)?;
        }
        Ok(StmtKind::Annotated { target, value: parts.next().map(|p| self.right_side(p)).transpose()? })
    }

    /// A `yield`, or values with commas between.
    fn right_side(self, pair: Pair<Rule>) -> Result<Expr> {
        match pair.as_rule() {
            Rule::yield_expr => self.yields(pair),
            _ => self.star_list(pair),
        }
    }

    fn augmented(self, target: Pair<Rule>, augmented: Pair<Rule>) -> Result<StmtKind> {
        let target = self.star_list(target)?;
        let (span, word) = (target.span, super::target::describe(&target));
        let illegal = || {
            let message = format!("'{word}' is an illegal expression for augmented assignment");
            Diagnostic::syntax(span, message)
                .label("only a name, an element or an attribute can be changed in place")
        };
        let target = match self.assignable(target) {
            Ok(Target::Tuple { .. }) | Err(_) => return Err(illegal()),
            Ok(target) => target,
        };
        let mut parts = parts(augmented);
        let op = parts.next().ok_or_else(|| broken(span))?;
        let value = self.right_side(parts.next().ok_or_else(|| broken(span))?)?;
        let op = match op.as_str() {
            "+=" => BinOp::Add,
            "-=" => BinOp::Sub,
            "*=" => BinOp::Mul,
            "/=" => BinOp::Div,
            "//=" => BinOp::FloorDiv,
            "%=" => BinOp::Mod,
            "**=" => BinOp::Pow,
            "@=" => BinOp::MatMul,
            "<<=" => BinOp::LShift,
            ">>=" => BinOp::RShift,
            "&=" => BinOp::BitAnd,
            "|=" => BinOp::BitOr,
            _ => BinOp::BitXor,
        };
        Ok(StmtKind::AugAssign { target, op, value })
    }

    /// A statement of Python's that the language does not have.
    fn refused(self, pair: Pair<Rule>) -> Diagnostic {
        let word = pair.clone().into_inner().next().unwrap_or(pair);
        let what = match word.as_str() {
            "async" => Refused::Async,
            "type" => Refused::TypeAlias,
            _ => Refused::Match,
        };
        refuse(what, self.span(&word))
    }
}
