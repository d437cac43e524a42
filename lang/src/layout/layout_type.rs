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
                return Err(Error::value("a replicated array (dist='r') has no process grid")
                    .hint("leave grid= out, or give a dist= that distributes"));
            }
            if targets.len() != team {
                return Err(Error::value("a replicated array (dist='r') lies on all ranks")
                    .hint("leave targets= out, or use dist='n' to keep the whole array on one rank"));
            }
            return Ok(Layout::replicated(shape, team));
        };
        let grid = match grid {
            Some(grid) => checked_grid(&dims, grid)?,
            None => {
                let fixed: Vec<Option<usize>> = dims.iter().map(DimSpec::fixed_procs).collect();
                let taken = fixed.iter().flatten().fold(1usize, |n, &extent| n.saturating_mul(extent));
                if taken > targets.len() {
                    return Err(too_few(taken, targets.len()));
                }
                let free: Vec<usize> = (0..dims.len()).filter(|&d| fixed[d].is_none()).collect();
                let chosen = choose_grid(shape, &free, targets.len() / taken);
                let mut grid: Vec<usize> = fixed.into_iter().map(|f| f.unwrap_or(1)).collect();
                free.iter().zip(chosen).for_each(|(&d, extent)| grid[d] = extent);
                grid
            }
        };
        let needed = grid.iter().fold(1usize, |n, &extent| n.saturating_mul(extent));
        if needed > targets.len() {
            return Err(too_few(needed, targets.len()));
        }
        let dims = (dims.iter().zip(shape).zip(&grid))
            .enumerate()
            .map(|(axis, ((dim, &size), &procs))| {
                dim.map(size, procs)
                    .map_err(|e| Error { message: format!("axis {axis}: {}", e.message), ..e })
            })
            .collect::<Result<_>>()?;
        Ok(Layout { dims, grid, ranks: targets[..needed].into(), everywhere: false })
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
        // Most often ranks stand in order.
        let in_order = (self.ranks.get(rank) == Some(&rank)).then_some(rank);
        let mut at = in_order.or_else(|| self.ranks.iter().position(|&r| r == rank))?;
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
        self.ranks[coords.iter().zip(&self.grid).fold(0, |at, (&c, &extent)| at * extent + c)]
    }

    /// What a rank holds, per dimension: its part is their product. Empty sets for a rank that holds nothing
    /// (of a 0-d array too: see [`Layout::holds`]).
    pub fn owned(&self, rank: usize) -> Vec<IndexSet> {
        match self.coords(rank) {
            Some(coords) => self.dims.iter().zip(coords).map(|(dim, p)| dim.owned(p)).collect(),
            None => vec![IndexSet::default(); self.dims.len()],
        }
    }

    /// The shape of a rank's block. Of a 0-d array it is `[]` on every rank, whether it holds the element or not:
    /// ask [`Layout::local_size`] for the number of elements.
    pub fn local_shape(&self, rank: usize) -> Vec<usize> {
        match self.coords(rank) {
            Some(coords) => self.dims.iter().zip(coords).map(|(dim, p)| dim.local_len(p)).collect(),
            None => vec![0; self.dims.len()],
        }
    }

    /// The number of elements that a rank holds.
    pub fn local_size(&self, rank: usize) -> usize {
        if self.holds(rank) { self.local_shape(rank).iter().product() } else { 0 }
    }

    /// Whether the rank has a place in the grid (its part may still be empty).
    pub fn holds(&self, rank: usize) -> bool {
        self.ranks.get(rank) == Some(&rank) || self.ranks.contains(&rank)
    }

    /// The rank that holds the element at `index` (the first, where replicated), and the element's local index.
    /// `None` out of bounds.
    pub fn owner_of(&self, index: &[usize]) -> Option<(usize, Vec<usize>)> {
        let places = self.dims.iter().zip(index).map(|(dim, &i)| dim.owner(i)).collect::<Option<Vec<_>>>()?;
        let (coords, local): (Vec<usize>, Vec<usize>) = places.into_iter().unzip();
        (index.len() == self.ndim()).then(|| (self.rank_of(&coords), local))
    }

    /// The global index of the element at a rank's local index; `None` where there is none.
    pub fn global_of(&self, rank: usize, local: &[usize]) -> Option<Vec<usize>> {
        let coords = self.coords(rank).filter(|c| c.len() == local.len())?;
        self.dims.iter().zip(coords).zip(local).map(|((dim, p), &k)| dim.owned(p).get(k)).collect()
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
            && self.dims.iter().zip(&other.dims).all(|(a, b)| a.same_placement(b))
    }

    /// The letter of each dimension, as `a.dist` shows them.
    pub fn letters(&self) -> Vec<&'static str> {
        self.dims.iter().map(DimMap::letter).collect()
    }

    /// `b,n on 4x1`, `replicated on 4 ranks`, `n on rank 2`.
    pub fn describe(&self) -> String {
        let ranks = |n: usize| {
            if n == 1 { "1 rank".to_owned() } else { format!("{n} ranks") }
        };
        if self.everywhere {
            return format!("replicated on {}", ranks(self.ranks.len()));
        }
        let maps = self.dims.iter().map(DimMap::to_string).collect::<Vec<_>>().join(",");
        let grid = self.grid.iter().map(|g| g.to_string()).collect::<Vec<_>>().join("x");
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
    Error::value(format!("this dist needs {needed} processes, but there are {there}"))
        .hint("give fewer bounds or index lists or a smaller grid=, or start more engines with %engines")
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
            return Err(Error::value(format!("grid {}: every extent must be at least 1", list(grid))));
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
