//! The session's handle on its engines: commands go to a thread that owns the team, so that nothing a team does
//! (starting, stopping, sending a large program) keeps the session from answering its front ends.

use std::sync::mpsc::{Receiver, Sender, channel};

use engines::link::{Output, Reply, Stats};
use engines::progress::Report;
use lang::ir::Program;

use crate::session::Input;
use crate::team::{Event, Info, Kind, Spec, Team};

/// What the session asks of the thread that owns the team.
pub enum Command {
    /// Stop the team that runs, if any, and start one; its events carry `generation`.
    Start {
        generation: u64,
        spec: Spec,
    },
    Run(Box<Program>),
    Interrupt,
    /// Send `Input::Info`.
    Describe,
}

/// How a program ended on a team that lives.
#[derive(Debug)]
pub struct Done {
    pub reply: Reply,
    pub stats: Vec<Stats>,
}

/// What the engines are doing.
#[derive(Debug)]
pub enum State {
    Starting,
    Ready,
    Running,
    Done(Box<Done>),
    /// They are gone, for this reason, until a person asks for new ones.
    Lost(String),
}

pub struct Engines {
    commands: Sender<Command>,
    generation: u64,
    pub spec: Spec,
    pub state: State,
    /// What there is to say about the team, as of the last time that it was asked.
    pub info: Option<Info>,
    /// Where the running program is, if it has said so since it was asked last.
    pub report: Option<Report>,
}

impl Engines {
    /// Asks for a first team.
    pub fn start(commands: Sender<Command>, spec: Spec) -> Engines {
        let mut engines =
            Engines { commands, generation: 0, spec, state: State::Starting, info: None, report: None };
        engines.restart(spec);
        engines
    }

    /// Starts none, for this reason; a person can ask for some.
    pub fn none(commands: Sender<Command>, why: String) -> Engines {
        Engines {
            commands,
            generation: 0,
            spec: Spec::default(),
            state: State::Lost(why),
            info: None,
            report: None,
        }
    }

    /// Asks for a new team in place of the one that is there.
    pub fn restart(&mut self, spec: Spec) {
        self.generation += 1;
        self.spec = spec;
        self.state = State::Starting;
        self.info = None;
        self.send(Command::Start { generation: self.generation, spec });
    }

    /// How many engines, of which kind, and why: what the banner says of them.
    pub fn describe(&self) -> String {
        if let State::Lost(why) = &self.state {
            return format!("no engines: {}", why.lines().next().unwrap_or_default());
        }
        let Some(info) = &self.info else {
            return format!("engines that are starting ({})", self.spec);
        };
        let many = |one: &str| {
            if info.ranks == 1 { format!("1 {one}") } else { format!("{} {one}s", info.ranks) }
        };
        let text = match info.kind {
            Kind::Mpi => many("MPI rank"),
            Kind::Threads => many("thread") + " of the kernel",
        };
        match &info.note {
            Some(note) => format!("{text} ({note})"),
            None => text,
        }
    }

    /// Asks for fresh `info`; it is there when `info` is no longer `None`.
    pub fn ask(&mut self) {
        self.info = None;
        self.send(Command::Describe);
    }

    /// Counts the teams that there were.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Takes note of what a team says of itself.
    pub fn note_info(&mut self, generation: u64, info: Info) {
        if generation == self.generation {
            self.info = Some(info);
        }
    }

    /// Runs a program; the state is `Ready`, and becomes `Done` or `Lost` in time.
    pub fn run(&mut self, program: Program) {
        self.state = State::Running;
        self.report = None;
        self.send(Command::Run(Box::new(program)));
    }

    /// Interrupts the program that runs, if any.
    pub fn interrupt(&mut self) {
        if matches!(self.state, State::Running) {
            self.send(Command::Interrupt);
        }
    }

    /// Takes note of an event; returns the output that it brings. News of an earlier team are no news.
    pub fn note(&mut self, generation: u64, event: Event) -> Option<Output> {
        if generation != self.generation {
            return None;
        }
        match event {
            Event::Ready if matches!(self.state, State::Starting) => self.state = State::Ready,
            Event::Ready => {}
            Event::Output { output, .. } => return Some(output),
            Event::Progress(report) => self.report = Some(report),
            Event::Done { reply, stats, .. } => {
                self.state = State::Done(Box::new(Done { reply: *reply, stats }))
            }
            Event::Died { message } => self.state = State::Lost(message),
        }
        None
    }

    fn send(&mut self, command: Command) {
        if self.commands.send(command).is_err() {
            self.state = State::Lost("the thread that owns the engines has ended".to_string());
        }
    }
}

/// Owns the team, and carries out commands until their sender is dropped; then stops the engines.
pub fn serve(commands: Receiver<Command>, inbox: Sender<Input>) {
    let mut team: Option<Team> = None;
    let mut current = 0;
    for command in commands {
        match command {
            Command::Start { generation, spec } => {
                if let Some(team) = team.take() {
                    team.shutdown();
                }
                current = generation;
                team = start(generation, &spec, &inbox);
                describe(&team, current, &inbox);
            }
            Command::Run(program) => {
                if let Some(team) = &mut team {
                    team.run(*program);
                }
            }
            Command::Interrupt => {
                if let Some(team) = &mut team {
                    team.interrupt();
                }
            }
            Command::Describe => describe(&team, current, &inbox),
        }
    }
    if let Some(team) = team {
        team.shutdown();
    }
}

fn describe(team: &Option<Team>, generation: u64, inbox: &Sender<Input>) {
    if let Some(team) = team {
        let _ = inbox.send(Input::Info { generation, info: team.info() });
    }
}

/// Starts a team whose events go to `inbox`, marked with its generation.
fn start(generation: u64, spec: &Spec, inbox: &Sender<Input>) -> Option<Team> {
    let (sender, events) = channel();
    let forward = inbox.clone();
    std::thread::spawn(move || {
        for event in events {
            if forward.send(Input::Engines { generation, event }).is_err() {
                return;
            }
        }
    });
    match Team::start(spec, sender) {
        Ok(team) => Some(team),
        Err(message) => {
            let _ = inbox.send(Input::Engines { generation, event: Event::Died { message } });
            None
        }
    }
}
