//! The arguments of a builtin, bound to its signature, and the readings of them with NumPy's errors.

mod read;

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::{DistSpec, Layout};
use lang::ops::signature::Signature;
use lang::ops::{Row, Run, Slot};

use super::discover;
use crate::array::Array;
use crate::ctx::Ctx;
use crate::value::Value;
use read::{axis_index, dist_value, extents};

pub(crate) use crate::machine::type_name;
pub use read::{axis, dtype, index, items, shape, truthy};

/// One value per parameter of the row's *function* signature, in its order.
///
/// A method of arrays is bound by its own signature; `self` is then the first parameter here, and the others are
/// matched by name. A parameter that was not given is `None`: defaults are the executor's. `*args` go to `rest`.
pub struct Args {
    pub row: &'static Row,
    pub signature: &'static Signature,
    pub values: Vec<Option<Value>>,
    pub rest: Vec<Value>,
    /// What `**kwargs` takes.
    pub keywords: Vec<(String, Value)>,
    /// The object of an attribute, and of a method of a generator or a distribution: no signature names it.
    pub receiver: Option<Value>,
    /// Whether it was called as a method, whose defaults may differ: `a.copy()` is in C's order, `np.copy(a)` in that of `a`.
    pub method: bool,
}

/// Ranges of more numbers are not taken for lists of them, which every rank would have to hold.
const LONGEST: usize = 1 << 27;

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
        let too_long = |v: &Value| matches!(v, Value::Range(r) if r.len() > LONGEST);
        if !matches!(declared.run, Run::Host(_) | Run::Show(_))
            && (positional.iter().any(too_long) || keywords.iter().any(|(_, v)| too_long(v)))
        {
            let error = Error::new(Class::MemoryError, "a range too long to be a list");
            return Err(error.hint("np.arange makes an array of it, each rank its part"));
        }
        let rest = positional[binding.rest].to_vec();
        let receiver = receiver.filter(|_| !method);
        let taken = |i: usize| binding.slots.contains(&Slot::Keyword(i));
        let keywords = match lang::ops::signature::signature(row, method).keywords {
            Some(_) => keywords.into_iter().enumerate().filter(|(i, _)| !taken(*i)).map(|(_, k)| k).collect(),
            None => Vec::new(),
        };
        Ok(Args {
            row: declared,
            signature: lang::ops::signature::signature(row, false),
            values,
            rest,
            keywords,
            receiver,
            method,
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
            Error::type_(format!("{}() missing 1 required positional argument: '{name}'", self.row.name))
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

    /// An int for which None does not stand: TypeError, as NumPy has it.
    pub fn whole(&self, name: &str) -> Result<Option<i64>> {
        self.given(name).map(index).transpose()
    }

    /// `keepdims=`, which NumPy reads as an int.
    pub fn keepdims(&self) -> Result<bool> {
        Ok(self.whole("keepdims")?.unwrap_or(0) != 0)
    }

    pub fn str(&self, name: &str) -> Result<Option<&str>> {
        match self.some(name) {
            None => Ok(None),
            Some(Value::Str(s)) => Ok(Some(s)),
            Some(other) => Err(Error::type_(format!("{name} must be a string, not {}", type_name(other)))),
        }
    }

    pub fn dtype(&self, name: &str) -> Result<Option<DType>> {
        self.some(name).map(dtype).transpose()
    }

    /// `axis=k`; `None` where it was not given or is None.
    pub fn axis(&self, name: &str, ndim: usize) -> Result<Option<usize>> {
        self.some(name).map(|k| axis(axis_index(k)?, ndim)).transpose()
    }

    /// `axis=` of a reduction: one or several; `None` for all.
    pub fn axes(&self, name: &str, ndim: usize) -> Result<Option<Vec<usize>>> {
        let axes = match self.some(name) {
            None => return Ok(None),
            Some(Value::Tuple(items)) => {
                items.iter().map(|v| axis(axis_index(v)?, ndim)).collect::<Result<Vec<_>>>()?
            }
            // NumPy lets a 0-d array have an axis 0.
            Some(one) if ndim == 0 => return axis(axis_index(one)?, 1).map(|_| Some(Vec::new())),
            Some(one) => vec![axis(axis_index(one)?, ndim)?],
        };
        match (1..axes.len()).any(|i| axes[..i].contains(&axes[i])) {
            true => Err(Error::value("duplicate value in 'axis'")),
            false => Ok(Some(axes)),
        }
    }

    /// A new array's layout from `dist=`, `grid=` and `targets=`, else the default. None of them is a collective.
    pub fn layout(&self, ctx: &Ctx, shape: &[usize]) -> Result<Arc<Layout>> {
        self.given_layout(ctx, shape).map(|given| given.unwrap_or_else(|| ctx.default_layout(shape)))
    }

    /// The layout that `dist=`, `grid=` and `targets=` ask for, where one of them is given.
    pub fn given_layout(&self, ctx: &Ctx, shape: &[usize]) -> Result<Option<Arc<Layout>>> {
        if let Some(name) = ["dist", "grid", "targets"].into_iter().find(|name| self.some(name).is_some()) {
            ctx.refuse_alone(
                &format!("{name}="),
                "the arrays that it makes are this rank's alone: leave it out",
            )?;
        }
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
                Some(grid) => {
                    DistSpec::parse(&grid.iter().map(|&g| if g > 1 { 'b' } else { 'n' }).collect::<String>())?
                }
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
        Layout::new(shape, &spec, ctx.comm.size(), grid.as_deref(), targets.as_deref())
            .map(|l| Some(Arc::new(l)))
    }
}
