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

/// Memory in bytes, and seconds of processor time.
pub fn usage(pid: u32) -> Option<(u64, f64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // After the name come the state (the third), and the times in user and in system (the 14th and the 15th), in ticks.
    let words: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = words.get(11..13)?.iter().filter_map(|word| word.parse::<u64>().ok()).sum();
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = memory.trim().trim_end_matches(" kB").parse().ok()?;
    // Linux counts a hundred ticks a second for programs, on every machine.
    Some((kilobytes * 1024, ticks as f64 / 100.0))
}

/// The load of this machine over the last minute, and its processors.
pub fn load() -> Option<String> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    Some(format!("{} on {cores} processors", text.split_whitespace().next()?))
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
        let (memory, seconds) = usage(std::process::id()).unwrap();
        assert!(memory > 1 << 18 && seconds < 1e6, "{memory} {seconds}");
        assert!(usage(u32::MAX).is_none() && load().unwrap().contains(" on "));
    }
}
