//! Products of local matrices: `c += a @ b`, floats and complex numbers by ndarray's blocked kernel.

use lang::dtype::DType;
use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, LinalgScalar, ShapeBuilder};
use num_complex::{Complex32, Complex64};

use crate::block::Block;
use crate::exec::element::{Element, typed, typed_mut};
use crate::watch::go_on;
use crate::with_element;

/// A matrix within a block: where it starts, its extents, and the distance from row to row.
#[derive(Clone, Copy, Debug)]
pub struct Matrix {
    pub start: usize,
    pub rows: usize,
    pub columns: usize,
    pub stride: usize,
}

/// Multiplications between two looks at whether the program is to go on.
const LOOK: usize = 1 << 26;

/// Adds the product of two matrices to a third; all blocks are of one dtype. Integers wrap; bool is `or` of `and`s. May
/// be left unfinished (`engines::watch`).
pub fn add_product(c: &mut Block, at: Matrix, a: &Block, left: Matrix, b: &Block, right: Matrix) {
    let (rows, columns, inner) = (at.rows, at.columns, left.columns);
    if rows == 0 || columns == 0 || inner == 0 {
        return;
    }
    // Parts in which the kernel's panels stay worth packing.
    let wide = columns.min(1024);
    let deep = (LOOK / wide / rows.min(128)).clamp(1, inner);
    let high = (LOOK / wide / deep).clamp(1, rows);
    for i in (0..rows).step_by(high) {
        for j in (0..columns).step_by(wide) {
            for k in (0..inner).step_by(deep) {
                if !go_on() {
                    return;
                }
                let (m, n, l) = (high.min(rows - i), wide.min(columns - j), deep.min(inner - k));
                let part = |whole: Matrix, row: usize, column: usize, rows, columns| Matrix {
                    start: whole.start + row * whole.stride + column,
                    rows,
                    columns,
                    stride: whole.stride,
                };
                let (at, left, right) =
                    (part(at, i, j, m, n), part(left, i, k, m, l), part(right, k, j, l, n));
                add_part(c, at, a, left, b, right);
            }
        }
    }
}

fn add_part(c: &mut Block, at: Matrix, a: &Block, left: Matrix, b: &Block, right: Matrix) {
    match c.dtype() {
        DType::F32 => blocked::<f32>(c, at, a, left, b, right),
        DType::F64 => blocked::<f64>(c, at, a, left, b, right),
        DType::C64 => blocked::<Complex32>(c, at, a, left, b, right),
        DType::C128 => blocked::<Complex64>(c, at, a, left, b, right),
        dtype => with_element!(dtype, T => plain::<T>(c, at, a, left, b, right)),
    }
}

fn blocked<T: Element + LinalgScalar>(
    c: &mut Block,
    at: Matrix,
    a: &Block,
    left: Matrix,
    b: &Block,
    right: Matrix,
) {
    let (x, y) = (&typed::<T>(a)[left.start..], &typed::<T>(b)[right.start..]);
    let z = &mut typed_mut::<T>(c)[at.start..];
    let shape = |m: Matrix| (m.rows, m.columns).strides((m.stride, 1));
    let (Ok(x), Ok(y), Ok(mut z)) = (
        ArrayView2::from_shape(shape(left), x),
        ArrayView2::from_shape(shape(right), y),
        ArrayViewMut2::from_shape(shape(at), z),
    ) else {
        unreachable!("matrices lie within their blocks")
    };
    general_mat_mul(Element::one(), &x, &y, Element::one(), &mut z);
}

fn plain<T: Element>(c: &mut Block, at: Matrix, a: &Block, left: Matrix, b: &Block, right: Matrix) {
    let (x, y, z) = (typed::<T>(a), typed::<T>(b), typed_mut::<T>(c));
    for i in 0..at.rows {
        let row = &mut z[at.start + i * at.stride..][..at.columns];
        for k in 0..left.columns {
            let factor = x[left.start + i * left.stride + k];
            let other = &y[right.start + k * right.stride..][..right.columns];
            for (sum, &value) in row.iter_mut().zip(other) {
                *sum = sum.plus(factor.times(value));
            }
        }
    }
}
