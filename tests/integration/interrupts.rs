//! Long statements are interrupted in their midst: soon, with every array intact, and the next cell works.

use std::time::{Duration, Instant};

use engines::link::Reply;
use lang::ir::Program;
use lang::session::Session;
use lang::source::Source;

use crate::team::{Tested, program};

const SETUP: &str = "
import numpy as np
n = 8_000_000
a = np.full(n, 0.5)
b = np.arange(n) % 1000
one = np.full((n, 1), 0.5, targets=[0])
m = np.ones((1200, 1200))
rng = np.random.default_rng(1)
";

const STATE: &str = "print(a.sum(), b.sum(), one.sum(), m.sum(), (a == 0.5).all())";

/// Each goes on for many seconds unless it is interrupted, most in one statement that is long by itself.
const LONG: &[&str] = &[
    // One pass, into a new array and into an old one, equal shares and one rank's alone.
    "x = np.sin(a)\nfor i in range(12): x = np.arctan2(np.sin(x + i), np.cos(x) ** 1.5)\nprint(x.sum())",
    "a[:] = np.arctan2(np.tan(a) ** 1.5, np.tan(a) ** 2.5) ** 1.5 + np.tan(np.exp(a) ** 3.5) ** 1.5",
    "a[1:] += np.arctan2(np.tan(a[1:]) ** 1.5, np.tan(a[:-1]) ** 2.5) ** 1.5 + np.tan(np.exp(a[1:]) ** 3.5) ** 1.5",
    "x = np.arctan2(np.tan(one) ** 1.5, np.tan(one) ** 2.5) ** 1.5 + np.tan(np.exp(one) ** 3.5) ** 1.5\nx.sum()",
    // Products, sums, running sums, numbers, moves: by the library's own loops.
    "x = m @ m @ m @ m @ m",
    "x = (m.astype('i8') @ m.astype('i8'))",
    "for i in range(10000): b.argmax(axis=0), b.var()",
    "for i in range(10000): np.cumsum(a)",
    "x = rng.random(10 ** 10 // 100)\nx = np.random.random(10 ** 8)",
    "for i in range(10000): redistribute(a, dist='c')",
    "for i in range(10000): np.concatenate([a, b, a])",
    "x = sum(range(10 ** 12))",
    "x = [i for i in range(10 ** 8) if i < 0]",
    // One rank's alone: the others wait for it. What it catches there is not the interrupt.
    "@local\ndef spin(x):\n    while rank() == 0: pass\nspin(a)",
    "@local\ndef spin(x):\n    while rank() == 1:\n        try:\n            while True: pass\n        except: pass\nspin(a)",
    "x = local(lambda x: sum(np.sort(x)[0] for i in range(10 ** 6)))(a)",
];

/// A cell after those that have set the session up.
fn cell(text: &str, after: &Reply) -> Program {
    let names = after.names.iter().map(|name| (name.name.clone(), name.holds.clone()));
    let source = Source { name: "cell".into(), text: text.into() };
    lang::compile(source, &Session { names: names.collect() }).expect("a program")
}

fn check(spec: &str) {
    let mut tested = Tested::start(spec);
    tested.team.run(program(SETUP));
    let set_up = tested.ended().reply;
    assert!(set_up.error.is_none(), "{:?}", set_up.error);
    tested.team.run(cell(STATE, &set_up));
    let state = tested.ended().printed;
    for text in LONG {
        tested.team.run(cell(text, &set_up));
        std::thread::sleep(Duration::from_millis(300));
        let start = Instant::now();
        tested.team.interrupt();
        let ended = tested.ended();
        let time = start.elapsed();
        println!("{spec}: {:>4} ms {}", time.as_millis(), text.lines().next().unwrap_or_default());
        let class = ended.reply.error.map(|error| error.class.name());
        // A fast machine may have ended it before.
        assert!(matches!(class, Some("KeyboardInterrupt") | None), "{spec} {text}: {class:?}");
        // A second on an idle machine; this bound is for one that has much else to do.
        assert!(time < Duration::from_secs(8), "{spec} {text}: {time:?}");
        if class.is_none() {
            tested.team.run(program(SETUP));
            assert!(tested.ended().reply.error.is_none());
        }
        tested.team.run(cell(STATE, &set_up));
        assert_eq!(tested.ended().printed, state, "{spec} {text}");
        tested.team.run(cell("x = None", &set_up));
        assert!(tested.ended().reply.error.is_none());
    }
}

/// A program that catches its interrupts meets the next one too, between statements and within them.
fn check_again(spec: &str) {
    let text = "
import numpy as np
a = np.full(3_000_000, 0.5)
n = 0
while n < 3:
    try:
        while n == 0:
            pass
        while True:
            x = np.arctan2(np.tan(a) ** 1.5, np.tan(a) ** 2.5)
            x.sum()
    except KeyboardInterrupt:
        n = n + 1
print(n, a.sum())
";
    let mut tested = Tested::start(spec);
    tested.team.run(program(text));
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(600));
        tested.team.interrupt();
    }
    let ended = tested.ended();
    assert!(ended.reply.error.is_none(), "{spec}: {:?}", ended.reply.error);
    assert_eq!(ended.printed, "3 1500000.0\n", "{spec}");
}

#[test]
fn a_program_that_goes_on_is_interrupted_again() {
    check_again("mpi:2");
    check_again("threads:3");
}

#[test]
fn long_statements_on_mpi_ranks() {
    check("mpi:2");
}

#[test]
fn long_statements_on_threads() {
    check("threads:2");
}
