//! Inspection: what is known of a name, as text.

use super::context::{Context, Meaning, dotted_around};
use crate::check::names;
use crate::ops::{self, Constant, Row};
use crate::session::{ArrayInfo, Holds, Session};

/// What is known of the name at the cursor; where there is none, of the function whose arguments it is among.
pub fn inspect(text: &str, cursor: usize, session: &Session) -> Option<String> {
    let context = Context::new(text, cursor, session);
    let name = match dotted_around(text, cursor) {
        "" => context.function()?,
        name => name,
    };
    match context.meaning(name) {
        Some(Meaning::Module(module)) => Some(of_module(module)),
        Some(Meaning::Row(row)) => Some(of_row(ops::row(row), ops::row(row).signature)),
        Some(Meaning::Method(row)) => {
            let row = ops::row(row);
            Some(of_row(row, row.method.unwrap_or(row.signature)))
        }
        Some(Meaning::Member(_, member)) => {
            // The function of pyplot's of that name says more.
            let function = ops::lookup(ops::Module::Pyplot, member.name).map(ops::row);
            let doc = if member.doc.is_empty() { function.map_or("", |row| row.doc) } else { member.doc };
            let signature = member.signature.as_deref().unwrap_or_default();
            Some(format!("{}{signature}\n\n{}", member.name, clean(doc)).trim_end().to_string())
        }
        Some(Meaning::Held(holds)) => Some(of_held(name, holds)),
        None => of_constant(name, &context),
    }
}

fn of_row(row: &Row, signature: &str) -> String {
    let example: String = row.example.lines().map(|line| format!("\n    {line}")).collect();
    let head = format!("{}{signature}\n\n{}\n\nExample:{example}", row.name, row.doc.trim());
    format!("{head}\n\nBetween ranks: {}.", row.pattern.words())
}

fn of_held(name: &str, holds: &Holds) -> String {
    match holds {
        Holds::Module(module) => of_module(module),
        Holds::Builtin(row) => of_row(ops::row(*row), ops::row(*row).signature),
        Holds::Function { signature, doc: None } => format!("{name}{signature}"),
        Holds::Function { signature, doc: Some(doc) } => format!("{name}{signature}\n\n{}", clean(doc)),
        Holds::Array(info) => of_array(name, info),
        Holds::Value { type_name, text } => format!("{name}: {type_name}\n\n{text}"),
    }
}

fn of_array(name: &str, info: &ArrayInfo) -> String {
    let shape = crate::text::tuple(&info.shape);
    let bytes = info.shape.iter().product::<usize>() * info.dtype.itemsize();
    format!(
        "{name}: array\n\nshape   {shape}\ndtype   {}\nbytes   {bytes}\nlayout  {}",
        info.dtype, info.layout
    )
}

fn of_module(module: &str) -> String {
    let names = names::members(module);
    format!("module {module}\n\n{} names; `{module}.` and Tab lists them.", names.len())
}

/// `np.pi`, `pi`, `float32`.
fn of_constant(name: &str, context: &Context) -> Option<String> {
    let bare = match name.rsplit_once('.') {
        Some((owner, last)) if matches!(context.meaning(owner), Some(Meaning::Module("numpy"))) => last,
        Some(_) => return None,
        None if context.own.contains(name) => return None,
        None => name,
    };
    let (_, value, doc) = ops::CONSTANTS.iter().find(|(n, ..)| *n == bare)?;
    let what = match value {
        Constant::Float(value) => format!("{bare} = {value}"),
        Constant::Bool(value) => format!("{bare} = {}", if *value { "True" } else { "False" }),
        Constant::Int(value) => format!("{bare} = {value}"),
        Constant::Complex(re, im) => format!("{bare} = {}", crate::text::complex_repr(*re, *im)),
        Constant::Str(text) => format!("{bare} = '{text}'"),
        Constant::None => format!("{bare} = None"),
        Constant::DType(dtype) => format!("{bare}: dtype, {} bytes", dtype.itemsize()),
    };
    Some(format!("{what}\n\n{doc}"))
}

/// A docstring without the indentation of its lines, as `inspect.cleandoc` gives it.
fn clean(doc: &str) -> String {
    let mut lines = doc.lines();
    let first = lines.next().unwrap_or("").trim();
    let rest: Vec<&str> = lines.collect();
    let indent = rest
        .iter()
        .filter(|l| !l.trim().is_empty())
        .map(|l| l.len() - l.trim_start().len())
        .min()
        .unwrap_or(0);
    let rest = rest.iter().map(|l| l.get(indent..).unwrap_or("").trim_end());
    let all: Vec<&str> = std::iter::once(first).chain(rest).collect();
    all.join("\n").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::super::testing::session;
    use super::inspect;

    #[test]
    fn what_is_known() {
        for (text, cursor, want) in [
            ("np.sin(x)", 4, "sin(x, /"),
            ("np.sin(", 7, "sin(x, /"),
            ("height.sum()", 9, "sum(axis=None"),
            (
                "height",
                2,
                "height: array\n\nshape   (4, 3)\ndtype   float64\nbytes   96\nlayout  replicated on 2 ranks",
            ),
            ("np", 1, "module numpy"),
            ("np.pi", 5, "pi = 3.14159"),
            ("float32", 3, "float32: dtype, 4 bytes"),
            ("smooth(height)", 3, "smooth(a, steps=1)\n\nSmooths it.\n\n  Twice.\nEnd."),
            ("items", 0, "items: list\n\n[1, 2]"),
        ] {
            let got = inspect(text, cursor, &session()).unwrap_or_default();
            assert!(got.starts_with(want), "{text}: {got}");
        }
        for (text, cursor) in [("nosuch", 3), ("", 0), ("1 + 2", 2), ("height.nosuch", 9)] {
            assert_eq!(inspect(text, cursor, &session()), None, "{text}");
        }
    }
}
