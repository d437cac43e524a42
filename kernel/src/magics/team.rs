//! `%engines` and `%restart`.

use super::Call;
use crate::display::team::{Rank, card};
use crate::session::failure::Failure;
use crate::session::{Session, Stream};
use crate::team::{Info, Kind, Spec, process};

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
    session.held.clear();
    let lost = std::mem::take(&mut session.names.names).len();
    describe(session)?;
    if lost > 0 {
        let text = "The session's names went with the engines before: run the cells that bind them again.\n";
        session.say(Stream::Stdout, text);
    }
    Ok(())
}

/// Says how many engines there are, of which kind; and shows their card.
fn describe(session: &mut Session) -> Result<(), Failure> {
    let info = session.fresh_info()?;
    let text = session.engines.describe() + "\n";
    session.say(Stream::Stdout, &text);
    let here = process::host();
    let ranks: Vec<Rank> = (0..info.ranks).map(|rank| of_rank(&info, rank, &session.held, &here)).collect();
    session.show(card(&ranks, info.kind == Kind::Threads, process::load().as_deref()));
    Ok(())
}

fn of_rank(info: &Info, rank: usize, held: &[u64], here: &str) -> Rank {
    let shared = info.kind == Kind::Threads;
    let pid = info.pids.get(rank).copied().filter(|pid| *pid != 0);
    let pid = pid.or(shared.then(std::process::id)).unwrap_or(0);
    let host = info.hosts.get(rank).filter(|host| !host.is_empty()).cloned();
    let host = host.or(shared.then(|| here.to_string())).unwrap_or_default();
    // Of other machines' processes the system here says nothing; the team is watched, and would have ended.
    let usage = if host == here { process::usage(pid) } else { None };
    Rank {
        process: pid,
        state: if host == here { process::state(pid) } else { "up" },
        host,
        held: held.get(rank).copied().unwrap_or(0),
        memory: usage.map(|usage| usage.0),
        busy: usage.map(|usage| usage.1),
    }
}
