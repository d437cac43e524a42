//! What was entered and what it showed: of this session, and of earlier ones from a file of the user's.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use jupyter_protocol::{HistoryEntry, HistoryRequest};
use serde::{Deserialize, Serialize};

/// Of earlier sessions, this many entries are kept.
const KEPT: usize = 5000;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub session: usize,
    pub line: usize,
    pub input: String,
    pub output: Option<String>,
}

/// In order of time.
#[derive(Debug)]
pub struct History {
    entries: Vec<Entry>,
    session: usize,
    file: Option<File>,
}

impl History {
    /// Reads the file, and starts a session after the last one in it. A file that cannot be read or written costs the
    /// memory of earlier sessions and nothing else.
    pub fn open(path: Option<&Path>) -> History {
        let mut entries: Vec<Entry> = path.map(load).unwrap_or_default();
        if entries.len() > 2 * KEPT
            && let Some(path) = path
        {
            entries.drain(..entries.len() - KEPT);
            let _ = rewrite(path, &entries);
        }
        let session = entries.iter().map(|entry| entry.session).max().unwrap_or(0) + 1;
        let file = path.and_then(|path| {
            std::fs::create_dir_all(path.parent()?).ok()?;
            OpenOptions::new().create(true).append(true).open(path).ok()
        });
        History { entries, session, file }
    }

    /// Where the user's history is kept: `$DISTARRAY_HISTORY` (empty: nowhere), else in the user's state directory.
    pub fn path() -> Option<PathBuf> {
        if let Some(path) = std::env::var_os("DISTARRAY_HISTORY") {
            return (!path.is_empty()).then(|| path.into());
        }
        let state = match std::env::var_os("XDG_STATE_HOME").filter(|dir| !dir.is_empty()) {
            Some(dir) => PathBuf::from(dir),
            None => {
                PathBuf::from(std::env::var_os("HOME").filter(|dir| !dir.is_empty())?).join(".local/state")
            }
        };
        Some(state.join("distarray/history.jsonl"))
    }

    pub fn add(&mut self, line: usize, input: &str, output: Option<String>) {
        let entry = Entry { session: self.session, line, input: input.to_string(), output };
        if let (Some(file), Ok(mut text)) = (&mut self.file, serde_json::to_string(&entry)) {
            text.push('\n');
            // One write a line: kernels that run side by side append to the same file.
            let _ = file.write_all(text.as_bytes());
        }
        self.entries.push(entry);
    }

    /// This session's entries.
    pub fn current(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.session == self.session)
    }

    /// The answer to a `history_request`.
    pub fn answer(&self, request: &HistoryRequest) -> Vec<HistoryEntry> {
        let last = |found: Vec<&Entry>, n: i32, output: bool| -> Vec<HistoryEntry> {
            let skip = found.len().saturating_sub(n.max(0) as usize);
            found[skip..].iter().map(|entry| entry.answer(output)).collect()
        };
        match *request {
            HistoryRequest::Tail { n, output, .. } => last(self.entries.iter().collect(), n, output),
            HistoryRequest::Range { session, start, stop, output, .. } => {
                // 0 is this session, -1 the one before it, as in IPython.
                let session = match session.unwrap_or(0) {
                    s if s <= 0 => self.session as i64 + i64::from(s),
                    s => i64::from(s),
                };
                let lines = i64::from(start)..i64::from(stop);
                let wanted = |e: &&Entry| e.session as i64 == session && lines.contains(&(e.line as i64));
                last(self.entries.iter().filter(wanted).collect(), i32::MAX, output)
            }
            HistoryRequest::Search { ref pattern, unique, output, n, .. } => {
                let mut found: Vec<&Entry> =
                    self.entries.iter().filter(|e| glob(pattern, &e.input)).collect();
                if unique {
                    let mut seen = HashSet::new();
                    found.reverse();
                    found.retain(|entry| seen.insert(&entry.input));
                    found.reverse();
                }
                last(found, n, output)
            }
        }
    }
}

impl Entry {
    fn answer(&self, output: bool) -> HistoryEntry {
        match output {
            false => HistoryEntry::Input(self.session, self.line, self.input.clone()),
            true => {
                let both = (self.input.clone(), self.output.clone().unwrap_or_default());
                HistoryEntry::InputOutput(self.session, self.line, both)
            }
        }
    }
}

fn load(path: &Path) -> Vec<Entry> {
    let Ok(file) = File::open(path) else {
        return Vec::new();
    };
    let lines = BufReader::new(file).split(b'\n').map_while(Result::ok);
    lines.filter_map(|line| serde_json::from_slice(&line).ok()).collect()
}

/// Replaces the file as a whole, so that a crash leaves the old one or the new one.
fn rewrite(path: &Path, entries: &[Entry]) -> std::io::Result<()> {
    let new = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut text = String::new();
    for entry in entries {
        text.push_str(&serde_json::to_string(entry)?);
        text.push('\n');
    }
    std::fs::write(&new, text)?;
    std::fs::rename(&new, path)
}

/// Whether a glob (`*` any text, `?` any character) covers the whole of `text`.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where to go on when what follows the last star does not fit: one character further.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == '?' || c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::content::read_history;
    use serde_json::{Value, json};

    fn answer(history: &History, request: Value) -> Value {
        json!(history.answer(&read_history(&request).unwrap()))
    }

    #[test]
    fn requests() {
        let mut history = History::open(None);
        for (line, input) in [(1, "a = 1"), (2, "a"), (3, "a"), (4, "b = 2\nb")] {
            history.add(line, input, (line == 2).then(|| "1".to_string()));
        }
        let check = |request: Value, expect: Value| {
            assert_eq!(answer(&history, request.clone()), expect, "{request}")
        };
        check(json!({"hist_access_type": "tail", "n": 2}), json!([[1, 3, "a"], [1, 4, "b = 2\nb"]]));
        check(json!({"hist_access_type": "tail", "n": -1}), json!([]));
        let range = |session, start, stop| json!({"hist_access_type": "range", "session": session, "start": start, "stop": stop, "output": true});
        check(range(1, 2, 3), json!([[1, 2, ["a", "1"]]]));
        check(range(0, 2, 3), json!([[1, 2, ["a", "1"]]]));
        check(range(-5, 2, 3), json!([]));
        let search = |pattern: &str, unique, n: Option<i32>| json!({"hist_access_type": "search", "pattern": pattern, "unique": unique, "n": n});
        check(search("a*", false, None), json!([[1, 1, "a = 1"], [1, 2, "a"], [1, 3, "a"]]));
        check(search("a*", true, None), json!([[1, 1, "a = 1"], [1, 3, "a"]]));
        check(search("?", false, Some(1)), json!([[1, 3, "a"]]));
        check(search("*b", true, None), json!([[1, 4, "b = 2\nb"]]));
    }

    #[test]
    fn globs() {
        for (pattern, text, expect) in [
            ("", "", true),
            ("*", "", true),
            ("a*b*c", "aXbYbc", true),
            ("a*b*c", "aXbYb", false),
            ("**x", "xyx", true),
            ("?", "é", true),
            ("??", "é", false),
        ] {
            assert_eq!(glob(pattern, text), expect, "{pattern} {text}");
        }
    }

    #[test]
    fn earlier_sessions_come_from_the_file() {
        let dir = std::env::temp_dir().join(format!("distarray-history-{}", std::process::id()));
        let path = dir.join("deep/history.jsonl");
        History::open(Some(&path)).add(1, "x", None);
        std::fs::write(&path, [std::fs::read(&path).unwrap(), b"garbage\xff\n".to_vec()].concat()).unwrap();
        let mut second = History::open(Some(&path));
        second.add(1, "y", None);
        let tail = answer(&second, json!({"hist_access_type": "tail"}));
        assert_eq!(tail, json!([[1, 1, "x"], [2, 1, "y"]]));
        assert_eq!(second.current().count(), 1);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
