//! Where a `for` loop stands that may go on as machine code: over a range, or over items of arrays and lists.

use std::rc::Rc;

use lang::ir::Target;
use lang::plan::scalar::{Counters, Through};

use super::words::{Handles, type_of};
use crate::array::Array;
use crate::exec::elementwise::force::force;
use crate::exec::redistribute::redistribute;
use crate::machine::frame::Frame;
use crate::machine::iterate::{self, Ahead, Iter};
use crate::machine::raise::Eval;
use crate::machine::{Machine, quick};
use crate::value::{Range, Value};

/// The turns that a loop has left.
#[derive(Clone)]
pub struct Turns {
    /// The next number, or the position of the next items.
    next: i64,
    step: i64,
    /// Of a range.
    left: u64,
    /// Whether a turn binds the number, first.
    numbered: bool,
    /// The lists and vectors whose items it binds; none for a range.
    over: Vec<Sequence>,
}

/// What items come from.
#[derive(Clone)]
enum Sequence {
    /// A list, or a vector that is whole on each rank.
    Here(Value),
    /// A vector that is not, and what was fetched of it.
    Apart { vector: Array, ahead: Ahead, copy: Option<Copy> },
}

/// A whole copy of a vector, and the version of the memory that it was made of.
#[derive(Clone)]
struct Copy(Value, u64);

/// Vectors of up to so many elements are copied to each rank for a loop that turns for a while.
const MOST_COPIED: usize = 1 << 22;
/// After so many turns: a loop may look for the first element of a kind.
const LEAST_TURNS: i64 = 1024;

impl Sequence {
    fn of(value: &Value) -> Option<Sequence> {
        match value {
            Value::List(_) => Some(Sequence::Here(value.clone())),
            Value::Array(array) if array.ndim() != 1 => None,
            Value::Array(array) if array.layout().everywhere => Some(Sequence::Here(value.clone())),
            Value::Array(array) => {
                Some(Sequence::Apart { vector: array.clone(), ahead: Ahead::default(), copy: None })
            }
            _ => None,
        }
    }

    /// What an iterator, which has not begun, goes through.
    fn of_iter(iter: &Iter) -> Option<Sequence> {
        match iter {
            Iter::List { items, at: 0 } => Sequence::of(&Value::List(items.clone())),
            Iter::Array { array, at: 0, .. } => Sequence::of(&Value::Array(array.clone())),
            _ => None,
        }
    }

    /// The list or array that is in this rank's memory.
    fn here(&self) -> Option<&Value> {
        match self {
            Sequence::Here(value) => Some(value),
            Sequence::Apart { vector, copy, .. } => {
                let Copy(value, version) = copy.as_ref()?;
                (iterate::version(vector) == Some(*version)).then_some(value)
            }
        }
    }
}

impl Turns {
    fn of_range(range: &Range) -> Turns {
        Turns { next: range.start, step: range.step, left: range.len() as u64, numbered: true, over: vec![] }
    }

    /// Over a list or a vector, or what `enumerate` and `zip` make of those, where nobody else holds it.
    pub fn of(machine: &mut Machine, iterable: &Value) -> Eval<Option<Turns>> {
        let (numbered, over) = match iterable {
            Value::Range(range) => return Ok(Some(Turns::of_range(range))),
            Value::Iter(iter) if Rc::strong_count(iter) == 1 => match &*iter.borrow() {
                Iter::Enumerate { inner, next: 0 } => (true, Sequence::of_iter(inner).map(|one| vec![one])),
                Iter::Zip { inners, strict: false } if inners.len() > 1 => {
                    (false, inners.iter().map(Sequence::of_iter).collect())
                }
                _ => return Ok(None),
            },
            value => (false, Sequence::of(value).map(|one| vec![one])),
        };
        let Some(over) = over else { return Ok(None) };
        for one in &over {
            if let Sequence::Here(Value::Array(array)) | Sequence::Apart { vector: array, .. } = one {
                force(&mut machine.ctx, array)?;
            }
        }
        Ok(Some(Turns { next: 0, step: 1, left: 0, numbered, over }))
    }

    /// Where machine code has left a loop within.
    pub fn left(words: &[u64], counters: &Counters, handles: &Handles) -> Turns {
        let value = |(place, ty): &(u32, _)| handles.value(*ty, words[*place as usize]);
        let over = counters.over.iter().filter_map(value).map(Sequence::Here).collect();
        let mut turns = Turns { next: 0, step: 0, left: 0, numbered: counters.numbered, over };
        turns.go_to(words, counters);
        turns
    }

    /// Where machine code has left this loop.
    pub fn go_to(&mut self, words: &[u64], counters: &Counters) {
        let [next, step, left] = counters.places.map(|place| words[place as usize] as i64);
        (self.next, self.step, self.left) = (next, step, left.max(0) as u64);
    }

    /// What programs know of it.
    pub fn through(&self) -> Through {
        let over = self.over.iter().map(|one| type_of(one.here(), &mut Vec::new(), false)).collect();
        Through { numbered: self.numbered, over }
    }

    /// Puts its words into a program's table; false where the program is for other types.
    pub fn enter(&self, counters: &Counters, words: &mut [u64], handles: &mut Handles) -> bool {
        let through = self.through();
        let types = counters.over.iter().map(|(_, ty)| ty);
        if counters.numbered != through.numbered || !types.eq(&through.over) {
            return false;
        }
        let numbers = [self.next as u64, self.step as u64, self.left];
        for (place, word) in counters.places.into_iter().zip(numbers) {
            words[place as usize] = word;
        }
        for ((place, _), one) in counters.over.iter().zip(&self.over) {
            words[*place as usize] = one.here().map_or(0, |value| handles.word(value));
        }
        true
    }
}

impl Machine {
    /// Binds the target to what the next turn is about, where there is one.
    #[inline]
    pub(super) fn next_turn(&mut self, frame: &mut Frame, target: &Target, turns: &mut Turns) -> Eval<bool> {
        if !turns.over.is_empty() {
            return self.next_items(frame, target, turns);
        }
        if turns.left == 0 {
            return Ok(false);
        }
        turns.left -= 1;
        let number = turns.next;
        // Beyond the last number the sum may not fit; it is not used there.
        turns.next = turns.next.wrapping_add(turns.step);
        self.assign(frame, target, Value::Int(number))?;
        Ok(true)
    }

    fn next_items(&mut self, frame: &mut Frame, target: &Target, turns: &mut Turns) -> Eval<bool> {
        let at = turns.next as usize;
        if let ([over], false) = (turns.over.as_mut_slice(), turns.numbered) {
            let Some(item) = self.item_at(over, at)? else {
                return Ok(false);
            };
            turns.next += 1;
            self.assign(frame, target, item)?;
            return Ok(true);
        }
        let mut values = Vec::with_capacity(turns.over.len() + 1);
        values.extend(turns.numbered.then_some(Value::Int(turns.next)));
        for over in &mut turns.over {
            let Some(item) = self.item_at(over, at)? else {
                return Ok(false);
            };
            values.push(item);
        }
        turns.next += 1;
        match target {
            Target::Tuple { items, starred: None, .. } if items.len() == values.len() => {
                for (target, value) in items.iter().zip(values) {
                    self.assign(frame, target, value)?;
                }
            }
            target => self.assign(frame, target, Value::tuple(values))?,
        }
        Ok(true)
    }

    fn item_at(&mut self, over: &mut Sequence, at: usize) -> Eval<Option<Value>> {
        match over {
            Sequence::Here(Value::List(items)) => Ok(items.borrow().get(at).cloned()),
            Sequence::Here(Value::Array(array)) if at < array.shape()[0] => match quick::item(array, at) {
                Some(item) => Ok(Some(item)),
                None => self.index(&Value::Array(array.clone()), &Value::Int(at as i64)).map(Some),
            },
            Sequence::Apart { vector, ahead, .. } if at < vector.shape()[0] => {
                Ok(Some(Value::Scalar(self.ahead(vector, at, ahead)?)))
            }
            _ => Ok(None),
        }
    }

    /// Copies the vectors that are not whole on each rank, and not too large, once a loop has gone some way through
    /// them. Collective. False where one is not at hand.
    pub(super) fn bring_here(&mut self, turns: &mut Turns) -> Eval<bool> {
        for one in &mut turns.over {
            if one.here().is_some() {
                continue;
            }
            if let Sequence::Apart { vector, copy, .. } = one
                && vector.size() <= MOST_COPIED
                && turns.next >= LEAST_TURNS
                && let Some(version) = iterate::version(vector)
            {
                let whole = self.ctx.replicated(vector.shape());
                *copy = Some(Copy(Value::Array(redistribute(&mut self.ctx, vector, &whole)?), version));
            } else {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
