//! `distarray-engine check`: whether the ranks that a launcher starts reach each other, with messages of every kind.

use std::collections::BTreeSet;

use engines::comm::Comm;

use crate::mpi;

/// # Errors
/// What arrived wrong. All ranks are then ended.
pub fn check() -> Result<(), String> {
    // Small chunks, so that messages of many chunks are met.
    let (rank, line) = mpi::with(100, |comm| {
        for round in 0..40 {
            exchange(&*comm, round)?;
        }
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let hosts: BTreeSet<Vec<u8>> = comm.allgather(host.as_bytes()).into_iter().collect();
        let (ranks, hosts) = (comm.size(), hosts.len());
        Ok((comm.rank(), format!("{ranks} ranks on {hosts} hosts exchange messages ({})", mpi::version())))
    })?;
    if rank == 0 {
        println!("{line}");
    }
    Ok(())
}

/// One message from each rank to each, itself among them, of lengths that each rank can work out.
fn exchange(comm: &dyn Comm, round: usize) -> Result<(), String> {
    let (n, me) = (comm.size(), comm.rank());
    let len = |from: usize, to: usize| match (from * 7 + to * 3 + round) % 4 {
        0 => 0,
        k => (from * 131 + to * 17 + round * 29) % (k * 150),
    };
    let message = |from: usize, to: usize| -> Vec<u8> {
        (0..len(from, to)).map(|i| (from * 31 + to * 11 + round + i) as u8).collect()
    };
    let sends: Vec<_> = (0..n).map(|to| (to, message(me, to))).collect();
    let sends: Vec<_> = sends.iter().map(|(to, bytes)| (*to, bytes.as_slice())).collect();
    let mut got: Vec<_> = (0..n).rev().map(|from| (from, vec![0; len(from, me)])).collect();
    let mut recvs: Vec<_> = got.iter_mut().map(|(from, b)| (*from, b.as_mut_slice())).collect();
    comm.exchange(&sends, &mut recvs);
    if let Some((from, _)) = got.iter().find(|(from, bytes)| *bytes != message(*from, me)) {
        return Err(format!("what rank {from} sent to rank {me} arrived wrong"));
    }
    let all = comm.allgather(&message(me, round % n));
    if let Some(from) = (0..n).find(|from| all[*from] != message(*from, round % n)) {
        return Err(format!("what rank {from} sent to all arrived wrong at rank {me}"));
    }
    comm.barrier();
    Ok(())
}
