//! Runs cells: code on the engines, magics here; results, errors, expressions of the user, and the queue behind an error.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use engines::link::Shown;
use jupyter_protocol::{
    ExecuteInput, ExecuteReply, ExecuteRequest, ExecuteResult, ExecutionCount, ExpressionResult,
    JupyterMessageContent, Payload, ReplyStatus, Transient,
};
use lang::source::Source;
use serde_json::{Value, json};

use super::failure::Failure;
use super::{Session, bundle, media};
use crate::magics::{self, split::Piece};
use crate::sockets::Channel;
use crate::wire::{Request, now};

/// A front end sends the cells of "run all" one by one. After an error, those that were sent before it could know are
/// not to run; this is how long after its arrival a failing request waits for them.
const SETTLE: Duration = Duration::from_millis(30);

impl Session {
    pub(super) fn execute(&mut self, request: &Request, cell: ExecuteRequest, came: Instant) {
        let stored = cell.store_history && !cell.silent;
        if stored {
            self.count += 1;
        }
        let execution_count = ExecutionCount::new(self.count);
        let started = now();
        self.interrupted = false;
        self.running = Some(request.clone());
        self.streams.begin();
        if !cell.silent {
            self.audience = Some(request.clone());
            self.publish(ExecuteInput { code: cell.code.clone(), execution_count });
        }
        self.payload.clear();
        self.took = (0.0, 0, 0);
        // The text of the result, for the history.
        let mut result = None;
        let mut failure = self.pieces(&cell.code, &mut result).err();
        self.flush();
        self.route_to(None);
        if self.status {
            self.say_status();
        }
        self.flush_all();
        let mut user_expressions = HashMap::new();
        match &failure {
            Some(failure) => self.publish(failure.output()),
            None => user_expressions = self.expressions(cell.user_expressions.unwrap_or_default()),
        }
        self.audience = None;
        if stored {
            self.history.add(self.count, &cell.code, result.take());
        }
        if self.ending && failure.is_none() {
            failure = Some(Failure::interrupted());
        }
        let failed = failure.is_some();
        if failed && cell.stop_on_error {
            while !self.ending && came.elapsed() < SETTLE {
                self.pump(Some(came + SETTLE));
            }
        }
        self.running = None;
        let status = if failed { ReplyStatus::Error } else { ReplyStatus::Ok };
        let metadata = json!({"started": started, "status": &status});
        let reply = ExecuteReply {
            status,
            execution_count,
            payload: if failed { Vec::new() } else { std::mem::take(&mut self.payload) },
            user_expressions: Some(user_expressions),
            error: failure.map(|failure| failure.reply()),
        };
        self.outbox.reply(Channel::Shell, request, reply, metadata);
        if failed && cell.stop_on_error {
            // After our own idle, which the caller is about to send, come the replies to these.
            self.aborting = self.queue.iter().filter(|(r, _)| r.msg_type == "execute_request").count();
        }
    }

    /// Refuses a cell that stood in the queue behind an error.
    pub(super) fn abort(&mut self, request: &Request) {
        let execution_count = ExecutionCount::new(self.count);
        let reply = ExecuteReply {
            status: ReplyStatus::Aborted,
            execution_count,
            user_expressions: Some(HashMap::new()),
            ..ExecuteReply::default()
        };
        self.outbox.reply(Channel::Shell, request, reply, json!({"status": "aborted"}));
    }

    /// Runs the parts of a cell in order, up to the first failure.
    fn pieces(&mut self, cell: &str, result: &mut Option<String>) -> Result<(), Failure> {
        if self.is_farewell(cell) {
            self.payload.push(Payload::AskExit { keepkernel: false });
            return Ok(());
        }
        let name = format!("cell {}", self.count);
        let pieces = magics::split::split(cell);
        let last = pieces.len().saturating_sub(1);
        for (number, piece) in pieces.into_iter().enumerate() {
            if self.interrupted {
                return Err(Failure::interrupted());
            }
            match piece {
                Piece::Code(text) => {
                    let done = self.run_source(Source { name: name.clone(), text })?;
                    if let (Some(shown), true) = (done.reply.result, number == last) {
                        *result = Some(self.show_result(&shown));
                    }
                }
                Piece::Help(name) => {
                    let text = self.help(&name)?;
                    let data =
                        media(serde_json::Map::from_iter([("text/plain".to_string(), Value::String(text))]));
                    self.payload.push(Payload::Page { data, start: 0 });
                }
                Piece::Shell => {
                    let hint = "there is no shell behind this kernel: use a terminal (in JupyterLab: File > New > Terminal)";
                    return Err(Failure::usage(hint));
                }
                Piece::Line { name, arguments, before } => {
                    let text = "\n".repeat(before) + &arguments;
                    magics::run(self, &magics::Call { name, arguments, cell: None, text })?;
                }
                Piece::Cell { name, arguments, body } => {
                    let text = body.clone();
                    magics::run(self, &magics::Call { name, arguments, cell: Some(body), text })?;
                }
            }
        }
        Ok(())
    }

    /// What people type to leave a console, unless they have bound the name.
    fn is_farewell(&self, cell: &str) -> bool {
        let word = cell.trim();
        let word = word.strip_suffix("()").unwrap_or(word);
        matches!(word, "exit" | "quit") && !self.names.names.contains_key(word)
    }

    /// Publishes the result of the cell; returns its text.
    pub(crate) fn show_result(&mut self, shown: &Shown) -> String {
        let bundle = self.bundle(shown);
        let text = bundle.get("text/plain").and_then(Value::as_str).unwrap_or_default().to_string();
        self.publish(ExecuteResult {
            execution_count: ExecutionCount::new(self.count),
            data: media(bundle),
            metadata: serde_json::Map::new(),
            // `None` would be sent as null, which is no object.
            transient: Some(Transient::default()),
        });
        text
    }

    fn expressions(&mut self, expressions: HashMap<String, String>) -> HashMap<String, ExpressionResult> {
        let audience = self.audience.take();
        let evaluate = |(name, text): (String, String)| {
            let source = Source { name: format!("expression {name}"), text };
            let result = match self.run_source(source) {
                Ok(done) => {
                    let shown = done.reply.result.unwrap_or(Shown::Text("None".to_string()));
                    ExpressionResult::Ok { data: media(bundle(&shown)), metadata: serde_json::Map::new() }
                }
                Err(Failure { ename, evalue, traceback }) => {
                    ExpressionResult::Error { ename, evalue, traceback }
                }
            };
            (name, result)
        };
        let results = expressions.into_iter().map(evaluate).collect();
        self.audience = audience;
        results
    }
}

/// The reply to a request whose content cannot be read.
pub(super) fn refusal(msg_type: &str, why: &str) -> JupyterMessageContent {
    let content = json!({
        "status": "error", "ename": "ValueError", "evalue": why, "traceback": [format!("ValueError: {why}")],
    });
    JupyterMessageContent::UnknownMessage(jupyter_protocol::UnknownMessage {
        msg_type: msg_type.replace("_request", "_reply"),
        content,
    })
}
