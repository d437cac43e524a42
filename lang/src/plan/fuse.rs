//! Fusion: a graph of elementwise operations becomes one program that runs tile by tile.
//!
//! What no root needs vanishes, equal subexpressions are computed once, and every intermediate lives in a register of
//! one tile that is reused after its last reader. A step never writes a register that it reads, so that loops may
//! assume that their slices do not overlap.

use std::fmt::Write as _;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

use crate::dtype::DType;
use crate::ops::LoopFn;
use crate::ops::pairs::pair;
use crate::scalar::Scalar;

/// Output `out` of node `node`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ref {
    pub node: usize,
    pub out: usize,
}

#[derive(Clone)]
pub enum Node {
    /// An operand in memory, by its place in the caller's list.
    Load { operand: usize, dtype: DType },
    /// The same value for every element.
    Const(Scalar),
    /// A typed loop; `name`, the arguments' dtypes and `outs` tell loops apart.
    Op { name: &'static str, run: LoopFn, args: Vec<Ref>, outs: Vec<DType> },
}

/// Nodes in topological order, and the values that somebody wants.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub roots: Vec<Ref>,
}

// Loops of a name are told apart by their dtypes, values by their bits.
impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        match (self, other) {
            (Node::Load { operand: a, dtype: s }, Node::Load { operand: b, dtype: t }) => a == b && s == t,
            (Node::Const(a), Node::Const(b)) => {
                a.dtype() == b.dtype() && scalar_bytes(*a) == scalar_bytes(*b)
            }
            (Node::Op { name: a, args: s, outs: t, .. }, Node::Op { name: b, args: u, outs: v, .. }) => {
                a == b && s == u && t == v
            }
            _ => false,
        }
    }
}

impl Eq for Node {}

impl Hash for Node {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Node::Load { operand, dtype } => (0, operand, dtype).hash(state),
            Node::Const(value) => (1, value.dtype(), scalar_bytes(*value)).hash(state),
            Node::Op { name, args, outs, .. } => (2, name, args, outs).hash(state),
        }
    }
}

/// Where a step finds an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Operand(usize),
    Register(usize),
}

/// Where a step leaves a result. `Root` writes the wanted array's own memory where it is contiguous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dest {
    Register(usize),
    Root(usize),
}

/// The operation that a step does first, on its first two arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct First {
    pub name: &'static str,
    /// Its result is the left operand of the step's own operation; the last argument is the other.
    pub left: bool,
}

#[derive(Clone)]
pub struct Step {
    pub name: &'static str,
    pub first: Option<First>,
    pub run: LoopFn,
    pub args: Vec<(Source, DType)>,
    pub outs: Vec<(Dest, DType)>,
}

/// For each tile: the steps in order, then the stores. Constants are filled into their registers once.
#[derive(Clone, Default)]
pub struct Program {
    pub registers: usize,
    pub constants: Vec<(usize, Scalar)>,
    pub steps: Vec<Step>,
    /// Roots that no step writes directly: loads, constants, values wanted twice or read again.
    pub stores: Vec<(Source, usize)>,
    /// dtype of each root.
    pub roots: Vec<DType>,
}

/// Functions that take about as long as reading their operands.
const QUICK: [&str; 26] = [
    "cast",
    "where",
    "add",
    "subtract",
    "multiply",
    "divide",
    "negative",
    "positive",
    "absolute",
    "square",
    "sqrt",
    "maximum",
    "minimum",
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_not",
    "bitwise_and",
    "bitwise_or",
    "conjugate",
    "isnan",
];

impl Program {
    /// About how many nanoseconds an element takes: enough to tell whether an array takes milliseconds or seconds.
    pub fn nanoseconds(&self) -> usize {
        // Those that are done two at a time are all quick.
        let step = |step: &Step| if QUICK.contains(&step.name) { 1 } else { 15 };
        let complex = self.steps.iter().any(|s| s.outs.iter().any(|(_, dtype)| dtype.is_complex()));
        let steps: usize = self.steps.iter().map(step).sum();
        (1 + steps + self.stores.len()) * if complex { 3 } else { 1 }
    }
}

/// An operation that is done by the step of another.
#[derive(Clone)]
struct Pair {
    node: usize,
    first: First,
    run: LoopFn,
    args: Vec<Ref>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Load(usize),
    /// dtype and bits: -0.0 is not 0.0, and nan equals itself here.
    Const(DType, [u8; 16]),
    Op(&'static str, Vec<(Ref, DType)>, Vec<DType>),
}

/// The element's bytes as they lie in a block; `itemsize` of them count.
pub fn scalar_bytes(value: Scalar) -> [u8; 16] {
    let mut out = [0; 16];
    let mut put = |bytes: &[u8]| out[..bytes.len()].copy_from_slice(bytes);
    match value {
        Scalar::Bool(x) => put(&[x as u8]),
        Scalar::I8(x) => put(&x.to_le_bytes()),
        Scalar::I16(x) => put(&x.to_le_bytes()),
        Scalar::I32(x) => put(&x.to_le_bytes()),
        Scalar::I64(x) => put(&x.to_le_bytes()),
        Scalar::U8(x) => put(&x.to_le_bytes()),
        Scalar::U16(x) => put(&x.to_le_bytes()),
        Scalar::U32(x) => put(&x.to_le_bytes()),
        Scalar::U64(x) => put(&x.to_le_bytes()),
        Scalar::F32(x) => put(&x.to_le_bytes()),
        Scalar::F64(x) => put(&x.to_le_bytes()),
        Scalar::C64(x) => put(bytemuck::bytes_of(&x)),
        Scalar::C128(x) => put(bytemuck::bytes_of(&x)),
    }
    out
}

impl Graph {
    fn dtype(&self, r: Ref) -> DType {
        match &self.nodes[r.node] {
            Node::Load { dtype, .. } => *dtype,
            Node::Const(value) => value.dtype(),
            Node::Op { outs, .. } => outs[r.out],
        }
    }

    /// The node that stands for each node: the first one that computes the same.
    fn representatives(&self) -> Vec<usize> {
        let mut seen: FxHashMap<Key, usize> = FxHashMap::default();
        let mut same: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for (i, node) in self.nodes.iter().enumerate() {
            let key = match node {
                Node::Load { operand, .. } => Key::Load(*operand),
                Node::Const(value) => Key::Const(value.dtype(), scalar_bytes(*value)),
                Node::Op { name, args, outs, .. } => Key::Op(
                    name,
                    args.iter().map(|r| (Ref { node: same[r.node], out: r.out }, self.dtype(*r))).collect(),
                    outs.clone(),
                ),
            };
            same.push(*seen.entry(key).or_insert(i));
        }
        same
    }

    /// Operations that are done together with the one whose operand they make, by the node of the latter: where nobody
    /// else wants that operand, and there is a loop for both.
    fn pairs(
        &self,
        same: &[usize],
        live: &[bool],
        roots: &[Ref],
        readers: &FxHashMap<Ref, usize>,
    ) -> Vec<Option<Pair>> {
        let mut pairs: Vec<Option<Pair>> = vec![None; self.nodes.len()];
        for i in (0..self.nodes.len()).filter(|i| live[*i] && same[*i] == *i) {
            let Node::Op { name: second, args, outs, .. } = &self.nodes[i] else {
                continue;
            };
            let [left, right] = args.as_slice() else { continue };
            for (operand, other, is_left) in [(left, right, true), (right, left, false)] {
                let value = Ref { node: same[operand.node], out: operand.out };
                let Node::Op { name, args, outs: made, .. } = &self.nodes[value.node] else {
                    continue;
                };
                let [x, y] = args.as_slice() else { continue };
                let alone = readers.get(&value) == Some(&1) && !roots.contains(&value);
                let alike = outs == made && [x, y, other].iter().all(|r| self.dtype(**r) == outs[0]);
                if !alone || !alike || pairs[value.node].is_some() {
                    continue;
                }
                if let Some(run) = pair(name, second, is_left, outs[0]) {
                    let first = First { name, left: is_left };
                    pairs[i] = Some(Pair { node: value.node, first, run, args: vec![*x, *y, *other] });
                    break;
                }
            }
        }
        pairs
    }

    /// The program that computes the roots.
    pub fn plan(&self) -> Program {
        let same = self.representatives();
        let canon = |r: Ref| Ref { node: same[r.node], out: r.out };
        let roots: Vec<Ref> = self.roots.iter().map(|r| canon(*r)).collect();

        let mut live = vec![false; self.nodes.len()];
        for root in &roots {
            live[root.node] = true;
        }
        // How many steps still read each value.
        let mut readers: FxHashMap<Ref, usize> = FxHashMap::default();
        for i in (0..self.nodes.len()).rev() {
            if let (true, Node::Op { args, .. }) = (live[i], &self.nodes[i]) {
                for arg in args {
                    live[same[arg.node]] = true;
                    *readers.entry(canon(*arg)).or_default() += 1;
                }
            }
        }

        let pairs = self.pairs(&same, &live, &roots, &readers);
        let mut program =
            Program { roots: roots.iter().map(|r| self.dtype(*r)).collect(), ..Program::default() };
        let mut free: Vec<usize> = Vec::new();
        let mut place: FxHashMap<Ref, Source> = FxHashMap::default();
        let mut stored = vec![false; roots.len()];
        let apart = |i: usize| live[i] && same[i] == i && !pairs.iter().flatten().any(|p| p.node == i);
        for (i, node) in self.nodes.iter().enumerate().filter(|(i, _)| apart(*i)) {
            match node {
                Node::Load { operand, .. } => {
                    place.insert(Ref { node: i, out: 0 }, Source::Operand(*operand));
                }
                Node::Const(value) => {
                    // Constants keep their registers: they are filled once, before the first tile.
                    program.constants.push((program.registers, *value));
                    place.insert(Ref { node: i, out: 0 }, Source::Register(program.registers));
                    program.registers += 1;
                }
                Node::Op { name, run, args, outs } => {
                    let pair = pairs[i].as_ref();
                    let args = pair.map_or(args, |pair| &pair.args);
                    let (run, first) = pair.map_or((*run, None), |pair| (pair.run, Some(pair.first)));
                    let sources = args.iter().map(|r| (place[&canon(*r)], self.dtype(*r))).collect();
                    let mut dests = Vec::with_capacity(outs.len());
                    let mut unread = Vec::new();
                    for (out, dtype) in outs.iter().enumerate() {
                        let value = Ref { node: i, out };
                        let read = readers.get(&value).copied().unwrap_or(0);
                        let wanted: Vec<usize> = (0..roots.len()).filter(|k| roots[*k] == value).collect();
                        if read == 0 && wanted.len() == 1 {
                            stored[wanted[0]] = true;
                            dests.push((Dest::Root(wanted[0]), *dtype));
                            continue;
                        }
                        let register = free.pop().unwrap_or_else(|| {
                            program.registers += 1;
                            program.registers - 1
                        });
                        place.insert(value, Source::Register(register));
                        if read == 0 && wanted.is_empty() {
                            unread.push(register);
                        }
                        dests.push((Dest::Register(register), *dtype));
                    }
                    for arg in args {
                        let value = canon(*arg);
                        let left = readers.get_mut(&value).expect("every argument was counted");
                        *left -= 1;
                        let kept = roots.contains(&value) || matches!(self.nodes[value.node], Node::Const(_));
                        if let (0, false, Source::Register(register)) = (*left, kept, place[&value]) {
                            free.push(register);
                        }
                    }
                    free.extend(unread);
                    program.steps.push(Step { name, first, run, args: sources, outs: dests });
                }
            }
        }
        program.stores = (0..roots.len()).filter(|k| !stored[*k]).map(|k| (place[&roots[k]], k)).collect();
        program
    }
}

impl Program {
    /// As `explain` prints it; `operands` and `roots` are the names of what is loaded and stored.
    pub fn text(&self, operands: &[String], roots: &[String]) -> String {
        let constant = |r: usize| self.constants.iter().find(|(at, _)| *at == r).map(|(_, v)| *v);
        let source = |s: Source| match s {
            Source::Operand(i) => operands.get(i).cloned().unwrap_or_else(|| format!("operand{i}")),
            Source::Register(r) => match constant(r) {
                Some(value) => format!("{value:?}"),
                None => format!("r{r}"),
            },
        };
        let root = |i: usize| roots.get(i).cloned().unwrap_or_else(|| format!("result{i}"));
        let mut out = String::new();
        for step in &self.steps {
            let outs: Vec<String> = step
                .outs
                .iter()
                .map(|(dest, dtype)| match dest {
                    Dest::Register(r) => format!("r{r}: {dtype}"),
                    Dest::Root(i) => format!("{}: {dtype}", root(*i)),
                })
                .collect();
            let mut args: Vec<String> = step.args.iter().map(|(s, _)| source(*s)).collect();
            if let Some(First { name, left }) = step.first {
                let inner = format!("{name}({})", args[..2].join(", "));
                let other = args[2..].join(", ");
                args = if left { vec![inner, other] } else { vec![other, inner] };
            }
            let _ = writeln!(out, "{} = {}({})", outs.join(", "), step.name, args.join(", "));
        }
        for (from, to) in &self.stores {
            let _ = writeln!(out, "{} = {}", root(*to), source(*from));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &[&[u8]], _: &mut [&mut [u8]]) {}

    fn op(name: &'static str, args: &[usize]) -> Node {
        let args = args.iter().map(|node| Ref { node: *node, out: 0 }).collect();
        Node::Op { name, run: nothing, args, outs: vec![DType::F64] }
    }

    fn load(operand: usize) -> Node {
        Node::Load { operand, dtype: DType::F64 }
    }

    fn check(nodes: Vec<Node>, roots: &[usize], want: &str) {
        let roots = roots.iter().map(|node| Ref { node: *node, out: 0 }).collect();
        let text = Graph { nodes, roots }
            .plan()
            .text(&["a".into(), "b".into(), "c".into()], &["x".into(), "y".into()]);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let want: Vec<&str> = want.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        assert_eq!(lines, want);
    }

    #[test]
    fn programs() {
        let two = || Node::Const(Scalar::F64(2.0));
        // 2*a + b*b, with a dead node.
        check(
            vec![
                load(0),
                two(),
                op("multiply", &[1, 0]),
                load(1),
                op("sin", &[3]),
                op("multiply", &[3, 3]),
                op("add", &[2, 5]),
            ],
            &[6],
            "r1: float64 = multiply(b, b)
             x: float64 = add(multiply(F64(2.0), a), r1)",
        );
        // The same subexpression twice; constants too.
        check(
            vec![
                load(0),
                two(),
                op("multiply", &[0, 1]),
                load(0),
                two(),
                op("multiply", &[3, 4]),
                op("add", &[2, 5]),
            ],
            &[6],
            "r1: float64 = multiply(a, F64(2.0))
             x: float64 = add(r1, r1)",
        );
        // A long chain needs two registers.
        check(
            vec![load(0), op("f", &[0]), op("g", &[1]), op("f", &[2]), op("g", &[3])],
            &[4],
            "r0: float64 = f(a)
             r1: float64 = g(r0)
             r0: float64 = f(r1)
             x: float64 = g(r0)",
        );
        // A root that is read again, a root that is a load, one value wanted twice.
        check(
            vec![load(0), op("f", &[0]), op("g", &[1])],
            &[1, 2],
            "r0: float64 = f(a)
             y: float64 = g(r0)
             x = r0",
        );
        check(vec![load(0)], &[0], "x = a");
        check(vec![load(0), op("f", &[0])], &[1, 1], "r0: float64 = f(a)\n x = r0\n y = r0");
    }

    #[test]
    fn pairs_are_done_together() {
        let multiply = |a, b| op("multiply", &[a, b]);
        // The right operand; in a chain, every other one.
        check(
            vec![
                load(0),
                load(1),
                multiply(0, 1),
                op("subtract", &[0, 2]),
                op("add", &[3, 1]),
                multiply(4, 0),
            ],
            &[5],
            "r0: float64 = subtract(a, multiply(a, b))
             x: float64 = multiply(add(r0, b), a)",
        );
        // Not what is wanted by itself, what is read twice, and what there is no loop for.
        check(
            vec![load(0), multiply(0, 0), op("add", &[1, 0])],
            &[1, 2],
            "r0: float64 = multiply(a, a)
             y: float64 = add(r0, a)
             x = r0",
        );
        check(
            vec![load(0), multiply(0, 0), op("add", &[1, 1]), op("divide", &[2, 0]), op("add", &[3, 0])],
            &[4],
            "r0: float64 = multiply(a, a)
             r1: float64 = add(r0, r0)
             r0: float64 = divide(r1, a)
             x: float64 = add(r0, a)",
        );
    }

    #[test]
    fn no_step_writes_what_it_reads() {
        let mut nodes = vec![load(0), load(1)];
        let mut state = 1u64;
        for i in 2..200 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let (a, b) = ((state >> 33) as usize % i, (state >> 45) as usize % i);
            nodes.push(op(["f", "add", "multiply"][i % 3], &[a, b]));
        }
        let roots = (150..200).step_by(7).map(|node| Ref { node, out: 0 }).collect();
        for step in (Graph { nodes, roots }).plan().steps {
            for (dest, _) in &step.outs {
                if let Dest::Register(r) = dest {
                    assert!(step.args.iter().all(|(s, _)| *s != Source::Register(*r)));
                }
            }
        }
    }
}
