//! The distinct elements (or rows) of arrays, where they are first, how often they occur, and which one each is.
//!
//! Ranks find what is distinct in their parts, cut and deal that out as sorting does, and drop what the rank before
//! has as its last. `return_inverse` answers what was dealt out: one message more between each two ranks.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{DimMap, Layout};

use super::key::Ordered;
use super::order::lower;
use super::runs::sort_items;
use super::team::{Deal, Row, Runs, cuts};
use crate::ctx::Ctx;
use crate::exec::alloc;

/// What is asked for besides the values.
#[derive(Clone, Copy, Default)]
pub struct Wanted {
    pub index: bool,
    pub inverse: bool,
    pub counts: bool,
    /// Whether all nans are one value.
    pub equal_nan: bool,
}

/// This rank's part of an answer.
pub struct Found<T> {
    /// Rows one after the other, ascending.
    pub values: Vec<T>,
    /// Of each: the first place in the whole.
    pub index: Vec<i64>,
    pub counts: Vec<i64>,
    /// Of each row of this rank's part of the operand: its place among the distinct.
    pub inverse: Vec<i64>,
    /// Of the distinct, by the ranks of the operand's layout.
    pub bounds: Vec<usize>,
}

/// Distinct rows in ascending order.
struct Set<T> {
    values: Vec<T>,
    index: Vec<i64>,
    counts: Vec<i64>,
    /// Of each row that went in: which of the distinct it is.
    slots: Vec<usize>,
}

struct Rows {
    width: usize,
    want: Wanted,
}

impl Rows {
    fn same<T: Ordered>(&self, a: &[T], b: &[T]) -> bool {
        a.iter().zip(b).all(|(a, b)| match (a.is_nan(), b.is_nan()) {
            (false, false) => a.bits() == b.bits(),
            (a, b) => self.want.equal_nan && a && b,
        })
    }

    /// The places of rows in ascending order, equal ones in their order.
    fn order<T: Ordered>(&self, rows: &[T]) -> Vec<usize> {
        if self.width == 1 {
            let mut pairs: Vec<(T::Bits, usize)> = rows.iter().map(|x| x.bits()).zip(0..).collect();
            sort_items(&mut pairs);
            return pairs.into_iter().map(|pair| pair.1).collect();
        }
        let row = |i: usize| rows[i * self.width..][..self.width].iter().map(|x| x.bits());
        let mut order: Vec<usize> = (0..rows.len() / self.width).collect();
        order.sort_by(|&a, &b| row(a).cmp(row(b)));
        order
    }

    /// What is distinct of rows, given the first place and the count of each.
    fn set<T: Ordered>(&self, rows: &[T], index: &[i64], counts: &[i64]) -> Set<T> {
        let w = self.width;
        let mut set = Set { values: Vec::new(), index: Vec::new(), counts: Vec::new(), slots: Vec::new() };
        let ordered = self.want.index || self.want.inverse || w != 1;
        if !ordered {
            let mut sorted = rows.to_vec();
            if !self.want.counts {
                T::sort(&mut sorted);
                sorted.dedup_by(|a, b| self.same(&[*b], &[*a]));
                set.values = sorted;
                return set;
            }
        }
        let order = self.order(rows);
        if self.want.inverse {
            set.slots = vec![0; order.len()];
        }
        for &i in &order {
            let row = &rows[i * w..][..w];
            let last = set.values.len().saturating_sub(w);
            let known = !set.values.is_empty() && self.same(&set.values[last..], row);
            if !known {
                set.values.extend(row);
                set.index.extend(index.get(i));
            }
            if self.want.counts {
                match (known, set.counts.last_mut()) {
                    (true, Some(count)) => *count += counts[i],
                    _ => set.counts.push(counts[i]),
                }
            }
            if self.want.inverse {
                set.slots[i] = set.values.len() / w - 1;
            }
        }
        set
    }
}

/// What is distinct of the rows (of `width` elements) that the ranks of a layout hold: a vector in blocks, or an array
/// in blocks of whole rows, or one that all ranks have. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn distinct<T: Ordered>(
    ctx: &mut Ctx,
    layout: &Arc<Layout>,
    rows: &[T],
    width: usize,
    want: Wanted,
) -> Result<Found<T>> {
    let each = width * size_of::<T>() + 16;
    let most = (0..ctx.comm.size()).map(|r| layout.local_size(r) / width.max(1) * each * 3).max();
    alloc::room(ctx, most.unwrap_or(0))?;
    let rule = Rows { width, want };
    let rank = ctx.comm.rank();
    let row = Row::new(layout, 0, rank);
    let first = match (&layout.dims[0], &row) {
        (DimMap::Block { bounds }, Some(row)) => bounds[row.me],
        _ => 0,
    };
    let n = rows.len() / width;
    let index: Vec<i64> = if want.index { (first as i64..).take(n).collect() } else { Vec::new() };
    let ones = if want.counts { vec![1; n] } else { Vec::new() };
    let watch = ctx.watch_elements(layout, 60);
    let own = rule.set(rows, &index, &ones);
    ctx.end(watch)?;
    if layout.everywhere || layout.ranks.len() == 1 {
        return Ok(alone(ctx, layout, own, width));
    }
    drop((index, ones));

    let words = ctx.comm.allgather(&((own.values.len() / width) as u64).to_le_bytes());
    let lengths: Vec<usize> = layout.ranks.iter().map(|&r| number(&words[r])).collect();
    let total: usize = lengths.iter().sum();
    let parts = lengths.len();
    let even: Vec<usize> =
        (0..=parts).map(|p| (total as u128 * p as u128 / parts as u128) as usize).collect();
    let at = |i: usize| own.values[i * width..][..width].iter().map(|x| x.bits());
    let runs = Runs {
        lanes: 1,
        width: 16 * width,
        key: &|_, i, out| at(i).for_each(|bits| out.extend(bits.into().to_be_bytes())),
        count: &|_, key, with_equal| {
            let key = || key.as_chunks::<16>().0.iter().map(|k| u128::from_be_bytes(*k));
            lower(own.values.len() / width, |i| {
                let order = at(i).map(Into::into).cmp(key());
                order.is_lt() || with_equal && order.is_eq()
            })
        },
    };
    let cuts = cuts(ctx, row.as_ref(), &runs, &lengths, &even);
    let deal = Deal::new(ctx, row.as_ref(), cuts, ctx.largest_share(layout) / width + 1);
    let values = deal.send(ctx, &own.values, width)?;
    let index = if want.index { deal.send(ctx, &own.index, 1)? } else { Vec::new() };
    let counts = if want.counts { deal.send(ctx, &own.counts, 1)? } else { Vec::new() };
    let mut set = rule.set(&values, &index, &counts);
    drop((values, index, counts));

    let edges = Edges::new(ctx, layout, &set, width);
    let (dropped, more) = edges.settle(&rule, row.as_ref());
    let mut bounds = vec![0];
    for (p, part) in edges.0.iter().enumerate() {
        bounds.push(bounds[p] + part.len - edges.repeats(&rule, p) as usize);
    }
    if dropped {
        set.values.drain(..width);
        set.index.drain(..want.index as usize);
        set.counts.drain(..want.counts as usize);
    }
    if let Some(last) = set.counts.last_mut() {
        *last += more;
    }
    let mut inverse = Vec::new();
    if want.inverse {
        let start = row.as_ref().map_or(0, |row| bounds[row.me]) as i64 - dropped as i64;
        let answers: Vec<i64> = set.slots.iter().map(|&slot| start + slot as i64).collect();
        let places = deal.answer(ctx, &answers)?;
        inverse = own.slots.iter().map(|&slot| places[slot]).collect();
    }
    Ok(Found { values: set.values, index: set.index, counts: set.counts, inverse, bounds })
}

/// The answer where one rank has all rows, or each has.
fn alone<T: Ordered>(ctx: &mut Ctx, layout: &Layout, set: Set<T>, width: usize) -> Found<T> {
    let inverse = set.slots.iter().map(|&slot| slot as i64).collect();
    let mut length = set.values.len() / width;
    if !layout.everywhere {
        let words = ctx.comm.allgather(&(length as u64).to_le_bytes());
        length = number(&words[layout.ranks[0]]);
    }
    Found { values: set.values, index: set.index, counts: set.counts, inverse, bounds: vec![0, length] }
}

fn number(bytes: &[u8]) -> usize {
    bytes.first_chunk::<8>().map_or(0, |b| u64::from_le_bytes(*b) as usize)
}

/// What each rank has at the ends of its part.
struct Edges<T>(Vec<Edge<T>>);

struct Edge<T> {
    len: usize,
    first: Vec<T>,
    last: Vec<T>,
    /// How often the first occurs.
    count: i64,
}

impl<T: Ordered> Edges<T> {
    /// Collective.
    fn new(ctx: &mut Ctx, layout: &Layout, set: &Set<T>, width: usize) -> Edges<T> {
        let len = set.values.len() / width;
        let mut word = (len as u64).to_le_bytes().to_vec();
        word.extend(set.counts.first().unwrap_or(&0).to_le_bytes());
        if len > 0 {
            word.extend(bytemuck::cast_slice::<T, u8>(&set.values[..width]));
            word.extend(bytemuck::cast_slice::<T, u8>(&set.values[(len - 1) * width..]));
        }
        let words = ctx.comm.allgather(&word);
        let edge = |&rank: &usize| {
            let word = &words[rank];
            let (head, rows) = word.split_at(word.len().min(16));
            let mut rows: Vec<T> =
                rows.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned).collect();
            let last = rows.split_off(rows.len() / 2);
            let count = number(head.get(8..).unwrap_or(&[])) as i64;
            Edge { len: number(head), first: rows, last, count }
        };
        Edges(layout.ranks.iter().map(edge).collect())
    }

    /// Whether a part begins with what the one before it ends with.
    fn repeats(&self, rule: &Rows, p: usize) -> bool {
        let before = self.0[..p].iter().rev().find(|edge| edge.len > 0);
        self.0[p].len > 0 && before.is_some_and(|before| rule.same(&before.last, &self.0[p].first))
    }

    /// Whether this rank drops its first row, and how often its last occurs in the parts after it.
    fn settle(&self, rule: &Rows, row: Option<&Row>) -> (bool, i64) {
        let Some(me) = row.map(|row| row.me) else {
            return (false, 0);
        };
        let mut more = 0;
        for p in (me + 1..self.0.len()).filter(|&p| self.0[p].len > 0) {
            if !self.repeats(rule, p) {
                break;
            }
            more += self.0[p].count;
            if self.0[p].len > 1 {
                break;
            }
        }
        (self.repeats(rule, me), more)
    }
}
