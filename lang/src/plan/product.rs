//! How a product of matrices is shared out: the ways that it can go, and which of them moves the least.
//!
//! The multiplications of `(..., m, k) @ (..., k, n)` are a box of `(..., m, k, n)`, and a way deals it out over a grid
//! of all ranks. A rank needs the two faces of its part that are the operands', and makes the one that is the result's:
//! - the inner axis is not cut: the result stays where it is made, and panels of both operands along the inner axis
//!   come to it (SUMMA, van de Geijn and Watts, 1997). Each rank begins at another panel, so that no two ask the same
//!   owner at once (as in Cannon, 1969). Cut along `m` only, or `n` only, it is the product by rows, or by columns;
//! - `n` is not cut: the left operand stays, panels of the right one along `n` come to it, and the partial results are
//!   added where the result lies; likewise the right operand stays where `m` is not cut.
//!
//! Two of the three axes are cut at most, so that a rank holds its share of everything and a panel.

use crate::layout::{DimMap, IndexSet, Layout, Run};
use crate::plan::align::count;

/// Panels of fewer elements are not worth a step of their own.
const PANEL: usize = 1 << 16;

/// Elements that could be moved in the time that a step takes however little it moves.
const STEP: f64 = 2048.0;

/// Multiplications in the time that an element takes to move.
const WORK: f64 = 20.0;

/// What a partial result costs, which is packed, moved and added, against an element that is moved.
const ADDED: f64 = 1.5;

/// A way to share out a product.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// The box of multiplications, `(..., m, k, n)`.
    pub space: Layout,
    /// The axis along which panels are cut, and where.
    pub axis: usize,
    pub cuts: Vec<usize>,
}

/// The operands of a product as faces of the box: `(..., m, k, 1)` and `(..., 1, k, n)`, with an extent of 1 also in
/// batch axes that broadcast.
#[derive(Clone, Copy)]
pub struct Faces<'a> {
    pub left: &'a Layout,
    pub right: &'a Layout,
}

impl Faces<'_> {
    /// The box's shape.
    pub fn shape(&self) -> Vec<usize> {
        let (x, y) = (self.left.shape(), self.right.shape());
        x.into_iter().zip(y).map(|(x, y)| if x == 1 { y } else { x }).collect()
    }

    /// The axis of `m`; `k` and `n` come after it.
    fn m(&self) -> usize {
        self.left.ndim() - 3
    }

    /// Where the result is at home: where an operand of its shape lies.
    fn home(&self) -> Option<Layout> {
        let (m, shape) = (self.m(), self.shape());
        let result = |d: usize| if d == m + 1 { 1 } else { shape[d] };
        let is_result = |face: &Layout, cut: [usize; 2]| {
            let (mut dims, mut grid) = (face.dims.clone(), face.grid.clone());
            dims.swap(cut[0], cut[1]);
            grid.swap(cut[0], cut[1]);
            let home = Layout { dims, grid, ranks: face.ranks.clone(), everywhere: face.everywhere };
            let fits = !face.everywhere && home.shape().iter().enumerate().all(|(d, &n)| n == result(d));
            fits.then_some(home)
        };
        is_result(self.left, [m + 1, m + 2]).or_else(|| is_result(self.right, [m, m + 1]))
    }
}

/// The cheapest way for a team, in time by a rough estimate: of the bytes that the busiest of some ranks receives, of
/// the multiplications that it does, and of the steps. `kept`: whether the result stays as it is dealt out, so that
/// where it lies matters.
pub fn choose(faces: Faces, team: usize, kept: bool) -> Way {
    let home = faces.home().filter(|_| kept);
    let mut best: Option<(f64, Way)> = None;
    for space in spaces(faces, team) {
        let way = Way::new(faces, space);
        let cost = way.cost(faces, home.as_ref());
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, way));
        }
    }
    // There is always the inner axis.
    best.map_or_else(|| Way::new(faces, Layout::replicated(&faces.shape(), team)), |(_, way)| way)
}

/// The ways to deal the box out that are worth a thought.
fn spaces(faces: Faces, team: usize) -> Vec<Layout> {
    let (shape, m) = (faces.shape(), faces.m());
    let mut grids: Vec<Vec<usize>> = Vec::new();
    let mut add = |cut: &[(usize, usize)]| {
        let mut grid = vec![1; shape.len()];
        cut.iter().for_each(|&(d, procs)| grid[d] *= procs);
        let sensible = grid.iter().zip(&shape).all(|(&procs, &n)| procs == 1 || n > 1);
        // The inner axis serves where there is no other.
        if (sensible || grid[m + 1] == team) && !grids.contains(&grid) {
            grids.push(grid);
        }
    };
    (m..m + 3).for_each(|d| add(&[(d, team)]));
    (0..m).for_each(|d| add(&[(d, team)]));
    for (procs, rest) in (2..team).filter(|d| team.is_multiple_of(*d)).map(|d| (d, team / d)) {
        [(m, m + 2), (m, m + 1), (m + 1, m + 2)].iter().for_each(|&(d, e)| add(&[(d, procs), (e, rest)]));
    }
    // As the operands lie, if that cuts a batch too.
    for face in [faces.left, faces.right] {
        if !face.everywhere && face.ranks.len() == team {
            let cut: Vec<(usize, usize)> = face.grid.iter().copied().enumerate().collect();
            add(&cut);
        }
    }
    let mut orders: Vec<std::sync::Arc<[usize]>> = vec![(0..team).collect()];
    let mut spaces = Vec::new();
    for face in [faces.left, faces.right] {
        if !face.everywhere && face.ranks.len() == team && !orders.contains(&face.ranks) {
            orders.push(face.ranks.clone());
        }
    }
    for grid in grids {
        let regular: Vec<DimMap> =
            shape.iter().zip(&grid).map(|(&n, &procs)| DimMap::block(n, procs)).collect();
        // As it lies, where an operand is cut into as many parts.
        let own = |d: usize| {
            let lies = |face: &Layout| {
                let dim = &face.dims[d];
                (!face.everywhere && dim.size() == shape[d] && dim.procs() == grid[d]).then(|| dim.clone())
            };
            lies(faces.left).or_else(|| lies(faces.right)).unwrap_or_else(|| regular[d].clone())
        };
        let dims: Vec<DimMap> = (0..shape.len()).map(own).collect();
        let like = |dims: &[DimMap], ranks: &std::sync::Arc<[usize]>| Layout {
            dims: dims.to_vec(),
            grid: grid.clone(),
            ranks: ranks.clone(),
            everywhere: false,
        };
        for ranks in &orders {
            spaces.push(like(&dims, ranks));
        }
        if dims.iter().zip(&regular).any(|(a, b)| !a.same_placement(b)) {
            spaces.push(like(&regular, &orders[0]));
        }
    }
    spaces
}

impl Way {
    /// The way that deals the box out like this, with panels that bound a rank's memory.
    fn new(faces: Faces, space: Layout) -> Way {
        let (shape, m) = (faces.shape(), faces.m());
        let most = |d: usize| (0..space.grid[d]).map(|p| space.dims[d].local_len(p)).max().unwrap_or(0);
        let face = |flat: usize, of: &Layout| -> usize {
            let extent = |d: usize| if of.dims[d].size() == 1 { 1 } else { most(d) };
            (0..shape.len()).filter(|d| *d != flat).map(extent).product()
        };
        let (left, right) = (face(m + 2, faces.left), face(m, faces.right));
        let result: usize = (0..shape.len()).filter(|d| *d != m + 1).map(most).product();
        let (axis, steps) = if space.grid[m + 1] == 1 {
            let moving = |of: &Layout, size: usize| if of.everywhere { 0 } else { size };
            let panels = (moving(faces.left, left) + moving(faces.right, right)).div_ceil(PANEL);
            (m + 1, panels.min(space.grid[m].max(space.grid[m + 2])))
        } else {
            let whole: usize = (0..shape.len()).filter(|d| *d != m + 1).map(|d| shape[d]).product();
            let all: usize = [faces.left.size(), faces.right.size(), whole].iter().sum();
            let panel = (all / space.ranks.len().max(1)).max(PANEL);
            let (axis, moving) =
                match space.grid[m + 2] == 1 && (space.grid[m] > 1 || shape[m + 2] >= shape[m]) {
                    true => (m + 2, right),
                    false => (m, left),
                };
            (axis, (moving + result).div_ceil(panel))
        };
        let steps = steps.clamp(1, shape[axis].max(1));
        // Panels that are an owner's own come whole.
        let owners = [faces.left, faces.right].into_iter().find_map(|face| match &face.dims[axis] {
            DimMap::Block { bounds }
                if bounds.len() == steps + 1 && face.dims[axis].size() == shape[axis] =>
            {
                Some(bounds.clone())
            }
            _ => None,
        });
        let cuts = owners.unwrap_or_else(|| (0..=steps).map(|t| shape[axis] * t / steps).collect());
        Way { space, axis, cuts }
    }

    /// The axis of `m`.
    fn m(&self) -> usize {
        self.space.ndim() - 3
    }

    pub fn steps(&self) -> usize {
        self.cuts.len() - 1
    }

    /// Whether ranks have partial results of the same elements, which are to be added.
    pub fn partial(&self) -> bool {
        self.space.grid[self.m() + 1] > 1
    }

    /// The panel of a rank's step: the first index along the axis, and the one after the last.
    fn panel(&self, rank: usize, step: usize) -> (usize, usize) {
        let mut panel = step;
        if !self.partial()
            && let Some(at) = self.space.coords(rank)
        {
            let (m, n) = (self.m(), self.m() + 2);
            let begin = |d: usize| at[d] * self.steps() / self.space.grid[d];
            panel = (step + begin(m) + begin(n)) % self.steps();
        }
        (self.cuts[panel], self.cuts[panel + 1])
    }

    /// The multiplications of a rank's step, per axis; `None` where it has no part in any.
    pub fn part(&self, rank: usize, step: usize) -> Option<Vec<IndexSet>> {
        if self.space.local_size(rank) == 0 {
            return None;
        }
        let mut part = self.space.owned(rank);
        let (from, to) = self.panel(rank, step);
        part[self.axis] = IndexSet::range(from, to);
        Some(part)
    }

    /// What a rank needs of an operand in a step.
    pub fn needs(&self, face: &Layout, rank: usize, step: usize) -> Option<Vec<IndexSet>> {
        self.part(rank, step).map(|part| seen(part, face))
    }

    /// The part of the box that a step does, where panels are the same on all ranks.
    pub fn slab(&self, step: usize) -> Layout {
        let mut slab = self.space.clone();
        slab.dims[self.axis] = DimMap::Whole { size: self.cuts[step + 1] - self.cuts[step] };
        slab
    }

    /// Where the result lies, which is not partial: an axis for each of the box but `k`.
    pub fn result(&self) -> Layout {
        let (mut dims, mut grid) = (self.space.dims.clone(), self.space.grid.clone());
        dims.remove(self.m() + 1);
        grid.remove(self.m() + 1);
        Layout { dims, grid, ranks: self.space.ranks.clone(), everywhere: self.space.everywhere }
    }

    /// Elements that a rank receives of the operands, and of partial results.
    pub fn received(&self, faces: Faces, rank: usize) -> (usize, usize) {
        let part = self.space.owned(rank);
        if part.iter().any(IndexSet::is_empty) {
            return (0, 0);
        }
        let lacks = |face: &Layout| {
            let need = seen(part.clone(), face);
            let all: usize = need.iter().map(IndexSet::len).product();
            if face.everywhere { 0 } else { all - held(face, rank, &need) }
        };
        let adders = self.space.grid[self.m() + 1];
        let flat = |(d, set): (usize, &IndexSet)| if d == self.m() + 1 { 1 } else { set.len() };
        let result: usize = part.iter().enumerate().map(flat).product();
        (lacks(faces.left) + lacks(faces.right), result * (adders - 1) / adders)
    }

    /// The estimated time, in elements moved.
    fn cost(&self, faces: Faces, home: Option<&Layout>) -> f64 {
        let team = self.space.ranks.len();
        let busiest = (0..team.min(8)).map(|i| {
            let rank = self.space.ranks[i * team / team.min(8)];
            let part = self.space.owned(rank);
            let work: usize = part.iter().map(IndexSet::len).product();
            let (operands, partial) = self.received(faces, rank);
            let away = home.filter(|_| !self.partial()).map_or(0, |home| {
                let mut result = part;
                result[self.m() + 1] = IndexSet::range(0, 1);
                result.iter().map(IndexSet::len).product::<usize>() - held(home, rank, &result)
            });
            (operands + away) as f64 + ADDED * partial as f64 + work as f64 / WORK
        });
        busiest.fold(0.0, f64::max) + STEP * self.steps() as f64
    }

    /// Which of the ways it is, in words.
    pub fn describe(&self) -> String {
        let (m, grid) = (self.m(), &self.space.grid);
        let [rows, inner, columns] = [grid[m], grid[m + 1], grid[m + 2]];
        let panels = match self.steps() {
            1 => "all at once".to_string(),
            steps => format!("in {steps} panels"),
        };
        let batch: usize = grid[..m].iter().product();
        let matrices = if batch > 1 { format!("the stack in {batch} parts, ") } else { String::new() };
        matrices
            + &match (rows, inner, columns) {
                (1, 1, 1) => "each rank multiplies matrices of its own".to_string(),
                (_, 1, 1) => format!("by rows: the right operand comes to {rows} blocks of rows {panels}"),
                (1, 1, _) => {
                    format!("by columns: the left operand comes to {columns} blocks of columns {panels}")
                }
                (_, 1, _) => {
                    format!("on a grid: the operands come to {rows}x{columns} blocks of the result {panels}")
                }
                (1, _, 1) => format!("by the inner axis: {inner} partial results are added {panels}"),
                (_, _, 1) => format!(
                    "the left operand stays on {rows}x{inner}, the right one comes to it {panels}, {inner} partial results are added"
                ),
                _ => format!(
                    "the right operand stays on {inner}x{columns}, the left one comes to it {panels}, {inner} partial results are added"
                ),
            }
    }
}

/// What a part of the box sees of a face: the one element of an axis that it lacks.
fn seen(mut part: Vec<IndexSet>, face: &Layout) -> Vec<IndexSet> {
    for (set, dim) in part.iter_mut().zip(&face.dims) {
        if dim.size() == 1 && !set.is_empty() {
            *set = IndexSet::range(0, 1);
        }
    }
    part
}

/// How many of these elements a rank holds.
fn held(layout: &Layout, rank: usize, need: &[IndexSet]) -> usize {
    let both: Vec<Vec<Run>> = layout.owned(rank).iter().zip(need).map(|(a, b)| a.intersect(b).0).collect();
    if layout.local_size(rank) == 0 { 0 } else { count(&both) }
}

#[cfg(test)]
mod tests;
