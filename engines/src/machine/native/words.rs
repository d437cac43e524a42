//! Values as words of a program, and back.

use std::cell::RefCell;
use std::rc::Rc;

use lang::dtype::DType;
use lang::plan::scalar::{Item, Ty, is_word};
use lang::scalar::Scalar;
use native::{AXES, Descriptor};

use crate::array::{Array, Axis};
use crate::machine::Items;
use crate::value::{Closure, Value};

/// The arrays and lists that a program's words stand for.
#[derive(Default)]
pub struct Handles {
    // Boxed, for programs know their addresses.
    arrays: Vec<(Box<Descriptor>, Array)>,
    lists: Vec<Rc<RefCell<Items>>>,
}

/// The type of a value. Functions are found in `closures`, or added there where `add` says so.
pub fn type_of(value: Option<&Value>, closures: &mut Vec<Rc<Closure>>, add: bool) -> Ty {
    match value {
        None => Ty::Unbound,
        Some(Value::Int(_)) => Ty::Int,
        Some(Value::Float(_)) => Ty::Float,
        Some(Value::Bool(_)) => Ty::Bool,
        Some(Value::Scalar(scalar)) if is_word(scalar.dtype()) => Ty::Np(scalar.dtype()),
        Some(Value::Array(array)) if in_memory(array) => Ty::Array(array.dtype(), array.ndim() as u8),
        Some(Value::List(items)) => Ty::List(items.try_borrow().map_or(Item::Unknown, |items| kind(&items))),
        Some(Value::Builtin(row)) => Ty::Builtin(*row),
        Some(Value::Module(name)) => Ty::Module(name),
        Some(Value::Function(closure)) => {
            match closures.iter().position(|known| Rc::ptr_eq(known, closure)) {
                Some(at) => Ty::Function(at as u32),
                None if add => {
                    closures.push(closure.clone());
                    Ty::Function(closures.len() as u32 - 1)
                }
                None => Ty::Other,
            }
        }
        Some(_) => Ty::Other,
    }
}

/// What the items of a list are, by a look at the first: programs ask each item anew.
fn kind(items: &[Value]) -> Item {
    let of = |value: &Value| match value {
        Value::Int(_) => Item::Int,
        Value::Float(_) => Item::Float,
        Value::Bool(_) => Item::Bool,
        Value::Scalar(Scalar::F64(_)) => Item::F64,
        Value::Scalar(Scalar::I64(_)) => Item::I64,
        _ => Item::Unknown,
    };
    items.first().map_or(Item::Unknown, of)
}

/// Whether an array is whole on each rank, computed, and a plain view of its memory.
fn in_memory(array: &Array) -> bool {
    if !array.layout().everywhere || !(1..=AXES).contains(&array.ndim()) {
        return false;
    }
    array.view().is_some_and(|view| {
        let stepped = |axis: &Axis| matches!(axis, Axis::Step { .. });
        view.storage.mirror.is_none()
            && view.place.as_ref().is_none_or(|place| place.axes.iter().all(stepped))
    })
}

impl Handles {
    /// The word of a value of a type that has one; 0 of others.
    pub fn word(&mut self, value: &Value) -> u64 {
        match value {
            Value::Int(i) => *i as u64,
            Value::Float(f) => f.to_bits(),
            Value::Bool(b) => *b as u64,
            Value::Scalar(scalar) => scalar_word(*scalar),
            Value::Array(array) => self.array(array).unwrap_or(0),
            Value::List(items) => {
                self.lists.push(items.clone());
                Rc::as_ptr(items) as u64
            }
            _ => 0,
        }
    }

    fn array(&mut self, array: &Array) -> Option<u64> {
        let view = array.view()?;
        let storage = &view.storage;
        let place = view.place(0);
        let strides = place.strides()?;
        let size = array.dtype().itemsize() as isize;
        let mut block = storage.block.borrow_mut();
        let data = block.bytes_mut().as_mut_ptr();
        let writable = array.is_writable() && storage.readers.borrow().is_empty();
        let mut descriptor = Descriptor {
            data: data.wrapping_offset(place.offset * size),
            writable: writable as i64,
            extents: [0; AXES],
            strides: [0; AXES],
        };
        for (axis, (extent, stride)) in array.shape().iter().zip(strides).enumerate() {
            descriptor.extents[axis] = *extent as i64;
            descriptor.strides[axis] = (stride * size) as i64;
        }
        let descriptor = Box::new(descriptor);
        let address = std::ptr::from_ref(&*descriptor) as u64;
        drop(block);
        drop(view);
        self.arrays.push((descriptor, array.clone()));
        Some(address)
    }

    /// The value that a word is; None of a type that has none.
    pub fn value(&self, ty: Ty, word: u64) -> Option<Value> {
        Some(match ty {
            Ty::Int => Value::Int(word as i64),
            Ty::Float => Value::Float(f64::from_bits(word)),
            Ty::Bool => Value::Bool(word != 0),
            Ty::Np(dtype) => Value::Scalar(scalar(dtype, word)),
            Ty::Array(..) => {
                let held = |(d, _): &&(Box<Descriptor>, Array)| std::ptr::from_ref(&**d) as u64 == word;
                Value::Array(self.arrays.iter().find(held)?.1.clone())
            }
            Ty::List(_) => {
                let held = |list: &&Rc<RefCell<Items>>| Rc::as_ptr(list) as u64 == word;
                Value::List(self.lists.iter().find(held)?.clone())
            }
            _ => return None,
        })
    }

    /// Takes note that elements may have been written.
    pub fn touched(&self) {
        for (_, array) in &self.arrays {
            if let Some(view) = array.view() {
                view.storage.touched();
            }
        }
    }
}

fn scalar_word(scalar: Scalar) -> u64 {
    match scalar {
        Scalar::F32(x) => f64::from(x).to_bits(),
        Scalar::F64(x) => x.to_bits(),
        other => other.as_i128().unwrap_or(0) as i64 as u64,
    }
}

fn scalar(dtype: DType, word: u64) -> Scalar {
    match dtype {
        DType::F64 => Scalar::F64(f64::from_bits(word)),
        DType::F32 => Scalar::F32(f64::from_bits(word) as f32),
        DType::Bool => Scalar::Bool(word != 0),
        _ => Scalar::from_i128(word as i64 as i128, dtype),
    }
}
