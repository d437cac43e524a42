//! Hermitian matrices, of which one triangle is read: `cholesky`, `eigh` and `eigvalsh`.

use dense::Mat;
use lang::error::{Error, Result};

use super::columns::{Columns, Work, known};
use super::spectral::{Turned, ranks_of, spread_columns};
use super::stack::{each, rows};
use super::{DIRECT, SPECTRAL, cholesky as spread, inexact, linalg_error, panel_width, place, real, spreads};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::linalg::jacobi::Kind;
use crate::exec::rearrange::views;
use crate::value::{Fields, Value};

const EIGH: Fields = Fields { class: "EighResult", names: &["eigenvalues", "eigenvectors"] };

fn not_definite() -> Error {
    linalg_error("Matrix is not positive definite")
}

/// The lower factor, or the upper one: then the upper triangle is read. Collective.
///
/// # Errors
/// LinAlgError where the matrix is not positive definite.
pub fn cholesky<T: Work>(ctx: &mut Ctx, a: &Array, upper: bool) -> Result<Array> {
    let (n, dtype) = (a.shape()[a.ndim() - 1], inexact(a.dtype()));
    if spreads(ctx, a, DIRECT) {
        let c = Columns::new(ctx, n, n, panel_width(ctx, n), true);
        // The upper factor of A is the transpose of the lower one of conj(A) = A^T.
        let turned = if upper { views::transpose(ctx, a, &[1, 0])? } else { a.clone() };
        let mut factor = c.take::<T>(ctx, &turned)?;
        if !spread::factor(ctx, &c, &mut factor)? {
            return Err(not_definite());
        }
        let layout = turned.layout().clone();
        let found = c.give(ctx, factor, dtype, &layout)?;
        if !upper {
            return Ok(found);
        }
        let found = views::transpose(ctx, &found, &[1, 0])?;
        return crate::exec::redistribute::redistribute(ctx, &found, a.layout());
    }
    let batch = a.shape()[..a.ndim() - 2].to_vec();
    let factors = each::<T>(ctx, &batch, &[a], &[(vec![n, n], dtype)], |_, matrices| {
        let a = &matrices[0];
        let zero = T::of_real(0.0);
        let mut l = Mat::from_fn(n, n, |i, j| match (i >= j, upper) {
            (false, _) => zero,
            (true, false) => a[(i, j)],
            (true, true) => a[(j, i)],
        });
        if !T::cholesky(l.as_mut()) {
            return Err(not_definite());
        }
        (0..n).for_each(|j| (0..j).for_each(|i| l[(i, j)] = zero));
        (0..n).for_each(|j| l[(j, j)] = T::of_real(l[(j, j)].real()));
        Ok(vec![rows(if upper { l.transpose() } else { l.as_ref() })])
    })?;
    Ok(factors[0].clone())
}

/// The Hermitian matrix of which one triangle is given. Collective.
///
/// # Errors
/// MemoryError.
pub fn completed<T: Work>(ctx: &mut Ctx, a: &Array, lower: bool) -> Result<Array> {
    let n = a.shape()[a.ndim() - 1];
    if n != a.shape()[a.ndim() - 2] {
        return Err(linalg_error("Last 2 dimensions of the array must be square"));
    }
    if spreads(ctx, a, SPECTRAL) {
        let c = Columns::new(ctx, n, n, panel_width(ctx, n), true);
        let whole = hermitian_columns::<T>(ctx, a, &c, lower)?;
        return c.give(ctx, whole, inexact(a.dtype()), a.layout());
    }
    let batch = a.shape()[..a.ndim() - 2].to_vec();
    let outs = [(vec![n, n], inexact(a.dtype()))];
    let whole = each::<T>(ctx, &batch, &[a], &outs, |_, m| {
        Ok(vec![rows(Mat::from_fn(n, n, |i, j| mirrored(&m[0], lower, i, j)).as_ref())])
    })?;
    Ok(whole[0].clone())
}

fn mirrored<T: Work>(a: &Mat<T>, lower: bool, i: usize, j: usize) -> T {
    match (i == j, (i > j) == lower) {
        (true, _) => T::of_real(a[(i, i)].real()),
        (false, true) => a[(i, j)],
        (false, false) => a[(j, i)].conjugate(),
    }
}

/// This rank's columns of the whole matrix. Collective.
fn hermitian_columns<T: Work>(ctx: &mut Ctx, a: &Array, c: &Columns, lower: bool) -> Result<Vec<T>> {
    let n = c.n;
    let mut columns = c.take::<T>(ctx, a)?;
    let turned = views::transpose(ctx, a, &[1, 0])?;
    let other = c.take::<T>(ctx, &turned)?;
    for (at, j) in c.indices().into_iter().enumerate() {
        for i in 0..n {
            let k = at * n + i;
            if i == j {
                columns[k] = T::of_real(columns[k].real());
            } else if (i > j) != lower {
                columns[k] = other[k].conjugate();
            }
        }
    }
    Ok(columns)
}

/// Eigenvalues in ascending order, with eigenvectors where they are wanted. Collective.
///
/// # Errors
/// LinAlgError where there is no convergence; MemoryError.
pub fn eigh<T: Work>(ctx: &mut Ctx, a: &Array, lower: bool, vectors: bool) -> Result<Value> {
    let (n, dtype, values) = (a.shape()[a.ndim() - 1], inexact(a.dtype()), real(a.dtype()));
    let failed = || linalg_error("Eigenvalues did not converge");
    let (w, v) = if spreads(ctx, a, SPECTRAL) {
        let c = Columns::new(ctx, n, n, panel_width(ctx, n), true);
        let whole = hermitian_columns::<T>(ctx, a, &c, lower)?;
        let layout = a.layout().clone();
        let whole = c.give(ctx, whole, T::DTYPE, &layout)?;
        let spread = spread_columns::<T>(ctx, &whole, Kind::Hermitian, false)?.ok_or_else(failed)?;
        let order = ranks_of(ctx, &spread.values, n, false);
        let layout = place(ctx, &[n], a);
        let sorted = order.sorted.iter().map(|&x| T::of_real(x)).collect();
        let w = known(ctx, &[n], sorted, values, &layout);
        let turned = Turned { columns: spread.v, rows: n, order: &order.places };
        let v = if vectors { Some(turned.into_columns(ctx, dtype, a)?) } else { None };
        (w, v)
    } else {
        let batch = a.shape()[..a.ndim() - 2].to_vec();
        let outs = [(vec![n], values), (vec![n, n], dtype)];
        let outs = if vectors { &outs[..] } else { &outs[..1] };
        let mut found = each::<T>(ctx, &batch, &[a], outs, |_, matrices| {
            let whole = Mat::from_fn(n, n, |i, j| mirrored(&matrices[0], lower, i, j));
            if !dense::all_finite(whole.as_ref()) {
                // NumPy's have no error for it.
                let nan = T::of_real(f64::NAN);
                return Ok(vec![vec![nan; n], vec![nan; n * n]]);
            }
            let (w, v) = T::eigh(whole.as_ref(), vectors).ok_or_else(failed)?;
            let w = w.into_iter().map(T::of_real).collect();
            Ok(vec![w, v.map_or(Vec::new(), |v| rows(v.as_ref()))])
        })?;
        let v = vectors.then(|| found.pop()).flatten();
        (found.remove(0), v)
    };
    Ok(match v {
        Some(v) => Value::named(&EIGH, vec![Value::Array(w), Value::Array(v)]),
        None => Value::Array(w),
    })
}
