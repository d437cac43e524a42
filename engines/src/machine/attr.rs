//! Attributes: `value.name`, and assignment to them.

use std::rc::Rc;

use lang::dtype::{DType, Kind};
use lang::error::{Class, Error};
use lang::ops::{self, Attr, Module, Run};
use lang::scalar::Scalar;

use super::raise::{Eval, raise};
use super::suggest::did_you_mean;
use super::types::{as_class, scalar_type, type_name};
use super::{Descriptor, Machine, bound, class, modules, numeric_methods};
use crate::exec;
use crate::value::{Tuple, Value};

impl Machine {
    /// `value.name`.
    pub(super) fn attr(&mut self, value: &Value, name: &str) -> Eval<Value> {
        let found = match value {
            Value::Module(module) => return modules::attribute(module, name),
            Value::Array(_) => match ops::attribute(name) {
                Some(row) => {
                    return self.call_row(row, Some(value.clone()), Vec::new(), Vec::new());
                }
                None => ops::method(name).map(|row| Value::Method(Rc::new((value.clone(), row)))),
            },
            Value::Scalar(s) => self.scalar_attr(*s, name)?,
            Value::Generator(_) => {
                ops::lookup(Module::Generator, name).map(|row| Value::Method(Rc::new((value.clone(), row))))
            }
            Value::RandomState(_) => ops::lookup(Module::Random, name)
                .filter(|row| {
                    !matches!(ops::row(*row).name, "default_rng" | "RandomState" | "Generator" | "PCG64")
                })
                .map(|row| Value::Method(Rc::new((value.clone(), row)))),
            Value::Distribution(_) => ops::lookup(Module::Distribution, name)
                .map(|row| Value::Method(Rc::new((value.clone(), row)))),
            Value::Exception(e) => {
                let own = match &e.user {
                    Some(class) => self.object_attr(value, class, &e.fields, name)?,
                    None => class::get(&e.fields.borrow(), name),
                };
                own.or_else(|| self.exception_attr(e, name))
            }
            Value::Object(object) => match self.object_attr(value, &object.class, &object.fields, name)? {
                Some(found) => Some(found),
                None if bound::find(value, name).is_some() => None,
                None => return self.no_object_attr(&object.class, &object.fields, name),
            },
            Value::Class(class) => return self.class_attr(class, name),
            Value::Super(of) => return self.super_attr(of, name),
            Value::Attached(method) => match name {
                "__self__" => Some(method.0.clone()),
                "__func__" => Some(method.1.clone()),
                _ => return self.attr(&method.1.clone(), name),
            },
            Value::Descriptor(descriptor) => match (&**descriptor, name) {
                (Descriptor::Property { get, .. }, "fget") => Some(get.clone()),
                (Descriptor::Property { set, .. }, "fset") => Some(set.clone()),
                (Descriptor::Static(function) | Descriptor::Class(function), "__func__") => {
                    Some(function.clone())
                }
                _ => None,
            },
            Value::Range(r) => match name {
                "start" => Some(Value::Int(r.start)),
                "stop" => Some(Value::Int(r.stop)),
                "step" => Some(Value::Int(r.step)),
                _ => None,
            },
            Value::Slice(s) => match name {
                "start" => Some(s.start.clone()),
                "stop" => Some(s.stop.clone()),
                "step" => Some(s.step.clone()),
                _ => None,
            },
            Value::DType(d) => dtype_attr(*d, name),
            Value::Tuple(items) => field(items, name),
            Value::Function(f) => match name {
                "__name__" => Some(Value::str(&f.function.name)),
                "__doc__" => Some(f.function.doc.as_deref().map_or(Value::None, Value::str)),
                _ => None,
            },
            Value::Builtin(row) if matches!(ops::row(*row).run, Run::Ufunc(_)) => {
                ufunc_attr(value, ops::row(*row), name)?
            }
            Value::Deque(deque) if name == "maxlen" => {
                Some(deque.most.map_or(Value::None, |most| Value::Int(most as i64)))
            }
            Value::Dict(dict) if name == "default_factory" => match &dict.borrow().kind {
                super::dict::DictKind::Default(factory) => Some(factory.clone()),
                _ => None,
            },
            Value::Made(made)
                if let super::Made::Local { function, .. } = &**made
                    && let "__name__" | "__doc__" = name =>
            {
                return self.attr(&function.clone(), name);
            }
            Value::Made(made) => made_attr(made, name)?,
            Value::Type(_) | Value::Builtin(_) => builtin_attr(value, name),
            _ => numeric_methods::attribute(value, name),
        };
        let found = found.or_else(|| {
            let method = bound::find(value, name)?;
            Some(Value::Bound(Rc::new((value.clone(), method))))
        });
        match found {
            Some(found) => Ok(found),
            None if bound::refused(value, name).is_some() => {
                Err(bound::refused(value, name).unwrap_or_else(|| no_attribute(value, name)).into())
            }
            None => Err(no_attribute(value, name).into()),
        }
    }

    fn scalar_attr(&mut self, s: Scalar, name: &str) -> Eval<Option<Value>> {
        let value = Value::Scalar(s);
        let Some(row) = ops::attribute(name) else {
            let own = match s.dtype().kind() {
                Kind::Float => {
                    matches!(name, "is_integer" | "as_integer_ratio")
                        || s.dtype() == DType::F64 && name == "hex"
                }
                Kind::Signed | Kind::Unsigned => name == "bit_count",
                _ => false,
            };
            if own {
                let plain = super::number::plain(s);
                return Ok(bound::find(&plain, name).map(|method| Value::Bound(Rc::new((plain, method)))));
            }
            return Ok(ops::method(name).map(|row| Value::Method(Rc::new((value, row)))));
        };
        let Run::Attr(attr) = ops::row(row).run else {
            return Ok(None);
        };
        Ok(Some(match attr {
            Attr::Shape => Value::tuple(Vec::new()),
            Attr::NDim => Value::Int(0),
            Attr::Size => Value::Int(1),
            Attr::DType => Value::DType(s.dtype()),
            Attr::ItemSize | Attr::NBytes => Value::Int(s.dtype().itemsize() as i64),
            Attr::T => value,
            Attr::Real => Value::Scalar(match s {
                Scalar::C64(c) => Scalar::F32(c.re),
                Scalar::C128(c) => Scalar::F64(c.re),
                real => real,
            }),
            Attr::Imag => Value::Scalar(match s {
                Scalar::C64(c) => Scalar::F32(c.im),
                Scalar::C128(c) => Scalar::F64(c.im),
                real => Scalar::zero(real.dtype()),
            }),
            _ => return Ok(None),
        }))
    }

    /// `base.name = value`.
    pub(super) fn set_attr(&mut self, base: &Value, name: &str, value: Value) -> Eval<()> {
        if let Value::Object(object) = base {
            return self.set_object_attr(base, &object.class, &object.fields, name, value);
        }
        let class = type_name(base);
        if let (Value::Array(array), Some(row)) = (base, ops::attribute(name)) {
            if let Run::Attr(Attr::Real | Attr::Imag) = ops::row(row).run {
                if !array.dtype().is_complex() && name == "imag" {
                    return raise(Class::TypeError, "array does not have imaginary part to set");
                }
                let part = self.attr(base, name)?;
                return self.set_item(&part, &Value::Ellipsis, value);
            }
            match name {
                "shape" => return Ok(exec::rearrange::set_shape(&mut self.ctx, array, &value)?),
                "flat" => {
                    let all = Value::Ellipsis;
                    return Ok(exec::index::flat::write(&mut self.ctx, array, &all, &value)?);
                }
                _ => {}
            }
            let error = Error::new(
                Class::NotImplementedError,
                format!("assignment to the attribute '{name}' of arrays"),
            );
            let hint = match name {
                "dtype" => "write a = a.astype(dtype)",
                "real" | "imag" | "T" => "assign to elements instead: a[...] = value",
                _ => "it is read only",
            };
            return Err(error.hint(hint).into());
        }
        match base {
            Value::Exception(e) => return self.set_exception_attr(e, name, value),
            Value::Class(class) => return self.set_class_attr(class, name, value),
            Value::Function(_) => {
                let message = format!("assignment to the attribute '{name}' of functions");
                return raise(Class::NotImplementedError, message);
            }
            _ => {}
        }
        match self.attr(base, name) {
            Ok(_) if matches!(base, Value::Module(_)) => {
                raise(Class::AttributeError, format!("module attribute '{name}' is read-only"))
            }
            Ok(_) => {
                raise(Class::AttributeError, format!("'{class}' object attribute '{name}' is read-only"))
            }
            Err(raised) => Err(raised),
        }
    }

    /// Calls the method `name` of an array or scalar with positional arguments.
    pub(super) fn method(&mut self, value: &Value, name: &str, args: Vec<Value>) -> Eval<Value> {
        let method = self.attr(value, name)?;
        self.call(&method, args, Vec::new())
    }
}

/// A field of a named tuple.
fn field(tuple: &Tuple, name: &str) -> Option<Value> {
    let fields = tuple.fields?;
    if name == "_fields" {
        return Some(Value::tuple(fields.names.iter().map(|name| Value::str(name)).collect()));
    }
    fields.names.iter().position(|field| *field == name).map(|i| tuple[i].clone())
}

fn dtype_attr(d: DType, name: &str) -> Option<Value> {
    Some(match name {
        "name" => Value::str(d.name()),
        "itemsize" => Value::Int(d.itemsize() as i64),
        "kind" => Value::str(match d.kind() {
            Kind::Bool => "b",
            Kind::Signed => "i",
            Kind::Unsigned => "u",
            Kind::Float => "f",
            Kind::Complex => "c",
        }),
        "char" => Value::str(&d.char().to_string()),
        "str" => Value::str(d.descr()),
        "type" => Value::Type(scalar_type(d)),
        "ndim" => Value::Int(0),
        "shape" => Value::tuple(Vec::new()),
        _ => return None,
    })
}

/// Attributes and methods of NumPy's ufuncs.
fn ufunc_attr(value: &Value, row: &'static ops::Row, name: &str) -> Eval<Option<Value>> {
    let Run::Ufunc([first, ..]) = row.run else {
        return Ok(None);
    };
    let (ins, outs) = (first.ins.len() as i64, first.outs.len() as i64);
    Ok(match name {
        "nin" => Some(Value::Int(ins)),
        "nout" => Some(Value::Int(outs)),
        "nargs" => Some(Value::Int(ins + outs)),
        "identity" => Some(match ops::identity(row.name) {
            Some(Scalar::Bool(b)) => Value::Bool(b),
            Some(Scalar::F64(x)) => Value::Float(x),
            Some(number) => number.as_i128().map_or(Value::None, |i| Value::Int(i as i64)),
            None => Value::None,
        }),
        "signature" => Some(Value::None),
        "types" | "ntypes" => {
            let text = format!("the attribute '{name}' of ufuncs: NumPy's lists dtypes that are not there");
            return Err(Error::new(Class::NotImplementedError, text).into());
        }
        _ => match ops::lookup(Module::Ufunc, name) {
            Some(method) => Some(Value::Method(Rc::new((value.clone(), method)))),
            None => builtin_attr(value, name),
        },
    })
}

fn made_attr(made: &super::Made, name: &str) -> Eval<Option<Value>> {
    Ok(match (made, name) {
        (super::Made::Partial { function, .. }, "func") => Some(function.clone()),
        (super::Made::Partial { args, .. }, "args") => Some(Value::tuple(args.clone())),
        (super::Made::Partial { keywords, .. }, "keywords") => {
            let mut dict = super::Dict::new();
            for (name, value) in keywords {
                dict.insert(Value::str(name), value.clone())?;
            }
            Some(Value::Dict(Rc::new(std::cell::RefCell::new(dict))))
        }
        (super::Made::Cached { function, .. } | super::Made::Local { function, .. }, "__wrapped__") => {
            Some(function.clone())
        }
        _ => None,
    })
}

fn builtin_attr(value: &Value, name: &str) -> Option<Value> {
    match (name, value) {
        ("__name__", _) => {
            let full = match value {
                Value::Builtin(row) => as_class(value).unwrap_or(ops::row(*row).name),
                _ => as_class(value)?,
            };
            Some(Value::str(full.rsplit('.').next().unwrap_or(full)))
        }
        // `itertools.chain.from_iterable`.
        (_, Value::Builtin(row))
            if ops::lookup(ops::row(*row).module, &format!("{}.{name}", ops::row(*row).name)).is_some() =>
        {
            ops::lookup(ops::row(*row).module, &format!("{}.{name}", ops::row(*row).name)).map(Value::Builtin)
        }
        ("__doc__", Value::Builtin(row)) => Some(Value::str(ops::row(*row).doc)),
        _ => None,
    }
}

fn no_attribute(value: &Value, name: &str) -> Error {
    let error = match as_class(value) {
        Some(class) => format!("type object '{class}' has no attribute '{name}'"),
        None => format!("'{}' object has no attribute '{name}'", type_name(value)),
    };
    let mut names: Vec<&str> = bound::names(value).collect();
    match value {
        Value::Array(_) | Value::Scalar(_) => {
            names.extend(ops::names(Module::ArrayAttr));
            names.extend(ops::table().iter().filter(|row| row.method.is_some()).map(|row| row.name));
        }
        Value::Generator(_) => names.extend(ops::names(Module::Generator)),
        Value::Distribution(_) => names.extend(ops::names(Module::Distribution)),
        Value::Tuple(items) => names.extend(items.fields.iter().flat_map(|fields| fields.names)),
        Value::DType(_) => names.extend(["name", "itemsize", "kind", "char", "str", "type"]),
        _ => {}
    }
    let error = Error::new(Class::AttributeError, error);
    let numpy = match value {
        Value::Array(_) | Value::Scalar(_) => Some("ndarray"),
        Value::Generator(_) => Some("Generator"),
        _ => None,
    };
    match name {
        _ if numpy.is_some_and(|owner| lang::numpy_has(owner, name)) => {
            error.hint("NumPy has it; DistArray does not yet")
        }
        _ => did_you_mean(error, name, names),
    }
}
