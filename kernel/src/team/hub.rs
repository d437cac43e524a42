//! The kernel's end of the link over ZeroMQ: one thread that owns the sockets, and admits only this team's engines.

use std::sync::mpsc::Sender;
use std::thread;

use engines::comm::threads::STACK;
use engines::link::zeromq::{Access, BACKLOG, LINGER};
use engines::link::{ToEngine, wire};

use super::watch::Input;

/// Wakes the thread to send; dropping it closes the sockets.
pub struct Hub {
    wake: zmq::Socket,
    pub access: Access,
}

struct Sockets {
    wake: zmq::Socket,
    programs: zmq::Socket,
    replies: zmq::Socket,
    zap: zmq::Socket,
    /// The public key of the engines.
    admitted: [u8; 32],
}

impl Hub {
    /// Listens on ephemeral ports of `host`. What arrives goes to `inbox`.
    ///
    /// # Errors
    /// ZeroMQ's: an address that is not ours, or a libzmq without CURVE.
    pub fn open(host: &str, inbox: Sender<Input>) -> Result<Hub, zmq::Error> {
        let (kernel, engine) = (zmq::CurveKeyPair::new()?, zmq::CurveKeyPair::new()?);
        let context = zmq::Context::new();
        let inproc = |kind, bind, address| -> Result<zmq::Socket, zmq::Error> {
            let socket = context.socket(kind)?;
            socket.set_linger(LINGER)?;
            if bind {
                socket.bind(address)?
            } else {
                socket.connect(address)?
            }
            Ok(socket)
        };
        let zap = inproc(zmq::REP, true, "inproc://zeromq.zap.01")?;
        let inner = inproc(zmq::PULL, true, "inproc://wake")?;
        let wake = inproc(zmq::PUSH, false, "inproc://wake")?;
        let listen = |kind| -> Result<(zmq::Socket, String), zmq::Error> {
            let socket = context.socket(kind)?;
            // No limit, for at a limit XPUB drops without a word.
            socket.set_sndhwm(0)?;
            socket.set_rcvhwm(BACKLOG)?;
            socket.set_linger(LINGER)?;
            if kind == zmq::XPUB {
                socket.set_xpub_verbose(true)?;
            }
            socket.set_zap_domain("engines")?;
            socket.set_curve_server(true)?;
            socket.set_curve_secretkey(&kernel.secret_key)?;
            socket.bind(&format!("tcp://{host}:*"))?;
            let address = socket.get_last_endpoint()?.map_err(|_| zmq::Error::EINVAL)?;
            Ok((socket, address))
        };
        let (programs, to) = listen(zmq::XPUB)?;
        let (replies, from) = listen(zmq::PULL)?;
        let access = Access {
            programs: to,
            replies: from,
            kernel: kernel.public_key,
            public: engine.public_key,
            secret: engine.secret_key,
        };
        let sockets = Sockets { wake: inner, programs, replies, zap, admitted: engine.public_key };
        let io =
            move || sockets.run(&inbox).unwrap_or_else(|e| drop(inbox.send(Input::Broken(e.to_string()))));
        thread::Builder::new()
            .name("team io".into())
            .stack_size(STACK)
            .spawn(io)
            .map_err(|_| zmq::Error::EMFILE)?;
        Ok(Hub { wake, access })
    }

    /// Broadcasts.
    pub fn send(&self, message: &ToEngine) {
        // Fails only when the context is closed, which the socket keeps open.
        let _ = self.wake.send(wire::encode(message), 0);
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.wake.send("", 0);
    }
}

impl Sockets {
    fn run(&self, inbox: &Sender<Input>) -> Result<(), zmq::Error> {
        loop {
            let sockets = [&self.wake, &self.programs, &self.replies, &self.zap];
            let mut items = sockets.map(|s| s.as_poll_item(zmq::POLLIN));
            match zmq::poll(&mut items, -1) {
                Err(zmq::Error::EINTR) => continue,
                ready => ready?,
            };
            let [wake, programs, replies, zap] = items.map(|item| item.is_readable());
            if zap {
                self.admit()?;
            }
            if wake {
                let message = self.wake.recv_msg(0)?;
                if message.is_empty() {
                    return Ok(());
                }
                self.programs.send(message, 0)?;
            }
            if programs && self.programs.recv_msg(0)?.first() == Some(&1) {
                let _ = inbox.send(Input::Subscribed);
            }
            if replies {
                let input = match wire::decode(&self.replies.recv_msg(0)?) {
                    Ok(message) => Input::Engine(message),
                    Err(e) => Input::Broken(format!("an engine's message is malformed: {e}")),
                };
                let _ = inbox.send(input);
            }
        }
    }

    /// Answers one request of ZeroMQ's authentication protocol (RFC 27).
    fn admit(&self) -> Result<(), zmq::Error> {
        let request = self.zap.recv_multipart(0)?;
        let id = request.get(1).cloned().unwrap_or_default();
        let known = request.get(5).is_some_and(|m| m == b"CURVE")
            && request.get(6).is_some_and(|k| *k == self.admitted);
        let (status, text) = if known { ("200", "OK") } else { ("400", "not an engine of this team") };
        let reply: [&[u8]; 6] = [b"1.0", &id, status.as_bytes(), text.as_bytes(), b"engine", b""];
        self.zap.send_multipart(reply, 0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use engines::link::zeromq::ends;

    use super::*;

    #[test]
    fn only_the_right_key_is_admitted() {
        let (inbox, news) = channel();
        let hub = Hub::open("127.0.0.1", inbox).unwrap();
        let stranger = zmq::CurveKeyPair::new().unwrap();
        let mut forged = hub.access.clone();
        (forged.public, forged.secret) = (stranger.public_key, stranger.secret_key);
        let mut wrong_kernel = hub.access.clone();
        wrong_kernel.kernel = stranger.public_key;
        for access in [forged, wrong_kernel] {
            let mut ends = ends(&access, |_| ()).unwrap();
            (ends.replies)(engines::link::FromEngine::Alive { rank: 0 });
            let refused = (0..20).any(|_| (ends.inlet)(Duration::from_millis(500)).is_err());
            assert!(refused);
            assert!(news.recv_timeout(Duration::from_millis(100)).is_err());
        }
        let mut ends = ends(&hub.access, |_| ()).unwrap();
        assert!((ends.inlet)(Duration::from_millis(200)).unwrap().is_none());
        assert!(matches!(news.recv_timeout(Duration::from_secs(5)), Ok(Input::Subscribed)));
        hub.send(&ToEngine::Hold { seq: 7, nth: 1 });
        assert!(matches!((ends.inlet)(Duration::from_secs(5)), Ok(Some(ToEngine::Hold { seq: 7, nth: 1 }))));
        drop(hub);
        assert!((0..20).any(|_| (ends.inlet)(Duration::from_millis(500)).is_err()));
    }
}
