//! What Python calls the type of a value, and `isinstance`.

use lang::dtype::{DType, Kind};
use lang::error::Class;
use lang::ops::{Collections, Host, Module, Random, Run};
use lang::scalar::Scalar;

use super::raise::{Eval, raise};
use super::{Descriptor, rows};
use crate::value::{Value, View};

/// The full name of a value's class, as error messages and `type(x)` print it.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::None => "NoneType",
        Value::Ellipsis => "ellipsis",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::BigInt(_) => "int",
        Value::Float(_) => "float",
        Value::Complex(_) => "complex",
        Value::Str(_) => "str",
        Value::Scalar(s) => scalar_type(s.dtype()),
        Value::Array(_) => "numpy.ndarray",
        Value::Flat(_) => "numpy.flatiter",
        Value::Tuple(items) => items.fields.map_or("tuple", |fields| fields.class),
        Value::List(_) => "list",
        Value::Dict(dict) => dict.try_borrow().map_or("dict", |dict| dict.kind.type_name()),
        Value::Deque(_) => "collections.deque",
        Value::Made(made) => made.type_name(),
        Value::Set(object) => {
            if object.frozen {
                "frozenset"
            } else {
                "set"
            }
        }
        Value::View(_, View::Keys) => "dict_keys",
        Value::View(_, View::Values) => "dict_values",
        Value::View(_, View::Items) => "dict_items",
        Value::Range(_) => "range",
        Value::Slice(_) => "slice",
        Value::Iter(iter) => iter.try_borrow().map_or("iterator", |it| it.type_name()),
        Value::DType(d) => dtype_class(*d),
        Value::Type(_) => "type",
        Value::Module(_) => "module",
        Value::Builtin(row) => match rows::row(*row).run {
            _ if as_class(value).is_some() => "type",
            Run::Host(Host::SIndex | Host::IndexExp) => "numpy.lib._index_tricks_impl.IndexExpression",
            Run::Ufunc(_) => "numpy.ufunc",
            Run::Host(_) => "builtin_function_or_method",
            _ if rows::row(*row).module == Module::Random => "builtin_function_or_method",
            _ => "function",
        },
        Value::Bound(method) if as_class(&method.0).is_some() => "method_descriptor",
        Value::Method(_) | Value::Bound(_) => "builtin_function_or_method",
        Value::Function(_) => "function",
        Value::Exception(e) => e.user.as_ref().map_or(e.class.full_name(), |user| user.name),
        Value::Class(_) => "type",
        Value::Object(object) => object.class.name,
        Value::Attached(_) => "method",
        Value::Descriptor(descriptor) => match **descriptor {
            Descriptor::Property { .. } => "property",
            Descriptor::Static(_) => "staticmethod",
            Descriptor::Class(_) => "classmethod",
        },
        Value::Super(_) => "super",
        Value::ErrState(_) => "numpy.errstate",
        Value::NotImplemented => "NotImplementedType",
        Value::Distribution(_) => "Distribution",
        Value::Generator(_) => "numpy.random._generator.Generator",
        Value::RandomState(_) => "numpy.random.mtrand.RandomState",
    }
}

/// The class of NumPy's scalars of a dtype.
pub fn scalar_type(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "numpy.bool",
        DType::I8 => "numpy.int8",
        DType::I16 => "numpy.int16",
        DType::I32 => "numpy.int32",
        DType::I64 => "numpy.int64",
        DType::U8 => "numpy.uint8",
        DType::U16 => "numpy.uint16",
        DType::U32 => "numpy.uint32",
        DType::U64 => "numpy.uint64",
        DType::F32 => "numpy.float32",
        DType::F64 => "numpy.float64",
        DType::C64 => "numpy.complex64",
        DType::C128 => "numpy.complex128",
    }
}

fn dtype_class(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "numpy.dtypes.BoolDType",
        DType::I8 => "numpy.dtypes.Int8DType",
        DType::I16 => "numpy.dtypes.Int16DType",
        DType::I32 => "numpy.dtypes.Int32DType",
        DType::I64 => "numpy.dtypes.Int64DType",
        DType::U8 => "numpy.dtypes.UInt8DType",
        DType::U16 => "numpy.dtypes.UInt16DType",
        DType::U32 => "numpy.dtypes.UInt32DType",
        DType::U64 => "numpy.dtypes.UInt64DType",
        DType::F32 => "numpy.dtypes.Float32DType",
        DType::F64 => "numpy.dtypes.Float64DType",
        DType::C64 => "numpy.dtypes.Complex64DType",
        DType::C128 => "numpy.dtypes.Complex128DType",
    }
}

/// The dtype whose scalar class has this full name.
pub fn dtype_of_class(name: &str) -> Option<DType> {
    DType::ALL.into_iter().find(|d| scalar_type(*d) == name)
}

/// The class that a value is, whether it was named (`int`) or came from `type(x)`.
pub fn as_class(value: &Value) -> Option<&'static str> {
    match value {
        Value::Type(name) => Some(name),
        Value::Builtin(row) => match rows::row(*row).run {
            Run::Host(host) => host_class(host),
            Run::Random(Random::RandomState) => Some("numpy.random.mtrand.RandomState"),
            Run::Prelude(_) if rows::row(*row).module == Module::Random => match rows::row(*row).name {
                "Generator" => Some("numpy.random._generator.Generator"),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn host_class(host: Host) -> Option<&'static str> {
    Some(match host {
        Host::Int => "int",
        Host::Float => "float",
        Host::Complex => "complex",
        Host::Bool => "bool",
        Host::Str => "str",
        Host::Range => "range",
        Host::Type => "type",
        Host::Enumerate => "enumerate",
        Host::Zip => "zip",
        Host::List => "list",
        Host::Tuple => "tuple",
        Host::Dict => "dict",
        Host::Map => "map",
        Host::Filter => "filter",
        Host::Reversed => "reversed",
        Host::Slice => "slice",
        Host::Collections(which) => match which {
            Collections::Counter => "collections.Counter",
            Collections::OrderedDict => "collections.OrderedDict",
            Collections::DefaultDict => "collections.defaultdict",
            Collections::Deque => "collections.deque",
        },
        Host::Set => "set",
        Host::FrozenSet => "frozenset",
        _ => return None,
    })
}

/// `isinstance(value, class)`: NumPy's float64 and complex128 are Python floats and complexes too.
pub fn is_instance(value: &Value, class: &str) -> bool {
    let name = type_name(value);
    if class == "object" || name == class && !matches!(value, Value::Object(_) | Value::Exception(_)) {
        return true;
    }
    if let Value::Exception(e) = value {
        return Class::named(class).is_some_and(|class| e.class.is(class));
    }
    let kind = match value {
        Value::Scalar(s) => Some(s.dtype().kind()),
        _ => None,
    };
    match (class, kind) {
        ("int", _) => name == "bool",
        ("tuple", _) => matches!(value, Value::Tuple(_)),
        ("dict", _) => matches!(value, Value::Dict(_)),
        ("float", _) => name == "numpy.float64",
        ("complex", _) => name == "numpy.complex128",
        ("numpy.generic", kind) => kind.is_some(),
        ("numpy.number", Some(kind)) => kind != Kind::Bool,
        ("numpy.integer", Some(kind)) => matches!(kind, Kind::Signed | Kind::Unsigned),
        ("numpy.signedinteger", Some(kind)) => kind == Kind::Signed,
        ("numpy.unsignedinteger", Some(kind)) => kind == Kind::Unsigned,
        ("numpy.inexact", Some(kind)) => matches!(kind, Kind::Float | Kind::Complex),
        ("numpy.floating", Some(kind)) => kind == Kind::Float,
        ("numpy.complexfloating", Some(kind)) => kind == Kind::Complex,
        ("numpy.dtype", _) => matches!(value, Value::DType(_)),
        ("type", _) => as_class(value).is_some() || matches!(value, Value::Class(_)),
        _ => false,
    }
}

/// `issubclass(class, other)` of Python's and NumPy's own classes, by their full names.
pub fn is_subclass(class: &str, other: &str) -> Eval<bool> {
    match dtype_of_class(class) {
        _ if class == other => Ok(true),
        Some(dtype) => Ok(is_instance(&Value::Scalar(Scalar::zero(dtype)), other)),
        None if class.starts_with("numpy.") => {
            raise(Class::NotImplementedError, format!("issubclass of the class {class}"))
        }
        None => Ok(class == "bool" && other == "int"),
    }
}
