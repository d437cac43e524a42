//! Python's `itertools` module: iterators that work on what others give, no further than they are asked.

use lang::ir::BinOp;
use lang::ops::Itertools;

use super::raise::{Eval, type_error, value_error};
use super::{Iter, Machine};
use crate::value::Value;

/// What is left to go through.
pub enum Tool {
    Accumulate {
        inner: Iter,
        function: Value,
        total: Option<Value>,
        initial: Option<Value>,
    },
    Chain {
        waiting: Vec<Value>,
        now: Option<Iter>,
        more: Option<Iter>,
    },
    /// Places in a pool, of which the next ones follow by a rule.
    Choose {
        rule: Rule,
        pool: Vec<Value>,
        places: Vec<usize>,
        state: Vec<usize>,
        begun: bool,
    },
    Product {
        pools: Vec<Vec<Value>>,
        places: Vec<usize>,
        begun: bool,
    },
    Compress {
        data: Iter,
        selectors: Iter,
    },
    Count {
        next: Value,
        step: Value,
    },
    Cycle {
        inner: Option<Iter>,
        items: Vec<Value>,
        at: usize,
    },
    While {
        function: Value,
        inner: Iter,
        take: bool,
        begun: bool,
    },
    FilterFalse {
        function: Value,
        inner: Iter,
    },
    Slice {
        inner: Iter,
        at: usize,
        next: usize,
        stop: Option<usize>,
        step: usize,
    },
    Pairs {
        inner: Iter,
        last: Option<Value>,
    },
    Repeat {
        value: Value,
        left: Option<usize>,
    },
    Star {
        function: Value,
        inner: Iter,
    },
    Longest {
        inners: Vec<Option<Iter>>,
        fill: Value,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Combinations,
    WithReplacement,
    Permutations,
}

impl Tool {
    pub fn type_name(&self) -> &'static str {
        match self {
            Tool::Accumulate { .. } => "itertools.accumulate",
            Tool::Chain { .. } => "itertools.chain",
            Tool::Choose { rule: Rule::Combinations, .. } => "itertools.combinations",
            Tool::Choose { rule: Rule::WithReplacement, .. } => "itertools.combinations_with_replacement",
            Tool::Choose { rule: Rule::Permutations, .. } => "itertools.permutations",
            Tool::Product { .. } => "itertools.product",
            Tool::Compress { .. } => "itertools.compress",
            Tool::Count { .. } => "itertools.count",
            Tool::Cycle { .. } => "itertools.cycle",
            Tool::While { take: true, .. } => "itertools.takewhile",
            Tool::While { .. } => "itertools.dropwhile",
            Tool::FilterFalse { .. } => "itertools.filterfalse",
            Tool::Slice { .. } => "itertools.islice",
            Tool::Pairs { .. } => "itertools.pairwise",
            Tool::Repeat { .. } => "itertools.repeat",
            Tool::Star { .. } => "itertools.starmap",
            Tool::Longest { .. } => "itertools.zip_longest",
        }
    }
}

/// `chain.from_iterable(iterables)`.
fn chain_of(machine: &mut Machine, iterables: &Value) -> Eval<Value> {
    let more = Some(machine.iter(iterables)?);
    Ok(machine.lazy(Iter::Tool(Box::new(Tool::Chain { waiting: Vec::new(), now: None, more }))))
}

pub fn call(
    machine: &mut Machine,
    tool: Itertools,
    values: &[Option<Value>],
    rest: Vec<Value>,
) -> Eval<Value> {
    let arg = |i: usize| values.get(i).cloned().flatten().unwrap_or(Value::None);
    let given = |i: usize| values.get(i).is_some_and(Option::is_some);
    let tool = match tool {
        Itertools::Accumulate => {
            let initial = Some(arg(2)).filter(|v| !matches!(v, Value::None));
            Tool::Accumulate { inner: machine.iter(&arg(0))?, function: arg(1), total: None, initial }
        }
        Itertools::Chain => {
            let waiting = rest.into_iter().rev().collect();
            Tool::Chain { waiting, now: None, more: None }
        }
        Itertools::ChainFromIterable => return chain_of(machine, &arg(0)),
        Itertools::Combinations | Itertools::CombinationsWithReplacement | Itertools::Permutations => {
            let pool = machine.collect(&arg(0))?;
            let r = match arg(1) {
                Value::None if tool == Itertools::Permutations => pool.len() as i64,
                r => machine.as_int(&r)?,
            };
            let Ok(r) = usize::try_from(r) else {
                return value_error("r must be non-negative");
            };
            let n = pool.len();
            let (rule, places, state) = match tool {
                Itertools::Combinations => (Rule::Combinations, (0..r).collect(), Vec::new()),
                Itertools::Permutations => {
                    (Rule::Permutations, (0..n).collect(), (0..r).map(|i| n.saturating_sub(i)).collect())
                }
                _ => (Rule::WithReplacement, vec![0; r], Vec::new()),
            };
            let none = match rule {
                Rule::WithReplacement => n == 0 && r > 0,
                _ => r > n,
            };
            if none {
                return Ok(machine.lazy(Iter::Done));
            }
            Tool::Choose { rule, pool, places, state, begun: false }
        }
        Itertools::Product => {
            let repeat = if given(0) { machine.as_int(&arg(0))? } else { 1 };
            let Ok(repeat) = usize::try_from(repeat) else {
                return value_error("repeat argument cannot be negative");
            };
            let mut once = Vec::with_capacity(rest.len());
            for iterable in &rest {
                once.push(machine.collect(iterable)?);
            }
            let pools: Vec<Vec<Value>> = std::iter::repeat_n(once, repeat).flatten().collect();
            Tool::Product { places: vec![0; pools.len()], pools, begun: false }
        }
        Itertools::Compress => {
            Tool::Compress { data: machine.iter(&arg(0))?, selectors: machine.iter(&arg(1))? }
        }
        Itertools::Count => {
            let next = if given(0) { arg(0) } else { Value::Int(0) };
            let step = if given(1) { arg(1) } else { Value::Int(1) };
            for number in [&next, &step] {
                if super::number::Num::of_any(number).is_none() {
                    return type_error("a number is required");
                }
            }
            Tool::Count { next, step }
        }
        Itertools::Cycle => Tool::Cycle { inner: Some(machine.iter(&arg(0))?), items: Vec::new(), at: 0 },
        Itertools::Takewhile | Itertools::Dropwhile => Tool::While {
            function: arg(0),
            inner: machine.iter(&arg(1))?,
            take: tool == Itertools::Takewhile,
            begun: false,
        },
        Itertools::Filterfalse => Tool::FilterFalse { function: arg(0), inner: machine.iter(&arg(1))? },
        Itertools::Islice => return islice(machine, values),
        Itertools::Pairwise => Tool::Pairs { inner: machine.iter(&arg(0))?, last: None },
        Itertools::Repeat => {
            let left = if given(1) { Some(machine.as_int(&arg(1))?.max(0) as usize) } else { None };
            Tool::Repeat { value: arg(0), left }
        }
        Itertools::Starmap => Tool::Star { function: arg(0), inner: machine.iter(&arg(1))? },
        Itertools::ZipLongest => {
            let inners = machine.iters(&rest)?.into_iter().map(Some).collect();
            Tool::Longest { inners, fill: arg(0) }
        }
    };
    Ok(machine.lazy(Iter::Tool(Box::new(tool))))
}

/// `islice(iterable, stop)`, `islice(iterable, start, stop[, step])`.
fn islice(machine: &mut Machine, values: &[Option<Value>]) -> Eval<Value> {
    let arg = |i: usize| values.get(i).cloned().flatten().unwrap_or(Value::None);
    let inner = machine.iter(&arg(0))?;
    let (start, stop) = if values[2].is_some() { (arg(1), arg(2)) } else { (Value::None, arg(1)) };
    let mut bound = |value: Value, what: &str| match value {
        Value::None => Ok(None),
        value => match machine.count(&value).and_then(|i| usize::try_from(i).ok()) {
            Some(i) => Ok(Some(i)),
            None if what == "stop" => {
                value_error("Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
            }
            None => value_error("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."),
        },
    };
    let stop = bound(stop, if values[2].is_some() { "index" } else { "stop" })?;
    let start = bound(start, "index")?.unwrap_or(0);
    let step = match machine.count(&arg(3)) {
        _ if matches!(arg(3), Value::None) => 1,
        Some(step) if step > 0 => step as usize,
        _ => return value_error("Step for islice() must be a positive integer or None."),
    };
    Ok(machine.lazy(Iter::Tool(Box::new(Tool::Slice { inner, at: 0, next: start, stop, step }))))
}

impl Machine {
    /// The next value of a tool; None at the end.
    pub(super) fn next_of_tool(&mut self, tool: &mut Tool) -> Eval<Option<Value>> {
        match tool {
            Tool::Accumulate { inner, function, total, initial } => {
                if let Some(first) = initial.take() {
                    *total = Some(first.clone());
                    return Ok(Some(first));
                }
                let Some(item) = self.next(inner)? else {
                    return Ok(None);
                };
                let next = match (total.take(), &*function) {
                    (None, _) => item,
                    (Some(total), Value::None) => self.binary(BinOp::Add, total, item)?,
                    (Some(total), function) => self.call(&function.clone(), vec![total, item], Vec::new())?,
                };
                *total = Some(next.clone());
                Ok(Some(next))
            }
            Tool::Chain { waiting, now, more } => loop {
                if let Some(inner) = now {
                    if let Some(item) = self.next(inner)? {
                        return Ok(Some(item));
                    }
                    *now = None;
                }
                let next = match (waiting.pop(), &mut *more) {
                    (Some(next), _) => next,
                    (None, Some(more)) => match self.next(more)? {
                        Some(next) => next,
                        None => return Ok(None),
                    },
                    (None, None) => return Ok(None),
                };
                *now = Some(self.iter(&next)?);
            },
            Tool::Choose { rule, pool, places, state, begun } => {
                let r = if *rule == Rule::Permutations { state.len() } else { places.len() };
                if *begun && !step(*rule, pool.len(), places, state) {
                    return Ok(None);
                }
                *begun = true;
                Ok(Some(Value::tuple(places[..r].iter().map(|&i| pool[i].clone()).collect())))
            }
            Tool::Product { pools, places, begun } => {
                if pools.iter().any(Vec::is_empty) {
                    return Ok(None);
                }
                if *begun {
                    let mut axis = places.len();
                    loop {
                        if axis == 0 {
                            return Ok(None);
                        }
                        axis -= 1;
                        places[axis] += 1;
                        if places[axis] < pools[axis].len() {
                            break;
                        }
                        places[axis] = 0;
                    }
                }
                *begun = true;
                let items = pools.iter().zip(places).map(|(pool, i)| pool[*i].clone());
                Ok(Some(Value::tuple(items.collect())))
            }
            Tool::Compress { data, selectors } => loop {
                let (Some(item), Some(selector)) = (self.next(data)?, self.next(selectors)?) else {
                    return Ok(None);
                };
                if self.truth(&selector)? {
                    return Ok(Some(item));
                }
            },
            Tool::Count { next, step } => {
                let value = next.clone();
                *next = self.binary(BinOp::Add, value.clone(), step.clone())?;
                Ok(Some(value))
            }
            Tool::Cycle { inner, items, at } => {
                if let Some(iter) = inner {
                    if let Some(item) = self.next(iter)? {
                        self.may_grow(items)?;
                        items.push(item.clone());
                        return Ok(Some(item));
                    }
                    *inner = None;
                }
                let Some(item) = items.get(*at) else {
                    return Ok(None);
                };
                *at = (*at + 1) % items.len();
                Ok(Some(item.clone()))
            }
            Tool::While { function, inner, take, begun } => loop {
                let Some(item) = self.next(inner)? else {
                    return Ok(None);
                };
                if *begun {
                    return Ok(if *take { None } else { Some(item) });
                }
                let held = self.call(&function.clone(), vec![item.clone()], Vec::new())?;
                let held = self.truth(&held)?;
                *begun = !held;
                match (held, *take) {
                    (true, true) | (false, false) => return Ok(Some(item)),
                    (false, true) => return Ok(None),
                    (true, false) => {}
                }
            },
            Tool::FilterFalse { function, inner } => loop {
                let Some(item) = self.next(inner)? else {
                    return Ok(None);
                };
                let held = match function {
                    Value::None => item.clone(),
                    _ => self.call(&function.clone(), vec![item.clone()], Vec::new())?,
                };
                if !self.truth(&held)? {
                    return Ok(Some(item));
                }
            },
            Tool::Slice { inner, at, next, stop, step } => {
                // The items before the next one are gone through, but not beyond the stop.
                let target = stop.map_or(*next, |stop| stop.min(*next));
                while *at < target {
                    if self.next(inner)?.is_none() {
                        return Ok(None);
                    }
                    *at += 1;
                }
                if stop.is_some_and(|stop| *next >= stop) {
                    return Ok(None);
                }
                let item = self.next(inner)?;
                *at += 1;
                *next = next.saturating_add(*step);
                Ok(item)
            }
            Tool::Pairs { inner, last } => {
                if last.is_none() {
                    *last = self.next(inner)?;
                }
                let (Some(first), Some(second)) = (last.clone(), self.next(inner)?) else {
                    return Ok(None);
                };
                *last = Some(second.clone());
                Ok(Some(Value::tuple(vec![first, second])))
            }
            Tool::Repeat { value, left } => match left {
                Some(0) => Ok(None),
                Some(left) => {
                    *left -= 1;
                    Ok(Some(value.clone()))
                }
                None => Ok(Some(value.clone())),
            },
            Tool::Star { function, inner } => {
                let Some(args) = self.next(inner)? else {
                    return Ok(None);
                };
                let args = self.collect(&args)?;
                self.call(&function.clone(), args, Vec::new()).map(Some)
            }
            Tool::Longest { inners, fill } => {
                let mut items = Vec::with_capacity(inners.len());
                for inner in inners.iter_mut() {
                    let item = match inner {
                        Some(iter) => self.next(iter)?,
                        None => None,
                    };
                    if item.is_none() {
                        *inner = None;
                    }
                    items.push(item.unwrap_or_else(|| fill.clone()));
                }
                let ended = inners.iter().all(Option::is_none);
                Ok(if ended { None } else { Some(Value::tuple(items)) })
            }
        }
    }
}

/// Goes on to the next places; false after the last.
fn step(rule: Rule, n: usize, places: &mut [usize], state: &mut [usize]) -> bool {
    let r = places.len();
    match rule {
        Rule::Combinations => {
            let Some(i) = (0..r).rev().find(|&i| places[i] != i + n - r) else {
                return false;
            };
            places[i] += 1;
            for j in i + 1..r {
                places[j] = places[j - 1] + 1;
            }
            true
        }
        Rule::WithReplacement => {
            let Some(i) = (0..r).rev().find(|&i| places[i] != n - 1) else {
                return false;
            };
            let next = places[i] + 1;
            places[i..].fill(next);
            true
        }
        // The places are an order of all; the state counts down what each of the first can still become.
        Rule::Permutations => {
            for i in (0..state.len()).rev() {
                state[i] -= 1;
                if state[i] == 0 {
                    places[i..].rotate_left(1);
                    state[i] = n - i;
                } else {
                    let j = n - state[i];
                    places.swap(i, j);
                    return true;
                }
            }
            false
        }
    }
}
