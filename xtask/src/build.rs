//! Building the binaries.

use std::path::PathBuf;

use crate::options::Options;
use crate::shell::{Result, command, run, step, target};
use crate::system;

/// The binaries that a user runs.
pub const BINARIES: [&str; 2] = ["distarray-kernel", "distarray-engine"];

/// Builds both in release, having seen to what the build needs.
///
/// # Errors
/// When something is missing and may not be installed, or the build fails.
pub fn release(options: &Options) -> Result<PathBuf> {
    system::ensure(system::NEEDS, options)?;
    step("Building the kernel and the engine (release)");
    let packages = ["--package", "distarray-kernel", "--package", "distarray-engines"];
    run(command("cargo").args(["build", "--release"]).args(packages))?;
    Ok(target().join("release"))
}
