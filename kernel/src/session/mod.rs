//! A session: one front end's requests, one after the other, against one team of engines.
//!
//! Everything happens on one thread, which waits in `pump` only. While a cell runs, `pump` goes on publishing outputs and
//! answering control requests and those for help with typing; other shell requests queue up.

mod answers;
mod debug;
pub mod engines;
mod execute;
pub mod failure;
pub mod history;
mod language;
mod programs;
mod progress;
mod streams;
mod widgets;

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Instant;

use ::engines::link::{Output, Shown};
use jupyter_protocol::{
    ClearOutput, DisplayData, JupyterMessageContent, Media, Payload, Status, Stdio, StreamContent, Transient,
    UpdateDisplayData,
};
use lang::session::Session as Names;
use serde_json::{Map, Value};

use crate::display;
use crate::signals::Signal;
use crate::sockets::{Channel, Incoming, Outbox};
use crate::team::{Event, Info};
use crate::wire::Request;
use debug::Debugger;
use engines::Engines;
use failure::Failure;
use history::History;
use progress::Progress;
pub use streams::Stream;
use streams::Streams;
use widgets::Widgets;

/// What a front end asks while a person types, and needs at once: also while a cell runs.
const TYPING: [&str; 3] = ["complete_request", "inspect_request", "is_complete_request"];

/// What wakes the session.
pub enum Input {
    Jupyter(Incoming),
    Engines { generation: u64, event: Event },
    Info { generation: u64, info: Info },
}

pub struct Session {
    outbox: Outbox,
    inbox: Receiver<Input>,
    pub(crate) engines: Engines,
    /// What the language's names hold, as the engines last said.
    pub(crate) names: Names,
    pub(crate) history: History,
    /// The number of the last cell that was counted.
    pub(crate) count: usize,
    /// Requests that wait for their turn, and when they came.
    queue: VecDeque<(Request, Instant)>,
    streams: Streams,
    /// The cell that runs.
    running: Option<Request>,
    /// The request that outputs belong to; none while nothing runs, or when it wants silence.
    audience: Option<Request>,
    interrupted: bool,
    /// The program that runs, for its bar.
    progress: Option<Progress>,
    /// Whether cells that take long show one.
    pub(crate) bars: bool,
    /// Whether each cell says what it took.
    pub(crate) status: bool,
    /// What programs of this cell took so far: seconds, and bytes sent; and the bytes that arrays take.
    took: (f64, u64, u64),
    /// Bytes of arrays on each rank, after the last program.
    pub(crate) held: Vec<u64>,
    debugger: Debugger,
    widgets: Widgets,
    /// Takes what is shown, while the kernel itself wants to see a value.
    captured: Option<Vec<Shown>>,
    /// What the cell asks of its front end.
    pub(crate) payload: Vec<Payload>,
    /// So many displays of the kernel's own have had a name.
    displays: usize,
    /// So many of the execute requests in the queue stand behind an error, and are not to run.
    aborting: usize,
    ending: bool,
}

impl Session {
    pub fn new(outbox: Outbox, inbox: Receiver<Input>, engines: Engines, history: History) -> Session {
        Session {
            outbox,
            inbox,
            engines,
            names: Names::default(),
            history,
            count: 0,
            queue: VecDeque::new(),
            streams: Streams::new(Instant::now()),
            running: None,
            audience: None,
            interrupted: false,
            progress: None,
            bars: true,
            status: false,
            took: (0.0, 0, 0),
            held: Vec::new(),
            debugger: Debugger::default(),
            widgets: Widgets::default(),
            captured: None,
            payload: Vec::new(),
            displays: 0,
            aborting: 0,
            ending: false,
        }
    }

    /// Answers requests until one of them, or a signal, ends the session.
    pub fn run(mut self) {
        self.outbox.publish(None, Status::starting());
        while !self.ending {
            match self.queue.pop_front() {
                Some((request, came)) => self.answer(Channel::Shell, &request, came),
                None => self.pump(None),
            }
        }
    }

    /// Waits for one input, or until `deadline`, and deals with it. Outputs that are due are published meanwhile.
    fn pump(&mut self, deadline: Option<Instant>) {
        let until = [deadline, self.streams.due()].into_iter().flatten().min();
        let received = match until {
            Some(until) => self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())),
            None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        self.receive(received);
        if self.streams.due().is_some_and(|due| due <= Instant::now()) {
            self.flush();
        }
    }

    /// Deals with what has come already.
    fn take_in(&mut self) {
        while let Ok(input) = self.inbox.try_recv() {
            self.receive(Ok(input));
        }
    }

    fn receive(&mut self, received: Result<Input, RecvTimeoutError>) {
        match received {
            Ok(Input::Jupyter(Incoming::Request(Channel::Control, request))) => {
                self.answer(Channel::Control, &request, Instant::now());
            }
            Ok(Input::Jupyter(Incoming::Request(Channel::Shell, request))) => match self.running.clone() {
                Some(cell) if TYPING.contains(&request.msg_type.as_str()) => {
                    self.answer(Channel::Shell, &request, Instant::now());
                    // JupyterLab takes the last status, whosever it is, for the kernel's.
                    self.outbox.publish(Some(&cell), Status::busy());
                }
                _ => self.queue.push_back((request, Instant::now())),
            },
            // Nothing was asked, so that no answer means anything.
            Ok(Input::Jupyter(Incoming::Request(Channel::Stdin, _))) => {}
            Ok(Input::Jupyter(Incoming::Signal(Signal::Interrupt))) => self.interrupt(),
            Ok(Input::Jupyter(Incoming::Signal(Signal::Terminate))) => self.ending = true,
            Ok(Input::Engines { generation, event }) => {
                if let Some(output) = self.engines.note(generation, event) {
                    self.output(output);
                }
                if let Some(report) = self.engines.report.take() {
                    self.report(report);
                }
            }
            Ok(Input::Info { generation, info }) => self.engines.note_info(generation, info),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.ending = true,
        }
    }

    /// Asks what runs to stop; nothing happens when nothing runs.
    fn interrupt(&mut self) {
        self.interrupted = true;
        self.engines.interrupt();
    }

    fn output(&mut self, output: Output) {
        match output {
            Output::Show(shown) if self.captured.is_some() => {
                self.captured.iter_mut().for_each(|captured| captured.push((*shown).clone()));
            }
            Output::Stdout(text) => self.say(Stream::Stdout, &text),
            Output::Stderr(text) => self.say(Stream::Stderr, &text),
            Output::Show(shown) => match display::saved(&shown) {
                None => {
                    let bundle = self.bundle(&shown);
                    self.show(bundle);
                }
                Some(Ok(())) => {}
                Some(Err(why)) => self.say(Stream::Stderr, &(why + "\n")),
            },
            Output::Named { name, replace: false, shown } => {
                let transient = Some(Transient { display_id: Some(name) });
                let data = media(self.bundle(&shown));
                self.publish(DisplayData { data, transient, ..DisplayData::default() });
            }
            Output::Named { name, replace: true, shown } => {
                let data = media(self.bundle(&shown));
                self.publish(UpdateDisplayData::new(data, &name));
            }
            Output::Clear { wait } => self.publish(ClearOutput { wait }),
            Output::Route { output } => self.route(output),
            Output::Widget { number, state } => self.widget_state(number, &state),
            Output::Failed(error) => self.publish(Failure::raised(&error, &self.names).output()),
        }
    }

    /// Prints to the cell that runs.
    pub(crate) fn say(&mut self, stream: Stream, text: &str) {
        for (stream, text) in self.streams.write(stream, text, Instant::now()) {
            self.send_text(stream, text);
        }
    }

    /// Publishes what was printed so far.
    fn flush(&mut self) {
        if let Some((stream, text)) = self.streams.take(Instant::now()) {
            self.send_text(stream, text);
        }
    }

    /// As `flush`, at the end of a cell: also says what was dropped.
    fn flush_all(&mut self) {
        self.flush();
        let dropped = self.streams.dropped();
        if dropped > 0 {
            let text = format!(
                "\n[{dropped} bytes of output were dropped: the cell printed faster than they can be shown]\n"
            );
            self.send_text(Stream::Stderr, text);
        }
    }

    fn send_text(&self, stream: Stream, text: String) {
        let name = match stream {
            Stream::Stdout => Stdio::Stdout,
            Stream::Stderr => Stdio::Stderr,
        };
        if let Some(parent) = &self.audience {
            self.outbox.publish(Some(parent), StreamContent { name, text });
        }
    }

    /// Publishes an output of the cell that runs, after what was printed before it.
    fn publish(&mut self, content: impl Into<JupyterMessageContent>) {
        self.flush();
        if let Some(parent) = &self.audience {
            self.outbox.publish(Some(parent), content);
        }
    }

    /// Publishes a bundle as an output of the cell that runs.
    pub(crate) fn show(&mut self, bundle: Map<String, Value>) {
        self.publish(DisplayData { data: media(bundle), ..DisplayData::default() });
    }
}

/// What front ends may show for a value; its text alone, should drawing it fail.
fn bundle(shown: &Shown) -> Map<String, Value> {
    language::guard(|| display::bundle(shown)).unwrap_or_else(|fault| {
        let text = format!("(this value cannot be drawn: {fault})");
        Map::from_iter([("text/plain".to_string(), Value::String(text))])
    })
}

/// A bundle as the protocol's crate wants it.
fn media(bundle: Map<String, Value>) -> Media {
    serde_json::from_value(Value::Object(bundle)).unwrap_or_default()
}
