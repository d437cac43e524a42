//! A team's directory: what MPI leaves lying about goes there, and whoever ends the team removes it, together with the
//! shared-memory segments that its ranks have noted in it.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The environment variable that names the directory to the engines.
pub const VARIABLE: &str = "DISTARRAY_DIR";

/// A new directory that only this user can enter.
pub fn create(name: &str) -> io::Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("distarray-{name}"));
    DirBuilder::new().mode(0o700).create(&path)?;
    Ok(path)
}

/// A rank notes which segments it has mapped, after MPI has started: those of a killed MPI job stay in /dev/shm.
pub fn note_segments(place: &Path, rank: usize) -> io::Result<()> {
    let maps = fs::read_to_string("/proc/self/maps")?;
    let mut segments: Vec<&str> =
        maps.lines().filter_map(|line| line.find("/dev/shm/").map(|at| &line[at..])).collect();
    segments.dedup();
    fs::write(place.join(format!("segments.{rank}")), segments.join("\n"))
}

/// Removes the directory and the segments. Does nothing if it is gone already.
pub fn remove(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with("segments.") {
            let noted = fs::read_to_string(entry.path()).unwrap_or_default();
            // Gone already, or another user's: nothing to be done in either case.
            noted.lines().filter(|s| s.starts_with("/dev/shm/")).for_each(|s| drop(fs::remove_file(s)));
        }
    }
    // A process that is dying may still write there.
    let mut tries = 0..10;
    while fs::remove_dir_all(place).is_err_and(|e| e.kind() != io::ErrorKind::NotFound)
        && tries.next().is_some()
    {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
