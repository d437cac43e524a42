//! A distributed array as the machine and the executors see it: dtype, shape, layout, and a way to its values.
//!
//! This first form holds a block only; views, recorded expressions and ghosts live behind the same three calls
//! (`Array::from_block`, `Array::layout`, `Ctx::local`), so that executors need not know of them.

use std::rc::Rc;
use std::sync::Arc;

use lang::dtype::DType;
use lang::layout::Layout;

use crate::block::Block;

/// A handle; cloning it shares the values, as a second name does in Python.
#[derive(Clone)]
pub struct Array(Rc<Inner>);

struct Inner {
    dtype: DType,
    shape: Vec<usize>,
    layout: Arc<Layout>,
    block: Block,
}

impl Array {
    /// A new array from this rank's part of it: `block` in C order of `layout`'s local shape on this rank.
    pub fn from_block(shape: Vec<usize>, layout: Arc<Layout>, block: Block) -> Array {
        Array(Rc::new(Inner {
            dtype: block.dtype(),
            shape,
            layout,
            block,
        }))
    }

    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    pub fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    pub fn layout(&self) -> &Arc<Layout> {
        &self.0.layout
    }

    /// This rank's part.
    pub fn block(&self) -> &Block {
        &self.0.block
    }
}
