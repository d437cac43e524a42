//! The engine's binary.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The engine's program, built: cargo does so for a package's own tests only.
///
/// # Panics
/// When it does not build.
pub fn binary() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let here = std::env::current_exe().unwrap();
        let target = here.ancestors().nth(2).unwrap();
        let profile = if target.ends_with("release") { "release" } else { "dev" };
        // Of the whole workspace, for the package alone would be built anew with other features of what it needs.
        let args = ["build", "--quiet", "--workspace", "--bin", "distarray-engine", "--profile", profile];
        assert!(
            Command::new(env!("CARGO"))
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .args(args)
                .status()
                .unwrap()
                .success()
        );
        target.join("distarray-engine")
    };
    BUILT.get_or_init(build).clone()
}
