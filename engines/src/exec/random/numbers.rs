//! Random numbers of distributions: each rank's part of the stream that NumPy would draw.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::{DimMap, Layout};
use lang::ops::Draw;
use num_complex::Complex64;

use super::output::Output;
use super::params::{Params, params};
use super::stream::{self, flat};
use super::{Source, uniform};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::Args;
use crate::rng::{self, Draws, Generator, Halves, Legacy, Tape, Words};
use crate::value::Value;

/// Draws numbers of a distribution with numbers for parameters. Collective.
///
/// # Errors
/// As `params` and `Output::of`.
pub fn call(ctx: &mut Ctx, args: &Args, source: &Source, draw: Draw) -> Result<Value> {
    let legacy = matches!(source, Source::Legacy(_));
    let dtype = args.dtype("dtype")?.unwrap_or(DType::F64);
    if !dtype.is_float() {
        let name = args.row.name;
        return Err(Error::type_(format!("Unsupported dtype dtype('{dtype}') for {name}")));
    }
    let method = args.str("method")?.unwrap_or("zig");
    let draw = if method != "zig" && draw == Draw::StandardExponential { INVERSION } else { draw };
    let params = params(ctx, args, draw, legacy)?;
    let discrete = draw.family().is_some_and(|f| f.discrete);
    let dtype = if discrete { DType::I64 } else { dtype };
    let broadcast = match &params {
        Params::Many { shape, .. } => Some(&shape[..]),
        Params::One { .. } => None,
    };
    let output = Output::of(ctx, args, dtype, broadcast)?;
    fill(ctx, output, source, draw, &params, dtype)
}

/// Fills an output with float64 numbers of a distribution without parameters. Collective.
pub fn into(ctx: &mut Ctx, output: Output, source: &Source, draw: Draw) -> Result<Value> {
    fill(ctx, output, source, draw, &Params::One { p: [0.0; 3], n: 0 }, DType::F64)
}

fn fill(
    ctx: &mut Ctx,
    output: Output,
    source: &Source,
    draw: Draw,
    params: &Params,
    dtype: DType,
) -> Result<Value> {
    let block = match source {
        Source::Modern(generator) => {
            let mut generator = generator.borrow_mut();
            match dtype {
                DType::F32 => singles(ctx, &output, draw, params, &mut generator)?,
                _ => modern(ctx, &output, draw, params, &mut generator, dtype)?,
            }
        }
        Source::Legacy(state) => self::legacy(ctx, &output, draw, params, &mut state.borrow_mut(), dtype)?,
    };
    output.give(ctx, block)
}

/// Stands for `standard_exponential(method='inv')`, which has no name of its own. In single precision NumPy takes its
/// logarithm in double precision.
const INVERSION: Draw = Draw::Integers;

fn modern(
    ctx: &mut Ctx,
    output: &Output,
    draw: Draw,
    params: &Params,
    generator: &mut Generator,
    dtype: DType,
) -> Result<Block> {
    let layout = &output.layout;
    if draw == Draw::Hypergeometric {
        // Draws of 32 and of 64 bits mixed.
        return stream::walk(ctx, layout, dtype, |i| {
            rng::hypergeometric(&mut generator.bits, params.at(&output.shape, i).0.map(|x| x as i64))
        });
    }
    let start = Draws::new(&generator.bits);
    if let Params::Many { .. } = params {
        let mut tape = start;
        let at = |i| params.at(&output.shape, i);
        let block = match dtype {
            DType::I64 => stream::walk(ctx, layout, dtype, |i| {
                let (p, n) = at(i);
                rng::discrete(draw, &p, n, &mut tape)
            }),
            _ => stream::walk(ctx, layout, dtype, |i| rng::continuous(draw, &at(i).0, &mut tape)),
        }?;
        generator.bits.advance(tape.at().into());
        return Ok(block);
    }
    let (p, n) = params.at(&[], 0);
    let (block, taken) = match draw {
        Draw::Random => return uniform::modern(ctx, layout, &mut generator.bits, 0.0, 1.0),
        Draw::Uniform => return uniform::modern(ctx, layout, &mut generator.bits, p[0], p[1]),
        Draw::StandardNormal => {
            stream::draw(ctx, layout, dtype, &start, &|t: &mut Draws| rng::standard_normal(t))
        }
        Draw::Normal => {
            stream::draw(ctx, layout, dtype, &start, &|t: &mut Draws| p[0] + p[1] * rng::standard_normal(t))
        }
        Draw::StandardExponential => {
            stream::draw(ctx, layout, dtype, &start, &|t: &mut Draws| rng::standard_exponential(t))
        }
        INVERSION => {
            stream::draw(ctx, layout, dtype, &start, &|t: &mut Draws| -(-rng::Wide::next_f64(t)).ln_1p())
        }
        _ if dtype == DType::I64 => {
            stream::draw(ctx, layout, dtype, &start, &|t: &mut Draws| rng::discrete(draw, &p, n, t))
        }
        _ => stream::draw(ctx, layout, dtype, &start, &|t: &mut Draws| rng::continuous(draw, &p, t)),
    }?;
    generator.bits.advance(taken.into());
    Ok(block)
}

fn singles(
    ctx: &mut Ctx,
    output: &Output,
    draw: Draw,
    params: &Params,
    generator: &mut Generator,
) -> Result<Block> {
    let (layout, dtype) = (&output.layout, DType::F32);
    let start = Halves::new(&generator.bits);
    if let Params::Many { .. } = params {
        let mut tape = start;
        let block = stream::walk(ctx, layout, dtype, |i| {
            rng::standard_gamma32(&mut tape, params.at(&output.shape, i).0[0] as f32)
        })?;
        generator.bits.advance_u32(tape.at().into());
        return Ok(block);
    }
    let shape = params.at(&[], 0).0[0] as f32;
    let (block, taken) = match draw {
        Draw::StandardNormal => {
            stream::draw(ctx, layout, dtype, &start, &|t: &mut Halves| rng::standard_normal32(t))
        }
        Draw::StandardExponential => {
            stream::draw(ctx, layout, dtype, &start, &|t: &mut Halves| rng::standard_exponential32(t))
        }
        INVERSION => stream::draw(ctx, layout, dtype, &start, &|t: &mut Halves| {
            -(f64::from(-rng::Narrow::next_f32(t)).ln_1p() as f32)
        }),
        Draw::StandardGamma => {
            stream::draw(ctx, layout, dtype, &start, &|t: &mut Halves| rng::standard_gamma32(t, shape))
        }
        _ => return uniform::modern32(ctx, layout, &mut generator.bits),
    }?;
    generator.bits.advance_u32(taken.into());
    Ok(block)
}

fn legacy(
    ctx: &mut Ctx,
    output: &Output,
    draw: Draw,
    params: &Params,
    state: &mut Legacy,
    dtype: DType,
) -> Result<Block> {
    let layout = &output.layout;
    let split = !layout.everywhere && ctx.comm.size() > 1 && layout.size() > ctx.settings.small;
    match (params, draw) {
        (Params::One { .. }, Draw::Random) => return uniform::legacy(ctx, layout, &mut state.bits, 0.0, 1.0),
        (Params::One { p, .. }, Draw::Uniform) => {
            return uniform::legacy(ctx, layout, &mut state.bits, p[0], p[1]);
        }
        (Params::One { .. }, Draw::StandardNormal) if split => return pairs(ctx, layout, state, &|x| x),
        (Params::One { p, .. }, Draw::Normal) if split => {
            return pairs(ctx, layout, state, &|x| p[0] + p[1] * x);
        }
        (Params::One { p, .. }, Draw::LogNormal) if split => {
            return pairs(ctx, layout, state, &|x| (p[0] + p[1] * x).exp());
        }
        _ => {}
    }
    let start = Words::new(&state.bits);
    if let (Params::One { p, n }, false) = (params, rng::needs_gauss(draw)) {
        let (block, taken) = match dtype {
            DType::I64 => stream::draw(ctx, layout, dtype, &start, &|t: &mut Words| {
                rng::legacy_discrete(draw, p, *n, t, &mut None)
            }),
            _ => stream::draw(ctx, layout, dtype, &start, &|t: &mut Words| {
                rng::legacy_continuous(draw, p, t, &mut None)
            }),
        }?;
        state.bits.advance(taken);
        return Ok(block);
    }
    let at = |i| params.at(&output.shape, i);
    let Legacy { bits, gauss } = state;
    match dtype {
        DType::I64 => stream::walk(ctx, layout, dtype, |i| {
            let (p, n) = at(i);
            rng::legacy_discrete(draw, &p, n, bits, gauss)
        }),
        _ => stream::walk(ctx, layout, dtype, |i| rng::legacy_continuous(draw, &at(i).0, bits, gauss)),
    }
}

/// Normal numbers of the legacy generator, which makes them in pairs. Collective.
fn pairs(ctx: &mut Ctx, layout: &Layout, state: &mut Legacy, f: &impl Fn(f64) -> f64) -> Result<Block> {
    let (me, team, n) = (ctx.comm.rank(), ctx.comm.size(), layout.size());
    let waiting = state.gauss.take();
    let first = waiting.is_some() as usize;
    let count = (n - first).div_ceil(2);
    let mut by_pairs = Layout::replicated(&[count], team);
    by_pairs.dims = vec![DimMap::block(count, team)];
    by_pairs.grid = vec![team];
    by_pairs.everywhere = false;
    let (block, taken) =
        stream::draw(ctx, &by_pairs, DType::C128, &Words::new(&state.bits), &|t: &mut Words| {
            let [a, b] = rng::gauss_pair(t);
            Complex64::new(a, b)
        })?;
    state.bits.advance(taken);
    let Block::C128(pairs) = block else {
        return Err(Error::type_("pairs of normal numbers are complex"));
    };
    let starts: Vec<usize> =
        (0..=team).map(|r| (0..r).map(|q| by_pairs.local_size(q)).sum::<usize>()).collect();
    let bounds: Vec<usize> =
        starts.iter().enumerate().map(|(r, s)| if r == 0 { 0 } else { (first + 2 * s).min(n) }).collect();
    let mut values = Vec::with_capacity(2 * pairs.len() + 1);
    if me == 0 {
        values.extend(waiting);
    }
    values.extend(pairs.iter().flat_map(|z| [z.re, z.im]));
    // An odd number leaves the last pair's second to wait.
    let over = values.get(bounds[me + 1] - bounds[me]).map_or(Vec::new(), |x| x.to_le_bytes().to_vec());
    values.truncate(bounds[me + 1] - bounds[me]);
    let left = ctx.comm.allgather(&over).into_iter().find_map(|b| <[u8; 8]>::try_from(b).ok());
    state.gauss = left.map(f64::from_le_bytes);
    values.iter_mut().for_each(|x| *x = f(*x));
    let parsed = Layout { dims: vec![DimMap::Block { bounds }], ..by_pairs };
    let parts = Array::from_block(vec![n], Arc::new(parsed), Block::F64(values));
    ctx.local(&parts, &Arc::new(flat(layout)))
}
