//! Plans carried out in memory: every element arrives exactly once, at the right place, from any layout in any other.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::align::{count, plan};
use super::{Plan, reshape, traffic};
use crate::layout::{DimSpec, DistSpec, Index, Layout, Run, View, grid_coords};

/// A small generator of choices, so that one seed is one case.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn shuffled(&mut self, n: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        (1..n).for_each(|i| all.swap(i, self.roll(i + 1)));
        all
    }

    fn shape(&mut self) -> Vec<usize> {
        let ndim = self.roll(4);
        (0..ndim).map(|_| [0, 1, 1, 2, 3, 4, 5, 7, 9][self.roll(9)]).collect()
    }

    fn dim(&mut self, size: usize, procs: usize) -> DimSpec {
        match self.roll(6) {
            _ if procs == 1 && self.roll(2) == 0 => DimSpec::Whole,
            0 | 5 => DimSpec::Block,
            1 => DimSpec::Cyclic(1),
            2 => DimSpec::Cyclic(1 + self.roll(3)),
            3 => {
                let mut bounds: Vec<usize> = (1..procs).map(|_| self.roll(size + 1)).collect();
                bounds.extend([0, size]);
                bounds.sort();
                DimSpec::Bounds(bounds)
            }
            _ => {
                let mut lists = vec![Vec::new(); procs];
                for i in self.shuffled(size) {
                    lists[self.roll(procs)].push(i);
                }
                DimSpec::Unstructured(lists)
            }
        }
    }

    fn layout(&mut self, shape: &[usize], team: usize) -> Layout {
        if self.roll(6) == 0 {
            return Layout::replicated(shape, team);
        }
        let mut left = team;
        let grid: Vec<usize> = shape
            .iter()
            .map(|_| {
                let extent = 1 + self.roll(left);
                left /= extent;
                extent
            })
            .collect();
        let dims = shape.iter().zip(&grid).map(|(&size, &procs)| self.dim(size, procs)).collect();
        let targets = self.shuffled(team);
        Layout::new(shape, &DistSpec::Dims(dims), team, Some(&grid), Some(&targets)).unwrap()
    }

    fn view(&mut self, shape: &[usize]) -> View {
        let mut view = View::identity(shape);
        for _ in 0..self.roll(4) {
            let ndim = view.ndim();
            view = match self.roll(4) {
                0 => view.transpose(&self.shuffled(ndim)),
                1 => {
                    let mut wider: Vec<usize> = view.shape();
                    wider.iter_mut().for_each(|n| *n = if *n == 1 { self.roll(4) } else { *n });
                    if self.roll(2) == 0 && ndim < 4 {
                        wider.insert(0, 1 + self.roll(2));
                    }
                    view.broadcast_to(&wider).unwrap()
                }
                _ => {
                    let mut items = Vec::new();
                    for len in view.shape() {
                        items.push(match self.roll(5) {
                            0 if len > 0 => Index::Int(
                                self.roll(len) as i64 - if self.roll(2) == 0 { len as i64 } else { 0 },
                            ),
                            1 if ndim < 4 => Index::NewAxis,
                            2 => {
                                Index::Slice { start: None, stop: None, step: Some(-1 - self.roll(3) as i64) }
                            }
                            _ => {
                                let mut bound = || Some(self.roll(2 * len + 3) as i64 - len as i64 - 1);
                                let (start, stop) = (bound(), bound());
                                let step = Some([1, 1, 2, 3, -1, -2][self.roll(6)]);
                                Index::Slice { start, stop, step }
                            }
                        });
                        if matches!(items.last(), Some(Index::NewAxis)) {
                            items.push(Index::Slice { start: Some(0), stop: None, step: None });
                        }
                    }
                    view.index(&items).unwrap()
                }
            };
        }
        view
    }
}

/// Each rank's block, holding the C-order number of each element.
fn filled(layout: &Layout, team: usize) -> Vec<Vec<usize>> {
    let shape = layout.shape();
    let number = |index: Vec<usize>| index.iter().zip(&shape).fold(0, |at, (i, n)| at * n + i);
    (0..team)
        .map(|rank| match layout.holds(rank) {
            true => grid_coords(&layout.local_shape(rank))
                .map(|k| number(layout.global_of(rank, &k).unwrap()))
                .collect(),
            false => Vec::new(),
        })
        .collect()
}

/// What the view shows: the storage's element numbers, in C order of the view's shape.
fn seen(view: &View) -> Vec<usize> {
    let number = |index: Vec<usize>| index.iter().zip(&view.storage).fold(0, |at, (i, n)| at * n + i);
    grid_coords(&view.shape()).map(|index| number(view.storage_index(&index))).collect()
}

/// The elements of `block` (of shape `shape`, in C order) at the product of `runs` of positions, in C order.
fn pack(block: &[usize], shape: &[usize], runs: &[Vec<Run>]) -> Vec<usize> {
    places(shape, runs).into_iter().map(|at| block[at]).collect()
}

fn unpack(block: &mut [usize], shape: &[usize], runs: &[Vec<Run>], message: &[usize]) {
    let places = places(shape, runs);
    assert_eq!(places.len(), message.len());
    for (at, value) in places.into_iter().zip(message) {
        assert_eq!(block[at], usize::MAX, "written twice");
        block[at] = *value;
    }
}

fn places(shape: &[usize], runs: &[Vec<Run>]) -> Vec<usize> {
    let listed: Vec<Vec<usize>> = runs.iter().map(|r| r.iter().flat_map(|r| r.iter()).collect()).collect();
    let extents: Vec<usize> = listed.iter().map(Vec::len).collect();
    grid_coords(&extents)
        .map(|k| k.iter().zip(&listed).zip(shape).fold(0, |at, ((&k, list), n)| at * n + list[k]))
        .collect()
}

/// Carries the plans of all ranks out: what each has in the end of what it needs. Every message must be received.
fn align(from: &Layout, to: &Layout, old: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let plans: Vec<_> = (0..old.len()).map(|rank| plan(from, to, rank)).collect();
    let mut mail: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (rank, plan) in plans.iter().enumerate() {
        for parcel in &plan.sends {
            assert!(parcel.rank != rank && count(&parcel.runs) > 0);
            let message = pack(&old[rank], &from.local_shape(rank), &parcel.runs);
            assert!(mail.insert((rank, parcel.rank), message).is_none(), "two messages");
        }
    }
    let mut new = Vec::new();
    for (rank, plan) in plans.iter().enumerate() {
        let need = plan.need.clone().unwrap_or(vec![0]);
        let mut block = vec![usize::MAX; need.iter().product()];
        for parcel in &plan.recvs {
            let message = mail.remove(&(parcel.rank, rank)).expect("it was sent");
            unpack(&mut block, &need, &parcel.runs, &message);
        }
        if let Some((held, needed)) = &plan.own {
            let kept = pack(&old[rank], &from.local_shape(rank), held);
            unpack(&mut block, &need, needed, &kept);
        }
        new.push(block);
    }
    assert!(mail.is_empty(), "sent and not received: {:?}", mail.keys());
    new
}

/// `numbers` (C order of the whole) as each rank holds it in `layout`.
fn dealt(layout: &Layout, team: usize, numbers: &[usize]) -> Vec<Vec<usize>> {
    let whole = filled(layout, team);
    whole.into_iter().map(|block| block.into_iter().map(|k| numbers[k]).collect()).collect()
}

fn check(from: &Layout, view: &View, to: &Layout, team: usize) {
    let numbers = seen(view);
    // The view's elements lie where the storage's do.
    let lies = view.layout(from);
    let there = dealt(&lies, team, &numbers);
    for (part, held) in there.iter().zip(filled(from, team)) {
        assert!(part.iter().all(|number| held.contains(number)), "{from} by {view:?} lies as {lies}");
    }
    assert_eq!(align(&lies, to, &there), dealt(to, team, &numbers), "{from} by {view:?} to {to}");
    let bytes = traffic(&lies, to, 8, team);
    let arrive: u64 = bytes.iter().flatten().sum();
    let copies = if to.everywhere { team } else { 1 };
    assert_eq!(arrive, (8 * numbers.len() * copies) as u64, "{lies} to {to}");
}

/// An operand that lies in `from` and broadcasts to `to`'s shape: each rank gets what its part meets.
fn check_broadcast(from: &Layout, to: &Layout, team: usize) {
    let (shape, skip) = (from.shape(), to.ndim() - from.ndim());
    let mut expected = Vec::new();
    for rank in 0..team {
        let part = to.owned(rank);
        let meets: Vec<Vec<usize>> = (shape.iter().enumerate())
            .map(|(d, &n)| {
                if n == 1 && to.dims[d + skip].size() != 1 {
                    vec![0]
                } else {
                    part[d + skip].iter().collect()
                }
            })
            .collect();
        let extents: Vec<usize> = meets.iter().map(Vec::len).collect();
        let number =
            |k: Vec<usize>| k.iter().zip(&meets).zip(&shape).fold(0, |at, ((&k, list), n)| at * n + list[k]);
        expected.push(if to.local_size(rank) == 0 {
            vec![]
        } else {
            grid_coords(&extents).map(number).collect()
        });
    }
    assert_eq!(align(from, to, &filled(from, team)), expected, "{from} broadcast to {to}");
}

/// Carries the plans of a reshape out.
fn reshaped(plans: &[Plan], old: &[Vec<usize>], to: &Layout) -> Vec<Vec<usize>> {
    let take = |block: &[usize], runs: &[Run]| {
        runs.iter().flat_map(|r| r.iter()).map(|at| block[at]).collect::<Vec<_>>()
    };
    let mut mail: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (rank, plan) in plans.iter().enumerate() {
        for piece in &plan.sends {
            assert!(piece.peer != rank && !piece.is_empty());
            let twice = mail.insert((rank, piece.peer), take(&old[rank], &piece.runs));
            assert!(twice.is_none(), "two messages");
        }
    }
    let mut new: Vec<Vec<usize>> =
        (0..plans.len()).map(|rank| vec![usize::MAX; to.local_size(rank)]).collect();
    for (rank, plan) in plans.iter().enumerate() {
        let mut put = |runs: &[Run], values: Vec<usize>| {
            assert_eq!(runs.iter().map(|r| r.len).sum::<usize>(), values.len());
            for (at, value) in runs.iter().flat_map(|r| r.iter()).zip(values) {
                assert_eq!(new[rank][at], usize::MAX, "written twice");
                new[rank][at] = value;
            }
        };
        for piece in &plan.recvs {
            put(&piece.runs, mail.remove(&(piece.peer, rank)).expect("it was sent"));
        }
        if let Some((keep, place)) = &plan.local {
            put(place, take(&old[rank], keep));
        }
    }
    assert!(mail.is_empty(), "sent and not received: {:?}", mail.keys());
    new
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_view_of_any_layout_comes_into_any_layout(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let team = 1 + dice.roll(7);
        let shape = dice.shape();
        let from = dice.layout(&shape, team);
        let view = dice.view(&shape);
        let to = dice.layout(&view.shape(), team);
        check(&from, &view, &to, team);
        let identity = View::identity(&to.shape());
        let other = dice.layout(&to.shape(), team);
        check(&to, &identity, &other, team);
        check(&other, &identity, &to, team);
    }

    #[test]
    fn any_operand_broadcasts_to_any_layout(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let team = 1 + dice.roll(7);
        let whole = dice.shape();
        let mut shape = whole[dice.roll(whole.len() + 1)..].to_vec();
        shape.iter_mut().for_each(|n| *n = if dice.roll(3) == 0 { 1 } else { *n });
        let (from, to) = (dice.layout(&shape, team), dice.layout(&whole, team));
        check_broadcast(&from, &to, team);
    }

    #[test]
    fn any_layout_takes_any_shape(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let team = 1 + dice.roll(7);
        let shape = dice.shape();
        let size: usize = shape.iter().product();
        let mut left = size;
        let mut target = Vec::new();
        for _ in 0..dice.roll(3) {
            let factor = (1..=left).filter(|&f| left.is_multiple_of(f)).nth(dice.roll(3)).unwrap_or(1);
            target.push(factor);
            left /= factor;
        }
        target.push(left);
        let (from, to) = (dice.layout(&shape, team), dice.layout(&target, team));
        let plans: Vec<Plan> = (0..team).map(|rank| reshape(&from, &to, rank)).collect();
        prop_assert_eq!(reshaped(&plans, &filled(&from, team), &to), filled(&to, team), "{} to {}", from, to);
    }
}

#[test]
fn shifted_slices_of_blocks_send_only_the_boundary() {
    let spec = DistSpec::parse("b").unwrap();
    let storage = Layout::new(&[1000, 50], &spec, 4, None, None).unwrap();
    let rows = |start, stop| {
        let slice = Index::Slice { start: Some(start), stop: Some(stop), step: None };
        View::identity(&[1000, 50]).index(&[slice]).unwrap().layout(&storage)
    };
    // a[1:] + a[:-1] where a[:-1] lies: each rank but the first sends one row to its lower neighbour.
    for rank in 0..4 {
        let sends = plan(&rows(1, 1000), &rows(0, 999), rank).sends;
        let found: Vec<(usize, usize)> = sends.iter().map(|p| (p.rank, count(&p.runs))).collect();
        assert_eq!(found, if rank == 0 { vec![] } else { vec![(rank - 1, 50)] });
    }
}

#[test]
fn a_large_array_is_planned_at_once() {
    let shape = [1 << 20, 1 << 20];
    let layout = |dist: &str| Layout::new(&shape, &DistSpec::parse(dist).unwrap(), 64, None, None).unwrap();
    let moved = plan(&layout("bb"), &layout("cc"), 17);
    assert_eq!((moved.sends.len(), moved.recvs.len()), (63, 63));
    assert!(!plan(&layout("bn"), &layout("bn"), 3).remote);
}
