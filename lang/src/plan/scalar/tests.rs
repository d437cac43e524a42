//! Programs of small loops: what their variables are taken for, and what is left to the interpreter.

use std::collections::HashMap;
use std::sync::Arc;

use super::code::{Counters, Item, Op, Step, Ty};
use super::lower::{Lowered, Seen, Through, World, function, lower};
use crate::dtype::DType;
use crate::ir::{Function, Program, Var};
use crate::session::Session;
use crate::source::Source;

fn program(text: &str) -> Program {
    // The compiler refuses names that nothing binds.
    let text = format!("n = s = i = k = a = x = 0\n{text}");
    let source = Source { name: "test".into(), text };
    crate::compile(source, &Session::default()).expect("a program")
}

/// Lowers the last statement of a cell, or calls the only function where `params` says with what.
fn made(text: &str, types: &[(&str, Ty)], params: Option<&[Ty]>) -> Result<Lowered, &'static str> {
    let program = program(text);
    let types: HashMap<&str, Ty> = types.iter().copied().collect();
    let mut look = |_: Option<u32>, var: Var| {
        let Var::Global(index) = var else {
            return Seen { ty: Ty::Unbound, global: None };
        };
        let global = &program.globals[index as usize];
        let bare = global.builtin.map_or(Ty::Unbound, Ty::Builtin);
        let ty = types.get(global.name.as_str()).copied().unwrap_or(bare);
        Seen { ty, global: Some(index as usize) }
    };
    let source = |index: u32| -> Option<Arc<Function>> { program.functions.get(index as usize).cloned() };
    let mut world = World { look: &mut look, function: &source };
    match params {
        Some(params) => function(&mut world, 0, params),
        None => lower(&mut world, &program.body.last().expect("a statement").kind, Some(&range())),
    }
}

fn range() -> Through {
    Through { numbered: true, over: Vec::new() }
}

fn count(lowered: &Lowered, wanted: impl Fn(&Op) -> bool) -> usize {
    lowered.code.bodies.iter().flat_map(|body| body.blocks.iter().flatten()).filter(|op| wanted(op)).count()
}

#[test]
fn a_loop_is_made_once_for_the_types_that_it_keeps() {
    let text = "for i in range(n):\n    s = s + i\n";
    let made = made(text, &[("n", Ty::Int), ("s", Ty::Int), ("i", Ty::Int)], None).expect("a program");
    assert_eq!(made.left, None);
    assert_eq!(count(&made, |op| matches!(op, Op::Tick { .. })), 1);
    assert!(made.code.to_string().contains("IntOp(Add"));
}

#[test]
fn a_sum_that_becomes_a_float_has_two_versions() {
    let text = "for i in range(n):\n    s += a[i]\n";
    let array = Ty::Array(DType::F64, 1);
    let types = [("n", Ty::Int), ("s", Ty::Int), ("i", Ty::Unbound), ("a", array)];
    let made = made(text, &types, None).expect("a program");
    assert_eq!(made.left, None);
    // From nothing bound and an int to a bound index and NumPy's float.
    assert_eq!(count(&made, |op| matches!(op, Op::Tick { .. })), 2);
    let exits = &made.code.bodies[0].exits;
    let float = Ty::Np(DType::F64);
    assert!(exits.iter().any(|exit| exit.types.iter().any(|(_, ty)| *ty == float)));
    assert!(exits.iter().all(|exit| exit.types.iter().all(|(_, ty)| *ty != Ty::Float)));
}

#[test]
fn exits_say_where_they_are() {
    let text = "for i in range(9):\n    k = 1\n    while k < i:\n        if k > 3:\n            k = k * 2\n        k += 1\n";
    let made = made(text, &[("i", Ty::Int), ("k", Ty::Int)], None).expect("a program");
    let paths: Vec<&[Step]> = made.code.bodies[0].exits.iter().map(|exit| exit.path.as_slice()).collect();
    use Step::*;
    for path in [
        &[Body, At(1), Body, At(0), Then, At(0)][..],
        &[Body, At(1), Body, At(1)],
        &[Body, At(1), Head],
        &[Head],
        &[Orelse],
    ] {
        assert!(paths.contains(&path), "{path:?} is none of {paths:?}");
    }
    let inner = made.code.bodies[0].exits.iter().find(|exit| exit.path.len() > 3).expect("an exit");
    assert_eq!(inner.counters.len(), 1);
}

#[test]
fn what_is_not_for_here_is_left_where_it_stands() {
    let text = "for i in range(n):\n    s += i\n    if i > 5:\n        print(s)\n";
    let types = [("n", Ty::Int), ("s", Ty::Int), ("i", Ty::Int)];
    let lowered = made(text, &types, None).expect("a program");
    assert_eq!(lowered.left, Some("an expression for its effect"));
    let only = made("for i in range(n):\n    print(i)\n", &types, None);
    assert_eq!(only.map(|_| ()), Err("an expression for its effect"));
    let text = "for i in range(n):\n    s = x + 1\n";
    assert_eq!(made(text, &types, None).map(|_| ()), Err("a variable that is not bound yet"));
    let text = "for i in range(n):\n    s = a[i]\n";
    let complex = [("n", Ty::Int), ("a", Ty::Array(DType::C128, 1))];
    assert!(made(text, &complex, None).is_err());
}

#[test]
fn a_function_that_calls_itself_knows_what_it_gives() {
    let text = "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)\n";
    let made = made(text, &[("f", Ty::Function(0))], Some(&[Ty::Int])).expect("a program");
    let body = &made.code.bodies[made.entry as usize];
    assert_eq!(body.result, Some(Ty::Int));
    assert_eq!(count(&made, |op| matches!(op, Op::Call { .. })), 2);
    // It fails before it has done anything, and only there.
    assert_eq!(body.exits.len(), 1);
}

#[test]
fn a_choice_that_is_returned_says_what_the_function_gives() {
    let text = "def f(n):\n    return f(n - 1) + f(n - 2) if n > 1 else n\n";
    let made = made(text, &[("f", Ty::Function(0))], Some(&[Ty::Int])).expect("a program");
    assert_eq!(made.code.bodies[made.entry as usize].result, Some(Ty::Int));
    assert_eq!(count(&made, |op| matches!(op, Op::Call { .. })), 2);
}

#[test]
fn loops_within_go_through_arrays_and_lists() {
    let text = "while n > 0:\n    for i, x in enumerate(a):\n        s += x\n    for x, k in zip(a, b):\n        s += x\n    n -= 1\n";
    let types = [
        ("n", Ty::Int),
        ("s", Ty::Np(DType::F64)),
        ("a", Ty::Array(DType::F64, 1)),
        ("b", Ty::List(Item::Int)),
    ];
    let made = made(&format!("b = 0\n{text}"), &types, None).expect("a program");
    assert_eq!(made.left, None);
    let exits = &made.code.bodies[0].exits;
    let over = |over: usize, numbered: bool| {
        let same = |c: &Counters| c.over.len() == over && c.numbered == numbered;
        exits.iter().any(|exit| exit.counters.iter().any(same))
    };
    assert!(over(1, true) && over(2, false));
    assert!(exits.iter().any(|exit| exit.path == [Step::Body, Step::At(0), Step::Head]));
}

#[test]
fn a_function_that_gives_several_types_is_left_or_settles() {
    let text = "def f(n):\n    if n > 0:\n        return f(n - 1) * 0.5\n    return 1\n";
    let made = made(text, &[("f", Ty::Function(0))], Some(&[Ty::Int])).expect("a program");
    let body = &made.code.bodies[made.entry as usize];
    for op in body.blocks.iter().flatten() {
        if let Op::Call { to, .. } = op {
            assert_eq!(body.result.and_then(Ty::word), Some(body.regs[*to as usize]));
        }
    }
    let text = "def f(n):\n    return f(n - 1)\n";
    let made = self::made(text, &[("f", Ty::Function(0))], Some(&[Ty::Int])).expect("a program");
    assert_eq!(made.code.bodies[made.entry as usize].result, None);
}

#[test]
fn functions_write_nothing() {
    let text = "def f(a, i):\n    a[i] = 1\n    return i\n";
    let made = made(text, &[], Some(&[Ty::Array(DType::F64, 1), Ty::Int])).expect("a program");
    assert_eq!(count(&made, |op| matches!(op, Op::Write { .. } | Op::SetItem { .. })), 0);
    assert!(made.left.is_some());
}

#[test]
fn two_elements_change_places_at_once() {
    let text = "while n > 0:\n    a[n], a[0] = a[0], a[n]\n    n -= 1\n";
    let made = made(text, &[("n", Ty::Int), ("a", Ty::List(Item::Int))], None).expect("a program");
    assert_eq!(made.left, None);
    let ops: Vec<&Op> = made.code.bodies[0].blocks.iter().flatten().collect();
    let first_write = ops.iter().position(|op| matches!(op, Op::SetItem { .. })).expect("a write");
    let checks = ops.iter().rposition(|op| matches!(op, Op::HasItem { .. })).expect("a check");
    assert!(checks < first_write);
}

#[test]
fn blocks_end_once() {
    let text = "for i in range(n):\n    x = 1 if i and n or not i else 2\n    while True:\n        if x > n:\n            continue\n        break\n    else:\n        x = [i]\n";
    let made = made(text, &[("n", Ty::Int), ("x", Ty::Int), ("i", Ty::Int)], None).expect("a program");
    let ends = |op: &Op| matches!(op, Op::Jump(_) | Op::Branch(..) | Op::Leave(_) | Op::Return(_));
    for block in &made.code.bodies[0].blocks {
        assert_eq!(block.iter().filter(|op| ends(op)).count(), 1, "{block:?}");
        assert!(block.last().is_some_and(ends));
    }
}
