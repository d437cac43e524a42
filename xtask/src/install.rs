//! Putting the binaries and the kernelspec where Jupyter finds them.

use std::path::{Path, PathBuf};

use crate::build;
use crate::options::Options;
use crate::shell::{Result, command, run as run_command, step};

/// `cargo xtask install [--prefix DIR]`; without a prefix, the user's own place.
pub fn run(options: &Options) -> Result<()> {
    let built = build::release(options)?;
    step("Installing");
    let prefix = options.prefix.as_ref().map(std::path::absolute).transpose().map_err(|e| e.to_string())?;
    let bin = match &prefix {
        Some(prefix) => prefix.join("bin"),
        None => cargo_home()?.join("bin"),
    };
    install(&built, &bin, prefix.as_deref())?;
    println!("binaries in {}", bin.display());
    println!("Pick \"DistArray\" on JupyterLab's launcher, or run: jupyter console --kernel distarray");
    Ok(())
}

/// Copies the binaries to `bin`; the kernel then writes its kernelspec below `prefix`, else where the user's are.
///
/// # Errors
/// When a file cannot be written.
pub fn install(built: &Path, bin: &Path, prefix: Option<&Path>) -> Result<()> {
    make(bin)?;
    for name in build::BINARIES {
        copy(&built.join(name), &bin.join(name))?;
    }
    let mut kernel = command(bin.join("distarray-kernel"));
    kernel.arg("--install");
    if let Some(prefix) = prefix {
        kernel.arg("--prefix").arg(prefix);
    }
    run_command(&mut kernel)
}

/// Where cargo puts binaries of its own.
fn cargo_home() -> Result<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let own = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    named.or_else(own).ok_or("no HOME: pass --prefix DIR".into())
}

fn make(dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))
}

/// Copies by way of a temporary name: the old binary may be running.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if same(from, to) {
        return Ok(());
    }
    let part = to.with_extension("part");
    std::fs::copy(from, &part).map_err(|e| format!("{} to {}: {e}", from.display(), to.display()))?;
    std::fs::rename(&part, to).map_err(|e| format!("{}: {e}", to.display()))
}

fn same(a: &Path, b: &Path) -> bool {
    let times = |p: &Path| std::fs::metadata(p).and_then(|m| Ok((m.len(), m.modified()?))).ok();
    match (times(a), times(b)) {
        (Some((size_a, made_a)), Some((size_b, made_b))) => size_a == size_b && made_a <= made_b,
        _ => false,
    }
}
