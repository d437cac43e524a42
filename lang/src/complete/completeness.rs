//! Whether a cell could run as it stands, or goes on.

use super::Completeness;
use crate::syntax::{Open, cut, parse};

const STEP: &str = "    ";

/// Whether `text` is a whole cell. A block is taken to go on until a blank line ends it, as in IPython.
pub fn is_complete(text: &str) -> Completeness {
    let text = without_magics(text);
    let lines = cut(text);
    let broken = |l: &&crate::syntax::Line| l.error.is_some();
    if let Some(open) = lines.open {
        // All but the line that is still open must be right.
        let before = lines.lines.len().saturating_sub(1);
        return match lines.lines.iter().take(before).find(broken) {
            Some(_) => Completeness::Invalid,
            None => Completeness::Incomplete { indent: open_indent(text, open) },
        };
    }
    let parsed = parse(text);
    let last = text.lines().next_back().unwrap_or("");
    let too_early = parsed.expects_block as usize + parsed.unfinished == parsed.diagnostics.len();
    if parsed.expects_block && too_early {
        let header =
            text.lines().rfind(|l| !l.trim().is_empty() && !l.trim_start().starts_with('#')).unwrap_or("");
        return Completeness::Incomplete { indent: format!("{}{STEP}", leading(header)) };
    }
    if !parsed.diagnostics.is_empty() && !too_early {
        return Completeness::Invalid;
    }
    if parsed.unfinished > 0 && (last.trim().is_empty() || text.ends_with('\n') || !last.starts_with(' ')) {
        return Completeness::Incomplete { indent: String::new() };
    }
    let in_block = lines.lines.last().is_some_and(|l| l.level > 0);
    if in_block && !last.trim().is_empty() && !text.ends_with('\n') {
        let ends_block = ["return", "pass", "break", "continue", "raise"].contains(&first_word(last));
        let indent = leading(last);
        let indent = if ends_block { indent.strip_suffix(STEP).unwrap_or(indent) } else { indent };
        return Completeness::Incomplete { indent: indent.to_string() };
    }
    Completeness::Complete
}

/// The lines for the kernel that may stand before the code of a cell.
fn without_magics(text: &str) -> &str {
    let mut rest = text;
    loop {
        let line = rest.lines().next().unwrap_or("");
        let magic = line.starts_with(['%', '!', '?'])
            || line.trim_end().ends_with('?') && !line.contains(['#', '"', '\'']);
        if !magic {
            return rest;
        }
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
}

fn open_indent(text: &str, open: Open) -> String {
    let last = text.lines().next_back().unwrap_or("");
    match open {
        Open::Bracket | Open::TripleQuote => leading(last).to_string(),
        Open::Backslash => String::new(),
    }
}

fn leading(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn first_word(line: &str) -> &str {
    line.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::super::Completeness::{self, Complete, Invalid};
    use super::is_complete;

    fn goes_on(indent: &str) -> Completeness {
        Completeness::Incomplete { indent: indent.to_string() }
    }

    #[test]
    fn as_ipython_decides() {
        for (text, want) in [
            ("", Complete),
            ("a = 1", Complete),
            ("for a in range(5):", goes_on("    ")),
            ("for a in range(5):\n    if a > 0:", goes_on("        ")),
            ("for a in range(5):\n    if a > 0:\n", goes_on("        ")),
            ("raise = 2", Invalid),
            ("a = [1,\n2,", goes_on("")),
            ("a = f(1,\n      2,", goes_on("      ")),
            ("\\\r\n", goes_on("")),
            ("1 + \\", goes_on("")),
            ("a = '''\n   hi", goes_on("   ")),
            ("a = f'''\n   {b", goes_on("   ")),
            ("a \\ ", Invalid),
            ("1\\\n+2", Complete),
            ("if True:\n    a=1", goes_on("    ")),
            ("if True:\n    a=1\n", Complete),
            ("if True:\n    a=1\n    ", Complete),
            ("def f():\n    return 1", goes_on("")),
            ("def f():\n    # nothing yet", goes_on("    ")),
            ("a = 'x", Invalid),
            ("(]", Invalid),
            ("class A:", goes_on("    ")),
            ("class A:\n    x = 1\n", Complete),
            ("try:", goes_on("    ")),
            ("try:\n    x = 1", goes_on("    ")),
            ("try:\n    x = 1\n", goes_on("")),
            ("try:\n    x = 1\nexcept ValueError:", goes_on("    ")),
            ("try:\n    x = 1\nfinally:\n    y = 2\n", Complete),
            ("try:\n    try:", goes_on("        ")),
            ("with a as b:", goes_on("    ")),
            ("@f", goes_on("")),
            ("@f\ndef g():", goes_on("    ")),
            ("raise ValueError", Complete),
            ("try:\n    x = 1\ny = 2", Invalid),
            ("%engines 4", Complete),
            ("%time\nfor i in x:", goes_on("    ")),
            ("np.sin?", Complete),
            ("# why?", Complete),
        ] {
            assert_eq!(is_complete(text), want, "{text:?}");
        }
    }

    #[test]
    fn no_line_of_a_program_makes_it_invalid() {
        for program in crate::syntax::tests::PROGRAMS {
            for (i, _) in program.char_indices() {
                let answer = is_complete(&program[..i]);
                let whole_lines = program[..i].ends_with('\n');
                assert!(!whole_lines || answer != Invalid, "{:?}", &program[..i]);
            }
            assert_eq!(is_complete(&format!("{program}\n")), Complete, "{program}");
        }
    }
}
