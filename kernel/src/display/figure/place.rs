//! Where each frame stands: the cells of the grid of axes, less what their words, ticks and colour bars need.

use super::super::scene::text_width;
use super::Points;
use super::axes::Axes;
use super::bar;
use super::clip::Frame;
use super::ticks::Ticks;

/// What stands around a frame, in pixels.
#[derive(Clone, Copy, Default)]
struct Around {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// How wide the widest of the ticks' words is.
pub fn widest(ticks: &Ticks, size: f64) -> f64 {
    ticks.major.iter().map(|(_, word)| text_width(word, size) * 0.92).fold(0.0, f64::max)
}

/// The frames of all axes of a figure of that size, whose first `top` pixels are taken.
pub fn frames(all: &mut [Axes], points: Points, width: f64, height: f64, top: f64) -> Vec<Frame> {
    let cell = |axes: &Axes| {
        let [rows, cols, r, c, rs, cs] = axes.place;
        let edge = points.px(5.0);
        let (w, h) = ((width - 2.0 * edge) / cols as f64, (height - top - edge) / rows as f64);
        let (x, y) = (edge + c as f64 * w, top + r as f64 * h);
        Frame { x0: x, y0: y, x1: x + cs as f64 * w, y1: y + rs as f64 * h }
    };
    let mut around: Vec<Around> = all.iter().map(|axes| needs(axes, &cell(axes), points)).collect();
    for i in 0..all.len() {
        // A title stands above the ticks of a second scale.
        let above = (0..all.len()).filter(|&k| all[k].along == Some(1) && all[k].place == all[i].place);
        if all[i].along.is_none() && !all[i].title.is_empty() {
            around[i].top += above.map(|k| around[k].top).fold(0.0, f64::max);
        }
    }
    // What stands in one column of the grid begins at one place, what stands in one row, at one height.
    let most = |same: &dyn Fn(&Axes) -> bool, side: fn(&Around) -> f64| {
        all.iter().zip(&around).filter(|(axes, _)| same(axes)).map(|(_, a)| side(a)).fold(0.0, f64::max)
    };
    let gap = points.px(6.0);
    let frame = |axes: &Axes| {
        let [rows, cols, r, c, rs, cs] = axes.place;
        let cell = cell(axes);
        let left = most(&|a| (a.place[1], a.place[3]) == (cols, c), |a| a.left);
        let right = most(&|a| (a.place[1], a.place[3] + a.place[5]) == (cols, c + cs), |a| a.right);
        let above = most(&|a| (a.place[0], a.place[2]) == (rows, r), |a| a.top);
        let below = most(&|a| (a.place[0], a.place[2] + a.place[4]) == (rows, r + rs), |a| a.bottom);
        let x0 = cell.x0 + left + gap;
        let y0 = cell.y0 + above + gap;
        let room = Frame {
            x0,
            y0,
            x1: (cell.x1 - right - gap).max(x0 + 20.0),
            y1: (cell.y1 - below).max(y0 + 20.0),
        };
        axes.fitted(room)
    };
    all.iter().map(frame).collect()
}

fn needs(axes: &Axes, cell: &Frame, points: Points) -> Around {
    let size = points.px(10.0);
    let mut around = Around::default();
    if !axes.title.is_empty() {
        around.top += points.px(12.0) + points.px(6.0);
    }
    if !axes.off {
        let room = (cell.width() - points.px(60.0), cell.height() - points.px(50.0));
        let ticks = [axes.ticks(0, room.0.max(40.0), points), axes.ticks(1, room.1.max(40.0), points)];
        let word = |i: usize| if axes.words[i].is_empty() { 0.0 } else { points.px(4.0) + size * 1.15 };
        let beside = points.px(7.0) + widest(&ticks[1], size) + word(1);
        let below = points.px(7.0)
            + size
            + if ticks[0].factor.is_empty() { word(0) } else { points.px(4.0) + size * 1.1 };
        match axes.along {
            None => (around.left, around.bottom) = (beside, below),
            // The ticks of a second scale are at the right, or above.
            Some(0) => around.right = beside,
            Some(_) => around.top += below,
        }
        if !ticks[1].factor.is_empty() {
            around.top += size * 1.3;
        }
        // The last word of the x axis may stick out.
        around.right = ticks[0].major.last().map_or(0.0, |t| text_width(&t.1, size) * 0.3).max(around.right);
        around.top = around.top.max(size * 0.4);
    }
    if !axes.bar.is_none() {
        around.right = bar::room(axes.bar, cell.height() - points.px(50.0), points);
    }
    around
}
