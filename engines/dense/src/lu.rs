//! LU with partial pivoting, and Cholesky.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::{cholesky::llt, lu::partial_pivoting};
use faer::prelude::default;
use faer::{MatMut, Par};

use crate::Field;

pub fn lu<T: Field>(a: MatMut<'_, T>) -> (Vec<usize>, bool) {
    let (m, n) = (a.nrows(), a.ncols());
    let (mut rows, mut back) = (vec![0usize; m], vec![0usize; m]);
    if m == 0 || n == 0 {
        return ((0..m).collect(), false);
    }
    let scratch = partial_pivoting::factor::lu_in_place_scratch::<usize, T>(m, n, Par::Seq, default());
    let mut memory = MemBuffer::new(scratch);
    let stack = MemStack::new(&mut memory);
    let (info, _) =
        partial_pivoting::factor::lu_in_place(a, &mut rows, &mut back, Par::Seq, stack, default());
    (rows, info.transposition_count % 2 == 1)
}

pub fn cholesky<T: Field>(a: MatMut<'_, T>) -> bool {
    let n = a.nrows();
    if n == 0 {
        return true;
    }
    let mut memory = MemBuffer::new(llt::factor::cholesky_in_place_scratch::<T>(n, Par::Seq, default()));
    let stack = MemStack::new(&mut memory);
    llt::factor::cholesky_in_place(a, default(), Par::Seq, stack, default()).is_ok()
}
