//! `@local`: a function of the user's on each rank's own block, the one place where ranks may differ.
//!
//! It runs in a machine of its own, on a team of one (`Solo`), on copies of all that it can reach (`carry`), so that
//! nothing in it can wait for another rank and nothing that it does is seen outside. Its safe points are not the team's:
//! they look whether the statement is to be left, as a rank's own loops do (`watch`). At its end the ranks tell each
//! other how it went (`report`), and go on alike (`agreement`): an error on one is an error on all, and what it returned becomes blocks.

mod agreement;
mod carry;
mod closures;
mod report;
mod rows;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use lang::error::{Class, Error};
use lang::layout::Layout;

use super::call::Keywords;
use super::raise::Eval;
use super::{Machine, Raised};
use crate::array::Array;
use crate::comm::Solo;
use crate::control::Control;
use crate::ctx::Ctx;
use crate::link::Output;
use crate::value::Value;

pub use rows::call;

use report::{Outcome, Printed, Ran};

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

const NESTED: &str =
    "local functions do not nest: it works on one rank's own block already, call the plain function";

/// NotImplementedError, with what to do instead.
fn refuse<T>(what: impl Into<String>, hint: &str) -> Eval<T> {
    Err(Error::new(Class::NotImplementedError, what).hint(hint).into())
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
        let ran = Ran { outcome, heard, printed: printed.take() };
        self.joined(ran, &carried, over, &like, axis)
    }

    /// Makes a machine ready to run a local function of `outer`.
    fn prepare(&mut self, outer: &Machine, printed: Rc<RefCell<Printed>>) {
        self.ctx.control = Arc::new(Control::within(outer.ctx.control.clone()));
        self.ctx.long = outer.ctx.long;
        self.ctx.errors = outer.ctx.errors;
        (self.depth, self.nesting) = (outer.depth, outer.nesting);
        self.print = outer.print.clone();
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
        self.left.forget();
    }
}

fn lost(what: &str) -> Raised {
    let message = format!("a local function that changes a {what} from outside: what it works on is a copy");
    let error =
        Error::new(Class::NotImplementedError, message).hint("return what it makes, or change a copy");
    Raised { error, located: false, exception: None }
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
