//! Every row of the table, called with random shapes, dtypes, layouts and keywords: the same on one rank as on others,
//! and as NumPy says (`tests/oracle/rows.py`, from the file that `DISTARRAY_ROWS_FILE` names).
//!
//! **Your new row** is called here without being asked for. If no call of it succeeds, the test says so: give its
//! parameters' names values in `arguments.rs`, or name it in `EXCLUDED` with the reason.
//! `DISTARRAY_ROWS=n` programs a row, `DISTARRAY_SEED=s` others than usual, `ROW=name` that row only.

mod arguments;
mod program;

use std::panic::{AssertUnwindSafe, catch_unwind};

use harness::golden::Outcome;
use harness::team::{Team, run};
use harness::{operand, same};
use lang::ops::{Module, Row, table};
use serde_json::json;

/// Rows that are not called, and why.
const EXCLUDED: &[(&str, &str)] = &[
    ("fromfunction", "takes a function; golden programs call it"),
    ("mgrid", "is indexed, not called"),
    ("s_", "is indexed, not called"),
    ("finfo", "gives an object; golden programs ask it"),
    ("iinfo", "gives an object; golden programs ask it"),
    ("RandomState", "gives a generator; its methods are called as functions"),
    ("vectorize", "takes a function; golden programs call it"),
    ("apply_over_axes", "takes a function; golden programs do"),
    ("r_", "is indexed, not called"),
    ("c_", "is indexed, not called"),
    ("ogrid", "is indexed, not called"),
    ("set_printoptions", "gives nothing; golden programs print by it"),
    ("printoptions", "is a context; golden programs print in it"),
    ("__array_namespace_info__", "gives an object; golden programs ask it"),
    ("savez", "gives nothing; golden programs load what it saves"),
    ("savez_compressed", "gives nothing; golden programs load what it saves"),
    ("set_state", "takes what get_state gives; golden programs do"),
    ("savetxt", "gives nothing; golden programs read what it writes"),
    ("loadtxt", "needs a file; golden programs write one"),
    ("genfromtxt", "needs a file; golden programs write one"),
    ("fromiter", "takes an iterable of numbers; golden programs do"),
    ("base_repr", "takes an int; golden programs do"),
    ("binary_repr", "takes an int; golden programs do"),
    ("kaiser", "takes a number for its breadth; golden programs do"),
    ("multivariate_normal", "takes a covariance; golden programs do"),
    ("random_integers", "takes bounds; golden programs do"),
    ("Generator", "gives a generator; those of its methods are called"),
    ("PCG64", "gives a stream of bits; golden programs draw from it"),
    ("index_exp", "is indexed, not called"),
    ("unique_values", "comes in the order of a hash table in NumPy"),
    ("errstate", "is a context; what it prints says where it lies"),
    ("at", "gives nothing; golden programs do"),
    ("load", "needs a file; interrupted, golden and unit tests load"),
    ("save", "gives nothing to compare; golden and unit tests save"),
    ("empty", "its elements are anybody's"),
    ("empty_like", "its elements are anybody's"),
    ("default_rng", "gives a generator; those of its methods are called"),
    ("seed", "gives nothing; every call of the module seeds"),
    ("fill", "gives nothing; golden programs fill"),
    ("einsum", "takes a formula; golden programs do"),
    ("multinomial", "takes chances that sum to one; golden programs do"),
    ("spawn", "gives generators"),
    ("mask_indices", "takes a function; golden programs call it"),
    ("select", "takes lists of conditions; golden programs do"),
    ("piecewise", "takes functions; golden programs do"),
    ("apply_along_axis", "takes a function; golden programs do"),
    ("ravel_multi_index", "takes indices that fit a shape; golden programs do"),
    ("interp", "means nothing where the points are not sorted; golden programs sort them"),
    ("item", "takes as many numbers as there are axes; golden programs do"),
];

/// Modules whose rows NumPy has no word for, or that are not about arrays: golden programs have those. The rows of all
/// others are called, as `np.module.row` where nothing else is said in `program.rs`.
const NOT_CALLED: &[&str] = &[
    "Python",
    "Math",
    "Cmath",
    "Time",
    "Sys",
    "String",
    "Itertools",
    "Functools",
    "Operator",
    "Heapq",
    "Bisect",
    "Collections",
    "Copy",
    "Matplotlib",
    "Pyplot",
    "Widgets",
    "Colors",
    "Exceptions",
    "Distribution",
];

fn is_called(row: &Row) -> bool {
    let module = match row.module {
        module if NOT_CALLED.contains(&format!("{module:?}").as_str()) => false,
        Module::DistArray => row.name == "redistribute",
        Module::ArrayAttr => !matches!(row.name, "dist" | "grid" | "targets" | "distribution"),
        _ => true,
    };
    module && !EXCLUDED.iter().any(|(name, _)| *name == row.name)
}

const ALONE: Team = Team { ranks: 1, small: 0, layout: "b" };
const TEAMS: &[Team] = &[
    Team { ranks: 2, small: 0, layout: "b" },
    Team { ranks: 3, small: 1024, layout: "b" },
    Team { ranks: 3, small: 0, layout: "c" },
    Team { ranks: 4, small: 0, layout: "cb" },
    Team { ranks: 5, small: 0, layout: "bb" },
];

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// What the program does on a team; a panic is an outcome too.
fn outcome(text: &str, team: Team) -> Outcome {
    let text = operand::for_ranks(text, team.ranks);
    catch_unwind(AssertUnwindSafe(|| run(&text, team))).unwrap_or_else(|panic| Outcome {
        error: Some("panic".into()),
        message: panic.downcast_ref::<String>().cloned().unwrap_or_default(),
        ..Outcome::default()
    })
}

#[test]
fn every_row_gives_the_same_on_every_team() {
    let (each, seed) = (number("DISTARRAY_ROWS", 6), number("DISTARRAY_SEED", 1));
    let only = std::env::var("ROW").ok();
    let mut wrong: Vec<String> = Vec::new();
    let mut written = Vec::new();
    let mut count = 0;
    let called = table().iter().filter(|row| is_called(row));
    for row in called.filter(|row| only.as_ref().is_none_or(|name| row.name == name)) {
        let mut succeeded = false;
        let mut last = String::new();
        // A row whose arguments are seldom right gets some more tries.
        for k in 0..each + 60 {
            if k >= each && succeeded {
                break;
            }
            let text = program::program(row, seed * 1_000_003 + k * 7919 + hash(row));
            let alone = outcome(&text, ALONE);
            succeeded |= alone.error.is_none();
            last = format!("{text}{}", alone.message);
            if k >= each && alone.error.is_some() {
                continue;
            }
            count += 1;
            if alone.error.as_deref() == Some("panic") {
                wrong.push(format!("{text}panics: {}", alone.message));
            }
            // All teams in turn, two a program.
            for team in (0..2).map(|i| TEAMS[(k as usize * 2 + i) % TEAMS.len()]) {
                let other = outcome(&text, team);
                let differ = match alone.error == other.error {
                    false => Some(format!(
                        "{:?} {}\n{:?} {}",
                        alone.error, alone.message, other.error, other.message
                    )),
                    true => same::difference(&alone.printed, &other.printed),
                };
                wrong.extend(
                    differ.map(|d| format!("=== {team:?}\n{}{d}", operand::for_ranks(&text, team.ranks))),
                );
            }
            written.push(json!({
                "source": operand::for_ranks(&text, 1),
                "printed": alone.printed,
                "error": alone.error,
                "message": alone.message,
            }));
        }
        if !succeeded {
            wrong.push(format!(
                "no call of {:?}::{} succeeds: see the top of tests/rows/main.rs\n{last}",
                row.module, row.name
            ));
        }
    }
    if let Ok(file) = std::env::var("DISTARRAY_ROWS_FILE") {
        std::fs::write(&file, serde_json::to_string(&written).expect("text")).expect("the file is written");
    }
    assert!(wrong.is_empty(), "{}\n{} of {count} programs differ", wrong.join("\n"), wrong.len());
}

/// So that a row's programs stay the same when others come.
fn hash(row: &Row) -> u64 {
    row.name.bytes().fold(17, |h: u64, b| h.wrapping_mul(31).wrapping_add(b.into())) % 1_000_000
}

#[test]
fn what_is_excluded_is_in_the_table() {
    for (name, _) in EXCLUDED {
        assert!(table().iter().any(|row| row.name == *name), "{name} is no row");
    }
}
