//! The golden programs on MPI ranks: all of them in one job for each number of ranks, as scripts.

use std::path::Path;
use std::process::Command;

use harness::engine;
use harness::golden::{Case, Outcome};

const RANKS: [usize; 4] = [1, 2, 3, 4];

/// What differs, over all numbers of ranks; every array is distributed, however small.
pub fn differences(cases: &[Case], place: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for (i, case) in cases.iter().enumerate() {
        // A script of its own marks where a case's output begins: a case ends in what it shows.
        // Short names: Open MPI hands the whole command line on in one variable, of 128 KiB at most.
        let (mark, script) = (format!("{i}-mark.da"), format!("{i}.da"));
        std::fs::write(place.join(&mark), format!("print('=== case {i}')\n")).expect("a script");
        std::fs::write(place.join(&script), &case.source).expect("a script");
        files.extend([mark, script]);
    }
    let mut wrong = Vec::new();
    for ranks in RANKS {
        let output = Command::new("mpirun")
            .args(["--oversubscribe", "--bind-to", "none", "-n", &ranks.to_string()])
            .arg(engine::binary())
            .args(["run", "--keep-going"])
            .args(&files)
            .current_dir(place)
            .env("DISTARRAY_SMALL", "0")
            // More ranks than cores: waiting ranks give way.
            .env("OMPI_MCA_mpi_yield_when_idle", "1")
            .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
            .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
            .output()
            .expect("mpirun");
        let printed = String::from_utf8_lossy(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        if !printed.contains("=== case ") && !cases.is_empty() {
            wrong.push(format!("=== mpirun -n {ranks} printed nothing ({}):\n{said}", output.status));
            continue;
        }
        let mut errors = error_classes(&said).into_iter();
        let mut parts = printed.split("=== case ").skip(1);
        for (i, case) in cases.iter().enumerate() {
            let part = parts.next().unwrap_or("(nothing)\n").split_once('\n').unwrap_or_default().1;
            let outcome = Outcome {
                printed: part.into(),
                // The errors come in the order of the cases that end with one.
                error: case.error.as_ref().and_then(|_| errors.next()),
                message: String::new(),
            };
            wrong.extend(case.differs(&outcome).map(|d| format!("=== mpirun -n {ranks}, case {i}\n{d}")));
        }
        wrong.extend(errors.map(|e| format!("=== mpirun -n {ranks}: an error more: {e}\n{said}")));
    }
    wrong
}

/// The classes of the errors that the cases end with; those before them in a chain are left out.
fn error_classes(said: &str) -> Vec<String> {
    let mut errors = Vec::new();
    for line in said.lines() {
        if line.starts_with("The above exception was") || line.starts_with("During handling of") {
            errors.pop();
        }
        errors.extend(error_class(line));
    }
    errors
}

/// The class that a line of the engine's error text begins with.
fn error_class(line: &str) -> Option<String> {
    let word = line.split(':').next()?;
    let is_class =
        word == "StopIteration" || word.ends_with("Error") && word.chars().all(char::is_alphabetic);
    is_class.then(|| word.to_string())
}
