//! A rank's part of an array: typed elements, contiguous, in C order of the local shape.

use lang::dtype::DType;
use lang::scalar::Scalar;
use num_complex::{Complex32, Complex64};

/// The elements of one block, of any of the thirteen dtypes. `bool` is stored as a byte, 0 or 1.
#[derive(Clone, Debug)]
pub enum Block {
    Bool(Vec<u8>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    U64(Vec<u64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    C64(Vec<Complex32>),
    C128(Vec<Complex64>),
}

/// Runs `$body` with `$v` bound to the vector inside, whatever its type.
#[macro_export]
macro_rules! with_block {
    ($block:expr, $v:ident => $body:expr) => {
        match $block {
            $crate::block::Block::Bool($v) => $body,
            $crate::block::Block::I8($v) => $body,
            $crate::block::Block::I16($v) => $body,
            $crate::block::Block::I32($v) => $body,
            $crate::block::Block::I64($v) => $body,
            $crate::block::Block::U8($v) => $body,
            $crate::block::Block::U16($v) => $body,
            $crate::block::Block::U32($v) => $body,
            $crate::block::Block::U64($v) => $body,
            $crate::block::Block::F32($v) => $body,
            $crate::block::Block::F64($v) => $body,
            $crate::block::Block::C64($v) => $body,
            $crate::block::Block::C128($v) => $body,
        }
    };
}

impl Block {
    /// `len` zeros (False for bool).
    pub fn zeros(dtype: DType, len: usize) -> Block {
        match dtype {
            DType::Bool => Block::Bool(vec![0; len]),
            DType::I8 => Block::I8(vec![0; len]),
            DType::I16 => Block::I16(vec![0; len]),
            DType::I32 => Block::I32(vec![0; len]),
            DType::I64 => Block::I64(vec![0; len]),
            DType::U8 => Block::U8(vec![0; len]),
            DType::U16 => Block::U16(vec![0; len]),
            DType::U32 => Block::U32(vec![0; len]),
            DType::U64 => Block::U64(vec![0; len]),
            DType::F32 => Block::F32(vec![0.0; len]),
            DType::F64 => Block::F64(vec![0.0; len]),
            DType::C64 => Block::C64(vec![Complex32::default(); len]),
            DType::C128 => Block::C128(vec![Complex64::default(); len]),
        }
    }

    /// `len` elements that are anything, all of which are to be written. `None` when the memory cannot be had.
    pub fn try_unfilled(dtype: DType, len: usize) -> Option<Block> {
        use crate::pages::unfilled;
        Some(match dtype {
            DType::Bool => Block::Bool(unfilled(len)?),
            DType::I8 => Block::I8(unfilled(len)?),
            DType::I16 => Block::I16(unfilled(len)?),
            DType::I32 => Block::I32(unfilled(len)?),
            DType::I64 => Block::I64(unfilled(len)?),
            DType::U8 => Block::U8(unfilled(len)?),
            DType::U16 => Block::U16(unfilled(len)?),
            DType::U32 => Block::U32(unfilled(len)?),
            DType::U64 => Block::U64(unfilled(len)?),
            DType::F32 => Block::F32(unfilled(len)?),
            DType::F64 => Block::F64(unfilled(len)?),
            DType::C64 => Block::C64(unfilled(len)?),
            DType::C128 => Block::C128(unfilled(len)?),
        })
    }

    /// The elements in a vector of the dtype's element type (bool: a byte), without a copy.
    ///
    /// # Panics
    /// When `T` is of another size.
    pub fn from_vec<T: bytemuck::Pod>(dtype: DType, values: Vec<T>) -> Block {
        use bytemuck::cast_vec;
        match dtype {
            DType::Bool => Block::Bool(cast_vec(values)),
            DType::I8 => Block::I8(cast_vec(values)),
            DType::I16 => Block::I16(cast_vec(values)),
            DType::I32 => Block::I32(cast_vec(values)),
            DType::I64 => Block::I64(cast_vec(values)),
            DType::U8 => Block::U8(cast_vec(values)),
            DType::U16 => Block::U16(cast_vec(values)),
            DType::U32 => Block::U32(cast_vec(values)),
            DType::U64 => Block::U64(cast_vec(values)),
            DType::F32 => Block::F32(cast_vec(values)),
            DType::F64 => Block::F64(cast_vec(values)),
            DType::C64 => Block::C64(cast_vec(values)),
            DType::C128 => Block::C128(cast_vec(values)),
        }
    }

    pub fn dtype(&self) -> DType {
        match self {
            Block::Bool(_) => DType::Bool,
            Block::I8(_) => DType::I8,
            Block::I16(_) => DType::I16,
            Block::I32(_) => DType::I32,
            Block::I64(_) => DType::I64,
            Block::U8(_) => DType::U8,
            Block::U16(_) => DType::U16,
            Block::U32(_) => DType::U32,
            Block::U64(_) => DType::U64,
            Block::F32(_) => DType::F32,
            Block::F64(_) => DType::F64,
            Block::C64(_) => DType::C64,
            Block::C128(_) => DType::C128,
        }
    }

    pub fn len(&self) -> usize {
        with_block!(self, v => v.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn bytes(&self) -> &[u8] {
        with_block!(self, v => bytemuck::cast_slice(v))
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        with_block!(self, v => bytemuck::cast_slice_mut(v))
    }

    /// The element at local position `i`.
    ///
    /// # Panics
    /// When `i` is out of bounds.
    pub fn get(&self, i: usize) -> Scalar {
        match self {
            Block::Bool(v) => Scalar::Bool(v[i] != 0),
            Block::I8(v) => Scalar::I8(v[i]),
            Block::I16(v) => Scalar::I16(v[i]),
            Block::I32(v) => Scalar::I32(v[i]),
            Block::I64(v) => Scalar::I64(v[i]),
            Block::U8(v) => Scalar::U8(v[i]),
            Block::U16(v) => Scalar::U16(v[i]),
            Block::U32(v) => Scalar::U32(v[i]),
            Block::U64(v) => Scalar::U64(v[i]),
            Block::F32(v) => Scalar::F32(v[i]),
            Block::F64(v) => Scalar::F64(v[i]),
            Block::C64(v) => Scalar::C64(v[i]),
            Block::C128(v) => Scalar::C128(v[i]),
        }
    }

    /// Sets the element at local position `i`; the scalar must be of the block's dtype.
    ///
    /// # Panics
    /// When `i` is out of bounds or the dtypes differ: callers cast first.
    pub fn set(&mut self, i: usize, value: Scalar) {
        match (self, value) {
            (Block::Bool(v), Scalar::Bool(x)) => v[i] = x as u8,
            (Block::I8(v), Scalar::I8(x)) => v[i] = x,
            (Block::I16(v), Scalar::I16(x)) => v[i] = x,
            (Block::I32(v), Scalar::I32(x)) => v[i] = x,
            (Block::I64(v), Scalar::I64(x)) => v[i] = x,
            (Block::U8(v), Scalar::U8(x)) => v[i] = x,
            (Block::U16(v), Scalar::U16(x)) => v[i] = x,
            (Block::U32(v), Scalar::U32(x)) => v[i] = x,
            (Block::U64(v), Scalar::U64(x)) => v[i] = x,
            (Block::F32(v), Scalar::F32(x)) => v[i] = x,
            (Block::F64(v), Scalar::F64(x)) => v[i] = x,
            (Block::C64(v), Scalar::C64(x)) => v[i] = x,
            (Block::C128(v), Scalar::C128(x)) => v[i] = x,
            (block, value) => panic!("a {} into a block of {}", value.dtype(), block.dtype()),
        }
    }
}
