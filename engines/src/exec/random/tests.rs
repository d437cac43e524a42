//! Random arrays are one stream, whatever the layout and the number of ranks.

use lang::ops::{Module, lookup};

use super::*;
use crate::comm::threads;
use crate::ctx::Settings;
use crate::exec::tests::{layout, whole};
use crate::rng::{Mt19937, Pcg64};

fn call_by_name(
    ctx: &mut Ctx,
    module: Module,
    name: &str,
    receiver: Option<Value>,
    positional: Vec<Value>,
    keywords: &[(&str, Value)],
) -> Result<Value> {
    let keywords = keywords.iter().map(|(k, v)| (k.to_string(), v.clone())).collect();
    crate::exec::call(ctx, &Args::bind(lookup(module, name).unwrap(), receiver, positional, keywords)?)
}

fn bits(ctx: &mut Ctx, value: &Value) -> Vec<u8> {
    match value {
        Value::Array(a) => whole(ctx, a).bytes().to_vec(),
        Value::Float(x) => x.to_le_bytes().to_vec(),
        _ => panic!("random numbers are floats"),
    }
}

fn shape(extents: &[usize]) -> Value {
    Value::tuple(extents.iter().map(|&n| Value::Int(n as i64)).collect())
}

const SPECS: [&str; 8] = ["r", "n", "b", "c", "c3", "nb", "bc2", "cb"];

/// Runs `f` with each of several layouts on several numbers of ranks; it returns bytes that must always be `want`.
fn check(want: &[u8], f: impl Fn(&mut Ctx, &str) -> Vec<u8> + Sync) {
    for n in [1, 2, 3, 5, 7] {
        for spec in SPECS {
            for got in threads::run(n, |comm| {
                f(&mut Ctx::new(comm, Settings { small: 0, layout: "b".into(), ..Settings::default() }), spec)
            }) {
                assert!(got == want, "{spec} on {n} ranks");
            }
        }
    }
}

#[test]
fn generators_draw_one_stream() {
    // rng = default_rng([5, 2**40]); random(), random((6, 7)), random(5, dtype=float32), random((3, 0)), random((2, 3, 4))
    let mut bits_of = Pcg64::new(&crate::rng::SeedSequence::new(&[5, 0, 256]));
    let mut want = Vec::new();
    (0..43).for_each(|_| want.extend(bits_of.next_f64().to_le_bytes()));
    (0..5).for_each(|_| want.extend(bits_of.next_f32().to_le_bytes()));
    (0..24).for_each(|_| want.extend(bits_of.next_f64().to_le_bytes()));
    want.extend(f64::from(bits_of.next_f32()).to_le_bytes());
    check(&want, |ctx, spec| {
        let seed = Value::list(vec![Value::Int(5), Value::Int(1 << 40)]);
        let rng = call_by_name(ctx, Module::Random, "default_rng", None, vec![seed], &[]).unwrap();
        let mut draw = |positional: Vec<Value>, dtype: DType, ndim: usize| {
            // As many letters as there are axes.
            let letters: String = match spec {
                "r" => "r".into(),
                _ if ndim == 1 => spec.chars().take(1).collect(),
                _ => spec.into(),
            };
            let mut keywords = vec![("dtype", Value::DType(dtype))];
            if ndim > 0 {
                keywords.push(("dist", Value::str(&letters)));
            }
            let drawn =
                call_by_name(ctx, Module::Generator, "random", Some(rng.clone()), positional, &keywords);
            bits(ctx, &drawn.unwrap())
        };
        [
            draw(vec![], DType::F64, 0),
            draw(vec![shape(&[6, 7])], DType::F64, 2),
            draw(vec![Value::Int(5)], DType::F32, 1),
            draw(vec![shape(&[3, 0])], DType::F64, 2),
            draw(vec![shape(&[2, 3, 4])], DType::F64, 3),
            draw(vec![], DType::F32, 0),
        ]
        .concat()
    });
}

#[test]
fn legacy_functions_draw_one_stream() {
    let mut rng = Mt19937::new(42);
    let want: Vec<u8> = (0..1 + 42 + 1300 + 3).flat_map(|_| rng.next_f64().to_le_bytes()).collect();
    check(&want, |ctx, spec| {
        let dist = |s: &str| [("dist", Value::str(s))];
        let first = |s: &str| {
            if s == "r" { s.to_string() } else { s.chars().take(1).collect() }
        };
        call_by_name(ctx, Module::Random, "seed", None, vec![Value::Int(42)], &[]).unwrap();
        let mut all = Vec::new();
        for (name, positional, keywords) in [
            ("rand", vec![], vec![]),
            ("rand", vec![Value::Int(6), Value::Int(7)], dist(spec).to_vec()),
            ("random", vec![Value::Int(1300)], dist(&first(spec)).to_vec()),
            ("random_sample", vec![Value::Int(3)], vec![]),
        ] {
            let drawn = call_by_name(ctx, Module::Random, name, None, positional, &keywords).unwrap();
            all.extend(bits(ctx, &drawn));
        }
        all
    });
}

#[test]
fn unordered_layouts_draw_the_same() {
    for n in [1, 2, 3, 5] {
        let drawn = threads::run(n, |comm| {
            let mut ctx = Ctx::new(comm, Settings::default());
            let args = [("dist", Value::Distribution(Rc::new(layout(&[11, 3], "u", n))))];
            call_by_name(&mut ctx, Module::Random, "seed", None, vec![Value::Int(1)], &[]).unwrap();
            let legacy =
                call_by_name(&mut ctx, Module::Random, "random", None, vec![shape(&[11, 3])], &args).unwrap();
            let rng = call_by_name(&mut ctx, Module::Random, "default_rng", None, vec![Value::Int(1)], &[])
                .unwrap();
            let new =
                call_by_name(&mut ctx, Module::Generator, "random", Some(rng), vec![shape(&[11, 3])], &args);
            [bits(&mut ctx, &legacy), bits(&mut ctx, &new.unwrap())]
        });
        let (mut legacy, mut new) = (Mt19937::new(1), Generator::new(&[1]).bits);
        let want: [Vec<u8>; 2] = [
            (0..33).flat_map(|_| legacy.next_f64().to_le_bytes()).collect(),
            (0..33).flat_map(|_| new.next_f64().to_le_bytes()).collect(),
        ];
        assert!(drawn.iter().all(|d| *d == want), "{n} ranks");
    }
}

#[test]
fn unseeded_ranks_agree() {
    let drawn = threads::run(3, |comm| {
        let mut ctx = Ctx::new(comm, Settings::default());
        let rng = call_by_name(&mut ctx, Module::Random, "default_rng", None, vec![], &[]).unwrap();
        let new = call_by_name(&mut ctx, Module::Generator, "random", Some(rng), vec![], &[]).unwrap();
        let legacy = call_by_name(&mut ctx, Module::Random, "rand", None, vec![], &[]).unwrap();
        [bits(&mut ctx, &new), bits(&mut ctx, &legacy)]
    });
    assert!(drawn.iter().all(|d| *d == drawn[0]) && drawn[0][0] != drawn[0][1]);
}

#[test]
fn bad_seeds() {
    threads::run(1, |comm| {
        let mut ctx = Ctx::new(comm, Settings::default());
        let table = [
            ("seed", Value::Int(-1), "ValueError: Seed must be between 0 and 2**32 - 1"),
            ("seed", Value::list(vec![]), "ValueError: Seed must be non-empty"),
            ("default_rng", Value::Int(-1), "ValueError: expected non-negative integer"),
            (
                "default_rng",
                Value::Float(0.5),
                "TypeError: SeedSequence expects int or sequence of ints for entropy not 0.5",
            ),
            ("rand", Value::Int(-1), "ValueError: negative dimensions are not allowed"),
            ("rand", Value::Float(2.5), "TypeError: 'float' object cannot be interpreted as an integer"),
        ];
        for (name, value, want) in table {
            let got = call_by_name(&mut ctx, Module::Random, name, None, vec![value], &[]).err().unwrap();
            assert_eq!(got.to_string(), want, "{name}");
        }
    });
}
