//! A place in a block as rows: its first axes say which row, the others lie along it.

use lang::layout::IndexSet;

use crate::array::{Axis, Place};

pub struct Lines {
    offset: isize,
    lead: Vec<Axis>,
    /// The elements along the row, as the starts of runs of `run` neighbours.
    starts: Vec<isize>,
    run: usize,
}

impl Lines {
    /// Rows of `place`, whose first `lead` axes say which.
    pub fn new(place: &Place, lead: usize) -> Lines {
        let (lead, along) = place.axes.split_at(lead);
        let mut run = 1;
        let mut outer = along;
        while let Some((Axis::Step { len, stride }, rest)) = outer.split_last() {
            if *len != 1 && *stride != run as isize {
                break;
            }
            run *= len;
            outer = rest;
        }
        let mut starts = vec![0];
        for axis in outer {
            let steps = |start: &isize| (0..axis.len()).map(|i| start + axis.at(i)).collect::<Vec<_>>();
            starts = starts.iter().flat_map(steps).collect();
        }
        if run == 0 {
            starts.clear();
        }
        Lines { offset: place.offset, lead: lead.to_vec(), starts, run }
    }

    /// Rows of `count` in a block of their own in C order, of which only `part` of `row` (extents) is meant.
    pub fn packed(count: usize, row: &[usize], part: &[IndexSet]) -> Lines {
        let shape = [&[count], row].concat();
        let mut runs = vec![vec![lang::layout::Run::range(0, count)]];
        runs.extend(part.iter().map(|set| set.runs().to_vec()));
        Lines::new(&Place::whole(&shape).select(&runs), 1)
    }

    /// Elements of a row.
    pub fn len(&self) -> usize {
        self.starts.len() * self.run
    }

    /// Where a row begins, by its number in C order of the leading axes.
    fn start(&self, row: usize) -> isize {
        match &self.lead[..] {
            [] => self.offset,
            [axis] => self.offset + axis.at(row),
            axes => {
                let mut rest = row;
                let mut at = self.offset;
                for axis in axes.iter().rev() {
                    at += axis.at(rest % axis.len());
                    rest /= axis.len();
                }
                at
            }
        }
    }

    /// The rows of these numbers, one after the other, into `to`, which they fill. Elements have `size` bytes.
    pub fn read(&self, size: usize, rows: &[usize], from: &[u8], to: &mut [u8]) {
        fn go<const N: usize>(lines: &Lines, rows: &[usize], from: &[u8], to: &mut [u8])
        where
            [u8; N]: bytemuck::Pod,
        {
            let from: &[[u8; N]] = bytemuck::cast_slice(from);
            let to: &mut [[u8; N]] = bytemuck::cast_slice_mut(to);
            if let ([0], 1, [Axis::Step { stride, .. }]) = (&lines.starts[..], lines.run, &lines.lead[..]) {
                // Nothing but the element itself is waited for: several are then under way at once.
                let at = |row: &usize| (lines.offset + *row as isize * stride) as usize;
                to.iter_mut().zip(rows).for_each(|(to, row)| *to = from[at(row)]);
                return;
            }
            if let ([0], 1) = (&lines.starts[..], lines.run) {
                to.iter_mut().zip(rows).for_each(|(to, row)| *to = from[lines.start(*row) as usize]);
                return;
            }
            let mut chunks = to.chunks_exact_mut(lines.run.max(1));
            for row in rows {
                let at = lines.start(*row);
                for (start, to) in lines.starts.iter().zip(&mut chunks) {
                    let at = (at + start) as usize;
                    to.copy_from_slice(&from[at..at + lines.run]);
                }
            }
        }
        match size {
            1 => go::<1>(self, rows, from, to),
            2 => go::<2>(self, rows, from, to),
            4 => go::<4>(self, rows, from, to),
            8 => go::<8>(self, rows, from, to),
            _ => go::<16>(self, rows, from, to),
        }
    }

    /// The reverse of `read`, row after row: of equal numbers the last stays.
    pub fn write(&self, size: usize, rows: &[usize], to: &mut [u8], from: &[u8]) {
        fn go<const N: usize>(lines: &Lines, rows: &[usize], to: &mut [u8], from: &[u8])
        where
            [u8; N]: bytemuck::Pod,
        {
            let to: &mut [[u8; N]] = bytemuck::cast_slice_mut(to);
            let from: &[[u8; N]] = bytemuck::cast_slice(from);
            if let ([0], 1) = (&lines.starts[..], lines.run) {
                from.iter().zip(rows).for_each(|(from, row)| to[lines.start(*row) as usize] = *from);
                return;
            }
            let mut chunks = from.chunks_exact(lines.run.max(1));
            for row in rows {
                let at = lines.start(*row);
                for (start, from) in lines.starts.iter().zip(&mut chunks) {
                    let at = (at + start) as usize;
                    to[at..at + lines.run].copy_from_slice(from);
                }
            }
        }
        match size {
            1 => go::<1>(self, rows, to, from),
            2 => go::<2>(self, rows, to, from),
            4 => go::<4>(self, rows, to, from),
            8 => go::<8>(self, rows, to, from),
            _ => go::<16>(self, rows, to, from),
        }
    }

    /// One element, of `element.len()` bytes, over all of these rows.
    pub fn fill(&self, rows: &[usize], to: &mut [u8], element: &[u8]) {
        let size = element.len();
        for row in rows {
            let at = self.start(*row);
            for start in &self.starts {
                let at = (at + start) as usize * size;
                to[at..at + self.run * size].chunks_exact_mut(size).for_each(|x| x.copy_from_slice(element));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lang::layout::Run;

    fn check(place: Place, lead: usize, rows: &[usize], want: &[u8]) {
        let block: Vec<u8> = (0..60).collect();
        let lines = Lines::new(&place, lead);
        let mut got = vec![0; rows.len() * lines.len()];
        lines.read(1, rows, &block, &mut got);
        assert_eq!(got, want);
        let mut back = vec![255; 60];
        lines.write(1, rows, &mut back, &got);
        let mut filled = vec![255; 60];
        lines.fill(rows, &mut filled, &[7]);
        for (i, (b, f)) in back.iter().zip(&filled).enumerate() {
            let seen = want.contains(&(i as u8));
            assert_eq!((*b, *f), if seen { (i as u8, 7) } else { (255, 255) });
        }
    }

    #[test]
    fn rows_of_places() {
        let whole = Place::whole(&[3, 4, 5]);
        check(whole.clone(), 1, &[2, 0], &(40..60).chain(0..20).collect::<Vec<u8>>());
        check(whole.clone(), 2, &[11, 1], &[55, 56, 57, 58, 59, 5, 6, 7, 8, 9]);
        check(whole.clone(), 3, &[59, 7, 8], &[59, 7, 8]);
        check(whole.clone(), 0, &[0], &(0..60).collect::<Vec<u8>>());
        let runs =
            [vec![Run::range(1, 3)], vec![Run::new(3, -2, 2)], vec![Run::range(0, 1), Run::range(3, 5)]];
        check(whole.select(&runs), 1, &[1], &[55, 58, 59, 45, 48, 49]);
        check(whole.select(&runs), 2, &[1, 2], &[25, 28, 29, 55, 58, 59]);
        check(whole.select(&[vec![Run::range(0, 3)], vec![], vec![Run::range(0, 5)]]), 1, &[1, 2], &[]);
        let part = [IndexSet::range(0, 4), IndexSet::range(1, 3)];
        assert_eq!(Lines::packed(3, &[4, 5], &part).len(), 8);
    }
}
