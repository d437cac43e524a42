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
usage: distarray-engine run [OPTIONS] FILE.da ...   run scripts, each in a fresh session (under mpirun: on its ranks); `-` is stdin
           --threads N     on N threads, without MPI
           --keep-going    go on with the next script after one that fails
       distarray-engine check                       (under mpirun) see whether its ranks reach each other
       distarray-engine --version | --help
The status is 0 where all went well, 1 where a script failed, 2 where the command line was wrong.

For the kernel's own use:
       distarray-engine serve                       be a rank of the kernel's team
       distarray-engine keep DIR LAUNCHER ...       run a launcher, and clean up behind it
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = words.iter().map(String::as_str).collect();
    let owned = |from: usize| words[from..].to_vec();
    let result = match args[..] {
        ["--version"] => {
            println!("distarray-engine {} ({})", env!("CARGO_PKG_VERSION"), mpi::version());
            Ok(())
        }
        ["--help" | "-h" | "help"] | ["run", "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["keep", place, _, ..] => return keep::keep(Path::new(place), &owned(2)),
        ["run", ..] => match run::Options::parse(&args[1..]) {
            Ok(options) => on_a_large_stack(move || match run::run(&options)? {
                // What went wrong in a script has been said already.
                false => Err(String::new()),
                true => Ok(()),
            }),
            Err(message) => return misused(&message),
        },
        ["check"] => on_a_large_stack(check::check),
        ["serve"] => on_a_large_stack(serve::serve),
        _ => return misused(HELP),
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

fn misused(message: &str) -> ExitCode {
    eprintln!("{}", message.trim_end());
    ExitCode::from(2)
}

/// Programs recurse; MPI is started and ended on the same thread.
fn on_a_large_stack(f: impl FnOnce() -> Result<(), String> + Send + 'static) -> Result<(), String> {
    let thread = thread::Builder::new().name("rank".into()).stack_size(STACK).spawn(f);
    thread.map_err(|e| e.to_string())?.join().unwrap_or(Err(String::new()))
}
