//! Cholesky's factorisation of a matrix spread by columns, right-looking: the owner of a panel factors it and passes it
//! on; every rank updates its own columns at and below the diagonal.

use dense::Triangle;
use lang::error::Result;

use super::columns::{Columns, Work, packed, share, view, view_mut};
use crate::ctx::Ctx;

/// Factors the lower triangle of a square matrix in place, and clears the upper one; false, on all ranks, where the
/// matrix is not positive definite. Collective where spread.
///
/// # Errors
/// KeyboardInterrupt.
pub fn factor<T: Work>(ctx: &mut Ctx, c: &Columns, a: &mut [T]) -> Result<bool> {
    let zero = T::of_real(0.0);
    for k in 0..c.panels() {
        c.safe_point(ctx)?;
        let (j, w, rows) = (c.start(k), c.width(k), c.m - c.start(k));
        let at = c.before(k);
        let mine = c.mine(k).then(|| {
            let panel = view_mut(a, c.m).submatrix_mut(j, at, rows, w);
            let (mut square, below) = panel.split_at_row_mut(w);
            let positive = T::cholesky(square.as_mut());
            // X L^H = A21 is conj(L) X^T = A21^T.
            let conjugate = dense::Mat::from_fn(w, w, |i, j| square[(i, j)].conjugate());
            T::solve(Triangle::Lower, conjugate.as_ref(), below.transpose_mut());
            let panel = view(a, c.m).submatrix(j, at, rows, w);
            (vec![positive as u64], packed(panel))
        });
        let (news, panel) = mine.unzip();
        if share(ctx, c.procs, c.owner(k), news, 1) != [1] {
            return Ok(false);
        }
        let panel = share(ctx, c.procs, c.owner(k), panel, rows * w);
        let panel = view(&panel, rows);
        for later in (k + 1..c.panels()).filter(|&p| c.mine(p)) {
            let (from, width) = (c.start(later), c.width(later));
            let target = view_mut(a, c.m).submatrix_mut(from, c.before(later), c.m - from, width);
            let left = panel.submatrix(from - j, 0, c.m - from, w);
            let right = panel.submatrix(from - j, 0, width, w).transpose();
            T::add_product(target, T::of_real(-1.0), (left, false), (right, true));
        }
    }
    for (at, j) in c.indices().into_iter().enumerate() {
        a[at * c.m..at * c.m + j].fill(zero);
        a[at * c.m + j] = T::of_real(a[at * c.m + j].real());
    }
    Ok(true)
}
