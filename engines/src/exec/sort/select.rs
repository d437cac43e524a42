//! Order statistics without sorting: the elements that sorting would put at a few places.
//!
//! The bits of the elements' keys are settled from the top, 11 at a time: all ranks learn how many elements have which
//! bits next (one gathering of at most 2048 counts a place), and go on with those that are still in question. The first
//! two passes see most elements, the others few.

use lang::dtype::Kind;
use lang::error::{Error, Result};

use super::key::Ordered;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::Args;
use crate::exec::element::typed;
use crate::exec::own::with_own;
use crate::value::Value;
use crate::with_element;

/// Bits that a round settles.
const DIGIT: u32 = 11;

/// `order_statistics(a, places)`. Collective.
///
/// # Errors
/// TypeError for places that are no integers, IndexError for those that are not there; MemoryError.
pub fn call(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let array = args.first(ctx)?;
    let given = args.array(ctx, "places")?;
    if !matches!(given.dtype().kind(), Kind::Signed | Kind::Unsigned) && given.size() > 0 {
        return Err(Error::type_("places must be integers"));
    }
    let all: Vec<Vec<usize>> = given.shape().iter().map(|&n| (0..n).collect()).collect();
    let n = array.size() as i128;
    let place = |value: lang::scalar::Scalar| {
        let k = value.as_i128().unwrap_or(0);
        let at = if k < 0 { k + n } else { k };
        usize::try_from(at)
            .ok()
            .filter(|_| at < n)
            .ok_or_else(|| Error::index(format!("place {k} is out of bounds for {n} elements")))
    };
    let places = ctx.fetch(&given, &all)?.into_iter().map(place).collect::<Result<Vec<_>>>()?;
    let dtype = array.dtype();
    let layout = ctx.replicated(given.shape());
    let block: Block = with_element!(dtype, T => {
        let found = select::<T>(ctx, &array, &places)?;
        super::block_of(dtype, &found)
    });
    let found = Array::from_block(given.shape().to_vec(), layout, block);
    super::result(ctx, found)
}

/// Elements that agree in the bits that are settled, of which some places are sought.
struct Group<T> {
    /// Of the sought places: which, and the place within the group.
    sought: Vec<(usize, usize)>,
    items: Vec<T>,
}

/// The elements at these places of the sorted whole. Of equal elements that look different any. Collective.
fn select<T: Ordered>(ctx: &mut Ctx, array: &Array, places: &[usize]) -> Result<Vec<T>> {
    let alone = array.layout().everywhere;
    let total = 8 * size_of::<T::Bits>() as u32;
    let mut left = total;
    let digit = |x: &T, left: u32, width: u32| {
        let bits: u128 = x.bits().into();
        (bits >> (left - width)) as usize & ((1 << width) - 1)
    };
    let width = DIGIT.min(left);
    let counts = with_own(ctx, array, |block| count::<T>(typed(block), |x| digit(x, left, width), width))?;
    let sought: Vec<(usize, usize)> = places.iter().copied().enumerate().collect();
    let chosen = gathered(ctx, alone, &[counts], width).remove(0).find(&sought);
    left -= width;
    let mut groups: Vec<Group<T>> = with_own(ctx, array, |block| {
        split(typed::<T>(block), chosen, width, |x| digit(x, left + width, width))
    })?;
    while left > 0 {
        let width = DIGIT.min(left);
        let counts: Vec<Vec<u64>> =
            groups.iter().map(|g| count(&g.items, |x| digit(x, left, width), width)).collect();
        let totals = gathered(ctx, alone, &counts, width);
        let next = groups.into_iter().zip(totals).flat_map(|(group, totals)| {
            split(&group.items, totals.find(&group.sought), width, |x| digit(x, left, width))
        });
        groups = next.collect();
        left -= width;
    }
    // All of a group are equal now: the first that a rank has stands for them.
    let firsts: Vec<T> = groups.iter().filter_map(|g| g.items.first().copied()).collect();
    let there: Vec<u8> = groups.iter().map(|g| !g.items.is_empty() as u8).collect();
    let word = [&there[..], bytemuck::cast_slice(&firsts)].concat();
    let words = if alone { vec![word] } else { ctx.comm.allgather(&word) };
    let mut found = vec![T::zero(); places.len()];
    for (i, group) in groups.iter().enumerate() {
        let of = |word: &Vec<u8>| {
            let at = word[..i].iter().filter(|there| **there == 1).count();
            let bytes = &word[groups.len() + at * size_of::<T>()..][..size_of::<T>()];
            (word[i] == 1).then(|| bytemuck::pod_read_unaligned::<T>(bytes))
        };
        if let Some(value) = words.iter().filter(|word| word[i] == 1).find_map(of) {
            group.sought.iter().for_each(|(which, _)| found[*which] = value);
        }
    }
    Ok(found)
}

/// How many items have which digit.
fn count<T>(items: &[T], digit: impl Fn(&T) -> usize, width: u32) -> Vec<u64> {
    let mut counts = vec![0; 1 << width];
    items.iter().for_each(|x| counts[digit(x)] += 1);
    counts
}

/// The counts of all ranks.
#[derive(Clone)]
struct Totals(Vec<u64>);

/// The sums over all ranks of several vectors of counts: those that are not 0 are sent. Collective.
fn gathered(ctx: &mut Ctx, alone: bool, counts: &[Vec<u64>], width: u32) -> Vec<Totals> {
    if alone {
        return counts.iter().map(|c| Totals(c.clone())).collect();
    }
    let all = counts.iter().flatten().enumerate().filter(|(_, count)| **count > 0);
    let word: Vec<u64> = all.flat_map(|(i, &count)| [i as u64, count]).collect();
    let mut sums = vec![Totals(vec![0; 1 << width]); counts.len()];
    for word in ctx.comm.allgather(bytemuck::cast_slice(&word)) {
        for pair in word.chunks_exact(16) {
            let [i, count]: [u64; 2] = bytemuck::pod_read_unaligned(pair);
            sums[i as usize >> width].0[i as usize & ((1 << width) - 1)] += count;
        }
    }
    sums
}

impl Totals {
    /// For each digit under which one of the places lies: the digit, and the places within.
    fn find(&self, sought: &[(usize, usize)]) -> Vec<(usize, Vec<(usize, usize)>)> {
        let ends: Vec<usize> = self
            .0
            .iter()
            .scan(0, |sum, &count| {
                *sum += count as usize;
                Some(*sum)
            })
            .collect();
        let mut found: std::collections::BTreeMap<usize, Vec<(usize, usize)>> = Default::default();
        for &(which, place) in sought {
            let digit = ends.partition_point(|&end| end <= place).min(ends.len() - 1);
            let before = if digit == 0 { 0 } else { ends[digit - 1] };
            found.entry(digit).or_default().push((which, place - before));
        }
        found.into_iter().collect()
    }
}

/// The groups of items under the digits that were found.
fn split<T: Copy>(
    items: &[T],
    found: Vec<(usize, Vec<(usize, usize)>)>,
    width: u32,
    digit: impl Fn(&T) -> usize,
) -> Vec<Group<T>> {
    let mut group_of = vec![u32::MAX; 1 << width];
    let mut groups: Vec<Group<T>> = Vec::with_capacity(found.len());
    for (digit, sought) in found {
        group_of[digit] = groups.len() as u32;
        groups.push(Group { sought, items: Vec::new() });
    }
    for x in items {
        let group = group_of[digit(x)];
        if group != u32::MAX {
            groups[group as usize].items.push(*x);
        }
    }
    groups
}
