//! Answers requests: to each its reply, between a busy and an idle on iopub.

use std::time::Instant;

use jupyter_protocol::{
    CodeMirrorMode, CompleteReply, CompleteRequest, ExecuteRequest, HelpLink, HistoryReply, InspectReply,
    InspectRequest, InterruptReply, IsCompleteReply, IsCompleteRequest, JupyterMessageContent,
    KernelInfoReply, LanguageInfo, ReplyStatus, ShutdownReply, ShutdownRequest, Status, UnknownMessage,
};
use lang::complete::Completeness;
use serde_json::{Map, Value, json};

use super::execute::refusal;
use super::failure::Failure;
use super::{Session, language, media};
use crate::magics;
use crate::sockets::Channel;
use crate::wire::content::{read, read_history};
use crate::wire::{PROTOCOL_VERSION, Request};

impl Session {
    /// Answers one request. What we do not know is ignored, with a busy and an idle, as the protocol asks.
    pub(super) fn answer(&mut self, channel: Channel, request: &Request, came: Instant) {
        self.outbox.publish(Some(request), Status::busy());
        let content = &request.content;
        let reply: Result<Option<JupyterMessageContent>, String> = match request.msg_type.as_str() {
            "execute_request" if self.aborting > 0 => {
                self.aborting -= 1;
                self.abort(request);
                Ok(None)
            }
            "execute_request" if channel == Channel::Shell => read::<ExecuteRequest>(content).map(|cell| {
                self.execute(request, cell, came);
                None
            }),
            "kernel_info_request" => Ok(Some(self.kernel_info().into())),
            "is_complete_request" => read(content).map(|asked| Some(is_complete(asked).into())),
            "complete_request" => read(content).map(|asked| Some(self.complete(asked).into())),
            "inspect_request" => read(content).map(|asked| Some(self.inspect(asked).into())),
            "history_request" => {
                read_history(content).map(|asked| Some(HistoryReply::new(self.history.answer(&asked)).into()))
            }
            "comm_info_request" => {
                let msg_type = "comm_info_reply".to_string();
                let content = self.comm_info(content);
                Ok(Some(JupyterMessageContent::UnknownMessage(UnknownMessage { msg_type, content })))
            }
            "comm_open" => {
                self.comm_open(request);
                Ok(None)
            }
            "comm_close" => {
                self.comm_close(request);
                Ok(None)
            }
            "comm_msg" => {
                self.comm_msg(request);
                if channel == Channel::Shell {
                    self.run_moved(request);
                }
                Ok(None)
            }
            "interrupt_request" => {
                self.interrupt();
                Ok(Some(InterruptReply::new().into()))
            }
            "shutdown_request" => read(content).map(|ShutdownRequest { restart }| {
                self.ending = true;
                Some(ShutdownReply { restart, ..ShutdownReply::default() }.into())
            }),
            "debug_request" => Ok(Some(self.debug(request).into())),
            _ => Ok(None),
        };
        let reply = reply.unwrap_or_else(|why| Some(refusal(&request.msg_type, &why)));
        if let Some(reply) = reply {
            self.outbox.reply(channel, request, reply, json!({}));
        }
        self.outbox.publish(Some(request), Status::idle());
    }

    fn kernel_info(&self) -> KernelInfoReply {
        let version = env!("CARGO_PKG_VERSION").to_string();
        let text = |text: &str| Some(text.to_string());
        let link = |text: &str, url: &str| HelpLink { text: text.to_string(), url: url.to_string() };
        KernelInfoReply {
            status: ReplyStatus::Ok,
            protocol_version: PROTOCOL_VERSION.to_string(),
            implementation: "distarray-kernel".to_string(),
            implementation_version: version.clone(),
            language_info: LanguageInfo {
                name: "distarray".to_string(),
                version: version.clone(),
                mimetype: text("text/x-python"),
                file_extension: text(".da"),
                // nbconvert and the console colour by it, magics and `name?` too.
                pygments_lexer: text("ipython3"),
                // JupyterLab colours by this alone.
                codemirror_mode: Some(CodeMirrorMode::ipython_code_mirror_mode()),
                nbconvert_exporter: None,
            },
            banner: format!(
                "DistArray {version}: NumPy on {}\n? shows help, name? help on a name.",
                self.engines.describe()
            ),
            help_links: vec![
                link("NumPy", "https://numpy.org/doc/stable/reference/"),
                link("Distributed arrays", "https://distributed-array-protocol.readthedocs.io/"),
            ],
            debugger: true,
            error: None,
        }
    }

    fn complete(&self, asked: CompleteRequest) -> CompleteReply {
        let found = magics::complete(&asked.code, asked.cursor_pos)
            .unwrap_or_else(|| language::complete(&asked.code, asked.cursor_pos, &self.names));
        let types: Vec<Value> = found
            .matches
            .iter()
            .map(|m| {
                let (start, end) = (found.start, found.end);
                json!({"start": start, "end": end, "text": m.text, "type": m.kind, "signature": m.signature})
            })
            .collect();
        CompleteReply {
            matches: found.matches.into_iter().map(|m| m.text).collect(),
            cursor_start: found.start,
            cursor_end: found.end,
            metadata: Map::from_iter([("_jupyter_types_experimental".to_string(), Value::Array(types))]),
            status: ReplyStatus::Ok,
            error: None,
        }
    }

    fn inspect(&self, asked: InspectRequest) -> InspectReply {
        match language::inspect(&asked.code, asked.cursor_pos, &self.names) {
            None => InspectReply::default(),
            Some(text) => {
                let data = media(Map::from_iter([("text/plain".to_string(), Value::String(text))]));
                InspectReply { found: true, data, ..InspectReply::default() }
            }
        }
    }

    /// The text behind `name?`; `%name?` is a magic.
    pub(super) fn help(&self, name: &str) -> Result<String, Failure> {
        if name.is_empty() || name.starts_with('%') {
            return magics::help(name.trim_start_matches('%'));
        }
        let end = name.chars().count();
        let text = language::inspect(name, end, &self.names);
        text.ok_or_else(|| Failure::new("NameError", format!("name '{name}' is not defined")))
    }
}

fn is_complete(asked: IsCompleteRequest) -> IsCompleteReply {
    let code = magics::split::code_only(&asked.code);
    if code.trim().is_empty() {
        return IsCompleteReply::complete();
    }
    match language::completeness(&code) {
        Completeness::Complete => IsCompleteReply::complete(),
        Completeness::Incomplete { indent } => IsCompleteReply::incomplete(indent),
        Completeness::Invalid => IsCompleteReply::invalid(),
    }
}
