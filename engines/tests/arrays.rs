//! Random programs on arrays against a plain model of NumPy's: views share memory, copies do not, on any number of
//! ranks and in any layout.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use engines::array::Array;
use engines::block::Block;
use engines::comm::{Comm, Solo, threads};
use engines::ctx::{Ctx, Settings};
use engines::exec::elementwise::{self, Operand, apply};
use engines::exec::rearrange::views;
use engines::exec::{index, redistribute};
use engines::value::{Slice, Value};
use lang::dtype::DType;
use lang::layout::{DimSpec, DistSpec, Layout};
use lang::ops::{self, Module};
use lang::scalar::Scalar;

/// NumPy's array of float64 in its simplest form: shared memory, an offset and strides.
#[derive(Clone)]
struct Model {
    memory: Rc<RefCell<Vec<f64>>>,
    offset: isize,
    shape: Vec<usize>,
    strides: Vec<isize>,
}

/// All coordinates of a shape, in C order.
fn coordinates(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |heads, &n| {
        heads.iter().flat_map(|head| (0..n).map(move |i| [&head[..], &[i]].concat())).collect()
    })
}

impl Model {
    fn new(shape: &[usize], values: Vec<f64>) -> Model {
        let mut strides = vec![1; shape.len()];
        for d in (1..shape.len()).rev() {
            strides[d - 1] = strides[d] * shape[d].max(1) as isize;
        }
        Model { memory: Rc::new(RefCell::new(values)), offset: 0, shape: shape.to_vec(), strides }
    }

    fn at(&self, index: &[usize]) -> usize {
        (self.offset + index.iter().zip(&self.strides).map(|(i, s)| *i as isize * s).sum::<isize>()) as usize
    }

    fn values(&self) -> Vec<f64> {
        coordinates(&self.shape).iter().map(|i| self.memory.borrow()[self.at(i)]).collect()
    }

    fn broadcast(&self, shape: &[usize]) -> Option<Model> {
        let skip = shape.len().checked_sub(self.shape.len())?;
        let mut out = Model { shape: shape.to_vec(), strides: vec![0; shape.len()], ..self.clone() };
        for d in 0..self.shape.len() {
            if self.shape[d] == shape[d + skip] {
                out.strides[d + skip] = self.strides[d];
            } else if self.shape[d] != 1 {
                return None;
            }
        }
        Some(out)
    }

    fn write(&self, values: &[f64]) {
        for (i, v) in coordinates(&self.shape).iter().zip(values) {
            self.memory.borrow_mut()[self.at(i)] = *v;
        }
    }
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }

    fn layout(&mut self, shape: &[usize], team: usize) -> Layout {
        if self.roll(4) == 0 {
            return Layout::replicated(shape, team);
        }
        let mut left = team;
        let mut grid = Vec::new();
        let mut dims = Vec::new();
        for &size in shape {
            let procs = 1 + self.roll(left);
            left /= procs;
            grid.push(procs);
            dims.push(match self.roll(5) {
                _ if procs == 1 => DimSpec::Whole,
                0 => DimSpec::Cyclic(1),
                1 => DimSpec::Cyclic(2),
                2 => {
                    let mut bounds: Vec<usize> = (1..procs).map(|_| self.roll(size + 1)).collect();
                    bounds.extend([0, size]);
                    bounds.sort();
                    DimSpec::Bounds(bounds)
                }
                3 => {
                    let mut lists = vec![Vec::new(); procs];
                    (0..size).rev().for_each(|i| lists[self.roll(procs)].push(i));
                    DimSpec::Unstructured(lists)
                }
                _ => DimSpec::Block,
            });
        }
        Layout::new(shape, &DistSpec::Dims(dims), team, Some(&grid), None).unwrap()
    }

    fn slice(&mut self, n: usize) -> (Option<i64>, Option<i64>, Option<i64>) {
        let bound = |dice: &mut Dice| {
            let i = dice.roll(2 * n + 3) as i64 - n as i64 - 1;
            dice.pick(&[None, Some(i)])
        };
        (bound(self), bound(self), self.pick(&[None, None, Some(1), Some(2), Some(-1), Some(3), Some(-2)]))
    }
}

fn optional(i: Option<i64>) -> Value {
    i.map_or(Value::None, Value::Int)
}

/// The program's arrays, ours and the model's.
struct World {
    ctx: Ctx,
    dice: Dice,
    arrays: Vec<(Array, Model)>,
    log: Vec<String>,
}

impl World {
    fn new(comm: Box<dyn Comm>, seed: u64) -> World {
        let mut dice = Dice(seed);
        let small = dice.pick(&[0, 0, 6, 1000]);
        let layout = dice.pick(&["b", "b", "c", "nb", "bb", "c2"]).to_string();
        World {
            ctx: Ctx::new(comm, Settings { small, layout, ..Settings::default() }),
            dice,
            arrays: Vec::new(),
            log: Vec::new(),
        }
    }

    fn create(&mut self) {
        let ndim = self.dice.roll(4);
        let shape: Vec<usize> = (0..ndim).map(|_| self.dice.pick(&[1, 2, 3, 4, 6, 7, 0])).collect();
        let size = shape.iter().product();
        let values: Vec<f64> = (0..size).map(|_| self.dice.roll(9) as f64 - 4.0).collect();
        let layout = Arc::new(self.dice.layout(&shape, self.ctx.comm.size()));
        self.log.push(format!("a{} = array of {shape:?} in {layout}", self.arrays.len()));
        let everywhere = self.ctx.replicated(&shape);
        let whole = Array::from_block(shape.clone(), everywhere, Block::F64(values.clone()));
        let array = redistribute::redistribute(&mut self.ctx, &whole, &layout).unwrap();
        self.arrays.push((array, Model::new(&shape, values)));
    }

    fn pick(&mut self) -> (usize, Array, Model) {
        let i = self.dice.roll(self.arrays.len());
        let (array, model) = self.arrays[i].clone();
        (i, array, model)
    }

    /// A random basic key, and what it sees of the model.
    fn key(&mut self, model: &Model) -> (Value, Model) {
        let mut seen = Model { shape: vec![], strides: vec![], ..model.clone() };
        let mut items = Vec::new();
        for (&n, &stride) in model.shape.iter().zip(&model.strides) {
            match self.dice.roll(6) {
                0 if n > 0 => {
                    let i = self.dice.roll(n);
                    seen.offset += i as isize * stride;
                    items.push(Value::Int(i as i64 - self.dice.pick(&[0, n as i64])));
                }
                1 if model.shape.len() < 4 => {
                    items.extend([
                        Value::None,
                        Value::Slice(Rc::new(Slice {
                            start: Value::None,
                            stop: Value::None,
                            step: Value::None,
                        })),
                    ]);
                    seen.shape.extend([1, n]);
                    seen.strides.extend([0, stride]);
                }
                _ => {
                    let (start, stop, step) = self.dice.slice(n);
                    let (first, by, count) = lang::layout::slice_indices(start, stop, step, n).unwrap();
                    seen.offset += first as isize * stride;
                    seen.shape.push(count);
                    seen.strides.push(stride * by);
                    let (start, stop, step) = (optional(start), optional(stop), optional(step));
                    items.push(Value::Slice(Rc::new(Slice { start, stop, step })));
                }
            }
        }
        // With it the result is an array also where every axis has its integer.
        items.push(Value::Ellipsis);
        (Value::tuple(items), seen)
    }

    /// A recorded expression of two arrays that broadcast, or of one and a number.
    fn expression(&mut self) -> (Array, Model, String) {
        let (i, a, ma) = self.pick();
        let (j, b, mb) = self.pick();
        let (name, f): (&str, fn(f64, f64) -> f64) = self.dice.pick(&[
            ("add", |x, y| x + y),
            ("multiply", |x, y| x * y),
            ("subtract", |x, y| x - y),
            ("maximum", f64::max),
        ]);
        let row = ops::row(ops::lookup(Module::Numpy, name).unwrap());
        let shapes: [&[usize]; 2] = [&ma.shape, &mb.shape];
        let both = elementwise::broadcast(&shapes).ok().filter(|s| s.iter().product::<usize>() < 3000);
        let (shape, operands, right) = match both {
            Some(shape) if self.dice.roll(5) > 0 => (shape, [Operand::Array(a), Operand::Array(b)], mb),
            _ => (ma.shape.clone(), [Operand::Array(a), Operand::Int(3)], Model::new(&[], vec![3.0])),
        };
        let (x, y) = (ma.broadcast(&shape).unwrap().values(), right.broadcast(&shape).unwrap().values());
        // Kept small, so that a long program stays exact.
        let values: Vec<f64> = x.iter().zip(&y).map(|(x, y)| f(*x, *y).clamp(-1e6, 1e6)).collect();
        let result = apply(&mut self.ctx, row, &operands, None).unwrap().remove(0);
        drop(operands);
        let minimum = ops::row(ops::lookup(Module::Numpy, "minimum").unwrap());
        let maximum = ops::row(ops::lookup(Module::Numpy, "maximum").unwrap());
        let low = apply(&mut self.ctx, maximum, &[Operand::Array(result), Operand::Float(-1e6)], None)
            .unwrap()
            .remove(0);
        let result = apply(&mut self.ctx, minimum, &[Operand::Array(low), Operand::Float(1e6)], None)
            .unwrap()
            .remove(0);
        let text = format!(
            "{name}(a{i}, {})",
            if right.shape.is_empty() { "3 or 0-d".into() } else { format!("a{j}") }
        );
        let mut model = Model::new(&shape, values);
        // The strides that NumPy would give matter for later reshapes: ours are asked for through reshape itself.
        model.shape = shape;
        (result, model, text)
    }

    fn step(&mut self) {
        match self.dice.roll(16) {
            0 => self.create(),
            1..=3 => {
                let (i, array, model) = self.pick();
                let (key, seen) = self.key(&model);
                self.log.push(format!("a{} = a{i}[{}]", self.arrays.len(), text(&key)));
                match index::get(&mut self.ctx, &array, &key).unwrap() {
                    Value::Array(view) => self.arrays.push((view, seen)),
                    _ => panic!("an ellipsis gives arrays"),
                }
            }
            4 => {
                let (i, array, model) = self.pick();
                let mut axes: Vec<usize> = (0..model.shape.len()).collect();
                let by = self.dice.roll(axes.len());
                axes.rotate_left(by);
                self.log.push(format!("a{} = a{i}.transpose({axes:?})", self.arrays.len()));
                let view = views::transpose(&mut self.ctx, &array, &axes).unwrap();
                let (shape, strides) = axes.iter().map(|&d| (model.shape[d], model.strides[d])).unzip();
                self.arrays.push((view, Model { shape, strides, ..model }));
            }
            5 => self.reshape(),
            6..=8 => {
                let (array, model, what) = self.expression();
                self.log.push(format!("a{} = {what}", self.arrays.len()));
                self.arrays.push((array, model));
            }
            9..=11 => {
                let (i, array, model) = self.pick();
                let (key, seen) = self.key(&model);
                let (value, right, what) = match self.dice.roll(3) {
                    0 => (Value::Int(7), Model::new(&[], vec![7.0]), "7".into()),
                    1 => {
                        let (j, b, mb) = self.pick();
                        (Value::Array(b), mb, format!("a{j}"))
                    }
                    _ => {
                        let (b, mb, what) = self.expression();
                        (Value::Array(b), mb, what)
                    }
                };
                self.log.push(format!("a{i}[{}] = {what}", text(&key)));
                let done = index::set(&mut self.ctx, &array, &key, &value);
                // Leading ones are dropped.
                let extra = right.shape.len().saturating_sub(seen.shape.len());
                let (ones, rest) = right.shape.split_at(extra);
                let values = right.values();
                let dropped = Model::new(rest, values);
                match dropped.broadcast(&seen.shape).filter(|_| ones.iter().all(|n| *n == 1)) {
                    Some(right) => {
                        seen.write(&right.values());
                        done.unwrap();
                    }
                    None => assert!(done.unwrap_err().message.starts_with("could not broadcast")),
                }
            }
            12 => self.mask(),
            13 => self.take(),
            14 => {
                let (i, array, model) = self.pick();
                if model.shape.contains(&0) {
                    return;
                }
                let at: Vec<usize> = model.shape.iter().map(|&n| self.dice.roll(n)).collect();
                let key = Value::tuple(at.iter().map(|&k| Value::Int(k as i64)).collect());
                self.log.push(format!("a{i}[{at:?}] += 1"));
                let Value::Scalar(old) = index::get(&mut self.ctx, &array, &key).unwrap() else {
                    panic!("an element")
                };
                assert_eq!(old, Scalar::F64(model.memory.borrow()[model.at(&at)]), "{}", self.log.join("\n"));
                index::set(&mut self.ctx, &array, &key, &Value::Float(old.as_f64() + 1.0)).unwrap();
                let place = model.at(&at);
                model.memory.borrow_mut()[place] += 1.0;
            }
            _ => {
                if self.arrays.len() > 3 {
                    let i = self.dice.roll(self.arrays.len());
                    self.log.push(format!("del a{i}"));
                    self.arrays.swap_remove(i);
                }
            }
        }
    }

    fn reshape(&mut self) {
        let (i, array, model) = self.pick();
        let mut left: usize = model.shape.iter().product();
        let mut shape = Vec::new();
        for _ in 0..self.dice.roll(3) {
            let factors: Vec<usize> = (1..=left.max(1)).filter(|f| left.is_multiple_of(*f)).collect();
            let factor = self.dice.pick(&factors);
            shape.push(factor);
            left /= factor;
        }
        shape.push(left);
        self.log.push(format!("a{} = a{i}.reshape({shape:?})", self.arrays.len()));
        let view = views::reshapes_in_place(&array, &shape);
        let new = views::reshape(&mut self.ctx, &array, &shape).unwrap();
        let mut seen = Model::new(&shape, model.values());
        if view {
            // As places of the old memory: the shape is then no product of strides, so keep a list through identity.
            let Some(strides) = reshaped(&model, &shape) else {
                // The model's strides are C order where NumPy's are not (results of transposed operands): skip.
                return;
            };
            seen = Model { shape, strides, ..model };
        }
        self.arrays.push((new, seen));
    }

    fn mask(&mut self) {
        let (i, array, model) = self.pick();
        let lead = 1 + self.dice.roll(model.shape.len());
        if lead > model.shape.len() {
            return;
        }
        let shape = model.shape[..lead].to_vec();
        let chosen: Vec<bool> = coordinates(&shape).iter().map(|_| self.dice.roll(2) == 0).collect();
        let everywhere = self.ctx.replicated(&shape);
        let block = Block::Bool(chosen.iter().map(|b| *b as u8).collect());
        let mask = Array::from_block(shape.clone(), everywhere, block);
        let layout = Arc::new(self.dice.layout(&shape, self.ctx.comm.size()));
        let mask = Value::Array(redistribute::redistribute(&mut self.ctx, &mask, &layout).unwrap());
        let rest = model.shape[lead..].to_vec();
        let inner: usize = rest.iter().product();
        let places: Vec<usize> = coordinates(&model.shape)
            .iter()
            .enumerate()
            .filter(|(k, _)| chosen[k / inner.max(1)])
            .map(|(_, c)| model.at(c))
            .collect();
        let count = chosen.iter().filter(|b| **b).count();
        let shape = [&[count], &rest[..]].concat();
        match self.dice.roll(3) {
            0 => {
                self.log.push(format!("a{} = a{i}[mask {chosen:?}]", self.arrays.len()));
                let Value::Array(new) = index::get(&mut self.ctx, &array, &mask).unwrap() else {
                    panic!("an array")
                };
                let values = places.iter().map(|p| model.memory.borrow()[*p]).collect();
                self.arrays.push((new, Model::new(&shape, values)));
            }
            1 => {
                self.log.push(format!("a{i}[mask {chosen:?}] = 5"));
                index::set(&mut self.ctx, &array, &mask, &Value::Int(5)).unwrap();
                places.iter().for_each(|p| model.memory.borrow_mut()[*p] = 5.0);
            }
            _ => {
                self.log.push(format!("a{i}[mask {chosen:?}] = 0, 1, 2..."));
                let values: Vec<f64> = (0..places.len()).map(|k| k as f64).collect();
                let everywhere = self.ctx.replicated(&shape);
                let value = Array::from_block(shape.clone(), everywhere, Block::F64(values.clone()));
                let layout = Arc::new(self.dice.layout(&shape, self.ctx.comm.size()));
                let value = redistribute::redistribute(&mut self.ctx, &value, &layout).unwrap();
                index::set(&mut self.ctx, &array, &mask, &Value::Array(value)).unwrap();
                places.iter().zip(values).for_each(|(p, v)| model.memory.borrow_mut()[*p] = v);
            }
        }
    }

    fn take(&mut self) {
        let (i, array, model) = self.pick();
        if model.shape.is_empty() || model.shape[0] == 0 {
            return;
        }
        let n = model.shape[0];
        let picks: Vec<usize> = (0..self.dice.roll(5)).map(|_| self.dice.roll(n)).collect();
        let key = Value::list(
            picks.iter().map(|&k| Value::Int(k as i64 - self.dice.pick(&[0, n as i64]))).collect(),
        );
        let rest = &model.shape[1..];
        let shape = [&[picks.len()], rest].concat();
        let row = |k: usize| -> Vec<usize> {
            coordinates(rest).iter().map(|c| model.at(&[&[k], &c[..]].concat())).collect()
        };
        if self.dice.roll(2) == 0 {
            self.log.push(format!("a{} = a{i}[{picks:?}]", self.arrays.len()));
            let Value::Array(new) = index::get(&mut self.ctx, &array, &key).unwrap() else {
                panic!("an array")
            };
            let values = picks.iter().flat_map(|&k| row(k)).map(|p| model.memory.borrow()[p]).collect();
            self.arrays.push((new, Model::new(&shape, values)));
        } else {
            self.log.push(format!("a{i}[{picks:?}] = 0, 1, 2..."));
            let values: Vec<f64> = (0..shape.iter().product()).map(|k| k as f64).collect();
            let everywhere = self.ctx.replicated(&shape);
            let value = Array::from_block(shape, everywhere, Block::F64(values.clone()));
            index::set(&mut self.ctx, &array, &key, &Value::Array(value)).unwrap();
            for (p, v) in picks.iter().flat_map(|&k| row(k)).zip(values) {
                model.memory.borrow_mut()[p] = v;
            }
        }
    }

    fn compare(&mut self) {
        for (i, (array, model)) in self.arrays.clone().iter().enumerate() {
            assert_eq!(array.shape(), model.shape, "a{i} in\n{}", self.log.join("\n"));
            let all: Vec<Vec<usize>> = model.shape.iter().map(|&n| (0..n).collect()).collect();
            let values: Vec<f64> =
                self.ctx.fetch(array, &all).unwrap().into_iter().map(Scalar::as_f64).collect();
            assert_eq!(values, model.values(), "a{i} in\n{}", self.log.join("\n"));
        }
    }

    fn run(&mut self, steps: usize) {
        (0..3).for_each(|_| self.create());
        for k in 0..steps {
            self.step();
            if k % 4 == 3 {
                self.compare();
            }
        }
        self.compare();
    }
}

/// Strides of the model's memory under another shape, by trying all places.
fn reshaped(model: &Model, shape: &[usize]) -> Option<Vec<isize>> {
    let places: Vec<isize> =
        coordinates(&model.shape).iter().map(|c| model.at(c) as isize - model.offset).collect();
    let mut strides = Vec::new();
    for d in 0..shape.len() {
        let step: usize = shape[d + 1..].iter().product();
        strides.push(if shape[d] > 1 { *places.get(step)? } else { 0 });
    }
    let new = Model { shape: shape.to_vec(), strides: strides.clone(), ..model.clone() };
    let same = coordinates(shape).iter().map(|c| new.at(c) as isize - model.offset).eq(places);
    same.then_some(strides)
}

fn text(key: &Value) -> String {
    match key {
        Value::Tuple(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Int(i) => i.to_string(),
        Value::None => "None".into(),
        Value::Ellipsis => "...".into(),
        Value::Slice(s) => {
            let part = |v: &Value| match v {
                Value::Int(i) => i.to_string(),
                _ => String::new(),
            };
            format!("{}:{}:{}", part(&s.start), part(&s.stop), part(&s.step))
        }
        _ => "?".into(),
    }
}

/// Programs for each number of ranks; more by `DISTARRAY_SEEDS`.
fn seeds() -> u64 {
    std::env::var("DISTARRAY_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

#[test]
fn random_programs_agree_with_the_model() {
    for seed in 0..seeds() {
        World::new(Box::new(Solo), seed).run(40);
    }
    for ranks in [2, 3, 5, 7] {
        for seed in 0..seeds() {
            threads::run(ranks, |comm| World::new(comm, seed * 31 + ranks as u64).run(40));
        }
    }
}

#[test]
fn dtypes_survive() {
    let mut ctx = Ctx::new(Box::new(Solo), Settings::default());
    let layout = ctx.replicated(&[3]);
    let a = Array::from_block(vec![3], layout, Block::I64(vec![1, 2, 300]));
    let b = elementwise::astype(&mut ctx, &a, DType::U8).unwrap();
    assert_eq!(ctx.fetch(&b, &[vec![2]]).unwrap(), [Scalar::U8(44)]);
}

fn ufunc(ctx: &mut Ctx, name: &str, a: &Array, b: Operand) -> Array {
    let row = ops::row(ops::lookup(Module::Numpy, name).unwrap());
    apply(ctx, row, &[Operand::Array(a.clone()), b], None).unwrap().remove(0)
}

fn slice(start: Option<i64>, stop: Option<i64>) -> Value {
    let (start, stop, step) = (optional(start), optional(stop), Value::None);
    Value::Slice(Rc::new(Slice { start, stop, step }))
}

/// `b[1:-1] = a[2:] + a[:-2]` sends the edges of the blocks, and holds no more than the two arrays.
#[test]
fn a_shifted_slice_is_a_halo() {
    let run = |comm: Box<dyn Comm>| {
        let mut ctx = Ctx::new(comm, Settings { small: 0, ..Settings::default() });
        let (n, width) = (40, 10);
        let layout = ctx.default_layout(&[n, width]);
        let len = layout.local_size(ctx.comm.rank());
        let made = |_: ()| Array::from_block(vec![n, width], layout.clone(), Block::F64(vec![1.0; len]));
        let (a, b) = (made(()), made(()));
        let held = engines::array::held_bytes();
        let mut get = |key: Value| match index::get(&mut ctx, &a, &key).unwrap() {
            Value::Array(view) => view,
            _ => panic!("an array"),
        };
        let (up, down) = (get(slice(Some(2), None)), get(slice(None, Some(-2))));
        let sum = Value::Array(ufunc(&mut ctx, "add", &up, Operand::Array(down)));
        index::set(&mut ctx, &b, &slice(Some(1), Some(-1)), &sum).unwrap();
        assert_eq!(engines::array::held_bytes(), held, "no temporary is left");
        let all = [(0..n).collect::<Vec<_>>(), vec![3]];
        let values: Vec<f64> = ctx.fetch(&b, &all).unwrap().into_iter().map(Scalar::as_f64).collect();
        assert!(values.iter().enumerate().all(|(i, v)| *v == if i == 0 || i == n - 1 { 1.0 } else { 2.0 }));
        (ctx.stats.messages_sent, ctx.stats.bytes_sent)
    };
    // A row to each neighbour.
    let row = 10 * 8;
    assert_eq!(threads::run(4, run), [(1, row), (2, 2 * row), (2, 2 * row), (1, row)]);
}

/// The edges that a pass has received serve the next, until the array is written.
#[test]
fn a_halo_comes_once() {
    let run = |comm: Box<dyn Comm>| {
        let mut ctx = Ctx::new(comm, Settings { small: 0, ..Settings::default() });
        let (n, width) = (40, 10);
        let layout = ctx.default_layout(&[n, width]);
        let rank = ctx.comm.rank();
        let first = layout.owned(rank)[0].get(0).unwrap_or(0);
        let values = (0..layout.local_size(rank)).map(|i| (first * width + i) as f64).collect();
        let a = Array::from_block(vec![n, width], layout, Block::F64(values));
        let mut sent = Vec::new();
        let mut pass = |ctx: &mut Ctx, name: &str| {
            let mut get = |key: Value| match index::get(ctx, &a, &key).unwrap() {
                Value::Array(view) => view,
                _ => panic!("an array"),
            };
            let (up, down) = (get(slice(Some(1), None)), get(slice(None, Some(-1))));
            let before = ctx.stats.messages_sent;
            let result = ufunc(ctx, name, &up, Operand::Array(down));
            let lies = result.layout().clone();
            ctx.local(&result, &lies).unwrap();
            sent.push(ctx.stats.messages_sent - before);
            let all = [(0..n - 1).collect::<Vec<_>>(), vec![3]];
            ctx.fetch(&result, &all).unwrap().into_iter().map(Scalar::as_f64).collect::<Vec<_>>()
        };
        assert!(pass(&mut ctx, "subtract").iter().all(|d| *d == 10.0));
        let sums: Vec<f64> = (0..n - 1).map(|i| (2 * i + 1) as f64 * 10.0 + 6.0).collect();
        assert_eq!(pass(&mut ctx, "add"), sums);
        index::set(&mut ctx, &a, &Value::Int(9), &Value::Float(0.0)).unwrap();
        let after = pass(&mut ctx, "add");
        assert_eq!(after[9..11], [103.0, 216.0]);
        assert_eq!(after[8], 83.0);
        sent
    };
    // A row comes from the left neighbour, and again when row 9 (of rank 0) was written.
    assert_eq!(threads::run(4, run), [[1, 0, 1], [1, 0, 1], [1, 0, 1], [0, 0, 0]]);
}

/// A value that is updated for ever is computed now and then: neither its depth nor its memory grows.
#[test]
fn long_chains_stay_shallow() {
    let mut ctx = Ctx::new(Box::new(Solo), Settings::default());
    let layout = ctx.replicated(&[2]);
    let mut a = Array::from_block(vec![2], layout, Block::F64(vec![0.0; 2]));
    let mut twice = a.clone();
    for _ in 0..20_000 {
        a = ufunc(&mut ctx, "add", &a, Operand::Int(1));
        twice = ufunc(&mut ctx, "add", &a, Operand::Array(twice));
    }
    assert_eq!(ctx.fetch(&a, &[vec![1]]).unwrap(), [Scalar::F64(20_000.0)]);
    assert_eq!(ctx.fetch(&twice, &[vec![1]]).unwrap(), [Scalar::F64(200_010_000.0)]);
}
