//! Markdown that runs: ```python and ```sh blocks, and the ```text block right after each, which says what it shows.
//!
//! The python blocks of a page share nothing and have `np`, unless the page says `<!-- one session -->`: then each goes on where
//! the one before ended. The sh blocks of a page run in one folder, with the engine on the path.

use std::path::Path;
use std::process::Command;

use engines::ctx::Settings;
use harness::engine;
use harness::golden::Outcome;
use harness::team::{run, run_cells};

use crate::{TEAM, bless, shown};

const ONE_SESSION: &str = "<!-- one session -->";

/// Pages that are written by the tests, or by measurements.
const MADE: [&str; 3] = ["reference.md", "conformance.md", "scaling.md"];

/// A program in a document, and what it is said to show.
#[derive(Debug, PartialEq)]
struct Block {
    line: usize,
    kind: String,
    source: String,
    says: String,
}

impl Block {
    /// The page, with another answer to this block.
    fn blessed(&self, page: &str, got: &str) -> String {
        let code = format!("```{}\n{}```\n", self.kind, self.source);
        let answer =
            |text: &str| if text.is_empty() { String::new() } else { format!("```text\n{text}\n```\n") };
        page.replacen(&(code.clone() + &answer(&self.says)), &(code + &answer(got)), 1)
    }
}

/// What differs, in all pages of the folder that are written by hand. When asked to bless, what the blocks show is written into the pages.
pub fn differences(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("docs");
    let mut paths: Vec<_> = entries.map(|e| e.expect("entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "md") && !MADE.iter().any(|name| p.ends_with(name)));
    paths.sort();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in paths {
        let mut text = std::fs::read_to_string(&path).expect("a page");
        let blocks = blocks(&text);
        count += blocks.len();
        for (block, got) in blocks.iter().zip(outcomes(&blocks, text.contains(ONE_SESSION))) {
            if got != block.says && bless() {
                text = block.blessed(&text, &got);
                std::fs::write(&path, &text).expect("a page");
            } else if got != block.says {
                wrong.push(format!(
                    "{}:{}\n{}--- the page says\n{}\n--- it shows\n{got}\n",
                    path.display(),
                    block.line,
                    block.source,
                    block.says
                ));
            }
        }
    }
    assert!(count > 0, "no page has a block that runs");
    wrong
}

/// What each block of a page shows.
fn outcomes(blocks: &[Block], one_session: bool) -> Vec<String> {
    let python = blocks.iter().filter(|b| b.kind == "python").map(|b| b.source.as_str());
    let mut session: Vec<Outcome> = match one_session {
        true => run_cells(&python.collect::<Vec<_>>(), TEAM, Settings::from_env().compile),
        false => python.map(|source| run(&format!("import numpy as np\n{source}"), TEAM)).collect(),
    };
    let mut session = session.drain(..);
    let mut next = |block: &Block| match block.kind.as_str() {
        "python" => shown(&session.next().expect("an outcome a block")),
        _ => shell(&block.source),
    };
    blocks.iter().map(&mut next).collect()
}

/// What a script for a shell prints, in the current folder. A command that fails ends it, and is said.
fn shell(source: &str) -> String {
    let engine = engine::binary();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = engine.parent().map(Path::to_path_buf).into_iter().chain(std::env::split_paths(&path));
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", source]).env("PATH", std::env::join_paths(folders).expect("a path"));
    for (name, value) in [
        // Ranks are more than cores, and of whoever runs the tests.
        ("OMPI_ALLOW_RUN_AS_ROOT", "1"),
        ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
        ("OMPI_MCA_rmaps_base_oversubscribe", "1"),
    ] {
        shell.env(name, value);
    }
    let done = shell.output().expect("a shell");
    let said = String::from_utf8_lossy(&done.stdout);
    let mut lines: Vec<String> = said.lines().map(|line| line.trim_end().to_string()).collect();
    if !done.status.success() {
        lines.push(format!("{}: {}", done.status, String::from_utf8_lossy(&done.stderr)));
    }
    lines.join("\n")
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    // The kind of the block that is open; whether one that runs ended on the line before.
    let (mut open, mut after) = (None, false);
    for (number, line) in text.lines().enumerate() {
        match (open, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                if runs(kind) {
                    let kind = kind.to_string();
                    found.push(Block { line: number + 1, kind, source: String::new(), says: String::new() });
                }
                open = Some(if kind == "text" && !after { "prose" } else { kind });
                after = false;
            }
            (Some(kind), Some("")) => {
                after = runs(kind);
                open = None;
            }
            (None, None) => after = false,
            (Some(kind), _) => {
                let Some(block) = found.last_mut() else {
                    continue;
                };
                match kind {
                    kind if runs(kind) => block.source += &format!("{line}\n"),
                    "text" if block.says.is_empty() => block.says = line.to_string(),
                    "text" => block.says += &format!("\n{line}"),
                    _ => {}
                }
            }
        }
    }
    found
}

fn runs(kind: &str) -> bool {
    ["python", "sh"].contains(&kind)
}

#[test]
fn blocks_are_found() {
    let text = "a\n```python\nx = 1\nx\n```\n```text\n1\n\n2\n```\n```text\nno\n```\n```sh\ny\n```\nz\n```text\nno\n```\n";
    let block = |line, kind: &str, source: &str, says: &str| Block {
        line,
        kind: kind.into(),
        source: source.into(),
        says: says.into(),
    };
    assert_eq!(blocks(text), [block(2, "python", "x = 1\nx\n", "1\n\n2"), block(14, "sh", "y\n", "")]);
}

#[test]
fn a_session_goes_on() {
    let block =
        |source: &str| Block { line: 1, kind: "python".into(), source: source.into(), says: String::new() };
    let blocks = [block("x = 2"), block("y"), block("x * 3")];
    assert_eq!(outcomes(&blocks, true), ["", "NameError: name 'y' is not defined", "6"]);
    assert_eq!(outcomes(&blocks, false)[2], "NameError: name 'x' is not defined");
}
