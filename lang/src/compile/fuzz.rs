//! Whatever the text, the front end ends with an answer: no panic, no hang, no place outside of the text.

use std::time::{Duration, Instant};

use crate::complete::{complete, inspect, is_complete};
use crate::diag::render;
use crate::session::Session;
use crate::source::Source;
use crate::syntax::tests::PROGRAMS;

/// xorshift64*: the same numbers on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound.max(1)
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// Asks the front end everything there is to ask of a text; true where it compiles.
fn ask(text: &str, cursor: usize) -> bool {
    let session = Session::default();
    let source = Source { name: "cell 1".to_string(), text: text.to_string() };
    let compiled = super::compile(source.clone(), &session);
    if let Err(diagnostics) = &compiled {
        assert!(!diagnostics.is_empty(), "{text:?}");
        for span in diagnostics.iter().flat_map(|d| d.also.iter().map(|(span, _)| *span).chain([d.span])) {
            assert!(span.start <= span.end && span.start as usize <= text.len(), "{span:?} in {text:?}");
        }
        render(diagnostics, &source, true);
    }
    is_complete(text);
    complete(text, cursor, &session);
    inspect(text, cursor, &session);
    compiled.is_ok()
}

const TOKENS: &[&str] = &[
    "a",
    "b",
    "np",
    "x1",
    "import",
    "from",
    "as",
    "def",
    "f",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ";",
    "=",
    "==",
    "+=",
    "**",
    "*",
    "-",
    "~",
    "not",
    "in",
    "is",
    "and",
    "or",
    "if",
    "elif",
    "else",
    "for",
    "while",
    "lambda",
    "return",
    "break",
    "del",
    "1",
    "2.5",
    "0x",
    "3j",
    "1_0",
    "'s'",
    "f'{a}'",
    "f'{",
    "}'",
    "\"\"\"",
    "'",
    "\\",
    "\\\n",
    "\n",
    "\n",
    "\n    ",
    "\n        ",
    "\t",
    "#c",
    "...",
    ".",
    "@",
    "class",
    "try",
    "yield",
    "await",
    "async",
    "global",
    "nonlocal",
    "assert",
    ":=",
    "->",
    "!",
    "?",
    "$",
    "%",
    "é",
    "😀",
    "\u{a0}",
    "\r\n",
    "\0",
    "print",
    "None",
    " ",
    " ",
    " ",
];

fn text(numbers: &mut Numbers) -> String {
    match numbers.below(3) {
        0 => {
            let bytes: Vec<u8> = (0..numbers.below(40)).map(|_| numbers.below(256) as u8).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        1 => (0..numbers.below(40)).map(|_| numbers.pick(TOKENS)).collect(),
        _ => {
            let mut chars: Vec<char> = PROGRAMS[numbers.below(PROGRAMS.len())].chars().collect();
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(chars.len());
                match numbers.below(3) {
                    0 => drop(chars.drain(at..(at + numbers.below(6)).min(chars.len()))),
                    1 => drop(chars.splice(at..at, numbers.pick(TOKENS).chars()).count()),
                    _ => chars.truncate(at + 1),
                }
            }
            chars.into_iter().collect()
        }
    }
}

/// `DISTARRAY_FUZZ_SECONDS` and `DISTARRAY_FUZZ_SEED` make it a long run.
#[test]
fn random_texts() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
    let mut numbers = Numbers(setting("DISTARRAY_FUZZ_SEED").unwrap_or(20_081_015));
    let until = setting("DISTARRAY_FUZZ_SECONDS").map(|s| Instant::now() + Duration::from_secs(s));
    let mut count = 0;
    while until.map_or(count < 600, |until| Instant::now() < until) {
        let text = text(&mut numbers);
        let cursor = numbers.below(text.chars().count() + 2);
        let start = Instant::now();
        ask(&text, cursor);
        assert!(start.elapsed() < Duration::from_secs(5), "slow: {text:?}");
        count += 1;
    }
}

/// Nesting of every kind, far beyond what is accepted, on the small stack of a thread.
#[test]
fn deep_nesting_needs_no_stack() {
    let deep = |n: usize| -> Vec<String> {
        let nest =
            |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(n), close.repeat(n));
        let blocks: String = (0..n.min(2000)).map(|i| format!("{}if 1:\n", " ".repeat(i))).collect();
        vec![
            nest("(", "1", ")"),
            nest("(", "", ""),
            nest("[", "1", "]"),
            nest("{1: ", "1", "}"),
            nest("abs(", "1", ")"),
            nest("a[", "1", "]") + "\na = 1",
            nest("-", "1", ""),
            nest("not ", "1", ""),
            nest("lambda: ", "1", ""),
            nest("1 if 1 else ", "1", ""),
            nest("[1 if ", "1", " else 1]"),
            nest("1 ** ", "1", ""),
            nest("1 + ", "1", ""),
            nest("1 < ", "1", ""),
            nest("1 and ", "1", ""),
            nest("(lambda x=", "1", ": 1)"),
            nest("1, ", "1", ""),
            nest("a = ", "1", ""),
            nest("[i for i in ", "[1]", "]"),
            nest("", "[i", "") + &" for i in [1]".repeat(n) + "]",
            format!("a{}\na = 1", "[1]".repeat(n)),
            format!("a{}\na = 1", ".real".repeat(n)),
            format!("a{}\na = 1", "()".repeat(n)),
            nest("f'{", "1", "}'"),
            nest("f'{1:{", "1", "}}'"),
            format!("if 1:\n    pass\n{}", "elif 1:\n    pass\n".repeat(n)),
            blocks,
            "'a' ".repeat(n),
            "x\\\n".repeat(n),
            ";".repeat(n),
            "@a\n".repeat(n),
            nest("def f(a=", "1", "): pass"),
        ]
    };
    let run = move || {
        for n in [50, 99, 150, 199, 250, 5000] {
            for text in deep(n) {
                let start = Instant::now();
                ask(&text, text.len());
                let label: String = text.chars().take(40).collect();
                assert!(start.elapsed() < Duration::from_secs(10), "slow: {n} times {label:?}");
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run);
    assert!(thread.is_ok_and(|t| t.join().is_ok()));
}
