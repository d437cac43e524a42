//! The rows of all files as one table, and the ways to find a row.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use super::{Module, Row};

/// One list per file, in the order of the reference page.
const FILES: &[&[Row]] = &[
    super::create::ROWS,
    super::arith::ROWS,
    super::division::ROWS,
    super::power::ROWS,
    super::exp::ROWS,
    super::trig::ROWS,
    super::compare::ROWS,
    super::logic::ROWS,
    super::bits::ROWS,
    super::float::ROWS,
    super::complex::ROWS,
    super::ufunc::ROWS,
    super::reduce::ROWS,
    super::sort::ROWS,
    super::products::ROWS,
    super::linalg::ROWS,
    super::rearrange::ROWS,
    super::random::ROWS,
    super::random_legacy::ROWS,
    super::fft::ROWS,
    super::io::ROWS,
    super::dtypes::ROWS,
    super::layout::ROWS,
    super::local::ROWS,
    super::show::ROWS,
    super::widgets::ROWS,
    super::attr::ROWS,
    super::host::ROWS,
    super::objects::ROWS,
    super::classes::ROWS,
    super::printing::ROWS,
    super::math::ROWS,
    super::cmath_rows::ROWS,
    super::time::ROWS,
    super::itertools::ROWS,
    super::functools::ROWS,
    super::collections::ROWS,
];

struct Table {
    rows: Vec<&'static Row>,
    by_name: HashMap<(Module, &'static str), u32>,
    methods: HashMap<&'static str, u32>,
    digest: u64,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let rows: Vec<&Row> = FILES.iter().copied().flatten().chain(crate::prelude::rows()).collect();
    let mut by_name = HashMap::new();
    let mut methods = HashMap::new();
    let mut hash = DefaultHasher::new();
    for (i, row) in rows.iter().enumerate() {
        for name in row.aliases.iter().chain([&row.name]) {
            by_name.insert((row.module, *name), i as u32);
        }
        if row.method.is_some() {
            methods.insert(row.name, i as u32);
        }
        (row.module, row.name, row.signature, row.method).hash(&mut hash);
    }
    Table { rows, by_name, methods, digest: hash.finish() }
});

/// All rows; a row's index is its place here.
pub fn table() -> &'static [&'static Row] {
    &TABLE.rows
}

/// The row of that index.
///
/// # Panics
/// When there is none: indices come from this table.
pub fn row(index: u32) -> &'static Row {
    TABLE.rows[index as usize]
}

/// The row of a function (or attribute) of a module, by its name or another name of it.
pub fn lookup(module: Module, name: &str) -> Option<u32> {
    // The key borrows the name for the call only.
    TABLE.by_name.get(&(module, name)).copied()
}

/// The row of a method of arrays: `sum` of `a.sum()`, `astype` of `a.astype(t)`.
pub fn method(name: &str) -> Option<u32> {
    TABLE.methods.get(name).copied()
}

/// The row of an attribute of arrays that is read without a call: `shape` of `a.shape`.
pub fn attribute(name: &str) -> Option<u32> {
    lookup(Module::ArrayAttr, name)
}

/// Every name found in a module, aliases included, in the order of the table.
pub fn names(module: Module) -> impl Iterator<Item = &'static str> {
    let of_module = table().iter().filter(move |row| row.module == module);
    of_module.flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()))
}

/// Equal in two processes exactly when their tables name the same rows in the same order.
pub fn digest() -> u64 {
    TABLE.digest
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::signature::Signature;
    use super::*;

    #[test]
    fn no_name_is_declared_twice() {
        let mut seen = HashSet::new();
        for row in table() {
            for name in row.aliases.iter().chain([&row.name]) {
                assert!(seen.insert((row.module, *name)), "{name} of {:?} twice", row.module);
            }
        }
    }

    #[test]
    fn rows_are_complete() {
        for row in table() {
            let first = row.doc.lines().next().unwrap_or("");
            assert!(
                first.ends_with(['.', ':']) || first.contains(". "),
                "{}: first line of the doc: {first}",
                row.name
            );
            assert!(!row.example.is_empty(), "{} has no example", row.name);
        }
    }

    #[test]
    fn a_method_takes_what_its_function_takes() {
        for row in table().iter().filter(|row| row.method.is_some()) {
            let function = Signature::of(row, false);
            for p in Signature::of(row, true).params {
                let known = function.params.iter().any(|q| q.name == p.name);
                assert!(known, "{}: the function has no parameter {}", row.name, p.name);
            }
        }
    }

    #[test]
    fn names_lead_to_rows() {
        let name = |index: Option<u32>| index.map(|i| row(i).name);
        assert_eq!(name(lookup(Module::Numpy, "abs")), Some("absolute"));
        assert_eq!(name(lookup(Module::Python, "abs")), Some("abs"));
        assert_eq!(name(lookup(Module::Numpy, "nosuch")), None);
        assert_eq!(name(method("astype")), Some("astype"));
        assert_eq!(name(method("amin")), None);
        assert_eq!(name(attribute("T")), Some("T"));
    }
}
