//! C's math library, which NumPy computes with too: the same bits where NumPy has no vector code of its own.
#![allow(unsafe_code)]

use std::ffi::{c_double, c_float, c_int};

use num_complex::{Complex32, Complex64};

/// The functions of real numbers, by their C names (which end in `f` for float32).
pub trait Real: num_traits::Float {
    fn c_pow(self, y: Self) -> Self;
    fn c_atan2(self, x: Self) -> Self;
    fn c_hypot(self, y: Self) -> Self;
    fn c_nextafter(self, to: Self) -> Self;
    fn c_ldexp(self, e: i32) -> Self;
    fn c_sin(self) -> Self;
    fn c_cos(self) -> Self;
    fn c_tan(self) -> Self;
    fn c_asin(self) -> Self;
    fn c_acos(self) -> Self;
    fn c_atan(self) -> Self;
    fn c_sinh(self) -> Self;
    fn c_cosh(self) -> Self;
    fn c_tanh(self) -> Self;
    fn c_asinh(self) -> Self;
    fn c_acosh(self) -> Self;
    fn c_atanh(self) -> Self;
    fn c_exp(self) -> Self;
    fn c_exp2(self) -> Self;
    fn c_expm1(self) -> Self;
    fn c_log(self) -> Self;
    fn c_log2(self) -> Self;
    fn c_log10(self) -> Self;
    fn c_log1p(self) -> Self;
    fn c_cbrt(self) -> Self;
    fn c_erf(self) -> Self;
    fn c_erfc(self) -> Self;
    fn c_remainder(self, y: Self) -> Self;
}

/// The functions of complex numbers, by their C names (`csin`).
pub trait Cplx: Copy {
    fn c_pow(self, y: Self) -> Self;
    fn c_sqrt(self) -> Self;
    fn c_exp(self) -> Self;
    fn c_log(self) -> Self;
    fn c_sin(self) -> Self;
    fn c_cos(self) -> Self;
    fn c_tan(self) -> Self;
    fn c_asin(self) -> Self;
    fn c_acos(self) -> Self;
    fn c_atan(self) -> Self;
    fn c_sinh(self) -> Self;
    fn c_cosh(self) -> Self;
    fn c_tanh(self) -> Self;
    fn c_asinh(self) -> Self;
    fn c_acosh(self) -> Self;
    fn c_atanh(self) -> Self;
}

/// Declares C's functions of one type and implements the trait with them.
macro_rules! from_c {
    ($trait:ident for $t:ty as $c:ty: $($method:ident($($arg:ident: $arg_t:ty),*) = $name:ident),* $(,)?) => {
        const _: () = {
            // SAFETY: C99's math functions of these names have these signatures, keep no state that Rust can see
            // (errno and the floating-point flags aside) and accept every value. A complex number passed or returned
            // by value has the calling convention of a struct of two floats on x86-64 (System V) and AArch64.
            unsafe extern "C" {
                $(safe fn $name(x: $c $(, $arg: $arg_t)*) -> $c;)*
            }
            impl $trait for $t {
                $(
                    #[inline]
                    fn $method(self $(, $arg: $arg_t)*) -> $t {
                        $name(self $(, $arg)*)
                    }
                )*
            }
        };
    };
}

from_c! { Real for f64 as c_double:
    c_pow(y: c_double) = pow, c_atan2(x: c_double) = atan2, c_hypot(y: c_double) = hypot,
    c_nextafter(to: c_double) = nextafter, c_ldexp(e: c_int) = ldexp,
    c_sin() = sin, c_cos() = cos, c_tan() = tan, c_asin() = asin, c_acos() = acos, c_atan() = atan,
    c_sinh() = sinh, c_cosh() = cosh, c_tanh() = tanh, c_asinh() = asinh, c_acosh() = acosh, c_atanh() = atanh,
    c_exp() = exp, c_exp2() = exp2, c_expm1() = expm1, c_log() = log, c_log2() = log2, c_log10() = log10,
    c_log1p() = log1p, c_cbrt() = cbrt, c_erf() = erf, c_erfc() = erfc, c_remainder(y: c_double) = remainder,
}

from_c! { Real for f32 as c_float:
    c_pow(y: c_float) = powf, c_atan2(x: c_float) = atan2f, c_hypot(y: c_float) = hypotf,
    c_nextafter(to: c_float) = nextafterf, c_ldexp(e: c_int) = ldexpf,
    c_sin() = sinf, c_cos() = cosf, c_tan() = tanf, c_asin() = asinf, c_acos() = acosf, c_atan() = atanf,
    c_sinh() = sinhf, c_cosh() = coshf, c_tanh() = tanhf, c_asinh() = asinhf, c_acosh() = acoshf, c_atanh() = atanhf,
    c_exp() = expf, c_exp2() = exp2f, c_expm1() = expm1f, c_log() = logf, c_log2() = log2f, c_log10() = log10f,
    c_log1p() = log1pf, c_cbrt() = cbrtf, c_erf() = erff, c_erfc() = erfcf, c_remainder(y: c_float) = remainderf,
}

from_c! { Cplx for Complex64 as Complex64:
    c_pow(y: Complex64) = cpow, c_sqrt() = csqrt, c_exp() = cexp, c_log() = clog,
    c_sin() = csin, c_cos() = ccos, c_tan() = ctan, c_asin() = casin, c_acos() = cacos, c_atan() = catan,
    c_sinh() = csinh, c_cosh() = ccosh, c_tanh() = ctanh, c_asinh() = casinh, c_acosh() = cacosh, c_atanh() = catanh,
}

from_c! { Cplx for Complex32 as Complex32:
    c_pow(y: Complex32) = cpowf, c_sqrt() = csqrtf, c_exp() = cexpf, c_log() = clogf,
    c_sin() = csinf, c_cos() = ccosf, c_tan() = ctanf, c_asin() = casinf, c_acos() = cacosf, c_atan() = catanf,
    c_sinh() = csinhf, c_cosh() = ccoshf, c_tanh() = ctanhf, c_asinh() = casinhf, c_acosh() = cacoshf,
    c_atanh() = catanhf,
}
