//! The tree of a source: its syntax and nothing more. Names are names, places are spans.

use crate::ir::{BinOp, CmpOp, Const, ParamKind, UnaryOp};
use crate::source::Span;

#[derive(Debug)]
pub struct Stmt {
    /// The statement; of one with a block, its header.
    pub span: Span,
    pub kind: StmtKind,
}

#[derive(Debug)]
pub enum StmtKind {
    Expr(Expr),
    Assign {
        targets: Vec<Target>,
        value: Expr,
    },
    /// `x: int = 1`. The annotation is not kept.
    Annotated {
        target: Target,
        value: Option<Expr>,
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
    Class {
        decorators: Vec<Expr>,
        name: Name,
        bases: Vec<Expr>,
        body: Vec<Stmt>,
    },
    Def {
        decorators: Vec<Expr>,
        name: Name,
        params: Vec<Param>,
        body: Vec<Stmt>,
    },
    Return(Option<Expr>),
    Del(Vec<Target>),
    Assert {
        test: Expr,
        message: Option<Expr>,
    },
    Raise {
        exception: Option<Expr>,
        cause: Option<Expr>,
    },
    /// `import a.b as c`, one for each module.
    Import {
        module: Name,
        alias: Option<Name>,
    },
    /// `from a.b import c as d, ...`.
    ImportFrom {
        module: Name,
        names: Vec<(Name, Option<Name>)>,
    },
    Global(Vec<Name>),
    Nonlocal(Vec<Name>),
    Break,
    Continue,
    Pass,
    /// A line that could not be read (a diagnostic says why), with every word in it: it may have bound them.
    Broken {
        words: Vec<String>,
        body: Vec<Stmt>,
    },
}

/// `except class as name:`.
#[derive(Debug)]
pub struct Handler {
    pub span: Span,
    pub class: Option<Expr>,
    pub name: Option<Name>,
    pub body: Vec<Stmt>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

#[derive(Debug)]
pub enum Target {
    Name(Name),
    Index { base: Expr, index: Expr, span: Span },
    Attr { base: Expr, name: Name, span: Span },
    Tuple { items: Vec<Target>, starred: Option<usize>, span: Span },
}

#[derive(Debug)]
pub struct Param {
    pub name: Name,
    pub kind: ParamKind,
    pub default: Option<Expr>,
}

#[derive(Debug)]
pub struct Expr {
    pub span: Span,
    /// Nodes from here to the deepest leaf, at most `ir::MAX_DEPTH`.
    pub depth: usize,
    pub kind: ExprKind,
}

#[derive(Debug)]
pub enum ExprKind {
    Const(Const),
    Name(String),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    /// `**value` has no key.
    Dict(Vec<(Option<Expr>, Expr)>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinOp, Box<Expr>, Box<Expr>),
    Compare(Box<Expr>, Vec<(CmpOp, Expr)>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    IfElse {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    Lambda {
        params: Vec<Param>,
        body: Box<Expr>,
    },
    /// `value` is there in a dict's, whose `element` is the key.
    Comp {
        kind: CompKind,
        element: Box<Expr>,
        value: Option<Box<Expr>>,
        clauses: Vec<Clause>,
    },
    /// `yield value`, `yield from value`: a statement's whole value, and refused everywhere else.
    Yield {
        value: Option<Box<Expr>>,
        from: bool,
    },
    Call {
        func: Box<Expr>,
        args: Vec<Expr>,
        keywords: Vec<Keyword>,
    },
    Attr(Box<Expr>, Name),
    Index(Box<Expr>, Box<Expr>),
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    FString(Vec<FPart>),
    /// `*a`: in tuples, lists, sets and arguments.
    Starred(Box<Expr>),
    Walrus(Name, Box<Expr>),
}

/// `name=value` of a call; `**value` has no name.
pub type Keyword = (Option<Name>, Expr);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompKind {
    List,
    Set,
    Dict,
    Generator,
}

#[derive(Debug)]
pub struct Clause {
    pub target: Target,
    pub iter: Expr,
    pub conditions: Vec<Expr>,
}

#[derive(Debug)]
pub enum FPart {
    Text(String),
    Value { value: Expr, conversion: Option<char>, spec: Option<Vec<FPart>> },
}
