//! The compiled program: what the kernel broadcasts and every rank runs.
//!
//! A tree with every name resolved: locals are slots, captured variables are cells, the session's names are
//! indices into `Program::globals`, and builtins that are known at compile time are rows of the table.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::source::{Source, Span};

/// One cell or file, compiled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Program {
    pub source: Arc<Source>,
    /// The session's names that this program reads or binds; `Expr::Global(i)` is the name `globals[i]`.
    pub globals: Vec<String>,
    /// Every `def` and `lambda`; the machine shares them with the closures that outlive the cell.
    pub functions: Vec<Arc<Function>>,
    /// The statements of the cell itself.
    pub body: Vec<Stmt>,
    /// The last statement when it is an expression to show, as a notebook does; absent after a trailing `;`.
    pub shown: Option<Expr>,
    /// Temporaries of the top level (comprehension variables), as slots.
    pub locals: u32,
    pub cells: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Function {
    pub name: String,
    pub doc: Option<String>,
    pub params: Vec<Param>,
    /// Slots of the frame; parameter `i` arrives in slot `i`, and is moved to its cell when captured.
    pub locals: u32,
    /// The name in each slot, for UnboundLocalError.
    pub local_names: Vec<String>,
    /// Cells of the frame: the first `free.len()` come from the closure, the rest are made at the call.
    pub free: Vec<FreeVar>,
    pub cells: u32,
    pub cell_names: Vec<String>,
    pub body: Vec<Stmt>,
    pub span: Span,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Param {
    pub name: String,
    /// Evaluated once, when the `def` runs, in the frame where the `def` stands.
    pub default: Option<Expr>,
    pub kind: ParamKind,
    /// The cell that the argument moves to, when an inner function captures it.
    pub cell: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParamKind {
    PositionalOnly,
    Normal,
    KeywordOnly,
}

/// Where a closure finds a captured variable when its `def` runs: a cell of the frame around it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FreeVar {
    pub from_cell: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stmt {
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
    Def {
        target: Target,
        function: u32,
    },
    Return(Option<Expr>),
    Del(Vec<Target>),
    Assert {
        test: Expr,
        message: Option<Expr>,
    },
    /// `import numpy as np` binds the module; the checker has verified that it exists.
    Import {
        target: Target,
        module: String,
        name: Option<String>,
    },
    Break,
    Continue,
    Pass,
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
    /// A row of the table of builtins, by its index there.
    Builtin(u32),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
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
    /// `[element for target in iter if cond ...]`; the targets are slots of the frame around it.
    ListComp {
        element: Box<Expr>,
        clauses: Vec<Clause>,
    },
    Call {
        func: Box<Expr>,
        args: Vec<Expr>,
        keywords: Vec<(String, Expr)>,
    },
    Attr(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    FString(Vec<FPart>),
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
    /// `{value!conversion:spec}`; the spec may hold replacement fields itself. `{value=}` is spelt out by the compiler.
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
    /// An integer beyond 64 bits, in decimal.
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
