//! Text to logical lines: what brackets, backslashes and triple quotes join, with the level of indentation.
//!
//! This pass knows just enough of strings and f-strings to find where a line ends. It also bounds the nesting of
//! brackets, so that nothing after it can run out of stack.

use crate::diag::Diagnostic;
use crate::error::Class;
use crate::ir::MAX_BLOCKS;
use crate::source::Span;
use crate::syntax::scan::{Ends, Open, Scanner};

/// A logical line.
#[derive(Debug)]
pub struct Line {
    /// From its first character to its last, the line break excluded.
    pub span: Span,
    /// 0 at the top, one more for each indented block around it.
    pub level: usize,
    /// Set where the line itself is broken: a string or bracket that does not end.
    pub error: Option<Diagnostic>,
}

#[derive(Debug, Default)]
pub struct Lines {
    pub lines: Vec<Line>,
    /// What is still open where the text ends.
    pub open: Option<Open>,
    /// The brackets that are open where the text ends, with their offsets, outermost first.
    pub brackets: Vec<(char, usize)>,
    /// What the end of the text stands in: more typing would go on there.
    pub ends: Ends,
}

/// Cuts a text into logical lines. Never fails: what is wrong is kept with its line.
pub fn cut(text: &str) -> Lines {
    let mut out = Lines::default();
    let mut indents: Vec<Indent> = vec![Indent::default()];
    let mut at = 0;
    while at < text.len() {
        let (indent, start) = measure(text, at);
        let rest = &text[start..];
        if rest.is_empty() {
            break;
        }
        if let Some(length) = newline(rest) {
            at = start + length;
            continue;
        }
        if rest.starts_with('#') {
            at = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
            out.ends = if at < text.len() { Ends::Code } else { Ends::Comment };
            continue;
        }
        let mut scanner = Scanner::new(text, start);
        let end = scanner.line();
        let span = Span::new(start, end.max(start + 1).min(text.len()));
        let problem = place(&mut indents, indent, Span::new(at.min(start), start));
        out.open = scanner.open;
        out.brackets = if end < text.len() { Vec::new() } else { scanner.brackets() };
        out.ends = if end < text.len() { Ends::Code } else { scanner.ends };
        out.lines.push(Line { span, level: indents.len() - 1, error: problem.or(scanner.error) });
        at = end;
    }
    out
}

/// The width of some white space, with tabs to every eighth column, and with tabs as one column: where the two
/// disagree on which of two lines is deeper, so would readers.
#[derive(Clone, Copy, Default, PartialEq)]
struct Indent {
    column: usize,
    tabless: usize,
}

fn measure(text: &str, at: usize) -> (Indent, usize) {
    let mut indent = Indent::default();
    for (i, c) in text[at..].char_indices() {
        match c {
            ' ' => indent = Indent { column: indent.column + 1, tabless: indent.tabless + 1 },
            '\t' => indent = Indent { column: indent.column / 8 * 8 + 8, tabless: indent.tabless + 1 },
            '\x0C' => indent = Indent::default(),
            '\u{feff}' if at + i == 0 => {}
            _ => return (indent, at + i),
        }
    }
    (indent, text.len())
}

/// Opens or closes blocks so that the line at `indent` stands on the top of the stack.
fn place(indents: &mut Vec<Indent>, indent: Indent, span: Span) -> Option<Diagnostic> {
    let top = *indents.last()?;
    if indent.column > top.column {
        if indents.len() > MAX_BLOCKS {
            return Some(Diagnostic::new(Class::IndentationError, span, "too many levels of indentation"));
        }
        indents.push(indent);
        if indent.tabless <= top.tabless {
            return Some(tabs(span));
        }
        return None;
    }
    while indents.len() > 1 && indents.last().is_some_and(|top| top.column > indent.column) {
        indents.pop();
    }
    let top = indents.last().copied().unwrap_or_default();
    if top.column != indent.column {
        let message = "unindent does not match any outer indentation level";
        return Some(
            Diagnostic::new(Class::IndentationError, span, message)
                .label("this line starts between two levels")
                .hint("indent it as a line above it in the same block"),
        );
    }
    (top.tabless != indent.tabless).then(|| tabs(span))
}

fn tabs(span: Span) -> Diagnostic {
    Diagnostic::new(Class::TabError, span, "inconsistent use of tabs and spaces in indentation")
        .label("tabs and spaces disagree with the lines above")
        .hint("indent with spaces only")
}

/// The length of the line break that `text` begins with.
pub fn newline(text: &str) -> Option<usize> {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n' | b'\r', ..] => Some(1),
        _ => None,
    }
}
