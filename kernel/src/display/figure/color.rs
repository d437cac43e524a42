//! Colours as a figure's description has them: `#rrggbb`, `#rrggbbaa`, or `none`.

use engines::link::Tree;
use lang::picture::colormap::ColorMap;
use lang::picture::palette::Rgb;

use super::super::scene::Paint;

pub const BLACK: Rgb = [0, 0, 0];

/// A colour and its opacity; `None` for none.
pub fn parse(text: &str) -> Option<(Rgb, f64)> {
    let hex = text.strip_prefix('#')?;
    let byte = |i: usize| hex.get(2 * i..2 * i + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let rgb = [byte(0)?, byte(1)?, byte(2)?];
    Some((rgb, byte(3).map_or(1.0, |a| a as f64 / 255.0)))
}

/// What a mark's colour under that name paints with, at the mark's own opacity; `None` for no colour.
pub fn paint(mark: &Tree, name: &str) -> Option<Paint> {
    let (rgb, own) = parse(mark.get(name).text()?)?;
    Some(blend(rgb, own * alpha(mark)))
}

pub fn blend(rgb: Rgb, opacity: f64) -> Paint {
    if opacity >= 1.0 { Paint::Color(rgb) } else { Paint::Blend(rgb, opacity.max(0.0)) }
}

pub fn alpha(mark: &Tree) -> f64 {
    mark.get("alpha").number().unwrap_or(1.0).clamp(0.0, 1.0)
}

/// The colours of a mark's values: its map between its limits.
pub struct Scale {
    map: ColorMap,
    pub low: f64,
    pub high: f64,
    pub log: bool,
}

impl Scale {
    pub fn of(mark: &Tree) -> Scale {
        let map = mark.get("cmap").text().and_then(ColorMap::named);
        let bound = |name: &str, default| mark.get(name).number().unwrap_or(default);
        let map = map.or_else(|| ColorMap::named("viridis")).expect("viridis is in the table");
        Scale { map, low: bound("vmin", 0.0), high: bound("vmax", 1.0), log: mark.get("log").flag() }
    }

    /// The colour of a value; none for nan, nor for what has no logarithm where that counts.
    pub fn at(&self, value: f64) -> Option<Rgb> {
        if value.is_nan() || self.log && value <= 0.0 {
            return None;
        }
        let to = |x: f64| if self.log { x.ln() } else { x };
        let range = to(self.high) - to(self.low);
        Some(self.map.at(if range > 0.0 { (to(value) - to(self.low)) / range } else { 0.0 }))
    }

    /// What lies between two values, for the colour of what is between them.
    pub fn middle(&self, a: f64, b: f64) -> f64 {
        if self.log { a.sqrt() * b.sqrt() } else { (a + b) / 2.0 }
    }
}
