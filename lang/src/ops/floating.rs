//! Floating-point errors: which of them an operation meets, told by its operands and its results.
//!
//! The processor's flags would say what a vectorised kernel did on its way to a result, not what the operation means,
//! so each kind is found by its definition in IEEE 754: a pole of finite operands, a result too large, a tiny result
//! that is not exact, a nan of operands that are none.

use crate::dtype::DType;
use crate::scalar::Scalar;

/// Which kinds of errors were met: a bit for each of `KINDS`.
pub type Flags = u8;

pub const NONE: Flags = 0;
const DIVIDE: Flags = 1;
const OVER: Flags = 2;
const UNDER: Flags = 4;
const INVALID: Flags = 8;

/// What NumPy's settings and its messages call them, in the order in which they are reported.
pub const KINDS: [(&str, &str); 4] = [
    ("divide", "divide by zero"),
    ("over", "overflow"),
    ("under", "underflow"),
    ("invalid", "invalid value"),
];

/// Operations whose tiny results may have lost something. Sums and remainders are exact where they are tiny.
const UNDERFLOWS: [&str; 21] = [
    "multiply",
    "square",
    "divide",
    "reciprocal",
    "power",
    "float_power",
    "exp",
    "exp2",
    "ldexp",
    "hypot",
    "arctan2",
    "nextafter",
    "deg2rad",
    "rad2deg",
    "radians",
    "degrees",
    "logaddexp",
    "logaddexp2",
    "cast",
    "sinc",
    "i0",
];

type Column<'a> = (DType, &'a [u8]);

/// The errors of an elementwise function over columns of operands and results; only where `mask` says so.
pub fn of_elements(name: &str, ins: &[Column], outs: &[Column], mask: Option<&[u8]>) -> Flags {
    let Some((dtype, bytes)) = outs.first() else {
        return NONE;
    };
    let at = |i: usize| {
        move |(dtype, bytes): &Column| {
            let size = dtype.itemsize();
            Scalar::read(*dtype, &bytes[i * size..(i + 1) * size])
        }
    };
    let mut flags = NONE;
    let (mut operands, mut results) = (Vec::new(), Vec::new());
    for i in (0..bytes.len() / dtype.itemsize()).filter(|i| mask.is_none_or(|mask| mask[*i] != 0)) {
        results.clear();
        results.extend(outs.iter().map(at(i)));
        if results.iter().all(|x| is_normal(*x)) {
            continue;
        }
        operands.clear();
        operands.extend(ins.iter().map(at(i)));
        flags |= of_one(name, &operands, &results);
    }
    flags
}

/// Whether a function can meet errors at all with operands and results of these dtypes.
pub fn can_fail(name: &str, ins: &[DType], outs: &[DType]) -> bool {
    let inexact = |dtypes: &[DType]| dtypes.iter().any(|dtype| dtype.is_inexact());
    match name {
        "spacing" => false,
        "cast" => inexact(ins),
        _ => inexact(outs) || divides_integers(name),
    }
}

/// The errors of a mean or a variance of too few elements: a sum was divided by zero.
pub fn of_nothing((dtype, bytes): Column) -> Flags {
    let results = bytes.chunks_exact(dtype.itemsize()).map(|bytes| Scalar::read(dtype, bytes));
    let met = |x: &f64| if x.is_infinite() { DIVIDE } else { INVALID };
    results.flat_map(parts).fold(NONE, |flags, x| flags | met(&x))
}

fn divides_integers(name: &str) -> bool {
    matches!(name, "floor_divide" | "remainder" | "divmod" | "fmod" | "reciprocal")
}

/// A number of which no operation's result tells an error: finite and not tiny.
fn is_normal(x: Scalar) -> bool {
    match x {
        Scalar::F32(x) => x.is_normal(),
        Scalar::F64(x) => x.is_normal(),
        Scalar::C64(z) => z.re.is_normal() && z.im.is_normal(),
        Scalar::C128(z) => z.re.is_normal() && z.im.is_normal(),
        _ => false,
    }
}

/// The parts of a number that floating-point errors are about: none of an integer.
fn parts(x: Scalar) -> Vec<f64> {
    match x {
        Scalar::F32(x) => vec![x.into()],
        Scalar::F64(x) => vec![x],
        Scalar::C64(z) => vec![z.re.into(), z.im.into()],
        Scalar::C128(z) => vec![z.re, z.im],
        _ => Vec::new(),
    }
}

/// The errors of one application of a function.
pub fn of_one(name: &str, ins: &[Scalar], outs: &[Scalar]) -> Flags {
    let given: Vec<f64> = ins.iter().flat_map(|x| parts(*x)).collect();
    if given.is_empty() {
        return of_integers(name, ins);
    }
    if let ("cast", [to]) = (name, outs)
        && to.dtype().is_integer()
    {
        return if fits(given[0], to.dtype()) { NONE } else { INVALID };
    }
    if given.iter().any(|x| x.is_nan()) {
        return NONE;
    }
    let finite = given.iter().all(|x| x.is_finite());
    let pole = finite && is_pole(name, ins);
    let mut flags = NONE;
    for out in outs {
        let complex = out.dtype().is_complex();
        let smallest = match out.dtype() {
            DType::F32 | DType::C64 => f32::MIN_POSITIVE.into(),
            _ => f64::MIN_POSITIVE,
        };
        for x in parts(*out) {
            flags |= match x {
                x if x.is_nan() && complex && pole => DIVIDE | INVALID,
                // Parts that were too large have met.
                x if x.is_nan() && complex && finite && is_too_large(name, ins) => OVER | INVALID,
                x if x.is_nan() => INVALID,
                x if x.is_infinite() && pole => DIVIDE,
                x if x.is_infinite() && finite => OVER,
                x if x.abs() < smallest && finite && UNDERFLOWS.contains(&name) && loses(name, ins, x) => {
                    UNDER
                }
                _ => NONE,
            };
        }
    }
    flags
}

/// Whether it is for parts that are too large that a function of finite complex numbers is nan.
fn is_too_large(name: &str, ins: &[Scalar]) -> bool {
    match name {
        "divide" | "reciprocal" => false,
        "power" | "float_power" => ins[0].is_truthy(),
        _ => true,
    }
}

/// Whether a function has a pole at finite operands, where it is not for being too large that a result is infinite.
fn is_pole(name: &str, ins: &[Scalar]) -> bool {
    let zero = |at: usize| ins.get(at).is_some_and(|x| !x.is_truthy());
    match name {
        "divide" | "floor_divide" | "divmod" => zero(1) && !zero(0),
        "reciprocal" => zero(0) && !ins[0].dtype().is_complex(),
        "power" | "float_power" => zero(0) && !ins[0].dtype().is_complex(),
        "log" | "log2" | "log10" | "log1p" | "arctanh" => true,
        _ => false,
    }
}

/// Whether a tiny part of a result is not exactly what the operation means.
fn loses(name: &str, ins: &[Scalar], result: f64) -> bool {
    let real = |at: usize| ins.get(at).map_or(0.0, |x| x.as_f64());
    if ins.iter().any(|x| x.dtype().is_complex()) {
        return result != 0.0 && name != "cast";
    }
    let (a, b) = (real(0), real(1));
    match name {
        "multiply" => !is_product(a, b, result),
        "square" => !is_product(a, a, result),
        "divide" => !is_product(result, b, a),
        "reciprocal" => !is_product(result, a, 1.0),
        "power" | "float_power" => a != 0.0 && (result == 0.0 || split(a).0.abs() != 1.0),
        "ldexp" => !is_product(result, 1.0, a) && (result == 0.0 || split(result).0 != split(a).0),
        "cast" => a != result,
        "nextafter" => a != b,
        "logaddexp" | "logaddexp2" => a != b,
        "exp" | "exp2" => true,
        _ => result != 0.0,
    }
}

/// Whether a * b is r, exactly.
fn is_product(a: f64, b: f64, r: f64) -> bool {
    if a == 0.0 || b == 0.0 || r == 0.0 {
        return r == 0.0 && (a == 0.0 || b == 0.0);
    }
    let ((a, i), (b, j), (r, k)) = (split(a), split(b), split(r));
    let product = a * b;
    // Both are in [1, 4) up to the sign, so that nothing is lost here that a fused product would not tell.
    a.mul_add(b, -product) == 0.0 && (i + j - k).abs() <= 2 && product * 2f64.powi(i + j - k) == r
}

/// `x` as `m * 2^e` with m in [1, 2), or in (-2, -1]; x is finite and not zero.
fn split(x: f64) -> (f64, i32) {
    let (x, below) = if x.is_normal() { (x, 0) } else { (x * 2f64.powi(54), 54) };
    let exponent = ((x.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    (f64::from_bits(x.to_bits() & !(0x7ff << 52) | 1023 << 52), exponent - below)
}

/// Whether a float is cast to an integer without the processor's complaint: narrow integers are cast by way of 32
/// bits, uint32 by way of 64.
fn fits(x: f64, to: DType) -> bool {
    let (low, high) = match to {
        DType::U32 | DType::I64 => (-2f64.powi(63), 2f64.powi(63)),
        DType::U64 => (-2f64.powi(63), 2f64.powi(64)),
        DType::Bool => return true,
        _ => (-2f64.powi(31), 2f64.powi(31)),
    };
    let whole = x.trunc();
    whole >= low && whole < high
}

fn of_integers(name: &str, ins: &[Scalar]) -> Flags {
    let value = |at: usize| ins.get(at).and_then(|x| x.as_i128());
    let (first, last) = (value(0), value(ins.len().saturating_sub(1)));
    match name {
        _ if !divides_integers(name) => NONE,
        _ if last == Some(0) => DIVIDE,
        "floor_divide" | "divmod" if last == Some(-1) => {
            let wrapped = first.is_some_and(|x| Scalar::from_i128(-x, ins[0].dtype()).as_i128() != Some(-x));
            if wrapped { OVER } else { NONE }
        }
        _ => NONE,
    }
}

/// The errors of NumPy's scalars under an operator: integers that wrap around are errors there, and only there.
pub fn of_scalars(name: &str, ins: &[Scalar], outs: &[Scalar]) -> Flags {
    let value = |at: usize| ins.get(at).and_then(|x| x.as_i128());
    let exact = match (name, value(0), value(1)) {
        ("add", Some(a), Some(b)) => Some(a + b),
        ("subtract", Some(a), Some(b)) => Some(a - b),
        ("multiply", Some(a), Some(b)) => a.checked_mul(b),
        ("negative", Some(a), None) => Some(-a),
        ("absolute", Some(a), None) => Some(a.abs()),
        _ => None,
    };
    let integer = outs.first().filter(|x| x.dtype().is_integer());
    let wrapped = integer.is_some_and(|x| exact.is_some() && x.as_i128() != exact);
    of_one(name, ins, outs) | if wrapped { OVER } else { NONE }
}

/// What there is among elements that are folded into one, as bits.
const NAN: u8 = 1;
const INFINITE: u8 = 2;
const ZERO: u8 = 4;

/// The kind of each element: 0 of ordinary numbers.
pub fn kinds(dtype: DType, bytes: &[u8]) -> Vec<u8> {
    let kind = |x: Scalar| {
        let parts = parts(x);
        if parts.iter().any(|x| x.is_nan()) {
            NAN
        } else if parts.iter().any(|x| x.is_infinite()) {
            INFINITE
        } else {
            if x.is_truthy() { 0 } else { ZERO }
        }
    };
    bytes.chunks_exact(dtype.itemsize()).map(|bytes| kind(Scalar::read(dtype, bytes))).collect()
}

/// The errors of folds by a ufunc: results, and the kinds of what was folded into each.
pub fn of_folds(name: &str, folded: &[u8], (dtype, bytes): Column) -> Flags {
    let results = bytes.chunks_exact(dtype.itemsize()).map(|bytes| Scalar::read(dtype, bytes));
    let one = |(result, kinds): (Scalar, &u8)| {
        let has = |kind: u8| kinds & kind != 0;
        let parts = parts(result);
        if has(NAN) || is_normal(result) {
            return NONE;
        }
        let finite = !has(INFINITE);
        let pole = name == "divide" && has(ZERO);
        parts.iter().fold(NONE, |flags, x| {
            flags
                | match x {
                    x if x.is_nan() && finite && !pole => OVER | INVALID,
                    x if x.is_nan() => INVALID,
                    x if x.is_infinite() && pole => DIVIDE,
                    x if x.is_infinite() && finite => OVER,
                    x if name == "multiply" && parts.len() == 1 && !x.is_normal() && finite && !has(ZERO) => {
                        UNDER
                    }
                    _ => NONE,
                }
        })
    };
    results.zip(folded).map(one).fold(NONE, |a, b| a | b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_products() {
        assert!(is_product(1e-308, 0.5, 5e-309));
        assert!(!is_product(3e-308, 0.1, 3e-309));
        assert!(is_product(5e-324, 2.0, 1e-323));
        assert!(is_product(0.0, 5.0, 0.0) && !is_product(1e-300, 1e-300, 0.0));
        // A quotient is exact where it is, times the divisor, the dividend.
        assert!(is_product(2.5e-309, 4.0, 1e-308) == (2.5e-309 * 4.0 == 1e-308));
    }
}
