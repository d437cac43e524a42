//! Pest's error in the user's terms: what was found, what was expected, and the likely slip.

use pest::error::{Error, ErrorVariant, InputLocation};

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::syntax::grammar::Rule;
use crate::syntax::refuse::{Refused, refuse};

/// Python's reserved words.
pub const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Why the logical line `start..end` of `text` could not be read.
pub fn explain(text: &str, start: usize, end: usize, error: &Error<Rule>) -> Diagnostic {
    let offset = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let line = &text[start..end];
    let at = skip_blank(line, offset);
    let found = token(line, at);
    let span = Span::new(start + at, start + at + found.len());
    let span = if found.is_empty() { behind(line, start, at) } else { span };
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => words(positives),
        ErrorVariant::CustomError { .. } => {
            return Diagnostic::syntax(span, "too many nested parentheses")
                .hint("compute it in several statements");
        }
    };
    let slip = Slip { line, at, found, expected: &expected, span };
    if let Some(diagnostic) = slip.known() {
        return diagnostic;
    }
    let what = match found {
        "" => "the line ends here".to_string(),
        _ if is_keyword(found) => format!("found the keyword `{found}`"),
        _ => format!("found `{found}`"),
    };
    let label = match list(&expected) {
        Some(list) => format!("{what}, expected {list}"),
        None => what,
    };
    Diagnostic::syntax(span, "invalid syntax").label(label)
}

/// The place just behind the last thing on the line.
fn behind(line: &str, start: usize, at: usize) -> Span {
    let end = start + line[..at].trim_end().len();
    Span::new(end, end + 1)
}

fn skip_blank(line: &str, offset: usize) -> usize {
    let mut at = offset.min(line.len());
    loop {
        let rest = &line[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\x0c', '\n', '\r']).len();
        at += blank;
        let rest = &line[at..];
        if rest.starts_with('#') {
            at += rest.find(['\n', '\r']).unwrap_or(rest.len());
        } else if rest.starts_with("\\\n") || rest.starts_with("\\\r") {
            at += 1;
        } else if blank == 0 {
            return at;
        }
    }
}

/// The word, number or mark at an offset.
fn token(line: &str, at: usize) -> &str {
    let rest = &line[at..];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    if word > 0 {
        return &rest[..word];
    }
    for mark in [
        "...", "**=", "//=", "<<=", ">>=", "==", "!=", "<=", ">=", ":=", "->", "=>", "++", "--", "&&", "||",
        "**", "//",
    ] {
        if rest.starts_with(mark) {
            return &rest[..mark.len()];
        }
    }
    &rest[..rest.chars().next().map_or(0, char::len_utf8)]
}

/// The grammar's rules, in words, the most telling first.
fn words(rules: &[Rule]) -> Vec<&'static str> {
    const WORDS: &[(&str, &[Rule])] = &[
        ("`:`", &[Rule::block_colon, Rule::colon]),
        ("`in`", &[Rule::kw_in]),
        ("`else`", &[Rule::kw_else]),
        ("`import`", &[Rule::kw_import]),
        ("`(`", &[Rule::lpar]),
        ("`)`", &[Rule::rpar]),
        ("`]`", &[Rule::rsqb]),
        ("`}`", &[Rule::rbrace]),
        (
            "an expression",
            &[
                Rule::ternary,
                Rule::operation,
                Rule::primary,
                Rule::star_list,
                Rule::starred,
                Rule::argument,
                Rule::subscript,
                Rule::item,
                Rule::lambda,
                Rule::walrus,
                Rule::stop,
                Rule::fvalue,
                Rule::assignment,
                Rule::statements,
            ],
        ),
        (
            "a name",
            &[
                Rule::name,
                Rule::dotted,
                Rule::dotted_as,
                Rule::import_as,
                Rule::param,
                Rule::lparam,
                Rule::target,
                Rule::targets,
            ],
        ),
        ("`,`", &[Rule::comma]),
    ];
    let has = |wanted: &[Rule]| wanted.iter().any(|r| rules.contains(r));
    let mut out: Vec<&str> = WORDS.iter().filter(|(_, rules)| has(rules)).map(|(word, _)| *word).collect();
    if out.contains(&"an expression") {
        // Whatever may begin an expression may also be a name.
        out.retain(|w| *w != "a name" && *w != "`(`");
    }
    if has(&[Rule::EOI]) && !has(&[Rule::line]) {
        out.push("the end of the statement");
    }
    out
}

/// `a`, `a or b`, `a, b or c`.
fn list(words: &[&str]) -> Option<String> {
    let (last, rest) = words.split_last()?;
    Some(if rest.is_empty() { last.to_string() } else { format!("{} or {last}", rest.join(", ")) })
}

/// A place where the grammar gave up, with what is known of it.
struct Slip<'a> {
    line: &'a str,
    at: usize,
    found: &'a str,
    expected: &'a [&'static str],
    span: Span,
}

impl Slip<'_> {
    fn expects(&self, word: &str) -> bool {
        self.expected.contains(&word)
    }

    fn error(&self, message: &str, label: &str) -> Diagnostic {
        Diagnostic::syntax(self.span, message).label(label)
    }

    /// Slips that are common enough to be known by name.
    fn known(&self) -> Option<Diagnostic> {
        let before = self.line[..self.at].trim_end();
        let first = token(self.line, 0);
        let after = self.line[self.at + self.found.len()..].trim_start();
        if self.at == 0 {
            match self.found {
                "%" => return Some(refuse(Refused::Magic, self.span)),
                "!" => return Some(refuse(Refused::Shell, self.span)),
                "?" => return Some(refuse(Refused::Help, self.span)),
                _ => {}
            }
        }
        match self.found {
            "?" => return Some(refuse(Refused::Help, self.span)),
            "&&" | "||" => {
                let word = if self.found == "&&" { "and" } else { "or" };
                let hint =
                    format!("write `{word}`, or `{}` for arrays, element by element", &self.found[..1]);
                return Some(self.error("invalid syntax", &format!("found `{}`", self.found)).hint(hint));
            }
            "&" | "|" if before.ends_with(self.found) => {
                let word = if self.found == "&" { "and" } else { "or" };
                let label = format!("found `{}{0}`", self.found);
                let hint = format!("write `{word}`, or `{}` for arrays, element by element", self.found);
                return Some(self.error("invalid syntax", &label).hint(hint));
            }
            "!" => {
                return Some(self.error("invalid syntax", "found `!`").hint("write `not` to negate"));
            }
            "" | "+" | "-" | "++" | "--"
                if before.ends_with("++") || before.ends_with("--") || self.found.len() == 2 =>
            {
                let (op, name) =
                    if before.ends_with("--") || self.found == "--" { ("-", "x") } else { ("+", "x") };
                let hint = format!("write `{name} {op}= 1` to count");
                return Some(self.error("invalid syntax", "an operand is missing").hint(hint));
            }
            "$" | "`" | "\\" => {
                return Some(self.error("invalid syntax", &format!("`{}` has no meaning here", self.found)));
            }
            "," if first == "except" => {
                let message = "multiple exception types must be parenthesized";
                return Some(self.error(message, "found `,`").hint("write `except (A, B):`"));
            }
            "*" if first == "except" && before == first => {
                return Some(self.error("invalid syntax", "exception groups are not part of the language"));
            }
            "if" if before.ends_with("else") => {
                return Some(self.error("invalid syntax", "found `else if`").hint("write `elif`"));
            }
            "=" if self.expects("`:`") && ["if", "elif", "while"].contains(&first) => {
                let message = "invalid syntax. Maybe you meant '==' instead of '='?";
                return Some(
                    self.error(message, "an assignment cannot stand in a condition")
                        .hint("write `==` to compare"),
                );
            }
            "=" if self.expects("`)`") || self.expects("`]`") || self.expects("`}`") => {
                let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
                return Some(self.error(message, "found `=` inside of brackets"));
            }
            _ => {}
        }
        if let Some(c) = self.found.chars().next().filter(|c| !c.is_ascii() && !c.is_alphanumeric()) {
            let message = format!("invalid character '{c}' (U+{:04X})", u32::from(c));
            let error = Diagnostic::syntax(self.span, message);
            return Some(match c {
                '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' => {
                    error.label("a typographic quote").hint("write `'` or `\"`")
                }
                '\u{2212}' | '\u{2013}' | '\u{2014}' => {
                    error.label("a typographic minus or dash").hint("write `-`")
                }
                '\u{d7}' => error.label("a multiplication sign").hint("write `*`"),
                '\u{a0}' => error.label("a no-break space").hint("write an ordinary space"),
                _ => error,
            });
        }
        if self.found.chars().next().is_some_and(char::is_control) {
            let c = self.found.chars().next().map_or(0, u32::from);
            return Some(Diagnostic::syntax(self.span, format!("invalid non-printable character U+{c:04X}")));
        }
        if ["print", "exec"].contains(&first) && before == first && !self.found.is_empty() {
            let message = format!("Missing parentheses in call to '{first}'. Did you mean {first}(...)?");
            return Some(self.error(&message, "the arguments go in parentheses"));
        }
        if self.found == "=" && KEYWORDS.contains(&before) {
            let label = format!("`{before}` is a keyword, and cannot be a name");
            return Some(self.error("invalid syntax", &label).hint(format!("call it `{before}_`")));
        }
        let header =
            ["if", "elif", "else", "while", "for", "def", "try", "except", "finally", "with", "class"]
                .contains(&first);
        if header && self.expects("`:`") && self.found.is_empty() {
            return Some(self.error("expected ':'", &format!("the line of `{first}` ends with a colon")));
        }
        if is_keyword(self.found)
            && (self.expects("a name") || after.starts_with('=') && !after.starts_with("=="))
        {
            let label = format!("`{}` is a keyword, and cannot be a name", self.found);
            return Some(self.error("invalid syntax", &label).hint(format!("call it `{}_`", self.found)));
        }
        let adjacent = !self.found.is_empty()
            && before.ends_with(|c: char| c.is_alphanumeric() || "_)]}'\"".contains(c))
            && self.found.starts_with(|c: char| c.is_alphanumeric() || "_([{'\"".contains(c))
            && !is_keyword(self.found)
            && !is_keyword(last_word(before));
        if adjacent && (self.expects("`)`") || self.expects("`]`") || self.expects("`}`")) {
            return Some(self.error(
                "invalid syntax. Perhaps you forgot a comma?",
                "expected an operator or `,` before this",
            ));
        }
        if adjacent && !self.expects("an expression") && !self.expects("a name") {
            return Some(
                self.error(
                    "invalid syntax",
                    "expected an operator, or the end of the statement, before this",
                ),
            );
        }
        None
    }
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")
}
