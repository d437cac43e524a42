//! QR of a matrix spread by columns: the owner of a panel factors it by Householder's reflectors and passes them on;
//! every rank applies them to its own columns.

use dense::{Mat, Reflectors, panel};
use lang::error::Result;

use super::columns::{Columns, Work, packed, share, view, view_mut};
use crate::ctx::Ctx;

/// R above the diagonal of the factored columns, and the reflectors of this rank's panels.
pub struct Factored<T> {
    pub columns: Columns,
    /// LAPACK's: R, and below it the reflectors.
    pub packed: Vec<T>,
    /// T of each panel, on its owner.
    t: Vec<Option<Mat<T>>>,
}

/// Factors in place. Collective where spread.
///
/// # Errors
/// KeyboardInterrupt.
pub fn factor<T: Work>(ctx: &mut Ctx, c: &Columns, mut a: Vec<T>) -> Result<Factored<T>> {
    let panels = c.m.min(c.n).div_ceil(c.block);
    let mut t = Vec::with_capacity(panels);
    for k in 0..panels {
        c.safe_point(ctx)?;
        let (j, at) = (c.start(k), c.before(k));
        let own = c.mine(k).then(|| panel(view_mut(&mut a, c.m).submatrix_mut(j, at, c.m - j, c.width(k))));
        let q = reflectors(ctx, c, k, own.as_ref(), &a);
        let after = c.before(k + 1);
        if after * c.m < a.len() {
            q.apply(true, view_mut(&mut a[after * c.m..], c.m).split_at_row_mut(j).1);
        }
        t.push(own);
    }
    Ok(Factored { columns: c.clone(), packed: a, t })
}

/// A panel's reflectors, from its owner. Collective where spread.
fn reflectors<T: Work>(ctx: &mut Ctx, c: &Columns, k: usize, t: Option<&Mat<T>>, a: &[T]) -> Reflectors<T> {
    let (j, at) = (c.start(k), c.before(k));
    // A wide matrix's last panel has fewer reflectors than columns.
    let (rows, w) = (c.m - j, c.width(k).min(c.m - j));
    let own = t.map(|t| {
        let q = Reflectors::of(view(a, c.m).submatrix(j, at, rows, w), t.clone());
        (packed(q.v.as_ref()), packed(q.t.as_ref()))
    });
    let (v, t) = own.unzip();
    let v = share(ctx, c.procs, c.owner(k), v, rows * w);
    let t = share(ctx, c.procs, c.owner(k), t, w * w);
    Reflectors { v: view(&v, rows).to_owned(), t: view(&t, w).to_owned() }
}

impl<T: Work> Factored<T> {
    /// This rank's columns of Q, which has `wide` of them. Collective where spread.
    ///
    /// # Errors
    /// KeyboardInterrupt.
    pub fn q(&self, ctx: &mut Ctx, wide: usize) -> Result<Vec<T>> {
        let c = &self.columns;
        let of_q = c.with(wide);
        let mut q = vec![T::of_real(0.0); c.m * of_q.local()];
        for (at, j) in of_q.indices().into_iter().enumerate().filter(|(_, j)| *j < c.m) {
            q[at * c.m + j] = T::of_real(1.0);
        }
        for k in (0..self.t.len()).rev() {
            c.safe_point(ctx)?;
            let reflectors = reflectors(ctx, c, k, self.t[k].as_ref(), &self.packed);
            // Columns before the panel are still those of the identity, and have nothing in its rows.
            let from = of_q.before(k);
            if from * c.m < q.len() {
                let target = view_mut(&mut q[from * c.m..], c.m).split_at_row_mut(c.start(k)).1;
                reflectors.apply(false, target);
            }
        }
        Ok(q)
    }

    /// This rank's columns of R, of `rows` rows.
    pub fn r(&self, rows: usize) -> Vec<T> {
        let m = self.columns.m;
        let one = |(at, j): (usize, usize)| {
            let column = &self.packed[at * m..(at + 1) * m];
            (0..rows).map(move |i| if i <= j { column[i] } else { T::of_real(0.0) }).collect::<Vec<T>>()
        };
        self.columns.indices().into_iter().enumerate().flat_map(one).collect()
    }

    /// The reflectors' scalars, on every rank. Collective where spread.
    pub fn tau(&self, ctx: &mut Ctx) -> Vec<T> {
        let c = &self.columns;
        let mut all = Vec::new();
        for (k, t) in self.t.iter().enumerate() {
            let w = c.width(k).min(c.m - c.start(k));
            let own = t.as_ref().map(|t| (0..w).map(|i| t[(i, i)]).collect::<Vec<T>>());
            all.extend(share(ctx, c.procs, c.owner(k), own, w));
        }
        all
    }

    /// The diagonal of R, on every rank. Collective where spread.
    pub fn diagonal(&self, ctx: &mut Ctx) -> Vec<T> {
        let c = &self.columns;
        let k = c.m.min(c.n);
        let mine: Vec<T> = c
            .indices()
            .into_iter()
            .enumerate()
            .map(|(at, j)| if j < k { self.packed[at * c.m + j] } else { T::of_real(0.0) })
            .collect();
        super::columns::gathered(ctx, &Columns { m: 1, ..c.clone() }, &mine)
    }
}
