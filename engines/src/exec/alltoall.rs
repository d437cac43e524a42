//! Messages between any ranks whose lengths only the senders know.

use crate::ctx::Ctx;

/// Sends `messages[q]` to each rank `q`, and returns what each rank sent to this one. Two exchanges: lengths, then
/// messages; what a rank sends to itself is not copied. Collective.
pub fn alltoall(ctx: &mut Ctx, mut messages: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let (me, team) = (ctx.comm.rank(), ctx.comm.size());
    let lengths: Vec<[u8; 8]> = messages.iter().map(|m| (m.len() as u64).to_le_bytes()).collect();
    let others = || (0..team).filter(|q| *q != me);
    let mut coming = vec![[0u8; 8]; team];
    let sends: Vec<(usize, &[u8])> = others().map(|q| (q, &lengths[q][..])).collect();
    let mut recvs: Vec<(usize, &mut [u8])> =
        coming.iter_mut().enumerate().filter(|(q, _)| *q != me).map(|(q, b)| (q, &mut b[..])).collect();
    ctx.exchange(&sends, &mut recvs);
    let own = std::mem::take(&mut messages[me]);
    let mut incoming: Vec<Vec<u8>> =
        coming.iter().map(|length| vec![0; u64::from_le_bytes(*length) as usize]).collect();
    let sends: Vec<(usize, &[u8])> =
        (messages.iter().enumerate()).filter(|(_, m)| !m.is_empty()).map(|(q, m)| (q, &m[..])).collect();
    let mut recvs: Vec<(usize, &mut [u8])> = (incoming.iter_mut().enumerate())
        .filter(|(_, m)| !m.is_empty())
        .map(|(q, m)| (q, &mut m[..]))
        .collect();
    ctx.exchange(&sends, &mut recvs);
    incoming[me] = own;
    incoming
}
