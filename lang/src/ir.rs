//! The compiled program: what the kernel broadcasts and every rank runs.
//!
//! A tree with every name resolved: locals are slots, captured variables are cells, and the session's names are
//! indices into `Program::globals`. What the machine must do with it, where the types below do not say it:
//!
//! - Order of evaluation is Python's: operands, arguments and elements from left to right; in an assignment the value
//!   first, then each target from left to right; in `AugAssign` the target's base and index once, then its old value,
//!   then the right-hand side, then the in-place operation (an array on the left keeps its dtype and identity); in a
//!   `Dict` key before value; in `Compare` each operand once, stopping at the first false.
//! - A frame starts with every slot and cell unbound. Reading an unbound variable raises, in CPython's words:
//!   `Local`: UnboundLocalError "cannot access local variable 'x' where it is not associated with a value";
//!   `Cell` below `free.len()`: NameError "cannot access free variable 'x' where it is not associated with a value in
//!   enclosing scope"; any other `Cell`: as `Local`; `Global`: the session's value, else the builtin that
//!   `Global::builtin` names, else NameError "name 'x' is not defined". Deleting an unbound one raises the same
//!   (a global that is only a builtin counts as unbound).
//! - Globals are the session's: they are looked up when the expression runs, also from functions of earlier cells, so
//!   a function sees what later cells bind. A `Closure` keeps its own program, whose `globals` its body indexes.
//! - At a call: parameter `i` arrives in slot `i`; where `Param::cell` is set it is moved on into that cell. Cells
//!   `0..free.len()` are the closure's own (taken from the defining frame at `FreeVar::from_cell` when the `def` or
//!   `lambda` ran, shared, not copied), the others are new.
//! - Nesting is bounded by `MAX_DEPTH` (expressions) and `MAX_BLOCKS` (statements), which the compiler enforces: a
//!   recursive machine needs a stack for that, and a reader of the serialised form must lift limits on nesting.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::source::{Source, Span};

/// Expressions are at most this many nodes deep.
pub const MAX_DEPTH: usize = 200;
/// Blocks are nested at most this deep, as CPython's indentation.
pub const MAX_BLOCKS: usize = 100;

/// One cell or file, compiled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Program {
    pub source: Arc<Source>,
    /// The session's names that this program reads or binds; `Expr::Global(i)` is the name `globals[i]`.
    pub globals: Vec<Global>,
    /// Every `def` and `lambda`; the machine shares them with the closures that outlive the cell.
    pub functions: Vec<Arc<Function>>,
    /// The statements of the cell itself.
    pub body: Vec<Stmt>,
    /// The last statement when it is an expression to show, as a notebook does; absent after a trailing `;`.
    pub shown: Option<Expr>,
    /// Slots and cells of the top level (comprehension variables; in cells where a lambda captures them), and the
    /// name in each.
    pub locals: u32,
    pub local_names: Vec<String>,
    pub cells: u32,
    pub cell_names: Vec<String>,
    pub notes: Notes,
}

/// What is written down of a program while it runs, and printed at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notes {
    #[default]
    None,
    /// Passes over arrays: what each computes, stores and moves.
    Explain,
    /// The time of each statement, and what it moves.
    Profile,
}

/// A name of the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Global {
    pub name: String,
    /// The row of the table of builtins that the name means while the session does not bind it: Python's own, else
    /// NumPy's or ours.
    pub builtin: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Function {
    /// `<lambda>` for a lambda.
    pub name: String,
    pub doc: Option<String>,
    pub params: Vec<Param>,
    /// Slots of the frame; parameter `i` arrives in slot `i`, and is moved to its cell when captured.
    pub locals: u32,
    /// The name in each slot, for UnboundLocalError.
    pub local_names: Vec<String>,
    /// Cells of the frame: the first `free.len()` come from the closure, the rest are made at the call.
    /// `cell_names` has the name in each.
    pub free: Vec<FreeVar>,
    pub cells: u32,
    pub cell_names: Vec<String>,
    /// A lambda's body is one `Return`. Falling off the end returns None.
    pub body: Vec<Stmt>,
    /// It has a `yield`: a call runs nothing, and gives an iterator.
    pub generator: bool,
    /// The `def` line, or the lambda.
    pub span: Span,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Param {
    pub name: String,
    /// Evaluated once, when the `def` or `lambda` runs, in the frame where it stands, from left to right.
    pub default: Option<Expr>,
    pub kind: ParamKind,
    /// The cell that the argument moves to, when an inner function captures it.
    pub cell: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParamKind {
    /// Before a `/`.
    PositionalOnly,
    Normal,
    /// `*args`: a tuple of the positional arguments that are left.
    VarPositional,
    /// `**kwargs`: a dict of the keywords that are left.
    VarKeyword,
    /// After a `*`; one without a default must be given, wherever it stands.
    KeywordOnly,
}

/// Where a closure finds a captured variable when its `def` runs: a cell of the frame around it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FreeVar {
    pub from_cell: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stmt {
    /// The statement; of one with a block, its header line only.
    pub span: Span,
    pub kind: StmtKind,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum StmtKind {
    Expr(Expr),
    /// `a = b = value`: the value once, then the targets from left to right.
    Assign {
        targets: Vec<Target>,
        value: Expr,
    },
    /// The target is never a tuple.
    AugAssign {
        target: Target,
        op: BinOp,
        value: Expr,
    },
    If {
        test: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// `orelse` runs when the loop ends otherwise than by `break`.
    While {
        test: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    For {
        target: Target,
        iter: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    /// The decorators first; their results are called with the function, the last one first.
    Def {
        target: Target,
        function: u32,
        decorators: Vec<Expr>,
    },
    /// The function's frame becomes the class's namespace: its slots by name. `class_cell` is the frame's cell
    /// `__class__`, where a method asks for it.
    Class {
        target: Target,
        bases: Vec<Expr>,
        function: u32,
        class_cell: Option<u32>,
        decorators: Vec<Expr>,
    },
    /// `finally` runs however the others end. The variable of a handler is unbound when it ends.
    Try {
        body: Vec<Stmt>,
        handlers: Vec<Handler>,
        orelse: Vec<Stmt>,
        finally: Vec<Stmt>,
    },
    With {
        items: Vec<(Expr, Option<Target>)>,
        body: Vec<Stmt>,
    },
    Return(Option<Expr>),
    Del(Vec<Target>),
    Assert {
        test: Expr,
        message: Option<Expr>,
    },
    /// `raise exception from cause`; alone, raises what is being handled again.
    Raise {
        exception: Option<Expr>,
        cause: Option<Expr>,
    },
    /// `yield value` and `yield from value`, only in functions that are `generator`s; the targets get what was sent
    /// (`from`: what the inner generator returned).
    Yield {
        value: Option<Expr>,
        from: bool,
        targets: Vec<Target>,
    },
    /// Binds a module or one of its names: `import numpy as np` is `("numpy", None)`, `from numpy import sin as s`
    /// is `("numpy", Some("sin"))`. Submodules are always given by their full name with no `name`
    /// (`from numpy import random` is `("numpy.random", None)`). The checker has verified that it exists.
    Import {
        target: Target,
        module: String,
        name: Option<String>,
    },
    Break,
    Continue,
    Pass,
}

/// `except class as target:`; without a class it takes what is left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Handler {
    pub span: Span,
    pub class: Option<Expr>,
    pub target: Option<Target>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Target {
    Name(Var, Span),
    Index {
        base: Expr,
        index: Expr,
        span: Span,
    },
    Attr {
        base: Expr,
        name: String,
        span: Span,
    },
    /// Unpacking; at most one element may be starred.
    Tuple {
        items: Vec<Target>,
        starred: Option<u32>,
        span: Span,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Var {
    Local(u32),
    Cell(u32),
    Global(u32),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expr {
    pub span: Span,
    pub kind: ExprKind,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ExprKind {
    Const(Const),
    Var(Var),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    /// In order of insertion; how it was written decides the order of its items, as in CPython.
    Set(Vec<Expr>, SetFrom),
    Dict(Vec<(Expr, Expr)>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinOp, Box<Expr>, Box<Expr>),
    /// `a < b < c`: each operand once, stopping at the first false.
    Compare(Box<Expr>, Vec<(CmpOp, Expr)>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    IfElse {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    Lambda(u32),
    /// `[element for target in iter if cond ...]`, and with braces; `value` is there in a dict's. The targets are slots
    /// and cells of the frame around it, its own alone. The first `iter` is evaluated; then `fresh` are made unbound (a
    /// cell: replaced by a new one, for earlier lambdas keep theirs); then the clauses run, nested, the later `iter`s
    /// once for each step of those before.
    Comp {
        kind: CompKind,
        element: Box<Expr>,
        value: Option<Box<Expr>>,
        clauses: Vec<Clause>,
        fresh: Vec<Var>,
    },
    /// `(element for target in iter ...)`: a generator of the function, which takes the iterator of `iter`, made at once.
    Generator {
        function: u32,
        iter: Box<Expr>,
    },
    /// The function first, then the arguments, then the keywords' values. No keyword occurs twice.
    Call {
        func: Box<Expr>,
        args: Vec<Expr>,
        keywords: Vec<(String, Expr)>,
    },
    /// As `Call`, with `*value` among the arguments (true) or `**value` among the keywords (no name). All positional
    /// arguments come before the first keyword.
    CallUnpacked {
        func: Box<Expr>,
        args: Vec<(bool, Expr)>,
        keywords: Vec<(Option<String>, Expr)>,
    },
    /// `[a, *b]` and `(a, *b)`: true where an item is unpacked.
    Unpacked {
        list: bool,
        items: Vec<(bool, Expr)>,
    },
    /// `{key: value, **other}`: `**other` has no key.
    DictUnpacked(Vec<(Option<Expr>, Expr)>),
    /// `(var := value)`.
    Walrus(Var, Box<Expr>),
    /// A name that a class's body binds, read there: the slot, else the global.
    ClassName {
        slot: u32,
        global: u32,
    },
    Attr(Box<Expr>, String),
    /// `a[index]`: a `Tuple` where there were commas, a `Slice` alone or inside of it.
    Index(Box<Expr>, Box<Expr>),
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    FString(Vec<FPart>),
}

/// What a comprehension makes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompKind {
    List,
    Set,
    Dict,
}

/// How CPython makes the set of a display, for the order of its items: items one by one; three constants or more, a
/// frozenset that is merged into an empty set; of constants to be gone through, that frozenset itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetFrom {
    Items,
    Constants,
    Frozen,
    /// One by one, those of the only item, a list.
    List,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Clause {
    pub target: Target,
    pub iter: Expr,
    pub conditions: Vec<Expr>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum FPart {
    Text(String),
    /// `{value!conversion:spec}`: `conversion` is `r`, `s` or `a`, applied before `format(value, spec)`. The spec is a
    /// `Const(Str)` or an `FString`. `{value=}` is spelt out by the compiler.
    Value {
        value: Expr,
        conversion: Option<char>,
        spec: Option<Box<Expr>>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Const {
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    /// An integer beyond 64 bits, in decimal. Literals are never negative: `-1` is a `Unary(Neg, ..)`.
    BigInt(String),
    /// The bits of a float64: JSON has no words for inf and nan.
    Float(u64),
    /// The imaginary part's bits of `2j`.
    Imag(u64),
    Str(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnaryOp {
    Neg,
    Pos,
    Invert,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    LShift,
    RShift,
    BitAnd,
    BitOr,
    BitXor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CmpOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Is,
    IsNot,
    In,
    NotIn,
}
