//! The shape of programs: precedence, scopes, and what is shown.

use crate::ir::*;
use crate::session::Session;
use crate::source::Source;

fn program(text: &str) -> Program {
    let source = Source { name: "cell 1".to_string(), text: text.to_string() };
    super::compile(source, &Session::default()).unwrap_or_else(|d| panic!("{text}: {d:#?}"))
}

/// An expression in prefix form; variables as `l0`, `c0` and their global names.
fn prefix(program: &Program, expr: &Expr) -> String {
    let p = |e: &Expr| prefix(program, e);
    let all = |items: &[Expr]| items.iter().map(p).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Const(Const::Int(value)) => value.to_string(),
        ExprKind::Const(value) => format!("{value:?}"),
        ExprKind::Var(var) => variable(program, *var),
        ExprKind::Tuple(items) => format!("(tuple {})", all(items)),
        ExprKind::List(items) => format!("(list {})", all(items)),
        ExprKind::Unary(op, e) => format!("({op:?} {})", p(e)),
        ExprKind::Binary(op, a, b) => format!("({op:?} {} {})", p(a), p(b)),
        ExprKind::Compare(first, rest) => {
            let rest: String = rest.iter().map(|(op, e)| format!(" {op:?} {}", p(e))).collect();
            format!("({}{rest})", p(first))
        }
        ExprKind::And(items) => format!("(and {})", all(items)),
        ExprKind::Or(items) => format!("(or {})", all(items)),
        ExprKind::IfElse { test, body, orelse } => {
            format!("(if {} {} {})", p(test), p(body), p(orelse))
        }
        ExprKind::Lambda(f) => match &program.functions[*f as usize].body[0].kind {
            StmtKind::Return(Some(value)) => format!("(lambda {})", p(value)),
            other => format!("{other:?}"),
        },
        ExprKind::Comp { element, fresh, .. } => format!("(comp {} {fresh:?})", p(element)),
        ExprKind::Call { func, args, .. } => format!("({} {})", p(func), all(args)),
        ExprKind::Attr(e, name) => format!("{}.{name}", p(e)),
        ExprKind::Index(a, b) => format!("{}[{}]", p(a), p(b)),
        ExprKind::Slice(a, b, c) => {
            let bound = |e: &Option<Box<Expr>>| e.as_ref().map_or(String::new(), |e| p(e));
            format!("{}:{}:{}", bound(a), bound(b), bound(c))
        }
        other => format!("{other:?}"),
    }
}

fn variable(program: &Program, var: Var) -> String {
    match var {
        Var::Local(slot) => format!("l{slot}"),
        Var::Cell(cell) => format!("c{cell}"),
        Var::Global(index) => program.globals[index as usize].name.clone(),
    }
}

#[test]
fn precedence_is_pythons() {
    for (text, want) in [
        ("-2**2", "(Neg (Pow 2 2))"),
        ("2**-1", "(Pow 2 (Neg 1))"),
        ("2**3**2", "(Pow 2 (Pow 3 2))"),
        ("1 - 2 - 3", "(Sub (Sub 1 2) 3)"),
        ("1 + 2 * 3 @ 4 // 5", "(Add 1 (FloorDiv (MatMul (Mul 2 3) 4) 5))"),
        ("not 1 in 2", "(Not (1 In 2))"),
        ("1 not in 2", "(1 NotIn 2)"),
        ("1 is not 2", "(1 IsNot 2)"),
        ("1 < 2 == 3 != 4", "(1 Lt 2 Eq 3 Ne 4)"),
        ("(1 < 2) < 3", "((1 Lt 2) Lt 3)"),
        ("1 or 2 and not 3 or 4", "(or 1 (and 2 (Not 3)) 4)"),
        ("1 | 2 ^ 3 & 4 << 5 + 6", "(BitOr 1 (BitXor 2 (BitAnd 3 (LShift 4 (Add 5 6)))))"),
        ("1 if 2 else 3 if 4 else 5", "(if 2 1 (if 4 3 5))"),
        ("lambda: 1 if 2 else 3", "(lambda (if 2 1 3))"),
        ("1 if 2 else lambda: 3, 4", "(tuple (if 2 1 (lambda 3)) 4)"),
        ("~-+1", "(Invert (Neg (Pos 1)))"),
        ("-abs(1)[2].real ** 2", "(Neg (Pow (abs 1)[2].real 2))"),
        ("abs[1:, ..., ::2, None]", "abs[(tuple 1:: Ellipsis ::2 None)]"),
        ("abs[1:2]", "abs[1:2:]"),
        ("abs[1,]", "abs[(tuple 1)]"),
        ("()", "(tuple )"),
        ("1,", "(tuple 1)"),
        ("0x_ff + 0b1_1 + 0o17 + 1_000", "(Add (Add (Add 255 3) 15) 1000)"),
        ("9223372036854775808", "BigInt(\"9223372036854775808\")"),
        ("'a' \"b\\n\" r'\\n'", "Str(\"ab\\n\\\\n\")"),
    ] {
        let program = program(text);
        let shown = program.shown.as_ref().unwrap_or_else(|| panic!("{text} shows nothing"));
        assert_eq!(prefix(&program, shown), want, "{text}");
    }
}

#[test]
fn only_the_last_expression_is_shown() {
    for (text, shown) in
        [("1", true), ("1;", false), ("1\n2;", false), ("1; 2", true), ("x = 1", false), ("if 1: 2", false)]
    {
        assert_eq!(program(text).shown.is_some(), shown, "{text}");
    }
}

/// The function's `(locals, cells, free, cell of each parameter)`.
fn layout(program: &Program, name: &str) -> (Vec<String>, Vec<String>, Vec<u32>, Vec<Option<u32>>) {
    let f = program.functions.iter().find(|f| f.name == name).unwrap_or_else(|| panic!("no {name}"));
    let free = f.free.iter().map(|v| v.from_cell).collect();
    (f.local_names.clone(), f.cell_names.clone(), free, f.params.iter().map(|p| p.cell).collect())
}

#[test]
fn variables_live_where_python_has_them() {
    let names = |text: &str| text.split_whitespace().map(str::to_string).collect::<Vec<_>>();
    for (text, name, locals, cells, free, params) in [
        ("def f(a, b):\n    c = a\n    return c", "f", "a b c", "", vec![], vec![None, None]),
        // A captured parameter keeps its slot, and lives in a cell.
        ("def f(a, b):\n    return lambda: b", "f", "a b", "b", vec![], vec![None, Some(0)]),
        ("def f(a, b):\n    return lambda: b", "<lambda>", "", "b", vec![0], vec![]),
        // Through a function that does not use it.
        (
            "def f():\n    x = 1\n    def g():\n        def h():\n            return x",
            "g",
            "h",
            "x",
            vec![0],
            vec![],
        ),
        (
            "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1",
            "g",
            "",
            "n",
            vec![0],
            vec![],
        ),
        ("x = 1\ndef f():\n    global x\n    x = 2", "f", "", "", vec![], vec![]),
        // Comprehension variables do not leak, and have slots of their own.
        ("def f(x):\n    return [x for x in x if x]", "f", "x x", "", vec![], vec![None]),
        ("def f(x):\n    return [lambda: x + y for y in x]", "f", "x", "x y", vec![], vec![Some(0)]),
    ] {
        assert_eq!(layout(&program(text), name), (names(locals), names(cells), free, params), "{text}");
    }
}

#[test]
fn comprehensions_of_a_cell_begin_afresh() {
    let program = program("[[lambda: i + j for j in range(i)] for i in range(3)]");
    assert_eq!((program.local_names.len(), program.cell_names.join(" ")), (0, "i j".to_string()));
    let shown = program.shown.as_ref().map(|e| prefix(&program, e));
    assert_eq!(shown.as_deref(), Some("(comp (comp (lambda (Add c0 c1)) [Cell(1)]) [Cell(0)])"));
}

#[test]
fn imports_name_modules_in_full() {
    let program =
        program("import numpy.random\nimport numpy.linalg as la\nfrom numpy import random as r, sin");
    let found: Vec<String> = program
        .body
        .iter()
        .map(|s| match &s.kind {
            StmtKind::Import { target: Target::Name(var, _), module, name } => {
                format!("{} {module} {}", variable(&program, *var), name.as_deref().unwrap_or("-"))
            }
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(found, ["numpy numpy -", "la numpy.linalg -", "r numpy.random -", "sin numpy sin"]);
}
