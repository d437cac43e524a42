//! The parameters of distributions: numbers, or arrays that broadcast; within their bounds, with NumPy's errors.

use lang::dtype::{Casting, DType, can_cast};
use lang::error::{Class, Error, Result};
use lang::ops::{Bound, Draw};
use lang::text::tuple;

use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::{Args, items};
use crate::exec::discover;
use crate::value::Value;

/// The greatest rate of a Poisson distribution: its counts have to fit int64.
const MOST: f64 = 9.223372006484771e18;

/// The parameters of all numbers to draw.
pub enum Params {
    /// The same for all; `n` is the first as an integer, where it has to be one (trials of a binomial).
    One { p: [f64; 3], n: i64 },
    /// Arrays, whole on every rank, and the shape that they broadcast to.
    Many { arrays: Vec<Many>, shape: Vec<usize> },
}

pub struct Many {
    shape: Vec<usize>,
    values: Vec<f64>,
    integers: Vec<i64>,
}

impl Many {
    fn position(&self, shape: &[usize], at: usize) -> usize {
        position(&self.shape, shape, at)
    }
}

impl Params {
    /// Those of element `at` of an array of `shape`.
    pub fn at(&self, shape: &[usize], at: usize) -> ([f64; 3], i64) {
        match self {
            Params::One { p, n } => (*p, *n),
            Params::Many { arrays, .. } => {
                let mut p = [0.0; 3];
                let mut n = 0;
                for (i, (array, value)) in arrays.iter().zip(&mut p).enumerate() {
                    let place = array.position(shape, at);
                    *value = array.values[place];
                    if i == 0 {
                        n = array.integers.get(place).copied().unwrap_or(0);
                    }
                }
                (p, n)
            }
        }
    }
}

/// Where the element at flat index `at` of an array of `shape` lies in one of shape `own` that broadcasts to it.
pub fn position(own: &[usize], shape: &[usize], mut at: usize) -> usize {
    let (mut place, mut stride) = (0, 1);
    for (d, &extent) in shape.iter().enumerate().rev() {
        let index = at % extent;
        at /= extent;
        if let Some(k) = (d + own.len()).checked_sub(shape.len()) {
            if own[k] > 1 {
                place += index * stride;
            }
            stride *= own[k];
        }
    }
    place
}

/// Whether the value has axes: a list, a tuple, or an array that is not 0-d.
pub fn has_axes(value: &Value) -> bool {
    match value {
        Value::Array(a) => a.ndim() > 0,
        other => items(other).is_some(),
    }
}

/// The call's parameters for a distribution of numbers. Collective. `legacy`: as the legacy functions check them.
///
/// # Errors
/// TypeError where one is no number, ValueError (OverflowError of a range) where one is out of bounds.
pub fn params(ctx: &mut Ctx, args: &Args, draw: Draw, legacy: bool) -> Result<Params> {
    let family = draw.family().unwrap_or(lang::ops::Family { params: &[], discrete: false });
    let given: Vec<Value> = family
        .params
        .iter()
        .map(|(name, default, _)| match (args.given(name), default) {
            (Some(value), _) => Ok(value.clone()),
            (None, Some(default)) => Ok(Value::Float(*default)),
            (None, None) => args.value(name).cloned(),
        })
        .collect::<Result<_>>()?;
    let many = given.iter().any(has_axes);
    let mut arrays = Vec::new();
    for (i, value) in given.iter().enumerate() {
        let counts = draw == Draw::Hypergeometric;
        let mut array = read(ctx, value, counts || draw == Draw::Binomial && i == 0)?;
        if counts {
            array.values = array.integers.iter().map(|&n| n as f64).collect();
        }
        arrays.push(array);
    }
    derived(draw, &mut arrays, many, legacy)?;
    for ((name, _, bound), array) in family.params.iter().zip(&arrays) {
        let (name, bound) = match draw {
            Draw::Uniform if *name == "high" && !legacy => ("high - low", Bound::NonNegative),
            Draw::NegativeBinomial if *name == "n" && legacy => (*name, Bound::Positive),
            Draw::Hypergeometric if *name == "nsample" && legacy => (*name, Bound::FromOne),
            _ => (*name, *bound),
        };
        check(name, bound, &array.values, many)?;
    }
    if draw == Draw::NegativeBinomial && !legacy {
        let shape = shape_of(&arrays)?;
        let count: usize = shape.iter().product();
        for at in 0..count {
            let (n, p) = (
                arrays[0].values[arrays[0].position(&shape, at)],
                arrays[1].values[arrays[1].position(&shape, at)],
            );
            if (1.0 - p) * (n + 10.0 * n.sqrt()) / p > MOST {
                return Err(Error::value(
                    "n too large or p too small, see Generator.negative_binomial Notes",
                ));
            }
        }
    }
    if many {
        let shape = shape_of(&arrays)?;
        return Ok(Params::Many { arrays, shape });
    }
    let mut p = [0.0; 3];
    arrays.iter().zip(&mut p).for_each(|(array, p)| *p = array.values[0]);
    Ok(Params::One { p, n: arrays.first().and_then(|a| a.integers.first().copied()).unwrap_or(0) })
}

/// A parameter as an array, whole on every rank.
fn read(ctx: &mut Ctx, value: &Value, whole: bool) -> Result<Many> {
    let array = match value {
        Value::None => {
            return Err(Error::type_("float() argument must be a string or a real number, not 'NoneType'"));
        }
        Value::Str(text) => {
            return Err(Error::value(format!("could not convert string to float: '{text}'")));
        }
        other => discover::to_array(ctx, other, None)?,
    };
    // Numbers of trials are cut to integers, but not those of an array.
    let wanted = if whole && matches!(value, Value::Array(_)) { DType::I64 } else { DType::F64 };
    if !can_cast(array.dtype(), wanted, Casting::Safe) {
        let what = if array.ndim() == 0 { "scalar" } else { "array data" };
        return Err(Error::type_(format!(
            "Cannot cast {what} from dtype('{}') to dtype('{wanted}') according to the rule 'safe'",
            array.dtype()
        )));
    }
    let everywhere = ctx.replicated(array.shape());
    let block = ctx.local(&array, &everywhere)?;
    if whole && (0..block.len()).any(|i| block.get(i).as_f64().is_nan()) {
        return Err(Error::value("cannot convert float NaN to integer"));
    }
    let integers = match discover::cast_block(&block, DType::I64) {
        Block::I64(v) if whole => v,
        _ => Vec::new(),
    };
    let Block::F64(values) = discover::cast_block(&block, DType::F64) else {
        return Err(Error::new(Class::RuntimeError, "a cast to float64 gave another dtype"));
    };
    Ok(Many { shape: array.shape().to_vec(), values, integers })
}

fn shape_of(arrays: &[Many]) -> Result<Vec<usize>> {
    broadcast(&arrays.iter().map(|a| &a.shape[..]).collect::<Vec<_>>())
}

/// The shape that all broadcast to.
///
/// # Errors
/// ValueError in NumPy's words.
pub fn broadcast(shapes: &[&[usize]]) -> Result<Vec<usize>> {
    crate::exec::elementwise::broadcast(shapes).map_err(|_| {
        let list: Vec<String> = shapes.iter().map(|s| tuple(s)).collect();
        Error::value(format!(
            "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg 0 with shape {} \
             and arg 1 with shape {}.",
            list[0],
            list.get(1).unwrap_or(&list[0])
        ))
    })
}

/// What NumPy makes of the parameters before it checks them: a range of the bounds; the order of a triangle's corners.
fn derived(draw: Draw, arrays: &mut [Many], many: bool, legacy: bool) -> Result<()> {
    if draw == Draw::Hypergeometric {
        return counts(arrays, legacy);
    }
    if draw != Draw::Uniform && draw != Draw::Triangular {
        return Ok(());
    }
    let shape = shape_of(arrays)?;
    let count: usize = shape.iter().product();
    let at = |array: &Many, i: usize| array.values[array.position(&shape, i)];
    if draw == Draw::Triangular {
        // Two by two: the third may be empty, and all of them together.
        let holds = |a: usize, b: usize, test: &dyn Fn(f64, f64) -> bool| -> Result<bool> {
            let (a, b) = (&arrays[a], &arrays[b]);
            let shape = broadcast(&[&a.shape, &b.shape])?;
            let value = |array: &Many, i: usize| array.values[array.position(&shape, i)];
            Ok((0..shape.iter().product()).any(|i| test(value(a, i), value(b, i))))
        };
        return match () {
            _ if holds(0, 1, &|left, mode| left > mode)? => Err(Error::value("left > mode")),
            _ if holds(1, 2, &|mode, right| mode > right)? => Err(Error::value("mode > right")),
            _ if holds(0, 2, &|left, right| left == right)? => Err(Error::value("left == right")),
            _ => Ok(()),
        };
    }
    let range: Vec<f64> = (0..count).map(|i| at(&arrays[1], i) - at(&arrays[0], i)).collect();
    if !range.iter().all(|x| x.is_finite()) {
        let text = if many || legacy {
            "Range exceeds valid bounds"
        } else {
            "high - low range exceeds valid bounds"
        };
        return Err(Error::new(Class::OverflowError, text));
    }
    arrays[1] = Many { shape, values: range, integers: Vec::new() };
    Ok(())
}

/// The counts of a hypergeometric distribution: no more are drawn than there are.
fn counts(arrays: &[Many], legacy: bool) -> Result<()> {
    const MOST: f64 = 1e9;
    if !legacy && arrays[..2].iter().any(|array| array.values.iter().any(|&n| n >= MOST)) {
        return Err(Error::value("both ngood and nbad must be less than 1000000000"));
    }
    let shape = shape_of(arrays)?;
    let at = |k: usize, i: usize| arrays[k].values[arrays[k].position(&shape, i)];
    match (0..shape.iter().product()).any(|i| at(0, i) + at(1, i) < at(2, i)) {
        true => Err(Error::value("ngood + nbad < nsample")),
        false => Ok(()),
    }
}

fn check(name: &str, bound: Bound, values: &[f64], many: bool) -> Result<()> {
    let any = |wrong: &dyn Fn(f64) -> bool| values.iter().any(|&x| wrong(x));
    let nan = if many { "contains NaNs" } else { "is NaN" };
    let text = match bound {
        Bound::NonNegative if any(&|x| !x.is_nan() && x.is_sign_negative()) => format!("{name} < 0"),
        Bound::PositiveNotNan if any(&f64::is_nan) => format!("{name} must not be NaN"),
        Bound::Positive | Bound::PositiveNotNan if any(&|x| x <= 0.0) => format!("{name} <= 0"),
        Bound::Unit if any(&|x| !(0.0..=1.0).contains(&x)) => {
            format!("{name} < 0, {name} > 1 or {name} {nan}")
        }
        Bound::UnitPositive if any(&|x| x.is_nan() || x <= 0.0 || x > 1.0) => {
            format!("{name} <= 0, {name} > 1 or {name} contains NaNs")
        }
        Bound::UnitBelow if any(&|x| !(0.0..1.0).contains(&x)) => {
            format!("{name} < 0, {name} >= 1 or {name} {nan}")
        }
        Bound::FromOne if any(&|x| x < 1.0) => format!("{name} < 1 or {name} {nan}"),
        Bound::AboveOne if any(&|x| x.is_nan() || x <= 1.0) => format!("{name} <= 1 or {name} {nan}"),
        Bound::Rate if any(&|x| x.is_nan() || x < 0.0) => format!("{name} < 0 or {name} {nan}"),
        Bound::Rate if any(&|x| x > MOST) => format!("{name} value too large"),
        _ => return Ok(()),
    };
    Err(Error::value(text))
}
