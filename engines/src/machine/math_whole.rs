//! `math`'s functions of ints, of any size.

use lang::ops::Math;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::number::Num;
use super::raise::{Eval, overflow, type_error, value_error};
use super::types::type_name;
use crate::value::Value;

pub fn call(function: Math, values: &[Option<Value>], rest: &[Value]) -> Eval<Value> {
    let arg = |i: usize| values.get(i).cloned().flatten().unwrap_or(Value::None);
    let result = match function {
        Math::Factorial => {
            let n = whole(&arg(0))?;
            if n.is_negative() {
                return value_error("factorial() not defined for negative values");
            }
            product(1, counted(&n, "factorial() argument")?)
        }
        Math::Gcd => {
            let mut result = BigInt::zero();
            for value in rest {
                result = result.gcd(&whole(value)?);
            }
            result
        }
        Math::Lcm => {
            let mut result = BigInt::one();
            for value in rest {
                let value = whole(value)?;
                result =
                    if result.is_zero() || value.is_zero() { BigInt::zero() } else { result.lcm(&value) };
            }
            result.abs()
        }
        Math::Isqrt => {
            let n = whole(&arg(0))?;
            if n.is_negative() {
                return value_error("isqrt() argument must be nonnegative");
            }
            n.sqrt()
        }
        _ => {
            let n = whole(&arg(0))?;
            let k = match arg(1) {
                Value::None if function == Math::Perm => n.clone(),
                k => whole(&k)?,
            };
            if n.is_negative() {
                return value_error("n must be a non-negative integer");
            }
            if k.is_negative() {
                return value_error("k must be a non-negative integer");
            }
            if k > n {
                BigInt::zero()
            } else if function == Math::Perm {
                falling(&n, counted(&k, "k")?)
            } else {
                let rest = &n - &k;
                let k = counted(if rest < k { &rest } else { &k }, "min(n - k, k)")?;
                falling(&n, k) / product(1, k)
            }
        }
    };
    Ok(Value::int(result))
}

fn whole(value: &Value) -> Eval<BigInt> {
    match Num::of_any(value) {
        // A bool of NumPy's is no int.
        Some(num @ (Num::Int(_) | Num::Big(_))) => Ok(num.to_big().unwrap_or_default()),
        _ => type_error(format!("'{}' object cannot be interpreted as an integer", type_name(value))),
    }
}

/// How many factors there are; beyond this no memory would do.
fn counted(n: &BigInt, what: &str) -> Eval<u64> {
    const MOST: u64 = 10_000_000;
    match n.to_u64() {
        Some(n) if n <= MOST => Ok(n),
        _ => overflow(format!("{what} should not exceed {MOST}")),
    }
}

/// `first * (first + 1) * ... * last`, by halves: the factors stay of like size.
fn product(first: u64, last: u64) -> BigInt {
    if first > last {
        return BigInt::one();
    }
    if last - first < 16 {
        return (first..=last).fold(BigInt::one(), |product, i| product * i);
    }
    let middle = first + (last - first) / 2;
    product(first, middle) * product(middle + 1, last)
}

/// `n * (n - 1) * ...`, `k` factors.
fn falling(n: &BigInt, k: u64) -> BigInt {
    match n.to_u64() {
        Some(n) => product(n - k + 1, n),
        None => (0..k).fold(BigInt::one(), |product, i| product * (n - i)),
    }
}
