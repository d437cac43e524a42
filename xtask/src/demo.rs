//! `cargo xtask demo`: from a clone to a notebook that has run on MPI ranks.

use std::io::IsTerminal;
use std::path::PathBuf;

use crate::options::Options;
use crate::shell::{Result, command, root, run as run_command, step, target};
use crate::system::is_root;
use crate::{build, install, python};

/// Builds and installs into the private environment.
///
/// # Errors
/// When a step fails.
pub fn prepare(options: &Options, browser: bool) -> Result<()> {
    let built = build::release(options)?;
    python::ensure(browser)?;
    let prefix = python::prefix();
    install::install(&built, &prefix.join("bin"), Some(&prefix))
}

pub fn run(options: &Options) -> Result<()> {
    prepare(options, false)?;
    let copy = execute("tour.ipynb")?;
    if options.headless || !std::io::stdout().is_terminal() {
        return Ok(());
    }
    step("JupyterLab (Ctrl-C ends it)");
    let mut lab = python::jupyter("jupyter");
    lab.arg("lab").arg(copy);
    if is_root() {
        lab.arg("--allow-root");
    }
    run_command(&mut lab)
}

/// Executes a notebook of `notebooks/` in `target/demo`, next to the data it reads.
///
/// # Errors
/// When a cell fails.
pub fn execute(name: &str) -> Result<PathBuf> {
    let dir = target().join("demo");
    std::fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let script = |file: &str| root().join("xtask/python").join(file);
    let elevation = dir.join("elevation.npy");
    if !elevation.exists() {
        step("The elevation model (a public USGS tile, out of matplotlib's wheel)");
        run_command(command(python::program("python")).arg(script("elevation.py")).arg(&elevation))?;
    }
    step(&format!("Executing notebooks/{name} on the engines"));
    let copy = dir.join(name);
    run_command(
        python::jupyter("python")
            .arg(script("execute.py"))
            .arg(root().join("notebooks").join(name))
            .arg(&copy),
    )?;
    Ok(copy)
}
