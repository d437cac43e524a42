//! What the system must have: a table of needs, each with a test, a reason, and the Debian packages that meet it.

use std::io::{IsTerminal, Write};
use std::path::Path;

use crate::options::Options;
use crate::shell::{Result, command, on_path, output, run, succeeds};

pub struct Need {
    pub name: &'static str,
    pub why: &'static str,
    pub met: fn() -> bool,
    pub packages: fn() -> Vec<String>,
}

/// To build and to run.
pub const NEEDS: &[Need] = &[
    Need {
        name: "C compiler",
        why: "links the binaries and compiles the probe for MPI",
        met: || on_path("cc"),
        packages: || names(&["gcc", "libc6-dev"]),
    },
    Need {
        name: "MPI with headers and launcher",
        why: "the engines are MPI ranks",
        met: || on_path("mpirun") && succeeds(command("mpicc").arg("-show")),
        packages: || names(&["libopenmpi-dev", "openmpi-bin"]),
    },
    Need {
        name: "libclang",
        why: "the bindings to MPI are made from its headers",
        met: has_libclang,
        packages: libclang_packages,
    },
    Need {
        name: "pkg-config",
        why: "finds the libraries",
        met: || on_path("pkg-config"),
        packages: || names(&["pkg-config"]),
    },
    Need {
        name: "libzmq with CURVE",
        why: "carries programs to the engines and speaks to Jupyter, encrypted",
        met: || {
            Path::new("/usr/include/zmq.h").exists()
                && succeeds(command("pkg-config").args(["--exists", "libzmq"]))
        },
        packages: || names(&["libzmq3-dev"]),
    },
    Need {
        name: "Python 3 with venv",
        why: "JupyterLab is a Python program; it gets an environment of its own below target/",
        met: || on_path("python3") && succeeds(command("python3").args(["-c", "import venv, ensurepip"])),
        packages: || names(&["python3", "python3-venv"]),
    },
];

/// For the browser tests alone.
pub const BROWSER: &[Need] = &[Need {
    name: "Chromium",
    why: "the browser tests drive JupyterLab in it",
    met: || on_path("chromium"),
    packages: || names(&["chromium", "fonts-dejavu"]),
}];

/// Installs what is missing, after asking.
///
/// # Errors
/// When the answer is no, there is nobody to ask, or the installation fails.
pub fn ensure(needs: &[Need], options: &Options) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|n| !(n.met)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let sudo = if is_root() { "" } else { "sudo " };
    let mut packages: Vec<String> = missing.iter().flat_map(|n| (n.packages)()).collect();
    packages.dedup();
    println!("DistArray needs from the system:");
    for need in &missing {
        println!("  {:32} {} ({})", need.name, need.why, (need.packages)().join(" "));
    }
    println!("To install: {sudo}apt-get install {}", packages.join(" "));
    if !on_path("apt-get") {
        return Err("this system has no apt-get: install the above by its own means, then run again".into());
    }
    if !options.yes && !agreed()? {
        return Err("nothing was installed".into());
    }
    let apt = |words: &[&str]| {
        let mut line: Vec<&str> = sudo.split_whitespace().collect();
        line.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
        line.extend(words);
        let mut command = command(line[0]);
        command.args(&line[1..]);
        run(&mut command)
    };
    apt(&["update"])?;
    // The newest libclang is only known once the lists are there.
    let packages: Vec<String> = missing.iter().flat_map(|n| (n.packages)()).collect();
    let mut words = vec!["install", "-y", "--no-install-recommends"];
    words.extend(packages.iter().map(String::as_str));
    apt(&words)?;
    match missing.iter().find(|n| !(n.met)()) {
        Some(need) => Err(format!("{} is still not there after installing its packages", need.name)),
        None => Ok(()),
    }
}

pub fn is_root() -> bool {
    output(command("id").arg("-u")).as_deref() == Some("0")
}

fn agreed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Err("nobody to ask: pass --yes to install them".into());
    }
    print!("Install them now? [y/N] ");
    std::io::stdout().flush().map_err(|e| e.to_string())?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|e| e.to_string())?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|s| s.to_string()).collect()
}

fn has_libclang() -> bool {
    if std::env::var_os("LIBCLANG_PATH").is_some() {
        return true;
    }
    let names = |dir: &Path| -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        entries.map(|e| e.path()).collect()
    };
    let is_library = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("libclang.so")
            || name.starts_with("libclang-") && !name.starts_with("libclang-cpp") && name.contains(".so")
    };
    let llvm = || names(Path::new("/usr/lib")).into_iter().map(|p| p.join("lib")).filter(|p| p.is_dir());
    let system = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"]
        .map(std::path::PathBuf::from);
    let library = llvm().chain(system).any(|dir| names(&dir).iter().any(is_library));
    let headers =
        llvm().flat_map(|dir| names(&dir.join("clang"))).any(|v| v.join("include/stddef.h").exists());
    library && headers
}

/// The library and its own headers, without the compiler; the highest version that the system offers.
fn libclang_packages() -> Vec<String> {
    let list = output(command("apt-cache").args(["search", "--names-only", "^libclang1-[0-9]+$"]))
        .unwrap_or_default();
    let newest = list
        .lines()
        .filter_map(|l| l.split_whitespace().next()?.strip_prefix("libclang1-")?.parse::<u32>().ok())
        .max();
    match newest {
        Some(v) => vec![format!("libclang1-{v}"), format!("libclang-common-{v}-dev")],
        None => names(&["libclang-dev"]),
    }
}
