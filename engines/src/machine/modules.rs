//! Modules and what is found in them.

use lang::error::{Class, Error};
use lang::ops::{self, Constant, Module};
use lang::scalar::Scalar;

use super::raise::Eval;
use super::suggest::did_you_mean;
use super::types::scalar_type;
use crate::value::Value;

const MODULES: &[(&str, Module)] = &[
    ("numpy", Module::Numpy),
    ("numpy.random", Module::Random),
    ("numpy.linalg", Module::Linalg),
    ("numpy.exceptions", Module::Exceptions),
];

/// Classes of NumPy's that are no dtypes: for `isinstance`.
const CLASSES: &[(&str, &str)] = &[
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

/// What `import module` or `from module import name` binds.
pub fn import(module: &str, name: Option<&str>) -> Eval<Value> {
    let Some((full, _)) = MODULES.iter().find(|(full, _)| *full == module) else {
        return Err(Error::new(Class::ModuleNotFoundError, format!("No module named '{module}'")).into());
    };
    let Some(name) = name else {
        return Ok(Value::Module(full));
    };
    match find(full, name) {
        Some(value) => Ok(value),
        None => {
            let error =
                Error::new(Class::ImportError, format!("cannot import name '{name}' from '{module}'"));
            Err(did_you_mean(error, name, names(full)).into())
        }
    }
}

/// `module.name`.
pub fn attribute(module: &'static str, name: &str) -> Eval<Value> {
    match find(module, name) {
        Some(value) => Ok(value),
        None => {
            let error =
                Error::new(Class::AttributeError, format!("module '{module}' has no attribute '{name}'"));
            Err(did_you_mean(error, name, names(module)).into())
        }
    }
}

fn find(module: &str, name: &str) -> Option<Value> {
    let (_, table) = MODULES.iter().find(|(full, _)| *full == module)?;
    if *table == Module::Numpy {
        if let Some((full, _)) = MODULES.iter().find(|(full, _)| full.strip_prefix("numpy.") == Some(name)) {
            return Some(Value::Module(full));
        }
        if let Some(value) = constant(name) {
            return Some(value);
        }
        if name == "__version__" {
            return Some(Value::str("2.4"));
        }
    }
    if let Some(class) = Class::named(&format!("{module}.{name}")) {
        return Some(Value::Type(class.full_name()));
    }
    ops::lookup(*table, name).map(Value::Builtin)
}

/// A name of NumPy's that stands for a value or a class.
fn constant(name: &str) -> Option<Value> {
    if let Some((_, class)) = CLASSES.iter().find(|(short, _)| *short == name) {
        return Some(Value::Type(class));
    }
    Some(match ops::constant(name)? {
        Constant::Float(value) => Value::Float(value),
        Constant::Bool(value) => Value::Scalar(Scalar::Bool(value)),
        Constant::None => Value::None,
        Constant::DType(dtype) => Value::Type(scalar_type(dtype)),
    })
}

/// What a bare name means that nobody has bound and that is no row: `pi`, `float32`, `newaxis`.
pub fn bare(name: &str) -> Option<Value> {
    match name {
        "object" => return Some(Value::Type("object")),
        "NotImplemented" => return Some(Value::NotImplemented),
        _ => {}
    }
    constant(name).or_else(|| Some(Value::Type(Class::named(name)?.full_name())))
}

fn names(module: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (full, table) in MODULES {
        if *full == module {
            names.extend(ops::names(*table));
        }
    }
    if module == "numpy" {
        names.extend(ops::CONSTANTS.iter().map(|(name, _, _)| *name));
        names.extend(CLASSES.iter().map(|(name, _)| *name));
    }
    names
}
