//! The debug protocol, as far as JupyterLab's Variables panel needs it: what the session's names hold, and an array as its card.
//! There are no breakpoints: the ranks of a team do not stop for one another.

use jupyter_protocol::{DebugReply, JupyterMessageContent, UnknownMessage};
use lang::picture::units::bytes;
use lang::session::{ArrayInfo, Holds};
use lang::source::Source;
use lang::text::tuple;
use serde_json::{Map, Value, json};

use super::engines::State;
use super::{Session, bundle};
use crate::display::summary;
use crate::wire::Request;

/// What a front end with a debugger knows of this kernel.
#[derive(Debug, Default)]
pub struct Debugger {
    started: bool,
    /// Numbers the answers and the events.
    seq: u64,
}

const NO_BREAKPOINTS: &str = "the ranks of a team do not stop at breakpoints";

impl Session {
    /// Answers a request of the debug protocol; what there is not is refused by name.
    pub(super) fn debug(&mut self, request: &Request) -> DebugReply {
        let content = &request.content;
        let command = content.get("command").and_then(Value::as_str).unwrap_or_default().to_string();
        let arguments = content.get("arguments").cloned().unwrap_or_default();
        let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
        let body = match command.as_str() {
            "debugInfo" => Ok(json!({
                "isStarted": self.debugger.started, "hashMethod": "Murmur2", "hashSeed": 0,
                "tmpFilePrefix": "/tmp/distarray/", "tmpFileSuffix": ".da", "breakpoints": [], "stoppedThreads": [],
                "richRendering": true, "exceptionPaths": [], "copyToGlobals": false,
            })),
            "initialize" => {
                Ok(json!({"supportsConfigurationDoneRequest": true, "supportsSetVariable": false}))
            }
            "attach" => {
                self.debugger.started = true;
                Ok(json!({}))
            }
            "disconnect" | "terminate" => {
                self.debugger.started = false;
                Ok(json!({}))
            }
            "configurationDone" | "setExceptionBreakpoints" => Ok(json!({})),
            "inspectVariables" => Ok(json!({"variables": self.variables()})),
            "variables" => Ok(json!({"variables": self.parts(&arguments)})),
            "richInspectVariables" => match self.rich(&text("variableName")) {
                Some(data) => Ok(json!({"data": data, "metadata": {}})),
                None => Err(format!("name '{}' is not defined", text("variableName"))),
            },
            "dumpCell" => Ok(json!({"sourcePath": "/tmp/distarray/cell.da"})),
            "setBreakpoints" => {
                let asked = arguments.get("breakpoints").and_then(Value::as_array).map_or(0, Vec::len);
                let none = json!({"verified": false, "message": NO_BREAKPOINTS});
                Ok(json!({"breakpoints": vec![none; asked]}))
            }
            "threads" => Ok(json!({"threads": []})),
            "stackTrace" => Ok(json!({"stackFrames": [], "totalFrames": 0})),
            "scopes" => Ok(json!({"scopes": []})),
            "modules" => Ok(json!({"modules": [], "totalModules": 0})),
            _ => Err(format!("this kernel does not have {command}: {NO_BREAKPOINTS}")),
        };
        self.debugger.seq += 1;
        let mut answer = json!({
            "type": "response", "request_seq": content.get("seq").cloned().unwrap_or(json!(0)),
            "seq": self.debugger.seq, "success": body.is_ok(), "command": command,
        });
        match body {
            Ok(body) => answer["body"] = body,
            Err(message) => answer["message"] = json!(message),
        }
        if command == "initialize" {
            self.debug_event(request, "initialized");
        }
        DebugReply { content: answer }
    }

    fn debug_event(&mut self, request: &Request, event: &str) {
        self.debugger.seq += 1;
        let content = json!({"type": "event", "event": event, "seq": self.debugger.seq, "body": {}});
        let message = UnknownMessage { msg_type: "debug_event".to_string(), content };
        self.outbox.publish(Some(request), JupyterMessageContent::UnknownMessage(message));
    }

    /// What the names hold; arrays open (their reference is their place among the names, from 1).
    fn variables(&self) -> Vec<Value> {
        let shown = self.names.names.iter().enumerate().filter_map(|(i, (name, holds))| {
            let (kind, value, reference) = match holds {
                // What a cell imports is no news.
                Holds::Module(_) | Holds::Builtin(_) => return None,
                Holds::Function { signature, .. } => ("function".to_string(), signature.clone(), 0),
                Holds::Array(info) => (format!("{} {}", info.dtype, tuple(&info.shape)), place(info), i + 1),
                Holds::Value { type_name, text } => (type_name.clone(), text.clone(), 0),
            };
            Some(variable(name, &kind, &value, reference))
        });
        shown.collect()
    }

    /// What an array opens to.
    fn parts(&self, arguments: &Value) -> Vec<Value> {
        let reference = arguments.get("variablesReference").and_then(Value::as_u64).unwrap_or(0) as usize;
        let Some((_, Holds::Array(info))) =
            reference.checked_sub(1).and_then(|i| self.names.names.iter().nth(i))
        else {
            return Vec::new();
        };
        let size = info.layout.nbytes(info.dtype.itemsize()) as u64;
        let parts = [
            ("dtype", info.dtype.to_string()),
            ("shape", tuple(&info.shape)),
            ("size", info.shape.iter().product::<usize>().to_string()),
            ("bytes", bytes(size)),
            ("layout", place(info)),
            ("ranks", info.layout.ranks.len().to_string()),
        ];
        parts.iter().map(|(name, value)| variable(name, "str", value, 0)).collect()
    }

    /// A name's value as a cell would show it; while a cell runs, what is known without the engines.
    fn rich(&mut self, name: &str) -> Option<Map<String, Value>> {
        let holds = self.names.names.get(name)?.clone();
        let known = match &holds {
            Holds::Array(info) => summary(info),
            Holds::Value { text, .. } => Map::from_iter([("text/plain".to_string(), json!(text))]),
            Holds::Function { signature, doc } => {
                let text = format!("{name}{signature}\n\n{}", doc.as_deref().unwrap_or_default());
                Map::from_iter([("text/plain".to_string(), json!(text.trim_end()))])
            }
            _ => return None,
        };
        if !matches!((&self.engines.state, &holds), (State::Ready, Holds::Array(_))) {
            return Some(known);
        }
        let audience = self.audience.take();
        let bars = std::mem::replace(&mut self.bars, false);
        self.interrupted = false;
        // As an output, for a result would be bound to `_`.
        self.captured = Some(Vec::new());
        let text = format!("display({name})");
        let done = self.run_source(Source { name: "inspection".to_string(), text });
        let captured = self.captured.take().unwrap_or_default();
        (self.audience, self.bars) = (audience, bars);
        match (done, captured.first()) {
            (Ok(_), Some(shown)) => Some(bundle(shown)),
            _ => Some(known),
        }
    }
}

fn place(info: &ArrayInfo) -> String {
    if info.layout.everywhere { "replicated".to_string() } else { info.layout.describe() }
}

fn variable(name: &str, kind: &str, value: &str, reference: usize) -> Value {
    json!({"name": name, "evaluateName": name, "type": kind, "value": value, "variablesReference": reference})
}
