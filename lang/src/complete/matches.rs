//! Completion: the names that could stand at the cursor.

use super::context::{Context, Meaning, customary};
use super::{Completion, Match, members};
use crate::check::names::{self, Member};
use crate::ops::{self, Module, Row};
use crate::session::{Holds, Session};
use crate::syntax::KEYWORDS;

/// Keywords that begin something the language has.
const NOT_OURS: &[&str] = &["async", "await"];

/// What could stand at the cursor. Nothing in strings and comments.
pub fn complete(text: &str, cursor: usize, session: &Session) -> Completion {
    let context = Context::new(text, cursor, session);
    let end = context.before.chars().count();
    let start = end - context.word.chars().count();
    let mut matches = if context.in_code() { candidates(&context) } else { Vec::new() };
    let hidden = !context.word.starts_with('_');
    matches.retain(|m| m.text.starts_with(context.word) && !(hidden && m.text.starts_with('_')));
    let mut seen = std::collections::HashSet::new();
    matches.retain(|m| seen.insert(m.text.clone()));
    Completion { start, end, matches }
}

fn candidates(context: &Context) -> Vec<Match> {
    if let Some(found) = of_import(context) {
        return found;
    }
    if let Some(owner) = context.owner() {
        return of_owner(context, owner);
    }
    let mut out = Vec::new();
    if context.begins_argument() {
        out.extend(parameters(context));
    }
    let mut names: Vec<Match> = context.held().map(|(name, holds)| held(name, holds)).collect();
    let known = |name: &str| context.held().any(|(n, _)| n == name);
    names
        .extend(context.own.iter().filter(|n| *n != context.word && !known(n)).map(|n| plain(n, "instance")));
    names.sort_by(|a, b| a.text.cmp(&b.text));
    out.extend(names);
    out.extend(KEYWORDS.iter().filter(|k| !NOT_OURS.contains(k)).map(|k| plain(k, "keyword")));
    let mut builtins: Vec<Match> = names::bare_names().map(bare).collect();
    builtins.sort_by(|a, b| a.text.cmp(&b.text));
    out.extend(builtins);
    out
}

/// `import nu`, `from numpy import si`.
fn of_import(context: &Context) -> Option<Vec<Match>> {
    let mut words = context.line().split_whitespace();
    let from = match words.next()? {
        "import" => false,
        "from" => true,
        _ => return None,
    };
    let line = context.line().trim_start();
    match line.split_once(" import ") {
        Some((head, _)) if from => {
            let module = names::module(head.trim_start_matches("from").trim())?;
            Some(of_module(module))
        }
        // After a name there may come `as` or `import`; a new name needs none of ours.
        _ if line.contains(" as ") => Some(Vec::new()),
        _ => {
            let dotted = context.owner().map(|o| format!("{o}."));
            let inner =
                |full: &'static str| full.strip_prefix(dotted.as_deref().unwrap_or("")).map(str::to_string);
            let found = names::MODULES.iter().filter_map(|(full, _)| inner(full));
            Some(found.map(|name| plain(&name, "module")).collect())
        }
    }
}

fn of_owner(context: &Context, owner: &str) -> Vec<Match> {
    match context.meaning(owner) {
        Some(Meaning::Module(module)) => of_module(module),
        Some(Meaning::Held(Holds::Value { type_name, .. })) => of_type(type_name),
        Some(Meaning::Held(Holds::Array(_))) => of_array(),
        None if context.own.contains(owner) && customary(owner).is_some() => {
            of_type(customary(owner).unwrap_or_default())
        }
        Some(_) => Vec::new(),
        // A number before the dot, or nothing at all.
        None if owner.is_empty() && !ends_value(context) => Vec::new(),
        // Unknown values are most often arrays.
        None => of_array(),
    }
}

/// Whether a value stands in front of the dot: `f(x).`, `a[0].`.
fn ends_value(context: &Context) -> bool {
    let head = context.before[..context.before.len() - context.word.len()].trim_end();
    head.strip_suffix('.').is_some_and(|head| head.ends_with([')', ']']))
}

fn of_module(module: &'static str) -> Vec<Match> {
    let mut out: Vec<Match> = names::members(module)
        .into_iter()
        .map(|name| match names::member(module, name) {
            Some(Member::Module(_)) => plain(name, "module"),
            Some(Member::Row(row)) => row_match(name, ops::row(row)),
            _ => constant(name),
        })
        .collect();
    out.sort_by(|a, b| a.text.cmp(&b.text));
    out
}

fn of_array() -> Vec<Match> {
    let attributes = ops::names(Module::ArrayAttr).map(|name| plain(name, "property"));
    let methods = ops::table().iter().filter_map(|row| {
        let signature = row.method.or((row.module == Module::Array).then_some(row.signature))?;
        Some(function(row.name, signature))
    });
    let mut out: Vec<Match> = attributes.chain(methods).collect();
    out.sort_by(|a, b| a.text.cmp(&b.text));
    out
}

fn of_type(type_name: &str) -> Vec<Match> {
    let rows = |module| {
        ops::names(module).map(move |n| match ops::lookup(module, n) {
            Some(row) => row_match(n, ops::row(row)),
            None => plain(n, "property"),
        })
    };
    let methods = ops::methods::methods(type_name);
    if !methods.is_empty() {
        let attributes = ops::methods::attributes(type_name).iter().map(|n| plain(n, "property"));
        let mut out: Vec<Match> =
            methods.iter().map(|m| function(m.name, m.signature)).chain(attributes).collect();
        out.sort_by(|a, b| a.text.cmp(&b.text));
        return out;
    }
    if let Some(members) = members::of_class(type_name) {
        let mut out: Vec<Match> = members
            .into_iter()
            .map(|member| match &member.signature {
                Some(signature) => function(member.name, signature),
                None => plain(member.name, "property"),
            })
            .collect();
        out.sort_by(|a, b| a.text.cmp(&b.text));
        return out;
    }
    match type_name {
        "numpy.ufunc" => rows(Module::Ufunc).collect(),
        name if name.ends_with("Generator") => rows(Module::Generator).collect(),
        name if name.ends_with("Distribution") => rows(Module::Distribution).collect(),
        // NumPy's scalars have the methods of arrays.
        _ => of_array(),
    }
}

/// `axis=`, inside of a call.
fn parameters(context: &Context) -> Vec<Match> {
    let Some(function) = context.function() else {
        return Vec::new();
    };
    let (row, method) = match context.meaning(function) {
        Some(Meaning::Row(row)) => (row, false),
        Some(Meaning::Method(row)) => (row, true),
        Some(Meaning::Held(Holds::Function { signature, .. })) => {
            return named(signature).collect();
        }
        Some(Meaning::Member(class, member)) => {
            let own = named(member.signature.as_deref().unwrap_or_default());
            let more = members::keywords_of_member(class, member);
            return own.chain(more.into_iter().map(parameter)).collect();
        }
        _ => return Vec::new(),
    };
    let signature = ops::signature::signature(row, method);
    let by_name = signature.params.iter().filter(|p| p.kind != ops::signature::Kind::PositionalOnly);
    let more = match ops::row(row).module {
        Module::Pyplot => members::keywords_of_function(ops::row(row).name),
        _ => Vec::new(),
    };
    by_name.map(|p| p.name).chain(more).map(parameter).collect()
}

fn parameter(name: &str) -> Match {
    plain(&format!("{name}="), "param")
}

/// The parameters of a signature that can be given by their names.
fn named(signature: &str) -> impl Iterator<Item = Match> {
    let inner = signature.trim_start_matches('(').trim_end_matches(')');
    let names = inner.split(',').map(|p| p.split('=').next().unwrap_or("").trim());
    names.filter(|n| n.starts_with(char::is_alphabetic)).map(parameter)
}

fn held(name: &str, holds: &Holds) -> Match {
    match holds {
        Holds::Module(_) => plain(name, "module"),
        Holds::Builtin(row) => row_match(name, ops::row(*row)),
        Holds::Function { signature, .. } => function(name, signature),
        Holds::Array(_) | Holds::Value { .. } => plain(name, "instance"),
    }
}

fn bare(name: &'static str) -> Match {
    match names::builtin(name) {
        Some(row) => row_match(name, ops::row(row)),
        None => constant(name),
    }
}

fn constant(name: &str) -> Match {
    match ops::constant(name) {
        Some(ops::Constant::DType(_)) | None => plain(name, "class"),
        Some(_) => plain(name, "instance"),
    }
}

fn row_match(name: &str, row: &Row) -> Match {
    function(name, row.signature)
}

fn function(name: &str, signature: &str) -> Match {
    Match { text: name.to_string(), kind: "function".to_string(), signature: signature.to_string() }
}

fn plain(text: &str, kind: &str) -> Match {
    Match { text: text.to_string(), kind: kind.to_string(), signature: String::new() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::session;
    use super::complete;

    /// The first matches at `|`, and how many there are; `replaces` is the text that they replace.
    fn check(text: &str, replaces: &str, want: &[&str]) {
        let cursor = text.find('|').map_or(text.chars().count(), |at| text[..at].chars().count());
        let text = text.replace('|', "");
        let completion = complete(&text, cursor, &session());
        let got: Vec<String> =
            completion.matches.iter().map(|m| format!("{} {}{}", m.kind, m.text, m.signature)).collect();
        let replaced: String =
            text.chars().skip(completion.start).take(completion.end - completion.start).collect();
        assert_eq!(replaced, replaces, "{text}");
        for item in want {
            assert!(got.iter().any(|g| g.starts_with(item)), "{text}: no {item} in {got:#?}");
        }
        assert!(!want.is_empty() || got.is_empty(), "{text}: {got:#?}");
    }

    #[test]
    fn names_of_the_session_the_text_and_the_table() {
        check("heig", "heig", &["instance height"]);
        check("x = 1\nwid = 2\ny = wi|", "wi", &["instance wid"]);
        check("si", "si", &["function sin(x, /"]);
        check("whi", "whi", &["keyword while"]);
        check("clas", "clas", &["keyword class"]);
        check("yiel", "yiel", &["keyword yield"]);
        check("ValueErr", "ValueErr", &["class ValueError"]);
        check("α = 'ü'; heig|ht", "heig", &["instance height"]);
    }

    #[test]
    fn attributes() {
        check("np.random.ran", "ran", &["function random("]);
        check("import numpy as n\nn.lins", "lins", &["function linspace(start, stop"]);
        check("import numpy as n\nn.linsp|\nx = 2", "linsp", &["function linspace("]);
        check("height.sha", "sha", &["property shape"]);
        check("height.re", "re", &["property real"]);
        check("f(x).sha", "sha", &["property shape"]);
        check("items.app", "app", &["function append"]);
        check("1.5.re", "re", &[]);
        check(
            "axes.set_x",
            "set_x",
            &["function set_xlabel(xlabel, **kwargs)", "function set_xlim(left=None, right=None)"],
        );
        check("axes.pl", "pl", &["function plot(*args, **kwargs)"]);
        check("axes.res", "res", &[]);
        check("fig, ax = subplots()\nax.twi|\nx = 1", "twi", &["function twinx()"]);
    }

    #[test]
    fn imports_and_parameters() {
        check("import nu", "nu", &["module numpy"]);
        check("from numpy import arct", "arct", &["function arctan2(x1, x2, /"]);
        check("np.sum(height, ax", "ax", &["param axis="]);
        check("height.sum(ax", "ax", &["param axis="]);
        check("smooth(height, st", "st", &["param steps="]);
        check(
            "import matplotlib.pyplot as plt\nplt.plot(height, li",
            "li",
            &["param linestyle=", "param linewidth="],
        );
        check(
            "import matplotlib.pyplot as plt\nplt.imshow(height, in",
            "in",
            &["param interpolation=", "param interpolation_stage="],
        );
        check("axes.plot(height, li", "li", &["param linestyle=", "param linewidth="]);
        check("axes.scatter(height, cm", "cm", &["param cmap="]);
    }

    #[test]
    fn nothing_in_strings_and_comments() {
        check("print('si", "si", &[]);
        check("# si", "si", &[]);
        check("'''\nsi", "si", &[]);
        check("f'si", "si", &[]);
        check("f'{heig", "heig", &["instance height"]);
    }
}
