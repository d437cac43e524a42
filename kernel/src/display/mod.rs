//! What a value looks like in the notebook and in a console: text, cards, diagrams, pictures.
//!
//! Everything is drawn from layouts and from the few values that the engines sent along; nothing here asks for more.

mod card;
mod distribution;
mod figure;
mod image;
mod panel;
mod redistribution;
mod scene;
mod shares;
mod solid;
mod svg;
pub mod team;
#[cfg(test)]
mod tests;
mod thumbnail;
mod ticks;

pub use figure::saved;
pub use svg::escaped;

use engines::link::Shown;
use lang::session::ArrayInfo;
use lang::text::tuple;
use serde_json::{Map, Value};
use svg::Page;

/// What an array is and where it lies, without its values.
pub fn summary(info: &ArrayInfo) -> Map<String, Value> {
    let text = format!("array of shape {}, {}, {}", tuple(&info.shape), info.dtype, info.layout.describe());
    let html = card::html(&text, info, None);
    Map::from_iter([
        ("text/plain".to_string(), Value::String(text)),
        ("text/html".to_string(), Value::String(html)),
    ])
}

/// The value as Jupyter's MIME bundle: `text/plain` always; `text/html` for arrays; `image/svg+xml` for diagrams and
/// pictures, whose text is the same picture in ANSI colours.
pub fn bundle(shown: &Shown) -> Map<String, Value> {
    let mut bundle = Map::new();
    let mut add = |mime: &str, data: String| {
        bundle.insert(mime.to_string(), Value::String(data));
    };
    add("text/plain", shown.text());
    match shown {
        Shown::Text(_) | Shown::Widgets(_) => (),
        Shown::Array { text, info, thumbnail, .. } => {
            add("text/html", card::html(text, info, thumbnail.as_ref()));
        }
        Shown::Distribution { info, values, title } => {
            let about = format!("Who owns what: {}", info.layout.describe());
            let scene = distribution::draw(info, values.as_deref(), title.as_deref());
            add("image/svg+xml", scene.svg(Page::Alone, &about));
        }
        Shown::Redistribution { before, after, bytes } => {
            let (from, to) = (before.layout.describe(), after.layout.describe());
            let scene = redistribution::draw(before, after, bytes);
            add("image/svg+xml", scene.svg(Page::Alone, &format!("From {from} to {to}")));
        }
        Shown::Figure(figure) => add("image/svg+xml", figure::svg(figure)),
        Shown::Image { title, .. } => {
            let about = title.as_deref().unwrap_or("A picture of an array");
            if let Some(picture) = shown.picture() {
                add("image/svg+xml", image::draw(&picture).svg(Page::Alone, about));
            }
        }
    }
    bundle
}
