//! The documents that are written from the code, or run: each must be what the code makes of it.
//!
//! `DISTARRAY_BLESS=1` rewrites `docs/reference.md`, `docs/conformance.md`, `docs/scaling.md`, what the blocks of the other pages show, and the cases of `tests/golden/examples.da` (whose expectations
//! `tests/oracle/golden.py` then writes). A test of its own, since examples save files in the current directory.

mod boundaries;
mod conformance;
mod links;
mod markdown;
mod reference;
mod scaling;

use std::path::{Path, PathBuf};

use harness::golden::{Outcome, all, folder};
use harness::team::Team;

/// The team that the documents speak of.
const TEAM: Team = Team { ranks: 4, small: 1024, layout: "b" };

/// What a program printed and showed, and the error that it ended with.
fn shown(outcome: &Outcome) -> String {
    let mut lines: Vec<String> = outcome.printed.lines().map(|l| l.trim_end().into()).collect();
    if let Some(class) = &outcome.error {
        lines.push(format!("{class}: {}", outcome.message).trim_end().into());
    }
    lines.join("\n")
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

fn bless() -> bool {
    std::env::var_os("DISTARRAY_BLESS").is_some()
}

/// Runs what may save files, in a folder that goes away; there is one current directory for all.
fn in_a_folder<T>(work: impl FnOnce() -> T) -> T {
    let place = std::env::temp_dir().join(format!("distarray-docs-{}", std::process::id()));
    std::fs::create_dir_all(&place).expect("a folder for what the examples save");
    std::env::set_current_dir(&place).expect("the folder");
    let result = work();
    std::env::set_current_dir("/").expect("leave");
    std::fs::remove_dir_all(&place).expect("tidy");
    result
}

#[test]
fn documents_are_what_the_code_makes_of_them() {
    let (page, wrong) = in_a_folder(|| (reference::page(), markdown::differences(&docs())));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (name, page) in
        [("reference.md", page), ("conformance.md", conformance::page()), ("scaling.md", scaling::page())]
    {
        let path = docs().join(name);
        if bless() {
            std::fs::write(&path, &page).expect("a page of docs");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = found.lines().zip(page.lines()).find(|(a, b)| a != b);
        assert!(
            found == page,
            "docs/{name} is stale (DISTARRAY_BLESS=1 rewrites it); first line that differs: {differs:?}"
        );
    }
}

#[test]
fn every_example_is_a_golden_case() {
    let cases = all()
        .into_iter()
        .filter(|case| case.file == "examples.da")
        .map(|case| (case.name, format!("{}\n", case.source.trim_end())));
    let (found, wanted) = (cases.collect::<Vec<_>>(), reference::examples());
    if found != wanted && bless() {
        let head = "# The examples of the table of builtins, written by tests/docs (DISTARRAY_BLESS=1).\n";
        let text: String = wanted.iter().map(|(name, source)| format!("\n### {name}\n{source}")).collect();
        std::fs::write(folder().join("examples.da"), head.to_string() + &text).expect("examples.da");
        panic!("wrote tests/golden/examples.da: now run tests/oracle/golden.py for what NumPy says");
    }
    let stale: Vec<&String> =
        wanted.iter().filter(|case| !found.contains(case)).map(|(name, _)| name).collect();
    assert!(found == wanted, "tests/golden/examples.da is stale (DISTARRAY_BLESS=1 rewrites it): {stale:?}");
}
