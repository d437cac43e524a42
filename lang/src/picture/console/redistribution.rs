//! A redistribution as text: before, after, and the matrix of bytes.

use std::fmt::Write;

use crate::session::ArrayInfo;

use super::super::facts::{summary, totals};
use super::super::palette::{NEUTRAL, mix};
use super::super::units::bytes;
use super::panel::body;
use super::{paint, ramp};
use crate::text::tuple;

/// `matrix` is in bytes, from rank (row) to rank (column).
pub fn redistribution(before: &ArrayInfo, after: &ArrayInfo, matrix: &[Vec<u64>]) -> String {
    let mut out =
        format!("Redistribution of {} of {}\n{}\n", tuple(&before.shape), before.dtype, summary(matrix));
    for (name, info) in [("before", before), ("after", after)] {
        let _ = writeln!(out, "\n{name}: {}", info.layout.describe());
        out.push_str(&body(&info.layout));
    }
    if totals(matrix).moved == 0 {
        return out;
    }
    out.push_str("\nbytes from rank (row) to rank (column)\n");
    if matrix.len() > 10 {
        let largest = matrix.iter().flatten().max().copied().unwrap_or(0).max(1);
        let _ = writeln!(
            out,
            "({} ranks: the darker, the more; `{}` is {})",
            matrix.len(),
            ramp(1.0),
            bytes(largest)
        );
        let group = matrix.len().div_ceil(32);
        for rows in matrix.chunks(group) {
            for c in (0..matrix.len()).step_by(group) {
                let most = rows.iter().flat_map(|r| r.iter().skip(c).take(group)).max().copied().unwrap_or(0);
                let share = if most == 0 { 0.0 } else { 0.12 + 0.88 * most as f64 / largest as f64 };
                out.extend([ramp(share), ramp(share)]);
            }
            out.push('\n');
        }
        return out;
    }
    let texts: Vec<Vec<String>> = matrix
        .iter()
        .map(|row| row.iter().map(|&n| if n == 0 { "-".into() } else { bytes(n) }).collect())
        .collect();
    let width = texts.iter().flatten().map(String::len).max().unwrap_or(1).max(3) + 2;
    out.push_str("    ");
    (0..matrix.len()).for_each(|to| {
        let _ = write!(out, "{to:>width$}");
    });
    out.push('\n');
    let largest = matrix.iter().flatten().max().copied().unwrap_or(0).max(1) as f64;
    for (from, row) in texts.iter().enumerate() {
        let _ = write!(out, "{from:>4}");
        for (to, text) in row.iter().enumerate() {
            let text = format!("{text:>width$}");
            let n = matrix[from][to];
            let ground = match n {
                0 => None,
                _ if from == to => Some(NEUTRAL),
                _ => Some(mix([0xd1, 0xe5, 0xf2], [0x00, 0x4d, 0x80], n as f64 / largest)),
            };
            out.push_str(&ground.map_or(text.clone(), |g| paint(&text, g)));
        }
        out.push('\n');
    }
    out
}
