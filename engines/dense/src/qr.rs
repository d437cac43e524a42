//! Householder QR of panels, with LAPACK's conventions: `Q = I - V T V^H`, a real diagonal of R of the sign opposite to
//! that of the column's head.
//!
//! Recursive in the columns, so that nearly all of the work is in products (Elmroth and Gustavson, "Applying recursion
//! to serial and parallel QR factorization leads to better performance", IBM J. Res. Dev. 44, 2000).

use faer::prelude::{Reborrow, ReborrowMut};
use faer::{Mat, MatMut, MatRef};

use crate::Field;

/// Columns that are factored one by one.
const NARROW: usize = 8;

/// The reflectors of a panel: `v` is unit lower trapezoidal, `t` upper triangular.
pub struct Reflectors<T> {
    pub v: Mat<T>,
    pub t: Mat<T>,
}

impl<T: Field> Reflectors<T> {
    /// From a factored panel, whose upper triangle holds R.
    pub fn of(panel: MatRef<'_, T>, t: Mat<T>) -> Reflectors<T> {
        let k = t.ncols();
        let v = Mat::from_fn(panel.nrows(), k, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => T::of_real(0.0),
            std::cmp::Ordering::Equal => T::of_real(1.0),
            std::cmp::Ordering::Greater => panel[(i, j)],
        });
        Reflectors { v, t }
    }

    /// `b = Q b`, or `b = Q^H b`.
    pub fn apply(&self, adjoint: bool, b: MatMut<'_, T>) {
        let (k, n) = (self.t.ncols(), b.ncols());
        if k == 0 || n == 0 {
            return;
        }
        let mut b = b;
        let (one, minus) = (T::of_real(1.0), T::of_real(-1.0));
        let mut w = Mat::<T>::zeros(k, n);
        T::add_product(w.as_mut(), one, (self.v.transpose(), true), (b.rb(), false));
        let mut tw = Mat::<T>::zeros(k, n);
        let t = if adjoint { (self.t.transpose(), true) } else { (self.t.as_ref(), false) };
        T::add_product(tw.as_mut(), one, t, (w.as_ref(), false));
        T::add_product(b.rb_mut(), minus, (self.v.as_ref(), false), (tw.as_ref(), false));
    }
}

/// Factors a panel of column-major memory in place: R in the upper triangle, the reflectors' tails below it. Gives T, of
/// `min(rows, columns)` reflectors; their scalars are its diagonal.
pub fn panel<T: Field>(a: MatMut<'_, T>) -> Mat<T> {
    let (m, n) = (a.nrows(), a.ncols());
    let mut a = a;
    if n <= NARROW || m <= NARROW {
        return narrow(a);
    }
    let left = (n / 2).min(m);
    let (mut a1, mut a2) = a.rb_mut().split_at_col_mut(left);
    let t1 = panel(a1.rb_mut());
    let q1 = Reflectors::of(a1.rb(), t1);
    q1.apply(true, a2.rb_mut());
    let mut below = a2.split_at_row_mut(left).1;
    if below.nrows() == 0 {
        return q1.t;
    }
    let t2 = panel(below.rb_mut());
    let q2 = Reflectors::of(below.rb(), t2);
    joined(&q1, &q2, left)
}

/// T of the product of two sequences, the second of which starts `down` rows below the first.
fn joined<T: Field>(q1: &Reflectors<T>, q2: &Reflectors<T>, down: usize) -> Mat<T> {
    let (k1, k2) = (q1.t.ncols(), q2.t.ncols());
    let one = T::of_real(1.0);
    let mut cross = Mat::<T>::zeros(k1, k2);
    let lower = q1.v.as_ref().split_at_row(down).1;
    T::add_product(cross.as_mut(), one, (lower.transpose(), true), (q2.v.as_ref(), false));
    let mut right = Mat::<T>::zeros(k1, k2);
    T::add_product(right.as_mut(), one, (cross.as_ref(), false), (q2.t.as_ref(), false));
    let mut t = Mat::<T>::zeros(k1 + k2, k1 + k2);
    t.as_mut().submatrix_mut(0, 0, k1, k1).copy_from(&q1.t);
    t.as_mut().submatrix_mut(k1, k1, k2, k2).copy_from(&q2.t);
    let corner = t.as_mut().submatrix_mut(0, k1, k1, k2);
    T::add_product(corner, T::of_real(-1.0), (q1.t.as_ref(), false), (right.as_ref(), false));
    t
}

/// Column by column.
fn narrow<T: Field>(a: MatMut<'_, T>) -> Mat<T> {
    let mut a = a;
    let (m, n) = (a.nrows(), a.ncols());
    let k = m.min(n);
    let mut t = Mat::<T>::zeros(k, k);
    for j in 0..k {
        let (mut done, mut rest) = a.rb_mut().split_at_col_mut(j + 1);
        let tau = reflector(&mut column(&mut done, j)[j..]);
        let v = &column(&mut done, j)[j + 1..];
        // H^H from the left.
        for c in 0..n - j - 1 {
            let target = &mut column(&mut rest, c)[j..];
            let dot = target[0] + dot(v, &target[1..]);
            let by = tau.conjugate() * dot;
            target[0] -= by;
            target[1..].iter_mut().zip(v).for_each(|(x, &v)| *x -= v * by);
        }
        let v = v.to_vec();
        let overlaps: Vec<T> = (0..j)
            .map(|c| {
                let other = &column(&mut done, c)[j..];
                other[0].conjugate() + dot(&other[1..], &v)
            })
            .collect();
        for i in 0..j {
            let sum = (i..j).fold(T::of_real(0.0), |sum, c| sum + t[(i, c)] * overlaps[c]);
            t[(i, j)] = T::of_real(0.0) - tau * sum;
        }
        t[(j, j)] = tau;
    }
    t
}

fn column<'a, T: Field>(a: &'a mut MatMut<'_, T>, j: usize) -> &'a mut [T] {
    match a.rb_mut().col_mut(j).try_as_col_major_mut() {
        Some(column) => column.as_slice_mut(),
        None => unreachable!("panels are column-major"),
    }
}

/// The sum of `conj(x) y`, in four partial sums.
fn dot<T: Field>(x: &[T], y: &[T]) -> T {
    let mut sums = [T::of_real(0.0); 4];
    let (xs, ys) = (x.chunks_exact(4), y.chunks_exact(4));
    let tail = xs.remainder().iter().zip(ys.remainder());
    tail.for_each(|(&x, &y)| sums[0] += x.conjugate() * y);
    for (x, y) in xs.zip(ys) {
        (0..4).for_each(|i| sums[i] += x[i].conjugate() * y[i]);
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// Turns a column into its reflector: the head becomes that of R, the tail the vector's; gives tau (LAPACK's larfg).
fn reflector<T: Field>(x: &mut [T]) -> T {
    let Some((head, tail)) = x.split_first_mut() else {
        return T::of_real(0.0);
    };
    let largest = tail.iter().map(|z| z.magnitude()).fold(0.0, f64::max);
    let alpha = head.complex();
    if largest == 0.0 && alpha.im == 0.0 && !tail.iter().any(|z| !z.finite()) {
        return T::of_real(0.0);
    }
    let scale = largest.max(head.magnitude());
    let squares: f64 = tail.iter().map(|z| (z.magnitude() / scale).powi(2)).sum();
    let norm = scale * (squares + (head.magnitude() / scale).powi(2)).sqrt();
    let beta = -norm.copysign(alpha.re);
    let tau = T::of_complex((beta - alpha) / beta);
    let by = T::of_complex((alpha - beta).inv());
    tail.iter_mut().for_each(|z| *z *= by);
    *head = T::of_real(beta);
    tau
}
