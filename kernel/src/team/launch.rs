//! Starting MPI engines: `distarray-engine keep DIR mpirun -n N distarray-engine serve`.
//!
//! The keeper stands between the kernel and the launcher: when the kernel is gone, or lets go of it, it ends every
//! process of the team and removes what they leave behind. When the keeper is gone, the kernel removes it.

use std::collections::VecDeque;
use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread;

use engines::link::{place, wire, zeromq};

use super::spec::cores;
use super::watch::Input;

/// What MPI engines are started with.
#[derive(Clone, Debug)]
pub struct Plan {
    pub engine: PathBuf,
    /// The launcher and the arguments that come before `-n`.
    pub launcher: Vec<String>,
}

impl Plan {
    /// Finds the engine (`DISTARRAY_ENGINE`, else beside this program) and the launcher (`DISTARRAY_MPIRUN`, with
    /// arguments if need be, else `mpirun` or `mpiexec` on the path).
    ///
    /// # Errors
    /// What is missing, the library of MPI that the engine was linked with among it.
    pub fn find() -> Result<Plan, String> {
        let engine = match env::var_os("DISTARRAY_ENGINE") {
            Some(path) => executable(Path::new(&path))
                .ok_or(format!("DISTARRAY_ENGINE ({}) cannot be run", path.display())),
            None => beside().ok_or("distarray-engine is not beside the kernel".to_string()),
        }?;
        let launcher = match env::var("DISTARRAY_MPIRUN") {
            Ok(words) => {
                let words: Vec<String> = words.split_whitespace().map(str::to_string).collect();
                let there = words.first().and_then(|program| on_path(program));
                there.map(|_| words).ok_or("DISTARRAY_MPIRUN names no program".to_string())
            }
            Err(_) => {
                let found = ["mpirun", "mpiexec"].into_iter().find(|name| on_path(name).is_some());
                found.map(|name| vec![name.to_string()]).ok_or("there is no mpirun on the path".to_string())
            }
        }?;
        loads(&engine)?;
        Ok(Plan { engine, launcher })
    }

    /// Starts `n` engines, which connect by `access`. They end when what is returned is dropped; when they have
    /// ended, `Input::Exited` follows.
    ///
    /// # Errors
    /// No place for what MPI leaves lying about, or an engine that cannot be run.
    pub fn start(
        &self,
        n: usize,
        access: &zeromq::Access,
        inbox: Sender<Input>,
    ) -> Result<ChildStdin, String> {
        let place = place::create(&uuid::Uuid::new_v4().simple().to_string()).map_err(|e| {
            let folder = env::temp_dir();
            format!("no folder in {} (TMPDIR says where): {e}", folder.display())
        })?;
        let keeper = self.command(n, access, &place).spawn().map_err(|e| {
            place::remove(&place);
            format!("{}: {e}", self.engine.display())
        });
        let mut keeper = keeper?;
        let stdin = keeper.stdin.take().expect("it is piped");
        thread::Builder::new()
            .name("team keeper".into())
            .spawn(move || watch(keeper, &place, &inbox))
            .map_err(|e| format!("no thread for the engines: {e}"))?;
        Ok(stdin)
    }

    fn command(&self, n: usize, access: &zeromq::Access, place: &Path) -> Command {
        let mut command = Command::new(&self.engine);
        command.arg("keep").arg(place).args(&self.launcher);
        command.arg("-n").arg(n.to_string()).arg(&self.engine).arg("serve");
        // Not in the group of the terminal, where Ctrl-C is for the kernel.
        command.process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.env(zeromq::VARIABLE, String::from_utf8_lossy(&wire::encode(access)).as_ref());
        command.env(place::VARIABLE, place).env("TMPDIR", place);
        // By environment, for each launcher to pick what is its own.
        for (name, value) in [
            ("OMPI_ALLOW_RUN_AS_ROOT", "1"),
            ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
            // More ranks than cores are allowed, and ranks are not tied to a core.
            ("OMPI_MCA_rmaps_base_oversubscribe", "1"),
            ("OMPI_MCA_hwloc_base_binding_policy", "none"),
            ("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe"),
            ("PRTE_MCA_hwloc_default_binding_policy", "none"),
            // The others are killed at once when a rank is gone.
            ("OMPI_MCA_odls_base_sigkill_timeout", "0"),
            // MPICH 5's shared-memory collectives spin for milliseconds when ranks share cores.
            ("MPIR_CVAR_DEVICE_COLLECTIVES", "none"),
            ("OPENBLAS_NUM_THREADS", "1"),
        ] {
            command.env(name, value);
        }
        if env::var_os("DISTARRAY_ADDRESS").is_some() {
            // Ranks on other machines get what ours inherit.
            let names = [zeromq::VARIABLE, "DISTARRAY_SMALL", "DISTARRAY_LAYOUT"];
            command.env("OMPI_MCA_mca_base_env_list", names.join(";"));
        }
        if n > cores() {
            command.env("OMPI_MCA_mpi_yield_when_idle", "1");
        }
        command
    }
}

/// Passes on what the engines write to stderr, waits for the keeper's end, and reports it.
fn watch(mut keeper: Child, place: &Path, inbox: &Sender<Input>) {
    let mut tail = VecDeque::new();
    let stderr = keeper.stderr.take().expect("it is piped");
    for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).trim_end().to_string();
        let _ = writeln!(io::stderr(), "{line}");
        // What Open MPI says of every job that fails says nothing of this one.
        let said_always =
            ["Primary job", "a non-zero exit code."].iter().any(|start| line.starts_with(start));
        // The frames of a backtrace, and where they are, would push out what was said before it.
        let frame = line.trim_start();
        let frame =
            frame.starts_with("at ") || frame.split_once(": ").is_some_and(|(n, _)| n.parse::<u32>().is_ok());
        if line.chars().any(char::is_alphanumeric) && !said_always && !frame {
            tail.push_back(line);
        }
        if tail.len() > 12 {
            tail.pop_front();
        }
    }
    let status = keeper.wait().map_or_else(|e| e.to_string(), |status| status.to_string());
    place::remove(place);
    let mut how = format!("the engines have ended ({status})");
    tail.iter().for_each(|line| how.extend(["\n  ", line]));
    let _ = inbox.send(Input::Exited(how));
}

/// Whether this machine can load the engine at all: a launcher says nothing of which MPI's library there is.
fn loads(engine: &Path) -> Result<(), String> {
    let tried = Command::new(engine).arg("--version").stdin(Stdio::null()).output();
    let why = match tried {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => match String::from_utf8_lossy(&output.stderr).lines().find(|line| !line.is_empty()) {
            Some(line) => {
                line.rsplit_once(&format!("{}: ", engine.display())).map_or(line, |(_, why)| why).into()
            }
            None => output.status.to_string(),
        },
        Err(e) => e.to_string(),
    };
    Err(format!("distarray-engine cannot be run: {why}"))
}

fn executable(path: &Path) -> Option<PathBuf> {
    let meta = fs::metadata(path).ok()?;
    (meta.is_file() && meta.permissions().mode() & 0o111 != 0).then(|| path.to_path_buf())
}

/// The engine in this program's directory, or in the one above it, where cargo's tests find it.
fn beside() -> Option<PathBuf> {
    let here = env::current_exe().ok()?;
    here.ancestors().skip(1).take(2).find_map(|dir| executable(&dir.join("distarray-engine")))
}

fn on_path(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return executable(Path::new(program));
    }
    env::split_paths(&env::var_os("PATH")?).find_map(|dir| executable(&dir.join(program)))
}
