//! `cargo xtask book`: `docs/` as a book of web pages, by mdBook.

use crate::shell::{Result, command, on_path, root, run as run_command, step, target};

/// mdBook is not on PyPI: cargo builds it, once.
const VERSION: &str = "0.4.52";

pub fn run() -> Result<()> {
    let own = target().join("mdbook");
    let mdbook = if on_path("mdbook") { "mdbook".into() } else { own.join("bin/mdbook") };
    if mdbook.is_absolute() && !mdbook.exists() {
        step("mdBook, below target/ (some minutes, the first time)");
        let words = ["install", "mdbook", "--locked", "--version", VERSION];
        let features = ["--no-default-features", "--features", "search", "--root"];
        run_command(command("cargo").args(words).args(features).arg(&own))?;
    }
    step("The book");
    let to = target().join("book");
    run_command(command(mdbook).arg("build").arg(root().join("docs")).arg("--dest-dir").arg(&to))?;
    println!("{}", to.join("index.html").display());
    Ok(())
}
