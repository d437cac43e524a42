//! What happens when a process of a team is killed, or stops.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use harness::engine;

use crate::team::{Tested, Traces, parent, program, signal};

/// A team of three, harmed: it is dead within two seconds, says so in these words, and leaves nothing. So when it is idle,
/// when its ranks compute, and when they wait for each other.
fn check(harm: impl Fn(&Traces), words: &str) {
    for text in ["", "while True:\n    x = 1", "while True:\n    ones(5000).sum()"] {
        let mut tested = Tested::start("mpi:3");
        let traces = Traces::of(tested.team.info().pids);
        if !text.is_empty() {
            tested.team.run(program(text));
            std::thread::sleep(Duration::from_millis(100));
        }
        let start = Instant::now();
        harm(&traces);
        let (message, failed) = tested.died();
        let time = start.elapsed();
        assert!(message.contains(words), "{message}");
        assert!(time < Duration::from_secs(2), "noticed after {time:?}");
        assert_eq!(failed, !text.is_empty() as usize);
        tested.team.run(program(""));
        let error = tested.ended().reply.error.unwrap();
        assert_eq!(error.class.name(), "EngineError");
        traces.vanish(Duration::from_secs(2));
    }
}

#[test]
fn a_rank_is_killed() {
    check(|traces| signal(traces.ranks[1], "-KILL"), "rank 1");
}

#[test]
fn a_rank_is_stopped() {
    check(|traces| signal(traces.ranks[2], "-STOP"), "rank 2");
}

#[test]
fn the_launcher_is_killed() {
    check(|traces| signal(traces.launcher, "-KILL"), "have ended");
}

#[test]
fn the_keeper_is_killed() {
    check(|traces| signal(traces.keeper, "-KILL"), "have ended");
}

#[test]
fn a_team_ends_in_the_midst_of_a_program() {
    for text in ["while True:\n    x = 1", "while True:\n    ones(5000).sum()"] {
        let mut tested = Tested::start("mpi:3");
        let traces = Traces::of(tested.team.info().pids);
        tested.team.run(program(text));
        std::thread::sleep(Duration::from_millis(50));
        tested.team.shutdown();
        traces.vanish(Duration::from_secs(1));
    }
}

/// A process of its own with a team, and what it says of it.
struct Kernel {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
    traces: Traces,
}

impl Kernel {
    fn start(variables: &[(&str, &str)]) -> Kernel {
        engine::binary();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "faults::a_kernel_for_the_others", "--nocapture"]);
        command.env("DISTARRAY_TEST_KERNEL", "1").envs(variables.iter().copied());
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready =
            said.by_ref().map(Result::unwrap).find_map(|line| Some(line.split_once("ranks ")?.1.to_string()));
        let ranks = ready.unwrap().split(' ').map(|pid| pid.parse().unwrap()).collect();
        Kernel { process, said, traces: Traces::of(ranks) }
    }

    fn run(&mut self, text: &str) {
        writeln!(self.process.stdin.as_mut().unwrap(), "{text}").unwrap();
    }
}

/// Not a test: the process that `Kernel` starts.
#[test]
fn a_kernel_for_the_others() {
    if std::env::var_os("DISTARRAY_TEST_KERNEL").is_none() {
        return;
    }
    let mut tested = Tested::start("mpi:3");
    let pids: Vec<String> = tested.team.info().pids.iter().map(u32::to_string).collect();
    println!("ranks {}", pids.join(" "));
    for text in std::io::stdin().lines() {
        tested.team.run(program(&text.unwrap()));
        println!("{:?}", tested.event());
    }
}

#[test]
fn the_kernel_is_killed() {
    for text in ["", "while True: x = 1", "while True: ones(5000).sum()"] {
        let mut kernel = Kernel::start(&[]);
        if !text.is_empty() {
            kernel.run(text);
            std::thread::sleep(Duration::from_millis(100));
        }
        kernel.process.kill().unwrap();
        kernel.process.wait().unwrap();
        kernel.traces.vanish(Duration::from_secs(2));
    }
}

#[test]
fn the_kernel_and_the_keeper_are_killed() {
    let mut kernel = Kernel::start(&[]);
    assert_eq!(parent(kernel.traces.keeper), kernel.process.id());
    signal(kernel.traces.keeper, "-KILL");
    kernel.process.kill().unwrap();
    kernel.process.wait().unwrap();
    kernel.traces.processes_vanish(Duration::from_secs(2));
    kernel.traces.remove();
}

#[test]
fn a_rank_panics() {
    let mut kernel = Kernel::start(&[("DISTARRAY_TEST_PANIC", "1")]);
    kernel.run("ones(5000).sum()");
    let said = kernel.said.next().unwrap().unwrap();
    assert!(
        said.contains("EngineError") && said.contains("rank 1 panicked: as DISTARRAY_TEST_PANIC says"),
        "{said}"
    );
    kernel.traces.vanish(Duration::from_secs(2));
    kernel.process.kill().unwrap();
    kernel.process.wait().unwrap();
}
