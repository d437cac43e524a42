//! NumPy's scalars as text.

use super::float::{Float, complex_text};
use crate::scalar::Scalar;

/// `str(np.float32(0.1))`: the value alone.
pub fn scalar_str(scalar: Scalar) -> String {
    match scalar {
        Scalar::Bool(x) => if x { "True" } else { "False" }.into(),
        Scalar::I8(x) => x.to_string(),
        Scalar::I16(x) => x.to_string(),
        Scalar::I32(x) => x.to_string(),
        Scalar::I64(x) => x.to_string(),
        Scalar::U8(x) => x.to_string(),
        Scalar::U16(x) => x.to_string(),
        Scalar::U32(x) => x.to_string(),
        Scalar::U64(x) => x.to_string(),
        Scalar::F32(x) => Float::Single(x).repr(),
        Scalar::F64(x) => Float::Double(x).repr(),
        Scalar::C64(z) => complex_text(Float::Single(z.re), Float::Single(z.im)),
        Scalar::C128(z) => complex_text(Float::Double(z.re), Float::Double(z.im)),
    }
}

/// `repr(np.float32(0.1))`: `np.float32(0.1)`, `np.True_`.
pub fn scalar_repr(scalar: Scalar) -> String {
    let text = scalar_str(scalar);
    match scalar {
        Scalar::Bool(_) => format!("np.{text}_"),
        Scalar::C64(_) | Scalar::C128(_) => {
            let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(&text);
            format!("np.{}({inner})", scalar.dtype())
        }
        _ => format!("np.{}({text})", scalar.dtype()),
    }
}
