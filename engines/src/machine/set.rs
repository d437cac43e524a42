//! Python's set: a hash table laid out as CPython's, so that the items come in CPython's order, on every rank alike.
//!
//! After CPython's `Objects/setobject.c`: short runs of neighbours are probed before the hash is perturbed, the table
//! is grown fourfold at three fifths, and what is removed leaves a mark until the next resize.

use std::collections::HashSet;
use std::rc::Rc;

use super::dict::Key;
use super::hash::{hash, unordered};
use super::items::discard;
use crate::value::Value;

const SMALLEST: usize = 8;
/// Neighbours that are probed after the first place.
const NEIGHBOURS: usize = 9;
/// Beyond so many items a table grows twofold only.
const LARGE: usize = 50_000;

#[derive(Clone)]
enum Slot {
    Empty,
    Removed,
    Full(Item),
}

/// A hashable value, with what it is found by.
#[derive(Clone)]
pub struct Item {
    hash: i64,
    pub key: Key,
    pub value: Value,
}

impl Item {
    pub fn new(key: Key, value: Value) -> Item {
        Item { hash: hash(&key), key, value }
    }
}

/// The table behind a set or frozenset.
#[derive(Clone)]
pub struct Set {
    table: Vec<Slot>,
    /// Places that are not empty.
    fill: usize,
    used: usize,
    /// Where `pop` looks next.
    finger: usize,
}

/// The items of a frozenset as a key: equal in any order.
pub struct FrozenKey {
    items: HashSet<Key>,
    hash: i64,
}

impl FrozenKey {
    pub fn hash(&self) -> i64 {
        self.hash
    }
}

impl PartialEq for FrozenKey {
    fn eq(&self, other: &FrozenKey) -> bool {
        self.items == other.items
    }
}

impl Eq for FrozenKey {}

impl std::hash::Hash for FrozenKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl Default for Set {
    fn default() -> Set {
        Set { table: vec![Slot::Empty; SMALLEST], fill: 0, used: 0, finger: 0 }
    }
}

impl Set {
    pub fn len(&self) -> usize {
        self.used
    }

    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    fn mask(&self) -> usize {
        self.table.len() - 1
    }

    /// The places where an item of this hash may lie, in the order in which they are tried.
    fn places(&self, hash: i64) -> impl Iterator<Item = usize> + use<> {
        let mask = self.mask();
        let (mut at, mut perturb) = (hash as usize & mask, hash as u64);
        let run = move |at: usize| if at + NEIGHBOURS <= mask { NEIGHBOURS } else { 0 };
        let (mut step, mut last) = (0, run(at));
        std::iter::from_fn(move || {
            if step > last {
                perturb >>= 5;
                at = (at.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize)) & mask;
                (step, last) = (0, run(at));
            }
            step += 1;
            Some(at + step - 1)
        })
    }

    fn find(&self, key: &Key, hash: i64) -> Option<usize> {
        for place in self.places(hash) {
            match &self.table[place] {
                Slot::Empty => return None,
                Slot::Full(item) if item.hash == hash && item.key == *key => return Some(place),
                _ => {}
            }
        }
        None
    }

    pub fn contains(&self, key: &Key) -> bool {
        self.find(key, hash(key)).is_some()
    }

    /// Adds an item; one that is there already stays as it is.
    pub fn add(&mut self, item: Item) {
        let mut removed = None;
        for place in self.places(item.hash) {
            match &self.table[place] {
                Slot::Full(other) if other.hash == item.hash && other.key == item.key => return,
                Slot::Full(_) => {}
                Slot::Removed => removed = Some(place),
                Slot::Empty => {
                    self.used += 1;
                    self.table[removed.unwrap_or(place)] = Slot::Full(item);
                    if removed.is_some() {
                        return;
                    }
                    self.fill += 1;
                    break;
                }
            }
        }
        if self.fill * 5 >= self.mask() * 3 {
            self.resize(if self.used > LARGE { self.used * 2 } else { self.used * 4 });
        }
    }

    /// Puts the items into a table of more than `least` places, without the marks of removed ones.
    fn resize(&mut self, least: usize) {
        let mut size = SMALLEST;
        while size <= least {
            size *= 2;
        }
        let old = std::mem::replace(&mut self.table, vec![Slot::Empty; size]);
        (self.fill, self.used) = (0, 0);
        for slot in old {
            if let Slot::Full(item) = slot {
                self.add_new(item);
            }
        }
    }

    /// Adds an item that is not there, to a table that has room and no marks.
    fn add_new(&mut self, item: Item) {
        let free = self.places(item.hash).find(|&place| matches!(self.table[place], Slot::Empty));
        if let Some(place) = free {
            self.table[place] = Slot::Full(item);
            self.fill += 1;
            self.used += 1;
        }
    }

    /// Removes an item; whether it was there.
    pub fn remove(&mut self, key: &Key) -> bool {
        match self.find(key, hash(key)) {
            Some(place) => {
                self.table[place] = Slot::Removed;
                self.used -= 1;
                true
            }
            None => false,
        }
    }

    /// Goes on popping where another set did, whose items it replaces.
    pub fn follow(&mut self, other: &Set) {
        self.finger = other.finger;
    }

    /// Removes some item.
    pub fn pop(&mut self) -> Option<Value> {
        if self.used == 0 {
            return None;
        }
        let mask = self.mask();
        let mut place = self.finger & mask;
        loop {
            if let Slot::Full(_) = self.table[place] {
                break;
            }
            place = if place == mask { 0 } else { place + 1 };
        }
        self.used -= 1;
        self.finger = place + 1;
        match std::mem::replace(&mut self.table[place], Slot::Removed) {
            Slot::Full(item) => Some(item.value),
            _ => None,
        }
    }

    /// The items, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = &Item> {
        self.table.iter().filter_map(|slot| match slot {
            Slot::Full(item) => Some(item),
            _ => None,
        })
    }

    /// The first item at or after a place, and the place behind it: for iteration while the set lives on.
    pub fn item_from(&self, at: usize) -> Option<(usize, &Value)> {
        self.table.get(at..)?.iter().enumerate().find_map(|(i, slot)| match slot {
            Slot::Full(item) => Some((at + i + 1, &item.value)),
            _ => None,
        })
    }

    /// Makes room for so many more items at once.
    pub fn reserve(&mut self, more: usize) {
        if (self.fill + more) * 5 >= self.mask() * 3 {
            self.resize((self.used + more) * 2);
        }
    }

    /// Adds all items of another set.
    pub fn merge(&mut self, other: &Set) {
        if other.used == 0 {
            return;
        }
        self.reserve(other.used);
        if self.fill == 0 && self.mask() == other.mask() && other.fill == other.used {
            (self.table, self.fill, self.used) = (other.table.clone(), other.fill, other.used);
        } else if self.fill == 0 {
            other.iter().for_each(|item| self.add_new(item.clone()));
        } else {
            other.iter().for_each(|item| self.add(item.clone()));
        }
    }

    /// A set of the same items, in a table of its own.
    pub fn copy(&self) -> Set {
        let mut copy = Set::default();
        copy.merge(self);
        copy
    }

    pub fn intersection(&self, other: &Set) -> Set {
        let (large, small) = if other.len() > self.len() { (other, self) } else { (self, other) };
        let mut result = Set::default();
        small.iter().filter(|item| large.contains(&item.key)).for_each(|item| result.add(item.clone()));
        result
    }

    pub fn difference(&self, other: &Set) -> Set {
        if self.len() >> 2 > other.len() {
            let mut result = self.copy();
            result.subtract(other);
            return result;
        }
        let mut result = Set::default();
        self.iter().filter(|item| !other.contains(&item.key)).for_each(|item| result.add(item.clone()));
        result
    }

    /// Removes the items of another set.
    pub fn subtract(&mut self, other: &Set) {
        if other.len() >> 3 > self.len() {
            let common = self.intersection(other);
            common.iter().for_each(|item| {
                self.remove(&item.key);
            });
        } else {
            other.iter().for_each(|item| {
                self.remove(&item.key);
            });
        }
        self.tidy();
    }

    /// Takes away the marks of removed items, where they are many.
    pub fn tidy(&mut self) {
        if self.fill - self.used > self.mask() / 4 {
            self.resize(if self.used > LARGE { self.used * 2 } else { self.used * 4 });
        }
    }

    /// Removes each item that is there, and adds each that is not.
    pub fn toggle(&mut self, other: &Set) {
        for item in other.iter() {
            if !self.remove(&item.key) {
                self.add(item.clone());
            }
        }
    }

    pub fn is_subset(&self, other: &Set) -> bool {
        self.len() <= other.len() && self.iter().all(|item| other.contains(&item.key))
    }

    /// What a frozenset of these items is found by.
    pub fn key(&self) -> Key {
        let items = self.iter().map(|item| item.key.clone()).collect();
        let hash = unordered(self.iter().map(|item| item.hash));
        Key::Set(Rc::new(FrozenKey { items, hash }))
    }
}

impl Drop for Set {
    fn drop(&mut self) {
        let full = |slot: Slot| if let Slot::Full(item) = slot { Some(item.value) } else { None };
        discard(std::mem::take(&mut self.table).into_iter().filter_map(full).collect());
    }
}
