//! The pictures as text for a terminal: coloured by ANSI codes, and readable without colour too.

use std::fmt::Write;

use lang::layout::Layout;
use lang::session::ArrayInfo;

use super::axis::{Part, kind, parts};
use super::distribution::heading;
use super::image::Picture;
use super::palette::{NEUTRAL, Rgb, ink_on, mix, rank_color};
use super::redistribution::{summary, totals};
use super::shares::{balance, held};
use super::units::{bytes, number, times, tuple};

const COLUMNS: usize = 64;
const LINES: usize = 12;
const SLICES: usize = 4;
const RANKS: usize = 16;
/// Colours of a picture.
const SHADES: f64 = 27.0;

/// `text` on a coloured ground.
fn paint(text: &str, ground: Rgb) -> String {
    painted(text, ground, ink_on(ground))
}

fn painted(text: &str, [r, g, b]: Rgb, [x, y, z]: Rgb) -> String {
    format!("\x1b[48;2;{r};{g};{b}m\x1b[38;2;{x};{y};{z}m{text}\x1b[0m")
}

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
    out.push_str(&body(&info.layout));
    out.push('\n');
    out.push_str(&shares(&info.layout, info.dtype.itemsize()));
    out
}

/// Owners by their numbers: `0 0 0 1 1 1`.
fn body(layout: &Layout) -> String {
    if layout.size() == 0 {
        return "no elements\n".to_string();
    }
    let ndim = layout.ndim();
    if ndim < 2 {
        return panel(layout, None, ndim.checked_sub(1), &vec![0; ndim]);
    }
    let lead = &layout.grid[..ndim - 2];
    let different: usize = lead.iter().product();
    let mut out = String::new();
    for nth in 0..different.min(SLICES) {
        let mut coords = vec![0; ndim];
        let mut rest = nth;
        for d in (0..ndim - 2).rev() {
            coords[d] = rest % lead[d];
            rest /= lead[d];
        }
        if ndim > 2 {
            let first = |d: usize| {
                layout.dims[d]
                    .owned(coords[d])
                    .get(0)
                    .map_or("none".to_string(), |i| i.to_string())
            };
            let index: Vec<String> = (0..ndim - 2).map(first).collect();
            let _ = writeln!(out, "[{}, :, :]", index.join(", "));
        }
        out.push_str(&panel(layout, Some(ndim - 2), Some(ndim - 1), &coords));
    }
    if different > SLICES {
        let _ = writeln!(
            out,
            "({SLICES} of {different} slices with different owners)"
        );
    }
    out
}

fn panel(layout: &Layout, down: Option<usize>, across: Option<usize>, coords: &[usize]) -> String {
    let digits = layout.ranks.iter().max().unwrap_or(&0).to_string().len();
    let unit = digits + 1;
    let cut = |axis: Option<usize>, most: usize| match axis {
        None => (
            vec![Part::Run {
                start: 0,
                stop: 1,
                coord: 0,
            }],
            vec![1],
        ),
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
            let label = if line == 0 && down.is_some() {
                row.bounds().0.to_string()
            } else {
                String::new()
            };
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
        let _ = writeln!(
            out,
            "{} (axis {d}, {})",
            layout.dims[d].size(),
            kind(&layout.dims[d])
        );
    }
    out
}

/// How many units each part gets: one per element where all fit, else in proportion, at least one.
fn units(parts: &[Part], most: usize) -> Vec<usize> {
    let len = |p: &Part| p.bounds().1 - p.bounds().0;
    let drawn: usize = parts.iter().filter(|p| p.coord().is_some()).map(len).sum();
    let gaps = parts.iter().filter(|p| p.coord().is_none()).count();
    let room = most.saturating_sub(gaps).min(drawn).max(1);
    let mut spare = room.saturating_sub(parts.len() - gaps);
    parts
        .iter()
        .map(|p| {
            if p.coord().is_none() {
                return 1;
            }
            let share = (len(p) * room).div_ceil(drawn.max(1)).max(1);
            let extra = (share - 1).min(spare);
            spare -= extra;
            1 + extra
        })
        .collect()
}

fn shares(layout: &Layout, itemsize: usize) -> String {
    if layout.everywhere {
        let each = bytes(layout.size() as u64 * itemsize as u64);
        return format!(
            "* a whole copy on each of {} ranks, {each} each\n",
            layout.ranks.len()
        );
    }
    let held = held(layout, itemsize);
    let largest = held.iter().map(|h| h.1).max().unwrap_or(0).max(1);
    let even = balance(&held);
    let mut out = format!(
        "bytes per rank{}{even}\n",
        if even.is_empty() { "" } else { ", " }
    );
    let shown = if held.len() > RANKS {
        RANKS - 1
    } else {
        held.len()
    };
    let width = held
        .iter()
        .map(|h| h.0.to_string().len())
        .max()
        .unwrap_or(1);
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
        let _ = writeln!(
            out,
            "and {} more ranks with {}",
            held.len() - shown,
            bytes(rest)
        );
    }
    out
}

pub fn redistribution(before: &ArrayInfo, after: &ArrayInfo, matrix: &[Vec<u64>]) -> String {
    let mut out = format!(
        "Redistribution of {} of {}\n{}\n",
        tuple(&before.shape),
        before.dtype,
        summary(matrix)
    );
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
                let most = rows
                    .iter()
                    .flat_map(|r| r.iter().skip(c).take(group))
                    .max()
                    .copied()
                    .unwrap_or(0);
                let share = if most == 0 {
                    0.0
                } else {
                    0.12 + 0.88 * most as f64 / largest as f64
                };
                out.extend([ramp(share), ramp(share)]);
            }
            out.push('\n');
        }
        return out;
    }
    let texts: Vec<Vec<String>> = matrix
        .iter()
        .map(|row| {
            row.iter()
                .map(|&n| if n == 0 { "-".into() } else { bytes(n) })
                .collect()
        })
        .collect();
    let width = texts
        .iter()
        .flatten()
        .map(String::len)
        .max()
        .unwrap_or(1)
        .max(3)
        + 2;
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
                _ => Some(mix(
                    [0xd1, 0xe5, 0xf2],
                    [0x00, 0x4d, 0x80],
                    n as f64 / largest,
                )),
            };
            out.push_str(&ground.map_or(text.clone(), |g| paint(&text, g)));
        }
        out.push('\n');
    }
    out
}

/// A character that is the darker the greater `at` (0 to 1).
fn ramp(at: f64) -> char {
    const RAMP: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];
    RAMP[(at.clamp(0.0, 1.0) * 9.0).round() as usize]
}

pub fn image(picture: &Picture) -> String {
    let mut out = picture.title.map_or(String::new(), |t| format!("{t}\n"));
    let [height, width] = picture.shape.map(|n| n.max(1) as f64);
    if picture.rows * picture.cols == 0 {
        return out + "no elements\n";
    }
    let (map, note) = picture.map();
    let columns = picture.cols.min(COLUMNS);
    // A character is about twice as high as wide.
    let lines = ((columns as f64 * height / width / 2.0).round() as usize)
        .clamp(1, 40)
        .min(picture.rows);
    for i in 0..lines {
        let level = |j: usize| {
            let (r, c) = (
                (2 * i + 1) * picture.rows / (2 * lines),
                (2 * j + 1) * picture.cols / (2 * columns),
            );
            // A few shades only, so that one code colours many characters.
            let level = picture
                .values
                .get(r * picture.cols + c)
                .and_then(|v| picture.level(*v));
            level.map(|at| (at * SHADES).round() as usize)
        };
        let levels: Vec<Option<usize>> = (0..columns).map(level).collect();
        for run in levels.chunk_by(|a, b| a == b) {
            match run[0] {
                Some(shade) => {
                    let at = shade as f64 / SHADES;
                    // The character is faint on its own colour, and there when colours are not.
                    let ground = map.at(at);
                    let ink = mix(ground, ink_on(ground), 0.25);
                    out.push_str(&painted(
                        &ramp(at).to_string().repeat(run.len()),
                        ground,
                        ink,
                    ));
                }
                None => out.push_str(&"?".repeat(run.len())),
            }
        }
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "{} of {} \u{b7} {} ' ' to {} '@'",
        picture.cmap,
        tuple(&picture.shape),
        number(picture.vmin),
        number(picture.vmax)
    );
    note.map_or(out.clone(), |note| format!("{out}{note}\n"))
}
