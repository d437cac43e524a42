//! Arithmetic of small replicated arrays of float64, computed at once.
//!
//! To record an expression, group it and run it in tiles costs microseconds, which a large array does not notice. A
//! loop over small arrays does: what is here costs a tenth. The results are those of the loops, bit for bit.

use lang::ir::BinOp;

use crate::array::{Array, Axis, Strided};
use crate::block::Block;

/// Elements of an array that is small.
const SMALL: usize = 1024;

/// An operand.
pub enum Direct<'a> {
    Array(&'a Array),
    Number(f64),
}

/// `left op right`; None where it is not for here.
pub fn binary(op: BinOp, left: Direct, right: Direct) -> Option<Array> {
    let f: fn(f64, f64) -> f64 = match op {
        BinOp::Add => |a, b| a + b,
        BinOp::Sub => |a, b| a - b,
        BinOp::Mul => |a, b| a * b,
        BinOp::Div => |a, b| a / b,
        _ => return None,
    };
    let (like, values) = match (left, right) {
        (Direct::Array(a), Direct::Number(b)) => (a, values(a)?.into_iter().map(|a| f(a, b)).collect()),
        (Direct::Number(a), Direct::Array(b)) => (b, values(b)?.into_iter().map(|b| f(a, b)).collect()),
        (Direct::Array(a), Direct::Array(b)) if a.shape() == b.shape() => {
            let mut out = values(a)?;
            out.iter_mut().zip(values(b)?).for_each(|(a, b)| *a = f(*a, b));
            (a, out)
        }
        _ => return None,
    };
    Some(Array::from_block(like.shape().to_vec(), like.layout().clone(), Block::F64(values)))
}

/// The elements of a small array in C order, which is the order of its memory too.
fn values(array: &Array) -> Option<Vec<f64>> {
    if !array.layout().everywhere || array.size() > SMALL || !in_c_order(array.shape(), &array.0.strided) {
        return None;
    }
    let view = array.view()?;
    if view.storage.mirror.is_some() {
        return None;
    }
    let block = view.storage.block.borrow();
    let Block::F64(items) = &*block else {
        return None;
    };
    let Some(place) = &view.place else {
        return Some(items.clone());
    };
    let mut out = Vec::with_capacity(array.size());
    gather(items, place.offset, &place.axes, &mut out)?;
    Some(out)
}

/// Appends the elements of a view.
fn gather(items: &[f64], offset: isize, axes: &[Axis], out: &mut Vec<f64>) -> Option<()> {
    match axes {
        [] => out.push(*items.get(usize::try_from(offset).ok()?)?),
        [Axis::Step { len, stride: 1 }] => {
            let from = usize::try_from(offset).ok()?;
            out.extend_from_slice(items.get(from..from + len)?);
        }
        [axis, rest @ ..] => {
            for i in 0..axis.len() {
                gather(items, offset + axis.at(i), rest, out)?;
            }
        }
    }
    Some(())
}

/// Whether NumPy would lay a result out in C order: the strides fall.
fn in_c_order(shape: &[usize], strided: &Strided) -> bool {
    let mut last = isize::MAX;
    shape.iter().zip(&strided.strides).filter(|(extent, _)| **extent > 1).all(|(_, stride)| {
        let falls = *stride <= last && *stride > 0;
        last = *stride;
        falls
    })
}
