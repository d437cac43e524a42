//! Brings operands to a target layout: what this rank holds is read in place, the rest is exchanged.
//!
//! A rank needs of each operand the elements that its part of the target meets (operands broadcast). What other ranks
//! hold of them arrives in buffers, all operands in one exchange. Where this rank's own part and what arrives are
//! boxes (a shifted slice of a block array needs its neighbours' edges: a halo), they stay where they are, as pieces
//! that tile the target's part; otherwise they are put together in one buffer.

use std::rc::Rc;

use lang::error::Result;
use lang::layout::{Layout, Run};
use lang::plan::align::{Parcel, Plan, count, halo, plan};

use crate::array::{Array, Axis, Ghost, Place, Storage};
use crate::block::Block;
use crate::ctx::Ctx;
use crate::watch::uninterrupted;

/// A parcel's length in the exchange: parcels are padded, so that each starts aligned for any dtype.
fn padded(bytes: usize) -> usize {
    bytes.next_multiple_of(16)
}

/// Halos of at most so many bytes are kept until the array is written, and larger ones up to an eighth of a block.
const KEPT: usize = 64 << 10;

/// Above this many pieces, one buffer is cheaper than the cuts that they cause.
const MAX_PIECES: usize = 9;

/// Part of an operand: the elements of the box `lo..hi` of this rank's part of the target.
pub(crate) struct Piece {
    pub lo: Vec<usize>,
    pub hi: Vec<usize>,
    /// Of the element at `lo`, in elements.
    pub offset: isize,
    /// Per axis of the target; 0 along broadcast axes.
    pub strides: Vec<isize>,
    pub memory: Memory,
}

#[derive(Clone)]
pub(crate) enum Memory {
    Storage(Rc<Storage>),
    Buffer(Rc<Vec<u128>>),
    /// It is under way.
    Coming,
}

/// Operands that are aligned.
pub(crate) struct Aligned {
    /// Of each operand, pieces that tile this rank's part of the target.
    pub pieces: Vec<Vec<Piece>>,
    /// Whether what others hold of it had come before.
    pub kept: Vec<bool>,
}

/// What has arrived: for each parcel of each operand a buffer, and where it begins there, in bytes.
type Arrived = Vec<(Rc<Vec<u128>>, usize)>;

/// Each operand as pieces that tile this rank's part of `target`. Operands are forced (views of memory), and their
/// shapes broadcast to the target's. Collective.
///
/// # Errors
/// KeyboardInterrupt, on all ranks.
pub(crate) fn align(ctx: &mut Ctx, operands: &[&Array], target: &Layout) -> Result<Vec<Vec<Piece>>> {
    Ok(align_while(ctx, operands, target, &mut |_| ())?.pieces)
}

/// `align`; while messages are under way, and where it takes no time that is worth an interrupt, `work` is called with
/// the pieces: what is to come is marked in them (`Memory::Coming`). Collective.
///
/// # Errors
/// KeyboardInterrupt, on all ranks, but not when `work` was called.
pub(crate) fn align_while(
    ctx: &mut Ctx,
    operands: &[&Array],
    target: &Layout,
    work: &mut dyn FnMut(&[Vec<Piece>]),
) -> Result<Aligned> {
    let me = ctx.comm.rank();
    if let Some(pieces) = in_place(operands, target, me) {
        return Ok(Aligned { kept: vec![false; pieces.len()], pieces });
    }
    let mut plans: Vec<Plan> = operands.iter().map(|a| plan(a.layout(), target, me)).collect();
    // What is kept of an earlier exchange need not come again: so it is on all ranks, or on none.
    let ghosts: Vec<Option<Vec<Rc<Vec<u128>>>>> = operands
        .iter()
        .zip(&mut plans)
        .map(|(array, plan)| {
            let view = array.view().expect("operands are forced");
            let ghost = view.storage.ghost(&array.inner().strided, array.layout(), target);
            let ghost = ghost.filter(|_| plan.remote);
            if ghost.is_some() {
                plan.sends.clear();
                plan.remote = false;
            }
            ghost
        })
        .collect();
    let halos: Vec<Option<usize>> = operands.iter().map(|a| halo(a.layout(), target)).collect();
    let moved = |(array, halo): (&&Array, &Option<usize>)| match halo {
        Some(edges) => *edges,
        None if array.layout().same_placement(target) => 0,
        None => ctx.largest_share(target),
    };
    let worth: Vec<bool> = operands.iter().zip(&halos).map(|(a, halo)| is_worth(ctx, a, *halo)).collect();
    let elements = operands.iter().zip(&halos).map(moved).fold(0, usize::saturating_add);
    let watch = ctx.watch(elements.saturating_mul(8));
    let local = target.local_shape(me);
    let pieces = |arrived: Option<Arrived>| -> Vec<Vec<Piece>> {
        let mut arrived = arrived.map(Vec::into_iter);
        let all = operands.iter().zip(&plans).zip(&ghosts);
        all.map(|((array, plan), ghost)| {
            let parcels: Option<Arrived> = match ghost {
                Some(parcels) => Some(parcels.iter().map(|p| (p.clone(), 0)).collect()),
                None => arrived.as_mut().map(|all| all.take(plan.recvs.len()).collect()),
            };
            match &plan.need {
                None => Vec::new(),
                Some(need) => assemble(array, plan, need, parcels.as_ref(), me)
                    .into_iter()
                    .map(|piece| broadcast(piece, array.shape(), target, &local))
                    .collect(),
            }
        })
        .collect()
    };
    let received = if plans.iter().any(|p| p.remote) {
        let sent = |(array, halo): (&&Array, &Option<usize>)| match halo {
            Some(edges) => edges.saturating_mul(array.dtype().itemsize()),
            None => most_moved(ctx, array, target),
        };
        let most = operands.iter().zip(&halos).map(sent).fold(0, usize::saturating_add);
        let part = |(ghost, worth): (&Option<_>, &bool)| match (ghost, worth) {
            (Some(_), _) => Part::None,
            (None, true) => Part::Whole,
            (None, false) => Part::Stoppable,
        };
        let parts: Vec<Part> = ghosts.iter().zip(&worth).map(part).collect();
        let short = !watch.is_long();
        exchange(ctx, operands, &plans, &parts, me, most, &mut || {
            if short {
                work(&pieces(None));
            }
        })?
    } else {
        Vec::new()
    };
    let fresh = received.clone();
    let pieces = pieces(Some(received));
    ctx.end(watch)?;
    keep(operands, &plans, &ghosts, &worth, target, fresh);
    Ok(Aligned { pieces, kept: ghosts.iter().map(Option::is_some).collect() })
}

/// The operands where they lie, if all lie in `target` itself: the most common case, and nothing to plan. All ranks say
/// the same.
fn in_place(operands: &[&Array], target: &Layout, me: usize) -> Option<Vec<Vec<Piece>>> {
    if operands.iter().any(|a| **a.layout() != *target) {
        return None;
    }
    let local = target.local_shape(me);
    let piece = |array: &&Array| {
        let view = array.view().expect("operands are forced");
        let place = view.place(me);
        let strides = place.strides()?;
        let memory = Memory::Storage(view.storage.clone());
        Some(vec![Piece {
            lo: vec![0; local.len()],
            hi: local.clone(),
            offset: place.offset,
            strides,
            memory,
        }])
    };
    if local.contains(&0) {
        return Some(operands.iter().map(|_| Vec::new()).collect());
    }
    operands.iter().map(piece).collect()
}

/// Whether a halo is kept: all ranks say the same.
fn is_worth(ctx: &Ctx, array: &Array, halo: Option<usize>) -> bool {
    let size = array.dtype().itemsize();
    let most = KEPT.max(ctx.largest_share(array.layout()).saturating_mul(size) / 8);
    halo.is_some_and(|edges| edges.saturating_mul(size) <= most)
}

/// How an operand takes part in an exchange.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    None,
    /// What is sent may be left unfinished (`engines::watch`).
    Stoppable,
    /// It is kept by those who receive it, and whole whatever happens.
    Whole,
}

/// Keeps what has come of halos that are worth it.
fn keep(
    operands: &[&Array],
    plans: &[Plan],
    ghosts: &[Option<Vec<Rc<Vec<u128>>>>],
    worth: &[bool],
    target: &Layout,
    received: Arrived,
) {
    let mut received = received.into_iter();
    for (((array, plan), ghost), worth) in operands.iter().zip(plans).zip(ghosts).zip(worth) {
        if ghost.is_some() {
            continue;
        }
        let arrived: Arrived = received.by_ref().take(plan.recvs.len()).collect();
        if !(*worth && plan.remote) {
            continue;
        }
        let size = array.dtype().itemsize();
        let view = array.view().expect("operands are forced");
        let strided = array.inner().strided.clone();
        if view.storage.ghost(&strided, array.layout(), target).is_some() {
            continue;
        }
        // Of its own: the buffers hold parcels of other operands too.
        let own = |(parcel, (buffer, at)): (&Parcel, (Rc<Vec<u128>>, usize))| {
            let words = padded(count(&parcel.runs) * size) / 16;
            Rc::new(buffer[at / 16..at / 16 + words].to_vec())
        };
        let parcels = plan.recvs.iter().zip(arrived).map(own).collect();
        let (layout, target) = (array.layout().clone(), target.clone());
        view.storage.keep(Ghost { strided, layout, target, parcels });
    }
}

/// What this rank needs of each operand by its plan, contiguous in C order; no rank sends or receives more than `most`
/// bytes, by an estimate that all make alike. Operands are forced. Collective.
///
/// # Errors
/// KeyboardInterrupt, on all ranks.
pub(crate) fn gather(ctx: &mut Ctx, operands: &[&Array], plans: &[Plan], most: usize) -> Result<Vec<Block>> {
    let me = ctx.comm.rank();
    let received = match plans.iter().any(|p| p.remote) {
        true => exchange(ctx, operands, plans, &vec![Part::Stoppable; plans.len()], me, most, &mut || ())?,
        false => Vec::new(),
    };
    let mut arrived = received.into_iter();
    let mut blocks = Vec::with_capacity(operands.len());
    for (array, plan) in operands.iter().zip(plans) {
        let parcels: Arrived = arrived.by_ref().take(plan.recvs.len()).collect();
        let shape = plan.need.as_deref().unwrap_or(&[0]);
        let mut block = Block::zeros(array.dtype(), shape.iter().product());
        if plan.need.is_some() {
            pack(&assemble(array, plan, shape, Some(&parcels), me), shape, &mut block);
        }
        blocks.push(block);
    }
    Ok(blocks)
}

/// Copies pieces that tile an array of this shape into a block, in C order.
pub(crate) fn pack(pieces: &[Piece], shape: &[usize], block: &mut Block) {
    let size = block.dtype().itemsize();
    let whole = Place::whole(shape);
    for piece in pieces {
        let (from, to) = (piece.within(&piece.lo, &piece.hi), whole.window(&piece.lo, &piece.hi));
        let mut put = |memory: &[u8]| match to.contiguous() {
            Some(at) => {
                let range = at * size..(at + to.len()) * size;
                from.gather_bytes(size, memory, &mut block.bytes_mut()[range]);
            }
            None => {
                let mut packed = vec![0; from.len() * size];
                from.gather_bytes(size, memory, &mut packed);
                to.scatter_bytes(size, block.bytes_mut(), &packed);
            }
        };
        match &piece.memory {
            Memory::Storage(storage) => put(storage.block.borrow().bytes()),
            Memory::Buffer(buffer) => put(bytemuck::cast_slice(buffer)),
            Memory::Coming => {}
        }
    }
}

/// One exchange for all operands that take part in it; where each parcel begins (in bytes) in what arrived, by operand
/// and parcel. `work` is done meanwhile, unless the exchange may be interrupted.
fn exchange(
    ctx: &mut Ctx,
    operands: &[&Array],
    plans: &[Plan],
    parts: &[Part],
    me: usize,
    most: usize,
    work: &mut dyn FnMut(),
) -> Result<Arrived> {
    let team = ctx.comm.size();
    let mut outgoing: Vec<Vec<u8>> = vec![Vec::new(); team];
    let mut incoming: Vec<usize> = vec![0; team];
    let mut starts = Vec::new();
    let all = operands.iter().zip(plans).zip(parts);
    for ((array, plan), part) in all.filter(|(_, part)| **part != Part::None) {
        let size = array.dtype().itemsize();
        let view = array.view().expect("operands are forced");
        let place = view.place(me);
        let block = view.storage.block.borrow();
        for parcel in &plan.sends {
            let bytes = count(&parcel.runs) * size;
            let out = &mut outgoing[parcel.rank];
            let at = out.len();
            out.resize(at + padded(bytes), 0);
            let mut fill =
                || place.select(&parcel.runs).gather_bytes(size, block.bytes(), &mut out[at..at + bytes]);
            match part {
                Part::Whole => uninterrupted(fill),
                _ => fill(),
            }
        }
        for parcel in &plan.recvs {
            starts.push((parcel.rank, incoming[parcel.rank]));
            incoming[parcel.rank] += padded(count(&parcel.runs) * size);
        }
    }
    let mut buffers: Vec<Vec<u128>> = incoming.iter().map(|bytes| vec![0; bytes / 16]).collect();
    let sends: Vec<(usize, &[u8])> =
        outgoing.iter().enumerate().filter(|(_, b)| !b.is_empty()).map(|(q, b)| (q, &b[..])).collect();
    let mut recvs: Vec<(usize, &mut [u8])> = buffers
        .iter_mut()
        .enumerate()
        .filter(|(_, b)| !b.is_empty())
        .map(|(p, b)| (p, bytemuck::cast_slice_mut(b)))
        .collect();
    match ctx.is_long(most) {
        true => ctx.exchange_long(&sends, &mut recvs, most)?,
        false => ctx.exchange_while(&sends, &mut recvs, work),
    }
    let buffers: Vec<Rc<Vec<u128>>> = buffers.into_iter().map(Rc::new).collect();
    Ok(starts.into_iter().map(|(p, at)| (buffers[p].clone(), at)).collect())
}

/// A bound on the bytes of an operand that any rank sends or receives, the same on all ranks.
fn most_moved(ctx: &Ctx, array: &Array, target: &Layout) -> usize {
    // An element that several ranks need is sent to each.
    let shared = target.everywhere || array.size() < target.size();
    let copies = if shared { ctx.comm.size() } else { 1 };
    let sent = ctx.largest_share(array.layout()).saturating_mul(copies);
    sent.max(ctx.largest_share(target)).saturating_mul(array.dtype().itemsize())
}

/// The bounds of a box given as positions, if it is one.
fn as_box(runs: &[Vec<Run>]) -> Option<(Vec<usize>, Vec<usize>)> {
    runs.iter()
        .map(|runs| match runs[..] {
            [Run { start, step: 1, len }] => Some((start, start + len)),
            _ => None,
        })
        .collect::<Option<Vec<_>>>()
        .map(|bounds| bounds.into_iter().unzip())
}

/// Pieces in coordinates of the operand's need; `parcels` is `None` while they are under way.
fn assemble(array: &Array, plan: &Plan, need: &[usize], parcels: Option<&Arrived>, me: usize) -> Vec<Piece> {
    let size = array.dtype().itemsize();
    let view = array.view().expect("operands are forced");
    let own = plan.own.as_ref().map(|(held, needed)| (view.place(me).select(held), needed));

    let in_pieces = || -> Option<Vec<Piece>> {
        let mut pieces = Vec::new();
        if let Some((place, needed)) = &own {
            let (lo, hi) = as_box(needed)?;
            let memory = Memory::Storage(view.storage.clone());
            pieces.push(Piece { lo, hi, offset: place.offset, strides: place.strides()?, memory });
        }
        for (i, parcel) in plan.recvs.iter().enumerate() {
            let (lo, hi) = as_box(&parcel.runs)?;
            let shape: Vec<usize> = lo.iter().zip(&hi).map(|(l, h)| h - l).collect();
            let strides = crate::array::c_strides(&shape);
            let (memory, at) = match parcels.and_then(|all| all.get(i)) {
                Some((buffer, at)) => (Memory::Buffer(buffer.clone()), *at),
                None => (Memory::Coming, 0),
            };
            pieces.push(Piece { lo, hi, offset: (at / size) as isize, strides, memory });
        }
        Some(pieces)
    };
    if plan.recvs.len() < MAX_PIECES
        && let Some(pieces) = in_pieces()
    {
        return pieces;
    }

    let shape = need.to_vec();
    let strides = crate::array::c_strides(&shape);
    let whole_piece = |shape: Vec<usize>, memory| Piece {
        lo: vec![0; shape.len()],
        hi: shape,
        offset: 0,
        strides: strides.clone(),
        memory,
    };
    let Some(parcels) = parcels else {
        return vec![whole_piece(shape, Memory::Coming)];
    };
    let len: usize = shape.iter().product();
    let mut buffer = vec![0u128; (len * size).div_ceil(16)];
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut buffer);
    let whole = Place::whole(&shape);
    if let Some((place, needed)) = &own {
        let mut packed = vec![0; place.len() * size];
        place.gather_bytes(size, view.storage.block.borrow().bytes(), &mut packed);
        whole.select(needed).scatter_bytes(size, bytes, &packed);
    }
    for (parcel, (from, at)) in plan.recvs.iter().zip(parcels) {
        let from: &[u8] = bytemuck::cast_slice(from);
        let place = whole.select(&parcel.runs);
        place.scatter_bytes(size, bytes, &from[*at..*at + place.len() * size]);
    }
    vec![whole_piece(shape, Memory::Buffer(Rc::new(buffer)))]
}

/// A piece of the operand's need as a piece of the target's part: broadcast axes get stride 0 and the full extent.
fn broadcast(piece: Piece, shape: &[usize], target: &Layout, local: &[usize]) -> Piece {
    let skip = local.len() - shape.len();
    let mut out = Piece {
        lo: vec![0; local.len()],
        hi: local.to_vec(),
        offset: piece.offset,
        strides: vec![0; local.len()],
        memory: piece.memory,
    };
    for (d, &n) in shape.iter().enumerate() {
        if !(n == 1 && target.dims[d + skip].size() != 1) {
            out.lo[d + skip] = piece.lo[d];
            out.hi[d + skip] = piece.hi[d];
            out.strides[d + skip] = piece.strides[d];
        }
    }
    out
}

impl Piece {
    /// The piece's elements in the box `lo..hi`, which it contains.
    pub fn within(&self, lo: &[usize], hi: &[usize]) -> Place {
        let offset = self.offset
            + lo.iter()
                .zip(&self.lo)
                .zip(&self.strides)
                .map(|((l, start), s)| (l - start) as isize * s)
                .sum::<isize>();
        let axes =
            lo.iter().zip(hi).zip(&self.strides).map(|((l, h), &stride)| Axis::Step { len: h - l, stride });
        Place { offset, axes: axes.collect() }
    }

    pub fn contains(&self, lo: &[usize], hi: &[usize]) -> bool {
        self.lo.iter().zip(lo).all(|(a, b)| a <= b) && self.hi.iter().zip(hi).all(|(a, b)| a >= b)
    }
}

/// The boxes into which the bounds of all pieces cut a part of shape `local`, each with no bound inside.
pub(crate) fn boxes(local: &[usize], operands: &[Vec<Piece>]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut out = vec![(Vec::new(), Vec::new())];
    for (d, &n) in local.iter().enumerate() {
        let mut cuts: Vec<usize> = vec![0, n];
        cuts.extend(operands.iter().flatten().flat_map(|p| [p.lo[d], p.hi[d]]));
        cuts.sort_unstable();
        cuts.dedup();
        out = out
            .iter()
            .flat_map(|(lo, hi): &(Vec<usize>, Vec<usize>)| {
                cuts.windows(2).map(move |w| ([&lo[..], &[w[0]]].concat(), [&hi[..], &[w[1]]].concat()))
            })
            .collect();
    }
    out
}
