//! A matrix by blocks of columns dealt out in turn: the layout of the factorisations, and how panels get round.

use std::sync::Arc;

use bytemuck::Pod;
use dense::{Field, MatMut, MatRef};
use lang::dtype::DType;
use lang::error::Result;
use lang::layout::{DimMap, Layout};
use num_complex::Complex64;

use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::discover::{cast_block, own_part};
use crate::exec::element::{Element, typed};
use crate::exec::rearrange::views;
use crate::exec::redistribute::redistribute;

/// The two types in which factorisations are computed: single precision is widened, and the results rounded.
pub trait Work: Field + Element {
    const DTYPE: DType;
    fn block(elements: Vec<Self>) -> Block;
}

impl Work for f64 {
    const DTYPE: DType = DType::F64;
    fn block(elements: Vec<f64>) -> Block {
        Block::F64(elements)
    }
}

impl Work for Complex64 {
    const DTYPE: DType = DType::C128;
    fn block(elements: Vec<Complex64>) -> Block {
        Block::C128(elements)
    }
}

/// `n` columns of `m` rows: panels of `block` columns, panel `k` on rank `k mod procs`; every rank has all of them where
/// `procs` is 1. A rank's columns lie one after the other.
#[derive(Clone, Debug)]
pub struct Columns {
    pub m: usize,
    pub n: usize,
    pub block: usize,
    pub procs: usize,
    pub me: usize,
}

impl Columns {
    /// Over the whole team, or whole on every rank.
    pub fn new(ctx: &Ctx, m: usize, n: usize, block: usize, spread: bool) -> Columns {
        let (procs, me) = if spread { (ctx.comm.size(), ctx.comm.rank()) } else { (1, 0) };
        Columns { m, n, block: block.max(1), procs, me }
    }

    /// The same rows, with other columns.
    pub fn with(&self, n: usize) -> Columns {
        Columns { n, ..self.clone() }
    }

    pub fn panels(&self) -> usize {
        self.n.div_ceil(self.block)
    }

    pub fn owner(&self, panel: usize) -> usize {
        panel % self.procs
    }

    pub fn mine(&self, panel: usize) -> bool {
        self.owner(panel) == self.me
    }

    /// The first column of a panel.
    pub fn start(&self, panel: usize) -> usize {
        panel * self.block
    }

    pub fn width(&self, panel: usize) -> usize {
        self.block.min(self.n - self.start(panel))
    }

    /// How many of this rank's columns lie before a panel.
    pub fn before(&self, panel: usize) -> usize {
        let whole = panel.min(self.panels());
        (0..whole).filter(|&k| self.mine(k)).map(|k| self.width(k)).sum()
    }

    /// How many columns this rank has.
    pub fn local(&self) -> usize {
        self.before(self.panels())
    }

    /// This rank's columns, by their global indices.
    pub fn indices(&self) -> Vec<usize> {
        let mine = (0..self.panels()).filter(|&k| self.mine(k));
        mine.flat_map(|k| self.start(k)..self.start(k) + self.width(k)).collect()
    }

    /// A safe point, between two panels of a spread matrix: all ranks pass as many.
    ///
    /// # Errors
    /// KeyboardInterrupt.
    pub fn safe_point(&self, ctx: &Ctx) -> Result<()> {
        if self.procs > 1 { ctx.safe_point() } else { Ok(()) }
    }

    /// The layout of the matrix's transpose, whose rows are these columns.
    fn layout(&self, ctx: &Ctx) -> Arc<Layout> {
        let mut layout = Layout::replicated(&[self.n, self.m], ctx.comm.size());
        if self.procs > 1 {
            layout.dims[0] = DimMap::block_cyclic(self.n, self.block, self.procs);
            layout.grid[0] = self.procs;
            layout.everywhere = false;
        }
        Arc::new(layout)
    }

    /// This rank's columns of a matrix. Collective.
    pub fn take<T: Work>(&self, ctx: &mut Ctx, matrix: &Array) -> Result<Vec<T>> {
        let turned = views::transpose(ctx, matrix, &[1, 0])?;
        let block = ctx.local(&turned, &self.layout(ctx))?;
        Ok(elements(block))
    }

    /// The matrix of which every rank has its columns, in that dtype and layout. Collective.
    pub fn give<T: Work>(
        &self,
        ctx: &mut Ctx,
        columns: Vec<T>,
        dtype: DType,
        layout: &Arc<Layout>,
    ) -> Result<Array> {
        let block = cast_block(&T::block(columns), dtype);
        let turned = Array::from_block(vec![self.n, self.m], self.layout(ctx), block);
        let matrix = views::transpose(ctx, &turned, &[1, 0])?;
        redistribute(ctx, &matrix, layout)
    }
}

/// A block's elements in the type that they are computed in.
pub fn elements<T: Work>(block: Block) -> Vec<T> {
    typed::<T>(&cast_block(&block, T::DTYPE)).to_vec()
}

/// An array of which every rank has all elements at hand, in that dtype and layout.
pub fn known<T: Work>(
    ctx: &Ctx,
    shape: &[usize],
    elements: Vec<T>,
    dtype: DType,
    layout: &Arc<Layout>,
) -> Array {
    let whole = cast_block(&T::block(elements), dtype);
    let block = if layout.everywhere { whole } else { own_part(layout, ctx.comm.rank(), &whole) };
    Array::from_block(shape.to_vec(), layout.clone(), block)
}

/// Columns of `rows` elements as a matrix.
pub fn view<T: Field>(columns: &[T], rows: usize) -> MatRef<'_, T> {
    let n = columns.len().checked_div(rows).unwrap_or(0);
    MatRef::from_column_major_slice(columns, rows, n)
}

/// Columns of `rows` elements as a matrix, to write.
pub fn view_mut<T: Field>(columns: &mut [T], rows: usize) -> MatMut<'_, T> {
    let n = columns.len().checked_div(rows).unwrap_or(0);
    MatMut::from_column_major_slice_mut(columns, rows, n)
}

/// A matrix's elements, column by column.
pub fn packed<T: Field>(matrix: MatRef<'_, T>) -> Vec<T> {
    let mut out = Vec::with_capacity(matrix.nrows() * matrix.ncols());
    for j in 0..matrix.ncols() {
        match matrix.col(j).try_as_col_major() {
            Some(column) => out.extend_from_slice(column.as_slice()),
            None => out.extend((0..matrix.nrows()).map(|i| matrix[(i, j)])),
        }
    }
    out
}

/// What `owner` has, on every rank of a spread matrix: a binomial tree. `len` is known to all. Collective where
/// `procs` is not 1.
pub fn share<T: Pod>(ctx: &mut Ctx, procs: usize, owner: usize, mine: Option<Vec<T>>, len: usize) -> Vec<T> {
    if procs == 1 {
        return mine.unwrap_or_default();
    }
    let mut held = mine;
    let place = (ctx.comm.rank() + procs - owner) % procs;
    let mut step = 1;
    while step < procs {
        if place < step && place + step < procs {
            let to = (place + step + owner) % procs;
            let bytes = bytemuck::cast_slice(held.as_deref().unwrap_or_default());
            ctx.exchange(&[(to, bytes)], &mut []);
        } else if (step..2 * step).contains(&place) {
            let from = (place - step + owner) % procs;
            let mut incoming = vec![T::zeroed(); len];
            ctx.exchange(&[], &mut [(from, bytemuck::cast_slice_mut(&mut incoming))]);
            held = Some(incoming);
        }
        step *= 2;
    }
    held.unwrap_or_default()
}

/// Every rank's columns put together on all ranks, where they are spread. Collective then.
pub fn gathered<T: Work>(ctx: &mut Ctx, columns: &Columns, mine: &[T]) -> Vec<T> {
    if columns.procs == 1 {
        return mine.to_vec();
    }
    let mut whole = vec![T::zero(); columns.m * columns.n];
    for (rank, bytes) in ctx.comm.allgather(bytemuck::cast_slice(mine)).into_iter().enumerate() {
        let theirs = Columns { me: rank, ..columns.clone() };
        let mut part = vec![T::zero(); bytes.len() / size_of::<T>()];
        bytemuck::cast_slice_mut(&mut part).copy_from_slice(&bytes);
        for (from, column) in part.chunks_exact(columns.m.max(1)).zip(theirs.indices()) {
            whole[column * columns.m..(column + 1) * columns.m].copy_from_slice(from);
        }
    }
    whole
}
