//! Programs that were planned before: the body of a loop gives the same graph at every turn.

use std::rc::Rc;

use lang::plan::fuse::{Graph, Program};
use rustc_hash::FxHashMap;

/// Graphs that are kept. A loop may make new ones at every turn, of constants that change.
const MOST: usize = 256;

#[derive(Default)]
pub struct Plans(FxHashMap<Graph, Rc<Program>>);

impl Plans {
    /// The program of a graph.
    pub fn of(&mut self, graph: Graph) -> Rc<Program> {
        if let Some(known) = self.0.get(&graph) {
            return known.clone();
        }
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let program = Rc::new(graph.plan());
        self.0.insert(graph, program.clone());
        program
    }
}
