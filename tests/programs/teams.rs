//! A program on many teams: whether they agree, and the fewest statements that still show that they do not.

use std::panic::{AssertUnwindSafe, catch_unwind};

use harness::golden::Outcome;
use harness::operand::for_ranks;
use harness::same::difference;
use harness::team::{Team, run};

use crate::watchdog;

const ALONE: Team = Team { ranks: 1, small: 0, layout: "b" };
const TEAMS: &[Team] = &[
    Team { ranks: 2, small: 0, layout: "b" },
    Team { ranks: 3, small: 0, layout: "c2" },
    Team { ranks: 4, small: 0, layout: "bb" },
    Team { ranks: 5, small: 0, layout: "b" },
    Team { ranks: 3, small: 64, layout: "b" },
    Team { ranks: 4, small: 0, layout: "nc" },
    Team { ranks: 5, small: 0, layout: "cb" },
    Team { ranks: 2, small: 1024, layout: "c" },
];

/// What a program does on a team; a panic is an outcome too.
fn outcome(seed: u64, program: &str, team: Team) -> Outcome {
    let text = for_ranks(program, team.ranks);
    let _watched = watchdog::watch(format!("seed {seed} on {team:?}\n{text}"));
    catch_unwind(AssertUnwindSafe(|| run(&text, team))).unwrap_or_else(|panic| Outcome {
        error: Some("panic".into()),
        message: panic.downcast_ref::<String>().cloned().unwrap_or_default(),
        ..Outcome::default()
    })
}

fn differ(alone: &Outcome, other: &Outcome) -> Option<String> {
    if alone.error.as_deref() == Some("panic") || alone.error != other.error {
        let (a, b) = (alone, other);
        return Some(format!("{:?} {}\n{:?} {}", a.error, a.message, b.error, b.message));
    }
    difference(&alone.printed, &other.printed)
}

/// What it does on one rank, and what is wrong on others.
pub fn check(seed: u64, program: &[String]) -> (Outcome, Option<String>) {
    let text = program.concat();
    let alone = outcome(seed, &text, ALONE);
    // Three teams a program, all in turn.
    let teams = (0..3).map(|i| TEAMS[(seed as usize * 3 + i) % TEAMS.len()]);
    for team in teams {
        if differ(&alone, &outcome(seed, &text, team)).is_some() {
            return (alone, Some(shrunk(seed, program.to_vec(), team)));
        }
    }
    (alone, None)
}

/// Leaves out statements while the rest still differs.
fn shrunk(seed: u64, mut program: Vec<String>, team: Team) -> String {
    let fails = |program: &[String]| {
        let text = program.concat();
        let alone = outcome(seed, &text, ALONE);
        let unknown = alone.error.as_deref() == Some("NameError");
        differ(&alone, &outcome(seed, &text, team)).filter(|_| !unknown)
    };
    let mut said = fails(&program).unwrap_or_else(|| "only now and then".into());
    let mut smaller = true;
    while smaller {
        smaller = false;
        for i in (1..program.len()).rev() {
            let mut fewer = program.clone();
            fewer.remove(i);
            if let Some(new) = fails(&fewer) {
                (program, said, smaller) = (fewer, new, true);
            }
        }
    }
    format!("=== seed {seed}, {team:?}\n{}{said}\n", for_ranks(&program[1..].concat(), team.ranks))
}
