//! What the prelude's widgets need of the machine.

use super::{DTypeRule, Module, Pattern, Row, Run, ShapeRule, Show};

const fn row(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    show: Show,
) -> Row {
    Row {
        name,
        module: Module::Widgets,
        aliases: &[],
        signature,
        method: None,
        doc,
        example,
        pattern: Pattern::Show,
        dtype: DTypeRule::Custom("None"),
        shape: ShapeRule::Scalar,
        run: Run::Show(show),
    }
}

pub const ROWS: &[Row] = &[
    row(
        "__parameters__",
        "(f)",
        "The parameters of a function: name, kind, whether it has a default, and that; None of what is no function of the user's.",
        "__parameters__(lambda a, b=2: a)",
        Show::Parameters,
    ),
    row(
        "__perform__",
        "(output, f, kwargs)",
        "Calls a function for `interact`: what it shows and prints is shown by the widget of that number, and an error of it too.",
        "__perform__(0, lambda a: print(a), {'a': 1})",
        Show::Perform,
    ),
    row(
        "__state__",
        "(number, state)",
        "Tells the front end what a widget holds.",
        "__state__(0, {'value': 1})",
        Show::State,
    ),
];
