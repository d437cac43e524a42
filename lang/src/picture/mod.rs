//! Layouts and values as pictures: colours, axes and words, and the whole picture as coloured text for a terminal.
//! The kernel draws the same as SVG.

pub mod axis;
pub mod colormap;
pub mod console;
pub mod facts;
pub mod palette;
pub mod slices;
pub mod units;
