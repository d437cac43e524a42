//! What names mean that the user has not bound: modules, their members, builtins.

use crate::error::Class;
pub use crate::ops::modules::{ANNOTATIONS, MODULES};
use crate::ops::modules::{CLASSES, constants};
use crate::ops::{self, Module};

/// What stands under a module's name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Member {
    Module(&'static str),
    Row(u32),
    /// A constant, a dtype or a class.
    Other,
}

pub fn module(name: &str) -> Option<&'static str> {
    MODULES.iter().find(|(full, _)| *full == name).map(|(full, _)| *full)
}

/// `module.name`, for a module of `MODULES`.
pub fn member(module: &str, name: &str) -> Option<Member> {
    let (_, table) = MODULES.iter().find(|(full, _)| *full == module)?;
    if let Some((full, _)) = MODULES.iter().find(|(full, _)| full.rsplit_once('.') == Some((module, name))) {
        return Some(Member::Module(full));
    }
    if constants(module).iter().any(|(n, ..)| *n == name) || *table == Module::Numpy && is_class(name) {
        return Some(Member::Other);
    }
    if Class::named(&format!("{module}.{name}")).is_some() {
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
    names.extend(
        MODULES
            .iter()
            .filter_map(|(full, _)| full.rsplit_once('.').filter(|(m, _)| *m == module).map(|(_, n)| n)),
    );
    if *table == Module::Numpy {
        names.extend(CLASSES.iter().map(|(name, _)| *name));
        names.push(VERSION);
    }
    names.extend(constants(module).iter().map(|(name, ..)| *name));
    let own =
        |class: &Class| class.full_name().rsplit_once('.').filter(|(m, _)| *m == module).map(|(_, n)| n);
    names.extend(Class::ALL.iter().filter_map(own));
    names
}

/// NumPy's version, as `np.__version__`.
const VERSION: &str = "__version__";

fn is_class(name: &str) -> bool {
    name == VERSION || CLASSES.iter().any(|(n, _)| *n == name)
}

/// The row that a bare name means while nobody has bound it: Python's own builtins, ours, then NumPy's.
pub fn builtin(name: &str) -> Option<u32> {
    [Module::Python, Module::DistArray, Module::Numpy, Module::Widgets]
        .into_iter()
        .find_map(|module| ops::lookup(module, name))
}

/// Whether a bare name that is no row means a constant or a class: `pi`, `float64`.
pub fn bare_constant(name: &str) -> bool {
    ops::constant(name).is_some()
        || CLASSES.iter().any(|(n, _)| *n == name)
        || matches!(name, "object" | "NotImplemented")
        || !name.contains('.') && Class::named(name).is_some()
}

/// All bare names that have a meaning of their own.
pub fn bare_names() -> impl Iterator<Item = &'static str> {
    [Module::Python, Module::DistArray, Module::Numpy, Module::Widgets]
        .into_iter()
        .flat_map(ops::names)
        .chain(ops::CONSTANTS.iter().map(|(name, _, _)| *name))
        .chain(CLASSES.iter().map(|(name, _)| *name))
        .chain(
            Class::ALL
                .iter()
                .map(|class| class.full_name())
                .filter(|n| Class::named(n).is_some() && !n.contains('.')),
        )
}

/// NumPy's public names in a module (or a class), whether the language has them or not.
pub fn numpy_names(owner: &str) -> impl Iterator<Item = &'static str> {
    let mut lines = include_str!("numpy.txt").lines();
    let found = lines.any(|line| line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) == Some(owner));
    lines.take_while(move |line| found && !line.starts_with('[')).flat_map(|line| line.split(' '))
}

/// Whether NumPy has the name, be it in the language or not, in a module or among the attributes of `ndarray` or `Generator`.
pub fn numpy_has(owner: &str, name: &str) -> bool {
    numpy_names(owner).any(|known| known == name)
}

/// What to write for a name of Python's that there is not.
pub fn instead_of_builtin(name: &str) -> Option<&'static str> {
    Some(match name {
        "help" => "write the name with a `?`: `np.sin?`",
        "dir" => "type a dot and press Tab: `a.`",
        "locals" | "globals" | "vars" => "`%whos` lists the session's names",
        "input" => "assign the value in the cell: a program on many ranks cannot ask",
        "open" => "`np.load` and `np.save` read and write `.npy` files",
        "id" => "a value lies elsewhere on each rank: `a is b` says whether two names mean the same",
        "bytes" | "bytearray" | "memoryview" => "there are no bytes here: text is a string",
        "eval" | "exec" | "delattr" => "programs are compiled before they run: write what is meant",
        "SystemExit" | "exit" | "quit" => {
            "a cell ends with its last statement, or with the error that it raises"
        }
        "true" => "did you mean `True`?",
        "false" => "did you mean `False`?",
        "null" | "nil" => "did you mean `None`?",
        "plt" => "write `import matplotlib.pyplot as plt` first",
        "Out" | "In" => "`_` is the last result, `%history` what was entered",
        _ => return None,
    })
}

/// What to do without a module that real programs import.
pub fn instead_of(module: &str) -> Option<&'static str> {
    let top = module.split('.').next().unwrap_or("");
    Some(match top {
        "statistics" => "NumPy has its functions: `np.mean(a)`, `np.std(a)`",
        "random" => "write `np.random.default_rng(seed)`: the same numbers on every number of ranks",
        "matplotlib" | "pylab" | "seaborn" => "plots are drawn by `import matplotlib.pyplot as plt`",
        "scipy" | "pandas" | "cupy" | "dask" | "mpi4py" | "distarray" => {
            "there is no Python behind the cell: NumPy's own functions are built in"
        }
        "IPython" => "`display`, `update_display` and `clear_output` are built in",
        "timeit" => "`%timeit` before a line measures it",
        "fractions" | "decimal" => "numbers are Python's int, float and complex, and NumPy's",
        "re" => "there is no Python behind the cell; strings have their methods",
        "os" | "pathlib" | "json" | "csv" | "pickle" => {
            "files are read and written by `np.load`, `np.save`, `np.loadtxt`, `np.savetxt`"
        }
        "io" => "`np.loadtxt` takes a list of lines too",
        "dataclasses" | "enum" | "abc" => "write a plain class: its `__init__` and its methods",
        "numpy" => {
            "of NumPy's modules there are `numpy`, `numpy.random`, `numpy.fft`, `numpy.linalg` and `numpy.exceptions`"
        }
        _ => return None,
    })
}
