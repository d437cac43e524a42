//! Numbers and arrays as text, exactly as Python and NumPy 2 print them.

mod array;
mod float;
mod scalar;
mod spec;

pub use array::{array_repr, array_str, shown_indices, tuple};
pub use float::{complex_repr, float_repr};
pub use scalar::{scalar_repr, scalar_str};
pub use spec::{Spec, format_complex, format_float, format_int, format_str, parse_spec};

#[cfg(test)]
mod tests;
