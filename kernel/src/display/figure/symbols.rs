//! Markers: circles, polygons, and strokes, around a point.

use super::super::scene::{Paint, Scene, Shape};
use super::clip::Point;

/// Regular polygons and stars: so many corners, the first at this angle (in turns, 0 up), every second at this radius.
fn corners(n: usize, turn: f64, inner: f64) -> Vec<Point> {
    let corner = |k: usize| {
        let angle = (turn + k as f64 / n as f64) * std::f64::consts::TAU;
        let radius = if k % 2 == 1 { inner } else { 1.0 };
        (radius * angle.sin(), -radius * angle.cos())
    };
    (0..n).map(corner).collect()
}

fn outline(marker: &str) -> Option<Vec<Point>> {
    let triangle = vec![(0.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    let turned = |f: fn(Point) -> Point, points: Vec<Point>| points.into_iter().map(f).collect();
    Some(match marker {
        "s" => vec![(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
        "D" => corners(4, 0.0, 1.0).into_iter().map(|(x, y)| (x * 1.414, y * 1.414)).collect(),
        "d" => vec![(0.0, -1.414), (0.85, 0.0), (0.0, 1.414), (-0.85, 0.0)],
        "^" => triangle,
        "v" => turned(|(x, y)| (x, -y), triangle),
        "<" => turned(|(x, y)| (y, x), triangle),
        ">" => turned(|(x, y)| (-y, x), triangle),
        "p" => corners(5, 0.0, 1.0),
        "h" => corners(6, 0.0, 1.0),
        "H" => corners(6, 1.0 / 12.0, 1.0),
        "*" => corners(10, 0.0, 0.4),
        "P" | "X" => {
            let (a, b) = (0.34, 1.0);
            let plus = vec![
                (-a, -b),
                (a, -b),
                (a, -a),
                (b, -a),
                (b, a),
                (a, a),
                (a, b),
                (-a, b),
                (-a, a),
                (-b, a),
                (-b, -a),
                (-a, -a),
            ];
            if marker == "P" { plus } else { turned(|(x, y)| ((x - y) * 0.8, (x + y) * 0.8), plus) }
        }
        _ => return None,
    })
}

/// Strokes of a marker that is not filled.
fn strokes(marker: &str) -> &'static [[Point; 2]] {
    match marker {
        "+" => &[[(-1.0, 0.0), (1.0, 0.0)], [(0.0, -1.0), (0.0, 1.0)]],
        "x" => &[[(-1.0, -1.0), (1.0, 1.0)], [(-1.0, 1.0), (1.0, -1.0)]],
        "|" => &[[(0.0, -1.0), (0.0, 1.0)]],
        "_" => &[[(-1.0, 0.0), (1.0, 0.0)]],
        _ => &[],
    }
}

/// How a marker is drawn: its radius, its inside, its line; all in pixels.
#[derive(Clone, Copy)]
pub struct Symbol<'a> {
    pub marker: &'a str,
    pub radius: f64,
    pub face: Option<Paint>,
    pub edge: Option<Paint>,
    pub width: f64,
}

pub fn draw(scene: &mut Scene, symbol: &Symbol, (x, y): Point) {
    let Symbol { marker, radius, face, edge, width } = *symbol;
    let strokes = strokes(marker);
    if !strokes.is_empty() {
        if let Some(paint) = edge.or(face) {
            for stroke in strokes {
                let points = stroke.map(|(dx, dy)| (x + dx * radius, y + dy * radius));
                scene.line(&points, width.max(1.0), paint);
            }
        }
        return;
    }
    if let Some(points) = outline(marker) {
        let points: Vec<Point> = points.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius)).collect();
        if let Some(paint) = face {
            scene.shapes.push(Shape::Polygon { points: points.clone(), paint });
        }
        if let Some(paint) = edge.filter(|e| Some(*e) != face) {
            let mut closed = points;
            closed.extend(closed.first().copied());
            scene.line(&closed, width, paint);
        }
        return;
    }
    let radius = match marker {
        "." => radius / 2.0,
        "," => 0.5,
        _ => radius,
    };
    if let Some(paint) = face {
        scene.shapes.push(Shape::Circle { x, y, radius, paint, filled: true });
    }
    if let Some(paint) = edge.filter(|e| Some(*e) != face) {
        scene.shapes.push(Shape::Circle { x, y, radius, paint, filled: false });
    }
}
