//! The few calls to the system that the standard library does not have.
#![allow(unsafe_code)]

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// This process is killed when its parent dies.
pub fn die_with_parent() {
    // SAFETY: sets a flag of this process; no memory is passed.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
}

/// The command's process will be killed when the thread that spawns it ends.
pub fn leash(command: &mut Command) {
    // SAFETY: what runs between fork and exec is one system call.
    unsafe {
        command.pre_exec(|| {
            die_with_parent();
            Ok(())
        })
    };
}

/// Descendants whose parents die become children of this process.
pub fn adopt_orphans() {
    // SAFETY: sets a flag of this process; no memory is passed.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) };
}

/// Sends a signal; the process may be gone already.
pub fn signal(pid: u32, signal: i32) {
    // SAFETY: no memory is passed.
    unsafe { libc::kill(pid as libc::pid_t, signal) };
}

/// Takes note of the children that have ended; returns whether any are left.
pub fn reap() -> bool {
    loop {
        // SAFETY: a null status is allowed.
        match unsafe { libc::waitpid(-1, std::ptr::null_mut(), libc::WNOHANG) } {
            0 => return true,
            -1 if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => continue,
            -1 => return false,
            _ => continue,
        }
    }
}

/// Ends this process at once: no destructors and no exit handlers, MPI's among them, which might wait for others.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: does not return.
    unsafe { libc::_exit(status) }
}
