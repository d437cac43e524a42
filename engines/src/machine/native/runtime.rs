//! What programs call: safe points, items of lists, and the interpreter's own functions of floats.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::sync::Arc;

use lang::dtype::DType;
use lang::error::Error;
use lang::ops::cmath::Real;
use lang::ops::{self, Host as Row, LoopFn, Math, Run};
use lang::plan::scalar::{Extern, Item};
use lang::scalar::Scalar;
use native::{Host, Runtime};

use crate::control::Control;
use crate::machine::call::RECURSION_LIMIT;
use crate::machine::quick::is_plain;
use crate::machine::{Items, float};
use crate::value::Value;

/// Fuel between two safe points: some milliseconds.
pub const FUEL: i64 = 2_000_000;

/// What a run of a program has to do with the machine.
pub struct Underway {
    pub control: Arc<Control>,
    /// Turns of the loop before the run, where it is the one to be reported.
    pub turns: Option<u64>,
    pub error: Option<Error>,
    /// Fuel that was burnt before the last safe point.
    pub burnt: u64,
}

pub fn runtime<'a>(resolve: &'a dyn Fn(Extern) -> Option<(usize, usize)>) -> Runtime<'a> {
    Runtime {
        tick: tick as *const () as usize,
        get_item: get_item as *const () as usize,
        has_item: has_item as *const () as usize,
        set_item: set_item as *const () as usize,
        append: append as *const () as usize,
        length: length as *const () as usize,
        resolve,
        depth: RECURSION_LIMIT as i64 - 1,
    }
}

extern "C" fn tick(host: *mut Host) {
    // SAFETY: programs pass the host that `Native::run` was given, whose `user` is the run's, alive and not in use.
    let (host, run) = unsafe { (&mut *host, &mut *(*host).user.cast::<Underway>()) };
    run.burnt += (FUEL - host.fuel) as u64;
    host.fuel = FUEL;
    if let Some(turns) = run.turns {
        run.control.progress.turn(turns + host.turns as u64);
    }
    if let Err(error) = run.control.safe_point() {
        run.error = Some(error);
        host.ended = 1;
    }
}

/// A list that a word stands for.
///
/// # Safety
/// The word is of `Handles::word`, of a list that the run's handles hold.
unsafe fn list<'a>(word: u64) -> &'a RefCell<Items> {
    // SAFETY: as the caller promises.
    unsafe { &*(word as *const RefCell<Items>) }
}

fn position(at: i64, len: usize) -> Option<usize> {
    let at = if at < 0 { at + len as i64 } else { at };
    usize::try_from(at).ok().filter(|at| *at < len)
}

extern "C" fn get_item(word: u64, at: i64, item: u64, out: *mut u64) -> u64 {
    // SAFETY: a program's lists are its run's.
    let items = unsafe { list(word) }.borrow();
    let Some(at) = position(at, items.len()) else {
        return 0;
    };
    let bits = match &items[at] {
        Value::Int(i) if item == Item::Int as u64 => *i as u64,
        Value::Float(f) if item == Item::Float as u64 => f.to_bits(),
        Value::Bool(b) if item == Item::Bool as u64 => *b as u64,
        Value::Scalar(Scalar::F64(f)) if item == Item::F64 as u64 => f.to_bits(),
        Value::Scalar(Scalar::I64(i)) if item == Item::I64 as u64 => *i as u64,
        _ => return 0,
    };
    // SAFETY: programs pass the address of a word of their host's.
    unsafe { *out = bits };
    1
}

extern "C" fn has_item(word: u64, at: i64) -> u64 {
    // SAFETY: a program's lists are its run's.
    let items = unsafe { list(word) }.borrow();
    position(at, items.len()).is_some_and(|at| is_plain(&items[at])) as u64
}

fn value(item: u64, bits: u64) -> Value {
    match item {
        i if i == Item::Int as u64 => Value::Int(bits as i64),
        i if i == Item::Float as u64 => Value::Float(f64::from_bits(bits)),
        i if i == Item::Bool as u64 => Value::Bool(bits != 0),
        i if i == Item::F64 as u64 => Value::Scalar(Scalar::F64(f64::from_bits(bits))),
        _ => Value::Scalar(Scalar::I64(bits as i64)),
    }
}

extern "C" fn set_item(word: u64, at: i64, item: u64, bits: u64) -> u64 {
    // SAFETY: a program's lists are its run's.
    let mut items = unsafe { list(word) }.borrow_mut();
    match position(at, items.len()).map(|at| &mut items[at]) {
        Some(old) if is_plain(old) => {
            // Nothing to drop.
            std::mem::forget(std::mem::replace(old, value(item, bits)));
            1
        }
        _ => 0,
    }
}

extern "C" fn append(word: u64, item: u64, bits: u64) {
    // SAFETY: a program's lists are its run's.
    unsafe { list(word) }.borrow_mut().push(value(item, bits));
}

extern "C" fn length(word: u64) -> i64 {
    // SAFETY: a program's lists are its run's.
    unsafe { list(word) }.borrow().len() as i64
}

/// The address of a function, and what it is told.
pub fn resolve(function: Extern) -> Option<(usize, usize)> {
    let call = |call: extern "C" fn(usize, f64, f64) -> f64, data: usize| Some((call as usize, data));
    let one = |f: fn(f64) -> f64| call(unary, f as usize);
    let two = |f: fn(f64, f64) -> f64| call(binary, f as usize);
    let row = match function {
        Extern::FloorDiv => {
            return two(|a, b| float::floor_div_mod(a, b, "").map_or(f64::NAN, |(floor, _)| floor));
        }
        Extern::Mod => return two(|a, b| float::floor_div_mod(a, b, "").map_or(f64::NAN, |(_, rest)| rest)),
        Extern::Power => return two(f64::powf),
        Extern::Row(row) => row,
    };
    match ops::row(row).run {
        Run::Host(Row::Math(function)) => match function {
            Math::Acos => one(f64::c_acos),
            Math::Acosh => one(f64::c_acosh),
            Math::Asin => one(f64::c_asin),
            Math::Asinh => one(f64::c_asinh),
            Math::Atan => one(f64::c_atan),
            Math::Atanh => one(f64::c_atanh),
            Math::Cbrt => one(f64::c_cbrt),
            Math::Cos => one(f64::c_cos),
            Math::Cosh => one(f64::c_cosh),
            Math::Erf => one(f64::c_erf),
            Math::Erfc => one(f64::c_erfc),
            Math::Exp => one(f64::c_exp),
            Math::Exp2 => one(f64::c_exp2),
            Math::Expm1 => one(f64::c_expm1),
            Math::Log => one(f64::c_log),
            Math::Log10 => one(f64::c_log10),
            Math::Log1p => one(|x| if x == 0.0 { x } else { x.c_log1p() }),
            Math::Log2 => one(f64::c_log2),
            Math::Sin => one(f64::c_sin),
            Math::Sinh => one(f64::c_sinh),
            Math::Tan => one(f64::c_tan),
            Math::Tanh => one(f64::c_tanh),
            Math::Atan2 => two(f64::c_atan2),
            Math::Copysign => two(f64::copysign),
            Math::Fmod => two(|x, y| if y.is_infinite() && x.is_finite() { x } else { x % y }),
            Math::Pow => two(f64::c_pow),
            _ => None,
        },
        Run::Ufunc(loops) => {
            let of = |count: usize| {
                loops.iter().find(|l| {
                    l.ins.len() == count && l.ins.iter().chain(l.outs).all(|dtype| *dtype == DType::F64)
                })
            };
            match (of(1), of(2)) {
                (Some(found), _) => call(loop_one, found.run as usize),
                (_, Some(found)) => call(loop_two, found.run as usize),
                _ => None,
            }
        }
        _ => None,
    }
}

extern "C" fn unary(data: usize, a: f64, _: f64) -> f64 {
    // SAFETY: `resolve` gives `unary` such a function only.
    let f = unsafe { std::mem::transmute::<usize, fn(f64) -> f64>(data) };
    f(a)
}

extern "C" fn binary(data: usize, a: f64, b: f64) -> f64 {
    // SAFETY: `resolve` gives `binary` such a function only.
    let f = unsafe { std::mem::transmute::<usize, fn(f64, f64) -> f64>(data) };
    f(a, b)
}

extern "C" fn loop_one(data: usize, a: f64, _: f64) -> f64 {
    // SAFETY: `resolve` gives `loop_one` a loop only.
    let run = unsafe { std::mem::transmute::<usize, LoopFn>(data) };
    let (a, mut out) = ([a], [0.0_f64]);
    run(&[bytemuck::bytes_of(&a)], &mut [bytemuck::bytes_of_mut(&mut out)]);
    out[0]
}

extern "C" fn loop_two(data: usize, a: f64, b: f64) -> f64 {
    // SAFETY: `resolve` gives `loop_two` a loop only.
    let run = unsafe { std::mem::transmute::<usize, LoopFn>(data) };
    let (a, b, mut out) = ([a], [b], [0.0_f64]);
    run(&[bytemuck::bytes_of(&a), bytemuck::bytes_of(&b)], &mut [bytemuck::bytes_of_mut(&mut out)]);
    out[0]
}
