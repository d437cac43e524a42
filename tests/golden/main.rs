//! Every golden program on teams of 1 to 7 threads and 1 to 4 MPI ranks, across default layouts, against what NumPy
//! printed.
//!
//! A test of its own, since what the programs save lands in the current directory. `GOLDEN=text` runs only the cases
//! whose file or name contains the text.

mod mpi;

use engines::machine::Compile;
use harness::golden::{Case, all};
use harness::team::{Team, run, run_compiled};

/// Small arrays replicated as users have it, then every array distributed, however small.
const TEAMS: &[Team] = &[
    Team { ranks: 1, small: 1024, layout: "b" },
    Team { ranks: 3, small: 1024, layout: "b" },
    Team { ranks: 1, small: 0, layout: "b" },
    Team { ranks: 2, small: 0, layout: "b" },
    Team { ranks: 3, small: 0, layout: "b" },
    Team { ranks: 5, small: 0, layout: "bb" },
    Team { ranks: 2, small: 0, layout: "c" },
    Team { ranks: 3, small: 0, layout: "c2" },
    Team { ranks: 4, small: 0, layout: "cb" },
    Team { ranks: 7, small: 0, layout: "nc" },
];

fn chosen() -> Vec<Case> {
    let wanted = std::env::var("GOLDEN").unwrap_or_default();
    let mut cases = all();
    cases.retain(|c| c.file.contains(&wanted) || c.name.contains(&wanted));
    cases
}

#[test]
fn golden_programs_agree_with_numpy_on_every_team() {
    let place = std::env::temp_dir().join(format!("distarray-golden-{}", std::process::id()));
    std::fs::create_dir_all(&place).expect("a folder for what the programs save");
    std::env::set_current_dir(&place).expect("the folder");
    let cases = chosen();
    let mut wrong = Vec::new();
    for team in TEAMS {
        for case in &cases {
            let outcome = std::panic::catch_unwind(|| run(&case.source, *team));
            let difference = match outcome {
                Ok(outcome) => case.differs(&outcome),
                Err(panic) => Some(format!("{}: {}: panicked: {}", case.file, case.name, reason(&*panic))),
            };
            wrong.extend(difference.map(|d| format!("=== {team:?}\n{d}")));
        }
    }
    let runs = cases.len() * (TEAMS.len() + 4);
    wrong.extend(mpi::differences(&cases, &place));
    std::env::set_current_dir("/").expect("leave");
    std::fs::remove_dir_all(&place).expect("tidy");
    assert!(!cases.is_empty(), "no golden case");
    assert!(wrong.is_empty(), "{}\n{} of {runs} runs differ", wrong.join("\n"), wrong.len());
}

/// The programs that are about it with all loops and functions compiled before they run, and with none.
#[test]
fn compiled_programs_agree_with_numpy_whenever_they_are_compiled() {
    let cases: Vec<Case> = all().into_iter().filter(|case| case.file == "compiled.da").collect();
    let mut wrong = Vec::new();
    for compile in [Compile::Always, Compile::Never] {
        for team in &TEAMS[..3] {
            let outcomes = cases.iter().map(|case| case.differs(&run_compiled(&case.source, *team, compile)));
            wrong.extend(
                outcomes.flatten().map(|difference| format!("=== {team:?} {compile:?}\n{difference}")),
            );
        }
    }
    assert!(!cases.is_empty(), "no golden case");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn reason(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|s| s.to_string())).unwrap_or_default()
}
