//! `docs/scaling.md`: messages and bytes of the planned movements for 1 to 4,096 ranks, from the planner alone.

use std::fmt::Write;

use lang::layout::{DimMap, DistSpec, Index, IndexSet, Layout, View};
use lang::plan::align;
use lang::plan::product::{Faces, choose};

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
    page += PRODUCTS;
    for (title, shape, layouts) in PRODUCT_CASES {
        let mut rows = [String::new(), String::new()];
        let mut ways = String::new();
        for &p in TEAMS {
            let (way, sends, panel) = product(*shape, *layouts, p);
            rows[0] += &format!(" {sends} |");
            rows[1] += &format!(" {panel} |");
            let _ = writeln!(ways, "- {p}: {way}");
        }
        let head = names.join(" | ");
        let _ = write!(
            page,
            "\n## {title}\n\n| ranks | {head} |\n|---{rule}|\n| receives |{}\n| holds |{}\n\n{ways}",
            rows[0], rows[1]
        );
    }
    page
}

const PRODUCTS: &str = "\n# Products of matrices\n\n\
    `lang::plan::product` compares the ways that a product can go by what they move. A cell says what the busiest of the\n\
    ranks looked at receives, partial results included, and the most that it holds of operands and result at a time. Below\n\
    each table stands the way that is chosen.\n";

type ProductCase = (&'static str, [usize; 3], [&'static str; 2]);

const PRODUCT_CASES: &[ProductCase] = &[
    ("`a @ b`, both on a square grid", [4096; 3], ["bb", "bb"]),
    ("`a @ b`, both in blocks of rows", [4096; 3], ["bn", "bn"]),
    ("`a @ v`, a matrix on a square grid and a vector in blocks", [4096, 4096, 1], ["bb", "bn"]),
    ("`t.T @ t`, tall and skinny in blocks of rows", [64, 1 << 20, 64], ["nb", "bn"]),
];

/// The way of a product on a team: in words, what a rank receives, what it holds.
fn product([m, k, n]: [usize; 3], [x, y]: [&str; 2], team: usize) -> (String, String, String) {
    let lies =
        |shape: &[usize], letters| Layout::new(shape, &spec(letters), team, None, None).expect("a layout");
    let face = |mut layout: Layout, axis: usize| {
        layout.dims.insert(axis, DimMap::Whole { size: 1 });
        layout.grid.insert(axis, 1);
        layout
    };
    let (left, right) = (face(lies(&[m, k], x), 2), face(lies(&[k, n], y), 0));
    let faces = Faces { left: &left, right: &right };
    let way = choose(faces, team, true);
    let mut most = [0; 2];
    for rank in [0, team / 2, team - 1] {
        let (operands, partial) = way.received(faces, rank);
        most[0] = most[0].max(8 * (operands + partial));
        for step in [0, way.steps() / 2, way.steps() - 1] {
            let part: Vec<usize> = way.part(rank, step).iter().flatten().map(IndexSet::len).collect();
            if let [m, k, n] = part[..] {
                most[1] = most[1].max(8 * (m * k + k * n + m * n));
            }
        }
    }
    let [received, held] = most.map(|bytes| lang::picture::units::bytes(bytes as u64));
    (way.describe(), received, held)
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
