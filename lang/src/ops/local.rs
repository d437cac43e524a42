//! Functions of the user's that run on each rank's own block.

use super::objects::builtin;
use super::{Host, Local, Module, Row};

pub const ROWS: &[Row] = &[
    row(
        "local",
        "(function=None, *, axis=None)",
        "Makes a function run on each rank's own block: `@local` before a `def`, or `local(f)`.\n\n\
         A call runs it once for each block that holds something, and gives a distributed array of what it returns. \
         Distributed arrays among the arguments arrive as this rank's block, read-only; replicated ones whole. Results that \
         have the blocks' shapes lie as the argument does; others are joined in the order of the ranks along `axis` (axis 0 \
         where none is given), a number as an array of one element; a tuple of results gives a tuple of arrays. Where no \
         argument is distributed but some are arrays, their whole is the one block; without any array every rank makes a part. \
         What the function changes outside of its own variables is refused, and so are other ranks' data. An error on one \
         rank is an error on all.",
        "@local\ndef above(block, level):\n    kept = block - level\n    kept[kept < 0] = 0\n    return kept\nabove(np.arange(6), 3)",
        "a function",
        Local::Decorate,
    ),
    row(
        "rank",
        "()",
        "The number of the rank that runs a local function: 0 on the first.\n\nRuntimeError outside of one.",
        "local(lambda: rank())()[0]",
        "an int",
        Local::Rank,
    ),
    row("ranks", "()", "How many ranks there are.", "ranks() >= 1", "an int", Local::Ranks),
    row(
        "global_indices",
        "(a, axis=None, rank=None)",
        "The global indices of the rows of a block along each axis, as a tuple of arrays; of one axis, as an array.\n\n\
         In a local function of a block that it was given, in any layout. Outside: of the whole array, or of what `rank` \
         holds of it.",
        "@local\ndef numbers(block):\n    i, j = global_indices(block)\n    return 10 * i[:, None] + j\nnumbers(np.zeros((2, 3)))",
        "an array of int64, or a tuple of them",
        Local::GlobalIndices,
    ),
];

const fn row(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    local: Local,
) -> Row {
    Row { module: Module::DistArray, ..builtin(name, signature, doc, example, result, Host::Local(local)) }
}
