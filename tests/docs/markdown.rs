//! Markdown that runs: a ```python block, and the ```text block right after it, which says what it shows.

use std::path::Path;

use harness::team::run;

use crate::{TEAM, shown};

/// A program in a document, and what it is said to show.
#[derive(Debug, PartialEq)]
struct Block {
    line: usize,
    source: String,
    says: String,
}

/// What differs, in all pages of the folder that are written by hand. Blocks share nothing, and have `np`.
pub fn differences(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("docs");
    let mut paths: Vec<_> = entries.map(|e| e.expect("entry").path()).collect();
    paths.retain(|p| {
        let written = ["reference.md", "conformance.md", "scaling.md"].map(|name| p.ends_with(name));
        p.extension().is_some_and(|e| e == "md") && !written.contains(&true)
    });
    paths.sort();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a page");
        for block in blocks(&text) {
            count += 1;
            let got = shown(&run(&format!("import numpy as np\n{}", block.source), TEAM));
            if got != block.says {
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

fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    // The kind of the block that is open; whether a python block ended on the line before.
    let (mut open, mut after_python) = (None, false);
    for (number, line) in text.lines().enumerate() {
        match (open, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                if kind == "python" {
                    found.push(Block { line: number + 1, source: String::new(), says: String::new() });
                }
                open = Some(if kind == "text" && !after_python { "prose" } else { kind });
                after_python = false;
            }
            (Some(kind), Some("")) => {
                after_python = kind == "python";
                open = None;
            }
            (None, None) => after_python = false,
            (Some(kind), _) => {
                let Some(block) = found.last_mut() else {
                    continue;
                };
                match kind {
                    "python" => block.source += &format!("{line}\n"),
                    "text" if block.says.is_empty() => block.says = line.to_string(),
                    "text" => block.says += &format!("\n{line}"),
                    _ => {}
                }
            }
        }
    }
    found
}

#[test]
fn blocks_are_found() {
    let text = "a\n```python\nx = 1\nx\n```\n```text\n1\n\n2\n```\n```text\nno\n```\n```python\ny\n```\nz\n```text\nno\n```\n";
    let block = |line, source: &str, says: &str| Block { line, source: source.into(), says: says.into() };
    assert_eq!(blocks(text), [block(2, "x = 1\nx\n", "1\n\n2"), block(14, "y\n", "")]);
}
