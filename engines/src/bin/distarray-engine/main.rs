//! The engine's program: a rank of the kernel's team, or a script without a kernel.

mod check;
mod keep;
mod mpi;
mod run;
mod serve;
mod sys;

use std::path::Path;
use std::process::ExitCode;
use std::thread;

use engines::comm::threads::STACK;

const HELP: &str = "\
usage: distarray-engine run [--threads N] FILE.da ...   run scripts (under mpirun: on its ranks)
       distarray-engine check                           (under mpirun) see whether its ranks reach each other
       distarray-engine --version | --help

For the kernel's own use:
       distarray-engine serve                           be a rank of the kernel's team
       distarray-engine keep DIR LAUNCHER ...           run a launcher, and clean up behind it
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = words.iter().map(String::as_str).collect();
    let owned = |from: usize| words[from..].to_vec();
    let result = match args[..] {
        ["--version"] => {
            println!(
                "distarray-engine {} ({})",
                env!("CARGO_PKG_VERSION"),
                mpi::version()
            );
            Ok(())
        }
        ["--help"] => {
            print!("{HELP}");
            Ok(())
        }
        ["keep", place, _, ..] => return keep::keep(Path::new(place), &owned(2)),
        ["run", "--threads", n, _, ..] => match n.parse() {
            Ok(n @ 1..=4096) => {
                let files = owned(3);
                on_a_large_stack(move || ran(run::on_threads(n, &files)))
            }
            _ => Err(format!(
                "--threads is followed by a number from 1 to 4096, not `{n}`"
            )),
        },
        ["run", file, ..] if !file.starts_with('-') => {
            let files = owned(1);
            on_a_large_stack(move || ran(run::under_mpi(&files)))
        }

        ["check"] => on_a_large_stack(check::check),
        ["serve"] => on_a_large_stack(serve::serve),
        _ => Err(HELP.to_string()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            if !message.is_empty() {
                eprintln!("{}", message.trim_end());
            }
            ExitCode::FAILURE
        }
    }
}

/// What went wrong in a script has been said already.
fn ran(ok: Result<bool, String>) -> Result<(), String> {
    if ok? { Ok(()) } else { Err(String::new()) }
}

/// Programs recurse; MPI is started and ended on the same thread.
fn on_a_large_stack(f: impl FnOnce() -> Result<(), String> + Send + 'static) -> Result<(), String> {
    let thread = thread::Builder::new()
        .name("rank".into())
        .stack_size(STACK)
        .spawn(f);
    thread
        .map_err(|e| e.to_string())?
        .join()
        .unwrap_or(Err(String::new()))
}
