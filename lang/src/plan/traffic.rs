//! How many bytes a redistribution moves from rank to rank.

use super::align::{count, plan};
use crate::layout::Layout;

/// Bytes from rank (row) to rank (column) of a team of `team`, for elements of `itemsize` bytes that come from one
/// layout into another of the same shape; what a rank keeps stands on the diagonal.
pub fn traffic(from: &Layout, to: &Layout, itemsize: usize, team: usize) -> Vec<Vec<u64>> {
    let mut bytes = vec![vec![0; team]; team];
    for (rank, row) in bytes.iter_mut().enumerate() {
        let plan = plan(from, to, rank);
        for parcel in &plan.sends {
            row[parcel.rank] = (count(&parcel.runs) * itemsize) as u64;
        }
        if let Some((held, _)) = &plan.own {
            row[rank] = (count(held) * itemsize) as u64;
        }
    }
    bytes
}
