//! Who sends what to whom so that each rank has what it needs of an elementwise operand: positions, not addresses,
//! since operands are views. Each rank's need is a product of index sets, and ranks may need the same elements.

use crate::layout::{DimMap, IndexSet, Layout, Run};

/// Positions along each axis: their product.
pub type Positions = Vec<Vec<Run>>;

/// Elements that one rank sends to or receives from another, as positions per axis of the operand.
pub struct Parcel {
    pub rank: usize,
    pub runs: Positions,
}

/// Elements at the product of runs of positions.
pub fn count(runs: &[Vec<Run>]) -> usize {
    runs.iter().map(|runs| runs.iter().map(|r| r.len).sum::<usize>()).product()
}

/// What rank `q` needs of an operand of shape `shape`, per axis of the operand; `None` when it needs nothing.
fn needs(target: &Layout, shape: &[usize], q: usize) -> Option<Vec<IndexSet>> {
    if target.local_size(q) == 0 {
        return None;
    }
    let coords = target.coords(q)?;
    let skip = target.ndim() - shape.len();
    let need = |(d, &n): (usize, &usize)| {
        let dim = &target.dims[d + skip];
        if n == 1 && dim.size() != 1 { IndexSet::range(0, 1) } else { dim.owned(coords[d + skip]) }
    };
    Some(shape.iter().enumerate().map(need).collect())
}

/// Positions in what `from` holds and in what `to` needs, of what they share; `None` when that is nothing.
fn shared(holds: &[IndexSet], needs: &[IndexSet]) -> Option<(Positions, Positions)> {
    let mut out = (Vec::new(), Vec::new());
    for (a, b) in holds.iter().zip(needs) {
        let (in_a, in_b) = a.intersect(b);
        if in_a.is_empty() {
            return None;
        }
        out.0.push(in_a);
        out.1.push(in_b);
    }
    Some(out)
}

/// What one rank does to have its part of an operand.
pub struct Plan {
    /// Positions in what this rank holds.
    pub sends: Vec<Parcel>,
    /// Positions in what it needs; the runs of a parcel and its sender's list the same elements.
    pub recvs: Vec<Parcel>,
    /// What it holds itself: positions in what it holds and in what it needs.
    pub own: Option<(Positions, Positions)>,
    /// The shape of what it needs, if it needs anything.
    pub need: Option<Vec<usize>>,
    /// Whether other ranks may have a part in it: the same answer on all ranks.
    pub remote: bool,
}

/// The plan of rank `me` for an operand that lies in `layout` and broadcasts to the shape of `target`: what each rank
/// needs of it are the elements that its part of the target meets.
pub fn plan(layout: &Layout, target: &Layout, me: usize) -> Plan {
    let shape = layout.shape();
    let in_place = shape.len() == target.ndim() && layout.same_placement(target);
    gather(layout, &target.ranks, |q| needs(target, &shape, q), me, in_place)
}

/// The plan of rank `me` for an operand in `layout` of which each of `ranks` needs the product of the sets that `needs`
/// names, if anything. Nothing moves where all know that it lies `in_place`.
pub fn gather(
    layout: &Layout,
    ranks: &[usize],
    needs: impl Fn(usize) -> Option<Vec<IndexSet>>,
    me: usize,
    in_place: bool,
) -> Plan {
    let need = needs(me);
    let mut plan = Plan {
        sends: Vec::new(),
        recvs: Vec::new(),
        own: None,
        need: need.as_ref().map(|need| need.iter().map(IndexSet::len).collect()),
        remote: false,
    };
    let mine = layout.owned(me);
    let holds = layout.local_size(me) > 0;
    if let (true, Some(need)) = (holds, &need) {
        plan.own = shared(&mine, need);
    }
    if layout.everywhere || in_place {
        return plan;
    }
    plan.remote = true;
    if holds {
        for q in ranks.iter().copied().filter(|q| *q != me) {
            let runs = needs(q).and_then(|need| shared(&mine, &need));
            plan.sends.extend(runs.map(|(runs, _)| Parcel { rank: q, runs }));
        }
    }
    if let Some(need) = &need {
        for p in layout.ranks.iter().copied().filter(|p| *p != me && layout.local_size(*p) > 0) {
            let runs = shared(&layout.owned(p), need);
            plan.recvs.extend(runs.map(|(_, runs)| Parcel { rank: p, runs }));
        }
    }
    plan
}

/// Where both are blocks over the same grid of ranks, so that a rank lacks little more than the edges of its
/// neighbours: how many elements any rank receives, or sends, at most.
pub fn halo(layout: &Layout, target: &Layout) -> Option<usize> {
    let alike = !layout.everywhere
        && !target.everywhere
        && layout.grid == target.grid
        && layout.ranks == target.ranks
        && layout.shape() == target.shape();
    if !alike {
        return None;
    }
    // Per axis: the longest part that is needed, or held, and the most of it that lies elsewhere, or is needed there.
    let (mut needed, mut held) = ((1, 1), (1, 1));
    for (from, to) in layout.dims.iter().zip(&target.dims) {
        let mut extents = [0; 4];
        match (from, to) {
            (DimMap::Block { bounds: from }, DimMap::Block { bounds: to }) => {
                for (f, t) in from.windows(2).zip(to.windows(2)) {
                    let both = f[1].min(t[1]).saturating_sub(f[0].max(t[0]));
                    let here = [t[1] - t[0], t[1] - t[0] - both, f[1] - f[0], f[1] - f[0] - both];
                    extents.iter_mut().zip(here).for_each(|(most, n)| *most = n.max(*most));
                }
            }
            _ if from.same_placement(to) => {
                let most = (0..from.procs()).map(|q| from.local_len(q)).max().unwrap_or(0);
                extents = [most, 0, most, 0];
            }
            _ => return None,
        }
        let [need, lacks, hold, gives] = extents;
        needed = (needed.0 * need, needed.1 * (need - lacks));
        held = (held.0 * hold, held.1 * (hold - gives));
    }
    Some((needed.0 - needed.1).max(held.0 - held.1))
}
