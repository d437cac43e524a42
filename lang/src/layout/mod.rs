//! Who owns which element: index sets, dimension maps, layouts, and views of them. Pure index arithmetic.

mod dist;
mod grid;
mod index_set;
mod intersect;
mod layout_type;
mod map;
mod protocol;
mod rules;
#[cfg(test)]
mod tests;
mod view;
mod view_layout;

pub use dist::{DimSpec, DistSpec, DistValue};
pub use grid::choose_grid;
pub use index_set::{IndexSet, Run};
pub use intersect::intersect_runs;
pub use layout_type::Layout;
pub use map::DimMap;
pub use protocol::{DimData, PROTOCOL_VERSION, dim_data};
#[cfg(test)]
pub(crate) use rules::grid_coords;
pub use rules::{default_layout, elementwise, reduced, transposed};
pub use view::{Index, View, ViewDim, c_strides, slice_indices};
