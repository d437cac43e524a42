//! Files.

use super::{DTypeRule, Io, Module, Pattern, Row, Run, ShapeRule};

pub const ROWS: &[Row] = &[
    Row {
        name: "load",
        module: Module::Numpy,
        aliases: &[],
        signature: "(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding='ASCII', *, max_header_size=10000, dist=None, grid=None, targets=None)",
        method: None,
        doc: "The array in a `.npy` file; each rank reads only its part.\n\nFileNotFoundError, or ValueError for a file that is no `.npy` or is cut short.",
        example: "np.save('a.npy', np.arange(3)); np.load('a.npy')",
        pattern: Pattern::Io,
        dtype: DTypeRule::Custom("the file's"),
        shape: ShapeRule::Custom("the file's"),
        run: Run::Io(Io::Load),
    },
    Row {
        name: "save",
        module: Module::Numpy,
        aliases: &[],
        signature: "(file, arr, allow_pickle=True)",
        method: None,
        doc: "Writes an array to a `.npy` file, byte for byte NumPy's; each rank writes its part.\n\nThe name gets the suffix `.npy` unless it has it.",
        example: "np.save('a.npy', np.arange(3))",
        pattern: Pattern::Io,
        dtype: DTypeRule::Custom("None"),
        shape: ShapeRule::Scalar,
        run: Run::Io(Io::Save),
    },
];
