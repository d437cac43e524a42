//! What a rank has to say, on its way out: printed text is gathered, so that a program that prints in a loop sends tens
//! of messages a second, not a hundred thousand, and an interrupt has no backlog to wait for.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{FromEngine, Outlet, Output};

/// Text waits at most this long for more, while somebody calls `flush_old`.
pub const GATHER: Duration = Duration::from_millis(20);
/// More text does not wait.
const MOST: usize = 64 << 10;

pub struct Outbox(Mutex<Inner>);

struct Inner {
    outlet: Outlet,
    /// The program that speaks.
    seq: u64,
    text: String,
    /// When text last went out.
    sent: Instant,
}

impl Outbox {
    pub fn new(outlet: Outlet) -> Outbox {
        let sent = Instant::now();
        Outbox(Mutex::new(Inner { outlet, seq: 0, text: String::new(), sent }))
    }

    /// Something but output, after all output so far.
    pub fn send(&self, message: FromEngine) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.flush();
        (inner.outlet)(message);
    }

    pub fn begin(&self, seq: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).seq = seq;
    }

    pub fn say(&self, output: Output) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match output {
            Output::Stdout(text) => {
                inner.text.push_str(&text);
                if inner.text.len() >= MOST || inner.sent.elapsed() >= GATHER {
                    inner.flush();
                }
            }
            output => {
                inner.flush();
                let seq = inner.seq;
                (inner.outlet)(FromEngine::Output { seq, output });
            }
        }
    }

    /// From another thread: sends text that has waited, unless the program is just about to.
    pub fn flush_old(&self) {
        if let Ok(mut inner) = self.0.try_lock()
            && inner.sent.elapsed() >= GATHER
        {
            inner.flush();
        }
    }
}

impl Inner {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            let output = Output::Stdout(std::mem::take(&mut self.text));
            (self.outlet)(FromEngine::Output { seq: self.seq, output });
            self.sent = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn text_is_gathered_in_order() {
        let (sender, sent) = channel();
        let outbox = Outbox::new(Box::new(move |message| sender.send(message).unwrap()));
        std::thread::sleep(GATHER);
        outbox.begin(1);
        let expect = |texts: &[&str]| {
            let got: Vec<String> = sent
                .try_iter()
                .map(|message| match message {
                    FromEngine::Output { seq: 1, output: Output::Stdout(text) } => text,
                    FromEngine::Output { seq: 1, output: Output::Stderr(text) } => format!("!{text}"),
                    other => format!("{other:?}"),
                })
                .collect();
            assert_eq!(got, texts);
        };
        outbox.say(Output::Stdout("first".into()));
        expect(&["first"]);
        outbox.say(Output::Stdout("a".into()));
        outbox.say(Output::Stdout("b".into()));
        expect(&[]);
        outbox.say(Output::Stderr("c".into()));
        expect(&["ab", "!c"]);
        outbox.say(Output::Stdout("d".into()));
        outbox.flush_old();
        expect(&[]);
        std::thread::sleep(GATHER);
        outbox.flush_old();
        expect(&["d"]);
        outbox.say(Output::Stdout("e".into()));
        outbox.send(FromEngine::Alive { rank: 0 });
        expect(&["e", "Alive { rank: 0 }"]);
        outbox.say(Output::Stdout("x".repeat(MOST)));
        expect(&["x".repeat(MOST).as_str()]);
    }
}
