//! `distarray-engine run FILE.da ...`: scripts without a kernel, each in a session of its own. Prints what a notebook
//! would show, as text.

use std::io::{self, IsTerminal, Write};

use engines::comm::{Comm, threads};
use engines::ctx::{Ctx, Settings};
use engines::link::{Output, Shown};
use engines::machine::Machine;
use lang::compile;
use lang::diag::{render, render_error};
use lang::session::{ArrayInfo, Session};
use lang::source::Source;

use crate::mpi;

/// On the ranks of an MPI job. Returns whether all went well; what went wrong has been printed. Only rank 0 says that
/// it did not, for the launcher kills the others when one ends so.
pub fn under_mpi(files: &[String]) -> Result<bool, String> {
    mpi::with(mpi::CHUNK, |comm| {
        let first = comm.rank() == 0;
        Ok(run(comm, files) || !first)
    })
}

/// On `n` threads.
pub fn on_threads(n: usize, files: &[String]) -> Result<bool, String> {
    Ok(threads::run(n, |comm| run(comm, files))
        .into_iter()
        .all(|ok| ok))
}

/// Up to the first file that fails. Collective, and the same on all ranks.
fn run(comm: Box<dyn Comm>, files: &[String]) -> bool {
    let first = comm.rank() == 0;
    let mut ctx = Ctx::new(comm, Settings::from_env());
    for file in files {
        let Some(text) = read(&*ctx.comm, file) else {
            return false;
        };
        let sink = Box::new(move |output: Output| {
            if first {
                print(&output);
            }
        });
        let source = Source {
            name: file.clone(),
            text,
        };
        let program = match compile(source.clone(), &Session::default()) {
            Ok(program) => program,
            Err(diagnostics) => {
                complain(
                    first,
                    &render(&diagnostics, &source, io::stderr().is_terminal()),
                );
                return false;
            }
        };
        let mut machine = Machine::new(ctx, sink);
        let reply = machine.run(&program);
        if let Some(shown) = reply.result.filter(|_| first) {
            print(&Output::Show(Box::new(shown)));
        }
        if let Some(error) = reply.error {
            complain(first, &render_error(&error, io::stderr().is_terminal()));
            return false;
        }
        ctx = Ctx::new(machine.ctx.comm, Settings::from_env());
    }
    true
}

/// Rank 0 reads for all: another rank's machine may not have the file, or another one.
fn read(comm: &dyn Comm, file: &str) -> Option<String> {
    let text = match comm.rank() {
        0 => std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}")),
        _ => Ok(String::new()),
    };
    complain(true, text.as_ref().err().map_or("", String::as_str));
    let said = text
        .as_ref()
        .map_or(Vec::new(), |text| format!("+{text}").into_bytes());
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
        Output::Show(shown) => writeln!(stdout, "{}", text(shown)),
    };
    let _ = stdout.flush();
}

/// Pictures are for the notebook; here they are named.
fn text(shown: &Shown) -> String {
    let array = |info: &ArrayInfo| {
        let dims: Vec<String> = info.shape.iter().map(usize::to_string).collect();
        format!(
            "{} array of {} elements",
            info.dtype,
            if dims.is_empty() {
                "1".into()
            } else {
                dims.join(" x ")
            }
        )
    };
    match shown {
        Shown::Text(text) | Shown::Array { text, .. } => text.clone(),
        Shown::Distribution { info, .. } => format!("<distribution of a {}>", array(info)),
        Shown::Redistribution { before, bytes, .. } => {
            let moved: u64 = bytes.iter().flatten().sum();
            format!("<redistribution of a {}: {moved} bytes>", array(before))
        }
        Shown::Image { shape, .. } => format!("<image of {} x {} values>", shape[0], shape[1]),
    }
}
