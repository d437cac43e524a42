//! Signatures as the rows write them, and the binding of a call's arguments to them, with CPython's errors.

use std::sync::LazyLock;

use super::{Module, Row, Run, table};
use crate::diag::did_you_mean;
use crate::error::{Error, Result};

/// A row's parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// All but `*args`, in order.
    pub params: Vec<Parameter>,
    /// The name of `*args`, where there is one.
    pub variadic: Option<&'static str>,
    /// The name of `**kwargs`, where there is one.
    pub keywords: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    pub kind: Kind,
    /// The default as Python text; none where the argument is required.
    pub default: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Before a `/`.
    PositionalOnly,
    Normal,
    /// After a `*` or `*args`.
    KeywordOnly,
}

/// Where a parameter's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The array that the method was called on.
    Receiver,
    /// The positional argument of that index.
    Positional(usize),
    /// The keyword argument of that index.
    Keyword(usize),
    /// It was not given.
    Default,
}

/// A call's arguments, by parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// One for each parameter of the row's *function* signature, in its order (`*args` has none), also when it was
    /// called as a method: then the first is the receiver, and the others are matched by name.
    pub slots: Vec<Slot>,
    /// The positional arguments that `*args` takes.
    pub rest: std::ops::Range<usize>,
}

impl Signature {
    /// The signature of the function, or of the method (without `self`).
    pub fn of(row: &Row, method: bool) -> Signature {
        Signature::parse(if method { row.method.unwrap_or("()") } else { row.signature })
    }

    /// From text such as `(a, axis=None, *, keepdims=False)`.
    pub fn parse(text: &'static str) -> Signature {
        let mut signature = Signature { params: Vec::new(), variadic: None, keywords: None };
        let mut kind = Kind::Normal;
        for part in split(text.trim().trim_start_matches('(').trim_end_matches(')')) {
            match part {
                "/" => signature.params.iter_mut().for_each(|p| p.kind = Kind::PositionalOnly),
                "*" => kind = Kind::KeywordOnly,
                _ if part.starts_with("**") => signature.keywords = Some(&part[2..]),
                _ if part.starts_with('*') => {
                    kind = Kind::KeywordOnly;
                    signature.variadic = Some(&part[1..]);
                }
                _ => {
                    let (name, default) = match part.split_once('=') {
                        Some((name, default)) => (name, Some(default)),
                        None => (part, None),
                    };
                    signature.params.push(Parameter { name, kind, default });
                }
            }
        }
        signature
    }

    fn positional(&self) -> usize {
        self.params.iter().filter(|p| p.kind != Kind::KeywordOnly).count()
    }

    fn required_positional(&self) -> usize {
        self.params.iter().filter(|p| p.kind != Kind::KeywordOnly && p.default.is_none()).count()
    }
}

/// The parameters' texts: split at commas outside brackets and quotes.
fn split(text: &'static str) -> Vec<&'static str> {
    let (mut parts, mut depth, mut quote, mut start) = (Vec::new(), 0, None, 0);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), _) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|p| !p.is_empty());
    parts
}

static SIGNATURES: LazyLock<Vec<[Signature; 2]>> = LazyLock::new(|| {
    table().iter().map(|row| [Signature::of(row, false), Signature::of(row, true)]).collect()
});

/// The parsed signature of the row of that index: the function's, or the method's.
///
/// # Panics
/// When there is no such row.
pub fn signature(index: u32, method: bool) -> &'static Signature {
    &SIGNATURES[index as usize][method as usize]
}

/// Binds a call with `positional` positional arguments (the receiver of a method not counted) and these keywords.
///
/// # Errors
/// TypeError in CPython's words: unexpected or repeated arguments, too many, or missing ones.
pub fn bind(index: u32, method: bool, positional: usize, keywords: &[&str]) -> Result<Binding> {
    let row = super::row(index);
    let called = signature(index, method);
    let mut slots = vec![Slot::Default; called.params.len()];
    let direct = called.positional();
    for (i, slot) in slots.iter_mut().enumerate().take(direct.min(positional)) {
        *slot = Slot::Positional(i);
    }
    bind_keywords(row, called, keywords, &mut slots)?;
    if positional > direct && called.variadic.is_none() {
        return Err(wrong_count(row, called, positional, method, &slots));
    }
    missing(row, called, positional, &slots)?;
    let rest = direct.min(positional)..positional;
    if !method {
        return Ok(Binding { slots, rest });
    }
    // A row that is only a method may take parameters that its function has under the same names.
    let by_name = |name: &str| called.params.iter().position(|p| p.name == name).map(|i| slots[i]);
    let own = receiver(index);
    let function = signature(index, false).params.iter().enumerate();
    let slot = |(i, p): (usize, &Parameter)| {
        if i == own { Slot::Receiver } else { by_name(p.name).unwrap_or(Slot::Default) }
    };
    Ok(Binding { slots: function.map(slot).collect(), rest })
}

/// Which parameter of the row's function a method's object is: the first that the method's signature does not have.
pub fn receiver(index: u32) -> usize {
    let of_method = &signature(index, true).params;
    let own = |p: &Parameter| !of_method.iter().any(|q| q.name == p.name);
    signature(index, false).params.iter().position(own).unwrap_or(0)
}

fn bind_keywords(row: &Row, called: &Signature, keywords: &[&str], slots: &mut [Slot]) -> Result<()> {
    let name = row.name;
    for (j, keyword) in keywords.iter().enumerate() {
        let by_keyword = |p: &Parameter| p.name == *keyword && p.kind != Kind::PositionalOnly;
        let Some(i) = called.params.iter().position(by_keyword) else {
            if called.keywords.is_some() {
                continue;
            }
            if matches!(row.run, Run::Host(_)) && called.params.iter().all(|p| p.kind == Kind::PositionalOnly)
            {
                return Err(Error::type_(format!("{name}() takes no keyword arguments")));
            }
            if is_python_level(row) && called.params.iter().any(|p| p.name == *keyword) {
                return Err(Error::type_(format!(
                    "{name}() got some positional-only arguments passed as keyword arguments: '{keyword}'"
                )));
            }
            let error = Error::type_(format!("{name}() got an unexpected keyword argument '{keyword}'"));
            let similar = did_you_mean(keyword, called.params.iter().map(|p| p.name));
            return Err(match similar {
                Some(similar) => error.hint(format!("did you mean `{similar}`?")),
                None => error,
            });
        };
        match slots[i] {
            Slot::Positional(_) => {
                return Err(Error::type_(format!("{name}() got multiple values for argument '{keyword}'")));
            }
            Slot::Keyword(_) => {
                return Err(Error::type_(format!("{name}() keyword argument repeated: {keyword}")));
            }
            _ => slots[i] = Slot::Keyword(j),
        }
    }
    Ok(())
}

/// Whether its errors are worded as those of a function written in Python, and not as a C function's or a ufunc's.
fn is_python_level(row: &Row) -> bool {
    !matches!(row.run, Run::Ufunc(_) | Run::Host(_))
}

fn wrong_count(row: &Row, called: &Signature, given: usize, method: bool, slots: &[Slot]) -> Error {
    let (least, most) = (called.required_positional(), called.positional());
    if let Some(error) = c_count(row, called, given) {
        return error;
    }
    // A method written in Python counts its `self`.
    let own = (method && is_python_level(row)) as usize;
    let takes = if least == most {
        format!("{}", most + own)
    } else {
        format!("from {} to {}", least + own, most + own)
    };
    let plural = if least == most && most + own == 1 { "" } else { "s" };
    let keyword_only = called
        .params
        .iter()
        .zip(slots)
        .filter(|(p, s)| p.kind == Kind::KeywordOnly && **s != Slot::Default)
        .count();
    let extra = match keyword_only {
        0 => String::new(),
        n => {
            format!(" positional arguments (and {n} keyword-only argument{})", if n == 1 { "" } else { "s" })
        }
    };
    let verb = if given + own == 1 { "was" } else { "were" };
    Error::type_(format!(
        "{}() takes {takes} positional argument{plural} but {}{extra} {verb} given",
        row.name,
        given + own
    ))
}

/// The wording of Python's builtins that are written in C and take positional arguments only.
fn c_count(row: &Row, called: &Signature, given: usize) -> Option<Error> {
    let positional_only = called.params.iter().all(|p| p.kind != Kind::Normal);
    if row.module != Module::Python || !positional_only || called.variadic.is_some() {
        return None;
    }
    let (name, least, most) = (row.name, called.required_positional(), called.positional());
    let arguments = |n: usize| {
        if n == 1 { "1 argument".to_string() } else { format!("{n} arguments") }
    };
    Some(Error::type_(match (least, most) {
        (1, 1) if called.params.len() == 1 => {
            format!("{name}() takes exactly one argument ({given} given)")
        }
        _ if least == most => format!("{name} expected {}, got {given}", arguments(least)),
        _ if given < least => format!("{name} expected at least {}, got {given}", arguments(least)),
        _ => format!("{name} expected at most {}, got {given}", arguments(most)),
    }))
}

fn missing(row: &Row, called: &Signature, given: usize, slots: &[Slot]) -> Result<()> {
    let absent = |keyword_only: bool| -> Vec<String> {
        let of_kind = called.params.iter().zip(slots).filter(|(p, s)| {
            (p.kind == Kind::KeywordOnly) == keyword_only && p.default.is_none() && **s == Slot::Default
        });
        of_kind.map(|(p, _)| format!("'{}'", p.name)).collect()
    };
    let (positional, keyword_only) = (absent(false), absent(true));
    let (names, kind) = match (positional.is_empty(), keyword_only.is_empty()) {
        (true, true) => return Ok(()),
        (false, _) => (positional, "positional"),
        (true, false) => (keyword_only, "keyword-only"),
    };
    if let Some(error) = c_count(row, called, given) {
        return Err(error);
    }
    if matches!(row.run, Run::Ufunc(_)) {
        return Err(wrong_count(row, called, given, false, slots));
    }
    let listed = match names.as_slice() {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
        [] => String::new(),
    };
    let plural = if names.len() == 1 { "" } else { "s" };
    Err(Error::type_(format!(
        "{}() missing {} required {kind} argument{plural}: {listed}",
        row.name,
        names.len()
    )))
}

#[cfg(test)]
mod tests {
    use super::super::{lookup, method};
    use super::*;

    fn find(module: Module, name: &str) -> u32 {
        lookup(module, name).unwrap_or_else(|| panic!("no row {name}"))
    }

    /// A call written as `name positional keyword keyword ...`; the error's message is what CPython and NumPy say.
    fn check(module: Module, call: &str, expected: &str) {
        let words: Vec<&str> = call.split(' ').collect();
        let bound = bind(find(module, words[0]), false, words[1].parse().unwrap_or(0), &words[2..]);
        assert_eq!(bound.map_or_else(|e| e.message, |b| format!("{:?}", b.slots)), expected, "{call}");
    }

    #[test]
    fn arguments_in_error() {
        let numpy = [
            ("sin 0", "sin() takes from 1 to 2 positional arguments but 0 were given"),
            ("sin 4", "sin() takes from 1 to 2 positional arguments but 4 were given"),
            ("sin 0 x", "sin() got an unexpected keyword argument 'x'"),
            ("add 1", "add() takes from 2 to 3 positional arguments but 1 was given"),
            ("sum 0", "sum() missing 1 required positional argument: 'a'"),
            ("sum 1 axes", "sum() got an unexpected keyword argument 'axes'"),
            ("sum 1 a", "sum() got multiple values for argument 'a'"),
            ("outer 0", "outer() missing 2 required positional arguments: 'a' and 'b'"),
            ("linspace 1", "linspace() missing 1 required positional argument: 'stop'"),
            ("zeros 5", "zeros() takes from 1 to 3 positional arguments but 5 were given"),
            (
                "concatenate 0 arrays",
                "concatenate() got some positional-only arguments passed as keyword arguments: 'arrays'",
            ),
        ];
        for (call, expected) in numpy {
            check(Module::Numpy, call, expected);
        }
        let python = [
            ("len 0", "len() takes exactly one argument (0 given)"),
            ("len 2", "len() takes exactly one argument (2 given)"),
            ("len 0 obj", "len() takes no keyword arguments"),
            ("isinstance 1", "isinstance expected 2 arguments, got 1"),
            ("range 0", "range expected at least 1 argument, got 0"),
            ("range 4", "range expected at most 3 arguments, got 4"),
            ("list 2", "list expected at most 1 argument, got 2"),
            ("sorted 0", "sorted expected 1 argument, got 0"),
        ];
        for (call, expected) in python {
            check(Module::Python, call, expected);
        }
    }

    #[test]
    fn arguments_find_their_parameters() {
        check(Module::Numpy, "tril 2", "[Positional(0), Positional(1)]");
        check(
            Module::Numpy,
            "eye 1 dtype k",
            "[Positional(0), Default, Keyword(1), Keyword(0), Default, Default, Default, Default]",
        );
        check(Module::Python, "print 3 end", "[Default, Keyword(0)]");
        let rest = bind(find(Module::Python, "print"), false, 3, &[]).map(|b| b.rest);
        assert_eq!(rest, Ok(0..3));
    }

    #[test]
    fn a_method_binds_by_its_own_signature() {
        let method = |name: &str, n: usize, keywords: &[&str]| {
            let bound = bind(method(name).expect("a method"), true, n, keywords).expect("arguments that fit");
            (bound.slots, bound.rest)
        };
        use Slot::*;
        // a.clip(0, max=1): the function's are a, a_min, a_max, out, min, max.
        let (slots, _) = method("clip", 1, &["max"]);
        assert_eq!(slots, [Receiver, Default, Default, Default, Positional(0), Keyword(0)]);
        let (slots, rest) = method("reshape", 2, &["order"]);
        assert_eq!((slots, rest), (vec![Receiver, Default, Keyword(0), Default], 0..2));
    }
}
