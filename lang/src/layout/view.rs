//! Views: how an array looks into a storage. Basic indexing, transposes, broadcasts and reshapes without a copy.

use crate::error::{Error, Result};

/// One dimension of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViewDim {
    /// Element `i` is element `start + step * i` of the storage's dimension `dim`; `step` is 1 where `len < 2`.
    Axis { dim: usize, start: usize, step: isize, len: usize },
    /// No dimension of the storage: `newaxis` (`len` 1), or the same elements over again (broadcast).
    New { len: usize },
}

/// How an array looks into a storage of shape `storage`. Every dimension of the storage is either seen by exactly one
/// `Axis` or is in `fixed`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    pub storage: Vec<usize>,
    pub dims: Vec<ViewDim>,
    /// Dimensions of the storage at which an integer index stands, and the index.
    pub fixed: Vec<(usize, usize)>,
}

/// One item of a basic index. Integers of a slice are as Python's `slice` takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    Int(i64),
    Slice { start: Option<i64>, stop: Option<i64>, step: Option<i64> },
    NewAxis,
    Ellipsis,
}

impl ViewDim {
    pub fn len(&self) -> usize {
        match self {
            ViewDim::Axis { len, .. } | ViewDim::New { len } => *len,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn axis(dim: usize, start: usize, step: isize, len: usize) -> ViewDim {
        // An empty slice may start anywhere, an axis may not: arithmetic on it must stay within the storage.
        let (start, step) = match len {
            0 => (0, 1),
            1 => (start, 1),
            _ => (start, step),
        };
        ViewDim::Axis { dim, start, step, len }
    }
}

/// Python's `slice(start, stop, step).indices(len)`, as the first index, the step and the number of indices.
///
/// # Errors
/// ValueError for a step of zero.
pub fn slice_indices(
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
    len: usize,
) -> Result<(usize, isize, usize)> {
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(Error::value("slice step cannot be zero"));
    }
    let n = len as i128;
    let (lowest, highest) = if step > 0 { (0, n) } else { (-1, n - 1) };
    let clip = |bound: Option<i64>, missing: i128| match bound {
        None => missing,
        Some(i) => (if i < 0 { i as i128 + n } else { i as i128 }).clamp(lowest, highest),
    };
    let (first, past) =
        if step > 0 { (clip(start, 0), clip(stop, n)) } else { (clip(start, n - 1), clip(stop, -1)) };
    let step = step as i128;
    let count = ((past - first + step - step.signum()) / step).max(0);
    Ok(if count == 0 { (0, 1, 0) } else { (first as usize, step as isize, count as usize) })
}

impl View {
    /// All of a storage, as it lies.
    pub fn identity(storage: &[usize]) -> View {
        let dims = storage.iter().enumerate().map(|(dim, &len)| ViewDim::axis(dim, 0, 1, len)).collect();
        View { storage: storage.to_vec(), dims, fixed: Vec::new() }
    }

    pub fn shape(&self) -> Vec<usize> {
        self.dims.iter().map(ViewDim::len).collect()
    }

    pub fn ndim(&self) -> usize {
        self.dims.len()
    }

    /// Whether several elements of the view are one element of the storage (a broadcast): not to be written through.
    pub fn repeats(&self) -> bool {
        self.dims.iter().any(|d| matches!(d, ViewDim::New { len } if *len > 1))
    }

    /// NumPy's basic indexing.
    ///
    /// # Errors
    /// IndexError and ValueError, in NumPy's words.
    pub fn index(&self, items: &[Index]) -> Result<View> {
        let ndim = self.ndim();
        let used = items.iter().filter(|i| matches!(i, Index::Int(_) | Index::Slice { .. })).count();
        if items.iter().filter(|i| matches!(i, Index::Ellipsis)).count() > 1 {
            return Err(Error::index("an index can only have a single ellipsis ('...')"));
        }
        if used > ndim {
            return Err(Error::index(format!(
                "too many indices for array: array is {ndim}-dimensional, but {used} were indexed"
            )));
        }
        let mut view = View { storage: self.storage.clone(), dims: Vec::new(), fixed: self.fixed.clone() };
        let mut axis = 0;
        for item in items {
            match item {
                Index::NewAxis => view.dims.push(ViewDim::New { len: 1 }),
                Index::Ellipsis => {
                    view.dims.extend(&self.dims[axis..axis + ndim - used]);
                    axis += ndim - used;
                }
                Index::Int(i) => {
                    let len = self.dims[axis].len();
                    let at = if *i < 0 { *i as i128 + len as i128 } else { *i as i128 };
                    if at < 0 || at >= len as i128 {
                        return Err(Error::index(format!(
                            "index {i} is out of bounds for axis {axis} with size {len}"
                        )));
                    }
                    if let ViewDim::Axis { dim, start, step, .. } = self.dims[axis] {
                        view.fixed.push((dim, start.wrapping_add_signed(step * at as isize)));
                    }
                    axis += 1;
                }
                Index::Slice { start, stop, step } => {
                    let (first, by, count) = slice_indices(*start, *stop, *step, self.dims[axis].len())?;
                    view.dims.push(match self.dims[axis] {
                        ViewDim::New { .. } => ViewDim::New { len: count },
                        ViewDim::Axis { dim, start, step, .. } => ViewDim::axis(
                            dim,
                            start.wrapping_add_signed(step.wrapping_mul(first as isize)),
                            step.wrapping_mul(by),
                            count,
                        ),
                    });
                    axis += 1;
                }
            }
        }
        view.dims.extend(&self.dims[axis..]);
        view.fixed.sort();
        Ok(view)
    }

    /// Axis `d` of the result is axis `axes[d]`; `axes` is a permutation (callers normalise and check).
    pub fn transpose(&self, axes: &[usize]) -> View {
        View { dims: axes.iter().map(|&d| self.dims[d]).collect(), ..self.clone() }
    }

    /// The view repeated to `shape` by NumPy's broadcasting.
    ///
    /// # Errors
    /// ValueError where the shapes do not fit.
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<View> {
        let fits = shape.len() >= self.ndim() && {
            let tail = &shape[shape.len() - self.ndim()..];
            self.dims.iter().zip(tail).all(|(d, &len)| d.len() == len || d.len() == 1)
        };
        if !fits {
            if shape.len() < self.ndim() {
                return Err(Error::value(
                    "input operand has more dimensions than allowed by the axis remapping",
                ));
            }
            return Err(Error::value(format!(
                "operands could not be broadcast together with remapped shapes [original->remapped]: {}  and requested shape {}",
                tuple(&self.shape()),
                tuple(shape)
            )));
        }
        let added = shape.len() - self.ndim();
        let mut view = self.clone();
        view.dims = shape[..added].iter().map(|&len| ViewDim::New { len }).collect();
        for (d, &len) in self.dims.iter().zip(&shape[added..]) {
            view.dims.push(match *d {
                ViewDim::Axis { dim, start, len: 1, .. } if len != 1 => {
                    view.fixed.push((dim, start));
                    ViewDim::New { len }
                }
                ViewDim::New { .. } => ViewDim::New { len },
                axis => axis,
            });
        }
        view.fixed.sort();
        Ok(view)
    }

    /// The same elements in C order under another shape of the same size, where that is a view: axes of length 1
    /// may come and go anywhere. `None` where an axis would have to be split or merged: the caller copies.
    pub fn reshape(&self, shape: &[usize]) -> Option<View> {
        let mut view = View { dims: Vec::new(), ..self.clone() };
        let mut old = self.dims.iter();
        let mut drop_ones = |view: &mut View, until: usize| {
            for d in old.by_ref() {
                if d.len() == until && until != 1 {
                    return Some(*d);
                }
                match *d {
                    ViewDim::Axis { dim, start, len: 1, .. } => view.fixed.push((dim, start)),
                    ViewDim::New { len: 1 } => {}
                    _ => return None,
                }
            }
            None
        };
        for &len in shape {
            let dim = if len == 1 { ViewDim::New { len: 1 } } else { drop_ones(&mut view, len)? };
            view.dims.push(dim);
        }
        // What is left must be of length 1.
        let rest_is_ones = drop_ones(&mut view, 1).is_none() && old.as_slice().is_empty();
        view.fixed.sort();
        let complete =
            view.fixed.len() + view.dims.iter().filter(|d| matches!(d, ViewDim::Axis { .. })).count();
        (rest_is_ones && complete == self.storage.len()).then_some(view)
    }

    /// The strides, in elements, that the view has over a C-contiguous storage (NumPy's `strides / itemsize`).
    pub fn strides(&self) -> Vec<isize> {
        let storage = c_strides(&self.storage);
        self.dims
            .iter()
            .map(|d| match *d {
                ViewDim::Axis { dim, step, .. } => storage[dim] as isize * step,
                ViewDim::New { .. } => 0,
            })
            .collect()
    }

    /// The index into the storage of the view's element at `index` (one in bounds for each dimension).
    pub fn storage_index(&self, index: &[usize]) -> Vec<usize> {
        let mut at = vec![0; self.storage.len()];
        self.fixed.iter().for_each(|&(dim, i)| at[dim] = i);
        for (d, &i) in self.dims.iter().zip(index) {
            if let ViewDim::Axis { dim, start, step, .. } = *d {
                at[dim] = start.wrapping_add_signed(step * i as isize);
            }
        }
        at
    }
}

/// The strides, in elements, of a C-contiguous array.
pub fn c_strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d] * shape[d];
    }
    strides
}

/// `(5,)`, `(2, 3)`: a shape as NumPy's messages write it.
pub(super) fn tuple(shape: &[usize]) -> String {
    let text = shape.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    if shape.len() == 1 { format!("({text},)") } else { format!("({text})") }
}
