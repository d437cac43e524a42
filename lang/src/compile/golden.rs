//! Diagnostics as prose: each case of `golden.txt` is a cell and what is said about it.
//!
//! `DISTARRAY_BLESS=1 cargo test -p distarray-lang golden` writes what is said now into the file; read the difference.

use crate::diag::render;
use crate::session::{Holds, Session};
use crate::source::Source;

const CELL: &str = "### cell\n";
const SAYS: &str = "### says\n";

fn says(text: &str) -> String {
    let mut session = Session::default();
    session.names.insert("np".to_string(), Holds::Module("numpy".to_string()));
    let value = Holds::Value { type_name: "int".to_string(), text: "1".to_string() };
    for name in ["a", "b", "f", "x", "temperature"] {
        session.names.insert(name.to_string(), value.clone());
    }
    let source = Source { name: "cell 1".to_string(), text: text.to_string() };
    match super::compile(source.clone(), &session) {
        Ok(_) => "nothing\n".to_string(),
        Err(diagnostics) => render(&diagnostics, &source, false),
    }
}

#[test]
fn diagnostics_read_as_reviewed() {
    let file = include_str!("golden.txt");
    let mut now = String::new();
    for case in file.split(CELL).skip(1) {
        let (cell, _) = case.split_once(SAYS).unwrap_or((case, ""));
        now.push_str(&format!("{CELL}{cell}{SAYS}{}", says(cell.trim_end_matches('\n'))));
    }
    if std::env::var("DISTARRAY_BLESS").is_ok() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/compile/golden.txt");
        std::fs::write(path, &now).expect("the file of golden diagnostics can be written");
        return;
    }
    for (want, got) in file.split(CELL).zip(now.split(CELL)) {
        assert_eq!(want, got);
    }
}
