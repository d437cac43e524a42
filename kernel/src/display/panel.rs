//! One or two dimensions of an array as a panel: who owns which part, with index bounds at the edges.

use lang::layout::Layout;
use lang::scalar::Scalar;

use super::scene::{Anchor, Paint, Scene, text_width};
use super::ticks::{ticks_across, ticks_down};
use lang::picture::axis::{Part, kind, left_out, parts, spread};
use lang::picture::palette::{NEUTRAL, Rgb, WHITE, ink_on, mix, rank_color};
use lang::picture::units::cell;

/// What of an array a panel shows: at most two of its axes, the others held at an index.
pub struct Slab<'a> {
    pub layout: &'a Layout,
    /// The axis that runs downwards, if there is one.
    pub down: Option<usize>,
    /// The axis that runs to the right, if there is one.
    pub across: Option<usize>,
    /// Grid coordinates of the slab on the other axes (the entries of `down` and `across` do not matter).
    pub coords: Vec<usize>,
    /// The slab's values in C order, for small ones.
    pub values: Option<Vec<Scalar>>,
}

/// How large and how loud.
#[derive(Clone, Copy)]
pub struct Style {
    pub width: f64,
    pub height: f64,
    /// Axis names, index bounds and rank numbers; without, only colours.
    pub labels: bool,
}

/// At most this many owner runs along an axis, and cells in a panel.
const MAX_RUNS: usize = 96;
const MAX_CELLS: usize = 1000;
const GAP: f64 = 22.0;
const SMALL: f64 = 10.0;

pub struct Drawn {
    pub scene: Scene,
    /// What the picture leaves out, to be said below it.
    pub notes: Vec<String>,
}

impl Slab<'_> {
    /// Values are drawn where each has room.
    fn cells(&self) -> Option<(&[Scalar], usize, usize)> {
        let size = |axis: Option<usize>| axis.map_or(1, |d| self.layout.dims[d].size());
        let (rows, cols) = (size(self.down), size(self.across));
        let values = self.values.as_deref().filter(|v| v.len() == rows * cols)?;
        (rows <= 16 && cols <= 24 && rows * cols > 0).then_some((values, rows, cols))
    }

    /// The owner's colour; a replicated array's belongs to nobody.
    fn color(&self, down: usize, across: usize) -> (Rgb, usize) {
        if self.layout.everywhere {
            return (NEUTRAL, 0);
        }
        let mut coords = self.coords.clone();
        if let Some(d) = self.down {
            coords[d] = down;
        }
        if let Some(d) = self.across {
            coords[d] = across;
        }
        let rank = self.layout.rank_of(&coords);
        (rank_color(rank), rank)
    }
}

/// Draws a slab; the panel is at most `style.width` x `style.height`, less where its shape asks for it.
pub fn draw(slab: &Slab, style: Style) -> Drawn {
    let mut scene = Scene::default();
    let mut notes = Vec::new();
    let size = |axis: Option<usize>| axis.map_or(1, |d| slab.layout.dims[d].size());
    let (rows, cols) = (size(slab.down), size(slab.across));
    if slab.layout.size() == 0 {
        return empty(style);
    }
    let single = |_: ()| vec![Part::Run { start: 0, stop: 1, coord: 0 }];
    let cut = |axis: Option<usize>, pixels: f64, others: usize| match axis {
        None => single(()),
        Some(d) => {
            let room = (pixels / 4.0) as usize;
            parts(&slab.layout.dims[d], room.min(MAX_RUNS).min(MAX_CELLS / others.max(1)))
        }
    };
    // The axis with fewer runs first: the other gets what is left of the cells.
    let few = |axis: Option<usize>| axis.map_or(1, |d| parts(&slab.layout.dims[d], 24).len());
    let (down, across) = if few(slab.down) <= few(slab.across) {
        let down = cut(slab.down, style.height, 24);
        let across = cut(slab.across, style.width, down.len());
        (down, across)
    } else {
        let across = cut(slab.across, style.width, 24);
        (cut(slab.down, style.height, across.len()), across)
    };
    for (axis, parts) in [(slab.down, &down), (slab.across, &across)] {
        notes.extend(axis.and_then(|d| left_out(d, &slab.layout.dims[d], parts)));
    }

    let cells = slab.cells().filter(|_| style.labels);
    let texts: Option<Vec<String>> = cells.map(|(values, ..)| values.iter().map(|v| cell(*v)).collect());
    let style = match slab.layout.everywhere {
        // There is little to see.
        true => Style { width: style.width.min(220.0), height: style.height.min(140.0), ..style },
        false => style,
    };
    let (width, height) = match &texts {
        Some(texts) => {
            let widest = texts.iter().map(|t| text_width(t, SMALL)).fold(0.0, f64::max);
            ((widest + 10.0).clamp(26.0, 64.0) * cols as f64, 24.0 * rows as f64)
        }
        None => proportions(slab, rows, cols, style),
    };
    // Room for index bounds and axis names.
    let widest_tick = text_width(&rows.to_string(), SMALL);
    let left = if style.labels && slab.down.is_some() { widest_tick + 24.0 } else { 0.0 };
    let top = if style.labels && slab.across.is_some() { 32.0 } else { 0.0 };
    let copies = if slab.layout.everywhere { slab.layout.ranks.len().min(4) - 1 } else { 0 };
    let step = if style.labels { 5.0 } else { 3.0 };
    let lift = copies as f64 * step;
    let (x0, y0) = (left, top + lift);
    for copy in (1..=copies).rev() {
        let shift = copy as f64 * step;
        scene.rect(
            x0 + shift,
            y0 - shift,
            width,
            height,
            mix(NEUTRAL, [0x80, 0x88, 0x94], 0.2 + 0.15 * copy as f64),
        );
        scene.frame(x0 + shift, y0 - shift, width, height, Paint::Color(WHITE));
    }

    let ys = spread(&down, height, 3.0, GAP.min(height / 3.0));
    let xs = spread(&across, width, 3.0, GAP.min(width / 3.0));
    let blocks = down.len() * across.len();
    for (i, &(top_y, bottom)) in ys.iter().enumerate() {
        for (j, &(left_x, right)) in xs.iter().enumerate() {
            let (x, y, w, h) = (x0 + left_x, y0 + top_y, right - left_x, bottom - top_y);
            let (Some(r), Some(c)) = (down[i].coord(), across[j].coord()) else {
                scene.shade(x, y, w, h, 0.05);
                continue;
            };
            let (color, rank) = slab.color(r, c);
            scene.rect(x, y, w, h, color);
            let room = w >= text_width(&rank.to_string(), 12.0) + 6.0 && h >= 15.0;
            if style.labels && texts.is_none() && room && blocks <= 100 && !slab.layout.everywhere {
                let ink = Paint::Color(ink_on(color));
                scene.text(x + w / 2.0, y + h / 2.0, rank.to_string(), 12.0, ink, Anchor::Middle).bold = true;
            }
        }
    }
    if style.labels {
        ellipses(&mut scene, (&down, &ys), (&across, &xs), (x0, y0));
    }
    // Thin lines between owner runs, where they are not the picture themselves.
    let line =
        |scene: &mut Scene, points: &[(f64, f64)], width: f64| scene.line(points, width, Paint::Color(WHITE));
    let thin = if blocks <= 400 { 1.0 } else { 0.0 };
    if thin > 0.0 {
        for &(y, _) in ys.iter().skip(1) {
            line(&mut scene, &[(x0, y0 + y), (x0 + width, y0 + y)], thin);
        }
        for &(x, _) in xs.iter().skip(1) {
            line(&mut scene, &[(x0 + x, y0), (x0 + x, y0 + height)], thin);
        }
    }
    if let Some(texts) = texts {
        let (w, h) = (width / cols as f64, height / rows as f64);
        for (k, text) in texts.iter().enumerate() {
            let (i, j) = (k / cols, k % cols);
            let coord = |parts: &[Part], at: usize| {
                parts.iter().find(|p| p.bounds().0 <= at && at < p.bounds().1).and_then(Part::coord)
            };
            let (Some(r), Some(c)) = (coord(&down, i), coord(&across, j)) else {
                continue;
            };
            let paint = Paint::Color(ink_on(slab.color(r, c).0));
            let (x, y) = (x0 + (j as f64 + 0.5) * w, y0 + (i as f64 + 0.5) * h);
            let size = if text_width(text, SMALL) > w - 2.0 { 8.0 } else { SMALL };
            scene.text(x, y, text.clone(), size, paint, Anchor::Middle);
        }
    } else if style.labels && slab.layout.everywhere {
        let says = if slab.layout.ranks.len() == 1 { "all of it" } else { "a whole copy on every rank" };
        let size = if width > 160.0 { 11.0 } else { 9.0 };
        if text_width(says, size) < width - 8.0 && height > 14.0 {
            let ink = Paint::Color(ink_on(NEUTRAL));
            scene.text(x0 + width / 2.0, y0 + height / 2.0, says, size, ink, Anchor::Middle);
        }
    }
    if style.labels {
        if let Some(d) = slab.down {
            ticks_down(&mut scene, &down, &ys, x0 - 5.0, y0);
            let label = format!("axis {d}, {}", kind(&slab.layout.dims[d]));
            let label = if text_width(&label, SMALL) > height + 20.0 { format!("axis {d}") } else { label };
            scene.text(7.0, y0 + height / 2.0, label, SMALL, Paint::Ink(0.75), Anchor::Middle).upwards = true;
        }
        if let Some(d) = slab.across {
            ticks_across(&mut scene, &across, &xs, x0, y0 - lift - 8.0);
            let label = format!("axis {d}, {}", kind(&slab.layout.dims[d]));
            scene.text(x0, 7.0, label, SMALL, Paint::Ink(0.75), Anchor::Start);
        }
    }
    Drawn { scene, notes }
}

/// The panel's extent, near to the slab's own proportions, but never a sliver.
fn proportions(slab: &Slab, rows: usize, cols: usize, style: Style) -> (f64, f64) {
    match (slab.down, slab.across) {
        (Some(_), Some(_)) => {
            let aspect = (cols as f64 / rows as f64).clamp(0.4, 3.0);
            let width = style.width.min(style.height * aspect);
            (width, width / aspect)
        }
        (None, None) => (44.0f64.min(style.width), 30.0f64.min(style.height)),
        _ => (style.width, 34.0f64.min(style.height)),
    }
}

/// Dots in the middle of what is left out.
fn ellipses(
    scene: &mut Scene,
    (down, ys): (&[Part], &[(f64, f64)]),
    (across, xs): (&[Part], &[(f64, f64)]),
    (x0, y0): (f64, f64),
) {
    let middle = |places: &[(f64, f64)]| places.last().map_or(0.0, |p| p.1) / 2.0;
    let gap = |parts: &[Part], places: &[(f64, f64)]| {
        parts.iter().zip(places).find(|(p, _)| p.coord().is_none()).map(|(_, (a, b))| (a + b) / 2.0)
    };
    let mut dots = |x: f64, y: f64, step: (f64, f64)| {
        for k in -1..=1 {
            let (x, y) = (x + k as f64 * step.0, y + k as f64 * step.1);
            scene.shade(x - 1.0, y - 1.0, 2.0, 2.0, 0.6);
        }
    };
    let (x, y) = (gap(across, xs), gap(down, ys));
    if let Some(x) = x {
        dots(x0 + x, y0 + y.map_or(middle(ys), |y| y / 2.0), (5.0, 0.0));
    }
    if let Some(y) = y {
        dots(x0 + x.map_or(middle(xs), |x| x / 2.0), y0 + y, (0.0, 5.0));
    }
}

fn empty(style: Style) -> Drawn {
    let mut scene = Scene::default();
    let (w, h) = (120.0f64.min(style.width), 40.0f64.min(style.height));
    scene.frame(0.0, 0.0, w, h, Paint::Ink(0.4));
    if style.labels {
        scene.text(w / 2.0, h / 2.0, "no elements", SMALL, Paint::Ink(0.6), Anchor::Middle);
    }
    Drawn { scene, notes: Vec::new() }
}
