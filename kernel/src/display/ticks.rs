//! Index bounds at the edges of a panel, those that have room.

use super::scene::{Anchor, Paint, Scene, text_width};
use lang::picture::axis::Part;

const SMALL: f64 = 10.0;

/// Index bounds with their places, those that have room; the ends always.
fn bounds(parts: &[Part], places: &[(f64, f64)], room: impl Fn(&str, &str) -> f64) -> Vec<(f64, String)> {
    let mut all: Vec<(f64, String)> = Vec::new();
    for (part, &(from, to)) in parts.iter().zip(places) {
        let (start, stop) = part.bounds();
        if all.last().is_none_or(|(at, _)| *at < from) {
            all.push((from, start.to_string()));
        }
        all.push((to, stop.to_string()));
    }
    let Some(last) = all.pop() else { return all };
    let mut kept: Vec<(f64, String)> = Vec::new();
    for tick in all {
        let clear = |a: &(f64, String), b: &(f64, String)| b.0 - a.0 >= room(&a.1, &b.1);
        if kept.last().is_none_or(|k| clear(k, &tick)) && clear(&tick, &last) {
            kept.push(tick);
        }
    }
    kept.push(last);
    kept
}

/// Index bounds beside a panel, to the left of `x`.
pub fn ticks_down(scene: &mut Scene, parts: &[Part], places: &[(f64, f64)], x: f64, y0: f64) {
    for (y, text) in bounds(parts, places, |_, _| 13.0) {
        scene.text(x, y0 + y, text, SMALL, Paint::Ink(0.75), Anchor::End);
    }
}

/// Index bounds above a panel, at height `y`.
pub fn ticks_across(scene: &mut Scene, parts: &[Part], places: &[(f64, f64)], x0: f64, y: f64) {
    let room = |a: &str, b: &str| (text_width(a, SMALL) + text_width(b, SMALL)) / 2.0 + 8.0;
    for (x, text) in bounds(parts, places, room) {
        scene.text(x0 + x, y, text, SMALL, Paint::Ink(0.75), Anchor::Middle);
    }
}
