//! Discrete Fourier transforms: the functions of `numpy.fft`.

mod distributed;
mod helpers;
mod lanes;

use lang::dtype::{Casting, DType, can_cast};
use lang::error::{Class, Error, Result};
use lang::ops::Fft;

use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::args::{self, Args, index, items};
use crate::exec::index as indexing;
use crate::value::Value;

/// A transform along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Complex to complex; a real input is taken for a complex one.
    Forward,
    Inverse,
    /// Real to the first half of its spectrum, which is Hermitian.
    Real,
    /// The first half of a Hermitian spectrum to the real values.
    HalfInverse,
}

/// `norm=`: which direction is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Norm {
    Backward,
    Ortho,
    Forward,
}

impl Norm {
    fn of(args: &Args) -> Result<Norm> {
        match args.some("norm") {
            None => Ok(Norm::Backward),
            Some(Value::Str(s)) if &s[..] == "backward" => Ok(Norm::Backward),
            Some(Value::Str(s)) if &s[..] == "ortho" => Ok(Norm::Ortho),
            Some(Value::Str(s)) if &s[..] == "forward" => Ok(Norm::Forward),
            Some(Value::Str(s)) => Err(Error::value(format!(
                "Invalid norm value {s}; should be \"backward\", \"ortho\" or \"forward\"."
            ))),
            Some(other) => Err(Error::value(format!(
                "Invalid norm value of type '{}'; should be \"backward\", \"ortho\" or \"forward\".",
                args::type_name(other)
            ))),
        }
    }

    fn swapped(self) -> Norm {
        match self {
            Norm::Backward => Norm::Forward,
            Norm::Ortho => Norm::Ortho,
            Norm::Forward => Norm::Backward,
        }
    }

    fn factor(self, kind: Kind, n: usize) -> f64 {
        let norm = if matches!(kind, Kind::Forward | Kind::Real) { self } else { self.swapped() };
        match norm {
            Norm::Backward => 1.0,
            Norm::Ortho => 1.0 / (n as f64).sqrt(),
            Norm::Forward => 1.0 / n as f64,
        }
    }
}

/// Runs a function of `numpy.fft`. Collective.
///
/// # Errors
/// ValueError, IndexError and AxisError in NumPy's words; MemoryError, on all ranks.
pub fn call(ctx: &mut Ctx, op: Fft, args: &Args) -> Result<Value> {
    match op {
        Fft::Freq | Fft::RealFreq => return helpers::frequencies(ctx, args, op == Fft::RealFreq),
        Fft::Shift | Fft::InverseShift => return helpers::shift(ctx, args, op == Fft::InverseShift),
        _ => {}
    }
    let a = args.array(ctx, "a")?;
    let norm = Norm::of(args)?;
    let result = match op {
        Fft::Fft => one(ctx, args, &a, Kind::Forward, norm)?,
        Fft::Ifft => one(ctx, args, &a, Kind::Inverse, norm)?,
        Fft::Rfft => one(ctx, args, &a, Kind::Real, norm)?,
        Fft::Irfft => one(ctx, args, &a, Kind::HalfInverse, norm)?,
        Fft::Hfft => {
            let a = helpers::conjugate(ctx, &a)?;
            one(ctx, args, &a, Kind::HalfInverse, norm.swapped())?
        }
        Fft::Ihfft => {
            let half = one(ctx, args, &a, Kind::Real, norm.swapped())?;
            helpers::conjugate(ctx, &half)?
        }
        _ => several(ctx, args, &a, op, norm)?,
    };
    let Some(out) = args.some("out") else {
        return Ok(Value::Array(result));
    };
    let Value::Array(out) = out else {
        return Err(Error::type_("return arrays must be of ArrayType"));
    };
    if out.shape() != result.shape() {
        return Err(Error::value("output array has wrong shape."));
    }
    if !can_cast(result.dtype(), out.dtype(), Casting::SameKind) {
        return Err(Error::type_(format!(
            "Cannot cast ufunc '{}' output from dtype('{}') to dtype('{}') with casting rule 'same_kind'",
            args.row.name,
            result.dtype(),
            out.dtype()
        )));
    }
    indexing::set(ctx, out, &Value::Ellipsis, &Value::Array(result))?;
    Ok(Value::Array(out.clone()))
}

/// The length of an axis that may be counted from the end.
fn extent(shape: &[usize], axis: i64) -> Result<usize> {
    let at = if axis < 0 { axis + shape.len() as i64 } else { axis };
    usize::try_from(at)
        .ok()
        .and_then(|d| shape.get(d).copied())
        .ok_or_else(|| Error::index("tuple index out of range"))
}

/// Along the axis that the call names.
fn one(ctx: &mut Ctx, args: &Args, a: &Array, kind: Kind, norm: Norm) -> Result<Array> {
    let axis = args.int("axis")?.unwrap_or(-1);
    along(ctx, a, args.int("n")?, axis, kind, norm)
}

/// The transform of `n` points (the axis's own number, where it is None) along an axis. Collective.
fn along(ctx: &mut Ctx, a: &Array, n: Option<i64>, axis: i64, kind: Kind, norm: Norm) -> Result<Array> {
    let n = match n {
        Some(n) => n,
        None if kind == Kind::HalfInverse => (extent(a.shape(), axis)? as i64 - 1) * 2,
        None => extent(a.shape(), axis)? as i64,
    };
    if n < 1 {
        return Err(Error::value(format!("Invalid number of FFT data points ({n}) specified.")));
    }
    let n = n as usize;
    let axis = args::axis(axis, a.ndim())?;
    if kind == Kind::Real && a.dtype().is_complex() {
        let parity = if n.is_multiple_of(2) { "even" } else { "odd" };
        return Err(Error::type_(format!(
            "ufunc 'rfft_n_{parity}' not supported for the input types, and the inputs could not be safely coerced to any \
             supported types according to the casting rule ''safe''"
        ))
        .hint("take the real part first: a.real"));
    }
    crate::exec::alloc::shape(&[n], DType::C128)?;
    lanes::transform(ctx, a, n, axis, kind, norm.factor(kind, n))
}

/// Along several axes, the last first.
fn several(ctx: &mut Ctx, args: &Args, a: &Array, op: Fft, norm: Norm) -> Result<Array> {
    let pair = matches!(op, Fft::Fft2 | Fft::Ifft2 | Fft::Rfft2 | Fft::Irfft2);
    let last = match op {
        Fft::Rfft2 | Fft::Rfftn => Some(Kind::Real),
        Fft::Irfft2 | Fft::Irfftn => Some(Kind::HalfInverse),
        _ => None,
    };
    let kind = match op {
        Fft::Fft2 | Fft::Fftn | Fft::Rfft2 | Fft::Rfftn => Kind::Forward,
        _ => Kind::Inverse,
    };
    let list = |name: &str| -> Result<Option<Vec<Value>>> {
        match args.some(name) {
            None => Ok(None),
            Some(value) => items(value)
                .map(Some)
                .ok_or_else(|| Error::type_(format!("'{}' object is not iterable", args::type_name(value)))),
        }
    };
    let mut axes: Option<Vec<i64>> =
        list("axes")?.map(|l| l.iter().map(index).collect::<Result<_>>()).transpose()?;
    if pair && args.given("axes").is_none() {
        axes = Some(vec![-2, -1]);
    }
    let points: Option<Vec<Option<i64>>> = list("s")?
        .map(|l| {
            let one = |v: &Value| match v {
                Value::None => Ok(None),
                v => index(v).map(Some),
            };
            l.iter().map(one).collect::<Result<_>>()
        })
        .transpose()?;
    let shapeless = points.is_none();
    let axes = match (axes, &points) {
        (Some(axes), _) => axes,
        (None, Some(points)) => (-(points.len() as i64)..0).collect(),
        (None, None) => (-(a.ndim() as i64)..0).collect(),
    };
    let own = |axis: i64| {
        extent(a.shape(), axis).map_err(|_| {
            let ndim = a.ndim();
            Error::index(format!("index {axis} is out of bounds for axis 0 with size {ndim}"))
        })
    };
    let mut points = match points {
        Some(points) => points,
        None => axes.iter().map(|&axis| own(axis).map(|n| Some(n as i64))).collect::<Result<_>>()?,
    };
    if points.len() != axes.len() {
        return Err(Error::value("Shape and axes have different lengths."));
    }
    if last.is_some() && axes.is_empty() {
        return Err(Error::index("list index out of range"));
    }
    if let (Some(Kind::HalfInverse), true, Some(n), Some(&axis)) =
        (last, shapeless, points.last_mut(), axes.last())
    {
        *n = Some((own(axis)? as i64 - 1) * 2);
    }
    for (n, &axis) in points.iter_mut().zip(&axes) {
        if *n == Some(-1) {
            *n = Some(own(axis)? as i64);
        }
    }
    let mut result = a.clone();
    match last {
        None => {
            for (n, &axis) in points.iter().zip(&axes).rev() {
                result = along(ctx, &result, *n, axis, kind, norm)?;
            }
        }
        Some(Kind::Real) => {
            for (i, (n, &axis)) in points.iter().zip(&axes).rev().enumerate() {
                result = along(ctx, &result, *n, axis, if i == 0 { Kind::Real } else { kind }, norm)?;
            }
        }
        Some(half) => {
            for (i, (n, &axis)) in points.iter().zip(&axes).enumerate() {
                let kind = if i + 1 == axes.len() { half } else { kind };
                result = along(ctx, &result, *n, axis, kind, norm)?;
            }
        }
    }
    Ok(result)
}

/// The dtype of the parts that a transform computes in: that of the input, but float64 of integers.
fn part(dtype: DType) -> DType {
    match dtype.real_part() {
        DType::F32 => DType::F32,
        _ => DType::F64,
    }
}

/// What should not happen: blocks come in the dtype that was asked for.
fn mixed() -> Error {
    Error::new(Class::RuntimeError, "a block of another dtype than its array's")
}
