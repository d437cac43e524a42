//! Numbers and strings: from their text to their values.

use num_bigint::BigUint;
use num_traits::ToPrimitive;

use crate::diag::Diagnostic;
use crate::ir::Const;
use crate::source::Span;
use crate::syntax::refuse::{Refused, refuse};

/// CPython's bound on the digits of a decimal integer.
const MAX_DIGITS: usize = 4300;

/// The value of a number that the grammar has accepted.
pub fn number(text: &str, span: Span) -> Result<Const, Diagnostic> {
    let plain: String = text.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = plain.strip_prefix(prefix) {
            return Ok(integer(digits, radix));
        }
    }
    if let Some(part) = plain.strip_suffix('j') {
        return Ok(Const::Imag(float(part, span)?));
    }
    if plain.contains(['.', 'e']) {
        return Ok(Const::Float(float(&plain, span)?));
    }
    if plain.len() > 1 && plain.starts_with('0') && plain.contains(|c| c != '0') {
        let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
        return Err(Diagnostic::syntax(span, message).label("this number starts with 0"));
    }
    if plain.len() > MAX_DIGITS {
        let message = format!(
            "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits",
            plain.len()
        );
        return Err(Diagnostic::syntax(span, message).hint("write it in hexadecimal: `0x...`"));
    }
    Ok(integer(&plain, 10))
}

fn float(text: &str, span: Span) -> Result<u64, Diagnostic> {
    match text.parse::<f64>() {
        Ok(value) => Ok(value.to_bits()),
        Err(_) => Err(Diagnostic::syntax(span, "invalid number")),
    }
}

fn integer(digits: &str, radix: u32) -> Const {
    let value = BigUint::parse_bytes(digits.as_bytes(), radix).unwrap_or_default();
    match value.to_i64() {
        Some(value) => Const::Int(value),
        None => Const::BigInt(value.to_string()),
    }
}

/// Why digits followed by letters are no number.
pub fn bad_number(text: &str, span: Span) -> Diagnostic {
    let kind = match text.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => "hexadecimal",
        Some("0o") => "octal",
        Some("0b") => "binary",
        _ => "decimal",
    };
    let label = if text.contains("__") || text.ends_with('_') {
        "an underscore must stand between two digits"
    } else {
        "a name cannot begin with a digit, nor a number end with a letter"
    };
    Diagnostic::syntax(span, format!("invalid {kind} literal")).label(label)
}

/// The text of one string literal, its prefix and quotes included; `base` is its offset in the source.
pub fn string(text: &str, base: usize) -> Result<String, Diagnostic> {
    let quote = text.find(['"', '\'']).unwrap_or(0);
    let (prefix, quoted) = text.split_at(quote);
    if prefix.contains(['b', 'B']) {
        return Err(refuse(Refused::Bytes, Span::new(base, base + text.len())));
    }
    let width = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { 3 } else { 1 };
    let body = quoted.get(width..quoted.len().saturating_sub(width)).unwrap_or("");
    if prefix.contains(['r', 'R']) {
        return Ok(one_newline(body));
    }
    unescape(body, base + quote + width)
}

/// Python reads every kind of line break as `\n`.
pub fn one_newline(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Replaces backslash escapes as Python does; one that it does not know stays as it is.
pub fn unescape(body: &str, base: usize) -> Result<String, Diagnostic> {
    let mut out = String::with_capacity(body.len());
    let mut at = 0;
    while let Some(c) = body[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        if c == '\r' {
            at += usize::from(body[at..].starts_with('\n'));
            out.push('\n');
            continue;
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(kind) = body[at..].chars().next() else {
            out.push('\\');
            break;
        };
        at += kind.len_utf8();
        let fail =
            |message: String, to: usize| Err(Diagnostic::syntax(Span::new(base + start, base + to), message));
        match kind {
            '\n' => {}
            '\r' => at += usize::from(body[at..].starts_with('\n')),
            '\\' | '\'' | '"' => out.push(kind),
            'a' => out.push('\x07'),
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\x0b'),
            '0'..='7' => {
                let digits = body[at - 1..].bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
                let value = u32::from_str_radix(&body[at - 1..at - 1 + digits], 8).unwrap_or(0);
                at += digits - 1;
                out.push(char::from_u32(value).unwrap_or('\u{fffd}'));
            }
            'x' | 'u' | 'U' => {
                let want = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits = body[at..].bytes().take(want).take_while(u8::is_ascii_hexdigit).count();
                if digits < want {
                    return fail(
                        format!("truncated \\{kind} escape: expected {want} hexadecimal digits"),
                        at + digits,
                    );
                }
                let value = u32::from_str_radix(&body[at..at + want], 16).unwrap_or(u32::MAX);
                at += want;
                match char::from_u32(value) {
                    Some(c) => out.push(c),
                    None => {
                        return fail(
                            format!("`\\{kind}{}` is no Unicode character", &body[at - want..at]),
                            at,
                        );
                    }
                }
            }
            'N' => {
                return Err(refuse(Refused::NamedEscape, Span::new(base + start, base + at)));
            }
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    Ok(out)
}
