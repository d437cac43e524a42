//! What each request is answered with, and what it publishes.

use kernel::session::Input;
use kernel::session::engines::Command;
use kernel::signals::Signal;
use kernel::sockets::Incoming;
use kernel::team::Event;
use serde_json::json;

use crate::front_end::{FrontEnd, ready};

#[test]
fn requests_without_effects() {
    let mut f = FrontEnd::start(ready());
    let info = f.ask("kernel_info_request", json!({}));
    assert_eq!(info["protocol_version"], "5.4");
    assert_eq!(info["language_info"]["codemirror_mode"], json!({"name": "ipython", "version": 3}));
    assert!(info["banner"].as_str().unwrap().starts_with("DistArray 0."), "{info}");
    assert_eq!(f.ask("comm_info_request", json!({})), json!({"status": "ok", "comms": {}}));
    assert_eq!(f.ask("is_complete_request", json!({"code": "%who"}))["status"], "complete");
    let completed = f.ask("complete_request", json!({"code": "%ti", "cursor_pos": 3}));
    assert_eq!(
        (&completed["matches"], &completed["cursor_start"]),
        (&json!(["%time", "%timeit"]), &json!(0))
    );
    assert_eq!(completed["metadata"]["_jupyter_types_experimental"][0]["type"], "magic");
    assert_eq!(f.ask("inspect_request", json!({"code": "", "cursor_pos": 0}))["found"], false);
    assert_eq!(
        f.ask("history_request", json!({"hist_access_type": "tail"})),
        json!({"status": "ok", "history": []})
    );
    f.beat();
    f.shut_down();
}

#[test]
fn requests_that_cannot_be_read_or_are_unknown() {
    let mut f = FrontEnd::start(ready());
    for (request, content) in [
        ("execute_request", json!({"code": 5})),
        ("history_request", json!({"hist_access_type": "none"})),
        ("complete_request", json!({"cursor_pos": -1})),
    ] {
        let reply = f.ask(request, content);
        assert_eq!((&reply["status"], &reply["ename"]), (&json!("error"), &json!("ValueError")));
    }
    let unknown = f.shell("create_subshell_request", json!({}));
    f.expect_published(&unknown, &["busy", "idle"]);
    let open = f.shell("comm_open", json!({"comm_id": "c1", "target_name": "x", "data": {}}));
    let published = f.expect_published(&open, &["busy", "comm_close", "idle"]);
    assert_eq!(published[1]["comm_id"], "c1");
    let debug = f.control("debug_request", json!({"seq": 7, "type": "request", "command": "initialize"}));
    let reply = f.expect_on(&f.control, &debug, "debug_reply");
    assert_eq!((&reply["success"], &reply["request_seq"]), (&json!(true), &json!(7)));
    let published = f.expect_published(&debug, &["busy", "debug_event", "idle"]);
    assert_eq!(published[1]["event"], "initialized");
    let debug = f.control("debug_request", json!({"seq": 8, "type": "request", "command": "stepIn"}));
    let reply = f.expect_on(&f.control, &debug, "debug_reply");
    assert!(reply["success"] == false && reply["message"].as_str().unwrap().contains("stepIn"));
    f.expect_published(&debug, &["busy", "idle"]);
    f.shut_down();
}

#[test]
fn magics_pages_and_refusals() {
    let mut f = FrontEnd::start(ready());
    let (reply, effects) = f.cell("%who", &["stdout"]);
    assert_eq!((&reply["status"], &reply["execution_count"]), (&json!("ok"), &json!(1)));
    assert_eq!(effects[0]["text"], "No names are bound.\n");
    let (reply, _) = f.cell("%time?", &[]);
    let page = &reply["payload"][0];
    assert_eq!((&page["source"], &page["start"]), (&json!("page"), &json!(0)));
    assert!(page["data"]["text/plain"].as_str().unwrap().starts_with("%time code"));
    let (reply, effects) = f.cell("!ls", &["error"]);
    assert_eq!((&reply["ename"], &effects[0]["ename"]), (&json!("UsageError"), &json!("UsageError")));
    let (_, effects) = f.cell("%who\n%lsmagic\n%frobnicate\n%who", &["stdout", "error"]);
    assert!(effects[0]["text"].as_str().unwrap().starts_with("No names are bound.\n%config"));
    let history = f.ask("history_request", json!({"hist_access_type": "range", "start": 1, "stop": 3}));
    assert_eq!(history["history"], json!([[1, 1, "%who"], [1, 2, "%time?"]]));
    f.shut_down();
}

#[test]
fn silence_and_counting() {
    let mut f = FrontEnd::start(ready());
    let id = f.shell("execute_request", json!({"code": "%who", "silent": true}));
    assert_eq!(f.expect_reply(&id, "execute_reply")["execution_count"], 0);
    f.expect_published(&id, &["busy", "idle"]);
    let id = f.shell("execute_request", json!({"code": "%who", "store_history": false}));
    assert_eq!(f.expect_reply(&id, "execute_reply")["execution_count"], 0);
    f.expect_published(&id, &["busy", "execute_input", "stdout", "idle"]);
    let (reply, _) = f.cell("", &[]);
    assert_eq!(reply["execution_count"], 1);
    f.shut_down();
}

#[test]
fn an_error_aborts_the_cells_behind_it() {
    let mut f = FrontEnd::start(ready());
    let failing = f.execute("%frobnicate");
    let aborted: Vec<String> = (0..3).map(|_| f.execute("%who")).collect();
    let info = f.shell("kernel_info_request", json!({}));
    assert_eq!(f.expect_reply(&failing, "execute_reply")["status"], "error");
    f.expect_published(&failing, &["busy", "execute_input", "error", "idle"]);
    for id in &aborted {
        assert_eq!(f.expect_reply(id, "execute_reply")["status"], "aborted");
        f.expect_published(id, &["busy", "idle"]);
    }
    f.expect_reply(&info, "kernel_info_reply");
    f.expect_published(&info, &["busy", "idle"]);
    // What comes after the reply runs.
    let (reply, _) = f.cell("%who", &["stdout"]);
    assert_eq!((&reply["status"], &reply["execution_count"]), (&json!("ok"), &json!(2)));
    // Nothing is aborted when the front end says so.
    let failing = f.shell("execute_request", json!({"code": "%frobnicate", "stop_on_error": false}));
    let next = f.execute("%who");
    assert_eq!(f.expect_reply(&failing, "execute_reply")["status"], "error");
    assert_eq!(f.expect_reply(&next, "execute_reply")["status"], "ok");
    f.shut_down();
}

#[test]
fn waiting_for_engines_is_said_and_can_be_interrupted() {
    let mut f = FrontEnd::start(Box::new(|_, _| {}));
    let waiting = f.execute("%engines");
    let published = f.expect_published(&waiting, &["busy", "execute_input", "stderr"]);
    assert!(published[2]["text"].as_str().unwrap().starts_with("Waiting for the engines"));
    // Control is served meanwhile, and help with typing; other shell requests wait for their turn.
    let info = f.control("kernel_info_request", json!({}));
    f.expect_on(&f.control, &info, "kernel_info_reply");
    f.expect_published(&info, &["busy", "idle"]);
    for (kind, content) in [
        ("complete_request", json!({"code": "np.lins", "cursor_pos": 7})),
        ("inspect_request", json!({"code": "np.linspace", "cursor_pos": 5})),
        ("is_complete_request", json!({"code": "if x:"})),
    ] {
        let id = f.shell(kind, content);
        f.expect_reply(&id, &kind.replace("request", "reply"));
        f.expect_published(&id, &["busy", "idle"]);
        f.expect_published(&waiting, &["busy"]);
    }
    let interrupt = f.control("interrupt_request", json!({}));
    assert_eq!(f.expect_on(&f.control, &interrupt, "interrupt_reply"), json!({"status": "ok"}));
    f.expect_published(&interrupt, &["busy", "idle"]);
    f.expect_published(&waiting, &["error", "idle"]);
    assert_eq!(f.expect_reply(&waiting, "execute_reply")["ename"], "KeyboardInterrupt");
    // The same by a signal.
    let waiting = f.execute("%engines");
    f.expect_published(&waiting, &["busy", "execute_input", "stderr"]);
    f.inbox.send(Input::Jupyter(Incoming::Signal(Signal::Interrupt))).unwrap();
    f.expect_published(&waiting, &["error", "idle"]);
    f.expect_reply(&waiting, "execute_reply");
    // Shutdown while waiting.
    f.execute("%engines");
    f.shut_down();
}

#[test]
fn dead_engines_are_an_error_until_restarted() {
    let mut starts = 0;
    let mut f = FrontEnd::start(Box::new(move |command, tell| {
        if let Command::Start { .. } = command {
            starts += 1;
            match starts {
                1 => tell(Event::Died { message: "rank 1 died".to_string() }),
                _ => tell(Event::Ready),
            }
        }
    }));
    for _ in 0..2 {
        let (reply, _) = f.cell("%engines", &["error"]);
        assert_eq!(reply["ename"], "EngineError");
        let evalue = reply["evalue"].as_str().unwrap();
        assert!(evalue.contains("rank 1 died") && evalue.contains("%restart"), "{evalue}");
    }
    f.cell("%restart", &["stdout", "display_data"]);
    // News of the first team are no news.
    f.inbox
        .send(Input::Engines { generation: 1, event: Event::Died { message: "late".to_string() } })
        .unwrap();
    let (_, effects) = f.cell("%engines", &["stdout", "display_data"]);
    assert_eq!(effects[0]["text"], "2 threads of the kernel\n");
    f.shut_down();
}

#[test]
fn a_signal_ends_the_session() {
    let mut f = FrontEnd::start(Box::new(|_, _| {}));
    f.execute("%engines");
    f.inbox.send(Input::Jupyter(Incoming::Signal(Signal::Terminate))).unwrap();
    f.wait();
}
