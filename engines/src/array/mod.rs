//! A distributed array: a view of a storage, or an elementwise expression whose value is not computed yet.
//!
//! Executors need three calls only: `Array::from_block`, `Array::layout` and `Ctx::local`. Dtype, shape, layout and
//! NumPy's strides are known at once; views, pending expressions and mirrors live behind the handle.

mod expr;
mod place;
mod slice;
mod storage;

use std::cell::{OnceCell, Ref, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use lang::dtype::DType;
use lang::layout::Layout;

use crate::block::Block;

pub(crate) use expr::{Expr, Input};
pub(crate) use place::{Axis, Place, c_strides, reshape_strides};
pub use storage::held_bytes;
pub(crate) use storage::{Ghost, Mirror, Readers, Storage};

/// A handle; cloning it shares the values, as a second name does in Python.
#[derive(Clone)]
pub struct Array(pub(crate) Rc<Inner>);

pub(crate) struct Inner {
    pub dtype: DType,
    pub shape: Vec<usize>,
    pub layout: Arc<Layout>,
    pub strided: Strided,
    /// False for what `broadcast_to` gives, and views of it.
    pub writable: bool,
    pub state: RefCell<State>,
    /// What it is since `a.shape = ...`: a view of the same memory.
    pub became: OnceCell<Array>,
}

/// Where NumPy would have the elements, in elements of the array's dtype from the start of the memory: what is a view
/// of what, and in which order results come, depends on it. It is the same on all ranks, and not where ours are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Strided {
    pub offset: isize,
    pub strides: Vec<isize>,
}

pub(crate) enum State {
    View(View),
    /// Output `out` of an expression.
    Pending {
        expr: Rc<Expr>,
        out: usize,
        /// Of the memory that it will have.
        readers: Readers,
    },
}

/// This rank's part of a view: a place in a storage's block; the whole block where that is `None`.
#[derive(Clone)]
pub(crate) struct View {
    pub storage: Rc<Storage>,
    pub place: Option<Place>,
}

impl View {
    /// Where the element lies in the block of a replicated array of this shape.
    #[inline]
    pub fn offset(&self, shape: &[usize], at: &[usize]) -> usize {
        match &self.place {
            Some(place) => {
                let steps = place.axes.iter().zip(at).map(|(axis, i)| axis.at(*i));
                (place.offset + steps.sum::<isize>()) as usize
            }
            None => shape.iter().zip(at).fold(0, |offset, (extent, i)| offset * extent + i),
        }
    }

    pub fn place(&self, rank: usize) -> Place {
        match &self.place {
            Some(place) => place.clone(),
            None => Place::whole(&self.storage.layout.local_shape(rank)),
        }
    }
}

impl Strided {
    pub fn contiguous(shape: &[usize]) -> Strided {
        Strided { offset: 0, strides: c_strides(shape) }
    }
}

impl Array {
    /// A new array from this rank's part of it: `block` in C order of `layout`'s local shape on this rank.
    pub fn from_block(shape: Vec<usize>, layout: Arc<Layout>, block: Block) -> Array {
        let storage = Storage::new(layout.clone(), block);
        Array::of_storage(shape, storage)
    }

    /// The whole of a storage.
    pub(crate) fn of_storage(shape: Vec<usize>, storage: Rc<Storage>) -> Array {
        let strided = Strided::contiguous(&shape);
        let (dtype, layout) = (storage.dtype, storage.layout.clone());
        Array::of_view(dtype, shape, layout, strided, true, View { storage, place: None })
    }

    pub(crate) fn of_view(
        dtype: DType,
        shape: Vec<usize>,
        layout: Arc<Layout>,
        strided: Strided,
        writable: bool,
        view: View,
    ) -> Array {
        Array(Rc::new(Inner {
            dtype,
            shape,
            layout,
            strided,
            writable,
            state: RefCell::new(State::View(view)),
            became: OnceCell::new(),
        }))
    }

    /// What it is now.
    pub(crate) fn inner(&self) -> &Inner {
        let mut inner = &*self.0;
        while let Some(next) = inner.became.get() {
            inner = &next.0;
        }
        inner
    }

    /// The same view behind a handle of its own. The array is in memory.
    pub(crate) fn detached(&self) -> Array {
        let inner = self.inner();
        let view = self.view().expect("the array is in memory").clone();
        let (shape, layout) = (inner.shape.clone(), inner.layout.clone());
        Array::of_view(inner.dtype, shape, layout, inner.strided.clone(), inner.writable, view)
    }

    /// Makes all handles of this array see what `new` sees.
    pub(crate) fn become_view(&self, new: Array) {
        // The last of the chain has become nothing yet.
        let _ = self.inner().became.set(new);
    }

    pub fn dtype(&self) -> DType {
        self.inner().dtype
    }

    pub fn shape(&self) -> &[usize] {
        &self.inner().shape
    }

    pub fn ndim(&self) -> usize {
        self.inner().shape.len()
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.inner().shape.iter().product()
    }

    pub fn layout(&self) -> &Arc<Layout> {
        &self.inner().layout
    }

    /// Whether its elements may be assigned.
    pub fn is_writable(&self) -> bool {
        self.inner().writable
    }

    /// Whether both names are the same array: Python's `is`.
    pub fn is(&self, other: &Array) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// How many handles there are.
    pub(crate) fn holders(&self) -> usize {
        Rc::strong_count(&self.0)
    }

    pub(crate) fn is_pending(&self) -> bool {
        matches!(*self.inner().state.borrow(), State::Pending { .. })
    }

    /// The expression it waits for, and which output of it.
    pub(crate) fn pending(&self) -> Option<(Rc<Expr>, usize)> {
        match &*self.inner().state.borrow() {
            State::Pending { expr, out, .. } => Some((expr.clone(), *out)),
            State::View(_) => None,
        }
    }

    /// The readers' list of the memory that it views or will have.
    pub(crate) fn readers(&self) -> Readers {
        match &*self.inner().state.borrow() {
            State::View(view) => view.storage.readers.clone(),
            State::Pending { readers, .. } => readers.clone(),
        }
    }

    /// The view, once it is forced.
    pub(crate) fn view(&self) -> Option<Ref<'_, View>> {
        Ref::filter_map(self.inner().state.borrow(), |state| match state {
            State::View(view) => Some(view),
            State::Pending { .. } => None,
        })
        .ok()
    }

    /// Whether both see the same elements of the same memory in the same order.
    pub(crate) fn same_elements(&self, other: &Array) -> bool {
        self.dtype() == other.dtype()
            && self.shape() == other.shape()
            && self.inner().strided == other.inner().strided
            && self.inner().layout == other.inner().layout
            && self.shares_storage(other)
    }

    pub(crate) fn shares_storage(&self, other: &Array) -> bool {
        match (self.view(), other.view()) {
            (Some(a), Some(b)) => Rc::ptr_eq(&a.storage, &b.storage),
            _ => false,
        }
    }
}
