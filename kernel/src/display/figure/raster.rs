//! The layer of pixels under a frame's shapes: pictures, meshes, filled contours, and points too many to be drawn singly;
//! two pixels to one of the page, so that dense screens show it crisp.

use engines::link::Tree;
use lang::picture::palette::{Rgb, mix};

use super::super::scene::{Bitmap, Scene};
use super::Points;
use super::axes::{Axis, View};
use super::color::{Scale, alpha, parse};

/// Pixels of the layer to one of the page.
const FINE: f64 = 2.0;

struct Layer {
    cols: usize,
    rows: usize,
    colors: Vec<Rgb>,
}

impl Layer {
    fn put(&mut self, col: usize, row: usize, color: Rgb, opacity: f64) {
        let pixel = &mut self.colors[row * self.cols + col];
        *pixel = if opacity >= 1.0 { color } else { mix(*pixel, color, opacity) };
    }
}

/// Draws the layer, if any of the marks has part in it: of all that stand in one frame, each with its scales.
pub fn draw(scene: &mut Scene, all: &[(View, &[Tree])], points: Points) {
    let of_pixels =
        |mark: &&Tree| matches!(mark.get("kind").text(), Some("image" | "mesh" | "contourf" | "cells"));
    let mut marks: Vec<(&View, &Tree)> = all
        .iter()
        .flat_map(|(view, marks)| marks.iter().filter(of_pixels).map(move |mark| (view, mark)))
        .collect();
    let Some((first, _)) = marks.first() else {
        return;
    };
    let f = first.frame;
    let pictures_first = |mark: &(&View, &Tree)| matches!(mark.1.get("kind").text(), Some("cells")) as u8;
    marks.sort_by_key(pictures_first);
    let side = |length: f64| ((length * FINE).round() as usize).clamp(1, 4000);
    let (cols, rows) = (side(f.width()), side(f.height()));
    let mut layer = Layer { cols, rows, colors: vec![[255; 3]; cols * rows] };
    for (view, mark) in marks {
        match mark.get("kind").text() {
            Some("image") => image(&mut layer, view, mark),
            Some("mesh") => mesh(&mut layer, view, mark),
            Some("contourf") => bands(&mut layer, view, mark),
            _ => cells(&mut layer, view, mark, points),
        }
    }
    let pixels = layer.colors.concat();
    scene.image(f.x0, f.y0, f.width(), f.height(), Bitmap { cols, rows, pixels });
}

/// What the middles of the layer's pixels stand for along an axis.
fn values(axis: &Axis, count: usize, down: bool) -> Vec<f64> {
    let share = |k: usize| (k as f64 + 0.5) / count as f64;
    (0..count).map(|k| axis.value(if down { 1.0 - share(k) } else { share(k) })).collect()
}

fn image(layer: &mut Layer, view: &View, mark: &Tree) {
    let number = |name: &str| mark.get(name).number().unwrap_or(0.0);
    let (rows, cols) = (number("rows") as usize, number("cols") as usize);
    let z = mark.get("z").numbers();
    let rgb: Vec<Vec<f64>> = mark.get("rgb").items().iter().map(Tree::numbers).collect();
    if rows * cols == 0 || z.len() != rows * cols || rgb.iter().any(|part| part.len() != z.len()) {
        return;
    }
    let scale = Scale::of(mark);
    let opacity = alpha(mark);
    let smooth = mark.get("smooth").flag();
    // Where a pixel lies among the picture's columns and rows, in their units.
    let along = |axis: &Axis, from: f64, to: f64, n: usize, count: usize, down: bool| -> Vec<Option<f64>> {
        let place = |v: f64| (v - from) / (to - from) * n as f64;
        values(axis, count, down)
            .into_iter()
            .map(|v| Some(place(v)).filter(|p| (0.0..=n as f64).contains(p)))
            .collect()
    };
    let xs = along(&view.x, number("left"), number("right"), cols, layer.cols, false);
    // `low` is where the extent begins; the first row lies at its other end where the origin is above.
    let (first, last) = if mark.get("upper").flag() {
        (number("high"), number("low"))
    } else {
        (number("low"), number("high"))
    };
    let ys = along(&view.y, first, last, rows, layer.rows, true);
    let cell = |p: f64, n: usize| (p as usize).min(n - 1);
    for (row, y) in ys.iter().enumerate() {
        let Some(y) = y else { continue };
        for (col, x) in xs.iter().enumerate() {
            let Some(x) = x else { continue };
            let at = cell(*y, rows) * cols + cell(*x, cols);
            let color = if let [r, g, b] = &rgb[..] {
                Some([r, g, b].map(|part| (part[at] * 255.0).round().clamp(0.0, 255.0) as u8))
            } else if smooth {
                scale.at(between(&z, rows, cols, y - 0.5, x - 0.5))
            } else {
                scale.at(z[at])
            };
            if let Some(color) = color {
                layer.put(col, row, color, opacity);
            }
        }
    }
}

/// The value between four of a grid's, at a place in units of its rows and columns (bilinear).
fn between(z: &[f64], rows: usize, cols: usize, y: f64, x: f64) -> f64 {
    let split = |p: f64, n: usize| {
        let p = p.clamp(0.0, (n - 1) as f64);
        let i = (p as usize).min(n.saturating_sub(2));
        (i, p - i as f64)
    };
    let ((i, v), (j, u)) = (split(y, rows), split(x, cols));
    let at = |di: usize, dj: usize| z[(i + di).min(rows - 1) * cols + (j + dj).min(cols - 1)];
    let (top, foot) = (at(0, 0) * (1.0 - u) + at(0, 1) * u, at(1, 0) * (1.0 - u) + at(1, 1) * u);
    top * (1.0 - v) + foot * v
}

/// In which of the stretches between rising (or falling) edges a value lies, and how far into it.
fn stretch(edges: &[f64], value: f64) -> Option<(usize, f64)> {
    let (first, last) = (*edges.first()?, *edges.last()?);
    let up = last >= first;
    if edges.len() < 2
        || !value.is_finite()
        || (value < first) == up && value != first
        || (value > last) == up && value != last
    {
        return None;
    }
    let i =
        edges.partition_point(|e| if up { *e <= value } else { *e >= value }).clamp(1, edges.len() - 1) - 1;
    let wide = edges[i + 1] - edges[i];
    Some((i, if wide == 0.0 { 0.0 } else { (value - edges[i]) / wide }))
}

fn mesh(layer: &mut Layer, view: &View, mark: &Tree) {
    let (z, x, y) = (mark.get("z").numbers(), mark.get("x").numbers(), mark.get("y").numbers());
    let (rows, cols) = (y.len().saturating_sub(1), x.len().saturating_sub(1));
    if z.len() != rows * cols {
        return;
    }
    let scale = Scale::of(mark);
    let opacity = alpha(mark);
    let places = |axis: &Axis, edges: &[f64], count: usize, down: bool| -> Vec<Option<usize>> {
        values(axis, count, down).into_iter().map(|v| stretch(edges, v).map(|s| s.0)).collect()
    };
    let (xs, ys) = (places(&view.x, &x, layer.cols, false), places(&view.y, &y, layer.rows, true));
    for (row, i) in ys.iter().enumerate() {
        for (col, j) in xs.iter().enumerate() {
            if let (Some(i), Some(j)) = (i, j)
                && let Some(color) = scale.at(z[i * cols + j])
            {
                layer.put(col, row, color, opacity);
            }
        }
    }
}

/// The colour of the band between levels `k` and `k + 1`.
pub fn band_color(mark: &Tree, levels: &[f64], k: usize) -> Option<Rgb> {
    let own = mark.get("colors").items();
    if !own.is_empty() {
        return own[k % own.len()].text().and_then(parse).map(|c| c.0);
    }
    let scale = Scale::of(mark);
    scale.at(scale.middle(*levels.get(k)?, *levels.get(k + 1)?))
}

fn bands(layer: &mut Layer, view: &View, mark: &Tree) {
    let (z, x, y) = (mark.get("z").numbers(), mark.get("x").numbers(), mark.get("y").numbers());
    let levels = mark.get("levels").numbers();
    if z.len() != x.len() * y.len() || levels.len() < 2 {
        return;
    }
    let colors: Vec<Option<Rgb>> = (0..levels.len() - 1).map(|k| band_color(mark, &levels, k)).collect();
    let opacity = alpha(mark);
    let places = |axis: &Axis, points: &[f64], count: usize, down: bool| -> Vec<Option<f64>> {
        values(axis, count, down).into_iter().map(|v| stretch(points, v).map(|(i, t)| i as f64 + t)).collect()
    };
    let (xs, ys) = (places(&view.x, &x, layer.cols, false), places(&view.y, &y, layer.rows, true));
    for (row, v) in ys.iter().enumerate() {
        for (col, u) in xs.iter().enumerate() {
            let (Some(v), Some(u)) = (v, u) else { continue };
            let value = between(&z, y.len(), x.len(), *v, *u);
            if let Some((k, _)) = stretch(&levels, value)
                && let Some(color) = colors[k]
            {
                layer.put(col, row, color, opacity);
            }
        }
    }
}

/// Points counted in cells: each pixel is as dark as all the marks that cover it make it.
fn cells(layer: &mut Layer, view: &View, mark: &Tree, points: Points) {
    let cells = mark.get("cells");
    let number = |name: &str| cells.get(name).number().unwrap_or(0.0);
    let (rows, cols) = (number("rows") as usize, number("cols") as usize);
    let (counts, sums) = (cells.get("counts").numbers(), cells.get("sums").numbers());
    if counts.len() != rows * cols {
        return;
    }
    let axis = |low: &str, high: &str, log: &str| Axis {
        low: number(low),
        high: number(high),
        log: cells.get(log).flag(),
    };
    let (x, y) = (axis("x0", "x1", "xlog"), axis("y0", "y1", "ylog"));
    let pixel = |share: f64, count: usize| (share.is_finite()).then(|| (share * count as f64).floor() as i64);
    let share = |k: usize, n: usize| (k as f64 + 0.5) / n as f64;
    let at_col: Vec<Option<i64>> =
        (0..cols).map(|j| pixel(view.x.share(x.value(share(j, cols))), layer.cols)).collect();
    let at_row: Vec<Option<i64>> =
        (0..rows).map(|i| pixel(1.0 - view.y.share(y.value(share(i, rows))), layer.rows)).collect();
    let size = mark.get("size").number().unwrap_or(6.0);
    let size = match mark.get("marker").text() {
        Some(".") => size / 2.0,
        Some(",") => 0.0,
        _ => size,
    };
    let radius = points.px(size / 2.0) * FINE;
    let square = matches!(mark.get("marker").text(), Some("s"));
    let reach = radius.floor() as i64;
    // Half the width of a mark at each of its rows.
    let half: Vec<i64> = (-reach..=reach)
        .map(|dy| if square { reach } else { (radius * radius - (dy * dy) as f64).max(0.0).sqrt() as i64 })
        .collect();
    // Where marks begin and end along each row: summed up below.
    let wide = layer.cols + 1;
    let mut cover = vec![0.0f64; wide * layer.rows];
    let mut total = vec![0.0f64; if sums.is_empty() { 0 } else { cover.len() }];
    for i in 0..rows {
        let Some(cy) = at_row[i] else { continue };
        for j in 0..cols {
            let count = counts[i * cols + j];
            let (Some(cx), true) = (at_col[j], count > 0.0) else { continue };
            for (dy, half) in (-reach..=reach).zip(&half) {
                let row = cy + dy;
                let (from, to) =
                    ((cx - half).clamp(0, layer.cols as i64), (cx + half + 1).clamp(0, layer.cols as i64));
                if row < 0 || row >= layer.rows as i64 || from >= to {
                    continue;
                }
                let (a, b) = (row as usize * wide + from as usize, row as usize * wide + to as usize);
                cover[a] += count;
                cover[b] -= count;
                if let Some(sum) = sums.get(i * cols + j) {
                    total[a] += sum;
                    total[b] -= sum;
                }
            }
        }
    }
    let plain = mark.get("color").text().and_then(parse).map(|c| c.0);
    let scale = Scale::of(mark);
    let through = 1.0 - alpha(mark);
    for row in 0..layer.rows {
        let (mut count, mut sum) = (0.0, 0.0);
        for col in 0..layer.cols {
            count += cover[row * wide + col];
            sum += total.get(row * wide + col).copied().unwrap_or(0.0);
            if count < 0.5 {
                continue;
            }
            let color = if total.is_empty() { plain } else { scale.at(sum / count) };
            if let Some(color) = color {
                layer.put(col, row, color, 1.0 - through.powf(count));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_find_their_stretch() {
        let edges = [0.0, 1.0, 3.0];
        let check = |value, found| assert_eq!(stretch(&edges, value), found, "{value}");
        check(0.0, Some((0, 0.0)));
        check(2.0, Some((1, 0.5)));
        check(3.0, Some((1, 1.0)));
        check(3.1, None);
        check(-0.1, None);
        check(f64::NAN, None);
        assert_eq!(stretch(&[3.0, 1.0, 0.0], 2.0), Some((0, 0.5)));
        assert_eq!(stretch(&[3.0, 1.0, 0.0], 4.0), None);
        assert_eq!(stretch(&[], 1.0), None);
    }

    #[test]
    fn what_lies_between() {
        let z = [0.0, 1.0, 2.0, 3.0];
        assert_eq!(between(&z, 2, 2, 0.5, 0.5), 1.5);
        assert_eq!(between(&z, 2, 2, -1.0, 9.0), 1.0);
        assert_eq!(between(&[7.0], 1, 1, 0.3, 0.3), 7.0);
    }
}
