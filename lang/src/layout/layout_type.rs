//! Layouts: a dimension map per dimension over a grid of processes, and the questions asked of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::dist::{DimSpec, DistSpec};
use super::grid::choose_grid;
use super::map::list;
use super::{DimMap, IndexSet};
use crate::error::{Error, Result};

/// The layout of an array: a map per dimension, over a grid of processes.
///
/// `grid` has an extent per dimension of the array. `ranks` lists the team's ranks in C order of their grid
/// coordinates, `ranks.len() == product(grid)`; ranks not listed hold nothing. A replicated layout (`everywhere`) has a
/// grid of ones, `n` in every dimension, and the whole array on each of `ranks`: all ranks of the team.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Layout {
    pub dims: Vec<DimMap>,
    pub grid: Vec<usize>,
    pub ranks: Arc<[usize]>,
    pub everywhere: bool,
}

impl Layout {
    /// The whole array on every rank of a team of `team`.
    pub fn replicated(shape: &[usize], team: usize) -> Layout {
        Layout {
            dims: shape.iter().map(|&size| DimMap::Whole { size }).collect(),
            grid: vec![1; shape.len()],
            ranks: (0..team.max(1)).collect(),
            everywhere: true,
        }
    }

    /// From what `dist=`, `grid=` and `targets=` say, for a team of `team` ranks.
    ///
    /// Without `grid` one is chosen for the shape that uses all targets (all ranks, without `targets`); a grid that is
    /// smaller than the targets uses the first of them. Distributed over no dimension, the array lies on the first.
    ///
    /// # Errors
    /// ValueError where they contradict each other, the shape, or the team.
    pub fn new(
        shape: &[usize],
        spec: &DistSpec,
        team: usize,
        grid: Option<&[usize]>,
        targets: Option<&[usize]>,
    ) -> Result<Layout> {
        let targets = checked_targets(team, targets)?;
        let Some(dims) = spec.fit(shape.len()) else {
            if grid.is_some_and(|g| g.iter().any(|&extent| extent != 1)) {
                return Err(
                    Error::value("a replicated array (dist='r') has no process grid")
                        .hint("leave grid= out, or give a dist= that distributes"),
                );
            }
            if targets.len() != team {
                return Err(
                    Error::value("a replicated array (dist='r') lies on all ranks").hint(
                        "leave targets= out, or use dist='n' to keep the whole array on one rank",
                    ),
                );
            }
            return Ok(Layout::replicated(shape, team));
        };
        let grid = match grid {
            Some(grid) => checked_grid(&dims, grid)?,
            None => {
                let fixed: Vec<Option<usize>> = dims.iter().map(DimSpec::fixed_procs).collect();
                let taken = fixed
                    .iter()
                    .flatten()
                    .fold(1usize, |n, &extent| n.saturating_mul(extent));
                if taken > targets.len() {
                    return Err(too_few(taken, targets.len()));
                }
                let free: Vec<usize> = (0..dims.len()).filter(|&d| fixed[d].is_none()).collect();
                let chosen = choose_grid(shape, &free, targets.len() / taken);
                let mut grid: Vec<usize> = fixed.into_iter().map(|f| f.unwrap_or(1)).collect();
                free.iter()
                    .zip(chosen)
                    .for_each(|(&d, extent)| grid[d] = extent);
                grid
            }
        };
        let needed = grid
            .iter()
            .fold(1usize, |n, &extent| n.saturating_mul(extent));
        if needed > targets.len() {
            return Err(too_few(needed, targets.len()));
        }
        let dims = (dims.iter().zip(shape).zip(&grid))
            .enumerate()
            .map(|(axis, ((dim, &size), &procs))| {
                dim.map(size, procs).map_err(|e| Error {
                    message: format!("axis {axis}: {}", e.message),
                    ..e
                })
            })
            .collect::<Result<_>>()?;
        Ok(Layout {
            dims,
            grid,
            ranks: targets[..needed].into(),
            everywhere: false,
        })
    }

    pub fn ndim(&self) -> usize {
        self.dims.len()
    }

    /// The global shape.
    pub fn shape(&self) -> Vec<usize> {
        self.dims.iter().map(DimMap::size).collect()
    }

    /// The number of elements, each counted once.
    pub fn size(&self) -> usize {
        self.dims.iter().map(DimMap::size).product()
    }

    /// Whether every rank holds the whole array.
    pub fn is_replicated(&self) -> bool {
        self.everywhere
    }

    /// The grid coordinates of a rank; `None` for a rank that holds nothing. All zeros where replicated.
    pub fn coords(&self, rank: usize) -> Option<Vec<usize>> {
        let mut at = self.ranks.iter().position(|&r| r == rank)?;
        if self.everywhere {
            return Some(vec![0; self.grid.len()]);
        }
        let mut coords = vec![0; self.grid.len()];
        for (coord, &extent) in coords.iter_mut().zip(&self.grid).rev() {
            *coord = at % extent;
            at /= extent;
        }
        Some(coords)
    }

    /// The rank at these grid coordinates (`coords[d] < grid[d]`); the first one where replicated.
    pub fn rank_of(&self, coords: &[usize]) -> usize {
        self.ranks[coords
            .iter()
            .zip(&self.grid)
            .fold(0, |at, (&c, &extent)| at * extent + c)]
    }

    /// What a rank holds, per dimension: its part is their product. Empty sets for a rank that holds nothing
    /// (of a 0-d array too: see [`Layout::holds`]).
    pub fn owned(&self, rank: usize) -> Vec<IndexSet> {
        match self.coords(rank) {
            Some(coords) => self
                .dims
                .iter()
                .zip(coords)
                .map(|(dim, p)| dim.owned(p))
                .collect(),
            None => vec![IndexSet::default(); self.dims.len()],
        }
    }

    /// The shape of a rank's block. Of a 0-d array it is `[]` on every rank, whether it holds the element or not:
    /// ask [`Layout::local_size`] for the number of elements.
    pub fn local_shape(&self, rank: usize) -> Vec<usize> {
        match self.coords(rank) {
            Some(coords) => self
                .dims
                .iter()
                .zip(coords)
                .map(|(dim, p)| dim.local_len(p))
                .collect(),
            None => vec![0; self.dims.len()],
        }
    }

    /// The number of elements that a rank holds.
    pub fn local_size(&self, rank: usize) -> usize {
        if self.holds(rank) {
            self.local_shape(rank).iter().product()
        } else {
            0
        }
    }

    /// Whether the rank has a place in the grid (its part may still be empty).
    pub fn holds(&self, rank: usize) -> bool {
        self.ranks.contains(&rank)
    }

    /// The rank that holds the element at `index` (the first, where replicated), and the element's local index.
    /// `None` out of bounds.
    pub fn owner_of(&self, index: &[usize]) -> Option<(usize, Vec<usize>)> {
        let places = self
            .dims
            .iter()
            .zip(index)
            .map(|(dim, &i)| dim.owner(i))
            .collect::<Option<Vec<_>>>()?;
        let (coords, local): (Vec<usize>, Vec<usize>) = places.into_iter().unzip();
        (index.len() == self.ndim()).then(|| (self.rank_of(&coords), local))
    }

    /// The global index of the element at a rank's local index; `None` where there is none.
    pub fn global_of(&self, rank: usize, local: &[usize]) -> Option<Vec<usize>> {
        let coords = self.coords(rank).filter(|c| c.len() == local.len())?;
        self.dims
            .iter()
            .zip(coords)
            .zip(local)
            .map(|((dim, p), &k)| dim.owned(p).get(k))
            .collect()
    }

    /// Bytes of all blocks together (a replicated array counts once a rank).
    pub fn nbytes(&self, itemsize: usize) -> usize {
        let copies = if self.everywhere { self.ranks.len() } else { 1 };
        self.size() * itemsize * copies
    }

    /// Bytes that a rank holds.
    pub fn local_nbytes(&self, rank: usize, itemsize: usize) -> usize {
        self.local_size(rank) * itemsize
    }

    /// Whether every element lies on the same rank at the same local position in both: operands in such layouts
    /// combine without communication. How it is written does not matter: `n` is `b` over one process.
    pub fn same_placement(&self, other: &Layout) -> bool {
        if self == other {
            return true;
        }
        // A team of one: replicated or not is the same.
        let alone = self.ranks.len() == 1 && other.ranks.len() == 1;
        self.ranks == other.ranks
            && (self.everywhere == other.everywhere || alone)
            && self.ndim() == other.ndim()
            && self
                .dims
                .iter()
                .zip(&other.dims)
                .all(|(a, b)| a.same_placement(b))
    }

    /// The letter of each dimension, as `a.dist` shows them.
    pub fn letters(&self) -> Vec<&'static str> {
        self.dims.iter().map(DimMap::letter).collect()
    }

    /// `b,n on 4x1`, `replicated on 4 ranks`, `n on rank 2`.
    pub fn describe(&self) -> String {
        let ranks = |n: usize| {
            if n == 1 {
                "1 rank".to_owned()
            } else {
                format!("{n} ranks")
            }
        };
        if self.everywhere {
            return format!("replicated on {}", ranks(self.ranks.len()));
        }
        let maps = self
            .dims
            .iter()
            .map(DimMap::to_string)
            .collect::<Vec<_>>()
            .join(",");
        let grid = self
            .grid
            .iter()
            .map(|g| g.to_string())
            .collect::<Vec<_>>()
            .join("x");
        let first = self.ranks.iter().enumerate().all(|(i, &r)| i == r);
        match (self.ranks.len(), first) {
            (1, _) if maps.is_empty() => format!("on rank {}", self.ranks[0]),
            (1, _) => format!("{maps} on rank {}", self.ranks[0]),
            (_, true) => format!("{maps} on {grid}"),
            (_, false) => format!("{maps} on {grid}, ranks {}", list(&self.ranks)),
        }
    }
}

impl std::fmt::Display for Layout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe())
    }
}

fn too_few(needed: usize, there: usize) -> Error {
    Error::value(format!(
        "this dist needs {needed} processes, but there are {there}"
    ))
    .hint(
        "give fewer bounds or index lists or a smaller grid=, or start more engines with %engines",
    )
}

fn checked_targets(team: usize, targets: Option<&[usize]>) -> Result<Vec<usize>> {
    let Some(targets) = targets else {
        return Ok((0..team).collect());
    };
    if targets.is_empty() {
        return Err(Error::value("targets must name at least one rank"));
    }
    for (i, &rank) in targets.iter().enumerate() {
        if rank >= team {
            return Err(Error::value(format!(
                "targets name rank {rank}, but the ranks are 0 to {}",
                team - 1
            )));
        }
        if targets[..i].contains(&rank) {
            return Err(Error::value(format!("targets name rank {rank} twice")));
        }
    }
    Ok(targets.to_vec())
}

fn checked_grid(dims: &[DimSpec], grid: &[usize]) -> Result<Vec<usize>> {
    if grid.len() != dims.len() {
        return Err(Error::value(format!(
            "grid {} has {} extents, but the array has {} dimensions",
            list(grid),
            grid.len(),
            dims.len()
        )));
    }
    for (axis, (dim, &extent)) in dims.iter().zip(grid).enumerate() {
        if extent == 0 {
            return Err(Error::value(format!(
                "grid {}: every extent must be at least 1",
                list(grid)
            )));
        }
        match dim.fixed_procs() {
            Some(procs) if procs != extent => {
                let why = match dim {
                    DimSpec::Whole => "'n' (not distributed) needs 1".to_owned(),
                    _ => format!("its dist names {procs} processes"),
                };
                return Err(Error::value(format!(
                    "grid {}: axis {axis} has extent {extent}, but {why}",
                    list(grid)
                )));
            }
            _ => {}
        }
    }
    Ok(grid.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Index, View, default_layout, elementwise, reduced, transposed};

    fn layout(shape: &[usize], dist: &str, team: usize) -> Layout {
        Layout::new(shape, &DistSpec::parse(dist).unwrap(), team, None, None).unwrap()
    }

    #[test]
    fn layouts_describe_themselves() {
        for (shape, dist, team, text) in [
            (&[100, 50][..], "b", 4, "b,n on 4x1"),
            (&[100, 100], "bb", 4, "b,b on 2x2"),
            (&[100], "c", 4, "c on 4"),
            (&[100, 7], "nc3", 3, "n,c3 on 1x3"),
            (&[100], "n", 4, "n on rank 0"),
            (&[], "", 4, "on rank 0"),
            (&[100], "r", 4, "replicated on 4 ranks"),
            (&[100], "b", 1, "b on rank 0"),
        ] {
            assert_eq!(layout(shape, dist, team).describe(), text);
        }
        let bounds = DistSpec::Dims(vec![DimSpec::Bounds(vec![0, 2, 9])]);
        assert_eq!(
            Layout::new(&[9], &bounds, 2, None, Some(&[1, 0]))
                .unwrap()
                .describe(),
            "b(0, 2, 9) on 2, ranks (1, 0)"
        );
    }

    #[test]
    fn contradictions_are_refused() {
        let check = |shape: &[usize],
                     dist: &str,
                     team,
                     grid: Option<&[usize]>,
                     targets: Option<&[usize]>,
                     message: &str| {
            let found = Layout::new(shape, &DistSpec::parse(dist).unwrap(), team, grid, targets)
                .unwrap_err()
                .message;
            assert_eq!(found, message);
        };
        check(
            &[4, 4],
            "bb",
            4,
            Some(&[2, 3]),
            None,
            "this dist needs 6 processes, but there are 4",
        );
        check(
            &[4, 4],
            "bb",
            4,
            Some(&[2]),
            None,
            "grid (2,) has 1 extents, but the array has 2 dimensions",
        );
        check(
            &[4, 4],
            "bn",
            4,
            Some(&[2, 2]),
            None,
            "grid (2, 2): axis 1 has extent 2, but 'n' (not distributed) needs 1",
        );
        check(
            &[4, 4],
            "bb",
            4,
            Some(&[0, 2]),
            None,
            "grid (0, 2): every extent must be at least 1",
        );
        check(
            &[4],
            "b",
            4,
            None,
            Some(&[4]),
            "targets name rank 4, but the ranks are 0 to 3",
        );
        check(
            &[4],
            "b",
            4,
            None,
            Some(&[1, 1]),
            "targets name rank 1 twice",
        );
        check(
            &[4],
            "b",
            4,
            None,
            Some(&[]),
            "targets must name at least one rank",
        );
        check(
            &[4],
            "r",
            4,
            Some(&[2]),
            None,
            "a replicated array (dist='r') has no process grid",
        );
        let lists = DistSpec::Dims(vec![
            DimSpec::Whole,
            DimSpec::Unstructured(vec![vec![0], vec![1, 1]]),
        ]);
        let error = Layout::new(&[4, 2], &lists, 2, None, None).unwrap_err();
        assert_eq!(
            error.message,
            "axis 1: unstructured dist: index 1 is given twice (processes 1 and 1)"
        );
        let error = Layout::new(&[4, 2], &lists, 1, None, None).unwrap_err();
        assert_eq!(
            error.message,
            "this dist needs 2 processes, but there are 1"
        );
    }

    #[test]
    fn grids_smaller_than_the_team_use_the_first_targets() {
        let spec = DistSpec::parse("bb").unwrap();
        let part = Layout::new(&[6, 6], &spec, 8, Some(&[2, 2]), Some(&[7, 5, 3, 1, 0])).unwrap();
        assert_eq!(&part.ranks[..], [7, 5, 3, 1]);
        assert_eq!(part.owner_of(&[5, 0]), Some((3, vec![2, 0])));
        assert_eq!(
            (part.coords(0), part.local_shape(0), part.local_size(0)),
            (None, vec![0, 0], 0)
        );
    }

    #[test]
    fn empty_and_tiny_arrays_are_ordinary() {
        let tiny = layout(&[2], "b", 5);
        assert_eq!(
            (0..5).map(|r| tiny.local_size(r)).collect::<Vec<_>>(),
            [1, 1, 0, 0, 0]
        );
        let none = layout(&[0, 3], "bb", 6);
        assert!((0..6).all(|r| none.local_size(r) == 0));
        let point = layout(&[], "b", 3);
        assert_eq!(
            (0..3).map(|r| point.local_size(r)).collect::<Vec<_>>(),
            [1, 0, 0]
        );
        assert_eq!(point.owner_of(&[]), Some((0, vec![])));
    }

    #[test]
    fn placement_is_what_counts() {
        let same = |a: &Layout, b: &Layout| {
            assert_eq!(a.same_placement(b), b.same_placement(a));
            a.same_placement(b)
        };
        assert!(same(&layout(&[8], "b", 1), &layout(&[8], "r", 1)));
        assert!(same(&layout(&[8], "b", 4), &layout(&[8], "c2", 4)));
        assert!(same(
            &layout(&[4, 3], "bn", 4),
            &Layout::new(
                &[4, 3],
                &DistSpec::parse("cb").unwrap(),
                4,
                Some(&[4, 1]),
                None
            )
            .unwrap()
        ));
        assert!(!same(&layout(&[8], "b", 4), &layout(&[8], "c", 4)));
        assert!(!same(&layout(&[8], "r", 4), &layout(&[8], "n", 4)));
        assert!(!same(&layout(&[8], "b", 2), &layout(&[8], "b", 4)));
        assert!(!same(&layout(&[8], "b", 2), &layout(&[9], "b", 2)));
    }

    #[test]
    fn results_get_layouts_by_rule() {
        let b = DistSpec::parse("bb").unwrap();
        assert_eq!(default_layout(&[100], 4, 99, &b).describe(), "b on 4");
        assert_eq!(
            default_layout(&[100], 4, 100, &b).describe(),
            "replicated on 4 ranks"
        );
        assert_eq!(
            default_layout(&[8, 8, 8], 4, 10, &b).describe(),
            "b,b,n on 2x2x1"
        );
        assert!(default_layout(&[], 4, 0, &b).is_replicated());

        let (bn, nb, r) = (
            layout(&[8, 8], "bn", 4),
            layout(&[8, 8], "nb", 4),
            Layout::replicated(&[8, 8], 4),
        );
        let row = layout(&[8], "b", 4);
        let new = || layout(&[8, 8], "cc", 4);
        for (operands, expected) in [
            (&[&r, &bn][..], &bn),
            (&[&nb, &bn], &nb),
            (&[&row, &bn], &bn),
            (&[&r, &r], &r),
            (&[&row, &r], &new()),
            (&[&row, &row], &new()),
        ] {
            assert_eq!(elementwise(operands, &[8, 8], new), *expected);
        }

        let cube = Layout::new(&[4, 6, 8], &b, 6, Some(&[2, 3, 1]), None).unwrap();
        assert_eq!(
            reduced(&cube, &[true, false, false], false).describe(),
            "b,n on 3x1"
        );
        assert_eq!(
            reduced(&cube, &[false, true, false], false).describe(),
            "b,n on 2x1, ranks (0, 3)"
        );
        assert_eq!(
            reduced(&cube, &[false, true, true], true).describe(),
            "b,n,n on 2x1x1, ranks (0, 3)"
        );
        assert_eq!(
            reduced(&cube, &[true, true, true], false).describe(),
            "on rank 0"
        );
        assert!(reduced(&r, &[true, true], false).is_replicated());
        let turned = transposed(&cube, &[1, 2, 0]);
        assert_eq!(
            turned.describe(),
            "b,n,b on 3x1x2, ranks (0, 3, 1, 4, 2, 5)"
        );
        assert_eq!(
            turned,
            View::identity(&[4, 6, 8])
                .transpose(&[1, 2, 0])
                .layout(&cube)
        );
    }

    #[test]
    fn slices_keep_a_name() {
        let slice = |start, stop, step| Index::Slice {
            start,
            stop,
            step: Some(step),
        };
        let check = |dist: &str, item: Index, text: &str| {
            let view = View::identity(&[12]).index(&[item]).unwrap();
            assert_eq!(
                view.layout(&layout(&[12], dist, 3)).describe(),
                text,
                "{dist}"
            );
        };
        check("b", slice(Some(1), None, 1), "b(0, 3, 7, 11) on 3");
        check("b", slice(None, None, -1), "b on 3, ranks (2, 1, 0)");
        check("b", slice(None, None, 2), "b on 3");
        check("b", Index::Int(5), "on rank 1");
        check("c", slice(Some(1), None, 1), "c on 3, ranks (1, 2, 0)");
        check("c", slice(None, None, 2), "c on 3, ranks (0, 2, 1)");
        check("c", slice(None, None, 3), "c on rank 0");
        check("c2", slice(Some(2), None, 1), "c2 on 3, ranks (1, 2, 0)");
        check("c2", slice(Some(1), None, 1), "u on 3");
        check("r", slice(Some(1), None, 1), "replicated on 3 ranks");
    }
}
