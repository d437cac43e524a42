//! The private Python environment below `target/jupyter`.

use std::path::{Path, PathBuf};

use crate::shell::{Result, command, root, run, step, target};

pub fn prefix() -> PathBuf {
    target().join("jupyter")
}

/// A program of the environment: `python`, `jupyter`.
pub fn program(name: &str) -> PathBuf {
    prefix().join("bin").join(name)
}

/// Makes the environment, or brings it up to date when the list of packages has changed.
///
/// # Errors
/// When Python or pip fails.
pub fn ensure(browser: bool) -> Result<()> {
    let lists: &[&str] =
        if browser { &["requirements.txt", "requirements-browser.txt"] } else { &["requirements.txt"] };
    environment(&prefix(), lists)?;
    quiet()
}

/// Makes a Python environment with the packages of these lists, or brings it up to date.
///
/// # Errors
/// When Python or pip fails.
pub fn environment(dir: &Path, lists: &[&str]) -> Result<()> {
    let python = dir.join("bin/python");
    if !python.exists() {
        step("A private Python environment below target/");
        run(command("python3").args(["-m", "venv"]).arg(dir))?;
    }
    for list in lists {
        let wanted = root().join("xtask").join(list);
        let text = std::fs::read_to_string(&wanted).map_err(|e| format!("{}: {e}", wanted.display()))?;
        let stamp = dir.join(list);
        if std::fs::read_to_string(&stamp).is_ok_and(|have| have == text) {
            continue;
        }
        println!("installing {list} (a minute the first time)");
        run(command(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&wanted))?;
        std::fs::write(&stamp, text).map_err(|e| format!("{}: {e}", stamp.display()))?;
    }
    Ok(())
}

/// Keeps JupyterLab's question about its news off the screen; the user's own settings still win.
fn quiet() -> Result<()> {
    let settings = prefix().join("share/jupyter/lab/settings");
    std::fs::create_dir_all(&settings).map_err(|e| format!("{}: {e}", settings.display()))?;
    let text = r#"{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}"#;
    std::fs::write(settings.join("overrides.json"), text).map_err(|e| e.to_string())
}

/// A command in that environment, looking for kernels only there, and with its settings below `target/`.
pub fn jupyter(name: &str) -> std::process::Command {
    let mut command = command(program(name));
    let state = target().join("jupyter-state");
    // Where it cannot be made, Jupyter says so itself.
    let _ = std::fs::create_dir_all(&state);
    command
        .env("JUPYTER_PATH", prefix().join("share/jupyter"))
        .env("JUPYTER_CONFIG_DIR", state.join("config"))
        .env("JUPYTER_DATA_DIR", state.join("data"))
        .env("IPYTHONDIR", state.join("ipython"))
        .env("JUPYTERLAB_SETTINGS_DIR", state.join("settings"))
        .env("JUPYTERLAB_WORKSPACES_DIR", state.join("workspaces"));
    command
}
