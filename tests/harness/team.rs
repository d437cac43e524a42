//! Running source on a team of threads, as a session does: compile with what the session knows, run on every rank.

use std::cell::RefCell;
use std::rc::Rc;

use engines::comm::threads;
use engines::ctx::{Ctx, Settings};
use engines::link::{Output, Shown};
use engines::machine::{Compile, Machine};
use lang::session::Session;
use lang::source::Source;

use crate::golden::Outcome;

/// A team: how many ranks, and how they lay arrays out where a program does not say.
#[derive(Clone, Copy, Debug)]
pub struct Team {
    pub ranks: usize,
    /// Arrays of at most this many elements are replicated.
    pub small: usize,
    pub layout: &'static str,
}

/// What a console shows of a result, with its line end.
fn text(shown: &Shown) -> String {
    match shown {
        Shown::Text(text) | Shown::Array { text, .. } => format!("{text}\n"),
        _ => String::new(),
    }
}

/// Runs a program of one cell in a fresh session; what rank 0 printed and how it ended.
///
/// # Panics
/// When a rank panics, or when the ranks disagree on how it ended.
pub fn run(source: &str, team: Team) -> Outcome {
    run_compiled(source, team, Settings::from_env().compile)
}

/// As `run`, with loops and functions of scalars compiled when `compile` says so.
///
/// # Panics
/// As `run`.
pub fn run_compiled(source: &str, team: Team, compile: Compile) -> Outcome {
    run_cells(&[source], team, compile).pop().expect("an outcome a cell")
}

/// Runs cells one after the other in one session, each with what those before have left; how each of them went.
///
/// # Panics
/// As `run`.
pub fn run_cells(cells: &[&str], team: Team, compile: Compile) -> Vec<Outcome> {
    let compiled = |cell: &str, names: &Session| {
        lang::compile(Source { name: "case".into(), text: cell.into() }, names).map_err(|diagnostics| {
            let first = diagnostics.first().expect("a reason");
            Outcome {
                error: Some(first.class.name().into()),
                message: first.message.clone(),
                ..Outcome::default()
            }
        })
    };
    // Once for all ranks; what follows depends on what the first leaves.
    let first = match compiled(cells[0], &Session::default()) {
        Err(outcome) if cells.len() == 1 => return vec![outcome],
        first => first,
    };
    let ranks = threads::run(team.ranks, |comm| {
        let printed = Rc::new(RefCell::new(String::new()));
        let settings = Settings { small: team.small, layout: team.layout.into(), compile };
        let lines = printed.clone();
        let sink = Box::new(move |output| match output {
            Output::Stdout(printed) => lines.borrow_mut().push_str(&printed),
            Output::Stderr(_) | Output::Clear { .. } | Output::Route { .. } | Output::Widget { .. } => (),
            Output::Failed(error) => {
                lines.borrow_mut().push_str(&format!("{}: {}\n", error.name(), error.message))
            }
            Output::Show(shown) | Output::Named { shown, .. } => lines.borrow_mut().push_str(&text(&shown)),
        });
        let mut machine = Machine::new(Ctx::new(comm, settings), sink);
        let mut names = Session::default();
        let mut outcomes = Vec::new();
        for (number, cell) in cells.iter().enumerate() {
            let later;
            let program = match number {
                0 => &first,
                _ => {
                    later = compiled(cell, &names);
                    &later
                }
            };
            outcomes.push(match program {
                Err(outcome) => outcome.clone(),
                Ok(program) => {
                    let reply = machine.run(program);
                    if let Some(shown) = &reply.result {
                        printed.borrow_mut().push_str(&text(shown));
                    }
                    names.names = reply.names.into_iter().map(|name| (name.name, name.holds)).collect();
                    Outcome {
                        printed: printed.take(),
                        error: reply.error.as_ref().map(|e| e.name().into()),
                        message: reply.error.map(|e| e.message).unwrap_or_default(),
                    }
                }
            });
        }
        outcomes
    });
    let mut ranks = ranks.into_iter();
    let first = ranks.next().expect("a rank");
    for (rank, other) in ranks.enumerate() {
        for (first, other) in first.iter().zip(other) {
            let why = format!("rank {} ended otherwise than rank 0: {}", rank + 1, other.message);
            assert_eq!(first.error, other.error, "{why}");
        }
    }
    first
}
