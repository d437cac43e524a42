//! Putting the binaries and the kernelspec where Jupyter finds them.

use std::path::{Path, PathBuf};

use crate::build;
use crate::options::Options;
use crate::shell::{Result, command, output, root, step};

/// `cargo xtask install [--prefix DIR]`; without a prefix, the user's own place.
pub fn run(options: &Options) -> Result<()> {
    let built = build::release(options)?;
    let (bin, spec) = match &options.prefix {
        Some(prefix) => {
            let prefix = std::path::absolute(prefix).map_err(|e| e.to_string())?;
            (prefix.join("bin"), prefix.join("share/jupyter/kernels/distarray"))
        }
        None => user_places()?,
    };
    install(&built, &bin, &spec)?;
    step("Installed");
    println!("binaries    {}\nkernelspec  {}", bin.display(), spec.display());
    println!("Pick \"DistArray\" on JupyterLab's launcher, or run: jupyter console --kernel distarray");
    Ok(())
}

/// Copies the binaries to `bin` and writes the kernelspec, naming the kernel by its absolute path, to `spec`.
///
/// # Errors
/// When a file cannot be written.
pub fn install(built: &Path, bin: &Path, spec: &Path) -> Result<()> {
    make(bin)?;
    make(spec)?;
    for name in build::BINARIES {
        copy(&built.join(name), &bin.join(name))?;
    }
    let source = root().join("kernelspec");
    for entry in std::fs::read_dir(&source).map_err(|e| format!("{}: {e}", source.display()))? {
        let path = entry.map_err(|e| e.to_string())?.path();
        let name = path.file_name().unwrap_or_default().to_owned();
        if path.extension().is_some_and(|e| e == "png" || e == "svg") {
            copy(&path, &spec.join(name))?;
        }
    }
    let text = std::fs::read_to_string(source.join("kernel.json"))
        .map_err(|e| format!("kernelspec/kernel.json: {e}"))?;
    let mut json: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| format!("kernelspec/kernel.json: {e}"))?;
    json["argv"][0] = bin.join("distarray-kernel").to_string_lossy().into();
    let text = serde_json::to_string_pretty(&json).map_err(|e| e.to_string())?;
    std::fs::write(spec.join("kernel.json"), text + "\n").map_err(|e| format!("{}: {e}", spec.display()))
}

/// Binaries beside cargo's own; the kernelspec in the user's Jupyter data directory.
fn user_places() -> Result<(PathBuf, PathBuf)> {
    let home = std::env::var_os("HOME").map(PathBuf::from).ok_or("no HOME: pass --prefix DIR")?;
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let data = output(command("jupyter").arg("--data-dir")).map(PathBuf::from);
    let data = data.or_else(|| std::env::var_os("JUPYTER_DATA_DIR").map(PathBuf::from));
    let data = data.unwrap_or_else(|| match cfg!(target_os = "macos") {
        true => home.join("Library/Jupyter"),
        false => std::env::var_os("XDG_DATA_HOME")
            .map_or_else(|| home.join(".local/share"), PathBuf::from)
            .join("jupyter"),
    });
    Ok((cargo.join("bin"), data.join("kernels/distarray")))
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
