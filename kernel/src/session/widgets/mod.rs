//! Widgets: a comm for each of their models, and the calls that run when one is moved.
//!
//! The engines hold what widgets hold, and know them by numbers; here are the comms, and the state as front ends last said, for one that
//! joins later. What front ends say while the engines are busy is gathered: of each widget the last counts.

mod models;

use std::collections::BTreeMap;

use engines::link::{Shown, Tree};
use jupyter_protocol::{JupyterMessageContent, UnknownMessage};
use lang::source::Source;
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::{Session, bundle};
use crate::wire::Request;
use models::{layout, literal, object, style, widget};

const TARGET: &str = "jupyter.widget";
/// By this one a front end asks for all models at once.
const CONTROL: &str = "jupyter.widget.control";
const VERSION: &str = "2.1.0";
const VIEW: &str = "application/vnd.jupyter.widget-view+json";

/// A model that front ends have.
struct Model {
    comm: String,
    /// The engines that know it, and by which number; styles and layouts they do not know.
    team: u64,
    number: Option<u64>,
    kind: String,
    /// What is within.
    children: Vec<u64>,
    state: Map<String, Value>,
}

#[derive(Default)]
pub struct Widgets {
    models: Vec<Model>,
    /// Comms by which front ends ask for all models.
    controls: Vec<String>,
    /// What front ends have said and the engines do not know yet: by team and number.
    moved: BTreeMap<(u64, u64), Value>,
    /// The output widget that what is said goes to.
    pub route: Option<String>,
}

impl Widgets {
    fn by_number(&mut self, team: u64, number: u64) -> Option<&mut Model> {
        self.models.iter_mut().find(|model| model.team == team && model.number == Some(number))
    }

    fn by_comm(&mut self, comm: &str) -> Option<&mut Model> {
        self.models.iter_mut().find(|model| model.comm == comm)
    }

    /// The output that shows what a widget's change leads to.
    fn output_of(&self, team: u64, number: u64) -> Option<String> {
        let ours = || self.models.iter().filter(|model| model.team == team);
        let within = ours().find(|model| model.children.contains(&number))?;
        let output = |n: &u64| ours().find(|model| model.number == Some(*n) && model.kind == "Output");
        within.children.iter().find_map(output).map(|model| model.comm.clone())
    }
}

impl Session {
    /// A bundle that shows a value, whose models front ends have then.
    pub(super) fn bundle(&mut self, shown: &Shown) -> Map<String, Value> {
        let mut data = bundle(shown);
        if let Shown::Widgets(tree) = shown
            && let Some(id) = self.open_models(tree)
        {
            data.insert(VIEW.to_string(), json!({"version_major": 2, "version_minor": 0, "model_id": id}));
        }
        data
    }

    /// Opens what is not open yet; the id of the outermost.
    fn open_models(&mut self, tree: &Tree) -> Option<String> {
        self.flush();
        let team = self.engines.generation();
        for model in tree.get("models").items() {
            let (number, kind) = (model.get("number").number()? as u64, model.get("kind").text()?);
            if self.widgets.by_number(team, number).is_some() {
                continue;
            }
            let mut state = widget(kind, model.get("state"));
            let part = |state| Model {
                comm: uuid::Uuid::new_v4().simple().to_string(),
                team,
                number: None,
                kind: String::new(),
                children: Vec::new(),
                state,
            };
            for (name, of) in
                [("layout", Some(layout(model.get("layout")))), ("style", style(kind, model.get("style")))]
            {
                if let Some(of) = of {
                    let id = self.open_model(part(of));
                    state.insert(name.to_string(), json!(format!("IPY_MODEL_{id}")));
                }
            }
            let children: Vec<u64> =
                model.get("children").numbers().into_iter().map(|number| number as u64).collect();
            if !children.is_empty() {
                let mut ids = Vec::new();
                for &number in &children {
                    let child = self.widgets.by_number(team, number);
                    ids.extend(child.map(|model| json!(format!("IPY_MODEL_{}", model.comm))));
                }
                state.insert("children".to_string(), Value::Array(ids));
            }
            self.open_model(Model { number: Some(number), kind: kind.to_string(), children, ..part(state) });
        }
        let number = tree.get("number").number()? as u64;
        self.widgets.by_number(team, number).map(|model| model.comm.clone())
    }

    fn open_model(&mut self, model: Model) -> String {
        let id = model.comm.clone();
        let content = json!({
            "comm_id": id, "target_name": TARGET, "data": {"state": model.state, "buffer_paths": []},
        });
        self.say_comm(None, "comm_open", content);
        self.widgets.models.push(model);
        id
    }

    /// Publishes a message of a comm, as an effect of this request or of the cell that runs.
    fn say_comm(&self, request: Option<&Request>, msg_type: &str, content: Value) {
        let message = UnknownMessage { msg_type: msg_type.to_string(), content };
        let parent = request.or(self.audience.as_ref());
        let metadata = json!({"version": VERSION});
        self.outbox.publish_with(parent, JupyterMessageContent::UnknownMessage(message), metadata);
    }

    fn say_state(&self, request: Option<&Request>, method: &str, comm: &str, state: &Map<String, Value>) {
        let data = json!({"method": method, "state": state, "buffer_paths": []});
        self.say_comm(request, "comm_msg", json!({"comm_id": comm, "data": data}));
    }

    /// What is said from here on goes to an output widget of the engines', or to the cell.
    pub(super) fn route(&mut self, output: Option<u64>) {
        let team = self.engines.generation();
        let comm = output.and_then(|number| self.widgets.by_number(team, number)).map(|m| m.comm.clone());
        self.route_to(comm);
    }

    pub(super) fn route_to(&mut self, comm: Option<String>) {
        if comm == self.widgets.route {
            return;
        }
        self.flush();
        let id = self.audience.as_ref().map(Request::id).unwrap_or_default();
        let words = [(self.widgets.route.take(), String::new()), (comm.clone(), id)];
        for (comm, id) in words {
            if let Some(comm) = comm {
                self.say_state(None, "update", &comm, &object(json!({"msg_id": id})));
            }
        }
        self.widgets.route = comm;
    }

    /// The engines say what a widget holds.
    pub(super) fn widget_state(&mut self, number: u64, state: &Tree) {
        let state = object(models::json(state));
        let team = self.engines.generation();
        if let Some(model) = self.widgets.by_number(team, number) {
            model.state.extend(state.clone());
            let comm = model.comm.clone();
            self.flush();
            self.say_state(None, "update", &comm, &state);
        }
    }

    /// The comms that are open.
    pub(super) fn comm_info(&self, content: &Value) -> Value {
        let wanted = content.get("target_name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let models = self.widgets.models.iter().map(|model| (&model.comm, TARGET));
        let controls = self.widgets.controls.iter().map(|comm| (comm, CONTROL));
        let comms =
            models.chain(controls).filter(|(_, target)| wanted.is_none_or(|wanted| wanted == *target));
        let comms: Map<String, Value> =
            comms.map(|(comm, target)| (comm.clone(), json!({"target_name": target}))).collect();
        json!({"status": "ok", "comms": comms})
    }

    pub(super) fn comm_open(&mut self, request: &Request) {
        let comm = comm_id(request);
        match request.content.get("target_name").and_then(Value::as_str) {
            Some(CONTROL) => self.widgets.controls.push(comm),
            // Nobody here knows any other target: the other side is to close its end.
            _ => self.say_comm(Some(request), "comm_close", json!({"comm_id": comm, "data": {}})),
        }
    }

    pub(super) fn comm_close(&mut self, request: &Request) {
        let comm = comm_id(request);
        self.widgets.models.retain(|model| model.comm != comm);
        self.widgets.controls.retain(|control| *control != comm);
        if self.widgets.route.as_ref() == Some(&comm) {
            self.widgets.route = None;
        }
    }

    /// What a front end says to a widget. What it moves runs at once, or with the message behind it in the queue.
    pub(super) fn comm_msg(&mut self, request: &Request) {
        let comm = comm_id(request);
        let data = request.content.get("data").cloned().unwrap_or_default();
        let method = data.get("method").and_then(Value::as_str).unwrap_or_default();
        if self.widgets.controls.contains(&comm) && method == "request_states" {
            let states = self.widgets.models.iter().map(|model| {
                let state = &model.state;
                let (name, module) = (&state["_model_name"], &state["_model_module"]);
                let version = &state["_model_module_version"];
                let state = json!({
                    "model_name": name, "model_module": module, "model_module_version": version, "state": state,
                });
                (model.comm.clone(), state)
            });
            let states: Map<String, Value> = states.collect();
            let data = json!({"method": "update_states", "states": states, "buffer_paths": []});
            self.say_comm(Some(request), "comm_msg", json!({"comm_id": comm, "data": data}));
            return;
        }
        let Some(model) = self.widgets.by_comm(&comm) else {
            return;
        };
        match method {
            "request_state" => {
                let state = model.state.clone();
                self.say_state(Some(request), "update", &comm, &state);
            }
            "update" => {
                let state = object(data.get("state").cloned().unwrap_or_default());
                model.state.extend(state.clone());
                let (team, number) = (model.team, model.number);
                let value = state.get("value").or(state.get("index")).cloned();
                // Other front ends see it too; what an output shows they have seen.
                if model.kind != "Output" {
                    self.say_state(Some(request), "echo_update", &comm, &state);
                }
                if let (Some(number), Some(value)) = (number, value) {
                    self.widgets.moved.insert((team, number), value);
                }
            }
            "custom" if model.kind == "Button" => {
                if let Some(number) = model.number {
                    let of = (model.team, number);
                    self.widgets.moved.insert(of, Value::Null);
                }
            }
            _ => {}
        }
    }

    /// Runs what widgets have moved, unless more of the kind stands in the queue.
    pub(super) fn run_moved(&mut self, request: &Request) {
        if self.widgets.moved.is_empty() {
            return;
        }
        self.take_in();
        if self.queue.front().is_some_and(|(next, _)| next.msg_type == "comm_msg") {
            return;
        }
        let moved = std::mem::take(&mut self.widgets.moved);
        let team = self.engines.generation();
        self.audience = Some(request.clone());
        self.interrupted = false;
        let bars = std::mem::replace(&mut self.bars, false);
        let (ours, old): (Vec<_>, Vec<_>) = moved.into_iter().partition(|((of, _), _)| *of == team);
        for ((of, number), _) in old {
            let why = "the engines that knew this function are gone: run its cell again";
            self.show_failure(of, number, &Failure::engines(why));
        }
        let states: Vec<String> = ours
            .iter()
            .filter_map(|((_, number), value)| Some(format!("{number}: {}", literal(value)?)))
            .collect();
        if let Some(((_, first), _)) = ours.first().filter(|_| !states.is_empty()) {
            let text = format!("__event__({{{}}})", states.join(", "));
            if let Err(failure) = self.run_source(Source { name: "interact".to_string(), text }) {
                match self.widgets.route {
                    Some(_) => self.publish(failure.output()),
                    None => self.show_failure(team, *first, &failure),
                }
            }
        }
        self.flush_all();
        self.route_to(None);
        self.bars = bars;
        self.audience = None;
    }

    /// An error in the place of what a widget's function would have shown.
    fn show_failure(&mut self, team: u64, number: u64, failure: &Failure) {
        let output = self.widgets.output_of(team, number);
        self.route_to(output);
        self.publish(jupyter_protocol::ClearOutput { wait: true });
        self.publish(failure.output());
        self.route_to(None);
    }
}

fn comm_id(request: &Request) -> String {
    request.content.get("comm_id").and_then(Value::as_str).unwrap_or_default().to_string()
}
