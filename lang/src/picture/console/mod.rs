//! The pictures as text for a terminal: coloured by ANSI codes, and readable without colour too.

mod image;
mod panel;
mod redistribution;

use std::fmt::Write;

use crate::layout::Layout;
use crate::session::ArrayInfo;

pub use image::image;
pub use redistribution::redistribution;

use super::facts::{balance, heading, held};
use super::palette::{Rgb, ink_on, rank_color};
use super::units::{bytes, times};
use crate::text::tuple;

/// Characters in a line of a picture.
const COLUMNS: usize = 64;
/// Ranks with a bar of their own.
const RANKS: usize = 16;

/// `text` on a coloured ground.
fn paint(text: &str, ground: Rgb) -> String {
    painted(text, ground, ink_on(ground))
}

fn painted(text: &str, [r, g, b]: Rgb, [x, y, z]: Rgb) -> String {
    format!("\x1b[48;2;{r};{g};{b}m\x1b[38;2;{x};{y};{z}m{text}\x1b[0m")
}

/// A character that is the darker the greater `at` (0 to 1).
fn ramp(at: f64) -> char {
    const RAMP: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];
    RAMP[(at.clamp(0.0, 1.0) * 9.0).round() as usize]
}

/// The text without its colours.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\x1b[") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('m').map_or(rest.len(), |m| at + m + 1);
        rest = &rest[end..];
    }
    out + rest
}

/// The diagram of a distribution.
pub fn distribution(info: &ArrayInfo, title: Option<&str>) -> String {
    let title = title.map_or_else(|| heading(info), str::to_string);
    let size = info.layout.size() as u64 * info.dtype.itemsize() as u64;
    let mut out = format!(
        "{title}\n{} \u{b7} {} of {} \u{b7} {}\n\n",
        info.layout.describe(),
        tuple(&info.shape),
        info.dtype,
        bytes(size)
    );
    out.push_str(&panel::body(&info.layout));
    out.push('\n');
    out.push_str(&shares(&info.layout, info.dtype.itemsize()));
    out
}

fn shares(layout: &Layout, itemsize: usize) -> String {
    if layout.everywhere {
        let each = bytes(layout.size() as u64 * itemsize as u64);
        return format!("* a whole copy on each of {} ranks, {each} each\n", layout.ranks.len());
    }
    let held = held(layout, itemsize);
    let largest = held.iter().map(|h| h.1).max().unwrap_or(0).max(1);
    let even = balance(&held);
    let mut out = format!("bytes per rank{}{even}\n", if even.is_empty() { "" } else { ", " });
    let shown = if held.len() > RANKS { RANKS - 1 } else { held.len() };
    let width = held.iter().map(|h| h.0.to_string().len()).max().unwrap_or(1);
    for &(rank, size) in &held[..shown] {
        let bar = (size as f64 / largest as f64 * 20.0).round() as usize;
        let [r, g, b] = rank_color(rank);
        let place = layout
            .coords(rank)
            .filter(|c| !c.is_empty())
            .map(|c| format!(" {}", tuple(&c)))
            .unwrap_or_default();
        let part = if size == 0 {
            "nothing".to_string()
        } else {
            format!("{} ({})", bytes(size), times(&layout.local_shape(rank)))
        };
        let _ = writeln!(
            out,
            "{rank:>width$}{place} \x1b[38;2;{r};{g};{b}m{}\x1b[0m{} {part}",
            "\u{2588}".repeat(bar),
            "\u{2591}".repeat(20 - bar)
        );
    }
    if shown < held.len() {
        let rest: u64 = held[shown..].iter().map(|h| h.1).sum();
        let _ = writeln!(out, "and {} more ranks with {}", held.len() - shown, bytes(rest));
    }
    out
}
