//! Owners by their numbers, in a grid of characters.

use std::fmt::Write;

use crate::layout::Layout;

use super::super::axis::{Part, kind, parts};
use super::super::palette::{NEUTRAL, rank_color};
use super::super::slices::{Slice, slices};
use super::{COLUMNS, paint};

const LINES: usize = 12;
const SLICES: usize = 4;

/// Owners by their numbers: `0 0 0 1 1 1`.
pub fn body(layout: &Layout) -> String {
    if layout.size() == 0 {
        return "no elements\n".to_string();
    }
    let ndim = layout.ndim();
    if ndim < 2 {
        return panel(layout, None, ndim.checked_sub(1), &vec![0; ndim]);
    }
    let (slices, different) = slices(layout, SLICES);
    let mut out = String::new();
    for Slice { title, coords } in slices {
        if ndim > 2 {
            let _ = writeln!(out, "{title}");
        }
        out.push_str(&panel(layout, Some(ndim - 2), Some(ndim - 1), &coords));
    }
    if different > SLICES {
        let _ = writeln!(out, "({SLICES} of {different} slices with different owners)");
    }
    out
}

fn panel(layout: &Layout, down: Option<usize>, across: Option<usize>, coords: &[usize]) -> String {
    let digits = layout.ranks.iter().max().unwrap_or(&0).to_string().len();
    let unit = digits + 1;
    let cut = |axis: Option<usize>, most: usize| match axis {
        None => (vec![Part::Run { start: 0, stop: 1, coord: 0 }], vec![1]),
        Some(d) => {
            let parts = parts(&layout.dims[d], most);
            let units = units(&parts, most);
            (parts, units)
        }
    };
    let (rows, heights) = cut(down, LINES);
    let (cols, widths) = cut(across, COLUMNS / unit);
    let margin = down.map_or(0, |d| layout.dims[d].size().to_string().len() + 1);
    let mut out = String::new();
    if let Some(d) = across {
        let _ = writeln!(out, "{:margin$}axis {d}, {}", "", kind(&layout.dims[d]));
        let mut line = vec![b' '; margin + widths.iter().sum::<usize>() * unit + 24];
        let (mut at, mut free) = (margin, 0);
        for (part, units) in cols.iter().zip(&widths) {
            let text = part.bounds().0.to_string();
            if at >= free && part.coord().is_some() {
                line[at..at + text.len()].copy_from_slice(text.as_bytes());
                free = at + text.len() + 1;
            }
            at += units * unit;
        }
        let _ = writeln!(out, "{}", String::from_utf8_lossy(&line).trim_end());
    }
    for (row, height) in rows.iter().zip(heights) {
        for line in 0..height {
            let label = if line == 0 && down.is_some() { row.bounds().0.to_string() } else { String::new() };
            if margin > 0 {
                let _ = write!(out, "{label:>width$} ", width = margin - 1);
            }
            for (col, units) in cols.iter().zip(&widths) {
                let (text, ground) = match (row.coord(), col.coord()) {
                    (Some(_), Some(_)) if layout.everywhere => ("*".to_string(), Some(NEUTRAL)),
                    (Some(r), Some(c)) => {
                        let mut at = coords.to_vec();
                        if let Some(d) = down {
                            at[d] = r;
                        }
                        if let Some(d) = across {
                            at[d] = c;
                        }
                        let rank = layout.rank_of(&at);
                        (rank.to_string(), Some(rank_color(rank)))
                    }
                    _ => ("~".to_string(), None),
                };
                let text = format!("{text:>digits$} ").repeat(*units);
                out.push_str(&ground.map_or(text.clone(), |ground| paint(&text, ground)));
            }
            out.push('\n');
        }
    }
    if let Some(d) = down {
        let _ = writeln!(out, "{} (axis {d}, {})", layout.dims[d].size(), kind(&layout.dims[d]));
    }
    out
}

/// How many units each part gets: one per element where all fit, else at least one, and the rest in proportion.
fn units(parts: &[Part], most: usize) -> Vec<usize> {
    let len = |p: &Part| p.bounds().1 - p.bounds().0;
    let runs = || parts.iter().filter(|p| p.coord().is_some());
    let drawn: usize = runs().map(len).sum();
    let room = most.saturating_sub(parts.len() - runs().count());
    if drawn <= room {
        return parts.iter().map(|p| if p.coord().is_some() { len(p) } else { 1 }).collect();
    }
    let spare = room.saturating_sub(runs().count());
    let mut before = 0;
    parts
        .iter()
        .map(|p| {
            if p.coord().is_none() {
                return 1;
            }
            // Rounded where the part ends, so that no part is favoured.
            let at = |n: usize| (n as f64 / drawn as f64 * spare as f64).round() as usize;
            let (from, to) = (before, before + len(p));
            before = to;
            1 + at(to) - at(from)
        })
        .collect()
}
