//! The legacy generator's state as a value: `get_state` and `set_state`.

use std::cell::RefCell;
use std::rc::Rc;

use lang::dtype::DType;
use lang::error::{Class, Error, Result};

use super::{Source, source};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::args::{Args, index};
use crate::exec::discover;
use crate::machine::Dict;
use crate::rng::{Legacy, Mt19937};
use crate::value::Value;

/// The only bit generator behind the legacy functions.
const NAME: &str = "MT19937";

/// `get_state(legacy=True)`: a tuple; else a dict. Collective.
pub fn get(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let Source::Legacy(state) = source(ctx, args)? else {
        return Err(Error::type_("get_state() needs a legacy generator"));
    };
    let state = state.borrow();
    let (key, used) = state.bits.state();
    let key = Array::from_block(vec![key.len()], ctx.replicated(&[key.len()]), Block::U32(key.to_vec()));
    let (key, used) = (Value::Array(key), Value::Int(used as i64));
    let (waits, gauss) = (Value::Int(state.gauss.is_some() as i64), Value::Float(state.gauss.unwrap_or(0.0)));
    if args.flag("legacy", true) {
        return Ok(Value::tuple(vec![Value::str(NAME), key, used, waits, gauss]));
    }
    let dict = |pairs: Vec<(&str, Value)>| -> Result<Value> {
        let mut dict = Dict::new();
        for (name, value) in pairs {
            dict.insert(Value::str(name), value).map_err(|raised| raised.error)?;
        }
        Ok(Value::Dict(Rc::new(RefCell::new(dict))))
    };
    let words = dict(vec![("key", key), ("pos", used)])?;
    dict(vec![("bit_generator", Value::str(NAME)), ("state", words), ("has_gauss", waits), ("gauss", gauss)])
}

/// `set_state(state)`. Collective.
///
/// # Errors
/// TypeError and ValueError for what is no state; the stream stands where it stood then.
pub fn set(ctx: &mut Ctx, args: &Args) -> Result<Value> {
    let Source::Legacy(state) = source(ctx, args)? else {
        return Err(Error::type_("set_state() needs a legacy generator"));
    };
    let parts = match args.value("state")? {
        Value::Tuple(items) => items.to_vec(),
        Value::Dict(dict) => {
            let wrong = || Error::value("state dictionary is not valid.");
            let get = |dict: &Value, name: &str| match dict {
                Value::Dict(dict) => dict.borrow().get(&Value::str(name)).ok().flatten(),
                _ => None,
            };
            let whole = Value::Dict(dict.clone());
            let words = get(&whole, "state").ok_or_else(wrong)?;
            [
                get(&whole, "bit_generator"),
                get(&words, "key"),
                get(&words, "pos"),
                get(&whole, "has_gauss"),
                get(&whole, "gauss"),
            ]
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .ok_or_else(wrong)?
        }
        _ => return Err(Error::type_("state must be a dict or a tuple.")),
    };
    let [name, key, used, rest @ ..] = &parts[..] else {
        return Err(Error::new(Class::IndexError, "tuple index out of range"));
    };
    if !matches!(name, Value::Str(name) if &**name == NAME) {
        let text = "set_state can only be used with legacy MT19937 state instances.";
        return Err(Error::value(text));
    }
    let key = discover::to_array(ctx, key, None)?;
    let whole = ctx.local(&key, &ctx.replicated(key.shape()))?;
    let Block::U32(words) = discover::cast_block(&whole, DType::U32) else {
        return Err(Error::type_("the key of a state is an array of integers"));
    };
    let used = usize::try_from(index(used)?).ok();
    let bits = used.and_then(|used| Mt19937::from_state(&words, used));
    let bits = bits.ok_or_else(|| Error::value("the key of a state has 624 words, of which pos are used"))?;
    let gauss = match rest {
        [waits, gauss, ..] if index(waits)? != 0 => Some(discover::scalar(gauss, DType::F64)?.as_f64()),
        _ => None,
    };
    *state.borrow_mut() = Legacy { bits, gauss };
    Ok(Value::None)
}
