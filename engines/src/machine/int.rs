//! Integers of any size: i64 with checked operations, and BigInt where they do not suffice.

use lang::ir::BinOp;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::float;
use super::raise::{Eval, overflow, value_error, zero_division};
use super::show::str_repr;
use crate::value::Value;

/// No int may grow beyond this: a megabyte or two, so that no single operation takes longer than an interrupt may.
const MAX_BITS: u64 = 1 << 24;

/// CPython's limit on conversions between int and decimal text.
const MAX_DIGITS: usize = 4300;

/// `a op b` of small ints; None where ints have no such operation (`@`).
#[inline]
pub fn small(op: BinOp, a: i64, b: i64) -> Eval<Option<Value>> {
    match quick(op, a, b) {
        Some(value) => Ok(Some(value)),
        None => big(op, &BigInt::from(a), &BigInt::from(b)),
    }
}

/// `a op b` where 64 bits suffice and nothing can go wrong.
#[inline]
pub fn quick(op: BinOp, a: i64, b: i64) -> Option<Value> {
    let value = match op {
        BinOp::Add => a.checked_add(b)?,
        BinOp::Sub => a.checked_sub(b)?,
        BinOp::Mul => a.checked_mul(b)?,
        BinOp::FloorDiv if b > 0 => a.div_euclid(b),
        BinOp::FloorDiv if b < -1 => Integer::div_floor(&a, &b),
        BinOp::Mod if b > 0 => a.rem_euclid(b),
        BinOp::Mod if b < -1 => Integer::mod_floor(&a, &b),
        BinOp::BitAnd => a & b,
        BinOp::BitOr => a | b,
        BinOp::BitXor => a ^ b,
        BinOp::RShift if b >= 0 => a >> b.min(63),
        BinOp::LShift if (0..63).contains(&b) && (a << b) >> b == a => a << b,
        BinOp::Pow if (0..64).contains(&b) => a.checked_pow(b as u32)?,
        BinOp::Div if b != 0 && a.unsigned_abs() < 1 << 53 && b.unsigned_abs() < 1 << 53 => {
            return Some(Value::Float(a as f64 / b as f64));
        }
        _ => return None,
    };
    Some(Value::Int(value))
}

/// `a op b` of ints of any size; None where ints have no such operation (`@`).
pub fn big(op: BinOp, a: &BigInt, b: &BigInt) -> Eval<Option<Value>> {
    let value = match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => {
            check_bits(a.bits() + b.bits())?;
            a * b
        }
        BinOp::FloorDiv => floor_div_mod(a, b, "integer division or modulo by zero")?.0,
        BinOp::Mod => floor_div_mod(a, b, "integer modulo by zero")?.1,
        BinOp::Div => return true_divide(a, b).map(|f| Some(Value::Float(f))),
        BinOp::Pow if b.is_negative() => {
            return float::real(BinOp::Pow, to_float(a)?, to_float(b)?);
        }
        BinOp::Pow => power(a, b)?,
        BinOp::LShift => shift_left(a, b)?,
        BinOp::RShift => match b.to_u64() {
            None if b.is_negative() => return value_error("negative shift count"),
            Some(by) if by <= a.bits() => a >> by,
            _ if a.is_negative() => -BigInt::one(),
            _ => BigInt::zero(),
        },
        BinOp::BitAnd => a & b,
        BinOp::BitOr => a | b,
        BinOp::BitXor => a ^ b,
        BinOp::MatMul => return Ok(None),
    };
    Ok(Some(Value::int(value)))
}

/// Floor division and the remainder with the divisor's sign.
pub fn floor_div_mod(a: &BigInt, b: &BigInt, by_zero: &str) -> Eval<(BigInt, BigInt)> {
    if b.is_zero() {
        return zero_division(by_zero);
    }
    Ok(a.div_mod_floor(b))
}

fn check_bits(bits: u64) -> Eval<()> {
    if bits > MAX_BITS {
        return overflow(format!("integer of more than {MAX_BITS} bits"));
    }
    Ok(())
}

fn power(a: &BigInt, b: &BigInt) -> Eval<BigInt> {
    if b.is_zero() || a.is_one() {
        return Ok(BigInt::one());
    }
    if a.is_zero() {
        return Ok(BigInt::zero());
    }
    if a.magnitude().is_one() {
        return Ok(if b.is_even() { BigInt::one() } else { a.clone() });
    }
    let exponent = b.to_u32().unwrap_or(u32::MAX);
    check_bits((a.bits() - 1).max(1).saturating_mul(exponent.into()))?;
    Ok(a.pow(exponent))
}

/// `pow(a, b, m)`.
pub fn power_mod(a: &BigInt, b: &BigInt, m: &BigInt) -> Eval<BigInt> {
    if m.is_zero() {
        return value_error("pow() 3rd argument cannot be 0");
    }
    let (base, exponent) = if b.is_negative() {
        let inverse = a.modinv(m);
        match inverse {
            Some(inverse) => (inverse, -b),
            None => return value_error("base is not invertible for the given modulus"),
        }
    } else {
        (a.clone(), b.clone())
    };
    Ok(base.modpow(&exponent, m))
}

fn shift_left(a: &BigInt, b: &BigInt) -> Eval<BigInt> {
    if b.is_negative() {
        return value_error("negative shift count");
    }
    if a.is_zero() {
        return Ok(BigInt::zero());
    }
    let by = b.to_u64().unwrap_or(u64::MAX);
    check_bits(a.bits().saturating_add(by))?;
    Ok(a << by)
}

/// The float nearest to an int.
pub fn to_float(a: &BigInt) -> Eval<f64> {
    match a.to_f64() {
        Some(f) if f.is_finite() => Ok(f),
        _ => overflow("int too large to convert to float"),
    }
}

/// The float nearest to the exact quotient.
fn true_divide(a: &BigInt, b: &BigInt) -> Eval<f64> {
    if b.is_zero() {
        return zero_division("division by zero");
    }
    if a.is_zero() {
        return Ok(if b.is_negative() { -0.0 } else { 0.0 });
    }
    // A quotient of 55 or 56 bits whose last bit also says whether there is a remainder rounds as the exact one does.
    let shift = 55 + b.bits() as i64 - a.bits() as i64;
    let (n, d) = (a.magnitude(), b.magnitude());
    let (quotient, rest) =
        if shift >= 0 { (n << shift as u64).div_rem(d) } else { n.div_rem(&(d << (-shift) as u64)) };
    let mut bits = quotient.to_u64().unwrap_or(u64::MAX);
    if !rest.is_zero() {
        bits |= 1;
    }
    let value = scale(bits as f64, -shift);
    if value.is_infinite() {
        return overflow("integer division result too large for a float");
    }
    Ok(if a.sign() == b.sign() { value } else { -value })
}

/// `x * 2**exponent`.
fn scale(mut x: f64, mut exponent: i64) -> f64 {
    while exponent > 1000 && x.is_finite() {
        x *= 2.0_f64.powi(1000);
        exponent -= 1000;
    }
    while exponent < -1000 && x != 0.0 {
        x *= 2.0_f64.powi(-1000);
        exponent += 1000;
    }
    x * 2.0_f64.powi(exponent.clamp(-1000, 1000) as i32)
}

/// Decimal digits, within CPython's limit.
pub fn to_text(a: &BigInt) -> Eval<String> {
    let limit = format!(
        "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
    );
    // So many bits have more digits than the limit, whatever they are.
    if a.bits() as f64 * std::f64::consts::LOG10_2 > MAX_DIGITS as f64 + 1.0 {
        return value_error(limit);
    }
    let text = a.to_string();
    if text.trim_start_matches('-').len() > MAX_DIGITS { value_error(limit) } else { Ok(text) }
}

/// `int(text, base)`: base 0 takes the prefix's, 2 to 36 accept it.
pub fn parse(text: &str, base: i64) -> Eval<Value> {
    let bad =
        |shown: &str| value_error(format!("invalid literal for int() with base {base}: {}", str_repr(shown)));
    if base != 0 && !(2..=36).contains(&base) {
        return value_error("int() base must be >= 2 and <= 36, or 0");
    }
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let prefix = digits.get(..2).map(str::to_ascii_lowercase);
    let prefixed = match prefix.as_deref() {
        Some("0x") => Some(16),
        Some("0o") => Some(8),
        Some("0b") => Some(2),
        _ => None,
    };
    let (radix, digits) = match prefixed {
        Some(radix) if base == 0 || base == radix => {
            let rest = &digits[2..];
            (radix, rest.strip_prefix('_').unwrap_or(rest))
        }
        _ if base == 0 => (10, digits),
        _ => (base, digits),
    };
    if base == 0
        && radix == 10
        && digits.len() > 1
        && digits.starts_with('0')
        && !digits.trim_matches(['0', '_']).is_empty()
    {
        return bad(text);
    }
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return bad(text);
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    if plain.is_empty() || !plain.chars().all(|c| c.is_digit(radix as u32)) {
        return bad(text);
    }
    if !(radix as u64).is_power_of_two() && plain.len() > MAX_DIGITS {
        return value_error(format!(
            "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; use sys.set_int_max_str_digits() to increase the limit",
            plain.len()
        ));
    }
    match BigInt::parse_bytes(plain.as_bytes(), radix as u32) {
        Some(value) => Ok(Value::int(if negative { -value } else { value })),
        None => bad(text),
    }
}

/// `round(a, digits)`: to a multiple of `10**-digits`, half to even.
pub fn round(a: &BigInt, digits: i64) -> BigInt {
    if digits >= 0 {
        return a.clone();
    }
    // Ten to more digits than the number has rounds to 0.
    if digits.unsigned_abs() as f64 > a.bits() as f64 * std::f64::consts::LOG10_2 + 2.0 {
        return BigInt::zero();
    }
    let unit = BigInt::from(10).pow(digits.unsigned_abs() as u32);
    let (mut quotient, rest) = a.div_mod_floor(&unit);
    match (rest * 2_u32).cmp(&unit) {
        std::cmp::Ordering::Less => {}
        std::cmp::Ordering::Equal if quotient.is_even() => {}
        _ => quotient += 1,
    }
    quotient * unit
}
