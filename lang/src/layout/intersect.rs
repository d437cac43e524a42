//! Intersections of index sets and their images under slices, by arithmetic rather than by listing.

use super::{IndexSet, Run};

/// The common elements of two runs: their positions in `a` and their positions in `b`, in the order of `b`.
pub fn intersect_runs(a: &Run, b: &Run) -> Option<(Run, Run)> {
    if a.len == 0 || b.len == 0 {
        return None;
    }
    let (lo, hi) = a.span();
    let (lo, hi) = (lo as i128, hi as i128);
    let (a_start, a_step) = (a.start as i128, a.step as i128);
    let (b_start, b_step) = (b.start as i128, b.step as i128);
    // Positions y in b whose value lies within the span of a.
    let (first, last) = if b_step > 0 {
        (ceil_div(lo - b_start, b_step), (hi - b_start).div_euclid(b_step))
    } else {
        (ceil_div(b_start - hi, -b_step), (b_start - lo).div_euclid(-b_step))
    };
    let (first, last) = (first.max(0), last.min(b.len as i128 - 1));
    // b_start + b_step * y = a_start (mod a_step): y is known modulo `period`.
    let modulus = a_step.abs();
    let (g, inverse) = gcd_inverse(b_step.rem_euclid(modulus), modulus);
    let gap = a_start - b_start;
    if gap % g != 0 {
        return None;
    }
    let period = modulus / g;
    let solution = ((gap / g).rem_euclid(period) * inverse.rem_euclid(period)).rem_euclid(period);
    let y = first + (solution - first).rem_euclid(period);
    if y > last {
        return None;
    }
    let len = ((last - y) / period + 1) as usize;
    let x = (b_start + b_step * y - a_start) / a_step;
    let x_step = b_step * period / a_step;
    Some((Run::new(x as usize, x_step as isize, len), Run::new(y as usize, period as isize, len)))
}

fn ceil_div(a: i128, b: i128) -> i128 {
    -(-a).div_euclid(b)
}

/// The greatest common divisor `g` of `a` and `m > 0`, and `x` with `a * x = g (mod m)`.
fn gcd_inverse(a: i128, m: i128) -> (i128, i128) {
    let (mut r0, mut r1, mut x0, mut x1) = (m, a, 0, 1);
    while r1 != 0 {
        let q = r0 / r1;
        (r0, r1) = (r1, r0 - q * r1);
        (x0, x1) = (x1, x0 - q * x1);
    }
    (r0, x0)
}

impl IndexSet {
    /// The common indices of both, as positions in `self` and positions in `other`, in the local order of `other`.
    /// The runs of the two lists pair up, equal in length.
    pub fn intersect(&self, other: &IndexSet) -> (Vec<Run>, Vec<Run>) {
        let (mut mine, mut theirs): (Vec<Run>, Vec<Run>) = Default::default();
        let mut found = |i: usize, b: &Run, before: usize| {
            let Some((mut x, mut y)) = intersect_runs(&self.runs()[i], b) else {
                return;
            };
            x.start += self.before(i);
            y.start += before;
            if let (Some(lx), Some(ly)) = (mine.last_mut(), theirs.last_mut())
                && let (Some(jx), Some(jy)) = (lx.join(&x), ly.join(&y))
            {
                (*lx, *ly) = (jx, jy);
            } else {
                mine.push(x);
                theirs.push(y);
            }
        };
        for (j, b) in other.runs().iter().enumerate() {
            let (lo, hi) = b.span();
            let from = self.first_reaching(lo);
            let overlapping = (from..self.runs().len())
                .map(|nth| self.nth_by_span(nth))
                .take_while(|&i| self.runs()[i].span().0 <= hi);
            if b.step > 0 {
                overlapping.for_each(|i| found(i, b, other.before(j)));
            } else {
                overlapping.collect::<Vec<_>>().into_iter().rev().for_each(|i| found(i, b, other.before(j)));
            }
        }
        (mine, theirs)
    }

    /// What a slice `start, start+step, ...` of `len` elements sees of the set: the positions within the slice of
    /// the indices that fall on it, in local order, and their local positions.
    pub fn slice(&self, start: usize, step: isize, len: usize) -> (IndexSet, Vec<Run>) {
        let slice = IndexSet::from_runs([Run::new(start, step, len)]);
        let (seen, local) = slice.intersect(self);
        (IndexSet::from_runs(seen), local)
    }

    /// Every index `i` replaced by `start + step * i`, in the same order: a view's indices as the storage's.
    pub fn through(&self, start: usize, step: isize) -> IndexSet {
        let image = |i: usize| start.wrapping_add_signed(step.wrapping_mul(i as isize));
        IndexSet::from_runs(
            self.runs().iter().map(|r| Run::new(image(r.start), r.step.wrapping_mul(step), r.len)),
        )
    }

    /// Whether both hold the same indices in the same order, however they are written.
    pub fn same(&self, other: &IndexSet) -> bool {
        if self == other {
            return true;
        }
        if self.len() != other.len() {
            return false;
        }
        let (mine, theirs) = self.intersect(other);
        mine == theirs && mine.iter().map(|r| r.len).sum::<usize>() == self.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Against listing, for any two sets.
    fn check(a: &[usize], b: &[usize]) {
        let (x, y) = (IndexSet::from_indices(a.iter().copied()), IndexSet::from_indices(b.iter().copied()));
        assert_eq!(x.iter().collect::<Vec<_>>(), a);
        for (k, &i) in a.iter().enumerate() {
            assert_eq!((x.get(k), x.position(i)), (Some(i), Some(k)), "{a:?}");
        }
        for i in (0..200).filter(|i| !a.contains(i)) {
            assert_eq!(x.position(i), None, "{i} in {a:?}");
        }
        for i in 0..100 {
            assert_eq!(x.stretch(i), (i..).find(|j| !a.contains(j)).unwrap(), "from {i} in {a:?}");
        }
        assert_eq!(x.get(a.len()), None);
        let (mine, theirs) = x.intersect(&y);
        assert!(mine.len() == theirs.len() && mine.iter().zip(&theirs).all(|(p, q)| p.len == q.len));
        let listed: Vec<(usize, usize)> =
            b.iter().enumerate().filter_map(|(j, v)| a.iter().position(|w| w == v).map(|i| (i, j))).collect();
        let found: Vec<(usize, usize)> =
            mine.iter().flat_map(|r| r.iter()).zip(theirs.iter().flat_map(|r| r.iter())).collect();
        assert_eq!(found, listed, "{a:?} and {b:?}");
        assert_eq!(x.same(&y), a == b);
        let json = serde_json::to_string(&x).unwrap();
        assert_eq!(serde_json::from_str::<IndexSet>(&json).unwrap(), x);
    }

    fn indices() -> impl Strategy<Value = Vec<usize>> {
        let progression = (0usize..60, -7isize..8, 0usize..12).prop_map(|(start, step, len)| {
            let step = if step == 0 { 1 } else { step };
            (0..len as isize)
                .map(|k| start as isize + step * k)
                .filter(|&i| i >= 0)
                .map(|i| i as usize)
                .collect()
        });
        let shuffled = Just((0..24).collect::<Vec<usize>>()).prop_shuffle();
        let some = proptest::sample::subsequence((0..40).collect::<Vec<usize>>(), 0..20).prop_shuffle();
        let blocks = (1usize..5, 1usize..5, 0usize..4, 0usize..60)
            .prop_map(|(b, p, r, n)| (0..n).filter(|i| i / b % p == r % p).collect());
        prop_oneof![progression, shuffled, some, blocks]
    }

    proptest! {
        #[test]
        fn sets_are_as_listed(a in indices(), b in indices()) {
            check(&a, &b);
        }

        #[test]
        fn slices_are_as_listed(a in indices(), start in 0usize..80, step in -5isize..6, len in 0usize..20) {
            let step = if step == 0 { 1 } else { step };
            let len = if step < 0 { len.min(start / step.unsigned_abs() + 1) } else { len };
            let set = IndexSet::from_indices(a.iter().copied());
            let (seen, local) = set.slice(start, step, len);
            let slice = Run::new(start, step, len);
            let listed: Vec<(usize, usize)> = a.iter().enumerate()
                .filter_map(|(k, &i)| slice.position(i).map(|v| (v, k))).collect();
            let found: Vec<(usize, usize)> = seen.iter().zip(local.iter().flat_map(|r| r.iter())).collect();
            prop_assert_eq!(&found, &listed);
            let back: Vec<usize> = seen.through(start, step).iter().collect();
            prop_assert_eq!(back, listed.iter().map(|&(_, k)| a[k]).collect::<Vec<_>>());
        }
    }

    #[test]
    fn long_progressions_need_no_listing() {
        let cyclic = IndexSet::from_runs([Run::new(3, 7, 1 << 40)]);
        let block = IndexSet::range(1 << 41, (1 << 41) + (1 << 40));
        let (mine, theirs) = cyclic.intersect(&block);
        assert_eq!((mine.len(), theirs.len()), (1, 1));
        assert_eq!(mine[0].step, 1);
        assert_eq!(theirs[0].step, 7);
    }
}
