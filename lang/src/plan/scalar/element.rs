//! Elements of arrays and lists.

use super::code::{ExitId, Item, Op, Reg, Ty, Word, is_word};
use super::lower::{Made, Maker};
use super::scope::{State, Val};
use crate::dtype::DType;
use crate::ir::{Expr, ExprKind};

/// Integers up to here are floats too, exactly.
const EXACT: i64 = 1 << 53;

/// An element that is about to be written.
pub(super) enum Place {
    Array { place: Reg, value: Reg, dtype: DType },
    List { list: Reg, at: Reg, value: Reg, item: Item, exit: ExitId },
}

/// `a[i][j]` as `a` and `(i, j)`.
fn path<'e>(base: &'e Expr, index: &'e Expr) -> (&'e Expr, Vec<&'e Expr>) {
    let mut indices = match &index.kind {
        ExprKind::Tuple(items) => items.iter().collect(),
        _ => vec![index],
    };
    let mut base = base;
    while let ExprKind::Index(outer, index) = &base.kind {
        if matches!(index.kind, ExprKind::Tuple(_)) {
            break;
        }
        indices.insert(0, index);
        base = outer;
    }
    (base, indices)
}

impl Maker<'_, '_> {
    fn positions(&mut self, state: &mut State, indices: &[&Expr]) -> Made<Vec<Reg>> {
        let mut at = Vec::with_capacity(indices.len());
        for index in indices {
            let value = self.expr(state, index)?;
            match value.ty {
                Ty::Int => at.push(value.reg),
                Ty::Np(dtype) if dtype.is_integer() && is_word(dtype) => at.push(value.reg),
                _ => return Err("an index that is no int"),
            }
        }
        Ok(at)
    }

    pub fn element(&mut self, state: &mut State, base: &Expr, index: &Expr) -> Made<Val> {
        if let Some(axis) = shape_of(base) {
            return self.extent(state, axis, index);
        }
        let (base, indices) = path(base, index);
        let base = self.expr(state, base)?;
        match base.ty {
            Ty::Array(dtype, axes) if axes as usize == indices.len() && is_word(dtype) => {
                let at = self.positions(state, &indices)?;
                let ty = Ty::Np(dtype);
                let to = self.reg(ty.word().ok_or("an element of another kind")?);
                let exit = self.exit(state);
                self.emit(state, Op::Read { to, array: base.reg, at, dtype, exit });
                Ok(Val { reg: to, ty, constant: None })
            }
            Ty::List(item) if indices.len() == 1 => {
                let ty = item.ty().ok_or("items of several kinds")?;
                let at = self.positions(state, &indices)?[0];
                let to = self.reg(ty.word().ok_or("items of another kind")?);
                let exit = self.exit(state);
                self.emit(state, Op::GetItem { to, list: base.reg, at, item, exit });
                Ok(Val { reg: to, ty, constant: None })
            }
            Ty::Array(..) => Err("a part of an array, or elements of another kind"),
            _ => Err("an index of something else than an array or a list"),
        }
    }

    /// `a.shape[i]`.
    fn extent(&mut self, state: &mut State, array: &Expr, index: &Expr) -> Made<Val> {
        let array = self.expr(state, array)?;
        let index = self.expr(state, index)?;
        let (Ty::Array(_, axes), Some(axis)) = (array.ty, index.constant) else {
            return Err("a shape of something else than an array");
        };
        let axis = if axis < 0 { axis + axes as i64 } else { axis };
        if !(0..axes as i64).contains(&axis) {
            return Err("an axis out of bounds");
        }
        Ok(self.extent_of(state, array.reg, axis as u32))
    }

    pub fn extent_of(&mut self, state: &State, array: Reg, axis: u32) -> Val {
        let to = self.reg(Word::Int);
        self.emit(state, Op::Extent(to, array, axis));
        Val { reg: to, ty: Ty::Int, constant: None }
    }

    pub fn store(&mut self, state: &mut State, base: &Expr, index: &Expr, value: Val) -> Made<()> {
        let place = self.place(state, base, index, value)?;
        self.write(state, place);
        Ok(())
    }

    /// Where a value is to be written, and the value as it will lie there: what can leave has been done then.
    pub fn place(&mut self, state: &mut State, base: &Expr, index: &Expr, value: Val) -> Made<Place> {
        if self.scope.function.is_some() {
            return Err("a function that writes elements");
        }
        let (base, indices) = path(base, index);
        let base = self.expr(state, base)?;
        match base.ty {
            Ty::Array(dtype, axes) if axes as usize == indices.len() && is_word(dtype) => {
                let at = self.positions(state, &indices)?;
                let value = self.stored(state, value, dtype)?;
                let place = self.reg(Word::Int);
                let exit = self.exit(state);
                self.emit(state, Op::Place { to: place, array: base.reg, at, dtype, exit });
                self.code.writes = true;
                Ok(Place::Array { place, value, dtype })
            }
            Ty::List(_) if indices.len() == 1 => {
                let at = self.positions(state, &indices)?[0];
                let item = Item::of(value.ty);
                if item == Item::Unknown {
                    return Err("an item that is no number");
                }
                let exit = self.exit(state);
                Ok(Place::List { list: base.reg, at, value: value.reg, item, exit })
            }
            _ => Err("an assignment to a part of an array, or to something else"),
        }
    }

    /// Leaves where an element cannot be written: for those that are written after another.
    pub fn check(&mut self, state: &State, place: &Place) {
        if let Place::List { list, at, exit, .. } = place {
            self.emit(state, Op::HasItem { list: *list, at: *at, exit: *exit });
        }
    }

    pub fn write(&mut self, state: &State, place: Place) {
        self.emit(
            state,
            match place {
                Place::Array { place, value, dtype } => Op::Write { place, value, dtype },
                Place::List { list, at, value, item, exit } => Op::SetItem { list, at, value, item, exit },
            },
        );
    }

    /// The word that an element of a dtype is after a number has been assigned to it.
    fn stored(&mut self, state: &mut State, value: Val, dtype: DType) -> Made<Reg> {
        if !value.ty.is_number() {
            return Err("an element that is no number");
        }
        let floats = value.ty.word() == Some(Word::Float);
        if dtype.is_float() {
            let reg = self.float(state, value, dtype == DType::F32);
            if dtype == DType::F32 && value.ty != Ty::Np(DType::F32) {
                let to = self.reg(Word::Float);
                self.emit(state, Op::Single(to, reg));
                return Ok(to);
            }
            return Ok(reg);
        }
        if dtype.is_bool() {
            return Ok(self.truth(state, value)?.reg);
        }
        if !floats {
            if value.ty != Ty::Np(dtype) {
                self.within(state, value, dtype)?;
            }
            return Ok(value.reg);
        }
        let to = self.reg(Word::Int);
        let exit = self.exit(state);
        self.emit(state, Op::ToInt(to, value.reg, exit));
        self.emit(state, Op::Within(to, -EXACT, EXACT, exit));
        self.within(state, Val { reg: to, ty: Ty::Int, constant: None }, dtype)?;
        Ok(to)
    }
}

/// The array of `a.shape`.
fn shape_of(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Attr(array, name) if name == "shape" => Some(array),
        _ => None,
    }
}
