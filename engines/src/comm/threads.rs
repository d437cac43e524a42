//! Ranks as threads of one process: the embedded team, and what tests use for any number of ranks.
//!
//! Waiting is on condition variables, never by spinning. A rank that panics or leaves fails every other rank that
//! waits for it: that one unwinds with `TeamFailed`, which the panic hook does not print.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::{Comm, Counter, Traffic};

/// The stack of a rank's thread: recursion in the language ends by its own limit, not by the stack. Untouched pages cost nothing.
pub const STACK: usize = 256 << 20;

/// What a rank unwinds with when it waits for a rank that is gone.
#[derive(Clone, Copy, Debug)]
pub struct TeamFailed {
    pub gone: usize,
}

/// One rank's end. Give each to a thread of its own.
pub struct Threads {
    rank: usize,
    team: Arc<Team>,
    sent: Counter,
}

struct Team {
    state: Mutex<State>,
    /// One per rank: only the ranks that wait for something are woken.
    wake: Vec<Condvar>,
}

struct State {
    /// `inbox[to][from]`: a pair's messages keep their order, and that is enough, for calls are collective.
    inbox: Vec<Vec<VecDeque<Arc<[u8]>>>>,
    /// The rank that left first, panicking or not: after that no barrier is complete.
    gone: Option<usize>,
    left: Vec<bool>,
    barrier: (usize, u64),
}

/// The ends of a team of `n` ranks, by rank.
pub fn team(n: usize) -> Vec<Threads> {
    let inbox = (0..n).map(|_| (0..n).map(|_| VecDeque::new()).collect()).collect();
    let state = State { inbox, gone: None, left: vec![false; n], barrier: (0, 0) };
    let team = Arc::new(Team { state: Mutex::new(state), wake: (0..n).map(|_| Condvar::new()).collect() });
    (0..n).map(|rank| Threads { rank, team: team.clone(), sent: Counter::default() }).collect()
}

/// Runs `f` on `n` ranks and returns their results, by rank.
///
/// # Panics
/// With the panic of the first rank that had one of its own.
pub fn run<T: Send>(n: usize, f: impl Fn(Box<dyn Comm>) -> T + Sync) -> Vec<T> {
    let f = &f;
    let results: Vec<thread::Result<T>> = thread::scope(|scope| {
        let start = |end: Threads| {
            let builder = thread::Builder::new().name(format!("rank {}", end.rank)).stack_size(STACK);
            builder.spawn_scoped(scope, move || f(Box::new(end))).expect("a thread for each rank")
        };
        let ranks: Vec<_> = team(n).into_iter().map(start).collect();
        ranks.into_iter().map(|t| t.join()).collect()
    });
    let (values, failures): (Vec<_>, Vec<_>) = results.into_iter().partition(|r| r.is_ok());
    let mut failures: Vec<Box<dyn Any + Send>> = failures.into_iter().filter_map(Result::err).collect();
    if let Some(own) = failures.iter().position(|p| !p.is::<TeamFailed>()) {
        resume_unwind(failures.swap_remove(own));
    }
    assert!(failures.is_empty(), "a rank left its team while others waited for it");
    values.into_iter().filter_map(Result::ok).collect()
}

impl Threads {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.team.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&'a self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.team.wake[self.rank].wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn post(&self, to: usize, message: Arc<[u8]>) {
        self.lock().inbox[to][self.rank].push_back(message);
        self.team.wake[to].notify_one();
    }

    fn take(&self, from: usize) -> Arc<[u8]> {
        let mut state = self.lock();
        loop {
            if let Some(message) = state.inbox[self.rank][from].pop_front() {
                return message;
            }
            if state.left[from] {
                drop(state);
                resume_unwind(Box::new(TeamFailed { gone: from }));
            }
            state = self.wait(state);
        }
    }
}

impl Comm for Threads {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.team.wake.len()
    }

    fn barrier(&self) {
        let mut state = self.lock();
        state.barrier.0 += 1;
        if state.barrier.0 == self.size() {
            state.barrier = (0, state.barrier.1 + 1);
            self.team.wake.iter().for_each(Condvar::notify_one);
            return;
        }
        let generation = state.barrier.1;
        while state.barrier.1 == generation {
            if let Some(gone) = state.gone {
                drop(state);
                resume_unwind(Box::new(TeamFailed { gone }));
            }
            state = self.wait(state);
        }
    }

    fn allgather(&self, mine: &[u8]) -> Vec<Vec<u8>> {
        let message: Arc<[u8]> = mine.into();
        let others = |rank: &usize| *rank != self.rank;
        (0..self.size()).filter(others).for_each(|to| self.post(to, message.clone()));
        self.sent.add(self.size() - 1, mine.len());
        (0..self.size())
            .map(|from| if from == self.rank { mine.to_vec() } else { self.take(from).to_vec() })
            .collect()
    }

    fn exchange_while(
        &self,
        sends: &[(usize, &[u8])],
        recvs: &mut [(usize, &mut [u8])],
        work: &mut dyn FnMut(),
    ) {
        for (to, bytes) in sends.iter().filter(|(to, b)| *to != self.rank && !b.is_empty()) {
            self.post(*to, (*bytes).into());
            self.sent.add(1, bytes.len());
        }
        work();
        for (from, buffer) in recvs.iter_mut().filter(|(_, b)| !b.is_empty()) {
            if *from == self.rank {
                let own =
                    sends.iter().find(|(to, _)| to == from).expect("a message to oneself is sent as well");
                buffer.copy_from_slice(own.1);
            } else {
                let message = self.take(*from);
                assert_eq!(message.len(), buffer.len(), "from rank {from} to {}", self.rank);
                buffer.copy_from_slice(&message);
            }
        }
    }

    fn traffic(&self) -> Traffic {
        self.sent.get()
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        let mut state = self.lock();
        state.left[self.rank] = true;
        state.gone.get_or_insert(self.rank);
        self.team.wake.iter().for_each(Condvar::notify_one);
    }
}

/// Runs `f`, turning its panic into a message; `None` says that another rank is to blame.
pub fn caught<T>(f: impl FnOnce() -> T) -> Result<T, Option<String>> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload| match payload {
        p if p.is::<TeamFailed>() => None,
        p => Some(message(&*p)),
    })
}

/// The text of a panic.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| s.to_string());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panicked".into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    /// Who sends how many bytes to whom: `lens[from][to]`.
    fn exchange_all(lens: &[Vec<usize>]) {
        let byte = |from: usize, to: usize, i: usize| (from * 31 + to * 7 + i) as u8;
        let n = lens.len();
        let traffic = run(n, |comm| {
            let me = comm.rank();
            for round in 0..3 {
                let payload = |from: usize, to: usize| -> Vec<u8> {
                    (0..lens[from][to]).map(|i| byte(from, to, i + round)).collect()
                };
                let sends: Vec<_> = (0..n).map(|to| (to, payload(me, to))).collect();
                let mut recvs: Vec<_> = (0..n).rev().map(|from| (from, vec![0; lens[from][me]])).collect();
                let sends: Vec<_> = sends.iter().map(|(to, b)| (*to, b.as_slice())).collect();
                comm.exchange(
                    &sends,
                    &mut recvs.iter_mut().map(|(from, b)| (*from, b.as_mut_slice())).collect::<Vec<_>>(),
                );
                recvs.iter().for_each(|(from, got)| assert_eq!(got, &payload(*from, me)));
                let all = comm.allgather(&payload(me, round % n));
                all.iter().enumerate().for_each(|(from, got)| assert_eq!(got, &payload(from, round % n)));
                comm.barrier();
            }
            comm.traffic()
        });
        for (from, t) in traffic.iter().enumerate() {
            let off_rank = (0..n).filter(|to| *to != from).map(|to| lens[from][to]);
            let gathered: usize = (0..3).map(|round| lens[from][round % n] * (n - 1)).sum();
            assert_eq!(t.bytes as usize, 3 * off_rank.sum::<usize>() + gathered);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn any_pattern(lens in (1usize..7).prop_flat_map(|n| {
            let len = prop_oneof![3 => Just(0usize), 3 => 1usize..9, 1 => 1000usize..5000];
            prop::collection::vec(prop::collection::vec(len, n), n)
        })) {
            exchange_all(&lens);
        }
    }

    /// A team fails, and fails soon, with the panic of the rank that had one of its own.
    fn fails(wait: impl Fn(&dyn Comm) + Sync) {
        let result = caught(|| {
            run(3, |comm| {
                if comm.rank() == 1 {
                    thread::sleep(Duration::from_millis(20));
                    resume_unwind(Box::new("boom"));
                }
                wait(&*comm);
            })
        });
        assert_eq!(result.unwrap_err().as_deref(), Some("boom"));
    }

    #[test]
    fn a_panic_fails_the_others() {
        fails(|comm| comm.barrier());
        fails(|comm| drop(comm.allgather(b"x")));
        fails(|comm| comm.exchange(&[], &mut [(1, &mut [0])]));
        fails(|_| ());
    }

    #[test]
    fn solo_is_a_team_of_one() {
        let mut got = [0; 3];
        super::super::Solo.exchange(&[(0, b"abc")], &mut [(0, &mut got)]);
        assert_eq!(&got, b"abc");
        assert_eq!(super::super::Solo.allgather(b"abc"), [b"abc"]);
    }
}
