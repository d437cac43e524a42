//! Cells on engines that follow a script: results, errors, interrupts, names, timing.

use engines::link::{Output, Reply, Shown, Stats};
use kernel::session::engines::Command;
use kernel::team::Event;
use lang::error::{Class, Error};
use lang::session::{Holds, Name};
use serde_json::json;

use crate::front_end::{FrontEnd, Script};

/// Engines that know these few programs.
fn engines() -> Script {
    Box::new(|command, tell| {
        let done = |reply: Reply| {
            let stats = Stats { seconds: 0.25, bytes_sent: 1500, messages_sent: 2, ..Stats::default() };
            tell(Event::Done { seq: 1, reply: Box::new(reply), stats: vec![stats; 2] });
        };
        let fails = |class, message: &str| {
            done(Reply { error: Some(Error::new(class, message)), ..Reply::default() })
        };
        match command {
            Command::Start { .. } => tell(Event::Ready),
            Command::Interrupt => fails(Class::KeyboardInterrupt, ""),
            Command::Describe => {}
            Command::Run(program) => match program.source.text.trim() {
                "40 + 2" => {
                    tell(Event::Output { seq: 1, output: Output::Stdout("working\n".to_string()) });
                    let holds = Holds::Value { type_name: "int".to_string(), text: "42".to_string() };
                    let names = vec![Name { name: "answer".to_string(), holds }];
                    done(Reply { result: Some(Shown::Text("42".to_string())), names, ..Reply::default() });
                }
                "1 / 0" => fails(Class::ZeroDivisionError, "division by zero"),
                "while True:\n    pass" => {}
                "assert False" => {
                    fails(Class::EngineError, "rank 1 was killed");
                    tell(Event::Died { message: "rank 1 was killed".to_string() });
                }
                "del answer" => done(Reply::default()),
                other => fails(Class::RuntimeError, &format!("not in the script: {other:?}")),
            },
        }
    })
}

#[test]
fn results_and_errors() {
    let mut f = FrontEnd::start(engines());
    let (reply, effects) = f.cell("40 + 2", &["stdout", "execute_result"]);
    assert_eq!((&reply["status"], &reply["user_expressions"]), (&json!("ok"), &json!({})));
    let expect = json!({"execution_count": 1, "data": {"text/plain": "42"}, "metadata": {}, "transient": {}});
    assert_eq!(effects[1], expect);
    let (reply, effects) = f.cell("1 / 0", &["error"]);
    for error in [&reply, &effects[0]] {
        assert_eq!(
            (&error["ename"], &error["evalue"]),
            (&json!("ZeroDivisionError"), &json!("division by zero"))
        );
    }
    assert_eq!(reply["execution_count"], 2);
    let history = f.ask("history_request", json!({"hist_access_type": "tail", "output": true}));
    assert_eq!(history["history"], json!([[1, 1, ["40 + 2", "42"]], [1, 2, ["1 / 0", ""]]]));
    f.shut_down();
}

#[test]
fn what_does_not_compile_never_reaches_the_engines() {
    let mut f = FrontEnd::start(engines());
    let (reply, effects) = f.cell("x = (1,\ny = 2", &["error"]);
    assert_eq!((&reply["ename"], &effects[0]["ename"]), (&json!("SyntaxError"), &json!("SyntaxError")));
    assert!(reply["traceback"].as_array().unwrap().len() > 1);
    f.shut_down();
}

#[test]
fn magics_among_code() {
    let mut f = FrontEnd::start(engines());
    // Only the last expression of a cell is its result.
    let (_, effects) = f.cell("40 + 2\n%who", &["stdout"]);
    assert_eq!(effects[0]["text"], "working\nanswer\n");
    let (_, effects) = f.cell("%%time\n40 + 2", &["stdout", "execute_result", "stdout"]);
    let time = effects[2]["text"].as_str().unwrap();
    assert!(time.starts_with("Wall time: "), "{time}");
    assert!(time.ends_with(", on the engines 250 ms, 3.0 kB in 4 messages between ranks\n"), "{time}");
    let (_, effects) = f.cell("%timeit -n 2 -r 2 40 + 2", &["stdout"]);
    let text = effects[0]["text"].as_str().unwrap();
    assert!(text.ends_with("on the engines 250 ms (mean \u{b1} std. dev. of 2 rounds of 2)\n"), "{text}");
    let (_, effects) = f.cell("%whos\n%reset\n%who", &["stdout"]);
    assert_eq!(effects[0]["text"], "Name    Type  Data\nanswer  int   42\nNo names are bound.\n");
    let (_, effects) = f.cell("%time", &["error"]);
    assert_eq!(effects[0]["ename"], "UsageError");
    f.shut_down();
}

#[test]
fn expressions_of_the_user() {
    let mut f = FrontEnd::start(engines());
    let expressions = json!({"good": "40 + 2", "bad": "1 / 0", "worse": "("});
    let id = f.shell("execute_request", json!({"code": "", "user_expressions": expressions, "silent": true}));
    let answers = &f.expect_reply(&id, "execute_reply")["user_expressions"];
    assert_eq!(answers["good"], json!({"status": "ok", "data": {"text/plain": "42"}, "metadata": {}}));
    assert_eq!(
        (&answers["bad"]["status"], &answers["bad"]["ename"]),
        (&json!("error"), &json!("ZeroDivisionError"))
    );
    assert_eq!(answers["worse"]["ename"], "SyntaxError");
    f.expect_published(&id, &["busy", "idle"]);
    f.shut_down();
}

#[test]
fn an_interrupt_reaches_the_engines() {
    let mut f = FrontEnd::start(engines());
    let cell = f.execute("while True:\n    pass");
    let behind = f.execute("40 + 2");
    f.expect_published(&cell, &["busy", "execute_input"]);
    let interrupt = f.control("interrupt_request", json!({}));
    f.expect_on(&f.control, &interrupt, "interrupt_reply");
    f.expect_published(&interrupt, &["busy", "idle"]);
    assert_eq!(f.expect_reply(&cell, "execute_reply")["ename"], "KeyboardInterrupt");
    f.expect_published(&cell, &["error", "idle"]);
    assert_eq!(f.expect_reply(&behind, "execute_reply")["status"], "aborted");
    f.expect_published(&behind, &["busy", "idle"]);
    f.cell("40 + 2", &["stdout", "execute_result"]);
    // Shutdown while a cell runs: its front end gets its reply, and the session ends.
    let cell = f.execute("while True:\n    pass");
    f.expect_published(&cell, &["busy", "execute_input"]);
    f.shut_down();
}

#[test]
fn engines_that_die_under_a_cell() {
    let mut f = FrontEnd::start(engines());
    for cell in ["assert False", "40 + 2"] {
        let (reply, _) = f.cell(cell, &["error"]);
        assert_eq!(reply["ename"], "EngineError");
        let text = reply["traceback"].to_string();
        assert!(text.contains("rank 1 was killed") && text.contains("%restart starts fresh"), "{text}");
    }
    f.cell("%restart", &["stdout", "display_data"]);
    f.cell("40 + 2", &["stdout", "execute_result"]);
    f.shut_down();
}
