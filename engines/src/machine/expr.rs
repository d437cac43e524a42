//! Expressions.

use std::cell::RefCell;
use std::rc::Rc;

use lang::error::{Class, Error};
use lang::ir::{Clause, CmpOp, CompKind, Const, Expr, ExprKind, FPart, SetFrom, UnaryOp, Var};
use num_bigint::BigInt;
use num_complex::Complex64;

use super::dict::Key;
use super::frame::Frame;
use super::raise::{Eval, raise};
use super::set::Item;
use super::{Dict, Iter, Machine, Set, sets, suggest};
use crate::value::{Slice, Value};

/// What a comprehension has made so far.
enum Made {
    List(Vec<Value>),
    Set(Set),
    Dict(Dict),
}

impl Machine {
    #[inline]
    pub(super) fn eval(&mut self, frame: &mut Frame, expr: &Expr) -> Eval<Value> {
        match &expr.kind {
            ExprKind::Var(var) => {
                if let Some(value) = self.peek(frame, *var) {
                    return Ok(value.clone());
                }
            }
            ExprKind::Const(Const::Int(i)) => return Ok(Value::Int(*i)),
            ExprKind::Const(Const::Bool(b)) => return Ok(Value::Bool(*b)),
            ExprKind::Const(Const::Float(bits)) => return Ok(Value::Float(f64::from_bits(*bits))),
            ExprKind::Binary(..) | ExprKind::Index(..) | ExprKind::Compare(..) => {
                if let Some(value) = self.number(frame, expr).value() {
                    return Ok(value);
                }
            }
            _ => {}
        }
        self.eval_kind(frame, &expr.kind).map_err(|mut raised| {
            frame.locate(&mut raised, expr.span);
            raised
        })
    }

    /// A bound variable, where it lies.
    #[inline]
    pub(super) fn peek<'a>(&'a self, frame: &'a Frame, var: Var) -> Option<&'a Value> {
        match var {
            Var::Local(slot) => frame.locals[slot as usize].as_ref(),
            Var::Global(name) => self.globals[frame.unit.globals[name as usize]].as_ref(),
            Var::Cell(_) => None,
        }
    }

    /// The element of a list at hand, at an index at hand.
    #[inline]
    fn quick_index(&self, frame: &Frame, base: &Expr, index: &Expr) -> Option<Value> {
        let ExprKind::Var(var) = &base.kind else {
            return None;
        };
        match self.peek(frame, *var)? {
            Value::List(items) => {
                let Some(Value::Int(at)) = self.number(frame, index).value() else {
                    return None;
                };
                items.borrow().get(usize::try_from(at).ok()?).cloned()
            }
            Value::Tuple(items) => {
                let Some(Value::Int(at)) = self.number(frame, index).value() else {
                    return None;
                };
                items.get(usize::try_from(at).ok()?).cloned()
            }
            _ => None,
        }
    }

    // Not inlined, as what it calls is not: an expression costs the stack and the registers of what it does itself.
    #[inline(never)]
    fn eval_kind(&mut self, frame: &mut Frame, kind: &ExprKind) -> Eval<Value> {
        match kind {
            ExprKind::Const(constant) => Ok(self::constant(constant)),
            ExprKind::Var(var) => self.load(frame, *var),
            ExprKind::Binary(op, left, right) => {
                let left = self.eval(frame, left)?;
                let right = self.eval(frame, right)?;
                self.binary(*op, left, right)
            }
            ExprKind::Compare(first, rest) => self.comparison(frame, first, rest),
            ExprKind::Call { func, args, keywords } => self.call_expr(frame, func, args, keywords),
            ExprKind::Index(base, index) => {
                if let Some(value) = self.quick_index(frame, base, index) {
                    return Ok(value);
                }
                let base = self.eval(frame, base)?;
                let index = self.eval(frame, index)?;
                self.index(&base, &index)
            }
            ExprKind::Attr(base, name) => {
                if let ExprKind::Var(var) = &base.kind
                    && let Some(Value::Object(object)) = self.peek(frame, *var)
                    && let Some(value) = object.plain_field(name)
                {
                    return Ok(value);
                }
                let base = self.eval(frame, base)?;
                self.attr(&base, name)
            }
            ExprKind::Unary(UnaryOp::Not, operand) => Ok(Value::Bool(!self.test(frame, operand)?)),
            ExprKind::Unary(op, operand) => {
                let operand = self.eval(frame, operand)?;
                self.unary(*op, operand)
            }
            ExprKind::And(operands) => self.and_or(frame, operands, false),
            ExprKind::Or(operands) => self.and_or(frame, operands, true),
            ExprKind::IfElse { test, body, orelse } => {
                let branch = if self.test(frame, test)? { body } else { orelse };
                self.eval(frame, branch)
            }
            ExprKind::Tuple(items) => Ok(Value::tuple(self.eval_all(frame, items)?)),
            ExprKind::List(items) => Ok(Value::list(self.eval_all(frame, items)?)),
            ExprKind::Set(items, from) => {
                let items = self.eval_all(frame, items)?;
                match (from, &items[..]) {
                    (SetFrom::List, [list]) => sets::display(self.collect(list)?, SetFrom::Items),
                    _ => sets::display(items, *from),
                }
            }
            ExprKind::Dict(pairs) => self.dict_display(frame, pairs),
            ExprKind::DictUnpacked(pairs) => self.dict_unpacked(frame, pairs),
            ExprKind::Unpacked { list, items } => {
                let items = self.eval_unpacked(frame, items)?;
                Ok(if *list { Value::list(items) } else { Value::tuple(items) })
            }
            ExprKind::CallUnpacked { func, args, keywords } => {
                let callee = self.eval(frame, func)?;
                let args = self.eval_unpacked(frame, args)?;
                let keywords = self.unpacked_keywords(frame, keywords)?;
                self.call(&callee, args, keywords)
            }
            ExprKind::Walrus(var, value) => {
                let value = self.eval(frame, value)?;
                self.bind_var(frame, *var, value.clone());
                Ok(value)
            }
            ExprKind::ClassName { slot, global } => match frame.locals[*slot as usize].clone() {
                Some(value) => Ok(value),
                None => self.load(frame, Var::Global(*global)),
            },
            ExprKind::Lambda(function) => self.closure(frame, *function),
            ExprKind::Comp { kind, element, value, clauses, fresh } => {
                let made = match kind {
                    CompKind::List => Made::List(Vec::new()),
                    CompKind::Set => Made::Set(Set::default()),
                    CompKind::Dict => Made::Dict(Dict::new()),
                };
                self.comprehension(frame, made, (element, value.as_deref()), clauses, fresh)
            }
            ExprKind::Generator { function, iter } => {
                let iterable = self.eval(frame, iter)?;
                let first = self.iter(&iterable).map_err(|mut raised| {
                    frame.locate(&mut raised, iter.span);
                    raised
                })?;
                let closure = self.closure(frame, *function)?;
                let first = self.lazy(first);
                self.call(&closure, vec![first], Vec::new())
            }
            ExprKind::Slice(start, stop, step) => {
                let mut bound = |bound: &Option<Box<Expr>>| match bound {
                    Some(expr) => self.eval(frame, expr),
                    None => Ok(Value::None),
                };
                let (start, stop, step) = (bound(start)?, bound(stop)?, bound(step)?);
                Ok(Value::Slice(Rc::new(Slice { start, stop, step })))
            }
            ExprKind::FString(parts) => self.fstring(frame, parts),
        }
    }

    pub(super) fn eval_all(&mut self, frame: &mut Frame, exprs: &[Expr]) -> Eval<Vec<Value>> {
        let mut values = Vec::with_capacity(exprs.len());
        for expr in exprs {
            values.push(self.eval(frame, expr)?);
        }
        Ok(values)
    }

    #[inline(never)]
    fn dict_display(&mut self, frame: &mut Frame, pairs: &[(Expr, Expr)]) -> Eval<Value> {
        let mut dict = Dict::new();
        for (key, value) in pairs {
            let key = self.eval(frame, key)?;
            let value = self.eval(frame, value)?;
            dict.insert(key, value)?;
        }
        Ok(Value::Dict(Rc::new(RefCell::new(dict))))
    }

    #[inline(never)]
    fn dict_unpacked(&mut self, frame: &mut Frame, pairs: &[(Option<Expr>, Expr)]) -> Eval<Value> {
        let mut dict = Dict::new();
        for (key, value) in pairs {
            match key {
                Some(key) => {
                    let key = self.eval(frame, key)?;
                    let value = self.eval(frame, value)?;
                    dict.insert(key, value)?;
                }
                None => {
                    let Value::Dict(other) = self.eval(frame, value)? else {
                        return raise(Class::TypeError, "argument after ** must be a mapping");
                    };
                    for (key, value) in other.borrow().iter() {
                        dict.insert(key.clone(), value.clone())?;
                    }
                }
            }
        }
        Ok(Value::Dict(Rc::new(RefCell::new(dict))))
    }

    /// Values, some of them unpacked.
    #[inline(never)]
    fn eval_unpacked(&mut self, frame: &mut Frame, items: &[(bool, Expr)]) -> Eval<Vec<Value>> {
        let mut values = Vec::with_capacity(items.len());
        for (unpacked, item) in items {
            let value = self.eval(frame, item)?;
            match unpacked {
                false => values.push(value),
                true if super::iterate::is_iterable(&value) => values.extend(self.collect(&value)?),
                true => {
                    let found = super::types::type_name(&value);
                    let raised =
                        raise(Class::TypeError, format!("Value after * must be an iterable, not {found}"));
                    return raised.map_err(|mut raised| {
                        frame.locate(&mut raised, item.span);
                        raised
                    });
                }
            }
        }
        Ok(values)
    }

    #[inline(never)]
    fn unpacked_keywords(
        &mut self,
        frame: &mut Frame,
        keywords: &[(Option<String>, Expr)],
    ) -> Eval<super::call::Keywords> {
        let mut values: super::call::Keywords = Vec::with_capacity(keywords.len());
        for (name, value) in keywords {
            let value = self.eval(frame, value)?;
            let mut add = |name: &str, value: Value| match values.iter().any(|(known, _)| known == name) {
                true => raise(Class::TypeError, format!("got multiple values for keyword argument '{name}'")),
                false => {
                    values.push((name.to_string(), value));
                    Ok(())
                }
            };
            match (name, value) {
                (Some(name), value) => add(name, value)?,
                (None, Value::Dict(dict)) => {
                    for (key, value) in dict.borrow().iter() {
                        match key {
                            Value::Str(name) => add(name, value.clone())?,
                            _ => return raise(Class::TypeError, "keywords must be strings"),
                        }
                    }
                }
                (None, other) => {
                    let found = super::types::type_name(&other);
                    return raise(
                        Class::TypeError,
                        format!("argument after ** must be a mapping, not {found}"),
                    );
                }
            }
        }
        Ok(values)
    }

    #[inline]
    pub(super) fn load(&mut self, frame: &Frame, var: Var) -> Eval<Value> {
        let value = match var {
            Var::Local(slot) => frame.locals[slot as usize].clone(),
            Var::Global(name) => self.globals[frame.unit.globals[name as usize]].clone(),
            Var::Cell(cell) => frame.cells[cell as usize].borrow().clone(),
        };
        match value {
            Some(value) => Ok(value),
            None => self.unbound(frame, var),
        }
    }

    #[inline(never)]
    fn unbound(&mut self, frame: &Frame, var: Var) -> Eval<Value> {
        let function = frame.function;
        let program = &frame.unit.program;
        let (local_names, cell_names) = match function {
            Some(f) => (&f.local_names, &f.cell_names),
            None => (&program.local_names, &program.cell_names),
        };
        let local = |name: Option<&String>| {
            let name = name.map_or("?", String::as_str);
            let message =
                format!("cannot access local variable '{name}' where it is not associated with a value");
            raise(Class::UnboundLocalError, message)
        };
        match var {
            Var::Local(slot) => local(local_names.get(slot as usize)),
            Var::Cell(cell) => {
                let name = cell_names.get(cell as usize);
                if function.is_none_or(|f| cell as usize >= f.free.len()) {
                    return local(name);
                }
                let name = name.map_or("?", String::as_str);
                let message = format!(
                    "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
                );
                raise(Class::NameError, message)
            }
            Var::Global(name) => {
                let lang::ir::Global { name, builtin } = &frame.unit.program.globals[name as usize];
                if let Some(row) = builtin {
                    return Ok(Value::Builtin(*row));
                }
                if let Some(value) = super::modules::bare(name) {
                    return Ok(value);
                }
                let error = Error::new(Class::NameError, format!("name '{name}' is not defined"));
                let bound = self.bound_names();
                Err(suggest::did_you_mean(error, name, bound).into())
            }
        }
    }

    #[inline(never)]
    fn comparison(&mut self, frame: &mut Frame, first: &Expr, rest: &[(CmpOp, Expr)]) -> Eval<Value> {
        let mut left = self.eval(frame, first)?;
        let Some(((last_op, last), others)) = rest.split_last() else {
            return Ok(left);
        };
        for (op, right) in others {
            let right = self.eval(frame, right)?;
            let held = self.compare(*op, &left, &right)?;
            if !self.truth(&held)? {
                return Ok(held);
            }
            left = right;
        }
        let right = self.eval(frame, last)?;
        self.compare(*last_op, &left, &right)
    }

    /// The first operand whose truth is `stop`, else the last one.
    fn and_or(&mut self, frame: &mut Frame, operands: &[Expr], stop: bool) -> Eval<Value> {
        let mut value = Value::None;
        for (i, operand) in operands.iter().enumerate() {
            value = self.eval(frame, operand)?;
            if i + 1 < operands.len() && self.truth(&value)? == stop {
                break;
            }
        }
        Ok(value)
    }

    #[inline(never)]
    fn comprehension(
        &mut self,
        frame: &mut Frame,
        mut made: Made,
        element: (&Expr, Option<&Expr>),
        clauses: &[Clause],
        fresh: &[Var],
    ) -> Eval<Value> {
        if let Some((clause, inner)) = clauses.split_first() {
            let first = self.clause_iter(frame, clause)?;
            for var in fresh {
                match var {
                    Var::Local(slot) => frame.locals[*slot as usize] = None,
                    Var::Cell(cell) => frame.cells[*cell as usize] = Rc::default(),
                    Var::Global(_) => {}
                }
            }
            self.clause(frame, element, clause, inner, first, &mut made)?;
        }
        Ok(match made {
            Made::List(items) => Value::list(items),
            Made::Set(set) => sets::make(set, false),
            Made::Dict(dict) => Value::Dict(Rc::new(RefCell::new(dict))),
        })
    }

    fn clause_iter(&mut self, frame: &mut Frame, clause: &Clause) -> Eval<Iter> {
        let iterable = self.eval(frame, &clause.iter)?;
        self.iter(&iterable).map_err(|mut raised| {
            frame.locate(&mut raised, clause.iter.span);
            raised
        })
    }

    fn clause(
        &mut self,
        frame: &mut Frame,
        element: (&Expr, Option<&Expr>),
        clause: &Clause,
        inner: &[Clause],
        mut iter: Iter,
        made: &mut Made,
    ) -> Eval<()> {
        'items: while let Some(value) = self.next(&mut iter)? {
            self.ctx.safe_point()?;
            self.assign(frame, &clause.target, value)?;
            for condition in &clause.conditions {
                if !self.test(frame, condition)? {
                    continue 'items;
                }
            }
            match inner.split_first() {
                Some((next, inner)) => {
                    let iter = self.clause_iter(frame, next)?;
                    self.clause(frame, element, next, inner, iter, made)?;
                }
                None => {
                    let item = self.eval(frame, element.0)?;
                    match made {
                        Made::List(items) => {
                            self.may_grow(items)?;
                            items.push(item);
                        }
                        Made::Set(set) => {
                            self.may_grow_by(set.len())?;
                            set.add(Item::new(Key::of(&item)?, item));
                        }
                        Made::Dict(dict) => {
                            self.may_grow_by(dict.len())?;
                            let value = match element.1 {
                                Some(value) => self.eval(frame, value)?,
                                None => Value::None,
                            };
                            dict.insert(item, value)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn fstring(&mut self, frame: &mut Frame, parts: &[FPart]) -> Eval<Value> {
        let mut text = String::new();
        for part in parts {
            match part {
                FPart::Text(literal) => text.push_str(literal),
                FPart::Value { value, conversion, spec } => {
                    let mut shown = self.eval(frame, value)?;
                    match conversion {
                        Some('r') => shown = Value::str(&self.repr(&shown)?),
                        Some('a') => shown = Value::str(&super::objects::escaped(&self.repr(&shown)?)),
                        Some(_) => shown = Value::str(&self.str(&shown)?),
                        None => {}
                    }
                    let spec = match spec {
                        Some(spec) => {
                            let spec = self.eval(frame, spec)?;
                            self.str(&spec)?
                        }
                        None => String::new(),
                    };
                    text.push_str(&self.format(&shown, &spec).map_err(|mut raised| {
                        frame.locate(&mut raised, value.span);
                        raised
                    })?);
                }
            }
        }
        Ok(Value::str(&text))
    }
}

fn constant(constant: &Const) -> Value {
    match constant {
        Const::None => Value::None,
        Const::Ellipsis => Value::Ellipsis,
        Const::Bool(b) => Value::Bool(*b),
        Const::Int(i) => Value::Int(*i),
        Const::BigInt(digits) => Value::int(digits.parse::<BigInt>().unwrap_or_default()),
        Const::Float(bits) => Value::Float(f64::from_bits(*bits)),
        Const::Imag(bits) => Value::Complex(Complex64::new(0.0, f64::from_bits(*bits))),
        Const::Str(text) => Value::str(text),
    }
}
