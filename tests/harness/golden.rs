//! The `.da` files of `tests/golden`: named cases with what NumPy printed for them.

use std::path::{Path, PathBuf};

/// One case: its source and how it must end.
#[derive(Clone, Debug)]
pub struct Case {
    pub file: String,
    pub name: String,
    pub source: String,
    /// What it prints and shows, line by line, trailing blanks dropped.
    pub lines: Vec<String>,
    /// The class of the error it ends with.
    pub error: Option<String>,
}

/// The checkout's `tests/golden`.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// Every case of every file, in the order of the files' names.
///
/// # Panics
/// When a file cannot be read.
pub fn all() -> Vec<Case> {
    let entries = std::fs::read_dir(folder()).expect("tests/golden");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "da"));
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("golden file");
        parse(&path.file_name().unwrap_or_default().to_string_lossy(), &text)
    };
    paths.iter().flat_map(read).collect()
}

fn parse(file: &str, text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            cases.push(Case {
                file: file.into(),
                name: name.into(),
                source: String::new(),
                lines: Vec::new(),
                error: None,
            });
        } else if let Some(case) = cases.last_mut() {
            if let Some(error) = line.strip_prefix("#! ") {
                case.error = Some(error.split(':').next().unwrap_or_default().into());
            } else if let Some(expected) = line.strip_prefix("#>") {
                case.lines.push(expected.strip_prefix(' ').unwrap_or(expected).into());
            } else {
                case.source.push_str(line);
                case.source.push('\n');
            }
        }
    }
    cases
}

/// How a case ended on some team.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub printed: String,
    pub error: Option<String>,
    pub message: String,
}

impl Case {
    /// Nothing, or what differs.
    pub fn differs(&self, outcome: &Outcome) -> Option<String> {
        let printed: Vec<&str> = outcome.printed.lines().map(str::trim_end).collect();
        if self.error == outcome.error && printed == self.lines {
            return None;
        }
        let ending = |e: &Option<String>| e.clone().unwrap_or_else(|| "no error".into());
        Some(format!(
            "{}: {}\n--- source\n{}--- NumPy: {}\n{}\n--- ours: {} {}\n{}\n",
            self.file,
            self.name,
            self.source,
            ending(&self.error),
            self.lines.join("\n"),
            ending(&outcome.error),
            outcome.message,
            printed.join("\n"),
        ))
    }
}
