//! Questions about dtypes: what promotes to what, what casts to what.

use super::{DTypeQuestion, DTypeRule, Module, Pattern, Row, Run, ShapeRule};

const fn question(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    gives: &'static str,
    run: DTypeQuestion,
) -> Row {
    Row {
        name,
        module: Module::Numpy,
        aliases: &[],
        signature,
        method: None,
        doc,
        example,
        pattern: Pattern::Host,
        dtype: DTypeRule::Custom(gives),
        shape: ShapeRule::Scalar,
        run: Run::DType(run),
    }
}

pub const ROWS: &[Row] = &[
    question(
        "can_cast",
        "(from_, to, casting='safe')",
        "Whether a dtype casts to another under a rule: 'no', 'equiv', 'safe', 'same_kind' or 'unsafe'.",
        "np.can_cast(np.int32, np.float64), np.can_cast('f8', 'i4')",
        "a bool",
        DTypeQuestion::CanCast,
    ),
    question(
        "promote_types",
        "(type1, type2, /)",
        "The smallest dtype that both cast to safely.",
        "np.promote_types(np.int32, np.float32)",
        "a dtype",
        DTypeQuestion::PromoteTypes,
    ),
    question(
        "result_type",
        "(*arrays_and_dtypes)",
        "The dtype of what combines such arrays, dtypes and numbers; Python's numbers are weak.",
        "np.result_type(np.int8, 3), np.result_type(np.ones(2, 'f4'), 1.5)",
        "a dtype",
        DTypeQuestion::ResultType,
    ),
    question(
        "issubdtype",
        "(arg1, arg2)",
        "Whether a dtype is another, or of a kind: `np.integer`, `np.floating`, `np.number`.",
        "np.issubdtype(np.int32, np.integer)",
        "a bool",
        DTypeQuestion::IsSubDType,
    ),
];
