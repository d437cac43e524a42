//! `distarray-engine run FILE.da ...`: scripts without a kernel, each in a session of its own. Prints what a notebook
//! would show, as text.

use std::io::{self, IsTerminal, Write};

use engines::comm::{Comm, threads};
use engines::ctx::{Ctx, Settings};
use engines::link::{Output, Shown};
use engines::machine::Machine;
use lang::compile;
use lang::diag::{render, render_error};
use lang::picture::console::plain;
use lang::session::Session;
use lang::source::Source;

use crate::mpi;

/// The words after `run`.
#[derive(Debug, Default)]
pub struct Options {
    threads: Option<usize>,
    keep_going: bool,
    files: Vec<String>,
}

impl Options {
    /// # Errors
    /// When there is an option that is not known, or no file.
    pub fn parse(words: &[&str]) -> Result<Options, String> {
        let mut options = Options::default();
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            match word {
                "--keep-going" => options.keep_going = true,
                "--threads" => match words.next().map(|n| n.parse()) {
                    Some(Ok(n @ 1..=4096)) => options.threads = Some(n),
                    _ => return Err("--threads is followed by a number from 1 to 4096".into()),
                },
                _ if word.starts_with('-') && word != "-" => {
                    return Err(format!("run has no option `{word}`: see --help"));
                }
                file => options.files.push(file.into()),
            }
        }
        match options.files.is_empty() {
            true => Err("run needs a script: distarray-engine run FILE.da".into()),
            false => Ok(options),
        }
    }
}

/// On threads, or on the ranks of an MPI job. Returns whether all went well; what went wrong has been printed. Only
/// rank 0 says that it did not, for the launcher kills the others when one ends so.
pub fn run(options: &Options) -> Result<bool, String> {
    if let Some(n) = options.threads {
        let ended = threads::run(n, |comm| run_files(comm, options));
        return Ok(ended.into_iter().all(|ok| ok));
    }
    mpi::with(mpi::CHUNK, |comm| {
        let first = comm.rank() == 0;
        Ok(run_files(comm, options) || !first)
    })
}

/// Collective, and the same on all ranks.
fn run_files(comm: Box<dyn Comm>, options: &Options) -> bool {
    let mut comm = comm;
    let mut all = true;
    for file in &options.files {
        let (returned, ok) = run_file(comm, file);
        comm = returned;
        all &= ok;
        if !ok && !options.keep_going {
            break;
        }
    }
    all
}

/// Gives the communicator back for the next file's session.
fn run_file(comm: Box<dyn Comm>, file: &str) -> (Box<dyn Comm>, bool) {
    let first = comm.rank() == 0;
    let Some(text) = read(&*comm, file) else {
        return (comm, false);
    };
    let sink = Box::new(move |output: Output| {
        if first {
            print(&output);
        }
    });
    let source = Source { name: if file == "-" { "stdin" } else { file }.into(), text };
    let program = match compile(source.clone(), &Session::default()) {
        Ok(program) => program,
        Err(diagnostics) => {
            complain(first, &render(&diagnostics, &source, io::stderr().is_terminal()));
            return (comm, false);
        }
    };
    let mut machine = Machine::new(Ctx::new(comm, Settings::from_env()), sink);
    let reply = machine.run(&program);
    if let Some(shown) = reply.result.filter(|_| first) {
        print(&Output::Show(Box::new(shown)));
    }
    if let Some(error) = &reply.error {
        complain(first, &render_error(error, io::stderr().is_terminal()));
    }
    (machine.ctx.comm, reply.error.is_none())
}

/// Rank 0 reads for all: another rank's machine may not have the file, or another one.
fn read(comm: &dyn Comm, file: &str) -> Option<String> {
    let text = match comm.rank() {
        0 if file == "-" => io::read_to_string(io::stdin()).map_err(|e| format!("stdin: {e}")),
        0 => std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}")),
        _ => Ok(String::new()),
    };
    complain(true, text.as_ref().err().map_or("", String::as_str));
    let said = text.as_ref().map_or(Vec::new(), |text| format!("+{text}").into_bytes());
    let all = comm.allgather(if comm.rank() == 0 { &said } else { b"" });
    let text = all[0].strip_prefix(b"+")?;
    Some(String::from_utf8_lossy(text).into_owned())
}

/// To stderr, which may be closed.
fn complain(first: bool, text: &str) {
    if first && !text.is_empty() {
        let _ = writeln!(io::stderr(), "{}", text.trim_end());
    }
}

/// To stdout, which may be closed.
fn print(output: &Output) {
    let mut stdout = io::stdout().lock();
    let _ = match output {
        Output::Stdout(text) => stdout.write_all(text.as_bytes()),
        Output::Stderr(text) => io::stderr().write_all(text.as_bytes()),
        Output::Clear { .. } | Output::Route { .. } | Output::Widget { .. } => Ok(()),
        Output::Failed(error) => {
            writeln!(io::stderr(), "{}", render_error(error, io::stderr().is_terminal()).trim_end())
        }
        Output::Show(shown) | Output::Named { shown, .. } => writeln!(stdout, "{}", text(shown)),
    };
    let _ = stdout.flush();
}

/// Colours are for a terminal.
fn text(shown: &Shown) -> String {
    let text = shown.text();
    match io::stdout().is_terminal() {
        true => text,
        false => plain(&text),
    }
}
