//! Random programs: whole cells of statements on arrays of random shapes, dtypes and layouts. Every team of 1 to 5 ranks
//! must print the same, no team may hang, and NumPy says the same (`tests/oracle/programs.py`, from the file that
//! `DISTARRAY_PROGRAMS_FILE` names).
//!
//! `DISTARRAY_PROGRAMS=n` programs instead of the usual number, `DISTARRAY_SEED=s` those from seed `s` on: with
//! `DISTARRAY_PROGRAMS=1` the one that a failure has named, which is printed.

mod blocks;
mod expr;
mod extra;
mod keys;
mod maker;
mod moves;
mod statement;
mod teams;
mod term;
mod through;
mod watchdog;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[test]
fn random_programs_print_the_same_on_every_team() {
    let (count, first) = (number("DISTARRAY_PROGRAMS", 2000), number("DISTARRAY_SEED", 1));
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get()) as u64;
    let (next, wrong, written) = (AtomicU64::new(first), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return;
            }
            let program = blocks::program(seed);
            if count == 1 {
                println!("{}", program.concat());
            }
            let (alone, differs) = teams::check(seed, &program);
            wrong.lock().expect("no panic").extend(differs);
            written.lock().expect("no panic").push(json!({
                "seed": seed,
                "statements": program.iter().map(|s| harness::operand::for_ranks(s, 1)).collect::<Vec<_>>(),
                "printed": alone.printed,
                "error": alone.error,
                "message": alone.message,
            }));
        }
    };
    std::thread::scope(|scope| {
        (0..workers).for_each(|_| drop(scope.spawn(work)));
    });
    if let Ok(file) = std::env::var("DISTARRAY_PROGRAMS_FILE") {
        let text = serde_json::to_string(&*written.lock().expect("no panic")).expect("text");
        std::fs::write(&file, text).expect("the file is written");
    }
    let wrong = wrong.into_inner().expect("no panic");
    assert!(wrong.is_empty(), "{}\n{} of {count} programs differ", wrong.join("\n"), wrong.len());
}
