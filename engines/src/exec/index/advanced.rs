//! Keys with arrays: what they see of an array, turned so that the axes that they index come first.
//!
//! NumPy's rules: integers beside arrays are arrays too; all broadcast together; the axes of what they pick stand where
//! the arrays stood, or first where something else stands between them.

use std::sync::Arc;

use lang::dtype::DType;
use lang::error::{Error, Result};
use lang::layout::{Index, Layout, View as Recipe};

use super::key::{Item, Key, bounded};
use super::nonzero::nonzero;
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::exec::elementwise::{broadcast, tuple};
use crate::exec::rearrange::views;
use crate::exec::{discover, own};

/// What a key sees.
pub enum Sight {
    /// Without arrays in the key: a view.
    Basic(Array),
    Advanced(Advanced),
}

/// An array as an advanced key sees it.
pub struct Advanced {
    /// A view with the indexed axes first, then the others.
    pub turned: Array,
    /// How many axes are indexed, and of each its number and length in the array, for messages.
    pub axes: Vec<(usize, usize)>,
    /// How many of the other axes stand before the picked ones in the result.
    pub before: usize,
    pub by: Vec<By>,
}

/// An array of a key.
pub enum By {
    Integers(Array),
    Mask(Array),
    Truth(bool),
}

/// The arrays of a key as integers for each indexed axis, broadcast together.
pub struct Picks {
    pub shape: Vec<usize>,
    pub indices: Vec<Array>,
    /// Whether every rank has them all.
    pub known: bool,
}

const FULL: Index = Index::Slice { start: None, stop: None, step: None };

/// What the key sees of the array. Collective.
///
/// # Errors
/// IndexError and ValueError in NumPy's words.
pub fn see(ctx: &mut Ctx, array: &Array, key: Key) -> Result<Sight> {
    let mut basic = Vec::new();
    let mut used = 0;
    for item in &key.items {
        match item {
            Item::Basic(index) => {
                basic.push(*index);
                used += matches!(index, Index::Int(_) | Index::Slice { .. }) as usize;
            }
            Item::Truth(_) => basic.push(Index::NewAxis),
            Item::Integers(_) => {
                basic.push(FULL);
                used += 1;
            }
            Item::Mask(mask) => {
                basic.extend(std::iter::repeat_n(FULL, mask.ndim()));
                used += mask.ndim();
            }
        }
    }
    let recipe = Recipe::identity(array.shape()).index(&basic)?;
    let seen = views::view(ctx, array, &recipe)?;
    if key.items.iter().all(|item| matches!(item, Item::Basic(_))) {
        return Ok(Sight::Basic(seen));
    }
    let mut place = Placement::default();
    let mut axes = Vec::new();
    let (mut indexed, mut others) = (Vec::new(), Vec::new());
    let mut by = Vec::new();
    // Along the axes of the array, and of what is seen of it.
    let (mut axis, mut at) = (0, 0);
    for item in key.items {
        let (of_array, of_seen) = match &item {
            Item::Basic(Index::Int(_)) => (1, 0),
            Item::Basic(Index::Slice { .. }) | Item::Integers(_) => (1, 1),
            Item::Basic(Index::NewAxis) | Item::Truth(_) => (0, 1),
            Item::Basic(Index::Ellipsis) => (array.ndim() - used, array.ndim() - used),
            Item::Mask(mask) => (mask.ndim(), mask.ndim()),
        };
        match item {
            Item::Basic(Index::Int(_)) => place.array(others.len()),
            Item::Basic(_) => {
                place.other();
                others.extend(at..at + of_seen);
            }
            item => {
                place.array(others.len());
                indexed.extend(at..at + of_seen);
                let length = |d: usize| if of_array == 0 { (axis, 1) } else { (d, array.shape()[d]) };
                axes.extend((axis..axis + of_seen).map(length));
                by.push(match item {
                    Item::Mask(mask) => {
                        mask_fits(&mask, &array.shape()[axis..axis + of_array], axis)?;
                        By::Mask(mask)
                    }
                    Item::Integers(index) => By::Integers(index),
                    Item::Truth(truth) => By::Truth(truth),
                    Item::Basic(_) => continue,
                });
            }
        }
        axis += of_array;
        at += of_seen;
    }
    others.extend(at..recipe.dims.len());
    indexed.append(&mut others);
    let turned = views::transpose(ctx, &seen, &indexed)?;
    Ok(Sight::Advanced(Advanced { turned, axes, before: place.before, by }))
}

/// Where the picked axes go, found along a key.
#[derive(Default)]
struct Placement {
    before: usize,
    state: Adjacent,
}

#[derive(Default, PartialEq)]
enum Adjacent {
    #[default]
    None,
    /// The last item was an array or integer.
    Open,
    /// Something else came after the arrays.
    Closed,
    /// Arrays came after that: the picked axes stand first.
    Apart,
}

impl Placement {
    fn array(&mut self, others: usize) {
        match self.state {
            Adjacent::None => (self.before, self.state) = (others, Adjacent::Open),
            Adjacent::Closed => (self.before, self.state) = (0, Adjacent::Apart),
            Adjacent::Open | Adjacent::Apart => {}
        }
    }

    fn other(&mut self) {
        if self.state == Adjacent::Open {
            self.state = Adjacent::Closed;
        }
    }
}

fn mask_fits(mask: &Array, shape: &[usize], first: usize) -> Result<()> {
    match mask.shape().iter().zip(shape).position(|(m, n)| m != n) {
        None => Ok(()),
        Some(d) => Err(Error::index(format!(
            "boolean index did not match indexed array along axis {}; size of axis is {} but size of corresponding boolean axis is {}",
            first + d,
            shape[d],
            mask.shape()[d]
        ))),
    }
}

impl Advanced {
    /// All of an array, as the one row that a new axis has. Collective.
    ///
    /// # Errors
    /// MemoryError, on all ranks.
    pub fn all(ctx: &mut Ctx, array: &Array) -> Result<Advanced> {
        let recipe = Recipe::identity(array.shape()).index(&[Index::NewAxis, Index::Ellipsis])?;
        let turned = views::view(ctx, array, &recipe)?;
        Ok(Advanced { turned, axes: vec![(0, 1)], before: 0, by: vec![By::Truth(true)] })
    }

    /// The one mask of a key without other arrays.
    pub fn mask(&self) -> Option<&Array> {
        match &self.by[..] {
            [By::Mask(mask)] => Some(mask),
            _ => None,
        }
    }

    /// The arrays as integers, broadcast together: masks as the indices where they are true. Collective.
    ///
    /// # Errors
    /// IndexError where they do not broadcast together; MemoryError.
    pub fn picks(&self, ctx: &mut Ctx) -> Result<Picks> {
        let mut indices = Vec::new();
        for by in &self.by {
            match by {
                By::Integers(index) => indices.push(discover::cast(ctx, index, DType::I64)?),
                By::Mask(mask) => indices.extend(nonzero(ctx, mask)?),
                By::Truth(truth) => {
                    let shape = vec![*truth as usize];
                    let zeros = Block::zeros(DType::I64, shape[0]);
                    indices.push(Array::from_block(shape.clone(), ctx.replicated(&shape), zeros));
                }
            }
        }
        let shapes: Vec<&[usize]> = indices.iter().map(Array::shape).collect();
        let shape = broadcast(&shapes).map_err(|_| {
            let shapes: Vec<String> = shapes.iter().map(|s| tuple(s)).collect();
            Error::index(format!(
                "shape mismatch: indexing arrays could not be broadcast together with shapes {} ",
                shapes.join(" ")
            ))
        })?;
        let known = indices.iter().all(|i| i.layout().everywhere);
        Ok(Picks { shape, indices, known })
    }

    /// The shape of what is picked, as `turned` has it: the picks' axes first.
    pub fn turned_shape(&self, picks: &[usize]) -> Vec<usize> {
        [picks, &self.turned.shape()[self.axes.len()..]].concat()
    }

    /// For each axis of the result, its axis in `turned_shape`, where that has `new` axes of the picks.
    pub fn placed(&self, new: usize) -> Vec<usize> {
        let others = self.turned.ndim() - self.axes.len();
        (new..new + self.before).chain(0..new).chain(new + self.before..new + others).collect()
    }
}

impl Picks {
    /// A layout of the picks' shape in which somebody has them already, if there is one.
    pub fn lies(&self) -> Option<&Arc<Layout>> {
        let whole = |a: &&Array| a.shape() == self.shape && !a.layout().everywhere;
        self.indices.iter().find(whole).map(Array::layout)
    }

    /// This rank's part, in `layout`, of the indices along each axis, counted from the front. Collective.
    ///
    /// # Errors
    /// IndexError, on all ranks, where one is out of bounds.
    pub fn local(
        &self,
        ctx: &mut Ctx,
        layout: &Arc<Layout>,
        axes: &[(usize, usize)],
    ) -> Result<Vec<Vec<usize>>> {
        let mut all = Vec::with_capacity(self.indices.len());
        let mut checked = Ok(());
        for (index, &(axis, len)) in self.indices.iter().zip(axes) {
            let recipe = Recipe::identity(index.shape()).broadcast_to(&self.shape)?;
            let seen = views::view(ctx, index, &recipe)?;
            let part = own::part(ctx, &seen, layout)?;
            let block = part.block();
            let values: &[i64] = bytemuck::cast_slice(block.bytes());
            match values.iter().map(|i| bounded(*i, axis, len)).collect() {
                Ok(indices) => all.push(indices),
                // On with the others: what one rank finds wrong, others may not.
                Err(error) => checked = checked.and(Err(error)),
            }
        }
        if self.known {
            checked?;
        } else {
            ctx.agree(checked)?;
        }
        Ok(all)
    }
}
