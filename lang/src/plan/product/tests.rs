//! Products carried out by their plans, in memory, and which way is chosen for what.

use super::*;
use crate::layout::DistSpec;
use crate::plan::align::gather;

fn lies(shape: &[usize], spec: &str, team: usize) -> Layout {
    Layout::new(shape, &DistSpec::parse(spec).unwrap(), team, None, None).unwrap()
}

/// The layouts of `(m, k) @ (k, n)` as faces.
fn faces(left: &Layout, right: &Layout) -> (Layout, Layout) {
    let with = |face: &Layout, axis: usize| {
        let mut face = face.clone();
        face.dims.insert(axis, DimMap::Whole { size: 1 });
        face.grid.insert(axis, 1);
        face
    };
    (with(left, left.ndim()), with(right, right.ndim() - 2))
}

fn chosen(left: &Layout, right: &Layout, team: usize) -> Way {
    let (left, right) = faces(left, right);
    choose(Faces { left: &left, right: &right }, team, true)
}

fn value(face: usize, at: [usize; 2]) -> i64 {
    ((at[0] * 7 + at[1] * 3 + face) % 11) as i64 - 4
}

/// Every multiplication is done once, by a rank that has received what it needs, and nobody sends what nobody expects.
fn check(way: &Way, left: &Layout, right: &Layout, team: usize) {
    let shape = way.space.shape();
    let mut result = vec![0i64; shape[0] * shape[2]];
    for step in 0..way.steps() {
        for rank in 0..team {
            let received = |face: &Layout| {
                let plan = |q| gather(face, &way.space.ranks, |r| way.needs(face, r, step), q, false);
                let mine = plan(rank);
                let mut count: usize = mine.own.as_ref().map_or(0, |(held, _)| super::count(held));
                for parcel in &mine.recvs {
                    let theirs = plan(parcel.rank);
                    let sent = theirs.sends.iter().find(|sent| sent.rank == rank).expect("it is sent");
                    assert_eq!(super::count(&sent.runs), super::count(&parcel.runs));
                    count += super::count(&parcel.runs);
                }
                count
            };
            let needed = |face: &Layout| -> usize {
                way.needs(face, rank, step).map_or(0, |need| need.iter().map(IndexSet::len).product())
            };
            for face in [left, right] {
                assert_eq!(received(face), needed(face), "{} of {}", face.describe(), way.describe());
            }
            let Some(part) = way.part(rank, step) else { continue };
            for (i, l) in part[0].iter().flat_map(|i| part[1].iter().map(move |l| (i, l))) {
                for j in part[2].iter() {
                    result[i * shape[2] + j] += value(0, [i, l]) * value(1, [l, j]);
                }
            }
        }
    }
    for (i, j) in (0..shape[0]).flat_map(|i| (0..shape[2]).map(move |j| (i, j))) {
        let want: i64 = (0..shape[1]).map(|l| value(0, [i, l]) * value(1, [l, j])).sum();
        assert_eq!(result[i * shape[2] + j], want, "{}", way.describe());
    }
}

#[test]
fn every_way_of_any_layouts() {
    let specs = ["bn", "nb", "bb", "cn", "nc", "cb", "bc2b", "r", "nn"];
    for team in [1, 2, 3, 4, 6] {
        for [m, k, n] in [[7, 5, 6], [1, 9, 4], [3, 0, 2], [2, 8, 1], [1, 5, 1], [4, 3, 0]] {
            for (x, y) in specs.iter().flat_map(|x| specs.iter().map(move |y| (x, y))) {
                let (left, right) = faces(&lies(&[m, k], x, team), &lies(&[k, n], y, team));
                let both = Faces { left: &left, right: &right };
                for space in spaces(both, team) {
                    let way = Way::new(both, space);
                    check(&way, &left, &right, team);
                    // Panels of any number, as those of large arrays.
                    let steps = (team + 1).min(way.space.dims[way.axis].size().max(1));
                    let extent = way.space.dims[way.axis].size();
                    let cuts = (0..=steps).map(|t| extent * t / steps).collect();
                    check(&Way { cuts, ..way }, &left, &right, team);
                }
            }
        }
    }
}

#[test]
fn the_cheapest_way() {
    let large = 4096;
    let square = |spec| lies(&[large, large], spec, 16);
    let says = |way: Way, what: &str| assert!(way.describe().starts_with(what), "{}", way.describe());
    // On a grid, and from rows to a grid: three eighths of what goes round in a ring of rows.
    says(
        chosen(&square("bb"), &square("bb"), 16),
        "on a grid: the operands come to 4x4 blocks of the result in 4",
    );
    says(chosen(&square("bn"), &square("bn"), 16), "on a grid: the operands come to 4x4");
    says(chosen(&square("bn"), &square("r"), 16), "by rows");
    says(chosen(&square("r"), &square("nb"), 16), "by columns");
    // The result of cyclic operands is cyclic: nothing is rearranged first.
    let cyclic = lies(&[large, large], "cc", 16);
    assert_eq!(chosen(&cyclic, &cyclic, 16).result().letters(), ["c", "c"]);
    // Tall and skinny ones are never moved.
    let tall = lies(&[1 << 20, 8], "bn", 16);
    says(chosen(&lies(&[8, 1 << 20], "nb", 16), &tall, 16), "by the inner axis");
    says(chosen(&tall, &lies(&[8, 8], "r", 16), 16), "by rows");
    // A matrix on a grid stays where it lies when it meets a vector.
    says(chosen(&square("bb"), &lies(&[large, 1], "bn", 16), 16), "the left operand stays on 4x4");
    says(chosen(&lies(&[1, large], "nb", 16), &square("bb"), 16), "the right operand stays on 4x4");
}

#[test]
fn a_rank_holds_its_share_and_a_panel() {
    for team in [4usize, 6, 16, 36, 64, 256] {
        for [m, k, n] in [[4096, 4096, 4096], [8192, 512, 8192], [512, 1 << 16, 512], [1 << 16, 64, 4096]] {
            for (x, y) in [("bb", "bb"), ("bn", "bn"), ("nb", "bn"), ("cn", "bb")] {
                let way = chosen(&lies(&[m, k], x, team), &lies(&[k, n], y, team), team);
                let share = (m * k + k * n + m * n) / team;
                for (rank, step) in [(0, 0), (team / 2, way.steps() / 2), (team - 1, way.steps() - 1)] {
                    let Some(part) = way.part(rank, step) else { continue };
                    let [rows, inner, columns] = [part[0].len(), part[1].len(), part[2].len()];
                    let holds = rows * inner + inner * columns + rows * columns;
                    assert!(holds <= 3 * share + PANEL, "{holds} of {share}: {} on {team}", way.describe());
                }
            }
        }
    }
}

#[test]
fn a_stack_is_multiplied_where_it_lies() {
    let stack = |spec| lies(&[64, 32, 32], spec, 4);
    let way = chosen(&stack("bnn"), &stack("bnn"), 4);
    assert_eq!((way.space.grid.as_slice(), way.steps()), (&[4, 1, 1, 1][..], 1));
    let (left, right) = faces(&stack("bnn"), &stack("bnn"));
    let both = Faces { left: &left, right: &right };
    assert!((0..4).all(|rank| way.received(both, rank) == (0, 0)));
    // Cut in two ways at once.
    let way = chosen(&stack("bbn"), &stack("bnn"), 4);
    assert_eq!(way.space.ranks.len(), 4);
}
