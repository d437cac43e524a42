//! The whole from outside: processes, links, faults.

mod faults;
mod interrupts;
mod link;
mod local;
mod team;
