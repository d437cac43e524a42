//! Rank to rank: the one seam through which array data moves.
//!
//! Three implementations: `Solo` (one rank), `Threads` (ranks as threads of one process), and `Mpi` in the binary.
//! Every call is collective over the whole team except exchanges, which are collective over the ranks named in it.
//! Failures of the transport are fatal to the team (as MPI's are): they abort, they do not return.

pub mod threads;

mod solo;

use std::cell::Cell;

pub use solo::Solo;
pub use threads::Threads;

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
    /// not sent, so that it makes no difference whether they are listed.
    fn exchange(&self, sends: &[(usize, &[u8])], recvs: &mut [(usize, &mut [u8])]) {
        self.exchange_while(sends, recvs, &mut || ());
    }

    /// `exchange`, and this rank's own `work` while the messages are under way. It communicates with nobody.
    fn exchange_while(
        &self,
        sends: &[(usize, &[u8])],
        recvs: &mut [(usize, &mut [u8])],
        work: &mut dyn FnMut(),
    );

    /// What this rank has sent to others so far. Messages to itself do not count.
    fn traffic(&self) -> Traffic;
}

/// Bytes of payload and messages sent to other ranks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    pub bytes: u64,
    pub messages: u64,
}

/// The counter behind `Comm::traffic`.
#[derive(Default)]
pub struct Counter(Cell<Traffic>);

impl Counter {
    /// Counts `messages` of `bytes` each.
    pub fn add(&self, messages: usize, bytes: usize) {
        let mut t = self.0.get();
        t.messages += messages as u64;
        t.bytes += messages as u64 * bytes as u64;
        self.0.set(t);
    }

    pub fn get(&self) -> Traffic {
        self.0.get()
    }
}
