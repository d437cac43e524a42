//! Random vectors: multinomial counts and Dirichlet fractions. Every rank walks the whole stream.

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::ops::Draw;

use super::Source;
use super::order::kahan_sum;
use super::output::Output;
use super::params::has_axes;
use super::stream;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::{self, Args, index};
use crate::exec::discover;
use crate::rng;
use crate::value::Value;

/// Runs `multinomial` or `dirichlet`. Collective.
///
/// # Errors
/// ValueError where the parameters are out of bounds.
pub fn call(ctx: &mut Ctx, args: &Args, source: &Source, draw: Draw) -> Result<Value> {
    if draw == Draw::Dirichlet { dirichlet(ctx, args, source) } else { multinomial(ctx, args, source) }
}

/// A 1-D parameter, whole on every rank.
fn vector(ctx: &mut Ctx, value: &Value, name: &str) -> Result<Vec<f64>> {
    let array = discover::to_array(ctx, value, None)?;
    if array.ndim() == 0 && name == "alpha" {
        return Err(Error::type_("len() of unsized object"));
    }
    if array.ndim() != 1 {
        return Err(Error::value(format!("{name} must be 1-dimensional"))
            .hint("only one vector of parameters is supported, not an array of them"));
    }
    let everywhere = ctx.replicated(array.shape());
    let block = ctx.local(&array, &everywhere)?;
    match discover::cast_block(&block, DType::F64) {
        Block::F64(v) => Ok(v),
        _ => Err(Error::type_(format!("{name} must be numbers"))),
    }
}

fn shape(args: &Args, length: usize) -> Result<Vec<usize>> {
    let mut shape = args.some("size").map(args::shape).transpose()?.unwrap_or_default();
    shape.push(length);
    Ok(shape)
}

fn multinomial(ctx: &mut Ctx, args: &Args, source: &Source) -> Result<Value> {
    let n = args.value("n")?;
    if has_axes(n) {
        let text = "multinomial() with an array of numbers of trials";
        return Err(Error::new(lang::error::Class::NotImplementedError, text));
    }
    let n = match n {
        Value::Float(x) => *x as i64,
        Value::Scalar(s) if s.dtype().is_float() => s.as_f64() as i64,
        n => index(n)?,
    };
    let p = vector(ctx, args.value("pvals")?, "pvals")?;
    if n < 0 {
        return Err(Error::value("n < 0"));
    }
    if p.iter().any(|x| !(0.0..=1.0).contains(x)) {
        return Err(Error::value("pvals < 0, pvals > 1 or pvals contains NaNs"));
    }
    if p.is_empty() {
        return Err(Error::value(
            "pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0.",
        ));
    }
    if kahan_sum(&p[..p.len() - 1]) > 1.0 + 1e-12 {
        return Err(Error::value("sum(pvals[:-1]) > 1.0"));
    }
    let output = Output::new(ctx, args, shape(args, p.len())?, DType::I64, false)?;
    let mut row = vec![0; p.len()];
    let block = stream::walk(ctx, &output.layout, DType::I64, |i| {
        if i % p.len() == 0 {
            counts(source, n, &p, &mut row);
        }
        row[i % p.len()]
    })?;
    output.give(ctx, block)
}

/// One binomial count after the other, each of what the others have left.
fn counts(source: &Source, n: i64, p: &[f64], row: &mut [i64]) {
    row.fill(0);
    let (mut left, mut share) = (n, 1.0);
    let last = p.len() - 1;
    for j in 0..last {
        let q = p[j] / share;
        row[j] = match source {
            Source::Modern(_) if left == 0 || q == 0.0 => 0,
            Source::Modern(g) => rng::binomial(&mut g.borrow_mut().bits, left, q),
            Source::Legacy(s) => match left == 0 || q == 0.0 {
                true => 0,
                false => rng::binomial(&mut s.borrow_mut().bits, left, q),
            },
        };
        left -= row[j];
        if left <= 0 {
            break;
        }
        share -= p[j];
    }
    if left > 0 {
        row[last] = left;
    }
}

fn dirichlet(ctx: &mut Ctx, args: &Args, source: &Source) -> Result<Value> {
    let alpha = vector(ctx, args.value("alpha")?, "alpha")?;
    let legacy = matches!(source, Source::Legacy(_));
    if alpha.iter().any(|&x| if legacy { x <= 0.0 } else { x < 0.0 }) {
        return Err(Error::value(if legacy { "alpha <= 0" } else { "alpha < 0" }));
    }
    let output = Output::new(ctx, args, shape(args, alpha.len())?, DType::F64, false)?;
    let k = alpha.len();
    // Of alphas so small gammas would all be zero: broken sticks instead.
    let sticks = !legacy
        && k > 0
        && alpha.iter().fold(f64::MIN, |m, &x| if x > m || x.is_nan() { x } else { m }) < 0.1;
    let mut rest: Vec<f64> = vec![0.0; k];
    let mut sum = 0.0;
    for j in (0..k).rev() {
        sum += alpha[j];
        rest[j] = sum;
    }
    let mut row = vec![0.0; k];
    let block = stream::walk(ctx, &output.layout, DType::F64, |i| {
        if i % k == 0 {
            match source {
                Source::Modern(g) if sticks => broken(&mut g.borrow_mut().bits, &alpha, &rest, &mut row),
                Source::Modern(g) => {
                    let bits = &mut g.borrow_mut().bits;
                    normalised(&mut row, |j| rng::standard_gamma(bits, alpha[j]));
                }
                Source::Legacy(s) => {
                    let rng::Legacy { bits, gauss } = &mut *s.borrow_mut();
                    normalised(&mut row, |j| rng::legacy_gamma(bits, gauss, alpha[j]));
                }
            }
        }
        row[i % k]
    })?;
    output.give(ctx, block)
}

fn normalised(row: &mut [f64], mut gamma: impl FnMut(usize) -> f64) {
    let mut sum = 0.0;
    for (j, x) in row.iter_mut().enumerate() {
        *x = gamma(j);
        sum += *x;
    }
    let inverse = 1.0 / sum;
    row.iter_mut().for_each(|x| *x *= inverse);
}

fn broken(bits: &mut rng::Pcg64, alpha: &[f64], rest: &[f64], row: &mut [f64]) {
    row.fill(0.0);
    if rest[0] == 0.0 {
        return;
    }
    let mut left = 1.0;
    let last = alpha.len() - 1;
    for j in 0..last {
        let v = rng::beta(bits, alpha[j], rest[j + 1]);
        row[j] = left * v;
        left *= 1.0 - v;
        if rest[j + 1] == 0.0 {
            break;
        }
    }
    row[last] = left;
}
