//! `"..." % values`.

use lang::text::{self, Spec};
use num_bigint::BigInt;

use super::number::{self, Num};
use super::raise::{Eval, raise, type_error, value_error};
use super::types::type_name;
use super::{Machine, float};
use crate::value::Value;

pub fn format(machine: &mut Machine, format: &str, values: &Value) -> Eval<Value> {
    let list: Vec<Value> = match values {
        Value::Tuple(items) => items.to_vec(),
        other => vec![other.clone()],
    };
    let mut args = Args { values, list, used: 0 };
    let mut out = String::new();
    let mut rest = format;
    let length = |text: &str| text.chars().count();
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let directive = Directive::parse(machine, &mut rest, &mut args)?;
        let at = length(format) - length(rest) - 1;
        out.push_str(&directive.fill(machine, &mut args, at)?);
    }
    out.push_str(rest);
    if args.used < args.list.len() && !matches!(values, Value::Dict(_)) {
        return type_error("not all arguments converted during string formatting");
    }
    Ok(Value::str(&out))
}

struct Args<'a> {
    values: &'a Value,
    list: Vec<Value>,
    used: usize,
}

impl Args<'_> {
    fn next(&mut self) -> Eval<Value> {
        match self.list.get(self.used) {
            Some(value) => {
                self.used += 1;
                Ok(value.clone())
            }
            None => type_error("not enough arguments for format string"),
        }
    }
}

/// `%[(key)][flags][width][.precision]kind`.
struct Directive {
    key: Option<Value>,
    left: bool,
    spec: Spec,
    kind: char,
}

impl Directive {
    fn parse(machine: &mut Machine, rest: &mut &str, args: &mut Args) -> Eval<Directive> {
        let mut directive = Directive { key: None, left: false, spec: Spec::default(), kind: '%' };
        if let Some(after) = rest.strip_prefix('(') {
            let Some((key, after)) = after.split_once(')') else {
                return value_error("incomplete format key");
            };
            let Value::Dict(dict) = args.values else {
                return type_error("format requires a mapping");
            };
            let found = dict.borrow().get(&Value::str(key))?;
            directive.key = match found {
                Some(value) => Some(value),
                None => return machine.key_error(&Value::str(key)),
            };
            *rest = after;
        }
        let spec = &mut directive.spec;
        while let Some(flag) = rest.chars().next().filter(|c| "-+ #0".contains(*c)) {
            match flag {
                '-' => directive.left = true,
                '+' => spec.sign = Some('+'),
                ' ' if spec.sign.is_none() => spec.sign = Some(' '),
                '#' => spec.alternate = true,
                '0' => spec.zero = true,
                _ => {}
            }
            *rest = &rest[1..];
        }
        match number(machine, rest, args)? {
            Some(width) if width < 0 => {
                directive.left = true;
                spec.width = width.unsigned_abs() as usize;
            }
            width => spec.width = width.unwrap_or(0) as usize,
        }
        if let Some(after) = rest.strip_prefix('.') {
            *rest = after;
            spec.precision = Some(number(machine, rest, args)?.unwrap_or(0).max(0) as usize);
        }
        if spec.width > 10_000_000 || spec.precision.is_some_and(|p| p > 10_000_000) {
            return value_error("width or precision too big");
        }
        *rest = rest.strip_prefix(['l', 'h', 'L']).unwrap_or(rest);
        match rest.chars().next() {
            Some(kind) => {
                directive.kind = kind;
                *rest = &rest[kind.len_utf8()..];
                Ok(directive)
            }
            None => value_error("incomplete format"),
        }
    }

    fn fill(mut self, machine: &mut Machine, args: &mut Args, at: usize) -> Eval<String> {
        if self.kind == '%' && self.key.is_none() && !self.left && self.spec == Spec::default() {
            return Ok("%".into());
        }
        let value = match self.key.take() {
            Some(value) => value,
            None => args.next()?,
        };
        let kind = self.kind;
        let mut spec = self.spec;
        spec.align = self.left.then_some('<');
        spec.zero &= !self.left;
        spec.kind = Some(kind);
        match kind {
            's' | 'r' | 'a' | 'c' => {
                let shown = match (kind, &value) {
                    ('s', _) => machine.str(&value)?,
                    ('c', Value::Str(s)) if s.chars().count() == 1 => s.to_string(),
                    ('c', Value::Bool(b)) => if *b { "\u{1}" } else { "\0" }.to_string(),
                    ('c', Value::Int(i)) => match u32::try_from(*i).ok().and_then(char::from_u32) {
                        Some(c) => c.to_string(),
                        None => {
                            return raise(lang::error::Class::OverflowError, "%c arg not in range(0x110000)");
                        }
                    },
                    ('c', _) => return type_error("%c requires int or char"),
                    ('a', _) => super::objects::escaped(&machine.repr(&value)?),
                    _ => machine.repr(&value)?,
                };
                spec.kind = None;
                spec.sign = None;
                spec.zero = false;
                spec.alternate = false;
                spec.precision = spec.precision.filter(|_| kind != 'c');
                spec.align = Some(if self.left { '<' } else { '>' });
                Ok(text::format_str(&shown, &spec)?)
            }
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
                let (what, decimal) = (format!("%{kind} format"), "diu".contains(kind));
                let whole = match Num::of_any(&value) {
                    Some(Num::Float(f)) if decimal => match float::to_int(f)? {
                        Value::Int(i) => BigInt::from(i),
                        Value::BigInt(b) => (*b).clone(),
                        _ => BigInt::default(),
                    },
                    Some(num @ (Num::Int(_) | Num::Big(_))) => num.to_big().unwrap_or_default(),
                    _ if decimal => {
                        return type_error(format!(
                            "{what}: a real number is required, not {}",
                            type_name(&value)
                        ));
                    }
                    _ => {
                        return type_error(format!(
                            "{what}: an integer is required, not {}",
                            type_name(&value)
                        ));
                    }
                };
                spec.kind = Some(if decimal { 'd' } else { kind });
                // A precision is the least number of digits.
                if let Some(digits) = spec.precision.take() {
                    let sign = (whole.sign() == num_bigint::Sign::Minus || spec.sign.is_some()) as usize;
                    let prefix = if spec.alternate && !decimal { 2 } else { 0 };
                    let zeros = if spec.zero { spec.width } else { 0 };
                    let width = (digits + sign + prefix).max(zeros);
                    let inner = Spec { zero: true, width, align: None, ..spec.clone() };
                    let shown = text::format_int(&whole, &inner)?;
                    let outer = Spec {
                        width: spec.width,
                        align: Some(if self.left { '<' } else { '>' }),
                        ..Spec::default()
                    };
                    return Ok(text::format_str(&shown, &outer)?);
                }
                Ok(text::format_int(&whole, &spec)?)
            }
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' => match Num::of_any(&value) {
                Some(num) if !matches!(num, Num::Complex(_)) => {
                    spec.precision = spec.precision.or(Some(6));
                    Ok(text::format_float(number::to_float(&num)?, &spec)?)
                }
                _ => type_error(format!("must be real number, not {}", type_name(&value))),
            },
            _ => value_error(format!(
                "unsupported format character '{kind}' (0x{:x}) at index {at}",
                kind as u32
            )),
        }
    }
}

/// A width or precision: digits, or `*` for the next argument.
fn number(machine: &mut Machine, rest: &mut &str, args: &mut Args) -> Eval<Option<i64>> {
    if let Some(after) = rest.strip_prefix('*') {
        *rest = after;
        return match args.next()? {
            value @ (Value::Int(_) | Value::Bool(_)) => machine.as_int(&value).map(Some),
            _ => type_error("* wants int"),
        };
    }
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => value_error("width too big"),
    }
}
