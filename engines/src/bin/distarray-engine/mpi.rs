//! Ranks as MPI processes. The one file that sees MPI.
//!
//! MPI is called only from the thread that has started it. A panic must not unwind through the end of MPI, which
//! would wait for the other ranks for ever: `with` aborts the team instead.

use std::panic::{AssertUnwindSafe, catch_unwind};

use engines::comm::{Comm, Counter, Traffic};
use mpi::Threading;
use mpi::datatype::PartitionMut;
use mpi::request;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Source};

/// The most that goes in one message: MPI counts in 32 bits.
pub const CHUNK: usize = 1 << 30;

/// The exit status of a team that has failed.
pub const FAILED: i32 = 70;

pub struct Mpi {
    world: SimpleCommunicator,
    /// Longer messages go in parts.
    chunk: usize,
    sent: Counter,
}

/// Runs `f` as a rank of an MPI job, with messages of at most `chunk` bytes (`CHUNK`, but for tests). If it panics or returns an error, all ranks are ended.
pub fn with<T>(chunk: usize, f: impl FnOnce(Box<dyn Comm>) -> Result<T, String>) -> Result<T, String> {
    let (universe, _) =
        mpi::initialize_with_threading(Threading::Funneled).ok_or("MPI had been started before")?;
    let world = Mpi { world: universe.world(), chunk, sent: Counter::default() };
    match catch_unwind(AssertUnwindSafe(|| f(Box::new(world)))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(message)) => {
            eprintln!("distarray-engine: {message}");
            universe.world().abort(FAILED)
        }
        Err(_) => universe.world().abort(FAILED),
    }
}

pub fn version() -> String {
    let version = mpi::environment::library_version().unwrap_or_default();
    version.split([',', '\n', '\0']).next().unwrap_or_default().trim().to_string()
}

impl Comm for Mpi {
    fn rank(&self) -> usize {
        self.world.rank() as usize
    }

    fn size(&self) -> usize {
        self.world.size() as usize
    }

    fn barrier(&self) {
        self.world.barrier();
    }

    fn allgather(&self, mine: &[u8]) -> Vec<Vec<u8>> {
        let mut lens = vec![0u64; self.size()];
        self.world.all_gather_into(&(mine.len() as u64), &mut lens[..]);
        self.sent.add(self.size() - 1, mine.len());
        let total: u64 = lens.iter().sum();
        if total == 0 {
            // Empty buffers have equal addresses, which MPI takes for a mistake.
            return vec![Vec::new(); self.size()];
        }
        if total > self.chunk as u64 {
            let mut all: Vec<Vec<u8>> = lens.iter().map(|len| vec![0; *len as usize]).collect();
            let sends: Vec<_> = (0..self.size()).map(|to| (to, mine)).collect();
            let mut recvs: Vec<_> = all.iter_mut().map(Vec::as_mut_slice).enumerate().collect();
            self.transfer(&sends, &mut recvs, &mut || ());
            return all;
        }
        let counts: Vec<i32> = lens.iter().map(|len| *len as i32).collect();
        let starts: Vec<i32> = counts.iter().scan(0, |at, n| Some(std::mem::replace(at, *at + n))).collect();
        let mut all = vec![0u8; total as usize];
        self.world
            .all_gather_varcount_into(mine, &mut PartitionMut::new(&mut all[..], &counts[..], &starts[..]));
        let part = |(start, n): (&i32, &i32)| all[*start as usize..(start + n) as usize].to_vec();
        starts.iter().zip(&counts).map(part).collect()
    }

    fn exchange_while(
        &self,
        sends: &[(usize, &[u8])],
        recvs: &mut [(usize, &mut [u8])],
        work: &mut dyn FnMut(),
    ) {
        let me = self.rank();
        for (_, bytes) in sends.iter().filter(|(to, b)| *to != me && !b.is_empty()) {
            self.sent.add(1, bytes.len());
        }
        self.transfer(sends, recvs, work);
    }

    fn traffic(&self) -> Traffic {
        self.sent.get()
    }
}

impl Mpi {
    /// Long messages go in chunks, which keep their order. All are under way while `work` is done.
    fn transfer(&self, sends: &[(usize, &[u8])], recvs: &mut [(usize, &mut [u8])], work: &mut dyn FnMut()) {
        let me = self.rank();
        for (from, buffer) in recvs.iter_mut().filter(|(from, b)| *from == me && !b.is_empty()) {
            let own = sends.iter().find(|(to, _)| to == from).expect("a message to oneself is sent as well");
            buffer.copy_from_slice(own.1);
        }
        request::scope(|scope| {
            let mut requests = Vec::with_capacity(sends.len() + recvs.len());
            for (from, buffer) in recvs.iter_mut().filter(|(from, _)| *from != me) {
                let process = self.world.process_at_rank(*from as i32);
                requests
                    .extend(buffer.chunks_mut(self.chunk).map(|c| process.immediate_receive_into(scope, c)));
            }
            for (to, bytes) in sends.iter().filter(|(to, _)| *to != me) {
                let process = self.world.process_at_rank(*to as i32);
                requests.extend(bytes.chunks(self.chunk).map(|c| process.immediate_send(scope, c)));
            }
            work();
            for request in requests {
                request.wait();
            }
        });
    }
}
