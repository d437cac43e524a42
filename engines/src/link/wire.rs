//! Messages as bytes: JSON, with floats as their bits where they may be inf or nan, and trees of any depth.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub fn encode(message: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(message).expect("messages have string keys only")
}

/// Call it on a thread with `comm::threads::STACK`: the depth of a program is not limited here.
///
/// # Errors
/// What is wrong with `bytes`, in words.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    json.disable_recursion_limit();
    T::deserialize(&mut json).and_then(|message| json.end().map(|_| message)).map_err(|e| e.to_string())
}

/// For `#[serde(with)]` on an f64.
pub mod float {
    use super::*;

    pub fn serialize<S: Serializer>(x: &f64, s: S) -> Result<S::Ok, S::Error> {
        x.to_bits().serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
        u64::deserialize(d).map(f64::from_bits)
    }
}

/// For `#[serde(with)]` on a `Vec<f32>`.
pub mod floats {
    use super::*;

    pub fn serialize<S: Serializer>(x: &[f32], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(x.iter().map(|x| x.to_bits()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<f32>, D::Error> {
        Ok(Vec::<u32>::deserialize(d)?.into_iter().map(f32::from_bits).collect())
    }
}

/// For `#[serde(with)]` on a `Vec<f64>`.
pub mod doubles {
    use super::*;

    pub fn serialize<S: Serializer>(x: &[f64], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(x.iter().map(|x| x.to_bits()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<f64>, D::Error> {
        Ok(Vec::<u64>::deserialize(d)?.into_iter().map(f64::from_bits).collect())
    }
}

/// For `#[serde(with)]` on an `Option<Vec<Scalar>>`: each element as its dtype and its bits.
pub mod scalars {
    use lang::dtype::DType;
    use lang::scalar::Scalar;
    use num_complex::{Complex32, Complex64};

    use super::*;

    type Bits = (DType, u64, u64);

    fn bits(x: &Scalar) -> Bits {
        let (re, im) = match *x {
            Scalar::Bool(v) => (v as u64, 0),
            Scalar::I8(v) => (v as u64, 0),
            Scalar::I16(v) => (v as u64, 0),
            Scalar::I32(v) => (v as u64, 0),
            Scalar::I64(v) => (v as u64, 0),
            Scalar::U8(v) => (v as u64, 0),
            Scalar::U16(v) => (v as u64, 0),
            Scalar::U32(v) => (v as u64, 0),
            Scalar::U64(v) => (v, 0),
            Scalar::F32(v) => (v.to_bits() as u64, 0),
            Scalar::F64(v) => (v.to_bits(), 0),
            Scalar::C64(v) => (v.re.to_bits() as u64, v.im.to_bits() as u64),
            Scalar::C128(v) => (v.re.to_bits(), v.im.to_bits()),
        };
        (x.dtype(), re, im)
    }

    fn scalar((dtype, re, im): Bits) -> Scalar {
        let f32 = |bits: u64| f32::from_bits(bits as u32);
        match dtype {
            DType::Bool => Scalar::Bool(re != 0),
            DType::I8 => Scalar::I8(re as i8),
            DType::I16 => Scalar::I16(re as i16),
            DType::I32 => Scalar::I32(re as i32),
            DType::I64 => Scalar::I64(re as i64),
            DType::U8 => Scalar::U8(re as u8),
            DType::U16 => Scalar::U16(re as u16),
            DType::U32 => Scalar::U32(re as u32),
            DType::U64 => Scalar::U64(re),
            DType::F32 => Scalar::F32(f32(re)),
            DType::F64 => Scalar::F64(f64::from_bits(re)),
            DType::C64 => Scalar::C64(Complex32::new(f32(re), f32(im))),
            DType::C128 => Scalar::C128(Complex64::new(f64::from_bits(re), f64::from_bits(im))),
        }
    }

    pub fn serialize<S: Serializer>(x: &Option<Vec<Scalar>>, s: S) -> Result<S::Ok, S::Error> {
        x.as_ref().map(|v| v.iter().map(bits).collect::<Vec<Bits>>()).serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Vec<Scalar>>, D::Error> {
        let values = Option::<Vec<Bits>>::deserialize(d)?;
        Ok(values.map(|v| v.into_iter().map(scalar).collect()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lang::ir::{Const, Expr, ExprKind, Program, UnaryOp};
    use lang::scalar::Scalar;
    use lang::source::{Source, Span};

    use super::*;
    use crate::comm::threads::STACK;
    use crate::link::{Shown, ToEngine};

    #[derive(Serialize, Deserialize)]
    struct Values(#[serde(with = "scalars")] Option<Vec<Scalar>>);

    #[test]
    fn every_scalar_survives() {
        let c = num_complex::Complex::new(f64::NAN, -0.0);
        let values = vec![
            Scalar::Bool(true),
            Scalar::I8(-1),
            Scalar::I64(i64::MIN),
            Scalar::U64(u64::MAX),
            Scalar::F32(f32::NEG_INFINITY),
            Scalar::F64(f64::NAN),
            Scalar::C128(c),
        ];
        let back: Values = decode(&encode(&Values(Some(values.clone())))).unwrap();
        assert_eq!(format!("{:?}", back.0.unwrap()), format!("{values:?}"));
        let (values, title) = (vec![f32::NAN, 1.5], None);
        let (vmin, vmax, cmap) = (f64::NAN, f64::INFINITY, "gray".to_string());
        let image = Shown::Image { rows: 1, cols: 2, values, shape: [1, 2], vmin, vmax, cmap, title };
        let back: Shown = decode(&encode(&image)).unwrap();
        assert_eq!(format!("{back:?}"), format!("{image:?}"));
    }

    #[test]
    fn deep_programs_survive() {
        let deep = || {
            let mut shown = Expr { span: Span::default(), kind: ExprKind::Const(Const::None) };
            for _ in 0..5000 {
                let kind = ExprKind::Unary(UnaryOp::Not, Box::new(shown));
                shown = Expr { span: Span::default(), kind };
            }
            let source = Arc::new(Source { name: "cell 1".into(), text: String::new() });
            let (globals, functions, body) = (Vec::new(), Vec::new(), Vec::new());
            let program = Program {
                source,
                globals,
                functions,
                body,
                shown: Some(shown),
                locals: 0,
                cells: 0,
                cell_names: Vec::new(),
                notes: lang::ir::Notes::None,
                local_names: Vec::new(),
            };
            let sent = encode(&ToEngine::Run { seq: 1, program: Box::new(program) });
            assert_eq!(encode(&decode::<ToEngine>(&sent).unwrap()), sent);
        };
        std::thread::Builder::new().stack_size(STACK).spawn(deep).unwrap().join().unwrap();
    }

    #[test]
    fn garbage_is_an_error() {
        for bytes in [&b""[..], b"{", b"\"Shutdown\" x", b"\xff\xff", b"{\"Hold\":{}}"] {
            assert!(decode::<ToEngine>(bytes).is_err());
        }
    }
}
