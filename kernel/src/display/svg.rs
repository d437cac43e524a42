//! Scenes as SVG, drawn by plotters.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, FontTransform, IntoFont, RGBAColor, RGBColor, ShapeStyle, TextStyle};

use super::scene::{Anchor, Paint, Scene, Shape};

/// Where the SVG is going to stand.
#[derive(Clone, Copy, PartialEq)]
pub enum Page {
    /// In HTML of the notebook: transparent, and ink in the colour of the text around it.
    Inline,
    /// By itself, as an image that knows nothing of the theme: dark ink on white.
    Alone,
    /// A figure of a size of its own: as `Alone`, without a margin, its places exact to a tenth of a pixel.
    Figure,
}

impl Page {
    /// Plotters rounds to whole pixels, of which there are so many to one of the page's.
    fn fine(self) -> f64 {
        if self == Page::Figure { 10.0 } else { 1.0 }
    }
}

/// Stands for ink until the SVG is written: plotters knows no `currentColor`.
const INK: RGBColor = RGBColor(1, 2, 3);
const INK_HEX: &str = "#010203";

impl Scene {
    /// The SVG, with `title` for those who cannot see it. No scripts, no ids: several can stand in one page.
    pub fn svg(&self, page: Page, title: &str) -> String {
        let margin = match page {
            Page::Alone => 12.0,
            Page::Inline => 1.0,
            Page::Figure => 0.0,
        };
        let fine = page.fine();
        let natural =
            ((self.width() + 2.0 * margin).ceil() as u32, (self.height() + 2.0 * margin).ceil() as u32);
        let size = (natural.0 * fine as u32, natural.1 * fine as u32);
        let mut out = String::new();
        {
            let mut backend = SVGBackend::with_string(&mut out, size);
            if page != Page::Inline {
                // Writing to a string does not fail.
                let _ =
                    backend.draw_rect((0, 0), (size.0 as i32, size.1 as i32), &RGBColor(255, 255, 255), true);
            }
            for shape in &self.shapes {
                shape.clone().moved(margin, margin).draw(&mut backend, fine);
            }
            let _ = backend.present();
        }
        let ink = if page == Page::Inline { "currentColor" } else { "#1f2328" };
        let out = out
            .replace(" opacity=\"1\"", "")
            .replace(" stroke=\"none\"", "")
            .replace(" stroke-width=\"1\"", "")
            .replace(INK_HEX, ink)
            .replace("data:png;base64,", "data:image/png;base64,");
        let about = escaped(title);
        let head =
            format!("<svg role=\"img\" aria-label=\"{about}\" style=\"max-width:100%;height:auto\" width=",);
        let grown = format!("width=\"{}\" height=\"{}\" viewBox", size.0, size.1);
        let out =
            out.replacen(&grown, &format!("width=\"{}\" height=\"{}\" viewBox", natural.0, natural.1), 1);
        stretched(out.replacen("<svg width=", &head, 1), &self.shapes, fine)
    }
}
/// Plotters draws images pixel by pixel; here they are given the size that the shape asks for.
fn stretched(mut svg: String, shapes: &[Shape], fine: f64) -> String {
    for shape in shapes {
        if let Shape::Image { w, h, bitmap, .. } = shape {
            let (cols, rows) = (bitmap.cols, bitmap.rows);
            let natural = format!("width=\"{cols}\" height=\"{rows}\" href=");
            let (w, h) = (w * fine, h * fine);
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
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn style(paint: Paint, width: f64) -> ShapeStyle {
    ShapeStyle { color: color(paint), filled: true, stroke_width: width.round().max(1.0) as u32 }
}

fn color(paint: Paint) -> RGBAColor {
    match paint {
        Paint::Color([r, g, b]) => RGBAColor(r, g, b, 1.0),
        Paint::Ink(opacity) => RGBAColor(INK.0, INK.1, INK.2, opacity),
        Paint::Blend([r, g, b], opacity) => RGBAColor(r, g, b, opacity),
    }
}

fn at((x, y): (f64, f64)) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

impl Shape {
    fn draw(&self, backend: &mut SVGBackend, fine: f64) {
        let at = |(x, y): (f64, f64)| at((x * fine, y * fine));
        // Writing to a string does not fail.
        let _ = match self {
            Shape::Rect { x, y, w, h, paint } => {
                backend.draw_rect(at((*x, *y)), at((x + w, y + h)), &style(*paint, fine), true)
            }
            // Plotters' outlines of boxes are one of its pixels wide.
            Shape::Frame { x, y, w, h, paint } if fine > 1.0 => {
                let corners = [(*x, *y), (x + w, *y), (x + w, y + h), (*x, y + h), (*x, *y), (x + w, *y)];
                backend.draw_path(corners.map(at), &style(*paint, fine))
            }
            Shape::Frame { x, y, w, h, paint } => {
                backend.draw_rect(at((*x, *y)), at((x + w, y + h)), &style(*paint, fine), false)
            }
            Shape::Line { points, width, paint } => {
                backend.draw_path(points.iter().map(|&p| at(p)), &style(*paint, *width * fine))
            }
            Shape::Polygon { points, paint } => {
                backend.fill_polygon(points.iter().map(|&p| at(p)), &style(*paint, fine))
            }
            Shape::Circle { x, y, radius, paint, filled } => {
                let radius = (radius * fine).round().max(1.0) as u32;
                backend.draw_circle(at((*x, *y)), radius, &style(*paint, fine), *filled)
            }
            Shape::Image { x, y, bitmap, .. } => {
                backend.blit_bitmap(at((*x, *y)), (bitmap.cols as u32, bitmap.rows as u32), &bitmap.pixels)
            }
            Shape::Text(label) => {
                let ink = color(label.paint);
                let horizontal = match label.anchor {
                    Anchor::Start => HPos::Left,
                    Anchor::Middle => HPos::Center,
                    Anchor::End => HPos::Right,
                };
                let weight = if label.bold { FontStyle::Bold } else { FontStyle::Normal };
                let turn = if label.upwards { FontTransform::Rotate270 } else { FontTransform::None };
                // Plotters divides the size by 1.24 on its way into the SVG.
                let font = ("sans-serif", label.size * fine * 1.24, weight).into_font().transform(turn);
                let text = TextStyle::from(font).color(&ink).pos(Pos::new(horizontal, VPos::Center));
                backend.draw_text(&label.text, &text, at((label.x, label.y)))
            }
        };
    }
}
