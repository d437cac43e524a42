//! Engines as threads of this process, where there is no MPI or none is wanted.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use engines::comm::threads::{STACK, team};
use engines::ctx::{Ctx, Settings};
use engines::link::{FromEngine, Reply, Sink, ToEngine, channel as link, serve};
use lang::ir::Program;

use super::watch::Input;

/// Starts `n` ranks. They end when the channels are dropped; `Input::Exited` follows the last one's end.
pub fn start<M>(
    n: usize,
    machine: fn(Ctx, Sink) -> M,
    inbox: &Sender<Input>,
) -> io::Result<Vec<Sender<ToEngine>>>
where
    M: FnMut(&Program) -> Reply + 'static,
{
    let left = Arc::new(AtomicUsize::new(n));
    let rank = |(rank, end)| {
        let (sender, receiver) = channel();
        let (left, inbox, outbox) = (left.clone(), inbox.clone(), inbox.clone());
        let ends = link::ends(receiver, move |message: FromEngine| drop(outbox.send(Input::Engine(message))));
        let live = move || {
            // What went wrong has been said on the link.
            let _ = serve(ends, Ctx::new(Box::new(end), Settings::from_env()), machine);
            if left.fetch_sub(1, Ordering::AcqRel) == 1 {
                let _ = inbox.send(Input::Exited("the engines have ended".into()));
            }
        };
        thread::Builder::new().name(format!("rank {rank}")).stack_size(STACK).spawn(live)?;
        Ok(sender)
    };
    team(n).into_iter().enumerate().map(rank).collect()
}
