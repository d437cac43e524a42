//! Kernel to engine: sequence-numbered programs out, output and replies back, the same over ZeroMQ (MPI ranks), a
//! channel (embedded ranks) or from a file (batch). The messages; serving them and the transports are beside this file.

pub mod channel;
pub mod place;
pub mod wire;
pub mod zeromq;

mod outbox;
mod serve;
mod text;
mod tree;

use lang::error::Error;
use lang::ir::Program;
use lang::scalar::Scalar;
use lang::session::{ArrayInfo, Name};
use serde::{Deserialize, Serialize};

use crate::progress::Report;

pub use tree::Tree;

pub use serve::{Ends, Gone, Inlet, Outlet, Sink, machine, serve, table};

/// Kernel to every engine, broadcast.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToEngine {
    /// Run this program; `seq` counts up by one.
    Run {
        seq: u64,
        program: Box<Program>,
    },
    /// Stop at the next safe point and report it with `FromEngine::Held`; see `docs/architecture.md`, interrupts.
    /// `nth` counts the interrupts of the program: one that catches KeyboardInterrupt may meet more.
    Hold {
        seq: u64,
        nth: u32,
    },
    /// All ranks have reported: go on to safe point `until`, and raise KeyboardInterrupt there.
    Interrupt {
        seq: u64,
        nth: u32,
        until: u64,
    },
    Shutdown,
}

/// Engine to kernel. Only rank 0 sends `Output` and a `Reply` with content; every rank sends `Done`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum FromEngine {
    /// The first word of a rank. `table` is a digest of the table of builtins: kernel and engine must agree.
    Ready {
        rank: usize,
        size: usize,
        pid: u32,
        host: String,
        table: u64,
    },
    Output {
        seq: u64,
        output: Output,
    },
    Done {
        rank: usize,
        seq: u64,
        reply: Box<Reply>,
    },
    Held {
        rank: usize,
        seq: u64,
        last: u64,
        paused: bool,
    },
    Alive {
        rank: usize,
    },
    /// Of rank 0, while a program takes long: where it is.
    Progress {
        seq: u64,
        report: Report,
    },
    /// The last word of a rank that panicked or lost a program: the team has failed.
    Failed {
        rank: usize,
        message: String,
    },
}

/// What a running program says before it ends, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Output {
    Stdout(String),
    Stderr(String),
    Show(Box<Shown>),
    /// Shows a value under a name, or shows it in the place of what has that name.
    Named {
        name: String,
        replace: bool,
        shown: Box<Shown>,
    },
    /// Takes back what the cell has shown and printed: at once, or when there is something new.
    Clear {
        wait: bool,
    },
    /// From here on the widget of that number shows what is said, or the cell again.
    Route {
        output: Option<u64>,
    },
    /// What a widget holds now.
    Widget {
        number: u64,
        state: Box<Tree>,
    },
    /// An error that did not end the program.
    Failed(Box<Error>),
}

/// How a program ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reply {
    /// The value of the last expression, unless it is None.
    pub result: Option<Shown>,
    pub error: Option<Error>,
    /// The session's names and what they hold, after this program: for checking, completion and inspection.
    pub names: Vec<Name>,
    pub stats: Stats,
}

/// What this rank did for the cell.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Stats {
    pub seconds: f64,
    pub bytes_sent: u64,
    pub messages_sent: u64,
    /// Bytes of array blocks that this rank holds now.
    pub bytes_held: u64,
}

/// An array in a few values, at even distances: a line (`rows` is 1) or a picture; of more dimensions, the last two in the
/// middle of the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Thumbnail {
    pub rows: usize,
    pub cols: usize,
    #[serde(with = "wire::floats")]
    pub values: Vec<f32>,
}

/// A value as it is to be shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Shown {
    /// Any value but an array: its `repr`.
    Text(String),
    /// An array: NumPy's `repr`, and for small ones the values (C order) for the diagram.
    Array {
        text: String,
        info: ArrayInfo,
        #[serde(with = "wire::scalars")]
        values: Option<Vec<Scalar>>,
        /// Of large ones, a small picture.
        thumbnail: Option<Thumbnail>,
    },
    /// `plot_distribution(a)`.
    Distribution {
        info: ArrayInfo,
        #[serde(with = "wire::scalars")]
        values: Option<Vec<Scalar>>,
        title: Option<String>,
    },
    /// `plot_redistribution(a, ...)`: before, after, and bytes from rank to rank (row: from).
    Redistribution { before: ArrayInfo, after: ArrayInfo, bytes: Vec<Vec<u64>> },
    /// `imshow(a)`: a picture of `shape[0]` x `shape[1]` values, reduced on the engines to `rows` x `cols`.
    Image {
        rows: usize,
        cols: usize,
        #[serde(with = "wire::floats")]
        values: Vec<f32>,
        shape: [usize; 2],
        #[serde(with = "wire::float")]
        vmin: f64,
        #[serde(with = "wire::float")]
        vmax: f64,
        cmap: String,
        title: Option<String>,
    },
    /// A figure of `matplotlib.pyplot`'s, its marks reduced on the engines to a picture's size.
    Figure(Box<Tree>),
    /// A widget, and all that is in it.
    Widgets(Box<Tree>),
}
