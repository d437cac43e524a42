//! The small picture of an array's values on its card: a heat map, or a line.

use engines::link::Thumbnail;
use lang::picture::colormap::ColorMap;
use lang::picture::palette::rank_color;

use super::scene::{Bitmap, Paint, Scene};

const WIDE: f64 = 132.0;
const HIGH: f64 = 72.0;
const LINE: f64 = 40.0;
/// Where there is no value: nan.
const NOTHING: [u8; 3] = [0xe8, 0xe8, 0xe8];

/// None where there is nothing to see.
pub fn draw(thumbnail: &Thumbnail) -> Option<Scene> {
    let Thumbnail { rows, cols, values } = thumbnail;
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    let (low, high) = (finite().reduce(f32::min)?, finite().reduce(f32::max)?);
    if values.len() != rows * cols || *cols < 2 {
        return None;
    }
    let share = |v: f32| if high > low { ((v - low) / (high - low)) as f64 } else { 0.5 };
    let mut scene = Scene::default();
    if *rows == 1 {
        let x = |i: usize| i as f64 / (cols - 1) as f64 * WIDE;
        // What is no number is a gap.
        for part in values.iter().enumerate().collect::<Vec<_>>().split(|(_, v)| !v.is_finite()) {
            let points: Vec<(f64, f64)> =
                part.iter().map(|(i, v)| (x(*i), 1.0 + (LINE - 2.0) * (1.0 - share(**v)))).collect();
            if points.len() > 1 {
                scene.line(&points, 1.0, Paint::Color(rank_color(0)));
            }
        }
        scene.frame(0.0, 0.0, WIDE, LINE, Paint::Ink(0.2));
        return Some(scene);
    }
    let map = ColorMap::named("viridis")?;
    let color = |v: &f32| if v.is_finite() { map.at(share(*v)) } else { NOTHING };
    let pixels = values.iter().flat_map(color).collect();
    scene.image(0.0, 0.0, WIDE, HIGH, Bitmap { cols: *cols, rows: *rows, pixels });
    scene.frame(0.0, 0.0, WIDE, HIGH, Paint::Ink(0.3));
    Some(scene)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rows: usize, cols: usize, values: Vec<f32>) -> Option<Scene> {
        draw(&Thumbnail { rows, cols, values })
    }

    #[test]
    fn what_has_no_values_has_no_picture() {
        assert!(drawn(1, 3, vec![f32::NAN; 3]).is_none());
        assert!(drawn(2, 3, vec![1.0]).is_none());
        assert!(drawn(0, 0, Vec::new()).is_none());
    }

    #[test]
    fn gaps_and_pictures() {
        let scene = drawn(1, 6, vec![1.0, 2.0, f32::NAN, 4.0, 5.0, f32::INFINITY]).unwrap();
        // Two lines and the frame.
        assert_eq!(scene.shapes.len(), 3);
        assert_eq!(drawn(2, 2, vec![1.0, 1.0, 1.0, f32::NAN]).unwrap().shapes.len(), 2);
    }
}
