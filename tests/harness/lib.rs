//! Golden programs: reading them, running them on any team, comparing.

pub mod engine;
pub mod golden;
pub mod team;
