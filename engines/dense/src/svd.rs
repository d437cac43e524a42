//! Singular values and vectors.

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::svd::{ComputeSvdVectors, svd as factor, svd_scratch};
use faer::prelude::default;
use faer::{Mat, MatRef, Par};

use crate::{Field, all_finite};

/// Which singular vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// None.
    Values,
    /// The first `min(m, n)` of each.
    Thin,
    /// All: square matrices.
    Full,
}

/// `a = u @ diag(s) @ v^H`.
pub struct Svd<T> {
    pub u: Mat<T>,
    pub s: Vec<f64>,
    pub v: Mat<T>,
}

/// `None` where an element is not finite, or there is no convergence.
pub fn svd<T: Field>(a: MatRef<'_, T>, shape: Shape) -> Option<Svd<T>> {
    let (m, n) = (a.nrows(), a.ncols());
    let k = m.min(n);
    if !all_finite(a) {
        return None;
    }
    let (compute, columns) = match shape {
        Shape::Values => (ComputeSvdVectors::No, (0, 0)),
        Shape::Thin => (ComputeSvdVectors::Thin, (k, k)),
        Shape::Full => (ComputeSvdVectors::Full, (m, n)),
    };
    let (mut u, mut v) = (Mat::<T>::identity(m, columns.0), Mat::<T>::identity(n, columns.1));
    if k == 0 {
        return Some(Svd { u, s: Vec::new(), v });
    }
    let mut s = Diag::<T>::zeros(k);
    let scratch = svd_scratch::<T>(m, n, compute, compute, Par::Seq, default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    let wanted = shape != Shape::Values;
    let (to_u, to_v) = (wanted.then(|| u.as_mut()), wanted.then(|| v.as_mut()));
    factor(a, s.as_mut(), to_u, to_v, Par::Seq, stack, default()).ok()?;
    let s = (0..k).map(|i| s.column_vector()[i].real()).collect();
    Some(Svd { u, s, v })
}
