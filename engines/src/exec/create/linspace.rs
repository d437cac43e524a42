//! `np.linspace`, with NumPy's roundings.

use lang::dtype::{DType, promote};
use lang::error::{Error, Result};
use lang::layout::IndexSet;
use num_complex::Complex64;

use super::at_each;
use super::number::{Number, element};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::{self, Args};
use crate::exec::{alloc, discover};
use crate::value::Value;

/// `np.linspace` between numbers. Collective where it is large.
pub fn linspace(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let number = |name: &str| -> Result<Value> {
        match args.value(name)? {
            Value::Array(a) if !a.shape().is_empty() => {
                Err(Error::type_(format!("linspace: {name} must be a number here"))
                    .hint("write start + (stop - start) * np.linspace(0, 1, num)[:, np.newaxis]"))
            }
            value => Ok(value.clone()),
        }
    };
    let mut ends = [number("start")?, number("stop")?];
    for end in &mut ends {
        *end = element(ctx, end.clone())?;
    }
    let count = args.whole("num")?.unwrap_or(50);
    let Ok(num) = usize::try_from(count) else {
        return Err(Error::value(format!("Number of samples, {count}, must be non-negative.")));
    };
    match args.given("axis") {
        None => {}
        Some(Value::None) => return Err(Error::type_("'NoneType' object is not iterable")),
        // The numbers have no axes: the samples are the only one.
        Some(axis) => drop(
            args::axis(args::index(axis)?, 1)
                .map_err(|e| Error { message: format!("destination: {}", e.message), ..e })?,
        ),
    }
    let endpoint = args.flag("endpoint", true);
    let [start, stop] = [Number::of(&ends[0])?, Number::of(&ends[1])?];
    let complex = matches!(start, Number::Complex(_)) || matches!(stop, Number::Complex(_));
    // Python's numbers take the precision of the other end, as elsewhere.
    let typed = |v: &Value| match v {
        Value::Scalar(s) => Some(s.dtype()),
        _ => None,
    };
    let common = ends.iter().filter_map(typed).reduce(promote);
    let single = matches!(common, Some(DType::F32 | DType::C64));
    let working = match (complex, single) {
        (false, false) => DType::F64,
        (false, true) => DType::F32,
        (true, false) => DType::C128,
        (true, true) => DType::C64,
    };
    let dtype = args.dtype("dtype")?.unwrap_or(working);
    alloc::shape(&[num], dtype)?;
    let layout = args.layout(ctx, &[num])?;
    alloc::check(ctx, &[num], dtype, &layout)?;
    let div = if endpoint { num.wrapping_sub(1) as isize } else { num as isize };
    let line = Line {
        start: start.complex(),
        stop: stop.complex(),
        div,
        last: (endpoint && num > 1).then(|| num - 1),
    };
    let owned = layout.owned(ctx.comm.rank());
    let watch = ctx.watch_elements(&layout, 2);
    let (block, step) = line.block(working, dtype.is_integer(), &owned[0]);
    let block = if block.dtype() == dtype { block } else { discover::cast_block(&block, dtype) };
    ctx.end(watch)?;
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
                let step = if self.div > 0 { delta / self.div as $t } else { <$t>::NAN };
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
                (at_each(owned, sample), vec![step])
            }};
        }
        macro_rules! complex {
            ($c:ty, $t:ty) => {{
                let narrow = |z: Complex64| <$c>::new(z.re as $t, z.im as $t);
                let (start, stop) = (narrow(self.start), narrow(self.stop));
                let delta = stop - start;
                let scale = 1.0 / self.div as $t;
                let step = if self.div > 0 { delta * scale } else { <$c>::new(<$t>::NAN, <$t>::NAN) };
                let sample = |i: usize| match self.div > 0 {
                    _ if Some(i) == self.last => stop,
                    true if step == <$c>::default() => delta * (i as $t * scale) + start,
                    true => step * i as $t + start,
                    false => delta * i as $t + start,
                };
                (at_each(owned, sample), vec![step])
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
