//! The thread that owns a team: hands out programs, gathers replies, and notices when a rank is gone.

use std::process::ChildStdin;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use engines::link::{FromEngine, Reply, ToEngine};
use lang::error::{Class, Error};
use lang::ir::Program;

use super::hub::Hub;
use super::interrupt::{Coordinator, Order};
use super::jobs::Jobs;
use super::{Event, Info, State, process};

const TICK: Duration = Duration::from_millis(200);
/// A rank says that it is alive twice a second; after this long it is looked at.
const LATE: Duration = Duration::from_millis(1400);
/// A rank that runs, on a machine so busy that its link does not, is given this long.
const LOST: Duration = Duration::from_secs(15);
/// For all ranks to come up.
const START: Duration = Duration::from_secs(60);
/// For a rank's own last word to overtake the news that its process has ended.
const LAST_WORD: Duration = Duration::from_millis(100);
/// For idle ranks to end by themselves.
const SHUTDOWN: Duration = Duration::from_secs(2);

/// What the thread waits for.
pub enum Input {
    Run {
        seq: u64,
        program: Box<Program>,
    },
    Interrupt,
    Shutdown,
    /// An engine listens.
    Subscribed,
    Engine(FromEngine),
    /// The link cannot be trusted any more.
    Broken(String),
    /// The launcher has ended, or the last embedded rank.
    Exited(String),
}

/// The way to the engines.
pub enum Link {
    Hub(Hub),
    Channels(Vec<Sender<ToEngine>>),
}

impl Link {
    fn send(&self, message: ToEngine) {
        match self {
            Link::Hub(hub) => hub.send(&message),
            // A rank that has ended is reported by itself.
            Link::Channels(ranks) => ranks.iter().for_each(|rank| drop(rank.send(message.clone()))),
        }
    }
}

struct Rank {
    ready: bool,
    pid: u32,
    local: bool,
    heard: Instant,
}

pub struct Watch {
    link: Option<Link>,
    /// The keeper of MPI engines ends them at once when this is dropped; embedded ranks end when the link is.
    keeper: Option<ChildStdin>,
    events: Sender<Event>,
    info: Arc<Mutex<Info>>,
    ranks: Vec<Rank>,
    /// Engines that have yet to listen.
    deaf: usize,
    ready: bool,
    jobs: Jobs,
    interrupts: Coordinator,
    started: Instant,
    ticked: Instant,
    /// Whether all processes or threads of the team have ended.
    gone: bool,
    /// How they did, until it is clear why.
    exited: Option<(String, Instant)>,
    dead: Option<String>,
}

impl Watch {
    pub fn new(
        link: Link,
        keeper: Option<ChildStdin>,
        events: Sender<Event>,
        info: Arc<Mutex<Info>>,
    ) -> Watch {
        let n = info.lock().unwrap().ranks;
        let now = Instant::now();
        Watch {
            deaf: if matches!(link, Link::Hub(_)) { n } else { 0 },
            link: Some(link),
            keeper,
            events,
            info,
            ranks: (0..n).map(|_| Rank { ready: false, pid: 0, local: true, heard: now }).collect(),
            ready: false,
            jobs: Jobs::default(),
            interrupts: Coordinator::default(),
            started: now,
            ticked: now,
            gone: false,
            exited: None,
            dead: None,
        }
    }

    /// Returns when the team is shut down, with its processes gone as far as a few seconds allow.
    pub fn run(mut self, inbox: &Receiver<Input>) {
        loop {
            match inbox.recv_timeout(TICK) {
                Ok(Input::Shutdown) | Err(RecvTimeoutError::Disconnected) => {
                    return self.end(inbox);
                }
                Ok(input) => self.take(input),
                Err(RecvTimeoutError::Timeout) => (),
            }
            if self.ticked.elapsed() >= TICK {
                self.tick();
            }
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Run { seq, .. } if self.dead.is_some() => self.fail(seq),
            Input::Run { seq, program } => {
                self.jobs.push(seq, program);
                self.feed();
            }
            Input::Interrupt => self.interrupt(),
            Input::Exited(how) => {
                self.gone = true;
                self.exited = Some((how, Instant::now()));
            }
            Input::Shutdown => (),
            _ if self.dead.is_some() => (),
            Input::Broken(why) => self.die(why),
            Input::Subscribed => {
                self.deaf = self.deaf.saturating_sub(1);
                self.feed();
            }
            Input::Engine(message) => self.hear(message),
        }
    }

    fn hear(&mut self, message: FromEngine) {
        match message {
            FromEngine::Ready { rank, size, pid, host, table } => self.greet(rank, size, pid, host, table),
            FromEngine::Alive { rank } => self.heard(rank),
            FromEngine::Failed { rank, message } => self.die(format!("rank {rank} {message}")),
            FromEngine::Output { seq, output } => {
                self.jobs.say(seq, output);
                self.deliver();
            }
            FromEngine::Progress { report, .. } => {
                self.heard(0);
                drop(self.events.send(Event::Progress(report)));
            }
            FromEngine::Held { rank, seq, last, paused } => {
                self.heard(rank);
                let order = self.interrupts.held(rank, seq, last, paused);
                self.order(order);
            }
            FromEngine::Done { rank, seq, reply } => {
                self.heard(rank);
                let order = self.interrupts.ended(seq);
                self.order(order);
                self.jobs.done(seq, rank, reply);
                self.deliver();
            }
        }
    }

    fn heard(&mut self, rank: usize) {
        if let Some(rank) = self.ranks.get_mut(rank) {
            rank.heard = Instant::now();
        }
    }

    fn greet(&mut self, rank: usize, size: usize, pid: u32, host: String, table: u64) {
        let n = self.ranks.len();
        if size != n || rank >= n {
            let hint = "the launcher may belong to another MPI than the one that the engine was built with";
            return self
                .die(format!("{n} engines were started, but one came up as rank {rank} of {size}: {hint}"));
        }
        if table != engines::link::table() {
            return self
                .die("the kernel and distarray-engine are of different builds: install both again".into());
        }
        let now = Instant::now();
        self.ranks[rank] = Rank { ready: true, pid, local: host == process::host(), heard: now };
        let mut info = self.info.lock().unwrap();
        (info.pids[rank], info.hosts[rank]) = (pid, host);
        drop(info);
        self.feed();
    }

    /// Sends what waits, once every rank is there and listens.
    fn feed(&mut self) {
        if !self.ready {
            if self.deaf > 0 || self.ranks.iter().any(|rank| !rank.ready) {
                return;
            }
            self.ready = true;
            let now = Instant::now();
            self.ranks.iter_mut().for_each(|rank| rank.heard = now);
            self.info.lock().unwrap().state = State::Ready;
            let _ = self.events.send(Event::Ready);
        }
        if let Some(link) = &self.link {
            self.jobs.start(self.ranks.len()).into_iter().for_each(|message| link.send(message));
        }
    }

    fn deliver(&mut self) {
        let (events, disagreement) = self.jobs.events();
        for event in events {
            let _ = self.events.send(event);
        }
        if let Some(why) = disagreement {
            self.die(why);
        }
    }

    fn interrupt(&mut self) {
        for seq in self.jobs.drop_waiting() {
            self.refuse(seq, Class::KeyboardInterrupt, "");
        }
        if let Some(number) = self.jobs.interruptible() {
            let order = self.interrupts.begin(number, self.ranks.len());
            self.order(order);
        }
    }

    fn order(&mut self, order: Option<Order>) {
        if let (Some(link), Some(order)) = (&self.link, order) {
            link.send(match order {
                Order::Hold { seq, nth } => ToEngine::Hold { seq, nth },
                Order::Interrupt { seq, nth, until } => ToEngine::Interrupt { seq, nth, until },
            });
        }
    }

    fn tick(&mut self) {
        let now = Instant::now();
        // This process was stopped, or had no time: what the ranks said meanwhile has yet to be read.
        let asleep = now - self.ticked > 4 * TICK;
        self.ticked = now;
        if asleep {
            self.ranks.iter_mut().for_each(|rank| rank.heard = now);
        }
        if self.dead.is_some() {
            return;
        }
        if let Some((how, _)) = self.exited.take_if(|(_, at)| now - *at >= LAST_WORD) {
            return self.die(how);
        }
        if !self.ready {
            if now - self.started > START && self.exited.is_none() {
                let missing = self.ranks.iter().filter(|rank| !rank.ready).count();
                let n = self.ranks.len();
                self.die(format!("{missing} of {n} engines did not come up within {} s", START.as_secs()));
            }
            return;
        }
        let gone = |rank: &Rank| {
            let silent = now - rank.heard;
            silent > LATE && (!rank.local || silent > LOST || !process::runs(rank.pid))
        };
        if let Some(rank) = self.ranks.iter().position(gone) {
            let Rank { pid, heard, .. } = self.ranks[rank];
            let silent = (now - heard).as_secs_f64();
            let how = process::state(pid);
            self.die(format!("rank {rank} (process {pid}, {how}) has been silent for {silent:.1} s"));
        }
    }

    fn refuse(&self, seq: u64, class: Class, message: &str) {
        let reply = Reply { error: Some(Error::new(class, message)), ..Reply::default() };
        let _ = self.events.send(Event::Done { seq, reply: Box::new(reply), stats: Vec::new() });
    }

    fn fail(&self, seq: u64) {
        let why = self.dead.as_deref().unwrap_or_default();
        self.refuse(seq, Class::EngineError, &format!("the engines are gone: {why}"));
    }

    /// The team is no more: ends its processes and every program that was under way.
    fn die(&mut self, message: String) {
        self.keeper = None;
        self.link = None;
        self.dead = Some(message.clone());
        self.info.lock().unwrap().state = State::Dead(message.clone());
        for seq in self.jobs.drop_all() {
            self.fail(seq);
        }
        let _ = self.events.send(Event::Died { message });
    }

    fn end(mut self, inbox: &Receiver<Input>) {
        let idle = self.ready && self.dead.is_none() && self.jobs.idle();
        match &self.link {
            Some(link) if idle || matches!(link, Link::Channels(_)) => link.send(ToEngine::Shutdown),
            _ => self.keeper = None,
        }
        let exited = |time: Duration| {
            let until = Instant::now() + time;
            while let Ok(input) = inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
                if matches!(input, Input::Exited(_)) {
                    return true;
                }
            }
            false
        };
        if !self.gone && !exited(SHUTDOWN) && self.keeper.take().is_some() {
            exited(SHUTDOWN);
        }
    }
}
