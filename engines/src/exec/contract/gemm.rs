//! Products of local matrices: `c += a @ b`, floats and complex numbers by a tuned kernel (`dense`).

use dense::{Float, MatMut, MatRef};
use lang::dtype::DType;
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

/// Multiplications between two looks at whether the program is to go on: by the tuned kernel, and by plain loops.
const LOOK: (usize, usize) = (1 << 29, 1 << 26);

impl Matrix {
    /// Just its elements, with what lies between its rows.
    fn of<T>(self, elements: &[T]) -> &[T] {
        &elements[self.start..self.start + (self.rows - 1) * self.stride + self.columns]
    }
}

/// Adds the product of two matrices to a third; all blocks are of one dtype. Integers wrap; bool is `or` of `and`s. May
/// be left unfinished (`engines::watch`).
pub fn add_product(c: &mut Block, at: Matrix, a: &Block, left: Matrix, b: &Block, right: Matrix) {
    let (rows, columns, inner) = (at.rows, at.columns, left.columns);
    if rows == 0 || columns == 0 || inner == 0 {
        return;
    }
    // Parts in which the kernel's panels stay worth packing.
    let tuned = matches!(c.dtype(), DType::F32 | DType::F64 | DType::C64 | DType::C128);
    let (look, side) = if tuned { (LOOK.0, 1024) } else { (LOOK.1, 128) };
    let wide = columns.min(1024);
    let deep = (look / wide / rows.min(side)).clamp(1, inner);
    let high = (look / wide / deep).clamp(1, rows);
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

fn blocked<T: Element + Float>(c: &mut Block, at: Matrix, a: &Block, left: Matrix, b: &Block, right: Matrix) {
    let (x, y) = (left.of(typed::<T>(a)), right.of(typed::<T>(b)));
    let range = at.start..at.start + (at.rows - 1) * at.stride + at.columns;
    let z = &mut typed_mut::<T>(c)[range];
    // A lone element needs no kernel, and batches of them are many.
    if at.rows == 1 && at.columns == 1 && right.stride == 1 {
        z[0] = z[0].plus(x.iter().zip(y).fold(T::zero(), |sum, (&x, &y)| sum.plus(x.times(y))));
        return;
    }
    let x = MatRef::from_row_major_slice_with_stride(x, left.rows, left.columns, left.stride);
    let y = MatRef::from_row_major_slice_with_stride(y, right.rows, right.columns, right.stride);
    // faer 0.24.4's from_row_major_slice_with_stride_mut has the strides exchanged.
    let z =
        MatMut::from_column_major_slice_with_stride_mut(z, at.columns, at.rows, at.stride).transpose_mut();
    T::add_product(z, T::one(), (x, false), (y, false));
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
