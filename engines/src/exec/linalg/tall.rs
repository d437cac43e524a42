//! QR of a matrix with many more rows than columns, by blocks of rows: TSQR (Demmel, Grigori, Hoemmen and Langou,
//! "Communication-optimal parallel and sequential QR and LU factorizations", SIAM J. Sci. Comput. 34, 2012).
//!
//! Each rank factors its rows; the triangles are joined pairwise up a binary tree, and the factors of Q carried down it:
//! `2 log2 P` messages of `n^2` elements a rank. R's signs are then made those of Householder's method, found as in
//! the reconstruction of its vectors (Ballard et al., "Reconstructing Householder vectors from TSQR", 2014).

use dense::{Mat, MatRef, Reflectors, panel};

use super::columns::{Work, packed, view, view_mut};
use crate::ctx::Ctx;

/// Reflectors of a factored matrix of `rows` rows.
struct Node<T> {
    q: Reflectors<T>,
    rows: usize,
}

impl<T: Work> Node<T> {
    /// Factors; gives R, of `min(rows, n)` rows, too.
    fn new(mut a: Vec<T>, rows: usize, n: usize) -> (Node<T>, Mat<T>) {
        if rows == 0 {
            return (Node { q: Reflectors { v: Mat::new(), t: Mat::new() }, rows }, Mat::zeros(0, n));
        }
        let t = panel(view_mut(&mut a, rows));
        let factored = view(&a, rows);
        let zero = T::of_real(0.0);
        let r = Mat::from_fn(rows.min(n), n, |i, j| if i <= j { factored[(i, j)] } else { zero });
        let k = t.ncols();
        (Node { q: Reflectors::of(factored.submatrix(0, 0, rows, k), t), rows }, r)
    }

    /// `Q` times a matrix that has as many rows as Q has reflectors.
    fn times(&self, x: MatRef<'_, T>) -> Mat<T> {
        let mut y = Mat::zeros(self.rows, x.ncols());
        y.as_mut().split_at_row_mut(x.nrows()).0.copy_from(x);
        self.q.apply(false, y.as_mut());
        y
    }
}

/// This rank's rows of Q, and R on every rank, both column by column. `mine` are this rank's rows, column by column;
/// `rows` how many each rank has, at least `n` together. Collective.
pub fn factor<T: Work>(ctx: &mut Ctx, mine: Vec<T>, rows: &[usize], n: usize) -> (Vec<T>, Vec<T>) {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    let (leaf, mut r) = Node::new(mine, rows[rank], n);
    // How many rows the triangle of each rank has, as the tree is climbed.
    let mut heights: Vec<usize> = rows.iter().map(|&m| m.min(n)).collect();
    let mut climbed: Vec<(usize, usize, Node<T>)> = Vec::new();
    let mut parent = None;
    let mut step = 1;
    while step < team {
        if parent.is_none() {
            if rank % (2 * step) == step {
                let bytes = packed(r.as_ref());
                ctx.exchange(&[(rank - step, bytemuck::cast_slice(&bytes))], &mut []);
                parent = Some((rank - step, heights[rank]));
            } else if rank + step < team {
                let (upper, lower) = (heights[rank], heights[rank + step]);
                let mut other = vec![T::of_real(0.0); lower * n];
                ctx.exchange(&[], &mut [(rank + step, bytemuck::cast_slice_mut(&mut other))]);
                let theirs = view(&other, lower);
                let both = Mat::from_fn(upper + lower, n, |i, j| {
                    if i < upper { r[(i, j)] } else { theirs[(i - upper, j)] }
                });
                let (node, joined) = Node::new(packed(both.as_ref()), upper + lower, n);
                r = joined;
                climbed.push((rank + step, upper, node));
            }
        }
        for low in (0..team).step_by(2 * step).filter(|low| low + step < team) {
            heights[low] = (heights[low] + heights[low + step]).min(n);
        }
        step *= 2;
    }
    // Down again: what this rank's factor of Q is to be multiplied by.
    let mut x = match parent {
        None => Mat::from_fn(n, n, |i, j| T::of_real((i == j) as u8 as f64)),
        Some((from, height)) => {
            let mut incoming = vec![T::of_real(0.0); height * n];
            ctx.exchange(&[], &mut [(from, bytemuck::cast_slice_mut(&mut incoming))]);
            view(&incoming, height).to_owned()
        }
    };
    for (child, upper, node) in climbed.into_iter().rev() {
        let y = node.times(x.as_ref());
        let (mine, theirs) = y.as_ref().split_at_row(upper);
        let bytes = packed(theirs);
        ctx.exchange(&[(child, bytemuck::cast_slice(&bytes))], &mut []);
        x = mine.to_owned();
    }
    let r = super::columns::share(ctx, team, 0, (rank == 0).then(|| packed(r.as_ref())), n * n);
    (packed(leaf.times(x.as_ref()).as_ref()), r)
}

/// Makes R's diagonal real and of the signs of Householder's method, and the columns of Q follow: `q` has this rank's rows,
/// column by column, and `top` the first `n` rows, the same on all ranks.
pub fn settle_signs<T: Work>(q: &mut [T], rows: usize, r: &mut [T], mut top: Vec<T>, n: usize) {
    let sign = |x: T| 1f64.copysign(x.real());
    // With R's diagonal positive, the heads of Q's columns have the signs of those of the matrix.
    let positive: Vec<f64> = (0..n).map(|k| sign(r[k * n + k])).collect();
    for k in 0..n {
        top[k * n..(k + 1) * n].iter_mut().for_each(|x| *x *= T::of_real(positive[k]));
    }
    let mut factors = Vec::with_capacity(n);
    for k in 0..n {
        let turned = -sign(top[k * n + k]);
        factors.push(T::of_real(positive[k] * turned));
        let (done, later) = top.split_at_mut((k + 1) * n);
        let column = &mut done[k * n..];
        column[k] -= T::of_real(turned);
        let inverse = T::of_complex(column[k].complex().inv());
        column[k + 1..].iter_mut().for_each(|x| *x *= inverse);
        for other in later.chunks_exact_mut(n) {
            let head = other[k];
            other[k + 1..].iter_mut().zip(&column[k + 1..]).for_each(|(x, &l)| *x -= l * head);
        }
    }
    for (k, &factor) in factors.iter().enumerate() {
        (k..n).for_each(|j| r[j * n + k] *= factor);
        q[k * rows..(k + 1) * rows].iter_mut().for_each(|x| *x *= factor);
    }
}
