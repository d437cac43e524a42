//! `np.einsum`: diagonals and sums of single operands, then products pair by pair, as `lang::plan::einsum` orders them.

use std::collections::BTreeMap;

use lang::dtype::{DType, promote};
use lang::error::{Error, Result};
use lang::layout::{Index, View as Recipe};
use lang::ops::{self, Module};
use lang::plan::einsum::{Label, Step, extents, order, parse};
use lang::scalar::Scalar;

use super::{matmul, shape};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::args::{Args, index, items};
use crate::exec::discover;
use crate::exec::elementwise::Operand;
use crate::exec::elementwise::record::apply;
use crate::exec::rearrange::views;
use crate::value::Value;

/// An operand with the name of each axis.
struct Named {
    array: Array,
    labels: Vec<Label>,
}

/// Collective.
///
/// # Errors
/// ValueError and TypeError in NumPy's words.
pub fn einsum(ctx: &mut Ctx, args: &Args) -> Result<Array> {
    let (text, values) = spelled(&args.rest)?;
    let mut arrays = Vec::with_capacity(values.len());
    for value in &values {
        arrays.push(discover::to_array(ctx, value, None)?);
    }
    let natural = arrays.iter().map(Array::dtype).reduce(promote).unwrap_or(DType::F64);
    let dtype = args.dtype("dtype")?.unwrap_or(natural);
    let ndims: Vec<usize> = arrays.iter().map(Array::ndim).collect();
    let subscripts = parse(&text, &ndims)?;
    let shapes: Vec<Vec<usize>> = arrays.iter().map(|a| a.shape().to_vec()).collect();
    let extents = extents(&subscripts.inputs, &shapes)?;
    let mut left = Vec::with_capacity(arrays.len());
    for (array, labels) in arrays.iter().zip(subscripts.inputs) {
        let array = discover::cast(ctx, array, dtype)?;
        left.push(single(ctx, array, labels, &extents)?);
    }
    // What one operand alone has and nobody needs is summed first.
    for i in 0..left.len() {
        let elsewhere = |l: &Label| {
            subscripts.output.contains(l)
                || left.iter().enumerate().any(|(j, o)| j != i && o.labels.contains(l))
        };
        let gone: Vec<Label> = left[i].labels.iter().copied().filter(|l| !elsewhere(l)).collect();
        let operand = summed(ctx, &left[i], &gone)?;
        left[i] = operand;
    }
    let labels: Vec<Vec<Label>> = left.iter().map(|operand| operand.labels.clone()).collect();
    for step in order(&labels, &subscripts.output, &extents) {
        let (b, a) = (left.remove(step.right), left.remove(step.left));
        left.push(product(ctx, a, b, &step, &extents)?);
    }
    let Some(last) = left.pop() else {
        return Err(Error::value("must specify the einstein sum subscripts string and at least one operand"));
    };
    // Broadcast axes of extent 1 that every operand lacked were dropped; the output names them still.
    let missing: Vec<Label> =
        subscripts.output.iter().copied().filter(|l| !last.labels.contains(l)).collect();
    let mut array = last.array;
    let mut labels = last.labels;
    if !missing.is_empty() {
        let keys: Vec<Index> = missing.iter().map(|_| Index::NewAxis).chain([Index::Ellipsis]).collect();
        array = views::view(ctx, &array, &Recipe::identity(array.shape()).index(&keys)?)?;
        labels = [missing, labels].concat();
    }
    in_order(ctx, &array, &labels, &subscripts.output)
}

/// The subscripts as a string, and the operands: of either of NumPy's two ways to call.
fn spelled(rest: &[Value]) -> Result<(String, Vec<Value>)> {
    let none = || {
        Error::value(
            "must specify the einstein sum subscripts string and at least one operand, or at least one operand and its corresponding subscripts list",
        )
    };
    if let Some((Value::Str(text), operands)) = rest.split_first() {
        return match operands.is_empty() {
            true => Err(none()),
            false => Ok((text.to_string(), operands.to_vec())),
        };
    }
    if rest.len() < 2 {
        return Err(none());
    }
    let (mut terms, mut operands) = (Vec::new(), Vec::new());
    for pair in rest.chunks_exact(2) {
        operands.push(pair[0].clone());
        terms.push(term(&pair[1])?);
    }
    let mut text = terms.join(",");
    if let [output] = rest.chunks_exact(2).remainder() {
        text = format!("{text}->{}", term(output)?);
    }
    Ok((text, operands))
}

/// A list of integers, an Ellipsis among them, as letters.
fn term(list: &Value) -> Result<String> {
    let Some(list) = items(list) else {
        return Err(Error::type_("subscripts for each operand must be a list or tuple"));
    };
    let one = |item: &Value| match item {
        Value::Ellipsis => Ok("...".to_string()),
        other => {
            let at = index(other)?;
            let letter = match at {
                0..26 => (b'A' + at as u8) as char,
                26..52 => (b'a' + (at - 26) as u8) as char,
                _ => return Err(Error::value("subscript is not within the valid range [0, 52)")),
            };
            Ok(letter.to_string())
        }
    };
    list.iter().map(one).collect()
}

/// Without axes that repeat a label, and without those of extent 1 that broadcast.
fn single(
    ctx: &mut Ctx,
    mut array: Array,
    mut labels: Vec<Label>,
    extents: &BTreeMap<Label, usize>,
) -> Result<Named> {
    while let Some(at) = (0..labels.len()).find(|&i| array.shape()[i] == 1 && extents[&labels[i]] != 1) {
        let whole = Index::Slice { start: None, stop: None, step: None };
        let key: Vec<Index> =
            (0..labels.len()).map(|i| if i == at { Index::Int(0) } else { whole }).collect();
        array = views::view(ctx, &array, &Recipe::identity(array.shape()).index(&key)?)?;
        labels.remove(at);
    }
    while let Some((i, j)) = repeated(&labels) {
        array = super::diagonal::diagonal(ctx, &array, 0, (i, j), true)?;
        let label = labels.remove(j);
        labels.remove(i);
        labels.push(label);
    }
    Ok(Named { array, labels })
}

fn repeated(labels: &[Label]) -> Option<(usize, usize)> {
    (0..labels.len()).find_map(|j| labels[..j].iter().position(|l| *l == labels[j]).map(|i| (i, j)))
}

/// The sum over some axes, in the operand's own dtype.
fn summed(ctx: &mut Ctx, operand: &Named, gone: &[Label]) -> Result<Named> {
    if gone.is_empty() {
        return Ok(Named { array: operand.array.clone(), labels: operand.labels.clone() });
    }
    let axes = operand.labels.iter().enumerate().filter(|(_, l)| gone.contains(l));
    let axes = Value::tuple(axes.map(|(i, _)| Value::Int(i as i64)).collect());
    let dtype = operand.array.dtype();
    let mut keywords = vec![("axis".to_string(), axes)];
    let name = if dtype.is_bool() { "any" } else { "sum" };
    if !dtype.is_bool() {
        keywords.push(("dtype".to_string(), Value::DType(dtype)));
    }
    let Some(row) = ops::lookup(Module::Numpy, name) else {
        return Err(Error::type_(format!("no {name}")));
    };
    let args = Args::bind(row, None, vec![Value::Array(operand.array.clone())], keywords)?;
    let sum = crate::exec::call(ctx, &args)?;
    let array = discover::to_array(ctx, &sum, None)?;
    let labels = operand.labels.iter().copied().filter(|l| !gone.contains(l)).collect();
    Ok(Named { array, labels })
}

/// The array with its axes in the order of `to`, which has the same labels. Collective.
fn in_order(ctx: &mut Ctx, array: &Array, labels: &[Label], to: &[Label]) -> Result<Array> {
    let axes: Vec<usize> = to.iter().filter_map(|l| labels.iter().position(|x| x == l)).collect();
    views::transpose(ctx, array, &axes)
}

/// The product of two operands: element by element where nothing is summed, else a stack of matrix products.
fn product(
    ctx: &mut Ctx,
    a: Named,
    b: Named,
    step: &Step,
    extents: &BTreeMap<Label, usize>,
) -> Result<Named> {
    let result = step.result();
    if step.inner.is_empty() {
        let (x, y) = (spread(ctx, &a, &result)?, spread(ctx, &b, &result)?);
        let mut array = ufunc(ctx, "multiply", [Operand::Array(x), Operand::Array(y)])?;
        // NumPy adds to zeros, so that no -0.0 comes out.
        if array.dtype().is_float() || array.dtype().is_complex() {
            let zero = Operand::Scalar(Scalar::zero(array.dtype()));
            array = ufunc(ctx, "add", [Operand::Array(array), zero])?;
        }
        return Ok(Named { array, labels: result });
    }
    let size = |labels: &[Label]| labels.iter().map(|l| extents[l]).product::<usize>();
    let each = |labels: &[Label]| labels.iter().map(|l| extents[l]).collect::<Vec<usize>>();
    let batch = each(&step.batch);
    let (m, k, n) = (size(&step.left_free), size(&step.inner), size(&step.right_free));
    let x = in_order(ctx, &a.array, &a.labels, &[&step.batch[..], &step.left_free, &step.inner].concat())?;
    let x = views::reshape(ctx, &x, &[&batch[..], &[m, k]].concat())?;
    let y = in_order(ctx, &b.array, &b.labels, &[&step.batch[..], &step.inner, &step.right_free].concat())?;
    let y = views::reshape(ctx, &y, &[&batch[..], &[k, n]].concat())?;
    let product = shape::matmul(x.shape(), y.shape())?;
    let z = matmul(ctx, &x, &y, &product)?;
    let array = views::reshape(ctx, &z, &each(&result))?;
    Ok(Named { array, labels: result })
}

fn ufunc(ctx: &mut Ctx, name: &'static str, operands: [Operand; 2]) -> Result<Array> {
    let Some(row) = ops::lookup(Module::Numpy, name) else {
        return Err(Error::type_(format!("no {name}")));
    };
    Ok(apply(ctx, ops::row(row), &operands, None)?.remove(0))
}

/// The operand with an axis of extent 1 for each label that it lacks. Collective.
fn spread(ctx: &mut Ctx, operand: &Named, labels: &[Label]) -> Result<Array> {
    let own: Vec<Label> = labels.iter().copied().filter(|l| operand.labels.contains(l)).collect();
    let array = in_order(ctx, &operand.array, &operand.labels, &own)?;
    let whole = Index::Slice { start: None, stop: None, step: None };
    let key: Vec<Index> =
        labels.iter().map(|l| if own.contains(l) { whole } else { Index::NewAxis }).collect();
    views::view(ctx, &array, &Recipe::identity(array.shape()).index(&key)?)
}
