//! Plans carried out in memory: every element arrives exactly once, at the right place, from any layout in any other.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Plan, redistribute, reshape, traffic};
use crate::layout::{DimSpec, DistSpec, Index, Layout, Region, View, grid_coords};

/// A small generator of choices, so that one seed is one case.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn shuffled(&mut self, n: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        (1..n).for_each(|i| all.swap(i, self.roll(i + 1)));
        all
    }

    fn shape(&mut self) -> Vec<usize> {
        let ndim = self.roll(4);
        (0..ndim)
            .map(|_| [0, 1, 1, 2, 3, 4, 5, 7, 9][self.roll(9)])
            .collect()
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
        let dims = shape
            .iter()
            .zip(&grid)
            .map(|(&size, &procs)| self.dim(size, procs))
            .collect();
        let targets = self.shuffled(team);
        Layout::new(
            shape,
            &DistSpec::Dims(dims),
            team,
            Some(&grid),
            Some(&targets),
        )
        .unwrap()
    }

    fn view(&mut self, shape: &[usize]) -> View {
        let mut view = View::identity(shape);
        for _ in 0..self.roll(4) {
            let ndim = view.ndim();
            view = match self.roll(4) {
                0 => view.transpose(&self.shuffled(ndim)),
                1 => {
                    let mut wider: Vec<usize> = view.shape();
                    wider
                        .iter_mut()
                        .for_each(|n| *n = if *n == 1 { self.roll(4) } else { *n });
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
                                self.roll(len) as i64
                                    - if self.roll(2) == 0 { len as i64 } else { 0 },
                            ),
                            1 if ndim < 4 => Index::NewAxis,
                            2 => Index::Slice {
                                start: None,
                                stop: None,
                                step: Some(-1 - self.roll(3) as i64),
                            },
                            _ => {
                                let mut bound =
                                    || Some(self.roll(2 * len + 3) as i64 - len as i64 - 1);
                                let (start, stop) = (bound(), bound());
                                let step = Some([1, 1, 2, 3, -1, -2][self.roll(6)]);
                                Index::Slice { start, stop, step }
                            }
                        });
                        if matches!(items.last(), Some(Index::NewAxis)) {
                            items.push(Index::Slice {
                                start: Some(0),
                                stop: None,
                                step: None,
                            });
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
    let number = |index: Vec<usize>| {
        index
            .iter()
            .zip(&view.storage)
            .fold(0, |at, (i, n)| at * n + i)
    };
    grid_coords(&view.shape())
        .map(|index| number(view.storage_index(&index)))
        .collect()
}

fn pack(block: &[usize], region: &Region) -> Vec<usize> {
    let mut message = vec![usize::MAX; region.message_len()];
    region.for_each_run(|at, places, repeat| {
        for (k, place) in places.iter().enumerate() {
            message[at + if repeat { 0 } else { k }] = block[place];
        }
    });
    message
}

fn unpack(block: &mut [usize], region: &Region, message: &[usize]) {
    assert_eq!(region.message_len(), message.len());
    region.for_each_run(|at, places, repeat| {
        for (k, place) in places.iter().enumerate() {
            assert_eq!(block[place], usize::MAX, "written twice");
            block[place] = message[at + if repeat { 0 } else { k }];
        }
    });
}

/// Carries the plans out; every message sent must be received.
fn run(plans: &[Plan], old: &[Vec<usize>], to: &Layout) -> Vec<Vec<usize>> {
    let mut mail: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (rank, plan) in plans.iter().enumerate() {
        for piece in &plan.sends {
            assert!(piece.peer != rank && !piece.region.is_empty());
            let twice = mail.insert((rank, piece.peer), pack(&old[rank], &piece.region));
            assert!(
                twice.is_none(),
                "two messages from {rank} to {}",
                piece.peer
            );
        }
    }
    let mut new: Vec<Vec<usize>> = (0..plans.len())
        .map(|rank| vec![usize::MAX; to.local_size(rank)])
        .collect();
    for (rank, plan) in plans.iter().enumerate() {
        for piece in &plan.recvs {
            let message = mail.remove(&(piece.peer, rank)).expect("it was sent");
            unpack(&mut new[rank], &piece.region, &message);
        }
        if let Some((keep, take)) = &plan.local {
            unpack(&mut new[rank], take, &pack(&old[rank], keep));
        }
    }
    assert!(mail.is_empty(), "sent and not received: {:?}", mail.keys());
    new
}

/// `numbers` (C order of the whole) as each rank holds it in `layout`.
fn dealt(layout: &Layout, team: usize, numbers: &[usize]) -> Vec<Vec<usize>> {
    filled(layout, team)
        .into_iter()
        .map(|block| block.into_iter().map(|k| numbers[k]).collect())
        .collect()
}

fn check(from: &Layout, view: &View, to: &Layout, team: usize) {
    let plans: Vec<Plan> = (0..team)
        .map(|rank| redistribute(from, view, to, rank))
        .collect();
    let old = filled(from, team);
    assert_eq!(
        run(&plans, &old, to),
        dealt(to, team, &seen(view)),
        "{from} by {view:?} to {to}"
    );

    let bytes = traffic(from, view, to, 8, team);
    for (rank, plan) in plans.iter().enumerate() {
        let sent: u64 = (0..team)
            .filter(|&p| p != rank)
            .map(|p| bytes[rank][p])
            .sum();
        assert_eq!(sent, 8 * plan.elements_sent() as u64);
    }

    // Where the view's elements lie, without moving.
    let lies = view.layout(from);
    let expected = dealt(&lies, team, &seen(view));
    for rank in 0..team {
        match view.local(from, rank) {
            Some(region) => {
                assert_eq!(region.shape(), lies.local_shape(rank));
                assert_eq!(
                    pack(&old[rank], &region),
                    expected[rank],
                    "{from} by {view:?} lies as {lies} on {rank}"
                );
                if let Some((first, strides)) = region.strided() {
                    let place = |k: Vec<usize>| {
                        k.iter()
                            .zip(&strides)
                            .fold(first as isize, |at, (&i, s)| at + i as isize * s)
                            as usize
                    };
                    let by_strides: Vec<usize> = grid_coords(&region.shape())
                        .map(|k| old[rank][place(k)])
                        .collect();
                    assert_eq!(by_strides, expected[rank]);
                }
                if let Some(range) = region.as_range() {
                    assert_eq!(&old[rank][range], expected[rank]);
                }
            }
            None => assert!(expected[rank].is_empty()),
        }
    }
    // To where it lies, nothing moves.
    for rank in 0..team {
        assert!(
            redistribute(from, view, &lies, rank).is_local(),
            "{from} by {view:?} to {lies}"
        );
    }
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
        prop_assert_eq!(run(&plans, &filled(&from, team), &to), filled(&to, team), "{} to {}", from, to);
    }
}

#[test]
fn shifted_slices_of_blocks_send_only_the_boundary() {
    let spec = DistSpec::parse("b").unwrap();
    let storage = Layout::new(&[1000, 50], &spec, 4, None, None).unwrap();
    let rows = |start, stop| {
        let slice = Index::Slice {
            start: Some(start),
            stop: Some(stop),
            step: None,
        };
        View::identity(&[1000, 50]).index(&[slice]).unwrap()
    };
    // a[1:] + a[:-1] where a[:-1] lies: each rank but the first sends one row to its lower neighbour.
    let to = rows(0, 999).layout(&storage);
    for rank in 0..4 {
        let plan = redistribute(&storage, &rows(1, 1000), &to, rank);
        assert_eq!(plan.elements_sent(), if rank == 0 { 0 } else { 50 });
        assert_eq!(
            plan.sends.iter().map(|p| p.peer).collect::<Vec<_>>(),
            (1..4)
                .filter(|&r| r == rank)
                .map(|r| r - 1)
                .collect::<Vec<_>>()
        );
        assert!(
            plan.sends.iter().all(|p| p.region.as_range().is_some()),
            "a row is one piece of memory"
        );
    }
}

#[test]
fn a_large_array_is_planned_at_once() {
    let shape = [1 << 20, 1 << 20];
    let layout =
        |dist: &str| Layout::new(&shape, &DistSpec::parse(dist).unwrap(), 64, None, None).unwrap();
    let plan = redistribute(&layout("bb"), &View::identity(&shape), &layout("cc"), 17);
    assert_eq!((plan.sends.len(), plan.recvs.len()), (63, 63));
    assert!(redistribute(&layout("bn"), &View::identity(&shape), &layout("bn"), 3).is_local());
}
