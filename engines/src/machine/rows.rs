//! The rows of the table of builtins that operators mean.

use lang::ir::{BinOp, CmpOp, UnaryOp};
use lang::ops::{self, Module};

pub use lang::ops::row;

/// The rows behind the operators, by index; found once.
pub struct Rows {
    binary: [u32; 13],
    compare: [u32; 6],
    unary: [u32; 3],
}

impl Rows {
    /// # Panics
    /// When the table lacks a ufunc that an operator means: a defect of the table, which the tests would show.
    pub fn find() -> Rows {
        let row = |name: &str| {
            ops::lookup(Module::Numpy, name)
                .unwrap_or_else(|| panic!("the table of builtins has no row '{name}'"))
        };
        Rows {
            binary: [
                "add",
                "subtract",
                "multiply",
                "divide",
                "floor_divide",
                "remainder",
                "power",
                "matmul",
                "left_shift",
                "right_shift",
                "bitwise_and",
                "bitwise_or",
                "bitwise_xor",
            ]
            .map(row),
            compare: ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"].map(row),
            unary: ["negative", "positive", "invert"].map(row),
        }
    }

    pub fn binary(&self, op: BinOp) -> u32 {
        self.binary[match op {
            BinOp::Add => 0,
            BinOp::Sub => 1,
            BinOp::Mul => 2,
            BinOp::Div => 3,
            BinOp::FloorDiv => 4,
            BinOp::Mod => 5,
            BinOp::Pow => 6,
            BinOp::MatMul => 7,
            BinOp::LShift => 8,
            BinOp::RShift => 9,
            BinOp::BitAnd => 10,
            BinOp::BitOr => 11,
            BinOp::BitXor => 12,
        }]
    }

    /// The ufunc of a comparison that has one: not of `is` and `in`.
    pub fn compare(&self, op: CmpOp) -> u32 {
        self.compare[match op {
            CmpOp::Ne => 1,
            CmpOp::Lt => 2,
            CmpOp::Le => 3,
            CmpOp::Gt => 4,
            CmpOp::Ge => 5,
            CmpOp::Eq | CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => 0,
        }]
    }

    /// The ufunc of an operator that has one: not of `not`.
    pub fn unary(&self, op: UnaryOp) -> u32 {
        self.unary[match op {
            UnaryOp::Neg => 0,
            UnaryOp::Pos => 1,
            UnaryOp::Invert | UnaryOp::Not => 2,
        }]
    }
}
