//! How much each rank holds: the legend of ranks, their place in the process grid, and bars of bytes.

use lang::layout::Layout;

use super::scene::{Anchor, Paint, Scene, text_width};
use lang::picture::facts::{balance, held};
use lang::picture::palette::{NEUTRAL, ink_on, rank_color};
use lang::picture::units::{bytes, times};
use lang::text::tuple;

/// Ranks with a line each; of more, the bars stand side by side.
const LINES: usize = 16;
const SMALL: f64 = 10.0;

/// The process grid as a table of ranks, where it has two extents above 1 or more; small ones only.
fn grid_table(layout: &Layout) -> Option<Scene> {
    let wide: Vec<usize> = (0..layout.grid.len()).filter(|&d| layout.grid[d] > 1).collect();
    let (&[.., down, across], true) = (&wide[..], layout.ranks.len() <= 64) else {
        return None;
    };
    let outer = &wide[..wide.len() - 2];
    let tables: usize = outer.iter().map(|&d| layout.grid[d]).product();
    let (rows, cols) = (layout.grid[down], layout.grid[across]);
    let cell = if layout.ranks.len() <= 16 { 20.0 } else { 16.0 };
    let pitch = cols as f64 * cell + 14.0;
    if pitch * tables as f64 > 330.0 {
        return None;
    }
    let mut scene = Scene::default();
    let extents = layout.grid.iter().map(|g| g.to_string()).collect::<Vec<_>>().join(" \u{d7} ");
    scene.text(0.0, 6.0, format!("process grid {extents}"), SMALL, Paint::Ink(0.75), Anchor::Start);
    for table in 0..tables {
        let mut coords = vec![0; layout.grid.len()];
        let mut rest = table;
        for &d in outer.iter().rev() {
            coords[d] = rest % layout.grid[d];
            rest /= layout.grid[d];
        }
        for (i, j) in (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))) {
            (coords[down], coords[across]) = (i, j);
            let rank = layout.rank_of(&coords);
            let (x, y) = (table as f64 * pitch + j as f64 * cell, 16.0 + i as f64 * cell);
            scene.rect(x, y, cell - 1.0, cell - 1.0, rank_color(rank));
            let ink = Paint::Color(ink_on(rank_color(rank)));
            scene.text(x + cell / 2.0 - 0.5, y + cell / 2.0, rank.to_string(), SMALL, ink, Anchor::Middle);
        }
    }
    Some(scene)
}

/// The whole legend: the grid, then who holds how much.
pub fn draw(layout: &Layout, itemsize: usize) -> Scene {
    let mut scene = Scene::default();
    if layout.everywhere {
        let each = bytes(layout.size() as u64 * itemsize as u64);
        scene.rect(0.0, 1.0, 10.0, 10.0, NEUTRAL);
        let text = match layout.ranks.len() {
            1 => format!("rank 0 holds {each}"),
            n => format!("each of {n} ranks holds {each}"),
        };
        scene.text(16.0, 6.0, text, SMALL, Paint::Ink(0.85), Anchor::Start);
        return scene;
    }
    let mut y = 0.0;
    if let Some(table) = grid_table(layout) {
        let height = table.height();
        scene.place(table, 0.0, 0.0);
        y = height + 14.0;
    }
    let held = held(layout, itemsize);
    let largest = held.iter().map(|h| h.1).max().unwrap_or(0).max(1) as f64;
    let even = balance(&held);
    let title =
        if even.is_empty() { "bytes per rank".to_string() } else { format!("bytes per rank, {even}") };
    scene.text(0.0, y + 6.0, title, SMALL, Paint::Ink(0.75), Anchor::Start);
    y += 16.0;
    if held.len() <= LINES {
        lines(&mut scene, layout, &held, largest, y)
    } else {
        columns(&mut scene, &held, largest, y)
    }
    scene
}

fn lines(scene: &mut Scene, layout: &Layout, held: &[(usize, u64)], largest: f64, mut y: f64) {
    let place = |rank: usize| layout.coords(rank).map(|c| tuple(&c)).unwrap_or_default();
    let name = |rank: usize| {
        if layout.ranks.len() > 1 && layout.ndim() > 0 { place(rank) } else { String::new() }
    };
    let widest = held.iter().map(|h| text_width(&name(h.0), SMALL)).fold(0.0, f64::max);
    let number = held.iter().map(|h| text_width(&h.0.to_string(), SMALL)).fold(0.0, f64::max);
    let bar_x = 16.0 + number + 6.0 + widest + 8.0;
    for &(rank, size) in held {
        scene.rect(0.0, y + 1.0, 10.0, 10.0, rank_color(rank));
        scene.text(16.0 + number, y + 6.0, rank.to_string(), SMALL, Paint::Ink(0.9), Anchor::End);
        scene.text(22.0 + number, y + 6.0, name(rank), SMALL, Paint::Ink(0.6), Anchor::Start);
        let width = (size as f64 / largest * 90.0).max(if size > 0 { 1.0 } else { 0.0 });
        scene.shade(bar_x, y + 2.0, 90.0, 8.0, 0.08);
        if width > 0.0 {
            scene.rect(bar_x, y + 2.0, width, 8.0, rank_color(rank));
        }
        let part = if size == 0 {
            "nothing".to_string()
        } else {
            format!("{} ({})", bytes(size), times(&layout.local_shape(rank)))
        };
        scene.text(bar_x + 96.0, y + 6.0, part, SMALL, Paint::Ink(0.75), Anchor::Start);
        y += 15.0;
    }
}

/// Thin bars, a rank each; several ranks share one (their largest) when there are more than fit.
fn columns(scene: &mut Scene, held: &[(usize, u64)], largest: f64, y: f64) {
    let (width, height) = (260.0, 64.0);
    let group = held.len().div_ceil(130);
    let bars: Vec<(usize, u64)> =
        held.chunks(group).map(|c| (c[0].0, c.iter().map(|h| h.1).max().unwrap_or(0))).collect();
    let pitch = (width / bars.len() as f64).floor().max(2.0);
    for (n, &(rank, size)) in bars.iter().enumerate() {
        let tall = size as f64 / largest * height;
        // Of several ranks in one bar none has the colour.
        let color = if group > 1 { NEUTRAL } else { rank_color(rank) };
        if tall > 0.0 {
            scene.rect(n as f64 * pitch, y + height - tall, (pitch - 1.0).max(1.0), tall, color);
        }
    }
    let right = bars.len() as f64 * pitch;
    scene.line(&[(0.0, y + height), (right, y + height)], 1.0, Paint::Ink(0.4));
    let text = |scene: &mut Scene, x: f64, y: f64, text: String, anchor| {
        scene.text(x, y, text, SMALL, Paint::Ink(0.75), anchor);
    };
    text(scene, right + 6.0, y + 4.0, bytes(largest as u64), Anchor::Start);
    text(scene, right + 6.0, y + height - 4.0, "0 B".to_string(), Anchor::Start);
    text(scene, 0.0, y + height + 10.0, format!("rank {}", held[0].0), Anchor::Start);
    text(scene, right, y + height + 10.0, format!("rank {}", held[held.len() - 1].0), Anchor::End);
    if group > 1 {
        text(
            scene,
            0.0,
            y + height + 24.0,
            format!("each bar is the largest of {group} ranks"),
            Anchor::Start,
        );
    }
}
