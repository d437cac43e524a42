//! LU with partial pivoting of a matrix spread by columns, right-looking: the owner of a panel factors it and passes it
//! on; every rank interchanges rows and updates its own columns, those of right-hand sides among them.

use dense::{Field, Triangle};
use lang::error::Result;

use super::columns::{Columns, Work, gathered, packed, share, view, view_mut};
use crate::ctx::Ctx;

/// What is known of the factors on every rank.
pub struct Factored<T> {
    /// The diagonal of U.
    pub diagonal: Vec<T>,
    /// Whether the row interchanges are an odd permutation.
    pub odd: bool,
}

impl<T: Work> Factored<T> {
    pub fn singular(&self) -> bool {
        self.diagonal.contains(&T::of_real(0.0))
    }
}

/// Factors a square matrix in place (U is left on and above the diagonal), and brings the right-hand sides, columns of
/// the same rows, to `L^-1 P b`. Collective where spread.
///
/// # Errors
/// KeyboardInterrupt.
pub fn factor<T: Work>(ctx: &mut Ctx, c: &Columns, a: &mut [T], right: &mut [T]) -> Result<Factored<T>> {
    let mut odd = false;
    for k in 0..c.panels() {
        c.safe_point(ctx)?;
        let (j, w, rows) = (c.start(k), c.width(k), c.m - c.start(k));
        let at = c.before(k);
        let mine = c.mine(k).then(|| {
            let mut panel = view_mut(a, c.m).submatrix_mut(j, at, rows, w);
            let (order, odd) = T::lu(panel.as_mut());
            let moved = order.iter().enumerate().filter(|(to, from)| *to != **from);
            let mut news = vec![odd as u64];
            moved.for_each(|(to, &from)| news.extend([to as u64, from as u64]));
            news.resize(1 + 4 * w, u64::MAX);
            (news, packed(panel.as_ref()))
        });
        let (news, panel) = mine.unzip();
        let news = share(ctx, c.procs, c.owner(k), news, 1 + 4 * w);
        let panel = share(ctx, c.procs, c.owner(k), panel, rows * w);
        odd ^= news[0] == 1;
        let moves: Vec<(usize, usize)> = news[1..]
            .chunks_exact(2)
            .take_while(|pair| pair[0] != u64::MAX)
            .map(|pair| (j + pair[0] as usize, j + pair[1] as usize))
            .collect();
        let after = c.before(k + 1);
        for columns in [&mut a[after * c.m..], &mut *right] {
            interchange(columns, c.m, &moves);
            eliminate(&view(&panel, rows), columns, (c.m, j, w));
        }
    }
    Ok(Factored { diagonal: diagonal(ctx, c, a), odd })
}

/// Moves rows of every column.
fn interchange<T: Work>(columns: &mut [T], m: usize, moves: &[(usize, usize)]) {
    let mut taken = vec![T::of_real(0.0); moves.len()];
    for column in columns.chunks_exact_mut(m.max(1)) {
        taken.iter_mut().zip(moves).for_each(|(x, (_, from))| *x = column[*from]);
        taken.iter().zip(moves).for_each(|(x, (to, _))| column[*to] = *x);
    }
}

/// The update of columns of `m` rows by a factored panel of `w` columns from row `j` on.
fn eliminate<T: Work>(panel: &dense::MatRef<'_, T>, columns: &mut [T], (m, j, w): (usize, usize, usize)) {
    if columns.is_empty() {
        return;
    }
    let (upper, lower) = panel.split_at_row(w);
    let (mut top, below) = view_mut(columns, m).split_at_row_mut(j).1.split_at_row_mut(w);
    T::solve(Triangle::UnitLower, upper, top.as_mut());
    T::add_product(below, T::of_real(-1.0), (lower, false), (top.as_ref(), false));
}

/// The diagonal of a spread matrix, on every rank.
fn diagonal<T: Work>(ctx: &mut Ctx, c: &Columns, a: &[T]) -> Vec<T> {
    let mine = c.indices().into_iter().enumerate().map(|(at, j)| a[at * c.m + j]).collect::<Vec<T>>();
    gathered(ctx, &Columns { m: 1, ..c.clone() }, &mine)
}

/// Solves `U x = y` in place, `y` being this rank's columns of the right-hand sides, laid out as `right` says. The
/// factor's panels go round, or, where the right-hand sides are fewer columns than a panel, those do. Collective.
///
/// # Errors
/// KeyboardInterrupt.
pub fn back_substitute<T: Work>(
    ctx: &mut Ctx,
    c: &Columns,
    u: &[T],
    right: &Columns,
    y: &mut Vec<T>,
) -> Result<()> {
    let few = right.n < c.block && c.procs > 1;
    let mut all = if few { gathered(ctx, right, y) } else { std::mem::take(y) };
    for k in (0..c.panels()).rev() {
        c.safe_point(ctx)?;
        let (j, w, at) = (c.start(k), c.width(k), c.before(k));
        let panel = c.mine(k).then(|| view(u, c.m).submatrix(0, at, j + w, w));
        if few {
            let solved = panel.map(|panel| {
                let mut head = view_mut(&mut all, c.m).split_at_row_mut(j + w).0;
                substitute(&panel, head.as_mut());
                packed(head.as_ref())
            });
            let solved = share(ctx, c.procs, c.owner(k), solved, (j + w) * right.n);
            let mut head = view_mut(&mut all, c.m).split_at_row_mut(j + w).0;
            head.copy_from(view(&solved, j + w));
        } else {
            let panel = share(ctx, c.procs, c.owner(k), panel.map(packed), (j + w) * w);
            if !all.is_empty() {
                substitute(&view(&panel, j + w), view_mut(&mut all, c.m).split_at_row_mut(j + w).0);
            }
        }
    }
    if few {
        let m = c.m;
        *y = right.indices().iter().flat_map(|&i| all[i * m..(i + 1) * m].to_vec()).collect();
    } else {
        *y = all;
    }
    Ok(())
}

/// One panel of the substitution: its rows of `y` are solved for, and taken out of those above.
fn substitute<T: Work>(panel: &dense::MatRef<'_, T>, y: dense::MatMut<'_, T>) {
    let j = panel.nrows() - panel.ncols();
    let (above, triangle) = panel.split_at_row(j);
    let (rest, mut solved) = y.split_at_row_mut(j);
    T::solve(Triangle::Upper, triangle, solved.as_mut());
    T::add_product(rest, T::of_real(-1.0), (above, false), (solved.as_ref(), false));
}

/// `sign` and `log |det|`; the sign of a singular matrix is 0.
pub fn log_determinant<T: Field>(diagonal: &[T], odd: bool) -> (T, f64) {
    let mut sign = T::of_real(if odd { -1.0 } else { 1.0 });
    let mut log = 0.0;
    for &x in diagonal {
        let size = x.magnitude();
        if size == 0.0 {
            return (T::of_real(0.0), f64::NEG_INFINITY);
        }
        sign *= T::of_complex(x.complex() / size);
        log += size.ln();
    }
    (sign, log)
}
