//! Runs golden programs on one rank and on three: what they print, show and raise must be what CPython and NumPy do.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use super::Machine;
use crate::comm::{Comm, Solo, threads};
use crate::ctx::{Ctx, Settings};
use crate::link::Output;

/// What a program printed and showed, and the last line of its error as `#! Class: message`.
fn outcome(comm: Box<dyn Comm>, source: &str) -> String {
    let out = Rc::new(RefCell::new(String::new()));
    let sink = out.clone();
    let emit = move |output| match output {
        Output::Stdout(text) => sink.borrow_mut().push_str(&text),
        Output::Stderr(_) => {}
        Output::Clear { .. } | Output::Route { .. } | Output::Widget { .. } => {}
        Output::Failed(error) => sink.borrow_mut().push_str(&format!("failed: {}\n", error.message)),
        Output::Show(_) | Output::Named { .. } => sink.borrow_mut().push_str("shown\n"),
    };
    let mut machine = Machine::new(Ctx::new(comm, Settings::default()), Box::new(emit));
    let ended = machine.run_text("case", source);
    drop(machine);
    let mut text = out.take();
    if let Err((class, message)) = ended {
        let first = message.lines().next().unwrap_or_default();
        let ending = if first.is_empty() { String::new() } else { format!(" {first}") };
        text.push_str(&format!("#! {}:{ending}\n", class.name()));
    }
    text.lines().map(|line| line.trim_end().to_string() + "\n").collect()
}

struct Case {
    name: String,
    source: String,
    expected: String,
}

/// The cases of a golden file: `### name`, source, `#> ` lines of output, `#! Class: message`.
fn cases(file: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(file);
    let text = std::fs::read_to_string(&path).expect("a golden file");
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            cases.push(Case { name: name.into(), source: String::new(), expected: String::new() });
        } else if let Some(case) = cases.last_mut() {
            if line.starts_with("#! ") {
                case.expected.push_str(line);
                case.expected.push('\n');
            } else if let Some(shown) = line.strip_prefix("#>") {
                case.expected.push_str(shown.strip_prefix(' ').unwrap_or(shown));
                case.expected.push('\n');
            } else {
                case.source.push_str(line);
                case.source.push('\n');
            }
        }
    }
    cases
}

fn check(file: &str) {
    let mut wrong = Vec::new();
    let cases = cases(file);
    assert!(!cases.is_empty(), "{file} has no case");
    for Case { name, source, expected } in cases {
        let mut outcomes = vec![outcome(Box::new(Solo), &source)];
        let text = source.clone();
        outcomes.extend(threads::run(3, |comm| outcome(comm, &text)).into_iter().take(1));
        for got in outcomes {
            if got != expected {
                wrong.push(format!("=== {file}: {name}\n{source}--- expected\n{expected}--- got\n{got}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn numbers() {
    check("numbers.da");
}

#[test]
fn strings() {
    check("strings.da");
}

#[test]
fn containers() {
    check("containers.da");
}

#[test]
fn functions() {
    check("functions.da");
}

#[test]
fn language() {
    check("language.da");
}

#[test]
fn scalars() {
    check("scalars.da");
}
