//! Sorts along an axis: lanes that lie on one rank there, others by samples with exact splitters.
//!
//! An axis that is distributed comes to lie whole on one rank where there are lanes enough for all (two exchanges of
//! each element); otherwise the ranks sort their parts, cut them exactly, deal them out once and merge.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::Result;
use lang::layout::{DimMap, Layout};
use lang::plan::split::{by_lanes, in_blocks};

use super::key::Ordered;
use super::lanes::Lanes;
use super::runs::sort_items;
use super::team::{Deal, Row, Runs, cuts};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::alloc;
use crate::exec::element::{typed, typed_mut};
use crate::exec::redistribute::redistribute;
use crate::watch::go_on;
use crate::with_element;

/// What sorting takes an element, roughly.
const NANOSECONDS: usize = 25;

/// Where lanes are sorted.
struct Work {
    layout: Arc<Layout>,
    /// Whether parts of a lane lie on several ranks.
    shared: bool,
    lanes: Lanes,
    row: Option<Row>,
    /// Of the axis, by the row's ranks.
    bounds: Vec<usize>,
}

impl Work {
    fn new(ctx: &Ctx, layout: &Layout, axis: usize) -> Work {
        let rank = ctx.comm.rank();
        let split = !layout.everywhere && layout.grid[axis] > 1;
        let whole = if split { by_lanes(layout, axis) } else { None };
        let shared = split && whole.is_none();
        let layout = Arc::new(whole.unwrap_or_else(|| in_blocks(layout, axis)));
        let bounds = match &layout.dims[axis] {
            DimMap::Block { bounds } => bounds.clone(),
            other => vec![0, other.size()],
        };
        let lanes = Lanes::new(&layout.local_shape(rank), axis);
        let row = Row::new(&layout, axis, rank);
        Work { layout, shared, lanes, row, bounds }
    }

    fn lengths(&self) -> Vec<usize> {
        self.bounds.windows(2).map(|w| w[1] - w[0]).collect()
    }

    /// The place along the axis of this rank's first element.
    fn first(&self) -> usize {
        self.row.as_ref().map_or(0, |row| self.bounds[row.me])
    }

    /// Whether every rank has room for `times` the elements of its part. Collective where it is much.
    fn room(&self, ctx: &mut Ctx, bytes: usize) -> Result<()> {
        let most = (0..ctx.comm.size()).map(|r| self.layout.local_nbytes(r, bytes)).max().unwrap_or(0);
        alloc::room(ctx, most)
    }

    /// An array in this layout, in the layout that is wanted.
    fn finish(self, ctx: &mut Ctx, block: Block, wanted: &Arc<Layout>) -> Result<Array> {
        let array = Array::from_block(self.layout.shape(), self.layout.clone(), block);
        if *self.layout == **wanted { Ok(array) } else { redistribute(ctx, &array, wanted) }
    }
}

/// The elements in ascending order along an axis, in the array's layout. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn sorted(ctx: &mut Ctx, array: &Array, axis: usize) -> Result<Array> {
    let wanted = array.layout().clone();
    let work = Work::new(ctx, &wanted, axis);
    work.room(ctx, 3 * array.dtype().itemsize())?;
    let mut block = ctx.local(array, &work.layout)?;
    with_element!(array.dtype(), T => sort_block::<T>(ctx, &work, typed_mut::<T>(&mut block)))?;
    work.finish(ctx, block, &wanted)
}

fn sort_block<T: Ordered>(ctx: &mut Ctx, work: &Work, block: &mut [T]) -> Result<()> {
    let lanes = work.lanes;
    let mut own = Vec::new();
    let data: &mut [T] = if lanes.inner == 1 {
        &mut *block
    } else {
        own = lanes.lay(block);
        &mut own
    };
    let watch = ctx.watch_elements(&work.layout, NANOSECONDS);
    data.chunks_exact_mut(lanes.along.max(1)).take_while(|_| go_on()).for_each(T::sort);
    ctx.end(watch)?;
    if work.shared {
        let sorted = share(ctx, work, data)?;
        if lanes.inner == 1 { block.copy_from_slice(&sorted) } else { lanes.put(&sorted, block) }
    } else if lanes.inner != 1 {
        lanes.put(&own, block);
    }
    Ok(())
}

/// Sorted runs of all ranks of a row to this rank's part of their order.
fn share<T: Ordered>(ctx: &mut Ctx, work: &Work, runs: &[T]) -> Result<Vec<T>> {
    let n = work.lanes.along;
    let cuts = cuts_of(ctx, work, |lane, at| runs[lane * n + at].wide());
    let deal = Deal::new(ctx, work.row.as_ref(), cuts, ctx.largest_share(&work.layout));
    let mut sorted = deal.send(ctx, runs, 1)?;
    let watch = ctx.watch_elements(&work.layout, NANOSECONDS);
    sorted.chunks_exact_mut(n.max(1)).take_while(|_| go_on()).for_each(T::sort);
    ctx.end(watch)?;
    Ok(sorted)
}

/// The cuts of this rank's runs, given the keys of their elements by lane and place.
fn cuts_of(ctx: &mut Ctx, work: &Work, bits: impl Fn(usize, usize) -> u128) -> Vec<Vec<usize>> {
    let n = work.lanes.along;
    let runs = Runs {
        lanes: work.lanes.count(),
        width: 16,
        key: &|lane, at, out| out.extend(bits(lane, at).to_be_bytes()),
        count: &|lane, key, with_equal| {
            let key = u128::from_be_bytes(*key.first_chunk().unwrap_or(&[0; 16]));
            lower(n, |at| bits(lane, at) < key || with_equal && bits(lane, at) == key)
        },
    };
    cuts(ctx, work.row.as_ref(), &runs, &work.lengths(), &work.bounds)
}

/// How many of `0..n` hold, which the first of them do.
pub fn lower(n: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// The places along an axis of the elements in ascending order, int64, equal ones in their order, in the array's
/// layout. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn places(ctx: &mut Ctx, array: &Array, axis: usize) -> Result<Array> {
    let wanted = array.layout().clone();
    let work = Work::new(ctx, &wanted, axis);
    work.room(ctx, 5 * array.dtype().itemsize().max(8))?;
    let block = ctx.local(array, &work.layout)?;
    let places = with_element!(array.dtype(), T => {
        let lanes = work.lanes.lay(typed::<T>(&block));
        drop(block);
        let bits: Vec<<T as Ordered>::Bits> = lanes.into_iter().map(T::bits).collect();
        order_bits(ctx, &work, bits)?
    });
    let mut block = ctx.allocate(&work.layout, &[DType::I64])?.remove(0);
    work.lanes.put(&places, typed_mut::<i64>(&mut block));
    work.finish(ctx, block, &wanted)
}

fn order_bits<B>(ctx: &mut Ctx, work: &Work, mut bits: Vec<B>) -> Result<Vec<i64>>
where
    B: bytemuck::Pod + Ord + Into<u128>,
{
    let (n, first) = (work.lanes.along, work.first() as i64);
    let mut places: Vec<i64> = vec![0; bits.len()];
    let mut pairs: Vec<(B, i64)> = Vec::with_capacity(n);
    let watch = ctx.watch_elements(&work.layout, 2 * NANOSECONDS);
    for (bits, places) in bits.chunks_exact_mut(n.max(1)).zip(places.chunks_exact_mut(n.max(1))) {
        if !go_on() {
            break;
        }
        pairs.clear();
        pairs.extend(bits.iter().copied().zip(first..));
        sort_items(&mut pairs);
        bits.iter_mut().zip(places).zip(&pairs).for_each(|((b, p), pair)| (*b, *p) = *pair);
    }
    ctx.end(watch)?;
    if !work.shared {
        return Ok(places);
    }
    let cuts = cuts_of(ctx, work, |lane, at| bits[lane * n + at].into());
    let deal = Deal::new(ctx, work.row.as_ref(), cuts, ctx.largest_share(&work.layout));
    let (bits, mut places) = (deal.send(ctx, &bits, 1)?, deal.send(ctx, &places, 1)?);
    let watch = ctx.watch_elements(&work.layout, 2 * NANOSECONDS);
    for (bits, places) in bits.chunks_exact(n.max(1)).zip(places.chunks_exact_mut(n.max(1))) {
        if !go_on() {
            break;
        }
        pairs.clear();
        pairs.extend(bits.iter().copied().zip(places.iter().copied()));
        sort_items(&mut pairs);
        places.iter_mut().zip(&pairs).for_each(|(place, pair)| *place = pair.1);
    }
    ctx.end(watch)?;
    Ok(places)
}

/// The places along an axis of the elements in the order of several keys of one shape, the last the first to decide, in
/// a layout. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn places_by_keys(ctx: &mut Ctx, keys: &[Array], wanted: &Arc<Layout>, axis: usize) -> Result<Array> {
    let work = Work::new(ctx, wanted, axis);
    // A complex number of 16 bytes is two words, anything else one.
    let width: usize = keys.iter().map(|k| k.dtype().itemsize().div_ceil(8)).sum();
    work.room(ctx, 8 * (3 * width + 4))?;
    let (n, count) = (work.lanes.along, work.lanes.count());
    let mut words = vec![0u64; n * count * width];
    let mut column = 0;
    for key in keys.iter().rev() {
        let block = ctx.local(key, &work.layout)?;
        with_element!(key.dtype(), T => {
            for (i, x) in work.lanes.lay(typed::<T>(&block)).into_iter().enumerate() {
                let bits = x.wide();
                let words = &mut words[i * width + column..];
                words[0] = bits as u64;
                if key.dtype() == DType::C128 {
                    (words[0], words[1]) = ((bits >> 64) as u64, bits as u64);
                }
            }
        });
        column += key.dtype().itemsize().div_ceil(8);
    }
    let places = order_words(ctx, &work, &words, width)?;
    let mut block = ctx.allocate(&work.layout, &[DType::I64])?.remove(0);
    work.lanes.put(&places, typed_mut::<i64>(&mut block));
    work.finish(ctx, block, wanted)
}

/// As `order_bits`, of items of several words.
fn order_words(ctx: &mut Ctx, work: &Work, words: &[u64], width: usize) -> Result<Vec<i64>> {
    let (n, first) = (work.lanes.along, work.first() as i64);
    let mut places: Vec<i64> = Vec::new();
    let mut sorted: Vec<u64> = Vec::with_capacity(words.len());
    let watch = ctx.watch_elements(&work.layout, 8 * NANOSECONDS);
    if n > 0 {
        for lane in words.chunks_exact(n * width).take_while(|_| go_on()) {
            let order = order_items(lane, width);
            order.iter().for_each(|&i| sorted.extend(&lane[i * width..(i + 1) * width]));
            places.extend(order.iter().map(|&i| first + i as i64));
        }
    }
    ctx.end(watch)?;
    if !work.shared {
        return Ok(places);
    }
    let item = |lane: usize, at: usize| &sorted[(lane * n + at) * width..][..width];
    let runs = Runs {
        lanes: work.lanes.count(),
        width: 8 * width,
        key: &|lane, at, out| item(lane, at).iter().for_each(|word| out.extend(word.to_be_bytes())),
        count: &|lane, key, with_equal| {
            let key: Vec<u64> = key.as_chunks::<8>().0.iter().map(|w| u64::from_be_bytes(*w)).collect();
            lower(n, |at| item(lane, at) < &key[..] || with_equal && item(lane, at) == &key[..])
        },
    };
    let cuts = cuts(ctx, work.row.as_ref(), &runs, &work.lengths(), &work.bounds);
    let deal = Deal::new(ctx, work.row.as_ref(), cuts, ctx.largest_share(&work.layout));
    let (words, places) = (deal.send(ctx, &sorted, width)?, deal.send(ctx, &places, 1)?);
    let mut merged = Vec::with_capacity(places.len());
    let watch = ctx.watch_elements(&work.layout, 8 * NANOSECONDS);
    if n > 0 {
        for (words, places) in
            words.chunks_exact(n * width).zip(places.chunks_exact(n)).take_while(|_| go_on())
        {
            merged.extend(order_items(words, width).into_iter().map(|i| places[i]));
        }
    }
    ctx.end(watch)?;
    Ok(merged)
}

/// The places of items of `width` words in ascending order, equal ones in their order.
fn order_items(words: &[u64], width: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..words.len() / width.max(1)).collect();
    order.sort_by(|&a, &b| words[a * width..][..width].cmp(&words[b * width..][..width]));
    order
}
