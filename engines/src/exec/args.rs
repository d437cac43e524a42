//! The arguments of a builtin, bound to its signature, and the readings of them with NumPy's errors.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::{DistSpec, DistValue, Layout};
use lang::ops::signature::Signature;
use lang::ops::{Host, Row, Run, Slot};
use num_traits::ToPrimitive;

use super::discover;
use crate::array::Array;
use crate::ctx::Ctx;
use crate::value::Value;

/// One value per parameter of the row's *function* signature, in its order.
///
/// A method of arrays is bound by its own signature; `self` is then the first parameter here, and the others are
/// matched by name. A parameter that was not given is `None`: defaults are the executor's. `*args` go to `rest`.
pub struct Args {
    pub row: &'static Row,
    pub signature: &'static Signature,
    pub values: Vec<Option<Value>>,
    pub rest: Vec<Value>,
    /// The object of an attribute, and of a method of a generator or a distribution: no signature names it.
    pub receiver: Option<Value>,
}

impl Args {
    /// Binds a call of the row of that index. `receiver` is the object of a method or an attribute.
    ///
    /// # Errors
    /// TypeError in CPython's words where the arguments do not fit the signature.
    pub fn bind(
        row: u32,
        receiver: Option<Value>,
        positional: Vec<Value>,
        keywords: Vec<(String, Value)>,
    ) -> Result<Args> {
        let declared = lang::ops::row(row);
        let method = receiver.is_some() && declared.method.is_some();
        let names: Vec<&str> = keywords.iter().map(|(name, _)| &name[..]).collect();
        let binding = lang::ops::bind(row, method, positional.len(), &names)?;
        let values = binding
            .slots
            .iter()
            .map(|slot| match slot {
                Slot::Receiver => receiver.clone(),
                Slot::Positional(i) => Some(positional[*i].clone()),
                Slot::Keyword(i) => Some(keywords[*i].1.clone()),
                Slot::Default => None,
            })
            .collect();
        let rest = positional[binding.rest].to_vec();
        let receiver = receiver.filter(|_| !method);
        Ok(Args {
            row: declared,
            signature: lang::ops::signature::signature(row, false),
            values,
            rest,
            receiver,
        })
    }

    /// The parameter of that name, where it was given.
    pub fn given(&self, name: &str) -> Option<&Value> {
        let i = self.signature.params.iter().position(|p| p.name == name)?;
        self.values.get(i)?.as_ref()
    }

    /// The parameter of that name, where leaving it out and passing None mean the same.
    pub fn some(&self, name: &str) -> Option<&Value> {
        self.given(name).filter(|v| !matches!(v, Value::None))
    }

    /// A parameter that has to be there.
    pub fn value(&self, name: &str) -> Result<&Value> {
        self.given(name).ok_or_else(|| {
            Error::type_(format!(
                "{}() missing 1 required positional argument: '{name}'",
                self.row.name
            ))
        })
    }

    /// Refuses parameters that NumPy has and we do not, where they are given.
    ///
    /// # Errors
    /// NotImplementedError that names the parameter.
    pub fn refuse(&self, names: &[&str]) -> Result<()> {
        let asked = |name: &&&str| match self.some(name) {
            None => false,
            Some(Value::Bool(true)) => **name != "where",
            Some(_) => true,
        };
        match names.iter().find(asked) {
            None => Ok(()),
            Some(name) => Err(Error::new(
                Class::NotImplementedError,
                format!("{name}= of {} is not supported", self.row.name),
            )),
        }
    }

    /// The first parameter as an array, whatever it is called. Collective.
    pub fn first(&self, ctx: &mut Ctx) -> Result<Array> {
        self.array(ctx, self.signature.params.first().map_or("a", |p| p.name))
    }

    /// A parameter as an array: Python's numbers, lists and tuples become one. Collective.
    pub fn array(&self, ctx: &mut Ctx, name: &str) -> Result<Array> {
        discover::to_array(ctx, self.value(name)?, None)
    }

    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.some(name).map_or(default, truthy)
    }

    pub fn int(&self, name: &str) -> Result<Option<i64>> {
        self.some(name).map(index).transpose()
    }

    pub fn str(&self, name: &str) -> Result<Option<&str>> {
        match self.some(name) {
            None => Ok(None),
            Some(Value::Str(s)) => Ok(Some(s)),
            Some(other) => Err(Error::type_(format!(
                "{name} must be a string, not {}",
                type_name(other)
            ))),
        }
    }

    pub fn dtype(&self, name: &str) -> Result<Option<DType>> {
        self.some(name).map(dtype).transpose()
    }

    /// `axis=k`; `None` where it was not given or is None.
    pub fn axis(&self, name: &str, ndim: usize) -> Result<Option<usize>> {
        self.int(name)?.map(|k| axis(k, ndim)).transpose()
    }

    /// `axis=` of a reduction: one or several; `None` for all.
    pub fn axes(&self, name: &str, ndim: usize) -> Result<Option<Vec<usize>>> {
        let axes = match self.some(name) {
            None => return Ok(None),
            Some(Value::Tuple(items)) => items
                .iter()
                .map(|v| axis(index(v)?, ndim))
                .collect::<Result<Vec<_>>>()?,
            // NumPy lets a 0-d array have an axis 0.
            Some(one) if ndim == 0 => return axis(index(one)?, 1).map(|_| Some(Vec::new())),
            Some(one) => vec![axis(index(one)?, ndim)?],
        };
        match (1..axes.len()).any(|i| axes[..i].contains(&axes[i])) {
            true => Err(Error::value("duplicate value in 'axis'")),
            false => Ok(Some(axes)),
        }
    }

    /// A new array's layout from `dist=`, `grid=` and `targets=`, else the default. None of them is a collective.
    pub fn layout(&self, ctx: &Ctx, shape: &[usize]) -> Result<Arc<Layout>> {
        self.given_layout(ctx, shape)
            .map(|given| given.unwrap_or_else(|| ctx.default_layout(shape)))
    }

    /// The layout that `dist=`, `grid=` and `targets=` ask for, where one of them is given.
    pub fn given_layout(&self, ctx: &Ctx, shape: &[usize]) -> Result<Option<Arc<Layout>>> {
        if let Some(Value::Distribution(layout)) = self.some("dist") {
            return match layout.shape() == shape {
                true => Ok(Some(Arc::new((**layout).clone()))),
                false => Err(Error::value("the distribution is of another shape")),
            };
        }
        let numbers = |name: &str| -> Result<Option<Vec<usize>>> {
            self.some(name).map(|v| extents(v, name)).transpose()
        };
        let (grid, targets) = (numbers("grid")?, numbers("targets")?);
        let spec = match self.some("dist") {
            Some(value) => DistSpec::from_value(&dist_value(value), shape.len())?,
            None if grid.is_none() && targets.is_none() => return Ok(None),
            // Of the grid's distributed axes, else of axis 0.
            None => match &grid {
                Some(grid) => DistSpec::parse(
                    &grid
                        .iter()
                        .map(|&g| if g > 1 { 'b' } else { 'n' })
                        .collect::<String>(),
                )?,
                None => DistSpec::parse(&ctx.settings.layout)?,
            },
        };
        let spec = match spec {
            // A setting's letters may be more than the dimensions.
            DistSpec::Dims(mut dims) if self.some("dist").is_none() && grid.is_none() => {
                dims.truncate(shape.len());
                DistSpec::Dims(dims)
            }
            spec => spec,
        };
        Layout::new(
            shape,
            &spec,
            ctx.comm.size(),
            grid.as_deref(),
            targets.as_deref(),
        )
        .map(|l| Some(Arc::new(l)))
    }
}

/// Python's truth of a value that is no array.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::None => false,
        Value::Bool(b) => *b,
        Value::Int(i) => *i != 0,
        Value::Float(x) => *x != 0.0,
        Value::Complex(z) => z.re != 0.0 || z.im != 0.0,
        Value::Str(s) => !s.is_empty(),
        Value::Scalar(s) => s.is_truthy(),
        Value::Tuple(items) => !items.is_empty(),
        Value::List(items) => !items.borrow().is_empty(),
        _ => true,
    }
}

/// Python's `operator.index`.
pub fn index(value: &Value) -> Result<i64> {
    let too_large = || {
        Error::new(
            Class::OverflowError,
            "Python int too large to convert to C long",
        )
    };
    match value {
        Value::Bool(b) => Ok(*b as i64),
        Value::Int(i) => Ok(*i),
        Value::BigInt(_) => Err(too_large()),
        Value::Scalar(s) if s.dtype().is_integer() => {
            s.as_i128().and_then(|x| x.to_i64()).ok_or_else(too_large)
        }
        other => Err(Error::type_(format!(
            "'{}' object cannot be interpreted as an integer",
            type_name(other)
        ))),
    }
}

/// An axis counted from either end.
pub fn axis(k: i64, ndim: usize) -> Result<usize> {
    let at = if k < 0 { k + ndim as i64 } else { k };
    usize::try_from(at)
        .ok()
        .filter(|&d| d < ndim)
        .ok_or_else(|| {
            Error::new(
                Class::AxisError,
                format!("axis {k} is out of bounds for array of dimension {ndim}"),
            )
        })
}

/// `dtype=`: a dtype, a class, a name.
pub fn dtype(value: &Value) -> Result<DType> {
    if let Value::Str(name) = value {
        return DType::parse(name);
    }
    dtype_like(value).ok_or_else(|| match value {
        Value::Type(_) | Value::Builtin(_) => Error::type_(
            "object arrays are not supported: dtype must be one of the number types",
        )
        .hint("use bool, int, float, complex, or one of NumPy's sized types such as np.float32"),
        other => Error::type_(format!(
            "Cannot interpret a value of type '{}' as a data type",
            type_name(other)
        )),
    })
}

/// The items of a tuple, a list or a range.
pub fn items(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Tuple(items) => Some(items.to_vec()),
        Value::List(items) => Some(items.borrow().clone()),
        Value::Range(r) => Some((0..r.len()).map(|i| Value::Int(r.at(i))).collect()),
        _ => None,
    }
}

/// `shape=`: one extent or a sequence of them.
pub fn shape(value: &Value) -> Result<Vec<usize>> {
    let one = |v: &Value| -> Result<usize> {
        if let Value::BigInt(_) = v {
            return Err(Error::value("Maximum allowed dimension exceeded"));
        }
        usize::try_from(index(v)?).map_err(|_| Error::value("negative dimensions are not allowed"))
    };
    match (value, items(value)) {
        (_, Some(items)) => items.iter().map(one).collect(),
        (Value::None, _) => Err(Error::type_("Use () not None as shape arguments")),
        (Value::Float(x), _) => Err(Error::type_(format!(
            "expected a sequence of integers or a single integer, got '{}'",
            lang::text::float_repr(*x)
        ))),
        (one_extent, _) => Ok(vec![one(one_extent)?]),
    }
}

fn extents(value: &Value, name: &str) -> Result<Vec<usize>> {
    let list = items(value).unwrap_or_else(|| vec![value.clone()]);
    let one = |v: &Value| {
        usize::try_from(index(v)?)
            .map_err(|_| Error::value(format!("{name}= takes no negative numbers")))
    };
    list.iter().map(one).collect()
}

/// What `dist=` was given, as plain data.
fn dist_value(value: &Value) -> DistValue {
    match value {
        Value::Str(s) => DistValue::Str(s.to_string()),
        Value::Dict(dict) => {
            let dict = dict.borrow();
            DistValue::Dict(
                dict.iter()
                    .map(|(k, v)| (dist_value(k), dist_value(v)))
                    .collect(),
            )
        }
        other => match (items(other), index(other)) {
            (Some(items), _) => DistValue::Seq(items.iter().map(dist_value).collect()),
            (None, Ok(i)) => DistValue::Int(i),
            (None, Err(_)) => DistValue::Other(type_name(other).to_string()),
        },
    }
}

fn dtype_like(value: &Value) -> Option<DType> {
    match value {
        Value::DType(d) => Some(*d),
        Value::Type("bool") => Some(DType::Bool),
        Value::Type("int") => Some(DType::I64),
        Value::Type("float") => Some(DType::F64),
        Value::Type("complex") => Some(DType::C128),
        Value::Type(name) => DType::parse(name.strip_prefix("numpy.")?).ok(),
        Value::Builtin(row) => match lang::ops::row(*row).run {
            Run::Host(Host::Bool) => Some(DType::Bool),
            Run::Host(Host::Int) => Some(DType::I64),
            Run::Host(Host::Float) => Some(DType::F64),
            Run::Host(Host::Complex) => Some(DType::C128),
            _ => None,
        },
        _ => None,
    }
}

/// Python's name of a value's class.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::None => "NoneType",
        Value::Ellipsis => "ellipsis",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::BigInt(_) => "int",
        Value::Float(_) => "float",
        Value::Complex(_) => "complex",
        Value::Str(_) => "str",
        Value::Scalar(s) => s.dtype().name(),
        Value::Array(_) => "numpy.ndarray",
        Value::Tuple(_) => "tuple",
        Value::List(_) => "list",
        Value::Dict(_) => "dict",
        Value::Range(_) => "range",
        Value::Slice(_) => "slice",
        Value::Function(_) => "function",
        _ => "object",
    }
}
