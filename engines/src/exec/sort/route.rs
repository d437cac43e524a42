//! Items sent to ranks of the sender's choice, and answers to them: two exchanges, of counts and of items.

use bytemuck::Pod;
use lang::error::Result;

use crate::ctx::Ctx;
use crate::exec::alltoall::lengths;

/// Which of this rank's items go where, and how many come from where.
pub struct Route {
    /// The items by receiver, and of one receiver in their order.
    order: Vec<usize>,
    going: Vec<usize>,
    coming: Vec<usize>,
    /// The most items that any rank sends or gets.
    most: usize,
}

impl Route {
    /// A route of items to these ranks; `most` bounds what any rank sends or gets, equally on all. Collective.
    pub fn new(ctx: &mut Ctx, to: &[usize], most: usize) -> Route {
        let mut going = vec![0; ctx.comm.size()];
        to.iter().for_each(|&rank| going[rank] += 1);
        let mut at: Vec<usize> = going
            .iter()
            .scan(0, |sum, n| {
                *sum += n;
                Some(*sum - n)
            })
            .collect();
        let mut order = vec![0; to.len()];
        for (i, &rank) in to.iter().enumerate() {
            order[at[rank]] = i;
            at[rank] += 1;
        }
        let coming = lengths(ctx, &going);
        Route { order, going, coming, most }
    }

    /// Sends the items; those that come, by sender. Collective.
    ///
    /// # Errors
    /// KeyboardInterrupt, on all ranks.
    pub fn go<T: Pod>(&self, ctx: &mut Ctx, items: &[T]) -> Result<Vec<T>> {
        let packed: Vec<T> = self.order.iter().map(|&i| items[i]).collect();
        exchange(ctx, &packed, &self.going, &self.coming, self.most)
    }

    /// Answers the items that came, in the order in which they came; the answers to this rank's items. Collective.
    ///
    /// # Errors
    /// KeyboardInterrupt, on all ranks.
    pub fn back<T: Pod>(&self, ctx: &mut Ctx, answers: &[T]) -> Result<Vec<T>> {
        let packed = exchange(ctx, answers, &self.coming, &self.going, self.most)?;
        let mut out = vec![T::zeroed(); packed.len()];
        self.order.iter().zip(packed).for_each(|(&i, answer)| out[i] = answer);
        Ok(out)
    }
}

fn exchange<T: Pod>(
    ctx: &mut Ctx,
    items: &[T],
    going: &[usize],
    coming: &[usize],
    most: usize,
) -> Result<Vec<T>> {
    let mut out = vec![T::zeroed(); coming.iter().sum()];
    let (mut from, mut to) = (items, &mut out[..]);
    let mut sends: Vec<(usize, &[u8])> = Vec::with_capacity(going.len());
    let mut recvs: Vec<(usize, &mut [u8])> = Vec::with_capacity(coming.len());
    for (rank, (&out, &inn)) in going.iter().zip(coming).enumerate() {
        let (now, rest) = from.split_at(out);
        sends.push((rank, bytemuck::cast_slice(now)));
        from = rest;
        let (now, rest) = std::mem::take(&mut to).split_at_mut(inn);
        recvs.push((rank, bytemuck::cast_slice_mut(now)));
        to = rest;
    }
    ctx.exchange_long(&sends, &mut recvs, most * size_of::<T>())?;
    Ok(out)
}
