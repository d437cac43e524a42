//! Modules and what is found in them.

use lang::error::{Class, Error};
use lang::ops::modules::{CLASSES, MODULES, constant_of, constants};
use lang::ops::{self, Constant, Module};
use lang::scalar::Scalar;
use num_complex::Complex64;

use super::raise::Eval;
use super::suggest::did_you_mean;
use super::types::scalar_type;
use crate::value::Value;

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
    let inner = MODULES.iter().find(|(full, _)| full.rsplit_once('.') == Some((module, name)));
    if let Some((full, _)) = inner {
        return Some(Value::Module(full));
    }
    if *table == Module::Numpy {
        if let Some(value) = class(name) {
            return Some(value);
        }
        if name == "__version__" {
            return Some(Value::str("2.4"));
        }
    }
    if let Some(constant) = constant_of(module, name) {
        return Some(value(constant));
    }
    if let Some(class) = Class::named(&format!("{module}.{name}")) {
        return Some(Value::Type(class.full_name()));
    }
    ops::lookup(*table, name).map(Value::Builtin)
}

/// A class of NumPy's that is no dtype.
fn class(name: &str) -> Option<Value> {
    CLASSES.iter().find(|(short, _)| *short == name).map(|(_, class)| Value::Type(class))
}

fn value(constant: Constant) -> Value {
    match constant {
        Constant::Float(value) => Value::Float(value),
        Constant::Int(value) => Value::Int(value),
        Constant::Complex(re, im) => Value::Complex(Complex64::new(re, im)),
        Constant::Str(text) => Value::str(text),
        Constant::Bool(value) => Value::Scalar(Scalar::Bool(value)),
        Constant::None => Value::None,
        Constant::DType(dtype) => Value::Type(scalar_type(dtype)),
    }
}

/// What a bare name means that nobody has bound and that is no row: `pi`, `float32`, `newaxis`.
pub fn bare(name: &str) -> Option<Value> {
    match name {
        "object" => return Some(Value::Type("object")),
        "NotImplemented" => return Some(Value::NotImplemented),
        _ => {}
    }
    let known = class(name).or_else(|| ops::constant(name).map(value));
    known.or_else(|| Some(Value::Type(Class::named(name)?.full_name())))
}

fn names(module: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (full, table) in MODULES {
        if *full == module {
            names.extend(ops::names(*table));
        }
    }
    names.extend(constants(module).iter().map(|(name, _, _)| *name));
    if module == "numpy" {
        names.extend(CLASSES.iter().map(|(name, _)| *name));
    }
    names
}
