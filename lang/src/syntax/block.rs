//! Logical lines to blocks: what belongs to which header. A broken line costs its own block, never the rest.

use crate::diag::Diagnostic;
use crate::error::Class;
use crate::ir::MAX_BLOCKS;
use crate::source::Span;
use crate::syntax::Parsed;
use crate::syntax::build::{self, Header, LineTree};
use crate::syntax::lines::Lines;
use crate::syntax::tree::{Expr, Handler, Stmt, StmtKind};

pub fn parse(text: &str, lines: &Lines) -> Parsed {
    let mut blocks = Blocks {
        text,
        lines,
        at: 0,
        silent: false,
        diagnostics: Vec::new(),
        expects_block: false,
        unfinished: 0,
    };
    let body = blocks.block(0, 0);
    Parsed {
        body,
        silent: blocks.silent,
        diagnostics: blocks.diagnostics,
        expects_block: blocks.expects_block,
        unfinished: blocks.unfinished,
    }
}

struct Blocks<'a> {
    text: &'a str,
    lines: &'a Lines,
    at: usize,
    /// The last line read ended with a semicolon.
    silent: bool,
    diagnostics: Vec<Diagnostic>,
    expects_block: bool,
    unfinished: usize,
}

impl Blocks<'_> {
    /// The lines at `level`; `depth` counts the blocks around them, a chain of `elif` among them.
    fn block(&mut self, level: usize, depth: usize) -> Vec<Stmt> {
        let mut out = Vec::new();
        while let Some(line) = self.lines.lines.get(self.at) {
            if line.level < level {
                break;
            }
            if line.level > level {
                let error = Diagnostic::new(Class::IndentationError, line.span, "unexpected indent");
                self.diagnostics
                    .push(error.label("indented deeper than the line above, which opens no block"));
                let inner = line.level;
                out.extend(self.block(inner, depth + 1));
                continue;
            }
            self.line(level, depth, &mut out);
        }
        out
    }

    /// One line, with the block that it opens.
    fn line(&mut self, level: usize, depth: usize, out: &mut Vec<Stmt>) {
        let Some(line) = self.lines.lines.get(self.at) else {
            return;
        };
        self.at += 1;
        let tree = match &line.error {
            Some(error) => Err(error.clone()),
            None => build::line(self.text, line.span),
        };
        match tree {
            Ok(LineTree { decorator: Some(decorator), .. }) => {
                self.silent = false;
                self.decorated(decorator, line.span, level, depth, out);
            }
            Ok(LineTree { header: None, statements, silent, .. }) => {
                self.silent = silent;
                out.extend(statements);
            }
            Ok(LineTree { header: Some((header, span)), statements: inline, silent, .. }) => {
                self.silent = silent;
                let follows_broken = matches!(out.last(), Some(Stmt { kind: StmtKind::Broken { .. }, .. }));
                out.push(self.compound(header, span, inline, level, depth, follows_broken));
            }
            Err(error) => {
                let word = self.text[line.span.start as usize..line.span.end as usize].trim_start();
                let follows = matches!(out.last(), Some(Stmt { kind: StmtKind::Broken { .. }, .. }))
                    && word.starts_with("case");
                let follows = follows || level > 0 && word.starts_with("case ");
                if !follows {
                    self.diagnostics.push(error);
                }
                out.push(self.broken(line.span, level, depth));
            }
        }
    }

    /// The `def` or `class` that a decorator stands above.
    fn decorated(&mut self, decorator: Expr, span: Span, level: usize, depth: usize, out: &mut Vec<Stmt>) {
        let before = out.len();
        let follows = self.lines.lines.get(self.at).is_some_and(|next| next.level == level);
        if follows {
            self.line(level, depth, out);
        }
        match out.get_mut(before).map(|stmt| &mut stmt.kind) {
            Some(StmtKind::Def { decorators, .. } | StmtKind::Class { decorators, .. }) => {
                decorators.insert(0, decorator);
            }
            Some(StmtKind::Broken { .. }) => {}
            _ => {
                self.unfinished += (!follows && self.at >= self.lines.lines.len()) as usize;
                let error = Diagnostic::syntax(span, "invalid syntax");
                self.diagnostics.push(error.label("a decorator stands just above a `def` or a `class`"));
            }
        }
    }

    fn broken(&mut self, span: Span, level: usize, depth: usize) -> Stmt {
        let line = &self.text[span.start as usize..span.end as usize];
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty());
        let words = words.map(str::to_string).collect();
        let body = match self.lines.lines.get(self.at) {
            Some(next) if next.level > level => {
                let inner = next.level;
                self.block(inner, depth + 1)
            }
            _ => Vec::new(),
        };
        Stmt { span, kind: StmtKind::Broken { words, body } }
    }

    fn compound(
        &mut self,
        header: Header,
        span: Span,
        inline: Vec<Stmt>,
        level: usize,
        depth: usize,
        follows_broken: bool,
    ) -> Stmt {
        if depth >= MAX_BLOCKS {
            let message = "too many statically nested blocks";
            self.diagnostics.push(Diagnostic::syntax(span, message).label(format!("more than {MAX_BLOCKS}")));
            return self.broken(span, level, depth);
        }
        let body = self.body(&header, span, inline, level, depth);
        let kind = match header {
            Header::If(test) => StmtKind::If { test, body, orelse: self.orelse(level, depth, true) },
            Header::While(test) => StmtKind::While { test, body, orelse: self.orelse(level, depth, false) },
            Header::For(target, iter) => {
                StmtKind::For { target, iter, body, orelse: self.orelse(level, depth, false) }
            }
            Header::Def(name, params) => StmtKind::Def { decorators: Vec::new(), name, params, body },
            Header::Class(name, bases) => StmtKind::Class { decorators: Vec::new(), name, bases, body },
            Header::With(items) => StmtKind::With { items, body },
            Header::Try => self.handlers(body, span, level, depth),
            Header::Except(..) | Header::Finally => {
                if !follows_broken {
                    let word = header.word();
                    let error = Diagnostic::syntax(span, "invalid syntax");
                    self.diagnostics
                        .push(error.label(format!("`{word}` without a `try` just above, at the same level")));
                }
                StmtKind::Broken { words: Vec::new(), body }
            }
            Header::Elif(_) | Header::Else => {
                if !follows_broken {
                    let word = header.word();
                    let opens = if word == "elif" { "an `if`" } else { "an `if`, `for`, `while` or `try`" };
                    let error = Diagnostic::syntax(span, "invalid syntax");
                    self.diagnostics
                        .push(error.label(format!("`{word}` without {opens} just above, at the same level")));
                }
                StmtKind::Broken { words: Vec::new(), body }
            }
        };
        Stmt { span, kind }
    }

    /// The block of a header: behind its colon, or the deeper lines that follow.
    fn body(
        &mut self,
        header: &Header,
        span: Span,
        inline: Vec<Stmt>,
        level: usize,
        depth: usize,
    ) -> Vec<Stmt> {
        if !inline.is_empty() {
            return inline;
        }
        match self.lines.lines.get(self.at) {
            Some(next) if next.level > level => {
                let inner = next.level;
                self.block(inner, depth + 1)
            }
            next => {
                let (word, line) =
                    (header.word(), self.text[..span.start as usize].matches('\n').count() + 1);
                let what = match header {
                    Header::Def(..) => "function definition".to_string(),
                    Header::Class(..) => "class definition".to_string(),
                    _ => format!("'{word}' statement"),
                };
                let at = next.map_or(Span { start: span.end.saturating_sub(1), end: span.end }, |n| n.span);
                self.expects_block |= next.is_none();
                let message = format!("expected an indented block after {what} on line {line}");
                let error = Diagnostic::new(Class::IndentationError, at, message);
                self.diagnostics.push(match next {
                    Some(_) => {
                        error.label("expected this line to be indented").also(span, "this opens a block")
                    }
                    None => {
                        error.label("expected a block after this").hint("write `pass` for an empty block")
                    }
                });
                Vec::new()
            }
        }
    }

    /// What follows the body of a `try` at the same level.
    fn handlers(&mut self, body: Vec<Stmt>, span: Span, level: usize, depth: usize) -> StmtKind {
        let mut handlers: Vec<Handler> = Vec::new();
        let mut broken = false;
        while let Some(line) = self.clause(level, "except") {
            match line {
                Ok(LineTree { header: Some((header, span)), statements: inline, .. }) => {
                    let body = self.body(&header, span, inline, level, depth);
                    if let Some(Handler { class: None, span, .. }) = handlers.last() {
                        self.diagnostics.push(Diagnostic::syntax(*span, "default 'except:' must be last"));
                    }
                    if let Header::Except(class, name) = header {
                        handlers.push(Handler { span, class, name, body });
                    }
                }
                _ => {
                    broken = true;
                    let mut out = Vec::new();
                    self.line(level, depth, &mut out);
                }
            }
        }
        let orelse = match handlers.is_empty() {
            true => Vec::new(),
            false => self.orelse(level, depth, false),
        };
        let finally = match self.clause(level, "finally") {
            Some(Ok(LineTree { header: Some((header, span)), statements: inline, .. })) => {
                Some(self.body(&header, span, inline, level, depth))
            }
            Some(_) => {
                broken = true;
                let mut out = Vec::new();
                self.line(level, depth, &mut out);
                None
            }
            None => None,
        };
        if handlers.is_empty() && finally.is_none() && !broken {
            self.unfinished += (self.at >= self.lines.lines.len()) as usize;
            let error = Diagnostic::syntax(span, "expected 'except' or 'finally' block");
            self.diagnostics.push(error.label("this `try` has none"));
        }
        StmtKind::Try { body, handlers, orelse, finally: finally.unwrap_or_default() }
    }

    /// The next line, when it stands at this level and begins with the word. One that cannot be read is left where it is.
    fn clause(&mut self, level: usize, word: &str) -> Option<Result<LineTree, ()>> {
        let line = self.lines.lines.get(self.at)?;
        let text = &self.text[line.span.start as usize..line.span.end as usize];
        let first = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
        if line.level != level || first != Some(word) {
            return None;
        }
        match build::line(self.text, line.span) {
            Ok(tree) if line.error.is_none() && tree.header.is_some() => {
                self.at += 1;
                self.silent = tree.silent;
                Some(Ok(tree))
            }
            _ => Some(Err(())),
        }
    }

    /// `elif` and `else` at the same level. A chain of `elif` nests.
    fn orelse(&mut self, level: usize, depth: usize, elif: bool) -> Vec<Stmt> {
        let Some(line) = self.lines.lines.get(self.at) else {
            return Vec::new();
        };
        let text = &self.text[line.span.start as usize..line.span.end as usize];
        let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        if line.level != level || line.error.is_some() || !(word == "else" || elif && word == "elif") {
            return Vec::new();
        }
        match build::line(self.text, line.span) {
            Ok(LineTree { header: Some((Header::Else, span)), statements: inline, silent, .. }) => {
                self.at += 1;
                self.silent = silent;
                self.body(&Header::Else, span, inline, level, depth)
            }
            Ok(LineTree {
                header: Some((header @ Header::Elif(_), span)),
                statements: inline,
                silent,
                ..
            }) => {
                self.at += 1;
                self.silent = silent;
                vec![self.compound(header_if(header), span, inline, level, depth + 1, false)]
            }
            // Broken: `line` reports it.
            _ => {
                let mut out = Vec::new();
                self.line(level, depth, &mut out);
                out
            }
        }
    }
}

fn header_if(header: Header) -> Header {
    match header {
        Header::Elif(test) => Header::If(test),
        other => other,
    }
}
