//! The legend: what is what, where it covers least.

use engines::link::Tree;

use super::super::scene::{Anchor, Paint, Scene, Shape, text_width};
use super::Points;
use super::axes::View;
use super::clip::{Frame, dashes};
use super::color::{BLACK, paint};
use super::marks::{pattern, symbol};
use super::symbols::{self, Symbol};

const PLACES: [&str; 9] = [
    "upper right",
    "upper left",
    "lower left",
    "lower right",
    "center left",
    "center right",
    "lower center",
    "upper center",
    "center",
];

pub fn draw(scene: &mut Scene, view: &View, legend: &Tree, marks: &[Tree], points: Points) {
    let entries: Vec<(&Tree, &str)> =
        marks.iter().filter_map(|m| Some((m, m.get("label").text()?))).collect();
    if entries.is_empty() {
        return;
    }
    let size = points.px(10.0);
    let columns = legend.get("columns").number().map_or(1, |n| (n as usize).clamp(1, entries.len()));
    let rows = entries.len().div_ceil(columns);
    let (handle, pad, line) = (size * 2.0, size * 0.4, size * 1.35);
    let words = entries.iter().map(|e| text_width(e.1, size) * 0.9).fold(0.0, f64::max);
    let column = handle + size * 0.8 + words;
    let title = legend.get("title").text().filter(|t| !t.is_empty());
    let head = if title.is_some() { line } else { 0.0 };
    let w = column * columns as f64 + size * 2.0 * (columns - 1) as f64 + 2.0 * pad;
    let w = title.map_or(w, |t| w.max(text_width(t, size) + 2.0 * pad));
    let h = rows as f64 * line + head + 2.0 * pad;
    let place = match legend.get("loc").text().unwrap_or("best") {
        "best" => best(view, marks, w, h, size * 0.5),
        "right" => "center right",
        place => place,
    };
    let at = corner(view.frame, place, w, h, size * 0.5);
    if legend.get("frame").flag() {
        scene.shapes.push(Shape::Rect { x: at.0, y: at.1, w, h, paint: Paint::Blend([255; 3], 0.8) });
        scene.shapes.push(Shape::Frame { x: at.0, y: at.1, w, h, paint: Paint::Blend([0xcc; 3], 0.9) });
    }
    if let Some(title) = title {
        scene.text(at.0 + w / 2.0, at.1 + pad + line / 2.0, title, size, Paint::Color(BLACK), Anchor::Middle);
    }
    for (i, (mark, word)) in entries.into_iter().enumerate() {
        let x = at.0 + pad + (i / rows) as f64 * (column + size * 2.0);
        let y = at.1 + pad + head + ((i % rows) as f64 + 0.5) * line;
        sample(scene, mark, (x, y), handle, points);
        scene.text(x + handle + size * 0.8, y, word, size, Paint::Color(BLACK), Anchor::Start);
    }
}

fn corner(frame: Frame, place: &str, w: f64, h: f64, gap: f64) -> (f64, f64) {
    let x = if place.contains("left") {
        frame.x0 + gap
    } else if place.contains("right") {
        frame.x1 - gap - w
    } else {
        (frame.x0 + frame.x1 - w) / 2.0
    };
    let y = if place.contains("upper") {
        frame.y0 + gap
    } else if place.contains("lower") {
        frame.y1 - gap - h
    } else {
        (frame.y0 + frame.y1 - h) / 2.0
    };
    (x, y)
}

/// The place under which the fewest points of lines, bars and marks lie.
fn best(view: &View, marks: &[Tree], w: f64, h: f64, gap: f64) -> &'static str {
    let mut all = Vec::new();
    for mark in marks {
        let numbers = |name: &str| mark.get(name).numbers();
        let (x, y) = match mark.get("kind").text().unwrap_or_default() {
            "bars" => {
                let middle =
                    numbers("x0").into_iter().zip(numbers("x1")).map(|(a, b)| (a + b) / 2.0).collect();
                (middle, numbers("y1"))
            }
            "outline" => (numbers("edges"), numbers("heights")),
            "band" => (numbers("x"), numbers("high")),
            _ => (numbers("x"), numbers("y")),
        };
        let placed: Vec<(f64, f64)> = x.into_iter().zip(y).map(|(x, y)| view.at(x, y)).collect();
        // Between its points a line covers too.
        let middles = placed.windows(2).map(|p| ((p[0].0 + p[1].0) / 2.0, (p[0].1 + p[1].1) / 2.0));
        all.extend(middles.collect::<Vec<_>>());
        all.extend(placed);
    }
    let under = |place: &&&str| {
        let (x, y) = corner(view.frame, place, w, h, gap);
        let holds = Frame { x0: x, y0: y, x1: x + w, y1: y + h };
        all.iter().filter(|p| holds.holds(**p)).count()
    };
    PLACES.iter().min_by_key(under).copied().unwrap_or(PLACES[0])
}

/// A piece of what the mark looks like.
fn sample(scene: &mut Scene, mark: &Tree, (x, y): (f64, f64), width: f64, points: Points) {
    let middle = (x + width / 2.0, y);
    let marker = mark.get("marker").text().unwrap_or_default();
    match mark.get("kind").text().unwrap_or_default() {
        "line" | "across" | "contour" => {
            let style = mark.get("style").text().unwrap_or("-");
            if let (Some(color), false) = (paint(mark, "color"), style.is_empty()) {
                let thick = points.px(mark.get("width").number().unwrap_or(1.5));
                let line = [(x, y), (x + width, y)];
                match pattern(style, thick) {
                    None => scene.line(&line, thick, color),
                    Some(pattern) => dashes(&line, &pattern).iter().for_each(|d| scene.line(d, thick, color)),
                }
            }
            if !marker.is_empty() {
                symbols::draw(scene, &symbol(mark, marker, points), middle);
            }
        }
        "scatter" | "cells" => {
            let face = paint(mark, "color").or(Some(Paint::Color([0x21, 0x91, 0x8c])));
            let radius = points.px(3.0);
            symbols::draw(scene, &Symbol { marker, radius, face, edge: None, width: points.px(1.0) }, middle);
        }
        _ => {
            let high = points.px(7.0);
            if let Some(paint) = paint(mark, "color") {
                let hollow = mark.get("kind").text() == Some("outline") && !mark.get("filled").flag();
                let (x, w, h, y) = (x, width, high, y - high / 2.0);
                scene.shapes.push(match hollow {
                    true => Shape::Frame { x, y, w, h, paint },
                    false => Shape::Rect { x, y, w, h, paint },
                });
            }
        }
    }
}
