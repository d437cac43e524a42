//! What advanced keys read: each rank asks for the rows of its part of the result, and is sent their values.

use std::sync::Arc;

use lang::error::Result;
use lang::layout::{DimMap, IndexSet, Layout};
use lang::plan::picks::Owners;
use lang::text::tuple;

use super::advanced::{Advanced, Picks};
use super::lines::Lines;
use super::mask::rows_layout;
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::alltoall::alltoall;
use crate::exec::elementwise::force::force;
use crate::explain;
use crate::watch::{LOOK, go_on};

/// Where each pick's row lies.
pub struct Found {
    /// The cell of the owners; empty where there is only one.
    cells: Vec<u32>,
    /// The row's number there.
    pub rows: Vec<usize>,
}

impl Found {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn cell(&self, pick: usize) -> usize {
        self.cells.get(pick).map_or(0, |cell| *cell as usize)
    }

    /// The picks of each cell.
    pub fn by_cell(&self, cells: usize) -> Vec<Vec<usize>> {
        if cells == 1 {
            return vec![(0..self.len()).collect()];
        }
        let mut counts = vec![0; cells];
        self.cells.iter().for_each(|cell| counts[*cell as usize] += 1);
        let mut picks: Vec<Vec<usize>> = counts.into_iter().map(Vec::with_capacity).collect();
        self.cells.iter().enumerate().for_each(|(b, cell)| picks[*cell as usize].push(b));
        picks
    }

    /// These picks alone.
    fn some(&self, picks: &[usize]) -> Found {
        let cells =
            if self.cells.is_empty() { Vec::new() } else { picks.iter().map(|b| self.cells[*b]).collect() };
        Found { cells, rows: picks.iter().map(|b| self.rows[*b]).collect() }
    }
}

/// Whether a rank that holds any of the array has all indices of the picked axes.
pub fn picked_whole(layout: &Layout, axes: usize) -> bool {
    layout.everywhere || layout.grid[..axes].iter().all(|g| *g == 1)
}

/// The layout of rows for picks in that layout: whole rows.
pub fn with_rows(picks: &Layout, row: &[usize]) -> Layout {
    let mut layout = picks.clone();
    layout.dims.extend(row.iter().map(|&size| DimMap::Whole { size }));
    layout.grid.extend(row.iter().map(|_| 1));
    layout
}

/// The layout of picks known to all ranks, along an array of which each rank has its part of every row.
pub fn along(ctx: &Ctx, layout: &Layout, axes: usize, picks: &[usize]) -> Layout {
    if layout.everywhere {
        let row = layout.dims[axes..].iter().map(DimMap::size);
        return (*ctx.replicated(&picks.iter().copied().chain(row).collect::<Vec<_>>())).clone();
    }
    let mut dims: Vec<DimMap> = picks.iter().map(|&size| DimMap::Whole { size }).collect();
    dims.extend(layout.dims[axes..].iter().cloned());
    let mut grid = vec![1; picks.len()];
    grid.extend(&layout.grid[axes..]);
    Layout { dims, grid, ranks: layout.ranks.clone(), everywhere: false }
}

/// Where the rows at these indices lie. May be left unfinished (`engines::watch`).
pub fn find(owners: &Owners, mut indices: Vec<Vec<usize>>) -> Found {
    let count = indices.first().map_or(0, Vec::len);
    if let (Some(bounds), [_]) = (owners.bounds(), &indices[..]) {
        let rows = indices.remove(0);
        return in_blocks_of(&bounds, rows);
    }
    let all = (0..count).take_while(|b| b % LOOK > 0 || go_on());
    let found = all.map(|b| owners.find(indices.iter().map(|along| along[b])));
    let (cells, rows) = found.map(|(cell, row)| (cell as u32, row)).unzip();
    Found { cells, rows }
}

/// The most common case: one axis, cut into blocks at these bounds.
fn in_blocks_of(bounds: &[usize], mut rows: Vec<usize>) -> Found {
    let inner = &bounds[1..bounds.len() - 1];
    if inner.is_empty() {
        return Found { cells: Vec::new(), rows };
    }
    let mut cells = vec![0; rows.len()];
    for (rows, cells) in rows.chunks_mut(LOOK).zip(cells.chunks_mut(LOOK)).take_while(|_| go_on()) {
        for (row, cell) in rows.iter_mut().zip(cells) {
            // Few bounds are counted, many are searched.
            let at = match inner.len() {
                ..=16 => inner.iter().map(|b| usize::from(b <= row)).sum(),
                _ => inner.partition_point(|b| b <= row),
            };
            *cell = at as u32;
            *row -= bounds[at];
        }
    }
    Found { cells, rows }
}

/// The numbers, in C order of `shape`, of the product of index sets.
pub fn numbers(owned: &[IndexSet], shape: &[usize]) -> Vec<usize> {
    let mut numbers = vec![0];
    for (set, n) in owned.iter().zip(shape) {
        numbers = numbers.iter().flat_map(|base| set.iter().map(move |i| base * n + i)).collect();
    }
    numbers
}

/// Which of the picks a rank has, by number.
fn part(layout: &Layout, rank: usize, shape: &[usize]) -> Vec<usize> {
    if layout.local_size(rank) == 0 { Vec::new() } else { numbers(&layout.owned(rank), shape) }
}

/// `array[key]` as a new array, with the axes of the picks first. Collective.
///
/// # Errors
/// IndexError where an index is out of bounds; MemoryError; on all ranks.
pub fn gather(ctx: &mut Ctx, seen: &Advanced, picks: &Picks) -> Result<Array> {
    let (array, axes) = (&seen.turned, seen.axes.len());
    force(ctx, array)?;
    let (me, team, size) = (ctx.comm.rank(), ctx.comm.size(), array.dtype().itemsize());
    let layout = array.layout().clone();
    let owners = Owners::new(&layout, axes);
    let row = &array.shape()[axes..];
    let shape = seen.turned_shape(&picks.shape);
    let local = picks.known && picked_whole(&layout, axes);
    let dealt = if local { ctx.replicated(&picks.shape) } else { dealt(ctx, array, picks, &shape) };
    // What all ranks know is found for all of the picks, else for this rank's part.
    let everything = ctx.replicated(&picks.shape);
    let known = picks.local(ctx, if picks.known { &everything } else { &dealt }, &seen.axes)?;
    let watch = ctx.watch_elements(if picks.known { &everything } else { &dealt }, 50);
    let found = find(&owners, known);
    ctx.end(watch)?;

    let held = layout.local_size(me) > 0;
    let view = array.view().expect("it was forced").clone();
    let lines = held.then(|| Lines::new(&view.place(me), axes));
    let read = |rows: &[usize]| -> Vec<u8> {
        let Some(lines) = &lines else { return Vec::new() };
        let mut bytes = vec![0; rows.len() * lines.len() * size];
        lines.read(size, rows, view.storage.block.borrow().bytes(), &mut bytes);
        bytes
    };
    if local || layout.everywhere {
        let result = match local {
            true => Arc::new(along(ctx, &layout, axes, &picks.shape)),
            false => Arc::new(with_rows(&dealt, row)),
        };
        let mut block = ctx.allocate(&result, &[array.dtype()])?.remove(0);
        if let (Some(lines), false) = (&lines, result.local_size(me) == 0) {
            let rows = match picks.known && !local {
                true => found.some(&part(&dealt, me, &picks.shape)).rows,
                false => found.rows,
            };
            lines.read(size, &rows, view.storage.block.borrow().bytes(), block.bytes_mut());
        }
        return Ok(Array::from_block(shape, result, block));
    }

    // What this rank asks for, and what is asked of it: where all know the picks, nobody has to ask.
    let asked_for = picks.known.then(|| found.some(&part(&dealt, me, &picks.shape)));
    let mine = asked_for.as_ref().unwrap_or(&found);
    let of_cell = mine.by_cell(owners.cells());
    let cell = owners.cell_of(me).filter(|_| held);
    let asked: Vec<Vec<usize>> = if picks.known {
        let of = |q: usize| -> Vec<usize> {
            let picks = part(&dealt, q, &picks.shape).into_iter();
            picks.filter(|b| Some(found.cell(*b)) == cell).map(|b| found.rows[b]).collect()
        };
        (0..team).map(|q| if cell.is_some() { of(q) } else { Vec::new() }).collect()
    } else {
        let mut questions: Vec<Vec<u8>> = vec![Vec::new(); team];
        for (cell, picks) in of_cell.iter().enumerate() {
            let rows: Vec<u64> = picks.iter().map(|b| mine.rows[*b] as u64).collect();
            for rank in owners.ranks(cell) {
                questions[*rank] = bytemuck::cast_slice(&rows).to_vec();
            }
        }
        let numbers =
            |bytes: Vec<u8>| bytes.as_chunks().0.iter().map(|b| u64::from_le_bytes(*b) as usize).collect();
        alltoall(ctx, questions).into_iter().map(numbers).collect()
    };

    let parts: Vec<(usize, usize, Vec<IndexSet>)> = (0..owners.cells())
        .flat_map(|cell| owners.ranks(cell).iter().map(move |rank| (cell, *rank)))
        .map(|(cell, rank)| (cell, rank, owners.row(rank)))
        .collect();
    let extent = |row: &[IndexSet]| row.iter().map(IndexSet::len).product::<usize>();
    let answers: Vec<Vec<u8>> = asked.iter().map(|rows| read(rows)).collect();
    let mut incoming: Vec<Vec<u8>> = vec![Vec::new(); team];
    for (cell, rank, row) in parts.iter().filter(|(_, rank, _)| *rank != me) {
        incoming[*rank] = vec![0; of_cell[*cell].len() * extent(row) * size];
    }
    let sends: Vec<(usize, &[u8])> = (answers.iter().enumerate())
        .filter(|(q, b)| *q != me && !b.is_empty())
        .map(|(q, b)| (q, &b[..]))
        .collect();
    let mut recvs: Vec<(usize, &mut [u8])> = (incoming.iter_mut().enumerate())
        .filter(|(_, b)| !b.is_empty())
        .map(|(p, b)| (p, &mut b[..]))
        .collect();
    ctx.exchange(&sends, &mut recvs);

    let result = Arc::new(with_rows(&dealt, row));
    let mut block = ctx.allocate(&result, &[array.dtype()])?.remove(0);
    for (cell, rank, part) in &parts {
        let bytes = if *rank == me { &answers[me] } else { &incoming[*rank] };
        if !bytes.is_empty() {
            Lines::packed(mine.len(), row, part).write(size, &of_cell[*cell], block.bytes_mut(), bytes);
        }
    }
    ctx.step(|_| {
        let questions = if picks.known { "all ranks know the indices" } else { "each rank asks the owners" };
        format!("{} picks of rows of {}: {questions}", tuple(&picks.shape), explain::what(array))
    });
    Ok(Array::from_block(shape, result, block))
}

/// How the picks are dealt out among the ranks, for a result of that shape: as an index array of their shape is, else
/// on all ranks where the result is small, else in blocks.
fn dealt(ctx: &Ctx, array: &Array, picks: &Picks, shape: &[usize]) -> Arc<Layout> {
    if let Some(layout) = picks.lies() {
        return layout.clone();
    }
    if picks.known && ctx.derived_layout(shape, array.layout(), array.size()).everywhere {
        return ctx.replicated(&picks.shape);
    }
    in_blocks(ctx, &picks.shape)
}

/// Picks in blocks along their first axis.
pub fn in_blocks(ctx: &Ctx, picks: &[usize]) -> Arc<Layout> {
    let team = ctx.comm.size();
    Arc::new(rows_layout(picks, DimMap::block(picks[0], team), (0..team).collect()))
}
