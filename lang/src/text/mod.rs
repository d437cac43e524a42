//! Numbers and arrays as text, exactly as Python and NumPy 2 print them.

mod array;
mod columns;
mod digits;
mod float;
mod options;
mod scalar;
mod spec;

pub use array::{array_repr, array_str, array_text, shown_indices, tuple};
pub use digits::{Digits, Plan, Trim};
pub use float::{Float, complex_repr, float_repr};
pub use options::{FloatMode, Limit, PrintOptions, Sign};
pub use scalar::{scalar_repr, scalar_str};
pub use spec::{Spec, format_complex, format_float, format_int, format_str, parse_spec};

#[cfg(test)]
mod tests;
