//! Computes pending arrays: groups become tile programs, run on aligned operands into new or existing memory.

use std::cell::RefMut;
use std::sync::Arc;

use lang::dtype::DType;
use lang::error::Result;
use lang::layout::Layout;
use lang::plan::fuse::{Graph, Program};

use super::group::{Group, cast_to, near};
use super::tiles;
use crate::array::{Array, Place, State, Storage, View};
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::alloc;
use crate::exec::rearrange::mirror;
use crate::exec::redistribute::align::{self, Memory, Piece};
use crate::explain;

/// Sees to it that the array is a view of memory, and that a mirror is fresh. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn force(ctx: &mut Ctx, array: &Array) -> Result<()> {
    let mut waiting = vec![array.clone()];
    while let Some(top) = waiting.pop() {
        if !top.is_pending() {
            continue;
        }
        let layout = top.layout().clone();
        match Group::of(&top, &layout, true) {
            Ok(group) => {
                // The handle here is no holder of the result.
                let (graph, leaves, _) = group.graph(&top);
                run_group(ctx, group, graph, leaves, &layout, None)?;
            }
            Err(first) => waiting.extend([top, first]),
        }
    }
    mirror::refresh(ctx, array)
}

/// Runs a group into memory: its results into new storages, and the last root of the graph, which is none of theirs,
/// into the existing view `into`. Nothing is changed where it fails.
fn run_group(
    ctx: &mut Ctx,
    group: Group,
    graph: Graph,
    leaves: Vec<Array>,
    layout: &Arc<Layout>,
    into: Option<&Array>,
) -> Result<()> {
    for leaf in &leaves {
        mirror::refresh(ctx, leaf)?;
    }
    let program = ctx.plans.of(graph);
    let dtypes: Vec<DType> = group.results.iter().map(Array::dtype).collect();
    let mut blocks = ctx.allocate(layout, &dtypes)?;
    let nanoseconds = ctx.largest_share(layout).saturating_mul(program.nanoseconds());
    // What is interrupted has to leave its target as it was: a long pass goes by way of a block of its own, where
    // there is room for one.
    let aside = match into {
        Some(target) if nanoseconds / ASIDE >= ctx.long => {
            let bytes = ctx.largest_share(layout).saturating_mul(target.dtype().itemsize());
            alloc::room(ctx, bytes).and_then(|()| ctx.allocate(layout, &[target.dtype()])).ok()
        }
        _ => None,
    };
    let unstoppable = into.is_some() && aside.is_none();
    let me = ctx.comm.rank();
    let directly = into.filter(|_| aside.is_none());
    let through = aside.is_some();
    blocks.extend(aside.unwrap_or_default());
    let watch = ctx.watch(if unstoppable { 0 } else { nanoseconds });
    // What needs nothing of other ranks is computed while their edges are under way.
    let mut done = Vec::new();
    let mut pass = |operands: &[Vec<Piece>]| {
        execute(me, &program, &leaves, operands, layout, &mut done, &mut blocks, directly);
    };
    let operands = align::align_while(ctx, &leaves.iter().collect::<Vec<_>>(), layout, &mut pass)?;
    pass(&operands.pieces);
    ctx.end(watch)?;
    let kept = operands.kept;
    drop(operands.pieces);
    if let (true, Some(target)) = (through, into)
        && let Some(block) = blocks.pop()
    {
        install(ctx, target, block);
    }
    ctx.step(|ctx| {
        let stored = |dtype: &DType| format!("stored, {}", explain::bytes(layout, dtype.itemsize()));
        let mut results: Vec<String> = dtypes.iter().map(stored).collect();
        results.extend(into.map(|target| format!("written into {}", explain::what(target))));
        explain::pass(ctx, &program, &leaves, &kept, layout, &results)
    });
    for (result, block) in group.results.iter().zip(blocks) {
        let storage = Storage::computed(result.layout().clone(), block, result.readers());
        let done = State::View(View { storage, place: None });
        // What the expression held is dropped after the borrow has ended.
        let expression = result.inner().state.replace(done);
        drop(expression);
    }
    Ok(())
}

/// How much longer than others a pass may take that computes straight into its target.
const ASIDE: usize = 3;

/// Makes `block` the elements of `target`.
fn install(ctx: &Ctx, target: &Array, block: Block) {
    let me = ctx.comm.rank();
    let view = target.view().expect("what is assigned to is in memory").clone();
    let size = target.dtype().itemsize();
    let mut memory = view.storage.block.borrow_mut();
    match view.place {
        None => *memory = block,
        Some(_) => view.place(me).scatter_bytes(size, memory.bytes_mut(), block.bytes()),
    }
}

/// Runs the program over this rank's part of `layout`: over the boxes that are not `done` yet, and need nothing that is
/// under way. Says which are done then.
#[expect(clippy::too_many_arguments, reason = "what a pass reads and writes")]
fn execute(
    me: usize,
    program: &Program,
    leaves: &[Array],
    operands: &[Vec<Piece>],
    layout: &Layout,
    done: &mut Vec<bool>,
    blocks: &mut [Block],
    into: Option<&Array>,
) {
    if layout.local_size(me) == 0 {
        return;
    }
    let local = layout.local_shape(me);
    let target = into.map(|array| {
        let view = array.view().expect("what is assigned to is in memory").clone();
        (view.place(me), view.storage, array.dtype().itemsize())
    });
    let listed = target.as_ref().is_some_and(|(place, _, _)| place.strides().is_none());
    let coming = |piece: &Piece| matches!(piece.memory, Memory::Coming);
    if listed && operands.iter().flatten().any(coming) {
        return;
    }
    // Elements behind lists of positions are computed into a block of their own, then put in their places.
    let mut packed = match &target {
        Some((place, _, size)) if listed => Some(vec![0u128; (place.len() * size).div_ceil(16)]),
        _ => None,
    };
    let whole = Place::whole(&local);
    let mut written: Option<RefMut<Block>> = None;
    if let (Some((_, storage, _)), None) = (&target, &packed) {
        written = Some(storage.block.borrow_mut());
    }
    for (at, (lo, hi)) in align::boxes(&local, operands).into_iter().enumerate() {
        // What to read, by operand.
        let pieces: Vec<&Piece> = operands
            .iter()
            .map(|pieces| pieces.iter().find(|p| p.contains(&lo, &hi)).expect("pieces tile the part"))
            .collect();
        let (ready, before) = (!pieces.iter().any(|piece| coming(piece)), done.get(at).copied());
        if before.is_none() {
            done.push(ready);
        }
        if !ready || before == Some(true) {
            continue;
        }
        let shape: Vec<usize> = lo.iter().zip(&hi).map(|(l, h)| h - l).collect();
        let mut outputs: Vec<tiles::Output> = Vec::new();
        let mut output = |memory, size, place: &Place| {
            let place = place.window(&lo, &hi);
            let strides = place.strides().expect("lists were packed");
            outputs.push(tiles::Output { memory, size, offset: place.offset, strides });
        };
        for block in blocks.iter_mut() {
            let size = block.dtype().itemsize();
            output(block.bytes_mut(), size, &whole);
        }
        match (&target, &mut packed, &mut written) {
            (Some((_, _, size)), Some(buffer), _) => output(bytemuck::cast_slice_mut(buffer), *size, &whole),
            (Some((place, _, size)), None, Some(block)) => output(block.bytes_mut(), *size, place),
            _ => {}
        }
        let last = outputs.len() - 1;
        // Of the storages that are read.
        let guards: Vec<_> = pieces
            .iter()
            .map(|piece| match &piece.memory {
                Memory::Storage(storage) => storage.block.try_borrow().ok(),
                Memory::Buffer(_) | Memory::Coming => None,
            })
            .collect();
        let mut inputs: Vec<tiles::Operand> = (pieces.iter().zip(&guards).zip(leaves))
            .map(|((piece, guard), leaf)| {
                let place = piece.within(&lo, &hi);
                let memory = match (&piece.memory, guard) {
                    (Memory::Coming, _) => tiles::Memory::Slice(&[]),
                    (Memory::Buffer(buffer), _) => tiles::Memory::Slice(bytemuck::cast_slice(buffer)),
                    (Memory::Storage(_), Some(block)) => tiles::Memory::Slice(block.bytes()),
                    // Borrowed for writing: it is what is assigned to, at the same places.
                    (Memory::Storage(_), None) => tiles::Memory::Output(last),
                };
                let strides = place.strides().expect("pieces have strides");
                tiles::Operand { memory, size: leaf.dtype().itemsize(), offset: place.offset, strides }
            })
            .collect();
        tiles::run(program, &shape, &mut inputs, &mut outputs);
    }
    if let (Some((place, storage, size)), Some(buffer)) = (&target, &packed) {
        let bytes: &[u8] = bytemuck::cast_slice(buffer);
        place.scatter_bytes(*size, storage.block.borrow_mut().bytes_mut(), &bytes[..place.len() * size]);
    }
}

/// Writes `value` into `target`, a writable view of its very shape or one that it broadcasts to, casting as C does.
/// Pending readers of the memory are computed first; what overlaps is copied first. `handles` is how many handles of
/// the value the statement itself has: a pending value that nobody else holds is computed straight into the target.
/// Collective.
///
/// # Errors
/// MemoryError, on all ranks and before anything is written.
pub fn assign(ctx: &mut Ctx, target: &Array, value: &Array, handles: usize) -> Result<()> {
    force(ctx, target)?;
    if ctx.errors.watched() && value.dtype() != target.dtype() {
        // For its errors.
        super::astype(ctx, value, target.dtype())?;
    }
    let layout = target.layout().clone();
    // Where somebody keeps the value, or it lies elsewhere, it is computed for itself.
    let mut direct = value.is_pending()
        && value.holders() <= handles
        && value.shape() == target.shape()
        && (near(value.layout(), &layout) || value.layout().everywhere);
    loop {
        if !direct {
            force(ctx, value)?;
        }
        let group = match Group::of(value, &layout, false) {
            Ok(group) => group,
            Err(first) => {
                force(ctx, &first)?;
                continue;
            }
        };
        let (mut graph, leaves, root) = group.graph(value);
        let overlaps = |leaf: &&Array| leaf.shares_storage(target) && !leaf.same_elements(target);
        if let Some(overlap) = leaves.iter().find(overlaps) {
            if value.is_pending() {
                direct = false;
                continue;
            }
            debug_assert!(overlap.is(value) || overlap.same_elements(value));
            let copy = super::copy(ctx, value)?;
            force(ctx, &copy)?;
            return assign(ctx, target, &copy, 1);
        }
        if compute_readers(ctx, target, Some(&group))? {
            continue;
        }
        let root = cast_to(&mut graph, root, value.dtype(), target.dtype());
        graph.roots.push(root);
        run_group(ctx, group, graph, leaves, &layout, Some(target))?;
        return mirror::written(ctx, target);
    }
}

/// Computes what is pending on the memory behind `target`, other than what `group` computes itself, before it is
/// written. Whether there was any. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub(crate) fn compute_readers(ctx: &mut Ctx, target: &Array, group: Option<&Group>) -> Result<bool> {
    let readers = target.view().expect("it is in memory").storage.readers.clone();
    let pending = |a: &Array| a.pending().is_some_and(|(expr, _)| !group.is_some_and(|g| g.computes(&expr)));
    let mut any = false;
    loop {
        // The latest first: what it is computed from is then often wanted by nobody else.
        let latest = readers.borrow().iter().rev().filter_map(|r| r.upgrade()).map(Array).find(pending);
        let Some(latest) = latest else { break };
        force(ctx, &latest)?;
        any = true;
    }
    readers.borrow_mut().retain(|r| r.upgrade().is_some_and(|r| Array(r).is_pending()));
    Ok(any)
}
