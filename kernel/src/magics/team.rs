//! `%engines` and `%restart`.

use super::Call;
use crate::session::failure::Failure;
use crate::session::{Session, Stream};
use crate::team::{Kind, Spec};

pub fn engines(session: &mut Session, call: &Call) -> Result<(), Failure> {
    if call.arguments.is_empty() {
        return describe(session);
    }
    let spec = Spec::parse(&call.arguments).map_err(Failure::usage)?;
    replace(session, spec)
}

pub fn restart(session: &mut Session, call: &Call) -> Result<(), Failure> {
    if !call.arguments.is_empty() {
        return Err(Failure::usage(
            "%restart takes no argument; %engines N starts another number of engines",
        ));
    }
    let spec = session.engines.spec;
    replace(session, spec)
}

fn replace(session: &mut Session, spec: Spec) -> Result<(), Failure> {
    session.engines.restart(spec);
    let lost = std::mem::take(&mut session.names.names).len();
    describe(session)?;
    if lost > 0 {
        let text = "The session's names went with the engines before: run the cells that bind them again.\n";
        session.say(Stream::Stdout, text);
    }
    Ok(())
}

/// Says how many engines there are, of which kind, and which processes they are.
fn describe(session: &mut Session) -> Result<(), Failure> {
    let info = session.fresh_info()?;
    let mut text = session.engines.describe() + "\n";
    if info.kind == Kind::Mpi {
        for (rank, (pid, host)) in info.pids.iter().zip(&info.hosts).enumerate() {
            text.push_str(&format!("  rank {rank}: process {pid} on {host}\n"));
        }
    }
    session.say(Stream::Stdout, &text);
    Ok(())
}
