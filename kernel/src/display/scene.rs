//! A picture as a list of shapes, and its rendering as SVG by plotters.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    FontStyle, FontTransform, IntoFont, RGBAColor, RGBColor, ShapeStyle, TextStyle,
};

use super::palette::Rgb;

/// A colour of the picture, or the ink of the page around it, which differs between light and dark themes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    Color(Rgb),
    /// Text and lines on the page itself, at this opacity.
    Ink(f64),
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
    Rect {
        x: f64,
        y: f64,
        w: f64,
        h: f64,
        paint: Paint,
    },
    Frame {
        x: f64,
        y: f64,
        w: f64,
        h: f64,
        paint: Paint,
    },
    Line {
        points: Vec<(f64, f64)>,
        width: f64,
        paint: Paint,
    },
    Polygon {
        points: Vec<(f64, f64)>,
        paint: Paint,
    },
    Text(Label),
    Image {
        x: f64,
        y: f64,
        w: f64,
        h: f64,
        bitmap: Bitmap,
    },
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

/// Where the SVG is going to stand.
#[derive(Clone, Copy, PartialEq)]
pub enum Page {
    /// In HTML of the notebook: transparent, and ink in the colour of the text around it.
    Inline,
    /// By itself, as an image that knows nothing of the theme: dark ink on white.
    Alone,
}

/// Roughly how wide a text is.
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars()
        .map(|c| {
            if "il.,:'|()[] ".contains(c) {
                0.38
            } else {
                0.635
            }
        })
        .sum::<f64>()
        * size
}

/// Stands for ink until the SVG is written: plotters knows no `currentColor`.
const INK: RGBColor = RGBColor(1, 2, 3);
const INK_HEX: &str = "#010203";

impl Scene {
    pub fn width(&self) -> f64 {
        self.width
    }

    pub fn height(&self) -> f64 {
        self.height
    }

    fn reach(&mut self, x: f64, y: f64) {
        self.width = self.width.max(x);
        self.height = self.height.max(y);
    }

    pub fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, color: Rgb) {
        self.reach(x + w, y + h);
        self.shapes.push(Shape::Rect {
            x,
            y,
            w,
            h,
            paint: Paint::Color(color),
        });
    }

    pub fn shade(&mut self, x: f64, y: f64, w: f64, h: f64, opacity: f64) {
        self.reach(x + w, y + h);
        self.shapes.push(Shape::Rect {
            x,
            y,
            w,
            h,
            paint: Paint::Ink(opacity),
        });
    }

    pub fn frame(&mut self, x: f64, y: f64, w: f64, h: f64, paint: Paint) {
        self.reach(x + w, y + h);
        self.shapes.push(Shape::Frame { x, y, w, h, paint });
    }

    pub fn line(&mut self, points: &[(f64, f64)], width: f64, paint: Paint) {
        points.iter().for_each(|&(x, y)| self.reach(x, y));
        self.shapes.push(Shape::Line {
            points: points.to_vec(),
            width,
            paint,
        });
    }

    pub fn polygon(&mut self, points: &[(f64, f64)], color: Rgb) {
        points.iter().for_each(|&(x, y)| self.reach(x, y));
        self.shapes.push(Shape::Polygon {
            points: points.to_vec(),
            paint: Paint::Color(color),
        });
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
        let label = Label {
            x,
            y,
            text,
            size,
            paint,
            anchor,
            bold: false,
            upwards: false,
        };
        self.shapes.push(Shape::Text(label));
        match self.shapes.last_mut() {
            Some(Shape::Text(label)) => label,
            _ => unreachable!("a text was pushed"),
        }
    }

    /// Draws `other` with its origin at (`x`, `y`).
    pub fn place(&mut self, other: Scene, x: f64, y: f64) {
        self.reach(other.width + x, other.height + y);
        self.shapes
            .extend(other.shapes.into_iter().map(|shape| shape.moved(x, y)));
    }

    /// The SVG, with `title` for those who cannot see it. No scripts, no ids: several can stand in one page.
    pub fn svg(&self, page: Page, title: &str) -> String {
        let margin = if page == Page::Alone { 12.0 } else { 1.0 };
        let size = (
            (self.width + 2.0 * margin).ceil() as u32,
            (self.height + 2.0 * margin).ceil() as u32,
        );
        let mut out = String::new();
        {
            let mut backend = SVGBackend::with_string(&mut out, size);
            if page == Page::Alone {
                // Writing to a string does not fail.
                let _ = backend.draw_rect(
                    (0, 0),
                    (size.0 as i32, size.1 as i32),
                    &RGBColor(255, 255, 255),
                    true,
                );
            }
            for shape in &self.shapes {
                shape.clone().moved(margin, margin).draw(&mut backend);
            }
            let _ = backend.present();
        }
        let ink = if page == Page::Alone {
            "#1f2328"
        } else {
            "currentColor"
        };
        let out = out
            .replace(" opacity=\"1\"", "")
            .replace(" stroke=\"none\"", "")
            .replace(" stroke-width=\"1\"", "")
            .replace(INK_HEX, ink)
            .replace("data:png;base64,", "data:image/png;base64,");
        let about = escaped(title);
        let head = format!(
            "<svg role=\"img\" aria-label=\"{about}\" style=\"max-width:100%;height:auto\" width=",
        );
        stretched(out.replacen("<svg width=", &head, 1), &self.shapes)
    }
}

/// Plotters draws images pixel by pixel; here they are given the size that the shape asks for.
fn stretched(mut svg: String, shapes: &[Shape]) -> String {
    for shape in shapes {
        if let Shape::Image { w, h, bitmap, .. } = shape {
            let (cols, rows) = (bitmap.cols, bitmap.rows);
            let natural = format!("width=\"{cols}\" height=\"{rows}\" href=");
            let wanted = format!(
                "width=\"{w:.0}\" height=\"{h:.0}\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href="
            );
            svg = svg.replacen(&natural, &wanted, 1);
        }
    }
    svg
}

/// Text for HTML and XML, in content and in attributes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn style(paint: Paint, width: f64) -> ShapeStyle {
    ShapeStyle {
        color: color(paint),
        filled: true,
        stroke_width: width.round().max(1.0) as u32,
    }
}

fn color(paint: Paint) -> RGBAColor {
    match paint {
        Paint::Color([r, g, b]) => RGBAColor(r, g, b, 1.0),
        Paint::Ink(opacity) => RGBAColor(INK.0, INK.1, INK.2, opacity),
    }
}

fn at((x, y): (f64, f64)) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

impl Shape {
    fn moved(mut self, dx: f64, dy: f64) -> Shape {
        match &mut self {
            Shape::Rect { x, y, .. } | Shape::Frame { x, y, .. } | Shape::Image { x, y, .. } => {
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

    fn draw(&self, backend: &mut SVGBackend) {
        // Writing to a string does not fail.
        let _ = match self {
            Shape::Rect { x, y, w, h, paint } => {
                backend.draw_rect(at((*x, *y)), at((x + w, y + h)), &style(*paint, 1.0), true)
            }
            Shape::Frame { x, y, w, h, paint } => {
                backend.draw_rect(at((*x, *y)), at((x + w, y + h)), &style(*paint, 1.0), false)
            }
            Shape::Line {
                points,
                width,
                paint,
            } => backend.draw_path(points.iter().map(|&p| at(p)), &style(*paint, *width)),
            Shape::Polygon { points, paint } => {
                backend.fill_polygon(points.iter().map(|&p| at(p)), &style(*paint, 1.0))
            }
            Shape::Image { x, y, bitmap, .. } => backend.blit_bitmap(
                at((*x, *y)),
                (bitmap.cols as u32, bitmap.rows as u32),
                &bitmap.pixels,
            ),
            Shape::Text(label) => {
                let ink = color(label.paint);
                let horizontal = match label.anchor {
                    Anchor::Start => HPos::Left,
                    Anchor::Middle => HPos::Center,
                    Anchor::End => HPos::Right,
                };
                let weight = if label.bold {
                    FontStyle::Bold
                } else {
                    FontStyle::Normal
                };
                let turn = if label.upwards {
                    FontTransform::Rotate270
                } else {
                    FontTransform::None
                };
                // Plotters divides the size by 1.24 on its way into the SVG.
                let font = ("sans-serif", label.size * 1.24, weight)
                    .into_font()
                    .transform(turn);
                let text = TextStyle::from(font)
                    .color(&ink)
                    .pos(Pos::new(horizontal, VPos::Center));
                backend.draw_text(&label.text, &text, at((label.x, label.y)))
            }
        };
    }
}
