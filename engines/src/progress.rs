//! How far a program has come: written by its thread in passing, read by the link's thread now and then.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// The statement at the top level that runs, and the loop there. Plain stores and loads: a report may mix two moments,
/// which nobody minds.
#[derive(Debug, Default)]
pub struct Progress {
    place: AtomicU32,
    done: AtomicU64,
    /// How many turns the loop has; `NONE` outside of loops, `UNKNOWN` where nobody knows.
    of: AtomicU64,
}

const NONE: u64 = 0;
const UNKNOWN: u64 = u64::MAX;

/// Where a program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Where the statement at the top level begins in the source.
    pub place: u32,
    /// Of its loop: the turns that are done, and how many there are, where that is known.
    pub turns: Option<(u64, Option<u64>)>,
}

impl Progress {
    /// A statement at the top level begins.
    pub fn statement(&self, place: u32) {
        self.place.store(place, Ordering::Relaxed);
        self.of.store(NONE, Ordering::Relaxed);
    }

    /// A loop at the top level begins; false where it stands within another, which is the one to report.
    pub fn enter(&self, of: Option<usize>) -> bool {
        if self.of.load(Ordering::Relaxed) != NONE {
            return false;
        }
        self.done.store(0, Ordering::Relaxed);
        self.of.store(of.map_or(UNKNOWN, |n| (n as u64).max(1)), Ordering::Relaxed);
        true
    }

    /// So many turns of the loop are done.
    #[inline]
    pub fn turn(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    pub fn leave(&self) {
        self.of.store(NONE, Ordering::Relaxed);
    }

    pub fn report(&self) -> Report {
        let (done, of) = (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed));
        let turns = match of {
            NONE => None,
            UNKNOWN => Some((done, None)),
            of => Some((done.min(of), Some(of))),
        };
        Report { place: self.place.load(Ordering::Relaxed), turns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outer_loop_is_reported() {
        let progress = Progress::default();
        progress.statement(7);
        assert_eq!(progress.report(), Report { place: 7, turns: None });
        assert!(progress.enter(Some(10)));
        progress.turn(3);
        assert!(!progress.enter(None));
        assert_eq!(progress.report().turns, Some((3, Some(10))));
        progress.leave();
        assert!(progress.enter(None));
        progress.turn(5);
        assert_eq!(progress.report().turns, Some((5, None)));
        progress.statement(9);
        assert_eq!(progress.report(), Report { place: 9, turns: None });
    }
}
