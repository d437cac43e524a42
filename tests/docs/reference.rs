//! `docs/reference.md` and `tests/golden/examples.da`, written from the table of builtins.

use std::fmt::Write;

use harness::team::run;
use lang::ops::modules::MODULES;
use lang::ops::{Attr, Module, Pattern, Row, Run, table};

use crate::{TEAM, shown};

const HEAD: &str = "# Reference\n\n\
    Everything that the language can do to a value, written from its table of builtins: what a row says here is what the\n\
    kernel checks, completes and shows for `name?`. The examples' results are what a team of four ranks gives; those that\n\
    NumPy can run are compared with it on every team by the tests. [language.md](language.md) says what stands around the\n\
    calls.\n\n\
    `out`, `where`, `casting` and `dtype` of the elementwise functions mean what they mean in NumPy; what `where` leaves out\n\
    of a new array is zero. `dist`, `grid` and `targets` say\n\
    where an array lives: see [where arrays live](language.md#where-arrays-live).\n";

const SECTIONS: &[(Module, &str, &str)] = &[
    (
        Module::Numpy,
        "NumPy",
        "`import numpy as np` first; without a prefix the same names mean the same, unless the session has bound them.",
    ),
    (Module::Random, "numpy.random", "NumPy's numbers, bit for bit, on any number of ranks."),
    (Module::Fft, "numpy.fft", "NumPy's results to rounding: the transforms are the library rustfft's."),
    (Module::Linalg, "numpy.linalg", ""),
    (
        Module::Ufunc,
        "Methods of ufuncs",
        "Of the elementwise functions of two arguments; `at` of those of one too.",
    ),
    (Module::Generator, "Generators", "Methods of `rng = np.random.default_rng(seed)`."),
    (
        Module::Array,
        "Methods of arrays",
        "Those that are no functions of NumPy too; the functions that are methods say so above.",
    ),
    (Module::ArrayAttr, "Attributes of arrays", ""),
    (Module::DistArray, "Distribution and display", "NumPy has no word for these."),
    (Module::Distribution, "Methods of `a.distribution`", ""),
    (Module::Math, "math", "Python's module, for numbers; NumPy's functions take arrays."),
    (Module::Cmath, "cmath", ""),
    (Module::Itertools, "itertools", ""),
    (Module::Functools, "functools", ""),
    (Module::Operator, "operator", "What operators do, as functions."),
    (Module::Heapq, "heapq", "Heaps in lists."),
    (Module::Bisect, "bisect", "Searches in sorted lists."),
    (Module::Collections, "collections", ""),
    (Module::Copy, "copy", ""),
    (
        Module::Pyplot,
        "matplotlib.pyplot",
        "`import matplotlib.pyplot as plt`: its everyday names and look, drawn by the kernel. Data of any size is reduced to\na picture's on the engines, each rank its part. What is open at the end of a cell is shown.",
    ),
    (Module::Colors, "matplotlib.colors", ""),
    (
        Module::Widgets,
        "Widgets",
        "`interact` and its controls, by ipywidgets' names; `from ipywidgets import interact` is read too. The front end needs\nipywidgets, or jupyterlab_widgets.",
    ),
    (Module::Time, "time", "The first rank reads its clock, and all have its answer."),
    (Module::Python, "Python", "On values that every rank has; those that make sense of arrays take them."),
];

/// The whole page.
pub fn page() -> String {
    let mut page = HEAD.to_string();
    for (module, title, about) in SECTIONS {
        let mut rows: Vec<&Row> = table().iter().copied().filter(|r| r.module == *module).collect();
        if rows.is_empty() {
            continue;
        }
        rows.sort_by_key(|row| row.name.to_lowercase());
        let _ = writeln!(page, "\n## {title}");
        if !about.is_empty() {
            let _ = writeln!(page, "\n{about}");
        }
        for row in rows {
            entry(&mut page, row);
        }
    }
    page
}

fn entry(page: &mut String, row: &Row) {
    let signature = match row.module {
        Module::ArrayAttr => "",
        _ => row.signature,
    };
    let name = row.module.qualified(row.name);
    let _ = write!(page, "\n### `{name}{signature}`\n\n{}", sentence(row.doc));
    let mut also: Vec<String> =
        row.aliases.iter().map(|alias| format!("`{}`", row.module.qualified(alias))).collect();
    if let (Some(method), false) = (row.method, row.module == Module::Array) {
        also.push(format!("`a.{}{method}`", row.name));
    }
    if !also.is_empty() {
        let _ = write!(page, " Also {}.", also.join(", "));
    }
    let mut rules = Vec::new();
    // What is no array has neither dtype nor shape worth a word.
    let no_array = matches!(row.pattern, Pattern::Host | Pattern::Show)
        || matches!(row.module, Module::Pyplot | Module::Colors | Module::Widgets);
    if !no_array && !matches!(row.run, Run::Attr(_)) {
        rules.push(format!("dtype: {}", row.dtype.words()));
        rules.push(format!("shape: {}", row.shape.words()));
    }
    if row.pattern != Pattern::Host {
        rules.push(format!("between ranks: {}", row.pattern.words()));
    }
    if !rules.is_empty() {
        let _ = write!(page, "\n\n*{}.*", rules.join("; "));
    }
    let result = shown(&run(&program(row), TEAM));
    let _ = write!(page, "\n\n```python\n{}\n```\n", row.example);
    if !result.is_empty() {
        let _ = write!(page, "```text\n{result}\n```\n");
    }
}

/// The first line of a doc: one sentence or two.
fn sentence(doc: &str) -> &str {
    doc.lines().next().unwrap_or_default().trim_end_matches(':')
}

fn program(row: &Row) -> String {
    let mut imports = String::new();
    if row.example.contains("np.") {
        imports.push_str("import numpy as np\n");
    }
    for (module, _) in MODULES.iter().filter(|(name, _)| !name.contains('.')) {
        if row.example.contains(&format!("{module}.")) && *module != "numpy" {
            let _ = writeln!(imports, "import {module}");
        }
    }
    format!("{imports}{}\n", row.example)
}

/// The examples that NumPy can run: a name and a source each.
pub fn examples() -> Vec<(String, String)> {
    let numpy_can = |row: &&&Row| {
        let ours = matches!(
            row.run,
            Run::Attr(Attr::Dist | Attr::Grid | Attr::Targets | Attr::Distribution) | Run::Show(_)
        );
        !ours
            && !matches!(row.module, Module::Distribution | Module::Pyplot | Module::Colors | Module::Widgets)
    };
    let case = |row: &&Row| (row.module.qualified(row.name), program(row));
    table().iter().filter(numpy_can).map(case).collect()
}
