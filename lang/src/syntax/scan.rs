//! Where a logical line ends: a scan over brackets, strings and f-strings, with an explicit stack.

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::syntax::lines::newline;

/// Brackets, f-strings and their fields may be nested this deep, all together.
pub const MAX_NESTING: usize = 100;

/// What a text may end inside of, so that more text could complete it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Open {
    Bracket,
    TripleQuote,
    Backslash,
}

/// What the last character of a text stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Ends {
    #[default]
    Code,
    Comment,
    String,
}

/// What the scan is inside of, with the offset where it began.
#[derive(Clone, Copy)]
enum Inside {
    Bracket(char, usize),
    FString {
        quote: char,
        triple: bool,
        raw: bool,
        start: usize,
    },
    /// `{...}` of an f-string, up to its `:`.
    Field(usize),
    /// The format spec of a field.
    Spec(usize),
}

pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    inside: Vec<Inside>,
    /// What is open where the text ends, if it ends inside of this line.
    pub open: Option<Open>,
    pub ends: Ends,
    pub error: Option<Diagnostic>,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str, at: usize) -> Scanner<'a> {
        Scanner { text, at, inside: Vec::new(), open: None, ends: Ends::Code, error: None }
    }

    /// The brackets that are open, with their offsets.
    pub fn brackets(&self) -> Vec<(char, usize)> {
        let bracket = |inside: &Inside| match *inside {
            Inside::Bracket(c, at) => Some((c, at)),
            _ => None,
        };
        self.inside.iter().filter_map(bracket).collect()
    }

    /// Scans one logical line and returns where it ends; what is wrong with it is then in `error`.
    pub fn line(&mut self) -> usize {
        while self.error.is_none() {
            let Some(c) = self.peek() else { break };
            if newline(self.rest()).is_some() {
                match self.inside.last() {
                    None => return self.at,
                    // A field may go on over lines, as may a triple-quoted text.
                    Some(Inside::Bracket(..) | Inside::Field(_) | Inside::FString { triple: true, .. }) => {}
                    Some(Inside::Spec(_)) if self.quotes().is_some_and(|(_, triple, _)| triple) => {}
                    Some(_) => {
                        let start = self.quotes().map_or(self.at, |(_, _, start)| start);
                        self.fail(unterminated(start, self.at, "f-string literal"));
                        break;
                    }
                }
                self.at += newline(self.rest()).unwrap_or(1);
                continue;
            }
            match self.inside.last().copied() {
                Some(Inside::FString { .. }) => self.fstring_text(c),
                Some(Inside::Spec(start)) => self.spec_text(c, start),
                _ => self.code(c),
            }
        }
        if self.error.is_none() {
            self.end_of_text();
        }
        // Go on with the next physical line.
        self.at + self.rest().find(['\n', '\r']).unwrap_or(self.rest().len())
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn fail(&mut self, error: Diagnostic) {
        self.error.get_or_insert(error);
    }

    /// The innermost open f-string: its quote, whether it is tripled, and its start.
    fn quotes(&self) -> Option<(char, bool, usize)> {
        self.inside.iter().rev().find_map(|i| match *i {
            Inside::FString { quote, triple, start, .. } => Some((quote, triple, start)),
            _ => None,
        })
    }

    fn push(&mut self, inside: Inside) {
        if self.inside.len() >= MAX_NESTING {
            let span = Span::new(self.at.saturating_sub(1), self.at);
            self.fail(
                Diagnostic::syntax(span, "too many nested parentheses")
                    .label(format!("more than {MAX_NESTING} brackets are open here")),
            );
        }
        self.inside.push(inside);
    }

    fn code(&mut self, c: char) {
        let start = self.at;
        self.at += c.len_utf8();
        match c {
            '#' => {
                self.at = start + self.text[start..].find(['\n', '\r']).unwrap_or(self.text.len() - start);
                if self.at == self.text.len() {
                    self.ends = Ends::Comment;
                }
            }
            '\\' => match newline(self.rest()) {
                Some(length) if self.rest().len() > length => self.at += length,
                _ if self.rest().is_empty() || newline(self.rest()) == Some(self.rest().len()) => {
                    self.open = Some(Open::Backslash);
                    self.at = self.text.len();
                    self.fail(
                        Diagnostic::syntax(Span::new(start, start + 1), "unexpected end of the text")
                            .label("the line goes on after this backslash, but nothing follows"),
                    );
                }
                _ => {
                    let message = "unexpected character after line continuation character";
                    let label = "a backslash outside of a string must end its line";
                    self.fail(Diagnostic::syntax(Span::new(start, start + 1), message).label(label));
                }
            },
            '(' | '[' | '{' => self.push(Inside::Bracket(c, start)),
            ')' | ']' | '}' => self.close(c, start),
            ':' if matches!(self.inside.last(), Some(Inside::Field(_))) => {
                if let Some(Inside::Field(open)) = self.inside.pop() {
                    self.inside.push(Inside::Spec(open));
                }
            }
            '"' | '\'' => self.string(c, start, false),
            c if is_word(c) => {
                let word = self.text[start..].find(|c: char| !is_word(c)).unwrap_or(self.text.len() - start);
                self.at = start + word;
                let prefix = &self.text[start..self.at];
                if let Some(quote @ ('"' | '\'')) = self.peek()
                    && word <= 2
                    && prefix.chars().all(|c| "rRbBuUfF".contains(c))
                {
                    self.at += 1;
                    self.string(quote, start, prefix.contains(['f', 'F']));
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, c: char, start: usize) {
        let here = Span::new(start, start + 1);
        match self.inside.pop() {
            Some(Inside::Field(_)) if c == '}' => {}
            Some(Inside::Bracket(open, _)) if closes(open) == c => {}
            Some(Inside::Bracket(open, at)) => self.fail(
                Diagnostic::syntax(
                    here,
                    format!("closing parenthesis '{c}' does not match opening parenthesis '{open}'"),
                )
                .label(format!("expected `{}`", closes(open)))
                .also(Span::new(at, at + 1), "opened here"),
            ),
            Some(Inside::Field(at)) => self.fail(
                Diagnostic::syntax(
                    here,
                    format!("f-string: closing parenthesis '{c}' does not match opening parenthesis '{{'"),
                )
                .label("expected `}`")
                .also(Span::new(at, at + 1), "opened here"),
            ),
            _ => {
                self.fail(Diagnostic::syntax(here, format!("unmatched '{c}'")).label("nothing is open here"))
            }
        }
    }

    /// A string's body; the cursor is behind its first quote.
    fn string(&mut self, quote: char, start: usize, formatted: bool) {
        let mut marks = [0; 4];
        let mark = &*quote.encode_utf8(&mut marks);
        let triple = self.rest().starts_with(mark) && self.rest()[1..].starts_with(mark);
        if triple {
            self.at += 2;
        }
        if formatted {
            let raw = self.text[start..self.at].contains(['r', 'R']);
            return self.push(Inside::FString { quote, triple, raw, start });
        }
        while let Some(c) = self.peek() {
            if c == '\\' {
                self.at += 1;
                self.at += newline(self.rest()).or(self.peek().map(char::len_utf8)).unwrap_or(0);
            } else if c == quote && (!triple || self.closes_triple(quote)) {
                self.at += if triple { 3 } else { 1 };
                return;
            } else if !triple && newline(self.rest()).is_some() {
                break;
            } else {
                self.at += c.len_utf8();
            }
        }
        self.ends = Ends::String;
        if triple {
            self.open = Some(Open::TripleQuote);
            return self.fail(unterminated(start, start + 3, "triple-quoted string literal"));
        }
        // `f'{a'`: this quote was meant to end the f-string.
        if let (Some(Inside::Field(open)), Some((outer, false, _))) =
            (self.inside.last().copied(), self.quotes())
            && outer == quote
        {
            return self.fail(unclosed_field(open));
        }
        self.fail(unterminated(start, self.at, "string literal"));
    }

    fn closes_triple(&self, quote: char) -> bool {
        self.rest().chars().take(3).filter(|c| *c == quote).count() == 3
    }

    fn fstring_text(&mut self, c: char) {
        let Some(Inside::FString { quote, triple, raw, .. }) = self.inside.last().copied() else {
            return;
        };
        let start = self.at;
        self.at += c.len_utf8();
        match c {
            '{' if self.rest().starts_with('{') => self.at += 1,
            '}' if self.rest().starts_with('}') => self.at += 1,
            '{' => self.push(Inside::Field(start)),
            '}' => self.fail(
                Diagnostic::syntax(Span::new(start, start + 1), "f-string: single '}' is not allowed")
                    .label("no `{` is open here")
                    .hint("write `}}` for a brace that is to be printed"),
            ),
            '\\' if !raw && self.rest().starts_with("N{") => {
                self.at += self.rest().find(['}', '\n', quote]).unwrap_or(0);
                self.at += usize::from(self.rest().starts_with('}'));
            }
            '\\' if !self.rest().starts_with(['{', '}']) => {
                self.at += newline(self.rest()).or(self.peek().map(char::len_utf8)).unwrap_or(0);
            }
            c if c == quote && !triple => {
                self.inside.pop();
            }
            c if c == quote => {
                self.at = start;
                if self.closes_triple(quote) {
                    self.inside.pop();
                    self.at += 2;
                }
                self.at += 1;
            }
            _ => {}
        }
    }

    fn spec_text(&mut self, c: char, open: usize) {
        let start = self.at;
        self.at += c.len_utf8();
        match c {
            '{' => self.push(Inside::Field(start)),
            '}' => {
                self.inside.pop();
            }
            c if self.quotes().is_some_and(|(quote, triple, _)| {
                self.at = start;
                let ends = c == quote && (!triple || self.closes_triple(quote));
                self.at += c.len_utf8();
                ends
            }) =>
            {
                self.fail(unclosed_field(open));
            }
            _ => {}
        }
    }

    fn end_of_text(&mut self) {
        if let Some(Inside::FString { .. } | Inside::Spec(_)) = self.inside.last() {
            self.ends = Ends::String;
        }
        match self.inside.first().copied() {
            None => {}
            Some(Inside::FString { triple: true, start, .. }) => {
                self.open = Some(Open::TripleQuote);
                self.fail(unterminated(start, start + 4, "triple-quoted f-string literal"));
            }
            Some(Inside::FString { start, .. }) => {
                let end = self.text.len();
                let error = match self.inside.get(1).copied() {
                    Some(Inside::Field(open) | Inside::Spec(open)) => unclosed_field(open),
                    _ => unterminated(start, end, "f-string literal"),
                };
                self.fail(error);
            }
            Some(_) => {
                self.open = Some(Open::Bracket);
                let (c, at) = self.brackets().pop().unwrap_or(('(', self.at));
                let label = format!("expected `{}` before the end of the text", closes(c));
                self.fail(
                    Diagnostic::syntax(Span::new(at, at + 1), format!("'{c}' was never closed")).label(label),
                );
            }
        }
    }
}

fn unclosed_field(open: usize) -> Diagnostic {
    Diagnostic::syntax(Span::new(open, open + 1), "f-string: expecting '}'")
        .label("this `{` is not closed before the string ends")
}

fn unterminated(start: usize, end: usize, what: &str) -> Diagnostic {
    let label = if what.starts_with("triple") {
        "it starts here and does not end"
    } else {
        "the line ends inside of it"
    };
    Diagnostic::syntax(Span::new(start, end), format!("unterminated {what}")).label(label)
}

fn closes(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
