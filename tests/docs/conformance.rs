//! `docs/conformance.md`: what there is of the array API standard and of NumPy, and the tests behind each name.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use harness::golden::{Case, all};
use lang::ops::row;
use lang::{Member, member, numpy_names};

const HEAD: &str = "# Conformance\n\n\
    What there is of the Python array API standard 2024.12 and of NumPy 2, name by name, written from the table of builtins\n\
    and from the tests. *Yes* is the whole function as NumPy has it; *partly* says what is refused, by name, before\n\
    anything is computed; what is absent is refused by name before the program runs. Behind a name stand the files of\n\
    golden programs (`tests/golden`) that use it: NumPy wrote what they must print, on every number of ranks and layout that\n\
    the tests know.\n";

/// Names of NumPy's that are no part of what a language without Python's objects, files and C has.
const NOT_MEANT: &[&str] = &[
    "busday_count",
    "busday_offset",
    "busdaycalendar",
    "is_busday",
    "datetime64",
    "datetime_as_string",
    "datetime_data",
    "timedelta64",
    "isnat",
    "char",
    "character",
    "strings",
    "ctypeslib",
    "f2py",
    "test",
    "testing",
    "typing",
    "typecodes",
    "lib",
    "core",
    "ma",
    "matrix",
    "asmatrix",
    "bmat",
    "rec",
    "recarray",
    "record",
    "memmap",
    "object_",
    "void",
    "flexible",
    "bytes_",
    "str_",
    "longdouble",
    "clongdouble",
    "float128",
    "complex256",
    "nditer",
    "nested_iters",
    "broadcast",
    "flatiter",
    "get_include",
    "show_config",
    "show_runtime",
    "info",
    "frombuffer",
    "fromregex",
    "fromstring",
    "fromfile",
    "frompyfunc",
    "getbufsize",
    "setbufsize",
    "geterrcall",
    "seterrcall",
    "may_share_memory",
    "shares_memory",
    "sctypeDict",
    "ScalarType",
    "mintypecode",
    "typename",
    "common_type",
    "asarray_chkfinite",
    "require",
    "einsum_path",
    "little_endian",
    "exceptions",
    "polynomial",
    "dtypes",
    "emath",
    "fft",
    "linalg",
    "random",
    "half",
    "float16",
    "number",
    "poly1d",
];

/// The whole page.
pub fn page() -> String {
    let cases = all();
    let used = uses(&cases);
    let (mut page, mut body) = (HEAD.to_string(), String::new());
    let (mut module, mut there, mut names) = ("", 0, 0);
    for line in include_str!("standard.txt").lines().skip(1) {
        if let Some((in_module, title)) = line.strip_prefix('[').and_then(|l| l.split_once("] ")) {
            module = in_module;
            let _ = write!(body, "\n### {title}\n\n{TABLE}");
            continue;
        }
        for name in line.split(' ') {
            names += 1;
            there += entry(&mut body, module, name, &used) as usize;
        }
    }
    let _ = write!(page, "\n## The array API standard 2024.12\n\n{there} of {names} names.\n{body}");
    for (module, title) in [
        ("numpy", "NumPy's main namespace"),
        ("numpy.linalg", "numpy.linalg"),
        ("numpy.fft", "numpy.fft"),
        ("numpy.random", "numpy.random"),
    ] {
        let (mut body, mut absent, mut there, mut names) = (String::new(), Vec::new(), 0, 0);
        for name in numpy_names(module).filter(|n| !NOT_MEANT.contains(n)) {
            names += 1;
            if member(module, name).is_none() {
                absent.push(format!("`{name}`"));
            } else {
                there += entry(&mut body, module, name, &used) as usize;
            }
        }
        let _ = write!(page, "\n## {title}\n\n{there} of {names} names.");
        if !absent.is_empty() {
            let _ = write!(page, " Not there: {}.", absent.join(", "));
        }
        let _ = write!(page, "\n\n{TABLE}{body}");
    }
    let others: Vec<String> = NOT_MEANT.iter().map(|n| format!("`{n}`")).collect();
    let _ = write!(
        page,
        "\n## Not meant to be here\n\nNames of NumPy's that speak of Python's objects, of dtypes, memory or files that the \
         language does not have, or that are modules: {}.\n",
        others.join(", ")
    );
    page
}

const TABLE: &str = "| name | there | tests |\n|---|---|---|\n";

/// A line of a table; whether the name is there.
fn entry(page: &mut String, module: &str, name: &str, used: &HashMap<&str, BTreeSet<&str>>) -> bool {
    let found = member(module, name);
    let status = match found {
        None => "no".to_string(),
        Some(Member::Row(index)) => {
            let missing = row(index).doc.lines().find_map(|line| line.strip_prefix("Not here: "));
            missing.map_or("yes".to_string(), |what| format!("partly; not: {}", what.trim_end_matches('.')))
        }
        Some(_) => "yes".to_string(),
    };
    let files =
        used.get(name).map_or(String::new(), |files| files.iter().copied().collect::<Vec<_>>().join(", "));
    let _ = writeln!(page, "| `{name}` | {status} | {files} |");
    found.is_some()
}

/// The files with a case that calls or names something, by the name's last part.
fn uses(cases: &[Case]) -> HashMap<&str, BTreeSet<&str>> {
    let mut used: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for case in cases {
        let words = case.source.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        for name in words.filter_map(|word| word.rsplit_once('.').map(|(_, name)| name)) {
            used.entry(name).or_default().insert(case.file.trim_end_matches(".da"));
        }
    }
    used
}
