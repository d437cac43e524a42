//! Triangular systems.

use faer::linalg::triangular_solve;
use faer::{MatMut, MatRef, Par};

use crate::{Field, Triangle};

pub fn solve<T: Field>(triangle: Triangle, a: MatRef<'_, T>, b: MatMut<'_, T>) {
    if a.nrows() == 0 || b.ncols() == 0 {
        return;
    }
    match triangle {
        Triangle::Lower => triangular_solve::solve_lower_triangular_in_place(a, b, Par::Seq),
        Triangle::UnitLower => triangular_solve::solve_unit_lower_triangular_in_place(a, b, Par::Seq),
        Triangle::Upper => triangular_solve::solve_upper_triangular_in_place(a, b, Par::Seq),
    }
}
