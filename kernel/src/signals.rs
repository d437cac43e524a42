//! SIGINT, SIGTERM and SIGHUP as bytes in a pipe, and the news that our parent is gone.
#![allow(unsafe_code)]

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, Ordering};

/// What a signal asks of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Interrupt,
    Terminate,
}

/// The writing end of the pipe, for the handler; -1 before `install`.
static PIPE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn handler(signal: libc::c_int) {
    let byte = signal as u8;
    // SAFETY: `write` may be called in a handler, the buffer is one byte long, and the pipe never closes. A full
    // pipe (it does not block) loses a signal that stands there already.
    unsafe { libc::write(PIPE.load(Ordering::Relaxed), (&raw const byte).cast(), 1) };
}

/// Where signals arrive: poll `fd` for reading, then call `read`.
pub struct Signals {
    pipe: OwnedFd,
    parent: Option<i32>,
}

impl Signals {
    /// Takes over the three signals. Handlers, not a blocked mask: children start with default handlers but would
    /// inherit a mask, and an MPI launcher that SIGTERM cannot reach is no good.
    pub fn install() -> std::io::Result<Signals> {
        let mut ends = [0; 2];
        // SAFETY: `ends` has room for two descriptors, which nobody else owns.
        let (pipe, writer) = unsafe {
            if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC | libc::O_NONBLOCK) != 0 {
                return Err(std::io::Error::last_os_error());
            }
            (OwnedFd::from_raw_fd(ends[0]), ends[1])
        };
        PIPE.store(writer, Ordering::Relaxed);
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
            // SAFETY: the all-zero sigaction is valid, and the handler only writes to the pipe.
            unsafe {
                let mut action: libc::sigaction = std::mem::zeroed();
                action.sa_sigaction = handler as extern "C" fn(libc::c_int) as usize;
                action.sa_flags = libc::SA_RESTART;
                libc::sigaction(signal, &action, std::ptr::null_mut());
            }
        }
        // Jupyter's launcher sets this; a kernel that a person started by hand may outlive its shell.
        let parent = std::env::var_os("JPY_PARENT_PID").map(|_| parent_id());
        Ok(Signals { pipe, parent })
    }

    pub fn fd(&self) -> i32 {
        self.pipe.as_raw_fd()
    }

    /// A signal that has come, if any.
    pub fn read(&self) -> Option<Signal> {
        let mut byte = 0u8;
        // SAFETY: the buffer is one byte long, and the pipe is open as long as we are.
        let read = unsafe { libc::read(self.fd(), (&raw mut byte).cast(), 1) };
        (read == 1).then(|| {
            if libc::c_int::from(byte) == libc::SIGINT { Signal::Interrupt } else { Signal::Terminate }
        })
    }

    /// Whether the Jupyter that started us has ended: we have another parent now.
    pub fn orphaned(&self) -> bool {
        self.parent.is_some_and(|parent| parent_id() != parent)
    }
}

fn parent_id() -> i32 {
    // SAFETY: always succeeds.
    unsafe { libc::getppid() }
}
