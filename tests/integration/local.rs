//! Local functions on several ranks: what each rank does alone, what all of them make of it, and what is refused.

use harness::golden::Outcome;
use harness::team::{Team, run};

fn on(ranks: usize, source: &str) -> Outcome {
    run(&format!("import numpy as np\n{source}"), Team { ranks, small: 1024, layout: "b" })
}

fn prints(ranks: usize, source: &str, expected: &str) {
    let outcome = on(ranks, source);
    assert_eq!((outcome.printed.as_str(), &outcome.error), (expected, &None), "{source}{}", outcome.message);
}

fn refuses(source: &str, class: &str, word: &str) {
    let outcome = on(3, source);
    assert_eq!(outcome.error.as_deref(), Some(class), "{source}: {}", outcome.message);
    assert!(outcome.message.contains(word), "{source}: {}", outcome.message);
}

#[test]
fn ranks_differ_within_and_agree_after() {
    prints(3, "print(local(lambda: np.full(rank() + 1, rank()))())", "[0 1 1 2 2 2]\n");
    prints(3, "print(local(lambda x: rank())(np.zeros(9, dist='b')), ranks())", "[0 1 2] 3\n");
    prints(
        4,
        "x = local(lambda x: x[x % 2 == rank() % 2])(np.arange(10, dist='b'))\nprint(x, x.dist)",
        "[0 2 3 5 6 8 9] ('b',)\n",
    );
    prints(
        3,
        "x = np.arange(7, targets=[2, 0])\nprint(local(lambda x: x * 0 + rank())(x))",
        "[2 2 2 2 0 0 0]\n",
    );
    prints(
        2,
        "x = np.zeros(5, dist=('u', [[4, 0], [1, 2, 3]]))\nprint(local(lambda x: global_indices(x, 0) + 10 * rank())(x))",
        "[ 0 11 12 13  4]\n",
    );
    let grid = "x = np.zeros((3, 4), dist='bc', grid=(2, 2))\nprint(local(lambda x: x.astype(int) + rank())(x), local(lambda x: x.shape[1])(x))";
    prints(4, grid, "[[0 1 0 1]\n [0 1 0 1]\n [2 3 2 3]] [2 2 2 2]\n");
    prints(
        3,
        "r = local(lambda: np.random.default_rng([5, rank()]).random(2))\nprint(len(set(r().tolist())))",
        "6\n",
    );
}

#[test]
fn what_ranks_print_comes_in_their_order() {
    let say = "@local\ndef say(x):\n    print('block', x)\n    print(x.sum())\n";
    prints(
        2,
        &format!("{say}say(np.arange(4, dist='b'))"),
        "[0] block [0 1]\n[0] 1\n[1] block [2 3]\n[1] 5\n",
    );
    prints(3, &format!("{say}say(np.arange(2))"), "block [0 1]\n1\n");
    prints(3, &format!("{say}say(np.arange(4, dist='n'))"), "block [0 1 2 3]\n6\n");
}

#[test]
fn an_error_on_one_rank_is_an_error_on_all_and_names_it() {
    let text = "@local\ndef f(x):\n    if rank() == 1: raise ValueError('odd')\n    return x\n";
    let call = "f(np.arange(6, dist='b'))";
    refuses(&format!("{text}{call}"), "ValueError", "odd (on rank 1)");
    let caught = "try:\n    {call}\nexcept ValueError as e:\n    print(e, e.args)\nprint(np.arange(6, dist='b').sum())";
    let caught = caught.replace("{call}", call);
    prints(3, &format!("{text}{caught}"), "odd (on rank 1) ('odd (on rank 1)',)\n15\n");
    refuses(
        "local(lambda x: 1 if rank() else 1.5)(np.arange(6, dist='b'))",
        "TypeError",
        "float64 on rank 0 and int64 on rank 1",
    );
    refuses("local(lambda x: x if rank() else None)(np.arange(6, dist='b'))", "TypeError", "None on rank 0");
    refuses(
        "local(lambda x: np.zeros((2, rank())))(np.arange(6, dist='b'))",
        "ValueError",
        "cannot be joined along axis 0",
    );
    refuses("local(lambda x: x + rank())(np.arange(6))", "ValueError", "on rank 1 than on rank 0");
    refuses("local(lambda x: f'{x:d}')(np.arange(6, dist='b'))", "TypeError", "");
    refuses("def f(x): return f(x)\nlocal(f)(np.arange(6, dist='b'))", "RecursionError", "");
    refuses(
        "@local\ndef f(x):\n    raise KeyboardInterrupt\nf(np.arange(6, dist='b'))",
        "KeyboardInterrupt",
        "",
    );
    refuses(
        "local(lambda x: [None] * 10 ** 18 if rank() == 2 else x)(np.arange(6, dist='b'))",
        "MemoryError",
        "",
    );
}

#[test]
fn what_would_differ_afterwards_is_refused() {
    let x = "x = np.arange(6, dist='b')\n";
    let no = |source: &str, word: &str| refuses(&format!("{x}{source}"), "NotImplementedError", word);
    no("n = 0\n@local\ndef f(b):\n    global n\n    n = 1", "'n'");
    no(
        "def g():\n    n = 0\n    def f(b):\n        nonlocal n\n        n += 1\n    return local(f)\ng()",
        "'n'",
    );
    no("n = 0\ndef g():\n    global n\n    n += 1\nlocal(lambda b: g())(x)", "'n'");
    no("seen = []\nlocal(lambda b: seen.append(1))(x)", "a list");
    no("seen = {'a': [1]}\nlocal(lambda b, s: s['a'].append(1))(x, seen)", "a list");
    no("seen = {1}\nlocal(lambda b: seen.add(rank()))(x)", "a set");
    no("class C: n = 1\ndef f(b):\n    C.n = 2\nlocal(f)(x)", "a class");
    no("class C: pass\nc = C()\ndef f(b):\n    if rank() == 2: c.n = 2\nlocal(f)(x)", "a C");
    no("r = np.random.default_rng(1)\nlocal(lambda b: r.random())(x)", "'r', a random generator");
    no("local(lambda b: np.random.rand())(x)", "np.random");
    no("i = iter([1])\nlocal(lambda b: next(i))(x)", "'i'");
    no("y = x + 1\nlocal(lambda b: y[:2])(x)", "'y', a distributed array of shape (6,)");
}

#[test]
fn other_ranks_and_other_local_functions_are_out_of_reach() {
    let x = "x = np.arange(6, dist='b')\nf = local(lambda b: b)\n";
    let no = |source: &str, word: &str| refuses(&format!("{x}{source}"), "NotImplementedError", word);
    no("local(f)", "local again");
    no("local(lambda b: f(b))(x)", "a call of a local function");
    no("local(lambda b, g: g(b))(x, f)", "a call of a local function");
    no("local(lambda b: local(np.sin)(b))(x)", "local()");
    no("local(lambda b: redistribute(b, 'c'))(x)", "redistribute()");
    no("local(lambda b: local_part(b, 0))(x)", "redistribute()");
    no("local(lambda b: from_local_parts([b]))(x)", "redistribute()");
    no("local(lambda b: np.zeros(3, dist='b'))(x)", "dist=");
    no("local(lambda b: plot_distribution(b))(x)", "plot_distribution()");
    no("import matplotlib.pyplot as plt\nlocal(lambda b: plt.plot(b))(x)", "plt.plot()");
    no("@local\ndef f(b):\n    yield b", "a generator");
    refuses("rank()", "RuntimeError", "local function");
    refuses("local(3)", "TypeError", "'int'");
    refuses("local(lambda b: global_indices(b[1:]))(np.arange(6, dist='b'))", "ValueError", "a block");
    refuses(
        "x, y = np.ones(3, targets=[0]), np.ones(4, targets=[1])\nlocal(lambda a, b: 0)(x, y)",
        "ValueError",
        "ranks",
    );
    refuses("from_local_parts([[1]] * 4)", "ValueError", "4 parts for 3 ranks");
    refuses("global_indices(np.ones(3), rank=3)", "ValueError", "no rank 3");
}

#[test]
fn parts_lie_where_they_are_put() {
    prints(
        3,
        "x = from_local_parts([[1, 2], [], [3]])\nprint(x, [local_part(x, r).tolist() for r in range(3)])",
        "[1. 2. 3.] [[1.0, 2.0], [], [3.0]]\n",
    );
    prints(
        3,
        "x = np.arange(8, dist='c')\nprint([local_part(x, r).tolist() for r in range(3)])",
        "[[0, 3, 6], [1, 4, 7], [2, 5]]\n",
    );
    prints(
        3,
        "x = np.arange(8, dist=('bc', 2))\nprint(global_indices(x, 0, rank=0), local_part(x, 0).dist)",
        "[0 1 6 7] ('n',)\n",
    );
}
