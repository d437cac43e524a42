//! `cargo xtask bench`: the kernel against NumPy, a C++ program and, with `--peers`, other systems.

use std::path::PathBuf;

use crate::options::Options;
use crate::shell::{Result, command, root, run as run_command, step, target};
use crate::{demo, python};

pub fn run(options: &Options) -> Result<()> {
    demo::prepare(options, false)?;
    let peers = if options.peers { Some(peers(options)?) } else { None };
    step("The kernels and the C++ program");
    let mut bench = python::jupyter("python");
    bench.arg(script("bench.py")).arg("--json").arg(target().join("bench.json"));
    for (wanted, flag) in [(options.quick, "--quick"), (options.write, "--write")] {
        if wanted {
            bench.arg(flag);
        }
    }
    if let Some(peers) = peers {
        bench.arg("--peers").arg(peers);
    }
    if let Some(lines) = &options.lines {
        bench.arg("--lines").arg(lines);
    }
    run_command(&mut bench)
}

/// Measures the peers in an environment of their own; where the ratios are.
fn peers(options: &Options) -> Result<PathBuf> {
    let env = target().join("peers");
    python::environment(&env, &["requirements-peers.txt"])?;
    step("numexpr, Numba, JAX and Dask against NumPy");
    let mut command = command(env.join("bin/python"));
    command.arg(script("peers.py"));
    if options.quick {
        command.arg("--quick");
    }
    let output = command.stderr(std::process::Stdio::inherit()).output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(format!("peers.py ended with {}", output.status));
    }
    let path = target().join("peers.json");
    std::fs::write(&path, output.stdout).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path)
}

fn script(name: &str) -> PathBuf {
    root().join("xtask/bench").join(name)
}
