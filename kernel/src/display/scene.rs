//! A picture as a list of shapes.

use lang::picture::palette::Rgb;

/// A colour of the picture, or the ink of the page around it, which differs between light and dark themes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    Color(Rgb),
    /// Text and lines on the page itself, at this opacity.
    Ink(f64),
    /// A colour of the picture at this opacity.
    Blend(Rgb, f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Clone, Debug)]
pub struct Label {
    pub x: f64,
    /// The middle of the line.
    pub y: f64,
    pub text: String,
    pub size: f64,
    pub paint: Paint,
    pub anchor: Anchor,
    pub bold: bool,
    /// Read from below to above.
    pub upwards: bool,
}

#[derive(Clone, Debug)]
pub enum Shape {
    Rect { x: f64, y: f64, w: f64, h: f64, paint: Paint },
    Frame { x: f64, y: f64, w: f64, h: f64, paint: Paint },
    Line { points: Vec<(f64, f64)>, width: f64, paint: Paint },
    Polygon { points: Vec<(f64, f64)>, paint: Paint },
    Circle { x: f64, y: f64, radius: f64, paint: Paint, filled: bool },
    Text(Label),
    Image { x: f64, y: f64, w: f64, h: f64, bitmap: Bitmap },
}

/// RGB, row by row.
#[derive(Clone, Debug)]
pub struct Bitmap {
    pub cols: usize,
    pub rows: usize,
    pub pixels: Vec<u8>,
}

#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub shapes: Vec<Shape>,
    width: f64,
    height: f64,
}

/// Roughly how wide a text is.
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if "il.,:'|()[] ".contains(c) { 0.38 } else { 0.635 }).sum::<f64>() * size
}

impl Scene {
    pub fn width(&self) -> f64 {
        self.width
    }

    pub fn height(&self) -> f64 {
        self.height
    }

    /// Makes the scene of this size, whatever it holds.
    pub fn crop(&mut self, width: f64, height: f64) {
        (self.width, self.height) = (width, height);
    }

    fn reach(&mut self, x: f64, y: f64) {
        self.width = self.width.max(x);
        self.height = self.height.max(y);
    }

    pub fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, color: Rgb) {
        self.reach(x + w, y + h);
        self.shapes.push(Shape::Rect { x, y, w, h, paint: Paint::Color(color) });
    }

    pub fn shade(&mut self, x: f64, y: f64, w: f64, h: f64, opacity: f64) {
        self.reach(x + w, y + h);
        self.shapes.push(Shape::Rect { x, y, w, h, paint: Paint::Ink(opacity) });
    }

    pub fn frame(&mut self, x: f64, y: f64, w: f64, h: f64, paint: Paint) {
        self.reach(x + w, y + h);
        self.shapes.push(Shape::Frame { x, y, w, h, paint });
    }

    pub fn line(&mut self, points: &[(f64, f64)], width: f64, paint: Paint) {
        points.iter().for_each(|&(x, y)| self.reach(x, y));
        self.shapes.push(Shape::Line { points: points.to_vec(), width, paint });
    }

    pub fn polygon(&mut self, points: &[(f64, f64)], color: Rgb) {
        points.iter().for_each(|&(x, y)| self.reach(x, y));
        self.shapes.push(Shape::Polygon { points: points.to_vec(), paint: Paint::Color(color) });
    }

    /// `pixels`, row by row, stretched over the box.
    pub fn image(&mut self, x: f64, y: f64, w: f64, h: f64, bitmap: Bitmap) {
        self.reach(x + w, y + h);
        self.shapes.push(Shape::Image { x, y, w, h, bitmap });
    }

    /// A line of text around `y`; returns its label for what is unusual.
    pub fn text(
        &mut self,
        x: f64,
        y: f64,
        text: impl Into<String>,
        size: f64,
        paint: Paint,
        anchor: Anchor,
    ) -> &mut Label {
        let text = text.into();
        let width = text_width(&text, size);
        let right = match anchor {
            Anchor::Start => width,
            Anchor::Middle => width / 2.0,
            Anchor::End => 0.0,
        };
        self.reach(x + right, y + size * 0.6);
        let label = Label { x, y, text, size, paint, anchor, bold: false, upwards: false };
        self.shapes.push(Shape::Text(label));
        match self.shapes.last_mut() {
            Some(Shape::Text(label)) => label,
            _ => unreachable!("a text was pushed"),
        }
    }

    /// Draws `other` with its origin at (`x`, `y`).
    pub fn place(&mut self, other: Scene, x: f64, y: f64) {
        self.reach(other.width + x, other.height + y);
        self.shapes.extend(other.shapes.into_iter().map(|shape| shape.moved(x, y)));
    }
}

impl Shape {
    /// The same shape elsewhere.
    pub fn moved(mut self, dx: f64, dy: f64) -> Shape {
        match &mut self {
            Shape::Rect { x, y, .. }
            | Shape::Frame { x, y, .. }
            | Shape::Circle { x, y, .. }
            | Shape::Image { x, y, .. } => {
                *x += dx;
                *y += dy;
            }
            Shape::Line { points, .. } | Shape::Polygon { points, .. } => {
                points.iter_mut().for_each(|p| *p = (p.0 + dx, p.1 + dy));
            }
            Shape::Text(label) => {
                label.x += dx;
                label.y += dy;
            }
        }
        self
    }
}
