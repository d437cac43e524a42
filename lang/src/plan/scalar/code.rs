//! The register program that a loop or a function of scalars becomes: typed words, blocks, and places to leave it.
//!
//! Registers are variables, not values: a block may assign one again. A whole number, a truth (0 or 1) and a handle of
//! an array, a list are an `Int` word, all floats are a `Float` word (those of float32 hold its values). An operation with
//! an exit leaves the program there before it has done anything, when its result is not what its type says.

use std::fmt;

use crate::dtype::DType;
use crate::ir::CmpOp;

pub type Reg = u32;
pub type BlockId = u32;
pub type ExitId = u32;

/// What a variable holds, as far as the program is made for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    Unbound,
    /// What only the interpreter knows. It may stay in a variable.
    Other,
    Bool,
    Int,
    Float,
    /// NumPy's scalar.
    Np(DType),
    /// A replicated array in memory: its dtype and its axes.
    Array(DType, u8),
    /// A list whose items are mostly of a kind.
    List(Item),
    /// A function of the user's, a row of the table of builtins, a module: constants of the program.
    Function(u32),
    Builtin(u32),
    Module(&'static str),
}

/// The items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// None yet, or something else.
    Unknown,
    Bool,
    Int,
    Float,
    /// NumPy's float64 and int64.
    F64,
    I64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Int,
    Float,
}

impl Ty {
    /// The word that holds it, of what has one.
    pub fn word(self) -> Option<Word> {
        match self {
            Ty::Bool | Ty::Int | Ty::Array(..) | Ty::List(_) => Some(Word::Int),
            Ty::Float => Some(Word::Float),
            Ty::Np(dtype) if dtype.is_float() => Some(Word::Float),
            Ty::Np(_) => Some(Word::Int),
            _ => None,
        }
    }

    /// Whether it is a number that programs compute with.
    pub fn is_number(self) -> bool {
        match self {
            Ty::Bool | Ty::Int | Ty::Float => true,
            Ty::Np(dtype) => is_word(dtype),
            _ => false,
        }
    }
}

/// Whether programs have a word for elements of a dtype: not for complex numbers, nor for those beyond int64.
pub fn is_word(dtype: DType) -> bool {
    !dtype.is_complex() && dtype != DType::U64
}

impl Item {
    pub fn ty(self) -> Option<Ty> {
        match self {
            Item::Unknown => None,
            Item::Bool => Some(Ty::Bool),
            Item::Int => Some(Ty::Int),
            Item::Float => Some(Ty::Float),
            Item::F64 => Some(Ty::Np(DType::F64)),
            Item::I64 => Some(Ty::Np(DType::I64)),
        }
    }

    /// What items of that type are.
    pub fn of(ty: Ty) -> Item {
        match ty {
            Ty::Bool => Item::Bool,
            Ty::Int => Item::Int,
            Ty::Float => Item::Float,
            Ty::Np(DType::F64) => Item::F64,
            Ty::Np(DType::I64) => Item::I64,
            _ => Item::Unknown,
        }
    }
}

/// Operations of whole numbers, as Python's; those that may not fit or divide by zero leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntOp {
    Add,
    Sub,
    Mul,
    FloorDiv,
    Mod,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    /// By repeated multiplication; leaves for all but small exponents that are written down.
    Pow,
    /// Of counters: never leave.
    WrapAdd,
    WrapSub,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatFn {
    Neg,
    Abs,
    Sqrt,
    Floor,
    Ceil,
    Trunc,
}

/// A function of floats that the machine has: the very one that the interpreter calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extern {
    /// Python's `//`, `%` and `**` of floats, for divisors that are not zero.
    FloorDiv,
    Mod,
    Power,
    /// A row of the table of builtins.
    Row(u32),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    Int(Reg, i64),
    /// By its bits.
    Float(Reg, u64),
    Move(Reg, Reg),
    /// A word of the machine's table of words.
    Slot(Reg, u32),
    IntOp(IntOp, Reg, Reg, Reg, ExitId),
    FloatOp(FloatOp, Reg, Reg, Reg),
    FloatFn(FloatFn, Reg, Reg),
    /// A truth, of two words alike.
    Compare(CmpOp, Reg, Reg, Reg),
    /// The second where the truth holds, else the third.
    Select(Reg, Reg, Reg, Reg),
    ToFloat(Reg, Reg),
    /// Towards zero; leaves where it is no int64.
    ToInt(Reg, Reg, ExitId),
    /// To the nearest float32.
    Single(Reg, Reg),
    /// Leaves where the truth does not hold.
    Need(Reg, ExitId),
    /// Leaves where the whole number is not between the two.
    Within(Reg, i64, i64, ExitId),
    /// The float, which leaves unless it is finite.
    Finite(Reg, ExitId),
    Apply {
        to: Reg,
        function: Extern,
        args: Vec<Reg>,
    },
    /// Leaves out of bounds; negative positions count from the end.
    Read {
        to: Reg,
        array: Reg,
        at: Vec<Reg>,
        dtype: DType,
        exit: ExitId,
    },
    /// The place of an element that is to be written, as `Read`; leaves where the array is read-only too.
    Place {
        to: Reg,
        array: Reg,
        at: Vec<Reg>,
        dtype: DType,
        exit: ExitId,
    },
    Write {
        place: Reg,
        value: Reg,
        dtype: DType,
    },
    Extent(Reg, Reg, u32),
    Length(Reg, Reg),
    /// Leaves out of bounds, and where the item is of another kind.
    GetItem {
        to: Reg,
        list: Reg,
        at: Reg,
        item: Item,
        exit: ExitId,
    },
    /// Leaves out of bounds, and where the item there is no plain value.
    HasItem {
        list: Reg,
        at: Reg,
        exit: ExitId,
    },
    /// Leaves as `HasItem`.
    SetItem {
        list: Reg,
        at: Reg,
        value: Reg,
        item: Item,
        exit: ExitId,
    },
    Append {
        list: Reg,
        value: Reg,
        item: Item,
    },
    /// A function of the program; where it fails, it has done nothing.
    Call {
        to: Reg,
        body: u32,
        args: Vec<Reg>,
        exit: ExitId,
    },
    /// A loop turns: burns fuel, of which there is more at a safe point.
    Tick {
        cost: u32,
        exit: ExitId,
    },
    /// Another turn of the outermost loop.
    Turn,
    Jump(BlockId),
    Branch(Reg, BlockId, BlockId),
    Leave(ExitId),
    Return(Reg),
}

/// Where the interpreter goes on: from the outermost loop's statement downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The statement of a block.
    At(u32),
    /// A branch of an `if`.
    Then,
    Else,
    /// The body of a loop.
    Body,
    /// What follows a loop that has ended without `break`.
    Orelse,
    /// A loop's head: its turn is over.
    Head,
    /// The loop's `break`.
    Broken,
}

/// What the interpreter has to know to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    pub path: Vec<Step>,
    /// What the variables hold that may have changed, by their index.
    pub types: Vec<(u32, Ty)>,
    /// Words to be written down: the register, and its place in the table.
    pub stores: Vec<(Reg, u32)>,
    /// Of the `for` loops on the path, the outermost first.
    pub counters: Vec<Counters>,
}

/// Where a `for` loop stands, by places in the table of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Counters {
    /// The next number or position, the step, and how many turns are left, of a loop over a range.
    pub places: [u32; 3],
    /// The number is among what is bound at each turn: of `range` and `enumerate`.
    pub numbered: bool,
    /// The arrays and lists whose items are bound, and their types; none of a range.
    pub over: Vec<(u32, Ty)>,
}

/// A loop or a function.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    pub name: String,
    pub regs: Vec<Word>,
    pub params: Vec<Reg>,
    pub result: Option<Ty>,
    pub blocks: Vec<Vec<Op>>,
    /// Of a function, only the first: that it fails.
    pub exits: Vec<Exit>,
}

/// The whole: body 0 is what was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Code {
    pub bodies: Vec<Body>,
    /// Words of the table.
    pub slots: u32,
    /// Whether elements of arrays are written.
    pub writes: bool,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, body) in self.bodies.iter().enumerate() {
            writeln!(f, "body {i} {} {:?}", body.name, body.params)?;
            for (b, block) in body.blocks.iter().enumerate() {
                writeln!(f, "{b}:")?;
                for op in block {
                    writeln!(f, "    {op:?}")?;
                }
            }
        }
        Ok(())
    }
}
