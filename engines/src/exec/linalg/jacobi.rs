//! Singular values and Hermitian eigenvalues of matrices too large for one rank, by block Jacobi methods.
//!
//! The columns lie in `2 P` blocks, two on each rank. In `2 P - 1` steps of a sweep every block meets every other (Brent
//! and Luk's tournament, SIAM J. Sci. Stat. Comput. 6, 1985); the two that meet are made orthogonal (singular values,
//! one-sided: Hestenes), or diagonalised (eigenvalues), by the local kernels. A sweep moves each block `2 P - 1` times,
//! to a neighbour; six to ten sweeps suffice.

use dense::{Field, Mat, MatRef, Reflectors, Shape, panel};
use lang::error::Result;

use super::columns::{Work, packed, view};
use crate::ctx::Ctx;

/// More sweeps than any matrix needs.
const SWEEPS: usize = 40;

/// A block of columns: those of the matrix as turned so far, and those of the turn.
struct Pair<T> {
    id: usize,
    w: Vec<T>,
    v: Vec<T>,
}

/// What a rank has in the end: its columns by their values.
pub struct Spread<T> {
    pub values: Vec<f64>,
    pub w: Vec<T>,
    pub v: Vec<T>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `w` are orthogonal columns, whose norms are the values.
    Singular,
    /// `w = v @ diag(values)`.
    Hermitian,
}

/// The first column of each of `2 P` blocks of `n` columns, and `n`.
pub fn bounds(n: usize, team: usize) -> Vec<usize> {
    (0..=2 * team).map(|b| b * n / (2 * team)).collect()
}

/// Turns a matrix of `m` rows and `n` columns, of which this rank has blocks `2 rank` and `2 rank + 1`; `None` where it
/// does not converge. `norm` is that of the whole matrix. Collective.
///
/// # Errors
/// KeyboardInterrupt.
pub fn turn<T: Work>(
    ctx: &mut Ctx,
    kind: Kind,
    mine: Vec<T>,
    (m, n): (usize, usize),
    norm: f64,
) -> Result<Option<Spread<T>>> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    let bounds = bounds(n, team);
    let width = |id: usize| bounds[id + 1] - bounds[id];
    let block = |id: usize, from: usize| {
        let mut v = vec![T::of_real(0.0); n * width(id)];
        (0..width(id)).for_each(|k| v[k * n + bounds[id] + k] = T::of_real(1.0));
        Pair { id, w: mine[from * m..(from + width(id)) * m].to_vec(), v }
    };
    let mut top = block(2 * rank, 0);
    let mut bottom = block(2 * rank + 1, width(2 * rank));
    // Which block stands where, known to all.
    let mut tops: Vec<usize> = (0..team).map(|r| 2 * r).collect();
    let mut bottoms: Vec<usize> = (0..team).map(|r| 2 * r + 1).collect();
    let tolerance = f64::EPSILON * 4.0 * (m.max(n) as f64).sqrt();
    for _ in 0..SWEEPS {
        let mut off = 0f64;
        for _ in 0..2 * team - 1 {
            ctx.safe_point()?;
            let (low, high) =
                if top.id < bottom.id { (&mut top, &mut bottom) } else { (&mut bottom, &mut top) };
            match meet(kind, low, high, (m, n), norm) {
                Some(more) => off = off.max(more),
                None => off = f64::NAN,
            }
            rotate(ctx, (&mut top, &mut bottom), (&mut tops, &mut bottoms), &width, (m, n));
        }
        let all = ctx.comm.allgather(&off.to_le_bytes());
        let offs: Vec<f64> =
            all.iter().map(|b| f64::from_le_bytes(b[..].try_into().unwrap_or([0xff; 8]))).collect();
        if offs.iter().any(|x| x.is_nan()) {
            return Ok(None);
        }
        if offs.iter().all(|&x| x <= tolerance) {
            return Ok(Some(ended(kind, [top, bottom], (m, n))));
        }
    }
    Ok(None)
}

/// Makes two blocks orthogonal, or diagonal; how far they were from it, relative to their sizes. `None`: no convergence.
fn meet<T: Work>(
    kind: Kind,
    low: &mut Pair<T>,
    high: &mut Pair<T>,
    (m, n): (usize, usize),
    norm: f64,
) -> Option<f64> {
    let x = [&low.w[..], &high.w[..]].concat();
    let y = [&low.v[..], &high.v[..]].concat();
    let (one, zero) = (T::of_real(1.0), T::of_real(0.0));
    let width = y.len().checked_div(n).unwrap_or(0);
    if width == 0 {
        return Some(0.0);
    }
    let (new_x, new_y, off) = match kind {
        Kind::Singular => {
            let mut factored = Mat::from_fn(m, width, |i, j| x[j * m + i]);
            let t = panel(factored.as_mut());
            let k = m.min(width);
            let r = Mat::from_fn(k, width, |i, j| if i <= j { factored[(i, j)] } else { zero });
            let off = cosines(r.as_ref(), norm * f64::EPSILON * m as f64);
            let svd = T::svd(r.as_ref(), Shape::Full)?;
            let mut turned = Mat::<T>::zeros(m, width);
            for (j, &s) in svd.s.iter().enumerate() {
                (0..k).for_each(|i| turned[(i, j)] = svd.u[(i, j)] * T::of_real(s));
            }
            Reflectors::of(factored.as_ref().submatrix(0, 0, m, k), t).apply(false, turned.as_mut());
            let mut v = Mat::<T>::zeros(n, width);
            T::add_product(v.as_mut(), one, (view(&y, n), false), (svd.v.as_ref(), false));
            (packed(turned.as_ref()), packed(v.as_ref()), off)
        }
        Kind::Hermitian => {
            let mut h = Mat::<T>::zeros(width, width);
            T::add_product(h.as_mut(), one, (view(&y, n).transpose(), true), (view(&x, m), false));
            let beside = (0..width).flat_map(|j| (0..width).filter(move |&i| i != j).map(move |i| (i, j)));
            let off = beside.map(|at| h[at].magnitude()).fold(0.0, f64::max) / norm.max(f64::MIN_POSITIVE);
            let half = T::of_real(0.5);
            let even = Mat::from_fn(width, width, |i, j| (h[(i, j)] + h[(j, i)].conjugate()) * half);
            if !dense::all_finite(even.as_ref()) {
                return None;
            }
            let (_, turn) = T::eigh(even.as_ref(), true)?;
            let turn = turn?;
            let mut w = Mat::<T>::zeros(m, width);
            let mut v = Mat::<T>::zeros(n, width);
            T::add_product(w.as_mut(), one, (view(&x, m), false), (turn.as_ref(), false));
            T::add_product(v.as_mut(), one, (view(&y, n), false), (turn.as_ref(), false));
            (packed(w.as_ref()), packed(v.as_ref()), off)
        }
    };
    let at = low.w.len();
    (low.w, high.w) = (new_x[..at].to_vec(), new_x[at..].to_vec());
    let at = low.v.len();
    (low.v, high.v) = (new_y[..at].to_vec(), new_y[at..].to_vec());
    Some(off)
}

/// The largest cosine between two columns that are longer than `least`.
fn cosines<T: Field>(r: MatRef<'_, T>, least: f64) -> f64 {
    let n = r.ncols();
    let mut gram = Mat::<T>::zeros(n, n);
    T::add_product(gram.as_mut(), T::of_real(1.0), (r.transpose(), true), (r, false));
    let sizes: Vec<f64> = (0..n).map(|j| gram[(j, j)].real().max(0.0).sqrt()).collect();
    let mut largest = 0f64;
    for j in 0..n {
        for i in (0..j).filter(|&i| sizes[i] > least && sizes[j] > least) {
            largest = largest.max((gram[(i, j)].magnitude() / sizes[i]) / sizes[j]);
        }
    }
    largest
}

/// Moves the blocks to where they meet the next ones: the first stays, the others go round. Collective.
fn rotate<T: Work>(
    ctx: &mut Ctx,
    (top, bottom): (&mut Pair<T>, &mut Pair<T>),
    (tops, bottoms): (&mut Vec<usize>, &mut Vec<usize>),
    width: &impl Fn(usize) -> usize,
    (m, n): (usize, usize),
) {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    if team == 1 {
        return;
    }
    let (mut new_tops, mut new_bottoms) = (tops.clone(), bottoms.clone());
    for r in 0..team {
        new_tops[r] = match r {
            0 => tops[0],
            1 => bottoms[0],
            _ => tops[r - 1],
        };
        new_bottoms[r] = if r + 1 < team { bottoms[r + 1] } else { tops[r] };
    }
    let empty = |id: usize| {
        let zero = T::of_real(0.0);
        Pair { id, w: vec![zero; m * width(id)], v: vec![zero; n * width(id)] }
    };
    // To the right: the top of rank 0 stays and its bottom goes; elsewhere the top goes. To the left: the bottoms.
    let last = rank + 1 == team;
    let (mut next_top, mut next_bottom) = (empty(new_tops[rank]), empty(new_bottoms[rank]));
    for part in [true, false] {
        let of = |pair: &Pair<T>| if part { pair.w.clone() } else { pair.v.clone() };
        let right = if rank == 0 { of(bottom) } else { of(top) };
        let left = of(bottom);
        let mut sends: Vec<(usize, &[u8])> = Vec::new();
        if !last {
            sends.push((rank + 1, bytemuck::cast_slice(&right)));
        }
        if rank > 0 {
            sends.push((rank - 1, bytemuck::cast_slice(&left)));
        }
        let (to_top, to_bottom) = match part {
            true => (&mut next_top.w, &mut next_bottom.w),
            false => (&mut next_top.v, &mut next_bottom.v),
        };
        let mut recvs: Vec<(usize, &mut [u8])> = Vec::new();
        match rank {
            0 => to_top.copy_from_slice(if part { &top.w } else { &top.v }),
            _ => recvs.push((rank - 1, bytemuck::cast_slice_mut(to_top))),
        }
        match last {
            true => to_bottom.copy_from_slice(if part { &top.w } else { &top.v }),
            false => recvs.push((rank + 1, bytemuck::cast_slice_mut(to_bottom))),
        }
        ctx.exchange(&sends, &mut recvs);
    }
    (*top, *bottom) = (next_top, next_bottom);
    (*tops, *bottoms) = (new_tops, new_bottoms);
}

/// The values of the columns.
fn ended<T: Work>(kind: Kind, pairs: [Pair<T>; 2], (m, n): (usize, usize)) -> Spread<T> {
    let [top, bottom] = pairs;
    let (w, v) = ([top.w, bottom.w].concat(), [top.v, bottom.v].concat());
    let columns = v.chunks_exact(n.max(1)).zip(w.chunks_exact(m.max(1)));
    let values = columns
        .map(|(v, w)| match kind {
            Kind::Singular => {
                let largest = w.iter().map(|x| x.magnitude()).fold(0.0, f64::max);
                let squares: f64 = w.iter().map(|x| (x.magnitude() / largest).powi(2)).sum();
                if largest == 0.0 { 0.0 } else { largest * squares.sqrt() }
            }
            Kind::Hermitian => v.iter().zip(w).map(|(&v, &w)| (v.conjugate() * w).real()).sum(),
        })
        .collect();
    Spread { values, w, v }
}
