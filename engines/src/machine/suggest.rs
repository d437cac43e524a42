//! The hint "did you mean" of errors that name what is not there.

use lang::diag;
use lang::error::Error;

/// The error with a hint, where one of `names` is much like `name`.
pub fn did_you_mean<N: AsRef<str>>(error: Error, name: &str, names: impl IntoIterator<Item = N>) -> Error {
    let names: Vec<N> = names.into_iter().collect();
    match diag::did_you_mean(name, names.iter().map(AsRef::as_ref)) {
        Some(similar) => error.hint(format!("did you mean `{similar}`?")),
        None => error,
    }
}
