//! What a value looks like in the notebook and in a console: text, cards, diagrams, pictures.
//!
//! Everything is drawn from layouts and from the few values that the engines sent along; nothing here asks for more.

mod axis;
mod card;
mod colormap;
mod console;
mod distribution;
mod image;
mod palette;
mod panel;
mod redistribution;
mod scene;
mod shares;
mod slices;
mod solid;
mod svg;
#[cfg(test)]
mod tests;
mod ticks;
mod units;

use engines::link::Shown;
use image::Picture;
use serde_json::{Map, Value};
use svg::Page;

/// The value as Jupyter's MIME bundle: `text/plain` always; `text/html` for arrays; `image/svg+xml` for diagrams and
/// pictures, whose text is the same picture in ANSI colours.
pub fn bundle(shown: &Shown) -> Map<String, Value> {
    let mut bundle = Map::new();
    let mut add = |mime: &str, data: String| bundle.insert(mime.to_string(), Value::String(data));
    match shown {
        Shown::Text(text) => {
            add("text/plain", text.clone());
        }
        Shown::Array { text, info, .. } => {
            add("text/plain", text.clone());
            add("text/html", card::html(text, info));
        }
        Shown::Distribution {
            info,
            values,
            title,
        } => {
            let title = title.as_deref();
            add("text/plain", console::distribution(info, title));
            let about = format!("Who owns what: {}", info.layout.describe());
            add(
                "image/svg+xml",
                distribution::draw(info, values.as_deref(), title).svg(Page::Alone, &about),
            );
        }
        Shown::Redistribution {
            before,
            after,
            bytes,
        } => {
            add("text/plain", console::redistribution(before, after, bytes));
            let about = format!(
                "From {} to {}",
                before.layout.describe(),
                after.layout.describe()
            );
            add(
                "image/svg+xml",
                redistribution::draw(before, after, bytes).svg(Page::Alone, &about),
            );
        }
        Shown::Image {
            rows,
            cols,
            values,
            shape,
            vmin,
            vmax,
            cmap,
            title,
        } => {
            let title = title.as_deref();
            let (rows, cols, shape) = (*rows, *cols, *shape);
            let picture = Picture {
                rows,
                cols,
                values,
                shape,
                vmin: *vmin,
                vmax: *vmax,
                cmap,
                title,
            };
            add("text/plain", console::image(&picture));
            add(
                "image/svg+xml",
                image::draw(&picture).svg(Page::Alone, title.unwrap_or("A picture of an array")),
            );
        }
    }
    bundle
}
