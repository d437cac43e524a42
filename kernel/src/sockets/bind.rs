//! Makes and binds the sockets of a kernel with the options that were found to matter.

use zmq::{Context, Socket, SocketType};

use crate::connection::Connection;

/// Where the session's pipe meets the I/O thread.
pub const PIPE: &str = "inproc://session";

/// How long, in ms, closing a socket waits for what is queued.
const LINGER: i32 = 1000;
/// Messages that iopub keeps for a front end that does not read; what comes beyond is lost to that front end only.
const IOPUB_QUEUE: i32 = 20_000;
/// A larger message is an attack or an accident: the connection that it comes from is closed.
const LARGEST: i64 = 1 << 30;

pub struct Bound {
    pub shell: Socket,
    pub control: Socket,
    pub stdin: Socket,
    pub iopub: Socket,
    pub heartbeat: Socket,
    pub pipe: Socket,
}

/// Binds everything, or says which socket could not be bound.
pub fn all(context: &Context, connection: &Connection) -> Result<Bound, String> {
    let keys = connection.keys()?;
    if keys.is_some() && zmq::has("curve") != Some(true) {
        return Err("the connection file has CURVE keys, but this libzmq was built without CURVE".to_string());
    }
    let bind = |kind: SocketType, url: String| {
        let make = || -> zmq::Result<Socket> {
            let socket = context.socket(kind)?;
            socket.set_linger(LINGER)?;
            socket.set_maxmsgsize(LARGEST)?;
            match kind {
                // A front end that reconnects under its old identity gets the replies, not its dead connection.
                zmq::ROUTER => socket.set_router_handover(true)?,
                zmq::XPUB => {
                    socket.set_xpub_verbose(true)?;
                    socket.set_sndhwm(IOPUB_QUEUE)?;
                }
                _ => {}
            }
            if let Some(keys) = &keys {
                socket.set_curve_server(true)?;
                socket.set_curve_publickey(&keys.public)?;
                socket.set_curve_secretkey(&keys.secret)?;
            }
            socket.bind(&url)?;
            Ok(socket)
        };
        make().map_err(|e| format!("cannot bind {url}: {e}"))
    };
    let info = &connection.info;
    let pipe = context.socket(zmq::PULL).map_err(|e| e.to_string())?;
    pipe.bind(PIPE).map_err(|e| e.to_string())?;
    Ok(Bound {
        shell: bind(zmq::ROUTER, info.shell_url())?,
        control: bind(zmq::ROUTER, info.control_url())?,
        stdin: bind(zmq::ROUTER, info.stdin_url())?,
        iopub: bind(zmq::XPUB, info.iopub_url())?,
        heartbeat: bind(zmq::REP, info.hb_url())?,
        pipe,
    })
}
