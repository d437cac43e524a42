//! What a function reads and binds outside of itself, its inner functions included.

use std::collections::BTreeSet;

use crate::ir::{Clause, Expr, ExprKind, FPart, Function, Program, Stmt, StmtKind, Target, Var};

/// The names that a function of a program has in common with what is around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Indices into `Program::globals` of what it reads.
    pub globals: BTreeSet<u32>,
    /// Names that it binds or deletes outside of itself, by `global` and `nonlocal`.
    pub binds: BTreeSet<String>,
}

/// What a function of that program uses.
pub fn uses(program: &Program, function: &Function) -> Uses {
    let mut walk = Walk { program, function, uses: Uses::default() };
    // Its defaults have been evaluated by whoever has it.
    walk.block(&function.body);
    walk.uses
}

struct Walk<'a> {
    program: &'a Program,
    /// Whose body is walked.
    function: &'a Function,
    uses: Uses,
}

impl<'a> Walk<'a> {
    fn inner(&mut self, index: u32) {
        let Some(function) = self.program.functions.get(index as usize) else {
            return;
        };
        self.exprs(function.params.iter().filter_map(|p| p.default.as_ref()));
        let mut walk = Walk { program: self.program, function, uses: Uses::default() };
        walk.block(&function.body);
        self.uses.globals.extend(walk.uses.globals);
        // A variable of this function's own that an inner one binds is no one else's.
        let own = |name: &String| {
            let free = function.free.iter().zip(&function.cell_names).find(|(_, cell)| *cell == name);
            free.is_some_and(|(free, _)| free.from_cell as usize >= self.function.free.len())
        };
        let outer: Vec<String> = walk.uses.binds.into_iter().filter(|name| !own(name)).collect();
        self.uses.binds.extend(outer);
    }

    fn read(&mut self, var: Var) {
        if let Var::Global(global) = var {
            self.uses.globals.insert(global);
        }
    }

    fn bind(&mut self, var: Var) {
        let name = match var {
            Var::Global(global) => self.program.globals.get(global as usize).map(|g| &g.name),
            Var::Cell(cell) if (cell as usize) < self.function.free.len() => {
                self.function.cell_names.get(cell as usize)
            }
            _ => None,
        };
        self.uses.binds.extend(name.cloned());
    }

    fn block(&mut self, body: &'a [Stmt]) {
        body.iter().for_each(|stmt| self.stmt(&stmt.kind));
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn targets(&mut self, targets: impl IntoIterator<Item = &'a Target>) {
        targets.into_iter().for_each(|target| self.target(target));
    }

    fn target(&mut self, target: &'a Target) {
        match target {
            Target::Name(var, _) => self.bind(*var),
            Target::Index { base, index, .. } => self.exprs([base, index]),
            Target::Attr { base, .. } => self.expr(base),
            Target::Tuple { items, .. } => self.targets(items),
        }
    }

    fn stmt(&mut self, stmt: &'a StmtKind) {
        match stmt {
            StmtKind::Expr(expr) => self.expr(expr),
            StmtKind::Assign { targets, value } => {
                self.expr(value);
                self.targets(targets);
            }
            StmtKind::AugAssign { target, value, .. } => {
                if let Target::Name(var, _) = target {
                    self.read(*var);
                }
                self.expr(value);
                self.target(target);
            }
            StmtKind::If { test, body, orelse } | StmtKind::While { test, body, orelse } => {
                self.expr(test);
                self.block(body);
                self.block(orelse);
            }
            StmtKind::For { target, iter, body, orelse } => {
                self.expr(iter);
                self.target(target);
                self.block(body);
                self.block(orelse);
            }
            StmtKind::Def { target, function, decorators } => {
                self.exprs(decorators);
                self.inner(*function);
                self.target(target);
            }
            StmtKind::Class { target, bases, function, decorators, .. } => {
                self.exprs(decorators.iter().chain(bases));
                self.inner(*function);
                self.target(target);
            }
            StmtKind::Try { body, handlers, orelse, finally } => {
                self.block(body);
                for handler in handlers {
                    self.exprs(&handler.class);
                    self.targets(&handler.target);
                    self.block(&handler.body);
                }
                self.block(orelse);
                self.block(finally);
            }
            StmtKind::With { items, body } => {
                for (manager, target) in items {
                    self.expr(manager);
                    self.targets(target);
                }
                self.block(body);
            }
            StmtKind::Return(value) => self.exprs(value),
            StmtKind::Del(targets) => self.targets(targets),
            StmtKind::Assert { test, message } => {
                self.expr(test);
                self.exprs(message);
            }
            StmtKind::Raise { exception, cause } => self.exprs(exception.iter().chain(cause)),
            StmtKind::Yield { value, targets, .. } => {
                self.exprs(value);
                self.targets(targets);
            }
            StmtKind::Import { target, .. } => self.target(target),
            StmtKind::Break | StmtKind::Continue | StmtKind::Pass => {}
        }
    }

    fn clause(&mut self, clause: &'a Clause) {
        self.expr(&clause.iter);
        self.target(&clause.target);
        self.exprs(&clause.conditions);
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Const(_) => {}
            ExprKind::Var(var) => self.read(*var),
            ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items, _) => self.exprs(items),
            ExprKind::And(items) | ExprKind::Or(items) => self.exprs(items),
            ExprKind::Dict(pairs) => pairs.iter().for_each(|(key, value)| self.exprs([key, value])),
            ExprKind::Unary(_, operand) => self.expr(operand),
            ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
                self.exprs([&**left, &**right]);
            }
            ExprKind::Compare(first, rest) => {
                self.expr(first);
                self.exprs(rest.iter().map(|(_, operand)| operand));
            }
            ExprKind::IfElse { test, body, orelse } => self.exprs([&**test, &**body, &**orelse]),
            ExprKind::Lambda(function) => self.inner(*function),
            ExprKind::Comp { element, value, clauses, .. } => {
                clauses.iter().for_each(|clause| self.clause(clause));
                self.expr(element);
                self.exprs(value.as_deref());
            }
            ExprKind::Generator { function, iter } => {
                self.expr(iter);
                self.inner(*function);
            }
            ExprKind::Call { func, args, keywords } => {
                self.expr(func);
                self.exprs(args.iter().chain(keywords.iter().map(|(_, value)| value)));
            }
            ExprKind::CallUnpacked { func, args, keywords } => {
                self.expr(func);
                self.exprs(
                    args.iter().map(|(_, value)| value).chain(keywords.iter().map(|(_, value)| value)),
                );
            }
            ExprKind::Unpacked { items, .. } => self.exprs(items.iter().map(|(_, item)| item)),
            ExprKind::DictUnpacked(pairs) => {
                pairs.iter().for_each(|(key, value)| self.exprs(key.iter().chain([value])));
            }
            ExprKind::Walrus(var, value) => {
                self.expr(value);
                self.bind(*var);
            }
            ExprKind::ClassName { global, .. } => self.read(Var::Global(*global)),
            ExprKind::Attr(base, _) => self.expr(base),
            ExprKind::Slice(start, stop, step) => {
                self.exprs([start, stop, step].into_iter().filter_map(|part| part.as_deref()));
            }
            ExprKind::FString(parts) => {
                for part in parts {
                    if let FPart::Value { value, spec, .. } = part {
                        self.expr(value);
                        self.exprs(spec.as_deref());
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Session;
    use crate::source::Source;

    /// What the first function of a text reads of the session, and what it binds there.
    fn of(text: &str) -> (Vec<String>, Vec<String>) {
        let source = Source { name: "cell".into(), text: text.into() };
        let program = crate::compile(source, &Session::default()).expect("a program");
        let function = program.functions.iter().find(|f| f.name == "f").expect("f").clone();
        let found = uses(&program, &function);
        let mut names: Vec<String> =
            found.globals.iter().map(|&i| program.globals[i as usize].name.clone()).collect();
        names.sort();
        (names, found.binds.into_iter().collect())
    }

    #[test]
    fn names_are_found_wherever_they_stand() {
        let text = "a = b = c = d = e = g = h = k = 1\ndef f(x, y=2):\n    z = [a + i for i in range(b) if c]\n    \
                    def inner(p=d):\n        return lambda: e + z\n    try:\n        f'{g:{h}}'\n    except ValueError:\n        \
                    pass\n    x[k:] = {**z}\n    return inner";
        let (reads, binds) = of(text);
        assert_eq!(reads, ["ValueError", "a", "b", "c", "d", "e", "g", "h", "k", "range"]);
        assert!(binds.is_empty());
    }

    #[test]
    fn what_it_binds_outside_is_told_from_its_own() {
        let text = "n = 0\ndef f():\n    global n\n    count = 0\n    def inner():\n        nonlocal count\n        count += 1\n    n += 1";
        assert_eq!(of(text).1, ["n"]);
        let text = "def around():\n    total = 0\n    def f():\n        def inner():\n            nonlocal total\n            total += 1\n        \
                    inner()\n    return f";
        assert_eq!(of(text).1, ["total"]);
        let text = "n = 0\ndef f():\n    def inner():\n        global n\n        del n\n    return inner";
        assert_eq!(of(text).1, ["n"]);
    }
}
