//! Builtins that are written in the language itself: composed of other builtins, they need no executor.
//!
//! A file here is source text of the language (and of Python: after `common.py` NumPy can run it too). Each of its functions that does not
//! begin with a single `_` is a row of the table of builtins: the `def` line is the signature, the docstring says the rest. A
//! function's file is compiled when a program first calls into it; its names are its own, not the session's.
//!
//! A docstring is the row's doc, in which these lines at its end mean:
//!
//! - `dtype: words`, `shape: words`: the rules of the result, for the reference page; the shape's may be left out.
//! - `method: (signature)`: arrays have it as a method; the signature is the method's, without `self`.
//! - `aliases: name, name`: other names of the same thing.
//! - `indexed: yes`: the name is indexed, not called; the function gets what stands in the brackets.
//! - `>>> program`: the example; more lines of it follow with `... `.

use crate::ops::{DTypeRule, Module, Pattern, Row, Run, ShapeRule};
use crate::source::Source;

/// A file of the prelude: where its functions are found, its name and its text.
pub struct File {
    pub module: Module,
    pub name: &'static str,
    pub text: &'static str,
}

/// What each file begins with: `np`, and helpers that several have.
const COMMON: &str = include_str!("common.py");

impl File {
    /// What is compiled: the file with what all have in common before it.
    pub fn source(&self) -> Source {
        Source { name: format!("{MARK}{}", self.name), text: format!("{COMMON}\n\n{}", self.text) }
    }
}

const fn numpy(name: &'static str, text: &'static str) -> File {
    File { module: Module::Numpy, name, text }
}

/// In the order of the reference page.
pub const FILES: &[File] = &[
    numpy("compare", include_str!("compare.py")),
    numpy("shapes", include_str!("shapes.py")),
    numpy("broadcasting", include_str!("broadcasting.py")),
    numpy("joining", include_str!("joining.py")),
    numpy("moving", include_str!("moving.py")),
    numpy("indexing", include_str!("indexing.py")),
    numpy("grids", include_str!("grids.py")),
    numpy("creating", include_str!("creating.py")),
    numpy("bits", include_str!("bits.py")),
    numpy("files", include_str!("files.py")),
    numpy("printing", include_str!("printing.py")),
    numpy("picking", include_str!("picking.py")),
    numpy("padding", include_str!("padding.py")),
    numpy("calculus", include_str!("calculus.py")),
    numpy("statistics", include_str!("statistics.py")),
    numpy("matrices", include_str!("matrices.py")),
    numpy("selecting", include_str!("selecting.py")),
    numpy("iteration", include_str!("iteration.py")),
    numpy("sets", include_str!("sets.py")),
    numpy("quantiles", include_str!("quantiles.py")),
    numpy("nans", include_str!("nans.py")),
    numpy("histograms", include_str!("histograms.py")),
    numpy("limits", include_str!("limits.py")),
    numpy("types", include_str!("types.py")),
    numpy("kinds", include_str!("kinds.py")),
    numpy("polynomials", include_str!("polynomials.py")),
    numpy("windows", include_str!("windows.py")),
    File { module: Module::Operator, name: "operator", text: include_str!("operator.py") },
    File { module: Module::Heapq, name: "heapq", text: include_str!("heapq.py") },
    File { module: Module::Bisect, name: "bisect", text: include_str!("bisect.py") },
    numpy("products", include_str!("products.py")),
    File { module: Module::DistArray, name: "parts", text: include_str!("parts.py") },
    File { module: Module::Array, name: "methods", text: include_str!("methods.py") },
    File { module: Module::Generator, name: "generators", text: include_str!("generators.py") },
    File { module: Module::Random, name: "streams", text: include_str!("streams.py") },
    File { module: Module::Linalg, name: "linalg", text: include_str!("linalg.py") },
    File { module: Module::Pyplot, name: PYPLOT, text: PLOTS },
    File { module: Module::Colors, name: "colors", text: include_str!("colors.py") },
    File { module: Module::Widgets, name: "widgets", text: WIDGETS },
];

/// The name of the file that figures and their axes are written in.
pub const PYPLOT: &str = "pyplot";

/// One file, for its parts know each other.
const PLOTS: &str = concat!(
    include_str!("pyplot/style.py"),
    "\n\n",
    include_str!("pyplot/reduce.py"),
    "\n\n",
    include_str!("pyplot/artist.py"),
    "\n\n",
    include_str!("pyplot/lines.py"),
    "\n\n",
    include_str!("pyplot/bars.py"),
    "\n\n",
    include_str!("pyplot/pictures.py"),
    "\n\n",
    include_str!("pyplot/axes.py"),
    "\n\n",
    include_str!("pyplot/figure.py"),
    "\n\n",
    include_str!("pyplot/pyplot.py"),
);

const WIDGETS: &str =
    concat!(include_str!("widgets/controls.py"), "\n\n", include_str!("widgets/interact.py"));

/// How the name of the source of a prelude's file begins: what is raised there is shown where the user called.
pub const MARK: &str = "<numpy>/";

/// The rows that the files declare.
pub fn rows() -> Vec<&'static Row> {
    let rows = FILES.iter().enumerate().flat_map(|(i, file)| {
        functions(file.text).into_iter().map(move |f| &*Box::leak(Box::new(f.row(file.module, i as u32))))
    });
    rows.collect()
}

/// A function as the text declares it.
#[derive(Debug, PartialEq)]
struct Function {
    name: &'static str,
    signature: &'static str,
    doc: String,
    dtype: Option<&'static str>,
    shape: Option<&'static str>,
    method: Option<&'static str>,
    aliases: Vec<&'static str>,
    indexed: bool,
    example: String,
}

impl Function {
    fn row(self, module: Module, file: u32) -> Row {
        Row {
            name: self.name,
            module,
            aliases: self.aliases.leak(),
            signature: match module {
                _ if self.indexed => "()",
                // The object that they are methods of stands first.
                Module::Generator | Module::Random => after_first(self.signature),
                _ => self.signature,
            },
            method: self.method,
            doc: self.doc.leak(),
            example: self.example.leak(),
            pattern: Pattern::Composed,
            dtype: self.dtype.map_or(DTypeRule::Same, DTypeRule::Custom),
            shape: self.shape.map_or(ShapeRule::Same, ShapeRule::Custom),
            run: if self.indexed { Run::PreludeIndexed(file) } else { Run::Prelude(file) },
        }
    }
}

/// A signature without its first parameter.
fn after_first(signature: &'static str) -> &'static str {
    let rest = signature.split_once(',').map_or(")", |(_, rest)| rest.trim_start());
    format!("({rest}").leak()
}

/// The public functions at the top level of a file.
fn functions(text: &'static str) -> Vec<Function> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = find_line(rest, "def ") {
        rest = &rest[at + "def ".len()..];
        let Some((name, after)) = rest.split_once('(') else { break };
        // A signature's line ends in `):`, which no default contains.
        let Some(end) = after.find("):\n") else { break };
        let signature = &rest[name.len()..name.len() + end + 2];
        rest = &after[end + 3..];
        if !name.starts_with('_') || name.starts_with("__") {
            found.push(read(name, signature, docstring(rest)));
        }
    }
    found
}

/// Where a line begins with these words.
fn find_line(text: &str, words: &str) -> Option<usize> {
    if text.starts_with(words) {
        return Some(0);
    }
    text.match_indices(words).map(|(at, _)| at).find(|&at| text[..at].ends_with('\n'))
}

/// What stands between the quotes at the beginning of a body.
fn docstring(body: &'static str) -> &'static str {
    let inner = body.trim_start().strip_prefix("\"\"\"");
    inner.and_then(|text| text.split_once("\"\"\"")).map_or("", |(doc, _)| doc)
}

fn read(name: &'static str, signature: &'static str, docstring: &'static str) -> Function {
    let mut function = Function {
        name,
        signature,
        doc: String::new(),
        dtype: None,
        shape: None,
        method: None,
        aliases: Vec::new(),
        indexed: false,
        example: String::new(),
    };
    let mut example = Vec::new();
    for line in docstring.lines() {
        let line = line.strip_prefix("    ").unwrap_or(line).trim_end();
        match line.split_once(' ') {
            Some(("dtype:", words)) => function.dtype = Some(words),
            Some(("shape:", words)) => function.shape = Some(words),
            Some(("method:", signature)) => function.method = Some(signature),
            Some(("indexed:", _)) => function.indexed = true,
            Some(("aliases:", names)) => function.aliases = names.split(", ").collect(),
            Some((">>>" | "...", program)) => example.push(program),
            _ => {
                function.doc.push_str(line);
                function.doc.push('\n');
            }
        }
    }
    function.doc.truncate(function.doc.trim_end().len());
    function.example = example.join("\n");
    function
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::compile;
    use crate::diag::Diagnostic;
    use crate::session::Session;

    #[test]
    fn a_function_is_read_from_its_text() {
        const TEXT: &str = "def _own(a):\n    return a\n\ndef roll(a, shift=(1, 2),\n         axis=None):\n    \"\"\"Moves.\n\n    More.\n\n    dtype: any\n    method: (shift)\n    aliases: b, c\n    >>> x = 1\n    ... roll(x)\n    \"\"\"\n    return _own(a)\n";
        let found = functions(TEXT);
        assert_eq!(found.len(), 1);
        let roll = &found[0];
        assert_eq!((roll.name, roll.doc.as_str(), roll.dtype), ("roll", "Moves.\n\nMore.", Some("any")));
        assert_eq!(roll.signature, "(a, shift=(1, 2),\n         axis=None)");
        assert_eq!((roll.method, roll.aliases.as_slice()), (Some("(shift)"), ["b", "c"].as_slice()));
        assert_eq!(roll.example, "x = 1\nroll(x)");
    }

    #[test]
    fn every_file_compiles() {
        let complaints = |file: &File| {
            let source = file.source();
            let text = source.text.clone();
            let errors = compile(source, &Session::default()).err().unwrap_or_default();
            let words = |d: Diagnostic| {
                let (before, _) = text.split_at(d.span.start as usize);
                format!("{}.py, line {} after common.py: {}", file.name, before.lines().count(), d.message)
            };
            errors.into_iter().map(words).collect::<Vec<_>>()
        };
        let wrong: Vec<String> = FILES.iter().flat_map(complaints).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
