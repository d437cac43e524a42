//! Printed text, gathered into few messages: a message a line would drown every front end.

use std::time::{Duration, Instant};

/// Text waits at most this long...
const DELAY: Duration = Duration::from_millis(50);
/// ... or until there is this much of it.
const FULL: usize = 64 * 1024;
/// A cell may print this many bytes at once, and `RATE` a second after that: a loop that prints for ever must not
/// fill the memory of a front end that reads slowly, nor keep it reading long after an interrupt. What is dropped is said.
const BURST: f64 = 16e6;
const RATE: f64 = 1e6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// Text to publish as one message.
pub type Chunk = (Stream, String);

#[derive(Debug)]
pub struct Streams {
    stream: Stream,
    text: String,
    /// When the oldest text here came.
    since: Instant,
    allowance: f64,
    refilled: Instant,
    dropped: usize,
}

impl Streams {
    pub fn new(now: Instant) -> Streams {
        let text = String::new();
        Streams { stream: Stream::Stdout, text, since: now, allowance: BURST, refilled: now, dropped: 0 }
    }

    /// A cell begins: what the one before has printed does not count against it.
    pub fn begin(&mut self) {
        self.allowance = BURST;
    }

    /// Takes in text; returns what must be published now, in order.
    pub fn write(&mut self, stream: Stream, text: &str, now: Instant) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        if stream != self.stream {
            chunks.extend(self.take(now));
            self.stream = stream;
        }
        if self.text.is_empty() {
            self.since = now;
        }
        self.text.push_str(text);
        if self.text.len() >= FULL || now.duration_since(self.since) >= DELAY {
            chunks.extend(self.take(now));
        }
        chunks
    }

    /// When the text here must be published, if there is any.
    pub fn due(&self) -> Option<Instant> {
        (!self.text.is_empty()).then(|| self.since + DELAY)
    }

    /// What is here, to be published now.
    pub fn take(&mut self, now: Instant) -> Option<Chunk> {
        if self.text.is_empty() {
            return None;
        }
        let text = std::mem::take(&mut self.text);
        self.allowance += now.duration_since(self.refilled).as_secs_f64() * RATE;
        self.allowance = self.allowance.min(BURST);
        self.refilled = now;
        if self.allowance < text.len() as f64 {
            self.dropped += text.len();
            return None;
        }
        self.allowance -= text.len() as f64;
        Some((self.stream, text))
    }

    /// How many bytes had to be dropped since the last call.
    pub fn dropped(&mut self) -> usize {
        std::mem::take(&mut self.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Stream::{Stderr, Stdout};

    #[test]
    fn text_is_gathered_in_order() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut streams = Streams::new(start);
        let none: Vec<Chunk> = Vec::new();
        assert_eq!((streams.due(), streams.take(start)), (None, None));
        assert_eq!(streams.write(Stdout, "a\n", at(0)), none);
        assert_eq!(streams.write(Stdout, "b\n", at(49)), none);
        assert_eq!(streams.due(), Some(at(50)));
        assert_eq!(streams.write(Stderr, "c\n", at(49)), [(Stdout, "a\nb\n".to_string())]);
        assert_eq!(streams.write(Stderr, "d\n", at(99)), [(Stderr, "c\nd\n".to_string())]);
        let long = "x".repeat(FULL);
        assert_eq!(streams.write(Stdout, &long, at(100)), [(Stdout, long.clone())]);
        assert_eq!(streams.take(at(200)), None);
    }

    #[test]
    fn endless_text_is_bounded_and_said() {
        let start = Instant::now();
        let mut streams = Streams::new(start);
        let line = "x".repeat(FULL);
        let published: usize =
            (0..2000).flat_map(|_| streams.write(Stdout, &line, start)).map(|(_, text)| text.len()).sum();
        assert!(published as f64 <= BURST);
        assert_eq!(published + streams.dropped(), 2000 * FULL);
        assert_eq!(streams.dropped(), 0);
        let later = start + Duration::from_secs(10);
        assert_eq!(streams.write(Stdout, &line, later).len(), 1);
        (0..2000).for_each(|_| drop(streams.write(Stdout, &line, later)));
        assert!(streams.dropped() > 0);
        streams.begin();
        assert_eq!(streams.write(Stdout, &line, later).len(), 1);
    }
}
