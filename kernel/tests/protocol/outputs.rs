//! What engines print and show: in order, in few messages, and to every front end that listens.

use engines::link::{Output, Shown};
use kernel::session::Input;
use kernel::session::engines::Command;
use kernel::signals::Signal;
use kernel::sockets::Incoming;
use kernel::team::Event;
use serde_json::json;

use crate::front_end::FrontEnd;

fn stdout(text: &str) -> Output {
    Output::Stdout(text.to_string())
}

fn show(text: &str) -> Output {
    Output::Show(Box::new(Shown::Text(text.to_string())))
}

/// A session whose engines say this in every program.
fn saying(outputs: Vec<Output>) -> FrontEnd {
    FrontEnd::start(Box::new(move |command, tell| match command {
        Command::Start { .. } => tell(Event::Ready),
        Command::Run(_) => {
            outputs.iter().for_each(|output| tell(Event::Output { seq: 1, output: output.clone() }));
            tell(Event::Done { seq: 1, reply: Box::default(), stats: Vec::new() });
        }
        Command::Interrupt | Command::Describe => {}
    }))
}

#[test]
fn printed_and_shown_in_order() {
    let stderr = Output::Stderr("c\n".to_string());
    let mut f = saying(vec![
        stdout("a\n"),
        stdout("b\n"),
        stderr,
        show("d"),
        stdout("e\n"),
        show("f"),
        stdout("g\n"),
    ]);
    // Of engines before these, and so of no cell that runs.
    f.inbox
        .send(Input::Engines { generation: 0, event: Event::Output { seq: 1, output: stdout("old") } })
        .unwrap();
    let types = ["stdout", "stderr", "display_data", "stdout", "display_data", "stdout"];
    let (_, effects) = f.cell("1", &types);
    assert_eq!(effects[0]["text"], "a\nb\n");
    assert_eq!(effects[2]["data"], json!({"text/plain": "d"}));
    assert_eq!(effects[5]["text"], "g\n");
    f.shut_down();
}

#[test]
fn many_lines_are_few_messages() {
    let lines: Vec<String> = (0..100_000).map(|i| format!("line {i}\n")).collect();
    let mut f = saying(lines.iter().map(|line| stdout(line)).collect());
    let cell = f.execute("1");
    f.expect_published(&cell, &["busy", "execute_input"]);
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
    assert!(text == lines.concat() && messages < 200, "{messages} messages, {} bytes", text.len());
    f.shut_down();
}

#[test]
fn a_front_end_that_does_not_read_costs_nobody_else() {
    let mut f = saying(vec![show(&"x".repeat(20_000)); 5_000]);
    let stalled = f.connect(zmq::SUB, "iopub_port", b"stalled");
    stalled.set_subscribe(b"").unwrap();
    // The welcome of the other one.
    assert_eq!(f.published().0, "iopub_welcome");
    let cell = f.execute("1");
    f.expect_published(&cell, &["busy", "execute_input"]);
    f.expect_published(&cell, &vec!["display_data"; 5_000]);
    f.expect_published(&cell, &["idle"]);
    f.shut_down();
}

#[test]
fn nothing_is_lost_at_the_end() {
    let picture = "x".repeat(10_000_000);
    let mut f = saying(vec![show(&picture)]);
    let cell = f.execute("1");
    f.expect_reply(&cell, "execute_reply");
    f.inbox.send(Input::Jupyter(Incoming::Signal(Signal::Terminate))).unwrap();
    f.wait();
    let published = f.expect_published(&cell, &["busy", "execute_input", "display_data", "idle"]);
    assert_eq!(published[2]["data"]["text/plain"], picture);
}
