//! How a local function ended on a rank, and what the rank tells the others of it.

use std::rc::Rc;

use lang::dtype::DType;
use lang::error::Error;
use serde::{Deserialize, Serialize};

use super::super::raise::{Eval, type_error};
use super::super::types::type_name;
use super::super::{Machine, Raised};
use super::carry::Carried;
use crate::block::Block;
use crate::exec::discover;
use crate::value::Value;

/// Bytes that a rank's function may print; the rest is cut.
const MOST_PRINTED: usize = 1 << 20;

/// What a rank has printed.
#[derive(Default)]
pub struct Printed {
    pub text: String,
    pub cut: bool,
}

impl Printed {
    pub fn add(&mut self, text: &str) {
        let room = MOST_PRINTED - self.text.len().min(MOST_PRINTED);
        self.cut |= text.len() > room;
        let end = (0..=room.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
        self.text.push_str(&text[..end]);
    }
}

/// What this rank knows when the function has run, or has had no reason to.
pub struct Ran {
    pub outcome: Option<Outcome>,
    /// It has been told to stop.
    pub heard: bool,
    pub printed: Printed,
}

/// How the function ended on this rank.
pub enum Outcome {
    Made(Made),
    Failed(Fault),
}

/// What it returned.
pub struct Made {
    pub kind: Kind,
    pub parts: Vec<Part>,
}

/// A part of an array.
pub struct Part {
    pub shape: Vec<usize>,
    pub block: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    None,
    One,
    Tuple(usize),
}

#[derive(Serialize, Deserialize)]
pub struct Fault {
    pub error: Error,
    /// The user's class, by its place in the list that all ranks have.
    pub class: Option<usize>,
    /// The program raised it, not a builtin.
    pub raised: bool,
}

/// What the ranks tell each other.
#[derive(Serialize, Deserialize)]
pub struct Report {
    pub heard: bool,
    pub printed: String,
    /// None of a rank that has not run it.
    pub ended: Option<Ended>,
}

#[derive(Serialize, Deserialize)]
pub enum Ended {
    Made { kind: Kind, parts: Vec<(DType, Vec<usize>)>, digest: u64 },
    Failed(Fault),
}

/// What a value that the function returned stands for.
///
/// # Errors
/// TypeError for what is neither an array nor a number, None, or a tuple of arrays and numbers.
pub fn made(inner: &mut Machine, value: &Value) -> Eval<Made> {
    Ok(match value {
        Value::None => Made { kind: Kind::None, parts: Vec::new() },
        Value::Tuple(items) => {
            let parts = items.iter().map(|item| part(inner, item)).collect::<Eval<Vec<_>>>()?;
            Made { kind: Kind::Tuple(parts.len()), parts }
        }
        one => Made { kind: Kind::One, parts: vec![part(inner, one)?] },
    })
}

/// An array's elements; a number is an array of a single one.
fn part(inner: &mut Machine, value: &Value) -> Eval<Part> {
    let array = match value {
        Value::Array(array) => array.clone(),
        Value::Bool(_)
        | Value::Int(_)
        | Value::BigInt(_)
        | Value::Float(_)
        | Value::Complex(_)
        | Value::Scalar(_) => discover::to_array(&mut inner.ctx, value, None)?,
        other => {
            let found = type_name(other);
            return type_error(format!(
                "a local function returns arrays, numbers, a tuple of them or None, not '{found}'"
            ));
        }
    };
    let shape = if array.ndim() == 0 { vec![1] } else { array.shape().to_vec() };
    let block = inner.ctx.local(&array, &inner.ctx.replicated(array.shape()))?;
    Ok(Part { shape, block })
}

impl Outcome {
    /// Of an error that the function has ended with.
    pub fn failed(inner: &mut Machine, carried: &Carried, raised: Raised) -> Outcome {
        let user = raised.exception.as_ref().and_then(|exception| exception.user.clone());
        let class = user.and_then(|user| carried.classes.iter().position(|(_, own)| Rc::ptr_eq(own, &user)));
        let by_program = raised.exception.is_some();
        let mut error = inner.report(raised);
        // As it is on its way up.
        error.trace.reverse();
        Outcome::Failed(Fault { error, class, raised: by_program })
    }
}
