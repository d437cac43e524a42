//! Files against the bytes that NumPy would write, from any layout into any layout.

use std::fs;
use std::path::PathBuf;

use lang::ops::Module;

use super::*;
use crate::comm::threads;
use crate::ctx::Settings;
use crate::exec::discover;
use crate::exec::tests::{layout, whole};

fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("distarray-npy-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    dir.join(name)
}

fn call_by_name(ctx: &mut Ctx, name: &str, positional: Vec<Value>, dist: Option<&str>) -> Result<Value> {
    let row = lang::ops::lookup(Module::Numpy, name).unwrap();
    let keywords = dist.map(|d| ("dist".to_string(), Value::str(d))).into_iter().collect();
    crate::exec::call(ctx, &Args::bind(row, None, positional, keywords)?)
}

fn elements(ctx: &mut Ctx, value: Value) -> (Vec<usize>, Vec<u8>) {
    let Value::Array(a) = value else { panic!("an array is expected") };
    (a.shape().to_vec(), whole(ctx, &a).bytes().to_vec())
}

fn numbers(n: usize) -> Block {
    Block::F64((0..n).map(|i| i as f64 - 0.5).collect())
}

/// Saves from each layout and loads into each, on `n` ranks.
fn round_trip(n: usize, shape: &[usize]) {
    let file = scratch(&format!("trip-{n}-{}.npy", shape.len()));
    let name = file.to_str().unwrap();
    let all = numbers(shape.iter().product());
    let mut want = header::write(all.dtype(), shape, false);
    want.extend(all.bytes());
    let specs: &[&str] = if shape.len() > 1 {
        &["b", "nb", "bb", "c", "nc2", "u", "n", "r"]
    } else {
        &["b", "c", "u", "n", "r"]
    };
    for spec in specs {
        let _ = fs::remove_file(&file);
        let read = threads::run(n, |comm| {
            let mut ctx = Ctx::new(comm, Settings { small: 0, ..Settings::default() });
            let layout = layout(shape, spec, n);
            let mine = discover::own_part(&layout, ctx.comm.rank(), &all);
            let a = Value::Array(Array::from_block(shape.to_vec(), layout.into(), mine));
            call_by_name(&mut ctx, "save", vec![Value::str(name), a], None).unwrap();
            let specs = specs.iter().filter(|s| **s != "u");
            specs
                .map(|to| {
                    let loaded = call_by_name(&mut ctx, "load", vec![Value::str(name)], Some(to)).unwrap();
                    elements(&mut ctx, loaded)
                })
                .collect::<Vec<_>>()
        });
        assert_eq!(fs::read(&file).unwrap(), want, "{shape:?} from {spec} on {n} ranks");
        for (shape_read, bytes) in read.into_iter().flatten() {
            assert_eq!(
                (&shape_read[..], &bytes[..]),
                (shape, all.bytes()),
                "{shape:?} from {spec} on {n} ranks"
            );
        }
    }
    fs::remove_file(&file).unwrap();
}

#[test]
fn any_layout_to_any_layout() {
    for n in [1, 2, 3, 5] {
        round_trip(n, &[13]);
        round_trip(n, &[4, 6]);
        round_trip(n, &[2, 3, 5]);
        round_trip(n, &[0, 3]);
    }
}

#[test]
fn scalars_and_extensions() {
    let file = scratch("zero");
    let name = file.to_str().unwrap();
    threads::run(3, |comm| {
        let mut ctx = Ctx::new(comm, Settings::default());
        call_by_name(&mut ctx, "save", vec![Value::str(name), Value::Float(2.5)], None).unwrap();
        let back = call_by_name(&mut ctx, "load", vec![Value::str(&format!("{name}.npy"))], None).unwrap();
        assert_eq!(elements(&mut ctx, back), (vec![], 2.5f64.to_le_bytes().to_vec()));
    });
    fs::remove_file(format!("{name}.npy")).unwrap();
}

/// Loads a file of these bytes on 3 ranks.
fn loaded(name: &str, bytes: &[u8]) -> std::result::Result<(Vec<usize>, Vec<u8>), String> {
    let file = scratch(name);
    fs::write(&file, bytes).unwrap();
    let path = file.to_str().unwrap();
    let mut results = threads::run(3, |comm| {
        let mut ctx = Ctx::new(comm, Settings { small: 0, ..Settings::default() });
        match call_by_name(&mut ctx, "load", vec![Value::str(path)], None) {
            Ok(value) => Ok(elements(&mut ctx, value)),
            Err(e) => Err(e.to_string().replace(path, "F")),
        }
    });
    fs::remove_file(&file).unwrap();
    assert!(results.iter().all(|r| *r == results[0]));
    results.swap_remove(0)
}

#[test]
fn foreign_orders() {
    let text = "{'descr': '>f8', 'fortran_order': True, 'shape': (3, 4), }\n";
    let mut bytes = b"\x93NUMPY\x02\x00".to_vec();
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
    // Column by column, big endian.
    for j in 0..4 {
        for i in 0..3 {
            bytes.extend(((4 * i + j) as f64 - 0.5).to_be_bytes());
        }
    }
    assert_eq!(loaded("fortran.npy", &bytes), Ok((vec![3, 4], numbers(12).bytes().to_vec())));
}

#[test]
fn bad_files() {
    let mut short = header::write(lang::dtype::DType::F64, &[10], false);
    short.extend([0; 40]);
    let table: &[(&[u8], &str)] = &[
        (b"", "EOFError: No data left in file"),
        (
            b"hello, this is text",
            "ValueError: F is not a readable .npy file: it begins with hello,, not with \\x93NUMPY",
        ),
        (
            &short,
            "ValueError: Failed to read all data for array. Expected (10,) = 10 elements, could only read 5 elements. \
             (file seems not fully written?)",
        ),
    ];
    for (i, (bytes, want)) in table.iter().enumerate() {
        assert_eq!(loaded(&format!("bad-{i}.npy"), bytes), Err(want.to_string()));
    }
}

#[test]
fn failures_are_everybodys_and_leave_nothing() {
    let missing = scratch("missing.npy");
    let nowhere = scratch("no-such-directory").join("a.npy");
    let directory = scratch("directory.npy");
    fs::create_dir_all(&directory).unwrap();
    let errors = threads::run(3, |comm| {
        let mut ctx = Ctx::new(comm, Settings::default());
        let path = |p: &PathBuf| Value::str(p.to_str().unwrap());
        let load =
            |ctx: &mut Ctx, p| call_by_name(ctx, "load", vec![path(p)], None).err().unwrap().to_string();
        let first = load(&mut ctx, &missing);
        let second = load(&mut ctx, &directory);
        let save = |ctx: &mut Ctx, p| {
            call_by_name(ctx, "save", vec![path(p), Value::Float(1.0)], None).err().unwrap().to_string()
        };
        let third = save(&mut ctx, &nowhere);
        let fourth = save(&mut ctx, &directory);
        [first, second, third, fourth]
    });
    for e in errors {
        assert_eq!(
            e[0],
            format!("FileNotFoundError: [Errno 2] No such file or directory: '{}'", missing.display())
        );
        assert_eq!(e[1], format!("OSError: [Errno 21] Is a directory: '{}'", directory.display()));
        assert_eq!(
            e[2],
            format!("FileNotFoundError: [Errno 2] No such file or directory: '{}'", nowhere.display())
        );
        assert_eq!(e[3], format!("OSError: [Errno 21] Is a directory: '{}'", directory.display()));
    }
    assert!(!directory.with_extension("npy.part").exists());
    fs::remove_dir(&directory).unwrap();
}

#[test]
fn transposed_arrays_keep_their_order() {
    // np.save of np.arange(24.0).reshape(2, 3, 4).T - 0.5 is the memory as it lies, in Fortran's order.
    let shape = [2, 3, 4];
    let all = numbers(24);
    let mut want = header::write(all.dtype(), &[4, 3, 2], true);
    want.extend(all.bytes());
    for n in [1, 2, 3, 5] {
        for spec in ["b", "nnb", "bbn", "c", "r"] {
            let file = scratch(&format!("transposed-{n}.npy"));
            let name = file.to_str().unwrap();
            threads::run(n, |comm| {
                let mut ctx = Ctx::new(comm, Settings { small: 0, ..Settings::default() });
                let layout = layout(&shape, spec, n);
                let mine = discover::own_part(&layout, ctx.comm.rank(), &all);
                let a = Value::Array(Array::from_block(shape.to_vec(), layout.into(), mine));
                let a = call_by_name(&mut ctx, "transpose", vec![a], None).unwrap();
                call_by_name(&mut ctx, "save", vec![Value::str(name), a], None).unwrap();
            });
            assert_eq!(fs::read(&file).unwrap(), want, "from {spec} on {n} ranks");
            fs::remove_file(&file).unwrap();
        }
    }
}
