//! Messages between any ranks whose lengths only the senders know.

use crate::ctx::Ctx;

/// Sends `messages[q]` to each rank `q`, and returns what each rank sent to this one. Two exchanges: lengths, then
/// messages; what a rank sends to itself is not copied. Collective.
pub fn alltoall(ctx: &mut Ctx, mut messages: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let me = ctx.comm.rank();
    let going: Vec<usize> = messages.iter().map(Vec::len).collect();
    let coming = lengths(ctx, &going);
    let own = std::mem::take(&mut messages[me]);
    let mut incoming: Vec<Vec<u8>> =
        coming.iter().enumerate().map(|(q, &length)| vec![0; if q == me { 0 } else { length }]).collect();
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

/// How much comes from each rank, where `going[q]` goes to each rank `q`: one exchange. Collective.
pub fn lengths(ctx: &mut Ctx, going: &[usize]) -> Vec<usize> {
    let words: Vec<[u8; 8]> = going.iter().map(|&n| (n as u64).to_le_bytes()).collect();
    let mut coming = vec![[0u8; 8]; going.len()];
    let sends: Vec<(usize, &[u8])> = words.iter().enumerate().map(|(q, word)| (q, &word[..])).collect();
    let mut recvs: Vec<(usize, &mut [u8])> =
        coming.iter_mut().enumerate().map(|(q, word)| (q, &mut word[..])).collect();
    ctx.exchange(&sends, &mut recvs);
    coming.iter().map(|word| u64::from_le_bytes(*word) as usize).collect()
}
