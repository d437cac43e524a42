//! `qr`, in all its modes.

use std::sync::Arc;

use bytemuck::cast_slice;
use lang::error::{Class, Error, Result};
use lang::layout::{DimMap, Layout};

use super::columns::{Columns, Work, elements, known, packed};
use super::stack::each;
use super::{DIRECT, inexact, panel_width, place, qr as spread, rounded, spreads, tall};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::rearrange::views;
use crate::exec::redistribute::redistribute;
use crate::value::{Fields, Value};

const QR: Fields = Fields { class: "QRResult", names: &["Q", "R"] };
/// Columns of a panel of a matrix that is on one rank.
const PANEL: usize = 64;

/// Collective.
///
/// # Errors
/// ValueError for a mode that NumPy does not have; MemoryError.
pub fn qr<T: Work>(ctx: &mut Ctx, a: &Array, mode: &str) -> Result<Value> {
    match mode {
        "reduced" | "complete" | "r" | "raw" => {}
        "f" | "full" | "e" | "economic" => {
            let message = format!("mode='{mode}' of qr, which NumPy deprecates, is not supported");
            return Err(Error::new(Class::NotImplementedError, message));
        }
        _ => return Err(Error::value(format!("Unrecognized mode '{mode}'"))),
    }
    let [.., m, n] = a.shape() else {
        return Err(super::linalg_error("qr takes matrices"));
    };
    let (m, n) = (*m, *n);
    if spreads(ctx, a, DIRECT) {
        let rows_enough = n > 0 && m >= n.saturating_mul(ctx.comm.size());
        if rows_enough && matches!(mode, "reduced" | "r") {
            return by_rows::<T>(ctx, a, mode == "reduced");
        }
        return by_columns::<T>(ctx, a, mode);
    }
    let (k, dtype) = (m.min(n), inexact(a.dtype()));
    let outs = match mode {
        "reduced" => vec![(vec![m, k], dtype), (vec![k, n], dtype)],
        "complete" => vec![(vec![m, m], dtype), (vec![m, n], dtype)],
        "r" => vec![(vec![k, n], dtype)],
        _ => vec![(vec![n, m], dtype), (vec![k], dtype)],
    };
    let batch = a.shape()[..a.ndim() - 2].to_vec();
    let alone = Columns::new(ctx, m, n, PANEL, false);
    let found = each::<T>(ctx, &batch, &[a], &outs, |ctx, matrices| {
        let factored = spread::factor(ctx, &alone, packed(matrices[0].as_ref()))?;
        let by_row = |columns: Vec<T>, rows: usize, n: usize| {
            (0..rows).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| columns[j * rows + i]).collect()
        };
        Ok(match mode {
            "reduced" => vec![by_row(factored.q(ctx, k)?, m, k), by_row(factored.r(k), k, n)],
            "complete" => vec![by_row(factored.q(ctx, m)?, m, m), by_row(factored.r(m), m, n)],
            "r" => vec![by_row(factored.r(k), k, n)],
            // NumPy's is the transpose: column by column.
            _ => vec![factored.packed.clone(), factored.tau(ctx)],
        })
    })?;
    Ok(named(found, mode))
}

fn named(found: Vec<Array>, mode: &str) -> Value {
    let mut values: Vec<Value> = found.into_iter().map(Value::Array).collect();
    match mode {
        "r" => values.remove(0),
        "raw" => Value::tuple(values),
        _ => Value::named(&QR, values),
    }
}

/// Of a large matrix, by panels of columns.
fn by_columns<T: Work>(ctx: &mut Ctx, a: &Array, mode: &str) -> Result<Value> {
    let (m, n) = (a.shape()[0], a.shape()[1]);
    let (k, dtype) = (m.min(n), inexact(a.dtype()));
    let c = Columns::new(ctx, m, n, panel_width(ctx, n), true);
    let mine = c.take::<T>(ctx, a)?;
    let factored = spread::factor(ctx, &c, mine)?;
    if mode == "raw" {
        let tau = factored.tau(ctx);
        let layout = place(ctx, &[m, n], a);
        let h = c.give(ctx, factored.packed, dtype, &layout)?;
        let h = views::transpose(ctx, &h, &[1, 0])?;
        let (to, of_tau) = (place(ctx, &[n, m], a), place(ctx, &[k], a));
        let h = redistribute(ctx, &h, &to)?;
        return Ok(named(vec![h, known(ctx, &[k], tau, dtype, &of_tau)], mode));
    }
    let (wide, high) = if mode == "complete" { (m, m) } else { (k, k) };
    let of_r = Columns { m: high, ..c.clone() };
    let layout = place(ctx, &[high, n], a);
    let r = of_r.give(ctx, factored.r(high), dtype, &layout)?;
    if mode == "r" {
        return Ok(Value::Array(r));
    }
    let of_q = c.with(wide);
    let q = factored.q(ctx, wide)?;
    drop(factored);
    let layout = place(ctx, &[m, wide], a);
    let q = of_q.give(ctx, q, dtype, &layout)?;
    Ok(named(vec![q, r], mode))
}

/// Of a large matrix with many more rows than columns, by blocks of rows.
fn by_rows<T: Work>(ctx: &mut Ctx, a: &Array, with_q: bool) -> Result<Value> {
    let (rank, team) = (ctx.comm.rank(), ctx.comm.size());
    let (m, n, dtype) = (a.shape()[0], a.shape()[1], inexact(a.dtype()));
    let mut turned_rows = Layout::replicated(&[n, m], team);
    turned_rows.dims[1] = DimMap::block(m, team);
    turned_rows.grid[1] = team;
    turned_rows.everywhere = false;
    let turned_rows = Arc::new(turned_rows);
    let turned = views::transpose(ctx, a, &[1, 0])?;
    let mine = elements::<T>(ctx.local(&turned, &turned_rows)?);
    let rows: Vec<usize> = (0..team).map(|r| turned_rows.local_shape(r)[1]).collect();
    let (mut q, mut r) = tall::factor(ctx, mine, &rows, n);
    // The first n rows of Q, on all ranks.
    let first: usize = rows[..rank].iter().sum();
    let here = rows[rank];
    let inside = n.saturating_sub(first).min(here);
    let part: Vec<T> = q.chunks_exact(here.max(1)).flat_map(|column| column[..inside].to_vec()).collect();
    let mut top = vec![T::of_real(0.0); n * n];
    let mut from = 0;
    for bytes in ctx.comm.allgather(cast_slice(&part)) {
        let mut part = vec![T::of_real(0.0); bytes.len() / size_of::<T>()];
        bytemuck::cast_slice_mut(&mut part).copy_from_slice(&bytes);
        let height = part.len() / n;
        for (j, column) in part.chunks_exact(height.max(1)).enumerate() {
            top[j * n + from..j * n + from + height].copy_from_slice(column);
        }
        from += height;
    }
    tall::settle_signs(&mut q, here, &mut r, top, n);
    let by_row = (0..n * n).map(|at| r[at % n * n + at / n]).collect();
    let layout = place(ctx, &[n, n], a);
    let r = known(ctx, &[n, n], by_row, dtype, &layout);
    if !with_q {
        return Ok(Value::Array(r));
    }
    let q = Array::from_block(vec![n, m], turned_rows, rounded(q, dtype));
    let q = views::transpose(ctx, &q, &[1, 0])?;
    let layout = place(ctx, &[m, n], a);
    let q = redistribute(ctx, &q, &layout)?;
    Ok(named(vec![q, r], "reduced"))
}
