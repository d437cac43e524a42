//! Programs on the engines: compiled, sent, waited for; and what is said when the engines are not up, or gone.

use std::time::{Duration, Instant};

use lang::error::{Class, Error};
use lang::ir::Program;
use lang::picture::units::bytes;
use lang::session::Session as Names;
use lang::source::Source;

use super::engines::{Done, State};
use super::failure::Failure;
use super::progress::Progress;
use super::{Session, Stream, language};
use crate::magics::duration;
use crate::team::Info;

/// Waiting for the engines is worth a word after this long.
const NOTICEABLE: Duration = Duration::from_secs(1);
const FRESH: &str = "%restart starts fresh engines; what the names held is lost";

impl Session {
    /// Compiles and runs; an error of the program is a failure.
    pub(crate) fn run_source(&mut self, source: Source) -> Result<Done, Failure> {
        // Said first: what the names held went with the engines.
        if let State::Lost(why) = &self.engines.state {
            return Err(lost(why));
        }
        let program = self.compile(source)?;
        self.run_program(program)
    }

    /// Compiles against what the session's names hold now.
    pub(crate) fn compile(&self, source: Source) -> Result<Program, Failure> {
        language::compile(source, &self.names)
    }

    /// Runs a program on the engines, waiting for them to come up if they must.
    pub(crate) fn run_program(&mut self, program: Program) -> Result<Done, Failure> {
        self.wait_for_engines()?;
        // An interrupt may come too late for the program before this one, and still be meant for the cell.
        if self.interrupted {
            return Err(Failure::interrupted());
        }
        self.progress = Some(Progress::new(program.source.clone()));
        self.engines.run(program);
        loop {
            if self.ending {
                return Err(Failure::interrupted());
            }
            match &self.engines.state {
                State::Done(_) => break,
                State::Lost(why) => {
                    let lost = lost(why);
                    self.fold(false);
                    return Err(lost);
                }
                _ => self.pump(None),
            }
        }
        let State::Done(done) = std::mem::replace(&mut self.engines.state, State::Ready) else {
            return Err(Failure::engines("the engines gave no answer"));
        };
        self.took.0 += done.stats.iter().map(|stats| stats.seconds).fold(0.0, f64::max);
        self.took.1 += done.stats.iter().map(|stats| stats.bytes_sent).sum::<u64>();
        self.took.2 = done.stats.iter().map(|stats| stats.bytes_held).sum();
        self.held = done.stats.iter().map(|stats| stats.bytes_held).collect();
        self.names.names =
            done.reply.names.iter().map(|name| (name.name.clone(), name.holds.clone())).collect();
        self.fold(done.reply.error.is_none());
        match &done.reply.error {
            Some(error) => Err(raised(error, &self.names)),
            None => Ok(*done),
        }
    }

    /// `%config status on`: what the cell took.
    pub(super) fn say_status(&mut self) {
        let (seconds, sent, held) = self.took;
        let time = duration(Duration::try_from_secs_f64(seconds).unwrap_or_default());
        let text = format!(
            "[{time} on the engines, {} moved between ranks, arrays take {}]\n",
            bytes(sent),
            bytes(held)
        );
        self.say(Stream::Stderr, &text);
    }

    /// Returns when the engines are ready; says that it waits if that takes a while.
    pub(crate) fn wait_for_engines(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        let mut said = false;
        loop {
            match &self.engines.state {
                State::Starting if self.interrupted || self.ending => {
                    return Err(Failure::interrupted());
                }
                State::Starting => {}
                State::Lost(why) => return Err(lost(why)),
                State::Ready | State::Running | State::Done(_) => break,
            }
            if !said && begun.elapsed() >= NOTICEABLE {
                said = true;
                let text = format!("Waiting for the engines ({}) to start ...\n", self.engines.spec);
                self.say(Stream::Stderr, &text);
            }
            self.pump((!said).then(|| begun + NOTICEABLE));
        }
        if said {
            let text = format!("The engines are there, after {:.1} s.\n", begun.elapsed().as_secs_f64());
            self.say(Stream::Stderr, &text);
        }
        Ok(())
    }

    /// What there is to say about the engines now, which are up.
    pub(crate) fn fresh_info(&mut self) -> Result<Info, Failure> {
        self.wait_for_engines()?;
        self.engines.ask();
        loop {
            match (&self.engines.info, &self.engines.state) {
                (Some(info), _) => return Ok(info.clone()),
                (None, State::Lost(why)) => return Err(lost(why)),
                (None, _) if self.interrupted || self.ending => return Err(Failure::interrupted()),
                (None, _) => self.pump(None),
            }
        }
    }
}

fn lost(why: &str) -> Failure {
    Failure::engines(format!("{why}\n{FRESH}"))
}

fn raised(error: &Error, names: &Names) -> Failure {
    match (error.class, &error.hint) {
        (Class::EngineError, None) => Failure::raised(&error.clone().hint(FRESH), names),
        _ => Failure::raised(error, names),
    }
}
