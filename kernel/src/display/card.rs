//! The compact card of an array in HTML: NumPy's text, and below it what it is and where it lies.

use engines::link::Thumbnail;
use lang::session::ArrayInfo;

use super::distribution::body;
use super::panel::Style;
use super::svg::{Page, escaped};
use super::thumbnail;
use lang::picture::facts::{balance, held};
use lang::picture::units::bytes;
use lang::text::tuple;

/// Grey in both of JupyterLab's themes, through its own variables where they are.
const QUIET: &str = "color:var(--jp-content-font-color2,#6a737d)";

/// `text` is NumPy's; the card takes its colours from the page, so that it suits light and dark themes.
pub fn html(text: &str, info: &ArrayInfo, thumbnail: Option<&Thumbnail>) -> String {
    let layout = &info.layout;
    let size = layout.size() as u64 * info.dtype.itemsize() as u64;
    let mut facts = vec![format!("<b>{}</b> {}", info.dtype, tuple(&info.shape))];
    if layout.everywhere {
        facts.push(match layout.ranks.len() {
            1 => bytes(size),
            n => format!("{} on each of {n} ranks", bytes(size)),
        });
        facts.push("replicated".to_string());
    } else {
        let held = held(layout, info.dtype.itemsize());
        let (least, most) =
            (held.iter().map(|h| h.1).min().unwrap_or(0), held.iter().map(|h| h.1).max().unwrap_or(0));
        let each = if least == most { bytes(most) } else { format!("{} to {}", bytes(least), bytes(most)) };
        facts.push(match held.len() {
            1 => bytes(size),
            n => format!("{}, {each} on each of {n} ranks", bytes(size)),
        });
        facts.push(escaped(&layout.describe()));
        let even = balance(&held);
        if !even.is_empty() && even != "even" {
            facts.push(escaped(&even));
        }
    }
    let picture = if layout.ndim() == 0 || layout.size() == 0 {
        String::new()
    } else {
        // A replicated array has nothing to show but that it is.
        let (width, height) = if layout.everywhere { (30.0, 18.0) } else { (132.0, 72.0) };
        let drawn = body(layout, None, Style { width, height, labels: false });
        let svg = drawn.scene.svg(Page::Inline, &layout.describe());
        format!("<div style=\"flex:none;line-height:0;padding-top:2px\">{svg}</div>")
    };
    let values = thumbnail.and_then(thumbnail::draw).map(|scene| {
        let svg = scene.svg(Page::Inline, "A few of the values");
        format!("<div style=\"flex:none;line-height:0;padding-top:2px\" title=\"a few of the values, at even distances\">{svg}</div>")
    });
    let picture = picture + &values.unwrap_or_default();
    let facts = facts.join(" <span style=\"opacity:.5\">\u{b7}</span> ");
    format!(
        "<div style=\"padding-left:6px\"><pre style=\"margin:0;padding:0;background:none;color:inherit;font-size:var(--jp-code-font-size,13px);line-height:var(--jp-code-line-height,1.3)\">{}</pre>\
         <div style=\"display:flex;gap:12px;align-items:center;margin-top:6px;font-size:12px;line-height:1.5;{QUIET}\">\
         {picture}<div>{facts}</div></div></div>",
        escaped(text)
    )
}
