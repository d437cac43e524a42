//! The executors against NumPy's answers (`golden.json`, written by `tests/oracle/executors.py`), on several numbers of
//! ranks and in several layouts. On one rank sums have NumPy's bits; on more they agree to rounding.

use std::collections::BTreeMap;

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::{DimMap, DistSpec, Layout};
use lang::ops::Module;
use serde::Deserialize;

use super::{Args, call, discover, pack};
use crate::array::Array;
use crate::block::Block;
use crate::comm::threads;
use crate::ctx::{Ctx, Settings};
use crate::value::Value;

#[derive(Clone, Deserialize)]
struct Case {
    call: String,
    args: Vec<Json>,
    kw: BTreeMap<String, Json>,
    want: Json,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Json {
    Array { d: String, s: Vec<usize>, x: String },
    Error { error: String, text: String },
    Tuple { t: Vec<Json> },
    DType { dtype: String },
    Complex { c: (f64, f64) },
    Float { f: String },
    Bool(bool),
    Int(i64),
    Big(u64),
    Plain(f64),
    Str(String),
    List(Vec<Json>),
    None,
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn block(dtype: &str, hex: &str) -> Block {
    let (dtype, bytes) = (DType::parse(dtype).unwrap(), bytes(hex));
    let mut block = Block::zeros(dtype, bytes.len() / dtype.itemsize());
    block.bytes_mut().copy_from_slice(&bytes);
    block
}

/// A layout for `shape` in the notation of `dist=`, and `u`: the last indices first.
pub fn layout(shape: &[usize], spec: &str, team: usize) -> Layout {
    if shape.is_empty() || spec == "r" {
        return Layout::replicated(shape, team);
    }
    if spec == "u" {
        let mut layout = Layout::new(shape, &DistSpec::parse("b").unwrap(), team, None, None).unwrap();
        let lists: Vec<Vec<usize>> =
            (0..team).map(|p| (0..shape[0]).rev().filter(|i| i * 7 % 5 % team == p).collect()).collect();
        layout.dims[0] = DimMap::unstructured(shape[0], &lists).unwrap();
        return layout;
    }
    let DistSpec::Dims(mut dims) = DistSpec::parse(spec).unwrap() else { unreachable!() };
    dims.truncate(shape.len());
    Layout::new(shape, &DistSpec::Dims(dims), team, None, None).unwrap()
}

fn value(ctx: &Ctx, json: &Json, spec: &str) -> Value {
    let values = |list: &[Json]| list.iter().map(|v| value(ctx, v, spec)).collect();
    match json {
        Json::Array { d, s, x } => {
            let layout = layout(s, spec, ctx.comm.size());
            let mine = discover::own_part(&layout, ctx.comm.rank(), &block(d, x));
            Value::Array(Array::from_block(s.clone(), layout.into(), mine))
        }
        Json::Tuple { t } => Value::tuple(values(t)),
        Json::List(list) => Value::list(values(list)),
        Json::DType { dtype } => Value::DType(DType::parse(dtype).unwrap()),
        Json::Complex { c } => Value::Complex(num_complex::Complex64::new(c.0, c.1)),
        Json::Float { f } => Value::Float(f.parse().unwrap()),
        Json::Bool(b) => Value::Bool(*b),
        Json::Int(i) => Value::Int(*i),
        Json::Big(i) => Value::int((*i).into()),
        Json::Plain(x) if *x == 1e20 => Value::int(num_bigint::BigInt::from(10).pow(20)),
        Json::Plain(x) => Value::Float(*x),
        Json::Str(s) => Value::str(s),
        Json::None => Value::None,
        Json::Error { .. } => unreachable!("an error is no argument"),
    }
}

/// All elements, on every rank.
pub fn whole(ctx: &mut Ctx, array: &Array) -> Block {
    let layout = array.layout().clone();
    let mine = ctx.local(array, &layout).unwrap();
    let rank = ctx.comm.rank();
    assert_eq!(mine.len(), layout.local_size(rank), "block and layout of rank {rank}: {}", layout.describe());
    assert_eq!(layout.shape(), array.shape());
    if layout.everywhere {
        return mine;
    }
    let mut out = Block::zeros(array.dtype(), layout.size());
    for (from, bytes) in ctx.comm.allgather(mine.bytes()).into_iter().enumerate() {
        let picks: Vec<_> = layout.owned(from).iter().map(|set| set.runs().to_vec()).collect();
        if layout.local_size(from) > 0 {
            pack::put(&bytes, out.bytes_mut(), array.dtype().itemsize(), array.shape(), &picks);
        }
    }
    out
}

/// What can leave a rank's thread: dtype, shape, bytes; nested for tuples.
#[derive(Clone, Debug, PartialEq)]
enum Plain {
    Array(DType, Vec<usize>, Vec<u8>),
    Scalar(DType, Vec<u8>),
    Tuple(Vec<Plain>),
    Float(u64),
}

fn plain(ctx: &mut Ctx, value: &Value) -> Plain {
    match value {
        Value::Array(a) => Plain::Array(a.dtype(), a.shape().to_vec(), whole(ctx, a).bytes().to_vec()),
        Value::Scalar(s) => {
            let mut one = Block::zeros(s.dtype(), 1);
            one.set(0, *s);
            Plain::Scalar(s.dtype(), one.bytes().to_vec())
        }
        Value::Float(x) => Plain::Float(x.to_bits()),
        Value::Tuple(items) => Plain::Tuple(items.iter().map(|v| plain(ctx, v)).collect()),
        _ => panic!("an array, a scalar or a tuple of them is expected"),
    }
}

fn run(ctx: &mut Ctx, case: &Case, spec: &str) -> Result<Plain> {
    let row = lang::ops::lookup(Module::Numpy, &case.call).unwrap();
    let positional = case.args.iter().map(|v| value(ctx, v, spec)).collect();
    let keywords = case.kw.iter().map(|(k, v)| (k.clone(), value(ctx, v, spec))).collect();
    let args = Args::bind(row, None, positional, keywords)?;
    call(ctx, &args).map(|v| plain(ctx, &v))
}

/// Elements as complex numbers, to compare to rounding.
fn close(dtype: DType, got: &[u8], want: &[u8]) -> bool {
    let tolerance = match dtype {
        DType::F32 | DType::C64 => 2e-6,
        DType::F64 | DType::C128 => 1e-13,
        _ => return got == want,
    };
    let numbers = |bytes: &[u8]| -> Vec<f64> {
        let size = if tolerance > 1e-9 { 4 } else { 8 };
        let scalar = if size == 4 { DType::F32 } else { DType::F64 };
        bytes.chunks_exact(size).map(|c| lang::scalar::Scalar::read(scalar, c).as_f64()).collect()
    };
    let scale = numbers(want).iter().filter(|x| x.is_finite()).fold(1.0, |m: f64, x| m.max(x.abs()));
    got.len() == want.len()
        && numbers(got)
            .iter()
            .zip(numbers(want))
            .all(|(a, b)| *a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * scale)
}

fn agrees(got: &Result<Plain>, want: &Json, exact: bool) -> bool {
    let same = |dtype: DType, got: &[u8], d: &str, x: &str| {
        let want = bytes(x);
        dtype.name() == d && if exact { got == want } else { close(dtype, got, &want) }
    };
    match (got, want) {
        (Err(Error { class, message, .. }), Json::Error { error, text }) => {
            // NumPy words it so for means only.
            let otherwise = text == "integer argument expected, got float" || error == "MemoryError";
            class.name() == error && (message == text || otherwise)
        }
        (Ok(Plain::Array(dtype, shape, got)), Json::Array { d, s, x }) => {
            shape == s && same(*dtype, got, d, x)
        }
        (Ok(Plain::Scalar(dtype, got)), Json::Array { d, s, x }) => s.is_empty() && same(*dtype, got, d, x),
        (Ok(Plain::Float(x)), Json::Float { f }) => {
            f.parse() == Ok(f64::from_bits(*x)) || (f == "nan" && f64::from_bits(*x).is_nan())
        }
        (Ok(Plain::Tuple(got)), Json::Tuple { t } | Json::List(t)) => {
            got.len() == t.len() && got.iter().zip(t).all(|(g, w)| agrees(&Ok(g.clone()), w, exact))
        }
        _ => false,
    }
}

fn show(want: &Json) -> String {
    match want {
        Json::Array { d, s, x } => format!("{d} {s:?} {:?}", block(d, x)),
        Json::Error { error, text } => format!("{error}: {text}"),
        Json::Tuple { t } | Json::List(t) => t.iter().map(show).collect::<Vec<_>>().join("; "),
        Json::Int(i) => i.to_string(),
        Json::DType { dtype } => dtype.clone(),
        _ => "?".to_string(),
    }
}

fn shown(got: &Result<Plain>) -> String {
    let of = |d: &DType, x: &[u8]| {
        let mut b = Block::zeros(*d, x.len() / d.itemsize());
        b.bytes_mut().copy_from_slice(x);
        format!("{b:?}")
    };
    match got {
        Err(e) => e.to_string(),
        Ok(Plain::Array(d, s, x)) => format!("{d} {s:?} {}", of(d, x)),
        Ok(Plain::Scalar(d, x)) => format!("{d} {}", of(d, x)),
        Ok(Plain::Float(x)) => f64::from_bits(*x).to_string(),
        Ok(Plain::Tuple(t)) => t.iter().map(|p| shown(&Ok(p.clone()))).collect::<Vec<_>>().join("; "),
    }
}

/// Runs the golden cases of these functions on 1, 2, 3, 5 and 7 ranks in several layouts.
/// `exact` ones have NumPy's bits on one rank.
fn check(functions: &[&str], exact: bool) {
    let all: Vec<Case> = serde_json::from_str(include_str!("golden.json")).unwrap();
    let cases: Vec<Case> = all.into_iter().filter(|c| functions.contains(&&c.call[..])).collect();
    assert!(!cases.is_empty(), "no golden case of {functions:?}");
    let settings = [
        ("b", 0),
        ("b", 1024),
        ("c", 0),
        ("nb", 0),
        ("c2", 3),
        ("bb", 0),
        ("u", 0),
        ("nc", 2),
        ("n", 0),
        ("r", 0),
    ];
    for n in [1, 2, 3, 5, 7] {
        for (spec, small) in settings {
            let layout = if spec == "u" { "b" } else { spec };
            let results = threads::run(n, |comm| {
                let mut ctx =
                    Ctx::new(comm, Settings { small, layout: layout.into(), ..Settings::default() });
                cases.iter().map(|case| run(&mut ctx, case, spec)).collect::<Vec<_>>()
            });
            let mut wrong = Vec::new();
            for (i, case) in cases.iter().enumerate() {
                let got = &results[0][i];
                let alike = results.iter().all(|r| r[i] == *got);
                if !alike || !agrees(got, &case.want, exact && n == 1 && spec == "b") {
                    let args: Vec<String> = case.args.iter().map(show).collect();
                    let kw: Vec<String> = case.kw.iter().map(|(k, v)| format!("{k}={}", show(v))).collect();
                    wrong.push(format!(
                        "{}({}; {})\n  got  {}{}\n  want {}",
                        case.call,
                        args.join("; "),
                        kw.join(", "),
                        shown(got),
                        if alike { "" } else { " (and not the same on every rank)" },
                        show(&case.want)
                    ));
                }
            }
            assert!(
                wrong.is_empty(),
                "{} of {} cases differ on {n} ranks, dist {spec}, small {small}:\n{}",
                wrong.len(),
                cases.len(),
                wrong[..wrong.len().min(8)].join("\n")
            );
        }
    }
}

#[test]
fn sums_and_products() {
    check(&["sum", "any", "all", "count_nonzero"], true);
    // NumPy multiplies complex numbers with fused operations where the processor has them.
    check(&["prod"], false);
}

#[test]
fn means_and_variances() {
    check(&["mean", "var", "std"], true);
}

#[test]
fn extremes() {
    check(&["min", "max", "argmin", "argmax"], true);
}

#[test]
fn creation() {
    check(&["arange", "linspace", "zeros", "ones", "empty", "full", "eye", "identity", "array"], true);
    check(&["meshgrid", "full_like", "zeros_like", "ones_like"], true);
}

#[test]
fn running_sums() {
    check(&["cumsum", "cumprod"], false);
}

#[test]
fn products() {
    check(&["matmul", "dot", "outer"], false);
}

#[test]
fn joining() {
    check(&["concatenate", "stack", "vstack", "hstack"], true);
}

#[test]
fn coordinates() {
    let slice = |start: f64, stop: Value, step: Value| {
        let start = if start.fract() == 0.0 { Value::Int(start as i64) } else { Value::Float(start) };
        Value::Slice(std::rc::Rc::new(crate::value::Slice { start, stop, step }))
    };
    let points = |n: f64| Value::Complex(num_complex::Complex64::new(0.0, n));
    for n in [1, 2, 3, 5] {
        for small in [0, 1000] {
            threads::run(n, |comm| {
                let mut ctx = Ctx::new(comm, Settings { small, layout: "b".into(), ..Settings::default() });
                let mut check = |index: Value, shape: &[usize], want: Block| {
                    let Value::Array(a) = super::create::mgrid(&mut ctx, &index).unwrap() else {
                        panic!("an array")
                    };
                    assert_eq!(a.shape(), shape);
                    assert_eq!(format!("{:?}", whole(&mut ctx, &a)), format!("{want:?}"));
                };
                // np.mgrid[0:2], [0:1:3j], [0:2, 0:3], [0.5:1:0.25, 0:2], [3:0, 0:2]
                check(slice(0.0, Value::Int(2), Value::None), &[2], Block::I64(vec![0, 1]));
                check(slice(0.0, Value::Int(1), points(3.0)), &[3], Block::F64(vec![0.0, 0.5, 1.0]));
                let two = slice(0.0, Value::Int(2), Value::None);
                check(
                    Value::tuple(vec![two.clone(), slice(0.0, Value::Int(3), Value::None)]),
                    &[2, 2, 3],
                    Block::I64(vec![0, 0, 0, 1, 1, 1, 0, 1, 2, 0, 1, 2]),
                );
                check(
                    Value::tuple(vec![slice(0.5, Value::Int(1), Value::Float(0.25)), two.clone()]),
                    &[2, 2, 2],
                    Block::F64(vec![0.5, 0.5, 0.75, 0.75, 0.0, 1.0, 0.0, 1.0]),
                );
                check(
                    Value::tuple(vec![slice(3.0, Value::Int(0), Value::None), two]),
                    &[2, 0, 2],
                    Block::I64(vec![]),
                );
            });
        }
    }
}

#[test]
fn distributions_answer() {
    let ask = |layout: Layout, calls: &[(&str, Vec<Value>)]| -> Vec<String> {
        let spec = Value::Distribution(std::rc::Rc::new(layout));
        let mut ctx = Ctx::new(Box::new(crate::comm::Solo), Settings::default());
        let text = |value: Value| match value {
            Value::Int(i) => i.to_string(),
            Value::Tuple(items) => {
                let ints = items.iter().map(|v| if let Value::Int(i) = v { *i } else { -1 });
                format!("{:?}", ints.collect::<Vec<_>>())
            }
            _ => panic!("an int or a tuple of them"),
        };
        let call = |(name, positional): &(&str, Vec<Value>)| {
            let row = lang::ops::lookup(Module::Distribution, name).unwrap();
            let args = Args::bind(row, Some(spec.clone()), positional.clone(), Vec::new()).unwrap();
            super::call(&mut ctx, &args).map_or_else(|e| e.to_string(), text)
        };
        calls.iter().map(call).collect()
    };
    let ints = |list: &[i64]| Value::tuple(list.iter().map(|&i| Value::Int(i)).collect());
    let got = ask(
        layout(&[7, 5], "bc2", 1),
        &[
            ("owner", vec![ints(&[6, 4])]),
            ("local_from_global", vec![ints(&[6, -1])]),
            ("global_from_local", vec![Value::Int(0), ints(&[2, 3])]),
            ("local_shape", vec![Value::Int(0)]),
            ("owner", vec![ints(&[7, 0])]),
            ("owner", vec![Value::Int(3)]),
            ("local_shape", vec![Value::Int(1)]),
            ("global_from_local", vec![Value::Int(0), ints(&[7, 0])]),
        ],
    );
    let want = [
        "0",
        "[6, 4]",
        "[2, 3]",
        "[7, 5]",
        "IndexError: index 7 is out of bounds for axis 0 with size 7",
        "IndexError: an index of 2 numbers is expected, not of 1",
        "ValueError: there is no rank 1: ranks are 0 to 0",
        "IndexError: local index (7, 0) is out of bounds: rank 0 holds a block of shape (7, 5)",
    ];
    assert_eq!(got, want);
}

#[test]
fn too_large_for_all() {
    let errors = threads::run(3, |comm| {
        let mut ctx = Ctx::new(comm, Settings::default());
        let zeros = lang::ops::lookup(Module::Numpy, "zeros").unwrap();
        let extents = |list: &[i64]| Value::tuple(list.iter().map(|&i| Value::Int(i)).collect());
        [[10_000_000, 10_000_000, 1], [1 << 40, 1 << 40, 0]].map(|shape| {
            let args = Args::bind(zeros, None, vec![extents(&shape)], Vec::new()).unwrap();
            call(&mut ctx, &args).err().unwrap().to_string()
        })
    });
    for e in errors {
        assert_eq!(
            e[0],
            "MemoryError: Unable to allocate 728. TiB for an array with shape (10000000, 10000000, 1) and data type float64"
        );
        assert_eq!(
            e[1],
            "ValueError: array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size."
        );
    }
}
