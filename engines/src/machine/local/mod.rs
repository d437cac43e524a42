//! `@local`: a function of the user's on each rank's own block, the one place where ranks may differ.
//!
//! It runs in a machine of its own, on a team of one (`Solo`), on copies of all that it can reach (`carry`), so that
//! nothing in it can wait for another rank and nothing that it does is seen outside. Its safe points are not the team's:
//! they look whether the statement is to be left, as a rank's own loops do (`watch`). At its end the ranks tell each
//! other how it went (`report`), and go on alike: an error on one is an error on all, and what it returned becomes blocks.

mod carry;
mod report;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Class, Error};
use lang::layout::{IndexSet, Layout};
use lang::ops::{self, Module};

use super::call::Keywords;
use super::raise::{Eval, type_error, value_error};
use super::types::type_name;
use super::{Machine, Made, objects};
use crate::array::Array;
use crate::block::Block;
use crate::comm::Solo;
use crate::control::Control;
use crate::ctx::Ctx;
use crate::exec::args;
use crate::link::Output;
use crate::value::Value;

use report::{Outcome, Printed};

/// What a machine that runs a local function knows of its rank.
pub struct Region {
    rank: usize,
    ranks: usize,
    /// The blocks that the function was given, each with the layout of its array.
    blocks: Vec<(Array, Arc<Layout>)>,
}

/// Which ranks run the function, and what becomes of their results.
enum Over {
    /// These, by their places in the layout of the first distributed argument; true where there is something to do.
    Blocks(Vec<(usize, bool)>),
    /// All, on the same whole arrays: they come to the same.
    Whole,
    /// All, each for itself: no argument is an array.
    Ranks,
}

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
                Err(error.hint("all ranks run the rest of the program alike: decorate a function with @local").into())
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
        Value::Made(made) if matches!(**made, Made::Local { .. }) => return refuse("a local function is made local again", NESTED),
        Value::Function(closure) if closure.function.generator => {
            return refuse("a generator cannot be local", "return an array of what it would yield");
        }
        Value::Function(closure) => carry::check(closure)?,
        _ => {}
    }
    let axis = axis.map(args::index).transpose()?;
    Ok(Value::Made(Rc::new(Made::Local { function: function.clone(), axis })))
}

const NESTED: &str = "local functions do not nest: it works on one rank's own block already, call the plain function";

/// NotImplementedError, with what to do instead.
fn refuse<T>(what: impl Into<String>, hint: &str) -> Eval<T> {
    Err(Error::new(Class::NotImplementedError, what).hint(hint).into())
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
    let axis = axis.map(|k| Ok::<_, Error>(args::axis(args::index(k)?, array.ndim())?)).transpose()?;
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
                let error = Error::value("global_indices() in a local function takes a block that it was given");
                return Err(error.hint("ask for the indices of the argument itself, and index them as the block").into());
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

impl Machine {
    /// A call of a local function. Collective.
    pub(super) fn call_local(
        &mut self,
        function: &Value,
        axis: Option<i64>,
        args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        self.ctx.refuse_alone("a call of a local function", NESTED)?;
        let mut inner = match self.inner.take() {
            Some(inner) => inner,
            None => {
                let mut ctx = Ctx::new(Box::new(Solo), self.ctx.settings.clone());
                ctx.alone = true;
                Box::new(Machine::new(ctx, Box::new(|_| ())))
            }
        };
        let done = self.run_local(&mut inner, function, axis, args, keywords);
        inner.forget();
        self.inner = Some(inner);
        done
    }

    fn run_local(
        &mut self,
        inner: &mut Machine,
        function: &Value,
        axis: Option<i64>,
        args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        let mut carry = carry::Carry::new(self, inner);
        let function = carry.outside(function)?;
        let args = args.iter().map(|arg| carry.argument(arg)).collect::<Eval<Vec<_>>>()?;
        let mut given = Vec::with_capacity(keywords.len());
        for (name, value) in keywords {
            given.push((name, carry.argument(&value)?));
        }
        let carried = carry.end();
        let (rank, ranks) = (self.ctx.comm.rank(), self.ctx.comm.size());
        let like: Vec<_> = carried.blocks.iter().map(|(_, layout)| layout.clone()).collect();
        let over = over(&like);
        let runs = match &over {
            Over::Blocks(places) => places.contains(&(rank, true)),
            _ => true,
        };
        let printed = Rc::new(RefCell::new(Printed::default()));
        inner.region = Some(Region { rank, ranks, blocks: carried.blocks.clone() });
        inner.prepare(self, printed.clone());
        let outcome = runs.then(|| {
            let made = inner.call(&function, args, given);
            let made = made.and_then(|value| report::made(inner, &value));
            match made {
                Ok(made) => match carried.changed() {
                    Some(what) => Outcome::failed(inner, &carried, lost(what)),
                    None => Outcome::Made(made),
                },
                Err(raised) => Outcome::failed(inner, &carried, *raised),
            }
        });
        let heard = inner.ctx.control.heard();
        self.joined(outcome, heard, printed.take(), &carried, over, &like, axis)
    }

    /// Makes a machine ready to run a local function of `outer`.
    fn prepare(&mut self, outer: &Machine, printed: Rc<RefCell<Printed>>) {
        self.ctx.control = Arc::new(Control::within(outer.ctx.control.clone()));
        self.ctx.long = outer.ctx.long;
        (self.depth, self.nesting, self.errors) = (outer.depth, outer.nesting, outer.errors);
        self.sink = Box::new(move |output| {
            if let Output::Stdout(text) = output {
                printed.borrow_mut().add(&text);
            }
        });
    }

    /// Drops all that a local function has left: arrays of one rank's must not outlive it.
    fn forget(&mut self) {
        self.region = None;
        self.sink = Box::new(|_| ());
        self.showing.clear();
        self.handling.clear();
        self.shelved.clear();
        let prelude = format!("_{}", lang::prelude::MARK);
        for (name, value) in self.names.iter().zip(self.globals.iter_mut()) {
            if !name.starts_with(&prelude) {
                super::items::discard(value.take().into_iter().collect());
            }
        }
    }
}

fn lost(what: &str) -> super::Raised {
    let message = format!("a local function that changes a {what} from outside: what it works on is a copy");
    let error = Error::new(Class::NotImplementedError, message).hint("return what it makes, or change a copy");
    super::Raised { error, located: false, exception: None }
}

fn over(like: &[Arc<Layout>]) -> Over {
    let Some(first) = like.iter().find(|layout| !layout.everywhere) else {
        return if like.is_empty() { Over::Ranks } else { Over::Whole };
    };
    let full = |rank: usize| like.iter().any(|layout| !layout.everywhere && layout.local_size(rank) > 0);
    let mut places: Vec<_> = first.ranks.iter().map(|&rank| (rank, full(rank))).collect();
    // So that an empty array's result has a dtype.
    if places.iter().all(|(_, full)| !full)
        && let Some(place) = places.first_mut()
    {
        place.1 = true;
    }
    Over::Blocks(places)
}
