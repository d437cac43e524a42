//! Eigenvalues and eigenvectors.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd;
use faer::linalg::evd::ComputeEigenvectors as Compute;
use faer::prelude::default;
use faer::{Mat, MatRef, Par};
use num_complex::Complex64;

use crate::{Field, all_finite};

fn compute(yes: bool) -> Compute {
    if yes { Compute::Yes } else { Compute::No }
}

pub fn eigh<T: Field>(a: MatRef<'_, T>, vectors: bool) -> Option<(Vec<f64>, Option<Mat<T>>)> {
    let n = a.nrows();
    let mut u = vectors.then(|| Mat::<T>::zeros(n, n));
    if n == 0 {
        return Some((Vec::new(), u));
    }
    let mut s = Diag::<T>::zeros(n);
    let scratch = evd::self_adjoint_evd_scratch::<T>(n, compute(vectors), Par::Seq, default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    evd::self_adjoint_evd(a, s.as_mut(), u.as_mut().map(|u| u.as_mut()), Par::Seq, stack, default()).ok()?;
    Some(((0..n).map(|i| s.column_vector()[i].real()).collect(), u))
}

/// Complex eigenvalues of a real matrix come in conjugate pairs, the one with the positive imaginary part first.
pub fn eig_real(a: MatRef<'_, f64>, vectors: bool) -> Option<(Vec<Complex64>, Option<Mat<Complex64>>)> {
    let n = a.nrows();
    if n == 0 {
        return Some((Vec::new(), vectors.then(Mat::new)));
    }
    if !all_finite(a) {
        return None;
    }
    let (mut re, mut im) = (Diag::<f64>::zeros(n), Diag::<f64>::zeros(n));
    let mut right = vectors.then(|| Mat::<f64>::zeros(n, n));
    let scratch = evd::evd_scratch::<f64>(n, Compute::No, compute(vectors), Par::Seq, default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    let to = right.as_mut().map(|v| v.as_mut());
    evd::evd_real(a, re.as_mut(), im.as_mut(), None, to, Par::Seq, stack, default()).ok()?;
    let values: Vec<Complex64> =
        (0..n).map(|i| Complex64::new(re.column_vector()[i], im.column_vector()[i])).collect();
    let vectors = right.map(|v| {
        // A pair's vector is column j plus i times column j + 1.
        let mut u = Mat::<Complex64>::zeros(n, n);
        let mut j = 0;
        while j < n {
            if values[j].im == 0.0 || j + 1 == n {
                (0..n).for_each(|i| u[(i, j)] = Complex64::new(v[(i, j)], 0.0));
                j += 1;
                continue;
            }
            for i in 0..n {
                let z = Complex64::new(v[(i, j)], v[(i, j + 1)]);
                (u[(i, j)], u[(i, j + 1)]) = (z, z.conj());
            }
            j += 2;
        }
        normalised(u)
    });
    Some((values, vectors))
}

pub fn eig_complex(
    a: MatRef<'_, Complex64>,
    vectors: bool,
) -> Option<(Vec<Complex64>, Option<Mat<Complex64>>)> {
    let n = a.nrows();
    if n == 0 {
        return Some((Vec::new(), vectors.then(Mat::new)));
    }
    if !all_finite(a) {
        return None;
    }
    let mut s = Diag::<Complex64>::zeros(n);
    let mut right = vectors.then(|| Mat::<Complex64>::zeros(n, n));
    let scratch = evd::evd_scratch::<Complex64>(n, Compute::No, compute(vectors), Par::Seq, default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    let to = right.as_mut().map(|v| v.as_mut());
    evd::evd_cplx(a, s.as_mut(), None, to, Par::Seq, stack, default()).ok()?;
    Some(((0..n).map(|i| s.column_vector()[i]).collect(), right.map(normalised)))
}

/// Columns of norm 1 whose component of largest magnitude is real, as LAPACK leaves them.
fn normalised(mut u: Mat<Complex64>) -> Mat<Complex64> {
    for j in 0..u.ncols() {
        let column = (0..u.nrows()).map(|i| u[(i, j)]);
        let scale = column.clone().map(|z| z.norm()).fold(0.0, f64::max);
        let norm = scale * column.clone().map(|z| (z / scale).norm_sqr()).sum::<f64>().sqrt();
        let largest = column.max_by(|x, y| x.norm_sqr().total_cmp(&y.norm_sqr())).unwrap_or_default();
        if norm > 0.0 {
            let turn = if largest.im == 0.0 { 1.0.into() } else { largest.conj() / largest.norm() };
            (0..u.nrows()).for_each(|i| u[(i, j)] *= turn / norm);
        }
    }
    u
}
