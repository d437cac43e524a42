//! Three dimensions of an array as blocks in space: axis 0 into depth, axis 1 down, axis 2 to the right.

use lang::layout::Layout;

use super::panel::Drawn;
use super::scene::{Anchor, Paint, Scene, text_width};
use lang::picture::axis::{Part, kind, left_out, parts, spread};
use lang::picture::palette::{DARK, Rgb, WHITE, ink_on, mix, rank_color};

const SMALL: f64 = 10.0;
/// Runs along an axis, and blocks of which all are drawn, apart from each other; of more, only the surface is.
const MAX_RUNS: usize = 12;
const MAX_APART: usize = 64;

/// Where depth goes on the page: to the right and up, per unit.
const DEPTH: (f64, f64) = (0.52, -0.38);

/// Draws a distributed array of three dimensions that has elements; at most about `size` wide and high.
pub fn draw(layout: &Layout, size: f64, labels: bool) -> Drawn {
    let axes: Vec<Vec<Part>> = layout.dims.iter().map(|d| parts(d, MAX_RUNS)).collect();
    let notes =
        axes.iter().enumerate().filter_map(|(d, parts)| left_out(d, &layout.dims[d], parts)).collect();
    let blocks: usize = axes.iter().map(Vec::len).product();
    let apart = match blocks <= MAX_APART {
        true if labels => 5.0,
        true => 2.0,
        false => 0.0,
    };

    // Lengths near to the array's proportions, but never slivers; an axis of 1 is a slab.
    let sizes = layout.shape();
    let longest = *sizes.iter().max().unwrap_or(&1) as f64;
    // An axis of many blocks is long enough to see them.
    let least = |d: usize| (0.13 * axes[d].len() as f64).clamp(0.2, 0.8);
    let length = |d: usize| (sizes[d] as f64 / longest).clamp(least(d), 1.0) * size * 0.66;
    let places: Vec<Vec<(f64, f64)>> = (0..3)
        .map(|d| {
            let spread = spread(&axes[d], length(d), 4.0, 14.0);
            spread
                .iter()
                .enumerate()
                .map(|(i, &(a, b))| (a + apart * i as f64, b + apart * i as f64))
                .collect()
        })
        .collect();
    let end = |d: usize| places[d].last().map_or(0.0, |p| p.1);
    let left = if labels { 48.0 } else { 0.0 };
    let rise = end(0) * -DEPTH.1;
    let project =
        |depth: f64, down: f64, right: f64| (left + right + depth * DEPTH.0, rise + down + depth * DEPTH.1);

    let mut scene = Scene::default();
    let shown = |d: usize| {
        axes[d].iter().enumerate().filter_map(|(i, p)| p.coord().map(|c| (i, c))).collect::<Vec<_>>()
    };
    // From the back to the front, from below to above, from left to right: what is nearer covers what is farther.
    for &(i, a) in shown(0).iter().rev() {
        for &(j, b) in shown(1).iter().rev() {
            for &(k, c) in &shown(2) {
                let surface = [i == 0, j == 0, k + 1 == axes[2].len()];
                let faces = if apart > 0.0 { [true; 3] } else { surface };
                if !faces.contains(&true) {
                    continue;
                }
                let rank = layout.rank_of(&[a, b, c]);
                let color = rank_color(rank);
                let ((z0, z1), (y0, y1), (x0, x1)) = (places[0][i], places[1][j], places[2][k]);
                let front =
                    [project(z0, y0, x0), project(z0, y0, x1), project(z0, y1, x1), project(z0, y1, x0)];
                let top =
                    [project(z0, y0, x0), project(z0, y0, x1), project(z1, y0, x1), project(z1, y0, x0)];
                let side =
                    [project(z0, y0, x1), project(z1, y0, x1), project(z1, y1, x1), project(z0, y1, x1)];
                let faces = faces.into_iter().zip([
                    (front, color),
                    (top, mix(color, WHITE, 0.30)),
                    (side, mix(color, DARK, 0.22)),
                ]);
                for (nth, (_, (points, color))) in faces.enumerate().filter(|(_, (drawn, _))| *drawn) {
                    scene.polygon(&points, color);
                    if blocks <= 400 {
                        let mut outline = points.to_vec();
                        outline.push(points[0]);
                        scene.line(&outline, 1.0, Paint::Color(mix(color, WHITE, 0.45)));
                    }
                    // The number stands once, on the first face of the surface.
                    if labels && Some(nth) == surface.iter().position(|&s| s) {
                        number(&mut scene, &points, rank, color);
                    }
                }
            }
        }
    }
    if labels {
        let ink = Paint::Ink(0.75);
        let ends = |d: usize| [(places[d].first().map_or(0.0, |p| p.0), 0), (end(d), sizes[d])];
        for (at, index) in inner(&axes[1], &places[1], 14.0).into_iter().chain(ends(1)) {
            let (x, y) = project(0.0, at, 0.0);
            scene.text(x - 5.0, y, index.to_string(), SMALL, ink, Anchor::End);
        }
        for (at, index) in inner(&axes[2], &places[2], 26.0).into_iter().chain(ends(2)) {
            let (x, y) = project(0.0, end(1), at);
            scene.text(x, y + 10.0, index.to_string(), SMALL, ink, Anchor::Middle);
        }
        for (at, index) in
            inner(&axes[0], &places[0], 32.0).into_iter().chain(ends(0)).filter(|(at, _)| *at > 0.0)
        {
            let (x, y) = project(at, end(1), end(2));
            scene.text(x + 6.0, y + 4.0, index.to_string(), SMALL, ink, Anchor::Start);
        }
        let named = |d: usize| format!("axis {d}, {}", kind(&layout.dims[d]));
        let (_, middle) = project(0.0, end(1) / 2.0, 0.0);
        let down = if text_width(&named(1), SMALL) < end(1) + 30.0 { named(1) } else { "axis 1".to_string() };
        scene.text(7.0, middle, down, SMALL, ink, Anchor::Middle).upwards = true;
        let (x, y) = project(0.0, end(1), 0.0);
        scene.text(x, y + 26.0, named(2), SMALL, ink, Anchor::Start);
        let (x, y) = project(end(0) / 2.0, end(1), end(2));
        scene.text(x + 30.0, y + 12.0, named(0), SMALL, ink, Anchor::Start);
    }
    Drawn { scene, notes }
}

/// Index bounds between the ends, when there are few.
fn inner(parts: &[Part], places: &[(f64, f64)], room: f64) -> Vec<(f64, usize)> {
    let mut ticks = Vec::new();
    let mut last = 0.0;
    let end = places.last().map_or(0.0, |p| p.1);
    for (part, &(from, _)) in parts.iter().zip(places).skip(1) {
        if from - last >= room && end - from >= room {
            ticks.push((from, part.bounds().0));
            last = from;
        }
    }
    ticks
}

/// A rank's number in the middle of a face, when it fits.
fn number(scene: &mut Scene, points: &[(f64, f64); 4], rank: usize, color: Rgb) {
    let mean = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).sum::<f64>() / 4.0;
    let text = rank.to_string();
    let edge = |a: (f64, f64), b: (f64, f64)| ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt();
    // Height of a sheared face: what is left of its edges at right angles.
    let area = ((points[2].0 - points[0].0) * (points[3].1 - points[1].1)
        - (points[3].0 - points[1].0) * (points[2].1 - points[0].1))
        .abs()
        / 2.0;
    let (a, b) = (edge(points[0], points[1]), edge(points[1], points[2]));
    if area / a.max(b).max(1.0) >= 13.0 && a.min(b) >= text_width(&text, 11.0) + 4.0 {
        let ink = Paint::Color(ink_on(color));
        scene.text(mean(|p| p.0), mean(|p| p.1), text, 11.0, ink, Anchor::Middle).bold = true;
    }
}
