//! The five sockets of a kernel, and the one thread that owns them all.
//!
//! libzmq's sockets belong to one thread. What the session has to say comes to that thread over an inproc pipe, which
//! wakes its poll; what front ends say goes to the session over a channel, decoded and with its signature checked.

mod bind;

use std::sync::mpsc::Sender;
use std::thread::JoinHandle;

use jupyter_protocol::{IoPubWelcome, JupyterMessageContent};
use serde_json::{Value, json};
use zmq::{DONTWAIT, POLLIN, PollItem, Socket};

use crate::connection::Connection;
use crate::signals::{Signal, Signals};
use crate::wire::{Bad, Request, Signer, decode, encode};
use bind::Bound;

/// Where a request came from, and so where its reply goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Shell,
    Control,
    Stdin,
}

/// What the I/O thread tells the session.
#[derive(Debug)]
pub enum Incoming {
    Request(Channel, Request),
    Signal(Signal),
}

/// The first frame on the pipe to the I/O thread.
const TO_SHELL: u8 = 0;
const TO_CONTROL: u8 = 1;
const TO_STDIN: u8 = 2;
const TO_IOPUB: u8 = 3;
const CLOSE: u8 = 4;

/// Messages that are handled at one socket before the others get their turn.
const TURN: usize = 64;

/// The session's end: sends replies and publishes outputs. Everything leaves in the order in which it was sent.
pub struct Outbox {
    pipe: Socket,
    session: String,
    kernel_id: String,
    signer: Signer,
    thread: Option<JoinHandle<()>>,
}

/// Binds the sockets and starts their thread. Requests and signals go to `inbox`, wrapped by `wrap`.
pub fn open<T: Send + 'static>(
    connection: &Connection,
    signals: Option<Signals>,
    inbox: Sender<T>,
    wrap: fn(Incoming) -> T,
) -> Result<Outbox, String> {
    let context = zmq::Context::new();
    let bound = bind::all(&context, connection)?;
    let pipe = context.socket(zmq::PUSH).map_err(|e| e.to_string())?;
    pipe.connect(bind::PIPE).map_err(|e| e.to_string())?;
    let session = uuid::Uuid::new_v4().to_string();
    let kernel_id = match connection.kernel_id.as_str() {
        "" => session.clone(),
        id => id.to_string(),
    };
    let signer = Signer::new(&connection.info.key);
    let mut io = Io { bound, signals, inbox, wrap, signer: signer.clone(), session: session.clone() };
    let thread = std::thread::Builder::new().name("jupyter".to_string()).spawn(move || io.run());
    let thread = Some(thread.map_err(|e| e.to_string())?);
    Ok(Outbox { pipe, session, kernel_id, signer, thread })
}

impl Outbox {
    /// Replies to `request` on the channel that it came from.
    pub fn reply(
        &self,
        channel: Channel,
        request: &Request,
        content: impl Into<JupyterMessageContent>,
        metadata: Value,
    ) {
        let to = match channel {
            Channel::Shell => TO_SHELL,
            Channel::Control => TO_CONTROL,
            Channel::Stdin => TO_STDIN,
        };
        self.push(to, &request.identities, content.into(), Some(request), metadata);
    }

    /// Publishes on iopub, as an effect of `parent`.
    pub fn publish(&self, parent: Option<&Request>, content: impl Into<JupyterMessageContent>) {
        self.publish_with(parent, content.into(), json!({}));
    }

    /// As `publish`, with metadata.
    pub fn publish_with(&self, parent: Option<&Request>, content: JupyterMessageContent, metadata: Value) {
        let topic = format!("kernel.{}.{}", self.kernel_id, content.message_type()).into_bytes();
        self.push(TO_IOPUB, &[topic], content, parent, metadata);
    }

    fn push(
        &self,
        to: u8,
        prefix: &[Vec<u8>],
        content: JupyterMessageContent,
        parent: Option<&Request>,
        metadata: Value,
    ) {
        let mut frames = encode(prefix, content, parent, metadata, &self.session, &self.signer);
        frames.insert(0, vec![to]);
        // Fails only after the thread has ended, when there is nobody left to tell.
        let _ = self.pipe.send_multipart(frames, 0);
    }
}

/// Sends what is still queued (for a second at most), then closes the sockets.
impl Drop for Outbox {
    fn drop(&mut self) {
        let _ = self.pipe.send(vec![CLOSE], 0);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Io<T> {
    bound: Bound,
    signals: Option<Signals>,
    inbox: Sender<T>,
    wrap: fn(Incoming) -> T,
    signer: Signer,
    session: String,
}

impl<T> Io<T> {
    fn run(&mut self) {
        let mut orphaned = false;
        loop {
            let ready = match self.poll() {
                Ok(ready) => ready,
                Err(zmq::Error::EINTR) => continue,
                Err(_) => return,
            };
            if ready[0] && self.forward() {
                return;
            }
            for (at, channel) in [(1, Channel::Control), (2, Channel::Shell), (3, Channel::Stdin)] {
                if ready[at] {
                    self.receive(channel);
                }
            }
            if ready[4] {
                self.heartbeat();
            }
            if ready[5] {
                self.welcome();
            }
            if let Some(signals) = &self.signals {
                while let Some(signal) = signals.read() {
                    self.tell(Incoming::Signal(signal));
                }
                if signals.orphaned() && !orphaned {
                    orphaned = true;
                    self.tell(Incoming::Signal(Signal::Terminate));
                }
            }
        }
    }

    /// Waits for any socket, at most a second: the parent's death makes no event.
    fn poll(&self) -> zmq::Result<[bool; 6]> {
        let b = &self.bound;
        let mut items: Vec<PollItem> = [&b.pipe, &b.control, &b.shell, &b.stdin, &b.heartbeat, &b.iopub]
            .iter()
            .map(|socket| socket.as_poll_item(POLLIN))
            .collect();
        if let Some(signals) = &self.signals {
            items.push(PollItem::from_fd(signals.fd(), POLLIN));
        }
        zmq::poll(&mut items, 1000)?;
        Ok(std::array::from_fn(|i| items[i].is_readable()))
    }

    /// Sends what the session has queued; true when it has closed the pipe.
    fn forward(&self) -> bool {
        for _ in 0..TURN {
            let Ok(mut frames) = self.bound.pipe.recv_multipart(DONTWAIT) else {
                return false;
            };
            let socket = match frames.remove(0).as_slice() {
                [TO_SHELL] => &self.bound.shell,
                [TO_CONTROL] => &self.bound.control,
                [TO_STDIN] => &self.bound.stdin,
                [TO_IOPUB] => &self.bound.iopub,
                _ => return true,
            };
            // A front end that is gone, or far behind: its loss, never ours.
            let _ = socket.send_multipart(frames, DONTWAIT);
        }
        false
    }

    fn receive(&self, channel: Channel) {
        let socket = match channel {
            Channel::Shell => &self.bound.shell,
            Channel::Control => &self.bound.control,
            Channel::Stdin => &self.bound.stdin,
        };
        for _ in 0..TURN {
            let Ok(frames) = socket.recv_multipart(DONTWAIT) else {
                return;
            };
            match decode(frames, &self.signer) {
                Ok(request) => self.tell(Incoming::Request(channel, request)),
                Err(bad) => complain(channel, bad),
            }
        }
    }

    fn heartbeat(&self) {
        if let Ok(frames) = self.bound.heartbeat.recv_multipart(DONTWAIT) {
            let _ = self.bound.heartbeat.send_multipart(frames, DONTWAIT);
        }
    }

    /// Tells a subscriber that its subscription stands: from here on it misses nothing (JEP 65).
    fn welcome(&self) {
        for _ in 0..TURN {
            let Ok(frames) = self.bound.iopub.recv_multipart(DONTWAIT) else {
                return;
            };
            let [1, topic @ ..] = frames[0].as_slice() else {
                continue;
            };
            let content = IoPubWelcome { subscription: String::from_utf8_lossy(topic).into_owned() };
            let frames =
                encode(&[topic.to_vec()], content.into(), None, json!({}), &self.session, &self.signer);
            let _ = self.bound.iopub.send_multipart(frames, DONTWAIT);
        }
    }

    fn tell(&self, incoming: Incoming) {
        // The session outlives this thread except while both are ending.
        let _ = self.inbox.send((self.wrap)(incoming));
    }
}

fn complain(channel: Channel, bad: Bad) {
    let why = match bad {
        Bad::Frames => "it is no Jupyter message",
        Bad::Signature => "its signature is wrong",
        Bad::Json => "its parts are not the JSON objects of the protocol",
    };
    eprintln!("distarray-kernel: dropped a message on {channel:?}: {why}");
}
