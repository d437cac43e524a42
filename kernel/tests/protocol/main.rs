//! The kernel's session over real sockets, against scripted engines and a front end that demands every message in order.

mod cells;
mod front_end;
mod outputs;
mod robust;
mod session;
