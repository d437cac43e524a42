//! Python's format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use crate::error::{Class, Error, Result};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spec {
    pub fill: Option<char>,
    pub align: Option<char>,
    pub sign: Option<char>,
    pub no_negative_zero: bool,
    pub alternate: bool,
    /// A width with a leading zero and no alignment: zeros go between the sign and the digits.
    pub zero: bool,
    pub width: usize,
    pub grouping: Option<char>,
    pub precision: Option<usize>,
    pub kind: Option<char>,
}

const LONGEST: usize = 10_000_000;

/// Parses what stands behind the colon of a replacement field.
///
/// # Errors
/// ValueError in Python's words when it is not a format spec.
pub fn parse_spec(text: &str) -> Result<Spec> {
    let chars: Vec<char> = text.chars().collect();
    let mut spec = Spec::default();
    let mut i = 0;
    if chars.len() > 1 && "<>=^".contains(chars[1]) {
        spec.fill = Some(chars[0]);
        spec.align = Some(chars[1]);
        i = 2;
    } else if chars.first().is_some_and(|c| "<>=^".contains(*c)) {
        spec.align = Some(chars[0]);
        i = 1;
    }
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    if "+- ".contains(at(i)) {
        spec.sign = Some(at(i));
        i += 1;
    }
    if at(i) == 'z' {
        spec.no_negative_zero = true;
        i += 1;
    }
    if at(i) == '#' {
        spec.alternate = true;
        i += 1;
    }
    if at(i) == '0' && spec.fill.is_none() {
        spec.fill = Some('0');
        spec.zero = spec.align.is_none();
        i += 1;
    }
    let number = |i: &mut usize| -> Result<Option<usize>> {
        let start = *i;
        while at(*i).is_ascii_digit() {
            *i += 1;
        }
        let digits: String = chars[start..*i].iter().collect();
        match digits.is_empty() {
            true => Ok(None),
            false => match digits.parse() {
                Ok(n) if n <= LONGEST => Ok(Some(n)),
                _ => Err(Error::value("Too many decimal digits in format string")),
            },
        }
    };
    spec.width = number(&mut i)?.unwrap_or(0);
    if at(i) == ',' || at(i) == '_' {
        spec.grouping = Some(at(i));
        i += 1;
    }
    if at(i) == '.' {
        i += 1;
        spec.precision =
            Some(number(&mut i)?.ok_or_else(|| Error::value("Format specifier missing precision"))?);
    }
    if i < chars.len() {
        spec.kind = Some(chars[i]);
        i += 1;
    }
    if i < chars.len() {
        return Err(Error::value(format!("Invalid format specifier '{text}'")));
    }
    let groups =
        |separator: char, kind: char| "defgEG%F".contains(kind) || separator == '_' && "boxX".contains(kind);
    match (spec.grouping, spec.kind) {
        (Some(separator), Some(kind)) if !groups(separator, kind) => {
            Err(Error::value(format!("Cannot specify '{separator}' with '{kind}'.")))
        }
        _ => Ok(spec),
    }
}

/// `format(text, spec)`.
pub fn format_str(text: &str, spec: &Spec) -> Result<String> {
    if let Some(kind) = spec.kind.filter(|k| *k != 's') {
        return Err(unknown(kind, "str"));
    }
    if let (Some(separator), None) = (spec.grouping, spec.kind) {
        return Err(Error::value(format!("Cannot specify '{separator}' with 's'.")));
    }
    let refused = match spec.sign {
        Some(' ') => Some("Space"),
        Some(_) => Some("Sign"),
        None if spec.no_negative_zero => Some("Negative zero coercion (z)"),
        None if spec.alternate => Some("Alternate form (#)"),
        None => None,
    };
    if let Some(refused) = refused {
        return Err(Error::value(format!("{refused} not allowed in string format specifier")));
    }
    if spec.align == Some('=') {
        return Err(Error::value("'=' alignment not allowed in string format specifier"));
    }
    Ok(pad("", &cut(text, spec.precision), spec, '<'))
}

fn cut(text: &str, precision: Option<usize>) -> String {
    text.chars().take(precision.unwrap_or(usize::MAX)).collect()
}

/// `format(int, spec)`.
pub fn format_int(value: &BigInt, spec: &Spec) -> Result<String> {
    let kind = spec.kind.unwrap_or('d');
    if !"dnboxXceEfFgG%".contains(kind) {
        return Err(unknown(kind, "int"));
    }
    if spec.no_negative_zero && "dnboxXc".contains(kind) {
        return Err(Error::value("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    if "eEfFgG%".contains(kind) {
        let float = value.to_f64().filter(|x| x.is_finite());
        let float =
            float.ok_or_else(|| Error::new(Class::OverflowError, "int too large to convert to float"))?;
        return format_float(float, spec);
    }
    if spec.precision.is_some() {
        return Err(Error::value("Precision not allowed in integer format specifier"));
    }
    if kind == 'c' {
        if spec.sign.is_some() {
            return Err(Error::value("Sign not allowed with integer format specifier 'c'"));
        }
        if spec.alternate {
            return Err(Error::value("Alternate form (#) not allowed with integer format specifier 'c'"));
        }
        let c = value.to_u32().and_then(char::from_u32);
        let c = c.ok_or_else(|| Error::new(Class::OverflowError, "%c arg not in range(0x110000)"))?;
        return Ok(pad("", &c.to_string(), spec, if spec.zero { '>' } else { '<' }));
    }
    let magnitude = value.abs();
    let (prefix, digits, group) = match kind {
        'd' | 'n' => ("", magnitude.to_str_radix(10), 3),
        'b' => ("0b", magnitude.to_str_radix(2), 4),
        'o' => ("0o", magnitude.to_str_radix(8), 4),
        'x' => ("0x", magnitude.to_str_radix(16), 4),
        'X' => ("0X", magnitude.to_str_radix(16).to_uppercase(), 4),
        other => return Err(unknown(other, "int")),
    };
    let prefix = if spec.alternate { prefix } else { "" };
    let sign = format!("{}{prefix}", sign_text(value.is_negative(), spec));
    Ok(number(&sign, &digits, "", spec, group))
}

/// `format(float, spec)`.
pub fn format_float(value: f64, spec: &Spec) -> Result<String> {
    let kind = spec.kind.unwrap_or('\0');
    if kind == 'n' && spec.grouping.is_some() {
        return Err(Error::value("Cannot specify ',' with 'n'."));
    }
    let magnitude = value.abs();
    let text = match kind {
        'e' | 'E' => scientific(magnitude, spec.precision.unwrap_or(6), spec.alternate),
        'f' | 'F' => fixed(magnitude, spec.precision.unwrap_or(6), spec.alternate),
        '%' => format!("{}%", fixed(magnitude * 100.0, spec.precision.unwrap_or(6), spec.alternate)),
        'g' | 'G' | 'n' => general(magnitude, spec.precision.unwrap_or(6), spec.alternate, false),
        '\0' => match spec.precision {
            Some(p) => general(magnitude, p, spec.alternate, true),
            None => super::float_repr(magnitude),
        },
        other => return Err(unknown(other, "float")),
    };
    let text = if kind.is_ascii_uppercase() { text.to_uppercase() } else { text };
    let rounds_to_zero = !text.bytes().any(|b| (b'1'..=b'9').contains(&b)) && value.is_finite();
    let negative = value.is_sign_negative() && !value.is_nan() && !(spec.no_negative_zero && rounds_to_zero);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    Ok(number(&sign_text(negative, spec), &text[..digits], &text[digits..], spec, 3))
}

/// `format(complex, spec)`.
pub fn format_complex(re: f64, im: f64, spec: &Spec) -> Result<String> {
    if let Some(kind) = spec.kind.filter(|k| !"eEfFgGn".contains(*k)) {
        return Err(unknown(kind, "complex"));
    }
    if spec.zero || spec.fill == Some('0') {
        return Err(Error::value("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == Some('=') {
        return Err(Error::value("'=' alignment flag is not allowed in complex format specifier"));
    }
    let real_spec = Spec { width: 0, fill: None, align: None, ..spec.clone() };
    let imag_spec = Spec { sign: Some('+'), ..real_spec.clone() };
    // Without a type letter: as `repr` does, a positive zero real part is left out and the sum is bracketed.
    let bare = spec.kind.is_none();
    let part = |x: f64, s: &Spec| -> Result<String> {
        let kind = if bare && s.precision.is_some() { Some('g') } else { s.kind };
        let text = format_float(x, &Spec { kind, ..s.clone() })?;
        Ok(if bare { text.strip_suffix(".0").map(str::to_string).unwrap_or(text) } else { text })
    };
    let text = if bare && re == 0.0 && re.is_sign_positive() {
        format!("{}j", part(im, &real_spec)?)
    } else {
        let sum = format!("{}{}j", part(re, &real_spec)?, part(im, &imag_spec)?);
        if bare { format!("({sum})") } else { sum }
    };
    Ok(pad("", &text, spec, '>'))
}

fn unknown(kind: char, of: &str) -> Error {
    Error::value(format!("Unknown format code '{kind}' for object of type '{of}'"))
}

fn sign_text(negative: bool, spec: &Spec) -> String {
    match (negative, spec.sign) {
        (true, _) => "-".into(),
        (false, Some(c)) if c != '-' => c.to_string(),
        _ => String::new(),
    }
}

fn fixed(x: f64, precision: usize, point: bool) -> String {
    match x.is_finite() {
        true => format!("{x:.precision$}{}", if point && precision == 0 { "." } else { "" }),
        false => super::float_repr(x),
    }
}

fn scientific(x: f64, precision: usize, point: bool) -> String {
    if !x.is_finite() {
        return super::float_repr(x);
    }
    let text = format!("{x:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if point && precision == 0 { "." } else { "" };
    format!("{mantissa}{point}{}", super::float::exponent_text(exponent.parse().unwrap_or(0), 2))
}

/// `g`: `precision` significant digits, positional where the exponent allows. `repr_like` is the variant without a
/// type letter: at least one digit behind the point, exponents one digit earlier.
fn general(x: f64, precision: usize, alternate: bool, repr_like: bool) -> String {
    if !x.is_finite() {
        return super::float_repr(x);
    }
    let precision = precision.max(1);
    let text = format!("{:.*e}", precision - 1, x);
    let exponent: i32 = text.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let limit = precision as i32 - repr_like as i32;
    let strip = |t: String| match t.contains('.') && !alternate {
        true => t.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => t,
    };
    if exponent < -4 || exponent >= limit {
        let text = scientific(x, precision - 1, alternate);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
        return format!("{}e{exponent}", strip(mantissa.to_string()));
    }
    let text = strip(fixed(x, (precision as i32 - 1 - exponent).max(0) as usize, alternate));
    match repr_like && !text.contains('.') {
        true => format!("{text}.0"),
        false => text,
    }
}

/// Sign and prefix, integer digits (grouped), the rest; padded.
fn number(sign: &str, digits: &str, rest: &str, spec: &Spec, group: usize) -> String {
    let zeros = spec.zero || (spec.align == Some('=') && spec.fill == Some('0'));
    let mut digits = digits.to_string();
    let group = if digits.is_empty() { usize::MAX } else { group };
    if zeros {
        let room = spec.width.saturating_sub(sign.len() + rest.len());
        while grouped(&digits, spec.grouping, group).len() < room {
            let longer = format!("0{digits}");
            if grouped(&longer, spec.grouping, group).len() > room {
                // One digit would bring its separator too; Python then goes one over.
                digits = longer;
                break;
            }
            digits = longer;
        }
        return pad(
            sign,
            &format!("{}{rest}", grouped(&digits, spec.grouping, group)),
            &Spec { width: 0, ..spec.clone() },
            '>',
        );
    }
    pad(sign, &format!("{}{rest}", grouped(&digits, spec.grouping, group)), spec, '>')
}

fn grouped(digits: &str, separator: Option<char>, group: usize) -> String {
    let Some(separator) = separator else {
        return digits.to_string();
    };
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(group) {
            text.push(separator);
        }
        text.push(c);
    }
    text
}

fn pad(sign: &str, text: &str, spec: &Spec, default: char) -> String {
    let length = sign.chars().count() + text.chars().count();
    let missing = spec.width.saturating_sub(length);
    let fill = spec.fill.unwrap_or(' ');
    let filler = |n: usize| fill.to_string().repeat(n);
    match spec.align.unwrap_or(default) {
        '<' => format!("{sign}{text}{}", filler(missing)),
        '^' => format!("{}{sign}{text}{}", filler(missing / 2), filler(missing - missing / 2)),
        '=' => format!("{sign}{}{text}", filler(missing)),
        _ => format!("{}{sign}{text}", filler(missing)),
    }
}
