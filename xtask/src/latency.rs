//! `cargo xtask latency`: how soon the kernel answers, beside ipykernel.

use crate::options::Options;
use crate::shell::{Result, root, run as run_command, step};
use crate::{demo, python};

pub fn run(options: &Options) -> Result<()> {
    demo::prepare(options, false)?;
    step("The kernels, in turn");
    let mut latency = python::jupyter("python");
    latency.arg(root().join("xtask/bench/latency.py"));
    if options.quick {
        latency.args(["--rounds", "2"]);
    }
    if options.write {
        latency.arg("--write");
    }
    run_command(&mut latency)
}
