//! How far a program has come: written by its thread in passing, read by the link's thread now and then.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// The statement at the top level that runs, the loop there and the one within it, and what moves between ranks. Plain stores and
/// loads: a report may mix two moments, which nobody minds.
#[derive(Debug, Default)]
pub struct Progress {
    place: AtomicU32,
    /// Loops that are reported on and run: the outermost, and one within it.
    depth: AtomicU32,
    loops: [Turns; 2],
    /// Bytes that this rank has sent since the program began; and of an exchange in rounds, those that are done and all.
    sent: AtomicU64,
    round: AtomicU64,
    rounds: AtomicU64,
}

#[derive(Debug, Default)]
struct Turns {
    done: AtomicU64,
    /// How many turns the loop has; `UNKNOWN` where nobody knows.
    of: AtomicU64,
}

impl Turns {
    fn load(&self) -> (u64, Option<u64>) {
        let (done, of) = (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed));
        if of == UNKNOWN { (done, None) } else { (done.min(of), Some(of)) }
    }
}

const UNKNOWN: u64 = u64::MAX;

/// Where a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Where the statement at the top level begins in the source.
    pub place: u32,
    /// Of its loop: the turns that are done, and how many there are, where that is known.
    pub turns: Option<(u64, Option<u64>)>,
    /// As `turns`, of a loop within it.
    pub inner: Option<(u64, Option<u64>)>,
    /// Bytes that this rank has sent to others since the program began.
    pub sent: u64,
    /// Of a long exchange that is under way: its rounds that are done, and all.
    pub exchange: Option<(u64, u64)>,
}

impl Progress {
    /// A program begins.
    pub fn begin(&self) {
        self.sent.store(0, Ordering::Relaxed);
        self.statement(0);
    }

    /// A statement at the top level begins.
    pub fn statement(&self, place: u32) {
        self.place.store(place, Ordering::Relaxed);
        self.depth.store(0, Ordering::Relaxed);
        self.rounds.store(0, Ordering::Relaxed);
    }

    /// A loop at the top level begins; false where it stands within two others, which are those to report.
    pub fn enter(&self, of: Option<usize>) -> bool {
        let depth = self.depth.load(Ordering::Relaxed);
        let Some(turns) = self.loops.get(depth as usize) else {
            return false;
        };
        turns.done.store(0, Ordering::Relaxed);
        turns.of.store(of.map_or(UNKNOWN, |n| (n as u64).max(1)), Ordering::Relaxed);
        self.depth.store(depth + 1, Ordering::Relaxed);
        true
    }

    /// So many turns of the loop that was entered last are done.
    #[inline]
    pub fn turn(&self, done: u64) {
        let inner = self.depth.load(Ordering::Relaxed) > 1;
        self.loops[inner as usize].done.store(done, Ordering::Relaxed);
    }

    pub fn leave(&self) {
        let depth = self.depth.load(Ordering::Relaxed);
        self.depth.store(depth.saturating_sub(1), Ordering::Relaxed);
    }

    /// So many bytes were sent to other ranks.
    pub fn sent(&self, bytes: u64) {
        self.sent.store(self.sent.load(Ordering::Relaxed) + bytes, Ordering::Relaxed);
    }

    /// So many rounds of a long exchange are done; none of none when it has ended.
    pub fn exchange(&self, round: usize, rounds: usize) {
        self.round.store(round as u64, Ordering::Relaxed);
        self.rounds.store(rounds as u64, Ordering::Relaxed);
    }

    pub fn report(&self) -> Report {
        let depth = self.depth.load(Ordering::Relaxed);
        let turns = |level: usize| (depth as usize > level).then(|| self.loops[level].load());
        let (round, rounds) = (self.round.load(Ordering::Relaxed), self.rounds.load(Ordering::Relaxed));
        Report {
            place: self.place.load(Ordering::Relaxed),
            turns: turns(0),
            inner: turns(1),
            sent: self.sent.load(Ordering::Relaxed),
            exchange: (rounds > 1).then_some((round.min(rounds), rounds)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_loops_are_reported() {
        let progress = Progress::default();
        progress.statement(7);
        assert_eq!((progress.report().place, progress.report().turns), (7, None));
        assert!(progress.enter(Some(10)));
        progress.turn(3);
        assert!(progress.enter(None));
        progress.turn(8);
        assert!(!progress.enter(Some(5)));
        assert_eq!(
            (progress.report().turns, progress.report().inner),
            (Some((3, Some(10))), Some((8, None)))
        );
        progress.leave();
        progress.turn(4);
        assert_eq!((progress.report().turns, progress.report().inner), (Some((4, Some(10))), None));
        progress.leave();
        assert!(progress.enter(None));
        progress.turn(5);
        assert_eq!(progress.report().turns, Some((5, None)));
        progress.statement(9);
        assert_eq!((progress.report().place, progress.report().turns), (9, None));
    }

    #[test]
    fn what_moves_is_reported() {
        let progress = Progress::default();
        progress.begin();
        progress.sent(5);
        progress.exchange(1, 4);
        progress.sent(6);
        assert_eq!((progress.report().sent, progress.report().exchange), (11, Some((1, 4))));
        progress.exchange(0, 0);
        assert_eq!(progress.report().exchange, None);
        progress.begin();
        assert_eq!(progress.report().sent, 0);
    }
}
