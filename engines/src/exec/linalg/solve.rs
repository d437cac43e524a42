//! `solve`, `inv`, `det` and `slogdet`, by LU.

use dense::{Mat, Triangle};
use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::{Index, View as Recipe};

use super::columns::{Columns, Work};
use super::stack::{self, each, rows};
use super::{DIRECT, inexact, linalg_error, lu, panel_width, place, real, rounded, spreads};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::discover::cast_block;
use crate::exec::element::typed;
use crate::exec::elementwise::record::tuple;
use crate::exec::rearrange::views;

fn singular() -> Error {
    linalg_error("Singular matrix")
}

/// The dtype of what is solved for.
fn promoted(a: &Array, b: &Array) -> DType {
    let single = |d: DType| matches!(d, DType::F32 | DType::C64);
    let complex = a.dtype().is_complex() || b.dtype().is_complex();
    match (single(a.dtype()) && single(b.dtype()), complex) {
        (true, false) => DType::F32,
        (true, true) => DType::C64,
        (false, false) => DType::F64,
        (false, true) => DType::C128,
    }
}

/// `x` of `a @ x = b`; `b` is a vector, or a stack of matrices. Collective.
///
/// # Errors
/// LinAlgError for a singular matrix, ValueError where the shapes do not fit.
pub fn solve<T: Work>(ctx: &mut Ctx, a: &Array, b: &Array) -> Result<Array> {
    let vector = b.ndim() == 1;
    let (name, signature) =
        if vector { ("solve1", "(m,m),(m)->(m)") } else { ("solve", "(m,m),(m,n)->(m,n)") };
    if b.ndim() == 0 {
        return Err(Error::value(format!(
            "{name}: Input operand 1 does not have enough dimensions (has 0, gufunc core with signature {signature} \
             requires 2)"
        )));
    }
    let b = match vector {
        true => views::view(ctx, b, &Recipe::identity(b.shape()).index(&[Index::Ellipsis, Index::NewAxis])?)?,
        false => b.clone(),
    };
    let (n, [.., rows_of_b, right]) = (a.shape()[a.ndim() - 1], b.shape()) else {
        return Err(singular());
    };
    let right = *right;
    if *rows_of_b != n {
        return Err(Error::value(format!(
            "{name}: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature {signature} (size \
             {rows_of_b} is different from {n})"
        )));
    }
    let dtype = promoted(a, &b);
    if spreads(ctx, a, DIRECT) && b.ndim() == 2 && right > 0 {
        let c = Columns::new(ctx, n, n, panel_width(ctx, n), true);
        let of_b = c.with(right);
        let mut factors = c.take::<T>(ctx, a)?;
        let mut x = of_b.take::<T>(ctx, &b)?;
        if lu::factor(ctx, &c, &mut factors, &mut x)?.singular() {
            return Err(singular());
        }
        lu::back_substitute(ctx, &c, &factors, &of_b, &mut x)?;
        drop(factors);
        let layout = place(ctx, &[n, right], &b);
        let solved = of_b.give(ctx, x, dtype, &layout)?;
        return unstacked(ctx, solved, vector);
    }
    let batch = batch_of(a, &b)?;
    let (a, b) = (stack::broadcast(ctx, a, &batch)?, stack::broadcast(ctx, &b, &batch)?);
    // The result lies as the right-hand sides do.
    let outs = [(vec![n, right], dtype)];
    let solved = each::<T>(ctx, &batch, &[&b, &a], &outs, |_, matrices| {
        let [b, a] = matrices else { return Err(singular()) };
        Ok(vec![rows(solved(a.clone(), b)?.as_ref())])
    })?;
    unstacked(ctx, solved[0].clone(), vector)
}

/// Without the axis that a vector was given.
fn unstacked(ctx: &mut Ctx, x: Array, vector: bool) -> Result<Array> {
    if !vector {
        return Ok(x);
    }
    let recipe = Recipe::identity(x.shape()).index(&[Index::Ellipsis, Index::Int(0)])?;
    let seen = views::view(ctx, &x, &recipe)?;
    // NumPy's is an array of its own.
    let layout = place(ctx, seen.shape(), &seen);
    crate::exec::redistribute::redistribute(ctx, &seen, &layout)
}

/// The axes before the matrices, broadcast.
fn batch_of(a: &Array, b: &Array) -> Result<Vec<usize>> {
    let of = |x: &Array| x.shape()[..x.ndim() - 2].to_vec();
    crate::exec::elementwise::record::broadcast(&[&of(a), &of(b)]).map_err(|_| {
        let mapped = |x: &Array| {
            let batch: String = of(x).iter().map(|n| format!("{n},")).collect();
            format!("{}->({batch}newaxis,newaxis)", tuple(x.shape()))
        };
        Error::value(format!(
            "operands could not be broadcast together with remapped shapes [original->remapped]: {} {} ",
            mapped(a),
            mapped(b)
        ))
    })
}

/// The local solution.
fn solved<T: Work>(mut a: Mat<T>, b: &Mat<T>) -> Result<Mat<T>> {
    let n = a.nrows();
    let (order, _) = T::lu(a.as_mut());
    if (0..n).any(|i| a[(i, i)] == T::of_real(0.0)) {
        return Err(singular());
    }
    let mut x = Mat::from_fn(n, b.ncols(), |i, j| b[(order[i], j)]);
    T::solve(Triangle::UnitLower, a.as_ref(), x.as_mut());
    T::solve(Triangle::Upper, a.as_ref(), x.as_mut());
    Ok(x)
}

/// The inverse. Collective.
///
/// # Errors
/// LinAlgError for a singular matrix.
pub fn inv<T: Work>(ctx: &mut Ctx, a: &Array) -> Result<Array> {
    let n = a.shape()[a.ndim() - 1];
    let dtype = inexact(a.dtype());
    if spreads(ctx, a, DIRECT) {
        let c = Columns::new(ctx, n, n, panel_width(ctx, n), true);
        let mut factors = c.take::<T>(ctx, a)?;
        let mut x = vec![T::of_real(0.0); factors.len()];
        c.indices().into_iter().enumerate().for_each(|(at, j)| x[at * n + j] = T::of_real(1.0));
        if lu::factor(ctx, &c, &mut factors, &mut x)?.singular() {
            return Err(singular());
        }
        lu::back_substitute(ctx, &c, &factors, &c, &mut x)?;
        drop(factors);
        return c.give(ctx, x, dtype, a.layout());
    }
    let batch = a.shape()[..a.ndim() - 2].to_vec();
    let outs = [(vec![n, n], dtype)];
    let inverse = each::<T>(ctx, &batch, &[a], &outs, |_, matrices| {
        let unit = Mat::from_fn(n, n, |i, j| T::of_real((i == j) as u8 as f64));
        Ok(vec![rows(solved(matrices[0].clone(), &unit)?.as_ref())])
    })?;
    Ok(inverse[0].clone())
}

/// The determinants' signs and the logarithms of their sizes. Collective.
pub fn log_determinant<T: Work>(ctx: &mut Ctx, a: &Array) -> Result<(Array, Array)> {
    let n = a.shape()[a.ndim() - 1];
    let (dtype, real) = (inexact(a.dtype()), real(a.dtype()));
    if spreads(ctx, a, DIRECT) {
        let c = Columns::new(ctx, n, n, panel_width(ctx, n), true);
        let mut factors = c.take::<T>(ctx, a)?;
        let known = lu::factor(ctx, &c, &mut factors, &mut [])?;
        let (sign, log) = lu::log_determinant(&known.diagonal, known.odd);
        let one = |block| Array::from_block(Vec::new(), ctx.replicated(&[]), block);
        return Ok((one(rounded(vec![sign], dtype)), one(rounded(vec![T::of_real(log)], real))));
    }
    let batch = a.shape()[..a.ndim() - 2].to_vec();
    let outs = [(Vec::new(), dtype), (Vec::new(), real)];
    let mut found = each::<T>(ctx, &batch, &[a], &outs, |_, matrices| {
        let mut a = matrices[0].clone();
        let (_, odd) = T::lu(a.as_mut());
        let diagonal: Vec<T> = (0..n).map(|i| a[(i, i)]).collect();
        let (sign, log) = lu::log_determinant(&diagonal, odd);
        Ok(vec![vec![sign], vec![T::of_real(log)]])
    })?;
    let log = found.remove(1);
    Ok((found.remove(0), log))
}

/// Signs and logarithms as determinants. Collective.
pub fn determinant<T: Work>(ctx: &mut Ctx, sign: &Array, log: &Array, dtype: DType) -> Result<Array> {
    let layout = sign.layout().clone();
    let (signs, logs) = (ctx.local(sign, &layout)?, ctx.local(log, &layout)?);
    let (signs, logs) = (cast_block(&signs, T::DTYPE), cast_block(&logs, DType::F64));
    let pairs = typed::<T>(&signs).iter().zip(typed::<f64>(&logs));
    let found = pairs.map(|(&sign, &log)| sign * T::of_real(log.exp())).collect();
    Ok(Array::from_block(sign.shape().to_vec(), layout, rounded::<T>(found, dtype)))
}
