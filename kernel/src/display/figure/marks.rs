//! Marks drawn as shapes: lines, bars, bands, errors, points, words.

use engines::link::Tree;

use super::super::scene::{Anchor, Paint, Scene, Shape};
use super::Points;
use super::axes::View;
use super::clip::{Point, dashes};
use super::color::{Scale, alpha, blend, paint};
use super::symbols::{self, Symbol};

/// The grid stands above patches and points, below lines.
pub const GRID: f64 = 1.5;

/// How far in front a mark stands, as matplotlib's `zorder`.
pub fn level(mark: &Tree) -> f64 {
    mark.get("zorder").number().unwrap_or_else(|| match mark.get("kind").text().unwrap_or_default() {
        "bars" | "band" | "outline" | "scatter" => 1.0,
        "across" if mark.get("values").items().len() > 1 => 1.0,
        "text" => 3.0,
        _ => 2.0,
    })
}

/// The strokes and gaps of a line style, in pixels; none for a whole line.
pub fn pattern(style: &str, width: f64) -> Option<Vec<f64>> {
    let lengths: &[f64] = match style {
        "--" => &[3.7, 1.6],
        ":" => &[1.0, 1.65],
        "-." => &[6.4, 1.6, 1.0, 1.6],
        _ => return None,
    };
    Some(lengths.iter().map(|l| l * width).collect())
}

pub fn draw(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    match mark.get("kind").text().unwrap_or_default() {
        "line" => line(scene, view, mark, points),
        "scatter" => scatter(scene, view, mark, points),
        "bars" => bars(scene, view, mark, points),
        "band" => band(scene, view, mark, points),
        "outline" => outline(scene, view, mark, points),
        "errors" => errors(scene, view, mark, points),
        "across" => across(scene, view, mark, points),
        "text" => text(scene, view, mark, points),
        // What is no shape is in the raster layer.
        _ => {}
    }
}

/// A line within the frame, in its style.
pub fn stroke(scene: &mut Scene, view: &View, line: &[Point], style: &str, width: f64, paint: Paint) {
    for part in view.frame.line(line) {
        match pattern(style, width) {
            None => scene.line(&part, width, paint),
            Some(pattern) => dashes(&part, &pattern).iter().for_each(|d| scene.line(d, width, paint)),
        }
    }
}

fn line(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let Some(color) = paint(mark, "color") else {
        return;
    };
    let (x, y) = (mark.get("x").numbers(), mark.get("y").numbers());
    let data: Vec<Point> = x.into_iter().zip(y).collect();
    let place = |(x, y): &Point| view.at(*x, *y);
    let style = mark.get("style").text().unwrap_or("-");
    let width = points.px(mark.get("width").number().unwrap_or(1.5));
    if !style.is_empty() && width > 0.0 {
        let steps = stepped(&data, mark.get("step").text().unwrap_or_default());
        let path: Vec<Point> = steps.iter().map(place).collect();
        stroke(scene, view, &path, style, width, color);
    }
    let marker = mark.get("marker").text().unwrap_or_default();
    if !marker.is_empty() {
        let symbol = symbol(mark, marker, points);
        let seen = data.iter().map(place).filter(|p| view.frame.holds(*p));
        seen.for_each(|at| symbols::draw(scene, &symbol, at));
    }
}

/// How a line's markers look; also in the legend.
pub fn symbol<'a>(mark: &Tree, marker: &'a str, points: Points) -> Symbol<'a> {
    let size = mark.get("size").number().unwrap_or(6.0);
    Symbol {
        marker,
        radius: points.px(size / 2.0),
        face: paint(mark, "face"),
        edge: paint(mark, "edge"),
        width: points.px(1.0),
    }
}

fn stepped(data: &[Point], step: &str) -> Vec<Point> {
    if step.is_empty() {
        return data.to_vec();
    }
    let mut path: Vec<Point> = data.first().copied().into_iter().collect();
    for pair in data.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        match step {
            "pre" => path.push((a.0, b.1)),
            "post" => path.push((b.0, a.1)),
            _ => path.extend([((a.0 + b.0) / 2.0, a.1), ((a.0 + b.0) / 2.0, b.1)]),
        }
        path.push(b);
    }
    path
}

fn scatter(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let (x, y) = (mark.get("x").numbers(), mark.get("y").numbers());
    let (sizes, values) = (mark.get("sizes").numbers(), mark.get("values").numbers());
    let scale = Scale::of(mark);
    let plain = paint(mark, "color");
    for (i, (x, y)) in x.into_iter().zip(y).enumerate() {
        let at = view.at(x, y);
        if !view.frame.holds(at) {
            continue;
        }
        let own = values.get(i).and_then(|v| scale.at(*v)).map(|rgb| blend(rgb, alpha(mark)));
        let face = if values.is_empty() { plain } else { own };
        let size = sizes.get(i % sizes.len().max(1)).copied().unwrap_or(6.0);
        let edge = if mark.get("edge").is_none() { None } else { paint(mark, "edge") };
        let marker = mark.get("marker").text().unwrap_or("o");
        let width = points.px(mark.get("width").number().unwrap_or(1.0));
        let radius = points.px(size / 2.0) + if edge.is_none() { width / 2.0 } else { 0.0 };
        symbols::draw(scene, &Symbol { marker, radius, face, edge, width }, at);
    }
}

fn bars(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let side = |name: &str| mark.get(name).numbers();
    let (x0, x1, y0, y1) = (side("x0"), side("x1"), side("y0"), side("y1"));
    let face = paint(mark, "color");
    let own = mark.get("colors").items();
    let edge = paint(mark, "edge");
    let f = view.frame;
    // The foot of a bar on a logarithmic axis lies below the frame.
    let place = |x: f64, y: f64| {
        let (px, py) = view.at(x, y);
        let low = if view.x.low < view.x.high { f.x0 } else { f.x1 };
        (
            if px.is_nan() { low } else { px.clamp(f.x0, f.x1) },
            if py.is_nan() { f.y1 } else { py.clamp(f.y0, f.y1) },
        )
    };
    for i in 0..x0.len().min(x1.len()).min(y0.len()).min(y1.len()) {
        if [x0[i], x1[i], y0[i], y1[i]].iter().any(|v| v.is_nan()) {
            continue;
        }
        let (a, b) = (place(x0[i], y0[i]), place(x1[i], y1[i]));
        let (x, y, w, h) = (a.0.min(b.0), a.1.min(b.1), (a.0 - b.0).abs(), (a.1 - b.1).abs());
        let given = own.get(i % own.len().max(1)).and_then(Tree::text).and_then(super::color::parse);
        if let Some(paint) = given.map(|(rgb, o)| blend(rgb, o * alpha(mark))).or(face) {
            scene.shapes.push(Shape::Rect { x, y, w, h, paint });
        }
        if let Some(paint) = edge {
            let width = points.px(mark.get("width").number().unwrap_or(1.0));
            let corners = vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y), (x + w, y)];
            scene.shapes.push(Shape::Line { points: corners, width, paint });
        }
    }
}

fn band(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let (x, low, high) = (mark.get("x").numbers(), mark.get("low").numbers(), mark.get("high").numbers());
    let count = x.len().min(low.len()).min(high.len());
    let whole = |i: usize| x[i].is_finite() && low[i].is_finite() && high[i].is_finite();
    let mut from = 0;
    while from < count {
        if !whole(from) {
            from += 1;
            continue;
        }
        let to = (from..count).find(|&i| !whole(i)).unwrap_or(count);
        let there = (from..to).map(|i| view.at(x[i], low[i]));
        let back = (from..to).rev().map(|i| view.at(x[i], high[i]));
        let polygon = view.frame.polygon(&there.chain(back).collect::<Vec<_>>());
        if polygon.len() > 2 {
            if let Some(paint) = paint(mark, "color") {
                scene.shapes.push(Shape::Polygon { points: polygon.clone(), paint });
            }
            if let Some(paint) = paint(mark, "edge") {
                let width = points.px(mark.get("width").number().unwrap_or(1.0));
                scene.line(&polygon, width, paint);
            }
        }
        from = to;
    }
}

/// A histogram as one outline.
fn outline(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let (edges, heights, base) =
        (mark.get("edges").numbers(), mark.get("heights").numbers(), mark.get("base").numbers());
    let upright = mark.get("axis").number() == Some(0.0);
    let least = if upright { view.y.low.min(view.y.high) } else { view.x.low.min(view.x.high) };
    let place = |along: f64, up: f64| {
        // The foot on a logarithmic axis.
        let log = if upright { view.y.log } else { view.x.log };
        let up = if log && up <= 0.0 { least } else { up };
        if upright { view.at(along, up) } else { view.at(up, along) }
    };
    let mut path = Vec::new();
    for (i, height) in heights.iter().enumerate().take(edges.len().saturating_sub(1)) {
        let foot = base.get(i).copied().unwrap_or(0.0);
        if i == 0 {
            path.push(place(edges[0], foot));
        }
        path.extend([place(edges[i], *height), place(edges[i + 1], *height)]);
        if i + 1 == heights.len() {
            path.push(place(edges[i + 1], foot));
        }
    }
    let Some(color) = paint(mark, "color") else {
        return;
    };
    if mark.get("filled").flag() {
        let feet = (0..base.len().min(edges.len() - 1)).rev();
        path.extend(feet.flat_map(|i| [place(edges[i + 1], base[i]), place(edges[i], base[i])]));
        let points = view.frame.polygon(&path);
        scene.shapes.push(Shape::Polygon { points, paint: color });
    } else {
        let width = points.px(mark.get("width").number().unwrap_or(1.0));
        stroke(scene, view, &path, "-", width, color);
    }
}

fn errors(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let Some(color) = paint(mark, "color") else {
        return;
    };
    let (at, low, high) = (mark.get("at").numbers(), mark.get("low").numbers(), mark.get("high").numbers());
    let upright = mark.get("axis").number() == Some(1.0);
    let width = points.px(mark.get("width").number().unwrap_or(1.5));
    let cap = points.px(mark.get("cap").number().unwrap_or(0.0));
    for ((at, low), high) in at.into_iter().zip(low).zip(high) {
        let place = |value: f64| if upright { view.at(at, value) } else { view.at(value, at) };
        let (mut a, b) = (place(low), place(high));
        if upright && a.1.is_nan() {
            a.1 = view.frame.y1;
        }
        stroke(scene, view, &[a, b], "-", width, color);
        for end in [a, b].into_iter().filter(|p| cap > 0.0 && view.frame.holds(*p)) {
            let across = if upright {
                [(end.0 - cap, end.1), (end.0 + cap, end.1)]
            } else {
                [(end.0, end.1 - cap), (end.0, end.1 + cap)]
            };
            scene.line(&across, points.px(1.0), color);
        }
    }
}

fn across(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let Some(color) = paint(mark, "color") else {
        return;
    };
    let values = mark.get("values").numbers();
    let upright = mark.get("axis").number() == Some(0.0);
    let f = view.frame;
    let at = |v: f64| {
        if upright { f.x0 + view.x.share(v) * f.width() } else { f.y1 - view.y.share(v) * f.height() }
    };
    match values[..] {
        [value] => {
            let at = at(value);
            let line = if upright { [(at, f.y0), (at, f.y1)] } else { [(f.x0, at), (f.x1, at)] };
            let width = points.px(mark.get("width").number().unwrap_or(1.5));
            stroke(scene, view, &line, mark.get("style").text().unwrap_or("-"), width, color);
        }
        [a, b] => {
            let (a, b) = (at(a), at(b));
            let box_ = if upright {
                [(a, f.y0), (b, f.y0), (b, f.y1), (a, f.y1)]
            } else {
                [(f.x0, a), (f.x1, a), (f.x1, b), (f.x0, b)]
            };
            scene.shapes.push(Shape::Polygon { points: f.polygon(&box_), paint: color });
        }
        _ => {}
    }
}

fn text(scene: &mut Scene, view: &View, mark: &Tree, points: Points) {
    let number = |name: &str| mark.get(name).number().unwrap_or(f64::NAN);
    let (x, y) = view.at(number("x"), number("y"));
    let (Some(color), true) = (paint(mark, "color"), x.is_finite() && y.is_finite()) else {
        return;
    };
    let size = points.px(mark.get("size").number().unwrap_or(10.0));
    let anchor = match mark.get("ha").text() {
        Some("center") => Anchor::Middle,
        Some("right") => Anchor::End,
        _ => Anchor::Start,
    };
    let up = match mark.get("va").text() {
        Some("center") => 0.0,
        Some("top") => -0.5,
        _ => 0.4,
    };
    if let [tx, ty] = mark.get("end").numbers()[..] {
        let (tip, from) = (view.at(tx, ty), (x, y));
        let length = ((tip.0 - from.0).powi(2) + (tip.1 - from.1).powi(2)).sqrt();
        if length > 1.0 {
            let (ux, uy) = ((tip.0 - from.0) / length, (tip.1 - from.1) / length);
            let head = points.px(5.0);
            let wing =
                |s: f64| (tip.0 - ux * head - s * uy * head * 0.5, tip.1 - uy * head + s * ux * head * 0.5);
            scene.line(&[from, tip], points.px(1.0), color);
            scene.shapes.push(Shape::Polygon { points: vec![tip, wing(1.0), wing(-1.0)], paint: color });
        }
    }
    let words = mark.get("text").text().unwrap_or_default();
    for (i, line) in words.lines().enumerate() {
        scene.text(x, y - up * size + i as f64 * size * 1.2, line, size, color, anchor);
    }
}
