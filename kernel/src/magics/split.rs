//! Takes a cell apart: code for the language, and the lines that are for the kernel (`%magic`, `name?`, `!command`).

/// A part of a cell, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Lines of the language. The lines before them are blank, so that places are those in the cell.
    Code(String),
    /// `%name arguments`; `before` is as many line ends as stand before it.
    Line { name: String, arguments: String, before: usize },
    /// `%%name arguments`, and the rest of the cell, with blank lines before it.
    Cell { name: String, arguments: String, body: String },
    /// `name?` or `name??`; there is no more to say of a name to the second.
    Help(String),
    /// `!command`.
    Shell,
}

/// Splits a cell. A line is the kernel's when it begins, with no indentation, with `%`, `!` or `?`, or is a name
/// followed by `?`, and when no bracket, string or backslash before it is open.
pub fn split(cell: &str) -> Vec<Piece> {
    let lines: Vec<&str> = cell.split('\n').collect();
    let first = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(0);
    if let Some(head) = lines[first].strip_prefix("%%") {
        let (name, arguments) = word(head);
        let body = format!("{}{}", "\n".repeat(first + 1), lines[first + 1..].join("\n"));
        return vec![Piece::Cell { name, arguments, body }];
    }
    let mut pieces = Vec::new();
    let (mut begin, mut state) = (0, Open::default());
    for (number, line) in lines.iter().enumerate() {
        let own = if state.is_open() { None } else { own_line(line, number) };
        match own {
            Some(piece) => {
                code(&lines, begin..number, &mut pieces);
                pieces.push(piece);
                begin = number + 1;
            }
            None => state.read(line),
        }
    }
    code(&lines, begin..lines.len(), &mut pieces);
    pieces
}

/// The code of a cell with the kernel's lines blank: what is-complete has to judge.
pub fn code_only(cell: &str) -> String {
    let mut text = cell.to_string();
    for piece in split(cell) {
        text = match piece {
            Piece::Code(code) => code,
            Piece::Cell { body, .. } => body,
            _ => String::new(),
        };
    }
    text
}

fn code(lines: &[&str], range: std::ops::Range<usize>, pieces: &mut Vec<Piece>) {
    let before = "\n".repeat(range.start);
    let text = lines[range].join("\n");
    if !text.trim().is_empty() {
        pieces.push(Piece::Code(before + &text));
    }
}

fn own_line(line: &str, number: usize) -> Option<Piece> {
    let line = line.trim_end();
    if line.starts_with('!') {
        return Some(Piece::Shell);
    }
    let name = line.trim_matches('?');
    let marks = line.len() - name.len();
    if marks > 0 {
        let bare = name.trim();
        let known = |c: char| c.is_alphanumeric() || "_.%".contains(c);
        let whole = !line.starts_with(char::is_whitespace) && bare.chars().all(known);
        return whole.then(|| Piece::Help(bare.to_string()));
    }
    let (name, arguments) = word(line.strip_prefix('%')?);
    Some(Piece::Line { name, arguments, before: number })
}

/// The first word, and what follows it.
fn word(text: &str) -> (String, String) {
    let text = text.trim();
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (name.to_string(), rest.trim().to_string())
}

/// Whether the text so far leaves a bracket, a triple-quoted string or a continued line open.
#[derive(Default)]
struct Open {
    brackets: usize,
    /// The quote of an open triple-quoted string.
    string: Option<char>,
    continued: bool,
}

impl Open {
    fn is_open(&self) -> bool {
        self.brackets > 0 || self.string.is_some() || self.continued
    }

    fn read(&mut self, line: &str) {
        self.continued = false;
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            rest = match (self.string, c) {
                (None, '#') => return,
                (_, '\\') => {
                    self.continued = after.is_empty() && self.string.is_none();
                    after.strip_prefix(|_: char| true).unwrap_or("")
                }
                (Some(quote), _) if triple(rest, quote) => {
                    self.string = None;
                    &rest[3..]
                }
                (Some(_), _) => after,
                (None, '\'' | '"') if triple(rest, c) => {
                    self.string = Some(c);
                    &rest[3..]
                }
                (None, '\'' | '"') => short_string(after, c),
                (None, '(' | '[' | '{') => {
                    self.brackets += 1;
                    after
                }
                (None, ')' | ']' | '}') => {
                    self.brackets = self.brackets.saturating_sub(1);
                    after
                }
                (None, _) => after,
            };
        }
    }
}

fn triple(text: &str, quote: char) -> bool {
    text.starts_with(&quote.to_string().repeat(3))
}

/// What follows a string that ends on its line; nothing when it does not end.
fn short_string(mut rest: &str, quote: char) -> &str {
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == quote {
            return rest;
        }
        if c == '\\' {
            rest = rest.strip_prefix(|_: char| true).unwrap_or("");
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Piece {
        Piece::Code(text.to_string())
    }

    fn line(name: &str, arguments: &str, before: usize) -> Piece {
        Piece::Line { name: name.to_string(), arguments: arguments.to_string(), before }
    }

    fn help(name: &str) -> Piece {
        Piece::Help(name.to_string())
    }

    #[test]
    fn cells() {
        let check = |cell: &str, expect: &[Piece]| assert_eq!(split(cell), expect, "{cell:?}");
        check("", &[]);
        check(" \n", &[]);
        check("a\nb", &[code("a\nb")]);
        check("%who", &[line("who", "", 0)]);
        check("%time  a  + 1 \nb", &[line("time", "a  + 1", 0), code("\nb")]);
        check("a\n%who\nb\n\n", &[code("a"), line("who", "", 1), code("\n\nb\n\n")]);
        check("x = (5\n% 3)", &[code("x = (5\n% 3)")]);
        check("x = '''\n%who\n'''\n%who", &[code("x = '''\n%who\n'''"), line("who", "", 3)]);
        check("x = '(' # (\n%who", &[code("x = '(' # ("), line("who", "", 1)]);
        check("x = 5 \\\n% 3", &[code("x = 5 \\\n% 3")]);
        check("x = '\\'' + \"\"\"(\\\"\"\"\n%who\"\"\"", &[code("x = '\\'' + \"\"\"(\\\"\"\"\n%who\"\"\"")]);
        check("  % 3", &[code("  % 3")]);
        check("np.sin?", &[help("np.sin")]);
        check("?np.sin", &[help("np.sin")]);
        check("a = 1\n%time??", &[code("a = 1"), help("%time")]);
        check("?", &[help("")]);
        check("a b?", &[code("a b?")]);
        check("!ls", &[Piece::Shell]);
        let body = |name: &str, arguments: &str, body: &str| Piece::Cell {
            name: name.to_string(),
            arguments: arguments.to_string(),
            body: body.to_string(),
        };
        check("%%time\na\n%b", &[body("time", "", "\na\n%b")]);
        check("\n%%time -n 3\n\na", &[body("time", "-n 3", "\n\n\na")]);
        check("%%time", &[body("time", "", "\n")]);
        check("a\n%%time", &[code("a"), line("%time", "", 1)]);
    }

    #[test]
    fn what_is_complete_has_to_judge() {
        for (cell, expect) in [
            ("%who", ""),
            ("%who\nfor i in x:", "\nfor i in x:"),
            ("%%time\nfor i in x:", "\nfor i in x:"),
            ("for i in x:\n%who", ""),
            ("a = 1\n", "a = 1\n"),
        ] {
            assert_eq!(code_only(cell), expect, "{cell:?}");
        }
    }

    #[test]
    fn no_text_panics() {
        let alphabet = ["%", "?", "!", "\n", "a", "'", "\"\"\"", "\\", "(", "]", "#", " ", "é", "%%"];
        let mut seed = 1u64;
        for _ in 0..20_000 {
            let mut cell = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                cell.push_str(alphabet[(seed >> 33) as usize % alphabet.len()]);
            }
            split(&cell);
            code_only(&cell);
        }
    }
}
