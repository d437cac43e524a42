//! `cargo xtask wheel`: the binaries and the kernelspec as one file for pip.

use std::path::PathBuf;

use crate::build;
use crate::options::Options;
use crate::shell::{Result, command, root, run as run_command, step, target};

pub fn run(options: &Options) -> Result<()> {
    build::release(options)?;
    write()?;
    println!("To install it: pip install {}/*.whl", folder().display());
    Ok(())
}

/// Where the wheel is.
pub fn folder() -> PathBuf {
    target().join("wheel")
}

/// Writes the wheel of the release binaries that have been built.
///
/// # Errors
/// When Python fails.
pub fn write() -> Result<()> {
    step("The wheel");
    run_command(
        command("python3")
            .arg(root().join("xtask/python/wheel.py"))
            .args(["--version", env!("CARGO_PKG_VERSION"), "--to"])
            .arg(folder())
            .args(build::BINARIES.map(|name| target().join("release").join(name))),
    )
}
