//! A redistribution: the array before, the array after, and who sends how much to whom.

use lang::session::ArrayInfo;

use super::distribution::body;
use super::panel::Style;
use super::scene::{Anchor, Paint, Scene, text_width};
use lang::picture::facts::summary;
use lang::picture::palette::{NEUTRAL, WHITE, ink_on, mix};
use lang::picture::units::bytes;
use lang::text::tuple;

/// Ranks with a row each in the matrix; of more, several share one.
const MAX_ROWS: usize = 32;
const SMALL: f64 = 10.0;

pub fn draw(before: &ArrayInfo, after: &ArrayInfo, matrix: &[Vec<u64>]) -> Scene {
    let mut scene = Scene::default();
    scene.text(0.0, 8.0, "Redistribution", 14.0, Paint::Ink(1.0), Anchor::Start).bold = true;
    let about = format!("{} of {} \u{b7} {}", tuple(&before.shape), before.dtype, summary(matrix));
    scene.text(0.0, 25.0, about, 11.0, Paint::Ink(0.7), Anchor::Start);

    let style = Style { width: 230.0, height: 190.0, labels: true };
    let mut x = 0.0;
    let mut bottom = 0.0f64;
    let mut notes = Vec::new();
    for (name, info) in [("before", before), ("after", after)] {
        let text = format!("{name}: {}", info.layout.describe());
        let drawn = body(&info.layout, None, style);
        bottom = bottom.max(60.0 + drawn.scene.height());
        let wide = drawn.scene.width().max(text_width(&text, 11.0) * 1.08);
        scene.text(x, 48.0, text, 11.0, Paint::Ink(0.9), Anchor::Start).bold = true;
        scene.place(drawn.scene, x, 60.0);
        notes.extend(drawn.notes);
        x += wide + 44.0;
    }
    let matrix = heat(matrix);
    scene.place(matrix, 0.0, bottom + 18.0);
    let mut y = scene.height() + 10.0;
    notes.dedup();
    for note in notes {
        scene.text(0.0, y, note, SMALL, Paint::Ink(0.7), Anchor::Start);
        y += 14.0;
    }
    scene
}

/// The matrix of bytes, from rank (row) to rank (column).
fn heat(matrix: &[Vec<u64>]) -> Scene {
    let mut scene = Scene::default();
    let group = matrix.len().div_ceil(MAX_ROWS).max(1);
    let n = matrix.len().div_ceil(group);
    let mut sums = vec![vec![(0u64, 0u64); n]; n];
    for (from, row) in matrix.iter().enumerate() {
        for (to, &bytes) in row.iter().enumerate() {
            let cell = &mut sums[from / group][to / group];
            if from == to { cell.1 += bytes } else { cell.0 += bytes }
        }
    }
    let largest = sums.iter().flatten().map(|c| c.0).max().unwrap_or(0).max(1) as f64;
    let numbers = n <= 12;
    let (w, h) = if numbers {
        (54.0, 22.0)
    } else if n <= 20 {
        (16.0, 16.0)
    } else {
        (11.0, 11.0)
    };
    let title = if group == 1 {
        "bytes from rank (row) to rank (column)".to_string()
    } else {
        format!("bytes from ranks (row) to ranks (column), {group} ranks a cell")
    };
    scene.text(0.0, 6.0, title, SMALL, Paint::Ink(0.75), Anchor::Start);
    let (x0, y0) = (30.0, 32.0);
    scene.shade(x0, y0, n as f64 * w - 1.0, n as f64 * h - 1.0, 0.05);
    for (i, row) in sums.iter().enumerate() {
        let name = (i * group).to_string();
        if numbers || i % 4 == 0 {
            scene.text(
                x0 - 6.0,
                y0 + (i as f64 + 0.5) * h,
                name.clone(),
                SMALL,
                Paint::Ink(0.75),
                Anchor::End,
            );
            scene.text(x0 + (i as f64 + 0.5) * w, y0 - 8.0, name, SMALL, Paint::Ink(0.75), Anchor::Middle);
        }
        for (j, &(moved, kept)) in row.iter().enumerate() {
            let (x, y) = (x0 + j as f64 * w, y0 + i as f64 * h);
            let color = match moved {
                0 if kept > 0 => NEUTRAL,
                0 => continue,
                _ => mix(mix([0x00, 0x72, 0xb2], WHITE, 0.82), [0x00, 0x5f, 0x99], moved as f64 / largest),
            };
            scene.rect(x, y, w - 1.0, h - 1.0, color);
            if numbers {
                let ink = Paint::Color(ink_on(color));
                scene.text(x + w / 2.0 - 0.5, y + h / 2.0, bytes(moved + kept), SMALL, ink, Anchor::Middle);
            }
        }
    }
    let y = y0 + n as f64 * h + 12.0;
    scene.rect(x0, y - 5.0, 10.0, 10.0, NEUTRAL);
    scene.text(x0 + 16.0, y, "stays on its rank", SMALL, Paint::Ink(0.75), Anchor::Start);
    scene
}
