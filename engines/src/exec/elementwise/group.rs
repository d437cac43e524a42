//! What is computed together: the pending expressions under a wanted result, as one group in one layout.

use std::rc::Rc;

use lang::layout::{DimMap, Layout};
use lang::ops::cast;
use lang::plan::fuse::{Graph, Node, Ref};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::array::{Array, Expr, Inner, Input};

/// Expressions in topological order, and the results among theirs that somebody holds: those are stored, the others
/// exist in tiles only. The wanted result is the first.
pub(crate) struct Group {
    exprs: Vec<Rc<Expr>>,
    members: FxHashSet<*const Expr>,
    pub results: Vec<Array>,
}

/// Whether results in the two layouts are computed in one pass: the same, or shifted against each other.
pub(crate) fn near(a: &Layout, b: &Layout) -> bool {
    let both_blocks = |(x, y): (&DimMap, &DimMap)| {
        x == y || matches!((x, y), (DimMap::Block { .. }, DimMap::Block { .. })) && x.procs() == y.procs()
    };
    a == b
        || a.everywhere == b.everywhere
            && a.grid == b.grid
            && a.ranks == b.ranks
            && a.dims.iter().zip(&b.dims).all(both_blocks)
}

impl Group {
    /// The group of a pending array, to be computed in `layout`. With `stored` the array itself is among the results.
    ///
    /// # Errors
    /// A pending array that has to be computed first, on its own: another shape, another layout.
    pub fn of(root: &Array, layout: &Layout, stored: bool) -> Result<Group, Array> {
        let mut group = Group { exprs: Vec::new(), members: FxHashSet::default(), results: Vec::new() };
        let Some((expr, _)) = root.pending() else {
            return Ok(group);
        };
        if stored {
            group.results.push(root.clone());
        }
        // How often members use each pending array: who has more references has other holders.
        let mut uses: FxHashMap<*const Inner, usize> = FxHashMap::default();
        group.members.insert(Rc::as_ptr(&expr));
        let mut stack = vec![(expr, 0)];
        while let Some((expr, next)) = stack.last_mut() {
            let Some(input) = expr.inputs.get(*next) else {
                group.exprs.extend(stack.pop().map(|(expr, _)| expr));
                continue;
            };
            *next += 1;
            let Input::Array(array) = input else { continue };
            let Some((below, _)) = array.pending() else {
                continue;
            };
            if array.shape() != root.shape() || !near(array.layout(), root.layout()) {
                return Err(array.clone());
            }
            *uses.entry(Rc::as_ptr(&array.0)).or_default() += 1;
            if group.members.insert(Rc::as_ptr(&below)) {
                stack.push((below, 0));
            }
        }
        let mut held: Vec<Array> = Vec::new();
        for array in group.exprs.iter().flat_map(|e| e.arrays()) {
            let Some(&used) = uses.get(&Rc::as_ptr(&array.0)) else {
                continue;
            };
            // The clones in `held` and `results` count too.
            let ours = held.iter().chain(&group.results).filter(|a| a.is(array)).count();
            if ours == 0 && Rc::strong_count(&array.0) > used {
                held.push(array.clone());
            }
        }
        for expr in group.exprs.iter().filter(|e| e.outs.len() > 1) {
            for other in expr.results.borrow().iter().filter_map(|r| r.upgrade()).map(Array) {
                let known = held.iter().chain(&group.results).chain([root]).any(|a| a.is(&other));
                // What only members hold was looked at above.
                if !known && !uses.contains_key(&Rc::as_ptr(&other.0)) {
                    held.push(other);
                }
            }
        }
        if let Some(elsewhere) = held.iter().find(|a| !a.layout().same_placement(layout)) {
            return Err(elsewhere.clone());
        }
        group.results.extend(held);
        Ok(group)
    }

    pub fn computes(&self, expr: &Rc<Expr>) -> bool {
        self.members.contains(&Rc::as_ptr(expr))
    }

    /// The group as a graph, with the arrays in memory that it loads. `first` is the value wanted first: the pending
    /// root of the group, or an array in memory.
    pub fn graph(&self, first: &Array) -> (Graph, Vec<Array>, Ref) {
        let mut builder = Builder::default();
        for expr in &self.exprs {
            builder.add(expr);
        }
        for result in &self.results {
            let root = builder.value(result);
            builder.graph.roots.push(root);
        }
        let first = builder.value(first);
        (builder.graph, builder.leaves, first)
    }
}

#[derive(Default)]
struct Builder {
    graph: Graph,
    leaves: Vec<Array>,
    values: FxHashMap<(*const Expr, usize), Ref>,
}

impl Builder {
    fn push(&mut self, node: Node) -> Ref {
        self.graph.nodes.push(node);
        Ref { node: self.graph.nodes.len() - 1, out: 0 }
    }

    fn add(&mut self, expr: &Rc<Expr>) {
        let args: Vec<Ref> = expr
            .inputs
            .iter()
            .zip(expr.ins.iter())
            .map(|(input, &dtype)| match input {
                Input::Const(value) => self.push(Node::Const(*value)),
                Input::Array(array) => {
                    let from = self.value(array);
                    cast_to(&mut self.graph, from, array.dtype(), dtype)
                }
            })
            .collect();
        match expr.run {
            None => drop(self.values.insert((Rc::as_ptr(expr), 0), args[0])),
            Some(run) => {
                let node = self.push(Node::Op { name: expr.name, run, args, outs: expr.outs.to_vec() }).node;
                for out in 0..expr.outs.len() {
                    self.values.insert((Rc::as_ptr(expr), out), Ref { node, out });
                }
            }
        }
    }

    fn value(&mut self, array: &Array) -> Ref {
        if let Some((expr, out)) = array.pending() {
            return self.values[&(Rc::as_ptr(&expr), out)];
        }
        let known = self.leaves.iter().position(|leaf| leaf.is(array) || leaf.same_elements(array));
        let operand = known.unwrap_or_else(|| {
            self.leaves.push(array.clone());
            self.leaves.len() - 1
        });
        self.push(Node::Load { operand, dtype: array.dtype() })
    }
}

/// `from` as `to`, by a node of the graph where that is another dtype.
pub fn cast_to(graph: &mut Graph, value: Ref, from: lang::dtype::DType, to: lang::dtype::DType) -> Ref {
    if from == to {
        return value;
    }
    graph.nodes.push(Node::Op { name: "cast", run: cast(from, to), args: vec![value], outs: vec![to] });
    Ref { node: graph.nodes.len() - 1, out: 0 }
}
