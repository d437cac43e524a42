//! NumPy's print options: `set_printoptions`, `get_printoptions`, and the functions that write arrays and numbers by
//! options of their own. What is set is state of the session, the same on every rank.

use std::cell::RefCell;
use std::rc::Rc;

use lang::error::{Class, Error};
use lang::ops::Printing;
use lang::scalar::Scalar;
use lang::text::{self, Digits, Float, FloatMode, Limit, Plan, PrintOptions, Sign, Trim};

use super::raise::{Eval, raise, type_error, value_error};
use super::types::type_name;
use super::{Dict, Machine, number};
use crate::array::Array;
use crate::exec::Args;
use crate::value::Value;

/// Runs one of the builtins of `lang::ops::printing`.
pub fn call(machine: &mut Machine, op: Printing, args: &Args) -> Eval<Value> {
    match op {
        Printing::SetOptions => {
            machine.ctx.refuse_alone("np.set_printoptions()", "set them outside of the local function")?;
            machine.print = changed(&machine.print, args)?;
            Ok(Value::None)
        }
        Printing::GetOptions => shown(&machine.print),
        Printing::Array2String | Printing::ArrayRepr | Printing::ArrayStr => written(machine, op, args),
        Printing::Positional | Printing::Scientific => formatted(machine, op, args),
    }
}

/// The options with those replaced that are given, under either of the names that NumPy's functions have for them.
fn changed(options: &PrintOptions, args: &Args) -> Eval<PrintOptions> {
    args.refuse(&["formatter", "override_repr"])?;
    if args.some("legacy").is_some_and(|legacy| !matches!(legacy, Value::Bool(false))) {
        return raise(Class::NotImplementedError, "legacy= of print options is not supported");
    }
    let mut options = options.clone();
    let texts = |name: &str| -> Eval<Option<String>> { Ok(args.str(name)?.map(str::to_string)) };
    if let Some(name) = args.some("floatmode") {
        options.mode = match named(name, FloatMode::named) {
            Some(mode) => mode,
            None => {
                return value_error(
                    "floatmode option must be one of \"fixed\", \"unique\", \"maxprec\", \"maxprec_equal\"",
                );
            }
        };
    }
    if let Some(name) = args.some("sign") {
        options.sign = match named(name, Sign::named) {
            Some(sign) => sign,
            None => return value_error("sign option must be one of ' ', '+', or '-'"),
        };
    }
    if let Some(value) = args.some("threshold") {
        options.threshold = match limit(value) {
            Some(Limit::Float(x)) if x.is_nan() => {
                return value_error(
                    "threshold must be non-NAN, try sys.maxsize for untruncated representation",
                );
            }
            Some(limit) => limit,
            None => return type_error("threshold must be numeric"),
        };
    }
    if args.some("precision").is_some() {
        let Ok(Some(n)) = args.int("precision") else {
            return type_error("precision must be an integer");
        };
        options.precision = not_negative(n, "precision")?;
    }
    if let Some(n) = args.int("edgeitems")? {
        options.edge = match usize::try_from(n) {
            Ok(n) if n > 0 => n,
            _ => return raise(Class::NotImplementedError, "edgeitems= less than 1 is not supported"),
        };
    }
    for name in ["linewidth", "max_line_width"] {
        if let Some(value) = args.some(name) {
            options.line = match limit(value) {
                Some(limit) => limit,
                None => return type_error(format!("{name} must be numeric")),
            };
        }
    }
    for name in ["suppress", "suppress_small"] {
        options.suppress = args.flag(name, options.suppress);
    }
    options.nan = texts("nanstr")?.unwrap_or(options.nan);
    options.inf = texts("infstr")?.unwrap_or(options.inf);
    Ok(options)
}

fn named<T>(value: &Value, find: fn(&str) -> Option<T>) -> Option<T> {
    match value {
        Value::Str(name) => find(name),
        _ => None,
    }
}

fn limit(value: &Value) -> Option<Limit> {
    match number::Num::of_any(value)? {
        number::Num::Int(n) => Some(Limit::Int(n)),
        // More than any array has.
        number::Num::Big(_) => Some(Limit::Int(i64::MAX)),
        number::Num::Float(x) => Some(Limit::Float(x)),
        number::Num::Complex(_) => None,
    }
}

fn not_negative(n: i64, name: &str) -> Eval<usize> {
    match usize::try_from(n) {
        // A float64 has no more digits than these.
        Ok(n) => Ok(n.min(2000)),
        Err(_) => value_error(format!("{name} must be >= 0")),
    }
}

fn shown(options: &PrintOptions) -> Eval<Value> {
    let limit = |limit| match limit {
        Limit::Int(n) => Value::Int(n),
        Limit::Float(x) => Value::Float(x),
    };
    let mut dict = Dict::new();
    for (name, value) in [
        ("edgeitems", Value::Int(options.edge as i64)),
        ("threshold", limit(options.threshold)),
        ("floatmode", Value::str(options.mode.name())),
        ("precision", Value::Int(options.precision as i64)),
        ("suppress", Value::Bool(options.suppress)),
        ("linewidth", limit(options.line)),
        ("nanstr", Value::str(&options.nan)),
        ("infstr", Value::str(&options.inf)),
        ("sign", Value::str(options.sign.text())),
        ("formatter", Value::None),
        ("legacy", Value::Bool(false)),
        ("override_repr", Value::None),
    ] {
        dict.insert(Value::str(name), value)?;
    }
    Ok(Value::Dict(Rc::new(RefCell::new(dict))))
}

/// `array2string`, `array_repr`, `array_str`. Collective.
fn written(machine: &mut Machine, op: Printing, args: &Args) -> Eval<Value> {
    let options = changed(&machine.print, args)?;
    let (separator, prefix, suffix) = (
        args.str("separator")?.unwrap_or(" ").to_string(),
        args.str("prefix")?.unwrap_or("").to_string(),
        args.str("suffix")?.unwrap_or("").to_string(),
    );
    let first = args.values.first().cloned().flatten().unwrap_or(Value::None);
    let array = match &first {
        Value::Array(array) => array.clone(),
        Value::Scalar(_) => crate::exec::discover::to_array(&mut machine.ctx, &first, None)?,
        other => {
            let missing = if op == Printing::ArrayStr { "shape" } else { "size" };
            let class = type_name(other);
            return raise(Class::AttributeError, format!("'{class}' object has no attribute '{missing}'"));
        }
    };
    let text = match (op, &first) {
        (Printing::ArrayRepr, Value::Scalar(s)) => {
            let text = machine.array_text(&array, &options, text::array_repr)?;
            // NumPy names the class of what is written.
            text.replacen("array", s.dtype().name(), 1)
        }
        (Printing::ArrayRepr, _) => machine.array_text(&array, &options, text::array_repr)?,
        (Printing::ArrayStr, _) => machine.array_text(&array, &options, text::array_str)?,
        _ => machine.array_text(&array, &options, |options, dtype, shape, values| {
            text::array_text(options, dtype, shape, values, &separator, &prefix, &suffix)
        })?,
    };
    Ok(Value::str(&text))
}

/// `format_float_positional` and `format_float_scientific`.
fn formatted(machine: &mut Machine, op: Printing, args: &Args) -> Eval<Value> {
    let x = float(machine, args.value("x")?)?;
    let size =
        |name: &str| -> Eval<Option<usize>> { args.int(name)?.map(|n| not_negative(n, name)).transpose() };
    let (precision, least) = (size("precision")?, size("min_digits")?);
    if let (Some(most @ 1..), Some(least)) = (precision, least)
        && least > most
    {
        return value_error("min_digits must be less than or equal to precision");
    }
    let trim = match args.some("trim") {
        None => Trim::Keep,
        Some(given) => match named(given, Trim::named) {
            Some(trim) => trim,
            None => return type_error("if supplied, trim must be 'k', '.', '0' or '-'"),
        },
    };
    let unique = args.flag("unique", true);
    if !unique && precision.is_none() {
        return type_error("in non-unique mode `precision` must be supplied");
    }
    let fractional = args.flag("fractional", true);
    if !fractional && precision == Some(0) {
        return value_error("precision must be greater than 0 if fractional=False");
    }
    let plan = Plan {
        digits: Digits { precision, least: least.unwrap_or(0), unique },
        trim,
        plus: args.flag("sign", false),
        left: size("pad_left")?.unwrap_or(0),
    };
    Ok(Value::str(&match op {
        Printing::Positional => plan.positional(x, fractional, size("pad_right")?.unwrap_or(0)),
        _ => plan.scientific(x, size("exp_digits")?.unwrap_or(2)),
    }))
}

/// A float of the width that the value has: float32 has digits of its own. Collective where it is an array.
fn float(machine: &mut Machine, value: &Value) -> Eval<Float> {
    let item;
    let value = match value {
        Value::Array(array) if array.shape().is_empty() => {
            item = Value::Scalar(machine.item(array)?);
            &item
        }
        Value::Array(_) => return type_error("only 0-dimensional arrays can be converted to Python scalars"),
        other => other,
    };
    match (value, number::Num::of_any(value)) {
        (Value::Scalar(Scalar::F32(x)), _) => Ok(Float::Single(*x)),
        (_, Some(number::Num::Complex(_)) | None) => {
            Err(Error::type_(format!("must be real number, not {}", type_name(value))).into())
        }
        (_, Some(num)) => Ok(Float::Double(number::to_float(&num)?)),
    }
}

impl Machine {
    /// An array's text by these options, of the elements that are shown and no others. Collective.
    pub(super) fn array_text(
        &mut self,
        array: &Array,
        options: &PrintOptions,
        text: impl FnOnce(&PrintOptions, lang::dtype::DType, &[usize], &[Scalar]) -> String,
    ) -> Eval<String> {
        let shape = array.shape().to_vec();
        let values = self.fetch(array, &text::shown_indices(options, &shape))?;
        Ok(text(options, array.dtype(), &shape, &values))
    }
}
