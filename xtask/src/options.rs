//! The command line.

use std::path::PathBuf;

use crate::shell::Result;

#[derive(Debug, Default)]
pub struct Options {
    pub task: String,
    pub headless: bool,
    pub browser: bool,
    pub quick: bool,
    /// Write what was measured into docs/performance.md or docs/latency.md.
    pub write: bool,
    /// Measure other systems too.
    pub peers: bool,
    /// The benchmark's lines to measure, with commas between; all where nothing is said.
    pub lines: Option<String>,
    /// Install system packages without asking.
    pub yes: bool,
    pub prefix: Option<PathBuf>,
}

impl Options {
    /// # Errors
    /// When there is a word that no task knows.
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Options> {
        let ci = std::env::var_os("CI").is_some();
        let mut options = Options { yes: ci, browser: ci, ..Options::default() };
        let mut words = words.peekable();
        options.task = words.next().unwrap_or_else(|| "help".into());
        if ["-h", "--help"].contains(&options.task.as_str()) {
            options.task = "help".into();
        }
        while let Some(word) = words.next() {
            match word.as_str() {
                "--headless" => options.headless = true,
                "--browser" => options.browser = true,
                "--quick" => options.quick = true,
                "--write" => options.write = true,
                "--peers" => options.peers = true,
                "--lines" => {
                    options.lines = Some(words.next().ok_or("--lines needs keys of xtask/bench/lines.py")?)
                }
                "--yes" | "-y" => options.yes = true,
                "--prefix" => {
                    let dir = words.next().ok_or("--prefix needs a directory")?;
                    options.prefix = Some(dir.into());
                }
                "-h" | "--help" => options.task = "help".into(),
                other => {
                    return Err(format!("no option '{other}': see cargo xtask help"));
                }
            }
        }
        Ok(options)
    }
}
