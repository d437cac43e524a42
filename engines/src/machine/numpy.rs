//! NumPy's side of the operators: ufuncs on scalars, and the ways to the executors for arrays.

use lang::dtype::DType;
use lang::error::{Class, Error};
use lang::ir::BinOp;
use lang::ops::{self, Operand, Run, floating};
use lang::scalar::Scalar;
use num_complex::Complex64;

use super::Machine;
use super::call::Keywords;
use super::operate::power_of;
use super::raise::{Eval, index_error, raise, type_error, value_error};
use super::types::type_name;
use crate::array::Array;
use crate::exec::floats::Errors;
use crate::exec::{self, Args, elementwise};
use crate::value::Value;

impl Machine {
    /// A ufunc on positional operands.
    pub(super) fn ufunc(&mut self, row: u32, operands: Vec<Value>) -> Eval<Value> {
        if let Some(result) = scalar_ufunc(row, &operands, self.ctx.errors, true)? {
            return Ok(result);
        }
        if operands.iter().any(|o| matches!(o, Value::Str(_))) {
            return self.ufunc_of_text(row, &operands);
        }
        // Arrays beside arrays and numbers need no signature to be bound to.
        let plain: Option<Vec<_>> = operands.iter().map(elementwise::Operand::of).collect();
        if let (Run::Ufunc(_), Some(plain)) = (ops::row(row).run, plain)
            && plain.iter().any(|operand| !operand.shape().is_empty())
        {
            let results = elementwise::apply(&mut self.ctx, ops::row(row), &plain, None)?;
            return Ok(elementwise::call::finish(&mut self.ctx, results)?);
        }
        self.call_row(row, None, operands, Vec::new())
    }

    /// An array of bools like another, all the same.
    pub(super) fn filled(&mut self, array: &Array, value: bool) -> Eval<Value> {
        let like = if value { "ones_like" } else { "zeros_like" };
        let Some(row) = ops::lookup(ops::Module::Numpy, like) else {
            return Ok(Value::Bool(value));
        };
        let dtype = ("dtype".to_string(), Value::DType(DType::Bool));
        self.call_builtin(row, None, vec![Value::Array(array.clone())], vec![dtype])
    }

    /// Text beside numbers: never equal, and no operand of anything else.
    fn ufunc_of_text(&mut self, row: u32, operands: &[Value]) -> Eval<Value> {
        let name = ops::row(row).name;
        if let "equal" | "not_equal" = name {
            let unequal = name == "not_equal";
            return match operands.iter().find(|o| matches!(o, Value::Array(_))) {
                Some(Value::Array(array)) => self.filled(&array.clone(), unequal),
                _ => Ok(Value::Scalar(Scalar::Bool(unequal))),
            };
        }
        let types = |of: &dyn Fn(&Value) -> String| operands.iter().map(of).collect::<Vec<_>>().join(", ");
        let no_loop = |types: String| {
            type_error(format!(
                "ufunc '{name}' did not contain a loop with signature matching types ({types}) -> None"
            ))
        };
        match name {
            "less" | "less_equal" | "greater" | "greater_equal" => {
                no_loop(types(&|o| match operand_dtype(o) {
                    Some(dtype) => format!("<class '{}'>", type_name(&Value::DType(dtype))),
                    None => "<class 'numpy.dtypes.StrDType'>".into(),
                }))
            }
            "add" | "subtract" | "multiply" | "matmul" | "maximum" | "minimum" => {
                no_loop(types(&|o| match (operand_dtype(o), o) {
                    (Some(dtype), _) => format!("dtype('{dtype}')"),
                    (None, Value::Str(s)) => format!("dtype('<U{}')", s.chars().count().max(1)),
                    (None, other) => format!("<class '{}'>", type_name(other)),
                }))
            }
            _ => type_error(format!(
                "ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any \
                 supported types according to the casting rule ''safe''"
            )),
        }
    }

    /// `array op= value`, in place.
    pub(super) fn ufunc_into(&mut self, op: BinOp, array: Array, value: Value) -> Eval<()> {
        let row = self.rows.binary(op);
        if let Value::Str(_) = value {
            return self.ufunc_of_text(row, &[Value::Array(array), value]).map(drop);
        }
        let out = Value::Array(array.clone());
        if op == BinOp::MatMul {
            let product = self.call_row(row, None, vec![out, value], Vec::new())?;
            return Ok(exec::contract::store(&mut self.ctx, &array, &product)?);
        }
        let (row, operands) = match power_of(&array, &value) {
            Some(row) if op == BinOp::Pow => (row, vec![out.clone()]),
            _ => (row, vec![out.clone(), value]),
        };
        self.call_row(row, None, operands, vec![("out".to_string(), out)]).map(drop)
    }

    /// A row by its executor.
    pub(super) fn call_row(
        &mut self,
        row: u32,
        receiver: Option<Value>,
        args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        let of_scalar = matches!(receiver, Some(Value::Scalar(_)));
        let args = Args::bind(row, receiver, args, keywords)?;
        match exec::call(&mut self.ctx, &args)? {
            // A method of NumPy's scalar gives a scalar where that of an array gives one without axes.
            Value::Array(array) if of_scalar && array.shape().is_empty() => {
                Ok(Value::Scalar(self.item(&array)?))
            }
            result => Ok(result),
        }
    }

    /// A call of a builtin: by the machine itself, or by its executor.
    pub(super) fn call_builtin(
        &mut self,
        row: u32,
        receiver: Option<Value>,
        args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        match ops::row(row).run {
            Run::Host(host) => {
                let done = super::builtins::host(self, host, Args::bind(row, receiver, args, keywords)?);
                if self.left.any() {
                    self.close_left()?;
                }
                done
            }
            Run::Printing(op) => {
                super::print_options::call(self, op, &Args::bind(row, receiver, args, keywords)?)
            }
            Run::Show(show) => super::display::show(self, show, &Args::bind(row, receiver, args, keywords)?),
            Run::Create(ops::Create::FromFunction) => {
                super::builtins::from_function(self, Args::bind(row, receiver, args, keywords)?)
            }
            Run::DType(question) => {
                super::dtypes::answer(question, &Args::bind(row, receiver, args, keywords)?)
            }
            Run::Prelude(file) => {
                let (args, keywords) = super::prelude::as_function(row, receiver, args, keywords)?;
                self.call_prelude(file, ops::row(row).name, args, keywords)
            }
            Run::PreludeIndexed(_) => {
                type_error(format!("it is indexed, not called: np.{}[1:5]", ops::row(row).name))
            }
            Run::Create(ops::Create::Linspace) => {
                let bound = Args::bind(row, receiver.clone(), args.clone(), keywords.clone())?;
                let has_axes = |name: &str| match bound.given(name) {
                    Some(Value::Array(array)) => !array.shape().is_empty(),
                    Some(Value::List(_) | Value::Tuple(_) | Value::Range(_)) => true,
                    _ => false,
                };
                if !has_axes("start") && !has_axes("stop") {
                    return self.call_row(row, receiver, args, keywords);
                }
                bound.refuse(&["dist", "grid", "targets"])?;
                let given = bound.signature.params.iter().zip(&bound.values);
                let given =
                    given.filter_map(|(p, value)| Some((p.name.to_string(), value.clone()?))).collect();
                self.prelude_function("creating", "_linspace", Vec::new(), given)
            }
            Run::Io(ops::Io::Load) => {
                let file = args.first().cloned().unwrap_or(Value::None);
                match self.call_row(row, receiver, args, keywords)? {
                    // The names of the arrays in an archive.
                    names @ Value::Tuple(_) => {
                        self.prelude_function("files", "_npz", vec![file, names], Vec::new())
                    }
                    array => Ok(array),
                }
            }
            Run::Ufunc(_) if keywords.is_empty() && receiver.is_none() => {
                if let Some(result) = scalar_ufunc(row, &args, self.ctx.errors, false)? {
                    return Ok(result);
                }
                if args.iter().any(|o| matches!(o, Value::Str(_))) {
                    return self.ufunc_of_text(row, &args);
                }
                self.call_row(row, receiver, args, keywords)
            }
            _ => self.call_row(row, receiver, args, keywords),
        }
    }

    /// `base[index]` of arrays and NumPy's other things to index.
    pub(super) fn index_numpy(&mut self, base: &Value, index: &Value) -> Eval<Value> {
        match base {
            Value::Array(array) => Ok(exec::index::get(&mut self.ctx, array, index)?),
            Value::Flat(array) => Ok(exec::index::flat::read(&mut self.ctx, array, index)?),
            Value::Scalar(_) => match index {
                Value::Tuple(items) if items.is_empty() => Ok(base.clone()),
                Value::Int(_) | Value::BigInt(_) => index_error("invalid index to scalar variable."),
                _ => {
                    let Some(row) = ops::lookup(ops::Module::Numpy, "asarray") else {
                        return Ok(base.clone());
                    };
                    let array = self.call_builtin(row, None, vec![base.clone()], Vec::new())?;
                    self.index(&array, index)
                }
            },
            Value::Builtin(row) => match ops::row(*row).run {
                Run::Create(ops::Create::MGrid) => Ok(exec::create::mgrid(&mut self.ctx, index)?),
                Run::Host(ops::Host::SIndex) => Ok(index.clone()),
                Run::Host(ops::Host::IndexExp) => Ok(match index {
                    Value::Tuple(_) => index.clone(),
                    _ => Value::tuple(vec![index.clone()]),
                }),
                Run::PreludeIndexed(file) => {
                    self.call_prelude(file, ops::row(*row).name, vec![index.clone()], Vec::new())
                }
                _ => type_error(format!("'{}' object is not subscriptable", type_name(base))),
            },
            Value::Type(class) => type_error(format!("type '{class}' is not subscriptable")),
            _ => type_error(format!("'{}' object is not subscriptable", type_name(base))),
        }
    }

    pub(super) fn set_array_item(&mut self, array: &Array, index: &Value, value: Value) -> Eval<()> {
        Ok(exec::index::set(&mut self.ctx, array, index, &value)?)
    }

    /// The elements at the given indices along each axis, in C order, on every rank. Collective.
    pub(super) fn fetch(&mut self, array: &Array, indices: &[Vec<usize>]) -> Eval<Vec<Scalar>> {
        Ok(self.ctx.fetch(array, indices)?)
    }

    /// The only element of an array of size 1.
    pub(super) fn item(&mut self, array: &Array) -> Eval<Scalar> {
        let first = vec![vec![0]; array.shape().len()];
        match self.fetch(array, &first)?.first() {
            Some(item) => Ok(*item),
            None => value_error("can only convert an array of size 1 to a Python scalar"),
        }
    }

    /// All elements, in C order, on every rank.
    pub(super) fn all_items(&mut self, array: &Array) -> Eval<Vec<Scalar>> {
        let all: Vec<Vec<usize>> = array.shape().iter().map(|&n| (0..n).collect()).collect();
        self.fetch(array, &all)
    }
}

/// The dtype that a number, scalar or array has as an operand.
fn operand_dtype(value: &Value) -> Option<DType> {
    Some(match value {
        Value::Array(a) => a.dtype(),
        Value::Scalar(s) => s.dtype(),
        Value::Bool(_) => DType::Bool,
        Value::Int(_) | Value::BigInt(_) => DType::DEFAULT_INT,
        Value::Float(_) => DType::DEFAULT_FLOAT,
        Value::Complex(_) => DType::DEFAULT_COMPLEX,
        _ => return None,
    })
}

/// A ufunc whose operands are all numbers, as an operator or called: its loop over one element. None where an operand
/// is something else.
fn scalar_ufunc(row: u32, operands: &[Value], errors: Errors, operator: bool) -> Eval<Option<Value>> {
    let row = ops::row(row);
    let Run::Ufunc(_) = row.run else {
        return Ok(None);
    };
    let mut kinds = Vec::with_capacity(operands.len());
    for value in operands {
        kinds.push(match value {
            Value::Scalar(s) => Operand::Strong(s.dtype()),
            Value::Bool(_) => Operand::Strong(DType::Bool),
            Value::Int(i) => Operand::Int(*i),
            Value::BigInt(b) => Operand::BigInt(b),
            Value::Float(_) => Operand::Float,
            Value::Complex(_) => Operand::Complex,
            _ => return Ok(None),
        });
    }
    let resolved = ops::resolve(row, &kinds)?;
    let chosen = resolved.chosen;
    if chosen.ins.len() != operands.len() {
        return Ok(None);
    }
    // An element of 16 bytes, aligned for every type.
    let mut ins = vec![0_u128; chosen.ins.len()];
    let mut outs = vec![0_u128; chosen.outs.len()];
    for (i, (value, (dtype, cell))) in operands.iter().zip(chosen.ins.iter().zip(&mut ins)).enumerate() {
        let scalar = match (resolved.stand_ins.iter().find(|(at, _)| *at == i), value) {
            (Some((_, scalar)), _) => scalar.cast(*dtype),
            (_, Value::Scalar(s)) => s.cast(*dtype),
            (_, Value::Bool(b)) => Scalar::Bool(*b).cast(*dtype),
            (_, Value::Int(x)) => Scalar::from_python_int(*x, *dtype)?,
            (_, Value::BigInt(x)) => Scalar::from_python_bigint(x, *dtype)?,
            (_, Value::Float(x)) => Scalar::F64(*x).cast(*dtype),
            (_, Value::Complex(x)) => Scalar::C128(*x).cast(*dtype),
            _ => return Ok(None),
        };
        scalar.write(&mut bytemuck::bytes_of_mut(cell)[..dtype.itemsize()]);
    }
    {
        let ins: Vec<&[u8]> =
            ins.iter().zip(chosen.ins).map(|(cell, d)| &bytemuck::bytes_of(cell)[..d.itemsize()]).collect();
        if let Some(check) = chosen.check {
            check(&ins)?;
        }
        let mut outs: Vec<&mut [u8]> = outs
            .iter_mut()
            .zip(chosen.outs)
            .map(|(cell, d)| &mut bytemuck::bytes_of_mut(cell)[..d.itemsize()])
            .collect();
        (chosen.run)(&ins, &mut outs);
    }
    if errors.watched() {
        // NumPy's scalars, but for bools, have operators of their own.
        let own = operator && operands.iter().any(|o| matches!(o, Value::Scalar(s) if !s.dtype().is_bool()));
        let read = |cells: &[u128], dtypes: &[DType]| -> Vec<Scalar> {
            let pairs = cells.iter().zip(dtypes);
            pairs.map(|(cell, d)| Scalar::read(*d, &bytemuck::bytes_of(cell)[..d.itemsize()])).collect()
        };
        let (ins, outs) = (read(&ins, chosen.ins), read(&outs, chosen.outs));
        match own {
            true => {
                errors.raise(floating::of_scalars(row.name, &ins, &outs), &format!("scalar {}", row.name))?
            }
            false => errors.raise(floating::of_one(row.name, &ins, &outs), row.name)?,
        }
    }
    let mut results = outs
        .iter()
        .zip(chosen.outs)
        .map(|(cell, d)| Value::Scalar(Scalar::read(*d, &bytemuck::bytes_of(cell)[..d.itemsize()])));
    Ok(match (results.next(), chosen.outs.len()) {
        (Some(one), 1) => Some(one),
        (Some(first), _) => Some(Value::tuple(std::iter::once(first).chain(results).collect())),
        (None, _) => None,
    })
}

/// `np.float32(x)`: the value in that dtype; a list or an array becomes an array of it.
pub fn cast(machine: &mut Machine, dtype: DType, value: &Value) -> Eval<Value> {
    let scalar = match value {
        Value::Scalar(s) => {
            if s.dtype().is_complex() && !dtype.is_complex() && !dtype.is_bool() {
                return complex_to_real(dtype);
            }
            s.cast(dtype)
        }
        Value::Bool(b) => Scalar::Bool(*b).cast(dtype),
        Value::Int(i) => Scalar::from_python_int(*i, dtype)?,
        Value::BigInt(b) => Scalar::from_python_bigint(b, dtype)?,
        Value::Float(f) if dtype.is_integer() => match super::float::to_int(*f)? {
            Value::Int(i) => Scalar::from_python_int(i, dtype)?,
            Value::BigInt(b) => Scalar::from_python_bigint(&b, dtype)?,
            _ => Scalar::zero(dtype),
        },
        Value::Float(f) => Scalar::F64(*f).cast(dtype),
        Value::Complex(_) if !dtype.is_complex() && !dtype.is_bool() => {
            return complex_to_real(dtype);
        }
        Value::Complex(c) => Scalar::C128(*c).cast(dtype),
        Value::None if dtype.is_bool() => Scalar::Bool(false),
        Value::None if dtype.is_float() => Scalar::F64(f64::NAN).cast(dtype),
        Value::Str(text) => {
            let number = match dtype {
                d if d.is_bool() => Value::Bool(!text.is_empty()),
                d if d.is_integer() => super::int::parse(text, 10)?,
                d if d.is_complex() => super::builtins::parse_complex(text)?,
                _ => match super::float::parse(text) {
                    Some(f) => Value::Float(f),
                    None => {
                        return value_error(format!(
                            "could not convert string to float: {}",
                            super::show::str_repr(text)
                        ));
                    }
                },
            };
            return cast(machine, dtype, &number);
        }
        Value::Array(array) => {
            let cast = machine.method(&Value::Array(array.clone()), "astype", vec![Value::DType(dtype)])?;
            return Ok(match &cast {
                Value::Array(array) if array.shape().is_empty() => Value::Scalar(machine.item(array)?),
                _ => cast,
            });
        }
        Value::List(_) | Value::Tuple(_) | Value::Range(_) => {
            let Some(row) = ops::lookup(ops::Module::Numpy, "array") else {
                return raise(Class::NameError, "array");
            };
            let dtype = ("dtype".to_string(), Value::DType(dtype));
            return machine.call_builtin(row, None, vec![value.clone()], vec![dtype]);
        }
        _ => {
            return type_error(format!(
                "{}() argument must be a string or a real number, not '{}'",
                if dtype.is_integer() { "int" } else { "float" },
                type_name(value)
            ));
        }
    };
    Ok(Value::Scalar(scalar))
}

fn complex_to_real<T>(dtype: DType) -> Eval<T> {
    let what = if dtype.is_integer() { "int" } else { "float" };
    let error = Error::type_(format!("{what}() argument must be a string or a real number, not 'complex'"));
    Err(error.hint("take its real part first: x.real").into())
}

/// The complex number of two parts that may be complex themselves.
pub fn complex_of(re: Complex64, im: Complex64) -> Complex64 {
    Complex64::new(re.re - im.im, re.im + im.re)
}
