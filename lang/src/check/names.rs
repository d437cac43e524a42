//! What names mean that the user has not bound: modules, their members, builtins.

use crate::ops::{self, Module};

/// The modules that can be imported.
pub const MODULES: &[(&str, Module)] = &[
    ("numpy", Module::Numpy),
    ("numpy.random", Module::Random),
    ("numpy.linalg", Module::Linalg),
];

/// Names of `numpy` that are neither rows nor constants: classes for `isinstance`, and the version.
const OTHERS: &[&str] = &[
    "ndarray",
    "dtype",
    "generic",
    "number",
    "integer",
    "signedinteger",
    "unsignedinteger",
    "inexact",
    "floating",
    "complexfloating",
    "__version__",
];

/// What stands under a module's name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Member {
    Module(&'static str),
    Row(u32),
    /// A constant, a dtype or a class.
    Other,
}

pub fn module(name: &str) -> Option<&'static str> {
    MODULES
        .iter()
        .find(|(full, _)| *full == name)
        .map(|(full, _)| *full)
}

/// `module.name`, for a module of `MODULES`.
pub fn member(module: &str, name: &str) -> Option<Member> {
    let (_, table) = MODULES.iter().find(|(full, _)| *full == module)?;
    if let Some((full, _)) = MODULES
        .iter()
        .find(|(full, _)| full.rsplit_once('.') == Some((module, name)))
    {
        return Some(Member::Module(full));
    }
    if *table == Module::Numpy && (ops::constant(name).is_some() || OTHERS.contains(&name)) {
        return Some(Member::Other);
    }
    ops::lookup(*table, name).map(Member::Row)
}

/// All names of a module, for completion and "did you mean".
pub fn members(module: &str) -> Vec<&'static str> {
    let Some((_, table)) = MODULES.iter().find(|(full, _)| *full == module) else {
        return Vec::new();
    };
    let mut names: Vec<&str> = ops::names(*table).collect();
    names.extend(MODULES.iter().filter_map(|(full, _)| {
        full.rsplit_once('.')
            .filter(|(m, _)| *m == module)
            .map(|(_, n)| n)
    }));
    if *table == Module::Numpy {
        names.extend(ops::CONSTANTS.iter().map(|(name, _, _)| *name));
        names.extend(OTHERS);
    }
    names
}

/// The row that a bare name means while nobody has bound it: Python's own builtins, ours, then NumPy's.
pub fn builtin(name: &str) -> Option<u32> {
    [Module::Python, Module::DistArray, Module::Numpy]
        .into_iter()
        .find_map(|module| ops::lookup(module, name))
}

/// Whether a bare name that is no row means a constant or a class: `pi`, `float64`.
pub fn bare_constant(name: &str) -> bool {
    ops::constant(name).is_some() || OTHERS.contains(&name) && !name.starts_with('_')
}

/// All bare names that have a meaning of their own.
pub fn bare_names() -> impl Iterator<Item = &'static str> {
    [Module::Python, Module::DistArray, Module::Numpy]
        .into_iter()
        .flat_map(ops::names)
        .chain(ops::CONSTANTS.iter().map(|(name, _, _)| *name))
        .chain(OTHERS.iter().copied().filter(|n| !n.starts_with('_')))
}

/// What to do without a module that real programs import.
pub fn instead_of(module: &str) -> Option<&'static str> {
    let top = module.split('.').next().unwrap_or("");
    Some(match top {
        "math" | "cmath" => "NumPy has its functions, for numbers too: `np.sqrt(x)`, `np.pi`",
        "random" => {
            "write `np.random.default_rng(seed)`: the same numbers on every number of ranks"
        }
        "matplotlib" | "pylab" | "seaborn" => {
            "`imshow(a)` shows an array as a picture, `plot_distribution(a)` where it lives"
        }
        "scipy" | "pandas" | "cupy" | "dask" | "mpi4py" | "distarray" => {
            "there is no Python behind the cell: NumPy's own functions are built in"
        }
        "time" | "timeit" => "`%time` before the code of a cell measures it",
        "typing" | "__future__" => "leave it out: annotations are read over",
        "numpy" => "of NumPy's modules there are `numpy`, `numpy.random` and `numpy.linalg`",
        _ => return None,
    })
}
