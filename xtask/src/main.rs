//! `cargo xtask`: the project's chores, each one idempotent and quick when nothing is left to do.

use std::process::ExitCode;

mod bench;
mod book;
mod build;
mod demo;
mod doctor;
mod install;
mod latency;
mod notebooks;
mod options;
mod python;
mod shell;
mod system;
mod test;
mod wheel;

use options::Options;
use shell::Result;

const USAGE: &str = "\
usage: cargo xtask TASK [OPTIONS]

  demo [--headless] [--yes]    set up what is missing, build, execute the demo notebook, open JupyterLab on it
  test [--browser] [--yes]     set up what is missing and run every test (--browser fetches Chromium; CI does)
  install [--prefix DIR]       put the kernel, the engine and the kernelspec where Jupyter finds them
  wheel                        write target/wheel/*.whl: the same for `pip install`
  doctor                       say what is there, what is missing and how to get it
  bench [--quick] [--write] [--peers] [--lines A,B]
                               measure against NumPy and C++, as ratios (--write: into docs/; --peers: also
                               numexpr, Numba, JAX and Dask, installed below target/; --lines: only these)
  latency [--quick] [--write]  measure how soon the kernel answers, beside ipykernel (--write: into docs/latency.md)
  book                         write docs/ as a book of web pages into target/book (mdBook is built below target/)

  --yes       install missing system packages without asking (as does the environment variable CI)
";

fn main() -> ExitCode {
    let outcome = Options::parse(std::env::args().skip(1)).and_then(|options| run(&options));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    match options.task.as_str() {
        "demo" => demo::run(options),
        "test" => test::run(options),
        "install" => install::run(options),
        "book" => book::run(),
        "latency" => latency::run(options),
        "wheel" => wheel::run(options),
        "doctor" => doctor::run(),
        "bench" => bench::run(options),
        "help" => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(format!("no task '{other}'\n\n{USAGE}")),
    }
}
