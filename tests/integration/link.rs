//! Teams of engines that do what they are asked.

use std::process::Command;
use std::time::{Duration, Instant};

use harness::engine;

use crate::team::{Tested, Traces, program, ticks};

#[test]
fn mpi_engines_come_up_run_and_go() {
    for n in 1..=4 {
        let mut tested = Tested::start(&format!("mpi:{n}"));
        let info = tested.team.info();
        let traces = Traces::of(info.pids);
        tested.team.run(program(""));
        let ended = tested.ended();
        assert_eq!((ended.seq, ended.stats.len(), ended.printed), (1, n, String::new()));
        tested.team.shutdown();
        traces.vanish(Duration::from_secs(1));
    }
}

#[test]
fn nothing_of_a_burst_is_lost() {
    for spec in ["mpi:3", "threads:3"] {
        let mut tested = Tested::start(spec);
        let next = program("n = n + 1\nprint(n)");
        tested.team.run(program("n = 1"));
        for n in 2..=5000 {
            assert_eq!(tested.team.run(next.clone()), n);
        }
        assert_eq!(tested.ended().seq, 1);
        for n in 2..=5000 {
            let ended = tested.ended();
            assert_eq!((ended.seq, ended.printed), (n, format!("{n}\n")));
        }
    }
}

#[test]
fn programs_are_interrupted_on_all_ranks_at_the_same_place() {
    for spec in ["mpi:1", "mpi:3", "threads:3"] {
        let mut tested = Tested::start(spec);
        // Local work, output, and collectives.
        for text in
            ["while True:\n    n = 1", "while True:\n    print(1)", "while True:\n    ones(5000).sum()"]
        {
            tested.team.run(program(text));
            std::thread::sleep(Duration::from_millis(200));
            let start = Instant::now();
            tested.team.interrupt();
            let error = tested.ended().reply.error.unwrap();
            assert_eq!(error.class.name(), "KeyboardInterrupt");
            assert!(start.elapsed() < Duration::from_secs(3), "{spec} {text} {:?}", start.elapsed());
            tested.team.run(program("print('on')"));
            assert_eq!(tested.ended().printed, "on\n");
        }
    }
}

#[test]
fn a_program_may_be_deep() {
    let deep = format!("print({}1{})", "-(".repeat(50), ")".repeat(50));
    let long = format!("print({}1)", "1 + ".repeat(190));
    for spec in ["mpi:2", "threads:2"] {
        let mut tested = Tested::start(spec);
        for (text, printed) in [(&deep, "1\n"), (&long, "191\n")] {
            tested.team.run(program(text));
            let ended = tested.ended();
            assert_eq!(ended.printed, printed, "{:?}", ended.reply.error);
        }
    }
}

/// Runs scripts on ranks, and returns what is printed, what is said, and the exit status.
fn run(args: &[&str]) -> (String, String, i32) {
    let (program, args) = args.split_first().unwrap();
    let program = if *program == "distarray-engine" { engine::binary() } else { program.into() };
    let mut command = Command::new(program);
    command.envs([("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")]);
    command.env("OMPI_MCA_rmaps_base_oversubscribe", "1");
    let engine = engine::binary();
    let args =
        args.iter().map(|arg| if *arg == "distarray-engine" { engine.as_os_str() } else { arg.as_ref() });
    let output = command.args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn scripts_run_without_a_kernel() {
    let folder = std::env::temp_dir().join(format!("distarray-scripts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_string()
    };
    let good = file("good.da", "import numpy as np\nprint(np.arange(5000.0).sum())\nx = 4\nx + 1\n");
    let session = file("session.da", "x\n");
    let bad = file("bad.da", "def f(i):\n    return [1][i]\nprint('before')\nf(1)\n");
    let launchers: [&[&str]; 4] = [
        &["distarray-engine", "run"],
        &["distarray-engine", "run", "--threads", "3"],
        &["mpirun", "-n", "1", "distarray-engine", "run"],
        &["mpirun", "-n", "3", "distarray-engine", "run"],
    ];
    for launcher in launchers {
        let with = |files: &[&String]| {
            let files: Vec<&str> = files.iter().map(|s| s.as_str()).collect();
            run(&[launcher, files.as_slice()].concat())
        };
        assert_eq!(with(&[&good, &good]), ("12497500.0\n5\n".repeat(2), String::new(), 0), "{launcher:?}");
        let (printed, said, status) = with(&[&good, &session]);
        assert_eq!((printed.as_str(), status), ("12497500.0\n5\n", 1));
        assert!(said.contains("NameError: name 'x' is not defined"), "{said}");
        let (printed, said, status) = with(&[&bad, &good]);
        assert_eq!((printed.as_str(), status), ("before\n", 1));
        assert!(said.contains("IndexError: list index out of range"), "{said}");
        assert!(said.contains("return [1][i]"), "{said}");
        let (_, said, status) = with(&[&"nowhere.da".to_string()]);
        assert_eq!(status, 1);
        assert!(said.contains("nowhere.da: No such file"), "{said}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_script_comes_from_stdin_and_a_wrong_command_line_is_told_apart() {
    for launcher in ["", "mpirun -n 2"] {
        let shell = format!("echo '6 * 7' | {launcher} \"$0\" run -");
        let (printed, said, status) = run(&["sh", "-c", &shell, "distarray-engine"]);
        assert_eq!((printed.as_str(), status), ("42\n", 0), "{launcher}: {said}");
    }
    for (args, status, words) in [
        (&["run", "--help"][..], 0, ""),
        (&["run"], 2, "run needs a script"),
        (&["run", "--fast", "x.da"], 2, "no option `--fast`"),
        (&["walk"], 2, "usage"),
    ] {
        let (_, said, got) = run(&[&["distarray-engine"], args].concat());
        assert!(got == status && said.contains(words), "{args:?}: {got} {said}");
    }
}

#[test]
fn idle_engines_use_no_processor_time() {
    let tested = Tested::start("mpi:3");
    let pids = tested.team.info().pids;
    let used = || pids.iter().map(|pid| ticks(*pid)).sum::<u64>();
    let before = used();
    std::thread::sleep(Duration::from_secs(2));
    let used = used() - before;
    assert!(used <= 6, "3 idle ranks used {used}0 ms in 2 s");
}

#[test]
fn mpi_ranks_reach_each_other() {
    for n in 1..=5 {
        let (printed, said, status) = run(&["mpirun", "-n", &n.to_string(), "distarray-engine", "check"]);
        assert!(printed.starts_with(&format!("{n} ranks on 1 hosts exchange messages")), "{printed}{said}");
        assert_eq!(status, 0);
    }
}
