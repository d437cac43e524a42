//! Questions about dtypes: `can_cast`, `result_type` and their kin. No collective.

use lang::dtype::{Casting, DType, can_cast, promote};
use lang::ops::{self, DTypeQuestion};
use lang::scalar::Scalar;

use super::raise::{Eval, type_error};
use super::types::{as_class, dtype_of_class, is_instance};
use crate::exec::Args;
use crate::value::Value;

pub fn answer(question: DTypeQuestion, args: &Args) -> Eval<Value> {
    let of = |name: &str| -> Eval<DType> { Ok(crate::exec::dtype(args.value(name)?)?) };
    Ok(match question {
        DTypeQuestion::CanCast => {
            let from = match args.value("from_")? {
                Value::Array(array) => array.dtype(),
                Value::Scalar(scalar) => scalar.dtype(),
                Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) | Value::Complex(_) => {
                    return type_error(
                        "can_cast() does not support Python ints, floats, and complex because the result used to depend on the value.\nThis change was part of adopting NEP 50, we may explicitly allow them again in the future.",
                    );
                }
                other => crate::exec::dtype(other)?,
            };
            let casting = args.str("casting")?.map_or(Ok(Casting::Safe), Casting::parse)?;
            Value::Bool(can_cast(from, of("to")?, casting))
        }
        DTypeQuestion::PromoteTypes => Value::DType(promote(of("type1")?, of("type2")?)),
        DTypeQuestion::ResultType => {
            if args.rest.is_empty() {
                return super::raise::value_error("at least one array or dtype is required");
            }
            let operands = args.rest.iter().map(operand).collect::<Eval<Vec<_>>>()?;
            Value::DType(ops::result_type(&operands))
        }
        DTypeQuestion::IsSubDType => {
            let dtype = of("arg1")?;
            let wanted = args.value("arg2")?;
            Value::Bool(match as_class(wanted) {
                Some(class) if dtype_of_class(class).is_none() && class.starts_with("numpy.") => {
                    is_instance(&Value::Scalar(Scalar::zero(dtype)), class)
                }
                _ => dtype == of("arg2")?,
            })
        }
    })
}

fn operand(value: &Value) -> Eval<ops::Operand<'_>> {
    Ok(match value {
        Value::Int(i) => ops::Operand::Int(*i),
        Value::BigInt(i) => ops::Operand::BigInt(i),
        Value::Float(_) => ops::Operand::Float,
        Value::Complex(_) => ops::Operand::Complex,
        Value::Bool(_) => ops::Operand::Strong(DType::Bool),
        Value::Array(array) => ops::Operand::Strong(array.dtype()),
        Value::Scalar(scalar) => ops::Operand::Strong(scalar.dtype()),
        other => ops::Operand::Strong(crate::exec::dtype(other)?),
    })
}
