//! The modules that can be imported, and what stands in them beside rows and exceptions.

use super::{CONSTANTS, Constant, Module};

/// The modules, by their full names.
pub const MODULES: &[(&str, Module)] = &[
    ("numpy", Module::Numpy),
    ("numpy.random", Module::Random),
    ("numpy.fft", Module::Fft),
    ("numpy.linalg", Module::Linalg),
    ("numpy.exceptions", Module::Exceptions),
    ("math", Module::Math),
    ("cmath", Module::Cmath),
    ("time", Module::Time),
    ("sys", Module::Sys),
    ("sys.float_info", Module::Sys),
    ("string", Module::String),
    ("itertools", Module::Itertools),
    ("functools", Module::Functools),
    ("operator", Module::Operator),
    ("heapq", Module::Heapq),
    ("bisect", Module::Bisect),
    ("collections", Module::Collections),
    ("copy", Module::Copy),
    ("matplotlib", Module::Matplotlib),
    ("matplotlib.pyplot", Module::Pyplot),
    ("matplotlib.colors", Module::Colors),
    ("ipywidgets", Module::Widgets),
];

/// Modules whose names serve annotations, which are read over.
pub const ANNOTATIONS: &[&str] = &["typing", "__future__", "collections.abc"];

/// Classes of NumPy's that are neither dtypes nor rows: for `isinstance`.
pub const CLASSES: &[(&str, &str)] = &[
    ("ndarray", "numpy.ndarray"),
    ("dtype", "numpy.dtype"),
    ("generic", "numpy.generic"),
    ("number", "numpy.number"),
    ("integer", "numpy.integer"),
    ("signedinteger", "numpy.signedinteger"),
    ("unsignedinteger", "numpy.unsignedinteger"),
    ("inexact", "numpy.inexact"),
    ("floating", "numpy.floating"),
    ("complexfloating", "numpy.complexfloating"),
    ("ufunc", "numpy.ufunc"),
];

/// The names of a module that stand for a value, with what help says of them.
pub fn constants(module: &str) -> &'static [(&'static str, Constant, &'static str)] {
    match module {
        "numpy" => CONSTANTS,
        "math" => MATH,
        "cmath" => CMATH,
        "sys" => SYS,
        "sys.float_info" => FLOAT_INFO,
        "string" => STRING,
        _ => &[],
    }
}

/// The value of `module.name`, where the name stands for one.
pub fn constant_of(module: &str, name: &str) -> Option<Constant> {
    constants(module).iter().find(|(n, _, _)| *n == name).map(|(_, value, _)| *value)
}

type Constants = &'static [(&'static str, Constant, &'static str)];

const MATH: Constants = &[
    ("e", Constant::Float(std::f64::consts::E), "Euler's number, the base of natural logarithms."),
    ("inf", Constant::Float(f64::INFINITY), "Positive infinity."),
    ("nan", Constant::Float(f64::NAN), "Not a number."),
    ("pi", Constant::Float(std::f64::consts::PI), "The ratio of a circle's circumference to its diameter."),
    ("tau", Constant::Float(std::f64::consts::TAU), "The ratio of a circle's circumference to its radius."),
];

const CMATH: Constants = &[
    ("e", Constant::Float(std::f64::consts::E), "Euler's number, the base of natural logarithms."),
    ("inf", Constant::Float(f64::INFINITY), "Positive infinity."),
    ("infj", Constant::Complex(0.0, f64::INFINITY), "Positive infinity on the imaginary axis."),
    ("nan", Constant::Float(f64::NAN), "Not a number."),
    ("nanj", Constant::Complex(0.0, f64::NAN), "A complex number whose imaginary part is nan."),
    ("pi", Constant::Float(std::f64::consts::PI), "The ratio of a circle's circumference to its diameter."),
    ("tau", Constant::Float(std::f64::consts::TAU), "The ratio of a circle's circumference to its radius."),
];

const SYS: Constants = &[
    ("byteorder", Constant::Str("little"), "Which byte of a number comes first."),
    ("maxsize", Constant::Int(i64::MAX), "The greatest int that can be a length."),
];

const FLOAT_INFO: Constants = &[
    ("max", Constant::Float(f64::MAX), "The greatest finite float."),
    ("max_exp", Constant::Int(1024), "The greatest exponent of 2, plus 1."),
    ("max_10_exp", Constant::Int(308), "The greatest exponent of 10."),
    ("min", Constant::Float(f64::MIN_POSITIVE), "The least positive normal float."),
    ("min_exp", Constant::Int(-1021), "The least exponent of 2, plus 1."),
    ("min_10_exp", Constant::Int(-307), "The least exponent of 10."),
    ("dig", Constant::Int(15), "Decimal digits that a float surely keeps."),
    ("mant_dig", Constant::Int(53), "Bits of the mantissa."),
    ("epsilon", Constant::Float(f64::EPSILON), "The distance from 1 to the next float."),
    ("radix", Constant::Int(2), "The base of the exponent."),
    ("rounds", Constant::Int(1), "How results are rounded: to the nearest."),
];

const STRING: Constants = &[
    (
        "ascii_letters",
        Constant::Str("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "The letters of ASCII.",
    ),
    ("ascii_lowercase", Constant::Str("abcdefghijklmnopqrstuvwxyz"), "The lower case letters of ASCII."),
    ("ascii_uppercase", Constant::Str("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "The upper case letters of ASCII."),
    ("digits", Constant::Str("0123456789"), "The decimal digits."),
    ("hexdigits", Constant::Str("0123456789abcdefABCDEF"), "The hexadecimal digits."),
    ("octdigits", Constant::Str("01234567"), "The octal digits."),
    ("punctuation", Constant::Str("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), "The marks of ASCII."),
    ("whitespace", Constant::Str(" \t\n\r\u{b}\u{c}"), "The white space of ASCII."),
];
