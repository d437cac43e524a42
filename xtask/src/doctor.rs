//! `cargo xtask doctor`: what is there, what is missing, how to get it.

use crate::build::BINARIES;
use crate::shell::{Result, command, output, target};
use crate::{python, system};

pub fn run() -> Result<()> {
    let mut missing = 0;
    let mut line = |there: bool, name: &str, note: String| {
        missing += !there as usize;
        println!("{} {name:32} {note}", if there { "ok     " } else { "missing" });
    };
    for need in system::NEEDS {
        let there = (need.met)();
        let how = format!("apt-get install {}: {}", (need.packages)().join(" "), need.why);
        line(there, need.name, if there { version(need.name) } else { how });
    }
    for need in system::BROWSER {
        let there = (need.met)();
        line(there, need.name, if there { String::new() } else { "only for the browser tests".into() });
    }
    let env = python::program("jupyter");
    line(env.exists(), "private Jupyter", "made by cargo xtask demo".into());
    for name in BINARIES {
        let there = target().join("release").join(name).exists();
        line(there, name, if there { String::new() } else { "built by cargo xtask demo".into() });
    }
    let specs = output(command("jupyter").args(["kernelspec", "list"])).unwrap_or_default();
    line(
        specs.contains("distarray"),
        "kernelspec of your own Jupyter",
        "put there by cargo xtask install".into(),
    );
    println!(
        "\n{}",
        if missing == 0 {
            "Everything is there."
        } else {
            "What is missing is installed by `cargo xtask demo`, after asking."
        }
    );
    Ok(())
}

fn version(need: &str) -> String {
    let (program, flag) = match need {
        "MPI with headers and launcher" => ("mpirun", "--version"),
        "C compiler" => ("cc", "--version"),
        "Python 3 with venv" => ("python3", "--version"),
        _ => return String::new(),
    };
    output(command(program).arg(flag)).and_then(|t| t.lines().next().map(str::to_string)).unwrap_or_default()
}
