//! The kernelspec: what tells Jupyter of the kernel, written where Jupyter looks for it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const SPEC: &str = include_str!("../../kernelspec/kernel.json");
const LOGOS: [(&str, &[u8]); 3] = [
    ("logo-32x32.png", include_bytes!("../../kernelspec/logo-32x32.png")),
    ("logo-64x64.png", include_bytes!("../../kernelspec/logo-64x64.png")),
    ("logo-svg.svg", include_bytes!("../../kernelspec/logo-svg.svg")),
];

/// Writes the kernelspec below `prefix` (an environment, `/usr/local`), else into the user's own Jupyter data; where.
///
/// # Errors
/// No place, or one that cannot be written to.
pub fn install(prefix: Option<&Path>) -> Result<PathBuf, String> {
    let data = match prefix {
        Some(prefix) => std::path::absolute(prefix)
            .map_err(|e| format!("{}: {e}", prefix.display()))?
            .join("share/jupyter"),
        None => user_data()?,
    };
    let folder = data.join("kernels/distarray");
    // Jupyter may be started with another PATH than this shell's.
    let program = env::current_exe().map_err(|e| format!("where this program is: {e}"))?;
    let mut spec: Value = serde_json::from_str(SPEC).map_err(|e| format!("kernel.json: {e}"))?;
    spec["argv"][0] = program.to_string_lossy().into();
    let spec = serde_json::to_string_pretty(&spec).map_err(|e| format!("kernel.json: {e}"))? + "\n";
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))
    };
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    LOGOS.iter().try_for_each(|(name, bytes)| write(name, bytes))?;
    // Last: a folder without it is no kernelspec.
    write("kernel.json", spec.as_bytes())?;
    Ok(folder)
}

/// Jupyter's data folder of the user: as Jupyter says, else as it would.
fn user_data() -> Result<PathBuf, String> {
    let mut jupyter = Command::new("jupyter");
    let said = jupyter.arg("--data-dir").stdin(Stdio::null()).stderr(Stdio::null()).output().ok();
    let said = said.filter(|output| output.status.success());
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_string());
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let found =
        said.filter(|path| !path.is_empty()).map(PathBuf::from).or_else(|| variable("JUPYTER_DATA_DIR"));
    let found = found.or_else(|| {
        let home = variable("HOME")?;
        Some(match cfg!(target_os = "macos") {
            true => home.join("Library/Jupyter"),
            false => variable("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share")).join("jupyter"),
        })
    });
    found.ok_or("no HOME, so no place for the user's kernels: --prefix DIR names one".to_string())
}
