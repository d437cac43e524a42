//! The methods of Python's own types: what they are called and take, for the machine, for completion and for errors.

/// A method of one of Python's types.
#[derive(Debug, PartialEq, Eq)]
pub struct Method {
    pub name: &'static str,
    /// As Python writes it, without `self`.
    pub signature: &'static str,
    /// How many arguments it takes, `*args` not counted.
    pub least: usize,
    pub most: usize,
    /// The parameters' names, where they may be given by keyword; as many as `most`.
    pub names: &'static [&'static str],
    /// Any number of arguments.
    pub variadic: bool,
}

const fn method(name: &'static str, signature: &'static str, least: usize, most: usize) -> Method {
    Method { name, signature, least, most, names: &[], variadic: false }
}

const fn named(
    name: &'static str,
    signature: &'static str,
    least: usize,
    names: &'static [&'static str],
) -> Method {
    Method { name, signature, least, most: names.len(), names, variadic: false }
}

const fn variadic(name: &'static str, signature: &'static str) -> Method {
    Method { name, signature, least: 0, most: 0, names: &[], variadic: true }
}

const LIST: &[Method] = &[
    method("append", "(object, /)", 1, 1),
    method("clear", "()", 0, 0),
    method("copy", "()", 0, 0),
    method("count", "(value, /)", 1, 1),
    method("extend", "(iterable, /)", 1, 1),
    method("index", "(value, start=0, stop=9223372036854775807, /)", 1, 3),
    method("insert", "(index, object, /)", 2, 2),
    method("pop", "(index=-1, /)", 0, 1),
    method("remove", "(value, /)", 1, 1),
    method("reverse", "()", 0, 0),
    named("sort", "(*, key=None, reverse=False)", 0, &["key", "reverse"]),
];

const TUPLE: &[Method] = &[
    method("count", "(value, /)", 1, 1),
    method("index", "(value, start=0, stop=9223372036854775807, /)", 1, 3),
];

const RANGE: &[Method] = &[method("count", "(value, /)", 1, 1), method("index", "(value, /)", 1, 1)];

const SLICE: &[Method] = &[method("indices", "(len, /)", 1, 1)];

const DICT: &[Method] = &[
    method("clear", "()", 0, 0),
    method("copy", "()", 0, 0),
    method("fromkeys", "(iterable, value=None, /)", 1, 2),
    method("get", "(key, default=None, /)", 1, 2),
    method("items", "()", 0, 0),
    method("keys", "()", 0, 0),
    method("pop", "(key, default=None, /)", 1, 2),
    method("popitem", "()", 0, 0),
    method("setdefault", "(key, default=None, /)", 1, 2),
    // With any keywords, which the machine takes by itself.
    method("update", "(other=(), /, **kwargs)", 0, 1),
    method("values", "()", 0, 0),
];

const COUNTER: &[Method] = &[
    method("clear", "()", 0, 0),
    method("copy", "()", 0, 0),
    method("elements", "()", 0, 0),
    method("fromkeys", "(iterable, value=None, /)", 1, 2),
    method("get", "(key, default=None, /)", 1, 2),
    method("items", "()", 0, 0),
    method("keys", "()", 0, 0),
    named("most_common", "(n=None)", 0, &["n"]),
    method("pop", "(key, default=None, /)", 1, 2),
    method("popitem", "()", 0, 0),
    method("setdefault", "(key, default=None, /)", 1, 2),
    method("subtract", "(iterable=None, /, **kwargs)", 0, 1),
    method("total", "()", 0, 0),
    method("update", "(iterable=None, /, **kwargs)", 0, 1),
    method("values", "()", 0, 0),
];

const ORDERED: &[Method] = &[
    method("clear", "()", 0, 0),
    method("copy", "()", 0, 0),
    method("fromkeys", "(iterable, value=None, /)", 1, 2),
    method("get", "(key, default=None, /)", 1, 2),
    method("items", "()", 0, 0),
    method("keys", "()", 0, 0),
    named("move_to_end", "(key, last=True)", 1, &["key", "last"]),
    method("pop", "(key, default=None, /)", 1, 2),
    named("popitem", "(last=True)", 0, &["last"]),
    method("setdefault", "(key, default=None, /)", 1, 2),
    method("update", "(other=(), /, **kwargs)", 0, 1),
    method("values", "()", 0, 0),
];

const DEQUE: &[Method] = &[
    method("append", "(item, /)", 1, 1),
    method("appendleft", "(item, /)", 1, 1),
    method("clear", "()", 0, 0),
    method("copy", "()", 0, 0),
    method("count", "(item, /)", 1, 1),
    method("extend", "(iterable, /)", 1, 1),
    method("extendleft", "(iterable, /)", 1, 1),
    method("index", "(item, start=0, stop=9223372036854775807, /)", 1, 3),
    method("insert", "(index, item, /)", 2, 2),
    method("pop", "()", 0, 0),
    method("popleft", "()", 0, 0),
    method("remove", "(item, /)", 1, 1),
    method("reverse", "()", 0, 0),
    method("rotate", "(steps=1, /)", 0, 1),
];

const CACHED: &[Method] = &[method("cache_clear", "()", 0, 0)];

const VIEW: &[Method] = &[method("isdisjoint", "(other, /)", 1, 1)];

const FROZENSET: &[Method] = &[
    method("copy", "()", 0, 0),
    variadic("difference", "(*others)"),
    variadic("intersection", "(*others)"),
    method("isdisjoint", "(other, /)", 1, 1),
    method("issubset", "(other, /)", 1, 1),
    method("issuperset", "(other, /)", 1, 1),
    method("symmetric_difference", "(other, /)", 1, 1),
    variadic("union", "(*others)"),
];

const SET: &[Method] = &[
    method("add", "(elem, /)", 1, 1),
    method("clear", "()", 0, 0),
    method("copy", "()", 0, 0),
    variadic("difference", "(*others)"),
    variadic("difference_update", "(*others)"),
    method("discard", "(elem, /)", 1, 1),
    variadic("intersection", "(*others)"),
    variadic("intersection_update", "(*others)"),
    method("isdisjoint", "(other, /)", 1, 1),
    method("issubset", "(other, /)", 1, 1),
    method("issuperset", "(other, /)", 1, 1),
    method("pop", "()", 0, 0),
    method("remove", "(elem, /)", 1, 1),
    method("symmetric_difference", "(other, /)", 1, 1),
    method("symmetric_difference_update", "(other, /)", 1, 1),
    variadic("union", "(*others)"),
    variadic("update", "(*others)"),
];

const STR: &[Method] = &[
    method("capitalize", "()", 0, 0),
    method("casefold", "()", 0, 0),
    method("center", "(width, fillchar=' ', /)", 1, 2),
    method("count", "(sub, start=None, end=None, /)", 1, 3),
    method("endswith", "(suffix, start=None, end=None, /)", 1, 3),
    named("expandtabs", "(tabsize=8)", 0, &["tabsize"]),
    method("find", "(sub, start=None, end=None, /)", 1, 3),
    variadic("format", "(*args, **kwargs)"),
    method("format_map", "(mapping, /)", 1, 1),
    method("index", "(sub, start=None, end=None, /)", 1, 3),
    method("isalnum", "()", 0, 0),
    method("isalpha", "()", 0, 0),
    method("isascii", "()", 0, 0),
    method("isdecimal", "()", 0, 0),
    method("isdigit", "()", 0, 0),
    method("isidentifier", "()", 0, 0),
    method("islower", "()", 0, 0),
    method("isnumeric", "()", 0, 0),
    method("isprintable", "()", 0, 0),
    method("isspace", "()", 0, 0),
    method("istitle", "()", 0, 0),
    method("isupper", "()", 0, 0),
    method("join", "(iterable, /)", 1, 1),
    method("ljust", "(width, fillchar=' ', /)", 1, 2),
    method("lower", "()", 0, 0),
    method("lstrip", "(chars=None, /)", 0, 1),
    method("maketrans", "(x, y=None, z=None, /)", 1, 3),
    method("partition", "(sep, /)", 1, 1),
    method("removeprefix", "(prefix, /)", 1, 1),
    method("removesuffix", "(suffix, /)", 1, 1),
    method("replace", "(old, new, count=-1, /)", 2, 3),
    method("rfind", "(sub, start=None, end=None, /)", 1, 3),
    method("rindex", "(sub, start=None, end=None, /)", 1, 3),
    method("rjust", "(width, fillchar=' ', /)", 1, 2),
    method("rpartition", "(sep, /)", 1, 1),
    named("rsplit", "(sep=None, maxsplit=-1)", 0, &["sep", "maxsplit"]),
    method("rstrip", "(chars=None, /)", 0, 1),
    named("split", "(sep=None, maxsplit=-1)", 0, &["sep", "maxsplit"]),
    named("splitlines", "(keepends=False)", 0, &["keepends"]),
    method("startswith", "(prefix, start=None, end=None, /)", 1, 3),
    method("strip", "(chars=None, /)", 0, 1),
    method("swapcase", "()", 0, 0),
    method("title", "()", 0, 0),
    method("translate", "(table, /)", 1, 1),
    method("upper", "()", 0, 0),
    method("zfill", "(width, /)", 1, 1),
];

const INT: &[Method] = &[
    method("as_integer_ratio", "()", 0, 0),
    method("bit_count", "()", 0, 0),
    method("bit_length", "()", 0, 0),
    method("conjugate", "()", 0, 0),
];

const FLOAT: &[Method] = &[
    method("as_integer_ratio", "()", 0, 0),
    method("conjugate", "()", 0, 0),
    method("fromhex", "(string, /)", 1, 1),
    method("hex", "()", 0, 0),
    method("is_integer", "()", 0, 0),
];

const EXCEPTION: &[Method] = &[
    variadic("__init__", "(*args)"),
    method("__repr__", "()", 0, 0),
    method("__str__", "()", 0, 0),
    method("with_traceback", "(tb, /)", 1, 1),
];

/// `Exception.__init__(self, ...)`.
const EXCEPTION_CLASS: &[Method] = &[variadic("__init__", "(*args)")];

/// What `super()` finds where no class of the user's is left.
const OBJECT: &[Method] =
    &[variadic("__init__", "(*args)"), method("__repr__", "()", 0, 0), method("__str__", "()", 0, 0)];

const PROPERTY: &[Method] = &[
    method("deleter", "(fdel, /)", 1, 1),
    method("getter", "(fget, /)", 1, 1),
    method("setter", "(fset, /)", 1, 1),
];

const COMPLEX: &[Method] = &[method("conjugate", "()", 0, 0)];

const GENERATOR: &[Method] =
    &[method("close", "()", 0, 0), method("send", "(value, /)", 1, 1), method("throw", "(value, /)", 1, 1)];

/// The methods of a type, by its full name; none of a type that has none of Python's.
pub fn methods(class: &str) -> &'static [Method] {
    match class {
        "list" => LIST,
        "tuple" => TUPLE,
        "range" => RANGE,
        "slice" => SLICE,
        "dict" | "collections.defaultdict" => DICT,
        "collections.Counter" => COUNTER,
        "collections.OrderedDict" => ORDERED,
        "collections.deque" => DEQUE,
        "functools._lru_cache_wrapper" => CACHED,
        "dict_keys" | "dict_items" => VIEW,
        "set" => SET,
        "frozenset" => FROZENSET,
        "str" => STR,
        "bool" | "int" => INT,
        "float" => FLOAT,
        "complex" => COMPLEX,
        "BaseException" => EXCEPTION,
        "type[BaseException]" => EXCEPTION_CLASS,
        "object" => OBJECT,
        "property" => PROPERTY,
        "generator" => GENERATOR,
        _ => &[],
    }
}

/// What is read without a call: `x.real`, `r.start`.
pub fn attributes(class: &str) -> &'static [&'static str] {
    match class {
        "int" | "bool" => &["denominator", "imag", "numerator", "real"],
        "float" | "complex" => &["imag", "real"],
        "range" | "slice" => &["start", "step", "stop"],
        "collections.deque" => &["maxlen"],
        "collections.defaultdict" => &["default_factory"],
        "functools.partial" => &["args", "func", "keywords"],
        _ => &[],
    }
}

/// Methods that Python has and the language refuses, with the reason.
pub fn refused(class: &str, name: &str) -> Option<&'static str> {
    Some(match (class, name) {
        ("str", "encode") => "there are no bytes here: text is a string",
        ("int" | "bool", "to_bytes" | "from_bytes") => "there are no bytes here",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::signature::{Kind, Signature};
    use super::*;

    #[test]
    fn signatures_say_what_the_numbers_say() {
        let classes =
            ["list", "tuple", "range", "slice", "dict", "dict_keys", "set", "frozenset", "str", "int"];
        for class in classes.into_iter().chain([
            "float",
            "complex",
            "generator",
            "collections.Counter",
            "collections.deque",
        ]) {
            for m in methods(class) {
                if m.signature.contains("**") {
                    continue;
                }
                let signature = Signature::parse(m.signature);
                let required = signature.params.iter().filter(|p| p.default.is_none()).count();
                let by_name: Vec<&str> = signature
                    .params
                    .iter()
                    .filter(|p| p.kind != Kind::PositionalOnly)
                    .map(|p| p.name)
                    .collect();
                assert_eq!((required, signature.params.len()), (m.least, m.most), "{class}.{}", m.name);
                assert_eq!(by_name, m.names, "{class}.{}", m.name);
                assert_eq!(signature.variadic.is_some(), m.variadic, "{class}.{}", m.name);
            }
        }
    }
}
