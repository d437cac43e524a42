//! One frame with what is drawn in it: read from its description, and drawn layer by layer.

use engines::link::Tree;

use super::super::scene::{Anchor, Paint, Scene, Shape};
use super::clip::{Frame, Point, dashes};
use super::color::{BLACK, blend, parse};
use super::limits::{Extent, extent, limits};
use super::ticks::{self, Ticks};
use super::{Points, bar, contour, legend, marks, raster};

pub struct Axes<'a> {
    /// Rows and columns of the grid, row and column of the place, and how many of each it spans.
    pub place: [usize; 6],
    pub title: &'a str,
    pub words: [&'a str; 2],
    pub log: [bool; 2],
    set: [[Option<f64>; 2]; 2],
    flip: [bool; 2],
    pub share: [Option<String>; 2],
    /// Of a second scale in the frame of the axes before it: the direction that both have, whose ticks are drawn by those.
    pub along: Option<usize>,
    chosen: [&'a Tree; 2],
    chosen_words: [&'a Tree; 2],
    grid: &'a Tree,
    /// Units of x to one of y, where it is fixed.
    aspect: Option<f64>,
    legend: &'a Tree,
    pub off: bool,
    pub bar: &'a Tree,
    pub marks: &'a [Tree],
    pub extents: [Extent; 2],
}

/// From data to the page.
pub struct View {
    pub frame: Frame,
    pub x: Axis,
    pub y: Axis,
}

/// One direction: what the frame's beginning and end stand for.
#[derive(Clone, Copy)]
pub struct Axis {
    pub low: f64,
    pub high: f64,
    pub log: bool,
}

impl Axis {
    /// From 0 to 1 between the limits; nan for what has no place on a logarithmic axis.
    pub fn share(&self, x: f64) -> f64 {
        if self.log {
            if x > 0.0 { (x / self.low).ln() / (self.high / self.low).ln() } else { f64::NAN }
        } else {
            (x - self.low) / (self.high - self.low)
        }
    }

    pub fn value(&self, share: f64) -> f64 {
        if self.log {
            self.low * ((self.high / self.low).ln() * share).exp()
        } else {
            self.low + (self.high - self.low) * share
        }
    }
}

impl View {
    pub fn at(&self, x: f64, y: f64) -> Point {
        let (u, v) = (self.x.share(x), self.y.share(y));
        (self.frame.x0 + u * self.frame.width(), self.frame.y1 - v * self.frame.height())
    }
}

impl<'a> Axes<'a> {
    pub fn read(tree: &'a Tree) -> Axes<'a> {
        let text = |tree: &'a Tree| tree.text().unwrap_or_default();
        let pair = |name: &str| -> [&'a Tree; 2] {
            let items = tree.get(name).items();
            [items.first().unwrap_or(&Tree::None), items.get(1).unwrap_or(&Tree::None)]
        };
        let place = tree.get("place").numbers();
        let part = |i: usize, least: usize| place.get(i).map_or(least, |n| (*n as usize).clamp(least, 1000));
        let log = pair("scale").map(|scale| scale.text() == Some("log"));
        let marks = tree.get("marks").items();
        let set = pair("limits").map(|ends| {
            let end = |i: usize| ends.items().get(i).and_then(Tree::number);
            [end(0), end(1)]
        });
        Axes {
            place: [part(0, 1), part(1, 1), part(2, 0), part(3, 0), part(4, 1), part(5, 1)],
            title: text(tree.get("title")),
            words: pair("labels").map(text),
            log,
            set,
            flip: pair("flip").map(Tree::flag),
            share: pair("share").map(|name| name.text().map(str::to_string)),
            along: tree.get("along").number().map(|i| (i as usize).min(1)),
            chosen: pair("ticks"),
            chosen_words: pair("ticklabels"),
            grid: tree.get("grid"),
            aspect: match tree.get("aspect") {
                Tree::Text(word) if word == "equal" => Some(1.0),
                Tree::Number(ratio) if *ratio > 0.0 => Some(*ratio),
                _ => None,
            },
            legend: tree.get("legend"),
            off: tree.get("off").flag(),
            bar: tree.get("bar"),
            marks,
            extents: [extent(marks, 0, log[0]), extent(marks, 1, log[1])],
        }
    }

    /// What direction 0 (x) or 1 (y) spans.
    pub fn axis(&self, i: usize) -> Axis {
        let (low, high) = limits(&self.extents[i], self.set[i], self.log[i], self.flip[i]);
        Axis { low, high, log: self.log[i] }
    }

    /// The ticks of a direction that is so many pixels long.
    pub fn ticks(&self, i: usize, length: f64, points: Points) -> Ticks {
        let axis = self.axis(i);
        if !self.chosen[i].is_none() {
            let at = self.chosen[i].numbers();
            let words = self.chosen_words[i].items();
            let own = linear_words(&at);
            let word = |(k, x): (usize, &f64)| {
                let given = words.get(k).and_then(Tree::text).map(str::to_string);
                (*x, given.unwrap_or_else(|| own[k].clone()))
            };
            return Ticks { major: at.iter().enumerate().map(word).collect(), ..Ticks::default() };
        }
        // A number is about three times as wide as it is high.
        let most = (length / points.px([34.0, 22.0][i])).clamp(2.0, 9.0) as usize;
        let (low, high) = (axis.low, axis.high);
        // A picture without an extent of its own has rows and columns, which are counted.
        let end = ["left", "low"][i];
        let counted = |mark: &Tree| {
            mark.get("kind").text() == Some("image")
                && mark.get(end).number().is_some_and(|x| x.fract().abs() == 0.5)
        };
        if axis.log {
            ticks::log(low, high, most)
        } else if self.marks.iter().any(counted) {
            ticks::whole(low, high, most)
        } else {
            ticks::linear(low, high, most)
        }
    }

    /// The frame within the box that is there, for units of a fixed ratio.
    pub fn fitted(&self, room: Frame) -> Frame {
        let (Some(ratio), false) = (self.aspect, self.log[0] || self.log[1]) else {
            return room;
        };
        let (x, y) = (self.axis(0), self.axis(1));
        let wanted = (x.high - x.low).abs() / ((y.high - y.low).abs() * ratio);
        if !(wanted.is_finite() && wanted > 0.0) {
            return room;
        }
        let (mut w, mut h) = (room.width(), room.height());
        if w / h > wanted {
            w = h * wanted
        } else {
            h = w / wanted
        }
        let (cx, cy) = ((room.x0 + room.x1) / 2.0, (room.y0 + room.y1) / 2.0);
        Frame { x0: cx - w / 2.0, x1: cx + w / 2.0, y0: cy - h / 2.0, y1: cy + h / 2.0 }
    }

    pub fn view(&self, frame: &Frame) -> View {
        View { frame: *frame, x: self.axis(0), y: self.axis(1) }
    }

    /// Draws the axes; `others` are second scales in the same frame, whose pixels belong to the one layer that there is.
    pub fn draw(&self, scene: &mut Scene, frame: &Frame, others: &[&Axes], points: Points) {
        let view = self.view(frame);
        let ticks = [self.ticks(0, frame.width(), points), self.ticks(1, frame.height(), points)];
        if self.along.is_none() {
            let all = std::iter::once(&self).chain(others);
            let all: Vec<(View, &[Tree])> = all.map(|axes| (axes.view(frame), axes.marks)).collect();
            raster::draw(scene, &all, points);
        }
        let mut order: Vec<(f64, &Tree)> = self.marks.iter().map(|mark| (marks::level(mark), mark)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let below = order.iter().filter(|(level, _)| *level < marks::GRID);
        below.for_each(|(_, mark)| marks::draw(scene, &view, mark, points));
        if !self.off {
            self.grid(scene, &view, &ticks, points);
        }
        for (_, mark) in order.iter().filter(|(level, _)| *level >= marks::GRID) {
            match mark.get("kind").text() {
                Some("contour") => contour::draw(scene, &view, mark, points),
                _ => marks::draw(scene, &view, mark, points),
            }
        }
        if !self.off {
            self.frame(scene, &view, &ticks, points);
        }
        if !self.title.is_empty() {
            let size = points.px(12.0);
            let factor = if ticks[1].factor.is_empty() || self.off { 0.0 } else { points.px(9.0) };
            // A second scale above has its ticks and its word there.
            let above = others.iter().filter(|other| other.along == Some(1) && !other.off);
            let above = above.map(|other| {
                points.px(7.0) + points.px(10.0) * if other.words[0].is_empty() { 1.0 } else { 2.5 }
            });
            let y = frame.y0 - points.px(6.0) - size * 0.4 - factor - above.fold(0.0, f64::max);
            let middle = (frame.x0 + frame.x1) / 2.0;
            scene.text(middle, y, self.title, size, Paint::Color(BLACK), Anchor::Middle);
        }
        if !self.legend.is_none() {
            legend::draw(scene, &view, self.legend, self.marks, points);
        }
        if !self.bar.is_none() {
            bar::draw(scene, frame, self.bar, points);
        }
    }

    fn grid(&self, scene: &mut Scene, view: &View, ticks: &[Ticks; 2], points: Points) {
        if self.grid.is_none() {
            return;
        }
        let wanted = self.grid.get("axis").text().unwrap_or("both");
        let (rgb, _) = self.grid.get("color").text().and_then(parse).unwrap_or(([0xb0; 3], 1.0));
        let paint = blend(rgb, self.grid.get("alpha").number().unwrap_or(1.0));
        let width = points.px(self.grid.get("width").number().unwrap_or(0.8));
        let pattern = marks::pattern(self.grid.get("style").text().unwrap_or("-"), width);
        let f = view.frame;
        for (i, name) in ["x", "y"].into_iter().enumerate().filter(|(_, n)| wanted == "both" || wanted == *n)
        {
            let axis = [view.x, view.y][i];
            for (at, _) in &ticks[i].major {
                let share = axis.share(*at);
                if !(-1e-9..=1.0 + 1e-9).contains(&share) {
                    continue;
                }
                let line = match name {
                    "x" => [(f.x0 + share * f.width(), f.y0), (f.x0 + share * f.width(), f.y1)],
                    _ => [(f.x0, f.y1 - share * f.height()), (f.x1, f.y1 - share * f.height())],
                };
                match &pattern {
                    None => scene.line(&line, width, paint),
                    Some(pattern) => dashes(&line, pattern).iter().for_each(|d| scene.line(d, width, paint)),
                }
            }
        }
    }

    fn frame(&self, scene: &mut Scene, view: &View, ticks: &[Ticks; 2], points: Points) {
        let f = view.frame;
        let ink = Paint::Color(BLACK);
        let (line, size) = (points.px(0.8), points.px(10.0));
        let corners = [(f.x0, f.y0), (f.x1, f.y0), (f.x1, f.y1), (f.x0, f.y1), (f.x0, f.y0), (f.x1, f.y0)];
        scene.shapes.push(Shape::Line { points: corners.to_vec(), width: line, paint: ink });
        for i in (0..2).filter(|i| self.along != Some(*i)) {
            let axis = [view.x, view.y][i];
            // A second scale stands at the other side.
            let far = self.along.is_some();
            let place = |at: f64| {
                let share = axis.share(at);
                let inside = (-1e-9..=1.0 + 1e-9).contains(&share);
                let (x, y) = (f.x0 + share * f.width(), f.y1 - share * f.height());
                inside.then_some(match (i, far) {
                    (0, false) => (x, f.y1),
                    (0, true) => (x, f.y0),
                    (_, false) => (f.x0, y),
                    (_, true) => (f.x1, y),
                })
            };
            let out = |(x, y): Point, by: f64| {
                let by = if far { -by } else { by };
                if i == 0 { (x, y + by) } else { (x - by, y) }
            };
            for at in ticks[i].minor.iter().filter_map(|at| place(*at)) {
                scene.line(&[at, out(at, points.px(2.0))], points.px(0.6), ink);
            }
            for (at, word) in ticks[i].major.iter().filter_map(|(at, word)| Some((place(*at)?, word))) {
                scene.line(&[at, out(at, points.px(3.5))], line, ink);
                let (x, y) = out(at, points.px(7.0));
                let anchor = match (i, far) {
                    (0, _) => Anchor::Middle,
                    (_, false) => Anchor::End,
                    (_, true) => Anchor::Start,
                };
                let y = if i == 0 { y + size * if far { -0.35 } else { 0.35 } } else { y };
                scene.text(x, y, word.as_str(), size, ink, anchor);
            }
            if !ticks[i].factor.is_empty() {
                let (x, y, anchor) = match i {
                    0 if far => (f.x1, f.y0 - points.px(7.0) - size * 1.5, Anchor::End),
                    0 => (f.x1, f.y1 + points.px(7.0) + size * 1.5, Anchor::End),
                    _ if far => (f.x1, f.y0 - size * 0.7, Anchor::End),
                    _ => (f.x0, f.y0 - size * 0.7, Anchor::Start),
                };
                scene.text(x, y, ticks[i].factor.as_str(), size, ink, anchor);
            }
        }
        let middle = ((f.x0 + f.x1) / 2.0, (f.y0 + f.y1) / 2.0);
        if !self.words[0].is_empty() && self.along != Some(0) {
            let away = points.px(7.0 + 4.0) + size * 1.5;
            let y = if self.along.is_some() { f.y0 - away } else { f.y1 + away };
            scene.text(middle.0, y, self.words[0], size, ink, Anchor::Middle);
        }
        if !self.words[1].is_empty() && self.along != Some(1) {
            let away = points.px(7.0 + 4.0) + size * 0.55 + super::place::widest(&ticks[1], size);
            let x = if self.along.is_some() { f.x1 + away } else { f.x0 - away };
            scene.text(x, middle.1, self.words[1], size, ink, Anchor::Middle).upwards = true;
        }
    }
}

/// Words for chosen ticks that have none of their own.
fn linear_words(at: &[f64]) -> Vec<String> {
    let places = (0..8).find(|&p| {
        let ten = 10f64.powi(p);
        at.iter().all(|x| (x * ten - (x * ten).round()).abs() < 1e-6 * ten.max(1.0))
    });
    at.iter().map(|x| format!("{x:.*}", places.unwrap_or(6) as usize).replace('-', "\u{2212}")).collect()
}
