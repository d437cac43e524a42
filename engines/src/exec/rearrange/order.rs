//! `order=`: in which order NumPy has, or goes through, an array's elements. Ours lie as the layout says; the strides that
//! NumPy would have are carried along, and decide what a later reshape shares.

use lang::error::{Error, Result};

use super::views;
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::Args;
use crate::value::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The last axis runs fastest.
    C,
    /// The first axis runs fastest.
    F,
    /// Fortran's where the array is in one piece in it, else C's.
    A,
    /// As it lies.
    K,
}

impl Order {
    /// The call's `order=`; without it that of its signature.
    ///
    /// # Errors
    /// ValueError for another letter, TypeError for what is no text.
    pub fn read(args: &Args) -> Result<Order> {
        let letter = match args.some("order") {
            Some(Value::Str(text)) => text.to_uppercase(),
            Some(_) => return Err(Error::type_("order must be str")),
            None => {
                let declared =
                    args.signature.params.iter().find(|p| p.name == "order").and_then(|p| p.default);
                declared.unwrap_or("'K'").trim_matches('\'').to_string()
            }
        };
        Ok(match &letter[..] {
            "C" => Order::C,
            "F" => Order::F,
            "A" => Order::A,
            "K" | "None" => Order::K,
            _ => {
                return Err(Error::value(format!(
                    "order must be one of 'C', 'F', 'A', or 'K' (got '{letter}')"
                )));
            }
        })
    }

    /// Whether an array need not be copied to lie so.
    pub fn holds(self, array: &Array) -> bool {
        match self {
            Order::C => views::is_c_contiguous(array),
            Order::F => views::is_f_contiguous(array),
            Order::A => views::is_c_contiguous(array) || views::is_f_contiguous(array),
            Order::K => true,
        }
    }

    /// A copy of `source` that nobody else holds yet, lying so. Collective.
    ///
    /// # Errors
    /// MemoryError, on all ranks.
    pub fn apply(self, ctx: &mut Ctx, copy: Array, source: &Array) -> Result<Array> {
        match self {
            Order::K => views::ordered_as(ctx, copy, source),
            _ if self.runs_backwards(source) => views::fortran(ctx, copy),
            _ => views::ordered(ctx, copy),
        }
    }

    /// Whether the first axis of the array runs fastest in this order.
    pub fn runs_backwards(self, array: &Array) -> bool {
        match self {
            Order::C | Order::K => false,
            Order::F => true,
            Order::A => views::is_f_contiguous(array) && !views::is_c_contiguous(array),
        }
    }

    /// The array with its axes such that C's order goes through it in this order. Collective.
    ///
    /// # Errors
    /// MemoryError, on all ranks.
    pub fn slowest_first(self, ctx: &mut Ctx, array: &Array) -> Result<Array> {
        if self == Order::K {
            let strides = &array.inner().strided.strides;
            let mut axes: Vec<usize> = (0..array.ndim()).collect();
            axes.sort_by_key(|&d| std::cmp::Reverse(strides[d].unsigned_abs()));
            return match axes.is_sorted() {
                true => Ok(array.clone()),
                false => views::transpose(ctx, array, &axes),
            };
        }
        if self.runs_backwards(array) { reversed(ctx, array) } else { Ok(array.clone()) }
    }
}

/// The transpose. Collective.
///
/// # Errors
/// MemoryError, on all ranks.
pub fn reversed(ctx: &mut Ctx, array: &Array) -> Result<Array> {
    let axes: Vec<usize> = (0..array.ndim()).rev().collect();
    views::transpose(ctx, array, &axes)
}
