//! One element of an array, with its type: NumPy's scalar (`np.float64(1.5)`).

use num_bigint::BigInt;
use num_complex::{Complex32, Complex64};
use num_traits::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::dtype::DType;
use crate::error::{Class, Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Scalar {
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    F32(f32),
    F64(f64),
    C64(Complex32),
    C128(Complex64),
}

impl Scalar {
    pub fn dtype(self) -> DType {
        match self {
            Scalar::Bool(_) => DType::Bool,
            Scalar::I8(_) => DType::I8,
            Scalar::I16(_) => DType::I16,
            Scalar::I32(_) => DType::I32,
            Scalar::I64(_) => DType::I64,
            Scalar::U8(_) => DType::U8,
            Scalar::U16(_) => DType::U16,
            Scalar::U32(_) => DType::U32,
            Scalar::U64(_) => DType::U64,
            Scalar::F32(_) => DType::F32,
            Scalar::F64(_) => DType::F64,
            Scalar::C64(_) => DType::C64,
            Scalar::C128(_) => DType::C128,
        }
    }

    /// The zero of a dtype; False of bool.
    pub fn zero(dtype: DType) -> Scalar {
        Scalar::from_i128(0, dtype)
    }

    /// The one of a dtype; True of bool.
    pub fn one(dtype: DType) -> Scalar {
        Scalar::from_i128(1, dtype)
    }

    /// The integer in that dtype, wrapping where it does not fit, as a C cast does; bool by truth.
    pub fn from_i128(x: i128, dtype: DType) -> Scalar {
        match dtype {
            DType::Bool => Scalar::Bool(x != 0),
            DType::I8 => Scalar::I8(x as i8),
            DType::I16 => Scalar::I16(x as i16),
            DType::I32 => Scalar::I32(x as i32),
            DType::I64 => Scalar::I64(x as i64),
            DType::U8 => Scalar::U8(x as u8),
            DType::U16 => Scalar::U16(x as u16),
            DType::U32 => Scalar::U32(x as u32),
            DType::U64 => Scalar::U64(x as u64),
            DType::F32 => Scalar::F32(x as f64 as f32),
            DType::F64 => Scalar::F64(x as f64),
            DType::C64 => Scalar::C64(Complex32::new(x as f64 as f32, 0.0)),
            DType::C128 => Scalar::C128(Complex64::new(x as f64, 0.0)),
        }
    }

    /// A Python int as an element of that dtype, as NumPy converts a weak operand: checked, never wrapped.
    ///
    /// # Errors
    /// OverflowError when an integer dtype has no such value, or the int is too large for a float.
    pub fn from_python_int(x: i64, dtype: DType) -> Result<Scalar> {
        match dtype.int_range() {
            Some((min, max)) if !dtype.is_bool() && !(min..=max).contains(&(x as i128)) => {
                Err(out_of_bounds(&x, dtype))
            }
            _ => Ok(Scalar::from_i128(x as i128, dtype)),
        }
    }

    /// As `from_python_int`, for ints of any size.
    ///
    /// # Errors
    /// OverflowError when an integer dtype has no such value, or the int is too large for a float.
    pub fn from_python_bigint(x: &BigInt, dtype: DType) -> Result<Scalar> {
        if let Some(small) = x.to_i64() {
            return Scalar::from_python_int(small, dtype);
        }
        if let (DType::U64, Some(v)) = (dtype, x.to_u64()) {
            return Ok(Scalar::U64(v));
        }
        if dtype.is_bool() {
            return Ok(Scalar::Bool(true));
        }
        if dtype.is_integer() {
            return Err(Error::new(Class::OverflowError, "Python int too large to convert to C long"));
        }
        let v = x.to_f64().unwrap_or(f64::INFINITY);
        if v.is_infinite() {
            return Err(Error::new(Class::OverflowError, "int too large to convert to float"));
        }
        Ok(Scalar::F64(v).cast(dtype))
    }

    /// The element as a real number; a complex number's imaginary part is dropped.
    pub fn as_f64(self) -> f64 {
        match self {
            Scalar::Bool(x) => x as u8 as f64,
            Scalar::I8(x) => x as f64,
            Scalar::I16(x) => x as f64,
            Scalar::I32(x) => x as f64,
            Scalar::I64(x) => x as f64,
            Scalar::U8(x) => x as f64,
            Scalar::U16(x) => x as f64,
            Scalar::U32(x) => x as f64,
            Scalar::U64(x) => x as f64,
            Scalar::F32(x) => x as f64,
            Scalar::F64(x) => x,
            Scalar::C64(x) => x.re as f64,
            Scalar::C128(x) => x.re,
        }
    }

    /// The element when it is an integer or bool.
    pub fn as_i128(self) -> Option<i128> {
        Some(match self {
            Scalar::Bool(x) => x as i128,
            Scalar::I8(x) => x as i128,
            Scalar::I16(x) => x as i128,
            Scalar::I32(x) => x as i128,
            Scalar::I64(x) => x as i128,
            Scalar::U8(x) => x as i128,
            Scalar::U16(x) => x as i128,
            Scalar::U32(x) => x as i128,
            Scalar::U64(x) => x as i128,
            _ => return None,
        })
    }

    pub fn as_complex(self) -> Complex64 {
        match self {
            Scalar::C64(x) => Complex64::new(x.re as f64, x.im as f64),
            Scalar::C128(x) => x,
            other => Complex64::new(other.as_f64(), 0.0),
        }
    }

    /// Python's `bool(x)`: anything but zero, nan included.
    pub fn is_truthy(self) -> bool {
        match self {
            Scalar::C64(x) => x.re != 0.0 || x.im != 0.0,
            Scalar::C128(x) => x.re != 0.0 || x.im != 0.0,
            other => other.as_f64() != 0.0,
        }
    }

    /// The element in another dtype, as `a.astype(dtype)` gives it.
    pub fn cast(self, to: DType) -> Scalar {
        if self.dtype() == to {
            return self;
        }
        // Aligned for any dtype.
        let (mut from_buf, mut to_buf) = ([0u64; 2], [0u64; 2]);
        let (from_size, to_size) = (self.dtype().itemsize(), to.itemsize());
        let from_bytes = &mut bytemuck::bytes_of_mut(&mut from_buf)[..from_size];
        self.write(from_bytes);
        let to_bytes = &mut bytemuck::bytes_of_mut(&mut to_buf)[..to_size];
        crate::ops::cast(self.dtype(), to)(&[from_bytes], &mut [&mut *to_bytes]);
        Scalar::read(to, to_bytes)
    }

    /// The element that `bytes` hold in native order, as arrays store it; any alignment.
    ///
    /// # Panics
    /// When `bytes` is not exactly one element long.
    pub fn read(dtype: DType, bytes: &[u8]) -> Scalar {
        use bytemuck::pod_read_unaligned as get;
        match dtype {
            DType::Bool => Scalar::Bool(get::<u8>(bytes) != 0),
            DType::I8 => Scalar::I8(get(bytes)),
            DType::I16 => Scalar::I16(get(bytes)),
            DType::I32 => Scalar::I32(get(bytes)),
            DType::I64 => Scalar::I64(get(bytes)),
            DType::U8 => Scalar::U8(get(bytes)),
            DType::U16 => Scalar::U16(get(bytes)),
            DType::U32 => Scalar::U32(get(bytes)),
            DType::U64 => Scalar::U64(get(bytes)),
            DType::F32 => Scalar::F32(get(bytes)),
            DType::F64 => Scalar::F64(get(bytes)),
            DType::C64 => Scalar::C64(get(bytes)),
            DType::C128 => Scalar::C128(get(bytes)),
        }
    }

    /// Writes the element's bytes in native order, as arrays store it.
    ///
    /// # Panics
    /// When `out` is not exactly one element long.
    pub fn write(self, out: &mut [u8]) {
        use bytemuck::bytes_of;
        match self {
            Scalar::Bool(x) => out.copy_from_slice(&[x as u8]),
            Scalar::I8(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::I16(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::I32(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::I64(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::U8(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::U16(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::U32(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::U64(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::F32(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::F64(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::C64(x) => out.copy_from_slice(bytes_of(&x)),
            Scalar::C128(x) => out.copy_from_slice(bytes_of(&x)),
        }
    }
}

/// NumPy's complaint about a Python int that a dtype cannot hold.
pub fn out_of_bounds(value: &dyn std::fmt::Display, dtype: DType) -> Error {
    Error::new(Class::OverflowError, format!("Python integer {value} out of bounds for {dtype}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_ints_are_checked() {
        let message = |x: i64, d: DType| Scalar::from_python_int(x, d).map_err(|e| e.to_string());
        assert_eq!(message(255, DType::U8), Ok(Scalar::U8(255)));
        assert_eq!(message(-1, DType::F32), Ok(Scalar::F32(-1.0)));
        assert_eq!(message(2, DType::Bool), Ok(Scalar::Bool(true)));
        let error = "OverflowError: Python integer 300 out of bounds for uint8";
        assert_eq!(message(300, DType::U8), Err(error.to_string()));
        let huge = BigInt::from(10).pow(400);
        let error = Scalar::from_python_bigint(&huge, DType::F64).map_err(|e| e.to_string());
        assert_eq!(error, Err("OverflowError: int too large to convert to float".to_string()));
    }

    #[test]
    fn casts_are_those_of_arrays() {
        assert_eq!(Scalar::F64(-1.9).cast(DType::I8), Scalar::I8(-1));
        assert_eq!(Scalar::I64(300).cast(DType::U8), Scalar::U8(44));
        assert_eq!(Scalar::F64(f64::NAN).cast(DType::Bool), Scalar::Bool(true));
        assert_eq!(Scalar::C128(Complex64::new(2.5, 1.0)).cast(DType::F32), Scalar::F32(2.5));
        assert_eq!(Scalar::Bool(true).cast(DType::C64), Scalar::C64(Complex32::new(1.0, 0.0)));
    }

    #[test]
    fn bytes_there_and_back() {
        for dtype in DType::ALL {
            let mut bytes = vec![0; dtype.itemsize()];
            Scalar::one(dtype).write(&mut bytes);
            assert_eq!(Scalar::read(dtype, &bytes), Scalar::one(dtype));
        }
    }
}
