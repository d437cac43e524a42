//! Lines of equal height: marching squares, the pieces joined to lines.

use std::collections::HashMap;

use engines::link::Tree;

use super::super::scene::Scene;
use super::Points;
use super::axes::View;
use super::clip::Point;
use super::color::{Scale, alpha, blend, parse};
use super::marks::stroke;

/// A side of a cell: the row and column where it begins, and whether it runs along the row.
type Side = (usize, usize, bool);

pub fn draw(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let (z, x, y) = (mark.get("z").numbers(), mark.get("x").numbers(), mark.get("y").numbers());
    if z.len() != x.len() * y.len() || x.len() < 2 || y.len() < 2 {
        return;
    }
    let scale = Scale::of(mark);
    let own = mark.get("colors").items();
    let width = points.px(mark.get("width").number().unwrap_or(1.5));
    for (k, level) in mark.get("levels").numbers().into_iter().enumerate() {
        let given = own.get(k % own.len().max(1)).and_then(Tree::text).and_then(parse);
        let Some(rgb) = given.map(|c| c.0).or_else(|| scale.at(level)) else { continue };
        // Of one colour only, what lies below zero is dashed, as matplotlib has it.
        let plain = mark.get("style").text().unwrap_or("-");
        let style = if own.len() == 1 && level < 0.0 && plain == "-" { "--" } else { plain };
        for line in lines(&z, &x, &y, level) {
            let line: Vec<Point> = line.into_iter().map(|(x, y)| view.at(x, y)).collect();
            stroke(scene, view, &line, style, width, blend(rgb, alpha(mark)));
        }
    }
}

/// The lines at which a grid of values (rows along y) has the value `level`.
pub fn lines(z: &[f64], x: &[f64], y: &[f64], level: f64) -> Vec<Vec<Point>> {
    let cols = x.len();
    let at = |i: usize, j: usize| z[i * cols + j];
    let crossing = |(i, j, along): Side| {
        let (a, b) = (at(i, j), if along { at(i, j + 1) } else { at(i + 1, j) });
        let t = ((level - a) / (b - a)).clamp(0.0, 1.0);
        if along { (x[j] + t * (x[j + 1] - x[j]), y[i]) } else { (x[j], y[i] + t * (y[i + 1] - y[i])) }
    };
    // Which sides a line joins; each side has at most two partners, one in each of its cells.
    let mut next: HashMap<Side, Vec<Side>> = HashMap::new();
    let mut order: Vec<Side> = Vec::new();
    let mut join = |a: Side, b: Side| {
        for (from, to) in [(a, b), (b, a)] {
            let partners = next.entry(from).or_insert_with(|| {
                order.push(from);
                Vec::new()
            });
            partners.push(to);
        }
    };
    for i in 0..y.len() - 1 {
        for j in 0..cols - 1 {
            let corners = [at(i, j), at(i, j + 1), at(i + 1, j + 1), at(i + 1, j)];
            if corners.iter().any(|c| !c.is_finite()) {
                continue;
            }
            let above = corners.map(|c| c > level);
            let sides: [Side; 4] = [(i, j, true), (i, j + 1, false), (i + 1, j, true), (i, j, false)];
            let cut: Vec<Side> =
                (0..4).filter(|&k| above[k] != above[(k + 1) % 4]).map(|k| sides[k]).collect();
            match cut[..] {
                [a, b] => join(a, b),
                [a, b, c, d] => {
                    // A saddle: the mean says which corners belong together.
                    let centre = corners.iter().sum::<f64>() / 4.0 > level;
                    if centre == above[0] {
                        join(a, b);
                        join(c, d);
                    } else {
                        join(a, d);
                        join(b, c);
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    // Open lines begin where a side has one partner; what is left after them is closed.
    let starts: Vec<Side> = order.iter().filter(|s| next[s].len() == 1).chain(&order).copied().collect();
    for start in starts {
        let mut line = vec![crossing(start)];
        let mut here = start;
        while let Some(to) = next.get_mut(&here).and_then(Vec::pop) {
            if let Some(back) = next.get_mut(&to) {
                back.iter().position(|s| *s == here).map(|at| back.swap_remove(at));
            }
            line.push(crossing(to));
            here = to;
        }
        if line.len() > 1 {
            found.push(line);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hill_has_a_closed_line() {
        let z = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        let axis = [0.0, 1.0, 2.0];
        let found = lines(&z, &axis, &axis, 0.5);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].len(), found[0].first() == found[0].last()), (5, true));
        assert!(found[0].contains(&(1.0, 0.5)));
    }

    #[test]
    fn a_slope_has_an_open_one() {
        let z = [0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 2.0];
        let axis = [0.0, 1.0, 2.0];
        assert_eq!(lines(&z, &axis, &axis, 0.25), [[(0.25, 0.0), (0.25, 1.0), (0.25, 2.0)]]);
        assert!(lines(&z, &axis, &axis, 5.0).is_empty());
        assert!(lines(&[f64::NAN; 9], &axis, &axis, 5.0).is_empty());
    }

    #[test]
    fn a_saddle_has_two() {
        let z = [1.0, 0.0, 0.0, 1.0];
        let found = lines(&z, &[0.0, 1.0], &[0.0, 1.0], 0.5);
        assert_eq!(found.len(), 2);
    }
}
