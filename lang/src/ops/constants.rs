//! NumPy's names that stand for a value: `np.pi`, `np.inf`, `np.float64`.

use crate::dtype::DType;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant {
    /// A Python float.
    Float(f64),
    /// A Python int.
    Int(i64),
    /// A Python complex, by its parts.
    Complex(f64, f64),
    Str(&'static str),
    /// `np.True_`.
    Bool(bool),
    /// `np.newaxis` is None.
    None,
    /// A dtype; called, it converts: `np.float32(1.5)`.
    DType(DType),
}

/// The value of `np.<name>`, if that name stands for one.
pub fn constant(name: &str) -> Option<Constant> {
    CONSTANTS.iter().find(|(n, _, _)| *n == name).map(|(_, value, _)| *value)
}

/// Name, value, and what help says of it.
pub const CONSTANTS: &[(&str, Constant, &str)] = &[
    ("pi", Constant::Float(std::f64::consts::PI), "The ratio of a circle's circumference to its diameter."),
    ("e", Constant::Float(std::f64::consts::E), "Euler's number, the base of natural logarithms."),
    ("euler_gamma", Constant::Float(0.577_215_664_901_532_9), "The Euler-Mascheroni constant."),
    ("inf", Constant::Float(f64::INFINITY), "Positive infinity."),
    ("nan", Constant::Float(f64::NAN), "Not a number."),
    ("newaxis", Constant::None, "In an index, a new axis of length 1."),
    ("True_", Constant::Bool(true), "NumPy's true."),
    ("False_", Constant::Bool(false), "NumPy's false."),
    ("bool", Constant::DType(DType::Bool), "True or False, one byte."),
    ("bool_", Constant::DType(DType::Bool), "True or False, one byte."),
    ("int8", Constant::DType(DType::I8), "Integers from -128 to 127."),
    ("byte", Constant::DType(DType::I8), "The same as int8."),
    ("int16", Constant::DType(DType::I16), "Integers from -32768 to 32767."),
    ("short", Constant::DType(DType::I16), "The same as int16."),
    ("int32", Constant::DType(DType::I32), "Integers from -2147483648 to 2147483647."),
    ("intc", Constant::DType(DType::I32), "The same as int32."),
    ("int64", Constant::DType(DType::I64), "Integers from -2**63 to 2**63 - 1."),
    ("int_", Constant::DType(DType::I64), "The same as int64, the default integer."),
    ("intp", Constant::DType(DType::I64), "The same as int64."),
    ("long", Constant::DType(DType::I64), "The same as int64."),
    ("longlong", Constant::DType(DType::I64), "The same as int64."),
    ("uint8", Constant::DType(DType::U8), "Integers from 0 to 255."),
    ("ubyte", Constant::DType(DType::U8), "The same as uint8."),
    ("uint16", Constant::DType(DType::U16), "Integers from 0 to 65535."),
    ("ushort", Constant::DType(DType::U16), "The same as uint16."),
    ("uint32", Constant::DType(DType::U32), "Integers from 0 to 4294967295."),
    ("uintc", Constant::DType(DType::U32), "The same as uint32."),
    ("uint64", Constant::DType(DType::U64), "Integers from 0 to 2**64 - 1."),
    ("uint", Constant::DType(DType::U64), "The same as uint64."),
    ("uintp", Constant::DType(DType::U64), "The same as uint64."),
    ("ulong", Constant::DType(DType::U64), "The same as uint64."),
    ("ulonglong", Constant::DType(DType::U64), "The same as uint64."),
    ("float32", Constant::DType(DType::F32), "Real numbers in single precision (24 bits)."),
    ("single", Constant::DType(DType::F32), "The same as float32."),
    ("float64", Constant::DType(DType::F64), "Real numbers in double precision (53 bits)."),
    ("double", Constant::DType(DType::F64), "The same as float64, the default."),
    ("complex64", Constant::DType(DType::C64), "Complex numbers of two float32."),
    ("csingle", Constant::DType(DType::C64), "The same as complex64."),
    ("complex128", Constant::DType(DType::C128), "Complex numbers of two float64."),
    ("cdouble", Constant::DType(DType::C128), "The same as complex128."),
];
