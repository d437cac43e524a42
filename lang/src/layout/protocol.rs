//! What a rank tells other libraries of its part: `dim_data` of the Distributed Array Protocol, version 0.10.0.

use serde::Serialize;

use super::{DimMap, Layout};

/// The protocol's version.
pub const PROTOCOL_VERSION: &str = "0.10.0";

/// One dimension of a process's part, with the protocol's keys; those that a `dist_type` does not have are absent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DimData {
    /// `b`, `c` or `u`; an undistributed dimension is `b` over one process.
    pub dist_type: &'static str,
    pub size: usize,
    pub proc_grid_size: usize,
    pub proc_grid_rank: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_size: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indices: Option<Vec<usize>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding: Option<(usize, usize)>,
    /// Every index is on one process only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_to_one: Option<bool>,
}

/// `dim_data` of a rank: an entry per dimension; `None` for a rank that holds nothing. A replicated array is, on every
/// rank, the whole array over one process.
pub fn dim_data(layout: &Layout, rank: usize) -> Option<Vec<DimData>> {
    let coords = layout.coords(rank)?;
    Some(layout.dims.iter().zip(coords).map(|(map, p)| of_dimension(map, p)).collect())
}

fn of_dimension(map: &DimMap, p: usize) -> DimData {
    let common = |dist_type| DimData {
        dist_type,
        size: map.size(),
        proc_grid_size: map.procs(),
        proc_grid_rank: p,
        start: None,
        stop: None,
        block_size: None,
        indices: None,
        padding: None,
        one_to_one: None,
    };
    let block =
        |start, stop| DimData { start: Some(start), stop: Some(stop), padding: Some((0, 0)), ..common("b") };
    match map {
        DimMap::Whole { size } => block(0, *size),
        DimMap::Block { bounds } => block(bounds[p], bounds[p + 1]),
        DimMap::Cyclic { size, block, .. } => {
            // An empty part starts at the end.
            DimData { start: Some((p * block).min(*size)), block_size: Some(*block), ..common("c") }
        }
        DimMap::Unstructured { .. } => {
            DimData { indices: Some(map.owned(p).iter().collect()), one_to_one: Some(true), ..common("u") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{DimSpec, DistSpec};
    use DimSpec::{Block, Bounds, Cyclic, Unstructured, Whole};

    /// `dim_data` of one dimension in brief, as the protocol's documentation tabulates it.
    fn brief(d: &DimData) -> String {
        match d.dist_type {
            "b" => format!(
                "b{}/{} {}..{}",
                d.proc_grid_rank,
                d.proc_grid_size,
                d.start.unwrap(),
                d.stop.unwrap()
            ),
            "c" => format!(
                "c{}/{} {}+{}",
                d.proc_grid_rank,
                d.proc_grid_size,
                d.start.unwrap(),
                d.block_size.unwrap()
            ),
            _ => format!("u{}/{} {:?}", d.proc_grid_rank, d.proc_grid_size, d.indices.as_ref().unwrap()),
        }
    }

    fn check(
        shape: &[usize],
        dims: Vec<DimSpec>,
        grid: &[usize],
        owners: &str,
        local: &[&[usize]],
        data: &[&str],
    ) {
        let ranks = grid.iter().product();
        let layout = Layout::new(shape, &DistSpec::Dims(dims), ranks, Some(grid), None).unwrap();
        // Owners of the first two axes (at 0 of the others), a row a line.
        let map: Vec<String> = (0..shape[0])
            .map(|i| {
                (0..shape[1])
                    .map(|j| {
                        let mut index = vec![0; shape.len()];
                        (index[0], index[1]) = (i, j);
                        layout.owner_of(&index).unwrap().0.to_string()
                    })
                    .collect()
            })
            .collect();
        assert_eq!(map.join(" "), owners, "{layout}");
        assert_eq!((0..ranks).map(|r| layout.local_shape(r)).collect::<Vec<_>>(), local, "{layout}");
        assert_eq!((0..ranks).map(|r| layout.local_size(r)).sum::<usize>(), shape.iter().product::<usize>());
        for (rank, expected) in data.iter().enumerate() {
            let found: Vec<String> = dim_data(&layout, rank).unwrap().iter().map(brief).collect();
            assert_eq!(found.join(", "), *expected, "{layout}");
        }
        for (rank, k) in (0..ranks).flat_map(|r| (0..layout.local_size(r)).map(move |k| (r, k))) {
            let mut rest = k;
            let mut at: Vec<usize> = layout
                .local_shape(rank)
                .iter()
                .rev()
                .map(|n| {
                    let i = rest % n;
                    rest /= n;
                    i
                })
                .collect();
            at.reverse();
            let global = layout.global_of(rank, &at).unwrap();
            assert_eq!(layout.owner_of(&global), Some((rank, at)));
        }
    }

    /// The layouts of the protocol's documentation on a 5 x 9 array.
    #[test]
    fn the_nine_layouts_of_the_protocol() {
        let bb = || vec![Block, Block];
        check(
            &[5, 9],
            vec![Block, Whole],
            &[3, 1],
            "000000000 000000000 111111111 111111111 222222222",
            &[&[2, 9], &[2, 9], &[1, 9]],
            &["b0/3 0..2, b0/1 0..9", "b1/3 2..4, b0/1 0..9", "b2/3 4..5, b0/1 0..9"],
        );
        check(
            &[5, 9],
            vec![Whole, Block],
            &[1, 3],
            "000111222 000111222 000111222 000111222 000111222",
            &[&[5, 3], &[5, 3], &[5, 3]],
            &["b0/1 0..5, b0/3 0..3", "b0/1 0..5, b1/3 3..6"],
        );
        check(
            &[5, 9],
            bb(),
            &[2, 2],
            "000001111 000001111 000001111 222223333 222223333",
            &[&[3, 5], &[3, 4], &[2, 5], &[2, 4]],
            &["b0/2 0..3, b0/2 0..5", "b0/2 0..3, b1/2 5..9", "b1/2 3..5, b0/2 0..5"],
        );
        check(
            &[5, 9],
            vec![Block, Cyclic(1)],
            &[2, 2],
            "010101010 010101010 010101010 232323232 232323232",
            &[&[3, 5], &[3, 4], &[2, 5], &[2, 4]],
            &["b0/2 0..3, c0/2 0+1", "b0/2 0..3, c1/2 1+1"],
        );
        check(
            &[5, 9],
            vec![Cyclic(1), Cyclic(1)],
            &[2, 2],
            "010101010 232323232 010101010 232323232 010101010",
            &[&[3, 5], &[3, 4], &[2, 5], &[2, 4]],
            &["c0/2 0+1, c0/2 0+1", "c0/2 0+1, c1/2 1+1", "c1/2 1+1, c0/2 0+1"],
        );
        check(
            &[5, 9],
            vec![Bounds(vec![0, 1, 5]), Bounds(vec![0, 2, 9])],
            &[2, 2],
            "001111111 223333333 223333333 223333333 223333333",
            &[&[1, 2], &[1, 7], &[4, 2], &[4, 7]],
            &["b0/2 0..1, b0/2 0..2", "b0/2 0..1, b1/2 2..9"],
        );
        check(
            &[5, 9],
            vec![Cyclic(2), Cyclic(2)],
            &[2, 2],
            "001100110 001100110 223322332 223322332 001100110",
            &[&[3, 5], &[3, 4], &[2, 5], &[2, 4]],
            &["c0/2 0+2, c0/2 0+2", "c0/2 0+2, c1/2 2+2"],
        );
        check(
            &[5, 9],
            vec![
                Unstructured(vec![vec![0, 3], vec![1, 2, 4]]),
                Unstructured(vec![vec![0, 2, 4, 8], vec![7, 6, 5, 3, 1]]),
            ],
            &[2, 2],
            "010101110 232323332 232323332 010101110 232323332",
            &[&[2, 4], &[2, 5], &[3, 4], &[3, 5]],
            &["u0/2 [0, 3], u0/2 [0, 2, 4, 8]", "u0/2 [0, 3], u1/2 [7, 6, 5, 3, 1]"],
        );
        check(
            &[5, 9, 3],
            vec![Cyclic(1), Block, Cyclic(1)],
            &[2, 2, 2],
            "000002222 444446666 000002222 444446666 000002222",
            &[&[3, 5, 2], &[3, 5, 1], &[3, 4, 2], &[3, 4, 1], &[2, 5, 2], &[2, 5, 1], &[2, 4, 2], &[2, 4, 1]],
            &["c0/2 0+1, b0/2 0..5, c0/2 0+1", "c0/2 0+1, b0/2 0..5, c1/2 1+1"],
        );
    }

    #[test]
    fn empty_parts_are_legal_protocol() {
        let layout = Layout::new(&[1], &DistSpec::parse("c2").unwrap(), 3, None, None).unwrap();
        assert_eq!(dim_data(&layout, 2).unwrap()[0].start, Some(1));
        let json = serde_json::to_value(&dim_data(&layout, 0).unwrap()[0]).unwrap();
        let expected = serde_json::json!({"dist_type": "c", "size": 1, "proc_grid_size": 3, "proc_grid_rank": 0,
            "start": 0, "block_size": 2});
        assert_eq!(json, expected);
        assert_eq!(dim_data(&layout, 3), None);
        assert_eq!(dim_data(&Layout::replicated(&[], 2), 1), Some(vec![]));
    }
}
