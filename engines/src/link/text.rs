//! A shown value as text: what a console and a script print.

use lang::picture::console;
use lang::picture::facts::Picture;

use super::Shown;

impl Shown {
    /// NumPy's and Python's text; pictures in coloured text (`lang::picture::console::plain` takes the colours away).
    pub fn text(&self) -> String {
        match self {
            Shown::Text(text) | Shown::Array { text, .. } => text.clone(),
            Shown::Distribution { info, title, .. } => console::distribution(info, title.as_deref()),
            Shown::Redistribution { before, after, bytes } => console::redistribution(before, after, bytes),
            Shown::Figure(figure) => figure.get("text").text().unwrap_or("<Figure>").to_string(),
            Shown::Widgets(widget) => widget.get("text").text().unwrap_or("<Widget>").to_string(),
            Shown::Image { .. } => self.picture().map(|p| console::image(&p)).unwrap_or_default(),
        }
    }

    /// The picture, where it is one.
    pub fn picture(&self) -> Option<Picture<'_>> {
        let Shown::Image { rows, cols, values, shape, vmin, vmax, cmap, title } = self else {
            return None;
        };
        Some(Picture {
            rows: *rows,
            cols: *cols,
            values,
            shape: *shape,
            vmin: *vmin,
            vmax: *vmax,
            cmap,
            title: title.as_deref(),
        })
    }
}
