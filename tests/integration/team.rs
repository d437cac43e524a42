//! A team of engines as the tests use it, and what the system shows of its processes.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use engines::link::{Output, Reply, Stats};
use harness::engine;
use kernel::team::{Event, Spec, Team};
use lang::ir::Program;
use lang::session::Session;
use lang::source::Source;

/// Far beyond what anything here takes, so that a hang is a failure.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct Tested {
    pub team: Team,
    pub events: Receiver<Event>,
}

/// How a program ended.
pub struct Ended {
    pub seq: u64,
    pub printed: String,
    pub reply: Box<Reply>,
    pub stats: Vec<Stats>,
}

impl Tested {
    /// Starts engines and waits until they are up.
    pub fn start(spec: &str) -> Tested {
        engine::binary();
        let (sender, events) = channel();
        let team = Team::start(&Spec::parse(spec).unwrap(), sender).unwrap();
        let tested = Tested { team, events };
        match tested.event() {
            Event::Ready => tested,
            other => panic!("{other:?}"),
        }
    }

    pub fn event(&self) -> Event {
        self.events.recv_timeout(PATIENCE).expect("an event in time")
    }

    /// Waits for the program's end.
    pub fn ended(&self) -> Ended {
        let mut printed = String::new();
        loop {
            match self.event() {
                Event::Output { output: Output::Stdout(text), .. } => printed += &text,
                Event::Output { .. } | Event::Progress(_) | Event::Ready => (),
                Event::Done { seq, reply, stats } => {
                    return Ended { seq, printed, reply, stats };
                }
                Event::Died { message } => panic!("died: {message}"),
            }
        }
    }

    /// The reason why the engines died, and how many programs failed by it.
    pub fn died(&self) -> (String, usize) {
        let mut failed = 0;
        loop {
            match self.event() {
                Event::Died { message } => return (message, failed),
                Event::Done { reply, .. } if reply.error.is_some() => failed += 1,
                Event::Progress(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

pub fn program(text: &str) -> Program {
    let source = Source { name: "cell 1".into(), text: text.into() };
    lang::compile(source, &Session::default()).expect("a program")
}

/// Waits until `condition` holds.
pub fn soon(time: Duration, what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < time, "{what}: not within {time:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

pub fn signal(pid: u32, signal: &str) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}

/// Processor time that a process has used, in ticks of 10 ms.
pub fn ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// Whether a process is there, and not a zombie.
pub fn exists(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

pub fn parent(pid: u32) -> u32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(')').unwrap().1.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// What a process was started with in its environment.
pub fn variable(pid: u32, name: &str) -> String {
    let environ = fs::read(format!("/proc/{pid}/environ")).unwrap();
    let environ = String::from_utf8_lossy(&environ).to_string();
    let prefix = format!("{name}=");
    environ
        .split('\0')
        .find_map(|v| v.strip_prefix(&prefix))
        .unwrap_or_else(|| panic!("{name} is not set"))
        .to_string()
}

/// The processes and files of a team of MPI ranks, noted while it lives.
pub struct Traces {
    pub ranks: Vec<u32>,
    pub launcher: u32,
    pub keeper: u32,
    place: String,
    files: BTreeSet<String>,
}

impl Traces {
    pub fn of(ranks: Vec<u32>) -> Traces {
        let launcher = parent(ranks[0]);
        let place = variable(ranks[0], "DISTARRAY_DIR");
        let mut files = BTreeSet::from([place.clone()]);
        for pid in &ranks {
            let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
            files.extend(maps.lines().filter_map(|l| l.find("/dev/shm/").map(|at| l[at..].to_string())));
        }
        files.iter().for_each(|file| assert!(fs::exists(file).unwrap(), "{file}"));
        Traces { ranks, launcher, keeper: parent(launcher), place, files }
    }

    /// Waits until nothing is left.
    pub fn vanish(&self, time: Duration) {
        self.processes_vanish(time);
        soon(time, "files are gone", || self.files.iter().all(|file| !fs::exists(file).unwrap()));
    }

    pub fn processes_vanish(&self, time: Duration) {
        let processes = || self.ranks.iter().chain([&self.launcher, &self.keeper]);
        soon(time, "processes are gone", || processes().all(|pid| !exists(*pid)));
    }

    /// Removes what is left.
    pub fn remove(&self) {
        engines::link::place::remove(std::path::Path::new(&self.place));
    }
}
