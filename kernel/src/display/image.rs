//! `imshow`: a picture of values with axes, a colour bar and a title.

use super::scene::{Anchor, Bitmap, Paint, Scene, text_width};
use lang::picture::facts::Picture;
use lang::picture::palette::Rgb;
use lang::picture::units::number;

const LONG: f64 = 460.0;
const SMALL: f64 = 10.0;
/// Where there is no value: nan.
const NOTHING: Rgb = [0xe8, 0xe8, 0xe8];

/// The pixels, each value repeated so that no viewer needs to smooth a small picture.
fn bitmap(picture: &Picture) -> Bitmap {
    let (map, _) = picture.map();
    let times = (LONG as usize / picture.rows.max(picture.cols).max(1)).max(1);
    let color =
        |k: usize| picture.values.get(k).and_then(|v| picture.level(*v)).map_or(NOTHING, |at| map.at(at));
    let colors: Vec<Rgb> = (0..picture.rows * picture.cols).map(color).collect();
    let (cols, rows) = (picture.cols * times, picture.rows * times);
    let pixel = |k: usize| colors[k / cols / times * picture.cols + k % cols / times];
    Bitmap { cols, rows, pixels: (0..rows * cols).flat_map(pixel).collect() }
}

pub fn draw(picture: &Picture) -> Scene {
    let mut scene = Scene::default();
    let [height, width] = picture.shape.map(|n| n.max(1) as f64);
    let aspect = (width / height).clamp(0.2, 5.0);
    let (w, h) = if aspect >= 1.0 { (LONG, LONG / aspect) } else { (LONG * aspect, LONG) };
    let (w, h) = (w.round(), h.round());
    let head = if picture.title.is_some() { 26.0 } else { 2.0 };
    let left = text_width(&picture.shape[0].to_string(), SMALL) + 12.0;
    if let Some(title) = picture.title {
        scene.text(left, 8.0, title, 14.0, Paint::Ink(1.0), Anchor::Start).bold = true;
    }
    if picture.rows * picture.cols == 0 {
        scene.frame(left, head, 120.0, 40.0, Paint::Ink(0.4));
        scene.text(left + 60.0, head + 20.0, "no elements", SMALL, Paint::Ink(0.6), Anchor::Middle);
        return scene;
    }
    scene.image(left, head, w, h, bitmap(picture));
    scene.frame(left, head, w, h, Paint::Ink(0.5));
    for (tick, at) in ticks(picture.shape[1], w) {
        scene.line(&[(left + at, head + h), (left + at, head + h + 4.0)], 1.0, Paint::Ink(0.6));
        scene.text(left + at, head + h + 11.0, tick, SMALL, Paint::Ink(0.75), Anchor::Middle);
    }
    for (tick, at) in ticks(picture.shape[0], h) {
        scene.line(&[(left - 4.0, head + at), (left, head + at)], 1.0, Paint::Ink(0.6));
        scene.text(left - 7.0, head + at, tick, SMALL, Paint::Ink(0.75), Anchor::End);
    }
    let (map, note) = picture.map();
    let bar = left + w + 16.0;
    let steps = 64;
    let colors = (0..steps).flat_map(|k| map.at(1.0 - k as f64 / (steps - 1) as f64)).collect();
    scene.image(bar, head, 14.0, h, Bitmap { cols: 1, rows: steps, pixels: colors });
    scene.frame(bar, head, 14.0, h, Paint::Ink(0.5));
    for (text, share) in levels(picture.vmin, picture.vmax) {
        let y = (head + h * (1.0 - share)).clamp(head + 5.0, head + h - 5.0);
        scene.line(&[(bar + 14.0, y), (bar + 17.0, y)], 1.0, Paint::Ink(0.6));
        scene.text(bar + 20.0, y, text, SMALL, Paint::Ink(0.75), Anchor::Start);
    }
    let mut notes: Vec<String> = note.into_iter().collect();
    if (picture.rows, picture.cols) != (picture.shape[0], picture.shape[1]) {
        notes.push(format!(
            "{} \u{d7} {} values, drawn as {} \u{d7} {}",
            picture.shape[0], picture.shape[1], picture.rows, picture.cols
        ));
    }
    for (n, note) in notes.into_iter().enumerate() {
        scene.text(left, head + h + 28.0 + 14.0 * n as f64, note, SMALL, Paint::Ink(0.7), Anchor::Start);
    }
    scene
}

/// 1, 2 or 5 times a power of ten, at least `wanted` (above 0).
fn round_step(wanted: f64) -> f64 {
    let power = 10f64.powf(wanted.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|m| m * power).find(|s| *s >= wanted).unwrap_or(10.0 * power)
}

/// Round values between the limits, and how far up the colour bar they stand (0 to 1).
fn levels(low: f64, high: f64) -> Vec<(String, f64)> {
    let range = high - low;
    if !(range > 0.0 && range.is_finite()) {
        return vec![(number(low), 0.5)];
    }
    let step = round_step(range / 6.0);
    let first = (low / step).ceil();
    // A multiple of the step, so that 0 is 0; where steps vanish beside the values, the limits must do.
    let marks: Vec<(String, f64)> = (0..=6)
        .map(|k| (first + k as f64) * step)
        .filter(|&at| at <= high + step * 1e-9)
        .map(|at| (number(at), (at - low) / range))
        .collect();
    let distinct = marks.windows(2).all(|w| w[0].0 != w[1].0);
    if marks.len() > 1 && distinct { marks } else { vec![(number(low), 0.0), (number(high), 1.0)] }
}

/// Indices at round numbers, and where the middle of their pixel is.
pub fn ticks(size: usize, pixels: f64) -> Vec<(String, f64)> {
    let wanted = size as f64 / (pixels / 46.0).max(2.0);
    let step = round_step(wanted.max(1.0));
    (0..size)
        .step_by(step as usize)
        .map(|i| (i.to_string(), (i as f64 + 0.5) / size as f64 * pixels))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let text = |size| ticks(size, 460.0).into_iter().map(|t| t.0).collect::<Vec<_>>().join(" ");
        assert_eq!(text(403), "0 50 100 150 200 250 300 350 400");
        assert_eq!(text(5), "0 1 2 3 4");
        assert_eq!(text(1), "0");
        assert_eq!(text(0), "");
        assert_eq!(text(8192), "0 1000 2000 3000 4000 5000 6000 7000 8000");
    }

    #[test]
    fn colour_bars_have_round_values() {
        let text = |low, high| levels(low, high).into_iter().map(|t| t.0).collect::<Vec<_>>().join(" ");
        assert_eq!(text(-1.0, 1.0), "-1 -0.5 0 0.5 1");
        assert_eq!(text(-0.99999, 0.9999995), "-0.5 0 0.5");
        assert_eq!(text(50.0, 1200.0), "200 400 600 800 1000 1200");
        assert_eq!(text(0.0, 5.0), "0 1 2 3 4 5");
        assert_eq!(text(3.0, 3.0), "3");
        assert_eq!(text(1e12, 1e12 + 1.0), "1.00e12 1.00e12");
        assert_eq!(text(f64::NAN, f64::NAN), "nan");
    }
}
