//! The table of builtins: everything that the language can do to a value, one row each.
//!
//! Name resolution, arity errors, completion, help, the reference page and the check against NumPy follow from a
//! row. A new function is a row (and, for an elementwise one, its loops, in the same file); a new way of
//! communicating is a variant of `Pattern` and an executor in `engines`.

mod cast;
mod classes;
pub mod cmath;
mod cmath_rows;
mod collections;
mod constants;
mod loops;
pub mod methods;
pub mod modules;
mod resolve;
pub mod signature;
mod table;
mod time;

mod arith;
mod attr;
mod bits;
mod compare;
mod complex;
mod cores;
mod create;
mod division;
mod draw;
mod dtypes;
mod exp;
mod fft;
mod float;
pub mod floating;
mod functools;
mod host;
mod io;
mod itertools;
mod layout;
mod linalg;
mod local;
mod logic;
mod math;
mod objects;
pub mod pairs;
mod power;
mod printing;
mod products;
mod random;
mod random_legacy;
mod rearrange;
mod reduce;
mod show;
mod sort;
mod trig;
mod ufunc;
mod vmath;
pub mod wide;
mod widgets;
mod words;

pub use cast::cast;
pub use constants::{CONSTANTS, Constant, constant};
pub use cores::{CLIP, WHERE, resolve_clip, resolve_where};
pub use draw::{Bound, Draw, Family};
pub use loops::{Bool, Elem};
pub use power::{Exponent, power_by_one, power_operator};
pub use resolve::{Operand, Resolved, can_store, resolve, resolve_casting, resolve_dtype, result_type};
pub use signature::{Binding, Slot, bind};
pub use table::{attribute, digest, lookup, method, names, row, table};
pub use ufunc::{identity, is_reorderable};

use crate::dtype::DType;
use crate::error::Result;

/// Where Python finds the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Module {
    /// `print`, `len`, `range`: Python's own builtins.
    Python,
    /// `np.sin`; a bare `sin` means the same unless the session has bound it.
    Numpy,
    /// `np.random.rand`.
    Random,
    /// `np.fft.fft`.
    Fft,
    /// `np.linalg.norm`.
    Linalg,
    /// `math.sqrt`, and so on: Python's modules of these names.
    Math,
    Cmath,
    Time,
    Sys,
    String,
    Itertools,
    Functools,
    Operator,
    Heapq,
    Bisect,
    Collections,
    Copy,
    /// `matplotlib`: nothing but what follows.
    Matplotlib,
    /// `plt.plot`, after `import matplotlib.pyplot as plt`.
    Pyplot,
    /// `matplotlib.colors`.
    Colors,
    /// `interact`, `IntSlider`: also bare, as ours are.
    Widgets,
    /// `np.exceptions`: no rows, classes only.
    Exceptions,
    /// Methods of arrays that are no functions of NumPy: `a.astype(...)`.
    Array,
    /// Attributes of arrays, read without a call: `a.shape`, `a.T`, `a.dist`.
    ArrayAttr,
    /// Methods of NumPy's ufuncs: `np.add.reduce`.
    Ufunc,
    /// Methods of `np.random.default_rng(seed)`.
    Generator,
    /// Methods of `a.distribution`.
    Distribution,
    /// Ours, with no word for it in NumPy, found by its bare name: `redistribute`, `plot_distribution`, `imshow`.
    DistArray,
}

/// How the ranks must talk to run it. A closed set: one executor each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Replicated values only; no array data, no communication.
    Host,
    /// Element by element, after operands are brought to one layout.
    Elementwise,
    Reduce,
    Scan,
    /// Sorted in parts, cut exactly, dealt out and merged.
    Sort,
    Contract,
    /// Factorisations of matrices.
    Factor,
    Index,
    /// Views and rearrangements.
    Rearrange,
    Redistribute,
    Create,
    Io,
    /// Fetches what is shown.
    Show,
    /// Written in the language itself (`crate::prelude`), of other builtins.
    Composed,
}

/// The dtype of the result, as it prints in the reference page.
#[derive(Clone, Copy, Debug)]
pub enum DTypeRule {
    /// The first of the row's loops that the operands cast to safely (NEP 50).
    Loops,
    /// As `Loops`, and where all operands are integers or bools, as if they were float64: true division.
    TrueDivide,
    /// As `Loops`, exact for any two integers: comparisons.
    Compare,
    /// By the truth of each operand; operands of one dtype need no cast.
    Truth,
    /// The loop of the operands' promotion, and no other: no bool where there is no loop for it.
    Exact,
    /// As `Loops`, but TypeError in these words when all operands are bool.
    NotBool(&'static str),
    /// As the operand.
    Same,
    /// The promotion of all operands.
    Promote,
    Fixed(DType),
    /// By the `dtype` argument, with this default.
    Given(DType),
    /// In the words given here; the executor decides.
    Custom(&'static str),
}

/// The shape of the result, as it prints in the reference page.
#[derive(Clone, Copy, Debug)]
pub enum ShapeRule {
    Broadcast,
    /// The operand's, less `axis` (kept with extent 1 under `keepdims`).
    DropAxis,
    Same,
    Given,
    Scalar,
    Custom(&'static str),
}

/// A loop over contiguous tiles: the inputs' bytes (aligned for their types, equal lengths), then the outputs'.
/// `bool` is one byte, 0 or 1. A loop never fails and never panics: division by zero, overflow and nan are as NumPy's.
pub type LoopFn = fn(ins: &[&[u8]], outs: &mut [&mut [u8]]);

/// What a loop cannot answer by a value: looks at a rank's tiles before the loop runs over any, and refuses them.
/// It differs between ranks, so the ranks must agree on the outcome.
pub type CheckFn = fn(ins: &[&[u8]]) -> Result<()>;

/// One typed implementation of an elementwise function, as NumPy's `ufunc.types` lists them.
#[derive(Clone, Copy)]
pub struct Loop {
    pub ins: &'static [DType],
    pub outs: &'static [DType],
    pub run: LoopFn,
    pub check: Option<CheckFn>,
}

/// What the engines do for a row. Closed enums, so that a missing implementation does not compile.
#[derive(Clone, Copy)]
pub enum Run {
    /// NumPy's universal functions, `where` and `clip`'s cores, casts: loops in the row itself.
    Ufunc(&'static [Loop]),
    UfuncMethod(UfuncMethod),
    Reduce(Reduce),
    Scan(Scan),
    Sort(Sort),
    Contract(Contract),
    LinAlg(LinAlg),
    Create(Create),
    Rearrange(Rearrange),
    Random(Random),
    Fft(Fft),
    Io(Io),
    Layout(LayoutOp),
    Show(Show),
    Attr(Attr),
    DType(DTypeQuestion),
    Host(Host),
    Printing(Printing),
    /// The function of the row's name in that file of `crate::prelude`.
    Prelude(u32),
    /// The same, called with what indexes the name: `np.r_[...]`.
    PreludeIndexed(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UfuncMethod {
    Reduce,
    Accumulate,
    Outer,
    At,
    ReduceAt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduce {
    Sum,
    Prod,
    Min,
    Max,
    Mean,
    Var,
    Std,
    Any,
    All,
    ArgMin,
    ArgMax,
    CountNonzero,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scan {
    CumSum,
    CumProd,
}

/// Sorting and what rests on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    Sort,
    ArgSort,
    Partition,
    ArgPartition,
    LexSort,
    SortComplex,
    SearchSorted,
    IsIn,
    Unique,
    UniqueAll,
    UniqueCounts,
    UniqueInverse,
    UniqueValues,
    BinCount,
    /// Order statistics.
    Select,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Contract {
    Dot,
    MatMul,
    Outer,
    Einsum,
    Diagonal,
}

/// Solvers and factorisations of `np.linalg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinAlg {
    Solve,
    Inv,
    Det,
    SlogDet,
    Cholesky,
    Qr,
    Svd,
    SvdVals,
    Eig,
    EigVals,
    Eigh,
    EigValsh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Create {
    Array,
    AsArray,
    Zeros,
    Ones,
    Full,
    Empty,
    ZerosLike,
    OnesLike,
    FullLike,
    EmptyLike,
    Arange,
    Linspace,
    Eye,
    Identity,
    FromFunction,
    MeshGrid,
    /// `np.mgrid[...]`: an object to index, not to call.
    MGrid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rearrange {
    Reshape,
    Transpose,
    Ravel,
    Flatten,
    Concatenate,
    Stack,
    VStack,
    HStack,
    AsType,
    Copy,
    Clip,
    BroadcastTo,
    /// `np.where` with three arguments, `np.round` with decimals: composed of ufuncs by the executor.
    Where,
    Round,
    Item,
    ToList,
    Fill,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Random {
    DefaultRng,
    RandomState,
    Spawn,
    Seed,
    GetState,
    SetState,
    Rand,
    RandN,
    /// A method of a Generator, or a legacy function and its RandomState method: the row's module says which.
    Draw(Draw),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fft {
    Fft,
    Ifft,
    Rfft,
    Irfft,
    Hfft,
    Ihfft,
    Fft2,
    Ifft2,
    Rfft2,
    Irfft2,
    Fftn,
    Ifftn,
    Rfftn,
    Irfftn,
    Freq,
    RealFreq,
    Shift,
    InverseShift,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Io {
    Load,
    Save,
    SaveZ,
    SaveZCompressed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayoutOp {
    Redistribute,
    IsFortran,
    /// `a.distribution.global_from_local(rank, local)` and back.
    GlobalFromLocal,
    LocalFromGlobal,
    Owner,
    LocalShape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Show {
    Display,
    UpdateDisplay,
    ClearOutput,
    PlotDistribution,
    PlotRedistribution,
    Explain,
    ImShow,
    /// Of widgets: what parameters a function has, a call whose outputs a widget shows, a widget's new state.
    Parameters,
    Perform,
    State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attr {
    Shape,
    NDim,
    Size,
    DType,
    ItemSize,
    NBytes,
    T,
    Flat,
    Real,
    Imag,
    Dist,
    Grid,
    Targets,
    Distribution,
}

/// Arrays and numbers as text, by NumPy's print options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Printing {
    SetOptions,
    GetOptions,
    Array2String,
    ArrayRepr,
    ArrayStr,
    Positional,
    Scientific,
}

/// What is asked about dtypes; no array data is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DTypeQuestion {
    CanCast,
    PromoteTypes,
    ResultType,
    IsSubDType,
}

/// Python's own builtins, run on replicated values by the machine (which may hand arrays on to another row).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    Print,
    Len,
    Abs,
    Min,
    Max,
    Sum,
    Int,
    Float,
    Complex,
    Bool,
    Str,
    Repr,
    Range,
    Type,
    Enumerate,
    Zip,
    List,
    Tuple,
    Round,
    IsInstance,
    Any,
    All,
    Sorted,
    Reversed,
    Map,
    Filter,
    Iter,
    Next,
    Dict,
    DivMod,
    Pow,
    Slice,
    /// `np.s_[...]` and `np.index_exp[...]`: objects to index, not to call.
    SIndex,
    IndexExp,
    Callable,
    HasAttr,
    GetAttr,
    SetAttr,
    Chr,
    Ord,
    Hex,
    Oct,
    Bin,
    Ascii,
    Format,
    IsSubclass,
    Super,
    Property,
    StaticMethod,
    ClassMethod,
    ErrState,
    SetErr,
    GetErr,
    ReadText,
    WriteText,
    Set,
    FrozenSet,
    Hash,
    ItemGetter,
    AttrGetter,
    MethodCaller,
    CopyOf,
    DeepCopy,
    Math(Math),
    Cmath(Cmath),
    Time(Time),
    Itertools(Itertools),
    Functools(Functools),
    Collections(Collections),
    Local(Local),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Math {
    Acos,
    Acosh,
    Asin,
    Asinh,
    Atan,
    Atan2,
    Atanh,
    Cbrt,
    Ceil,
    Comb,
    Copysign,
    Cos,
    Cosh,
    Degrees,
    Dist,
    Erf,
    Erfc,
    Exp,
    Exp2,
    Expm1,
    Fabs,
    Factorial,
    Floor,
    Fmod,
    Frexp,
    Fsum,
    Gamma,
    Gcd,
    Hypot,
    Isclose,
    Isfinite,
    Isinf,
    Isnan,
    Isqrt,
    Lcm,
    Ldexp,
    Lgamma,
    Log,
    Log10,
    Log1p,
    Log2,
    Modf,
    Nextafter,
    Perm,
    Pow,
    Prod,
    Radians,
    Remainder,
    Sin,
    Sinh,
    Sqrt,
    Tan,
    Tanh,
    Trunc,
    Ulp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cmath {
    Cos,
    Cosh,
    Exp,
    Isclose,
    Isfinite,
    Isinf,
    Isnan,
    Log,
    Log10,
    Phase,
    Polar,
    Rect,
    Sin,
    Sinh,
    Sqrt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Time {
    Monotonic,
    PerfCounter,
    PerfCounterNs,
    ProcessTime,
    Sleep,
    Time,
    TimeNs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Itertools {
    Accumulate,
    Chain,
    ChainFromIterable,
    Combinations,
    CombinationsWithReplacement,
    Compress,
    Count,
    Cycle,
    Dropwhile,
    Filterfalse,
    Islice,
    Pairwise,
    Permutations,
    Product,
    Repeat,
    Starmap,
    Takewhile,
    ZipLongest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Functools {
    Cache,
    LruCache,
    Partial,
    Reduce,
}

/// Functions that run on each rank's own block, and what they ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Local {
    Decorate,
    Rank,
    Ranks,
    GlobalIndices,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Collections {
    Counter,
    OrderedDict,
    DefaultDict,
    Deque,
}

/// A builtin, declared once.
pub struct Row {
    /// NumPy's (or Python's) name within `module`.
    pub name: &'static str,
    pub module: Module,
    /// Other names of the same thing in the same module: `abs` for `absolute`.
    pub aliases: &'static [&'static str],
    /// As Python writes it: `(a, axis=None, dtype=None, *, keepdims=False)`. Arity errors, keyword
    /// completion and help come from it. Our own keywords (`dist=`, `grid=`, `targets=`) stand last.
    pub signature: &'static str,
    /// Set where arrays have it as a method: the signature without `self`, which is the first parameter of the function
    /// that stands not in it.
    pub method: Option<&'static str>,
    /// First line: one sentence. Then shapes, errors, source of the algorithm.
    pub doc: &'static str,
    /// A program that runs; its last expression is shown.
    pub example: &'static str,
    pub pattern: Pattern,
    pub dtype: DTypeRule,
    pub shape: ShapeRule,
    pub run: Run,
}

/// A ufunc of one argument.
const fn ufunc1(
    name: &'static str,
    aliases: &'static [&'static str],
    doc: &'static str,
    example: &'static str,
    loops: &'static [Loop],
) -> Row {
    Row {
        signature: "(x, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True)",
        ..ufunc2(name, aliases, doc, example, loops)
    }
}

/// A ufunc of two arguments.
const fn ufunc2(
    name: &'static str,
    aliases: &'static [&'static str],
    doc: &'static str,
    example: &'static str,
    loops: &'static [Loop],
) -> Row {
    Row {
        name,
        module: Module::Numpy,
        aliases,
        signature: "(x1, x2, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True)",
        method: None,
        doc,
        example,
        pattern: Pattern::Elementwise,
        dtype: DTypeRule::Loops,
        shape: ShapeRule::Broadcast,
        run: Run::Ufunc(loops),
    }
}
