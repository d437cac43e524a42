//! Who owns which element: index sets, dimension maps, layouts, and views of them. Pure index arithmetic.

mod index_set;
mod map;

pub use index_set::{IndexSet, Run};
pub use map::{DimMap, Layout};
