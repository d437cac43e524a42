//! Teams of engines that do what they are asked.

use std::process::Command;
use std::time::Duration;

use crate::team::{Tested, Traces, engine, program, ticks};

#[test]
fn mpi_engines_come_up_run_and_go() {
    for n in 1..=4 {
        let mut tested = Tested::start(&format!("mpi:{n}"));
        let info = tested.team.info();
        let traces = Traces::of(info.pids);
        tested.team.run(program(""));
        let ended = tested.ended();
        assert_eq!(
            (ended.seq, ended.stats.len(), ended.printed),
            (1, n, String::new())
        );
        tested.team.shutdown();
        traces.vanish(Duration::from_secs(1));
    }
}

#[test]
fn nothing_of_a_burst_is_lost() {
    for spec in ["mpi:3", "threads:3"] {
        let mut tested = Tested::start(spec);
        for n in 1..=5000 {
            assert_eq!(tested.team.run(program("")), n);
        }
        for n in 1..=5000 {
            assert_eq!(tested.ended().seq, n);
        }
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
    let engine = engine();
    for n in 1..=5 {
        let mut mpirun = Command::new("mpirun");
        mpirun.envs([
            ("OMPI_ALLOW_RUN_AS_ROOT", "1"),
            ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
        ]);
        mpirun
            .env("OMPI_MCA_rmaps_base_oversubscribe", "1")
            .arg("-n")
            .arg(n.to_string());
        let output = mpirun.arg(&engine).arg("check").output().unwrap();
        let (said, errors) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(
            said.starts_with(&format!("{n} ranks on 1 hosts exchange messages")),
            "{said}{errors}"
        );
        assert!(output.status.success(), "{errors}");
    }
}
