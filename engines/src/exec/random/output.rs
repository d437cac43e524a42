//! Where random numbers go: `size`, `dtype`, `out`, `dist`, and how a single number is given.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::Layout;
use lang::scalar::Scalar;
use lang::text::tuple;

use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::{self, Args};
use crate::exec::{alloc, index};
use crate::value::Value;

/// The array to fill, or none for a single number.
pub struct Output {
    pub shape: Vec<usize>,
    pub layout: Arc<Layout>,
    single: bool,
    into: Option<Array>,
}

impl Output {
    /// As the call asks; `broadcast` is the parameters' common shape, where they are arrays. Collective.
    ///
    /// # Errors
    /// ValueError where sizes do not fit, TypeError for an `out` of another dtype, MemoryError.
    pub fn of(ctx: &mut Ctx, args: &Args, dtype: DType, broadcast: Option<&[usize]>) -> Result<Output> {
        let size = args.some("size").map(args::shape).transpose()?;
        if let Some(out) = args.some("out") {
            return Output::into(out, size, dtype);
        }
        let single = size.is_none() && broadcast.is_none();
        let shape = match (size, broadcast) {
            (Some(size), Some(inputs)) => {
                let all = super::params::broadcast(&[&size, inputs])?;
                if all != size {
                    return Err(Error::value(format!(
                        "Output size {} is not compatible with broadcast dimensions of inputs {}.",
                        tuple(&size),
                        tuple(&all)
                    )));
                }
                size
            }
            (Some(size), None) => size,
            (None, inputs) => inputs.unwrap_or(&[]).to_vec(),
        };
        Output::new(ctx, args, shape, dtype, single)
    }

    /// Of that shape. Collective.
    pub fn new(ctx: &mut Ctx, args: &Args, shape: Vec<usize>, dtype: DType, single: bool) -> Result<Output> {
        alloc::shape(&shape, dtype)?;
        let layout = if single { ctx.replicated(&shape) } else { args.layout(ctx, &shape)? };
        alloc::check(ctx, &shape, dtype, &layout)?;
        Ok(Output { shape, layout, single, into: None })
    }

    fn into(out: &Value, size: Option<Vec<usize>>, dtype: DType) -> Result<Output> {
        let Value::Array(array) = out else {
            return Err(Error::type_(format!(
                "Argument 'out' has incorrect type (expected numpy.ndarray, got {})",
                args::type_name(out)
            )));
        };
        let shape = array.shape().to_vec();
        let strides = crate::array::c_strides(&shape);
        let contiguous = |d: usize| shape[d] < 2 || array.0.strided.strides[d] == strides[d];
        if !array.is_writable() || !(array.size() == 0 || (0..shape.len()).all(contiguous)) {
            return Err(Error::value(
                "Supplied output array must be contiguous, writable, aligned, and in machine byte-order.",
            ));
        }
        if array.dtype() != dtype {
            return Err(Error::type_(format!(
                "Supplied output array has the wrong type. Expected {dtype}, got {}",
                array.dtype()
            )));
        }
        if size.is_some_and(|size| size != shape) {
            return Err(Error::value("size must match out.shape when used together"));
        }
        Ok(Output { shape, layout: array.layout().clone(), single: false, into: Some(array.clone()) })
    }

    pub fn is_single(&self) -> bool {
        self.single
    }

    /// The result, of this rank's block. Collective.
    ///
    /// # Errors
    /// MemoryError, on all ranks.
    pub fn give(self, ctx: &mut Ctx, block: Block) -> Result<Value> {
        if self.single {
            return Ok(match block.get(0) {
                Scalar::F64(x) => Value::Float(x),
                Scalar::F32(x) => Value::Float(x.into()),
                Scalar::I64(i) => Value::Int(i),
                other => Value::Scalar(other),
            });
        }
        let array = Array::from_block(self.shape, self.layout, block);
        match self.into {
            None => Ok(Value::Array(array)),
            Some(out) => {
                index::set(ctx, &out, &Value::Ellipsis, &Value::Array(array))?;
                Ok(Value::Array(out))
            }
        }
    }
}
