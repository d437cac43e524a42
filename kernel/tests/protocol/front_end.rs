//! A strict front end: sends requests, and asserts exactly the messages that come back, in order.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use kernel::connection::Connection;
use kernel::session::engines::{Command, Engines};
use kernel::session::history::History;
use kernel::session::{Input, Session};
use kernel::sockets;
use kernel::team::{Event, Info, Kind, Spec, State};
use kernel::wire::{Request, Signer, decode};
use serde_json::{Value, json};
use zmq::Socket;

const KEY: &str = "the key of these tests";
/// Longer than anything takes here, on a machine with much else to do.
const PATIENCE: i32 = 20_000;

/// Plays the engines: is given each command, and a way to say what happens.
pub type Script = Box<dyn FnMut(Command, &dyn Fn(Event)) + Send>;

/// Engines that are ready at once, and to whom every program does nothing.
pub fn ready() -> Script {
    Box::new(|command, tell| match command {
        Command::Start { .. } => tell(Event::Ready),
        Command::Run(_) => tell(Event::Done { seq: 1, reply: Box::default(), stats: Vec::new() }),
        Command::Interrupt | Command::Describe => {}
    })
}

pub struct FrontEnd {
    pub shell: Socket,
    pub control: Socket,
    iopub: Socket,
    heartbeat: Socket,
    context: zmq::Context,
    connection: Value,
    signer: Signer,
    count: u32,
    /// Tells the session as the I/O thread does.
    pub inbox: Sender<Input>,
    session: Option<JoinHandle<()>>,
    folder: std::path::PathBuf,
}

impl FrontEnd {
    /// A session, its scripted engines, and a front end that has been welcomed on iopub.
    pub fn start(script: Script) -> FrontEnd {
        FrontEnd::start_with(script, json!({}))
    }

    /// As `start`, with more in the connection file.
    pub fn start_with(mut script: Script, more: Value) -> FrontEnd {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("distarray-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut connection = json!({
            "ip": folder.join("k"), "transport": "ipc", "key": KEY, "signature_scheme": "hmac-sha256",
            "shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5,
        });
        connection.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let parsed = Connection::parse(&connection.to_string()).unwrap();
        let (inbox, received) = channel();
        let outbox = sockets::open(&parsed, None, inbox.clone(), Input::Jupyter).unwrap();
        let (commands, orders) = channel();
        let tell = inbox.clone();
        std::thread::spawn(move || {
            let mut current = 0;
            for command in orders {
                if let Command::Start { generation, .. } = command {
                    current = generation;
                }
                let generation = current;
                if let Command::Describe = command {
                    drop(tell.send(Input::Info { generation, info: info() }));
                    continue;
                }
                script(command, &|event| drop(tell.send(Input::Engines { generation, event })));
            }
        });
        let session = std::thread::spawn(move || {
            Session::new(outbox, received, Engines::start(commands, Spec::default()), History::open(None))
                .run();
        });
        let context = zmq::Context::new();
        let connect = |kind, port: &str| connect(&context, kind, &connection, port, None);
        let front_end = FrontEnd {
            shell: connect(zmq::DEALER, "shell_port"),
            control: connect(zmq::DEALER, "control_port"),
            iopub: connect(zmq::SUB, "iopub_port"),
            heartbeat: connect(zmq::REQ, "hb_port"),
            context: context.clone(),
            connection: connection.clone(),
            signer: Signer::new(KEY),
            count: 0,
            inbox,
            session: Some(session),
            folder,
        };
        front_end.iopub.set_subscribe(b"").unwrap();
        let (kind, content, _) = front_end.published();
        assert_eq!((kind.as_str(), content), ("iopub_welcome", json!({"subscription": ""})));
        front_end
    }

    /// Another connection to a port, under an identity.
    pub fn connect(&self, kind: zmq::SocketType, port: &str, identity: &[u8]) -> Socket {
        connect(&self.context, kind, &self.connection, port, Some(identity))
    }

    /// Signs and sends a request; returns its id.
    pub fn send(&mut self, socket: &Socket, msg_type: &str, content: Value) -> String {
        let (id, frames) = self.frames(msg_type, content);
        socket.send_multipart(frames, 0).unwrap();
        id
    }

    /// The frames of a signed request, and its id.
    pub fn frames(&mut self, msg_type: &str, content: Value) -> (String, Vec<Vec<u8>>) {
        self.count += 1;
        let id = format!("request-{}", self.count);
        let header = json!({"msg_id": id, "msg_type": msg_type, "later_field": 1.5});
        let parts = [header, json!({}), json!({}), content].map(|part| part.to_string().into_bytes());
        let signature = self.signer.sign(&parts).into_bytes();
        let mut frames = vec![b"<IDS|MSG>".to_vec(), signature];
        frames.extend(parts);
        (id, frames)
    }

    pub fn shell(&mut self, msg_type: &str, content: Value) -> String {
        let (id, frames) = self.frames(msg_type, content);
        self.shell.send_multipart(frames, 0).unwrap();
        id
    }

    pub fn control(&mut self, msg_type: &str, content: Value) -> String {
        let (id, frames) = self.frames(msg_type, content);
        self.control.send_multipart(frames, 0).unwrap();
        id
    }

    pub fn execute(&mut self, code: &str) -> String {
        self.shell("execute_request", json!({"code": code}))
    }

    /// The next message on a socket: its type, content and parent's id.
    pub fn receive(&self, socket: &Socket) -> (String, Value, String) {
        let frames = socket.recv_multipart(0).expect("a message in time");
        let parent = frames.iter().rev().nth(2).cloned().unwrap_or_default();
        let Request { msg_type, content, header, .. } = decode(frames, &self.signer).expect("a good message");
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(header["version"], "5.4");
        let parent: Value = serde_json::from_slice(&parent).unwrap();
        if parent != json!({}) {
            assert_eq!(parent["later_field"], 1.5, "the parent's header is echoed whole");
        }
        (msg_type, content, parent["msg_id"].as_str().unwrap_or_default().to_string())
    }

    /// The next message on iopub; the session's first, which may have gone out before we came, does not count.
    pub fn published(&self) -> (String, Value, String) {
        loop {
            let message = self.receive(&self.iopub);
            if message.1["execution_state"] != "starting" {
                return message;
            }
        }
    }

    /// The next messages on iopub are effects of `parent`, and are of these types; returns their contents.
    pub fn expect_published(&self, parent: &str, types: &[&str]) -> Vec<Value> {
        let messages: Vec<_> = types.iter().map(|_| self.published()).collect();
        let got: Vec<_> =
            messages.iter().map(|(kind, content, id)| (label(kind, content), id.as_str())).collect();
        let expect: Vec<_> = types.iter().map(|kind| (kind.to_string(), parent)).collect();
        assert_eq!(got, expect);
        messages.into_iter().map(|(_, content, _)| content).collect()
    }

    /// The next message on the shell channel is the reply to `parent`.
    pub fn expect_reply(&self, parent: &str, msg_type: &str) -> Value {
        self.expect_on(&self.shell, parent, msg_type)
    }

    pub fn expect_on(&self, socket: &Socket, parent: &str, msg_type: &str) -> Value {
        let (kind, content, id) = self.receive(socket);
        assert_eq!((kind.as_str(), id.as_str()), (msg_type, parent), "{content}");
        content
    }

    /// A request with no effects but its reply.
    pub fn ask(&mut self, request: &str, content: Value) -> Value {
        let id = self.shell(request, content);
        let reply = self.expect_reply(&id, &request.replace("_request", "_reply"));
        self.expect_published(&id, &["busy", "idle"]);
        reply
    }

    /// A cell that is counted, and the effects that it must have between `execute_input` and `idle`.
    pub fn cell(&mut self, code: &str, effects: &[&str]) -> (Value, Vec<Value>) {
        let id = self.execute(code);
        let reply = self.expect_reply(&id, "execute_reply");
        let types = [&["busy", "execute_input"], effects, &["idle"]].concat();
        let mut contents = self.expect_published(&id, &types);
        contents.truncate(types.len() - 1);
        (reply, contents.split_off(2))
    }

    pub fn beat(&self) {
        self.heartbeat.send("ping", 0).unwrap();
        assert_eq!(self.heartbeat.recv_bytes(0).unwrap(), b"ping");
    }

    /// Asks the kernel to end, and waits until it has.
    pub fn shut_down(mut self) {
        let id = self.control("shutdown_request", json!({"restart": false}));
        let reply = self.expect_on(&self.control, &id, "shutdown_reply");
        assert_eq!(reply, json!({"status": "ok", "restart": false}));
        self.wait();
    }

    /// Waits until the session has ended.
    pub fn wait(&mut self) {
        self.session.take().unwrap().join().unwrap();
    }

    pub fn url(&self, port: &str) -> String {
        url(&self.connection, port)
    }
}

impl Drop for FrontEnd {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn info() -> Info {
    let (pids, hosts) = (vec![0; 2], vec![String::new(); 2]);
    Info { kind: Kind::Threads, ranks: 2, pids, hosts, state: State::Ready, note: None }
}

/// Statuses by their state, streams by their name: what a test names.
fn label(kind: &str, content: &Value) -> String {
    let name = match kind {
        "status" => content["execution_state"].as_str(),
        "stream" => content["name"].as_str(),
        _ => None,
    };
    name.unwrap_or(kind).to_string()
}

fn connect(
    context: &zmq::Context,
    kind: zmq::SocketType,
    connection: &Value,
    port: &str,
    identity: Option<&[u8]>,
) -> Socket {
    let socket = context.socket(kind).unwrap();
    socket.set_linger(0).unwrap();
    socket.set_rcvtimeo(PATIENCE).unwrap();
    if let Some(identity) = identity {
        socket.set_identity(identity).unwrap();
    }
    if let Some(key) = connection["curve_publickey"].as_str() {
        let own = zmq::CurveKeyPair::new().unwrap();
        socket.set_curve_serverkey(&zmq::z85_decode(key).unwrap()).unwrap();
        socket.set_curve_publickey(&own.public_key).unwrap();
        socket.set_curve_secretkey(&own.secret_key).unwrap();
    }
    socket.connect(&url(connection, port)).unwrap();
    socket
}

fn url(connection: &Value, port: &str) -> String {
    format!("ipc://{}-{}", connection["ip"].as_str().unwrap(), connection[port])
}
