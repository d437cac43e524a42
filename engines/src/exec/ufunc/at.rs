//! `np.add.at(a, indices, b)`: in place, as often as an index occurs.

use std::collections::HashMap;

use lang::dtype::{Casting, DType};
use lang::error::{Error, Result};
use lang::ops::{self, Loop, Row};

use super::arity;
use crate::ctx::Ctx;
use crate::exec::elementwise::call::operand;
use crate::exec::index::lines::Lines;
use crate::exec::index::scatter::Values;
use crate::exec::{Args, index};
use crate::value::Value;

/// # Errors
/// IndexError and ValueError as of assignment, TypeError of the choice of a loop; nothing is written then. Results are
/// cast to the array's dtype as C does, as NumPy has it here.
pub fn call(ctx: &mut Ctx, ufunc: &'static Row, args: &Args) -> Result<Value> {
    let (ins, outs) = arity(ufunc);
    if ins > 2 || outs != 1 {
        return Err(Error::value("Only unary and binary ufuncs supported at this time"));
    }
    let Value::Array(target) = args.value("a")? else {
        return Err(Error::type_("first operand must be array"));
    };
    if !target.is_writable() {
        return Err(Error::value("output array is read-only"));
    }
    let key = args.value("indices")?;
    let value = match (ins, args.some("b")) {
        (1, None) => None,
        (2, Some(b)) => Some(operand(ctx, b)?),
        (1, Some(_)) => return Err(Error::value("second operand provided when ufunc is unary")),
        _ => return Err(Error::value("second operand needed for ufunc")),
    };
    let mut kinds = vec![ops::Operand::Strong(target.dtype())];
    kinds.extend(value.as_ref().map(|v| v.kind()));
    let resolved = ops::resolve_casting(ufunc, &kinds, None, Casting::SameKind)?;
    let by = resolved.chosen;
    if by.check.is_some() {
        return Err(index::refused(&format!("{}.at of integers", ufunc.name)));
    }
    let dtype = target.dtype();
    let put = |lines: &Lines, rows: &[usize], block: &mut [u8], values: Values| {
        for round in rounds(rows) {
            apply(by, dtype, lines, rows, &round, block, &values);
        }
    };
    let value = match value {
        Some(value) => (value, by.ins[1]),
        None => (crate::exec::elementwise::Operand::Int(0), dtype),
    };
    index::put(ctx, target, key, value, &put)?;
    Ok(Value::None)
}

/// The places of `rows`, in rounds in which no row occurs twice: the first time that each occurs, the second, ...
fn rounds(rows: &[usize]) -> Vec<Vec<usize>> {
    let mut times: HashMap<usize, usize> = HashMap::with_capacity(rows.len());
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let nth = times.entry(*row).or_default();
        if *nth == rounds.len() {
            rounds.push(Vec::new());
        }
        rounds[*nth].push(place);
        *nth += 1;
    }
    rounds
}

/// One round: gathers the rows, runs the loop over them, puts them back.
fn apply(
    by: &Loop,
    dtype: DType,
    lines: &Lines,
    rows: &[usize],
    round: &[usize],
    block: &mut [u8],
    values: &Values,
) {
    let numbers: Vec<usize> = round.iter().map(|place| rows[*place]).collect();
    let (size, count) = (dtype.itemsize(), round.len() * lines.len());
    // Aligned for every dtype.
    let buffer = |dtype: DType| vec![0u128; (count * dtype.itemsize()).div_ceil(16)];
    let mut old = buffer(dtype);
    lines.read(size, &numbers, block, &mut bytemuck::cast_slice_mut(&mut old)[..count * size]);
    let mut operand = buffer(by.ins[0]);
    convert(dtype, by.ins[0], count, &old, &mut operand);
    let mut second = Vec::new();
    if let Some(&dtype) = by.ins.get(1) {
        let size = dtype.itemsize();
        second = buffer(dtype);
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut second);
        match values {
            Values::One(element) => {
                bytes[..count * size].chunks_exact_mut(size).for_each(|to| to.copy_from_slice(element));
            }
            Values::Rows(all) => {
                let each = lines.len() * size;
                for (to, place) in bytes[..count * size].chunks_exact_mut(each.max(1)).zip(round) {
                    to.copy_from_slice(&all[place * each..(place + 1) * each]);
                }
            }
        }
    }
    let mut result = buffer(by.outs[0]);
    {
        let first = &bytemuck::cast_slice(&operand)[..count * by.ins[0].itemsize()];
        let to = &mut bytemuck::cast_slice_mut(&mut result)[..count * by.outs[0].itemsize()];
        match by.ins.get(1) {
            Some(dtype) => {
                let second = &bytemuck::cast_slice(&second)[..count * dtype.itemsize()];
                (by.run)(&[first, second], &mut [to]);
            }
            None => (by.run)(&[first], &mut [to]),
        }
    }
    convert(by.outs[0], dtype, count, &result, &mut old);
    lines.write(size, &numbers, block, &bytemuck::cast_slice(&old)[..count * size]);
}

fn convert(from: DType, to: DType, count: usize, source: &[u128], target: &mut [u128]) {
    let source: &[u8] = &bytemuck::cast_slice(source)[..count * from.itemsize()];
    let target: &mut [u8] = &mut bytemuck::cast_slice_mut(target)[..count * to.itemsize()];
    if from == to {
        target.copy_from_slice(source);
    } else {
        ops::cast(from, to)(&[source], &mut [target]);
    }
}
