//! A rank's own share of a statement, where it may be long: its loops ask `go_on`, and all ranks agree at the end.
//!
//! Ranks have unequal shares, so a share has no safe points. Instead a loop returns early where the kernel wants the
//! program stopped, and what it has made is not used: `Ctx::end` raises KeyboardInterrupt on every rank where any rank
//! has stopped. The ranks stay in step whatever the loops leave undone, as long as nothing that they compute says how
//! much is exchanged before that.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use lang::error::{Class, Error, Result};

use crate::control::Control;

/// A share of less than so many nanoseconds, by estimate, is not worth a message: it runs to its end.
pub const LONG: usize = 100_000_000;

/// Elements that a plain loop does between two looks: well under a millisecond. Tests look often.
pub const LOOK: usize = if cfg!(test) { 8 } else { 1 << 18 };

thread_local! {
    // A rank is a thread, and loops that are far from its `Ctx` ask.
    static WATCHED: RefCell<Option<Arc<Control>>> = const { RefCell::new(None) };
    static STOPPED: Cell<bool> = const { Cell::new(false) };
}

/// A share that is under way. It ends with `Ctx::end`.
#[must_use = "the ranks agree by Ctx::end on whether the share is whole"]
pub struct Watch {
    long: bool,
    before: Option<Arc<Control>>,
}

/// To be asked by the loops of a rank's own work at least every 50 ms. Where it says no, the loop returns at once; what
/// it leaves behind is not used. One thread-local and one relaxed load.
#[inline]
pub fn go_on() -> bool {
    WATCHED.with_borrow(|control| match control {
        Some(control) if STOPPED.get() || control.stopping() || counted_down() => {
            STOPPED.set(true);
            false
        }
        _ => true,
    })
}

#[cfg(test)]
thread_local! {
    /// Looks that are still to be answered by yes.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Has this rank stop at its `k`-th look from now on, once.
#[cfg(test)]
pub fn stop_at(k: usize) {
    LEFT.set(k);
}

#[cfg(test)]
fn counted_down() -> bool {
    let left = LEFT.get();
    LEFT.set(if left == 1 { usize::MAX } else { left - (left < usize::MAX) as usize });
    left == 1
}

#[cfg(not(test))]
fn counted_down() -> bool {
    false
}

/// Does a little work to its end, also within a share that is to stop.
pub fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
    let before = WATCHED.take();
    let done = work();
    WATCHED.set(before);
    done
}

/// `go_on` for loops whose results are errors too.
///
/// # Errors
/// KeyboardInterrupt, which goes through `Ctx::agree` like every error of a rank's own.
#[inline]
pub fn check() -> Result<()> {
    if go_on() { Ok(()) } else { Err(Error::new(Class::KeyboardInterrupt, "")) }
}

impl Watch {
    /// A share that all ranks say is long, or not.
    pub fn begin(control: &Arc<Control>, long: bool) -> Watch {
        let before = WATCHED.with_borrow_mut(|watched| match long {
            true => watched.replace(control.clone()),
            false => watched.clone(),
        });
        if before.is_none() {
            STOPPED.set(false);
        }
        Watch { long, before }
    }

    /// Whether the ranks have to agree on how it ended.
    pub fn is_long(&self) -> bool {
        self.long
    }

    /// What this rank's loops came to.
    pub fn outcome(&self) -> Result<()> {
        check()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        WATCHED.with_borrow_mut(|watched| *watched = self.before.take());
    }
}
