//! `np.linalg`: solvers and factorisations.
//!
//! A matrix that is small, or that every rank has, is worked on by every rank alike, by the local kernels (`dense`). A
//! large one is spread: by blocks of columns dealt out in turn (`columns`) for LU, Cholesky and QR, by blocks of rows for
//! tall QR (`tall`), by pairs of blocks of columns for singular values and Hermitian eigenvalues (`jacobi`). Of a stack,
//! each rank does its share of the matrices (`stack`).

mod cholesky;
mod columns;
mod jacobi;
mod lu;
mod orthogonal;
mod qr;
mod solve;
mod spectral;
mod stack;
mod symmetric;
mod tall;

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::Layout;
use lang::ops::LinAlg;
use num_complex::Complex64;

use super::args::Args;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::{Fields, Value};
use columns::Work;

/// Elements of a matrix that is factored faster alone than together, as a multiple of the size that is replicated.
const DIRECT: usize = 64;
/// As `DIRECT`, for singular values and eigenvalues, whose distributed methods do more work: up to 4096 x 4096.
const SPECTRAL: usize = 1 << 14;

const SLOGDET: Fields = Fields { class: "SlogdetResult", names: &["sign", "logabsdet"] };

/// Runs a row of `np.linalg`. Collective.
///
/// # Errors
/// LinAlgError and ValueError in NumPy's words; MemoryError.
pub fn call(ctx: &mut Ctx, op: LinAlg, args: &Args) -> Result<Value> {
    let a = args.first(ctx)?;
    at_least_matrix(&a)?;
    let needs_square = !matches!(op, LinAlg::Qr | LinAlg::Svd | LinAlg::SvdVals);
    if needs_square && a.shape()[a.ndim() - 2] != a.shape()[a.ndim() - 1] {
        return Err(linalg_error("Last 2 dimensions of the array must be square"));
    }
    let b = if op == LinAlg::Solve { Some(args.array(ctx, "b")?) } else { None };
    match a.dtype().is_complex() || b.as_ref().is_some_and(|b| b.dtype().is_complex()) {
        true => of_type::<Complex64>(ctx, op, args, a, b),
        false => of_type::<f64>(ctx, op, args, a, b),
    }
}

fn of_type<T: Work>(ctx: &mut Ctx, op: LinAlg, args: &Args, a: Array, b: Option<Array>) -> Result<Value> {
    match op {
        LinAlg::Solve => match b {
            Some(b) => solve::solve::<T>(ctx, &a, &b).map(Value::Array),
            None => Err(Error::type_("solve() missing 1 required positional argument: 'b'")),
        },
        LinAlg::Inv => solve::inv::<T>(ctx, &a).map(Value::Array),
        LinAlg::Det => {
            let (sign, log) = solve::log_determinant::<T>(ctx, &a)?;
            let dtype = inexact(a.dtype());
            let found = solve::determinant::<T>(ctx, &sign, &log, dtype)?;
            result(ctx, found)
        }
        LinAlg::SlogDet => {
            let (sign, log) = solve::log_determinant::<T>(ctx, &a)?;
            Ok(Value::named(&SLOGDET, vec![result(ctx, sign)?, result(ctx, log)?]))
        }
        LinAlg::Cholesky => symmetric::cholesky::<T>(ctx, &a, args.flag("upper", false)).map(Value::Array),
        LinAlg::Qr => orthogonal::qr::<T>(ctx, &a, args.str("mode")?.unwrap_or("reduced")),
        LinAlg::Eigh | LinAlg::EigValsh => {
            let lower = match args.str("UPLO")?.unwrap_or("L") {
                "L" | "l" => true,
                "U" | "u" => false,
                _ => return Err(Error::value("UPLO argument must be 'L' or 'U'")),
            };
            symmetric::eigh::<T>(ctx, &a, lower, op == LinAlg::Eigh)
        }
        LinAlg::Eig => spectral::eig::<T>(ctx, &a, true),
        LinAlg::EigVals => spectral::eig::<T>(ctx, &a, false),
        LinAlg::Svd => {
            let a = match args.flag("hermitian", false) {
                true => symmetric::completed::<T>(ctx, &a, true)?,
                false => a,
            };
            let shape = match (args.flag("compute_uv", true), args.flag("full_matrices", true)) {
                (false, _) => dense::Shape::Values,
                (true, true) => dense::Shape::Full,
                (true, false) => dense::Shape::Thin,
            };
            spectral::svd::<T>(ctx, &a, shape)
        }
        LinAlg::SvdVals => spectral::svd::<T>(ctx, &a, dense::Shape::Values),
    }
}

fn linalg_error(message: &str) -> Error {
    Error::new(Class::LinAlgError, message)
}

/// # Errors
/// LinAlgError for vectors and scalars.
fn at_least_matrix(a: &Array) -> Result<()> {
    match a.ndim() {
        n @ 0..=1 => {
            Err(linalg_error(&format!("{n}-dimensional array given. Array must be at least two-dimensional")))
        }
        _ => Ok(()),
    }
}

/// The dtype in which NumPy computes with one: integers in double precision.
fn inexact(dtype: DType) -> DType {
    match dtype {
        DType::F32 | DType::C64 | DType::C128 => dtype,
        _ => DType::F64,
    }
}

/// The real dtype of the same precision.
fn real(dtype: DType) -> DType {
    match inexact(dtype) {
        DType::F32 | DType::C64 => DType::F32,
        _ => DType::F64,
    }
}

/// The complex dtype of the same precision.
fn complex(dtype: DType) -> DType {
    match inexact(dtype) {
        DType::F32 | DType::C64 => DType::C64,
        _ => DType::C128,
    }
}

/// Whether a matrix is worked on by all ranks together. `limit` is one of the constants above.
fn spreads(ctx: &Ctx, a: &Array, limit: usize) -> bool {
    a.ndim() == 2
        && ctx.comm.size() > 1
        && !a.layout().everywhere
        && !a.shape().contains(&0)
        && a.size() > ctx.settings.small.saturating_mul(limit)
}

/// How many columns a panel has: some panels for each rank, of a width that the local kernels like.
fn panel_width(ctx: &Ctx, n: usize) -> usize {
    match ctx.settings.small {
        0 => 2,
        _ => (n / (8 * ctx.comm.size())).clamp(16, 128),
    }
}

/// Where a result lies: as the operand does, where it has its shape.
fn place(ctx: &Ctx, shape: &[usize], like: &Array) -> Arc<Layout> {
    if like.shape() == shape {
        return like.layout().clone();
    }
    ctx.derived_layout(shape, like.layout(), shape.iter().product())
}

/// 0-d results are NumPy's scalars. Collective.
fn result(ctx: &mut Ctx, array: Array) -> Result<Value> {
    Ok(match array.shape() {
        [] => Value::Scalar(ctx.fetch(&array, &[])?[0]),
        _ => Value::Array(array),
    })
}

/// The square root of the sum of squares of what all ranks have, the same on all. Collective.
fn frobenius<T: Work>(ctx: &mut Ctx, mine: &[T]) -> f64 {
    let largest = mine.iter().map(|x| x.magnitude()).fold(0.0, f64::max);
    let squares: f64 = mine.iter().map(|x| (x.magnitude() / largest).powi(2)).sum();
    let norm = if largest == 0.0 { 0.0 } else { largest * squares.sqrt() };
    let all = ctx.comm.allgather(&norm.to_le_bytes());
    let norms = all.iter().map(|b| b[..].try_into().map_or(f64::NAN, f64::from_le_bytes));
    norms.fold(0.0, f64::hypot)
}

/// A block of one dtype from elements of the type that they were computed in.
fn rounded<T: Work>(elements: Vec<T>, dtype: DType) -> Block {
    super::discover::cast_block(&T::block(elements), dtype)
}
