//! Every notebook of `notebooks/`: without outputs, listed in the folder's README, and executed to its last cell.

use std::path::Path;

use crate::demo;
use crate::shell::{Result, root};

/// # Errors
/// When a notebook has outputs, is not listed, or has a cell that fails.
pub fn test() -> Result<()> {
    let dir = root().join("notebooks");
    let listed = read(&dir.join("README.md"))?;
    let mut names: Vec<String> = std::fs::read_dir(&dir)
        .map_err(|e| format!("{}: {e}", dir.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".ipynb"))
        .collect();
    names.sort();
    for name in &names {
        if !listed.contains(&format!("({name})")) {
            return Err(format!("notebooks/README.md does not list {name}"));
        }
        source_only(&dir.join(name))?;
    }
    for name in &names {
        demo::execute(name)?;
    }
    Ok(())
}

/// What a cell showed on one machine does not belong in the repository.
fn source_only(path: &Path) -> Result<()> {
    let json: serde_json::Value =
        serde_json::from_str(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
    let cells = json["cells"].as_array().ok_or_else(|| format!("{}: no cells", path.display()))?;
    let shows = |cell: &serde_json::Value| cell["outputs"].as_array().is_some_and(|o| !o.is_empty());
    match cells.iter().find(|cell| shows(cell)) {
        Some(cell) => Err(format!(
            "{}: cell {} has outputs; clear them (jupyter nbconvert --clear-output --inplace)",
            path.display(),
            cell["id"]
        )),
        None => Ok(()),
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}
