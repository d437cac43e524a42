//! What pictures tell in words and numbers, whatever they are drawn with.

use super::colormap::ColorMap;
use super::units::bytes;
use crate::layout::Layout;
use crate::session::ArrayInfo;

/// Bytes per rank of the layout's ranks, in rank order.
pub fn held(layout: &Layout, itemsize: usize) -> Vec<(usize, u64)> {
    let mut ranks = layout.ranks.to_vec();
    ranks.sort_unstable();
    ranks.into_iter().map(|r| (r, layout.local_nbytes(r, itemsize) as u64)).collect()
}

/// `even`, or how far the largest part is above the mean.
pub fn balance(held: &[(usize, u64)]) -> String {
    let largest = held.iter().map(|h| h.1).max().unwrap_or(0);
    let total: u64 = held.iter().map(|h| h.1).sum();
    if total == 0 || held.len() < 2 {
        return String::new();
    }
    let ratio = largest as f64 * held.len() as f64 / total as f64;
    if ratio < 1.005 { "even".to_string() } else { format!("largest part {ratio:.2} \u{d7} the mean") }
}

/// The title when none is given.
pub fn heading(info: &ArrayInfo) -> String {
    match &info.layout {
        layout if layout.everywhere => "A replicated array".to_string(),
        layout if layout.ranks.len() == 1 => format!("An array on rank {}", layout.ranks[0]),
        layout => format!("Distribution over {} ranks", layout.ranks.len()),
    }
}

/// Bytes that move, bytes that stay where they are, and the number of messages.
pub struct Totals {
    pub moved: u64,
    pub kept: u64,
    pub messages: usize,
}

pub fn totals(matrix: &[Vec<u64>]) -> Totals {
    let mut totals = Totals { moved: 0, kept: 0, messages: 0 };
    for (from, row) in matrix.iter().enumerate() {
        for (to, &n) in row.iter().enumerate().filter(|(_, n)| **n > 0) {
            if from == to {
                totals.kept += n;
            } else {
                totals.moved += n;
                totals.messages += 1;
            }
        }
    }
    totals
}

/// `75 % moves: 270 B in 12 messages; 90 B stay where they are`.
pub fn summary(matrix: &[Vec<u64>]) -> String {
    let Totals { moved, kept, messages } = totals(matrix);
    if moved == 0 {
        return format!("nothing moves: all {} stay where they are", bytes(kept));
    }
    let share = (moved as f64 / (moved + kept) as f64 * 100.0).clamp(0.1, 99.9);
    let share = if kept == 0 {
        "everything".into()
    } else if share >= 10.0 {
        format!("{share:.0} %")
    } else {
        format!("{share:.1} %")
    };
    let plural = if messages == 1 { "" } else { "s" };
    let stays = if kept == 0 { String::new() } else { format!("; {} stay where they are", bytes(kept)) };
    format!("{share} moves: {} in {messages} message{plural}{stays}", bytes(moved))
}

/// A picture as the engines reduced it: `rows` x `cols` values of an array of `shape`.
pub struct Picture<'a> {
    pub rows: usize,
    pub cols: usize,
    pub values: &'a [f32],
    pub shape: [usize; 2],
    pub vmin: f64,
    pub vmax: f64,
    pub cmap: &'a str,
    pub title: Option<&'a str>,
}

impl Picture<'_> {
    /// Where a value lies between the limits, 0 to 1; `None` for nan.
    pub fn level(&self, value: f32) -> Option<f64> {
        let value = value as f64;
        if value.is_nan() {
            return None;
        }
        let range = self.vmax - self.vmin;
        Some(if range > 0.0 { ((value - self.vmin) / range).clamp(0.0, 1.0) } else { 0.5 })
    }

    /// The colour map, and what to say when there is none of that name.
    pub fn map(&self) -> (ColorMap, Option<String>) {
        match ColorMap::named(self.cmap) {
            Some(map) => (map, None),
            None => {
                let note = format!("no colour map is called '{}': this is viridis", self.cmap);
                (ColorMap::named("viridis").expect("it is in the table"), Some(note))
            }
        }
    }
}
