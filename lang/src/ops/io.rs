//! Files.

use super::objects::builtin;
use super::{DTypeRule, Host, Io, Module, Pattern, Row, Run, ShapeRule};

pub const ROWS: &[Row] = &[
    Row {
        name: "load",
        module: Module::Numpy,
        aliases: &[],
        signature: "(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding='ASCII', *, max_header_size=10000, member=None, dist=None, grid=None, targets=None)",
        method: None,
        doc: "The array in a `.npy` file, or the arrays in an `.npz` archive, by name: each is read when it is asked for. Each rank reads only its part.\n\n`member=` reads one array of an archive at once, in the layout that `dist=` says. FileNotFoundError, or ValueError for a file that is neither or is cut short.\n\nNot here: `mmap_mode`, pickled objects.",
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
    Row {
        name: "savez",
        module: Module::Numpy,
        aliases: &[],
        signature: "(file, *args, allow_pickle=True, **kwds)",
        method: None,
        doc: "Writes arrays to an `.npz` archive, under the names of their keywords, or `arr_0`, `arr_1` and so on; each rank writes its parts.\n\nThe name gets the suffix `.npz` unless it has it.",
        example: "np.savez('a.npz', x=np.arange(3), y=np.ones(2)); np.load('a.npz')['x']",
        pattern: Pattern::Io,
        dtype: DTypeRule::Custom("None"),
        shape: ShapeRule::Scalar,
        run: Run::Io(Io::SaveZ),
    },
    Row {
        name: "savez_compressed",
        module: Module::Numpy,
        aliases: &[],
        signature: "(file, *args, allow_pickle=True, **kwds)",
        method: None,
        doc: "As `savez`, compressed: each rank packs its parts. To read one, every rank goes through the whole of it.",
        example: "np.savez_compressed('b.npz', x=np.zeros(1000)); np.load('b.npz')['x'].sum()",
        pattern: Pattern::Io,
        dtype: DTypeRule::Custom("None"),
        shape: ShapeRule::Scalar,
        run: Run::Io(Io::SaveZCompressed),
    },
    text(
        "read_text",
        "(file, /)",
        "The text in a file, which has to be UTF-8: rank 0 reads it, every rank has it.",
        "write_text('a.txt', '1 2\\n'); read_text('a.txt')",
        "a str",
        Host::ReadText,
    ),
    text(
        "write_text",
        "(file, text, /)",
        "Writes a text to a file, as UTF-8: rank 0 does. Until it is whole, the old file stays.",
        "write_text('a.txt', '1 2\\n')",
        "None",
        Host::WriteText,
    ),
];

const fn text(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    host: Host,
) -> Row {
    Row {
        module: Module::DistArray,
        pattern: Pattern::Io,
        ..builtin(name, signature, doc, example, result, host)
    }
}
