//! Lines and polygons cut at the frame of the axes, and lines cut into dashes.

pub type Point = (f64, f64);

/// A box: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

impl Frame {
    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }

    pub fn holds(&self, (x, y): Point) -> bool {
        (self.x0 - 0.01..=self.x1 + 0.01).contains(&x) && (self.y0 - 0.01..=self.y1 + 0.01).contains(&y)
    }

    /// The part of a segment within (Liang and Barsky).
    fn segment(&self, a: Point, b: Point) -> Option<(Point, Point)> {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let (mut from, mut to) = (0.0f64, 1.0f64);
        for (p, q) in [(-dx, a.0 - self.x0), (dx, self.x1 - a.0), (-dy, a.1 - self.y0), (dy, self.y1 - a.1)] {
            if p == 0.0 {
                if q < 0.0 {
                    return None;
                }
            } else if p < 0.0 {
                from = from.max(q / p);
            } else {
                to = to.min(q / p);
            }
        }
        let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
        (from <= to).then(|| (at(from), at(to)))
    }

    /// The parts of a line within; a point that is no number ends a part.
    pub fn line(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut parts: Vec<Vec<Point>> = Vec::new();
        let mut open = false;
        for pair in points.windows(2) {
            let finite = |p: Point| p.0.is_finite() && p.1.is_finite();
            let kept = if finite(pair[0]) && finite(pair[1]) { self.segment(pair[0], pair[1]) } else { None };
            let Some((a, b)) = kept else {
                open = false;
                continue;
            };
            match parts.last_mut() {
                Some(part) if open && part.last() == Some(&a) => part.push(b),
                _ => parts.push(vec![a, b]),
            }
            open = b == pair[1];
        }
        parts
    }

    /// A polygon within, by its four sides in turn (Sutherland and Hodgman).
    pub fn polygon(&self, points: &[Point]) -> Vec<Point> {
        let sides: [(bool, f64, bool); 4] =
            [(true, self.x0, true), (true, self.x1, false), (false, self.y0, true), (false, self.y1, false)];
        let mut kept = points.to_vec();
        for (upright, at, above) in sides {
            let along = |p: Point| if upright { p.0 } else { p.1 };
            let inside = |p: Point| if above { along(p) >= at } else { along(p) <= at };
            let mut next = Vec::with_capacity(kept.len() + 4);
            for i in 0..kept.len() {
                let (a, b) = (kept[(i + kept.len() - 1) % kept.len()], kept[i]);
                if inside(a) != inside(b) {
                    let t = (at - along(a)) / (along(b) - along(a));
                    next.push((a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1)));
                }
                if inside(b) {
                    next.push(b);
                }
            }
            kept = next;
        }
        kept
    }
}

/// A line as dashes; `pattern` has the lengths of strokes and gaps in turn, in pixels.
pub fn dashes(points: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    let mut parts = Vec::new();
    let (mut nth, mut left) = (0, pattern[0]);
    let Some(&first) = points.first() else {
        return parts;
    };
    let mut part = vec![first];
    for pair in points.windows(2) {
        let (mut a, b) = (pair[0], pair[1]);
        loop {
            let length = ((b.0 - a.0).powi(2) + (b.1 - a.1).powi(2)).sqrt();
            let drawn = nth % 2 == 0;
            if length <= left {
                left -= length;
                if drawn {
                    part.push(b);
                }
                break;
            }
            let t = left / length;
            a = (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
            if drawn {
                part.push(a);
                parts.push(std::mem::take(&mut part));
            } else {
                part = vec![a];
            }
            nth += 1;
            left = pattern[nth % pattern.len()].max(0.1);
        }
    }
    if part.len() > 1 {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Frame = Frame { x0: 0.0, y0: 0.0, x1: 10.0, y1: 10.0 };

    #[test]
    fn lines_end_at_the_frame() {
        assert_eq!(BOX.line(&[(-5.0, 5.0), (15.0, 5.0)]), [[(0.0, 5.0), (10.0, 5.0)]]);
        let nan = f64::NAN;
        let parts = BOX.line(&[(1.0, 1.0), (2.0, 2.0), (nan, 3.0), (4.0, 4.0), (5.0, 5.0), (6.0, 5.0)]);
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [2, 3]);
        assert!(BOX.line(&[(20.0, 0.0), (20.0, 10.0)]).is_empty());
        // Out and in again: two parts.
        assert_eq!(BOX.line(&[(5.0, 5.0), (15.0, 5.0), (5.0, 6.0)]).len(), 2);
    }

    #[test]
    fn polygons_end_at_the_frame() {
        let cut = BOX.polygon(&[(5.0, 5.0), (20.0, 5.0), (20.0, 8.0), (5.0, 8.0)]);
        assert_eq!(cut.len(), 4);
        assert!(cut.iter().all(|p| BOX.holds(*p)));
        assert!(BOX.polygon(&[(20.0, 20.0), (30.0, 20.0), (30.0, 30.0)]).is_empty());
    }

    #[test]
    fn dashes_have_their_lengths() {
        let parts = dashes(&[(0.0, 0.0), (10.0, 0.0)], &[3.0, 2.0]);
        assert_eq!(parts, [vec![(0.0, 0.0), (3.0, 0.0)], vec![(5.0, 0.0), (8.0, 0.0)]]);
        assert!(dashes(&[], &[1.0, 1.0]).is_empty());
    }
}
