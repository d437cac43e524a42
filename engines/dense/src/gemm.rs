//! Products of matrices: `c += alpha * a @ b`, with either factor conjugated.

use faer::linalg::matmul::matmul_with_conj;
use faer::traits::ComplexField;
use faer::{Accum, Conj, MatMut, MatRef, Par};
use num_complex::{Complex32, Complex64};

/// The element types of products by a tuned kernel.
pub trait Float: ComplexField + Copy {
    /// Adds `alpha` times the product of `a` and `b`, each conjugated where that is said, to `c`. Any strides.
    fn add_product(
        c: MatMut<'_, Self>,
        alpha: Self,
        a: (MatRef<'_, Self>, bool),
        b: (MatRef<'_, Self>, bool),
    );
}

macro_rules! float {
    ($($t:ty)*) => {$(
        impl Float for $t {
            fn add_product(
                c: MatMut<'_, Self>,
                alpha: Self,
                a: (MatRef<'_, Self>, bool),
                b: (MatRef<'_, Self>, bool),
            ) {
                if c.nrows() == 0 || c.ncols() == 0 || a.0.ncols() == 0 {
                    return;
                }
                let conj = |yes: bool| if yes { Conj::Yes } else { Conj::No };
                matmul_with_conj(c, Accum::Add, a.0, conj(a.1), b.0, conj(b.1), alpha, Par::Seq);
            }
        }
    )*};
}

float!(f32 f64 Complex32 Complex64);
