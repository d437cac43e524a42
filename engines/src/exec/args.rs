//! The arguments of a builtin, bound to its signature.

use lang::ops::Row;

use crate::value::Value;

/// One value per parameter of the row's *function* signature, in its order.
///
/// A method is bound by its own signature; `self` is then the first parameter here, and the others are matched by
/// name. A parameter that was not given is `None`: defaults are the executor's. `*args` go to `rest`.
pub struct Args {
    pub row: &'static Row,
    pub values: Vec<Option<Value>>,
    pub rest: Vec<Value>,
}

impl Args {
    /// Parameter `i` as it was given; `None` where it was not.
    pub fn given(&self, i: usize) -> Option<&Value> {
        self.values.get(i)?.as_ref()
    }

    /// Parameter `i`, where leaving it out and passing None mean the same.
    pub fn some(&self, i: usize) -> Option<&Value> {
        self.given(i).filter(|v| !matches!(v, Value::None))
    }
}
