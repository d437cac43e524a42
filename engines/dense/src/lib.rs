//! Dense linear algebra and Fourier transforms on one rank's memory: faer's and rustfft's kernels behind functions that
//! are compiled once, in this crate.
//!
//! Factorisations know two types, f64 and complex128; products know four. Nothing here communicates, starts a
//! thread, or panics on any values: what has no answer (a singular matrix, no convergence) is said by the result.

mod eigen;
pub mod fft;
mod gemm;
mod lu;
mod qr;
mod svd;
mod triangle;

pub use faer::{Mat, MatMut, MatRef};
pub use gemm::Float;
pub use qr::{Reflectors, panel};
pub use svd::{Shape, Svd};

use num_complex::Complex64;

/// The field of a factorisation: f64 or complex128.
pub trait Field: Float {
    fn real(self) -> f64;
    fn conjugate(self) -> Self;
    fn of_real(x: f64) -> Self;
    fn of_complex(z: Complex64) -> Self;
    fn complex(self) -> Complex64;
    fn magnitude(self) -> f64;
    fn finite(self) -> bool;

    /// Factors `a` in place as `P a = L U` with partial pivoting; gives for each row of the result the row of `a`, and
    /// whether the permutation is odd.
    fn lu(a: MatMut<'_, Self>) -> (Vec<usize>, bool);

    /// Factors the lower triangle of `a` in place as `L L^H`; false where `a` is not positive definite. The upper
    /// triangle is not read.
    #[must_use]
    fn cholesky(a: MatMut<'_, Self>) -> bool;

    /// Solves a triangular system in place of its right-hand sides.
    fn solve(triangle: Triangle, a: MatRef<'_, Self>, b: MatMut<'_, Self>);

    /// Eigenvalues in ascending order, with eigenvectors where they are asked for, of the Hermitian matrix in the
    /// lower triangle; `None` where there is no convergence.
    fn eigh(a: MatRef<'_, Self>, vectors: bool) -> Option<(Vec<f64>, Option<Mat<Self>>)>;

    /// Eigenvalues, with normalised right eigenvectors where they are asked for.
    fn eig(a: MatRef<'_, Self>, vectors: bool) -> Option<(Vec<Complex64>, Option<Mat<Complex64>>)>;

    /// Singular values in descending order, with vectors of the wanted shape.
    fn svd(a: MatRef<'_, Self>, shape: Shape) -> Option<Svd<Self>>;
}

/// Which triangle of a matrix a system is solved with; the other is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triangle {
    Lower,
    /// With ones on the diagonal.
    UnitLower,
    Upper,
}

macro_rules! field {
    ($t:ty, $eig:path, $real:expr, $conjugate:expr, $of_complex:expr, $complex:expr) => {
        impl Field for $t {
            fn real(self) -> f64 {
                $real(self)
            }
            fn conjugate(self) -> Self {
                $conjugate(self)
            }
            fn of_real(x: f64) -> Self {
                x.into()
            }
            fn of_complex(z: Complex64) -> Self {
                $of_complex(z)
            }
            fn complex(self) -> Complex64 {
                $complex(self)
            }
            fn magnitude(self) -> f64 {
                $complex(self).norm()
            }
            fn finite(self) -> bool {
                let z: Complex64 = $complex(self);
                z.re.is_finite() && z.im.is_finite()
            }
            fn lu(a: MatMut<'_, Self>) -> (Vec<usize>, bool) {
                lu::lu(a)
            }
            fn cholesky(a: MatMut<'_, Self>) -> bool {
                lu::cholesky(a)
            }
            fn solve(triangle: Triangle, a: MatRef<'_, Self>, b: MatMut<'_, Self>) {
                triangle::solve(triangle, a, b)
            }
            fn eigh(a: MatRef<'_, Self>, vectors: bool) -> Option<(Vec<f64>, Option<Mat<Self>>)> {
                eigen::eigh(a, vectors)
            }
            fn eig(a: MatRef<'_, Self>, vectors: bool) -> Option<(Vec<Complex64>, Option<Mat<Complex64>>)> {
                $eig(a, vectors)
            }
            fn svd(a: MatRef<'_, Self>, shape: Shape) -> Option<Svd<Self>> {
                svd::svd(a, shape)
            }
        }
    };
}

field!(f64, eigen::eig_real, |x| x, |x| x, |z: Complex64| z.re, |x| Complex64::new(x, 0.0));
field!(
    Complex64,
    eigen::eig_complex,
    |z: Complex64| z.re,
    |z: Complex64| z.conj(),
    |z: Complex64| z,
    |z: Complex64| z
);

/// Whether every element is finite.
pub fn all_finite<T: Field>(a: MatRef<'_, T>) -> bool {
    (0..a.ncols()).all(|j| (0..a.nrows()).all(|i| a[(i, j)].finite()))
}
