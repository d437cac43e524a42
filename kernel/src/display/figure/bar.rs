//! The colour bar at the right of a frame.

use engines::link::Tree;

use super::super::scene::{Anchor, Bitmap, Paint, Scene, Shape};
use super::Points;
use super::axes::Axis;
use super::clip::Frame;
use super::color::{BLACK, Scale, parse};
use super::place::widest;
use super::ticks::{self, Ticks};

const GAP: f64 = 11.0;
const WIDE: f64 = 12.0;

fn ticks(bar: &Tree, height: f64, points: Points) -> (Ticks, f64, f64) {
    let mark = bar.get("mark");
    let levels = mark.get("levels").numbers();
    let log = mark.get("log").flag();
    let linear =
        |low, high, most| if log { ticks::log(low, high, most) } else { ticks::linear(low, high, most) };
    if let (Some(low), Some(high), true) = (levels.first(), levels.last(), levels.len() > 1) {
        let mut ticks = linear(*low, *high, 9);
        if levels.len() <= 12 && !log {
            let all = linear(*low, *high, levels.len());
            let shown = |x: &f64| all.major.iter().find(|t| (t.0 - x).abs() < 1e-9 * (high - low)).cloned();
            let at: Vec<_> = levels.iter().filter_map(shown).collect();
            if at.len() == levels.len() {
                ticks.major = at;
            }
        }
        return (ticks, *low, *high);
    }
    let scale = Scale::of(mark);
    let (low, high) = match scale.high > scale.low {
        true => (scale.low, scale.high),
        false if log => (scale.low / 2.0, scale.low * 2.0),
        false => (scale.low - 0.5, scale.low + 0.5),
    };
    (linear(low, high, (height / points.px(26.0)).clamp(2.0, 9.0) as usize), low, high)
}

/// How wide it is with its words, from the frame on.
pub fn room(bar: &Tree, height: f64, points: Points) -> f64 {
    let size = points.px(10.0);
    let label = if bar.get("label").text().is_some_and(|l| !l.is_empty()) { size * 1.5 } else { 0.0 };
    points.px(GAP + WIDE + 7.0) + widest(&ticks(bar, height, points).0, size) + label
}

pub fn draw(scene: &mut Scene, frame: &Frame, bar: &Tree, points: Points) {
    let mark = bar.get("mark");
    let (ticks, low, high) = ticks(bar, frame.height(), points);
    let (x, w, size) = (frame.x1 + points.px(GAP), points.px(WIDE), points.px(10.0));
    let axis = Axis { low, high, log: mark.get("log").flag() };
    let y = |value: f64| frame.y1 - axis.share(value) * frame.height();
    let levels = mark.get("levels").numbers();
    if mark.get("kind").text() == Some("contourf") {
        for (k, pair) in levels.windows(2).enumerate() {
            if let Some(color) = super::raster::band_color(mark, &levels, k) {
                let (top, foot) = (y(pair[1]), y(pair[0]));
                scene.shapes.push(Shape::Rect { x, y: top, w, h: foot - top, paint: Paint::Color(color) });
            }
        }
    } else if levels.len() > 1 {
        let own = mark.get("colors").items();
        let scale = Scale::of(mark);
        for (k, level) in levels.iter().enumerate() {
            let given = own.get(k % own.len().max(1)).and_then(Tree::text).and_then(parse).map(|c| c.0);
            if let Some(color) = given.or_else(|| scale.at(*level)) {
                scene.line(&[(x, y(*level)), (x + w, y(*level))], points.px(1.5), Paint::Color(color));
            }
        }
    } else {
        let scale = Scale::of(mark);
        let rows = 256;
        let color = |k: usize| scale.at(axis.value(1.0 - k as f64 / (rows - 1) as f64)).unwrap_or(BLACK);
        let pixels = (0..rows).flat_map(color).collect();
        scene.image(x, frame.y0, w, frame.height(), Bitmap { cols: 1, rows, pixels });
    }
    let ink = Paint::Color(BLACK);
    let corners = [
        (x, frame.y0),
        (x + w, frame.y0),
        (x + w, frame.y1),
        (x, frame.y1),
        (x, frame.y0),
        (x + w, frame.y0),
    ];
    scene.shapes.push(Shape::Line { points: corners.to_vec(), width: points.px(0.8), paint: ink });
    for (at, word) in &ticks.major {
        let y = y(*at);
        if !(frame.y0 - 0.5..=frame.y1 + 0.5).contains(&y) {
            continue;
        }
        scene.line(&[(x + w, y), (x + w + points.px(3.5), y)], points.px(0.8), ink);
        scene.text(x + w + points.px(7.0), y, word.as_str(), size, ink, Anchor::Start);
    }
    if !ticks.factor.is_empty() {
        scene.text(x, frame.y0 - size * 0.7, ticks.factor.as_str(), size, ink, Anchor::Start);
    }
    if let Some(label) = bar.get("label").text().filter(|l| !l.is_empty()) {
        let right = x + w + points.px(7.0) + widest(&ticks, size) + size * 0.9;
        scene.text(right, (frame.y0 + frame.y1) / 2.0, label, size, ink, Anchor::Middle).upwards = true;
    }
}
