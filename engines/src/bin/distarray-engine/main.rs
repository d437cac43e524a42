//! The engine's program: a rank of the kernel's team, or a script without a kernel.

mod check;
mod keep;
mod mpi;
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
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
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
        ["keep", place, launcher, ..] => {
            let command: Vec<String> = args[2..].iter().map(|s| s.to_string()).collect();
            debug_assert_eq!(command[0], launcher);
            return keep::keep(Path::new(place), &command);
        }
        ["check"] => on_a_large_stack(check::check),
        ["serve"] => on_a_large_stack(serve::serve),
        _ => Err(HELP.to_string()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// Programs recurse; MPI is started and ended on the same thread.
fn on_a_large_stack(f: fn() -> Result<(), String>) -> Result<(), String> {
    let thread = thread::Builder::new()
        .name("rank".into())
        .stack_size(STACK)
        .spawn(f);
    thread
        .map_err(|e| e.to_string())?
        .join()
        .unwrap_or(Err("panicked".into()))
}
