//! Python's `functools` module, and what makes functions of `operator`.

use super::{Functools, Host, Module, Row};

pub const ROWS: &[Row] = &[
    tool(
        "cache",
        "(user_function, /)",
        "The function, which remembers what it gave for which arguments.",
        "f = functools.cache(lambda n: print('once') or n * n)\nf(3) + f(3)",
        "a function",
        Functools::Cache,
    ),
    tool(
        "lru_cache",
        "(maxsize=128, typed=False)",
        "As `cache`, of the last `maxsize` calls; `lru_cache(maxsize=None)` gives a function to decorate with.",
        "f = functools.lru_cache(maxsize=2)(abs)\nf(-3)",
        "a function",
        Functools::LruCache,
    ),
    tool(
        "partial",
        "(func, /, *args, **keywords)",
        "The function with its first arguments and some keywords given.",
        "functools.partial(pow, 2)(10)",
        "a function",
        Functools::Partial,
    ),
    tool(
        "reduce",
        "(function, iterable, initial=None, /)",
        "What a function of two makes of all items, from the left.",
        "functools.reduce(lambda a, b: a * b, [1, 2, 3, 4])",
        "the function's",
        Functools::Reduce,
    ),
    getter(
        "attrgetter",
        "(*attrs)",
        "A function that gives the attributes of these names.",
        "operator.attrgetter('real', 'imag')(1 + 2j)",
        Host::AttrGetter,
    ),
    getter(
        "itemgetter",
        "(*items)",
        "A function that gives the items at these places.",
        "sorted([('b', 1), ('a', 2)], key=operator.itemgetter(0))",
        Host::ItemGetter,
    ),
    getter(
        "methodcaller",
        "(*args, **kwargs)",
        "A function that calls the method of that name.",
        "list(map(operator.methodcaller('upper'), 'ab'))",
        Host::MethodCaller,
    ),
];

const fn getter(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    host: Host,
) -> Row {
    let row = super::objects::builtin(name, signature, doc, example, "a function", host);
    Row { module: Module::Operator, ..row }
}

const fn tool(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    function: Functools,
) -> Row {
    let row = super::objects::builtin(name, signature, doc, example, result, Host::Functools(function));
    Row { module: Module::Functools, ..row }
}
