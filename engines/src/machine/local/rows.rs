//! `local`, `rank`, `ranks` and `global_indices`.

use std::rc::Rc;

use lang::dtype::DType;
use lang::error::{Class, Error};
use lang::layout::IndexSet;
use lang::ops::{self, Module};

use super::super::raise::{Eval, type_error, value_error};
use super::super::types::type_name;
use super::super::{Machine, Made, objects};
use super::{NESTED, closures, refuse};
use crate::array::Array;
use crate::block::Block;
use crate::exec::args;
use crate::value::Value;

/// The rows that local functions use.
pub fn call(machine: &mut Machine, op: ops::Local, values: &[Option<Value>]) -> Eval<Value> {
    let given = |i: usize| values.get(i).and_then(Option::as_ref).filter(|v| !matches!(v, Value::None));
    match op {
        ops::Local::Decorate => decorate(machine, given(0), given(1)),
        ops::Local::Ranks => {
            let ranks = machine.region.as_ref().map_or(machine.ctx.comm.size(), |region| region.ranks);
            Ok(Value::Int(ranks as i64))
        }
        ops::Local::Rank => match &machine.region {
            Some(region) => Ok(Value::Int(region.rank as i64)),
            None => {
                let error = Error::new(Class::RuntimeError, "rank() is known in a local function only");
                Err(error
                    .hint("all ranks run the rest of the program alike: decorate a function with @local")
                    .into())
            }
        },
        ops::Local::GlobalIndices => global_indices(machine, given(0), given(1), given(2)),
    }
}

/// `local(function, axis=axis)`; without a function, what makes one local.
fn decorate(machine: &mut Machine, function: Option<&Value>, axis: Option<&Value>) -> Eval<Value> {
    machine.ctx.refuse_alone("local()", NESTED)?;
    let Some(function) = function else {
        let Some(row) = ops::lookup(Module::DistArray, "local") else {
            return Ok(Value::None);
        };
        let keywords = axis.map(|axis| ("axis".to_string(), axis.clone())).into_iter().collect();
        let made = Made::Partial { function: Value::Builtin(row), args: Vec::new(), keywords };
        return Ok(Value::Made(Rc::new(made)));
    };
    if !objects::is_callable(function) {
        return type_error(format!("local() takes a function, not '{}'", type_name(function)));
    }
    match function {
        Value::Made(made) if matches!(**made, Made::Local { .. }) => {
            return refuse("a local function is made local again", NESTED);
        }
        Value::Function(closure) if closure.function.generator => {
            return refuse("a generator cannot be local", "return an array of what it would yield");
        }
        Value::Function(closure) => closures::check(closure)?,
        _ => {}
    }
    let axis = axis.map(args::index).transpose()?;
    Ok(Value::Made(Rc::new(Made::Local { function: function.clone(), axis })))
}

fn global_indices(
    machine: &mut Machine,
    array: Option<&Value>,
    axis: Option<&Value>,
    rank: Option<&Value>,
) -> Eval<Value> {
    let Some(Value::Array(array)) = array else {
        let found = array.map_or("NoneType", type_name);
        return type_error(format!("global_indices() takes an array, not '{found}'"));
    };
    let axis = axis.map(|k| args::axis(args::index(k)?, array.ndim())).transpose()?;
    let rank = rank.map(args::index).transpose()?;
    let ranks = machine.region.as_ref().map_or(machine.ctx.comm.size(), |region| region.ranks);
    if let Some(rank) = rank.filter(|&r| r < 0 || r as usize >= ranks) {
        return value_error(format!("there is no rank {rank}: ranks are 0 to {}", ranks - 1));
    }
    let rank = rank.map(|r| r as usize);
    let owned: Vec<IndexSet> = match (&machine.region, rank) {
        (Some(region), rank) => match region.blocks.iter().find(|(block, _)| block.is(array)) {
            Some((_, layout)) => layout.owned(rank.unwrap_or(region.rank)),
            None => {
                let error =
                    Error::value("global_indices() in a local function takes a block that it was given");
                return Err(error
                    .hint("ask for the indices of the argument itself, and index them as the block")
                    .into());
            }
        },
        (None, Some(rank)) => array.layout().owned(rank),
        (None, None) => array.shape().iter().map(|&n| IndexSet::range(0, n)).collect(),
    };
    let list = |set: &IndexSet| {
        let numbers: Vec<i64> = set.iter().map(|i| i as i64).collect();
        let shape = vec![numbers.len()];
        let layout = machine.ctx.replicated(&shape);
        Value::Array(Array::from_block(shape, layout, Block::from_vec(DType::I64, numbers)))
    };
    Ok(match axis {
        Some(axis) => list(&owned[axis]),
        None => Value::tuple(owned.iter().map(list).collect()),
    })
}
