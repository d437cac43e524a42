//! Complex arithmetic as NumPy rounds it, and the parts of complex numbers.

use num_complex::{Complex, Complex32, Complex64};
use num_traits::{Float, FromPrimitive, One, Zero};

use super::cmath::{Cplx, Real};
use super::loops::{Bool, each, join, map1, unary};
use super::{DTypeRule, Loop, Module, Row, ufunc1};

const CONJUGATE: &[Loop] = join![unary!(ints, |x| x), unary!(floats, |x| x), unary!(complexes, |z| z.conj())];

const REAL: &[Loop] = join![
    unary!(bool, |x| x),
    unary!(ints, |x| x),
    unary!(floats, |x| x),
    unary!([Complex32] => f32, |z| z.re),
    unary!([Complex64] => f64, |z| z.re),
];

const IMAG: &[Loop] = join![
    unary!(bool, |_x| Bool(0)),
    unary!(ints, |_x| 0),
    unary!(floats, |_x| 0.0),
    unary!([Complex32] => f32, |z| z.im),
    unary!([Complex64] => f64, |z| z.im),
];

/// Smith's division, which does not overflow early.
pub fn divide<T: Float>(a: Complex<T>, b: Complex<T>) -> Complex<T> {
    if b.re.abs() >= b.im.abs() {
        if b.re.is_zero() && b.im.is_zero() {
            return Complex::new(a.re / b.re.abs(), a.im / b.re.abs());
        }
        let ratio = b.im / b.re;
        let scale = T::one() / (b.re + b.im * ratio);
        Complex::new((a.re + a.im * ratio) * scale, (a.im - a.re * ratio) * scale)
    } else {
        let ratio = b.re / b.im;
        let scale = T::one() / (b.im + b.re * ratio);
        Complex::new((a.re * ratio + a.im) * scale, (a.im * ratio - a.re) * scale)
    }
}

/// 1 / z by Smith's method.
pub fn reciprocal<T: Float>(z: Complex<T>) -> Complex<T> {
    if z.im.abs() <= z.re.abs() {
        let ratio = z.im / z.re;
        let whole = z.re + z.im * ratio;
        Complex::new(T::one() / whole, -ratio / whole)
    } else {
        let ratio = z.re / z.im;
        let whole = z.re * ratio + z.im;
        Complex::new(ratio / whole, -T::one() / whole)
    }
}

/// `a ** b`: small whole powers by multiplication, the others by C's `cpow`.
pub fn power<T: Float + FromPrimitive>(a: Complex<T>, b: Complex<T>) -> Complex<T>
where
    Complex<T>: Cplx,
{
    if b.is_zero() {
        return Complex::one();
    }
    if a.is_zero() {
        let nan = Complex::new(T::nan(), T::nan());
        return if b.re > T::zero() { Complex::zero() } else { nan };
    }
    let whole = b.re.to_i32().filter(|n| b.im.is_zero() && n.abs() < 100 && T::from_i32(*n) == Some(b.re));
    match whole {
        Some(1) => a,
        Some(2) => a * a,
        Some(3) => a * (a * a),
        Some(n) => {
            let (mut result, mut square, mut left) = (Complex::one(), a, n.unsigned_abs());
            loop {
                if left & 1 == 1 {
                    result = result * square;
                }
                left >>= 1;
                if left == 0 {
                    break;
                }
                square = square * square;
            }
            if n < 0 { divide(Complex::one(), result) } else { result }
        }
        None => a.c_pow(b),
    }
}

/// z / |z|; 0 for 0; along an axis for one infinite part.
pub fn sign<T: Real>(z: Complex<T>) -> Complex<T> {
    let size = z.re.c_hypot(z.im);
    let nan = Complex::new(T::nan(), T::nan());
    if size.is_nan() {
        nan
    } else if size.is_infinite() {
        match (z.re.is_infinite(), z.im.is_infinite()) {
            (true, true) => nan,
            (true, false) => Complex::new(z.re.signum(), T::zero()),
            _ => Complex::new(T::zero(), z.im.signum()),
        }
    } else if size.is_zero() {
        Complex::zero()
    } else {
        Complex::new(z.re / size, z.im / size)
    }
}

/// exp(z) - 1.
pub fn expm1<T: Real + FromPrimitive>(z: Complex<T>) -> Complex<T> {
    let two = T::one() + T::one();
    let half_sine = (z.im / two).c_sin();
    Complex::new(z.re.c_expm1() * z.im.c_cos() - two * half_sine * half_sine, z.re.c_exp() * z.im.c_sin())
}

/// log(1 + z).
pub fn log1p<T: Real>(z: Complex<T>) -> Complex<T> {
    let re = z.re + T::one();
    Complex::new(re.c_hypot(z.im).c_log(), z.im.c_atan2(re))
}

/// Both parts times a number.
pub fn scale<T: Float + FromPrimitive>(z: Complex<T>, by: f64) -> Complex<T> {
    let by = T::from_f64(by).unwrap_or_else(T::nan);
    Complex::new(z.re * by, z.im * by)
}

pub fn has_nan<T: Float>(z: Complex<T>) -> bool {
    z.re.is_nan() || z.im.is_nan()
}

/// Real parts first, then imaginary ones; False wherever a nan decides.
pub fn lt<T: Float>(a: Complex<T>, b: Complex<T>) -> bool {
    (a.re < b.re && !a.im.is_nan() && !b.im.is_nan()) || (a.re == b.re && a.im < b.im)
}

pub fn le<T: Float>(a: Complex<T>, b: Complex<T>) -> bool {
    (a.re < b.re && !a.im.is_nan() && !b.im.is_nan()) || (a.re == b.re && a.im <= b.im)
}

pub fn gt<T: Float>(a: Complex<T>, b: Complex<T>) -> bool {
    lt(b, a)
}

pub fn ge<T: Float>(a: Complex<T>, b: Complex<T>) -> bool {
    le(b, a)
}

pub const ROWS: &[Row] = &[
    Row {
        method: Some("()"),
        ..ufunc1(
            "conjugate",
            &["conj"],
            "The complex conjugate: the imaginary part's sign turned.",
            "np.conjugate(np.array([1 + 2j]))",
            CONJUGATE,
        )
    },
    Row {
        module: Module::Array,
        signature: "(a, /)",
        method: Some("()"),
        ..ufunc1(
            "conj",
            &[],
            "The complex conjugate: the imaginary part's sign turned.",
            "np.array([1 + 2j]).conj()",
            CONJUGATE,
        )
    },
    Row {
        signature: "(val)",
        dtype: DTypeRule::Loops,
        ..ufunc1(
            "real",
            &[],
            "The real part; of real numbers, themselves.",
            "np.real(np.array([1 + 2j, 3]))",
            REAL,
        )
    },
    Row {
        signature: "(val)",
        ..ufunc1(
            "imag",
            &[],
            "The imaginary part; of real numbers, 0.",
            "np.imag(np.array([1 + 2j, 3]))",
            IMAG,
        )
    },
];
