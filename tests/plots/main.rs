//! Figures: what leaves the engines is the same on every team and layout, and no larger than a picture, whatever the size of
//! the data.

use std::cell::RefCell;
use std::rc::Rc;

use engines::comm::threads;
use engines::ctx::{Ctx, Settings};
use engines::link::{Output, Shown, Tree};
use engines::machine::Machine;
use harness::team::Team;
use lang::session::Session;
use lang::source::Source;

const HEAD: &str = "import numpy as np\nimport matplotlib.pyplot as plt\nrng = np.random.default_rng(5)\n";

const ALONE: Team = Team { ranks: 1, small: 1024, layout: "b" };
const TEAMS: &[Team] = &[
    Team { ranks: 2, small: 0, layout: "b" },
    Team { ranks: 3, small: 1024, layout: "b" },
    Team { ranks: 3, small: 0, layout: "c" },
    Team { ranks: 4, small: 0, layout: "bb" },
];

/// What rank 0 shows of a program, and the error with which it ends.
fn figures(text: &str, team: Team) -> (Vec<Tree>, String) {
    let source = Source { name: "case".into(), text: format!("{HEAD}{text}\n") };
    let program = match lang::compile(source, &Session::default()) {
        Ok(program) => program,
        Err(diagnostics) => panic!("{}", diagnostics[0].message),
    };
    let ranks = threads::run(team.ranks, |comm| {
        let shown = Rc::new(RefCell::new(Vec::new()));
        let into = shown.clone();
        let sink = Box::new(move |output| {
            if let Output::Show(output) = output
                && let Shown::Figure(tree) = *output
            {
                into.borrow_mut().push(*tree);
            }
        });
        let settings = Settings { small: team.small, layout: team.layout.into(), ..Settings::default() };
        let mut machine = Machine::new(Ctx::new(comm, settings), sink);
        let reply = machine.run(&program);
        drop(machine);
        (shown.take(), reply.error.map(|e| format!("{}: {}", e.name(), e.message)).unwrap_or_default())
    });
    ranks.into_iter().next().expect("a rank")
}

/// Numbers in a tree.
fn size(tree: &Tree) -> usize {
    match tree {
        Tree::Numbers(numbers) => numbers.len(),
        Tree::List(items) => items.iter().map(size).sum(),
        Tree::Dict(items) => items.iter().map(|(_, tree)| size(tree)).sum(),
        _ => 1,
    }
}

/// Equal, but for rounding in sums.
fn close(a: &Tree, b: &Tree) -> bool {
    let near =
        |x: f64, y: f64| x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= 1e-9 * (x.abs() + y.abs());
    match (a, b) {
        (Tree::Number(x), Tree::Number(y)) => near(*x, *y),
        (Tree::Numbers(x), Tree::Numbers(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| near(*x, *y))
        }
        (Tree::List(x), Tree::List(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| close(x, y)),
        (Tree::Dict(x), Tree::Dict(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|((m, x), (n, y))| m == n && close(x, y))
        }
        _ => a == b,
    }
}

const CASES: &[&str] = &[
    "plt.plot([1, 4, 9], 'r--o', label='few')\nplt.legend()",
    "plt.plot(np.cumsum(rng.normal(size=30000)))",
    "x = np.sort(rng.random(20000))\nplt.plot(x, np.sin(9 * x))\nplt.plot(x[::-1], x)",
    "x = np.logspace(0, 5, 9000)\nplt.semilogx(x, np.where(x > 1e4, np.nan, x))",
    "t = np.linspace(0, 6.28, 9000)\nplt.plot(np.sin(3 * t), np.cos(5 * t))",
    "plt.scatter(rng.normal(size=5000), rng.normal(size=5000), c=rng.random(5000), alpha=0.5)",
    "plt.scatter([1, 2, 3], [3, 1, 2], s=[10, 20, 30])\nplt.plot(rng.random(5000), '.')",
    "plt.hist(rng.normal(size=20000), bins=40, density=True)\nplt.hist([rng.random(50), rng.random(60)], stacked=True)",
    "z = rng.random((900, 1000))\nz[3, 4] = np.nan\nplt.imshow(z)\nplt.colorbar(label='m')",
    "fig, ax = plt.subplots()\nax.semilogx(np.arange(1, 9000), rng.random(8999))\ntwin = ax.twinx()\ntwin.plot(np.arange(1, 50), 'r')\ntwin.set_xlim(1, 60)\nplt.twiny(ax).plot([1, 2])",
    "from matplotlib.colors import LogNorm\nz = rng.random((900, 20)) - 0.1\nplt.imshow(z, norm=LogNorm())\nplt.pcolormesh(z, norm='log')\nplt.contourf(np.exp(9 * z), norm=LogNorm(1, 100))\nplt.scatter(z[0], z[1], c=z[2], norm='log')",
    "plt.imshow(rng.random((5, 7, 3)), origin='lower', extent=(0, 1, 0, 2))",
    "x = np.linspace(0, 1, 850)\nplt.pcolormesh(x, x[:20], rng.random((20, 850)))",
    "y, x = np.mgrid[0:60, 0:500]\nplt.contourf(x, y, np.sin(x / 50) * y)\nplt.contour(np.sin(x / 50) * y, levels=[-9, 0, 9])",
    "x = np.arange(9000.0)\nplt.errorbar(x, x * x, yerr=x)\nplt.fill_between(x, x, -x, where=x > 100)",
    "plt.bar(['a', 'b'], [1, 2], yerr=0.5)\nplt.barh([0, 1], [3, 4])",
    "fig, axs = plt.subplots(2, 2, sharex=True)\nfor ax in axs.flat:\n    ax.set(title='t', xlim=(0, 1))\naxs[1, 0].axhline(3)\nfig.suptitle('s')",
    "plt.hist2d(rng.random(3000), rng.random(3000), bins=9)\nplt.text(1, 1, 'a')\nplt.axis('off')",
];

#[test]
fn figures_are_the_same_on_every_team() {
    let mut wrong = Vec::new();
    for case in CASES {
        let (alone, error) = figures(case, ALONE);
        if !error.is_empty() || alone.len() != 1 {
            wrong.push(format!("{case}\n{} figures, {error}", alone.len()));
            continue;
        }
        // A grid of counts is the largest that there is.
        if size(&alone[0]) > 1_600_000 {
            wrong.push(format!("{case}\n{} numbers leave the engines", size(&alone[0])));
        }
        for team in TEAMS {
            let (other, error) = figures(case, *team);
            if !error.is_empty() || other.len() != 1 || !close(&alone[0], &other[0]) {
                wrong.push(format!("{case}\n{team:?}: another figure; {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_reduced_line_keeps_every_extreme() {
    let text = "y = np.zeros(100000)\ny[77777] = 5\ny[12345] = -3\nplt.plot(y)";
    let (figures, error) = figures(text, TEAMS[1]);
    assert_eq!(error, "");
    let line = &figures[0].get("axes").items()[0].get("marks").items()[0];
    let (x, y) = (line.get("x").numbers(), line.get("y").numbers());
    assert!(x.len() < 6000 && x.len() == y.len());
    let at = |value: f64| y.iter().position(|v| *v == value).map(|i| x[i]).expect("the extreme is there");
    assert!((at(5.0) - 77777.0).abs() < 100.0 && (at(-3.0) - 12345.0).abs() < 100.0);
}

#[test]
fn what_is_wrong_is_said_by_name() {
    for (text, says) in [
        (
            "plt.plot([1, 2], colr='r')",
            "AttributeError: plot() got an unexpected keyword argument 'colr'; did you mean 'color'?",
        ),
        (
            "plt.plot([1, 2], color='bluue')",
            "ValueError: 'bluue' is not a valid color value; did you mean 'blue'?",
        ),
        (
            "plt.plot([1, 2], 'zz')",
            "ValueError: 'zz' is not a valid format string (unrecognized character 'z')",
        ),
        (
            "plt.plot([1, 2], [1, 2, 3])",
            "ValueError: x and y must have same first dimension, but have shapes (2,) and (3,)",
        ),
        ("plt.plot([1j])", "TypeError: y must be real: take x.real, x.imag or np.abs(x) of complex numbers"),
        (
            "plt.savefig('a.png')",
            "NotImplementedError: savefig to 'a.png': figures are saved as SVG, name.svg, which every browser and Inkscape turn to PNG and PDF",
        ),
        ("plt.subplots(2, 2)[1][2, 0]", "IndexError: list index out of range"),
    ] {
        let (shown, error) = figures(text, TEAMS[0]);
        assert_eq!((error.as_str(), shown.len()), (says, 0), "{text}");
    }
    // What was drawn before an error is shown.
    let (shown, error) = figures("plt.plot([1, 2])\n1 / 0", TEAMS[0]);
    assert_eq!((shown.len(), error.as_str()), (1, "ZeroDivisionError: division by zero"));
}
