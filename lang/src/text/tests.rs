//! Every case of `golden.json`, written by NumPy and CPython (`tests/oracle/text.py`).

use num_complex::{Complex32, Complex64};
use serde::Deserialize;
use serde_json::Value;

use super::*;
use crate::dtype::DType;
use crate::scalar::Scalar;

#[derive(Deserialize)]
struct Golden {
    arrays: Vec<ArrayCase>,
    scalars: Vec<ScalarCase>,
    specs: Vec<(String, Value, String, Option<String>)>,
}

#[derive(Deserialize)]
struct ArrayCase {
    dtype: String,
    shape: Vec<usize>,
    bits: Vec<Value>,
    repr: String,
    str: String,
}

#[derive(Deserialize)]
struct ScalarCase {
    dtype: String,
    bits: Value,
    repr: String,
    str: String,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden.json")).unwrap()
}

fn scalar(dtype: &str, bits: &Value) -> Scalar {
    let dtype = DType::ALL.into_iter().find(|d| d.name() == dtype).unwrap();
    let signed = || bits.as_i64().unwrap();
    let unsigned = |v: &Value| v.as_u64().unwrap();
    let (f32_, f64_) =
        (|v: &Value| f32::from_bits(unsigned(v) as u32), |v: &Value| f64::from_bits(unsigned(v)));
    match dtype {
        DType::Bool => Scalar::Bool(unsigned(bits) != 0),
        DType::I8 => Scalar::I8(signed() as i8),
        DType::I16 => Scalar::I16(signed() as i16),
        DType::I32 => Scalar::I32(signed() as i32),
        DType::I64 => Scalar::I64(signed()),
        DType::U8 => Scalar::U8(unsigned(bits) as u8),
        DType::U16 => Scalar::U16(unsigned(bits) as u16),
        DType::U32 => Scalar::U32(unsigned(bits) as u32),
        DType::U64 => Scalar::U64(unsigned(bits)),
        DType::F32 => Scalar::F32(f32_(bits)),
        DType::F64 => Scalar::F64(f64_(bits)),
        DType::C64 => Scalar::C64(Complex32::new(f32_(&bits[0]), f32_(&bits[1]))),
        DType::C128 => Scalar::C128(Complex64::new(f64_(&bits[0]), f64_(&bits[1]))),
    }
}

#[test]
fn arrays_print_as_numpy_prints_them() {
    let options = PrintOptions::default();
    for case in golden().arrays {
        let values: Vec<Scalar> = case.bits.iter().map(|b| scalar(&case.dtype, b)).collect();
        let dtype = DType::ALL.into_iter().find(|d| d.name() == case.dtype).unwrap();
        let shown: usize = shown_indices(&options, &case.shape).iter().map(Vec::len).product();
        assert_eq!(shown, values.len(), "{:?}", case.shape);
        assert_eq!(array_repr(&options, dtype, &case.shape, &values), case.repr);
        assert_eq!(array_str(&options, dtype, &case.shape, &values), case.str);
    }
}

#[test]
fn scalars_print_as_numpy_prints_them() {
    for case in golden().scalars {
        let value = scalar(&case.dtype, &case.bits);
        assert_eq!((scalar_repr(value), scalar_str(value)), (case.repr, case.str));
    }
}

#[test]
fn format_specs_mean_what_python_means() {
    let mut wrong = Vec::new();
    for (kind, value, spec, expected) in golden().specs {
        let text = parse_spec(&spec).and_then(|s| match kind.as_str() {
            "int" => format_int(&value.as_str().unwrap().parse().unwrap(), &s),
            "float" => format_float(f64::from_bits(value.as_u64().unwrap()), &s),
            "str" => format_str(value.as_str().unwrap(), &s),
            _ => {
                let part = |i: usize| f64::from_bits(value[i].as_u64().unwrap());
                format_complex(part(0), part(1), &s)
            }
        });
        if text.as_ref().ok() != expected.as_ref() {
            wrong.push(format!("{kind} {value} {spec:?}: {text:?}, CPython {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
