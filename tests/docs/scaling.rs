//! `docs/scaling.md`: messages and bytes of the planned movements for 1 to 4,096 ranks, from the planner alone.

use std::fmt::Write;

use lang::layout::{DistSpec, Index, Layout, View};
use lang::plan::align;

const HEAD: &str = "# Scaling\n\n\
    What the ranks send when arrays meet in other layouts or at other places, for teams of 1 to 4,096: not measured, but\n\
    counted in the plans that the engines execute (`lang::plan`), which need no machine of that size. `tests/docs/scaling.rs`\n\
    writes this page. Arrays are of float64: a vector of 2**24 elements, matrices of 4096 x 4096: 128 MiB in all. A cell says\n\
    *messages / bytes* that the busiest of the ranks looked at sends (the first, the last, and the one in the middle).\n\
    *Bound* is what any algorithm must send: an element that lies on another rank than it is needed on moves once.\n";

const TEAMS: &[usize] = &[1, 2, 4, 16, 64, 256, 1024, 4096];

/// A movement: from where the elements lie to where they are needed.
struct Case {
    title: &'static str,
    about: &'static str,
    from: fn(usize) -> Layout,
    to: fn(usize) -> Layout,
    bound: &'static str,
}

const CASES: &[Case] = &[
    Case {
        title: "`a[1:] + a[:-1]`, a vector in blocks",
        about: "The halo of a shifted slice: one element from a neighbour.",
        from: |p| seen(&vector("b", p), "1:"),
        to: |p| seen(&vector("b", p), ":-1"),
        bound: "1 message, 8 bytes",
    },
    Case {
        title: "`a[1:, :] + a[:-1, :]`, a matrix in blocks of rows",
        about: "The halo of a stencil: one row from a neighbour.",
        from: |p| seen(&matrix("bn", p), "1:,:"),
        to: |p| seen(&matrix("bn", p), ":-1,:"),
        bound: "1 message, 32 KiB",
    },
    Case {
        title: "`a[1:, 1:] + a[:-1, :-1]`, a matrix on a square grid",
        about: "A diagonal shift: a row, a column and a corner from three neighbours.",
        from: |p| seen(&matrix("bb", p), "1:,1:"),
        to: |p| seen(&matrix("bb", p), ":-1,:-1"),
        bound: "3 messages; bytes fall with the root of the ranks",
    },
    Case {
        title: "`redistribute(a, 'c')`, a vector from blocks to cyclic",
        about: "Every rank has something for every other.",
        from: |p| vector("b", p),
        to: |p| vector("c", p),
        bound: "P - 1 messages; (1 - 1/P)/P of the array",
    },
    Case {
        title: "`redistribute(a, 'nb')`, a matrix from blocks of rows to blocks of columns",
        about: "The transposition between ranks; an FFT along a distributed axis does it twice.",
        from: |p| matrix("bn", p),
        to: |p| matrix("nb", p),
        bound: "P - 1 messages; (1 - 1/P)/P of the array",
    },
    Case {
        title: "`redistribute(a, 'bb')`, a matrix from blocks of rows to a square grid",
        about: "A rank's rows lie on a row of the grid: it speaks with the square root of the ranks.",
        from: |p| matrix("bn", p),
        to: |p| matrix("bb", p),
        bound: "about the root of P messages; (1 - 1/sqrt(P))/P of the array",
    },
    Case {
        title: "`a + a.T`, a matrix on a square grid",
        about: "A block goes to the rank across the diagonal.",
        from: |p| lang::layout::transposed(&matrix("bb", p), &[1, 0]),
        to: |p| matrix("bb", p),
        bound: "1 message, a block (on a square grid)",
    },
    Case {
        title: "`a + v`, a matrix on a square grid and a vector in blocks",
        about: "Each rank of a row of the grid needs the same part of the vector, which lies on other ranks.",
        from: |p| Layout::new(&[4096], &spec("b"), p, None, None).expect("a layout"),
        to: |p| matrix("bb", p),
        bound: "a rank's part of the vector to a column of the grid",
    },
];

fn spec(letters: &str) -> DistSpec {
    DistSpec::parse(letters).expect("a spec")
}

fn vector(letters: &str, p: usize) -> Layout {
    Layout::new(&[1 << 24], &spec(letters), p, None, None).expect("a layout")
}

fn matrix(letters: &str, p: usize) -> Layout {
    Layout::new(&[4096, 4096], &spec(letters), p, None, None).expect("a layout")
}

/// The layout of a slice of an array, by slices of step 1 such as `1:,:-1`.
fn seen(layout: &Layout, slices: &str) -> Layout {
    let bound = |text: &str| text.parse::<i64>().ok();
    let items: Vec<Index> = slices
        .split(',')
        .map(|item| {
            let (start, stop) = item.split_once(':').expect("a slice");
            Index::Slice { start: bound(start), stop: bound(stop), step: None }
        })
        .collect();
    View::identity(&layout.shape()).index(&items).expect("a view").layout(layout)
}

/// The whole page.
pub fn page() -> String {
    let mut page = HEAD.to_string();
    let names: Vec<String> = TEAMS.iter().map(|p| p.to_string()).collect();
    let rule = "|---".repeat(TEAMS.len());
    for case in CASES {
        let cells: Vec<String> = TEAMS.iter().map(|&p| busiest(&(case.from)(p), &(case.to)(p), p)).collect();
        let _ = write!(
            page,
            "\n## {}\n\n{} Bound: {}.\n\n| ranks | {} |\n|---{rule}|\n| sends | {} |\n",
            case.title,
            case.about,
            case.bound,
            names.join(" | "),
            cells.join(" | ")
        );
    }
    page
}

/// Messages and bytes that the busiest of some ranks sends.
fn busiest(from: &Layout, to: &Layout, team: usize) -> String {
    let sent = |rank: usize| {
        let sends = align::plan(from, to, rank).sends;
        let elements: usize = sends.iter().map(|parcel| align::count(&parcel.runs)).sum();
        (sends.len(), elements * 8)
    };
    let ranks = [0, team / 2, team - 1];
    let (messages, bytes) = ranks.into_iter().map(sent).max_by_key(|&(_, bytes)| bytes).unwrap_or((0, 0));
    format!("{messages} / {}", lang::picture::units::bytes(bytes as u64))
}
