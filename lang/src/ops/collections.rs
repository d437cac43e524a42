//! Python's `collections` module.

use super::{Collections, Host, Module, Row};

pub const ROWS: &[Row] = &[
    container(
        "Counter",
        "(iterable=None, /, **kwargs)",
        "A dict of how often each item occurs; what is not there counts 0.",
        "collections.Counter('abracadabra').most_common(2)",
        "a Counter",
        Collections::Counter,
    ),
    container(
        "OrderedDict",
        "(mapping=(), /, **kwargs)",
        "A dict that can bring its items into another order.",
        "collections.OrderedDict(a=1, b=2)",
        "an OrderedDict",
        Collections::OrderedDict,
    ),
    container(
        "defaultdict",
        "(default_factory=None, mapping=(), /, **kwargs)",
        "A dict that makes what is not there by a function.",
        "d = collections.defaultdict(list)\nd['a'].append(1)\nd",
        "a defaultdict",
        Collections::DefaultDict,
    ),
    container(
        "deque",
        "(iterable=(), maxlen=None)",
        "A list that grows and shrinks at both ends.",
        "d = collections.deque([1, 2], maxlen=3)\nd.extend([3, 4])\nd",
        "a deque",
        Collections::Deque,
    ),
];

const fn container(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    function: Collections,
) -> Row {
    let row = super::objects::builtin(name, signature, doc, example, result, Host::Collections(function));
    Row { module: Module::Collections, ..row }
}
