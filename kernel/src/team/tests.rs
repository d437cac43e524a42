//! Embedded teams with a machine whose programs are words, to see what becomes of them on the way.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use engines::ctx::Ctx;
use engines::link::{Output, Reply, Sink};
use lang::error::{Class, Error};
use lang::ir::Program;
use lang::source::Source;

use super::{Event, Spec, State, Team};

/// A machine that knows these words: `print`, `ring` (for ever: a safe point, a barrier), `count` (for ever: a safe point),
/// `long` (0.2 s without one), `panic`, `quarrel`.
fn machine(ctx: Ctx, mut sink: Sink) -> impl FnMut(&Program) -> Reply {
    move |program| {
        let (mut passed, one) = (0u64, ctx.comm.rank() == 1);
        let mut step = |word: &str| -> lang::error::Result<()> {
            passed += 1;
            ctx.safe_point()?;
            match word {
                "print" => sink(Output::Stderr("hello".into())),
                "ring" => ctx.comm.barrier(),
                "count" => (),
                "quarrel" if !one => (),
                "long" => std::thread::sleep(Duration::from_millis(200)),
                "panic" if one => panic!("as it was told"),
                "quarrel" if one => return Err(Error::value("only here")),
                _ => ctx.comm.barrier(),
            }
            Ok(())
        };
        let words: Vec<&str> = program.source.text.split(' ').collect();
        let run = || -> lang::error::Result<()> {
            for word in words {
                step(word)?;
                if word == "ring" || word == "count" {
                    loop {
                        step(word)?;
                    }
                }
            }
            Ok(())
        };
        let error = run().err();
        if error.as_ref().is_some_and(|e| e.class == Class::KeyboardInterrupt) {
            let all = ctx.comm.allgather(&passed.to_le_bytes());
            assert!(all.iter().all(|other| *other == all[0]), "interrupted at {all:?}");
        }
        Reply { error, ..Reply::default() }
    }
}

fn program(text: &str) -> Program {
    let source = Source { name: "cell 1".into(), text: text.into() };
    let json = serde_json::json!({
        "source": source, "globals": [], "functions": [], "body": [], "shown": null,
        "locals": 0, "local_names": [], "cells": 0, "cell_names": [], "notes": "None",
    });
    serde_json::from_value(json).unwrap()
}

fn start(ranks: usize) -> (Team, Receiver<Event>) {
    let (sender, events) = channel();
    let spec = Spec::parse(&format!("threads:{ranks}")).unwrap();
    (Team::start_with(&spec, sender, machine).unwrap(), events)
}

/// The next event, in the words of these tests.
fn next(events: &Receiver<Event>) -> String {
    match events.recv_timeout(Duration::from_secs(10)).expect("an event in time") {
        Event::Ready => "ready".into(),
        Event::Progress(_) => next(events),
        Event::Output { seq, output } => format!("{seq} says {output:?}"),
        Event::Died { message } => format!("died: {message}"),
        Event::Done { seq, reply, stats } => match reply.error {
            None => format!("{seq} done by {}", stats.len()),
            Some(error) => format!("{seq} {error}"),
        },
    }
}

/// What comes of these programs on three ranks.
fn check(programs: &[&str], expected: &[&str]) {
    let (mut team, events) = start(3);
    for text in programs {
        team.run(program(text));
    }
    let got: Vec<String> = expected.iter().map(|_| next(&events)).collect();
    assert_eq!(got, expected);
}

#[test]
fn programs_run_in_order() {
    check(
        &["print", "print print", "x"],
        &[
            "ready",
            "1 says Stderr(\"hello\")",
            "1 done by 3",
            "2 says Stderr(\"hello\")",
            "2 says Stderr(\"hello\")",
            "2 done by 3",
            "3 done by 3",
        ],
    );
}

#[test]
fn a_panic_ends_the_team_not_the_kernel() {
    let gone = "rank 1 panicked: as it was told";
    let failed = |seq| format!("{seq} EngineError: the engines are gone: {gone}");
    check(&["panic x", "x"], &["ready", &failed(1), &failed(2), &format!("died: {gone}")]);
}

#[test]
fn ranks_that_disagree_are_not_trusted() {
    let gone = "the ranks disagree: rank 0 has no error; rank 1 has ValueError: only here";
    check(
        &["quarrel"],
        &["ready", &format!("1 EngineError: the engines are gone: {gone}"), &format!("died: {gone}")],
    );
}

#[test]
fn a_dead_team_answers_at_once() {
    let (mut team, events) = start(2);
    team.run(program("panic x"));
    assert_eq!(next(&events), "ready");
    while !next(&events).starts_with("died") {}
    assert!(matches!(team.info().state, State::Dead(_)));
    assert_eq!(team.run(program("x")), 2);
    assert!(next(&events).starts_with("2 EngineError: the engines are gone"));
}

/// Interrupts a program after `ms`: it ends so within a second, and the team goes on.
fn interrupts(ranks: usize, text: &str, ms: u64) {
    let (mut team, events) = start(ranks);
    assert_eq!(next(&events), "ready");
    for seq in [1, 3] {
        team.run(program(text));
        std::thread::sleep(Duration::from_millis(ms));
        let start = Instant::now();
        team.interrupt();
        team.interrupt();
        assert_eq!(next(&events), format!("{seq} KeyboardInterrupt: "));
        assert!(start.elapsed() < Duration::from_secs(1));
        team.run(program("x x"));
        assert_eq!(next(&events), format!("{} done by {ranks}", seq + 1));
    }
}

#[test]
fn all_ranks_are_interrupted_at_the_same_place() {
    for ranks in [1, 2, 5] {
        for ms in [0, 1, 30] {
            interrupts(ranks, "ring", ms);
            interrupts(ranks, "count", ms);
        }
        interrupts(ranks, "long long x ring", 100);
    }
}

#[test]
fn an_interrupt_that_comes_late_is_void() {
    let (mut team, events) = start(3);
    assert_eq!(next(&events), "ready");
    team.interrupt();
    for seq in 1..200 {
        team.run(program("x x x"));
        std::thread::sleep(Duration::from_micros(seq * 5));
        team.interrupt();
        let end = next(&events);
        assert!(end == format!("{seq} done by 3") || end == format!("{seq} KeyboardInterrupt: "), "{end}");
    }
}

#[test]
fn a_team_ends_in_the_midst_of_a_program() {
    for text in ["ring", "count"] {
        let (mut team, events) = start(3);
        team.run(program(text));
        assert_eq!(next(&events), "ready");
        let start = Instant::now();
        team.shutdown();
        assert!(start.elapsed() < Duration::from_secs(1));
        assert!(events.recv().is_err());
    }
}
