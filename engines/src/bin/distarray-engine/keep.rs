//! `distarray-engine keep DIR LAUNCHER ...`: runs an MPI job for the kernel and leaves nothing of it behind.
//!
//! The kernel holds the other end of this process's stdin. When that is closed, because the kernel wants it or because
//! the kernel is dead, the launcher and all its descendants are ended, and the directory is removed.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use engines::link::place;

use crate::sys;

/// For the launcher to end its ranks in good order.
const TERM: Duration = Duration::from_millis(400);
/// For killed processes to be gone.
const KILL: Duration = Duration::from_secs(2);

/// The exit status is the launcher's.
pub fn keep(place: &Path, command: &[String]) -> ExitCode {
    let status = run(command);
    end_orphans();
    place::remove(place);
    match status {
        Ok(status) => ExitCode::from(status.code().map_or(255, |code| code as u8)),
        Err(e) => {
            eprintln!("{}: {e}", command[0]);
            ExitCode::FAILURE
        }
    }
}

enum News {
    KernelGone,
    Ended(io::Result<ExitStatus>),
}

fn run(command: &[String]) -> io::Result<ExitStatus> {
    sys::adopt_orphans();
    let mut launcher = Command::new(&command[0]);
    sys::leash(&mut launcher);
    let mut launcher = launcher.args(&command[1..]).stdin(Stdio::null()).spawn()?;
    let pid = launcher.id();
    let (tell, news) = mpsc::channel();
    let ended = tell.clone();
    thread::spawn(move || ended.send(News::Ended(launcher.wait())));
    thread::spawn(move || {
        while io::stdin().read(&mut [0]).is_ok_and(|n| n > 0) {}
        tell.send(News::KernelGone)
    });
    // Either is the first news; after the kernel's end, only the launcher's counts.
    let first = news.recv().map_err(io::Error::other)?;
    if let News::Ended(status) = first {
        return status;
    }
    for (signal, time) in [(libc::SIGTERM, TERM), (libc::SIGKILL, KILL)] {
        sys::signal(pid, signal);
        if let Ok(News::Ended(status)) = news.recv_timeout(time) {
            return status;
        }
    }
    Err(io::Error::other("does not end"))
}

/// Kills what descends from the launcher and has outlived it.
fn end_orphans() {
    let deadline = Instant::now() + KILL;
    while sys::reap() && Instant::now() < deadline {
        children().for_each(|pid| sys::signal(pid, libc::SIGKILL));
        thread::sleep(Duration::from_millis(5));
    }
}

fn children() -> impl Iterator<Item = u32> {
    let me = std::process::id().to_string();
    let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(move |pid: &u32| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)) == Some(&me)
    })
}
