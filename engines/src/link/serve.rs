//! A rank's life: one thread runs programs, in order; another answers the kernel meanwhile.
//!
//! The program's thread blocks on a channel between programs, never in the communicator, so an idle rank costs nothing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use lang::ir::Program;

use super::outbox::{GATHER, Outbox};
use super::{FromEngine, Output, Reply, ToEngine};
use crate::comm::threads::{STACK, caught};
use crate::control::{Control, Held, Hold};
use crate::ctx::Ctx;
use crate::machine::Machine;

/// A rank says that it is alive this often.
const BEAT: Duration = Duration::from_millis(500);

/// A program that runs for this long is reported on, this often.
const SLOW: Duration = Duration::from_millis(450);
const REPORT: Duration = Duration::from_millis(100);

/// What a machine says before its program ends. Only rank 0's goes anywhere.
pub type Sink = Box<dyn FnMut(Output)>;

/// The next message of the kernel; `None` when the time is over.
pub type Inlet = Box<dyn FnMut(Duration) -> Result<Option<ToEngine>, Gone> + Send>;

/// Sends a message to the kernel; dropping it waits, for a bounded time, until all are sent.
pub type Outlet = Box<dyn FnMut(FromEngine) + Send>;

/// There is no kernel any more, and why.
#[derive(Debug)]
pub struct Gone(pub String);

/// A rank's ends of the link.
pub struct Ends {
    pub inlet: Inlet,
    /// For the thread that runs programs.
    pub replies: Outlet,
    /// For the thread that answers the kernel meanwhile.
    pub answers: Outlet,
    /// Called when the link is lost. A process ends itself here, for its program may be waiting for other ranks; embedded
    /// ranks fail at their next safe point.
    pub lost: Box<dyn FnOnce(&str) + Send>,
}

/// Serves the kernel until it says Shutdown or is gone. `start` makes the machine; it is called once, on this thread.
///
/// # Errors
/// The message of a panic, after it was sent to the kernel; empty when another rank is to blame. The ranks are
/// then no longer in step: the caller must end the team.
pub fn serve<M>(ends: Ends, ctx: Ctx, start: impl FnOnce(Ctx, Sink) -> M) -> Result<(), String>
where
    M: FnMut(&Program) -> Reply,
{
    let (rank, size, control) = (ctx.comm.rank(), ctx.comm.size(), ctx.control.clone());
    let Ends { inlet, replies, answers, lost } = ends;
    let outbox = Arc::new(Outbox::new(replies));
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_string();
    outbox.send(FromEngine::Ready { rank, size, pid: std::process::id(), host, table: table() });

    let (queue, programs) = mpsc::channel();
    let meanwhile =
        Meanwhile { rank, inlet, answers, outbox: outbox.clone(), control: control.clone(), queue };
    let thread = thread::Builder::new().name(format!("link {rank}")).stack_size(STACK);
    thread.spawn(move || meanwhile.run(lost)).expect("a thread for the link");

    let said = outbox.clone();
    let sink: Sink = Box::new(move |output| {
        if rank == 0 {
            said.say(output);
        }
    });
    let served = caught(|| {
        let mut machine = start(ctx, sink);
        for (seq, program) in programs {
            outbox.begin(seq);
            control.begin(seq);
            let mut reply = machine(&program);
            control.end();
            if rank != 0 {
                reply = Reply { error: reply.error, stats: reply.stats, ..Reply::default() };
            }
            outbox.send(FromEngine::Done { rank, seq, reply: Box::new(reply) });
        }
    });
    served.map_err(|message| {
        if let Some(message) = &message {
            let message = format!("panicked: {message}");
            outbox.send(FromEngine::Failed { rank, message });
        }
        message.unwrap_or_default()
    })
}

/// What runs programs on a rank, for `serve`: the machine, with what it has sent counted.
pub fn machine(ctx: Ctx, sink: Sink) -> impl FnMut(&Program) -> Reply {
    let mut machine = Machine::new(ctx, sink);
    move |program| {
        let before = machine.ctx.comm.traffic();
        let mut reply = machine.run(program);
        let after = machine.ctx.comm.traffic();
        reply.stats.bytes_sent = after.bytes - before.bytes;
        reply.stats.messages_sent = after.messages - before.messages;
        reply
    }
}

/// The digest by which kernel and engine know that they were built alike.
pub fn table() -> u64 {
    let mut hash = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hash);
    lang::ops::digest().hash(&mut hash);
    hash.finish()
}

/// The thread that answers the kernel while programs run.
struct Meanwhile {
    rank: usize,
    inlet: Inlet,
    answers: Outlet,
    outbox: Arc<Outbox>,
    control: Arc<Control>,
    queue: mpsc::Sender<(u64, Box<Program>)>,
}

impl Meanwhile {
    /// Returns when the kernel says Shutdown, when the link is lost, or when the program's thread has ended.
    fn run(mut self, lost: Box<dyn FnOnce(&str) + Send>) {
        if let Err(Gone(why)) = self.answer() {
            self.control.close();
            lost(&why);
        }
    }

    fn answer(&mut self) -> Result<(), Gone> {
        let rank = self.rank;
        let mut next = 1;
        let mut beat = Instant::now();
        let mut begins = false;
        let mut to_hold = None;
        // The program that runs, since when, and when it was last reported on.
        let mut watched: Option<(u64, Instant, Instant)> = None;
        loop {
            if let Some((seq, nth)) = to_hold {
                match self.control.hold(seq, nth) {
                    Hold::At(Held { last, paused }) => {
                        (self.answers)(FromEngine::Held { rank, seq, last, paused });
                        to_hold = None;
                    }
                    Hold::Ended => to_hold = None,
                    Hold::Later => {}
                }
            }
            let now = Instant::now();
            if now >= beat {
                (self.answers)(FromEngine::Alive { rank });
                beat = now + BEAT;
            }
            let running = self.control.running();
            match (running, &mut watched) {
                (Some(seq), Some((known, since, last))) if seq == *known => {
                    if rank == 0 && now - *since >= SLOW && now - *last >= REPORT {
                        *last = now;
                        let report = self.control.progress.report();
                        (self.answers)(FromEngine::Progress { seq, report });
                    }
                }
                (seq, _) => watched = seq.map(|seq| (seq, now, now)),
            }
            let wait = if begins || running.is_some() { GATHER } else { beat - now };
            begins = false;
            match (self.inlet)(wait.min(beat - now))? {
                None => self.outbox.flush_old(),
                Some(ToEngine::Run { seq, program }) => {
                    if seq != next {
                        let message = format!("program {seq} arrived where {next} was due");
                        (self.answers)(FromEngine::Failed { rank, message: message.clone() });
                        return Err(Gone(message));
                    }
                    next += 1;
                    begins = true;
                    if self.queue.send((seq, program)).is_err() {
                        return Ok(());
                    }
                }
                Some(ToEngine::Hold { seq, nth }) => to_hold = Some((seq, nth)),
                Some(ToEngine::Interrupt { seq, nth, until }) => self.control.interrupt(seq, nth, until),
                Some(ToEngine::Shutdown) => {
                    self.control.close();
                    return Ok(());
                }
            }
        }
    }
}
