//! What an axis spans: the data of its marks, matplotlib's margins around them, and what the user has set.

use engines::link::Tree;

use super::axes::Axes;

/// The data along an axis, and the ends at which no margin is wanted: the feet of bars, the borders of pictures.
#[derive(Clone, Debug)]
pub struct Extent {
    pub low: f64,
    pub high: f64,
    sticky: Vec<f64>,
}

impl Default for Extent {
    fn default() -> Extent {
        Extent { low: f64::INFINITY, high: f64::NEG_INFINITY, sticky: Vec::new() }
    }
}

impl Extent {
    fn add(&mut self, values: &[f64], log: bool) {
        for &x in values.iter().filter(|x| x.is_finite() && (!log || **x > 0.0)) {
            self.low = self.low.min(x);
            self.high = self.high.max(x);
        }
    }

    fn join(&mut self, other: &Extent) {
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.sticky.extend(&other.sticky);
    }
}

/// What the marks span along axis 0 (x) or 1 (y).
pub fn extent(marks: &[Tree], axis: usize, log: bool) -> Extent {
    let mut extent = Extent::default();
    for mark in marks {
        let own = |names: [&str; 2]| mark.get(names[axis]).numbers();
        match mark.get("kind").text().unwrap_or_default() {
            "line" | "scatter" => extent.add(&own(["x", "y"]), log),
            "cells" => {
                let cells = mark.get("cells");
                for name in [["x0", "y0"][axis], ["x1", "y1"][axis]] {
                    extent.add(&cells.get(name).numbers(), log);
                }
            }
            "bars" => {
                for names in [["x0", "y0"], ["x1", "y1"]] {
                    extent.add(&own(names), log);
                }
                if mark.get("axis").number() != Some(axis as f64) {
                    extent.sticky.extend(mark.get(["x0", "y0"][axis]).numbers());
                }
            }
            "outline" => {
                if mark.get("axis").number() == Some(axis as f64) {
                    extent.add(&mark.get("edges").numbers(), log);
                } else {
                    extent.add(&mark.get("heights").numbers(), log);
                    extent.add(&mark.get("base").numbers(), log);
                    extent.sticky.extend(mark.get("base").numbers());
                }
            }
            "band" if axis == 0 => extent.add(&mark.get("x").numbers(), log),
            "band" => {
                extent.add(&mark.get("low").numbers(), log);
                extent.add(&mark.get("high").numbers(), log);
            }
            "errors" if mark.get("axis").number() == Some(axis as f64) => {
                extent.add(&mark.get("low").numbers(), log);
                extent.add(&mark.get("high").numbers(), log);
            }
            "errors" => extent.add(&mark.get("at").numbers(), log),
            "across" if mark.get("axis").number() == Some(axis as f64) => {
                extent.add(&mark.get("values").numbers(), log);
            }
            "image" => {
                let names = [["left", "right"], ["low", "high"]][axis];
                for name in names {
                    extent.add(&mark.get(name).numbers(), log);
                    extent.sticky.extend(mark.get(name).numbers());
                }
            }
            "mesh" | "contour" | "contourf" => {
                let ends = own(["x", "y"]);
                extent.add(&ends, log);
                extent.sticky.extend(ends.first().into_iter().chain(ends.last()));
            }
            _ => {}
        }
    }
    extent
}

/// Axes that share an axis span what all of them hold.
pub fn share(all: &mut [Axes]) {
    for axis in 0..2 {
        let groups: Vec<String> = all.iter().filter_map(|a| a.share[axis].clone()).collect();
        for group in groups {
            let mut joint = Extent::default();
            let of_group = |a: &&mut Axes| a.share[axis].as_deref() == Some(&group);
            all.iter_mut().filter(of_group).for_each(|a| joint.join(&a.extents[axis]));
            all.iter_mut().filter(of_group).for_each(|a| a.extents[axis] = joint.clone());
        }
    }
}

/// The limits of an axis: the extent with matplotlib's margin of a twentieth, unless the user has set them.
pub fn limits(extent: &Extent, set: [Option<f64>; 2], log: bool, flip: bool) -> (f64, f64) {
    let (mut low, mut high) = (extent.low, extent.high);
    if low > high {
        (low, high) = if log { (1.0, 10.0) } else { (0.0, 1.0) };
    } else {
        let to = |x: f64| if log { x.log10() } else { x };
        let from = |x: f64| if log { 10f64.powf(x) } else { x };
        let sticks = |x: f64| extent.sticky.iter().any(|s| (s - x).abs() <= 1e-9 * (high - low).abs());
        let (at_low, at_high) = (sticks(low), sticks(high));
        let (mut a, mut b) = (to(low), to(high));
        if a == b {
            let wide = if log { 0.5 } else { (a.abs() * 0.05).max(0.05) };
            (a, b) = (a - wide, b + wide);
        }
        let margin = (b - a) * 0.05;
        low = if at_low && low != high { low } else { from(a - margin) };
        high = if at_high && extent.low != high { high } else { from(b + margin) };
    }
    if flip {
        (low, high) = (high, low);
    }
    let valid = |x: Option<f64>| x.filter(|x| x.is_finite() && (!log || *x > 0.0));
    let (low, high) = (valid(set[0]).unwrap_or(low), valid(set[1]).unwrap_or(high));
    if low == high { (low - 0.5, high + 0.5) } else { (low, high) }
}
