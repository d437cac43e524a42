//! The distribution diagram: who owns what of an array of any number of dimensions.

use lang::layout::Layout;
use lang::scalar::Scalar;
use lang::session::ArrayInfo;

use super::panel::{self, Drawn, Slab, Style};
use super::scene::{Anchor, Paint, Scene};
use super::{shares, solid};
use lang::picture::facts::heading;
use lang::picture::slices::{Slice, slices};
use lang::picture::units::bytes;
use lang::text::tuple;

/// Slices drawn of an array of more than three dimensions.
const MAX_SLICES: usize = 6;

/// The array itself, without title or legend.
pub fn body(layout: &Layout, values: Option<&[Scalar]>, style: Style) -> Drawn {
    let slab = |down, across, coords: Vec<usize>, values: Option<Vec<Scalar>>| Slab {
        layout,
        down,
        across,
        coords,
        values,
    };
    let all = || values.map(<[Scalar]>::to_vec);
    match layout.ndim() {
        _ if layout.size() == 0 => panel::draw(&slab(None, None, vec![0; layout.ndim()], None), style),
        0 => panel::draw(&slab(None, None, vec![], all()), style),
        1 => panel::draw(&slab(None, Some(0), vec![0], all()), style),
        2 => panel::draw(&slab(Some(0), Some(1), vec![0, 0], all()), style),
        _ if layout.everywhere && !style.labels => {
            panel::draw(&slab(None, None, vec![0; layout.ndim()], None), style)
        }
        3 if !layout.everywhere => solid::draw(layout, style.width.min(style.height * 1.2), style.labels),
        n => panels(layout, n, style),
    }
}

/// The last two axes at several indices of the others: one slice for each of their owners, as many as have room.
fn panels(layout: &Layout, ndim: usize, style: Style) -> Drawn {
    let (slices, different) = slices(layout, MAX_SLICES);
    let mut scene = Scene::default();
    let mut notes = Vec::new();
    let columns = if different == 1 { 1 } else { 2 };
    let each =
        Style { width: style.width / columns as f64 - 12.0, height: style.height / columns as f64, ..style };
    let (mut x, mut y, mut tallest) = (0.0, 0.0, 0.0f64);
    for (nth, Slice { title, coords }) in slices.into_iter().enumerate() {
        let drawn = panel::draw(
            &Slab { layout, down: Some(ndim - 2), across: Some(ndim - 1), coords, values: None },
            each,
        );
        if style.labels {
            scene.text(x, y + 6.0, title, 11.0, Paint::Ink(0.9), Anchor::Start).bold = true;
        }
        let head = if style.labels { 16.0 } else { 0.0 };
        let (w, h) = (drawn.scene.width(), drawn.scene.height());
        scene.place(drawn.scene, x, y + head);
        notes.extend(drawn.notes);
        tallest = tallest.max(h + head);
        if nth % columns == columns - 1 {
            (x, y, tallest) = (0.0, y + tallest + 14.0, 0.0);
        } else {
            x += w + 24.0;
        }
    }
    if different > MAX_SLICES {
        notes.push(format!("{MAX_SLICES} of {different} slices with different owners are drawn"));
    }
    notes.dedup();
    Drawn { scene, notes }
}

/// The whole diagram: title, the array, the legend beside it, notes below.
pub fn draw(info: &ArrayInfo, values: Option<&[Scalar]>, title: Option<&str>) -> Scene {
    let layout = &info.layout;
    let mut scene = Scene::default();
    let itemsize = info.dtype.itemsize();
    let title = title.map_or_else(|| heading(info), str::to_string);
    scene.text(0.0, 8.0, title, 14.0, Paint::Ink(1.0), Anchor::Start).bold = true;
    let all = bytes(layout.size() as u64 * itemsize as u64);
    let about = format!("{} \u{b7} {} of {} \u{b7} {all}", layout.describe(), tuple(&info.shape), info.dtype);
    scene.text(0.0, 25.0, about, 11.0, Paint::Ink(0.7), Anchor::Start);

    let drawn = body(layout, values, Style { width: 380.0, height: 300.0, labels: true });
    let legend = shares::draw(layout, itemsize);
    let (w, h) = (drawn.scene.width(), drawn.scene.height());
    let mut y = 42.0;
    // A strip or a wide panel has its legend below.
    let below = layout.ndim() <= 1 && layout.size() > 0 && h < 90.0;
    scene.place(drawn.scene, 0.0, y);
    if below {
        scene.place(legend, 0.0, y + h + 16.0);
    } else {
        scene.place(legend, w + 28.0, y + 2.0);
    }
    y = scene.height() + 10.0;
    for note in drawn.notes {
        scene.text(0.0, y, note, 10.0, Paint::Ink(0.7), Anchor::Start);
        y += 14.0;
    }
    scene
}
