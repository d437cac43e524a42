//! Methods of strings.

use std::rc::Rc;

use lang::error::Class;

use super::call::Keywords;
use super::raise::{Eval, index_error, raise, type_error, value_error};
use super::types::type_name;
use super::{Dict, Machine, characters};
use crate::value::Value;

pub fn call(machine: &mut Machine, text: &Rc<str>, name: &str, args: Vec<Option<Value>>) -> Eval<Value> {
    let arg = |i: usize| args.get(i).and_then(Option::as_ref);
    let s = &**text;
    let string = |s: &str| Ok(Value::str(s));
    match name {
        "upper" => string(&s.to_uppercase()),
        "lower" => string(&s.to_lowercase()),
        "casefold" => string(&characters::casefold(s)),
        "title" => string(&characters::title(s)),
        "capitalize" => string(&characters::capitalize(s)),
        "istitle" => Ok(Value::Bool(characters::is_title(s))),
        "isascii" => Ok(Value::Bool(s.is_ascii())),
        "isprintable" => Ok(Value::Bool(s.chars().all(characters::is_printable))),
        "expandtabs" => {
            let size = match arg(0) {
                Some(size) => machine.as_int(size)?,
                None => 8,
            };
            let size = usize::try_from(size).unwrap_or(0);
            if s.matches('\t').count().saturating_mul(size) > 1 << 28 {
                return raise(Class::OverflowError, "result too long");
            }
            string(&characters::expand_tabs(s, size))
        }
        "format_map" => {
            let mapping = arg(0).cloned().unwrap_or(Value::None);
            let mut fields =
                Fields { args: Vec::new(), keywords: Vec::new(), mapping: Some(mapping), next: Some(0) };
            fields.fill(machine, s, 2).map(|filled| Value::str(&filled))
        }
        "translate" => translate(machine, s, arg(0).unwrap_or(&Value::None)),
        "swapcase" => {
            let swap = |c: char| match c {
                _ if c.is_uppercase() => c.to_lowercase().to_string(),
                _ if c.is_lowercase() => c.to_uppercase().to_string(),
                _ => c.to_string(),
            };
            string(&s.chars().map(swap).collect::<String>())
        }
        "strip" | "lstrip" | "rstrip" => string(strip(s, name, arg(0))?),
        "split" | "rsplit" => split(machine, s, name == "rsplit", arg(0), arg(1)),
        "splitlines" => {
            let keep = match arg(0) {
                Some(keep) => machine.truth(keep)?,
                None => false,
            };
            Ok(Value::list(lines(s, keep).into_iter().map(Value::str).collect()))
        }
        "join" => join(machine, s, arg(0).unwrap_or(&Value::None)),
        "replace" => {
            let (old, new) =
                (text_arg(arg(0), "replace() argument 1")?, text_arg(arg(1), "replace() argument 2")?);
            let count = match arg(2) {
                Some(count) => machine.as_int(count)?,
                None => -1,
            };
            string(&if count < 0 { s.replace(old, new) } else { s.replacen(old, new, count as usize) })
        }
        "startswith" | "endswith" => {
            let part = window(machine, s, arg(1), arg(2))?;
            let fits = |affix: &Value| match affix {
                Value::Str(affix) if name == "startswith" => {
                    Some(part.text.starts_with(&**affix) && part.valid)
                }
                Value::Str(affix) => Some(part.text.ends_with(&**affix) && part.valid),
                _ => None,
            };
            let held = match arg(0) {
                Some(Value::Tuple(affixes)) => {
                    affixes.iter().map(fits).try_fold(false, |any, fit| fit.map(|f| any || f))
                }
                Some(affix) => fits(affix),
                None => None,
            };
            match held {
                Some(held) => Ok(Value::Bool(held)),
                None => type_error(format!(
                    "{name} first arg must be str or a tuple of str, not {}",
                    type_name(arg(0).unwrap_or(&Value::None))
                )),
            }
        }
        "removeprefix" => {
            let affix = text_arg(arg(0), "removeprefix() argument")?;
            string(s.strip_prefix(affix).unwrap_or(s))
        }
        "removesuffix" => {
            let affix = text_arg(arg(0), "removesuffix() argument")?;
            string(s.strip_suffix(affix).unwrap_or(s))
        }
        "partition" | "rpartition" => {
            let sep = separator(text_arg(arg(0), "must be str")?)?;
            let found = if name == "partition" { s.split_once(sep) } else { s.rsplit_once(sep) };
            let parts = match found {
                Some((before, after)) => [before, sep, after],
                None if name == "partition" => [s, "", ""],
                None => ["", "", s],
            };
            Ok(Value::tuple(parts.map(Value::str).to_vec()))
        }
        "center" | "ljust" | "rjust" => {
            let width = machine.as_int(arg(0).unwrap_or(&Value::None))?;
            string(&pad(s, name, width, arg(1))?)
        }
        "zfill" => {
            let width = machine.as_int(arg(0).unwrap_or(&Value::None))?;
            let zeros = "0".repeat(missing(s, width)?);
            let signed = s.starts_with(['+', '-']) as usize;
            string(&[&s[..signed], &zeros, &s[signed..]].concat())
        }
        "find" | "rfind" | "index" | "rindex" | "count" => {
            let part =
                text_arg(arg(0), &format!("must be str, not {}", type_name(arg(0).unwrap_or(&Value::None))))?;
            let place = window(machine, s, arg(1), arg(2))?;
            if name == "count" {
                let count = match place.valid {
                    true if part.is_empty() => place.text.chars().count() + 1,
                    true => place.text.matches(part).count(),
                    false => 0,
                };
                return Ok(Value::Int(count as i64));
            }
            let at = if name.starts_with('r') { place.text.rfind(part) } else { place.text.find(part) };
            match at.filter(|_| place.valid) {
                Some(at) => Ok(Value::Int((place.start + place.text[..at].chars().count()) as i64)),
                None if name.ends_with("find") => Ok(Value::Int(-1)),
                None => value_error("substring not found"),
            }
        }
        "isidentifier" => {
            let mut chars = s.chars();
            let first = chars.next().is_some_and(|c| c == '_' || c.is_alphabetic());
            Ok(Value::Bool(first && chars.all(|c| c == '_' || c.is_alphanumeric())))
        }
        "isupper" => Ok(Value::Bool(s.chars().any(char::is_uppercase) && !s.chars().any(char::is_lowercase))),
        "islower" => Ok(Value::Bool(s.chars().any(char::is_lowercase) && !s.chars().any(char::is_uppercase))),
        _ => {
            let all: fn(char) -> bool = match name {
                "isalpha" => char::is_alphabetic,
                "isalnum" => char::is_alphanumeric,
                "isspace" => characters::is_space,
                "isdecimal" => characters::is_decimal,
                "isdigit" => characters::is_digit,
                _ => char::is_numeric,
            };
            Ok(Value::Bool(!s.is_empty() && s.chars().all(all)))
        }
    }
}

fn text_arg<'a>(value: Option<&'a Value>, what: &str) -> Eval<&'a str> {
    match value {
        Some(Value::Str(text)) => Ok(text),
        _ if what.starts_with("must") => type_error(what),
        other => type_error(format!("{what} must be str, not {}", type_name(other.unwrap_or(&Value::None)))),
    }
}

fn separator(sep: &str) -> Eval<&str> {
    if sep.is_empty() { value_error("empty separator") } else { Ok(sep) }
}

fn strip<'a>(s: &'a str, name: &str, set: Option<&Value>) -> Eval<&'a str> {
    let set: Option<Vec<char>> = match set {
        None | Some(Value::None) => None,
        Some(Value::Str(set)) => Some(set.chars().collect()),
        Some(_) => return type_error(format!("{name} arg must be None or str")),
    };
    let goes = |c: char| set.as_ref().map_or(characters::is_space(c), |set| set.contains(&c));
    Ok(match name {
        "strip" => s.trim_matches(goes),
        "lstrip" => s.trim_start_matches(goes),
        _ => s.trim_end_matches(goes),
    })
}

fn split(
    machine: &mut Machine,
    s: &str,
    from_right: bool,
    sep: Option<&Value>,
    most: Option<&Value>,
) -> Eval<Value> {
    let most = match most {
        Some(most) => usize::try_from(machine.as_int(most)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let mut parts: Vec<&str> = Vec::new();
    match sep {
        None | Some(Value::None) => {
            let mut rest = s.trim_matches(characters::is_space);
            while !rest.is_empty() && parts.len() < most {
                let at = if from_right {
                    rest.rfind(characters::is_space)
                } else {
                    rest.find(characters::is_space)
                };
                let Some(at) = at else { break };
                let width = rest[at..].chars().next().map_or(1, char::len_utf8);
                let (before, after) = (&rest[..at], &rest[at + width..]);
                if from_right {
                    parts.push(after);
                    rest = before.trim_end_matches(characters::is_space);
                } else {
                    parts.push(before);
                    rest = after.trim_start_matches(characters::is_space);
                }
            }
            // What is beyond the last allowed split keeps its outer whitespace.
            if !rest.is_empty() {
                let at = rest.as_ptr() as usize - s.as_ptr() as usize;
                let kept = match (parts.is_empty() && most > 0, from_right) {
                    (true, _) => rest,
                    (false, false) if parts.len() == most => s[at..].trim_start_matches(characters::is_space),
                    (false, true) if parts.len() == most => {
                        s[..at + rest.len()].trim_end_matches(characters::is_space)
                    }
                    _ => rest,
                };
                parts.push(kept);
            }
            if from_right {
                parts.reverse();
            }
        }
        Some(Value::Str(sep)) => {
            let sep = separator(sep)?;
            let most = most.saturating_add(1);
            if from_right {
                parts.extend(s.rsplitn(most, sep));
                parts.reverse();
            } else {
                parts.extend(s.splitn(most, sep));
            }
        }
        Some(other) => return type_error(format!("must be str or None, not {}", type_name(other))),
    }
    Ok(Value::list(parts.into_iter().map(Value::str).collect()))
}

fn lines(s: &str, keep: bool) -> Vec<&str> {
    let (mut out, mut start) = (Vec::new(), 0);
    let mut chars = s.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            let mut end = i + c.len_utf8();
            if c == '\r' && chars.next_if(|(_, c)| *c == '\n').is_some() {
                end += 1;
            }
            out.push(&s[start..if keep { end } else { i }]);
            start = end;
        }
    }
    if start < s.len() {
        out.push(&s[start..]);
    }
    out
}

fn join(machine: &mut Machine, s: &str, parts: &Value) -> Eval<Value> {
    if !super::iterate::is_iterable(parts) {
        return type_error("can only join an iterable");
    }
    let mut joined = String::new();
    for (i, part) in machine.collect(parts)?.iter().enumerate() {
        let Value::Str(part) = part else {
            return type_error(format!(
                "sequence item {i}: expected str instance, {} found",
                type_name(part)
            ));
        };
        if i > 0 {
            joined.push_str(s);
        }
        joined.push_str(part);
    }
    Ok(Value::str(&joined))
}

/// How many characters a text lacks of a width.
fn missing(s: &str, width: i64) -> Eval<usize> {
    let lacks = (width.max(0) as usize).saturating_sub(s.chars().count());
    if lacks > 1 << 28 { raise(Class::MemoryError, "a text too long for memory") } else { Ok(lacks) }
}

fn pad(s: &str, name: &str, width: i64, fill: Option<&Value>) -> Eval<String> {
    let fill = match fill {
        None => " ",
        Some(Value::Str(fill)) if fill.chars().count() == 1 => fill,
        Some(_) => return type_error("The fill character must be exactly one character long"),
    };
    let lacks = missing(s, width)?;
    let left = match name {
        "ljust" => 0,
        "rjust" => lacks,
        // CPython puts the odd one to the left when the width is odd.
        _ => lacks / 2 + (lacks & width.max(0) as usize & 1),
    };
    Ok([&fill.repeat(left), s, &fill.repeat(lacks - left)].concat())
}

/// The part of a text between two optional positions, and the character position where it starts.
struct Window<'a> {
    text: &'a str,
    start: usize,
    /// False where the start is beyond the end: then not even the empty text is found.
    valid: bool,
}

fn window<'a>(
    machine: &mut Machine,
    s: &'a str,
    start: Option<&Value>,
    end: Option<&Value>,
) -> Eval<Window<'a>> {
    let given = |v: &Option<&Value>| v.is_some_and(|v| !matches!(v, Value::None));
    if !given(&start) && !given(&end) {
        return Ok(Window { text: s, start: 0, valid: true });
    }
    let len = s.chars().count() as i64;
    let mut bound = |value: Option<&Value>, default: i64| match value {
        None | Some(Value::None) => Ok::<i64, Box<super::Raised>>(default),
        Some(value) => {
            let i = machine.as_int(value)?;
            Ok(if i < 0 { i.saturating_add(len).max(0) } else { i })
        }
    };
    let (start, end) = (bound(start, 0)?, bound(end, len)?.min(len));
    if start > end {
        return Ok(Window { text: "", start: 0, valid: false });
    }
    let byte = |i: i64| s.char_indices().nth(i as usize).map_or(s.len(), |(b, _)| b);
    Ok(Window { text: &s[byte(start)..byte(end)], start: start as usize, valid: true })
}

/// `str.maketrans(...)`: a table for `translate`, by the code points of characters.
pub fn make_table(machine: &mut Machine, args: Vec<Option<Value>>) -> Eval<Value> {
    let arg = |i: usize| args.get(i).and_then(Option::as_ref);
    let mut table = Dict::new();
    let code = |c: char| Value::Int(u32::from(c).into());
    match (arg(0), arg(1)) {
        (Some(Value::Dict(dict)), None) => {
            let pairs: Vec<_> = dict.borrow().iter().cloned().collect();
            for (key, value) in pairs {
                let key = match &key {
                    Value::Str(text) => match single(text) {
                        Some(c) => code(c),
                        None => return value_error("string keys in translate table must be of length 1"),
                    },
                    Value::Int(_) => key,
                    _ => return type_error("keys in translate table must be strings or integers"),
                };
                table.insert(key, value)?;
            }
        }
        (_, None) => return type_error("if you give only one argument to maketrans it must be a dict"),
        (Some(Value::Str(from)), Some(Value::Str(to))) => {
            if from.chars().count() != to.chars().count() {
                return value_error("the first two maketrans arguments must have equal length");
            }
            for (a, b) in from.chars().zip(to.chars()) {
                table.insert(code(a), code(b))?;
            }
            if let Some(Value::Str(gone)) = arg(2) {
                for c in gone.chars() {
                    table.insert(code(c), Value::None)?;
                }
            }
        }
        (Some(first), Some(second)) => {
            let (which, found) = match first {
                Value::Str(_) => (2, type_name(second)),
                _ => {
                    return type_error(
                        "first maketrans argument must be a string if there is a second argument",
                    );
                }
            };
            return type_error(format!("maketrans() argument {which} must be str, not {found}"));
        }
        (None, Some(_)) => {}
    }
    let _ = machine;
    Ok(Value::Dict(Rc::new(std::cell::RefCell::new(table))))
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// Each character as a table says, by its code point: another one, a text, or none; as it is where it says nothing.
fn translate(machine: &mut Machine, text: &str, table: &Value) -> Eval<Value> {
    let mut out = String::new();
    for c in text.chars() {
        let found = match machine.index(table, &Value::Int(u32::from(c).into())) {
            Ok(found) => found,
            Err(raised) if matches!(raised.error.class, Class::KeyError | Class::IndexError) => {
                out.push(c);
                continue;
            }
            Err(raised) => return Err(raised),
        };
        match found {
            Value::None => {}
            Value::Str(text) => out.push_str(&text),
            Value::Int(code) => match u32::try_from(code).ok().and_then(char::from_u32) {
                Some(c) => out.push(c),
                None => return value_error("character mapping must be in range(0x110000)"),
            },
            _ => return type_error("character mapping must return integer, None or str"),
        }
    }
    Ok(Value::str(&out))
}

/// `text.format(...)`: fields by number or name, with conversions and specs; `{0[1]}` and `{0.real}` too.
pub fn format(machine: &mut Machine, text: &str, args: Vec<Value>, keywords: Keywords) -> Eval<Value> {
    let mut fields = Fields { args, keywords, mapping: None, next: Some(0) };
    fields.fill(machine, text, 2).map(|filled| Value::str(&filled))
}

struct Fields {
    args: Vec<Value>,
    keywords: Keywords,
    /// What `format_map` finds names in.
    mapping: Option<Value>,
    /// The next automatic number; None once fields were numbered by hand.
    next: Option<usize>,
}

impl Fields {
    fn fill(&mut self, machine: &mut Machine, text: &str, depth: usize) -> Eval<String> {
        if depth == 0 {
            return value_error("Max string recursion exceeded");
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let (brace, after) = (&rest[at..at + 1], &rest[at + 1..]);
            if let Some(doubled) = after.strip_prefix(brace) {
                out.push_str(brace);
                rest = doubled;
                continue;
            }
            if brace == "}" {
                return value_error("Single '}' encountered in format string");
            }
            let Some(end) = closing(after) else {
                let what = if after.is_empty() {
                    "Single '{' encountered"
                } else {
                    "expected '}' before end of string"
                };
                return value_error(if after.is_empty() {
                    format!("{what} in format string")
                } else {
                    what.to_string()
                });
            };
            out.push_str(&self.field(machine, &after[..end], depth)?);
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn field(&mut self, machine: &mut Machine, field: &str, depth: usize) -> Eval<String> {
        let (name, spec) = field.split_once(':').unwrap_or((field, ""));
        let (name, conversion) = name.split_once('!').map_or((name, None), |(n, c)| (n, Some(c)));
        let mut value = self.lookup(machine, name)?;
        match conversion {
            None => {}
            Some("r") => value = Value::str(&machine.repr(&value)?),
            Some("a") => value = Value::str(&super::objects::escaped(&machine.repr(&value)?)),
            Some("s") => value = Value::str(&machine.str(&value)?),
            Some(other) => return value_error(format!("Unknown conversion specifier {other}")),
        }
        let spec = match spec.contains(['{', '}']) {
            true => self.fill(machine, spec, depth - 1)?,
            false => spec.to_string(),
        };
        machine.format(&value, &spec)
    }

    fn lookup(&mut self, machine: &mut Machine, name: &str) -> Eval<Value> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut path) = name.split_at(end);
        let mut value = if first.is_empty() {
            let Some(i) = self.next else {
                return value_error(
                    "cannot switch from manual field specification to automatic field numbering",
                );
            };
            self.next = Some(i + 1);
            self.argument(i)?
        } else if let Ok(i) = first.parse::<usize>() {
            if self.next.is_some_and(|n| n > 0) {
                return value_error(
                    "cannot switch from automatic field numbering to manual field specification",
                );
            }
            self.next = None;
            self.argument(i)?
        } else {
            match self.keywords.iter().find(|(k, _)| k == first) {
                Some((_, value)) => value.clone(),
                None => match self.mapping.clone() {
                    Some(mapping) => machine.index(&mapping, &Value::str(first))?,
                    None => return machine.key_error(&Value::str(first)),
                },
            }
        };
        while !path.is_empty() {
            if let Some(after) = path.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                value = machine.attr(&value, &after[..end])?;
                path = &after[end..];
            } else {
                let Some(end) = path.find(']') else {
                    return value_error("Missing ']' in format string");
                };
                let key = &path[1..end];
                let key = key.parse().map_or_else(|_| Value::str(key), Value::Int);
                value = machine.index(&value, &key)?;
                path = &path[end + 1..];
                if !path.is_empty() && !path.starts_with(['.', '[']) {
                    return value_error("Only '.' or '[' may follow ']' in format field specifier");
                }
            }
        }
        Ok(value)
    }

    fn argument(&self, i: usize) -> Eval<Value> {
        match self.args.get(i) {
            Some(value) => Ok(value.clone()),
            None => index_error(format!("Replacement index {i} out of range for positional args tuple")),
        }
    }
}

/// The place of the brace that closes a field, which may hold fields itself.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(i),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
