//! The methods of NumPy's ufuncs: `np.add.reduce`, and what begins and may reorder a reduction by a ufunc.

use super::{DTypeRule, Module, Pattern, Row, Run, ShapeRule, UfuncMethod};
use crate::scalar::Scalar;

const fn method(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    run: UfuncMethod,
) -> Row {
    Row {
        name,
        module: Module::Ufunc,
        aliases: &[],
        signature,
        method: None,
        doc,
        example,
        pattern: Pattern::Reduce,
        dtype: DTypeRule::Custom(
            "the ufunc's of two such operands; 64 bits for sums and products of smaller integers; or as given",
        ),
        shape: ShapeRule::Custom("less `axis`"),
        run: Run::UfuncMethod(run),
    }
}

pub const ROWS: &[Row] = &[
    method(
        "reduce",
        "(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True)",
        "Folds a ufunc of two arguments along axes.\n\n`axis` is an axis, a tuple of axes, or None for all; several only where the ufunc may be reordered. ValueError for no elements where the ufunc has no identity and there is no `initial`. Along a distributed axis ufuncs that may be reordered fold each rank's part at once; the others go from rank to rank, one after the other.",
        "np.bitwise_xor.reduce(np.arange(6))",
        UfuncMethod::Reduce,
    ),
    Row {
        shape: ShapeRule::Same,
        ..method(
            "accumulate",
            "(array, axis=0, dtype=None, out=None)",
            "The results of folding a ufunc of two arguments along an axis, one for each element.\n\nAlong a distributed axis each rank hands its last row to the next.",
            "np.maximum.accumulate([1, 3, 2, 5, 4])",
            UfuncMethod::Accumulate,
        )
    },
    Row {
        pattern: Pattern::Elementwise,
        dtype: DTypeRule::Custom("the ufunc's"),
        shape: ShapeRule::Custom("`A.shape + B.shape`"),
        ..method(
            "outer",
            "(A, B, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True)",
            "A ufunc of two arguments for each pair of an element of `A` and one of `B`.",
            "np.subtract.outer([10, 20], [1, 2, 3])",
            UfuncMethod::Outer,
        )
    },
    Row {
        pattern: Pattern::Index,
        dtype: DTypeRule::Custom("that of `a`, which is changed in place"),
        shape: ShapeRule::Custom("None is returned"),
        ..method(
            "at",
            "(a, indices, b=None, /)",
            "Applies a ufunc in place to the elements of `a` that `indices` say, as often as they say so.\n\nUnlike `a[indices] += b`, repeated indices count each. Each rank sends its part of the indices and values to the owners, who apply them in the order of the indices.",
            "a = np.zeros(4)\nnp.add.at(a, [0, 2, 2], 1)\na",
            UfuncMethod::At,
        )
    },
    Row {
        shape: ShapeRule::Custom("along `axis` as many as indices"),
        ..method(
            "reduceat",
            "(array, indices, axis=0, dtype=None, out=None)",
            "Folds a ufunc of two arguments over stretches of an axis, from each index to the next.\n\nWhere an index is not less than the next, the element at it alone. The indices are gathered to every rank.",
            "np.add.reduceat(np.arange(8), [0, 4, 1, 5])",
            UfuncMethod::ReduceAt,
        )
    },
];

/// What a reduction by the ufunc of that name begins with.
pub fn identity(name: &str) -> Option<Scalar> {
    Some(match name {
        "add" | "logical_xor" | "bitwise_or" | "bitwise_xor" | "hypot" | "gcd" => Scalar::I64(0),
        "multiply" => Scalar::I64(1),
        "logical_and" => Scalar::Bool(true),
        "logical_or" => Scalar::Bool(false),
        "bitwise_and" => Scalar::I64(-1),
        "logaddexp" | "logaddexp2" => Scalar::F64(f64::NEG_INFINITY),
        _ => return None,
    })
}

/// Whether the operands of a reduction by the ufunc of that name may be taken in any order.
pub fn is_reorderable(name: &str) -> bool {
    identity(name).is_some() || matches!(name, "maximum" | "minimum" | "fmax" | "fmin")
}
