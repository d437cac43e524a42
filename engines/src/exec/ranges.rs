//! Evenly spaced numbers: `arange`, `linspace` and the axes of `mgrid`, with NumPy's roundings.

use std::sync::Arc;

use lang::dtype::{DType, promote};
use lang::error::{Class, Error, Result};
use lang::layout::{DimMap, IndexSet, Layout};
use num_complex::Complex64;
use num_traits::ToPrimitive;

use super::args::{Args, type_name};
use super::{alloc, discover};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::Value;

/// A Python number, as the bounds of a range are computed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Number {
    Int(i128),
    Float(f64),
    Complex(Complex64),
}

impl Number {
    fn of(value: &Value) -> Result<Number> {
        Ok(match value {
            Value::Bool(b) => Number::Int(*b as i128),
            Value::Int(i) => Number::Int(*i as i128),
            Value::BigInt(i) => Number::Int(i.to_i128().ok_or_else(too_long)?),
            Value::Float(x) => Number::Float(*x),
            Value::Complex(z) => Number::Complex(*z),
            Value::Scalar(s) => match s.as_i128() {
                Some(i) => Number::Int(i),
                None if s.dtype().is_complex() => Number::Complex(s.as_complex()),
                None => Number::Float(s.as_f64()),
            },
            other => {
                return Err(Error::type_(format!(
                    "arange() not supported for inputs of type '{}'",
                    type_name(other)
                )));
            }
        })
    }

    fn complex(self) -> Complex64 {
        match self {
            Number::Int(i) => Complex64::new(i as f64, 0.0),
            Number::Float(x) => Complex64::new(x, 0.0),
            Number::Complex(z) => z,
        }
    }

    fn zip(
        self,
        other: Number,
        int: fn(i128, i128) -> i128,
        float: fn(f64, f64) -> f64,
        complex: fn(Complex64, Complex64) -> Complex64,
    ) -> Number {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => Number::Int(int(a, b)),
            (Number::Complex(_), _) | (_, Number::Complex(_)) => {
                Number::Complex(complex(self.complex(), other.complex()))
            }
            (a, b) => Number::Float(float(a.complex().re, b.complex().re)),
        }
    }

    fn minus(self, other: Number) -> Number {
        self.zip(other, i128::wrapping_sub, |a, b| a - b, |a, b| a - b)
    }

    fn plus(self, other: Number) -> Number {
        self.zip(other, i128::wrapping_add, |a, b| a + b, |a, b| a + b)
    }

    fn value(self) -> Value {
        match self {
            Number::Int(i) => Value::int(i.into()),
            Number::Float(x) => Value::Float(x),
            Number::Complex(z) => Value::Complex(z),
        }
    }
}

fn too_long() -> Error {
    Error::value("Maximum allowed size exceeded")
}

/// How many steps lead from `start` to `stop`, rounded up.
fn steps(start: Number, stop: Number, step: Number) -> Result<usize> {
    if step.complex() == Complex64::ZERO {
        let kind = match stop.minus(start).plus(step) {
            Number::Int(_) => "",
            Number::Float(_) => "float ",
            Number::Complex(_) => "complex ",
        };
        return Err(Error::new(
            Class::ZeroDivisionError,
            format!("{kind}division by zero"),
        ));
    }
    let ceil = |x: f64| -> Result<usize> {
        match x.ceil() {
            n if n.is_nan() => Err(Error::value("arange: cannot compute length")),
            n if n >= isize::MAX as f64 => Err(too_long()),
            n => Ok(n.max(0.0) as usize),
        }
    };
    match (stop.minus(start), step) {
        // Python divides ints exactly before it rounds.
        (Number::Int(span), Number::Int(step)) => {
            let whole = span / step + (span % step != 0 && (span < 0) == (step < 0)) as i128;
            usize::try_from(whole.max(0))
                .ok()
                .filter(|&n| n <= isize::MAX as usize)
                .ok_or_else(too_long)
        }
        (Number::Complex(_), _) | (_, Number::Complex(_)) => {
            let ratio = stop.minus(start).complex() / step.complex();
            Ok(ceil(ratio.re)?.min(ceil(ratio.im)?))
        }
        (span, step) => ceil(span.complex().re / step.complex().re),
    }
}

/// `np.arange`: element `i` is `first + i * (second - first)`, in the dtype. Collective where it is large.
pub fn arange(ctx: &mut Ctx, args: &Args) -> Result<Array> {
    let (first, second) = (args.signature.params[0].name, "stop");
    let (start, stop) = match (args.some(first), args.some(second)) {
        (Some(start), Some(stop)) => (start.clone(), stop.clone()),
        (Some(stop), None) | (None, Some(stop)) => (Value::Int(0), stop.clone()),
        (None, None) => return Err(Error::type_("arange() requires stop to be specified.")),
    };
    let step = args.some("step").cloned().unwrap_or(Value::Int(1));
    let (start, stop, step) = (
        element(ctx, start)?,
        element(ctx, stop)?,
        element(ctx, step)?,
    );
    let dtype = match args.dtype("dtype")? {
        Some(dtype) => dtype,
        None => [&start, &stop, &step]
            .into_iter()
            .map(discover::natural)
            .try_fold(DType::I64, |d, n| n.map(|n| promote(d, n)))?,
    };
    let (start, stop, step) = (Number::of(&start)?, Number::of(&stop)?, Number::of(&step)?);
    let len = steps(start, stop, step)?;
    alloc::shape(&[len], dtype)?;
    if dtype.is_bool() && len > 2 {
        return Err(Error::type_(
            "arange() is only supported for booleans when the result has at most length 2.",
        ));
    }
    let complex = |n: Number| matches!(n, Number::Complex(_));
    if len > 0 && complex(start) && !dtype.is_complex() {
        return Err(Error::type_("must be real number, not complex"));
    }
    let mut ends = Block::zeros(dtype, 2);
    if len > 0 {
        ends.set(0, discover::scalar(&start.value(), dtype)?);
    }
    if len > 1 {
        ends.set(1, discover::scalar(&start.plus(step).value(), dtype)?);
    }
    let layout = args.layout(ctx, &[len])?;
    alloc::check(ctx, &[len], dtype, &layout)?;
    let block = spaced(&ends, &layout.owned(ctx.comm.rank())[0]);
    Ok(Array::from_block(vec![len], layout, block))
}

/// The element of a 0-d array; any other value as it is. Collective.
fn element(ctx: &mut Ctx, value: Value) -> Result<Value> {
    match &value {
        Value::Array(a) if a.shape().is_empty() => {
            let everywhere = ctx.replicated(&[]);
            Ok(Value::Scalar(ctx.local(a, &everywhere)?.get(0)))
        }
        _ => Ok(value),
    }
}

/// The elements at `owned` of the progression that begins with the two of `ends`, computed as NumPy fills it.
fn spaced(ends: &Block, owned: &IndexSet) -> Block {
    macro_rules! fill {
        ($kind:ident, $v:expr, $f:expr) => {{
            let (start, next) = ($v[0], $v[1]);
            Block::$kind(owned.iter().map(|i| $f(start, next, i)).collect())
        }};
    }
    macro_rules! integers {
        ($kind:ident, $t:ty, $v:expr) => {
            fill!($kind, $v, |a: $t, b: $t, i: usize| a
                .wrapping_add((i as $t).wrapping_mul(b.wrapping_sub(a))))
        };
    }
    match ends {
        Block::Bool(v) => fill!(Bool, v, |a, b, i| if i == 0 { a } else { b }),
        Block::I8(v) => integers!(I8, i8, v),
        Block::I16(v) => integers!(I16, i16, v),
        Block::I32(v) => integers!(I32, i32, v),
        Block::I64(v) => integers!(I64, i64, v),
        Block::U8(v) => integers!(U8, u8, v),
        Block::U16(v) => integers!(U16, u16, v),
        Block::U32(v) => integers!(U32, u32, v),
        Block::U64(v) => integers!(U64, u64, v),
        Block::F32(v) => fill!(F32, v, |a: f32, b: f32, i| line32(a, b, i)),
        Block::F64(v) => fill!(F64, v, |a: f64, b: f64, i| line64(a, b, i)),
        Block::C64(v) => fill!(C64, v, |a: num_complex::Complex32,
                                        b: num_complex::Complex32,
                                        i| {
            num_complex::Complex32::new(line32(a.re, b.re, i), line32(a.im, b.im, i))
        }),
        Block::C128(v) => fill!(C128, v, |a: Complex64, b: Complex64, i| {
            Complex64::new(line64(a.re, b.re, i), line64(a.im, b.im, i))
        }),
    }
}

/// The first two elements are as given; the others count from the first.
fn line32(first: f32, second: f32, i: usize) -> f32 {
    match i {
        0 => first,
        1 => second,
        _ => first + i as f32 * (second - first),
    }
}

fn line64(first: f64, second: f64, i: usize) -> f64 {
    match i {
        0 => first,
        1 => second,
        _ => first + i as f64 * (second - first),
    }
}

/// `np.linspace` between numbers. Collective where it is large.
pub fn linspace(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let number = |name: &str| -> Result<Value> {
        match args.value(name)? {
            Value::Array(a) if !a.shape().is_empty() => Err(Error::type_(format!(
                "linspace: {name} must be a number here"
            ))
            .hint("write start + (stop - start) * np.linspace(0, 1, num)[:, np.newaxis]")),
            value => Ok(value.clone()),
        }
    };
    let mut ends = [number("start")?, number("stop")?];
    for end in &mut ends {
        *end = element(ctx, end.clone())?;
    }
    let count = args.int("num")?.unwrap_or(50);
    let Ok(num) = usize::try_from(count) else {
        return Err(Error::value(format!(
            "Number of samples, {count}, must be non-negative."
        )));
    };
    let endpoint = args.flag("endpoint", true);
    let single =
        |v: &Value| matches!(v, Value::Scalar(s) if matches!(s.dtype(), DType::F32 | DType::C64));
    let [start, stop] = [Number::of(&ends[0])?, Number::of(&ends[1])?];
    let complex = matches!(start, Number::Complex(_)) || matches!(stop, Number::Complex(_));
    let working = match (complex, ends.iter().all(single)) {
        (false, false) => DType::F64,
        (false, true) => DType::F32,
        (true, false) => DType::C128,
        (true, true) => DType::C64,
    };
    let dtype = args.dtype("dtype")?.unwrap_or(working);
    alloc::shape(&[num], dtype)?;
    let layout = args.layout(ctx, &[num])?;
    alloc::check(ctx, &[num], dtype, &layout)?;
    let div = if endpoint {
        num.wrapping_sub(1) as isize
    } else {
        num as isize
    };
    let line = Line {
        start: start.complex(),
        stop: stop.complex(),
        div,
        last: (endpoint && num > 1).then(|| num - 1),
    };
    let owned = layout.owned(ctx.comm.rank());
    let (block, step) = line.block(working, dtype.is_integer(), &owned[0]);
    let block = if block.dtype() == dtype {
        block
    } else {
        discover::cast_block(&block, dtype)
    };
    let array = Value::Array(Array::from_block(vec![num], layout, block));
    match args.flag("retstep", false) {
        true if div <= 0 => Ok(Value::tuple(vec![array, Value::Float(f64::NAN)])),
        true => Ok(Value::tuple(vec![array, Value::Scalar(step.get(0))])),
        false => Ok(array),
    }
}

/// The line that `linspace` samples.
struct Line {
    start: Complex64,
    stop: Complex64,
    /// Into how many steps it is divided; none or fewer where there is one sample at most.
    div: isize,
    /// The sample that is `stop` itself.
    last: Option<usize>,
}

impl Line {
    /// The samples at `owned`, and the step, in the working dtype.
    fn block(&self, dtype: DType, floor: bool, owned: &IndexSet) -> (Block, Block) {
        macro_rules! real {
            ($t:ty) => {{
                let (start, stop) = (self.start.re as $t, self.stop.re as $t);
                let delta = stop - start;
                let step = if self.div > 0 {
                    delta / self.div as $t
                } else {
                    <$t>::NAN
                };
                let sample = |i: usize| {
                    let x = match self.div > 0 {
                        _ if Some(i) == self.last => stop,
                        // A step that underflows: divide first.
                        true if step == 0.0 => i as $t / self.div as $t * delta + start,
                        true => i as $t * step + start,
                        false => i as $t * delta + start,
                    };
                    if floor { x.floor() } else { x }
                };
                (owned.iter().map(sample).collect(), vec![step])
            }};
        }
        macro_rules! complex {
            ($c:ty, $t:ty) => {{
                let narrow = |z: Complex64| <$c>::new(z.re as $t, z.im as $t);
                let (start, stop) = (narrow(self.start), narrow(self.stop));
                let delta = stop - start;
                let scale = 1.0 / self.div as $t;
                let step = if self.div > 0 {
                    delta * scale
                } else {
                    <$c>::new(<$t>::NAN, <$t>::NAN)
                };
                let sample = |i: usize| match self.div > 0 {
                    _ if Some(i) == self.last => stop,
                    true if step == <$c>::default() => delta * (i as $t * scale) + start,
                    true => step * i as $t + start,
                    false => delta * i as $t + start,
                };
                (owned.iter().map(sample).collect(), vec![step])
            }};
        }
        match dtype {
            DType::F32 => {
                let (samples, step) = real!(f32);
                (Block::F32(samples), Block::F32(step))
            }
            DType::C64 => {
                let (samples, step) = complex!(num_complex::Complex32, f32);
                (Block::C64(samples), Block::C64(step))
            }
            DType::C128 => {
                let (samples, step) = complex!(Complex64, f64);
                (Block::C128(samples), Block::C128(step))
            }
            _ => {
                let (samples, step) = real!(f64);
                (Block::F64(samples), Block::F64(step))
            }
        }
    }
}

/// One axis of `mgrid`: `start + i * step`, counted in int64 or float64.
pub struct GridAxis {
    start: Number,
    step: Number,
    pub len: usize,
    pub dtype: DType,
}

/// What a slice means within `mgrid[...]`: an imaginary step is the number of points, both ends included.
pub fn grid_axis(index: &Value) -> Result<GridAxis> {
    let Value::Slice(slice) = index else {
        return Err(Error::type_("mgrid takes slices: np.mgrid[0:3, 0:4]"));
    };
    let part = |value: &Value, default: i128| match value {
        Value::None => Ok(Number::Int(default)),
        given => Number::of(given),
    };
    let (start, stop, step) = (
        part(&slice.start, 0)?,
        part(&slice.stop, 0)?,
        part(&slice.step, 1)?,
    );
    if let Value::None = slice.stop {
        return Err(Error::type_("mgrid needs the end of each slice"));
    }
    if let Number::Complex(z) = step {
        let len = z.norm();
        if len >= isize::MAX as f64 {
            return Err(too_long());
        }
        let len = len as usize;
        let span = stop.minus(start).complex().re;
        let step = if len > 1 {
            span / (len - 1) as f64
        } else {
            1.0
        };
        return Ok(GridAxis {
            start: Number::Float(start.complex().re),
            step: Number::Float(step),
            len,
            dtype: DType::F64,
        });
    }
    let float = [start, stop, step]
        .iter()
        .any(|n| !matches!(n, Number::Int(_)));
    let dtype = if float { DType::F64 } else { DType::I64 };
    Ok(GridAxis {
        start,
        step,
        len: steps(start, stop, step)?,
        dtype,
    })
}

impl GridAxis {
    /// The coordinates at `owned`.
    pub fn block(&self, dtype: DType, owned: &IndexSet) -> Block {
        let block = match (self.start, self.step) {
            (Number::Int(start), Number::Int(step)) => Block::I64(
                owned
                    .iter()
                    .map(|i| (start + i as i128 * step) as i64)
                    .collect(),
            ),
            (start, step) => {
                let (start, step) = (start.complex().re, step.complex().re);
                Block::F64(owned.iter().map(|i| i as f64 * step + start).collect())
            }
        };
        if block.dtype() == dtype {
            block
        } else {
            discover::cast_block(&block, dtype)
        }
    }
}

/// The layout with a new first axis of `n`, not distributed.
pub fn with_axis(layout: &Arc<Layout>, n: usize) -> Layout {
    let mut new = (**layout).clone();
    new.dims.insert(0, DimMap::Whole { size: n });
    new.grid.insert(0, 1);
    new
}
