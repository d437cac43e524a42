//! What happens when a process of a team is killed, or stops.

use std::time::{Duration, Instant};

use crate::team::{Tested, Traces, program, signal};

/// A team of three, harmed: it is dead within two seconds, says so in these words, and leaves nothing.
fn check(harm: impl Fn(&Traces), words: &str) {
    let mut tested = Tested::start("mpi:3");
    let traces = Traces::of(tested.team.info().pids);
    let start = Instant::now();
    harm(&traces);
    let (message, _) = tested.died();
    let time = start.elapsed();
    assert!(message.contains(words), "{message}");
    assert!(time < Duration::from_secs(2), "noticed after {time:?}");
    tested.team.run(program(""));
    let error = tested.ended().reply.error.unwrap();
    assert_eq!(error.class.name(), "EngineError");
    traces.vanish(Duration::from_secs(2));
}

#[test]
fn a_rank_is_killed() {
    check(|traces| signal(traces.ranks[1], "-KILL"), "rank 1");
}

#[test]
fn a_rank_is_stopped() {
    check(|traces| signal(traces.ranks[2], "-STOP"), "rank 2");
}

#[test]
fn the_launcher_is_killed() {
    check(|traces| signal(traces.launcher, "-KILL"), "have ended");
}

#[test]
fn the_keeper_is_killed() {
    check(|traces| signal(traces.keeper, "-KILL"), "have ended");
}
