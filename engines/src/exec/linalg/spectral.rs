//! `svd`, `svdvals`, `eig` and `eigvals`, and how columns that are spread by their values become arrays.

use std::sync::Arc;

use dense::Shape;
use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::{DimMap, IndexSet, Layout};
use num_complex::Complex64;

use super::columns::{Columns, Work, elements, known};
use super::jacobi::{self, Kind, Spread};
use super::stack::{each, rows};
use super::{
    SPECTRAL, complex, frobenius, inexact, linalg_error, panel_width, place, qr, real, rounded, spreads,
};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::rearrange::views;
use crate::exec::redistribute::redistribute;
use crate::exec::{alloc, discover};
use crate::value::{Fields, Value};

const SVD: Fields = Fields { class: "SVDResult", names: &["U", "S", "Vh"] };
const EIG: Fields = Fields { class: "EigResult", names: &["eigenvalues", "eigenvectors"] };

fn failed() -> Error {
    linalg_error("SVD did not converge")
}

/// A matrix's columns turned until they are orthogonal, or eigenvectors: see `jacobi`. `adjoint`: of its adjoint.
/// Collective.
///
/// # Errors
/// MemoryError.
pub fn spread_columns<T: Work>(
    ctx: &mut Ctx,
    a: &Array,
    kind: Kind,
    adjoint: bool,
) -> Result<Option<Spread<T>>> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    // The columns are the rows of the transpose; of the adjoint, those of the matrix.
    let turned = if adjoint { a.clone() } else { views::transpose(ctx, a, &[1, 0])? };
    let (n, m) = (turned.shape()[0], turned.shape()[1]);
    let bounds = jacobi::bounds(n, team);
    let mut layout = Layout::replicated(&[n, m], team);
    layout.dims[0] = DimMap::Block { bounds: bounds.iter().step_by(2).copied().collect() };
    layout.grid[0] = team;
    layout.everywhere = false;
    let mine = (bounds[2 * rank + 2] - bounds[2 * rank]) * (m + n);
    alloc::room(ctx, 4 * mine * T::DTYPE.itemsize())?;
    let mut columns = elements::<T>(ctx.local(&turned, &Arc::new(layout))?);
    if adjoint {
        columns.iter_mut().for_each(|x| *x = x.conjugate());
    }
    let norm = frobenius(ctx, &columns);
    if !norm.is_finite() {
        return Ok(None);
    }
    jacobi::turn(ctx, kind, columns, (m, n), norm)
}

/// The values of all ranks in order, and which place in it each rank's have.
pub struct Order {
    pub sorted: Vec<f64>,
    pub places: Vec<Vec<usize>>,
}

/// Sorts the values of all ranks. Collective.
pub fn ranks_of(ctx: &mut Ctx, mine: &[f64], n: usize, descending: bool) -> Order {
    let all = ctx.comm.allgather(bytemuck::cast_slice(mine));
    let mut values: Vec<(f64, usize, usize)> = Vec::with_capacity(n);
    for (rank, bytes) in all.iter().enumerate() {
        let theirs = bytes.chunks_exact(8).map(|b| b.try_into().map_or(f64::NAN, f64::from_le_bytes));
        values.extend(theirs.enumerate().map(|(at, x)| (x, rank, at)));
    }
    values.sort_by(|x, y| if descending { y.0.total_cmp(&x.0) } else { x.0.total_cmp(&y.0) });
    let mut places: Vec<Vec<usize>> = all.iter().map(|bytes| vec![0; bytes.len() / 8]).collect();
    values.iter().enumerate().for_each(|(place, &(_, rank, at))| places[rank][at] = place);
    Order { sorted: values.into_iter().map(|v| v.0).collect(), places }
}

/// This rank's columns, of `rows` elements each, and the places of every rank's.
pub struct Turned<'a, T> {
    pub columns: Vec<T>,
    pub rows: usize,
    pub order: &'a [Vec<usize>],
}

impl<T: Work> Turned<'_, T> {
    /// The array whose rows these are, in their order.
    fn into_rows(self, ctx: &Ctx, dtype: DType) -> Array {
        let n: usize = self.order.iter().map(Vec::len).sum();
        let mut layout = Layout::replicated(&[n, self.rows], ctx.comm.size());
        let indices = self.order.iter().map(|places| IndexSet::from_indices(places.iter().copied()));
        layout.dims[0] = DimMap::Unstructured { size: n, indices: indices.collect() };
        layout.grid[0] = ctx.comm.size();
        layout.everywhere = false;
        Array::from_block(vec![n, self.rows], Arc::new(layout), rounded(self.columns, dtype))
    }

    /// The matrix of these columns in their order. Collective.
    ///
    /// # Errors
    /// MemoryError.
    pub fn into_columns(self, ctx: &mut Ctx, dtype: DType, like: &Array) -> Result<Array> {
        let turned = self.into_rows(ctx, dtype);
        let matrix = views::transpose(ctx, &turned, &[1, 0])?;
        let layout = place(ctx, matrix.shape(), like);
        redistribute(ctx, &matrix, &layout)
    }

    /// The adjoint of that matrix. Collective.
    ///
    /// # Errors
    /// MemoryError.
    fn into_adjoint(mut self, ctx: &mut Ctx, dtype: DType, like: &Array) -> Result<Array> {
        self.columns.iter_mut().for_each(|x| *x = x.conjugate());
        let matrix = self.into_rows(ctx, dtype);
        let layout = place(ctx, matrix.shape(), like);
        redistribute(ctx, &matrix, &layout)
    }
}

/// Singular values, with vectors of the wanted shape. Collective.
///
/// # Errors
/// LinAlgError where there is no convergence; MemoryError.
pub fn svd<T: Work>(ctx: &mut Ctx, a: &Array, shape: Shape) -> Result<Value> {
    if spreads(ctx, a, SPECTRAL) {
        return spread_svd::<T>(ctx, a, shape);
    }
    let [.., m, n] = a.shape() else {
        return Err(failed());
    };
    let (m, n, k, dtype) = (*m, *n, (*m).min(*n), inexact(a.dtype()));
    let values = (vec![k], real(a.dtype()));
    let outs = match shape {
        Shape::Values => vec![values],
        Shape::Thin => vec![values, (vec![m, k], dtype), (vec![k, n], dtype)],
        Shape::Full => vec![values, (vec![m, m], dtype), (vec![n, n], dtype)],
    };
    let batch = a.shape()[..a.ndim() - 2].to_vec();
    let mut found = each::<T>(ctx, &batch, &[a], &outs, |_, matrices| {
        let svd = T::svd(matrices[0].as_ref(), shape).ok_or_else(failed)?;
        let s = svd.s.into_iter().map(T::of_real).collect();
        let vh = dense::Mat::from_fn(svd.v.ncols(), svd.v.nrows(), |i, j| svd.v[(j, i)].conjugate());
        Ok(vec![s, rows(svd.u.as_ref()), rows(vh.as_ref())])
    })?;
    if shape == Shape::Values {
        return Ok(Value::Array(found.remove(0)));
    }
    found.swap(0, 1);
    Ok(Value::named(&SVD, found.into_iter().map(Value::Array).collect()))
}

fn spread_svd<T: Work>(ctx: &mut Ctx, a: &Array, shape: Shape) -> Result<Value> {
    // Of the adjoint where there are more columns than rows.
    let wide = a.shape()[0] < a.shape()[1];
    let (m, n) = (a.shape()[0].max(a.shape()[1]), a.shape()[0].min(a.shape()[1]));
    let dtype = inexact(a.dtype());
    let Spread { values, mut w, v } =
        spread_columns::<T>(ctx, a, Kind::Singular, wide)?.ok_or_else(failed)?;
    let order = ranks_of(ctx, &values, n, true);
    let layout = place(ctx, &[n], a);
    let sorted = order.sorted.iter().map(|&x| T::of_real(x)).collect();
    let s = known(ctx, &[n], sorted, real(a.dtype()), &layout);
    if shape == Shape::Values {
        return Ok(Value::Array(s));
    }
    let least = order.sorted.first().copied().unwrap_or(0.0) * f64::EPSILON * m as f64;
    for (column, &size) in w.chunks_exact_mut(m).zip(&values) {
        let by = if size > least { 1.0 / size } else { 0.0 };
        column.iter_mut().for_each(|x| *x *= T::of_real(by));
    }
    let lacking = order.sorted.iter().filter(|&&size| size <= least).count();
    let complete = shape == Shape::Full && m > n;
    let of_w = Turned { columns: w, rows: m, order: &order.places };
    let of_v = Turned { columns: v, rows: n, order: &order.places };
    let vectors = if lacking == 0 && !complete {
        match wide {
            false => of_w.into_columns(ctx, dtype, a)?,
            true => of_w.into_adjoint(ctx, dtype, a)?,
        }
    } else {
        let left = of_w.into_columns(ctx, T::DTYPE, a)?;
        let columns = if shape == Shape::Full { m } else { n };
        completed_basis::<T>(ctx, &left, (columns, n - lacking), wide, dtype, a)?
    };
    let (u, vh) = match wide {
        false => (vectors, of_v.into_adjoint(ctx, dtype, a)?),
        true => (of_v.into_columns(ctx, dtype, a)?, vectors),
    };
    Ok(Value::named(&SVD, vec![Value::Array(u), Value::Array(s), Value::Array(vh)]))
}

/// The first `known` columns of a matrix, which are orthonormal, with others that make them `wide`. Collective.
fn completed_basis<T: Work>(
    ctx: &mut Ctx,
    left: &Array,
    (wide, known): (usize, usize),
    adjoint: bool,
    dtype: DType,
    like: &Array,
) -> Result<Array> {
    let (m, n) = (left.shape()[0], left.shape()[1]);
    let c = Columns::new(ctx, m, n, panel_width(ctx, n), true);
    let mine = c.take::<T>(ctx, left)?;
    let factored = qr::factor(ctx, &c, mine)?;
    let diagonal = factored.diagonal(ctx);
    let of_q = c.with(wide);
    let mut q = factored.q(ctx, wide)?;
    for (at, j) in of_q.indices().into_iter().enumerate().filter(|(_, j)| *j < known) {
        let sign = T::of_real(1f64.copysign(diagonal[j].real()));
        q[at * m..(at + 1) * m].iter_mut().for_each(|x| *x *= sign);
    }
    if !adjoint {
        let layout = place(ctx, &[m, wide], like);
        return of_q.give(ctx, q, dtype, &layout);
    }
    q.iter_mut().for_each(|x| *x = x.conjugate());
    let layout = ctx.derived_layout(&[m, wide], left.layout(), m * wide);
    let columns = of_q.give(ctx, q, dtype, &layout)?;
    let turned = views::transpose(ctx, &columns, &[1, 0])?;
    let layout = place(ctx, &[wide, m], like);
    redistribute(ctx, &turned, &layout)
}

/// Eigenvalues of any square matrices, with right eigenvectors where they are wanted: each matrix on one rank.
/// Collective.
///
/// # Errors
/// LinAlgError for infinities and nans; MemoryError where a rank has no room for the whole matrix.
pub fn eig<T: Work>(ctx: &mut Ctx, a: &Array, vectors: bool) -> Result<Value> {
    let n = a.shape()[a.ndim() - 1];
    let batch = a.shape()[..a.ndim() - 2].to_vec();
    // Complex results of real matrices: the kernel's own type is that of the operand.
    let to = complex(a.dtype());
    let outs = [(vec![n], to), (vec![n, n], to)];
    let outs = if vectors { &outs[..] } else { &outs[..1] };
    let mut real_only = true;
    let widened = discover::cast(ctx, a, DType::C128)?;
    let mut found = each::<Complex64>(ctx, &batch, &[&widened], outs, |_, matrices| {
        let a = dense::Mat::from_fn(n, n, |i, j| T::of_complex(matrices[0][(i, j)]));
        if !dense::all_finite(a.as_ref()) {
            return Err(linalg_error("Array must not contain infs or NaNs"));
        }
        let (w, v) =
            T::eig(a.as_ref(), vectors).ok_or_else(|| linalg_error("Eigenvalues did not converge"))?;
        real_only &= w.iter().all(|z| z.im == 0.0);
        Ok(vec![w, v.map_or(Vec::new(), |v| rows(v.as_ref()))])
    })?;
    let everyone = ctx.comm.allgather(&[real_only as u8]);
    if !a.dtype().is_complex() && everyone.iter().all(|word| word == &[1]) {
        found = found.into_iter().map(|x| discover::cast(ctx, &x, real(a.dtype()))).collect::<Result<_>>()?;
    }
    let mut values = found.into_iter().map(Value::Array);
    Ok(match (values.next(), values.next()) {
        (Some(w), Some(v)) => Value::named(&EIG, vec![w, v]),
        (Some(w), None) => w,
        _ => Value::None,
    })
}
