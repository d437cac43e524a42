//! A rank's side of the interrupt protocol (docs/architecture.md, "Interrupts"): safe points, counted; holding at one;
//! raising KeyboardInterrupt at the one that the kernel names, or in the midst of a long statement.
//!
//! The program's thread passes safe points; the link's thread gives the orders. In the normal path a safe point is two
//! plain memory accesses of the thread's own counter and one relaxed load of `turn`.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, compiler_fence};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lang::error::{Class, Error, Result};

use crate::progress::Progress;

/// How long a rank that is held may take to its next safe point before it is reported as inside a statement.
///
/// A safe point stores its count and then loads `turn`; a hold stores `turn` and then loads the count. Between the two
/// there is no fence, for that would cost at every statement: instead the link's thread waits this long before it
/// reads, and by then each side has seen the other's store (a store leaves the processor in well under a microsecond,
/// and a thread that is preempted in between has drained its stores).
pub const GRACE: Duration = Duration::from_millis(10);

pub struct Control {
    /// For those who wait to see how far it has come.
    pub progress: Progress,
    /// Safe points that the running program has passed. Written by the program's thread only.
    passed: AtomicU64,
    /// The safe point from which on the program's thread must look at `orders`; `NEVER` while there are none.
    turn: AtomicU64,
    orders: Mutex<Orders>,
    changed: Condvar,
    /// Of a rank's own work within a statement: whose orders stop it. Its safe points count for nothing.
    within: Option<Arc<Control>>,
    /// That has told it to stop.
    heard: AtomicBool,
}

const NEVER: u64 = u64::MAX;

#[derive(Default)]
struct Orders {
    /// The program that runs, or ran last.
    seq: u64,
    running: bool,
    /// How many interrupts the program has had.
    raised: u32,
    order: Option<Told>,
    /// The safe point where the program's thread waits.
    paused: Option<u64>,
    closed: bool,
}

/// An order, for the `nth` interrupt of program `seq`.
#[derive(Clone, Copy)]
struct Told {
    seq: u64,
    nth: u32,
    order: Order,
}

#[derive(Clone, Copy, PartialEq)]
enum Order {
    Hold,
    /// Raise at this safe point; `NEVER` lets the program go on.
    Until(u64),
}

/// Where a held rank is: waiting at safe point `last`, or in the statement after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub last: u64,
    pub paused: bool,
}

/// What comes of holding a rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    At(Held),
    /// The program has ended, which its reply tells the kernel.
    Ended,
    /// The program has still to raise the interrupt before this one: ask again.
    Later,
}

impl Orders {
    /// The order that the program has to obey.
    fn due(&self) -> Option<Order> {
        let told = self.order.filter(|told| told.seq == self.seq && told.nth > self.raised);
        told.map(|told| told.order)
    }
}

impl Default for Control {
    fn default() -> Control {
        Control {
            progress: Progress::default(),
            passed: AtomicU64::new(0),
            turn: AtomicU64::new(NEVER),
            orders: Mutex::default(),
            changed: Condvar::new(),
            within: None,
            heard: AtomicBool::new(false),
        }
    }
}

impl Control {
    /// Of a program that this rank runs by itself within a statement: its safe points are looks at whether to leave the
    /// statement (see `watch`).
    pub fn within(outer: Arc<Control>) -> Control {
        Control { turn: AtomicU64::new(0), within: Some(outer), ..Control::default() }
    }

    /// Whether it has been told to stop, once and for all. Only of one `within` another.
    pub fn heard(&self) -> bool {
        if let Some(outer) = &self.within
            && outer.stopping()
        {
            self.heard.store(true, Ordering::Relaxed);
        }
        self.heard.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The program's thread: program `seq` begins.
    pub fn begin(&self, seq: u64) {
        let mut orders = self.lock();
        (orders.seq, orders.running, orders.raised) = (seq, true, 0);
        self.passed.store(0, Ordering::Relaxed);
        self.progress.begin();
        self.aim(&orders);
    }

    /// The program's thread: the program has ended, and orders for it are void.
    pub fn end(&self) {
        let mut orders = self.lock();
        orders.running = false;
        self.aim(&orders);
        self.changed.notify_all();
    }

    /// The program that runs.
    pub fn running(&self) -> Option<u64> {
        let orders = self.lock();
        orders.running.then_some(orders.seq)
    }

    /// The program's thread: no collective is under way, and every statement is whole.
    ///
    /// # Errors
    /// KeyboardInterrupt, on every rank at the same safe point.
    ///
    /// # Panics
    /// When the kernel names a safe point that this rank has passed: the ranks would part, so the team must fail.
    #[inline]
    pub fn safe_point(&self) -> Result<()> {
        let at = self.passed.load(Ordering::Relaxed) + 1;
        self.passed.store(at, Ordering::Relaxed);
        // Keeps the compiler from loading `turn` first; see GRACE.
        compiler_fence(Ordering::SeqCst);
        if at < self.turn.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.obey(at)
    }

    /// The safe points that the running program has passed: equal on all ranks.
    #[inline]
    pub fn passed(&self) -> u64 {
        self.passed.load(Ordering::Relaxed)
    }

    #[cold]
    fn obey(&self, at: u64) -> Result<()> {
        if self.within.is_some() {
            return if self.heard() { Err(Error::new(Class::KeyboardInterrupt, "")) } else { Ok(()) };
        }
        let mut orders = self.lock();
        loop {
            if orders.closed {
                return Err(Error::new(Class::EngineError, "the kernel is gone"));
            }
            match orders.due() {
                Some(Order::Hold) => {
                    orders.paused = Some(at);
                    self.changed.notify_all();
                    orders = self.changed.wait(orders).unwrap_or_else(PoisonError::into_inner);
                    orders.paused = None;
                }
                Some(Order::Until(until)) if at == until => {
                    orders.raised += 1;
                    self.aim(&orders);
                    return Err(Error::new(Class::KeyboardInterrupt, ""));
                }
                Some(Order::Until(until)) if at > until => {
                    panic!("interrupted at safe point {until}, which this rank has passed: it is at {at}")
                }
                _ => {
                    self.aim(&orders);
                    return Ok(());
                }
            }
        }
    }

    /// Sets `turn` by the orders.
    fn aim(&self, orders: &Orders) {
        let turn = match orders.due().filter(|_| orders.running) {
            _ if orders.closed || self.within.is_some() => 0,
            Some(Order::Hold) => 0,
            Some(Order::Until(until)) => until,
            None => NEVER,
        };
        self.turn.store(turn, Ordering::Relaxed);
    }

    /// The program's thread: whether to leave the statement that is under way. The ranks then agree that one has
    /// (`Ctx::agree`), for the others may have ended it.
    #[inline]
    pub fn stopping(&self) -> bool {
        self.turn.load(Ordering::Relaxed) != NEVER && self.told_to_stop()
    }

    #[cold]
    fn told_to_stop(&self) -> bool {
        if self.within.is_some() {
            return self.heard();
        }
        let orders = self.lock();
        orders.closed || orders.due().is_some_and(|order| order != Order::Until(NEVER))
    }

    /// The program's thread: the ranks have agreed on KeyboardInterrupt, whether or not this one has heard of it yet.
    pub fn agreed(&self) {
        let mut orders = self.lock();
        orders.raised += 1;
        self.aim(&orders);
        self.changed.notify_all();
    }

    /// The link's thread: stop program `seq` at its next safe point, for its `nth` interrupt. Waits for that at most
    /// `GRACE`, and says where the rank is.
    pub fn hold(&self, seq: u64, nth: u32) -> Hold {
        let mut orders = self.lock();
        let ended = |orders: &Orders| orders.seq > seq || (orders.seq == seq && !orders.running);
        let raised = |orders: &Orders| if orders.seq == seq { orders.raised } else { 0 };
        if !ended(&orders) && raised(&orders) + 1 < nth {
            return Hold::Later;
        }
        orders.order = Some(Told { seq, nth, order: Order::Hold });
        self.aim(&orders);
        let deadline = Instant::now() + GRACE;
        loop {
            if ended(&orders) {
                return Hold::Ended;
            }
            if let Some(last) = orders.paused {
                return Hold::At(Held { last, paused: true });
            }
            let left = deadline.saturating_duration_since(Instant::now());
            // What the ranks have agreed on needs no stop.
            if left.is_zero() || raised(&orders) >= nth {
                let begun = orders.seq == seq;
                let last = if begun { self.passed.load(Ordering::Relaxed) } else { 0 };
                return Hold::At(Held { last, paused: false });
            }
            orders = self.changed.wait_timeout(orders, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The link's thread: go on, and raise KeyboardInterrupt at safe point `until` of program `seq`.
    pub fn interrupt(&self, seq: u64, nth: u32, until: u64) {
        let mut orders = self.lock();
        orders.order = Some(Told { seq, nth, order: Order::Until(until) });
        self.aim(&orders);
        self.changed.notify_all();
    }

    /// The link's thread: there is no kernel any more; the program fails at its next safe point.
    pub fn close(&self) {
        let mut orders = self.lock();
        orders.closed = true;
        self.aim(&orders);
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    /// Runs a program of `n` safe points, `pause` apart, and says where it was interrupted.
    fn program(control: &Control, seq: u64, n: u64, pause: Duration) -> Option<u64> {
        control.begin(seq);
        let stopped = (1..=n).find(|_| {
            thread::sleep(pause);
            control.safe_point().is_err()
        });
        control.end();
        stopped
    }

    fn start(seq: u64, n: u64, ms: u64) -> (Arc<Control>, thread::JoinHandle<Option<u64>>) {
        let control = Arc::new(Control::default());
        let its = control.clone();
        (control, thread::spawn(move || program(&its, seq, n, Duration::from_millis(ms))))
    }

    #[test]
    fn stops_where_it_is_told() {
        let (control, rank) = start(1, u64::MAX, 0);
        let held = loop {
            if let Hold::At(Held { last, paused: true }) = control.hold(1, 1) {
                break last;
            }
        };
        control.interrupt(1, 1, held + 1000);
        assert_eq!(rank.join().unwrap(), Some(held + 1000));
    }

    #[test]
    fn a_long_statement_is_reported_by_the_link() {
        let (control, rank) = start(1, u64::MAX, 100);
        thread::sleep(Duration::from_millis(150));
        assert_eq!(control.hold(1, 1), Hold::At(Held { last: 1, paused: false }));
        control.interrupt(1, 1, 2);
        assert_eq!(rank.join().unwrap(), Some(2));
    }

    #[test]
    fn orders_before_the_program_wait_for_it() {
        let control = Control::default();
        assert_eq!(program(&control, 1, 3, Duration::ZERO), None);
        assert_eq!(control.hold(2, 1), Hold::At(Held { last: 0, paused: false }));
        control.interrupt(2, 1, 1);
        assert_eq!(program(&control, 2, 3, Duration::ZERO), Some(1));
    }

    #[test]
    fn orders_after_the_program_are_void() {
        let control = Control::default();
        assert_eq!(program(&control, 1, 3, Duration::ZERO), None);
        assert_eq!(control.hold(1, 1), Hold::Ended);
        assert_eq!(program(&control, 2, 3, Duration::ZERO), None);
        control.interrupt(1, 1, 2);
        assert_eq!(program(&control, 3, 3, Duration::ZERO), None);
    }

    #[test]
    fn a_released_program_goes_on() {
        let (control, rank) = start(1, 30, 1);
        assert_ne!(control.hold(1, 1), Hold::Ended);
        control.interrupt(1, 1, NEVER);
        assert_eq!(rank.join().unwrap(), None);
    }

    #[test]
    fn an_interrupt_that_was_agreed_on_is_void_when_it_arrives() {
        let control = Control::default();
        control.begin(1);
        control.agreed();
        assert_eq!(control.hold(1, 1), Hold::At(Held { last: 0, paused: false }));
        assert!(control.safe_point().is_ok() && !control.stopping());
        control.interrupt(1, 1, 1);
        assert!(control.safe_point().is_ok() && !control.stopping());
    }

    #[test]
    fn a_program_that_goes_on_can_be_interrupted_again() {
        let control = Control::default();
        control.begin(1);
        control.interrupt(1, 1, 1);
        assert_eq!(control.hold(1, 2), Hold::Later);
        assert!(control.stopping());
        assert!(control.safe_point().is_err());
        assert!(!control.stopping());
        assert_eq!(control.hold(1, 2), Hold::At(Held { last: 1, paused: false }));
        assert!(control.stopping());
        control.interrupt(1, 2, 3);
        assert!(control.safe_point().is_ok() && control.safe_point().is_err());
    }

    #[test]
    fn what_runs_within_a_statement_hears_of_the_stop() {
        let outer = Arc::new(Control::default());
        outer.begin(1);
        let inner = Control::within(outer.clone());
        assert!(inner.safe_point().is_ok() && !inner.stopping());
        outer.interrupt(1, 1, 7);
        assert!(inner.stopping() && inner.safe_point().is_err());
        outer.agreed();
        // It has left its work undone.
        assert!(!outer.stopping() && inner.heard() && inner.safe_point().is_err());
        inner.agreed();
        assert!(inner.safe_point().is_err());
    }

    #[test]
    fn no_kernel_no_program() {
        let (control, rank) = start(1, u64::MAX, 0);
        control.hold(1, 1);
        control.close();
        assert!(rank.join().unwrap().is_some());
    }
}
