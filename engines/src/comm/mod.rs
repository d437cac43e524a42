//! Rank to rank: the one seam through which array data moves.
//!
//! Three implementations: `Solo` (one rank), `Threads` (ranks as threads of one process), and `Mpi` in the binary.
//! Every call is collective over the whole team except `exchange`, which is collective over the ranks named in it.
//! Failures of the transport are fatal to the team (as MPI's are): they abort, they do not return.

/// A rank's end of its team. Payloads are bytes; callers cast with `bytemuck`.
pub trait Comm {
    fn rank(&self) -> usize;
    fn size(&self) -> usize;

    /// Returns when every rank has entered.
    fn barrier(&self);

    /// Every rank's bytes, by rank, the same on every rank. Lengths may differ and be zero.
    fn allgather(&self, mine: &[u8]) -> Vec<Vec<u8>>;

    /// Sends and receives point to point, all at once, in any order, without deadlock. `sends` are `(to, bytes)`
    /// and `recvs` are `(from, buffer)` with the exact length to come; at most one message per pair and direction
    /// in a call; a message to oneself is allowed. Both sides know the lengths from the plan. Empty messages are
    /// not sent: leave them out on both sides.
    fn exchange(&self, sends: &[(usize, &[u8])], recvs: &mut [(usize, &mut [u8])]);
}
