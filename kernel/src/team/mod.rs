//! A team of engines: started, watched, interrupted, ended. Everything that happens arrives as an `Event`.

mod embedded;
mod hub;
mod interrupt;
mod jobs;
mod launch;
pub mod process;
mod spec;
mod watch;

#[cfg(test)]
mod tests;

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use engines::comm::threads::STACK;
use engines::ctx::Ctx;
use engines::link::{Output, Reply, Sink, Stats};
use engines::progress::Report;
use lang::ir::Program;

pub use spec::{Kind, Spec};
use watch::{Input, Link, Watch};

#[derive(Debug)]
pub enum Event {
    /// All engines are up. Programs that were given before have waited for it.
    Ready,
    /// Of a running program, in order.
    Output { seq: u64, output: Output },
    /// Where the running program is, now and then, when it takes long.
    Progress(Report),
    /// A program has ended: rank 0's reply, and what each rank did. There are no stats where the program never ran.
    Done { seq: u64, reply: Box<Reply>, stats: Vec<Stats> },
    /// The engines are gone. Programs under way have ended with an EngineError before this; later ones will at once.
    Died { message: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Starting,
    Ready,
    Dead(String),
}

/// What there is to say about a team.
#[derive(Clone, Debug)]
pub struct Info {
    pub kind: Kind,
    pub ranks: usize,
    /// By rank; 0 and empty until the rank is up. Embedded ranks have the kernel's.
    pub pids: Vec<u32>,
    pub hosts: Vec<String>,
    pub state: State,
    /// Why the engines are threads where MPI was not ruled out.
    pub note: Option<String>,
}

/// The handle. Dropping it ends the team.
pub struct Team {
    inbox: Sender<Input>,
    info: Arc<Mutex<Info>>,
    last: u64,
    thread: Option<JoinHandle<()>>,
}

impl Team {
    /// Starts engines and returns at once; they come up meanwhile.
    ///
    /// # Errors
    /// What is missing, when MPI was asked for by name.
    pub fn start(spec: &Spec, events: Sender<Event>) -> Result<Team, String> {
        Team::start_with(spec, events, engines::link::machine)
    }

    /// As `start`, with another machine than the engines' own on embedded ranks.
    fn start_with<M>(spec: &Spec, events: Sender<Event>, machine: fn(Ctx, Sink) -> M) -> Result<Team, String>
    where
        M: FnMut(&Program) -> Reply + 'static,
    {
        let (plan, note) = match spec.kind {
            Some(Kind::Threads) => (None, None),
            Some(Kind::Mpi) => {
                let plan = launch::Plan::find();
                let instead = |why| format!("{why} (%engines threads:2 starts threads of the kernel)");
                (Some(plan.map_err(instead)?), None)
            }
            None => launch::Plan::find().map_or_else(|why| (None, Some(why)), |plan| (Some(plan), None)),
        };
        let n = spec.ranks();
        let kind = if plan.is_some() { Kind::Mpi } else { Kind::Threads };
        let (pids, hosts) = (vec![0; n], vec![String::new(); n]);
        let info = Info { kind, ranks: n, pids, hosts, state: State::Starting, note };
        let info = Arc::new(Mutex::new(info));
        let (inbox, arrived) = channel();
        let (sender, shared) = (inbox.clone(), info.clone());
        let own = move || {
            let engines = match plan {
                Some(plan) => open(&plan, n, &sender),
                None => embedded::start(n, machine, &sender)
                    .map(|ranks| (Link::Channels(ranks), None))
                    .map_err(|e| e.to_string()),
            };
            let (link, keeper) = engines.unwrap_or_else(|why| {
                let _ = sender.send(Input::Broken(format!("the engines cannot be started: {why}")));
                let _ = sender.send(Input::Exited(String::new()));
                (Link::Channels(Vec::new()), None)
            });
            drop(sender);
            Watch::new(link, keeper, events, shared).run(&arrived);
        };
        let builder = thread::Builder::new().name("team".into()).stack_size(STACK);
        let thread = builder.spawn(own).map_err(|e| format!("no thread for the engines: {e}"))?;
        Ok(Team { inbox, info, last: 0, thread: Some(thread) })
    }

    /// Runs a program after those before it; `Event::Done` with the number returned will follow.
    pub fn run(&mut self, program: Program) -> u64 {
        self.last += 1;
        let _ = self.inbox.send(Input::Run { seq: self.last, program: Box::new(program) });
        self.last
    }

    /// Raises KeyboardInterrupt in the program that runs, on all ranks at the same place.
    pub fn interrupt(&self) {
        let _ = self.inbox.send(Input::Interrupt);
    }

    /// Ends the team, with everything that belongs to it. Takes a few seconds at most.
    pub fn shutdown(self) {}

    pub fn info(&self) -> Info {
        self.info.lock().unwrap().clone()
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        let _ = self.inbox.send(Input::Shutdown);
        self.thread.take().map(JoinHandle::join);
    }
}

/// Listens, and starts MPI engines that connect.
fn open(
    plan: &launch::Plan,
    n: usize,
    inbox: &Sender<Input>,
) -> Result<(Link, Option<std::process::ChildStdin>), String> {
    let host = std::env::var("DISTARRAY_ADDRESS").unwrap_or("127.0.0.1".into());
    let hub = hub::Hub::open(&host, inbox.clone()).map_err(|e| format!("no sockets on {host}: {e}"))?;
    let keeper = plan.start(n, &hub.access, inbox.clone())?;
    Ok((Link::Hub(hub), Some(keeper)))
}
