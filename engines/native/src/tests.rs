//! Programs that run: a sum, an overflow, a function that calls itself. There is hardly any fuel.
#![allow(unsafe_code)]

use std::sync::Arc;

use lang::dtype::DType;
use lang::ir::{Function, Program, Var};
use lang::plan::scalar::{self, Lowered, Seen, Step, Through, Ty, World};
use lang::session::Session;
use lang::source::Source;

use crate::{AXES, Descriptor, Host, Native, Runtime};

fn program(text: &str) -> Program {
    let text = format!("n = s = i = j = a = 0\n{text}");
    let source = Source { name: "test".into(), text };
    lang::compile(source, &Session::default()).expect("a program")
}

fn lowered(text: &str, types: &[(&str, Ty)], params: Option<&[Ty]>) -> Lowered {
    let program = program(text);
    let mut look = |_: Option<u32>, var: Var| {
        let Var::Global(index) = var else {
            return Seen { ty: Ty::Unbound, global: None };
        };
        let global = &program.globals[index as usize];
        let named = types.iter().find(|(name, _)| *name == global.name).map(|(_, ty)| *ty);
        let bare = global.builtin.map_or(Ty::Unbound, Ty::Builtin);
        Seen { ty: named.unwrap_or(bare), global: Some(index as usize) }
    };
    let source = |index: u32| -> Option<Arc<Function>> { program.functions.get(index as usize).cloned() };
    let mut world = World { look: &mut look, function: &source };
    let made = match params {
        Some(params) => scalar::function(&mut world, 0, params),
        None => {
            let range = Through { numbered: true, over: Vec::new() };
            scalar::lower(&mut world, &program.body.last().expect("a statement").kind, Some(&range))
        }
    };
    made.expect("a program")
}

extern "C" fn tick(host: *mut Host) {
    // SAFETY: programs pass the host that they were given.
    unsafe { (*host).fuel = 1 };
}

fn run(made: &Lowered, words: &mut [u64]) -> u64 {
    let runtime = Runtime {
        tick: tick as *const () as usize,
        get_item: 0,
        has_item: 0,
        set_item: 0,
        append: 0,
        length: 0,
        resolve: &|_| None,
        depth: 100,
    };
    let native = Native::new(&made.code, made.entry, &runtime).expect("machine code");
    let mut host = Host {
        fuel: 1,
        depth: 1,
        turns: 0,
        ended: 0,
        scratch: 0,
        words: std::ptr::null_mut(),
        user: std::ptr::null_mut(),
    };
    native.run(&mut host, words)
}

fn set(made: &Lowered, words: &mut [u64], ty: Ty, word: u64) {
    let variable = made.variables.iter().find(|v| v.ty == ty).expect("a variable of that type");
    words[variable.slot as usize] = word;
}

fn begin(made: &Lowered, words: &mut [u64], turns: u64) {
    let places = made.counters.as_ref().expect("a for loop").places;
    for (place, word) in places.into_iter().zip([0, 1, turns]) {
        words[place as usize] = word;
    }
}

#[test]
fn elements_are_summed() {
    let types = [("a", Ty::Array(DType::F64, 1)), ("s", Ty::Np(DType::F64)), ("i", Ty::Int)];
    let made = lowered("for i in range(9):\n    s += a[i] * a[i]\n", &types, None);
    let mut items = [1.0, 2.0, 3.0, 4.0];
    let mut array =
        Descriptor { data: items.as_mut_ptr().cast(), writable: 1, extents: [0; AXES], strides: [0; AXES] };
    (array.extents[0], array.strides[0]) = (4, 8);
    let mut words = [0; 64];
    set(&made, &mut words, Ty::Array(DType::F64, 1), std::ptr::from_ref(&array) as u64);
    begin(&made, &mut words, 4);
    let exit = run(&made, &mut words);
    let variable = made.variables.iter().find(|v| v.ty == Ty::Np(DType::F64)).expect("s");
    assert_eq!(f64::from_bits(words[variable.slot as usize]), 30.0);
    assert_eq!(made.code.bodies[0].exits[exit as usize].path, [Step::Orelse]);
    // Beyond the end it leaves before the statement.
    begin(&made, &mut words, 9);
    set(&made, &mut words, Ty::Np(DType::F64), 0);
    let exit = run(&made, &mut words);
    assert_eq!(made.code.bodies[0].exits[exit as usize].path, [Step::Body, Step::At(0)]);
    assert_eq!(f64::from_bits(words[variable.slot as usize]), 30.0);
    let [next, _, left] =
        made.counters.as_ref().expect("a for loop").places.map(|place| words[place as usize]);
    assert_eq!((next, left), (5, 4));
}

#[test]
fn an_overflow_leaves_what_was_there() {
    let made = lowered("while True:\n    s = s * 3\n", &[("s", Ty::Int)], None);
    let mut words = [0; 64];
    set(&made, &mut words, Ty::Int, 1);
    let exit = run(&made, &mut words);
    assert_eq!(made.code.bodies[0].exits[exit as usize].path, [Step::Body, Step::At(0)]);
    assert_eq!(words[made.variables[0].slot as usize], 3u64.pow(39));
}

#[test]
fn a_function_calls_itself_as_deep_as_it_may() {
    let text = "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)\n";
    let made = lowered(text, &[("f", Ty::Function(0))], Some(&[Ty::Int]));
    let mut words = [0; 64];
    words[0] = 20;
    assert_eq!(run(&made, &mut words), 0);
    assert_eq!(words[0], 6765);
    words[0] = 200;
    assert_eq!(run(&made, &mut words), crate::run::FAILED);
}
