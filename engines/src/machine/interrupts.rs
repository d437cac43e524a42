//! Statements interrupted at every place where they can be: each leaves the old state or the new, the same on all ranks.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Mutex;

use lang::error::Class;

use super::Machine;
use crate::comm::{Comm, threads};
use crate::ctx::{Ctx, Settings};
use crate::link::Output;
use crate::watch;

/// What the statements work on. `rng` and the legacy stream are state too.
const SETUP: &str = "
import numpy as np
a = linspace(0, 1, 60).reshape(12, 5)
b = arange(60).reshape(12, 5)[::-1]
c = redistribute(a * 3, dist='nc')
z = zeros((12, 5))
m = matmul(a.T, a)
r = b.reshape(60)
rng = np.random.default_rng(5)
np.random.seed(3)
np.save('FILE', b)
x = y = None
";

const STATE: &str = "
for each in [a, b, c, z, m, r]:
    print(each.tolist())
for each in [x, y]:
    print(each if each is None else each.tolist())
print(np.load('FILE').tolist(), rng.random(), np.random.random())
";

const STATEMENTS: &[&str] = &[
    "x = sin(a) + b * 2",
    "x = a[1:] - a[:-1]",
    "a += c",
    "a[1:-1, 1:] = a[:-2, :-1] + a[2:, 1:]",
    "z[:] = a * b",
    "z[::-2] = 7",
    "z[a > 0.5] = 1",
    "r[3:50] = 2",
    "a.fill(3)",
    "a.T[1:3] = exp(b.T[2:4])",
    "x, y = a + b, a - b",
    "x = a.sum(axis=0)",
    "x = b.astype('f4').var(axis=1)",
    "x = a.argmax(axis=0) + a.min()",
    "x = prod(a, axis=1, keepdims=True)",
    "x = cumsum(c)",
    "x = cumprod(c, axis=1)",
    "x = a @ b.T",
    "x = dot(r, a.reshape(60)) * ones(3)",
    "x = outer(r, r)",
    "x = rng.random((7, 9))",
    "x = rng.random(30, dtype='f4')",
    "x = np.random.random((5, 11))",
    "x = concatenate([a, c, b], axis=1)",
    "x = stack([a, b])",
    "x = redistribute(a, dist='cb')",
    "x = redistribute(c, dist='n')",
    "x = a.T.reshape(4, 15)",
    "x = c.flatten()",
    "x = array(b, dtype='c16')",
    "x = full((11, 7), 3)",
    "x = arange(77)",
    "x = linspace(0, 1, 77)",
    "x = mgrid[0:9, 0:7]",
    "x = full_like(a, r[:5])",
    "x = where(a > 0.5, a, b)",
    "x = dot(a, 3)",
    "x = np.load('FILE')",
    "x = local(lambda block, other: block * 2 + other)(a, c)",
    "x, y = local(lambda block: (block.sum(axis=1), sin(block)))(a)",
    "np.save('FILE', c)",
    "x = ones(sum(range(9000)) - 40495450)",
];

struct Rank {
    machine: Machine,
    said: Rc<RefCell<String>>,
}

impl Rank {
    /// A session after `SETUP`.
    fn start(comm: Box<dyn Comm>, layout: &str) -> Rank {
        let said = Rc::new(RefCell::new(String::new()));
        let sink = said.clone();
        let emit = move |output| {
            if let Output::Stdout(text) = output {
                sink.borrow_mut().push_str(&text);
            }
        };
        let mut ctx = Ctx::new(comm, Settings { small: 0, layout: layout.into(), ..Settings::default() });
        ctx.long = usize::MAX;
        let mut rank = Rank { machine: Machine::new(ctx, Box::new(emit)), said };
        rank.run(SETUP).unwrap();
        rank
    }

    fn run(&mut self, text: &str) -> Result<(), Class> {
        let file = std::env::temp_dir().join(format!("distarray-interrupts-{}.npy", std::process::id()));
        let text = text.replace("FILE", &file.display().to_string());
        self.machine.run_text("case", &text).map_err(|(class, _)| class)
    }

    /// The statement with everything in it long; it ends before `stop` has an effect on later statements.
    fn statement(&mut self, text: &str, stop: impl FnOnce(&mut Rank)) -> Result<(), Class> {
        self.machine.ctx.control.begin(1);
        self.machine.ctx.long = 0;
        stop(self);
        let done = self.run(text);
        watch::stop_at(usize::MAX);
        self.machine.ctx.long = usize::MAX;
        self.machine.ctx.control.end();
        done
    }

    fn state(mut self) -> String {
        self.run(STATE).unwrap();
        let said = self.said.take();
        drop(self);
        said
    }
}

/// How the statement ends when it is stopped so, and the states after it and after it was run again; by rank 0, which
/// prints for all.
fn stopped(
    ranks: usize,
    layout: &str,
    text: &str,
    stop: impl Fn(&mut Rank) + Sync,
) -> (Result<(), Class>, String) {
    let ends = threads::run(ranks, |comm| {
        let mut rank = Rank::start(comm, layout);
        let done = rank.statement(text, &stop);
        (done, rank.state())
    });
    assert!(ends.iter().all(|end| end.0 == ends[0].0), "{text}: the ranks disagree: {ends:?}");
    ends.into_iter().next().unwrap()
}

fn check(ranks: usize, layout: &str, text: &str) -> usize {
    let old = stopped(ranks, layout, "x = x", |_| ()).1;
    let (done, new) = stopped(ranks, layout, text, |_| ());
    assert_eq!(done, Ok(()), "{text}");
    let mut places = 0;
    let mut each = |stop: &(dyn Fn(&mut Rank) + Sync)| {
        let (done, state) = stopped(ranks, layout, text, stop);
        assert!(matches!(done, Ok(()) | Err(Class::KeyboardInterrupt)), "{text}: {done:?}");
        assert!(
            state == new || (done.is_err() && state == old),
            "{text} on {ranks} in {layout}: {done:?}\n{state}"
        );
        places += done.is_err() as usize;
        done.is_err()
    };
    // At a safe point, which is the same on all ranks. A local function ends as soon as it hears of the interrupt,
    // however many of the statement's safe points are still to come: one is enough.
    let most: u64 = if text.contains("local(") { 1 } else { u64::MAX };
    let mut k = 1;
    while k <= most
        && each(&|rank| {
            rank.machine.ctx.long = usize::MAX;
            rank.machine.ctx.control.interrupt(1, 1, k);
        })
    {
        k += 1;
    }
    // In the share of one rank alone.
    for alone in 0..ranks {
        let mut k = 1;
        while each(&|rank| {
            if rank.machine.ctx.comm.rank() == alone {
                watch::stop_at(k);
            }
        }) {
            // Closely at first, then here and there.
            k += 1 + k / 2;
        }
    }
    places
}

/// The tests of this file save to one place.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

#[test]
fn a_statement_that_is_interrupted_leaves_the_old_state_or_the_new() {
    let _alone = ONE_AT_A_TIME.lock();
    for text in STATEMENTS {
        let places: usize = [(3, "b"), (2, "cb")].map(|(n, layout)| check(n, layout, text)).iter().sum();
        assert!(places > 3, "{text} can be interrupted at {places} places");
    }
}

#[test]
fn what_was_interrupted_is_not_taken_up_by_later_cells() {
    let _alone = ONE_AT_A_TIME.lock();
    threads::run(2, |comm| {
        let mut rank = Rank::start(comm, "b");
        let done = rank.statement("x = a + b", |_| watch::stop_at(2));
        assert_eq!(done, Err(Class::KeyboardInterrupt));
        let done = rank.statement("y = 1", |_| watch::stop_at(1));
        assert_eq!(done, Ok(()));
        assert_eq!(rank.statement("print(x.sum())", |_| ()), Ok(()));
        let first = rank.machine.ctx.comm.rank() == 0;
        assert_eq!(rank.said.take(), if first { "1800.0\n" } else { "" });
    });
}

#[test]
fn a_compiled_loop_is_interrupted_at_the_same_turn_on_all_ranks() {
    let _alone = ONE_AT_A_TIME.lock();
    let ends = threads::run(2, |comm| {
        let mut rank = Rank::start(comm, "b");
        rank.run("i = j = s = 0\nv = ones(3, dist='r')").unwrap();
        let text =
            "while True:\n    i += 1\n    for j in range(1000):\n        s += j\n        v[j % 3] += 1";
        let done = rank.statement(text, |rank| rank.machine.ctx.control.interrupt(1, 1, 10_100));
        assert_eq!(done, Err(Class::KeyboardInterrupt));
        rank.run("print(i, j, s == (i - 1) * 499500 + j * (j + 1) // 2, v.sum() == (i - 1) * 1000 + j + 4)")
            .unwrap();
        // Some milliseconds a safe point: far beyond what the interpreter does in as many.
        rank.run("print(i > 1000)").unwrap();
        rank.said.take()
    });
    assert!(ends[0].contains(" True True\nTrue\n"), "{ends:?}");
}
