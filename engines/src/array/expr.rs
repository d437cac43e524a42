//! A recorded elementwise operation: a typed loop over arrays and constants, not run yet.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use lang::dtype::DType;
use lang::layout::Layout;
use lang::ops::LoopFn;
use lang::scalar::Scalar;

use super::storage::add_reader;
use super::{Array, Inner, Readers, State, Strided};

/// Above this many, only the inputs' own memory knows of the reader.
const FEW: usize = 16;

/// One operation. Its inputs broadcast to the shape of its results.
pub(crate) struct Expr {
    pub name: &'static str,
    /// `None`: the input itself (cast to `ins[0]`), as a copy.
    pub run: Option<LoopFn>,
    /// The loop's dtypes; inputs of another dtype are cast to them.
    pub ins: Cow<'static, [DType]>,
    pub outs: Cow<'static, [DType]>,
    pub inputs: Vec<Input>,
    /// Where there are several.
    pub results: RefCell<Vec<Weak<Inner>>>,
    /// The readers' lists of the memory that it reads, through pending inputs too (as far as there are few).
    pub reads: Vec<Readers>,
    /// The longest way down to memory; bounded by `exec::elementwise`, so that no recursion over inputs is deep.
    pub depth: usize,
}

#[derive(Clone)]
pub(crate) enum Input {
    Array(Array),
    /// Of the loop's dtype.
    Const(Scalar),
}

impl Expr {
    /// Records the operation: its results, not computed. The memory that it reads is told of its readers.
    pub fn record(mut self, shape: &[usize], layout: &Arc<Layout>, strides: Vec<isize>) -> Vec<Array> {
        let mut reads: Vec<Readers> = Vec::with_capacity(4);
        let mut add = |readers: Readers| {
            if !reads.iter().any(|known| Rc::ptr_eq(known, &readers)) {
                reads.push(readers);
            }
        };
        self.arrays().for_each(|input| add(input.readers()));
        for input in self.arrays() {
            if let Some((expr, _)) = input.pending() {
                expr.reads.iter().cloned().for_each(&mut add);
            }
        }
        // The inputs' own come first.
        reads.truncate(FEW);
        self.reads = reads;
        let expr = Rc::new(self);
        let results: Vec<Array> = (0..expr.outs.len())
            .map(|out| {
                Array(Rc::new(Inner {
                    dtype: expr.outs[out],
                    shape: shape.to_vec(),
                    layout: layout.clone(),
                    strided: Strided { offset: 0, strides: strides.clone() },
                    writable: true,
                    state: RefCell::new(State::Pending {
                        expr: expr.clone(),
                        out,
                        readers: Readers::default(),
                    }),
                    became: Default::default(),
                }))
            })
            .collect();
        if results.len() > 1 {
            *expr.results.borrow_mut() = results.iter().map(|r| Rc::downgrade(&r.0)).collect();
        }
        for readers in &expr.reads {
            results.iter().for_each(|r| add_reader(readers, &r.0));
        }
        results
    }

    pub fn arrays(&self) -> impl Iterator<Item = &Array> {
        self.inputs.iter().filter_map(|input| match input {
            Input::Array(array) => Some(array),
            Input::Const(_) => None,
        })
    }
}
