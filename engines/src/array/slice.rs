//! Views of views: indexing, transposing and broadcasting an array that is in memory.

use std::sync::Arc;

use lang::layout::{IndexSet, View as Recipe, ViewDim};

use super::{Array, Axis, Place, Strided, View};

impl Array {
    /// The same view, not to be written. The array is forced.
    pub(crate) fn read_only(&self) -> Array {
        let view = self.view().expect("the array is in memory").clone();
        let (shape, layout) = (self.shape().to_vec(), self.layout().clone());
        Array::of_view(self.dtype(), shape, layout, self.inner().strided.clone(), false, view)
    }

    /// What `recipe` (over this array's shape) sees of the array: a view of the same memory. The array is forced.
    pub(crate) fn seen_by(&self, recipe: &Recipe, rank: usize) -> Array {
        let view = self.view().expect("the array is in memory");
        let layout = Arc::new(recipe.layout(self.layout()));
        let Strided { mut offset, strides: old } = self.inner().strided.clone();
        for &(dim, index) in &recipe.fixed {
            offset += old[dim] * index as isize;
        }
        let strides = recipe.dims.iter().map(|d| match *d {
            ViewDim::New { .. } => 0,
            ViewDim::Axis { dim, start, step, .. } => {
                offset += old[dim] * start as isize;
                old[dim] * step
            }
        });
        let strides = strides.collect();

        let held = self.layout().owned(rank);
        let place = if layout.local_size(rank) == 0 {
            let axes = layout.local_shape(rank).into_iter().map(|len| Axis::Step { len, stride: 0 });
            Place { offset: 0, axes: axes.collect() }
        } else {
            narrow(&view.place(rank), recipe, &held, &layout.owned(rank))
        };
        let shape = recipe.shape();
        let writable = self.is_writable() && !recipe.repeats();
        let seen = View { storage: view.storage.clone(), place: Some(place) };
        Array::of_view(self.dtype(), shape, layout, Strided { offset, strides }, writable, seen)
    }
}

/// The part of `place` that `recipe` sees: `held` are the indices at the place's positions, `seen` those that the
/// rank's part of the view has.
fn narrow(place: &Place, recipe: &Recipe, held: &[IndexSet], seen: &[IndexSet]) -> Place {
    let mut offset = place.offset;
    for &(dim, index) in &recipe.fixed {
        offset += held[dim].position(index).map_or(0, |k| place.axes[dim].at(k));
    }
    let mut axes = Vec::with_capacity(recipe.dims.len());
    for (d, seen) in recipe.dims.iter().zip(seen) {
        axes.push(match *d {
            ViewDim::New { len } => Axis::Step { len, stride: 0 },
            ViewDim::Axis { dim, start, step, .. } => {
                let (positions, _) = held[dim].intersect(&seen.through(start, step));
                let (axis, more) = place.axes[dim].select(&positions);
                offset += more;
                axis
            }
        });
    }
    Place { offset, axes }
}
