//! A random call of a row as a program: its arguments as text, and its results printed.

use lang::ops::signature::{Kind, Signature};
use lang::ops::{Module, Pattern, Row};

use crate::arguments::Call;
use harness::dice::Dice;
use harness::operand::dtype;

/// Prints dtype, shape and values of whatever a call gives.
const SHOW: &str = "import numpy as np
def show(x):
    if isinstance(x, (tuple, list)):
        print('several', len(x))
        for each in x:
            show(each)
    elif isinstance(x, np.ndarray):
        print(x.dtype, x.shape, x.tolist())
    else:
        print(type(x), x)
";

/// What gives its items one after the other: they are shown, and not the object that gives them.
const GIVES_ITEMS: &[&str] = &["flat", "ndenumerate", "ndindex"];

/// The program of that seed.
pub fn program(row: &'static Row, seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let dtype = dtype(&mut dice);
    let as_method = row.method.is_some() && dice.once_in(4);
    let mut call = Call { dice: &mut dice, row, shape: None, dtype, new: None };
    let receiver = match row.module {
        Module::Array | Module::ArrayAttr => true,
        _ => as_method,
    };
    // The first array decides what fits, so it is made first.
    let of = if receiver { call.array() } else { String::new() };
    if row.module == Module::ArrayAttr {
        let attribute = format!("{of}.{}", row.name);
        return match GIVES_ITEMS.contains(&row.name) {
            true => format!("{SHOW}show(list({attribute}))\n"),
            false => format!("{SHOW}show({attribute})\n"),
        };
    }
    let signature = Signature::of(row, as_method);
    let mut params = &signature.params[..];
    if row.module == Module::Array && !as_method {
        params = &params[1.min(params.len())..];
    }
    let mut given: Vec<String> = Vec::new();
    let mut by_name = false;
    for param in params {
        let required = param.default.is_none();
        if required || call.dice.once_in(3) {
            // Where None is no axis, what it does is nobody's use.
            let known = call.value(param.name);
            let no_axis = known.as_deref() == Some("None") && param.default != Some("None");
            let known = if no_axis { Some("0".to_string()) } else { known };
            let value = match known {
                Some(value) => value,
                None if required => call.array(),
                None => {
                    by_name = true;
                    continue;
                }
            };
            let positional = !by_name && param.kind != Kind::KeywordOnly;
            let keyword = param.kind != Kind::PositionalOnly && (!positional || call.dice.once_in(3));
            match (keyword, positional) {
                (true, _) => {
                    by_name = true;
                    given.push(format!("{}={value}", param.name));
                }
                (false, true) => given.push(value),
                (false, false) => {}
            }
        } else {
            by_name = true;
        }
    }
    if let Some(name) = signature.variadic {
        let count = if row.pattern == Pattern::Create || row.module == Module::Random { 3 } else { 1 };
        let count = call.dice.roll(count) + 1;
        let rest: Vec<String> = match (name, row.module) {
            (_, Module::Random) => (0..count).map(|_| call.dice.roll(6).to_string()).collect(),
            ("args", Module::Array) => Vec::new(),
            ("args", _) if row.module == Module::Array => Vec::new(),
            ("shape" | "axes", _) => call.value(name).into_iter().collect(),
            _ if row.name == "broadcast_shapes" => (0..count)
                .map(|_| call.dice.pick(&["(2, 1)", "3", "(4, 1, 3)", "()", "(2, 3)"]).to_string())
                .collect(),
            _ => (0..count).map(|_| call.array()).collect(),
        };
        given.splice(0..0, rest);
    }
    let arguments = given.join(", ");
    let seed = call.dice.roll(1000);
    let name = row.name;
    let call = match row.module {
        _ if receiver => format!("{of}.{name}({arguments})"),
        Module::Generator => format!("np.random.default_rng({seed}).{name}({arguments})"),
        Module::Random => format!("(np.random.seed({seed}), np.random.{name}({arguments}))[1]"),
        Module::DistArray => format!("{name}({arguments})"),
        Module::Numpy => format!("np.{name}({arguments})"),
        Module::Ufunc => {
            let ufunc = call.dice.pick(&["add", "multiply", "maximum", "subtract", "logical_or"]);
            format!("np.{ufunc}.{name}({arguments})")
        }
        // `Linalg` is `np.linalg`.
        other => format!("np.{}.{name}({arguments})", format!("{other:?}").to_lowercase()),
    };
    match GIVES_ITEMS.contains(&name) {
        true => format!("{SHOW}show(list({call}))\n"),
        false => format!("{SHOW}show({call})\n"),
    }
}
