//! Dtypes, the choice of loops, and the values of every loop against NumPy's (`tests/oracle/ufuncs.py`).

use lang::dtype::{Casting, DType, can_cast, promote};
use lang::error::Class;
use lang::ops::{self, Loop, Module, Operand, Run, lookup, row};

const GOLDEN: &str = include_str!("../../tests/oracle/ufuncs.txt");

/// The words of each line of the golden file that starts with `kind`.
fn lines(kind: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = GOLDEN.lines().map(|l| l.split(' ').collect::<Vec<_>>());
    lines.filter(move |words| words[0] == kind).map(|words| words[1..].to_vec())
}

fn dtype(word: &str) -> DType {
    word.chars().next().and_then(DType::from_char).expect("a dtype's character")
}

/// Bytes from base 64.
fn decode(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four.iter().enumerate().fold(0u32, |n, (i, c)| n | (digit(*c) as u32) << (18 - 6 * i));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}

/// Bytes at an address that any dtype may have.
struct Tile {
    words: Vec<u128>,
    len: usize,
}

impl Tile {
    fn zeros(len: usize) -> Tile {
        Tile { words: vec![0; len.div_ceil(16)], len }
    }

    fn of(bytes: &[u8]) -> Tile {
        let mut tile = Tile::zeros(bytes.len());
        tile.bytes_mut().copy_from_slice(bytes);
        tile
    }

    fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.len]
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        let len = self.len;
        &mut bytemuck::cast_slice_mut(&mut self.words)[..len]
    }
}

fn sample(kind: &str, d: DType) -> Vec<u8> {
    let found = lines(kind).find(|words| dtype(words[0]) == d);
    decode(found.expect("inputs of each dtype")[1])
}

#[test]
fn promotion_and_casting() {
    for words in lines("promote") {
        let ours: String = DType::ALL.map(|b| promote(dtype(words[0]), b).char()).iter().collect();
        assert_eq!(ours, words[1], "promote {}", words[0]);
    }
    for (kind, casting) in [("safe", Casting::Safe), ("same_kind", Casting::SameKind)] {
        for words in lines(kind) {
            let may = |to| {
                if can_cast(dtype(words[0]), to, casting) { '1' } else { '0' }
            };
            let ours: String = DType::ALL.map(may).iter().collect();
            assert_eq!(ours, words[1], "{kind} {}", words[0]);
        }
    }
}

#[test]
fn names() {
    let (mut wrong, mut n) = (Vec::new(), 0);
    for words in lines("name") {
        let ours = match DType::parse(words[0]) {
            Ok(d) => d.char().to_string(),
            Err(e) if e.message.ends_with("not understood") => "-".to_string(),
            Err(_) => "!".to_string(),
        };
        n += 1;
        if ours != words[1] {
            wrong.push(format!("{}: {ours}, not {}", words[0], words[1]));
        }
    }
    assert!(n > 100 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The 13 dtypes and Python's numbers, in the order of the golden file.
fn operands() -> Vec<Operand<'static>> {
    let strong = DType::ALL.into_iter().map(Operand::Strong);
    strong.chain([Operand::Int(1), Operand::Float, Operand::Complex]).collect()
}

fn types(l: &Loop) -> String {
    l.ins.iter().chain(l.outs).map(|d| d.char()).collect()
}

#[test]
fn the_choice_of_loops() {
    let (mut wrong, mut n) = (Vec::new(), 0);
    for words in lines("resolve") {
        let index = lookup(Module::Numpy, words[0]).unwrap_or_else(|| panic!("no row {}", words[0]));
        let all = operands();
        let unary = words.len() - 1 == all.len();
        for (i, expected) in words[1..].iter().enumerate() {
            let given = if unary { vec![all[i]] } else { vec![all[i / all.len()], all[i % all.len()]] };
            // NumPy compares two Python ints as objects when it is not told their values.
            if expected.contains('O') {
                continue;
            }
            // Where float16 goes in and no float comes out, float32 does as well.
            let half = expected.contains('e') && !expected.ends_with('?');
            let expected = if half { "half".to_string() } else { expected.replace('e', "f") };
            let ours = match ops::resolve(row(index), &given) {
                Ok(found) => types(found.chosen),
                Err(e) if e.class == Class::NotImplementedError => "half".to_string(),
                Err(e) if e.class == Class::TypeError => "-".to_string(),
                Err(e) => e.to_string(),
            };
            n += 1;
            if ours != expected {
                wrong.push(format!("{} {given:?}: {ours}, not {expected}", words[0]));
            }
        }
    }
    assert!(n > 5000 && wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_dtype_of_where_and_clip() {
    let (mut wrong, mut n) = (Vec::new(), 0);
    let all = operands();
    let some: Vec<Operand> = "?bBlLfdF".chars().filter_map(DType::from_char).map(Operand::Strong).collect();
    let bounds: Vec<Operand> =
        some.iter().copied().chain([Operand::Int(1), Operand::Float, Operand::Complex]).collect();
    let clip = row(lookup(Module::Numpy, "clip").expect("clip"));
    for words in lines("result") {
        for (i, expected) in words[1..].iter().enumerate() {
            let (given, found) = if words[0] == "where" {
                let (x, y) = (all[i / all.len()], all[i % all.len()]);
                (vec![x, y], ops::resolve_where(x, y))
            } else {
                let m = bounds.len();
                let (x, low, high) = (some[i / m / m], bounds[i / m % m], bounds[i % m]);
                (vec![x, low, high], ops::resolve_clip(clip, x, Some(low), Some(high)))
            };
            let ours = found.map_or("-".to_string(), |f| f.chosen.outs[0].char().to_string());
            n += 1;
            if ours != *expected {
                wrong.push(format!("{} {given:?}: {ours}, not {expected}", words[0]));
            }
        }
    }
    assert!(n > 1000 && wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}

/// How far a result may be from NumPy's, in units in the last place. Sums, products, roundings and the like are
/// exact. The golden values are those of NumPy without vector code, which then calls the same C library as we do
/// (but for `cbrt` and complex `absolute`): on the library that wrote them all others are equal. Another version may
/// round its functions differently, and so does NumPy's vector code, by at most this much.
fn tolerance(name: &str, d: DType) -> u64 {
    const FROM_C: &[&str] = &[
        "sin",
        "cos",
        "tan",
        "arcsin",
        "arccos",
        "arctan",
        "arctan2",
        "sinh",
        "cosh",
        "tanh",
        "arcsinh",
        "arccosh",
        "arctanh",
        "exp",
        "exp2",
        "expm1",
        "log",
        "log2",
        "log10",
        "log1p",
        "logaddexp",
        "logaddexp2",
        "power",
        "float_power",
        "cbrt",
        "hypot",
        "angle",
    ];
    match name {
        // Built of several such functions, or of one and a product.
        _ if FROM_C.contains(&name) && d.is_complex() => 4,
        _ if FROM_C.contains(&name) => 2,
        "absolute" | "sign" if d.is_complex() => 1,
        _ => 0,
    }
}

/// The distance of two floats in units in the last place; nan is nan, and 0 is -0 only where anything is allowed.
fn ulps(a: f64, b: f64, single: bool) -> u64 {
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() && b.is_nan() { 0 } else { u64::MAX };
    }
    // Consecutive integers for consecutive floats.
    let ordered = |x: f64| {
        let bits = if single { (x as f32).to_bits() as i32 as i64 } else { x.to_bits() as i64 };
        let min = if single { i32::MIN as i64 } else { i64::MIN };
        if bits < 0 { min.wrapping_sub(bits) as i128 - 1 } else { bits as i128 }
    };
    (ordered(a) - ordered(b)).unsigned_abs() as u64
}

fn check(what: &str, d: DType, ours: &[u8], expected: &[u8], allowed: u64, wrong: &mut Vec<String>) {
    assert_eq!(ours.len(), expected.len(), "{what}: length");
    let part = d.real_part();
    let single = part == DType::F32;
    let elements = ours.chunks_exact(part.itemsize()).zip(expected.chunks_exact(part.itemsize()));
    for (i, (a, b)) in elements.enumerate() {
        let same = if part.is_float() {
            let (x, y) = (lang::scalar::Scalar::read(part, a), lang::scalar::Scalar::read(part, b));
            ulps(x.as_f64(), y.as_f64(), single) <= allowed
        } else {
            a == b
        };
        if !same {
            let read = |bytes| lang::scalar::Scalar::read(part, bytes);
            wrong.push(format!("{what} [{i}]: {:?}, not {:?}", read(a), read(b)));
        }
    }
}

#[test]
fn the_values_of_every_loop() {
    let (mut wrong, mut n, mut done) = (Vec::new(), 0, std::collections::BTreeSet::new());
    for words in lines("loop") {
        let (name, signature) = (words[0], words[1]);
        let loops = match row(lookup(Module::Numpy, name).expect("a row")).run {
            Run::Ufunc(loops) => loops,
            _ => ops::CLIP,
        };
        let chars = signature.replace("->", "");
        let found = loops.iter().find(|l| types(l) == chars);
        let found = found.unwrap_or_else(|| panic!("no loop {name} {signature}"));
        let inputs = inputs(name, found);
        let len = inputs[0].len / found.ins[0].itemsize();
        let mut outputs: Vec<Tile> = found.outs.iter().map(|d| Tile::zeros(len * d.itemsize())).collect();
        let ins: Vec<&[u8]> = inputs.iter().map(Tile::bytes).collect();
        if let Some(check) = found.check {
            check(&ins).expect("inputs that pass");
        }
        (found.run)(&ins, &mut outputs.iter_mut().map(Tile::bytes_mut).collect::<Vec<_>>());
        for ((tile, d), expected) in outputs.iter().zip(found.outs).zip(&words[2..]) {
            let allowed = tolerance(name, found.ins[0]);
            check(&format!("{name} {signature}"), *d, tile.bytes(), &decode(expected), allowed, &mut wrong);
            n += len;
        }
        done.insert((name, chars));
    }
    assert!(n > 50_000 && wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
    for row in ops::table() {
        if let (Run::Ufunc(loops), Module::Numpy) = (row.run, row.module) {
            let missed = loops.iter().find(|l| !done.contains(&(row.name, types(l))));
            assert!(missed.is_none(), "{} {} is not checked", row.name, missed.map_or(String::new(), types));
        }
    }
}

/// The golden inputs: all values for one argument, all pairs for two, all triples for three.
fn inputs(name: &str, l: &Loop) -> Vec<Tile> {
    let kind = ["values", "pairs", "triples"][l.ins.len() - 1];
    let given: Vec<Vec<u8>> = l.ins.iter().map(|d| sample(kind, *d)).collect();
    let sizes: Vec<usize> = l.ins.iter().map(|d| d.itemsize()).collect();
    let counts: Vec<usize> = given.iter().zip(&sizes).map(|(b, s)| b.len() / s).collect();
    let total: usize = counts.iter().product();
    (0..given.len())
        .map(|k| {
            // The last argument changes fastest.
            let stride: usize = counts[k + 1..].iter().product();
            let mut bytes = Vec::new();
            for i in 0..total {
                let j = i / stride % counts[k] * sizes[k];
                let element = &given[k][j..j + sizes[k]];
                let negative = l.ins[k].kind() == lang::dtype::Kind::Signed && element[sizes[k] - 1] >= 0x80;
                if name == "power" && k == 1 && negative {
                    bytes.push(5);
                    bytes.extend(vec![0; sizes[k] - 1]);
                } else {
                    bytes.extend_from_slice(element);
                }
            }
            Tile::of(&bytes)
        })
        .collect()
}

#[test]
fn casts() {
    let mut wrong = Vec::new();
    for words in lines("cast") {
        let (from, to) = (dtype(words[0]), dtype(words[1]));
        let input = Tile::of(&sample("values", from));
        let mut output = Tile::zeros(input.len / from.itemsize() * to.itemsize());
        ops::cast(from, to)(&[input.bytes()], &mut [output.bytes_mut()]);
        check(&format!("{from} to {to}"), to, output.bytes(), &decode(words[2]), 0, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
