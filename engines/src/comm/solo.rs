//! A team of one rank.

use super::{Comm, Traffic};

pub struct Solo;

impl Comm for Solo {
    fn rank(&self) -> usize {
        0
    }

    fn size(&self) -> usize {
        1
    }

    fn barrier(&self) {}

    fn allgather(&self, mine: &[u8]) -> Vec<Vec<u8>> {
        vec![mine.to_vec()]
    }

    fn exchange_while(
        &self,
        sends: &[(usize, &[u8])],
        recvs: &mut [(usize, &mut [u8])],
        work: &mut dyn FnMut(),
    ) {
        work();
        for (from, buffer) in recvs.iter_mut().filter(|(_, b)| !b.is_empty()) {
            let sent = sends.iter().find(|(to, _)| to == from).expect("rank 0 receives from itself only");
            buffer.copy_from_slice(sent.1);
        }
    }

    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}
