//! What engines print and show: in order, in few messages, and to every front end that listens.

use engines::link::{Output, Shown};
use kernel::session::Input;
use kernel::team::Event;
use serde_json::json;

use crate::front_end::FrontEnd;

fn stdout(text: &str) -> Output {
    Output::Stdout(text.to_string())
}

fn show(text: &str) -> Output {
    Output::Show(Box::new(Shown::Text(text.to_string())))
}

/// A cell that waits for engines, which say what the test has them say.
fn waiting() -> (FrontEnd, String) {
    let mut f = FrontEnd::start(Box::new(|_, _| {}));
    let cell = f.execute("%restart");
    f.expect_published(&cell, &["busy", "execute_input"]);
    (f, cell)
}

/// Ends the wait of `waiting`.
fn ready(f: &FrontEnd) {
    f.inbox
        .send(Input::Engines {
            generation: 2,
            event: Event::Ready,
        })
        .unwrap();
}

fn say(f: &FrontEnd, output: Output) {
    let event = Event::Output { seq: 1, output };
    f.inbox
        .send(Input::Engines {
            generation: 2,
            event,
        })
        .unwrap();
}

#[test]
fn printed_and_shown_in_order() {
    let (f, cell) = waiting();
    for output in [
        stdout("a\n"),
        stdout("b\n"),
        Output::Stderr("c\n".to_string()),
        show("d"),
        stdout("e\n"),
        show("f"),
    ] {
        say(&f, output);
    }
    // Of the engines before these, and so of no cell that runs.
    f.inbox
        .send(Input::Engines {
            generation: 1,
            event: Event::Output {
                seq: 1,
                output: stdout("old"),
            },
        })
        .unwrap();
    say(&f, stdout("g\n"));
    ready(&f);
    let types = [
        "stdout",
        "stderr",
        "display_data",
        "stdout",
        "display_data",
        "stdout",
        "idle",
    ];
    let published = f.expect_published(&cell, &types);
    assert_eq!(published[0]["text"], "a\nb\n");
    assert_eq!(published[2]["data"], json!({"text/plain": "d"}));
    assert_eq!(published[5]["text"], "g\n2 threads of this process\n");
    f.shut_down();
}

#[test]
fn many_lines_are_few_messages() {
    let (f, cell) = waiting();
    for i in 0..100_000 {
        say(&f, stdout(&format!("line {i}\n")));
    }
    ready(&f);
    let (mut text, mut messages) = (String::new(), 0);
    loop {
        let (_, content, parent) = f.published();
        assert_eq!(parent, cell);
        match content["text"].as_str() {
            Some(more) => text.push_str(more),
            None => break,
        }
        messages += 1;
    }
    let lines: String = (0..100_000).map(|i| format!("line {i}\n")).collect();
    assert!(
        text.starts_with(&lines) && messages < 100,
        "{messages} messages, {} bytes",
        text.len()
    );
    f.shut_down();
}

#[test]
fn a_front_end_that_does_not_read_costs_nobody_else() {
    let (f, cell) = waiting();
    let stalled = f.connect(zmq::SUB, "iopub_port", b"stalled");
    stalled.set_subscribe(b"").unwrap();
    // The welcome of the other one.
    assert_eq!(f.published().0, "iopub_welcome");
    let picture = "x".repeat(20_000);
    for _ in 0..5_000 {
        say(&f, show(&picture));
    }
    ready(&f);
    f.expect_published(&cell, &vec!["display_data"; 5_000]);
    f.expect_published(&cell, &["stdout", "idle"]);
    f.shut_down();
}
