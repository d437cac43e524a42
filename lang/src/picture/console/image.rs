//! A picture of values as coloured characters.

use std::fmt::Write;

use super::super::facts::Picture;
use super::super::palette::{ink_on, mix};
use super::super::units::number;
use super::{COLUMNS, painted, ramp};
use crate::text::tuple;

/// Colours of a picture.
const SHADES: f64 = 27.0;

/// A character is the darker the greater the value.
pub fn image(picture: &Picture) -> String {
    let mut out = picture.title.map_or(String::new(), |t| format!("{t}\n"));
    let [height, width] = picture.shape.map(|n| n.max(1) as f64);
    if picture.rows * picture.cols == 0 {
        return out + "no elements\n";
    }
    let (map, note) = picture.map();
    let columns = picture.cols.min(COLUMNS);
    // A character is about twice as high as wide.
    let lines = ((columns as f64 * height / width / 2.0).round() as usize).clamp(1, 40).min(picture.rows);
    for i in 0..lines {
        let level = |j: usize| {
            let (r, c) =
                ((2 * i + 1) * picture.rows / (2 * lines), (2 * j + 1) * picture.cols / (2 * columns));
            // A few shades only, so that one code colours many characters.
            let level = picture.values.get(r * picture.cols + c).and_then(|v| picture.level(*v));
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
                    out.push_str(&painted(&ramp(at).to_string().repeat(run.len()), ground, ink));
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
