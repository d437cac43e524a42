//! Tests of layouts and of views; those of index sets and maps stand next to them.

mod layouts;
mod views;
