//! The kernel's command line.

use std::path::PathBuf;

pub const USAGE: &str = "\
Usage: distarray-kernel -f CONNECTION_FILE [--engines SPEC]
       distarray-kernel --install [--prefix DIR]

A Jupyter kernel that runs NumPy on a team of engines. Jupyter starts it; people rarely do.

  -f CONNECTION_FILE   where to listen, as Jupyter writes it
  --engines SPEC       N, mpi:N or threads:N; default: $DISTARRAY_ENGINES, else one MPI rank a core,
                       or threads where there is no MPI
  --install            tell Jupyter of this kernel: write its kernelspec for this user,
                       or with --prefix for the environment in DIR
  --version            print the version
  --help               print this

The user's history is kept in the file that $DISTARRAY_HISTORY names (empty: nowhere),
else in distarray/history.jsonl in $XDG_STATE_HOME, or ~/.local/state.
";

#[derive(Debug, PartialEq, Eq)]
pub enum Args {
    Run { connection: PathBuf, engines: Option<String> },
    Install { prefix: Option<PathBuf> },
    Version,
    Help,
}

/// Reads the arguments that follow the program's name.
pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Args, String> {
    let (mut connection, mut engines, mut install, mut prefix) = (None, None, false, None);
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        let (name, attached) = match arg.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_string(), Some(value.to_string())),
            _ => (arg, None),
        };
        let mut value = || attached.clone().or_else(|| args.next()).ok_or(format!("{name} wants a value"));
        match name.as_str() {
            "-f" | "--connection-file" => connection = Some(PathBuf::from(value()?)),
            "--engines" => engines = Some(value()?),
            "--install" => install = true,
            "--prefix" => prefix = Some(PathBuf::from(value()?)),
            "--version" | "-V" => return Ok(Args::Version),
            "--help" | "-h" => return Ok(Args::Help),
            other => return Err(format!("unknown argument {other:?}")),
        }
    }
    match (install, &prefix) {
        (true, _) => return Ok(Args::Install { prefix }),
        (false, Some(_)) => return Err("--prefix goes with --install".to_string()),
        (false, None) => {}
    }
    let connection = connection.ok_or("-f CONNECTION_FILE is missing")?;
    Ok(Args::Run { connection, engines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines() {
        let run = |file: &str, engines: Option<&str>| {
            Ok(Args::Run { connection: file.into(), engines: engines.map(str::to_string) })
        };
        let check = |line: &str, expect: Result<Args, &str>| {
            let got = parse(line.split_whitespace().map(str::to_string));
            assert_eq!(got, expect.map_err(str::to_string), "{line}");
        };
        check("-f a.json", run("a.json", None));
        check("--engines mpi:4 -f a.json", run("a.json", Some("mpi:4")));
        check("--connection-file=a=b --engines=2", run("a=b", Some("2")));
        check("--version", Ok(Args::Version));
        check("-f x --help", Ok(Args::Help));
        check("--install", Ok(Args::Install { prefix: None }));
        check("--install --prefix=/a", Ok(Args::Install { prefix: Some("/a".into()) }));
        check("-f x --prefix a", Err("--prefix goes with --install"));
        check("", Err("-f CONNECTION_FILE is missing"));
        check("-f", Err("-f wants a value"));
        check("-f a b", Err("unknown argument \"b\""));
    }
}
