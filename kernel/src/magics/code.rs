//! Code from files and code that is looked at while it runs: `%load`, `%run`, `%explain`, `%%profile`.

use jupyter_protocol::Payload;
use lang::ir::Notes;
use lang::source::Source;

use super::Call;
use crate::session::Session;
use crate::session::failure::Failure;

/// Longer files are no cells.
const LONGEST: u64 = 10_000_000;

pub fn load(session: &mut Session, call: &Call) -> Result<(), Failure> {
    let text = read(&call.arguments, "%load file.da")?;
    session
        .payload
        .push(Payload::SetNextInput { text: format!("# %load {}\n{text}", call.arguments), replace: true });
    Ok(())
}

pub fn run(session: &mut Session, call: &Call) -> Result<(), Failure> {
    let text = read(&call.arguments, "%run file.da")?;
    session.run_source(Source { name: call.arguments.clone(), text }).map(|_| ())
}

fn read(path: &str, usage: &str) -> Result<String, Failure> {
    let path = path.trim().trim_matches(['\'', '"']);
    if path.is_empty() {
        return Err(Failure::usage(format!("which file? {usage}")));
    }
    let failed = |why: String| Failure::new("OSError", format!("{path}: {why}"));
    let length = std::fs::metadata(path).map_err(|e| failed(e.to_string()))?.len();
    if length > LONGEST {
        return Err(failed(format!("{length} bytes are too many for a program")));
    }
    std::fs::read_to_string(path).map_err(|e| failed(e.to_string()))
}

pub fn explain(session: &mut Session, call: &Call) -> Result<(), Failure> {
    noted(session, call, Notes::Explain)
}

pub fn profile(session: &mut Session, call: &Call) -> Result<(), Failure> {
    noted(session, call, Notes::Profile)
}

/// Runs the code with notes taken; a value at its end is shown.
fn noted(session: &mut Session, call: &Call, notes: Notes) -> Result<(), Failure> {
    if call.text.trim().is_empty() {
        return Err(Failure::usage(format!("%{0} wants code to run: %{0} a.sum()", call.name)));
    }
    session.wait_for_engines()?;
    let source = Source { name: format!("cell {}", session.count), text: call.text.clone() };
    let mut program = session.compile(source)?;
    program.notes = notes;
    let done = session.run_program(program)?;
    if let Some(shown) = &done.reply.result {
        session.show_result(shown);
    }
    Ok(())
}
