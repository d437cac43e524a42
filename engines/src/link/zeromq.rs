//! The link over ZeroMQ, encrypted: an engine's sockets, and what it must be told to open them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use zmq::SocketEvent;

use super::{Ends, FromEngine, Gone, Inlet, Outlet, wire};

/// The environment variable that carries `Access` to the engines. Only the user's own processes can read it.
pub const VARIABLE: &str = "DISTARRAY_LINK";

/// How long a process that ends may take to send its last messages, in milliseconds.
pub const LINGER: i32 = 1000;

/// As many messages of a rank may be under way on each side: a program that prints faster than the kernel reads waits.
pub const BACKLOG: i32 = 64;

/// Where the kernel listens, and the keys of this one team. The engines' key is the only one that the kernel accepts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Access {
    pub programs: String,
    pub replies: String,
    /// The kernel's public key.
    pub kernel: [u8; 32],
    pub public: [u8; 32],
    pub secret: [u8; 32],
}

/// Connects a rank to its kernel. `lost` is called when the kernel is gone.
///
/// # Errors
/// ZeroMQ's, for a malformed address, or a libzmq without CURVE.
pub fn ends(access: &Access, lost: impl FnOnce(&str) + Send + 'static) -> Result<Ends, zmq::Error> {
    let (inlet, replies, answers) = (inlet(access)?, outlet(access)?, outlet(access)?);
    Ok(Ends { inlet, replies, answers, lost: Box::new(lost) })
}

/// A socket for one thread. Give each a context of its own: the last socket of a context waits until all is sent.
fn socket(context: &zmq::Context, access: &Access, kind: zmq::SocketType) -> Result<zmq::Socket, zmq::Error> {
    let socket = context.socket(kind)?;
    socket.set_linger(LINGER)?;
    // Programs are not limited, for at a limit XPUB drops without a word. Replies are: at theirs, PUSH waits.
    socket.set_rcvhwm(0)?;
    socket.set_sndhwm(BACKLOG)?;
    // A lost connection is a lost message: better to end than to reconnect.
    socket.set_reconnect_ivl(-1)?;
    socket.set_curve_serverkey(&access.kernel)?;
    socket.set_curve_publickey(&access.public)?;
    socket.set_curve_secretkey(&access.secret)?;
    Ok(socket)
}

fn outlet(access: &Access) -> Result<Outlet, zmq::Error> {
    let socket = socket(&zmq::Context::new(), access, zmq::PUSH)?;
    socket.connect(&access.replies)?;
    Ok(Box::new(move |message: FromEngine| {
        // Fails only when the context is closed, which the socket keeps open.
        let _ = socket.send(wire::encode(&message), 0);
    }))
}

fn inlet(access: &Access) -> Result<Inlet, zmq::Error> {
    let context = zmq::Context::new();
    let socket = socket(&context, access, zmq::SUB)?;
    let broken = [
        SocketEvent::CLOSED,
        SocketEvent::DISCONNECTED,
        SocketEvent::HANDSHAKE_FAILED_NO_DETAIL,
        SocketEvent::HANDSHAKE_FAILED_PROTOCOL,
        SocketEvent::HANDSHAKE_FAILED_AUTH,
    ];
    socket.monitor("inproc://broken", broken.iter().map(|e| e.to_raw() as i32).sum())?;
    let monitor = context.socket(zmq::PAIR)?;
    monitor.connect("inproc://broken")?;
    // The kernel opens its sockets before it starts engines: no connection in this time means no kernel.
    socket.set_connect_timeout(10_000)?;
    socket.connect(&access.programs)?;
    socket.set_subscribe(b"")?;
    Ok(Box::new(move |time: Duration| {
        let gone = |e: zmq::Error| Gone(format!("the link is broken: {e}"));
        let mut items = [socket.as_poll_item(zmq::POLLIN), monitor.as_poll_item(zmq::POLLIN)];
        match zmq::poll(&mut items, time.as_millis() as i64 + 1) {
            Err(zmq::Error::EINTR) => return Ok(None),
            ready => ready.map_err(gone)?,
        };
        let broken = items[1].is_readable();
        // The last messages arrive before the news that the connection is closed.
        match socket.recv_bytes(zmq::DONTWAIT) {
            Ok(bytes) => wire::decode(&bytes)
                .map(Some)
                .map_err(|e| Gone(format!("a message of the kernel is malformed: {e}"))),
            Err(zmq::Error::EAGAIN) if broken => {
                Err(Gone("the kernel is gone, or refuses this engine".into()))
            }
            Err(zmq::Error::EAGAIN | zmq::Error::EINTR) => Ok(None),
            Err(e) => Err(gone(e)),
        }
    }))
}
