//! In which order NumPy lays out an elementwise result (its order 'K'): as the operands lie, as far as they agree.

use crate::array::{Array, c_strides};

/// The strides of the result of `shape`, in elements.
pub fn result_strides(operands: &[&Array], shape: &[usize]) -> Vec<isize> {
    if operands.iter().all(|a| in_c_order(a)) {
        return c_strides(shape);
    }
    let all: Vec<Vec<isize>> = operands.iter().map(|a| broadcast_strides(a, shape)).collect();
    keeping(&all, shape)
}

/// Whether the strides are those of C order, extents of 1 included.
fn in_c_order(array: &Array) -> bool {
    let mut next = 1;
    array.shape().iter().zip(&array.inner().strided.strides).rev().all(|(&extent, &stride)| {
        let follows = stride == next;
        next = isize::wrapping_mul(next, extent.max(1) as isize);
        follows
    })
}

/// The strides of a copy: the axes as they lie, those along which nothing moves the innermost.
pub fn copied_strides(array: &Array) -> Vec<isize> {
    let (shape, own) = (array.shape(), &array.inner().strided.strides);
    let mut axes: Vec<usize> = (0..shape.len()).collect();
    axes.sort_by_key(|&axis| std::cmp::Reverse(own[axis].unsigned_abs()));
    let mut strides = vec![0; shape.len()];
    let mut next = 1;
    for &axis in axes.iter().rev() {
        strides[axis] = next;
        next *= shape[axis].max(1) as isize;
    }
    strides
}

/// The strides of a result that lies as its operands do; theirs are 0 where they have one element or none to say.
pub fn keeping(all: &[Vec<isize>], shape: &[usize]) -> Vec<isize> {
    let ndim = shape.len();
    // Axes from the outermost to the innermost; an insertion sort, since the order is not total.
    let mut order: Vec<usize> = (0..ndim).collect();
    for i in (0..ndim).rev() {
        let mut at = i;
        for j in i + 1..ndim {
            match inner_first(all, order[at], order[j]) {
                Some(true) => {}
                Some(false) => break,
                None => continue,
            }
            order[at..=j].rotate_left(1);
            at = j;
        }
    }
    let mut strides = vec![0; ndim];
    let mut next = 1;
    for &axis in order.iter().rev() {
        strides[axis] = next;
        next *= shape[axis].max(1) as isize;
    }
    strides
}

/// Whether `outer` steps less than `inner` in memory, so that the two swap; `None` when no operand says.
fn inner_first(all: &[Vec<isize>], outer: usize, inner: usize) -> Option<bool> {
    let mut swap = None;
    for strides in all {
        let (a, b) = (strides[outer].abs(), strides[inner].abs());
        if a != 0 && b != 0 {
            if b <= a {
                return Some(false);
            }
            swap = Some(true);
        }
    }
    swap
}

/// An array's strides along the axes of `shape`, to which it broadcasts; 0 where it has one element.
pub fn broadcast_strides(array: &Array, shape: &[usize]) -> Vec<isize> {
    let skip = shape.len() - array.ndim();
    let own =
        array.shape().iter().zip(&array.inner().strided.strides).map(|(&n, &s)| if n == 1 { 0 } else { s });
    std::iter::repeat_n(0, skip).chain(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::Strided;
    use crate::block::Block;
    use lang::dtype::DType;
    use lang::layout::Layout;
    use std::rc::Rc;
    use std::sync::Arc;

    fn array(shape: &[usize], strides: &[isize]) -> Array {
        let layout = Arc::new(Layout::replicated(shape, 1));
        let block = Block::zeros(DType::F64, shape.iter().product());
        let mut inner = Array::from_block(shape.to_vec(), layout, block);
        Rc::get_mut(&mut inner.0).unwrap().strided = Strided { offset: 0, strides: strides.to_vec() };
        inner
    }

    fn check(operands: &[(&[usize], &[isize])], shape: &[usize], want: &[isize]) {
        let arrays: Vec<Array> = operands.iter().map(|(shape, strides)| array(shape, strides)).collect();
        assert_eq!(result_strides(&arrays.iter().collect::<Vec<_>>(), shape), want, "{operands:?}");
    }

    /// As `(a.T + 1).strides` and the like are in NumPy.
    #[test]
    fn orders() {
        check(&[(&[3, 2], &[1, 3])], &[3, 2], &[1, 3]);
        check(&[(&[3, 2], &[1, 3]), (&[3, 2], &[2, 1])], &[3, 2], &[2, 1]);
        check(&[(&[3, 2], &[1, 3]), (&[2], &[1])], &[3, 2], &[1, 3]);
        check(&[(&[4, 3, 2], &[1, 4, 12])], &[4, 3, 2], &[1, 4, 12]);
        check(&[(&[4, 3, 2], &[2, 8, 1])], &[4, 3, 2], &[2, 8, 1]);
        check(&[(&[5], &[-1])], &[5], &[1]);
    }
}
