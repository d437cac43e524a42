//! Figures of `matplotlib.pyplot`'s, drawn with its look: axes in their places, and in each the raster layer, the patches,
//! the grid, the lines and the words. What the engines have reduced is drawn as it is; nothing here asks for more.

mod axes;
mod bar;
mod clip;
mod color;
mod contour;
mod legend;
mod limits;
mod marks;
mod place;
mod raster;
mod symbols;
mod ticks;

use std::path::Path;

use engines::link::{Shown, Tree};

use super::scene::{Anchor, Paint, Scene};
use super::svg::Page;
use axes::Axes;
use color::BLACK;

/// What the sizes of a figure are multiplied by: points to pixels.
#[derive(Clone, Copy)]
pub struct Points(f64);

impl Points {
    pub fn px(self, points: f64) -> f64 {
        points * self.0
    }
}

/// The figure as SVG.
pub fn svg(figure: &Tree) -> String {
    let about = match figure.get("title").text() {
        Some(title) if !title.is_empty() => title,
        _ => figure.get("text").text().unwrap_or("A figure"),
    };
    draw(figure).svg(Page::Figure, about)
}

/// Where a figure is to be saved, the figure is; says so, or what was in the way.
pub fn saved(shown: &Shown) -> Option<Result<(), String>> {
    let Shown::Figure(figure) = shown else {
        return None;
    };
    let path = figure.get("path").text()?;
    Some(
        std::fs::write(Path::new(path), svg(figure))
            .map_err(|e| format!("the figure is not saved to {path}: {e}")),
    )
}

fn draw(figure: &Tree) -> Scene {
    let mut scene = Scene::default();
    let size = figure.get("size").numbers();
    let dpi = figure.get("dpi").number().unwrap_or(100.0).clamp(10.0, 600.0);
    let inches = |i: usize| size.get(i).copied().filter(|s| *s > 0.0 && *s <= 100.0).unwrap_or(5.0);
    // A higher resolution is a larger figure on the page, as it is with matplotlib.
    let points = Points(dpi / 72.0);
    let (width, height) = ((inches(0) * dpi).round(), (inches(1) * dpi).round());
    let mut top = points.px(4.0);
    if let Some(title) = figure.get("title").text().filter(|t| !t.is_empty()) {
        let size = points.px(12.0);
        scene.text(width / 2.0, top + size * 0.8, title, size, Paint::Color(BLACK), Anchor::Middle);
        top += size * 1.5;
    }
    let mut all: Vec<Axes> = figure.get("axes").items().iter().map(Axes::read).collect();
    limits::share(&mut all);
    let frames = place::frames(&mut all, points, width, height, top);
    for (axes, frame) in all.iter().zip(&frames) {
        let others: Vec<&Axes> =
            all.iter().filter(|other| other.along.is_some() && other.place == axes.place).collect();
        axes.draw(&mut scene, frame, &others, points);
    }
    scene.crop(width, height);
    scene
}

#[cfg(test)]
mod tests;
