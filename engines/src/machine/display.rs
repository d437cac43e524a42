//! What a notebook shows: a cell's last value, and the functions that draw.

use lang::ops::Show;
use lang::plan;
use lang::scalar::Scalar;
use lang::session::ArrayInfo;
use lang::text;

use super::Machine;
use super::names::info;
use super::raise::{Eval, type_error, value_error};
use super::types::type_name;
use crate::array::Array;
use crate::exec::Args;
use crate::exec::elementwise::force::force;
use crate::explain;
use crate::link::{Output, Shown, Thumbnail};
use crate::value::Value;

/// Arrays of at most this many elements are shown with their values, for the diagram.
const WITH_VALUES: usize = 1000;
/// A picture has at most this many rows and columns; a larger array is sampled.
const PICTURE: usize = 512;
/// A thumbnail has at most so many rows and columns; a line so many points.
const THUMB_ROWS: usize = 36;
const THUMB_COLS: usize = 66;
const THUMB_LINE: usize = 240;

impl Machine {
    /// A value as a notebook shows it. Collective where it is, or holds, an array.
    pub(super) fn shown(&mut self, value: &Value) -> Eval<Shown> {
        match value {
            Value::Array(array) => {
                let text = self.array_text(array, &self.print.clone(), text::array_repr)?;
                let (values, thumbnail) = (self.small_values(array)?, self.thumbnail(array)?);
                Ok(Shown::Array { text, info: info(array), values, thumbnail })
            }
            _ => match self.figure(value)? {
                Some(figure) => Ok(figure),
                None => Ok(Shown::Text(self.repr(value)?)),
            },
        }
    }

    /// A few of the values of an array that is too large for all of them to be shown.
    fn thumbnail(&mut self, array: &Array) -> Eval<Option<Thumbnail>> {
        let size: usize = array.shape().iter().product();
        let Some((last, leading)) = array.shape().split_last().filter(|_| size > WITH_VALUES) else {
            return Ok(None);
        };
        if array.dtype().is_complex() {
            return Ok(None);
        }
        let line = leading.iter().all(|&n| n == 1);
        let mut picks: Vec<Vec<usize>> = leading.iter().map(|&n| vec![n / 2]).collect();
        let mut rows = 1;
        if let (Some(rows_of), Some(pick), false) = (leading.last(), picks.last_mut(), line) {
            *pick = spread(*rows_of, THUMB_ROWS);
            rows = pick.len();
        }
        let across = spread(*last, if rows == 1 { THUMB_LINE } else { THUMB_COLS });
        let cols = across.len();
        picks.push(across);
        let values = self.fetch(array, &picks)?.into_iter().map(|v| v.as_f64() as f32).collect();
        Ok(Some(Thumbnail { rows, cols, values }))
    }

    fn small_values(&mut self, array: &Array) -> Eval<Option<Vec<Scalar>>> {
        let size: usize = array.shape().iter().product();
        if size > WITH_VALUES { Ok(None) } else { self.all_items(array).map(Some) }
    }

    fn named(&mut self, name: &str, replace: bool, shown: Shown) {
        self.emit(Output::Named { name: name.to_string(), replace, shown: Box::new(shown) });
    }

    fn show(&mut self, shown: Shown) {
        self.emit(Output::Show(Box::new(shown)));
    }
}

/// Runs a row that shows something.
pub fn show(machine: &mut Machine, show: Show, args: &Args) -> Eval<Value> {
    machine
        .ctx
        .refuse_alone(&format!("{}()", args.row.name), "return what is to be shown, and show it outside")?;
    match show {
        Show::Display => {
            let name = text_arg(args, "display_id")?;
            for value in &args.rest {
                let shown = machine.shown(value)?;
                match &name {
                    None => machine.show(shown),
                    Some(name) => machine.named(name, false, shown),
                }
            }
        }
        Show::UpdateDisplay => {
            let Some(value) = args.given("obj").cloned() else {
                return type_error("update_display needs a value");
            };
            let Some(name) = text_arg(args, "display_id")? else {
                return type_error("update_display needs display_id=, as it was given to display");
            };
            let shown = machine.shown(&value)?;
            machine.named(&name, true, shown);
        }
        Show::ClearOutput => machine.emit(Output::Clear { wait: args.flag("wait", false) }),
        Show::PlotDistribution => {
            let array = array_arg(args)?;
            let shown = Shown::Distribution {
                info: info(&array),
                values: machine.small_values(&array)?,
                title: text_arg(args, "title")?,
            };
            machine.show(shown);
        }
        Show::PlotRedistribution => {
            let array = array_arg(args)?;
            let shown = redistribution(machine, &array, args)?;
            machine.show(shown);
        }
        Show::Explain => {
            let Some(function) = args.given("f").cloned() else {
                return type_error("explain needs a function");
            };
            machine.ctx.explain();
            let mut result = machine.call(&function, args.rest.clone(), Vec::new());
            if let Ok(Value::Array(array)) = &result
                && let Err(error) = force(&mut machine.ctx, array)
            {
                result = Err(error.into());
            }
            let steps = machine.ctx.explained();
            result?;
            machine.emit(Output::Stdout(explain::text(&steps)));
        }
        Show::ImShow => {
            let array = match args.given("X") {
                Some(Value::Array(array)) => array.clone(),
                Some(other) => {
                    return type_error(format!("imshow needs an array, not {}", type_name(other)));
                }
                None => return type_error("imshow needs an array"),
            };
            let shown = picture(machine, &array, args)?;
            machine.show(shown);
        }
        Show::Parameters | Show::Perform | Show::State => return super::widgets::widget(machine, show, args),
    }
    Ok(Value::None)
}

fn text_arg(args: &Args, name: &str) -> Eval<Option<String>> {
    match args.some(name) {
        None => Ok(None),
        Some(Value::Str(text)) => Ok(Some(text.to_string())),
        Some(other) => type_error(format!("{name} must be text, not {}", type_name(other))),
    }
}

fn array_arg(args: &Args) -> Eval<Array> {
    match args.given("a") {
        Some(Value::Array(array)) => Ok(array.clone()),
        Some(other) => type_error(format!("{} needs an array, not {}", args.row.name, type_name(other))),
        None => type_error(format!("{} needs an array", args.row.name)),
    }
}

/// Before, after, and the bytes from rank to rank that lie between.
fn redistribution(machine: &mut Machine, array: &Array, args: &Args) -> Eval<Shown> {
    let to = args.layout(&machine.ctx, array.shape())?;
    let bytes = plan::traffic(array.layout(), &to, array.dtype().itemsize(), machine.ctx.comm.size());
    let before = info(array);
    let after = ArrayInfo { layout: (*to).clone(), ..before.clone() };
    Ok(Shown::Redistribution { before, after, bytes })
}

/// A picture of a matrix: its values, or a sample of them at even distances, and the range that the colours span.
fn picture(machine: &mut Machine, array: &Array, args: &Args) -> Eval<Shown> {
    let &[rows, cols] = array.shape() else {
        let message =
            format!("imshow shows two-dimensional arrays, not one of shape {}", text::tuple(array.shape()));
        return value_error(message);
    };
    if array.dtype().is_complex() {
        return type_error(format!("Image data of dtype {} cannot be converted to float", array.dtype()));
    }
    let number = |name: &str| match args.some(name) {
        None => Ok(None),
        Some(value) => match super::number::Num::of_any(value) {
            Some(num) => super::number::to_float(&num).map(Some),
            None => type_error(format!("{name} must be a number, not {}", type_name(value))),
        },
    };
    let (vmin, vmax) = (number("vmin")?, number("vmax")?);
    let cmap = text_arg(args, "cmap")?.unwrap_or_else(|| "viridis".into());
    let (down, across) = (sample(rows), sample(cols));
    let upside_down = match args.some("origin") {
        None => false,
        Some(Value::Str(origin)) if &**origin == "upper" => false,
        Some(Value::Str(origin)) if &**origin == "lower" => true,
        Some(_) => return value_error("origin must be 'upper' or 'lower'"),
    };
    let down = if upside_down { down.into_iter().rev().collect() } else { down };
    let values: Vec<f64> =
        machine.fetch(array, &[down.clone(), across.clone()])?.into_iter().map(Scalar::as_f64).collect();
    let bound = |machine: &mut Machine, given: Option<f64>, method: &str| match given {
        Some(value) => Ok::<f64, Box<super::Raised>>(value),
        None if rows * cols == 0 => Ok(0.0),
        None => {
            let extreme = machine.method(&Value::Array(array.clone()), method, Vec::new())?;
            let found = match extreme {
                Value::Scalar(s) => s.as_f64(),
                _ => f64::NAN,
            };
            // With nan somewhere, the range is that of the sample's other values.
            let finite = values.iter().copied().filter(|v| v.is_finite());
            let sampled = if method == "min" { finite.reduce(f64::min) } else { finite.reduce(f64::max) };
            Ok(if found.is_finite() { found } else { sampled.unwrap_or(0.0) })
        }
    };
    let vmin = bound(machine, vmin, "min")?;
    let vmax = bound(machine, vmax, "max")?;
    Ok(Shown::Image {
        rows: down.len(),
        cols: across.len(),
        values: values.iter().map(|v| *v as f32).collect(),
        shape: [rows, cols],
        vmin,
        vmax,
        cmap,
        title: text_arg(args, "title")?,
    })
}

/// At most `PICTURE` of `n` indices, at even distances.
fn sample(n: usize) -> Vec<usize> {
    spread(n, PICTURE)
}

/// At most `most` of `n` indices, at even distances.
fn spread(n: usize, most: usize) -> Vec<usize> {
    let shown = n.min(most);
    (0..shown).map(|i| (2 * i + 1) * n / (2 * shown)).collect()
}
