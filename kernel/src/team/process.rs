//! What the system says of a process of this machine.

use std::fs;

/// This machine's name, as the engines report theirs.
pub fn host() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_string()
}

/// Whether the process is there and not stopped.
pub fn runs(pid: u32) -> bool {
    letter(pid).is_some_and(|letter| "RSDI".contains(letter))
}

/// The state of the process, in words.
pub fn state(pid: u32) -> &'static str {
    match letter(pid) {
        None | Some('Z' | 'X') => "ended",
        Some('T' | 't') => "stopped",
        Some(_) => "running",
    }
}

/// The state in `/proc/PID/stat`, after the name, which may hold anything.
fn letter(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_process_that_runs() {
        assert!(runs(std::process::id()));
        assert_eq!(state(std::process::id()), "running");
        assert!(!runs(u32::MAX));
        assert_eq!(state(u32::MAX), "ended");
        assert!(!host().is_empty());
    }
}
