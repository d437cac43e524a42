//! What Python has and this language refuses: by name, and with the way to say it where there is one.

use crate::diag::Diagnostic;
use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    ClassKeyword,
    SpecialMethod,
    Async,
    Await,
    Yield,
    Match,
    TypeAlias,
    AsyncComp,
    Bytes,
    NamedEscape,
    StarImport,
    RelativeImport,
    Magic,
    Shell,
    Help,
}

impl Refused {
    /// The construct's name, in the plural where it takes one, and what to write instead.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Refused::ClassKeyword => (
                "keywords and unpacked values behind a class's name are",
                "name the class that it derives from",
            ),
            Refused::SpecialMethod => {
                ("classes with this special method are", "the guide lists the special methods that there are")
            }
            Refused::Async => {
                ("`async` statements are", "write them without `async`: ranks run in parallel already")
            }
            Refused::Await => {
                ("`await` expressions are", "write the call alone: it returns when its value is there")
            }
            Refused::Yield => (
                "`yield` inside of an expression is",
                "let it stand alone, or assign what it gives: `x = yield value`",
            ),
            Refused::Match => ("`match` statements are", "write `if` and `elif`"),
            Refused::TypeAlias => ("`type` statements are", "leave it out: annotations are read over"),
            Refused::AsyncComp => ("asynchronous comprehensions are", "leave out `async`"),
            Refused::Bytes => ("bytes literals are", "leave out the `b`: text is a string"),
            Refused::NamedEscape => (
                "character names in strings (`\\N{...}`) are",
                "write the character itself, or its code as `\\u....`",
            ),
            Refused::StarImport => (
                "`from ... import *` is",
                "NumPy's names work without it: `sin(x)`; or write `import numpy as np` and `np.sin(x)`",
            ),
            Refused::RelativeImport => (
                "relative imports are",
                "write `import numpy as np`: there are no other files to import from",
            ),
            Refused::Magic => (
                "magics inside of a cell's code are",
                "in a notebook, a line with `%` stands before the code of its cell",
            ),
            Refused::Shell => {
                ("shell commands (`!`) are", "run it in a terminal; `not` is how Python negates")
            }
            Refused::Help => (
                "questions (`?`) inside of a cell's code are",
                "write the name with `?` in a cell of its own",
            ),
        }
    }
}

/// The diagnostic that refuses `what` at `span`.
pub fn refuse(what: Refused, span: Span) -> Diagnostic {
    let (words, hint) = what.words();
    Diagnostic::syntax(span, format!("{words} not part of the language"))
        .label("DistArray runs a subset of Python without this")
        .hint(hint)
}
