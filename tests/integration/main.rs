//! The whole from outside: processes, links, faults.

mod faults;
mod link;
mod team;
