//! Golden programs: reading them, running them on any team, comparing; random choices, arrays and layouts.

pub mod dice;
pub mod engine;
pub mod golden;
pub mod operand;
pub mod same;
pub mod team;
