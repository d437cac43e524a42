//! Sorting, searching in what is sorted, and sets.

use super::{DTypeRule, Module, Pattern, Row, Run, ShapeRule, Sort};
use crate::dtype::DType;

/// A function of this family.
const fn row(
    name: &'static str,
    signature: &'static str,
    method: Option<&'static str>,
    doc: &'static str,
    example: &'static str,
    op: Sort,
) -> Row {
    Row {
        name,
        module: Module::Numpy,
        aliases: &[],
        signature,
        method,
        doc,
        example,
        pattern: Pattern::Sort,
        dtype: DTypeRule::Same,
        shape: ShapeRule::Same,
        run: Run::Sort(op),
    }
}

pub const ROWS: &[Row] = &[
    row(
        "sort",
        "(a, axis=-1, kind=None, order=None, *, stable=None)",
        Some("(axis=-1, kind=None, order=None, *, stable=None)"),
        "A copy in ascending order along an axis, nan last; the method sorts in place.\n\n`axis=None` sorts the flattened array. Every `kind` is stable. Where the axis is distributed each element moves once: the ranks sort their parts, find exact splitters in a few rounds of small messages, and deal out (P - 1 messages of in all n/P elements from each rank). Where there are other axes to deal out, lanes come whole to the ranks and go back: two such exchanges and no rounds.",
        "np.sort(np.array([3, 1, 2]))",
        Sort::Sort,
    ),
    Row {
        dtype: DTypeRule::Fixed(DType::I64),
        ..row(
            "argsort",
            "(a, axis=-1, kind=None, order=None, *, stable=None)",
            Some("(axis=-1, kind=None, order=None, *, stable=None)"),
            "The indices that would sort an array along an axis.\n\nEqual elements always keep their order, as NumPy's do with `stable=True`; NumPy's default leaves it open. Moves what `sort` moves, and the indices with it.",
            "np.argsort(np.array([3, 1, 2]))",
            Sort::ArgSort,
        )
    },
    row(
        "partition",
        "(a, kth, axis=-1, kind='introselect', order=None)",
        Some("(kth, axis=-1, kind='introselect', order=None)"),
        "A copy with its kth elements where sorting would put them, the smaller before and the greater after; the method works in place.\n\nNumPy leaves the order of the others open: here they are sorted. Moves what `sort` moves.",
        "np.partition(np.array([3, 1, 2]), 1)[1]",
        Sort::Partition,
    ),
    Row {
        dtype: DTypeRule::Fixed(DType::I64),
        ..row(
            "argpartition",
            "(a, kth, axis=-1, kind='introselect', order=None)",
            Some("(kth, axis=-1, kind='introselect', order=None)"),
            "The indices that would partition an array along an axis.\n\nNumPy leaves the order of the others open: here they sort the array, equal elements in their order. Moves what `argsort` moves.",
            "np.argpartition(np.array([3, 1, 2]), 0)[0]",
            Sort::ArgPartition,
        )
    },
    Row {
        dtype: DTypeRule::Fixed(DType::I64),
        shape: ShapeRule::Custom("that of each key"),
        ..row(
            "lexsort",
            "(keys, axis=-1)",
            None,
            "The indices that sort by several keys, the last of them first; equal elements keep their order.\n\n`keys` is a sequence of arrays of one shape, or an array whose rows they are. Moves all keys as `sort` moves its elements, 8 bytes of each (16 of complex128), and the indices with them.",
            "np.lexsort((np.array([1, 0, 1]), np.array([5, 5, 4])))",
            Sort::LexSort,
        )
    },
    Row {
        dtype: DTypeRule::Custom(
            "complex64 of integers of 8 and 16 bits, else complex128; of complex the same",
        ),
        ..row(
            "sort_complex",
            "(a)",
            None,
            "A sorted copy along the last axis, as complex numbers: by their real parts, then by their imaginary ones.",
            "np.sort_complex(np.array([2 + 1j, 1 - 1j, 1 - 2j]))",
            Sort::SortComplex,
        )
    },
    Row {
        dtype: DTypeRule::Fixed(DType::I64),
        shape: ShapeRule::Custom("that of v"),
        ..row(
            "searchsorted",
            "(a, v, side='left', sorter=None)",
            Some("(v, side='left', sorter=None)"),
            "Where elements would have to be inserted into a sorted vector to keep it sorted.\n\n`side='left'` is before equal elements, 'right' after them. `a` has to be sorted, or `sorter` to sort it. A replicated `a` is searched in place. Of a distributed one all ranks learn P elements; each value of a distributed `v` goes to one rank and its answer comes back: at most 2(P - 1) messages from each.",
            "np.searchsorted(np.array([1, 2, 2, 5]), np.array([0, 2, 9]))",
            Sort::SearchSorted,
        )
    },
    Row {
        dtype: DTypeRule::Fixed(DType::Bool),
        shape: ShapeRule::Custom("that of element"),
        ..row(
            "isin",
            "(element, test_elements, assume_unique=False, invert=False, *, kind=None)",
            None,
            "Whether each element is among others; nan never is.\n\nSorts `test_elements` and looks the elements up in them, as `searchsorted` does.",
            "np.isin(np.arange(5), [1, 3])",
            Sort::IsIn,
        )
    },
    Row {
        shape: ShapeRule::Custom("(number of distinct elements,); along an axis, the others as they were"),
        ..row(
            "unique",
            "(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True)",
            None,
            "The distinct elements in ascending order, or the distinct sub-arrays along an axis.\n\nA tuple where first indices, the inverse, or counts are asked for. Without `sorted` the order is left open; it is ascending here too. The ranks find what is distinct in their parts and move that as `sort` does; the inverse is answered with one more message between each two ranks. The result lies in blocks as they come.",
            "np.unique(np.array([3, 1, 3, 2]), return_counts=True)",
            Sort::Unique,
        )
    },
    Row {
        shape: ShapeRule::Custom("(number of distinct elements,); the inverse as x"),
        ..row(
            "unique_all",
            "(x, /)",
            None,
            "The distinct elements, their first indices, the inverse and their counts: named `values`, `indices`, `inverse_indices`, `counts`.\n\nThe values ascend; every nan is one of its own. Moves what `unique` moves.",
            "np.unique_all(np.array([3, 1, 3, 2]))",
            Sort::UniqueAll,
        )
    },
    Row {
        shape: ShapeRule::Custom("(number of distinct elements,); the inverse as x"),
        ..row(
            "unique_counts",
            "(x, /)",
            None,
            "The distinct elements and their counts, named `values` and `counts`.\n\nThe values ascend; every nan is one of its own. Moves what `unique` moves.",
            "np.unique_counts(np.array([3, 1, 3, 2]))",
            Sort::UniqueCounts,
        )
    },
    Row {
        shape: ShapeRule::Custom("(number of distinct elements,); the inverse as x"),
        ..row(
            "unique_inverse",
            "(x, /)",
            None,
            "The distinct elements and the inverse, named `values` and `inverse_indices`.\n\nThe values ascend; every nan is one of its own. Moves what `unique` moves.",
            "np.unique_inverse(np.array([3, 1, 3, 2]))",
            Sort::UniqueInverse,
        )
    },
    Row {
        shape: ShapeRule::Custom("(number of distinct elements,); the inverse as x"),
        ..row(
            "unique_values",
            "(x, /)",
            None,
            "The distinct elements; every nan is one of its own.\n\nNumPy leaves their order open: here they ascend. Moves what `unique` moves.",
            "np.sort(np.unique_values(np.array([3, 1, 3, 2])))",
            Sort::UniqueValues,
        )
    },
    Row {
        dtype: DTypeRule::Custom("int64; with weights float64"),
        shape: ShapeRule::Custom("(max(x) + 1,), or (minlength,) if that is more"),
        ..row(
            "bincount",
            "(x, /, weights=None, minlength=0)",
            None,
            "How often each of the integers 0, 1, ... occurs in a vector, or the sums of their weights.\n\nValueError for negative integers. Each rank counts all integers and sends each owner of a part of the result its counts of that: P - 1 messages of in all len(result) numbers. Where the result is more than twice as long as the parts of `x`, each element goes to the owner of its count instead.",
            "np.bincount(np.array([0, 1, 1, 3]))",
            Sort::BinCount,
        )
    },
    Row {
        module: Module::DistArray,
        shape: ShapeRule::Custom("that of places"),
        ..row(
            "order_statistics",
            "(a, places)",
            None,
            "The elements that sorting all of `a` would put at these places; replicated.\n\nFor a few places: nothing is sorted or moved. The ranks settle 11 bits of the keys at a time by gathering at most 2048 counts a place, six times for 8 bytes. Of equal elements that look different (0.0 and -0.0) it gives any.",
            "order_statistics(np.array([30, 10, 20]), [0, -1])",
            Sort::Select,
        )
    },
];
