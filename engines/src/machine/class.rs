//! The user's classes: their objects, attributes and methods, and what the `class` statement makes.

use std::cell::{Cell as StdCell, RefCell};
use std::rc::Rc;

use lang::error::Class;
use lang::ir::Expr;

use super::call::Keywords;
use super::exception::Exception;
use super::frame::{Cell, Frame};
use super::items::discard;
use super::raise::{Eval, raise, type_error};
use super::suggest::did_you_mean;
use super::types::{as_class, type_name};
use super::{Dict, Machine, Made};
use crate::value::Value;

/// Values by name, in the order of their first assignment. Few, so they are searched one by one.
pub type Fields = Vec<(Rc<str>, Value)>;

/// A class of the user's.
pub struct UserClass {
    pub name: &'static str,
    /// As the `class` statement has them.
    bases: Vec<Value>,
    /// The user's classes that it derives from, in the order of lookup.
    order: Vec<Rc<UserClass>>,
    /// The exception class of Python's that it derives from.
    builtin: Option<Class>,
    pub fields: RefCell<Fields>,
    pub doc: Option<String>,
    /// It or a class that it derives from has `__getattr__` or a property: attributes are not the object's alone.
    plain: StdCell<bool>,
}

/// An object of a user's class.
pub struct Object {
    pub class: Rc<UserClass>,
    pub fields: RefCell<Fields>,
}

/// What a class holds that is no plain method: `@property`, `@staticmethod`, `@classmethod`.
pub enum Descriptor {
    Property { get: Value, set: Value, delete: Value },
    Static(Value),
    Class(Value),
}

/// `super()`: what follows a class in the order of lookup, for an object (or a class).
pub struct Super {
    pub after: Rc<UserClass>,
    pub of: Value,
}

impl Drop for Object {
    fn drop(&mut self) {
        // Objects may be linked to a list that is a million long.
        discard(std::mem::take(self.fields.get_mut()).into_iter().map(|(_, value)| value).collect());
    }
}

impl Object {
    /// Sets the object's own attribute, where nothing of its class can stand before it; false where something may.
    #[inline]
    pub fn set_plain_field(&self, name: &str, value: &Value) -> bool {
        let quick = self.class.plain.get() && !name.starts_with("__");
        if quick {
            set(&mut self.fields.borrow_mut(), name, value.clone());
        }
        quick
    }

    /// The object's own attribute, where nothing of its class can stand before it.
    #[inline]
    pub fn plain_field(&self, name: &str) -> Option<Value> {
        match self.class.plain.get() {
            true => get(&self.fields.borrow(), name),
            false => None,
        }
    }
}

impl UserClass {
    /// The attribute of the class, or of the first that has it of those that it derives from.
    pub fn find(&self, name: &str) -> Option<Value> {
        get(&self.fields.borrow(), name).or_else(|| find_in(&self.order, name))
    }

    /// Whether it is `other` or derives from it.
    pub fn is(&self, other: &UserClass) -> bool {
        std::ptr::eq(self, other) || self.order.iter().any(|base| std::ptr::eq(&**base, other))
    }

    /// A class of the same name and kind with no attributes yet, derived from other classes in the same places.
    pub fn like(&self, order: Vec<Rc<UserClass>>) -> UserClass {
        let other = |base: &Value| match base {
            Value::Class(class) => {
                let at = self.order.iter().position(|own| Rc::ptr_eq(own, class));
                at.and_then(|at| order.get(at)).map_or_else(|| base.clone(), |new| Value::Class(new.clone()))
            }
            builtin => builtin.clone(),
        };
        UserClass {
            name: self.name,
            bases: self.bases.iter().map(other).collect(),
            builtin: self.builtin,
            fields: RefCell::default(),
            doc: self.doc.clone(),
            plain: StdCell::new(self.plain.get()),
            order,
        }
    }

    /// The user's classes that it derives from, in the order of lookup.
    pub fn order(&self) -> &[Rc<UserClass>] {
        &self.order
    }

    /// The exception class of Python's that it derives from.
    pub fn exception(&self) -> Option<Class> {
        self.builtin
    }

    /// All attributes' names, its own first.
    fn names(&self) -> Vec<Rc<str>> {
        let own = |class: &UserClass| -> Vec<Rc<str>> {
            class.fields.borrow().iter().map(|(name, _)| name.clone()).collect()
        };
        let mut names = own(self);
        names.extend(self.order.iter().flat_map(|base| own(base)));
        names
    }
}

fn find_in(classes: &[Rc<UserClass>], name: &str) -> Option<Value> {
    classes.iter().find_map(|class| get(&class.fields.borrow(), name))
}

#[inline]
pub fn get(fields: &Fields, name: &str) -> Option<Value> {
    fields.iter().find(|(key, _)| &**key == name).map(|(_, value)| value.clone())
}

pub fn set(fields: &mut Fields, name: &str, value: Value) {
    let found = fields.iter_mut().find(|(key, _)| &**key == name);
    let old = match found {
        Some((_, old)) => std::mem::replace(old, value),
        None => {
            fields.push((name.into(), value));
            return;
        }
    };
    if let Value::Tuple(_) = old {
        discard(vec![old]);
    }
}

fn remove(fields: &mut Fields, name: &str) -> Option<Value> {
    let at = fields.iter().position(|(key, _)| &**key == name)?;
    Some(fields.remove(at).1)
}

/// The class of the user's that a value is an instance of.
pub fn class_of(value: &Value) -> Option<&Rc<UserClass>> {
    match value {
        Value::Object(object) => Some(&object.class),
        Value::Exception(exception) => exception.user.as_ref(),
        _ => None,
    }
}

/// A class by its name: an error message may name it long after it is gone, so names live on, each once.
fn lasting(name: &str) -> &'static str {
    thread_local! {
        static NAMES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    NAMES.with_borrow_mut(|names| match names.iter().find(|known| **known == name) {
        Some(known) => known,
        None => {
            names.push(Box::leak(name.to_string().into_boxed_str()));
            names[names.len() - 1]
        }
    })
}

impl Machine {
    /// The class that a `class` statement makes.
    pub(super) fn make_class(
        &mut self,
        frame: &mut Frame,
        bases: &[Expr],
        function: u32,
        class_cell: Option<u32>,
    ) -> Eval<Value> {
        let bases = self.eval_all(frame, bases)?;
        let (order, builtin) = lookup_order(&bases)?;
        let function = frame.unit.program.functions[function as usize].clone();
        let mut cells: Vec<Cell> =
            function.free.iter().map(|free| frame.cells[free.from_cell as usize].clone()).collect();
        cells.resize_with(function.cells as usize, Cell::default);
        let mut inner = Frame {
            locals: vec![None; function.locals as usize],
            cells,
            unit: frame.unit,
            function: Some(&function),
        };
        self.block(&mut inner, &function.body).map_err(|mut raised| {
            raised.located = false;
            raised
        })?;
        let held = std::mem::take(&mut inner.locals).into_iter().zip(&function.local_names);
        let fields: Fields = held.filter_map(|(value, name)| Some((name.as_str().into(), value?))).collect();
        let plain = !fields.iter().any(|(name, value)| {
            &**name == "__getattr__"
                || matches!(value, Value::Descriptor(d) if matches!(**d, Descriptor::Property { .. }))
        }) && order.iter().all(|base| base.plain.get());
        let class = Rc::new(UserClass {
            name: lasting(&function.name),
            bases,
            order,
            builtin,
            fields: RefCell::new(fields),
            doc: function.doc.clone(),
            plain: StdCell::new(plain),
        });
        if let Some(cell) = class_cell {
            *inner.cells[cell as usize].borrow_mut() = Some(Value::Class(class.clone()));
        }
        Ok(Value::Class(class))
    }

    /// A call of a class: a new object of it.
    pub(super) fn instantiate(
        &mut self,
        class: &Rc<UserClass>,
        args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        let init = class.find("__init__");
        let made = match class.exception() {
            Some(builtin) => Value::Exception(Exception::of_user(builtin, class.clone(), args.clone())),
            None => Value::Object(Rc::new(Object { class: class.clone(), fields: RefCell::default() })),
        };
        let Some(init) = init else {
            if !keywords.is_empty() || class.exception().is_none() && !args.is_empty() {
                return type_error(format!("{}() takes no arguments", class.name));
            }
            return Ok(made);
        };
        match self.call_method(&made, &init, args, keywords)? {
            Value::None => Ok(made),
            other => type_error(format!("__init__() should return None, not '{}'", type_name(&other))),
        }
    }

    /// Calls what was found in a class with an object of it first.
    pub(super) fn call_method(
        &mut self,
        of: &Value,
        found: &Value,
        mut args: Vec<Value>,
        keywords: Keywords,
    ) -> Eval<Value> {
        match found {
            Value::Function(_) => {
                args.insert(0, of.clone());
                self.call(found, args, keywords)
            }
            _ => {
                let bound = self.bind_attribute(of, found.clone())?;
                self.call(&bound, args, keywords)
            }
        }
    }

    /// What `object.name` is, where `found` is the attribute of its class.
    fn bind_attribute(&mut self, of: &Value, found: Value) -> Eval<Value> {
        let class = || class_of(of).map_or_else(|| of.clone(), |class| Value::Class(class.clone()));
        Ok(match &found {
            Value::Function(_) => Value::Attached(Rc::new((of.clone(), found))),
            Value::Made(made) if let Made::Local { .. } | Made::Cached { .. } = **made => {
                Value::Attached(Rc::new((of.clone(), found)))
            }
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::Static(function) => function.clone(),
                Descriptor::Class(function) => Value::Attached(Rc::new((class(), function.clone()))),
                Descriptor::Property { get: Value::None, .. } => {
                    return raise(Class::AttributeError, "property of this object has no getter");
                }
                Descriptor::Property { get, .. } => {
                    return self.call(&get.clone(), vec![of.clone()], Vec::new());
                }
            },
            _ => found,
        })
    }

    /// `object.name` of a user's class; None where there is no such attribute.
    pub(super) fn object_attr(
        &mut self,
        of: &Value,
        class: &Rc<UserClass>,
        fields: &RefCell<Fields>,
        name: &str,
    ) -> Eval<Option<Value>> {
        if class.plain.get() {
            // No property can stand before the object's own.
            if let Some(value) = get(&fields.borrow(), name) {
                return Ok(Some(value));
            }
        }
        let found = class.find(name);
        let is_property =
            |v: &Value| matches!(v, Value::Descriptor(d) if matches!(**d, Descriptor::Property { .. }));
        if let Some(found) = found.clone().filter(is_property) {
            return self.bind_attribute(of, found).map(Some);
        }
        if let Some(value) = get(&fields.borrow(), name) {
            return Ok(Some(value));
        }
        if let Some(found) = found {
            return self.bind_attribute(of, found).map(Some);
        }
        match name {
            "__class__" => return Ok(Some(Value::Class(class.clone()))),
            "__doc__" => return Ok(Some(class.doc.as_deref().map_or(Value::None, Value::str))),
            "__module__" => return Ok(Some(Value::str("__main__"))),
            "__dict__" => {
                let mut dict = Dict::new();
                for (name, value) in fields.borrow().iter() {
                    dict.insert(Value::Str(name.clone()), value.clone())?;
                }
                return Ok(Some(Value::Dict(Rc::new(RefCell::new(dict)))));
            }
            _ => {}
        }
        match class.find("__getattr__") {
            Some(hook) => self.call_method(of, &hook, vec![Value::str(name)], Vec::new()).map(Some),
            None => Ok(None),
        }
    }

    /// The error of an attribute that an object has not.
    pub(super) fn no_object_attr<T>(
        &self,
        class: &Rc<UserClass>,
        fields: &RefCell<Fields>,
        name: &str,
    ) -> Eval<T> {
        let mut names: Vec<Rc<str>> = fields.borrow().iter().map(|(name, _)| name.clone()).collect();
        names.extend(class.names());
        let message = format!("'{}' object has no attribute '{name}'", class.name);
        Err(did_you_mean(lang::error::Error::new(Class::AttributeError, message), name, names).into())
    }

    /// `object.name = value`.
    pub(super) fn set_object_attr(
        &mut self,
        of: &Value,
        class: &Rc<UserClass>,
        fields: &RefCell<Fields>,
        name: &str,
        value: Value,
    ) -> Eval<()> {
        if !class.plain.get()
            && let Some(Value::Descriptor(descriptor)) = class.find(name)
            && let Descriptor::Property { set, .. } = &*descriptor
        {
            if let Value::None = set {
                let message = format!("property '{name}' of '{}' object has no setter", class.name);
                return raise(Class::AttributeError, message);
            }
            self.call(&set.clone(), vec![of.clone(), value], Vec::new())?;
            return Ok(());
        }
        if matches!(name, "__class__" | "__dict__") {
            return raise(
                Class::NotImplementedError,
                format!("assignment to the attribute '{name}' of objects"),
            );
        }
        set(&mut fields.borrow_mut(), name, value);
        Ok(())
    }

    /// `del object.name`.
    pub(super) fn delete_object_attr(
        &mut self,
        of: &Value,
        class: &Rc<UserClass>,
        fields: &RefCell<Fields>,
        name: &str,
    ) -> Eval<()> {
        if let Some(Value::Descriptor(descriptor)) = class.find(name)
            && let Descriptor::Property { delete, .. } = &*descriptor
        {
            if let Value::None = delete {
                let message = format!("property '{name}' of '{}' object has no deleter", class.name);
                return raise(Class::AttributeError, message);
            }
            self.call(&delete.clone(), vec![of.clone()], Vec::new())?;
            return Ok(());
        }
        let gone = remove(&mut fields.borrow_mut(), name);
        match gone {
            Some(_) => Ok(()),
            None => self.no_object_attr(class, fields, name),
        }
    }

    /// `Class.name`.
    pub(super) fn class_attr(&mut self, class: &Rc<UserClass>, name: &str) -> Eval<Value> {
        if let Some(found) = class.find(name) {
            return Ok(match &found {
                Value::Descriptor(descriptor) => match &**descriptor {
                    Descriptor::Static(function) => function.clone(),
                    Descriptor::Class(function) => {
                        Value::Attached(Rc::new((Value::Class(class.clone()), function.clone())))
                    }
                    Descriptor::Property { .. } => found,
                },
                _ => found,
            });
        }
        Ok(match name {
            "__name__" | "__qualname__" => Value::str(class.name),
            "__doc__" => class.doc.as_deref().map_or(Value::None, Value::str),
            "__module__" => Value::str("__main__"),
            "__class__" => Value::Type("type"),
            "__bases__" if class.bases.is_empty() => Value::tuple(vec![Value::Type("object")]),
            "__bases__" => Value::tuple(class.bases.clone()),
            "__mro__" => {
                let mut order = vec![Value::Class(class.clone())];
                order.extend(class.order.iter().cloned().map(Value::Class));
                if let Some(mut builtin) = class.builtin {
                    if builtin == Class::AxisError {
                        return raise(Class::NotImplementedError, "the attribute '__mro__' of this class");
                    }
                    order.push(Value::Type(builtin.full_name()));
                    while builtin.base() != builtin {
                        builtin = builtin.base();
                        order.push(Value::Type(builtin.full_name()));
                    }
                }
                order.push(Value::Type("object"));
                Value::tuple(order)
            }
            _ => {
                let message = format!("type object '{}' has no attribute '{name}'", class.name);
                let error = lang::error::Error::new(Class::AttributeError, message);
                return Err(did_you_mean(error, name, class.names()).into());
            }
        })
    }

    /// `Class.name = value`.
    pub(super) fn set_class_attr(&mut self, class: &Rc<UserClass>, name: &str, value: Value) -> Eval<()> {
        let hooks = name == "__getattr__"
            || matches!(&value, Value::Descriptor(d) if matches!(**d, Descriptor::Property { .. }));
        if hooks || name.starts_with("__") && !class.fields.borrow().iter().any(|(key, _)| &**key == name) {
            let message = format!("assignment to the attribute '{name}' of a class after its definition");
            return raise(Class::NotImplementedError, message);
        }
        set(&mut class.fields.borrow_mut(), name, value);
        Ok(())
    }

    /// `super().name`.
    pub(super) fn super_attr(&mut self, of: &Super, name: &str) -> Eval<Value> {
        let own = match &of.of {
            Value::Class(class) => Some(class),
            other => class_of(other),
        };
        // What follows the class in the order of the object's own.
        let following =
            own.map_or(&[][..], |own| match own.order.iter().position(|c| Rc::ptr_eq(c, &of.after)) {
                Some(at) => &own.order[at + 1..],
                None => &own.order[..],
            });
        if let Some(found) = find_in(following, name) {
            return match (&of.of, &found) {
                (Value::Class(_), Value::Function(_)) => Ok(found),
                _ => self.bind_attribute(&of.of, found),
            };
        }
        match super::bound::find(&of.of, name) {
            Some(method) => Ok(Value::Bound(Rc::new((of.of.clone(), method)))),
            None => raise(Class::AttributeError, format!("'super' object has no attribute '{name}'")),
        }
    }

    /// `super(class, object)`.
    pub(super) fn make_super(&mut self, class: Option<&Value>, of: Option<&Value>) -> Eval<Value> {
        let (Some(class), Some(of)) = (class, of) else {
            return raise(Class::RuntimeError, "super(): no arguments");
        };
        let Value::Class(after) = class else {
            return type_error(format!("super() argument 1 must be a type, not {}", type_name(class)));
        };
        let held = match of {
            Value::Class(own) => own.is(after),
            _ => class_of(of).is_some_and(|own| own.is(after)),
        };
        if !held {
            return type_error("super(type, obj): obj must be an instance or subtype of type");
        }
        Ok(Value::Super(Rc::new(Super { after: after.clone(), of: of.clone() })))
    }

    /// `isinstance(value, class)` for one class.
    pub(super) fn is_instance(&mut self, value: &Value, class: &Value) -> Option<bool> {
        match class {
            Value::Class(class) => Some(class_of(value).is_some_and(|own| own.is(class))),
            _ => as_class(class).map(|class| super::types::is_instance(value, class)),
        }
    }

    /// `issubclass(class, other)` for one class.
    pub(super) fn is_subclass(&mut self, class: &Value, other: &Value) -> Eval<bool> {
        let named = |value: &Value| as_class(value).and_then(Class::named);
        if let Value::Tuple(others) = other {
            for other in others.iter() {
                if self.is_subclass(class, other)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if !matches!(other, Value::Class(_)) && as_class(other).is_none() {
            return type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union");
        }
        if as_class(other) == Some("object")
            && (as_class(class).is_some() || matches!(class, Value::Class(_)))
        {
            return Ok(true);
        }
        match (class, other) {
            (Value::Class(class), Value::Class(other)) => Ok(class.is(other)),
            (Value::Class(class), _) => {
                Ok(class.exception().zip(named(other)).is_some_and(|(own, other)| own.is(other)))
            }
            (_, Value::Class(_)) if as_class(class).is_some() => Ok(false),
            _ => match (as_class(class), as_class(other)) {
                (None, _) => type_error("issubclass() arg 1 must be a class"),
                (Some(a), Some(b)) => match named(class).zip(named(other)) {
                    Some((a, b)) => Ok(a.is(b)),
                    None => super::types::is_subclass(a, b),
                },
                _ => Ok(false),
            },
        }
    }
}

/// The user's classes that a class with these bases derives from, in the order of lookup (C3 linearisation: Barrett et
/// al., 1996), and the exception class of Python's after them.
fn lookup_order(bases: &[Value]) -> Eval<(Vec<Rc<UserClass>>, Option<Class>)> {
    let mut lines: Vec<Vec<Rc<UserClass>>> = Vec::new();
    let (mut direct, mut builtin, mut object) = (Vec::new(), None, false);
    for (i, base) in bases.iter().enumerate() {
        if object {
            return inconsistent(bases);
        }
        let class = match base {
            Value::Class(class) => {
                if direct.iter().any(|other| Rc::ptr_eq(other, class)) {
                    return type_error(format!("duplicate base class {}", class.name));
                }
                direct.push(class.clone());
                lines.push(std::iter::once(class).chain(&class.order).cloned().collect());
                class.builtin
            }
            _ => match as_class(base) {
                Some("object") => {
                    object = true;
                    None
                }
                Some(name) => match Class::named(name) {
                    Some(class) => Some(class),
                    None => {
                        return raise(Class::NotImplementedError, format!("classes that derive from {name}"));
                    }
                },
                None => {
                    let found = type_name(base);
                    let message = format!("classes that derive from a value of type '{found}'");
                    return raise(Class::NotImplementedError, message);
                }
            },
        };
        match (builtin, class) {
            (None, Some(_)) => builtin = class,
            // What the exception class has would come before the classes that follow.
            (Some(_), None) if i > 0 && !object => {
                let message = "classes that derive from an exception class and, after it, from another";
                let error = lang::error::Error::new(Class::NotImplementedError, message);
                return Err(error.hint("put the exception class last").into());
            }
            (Some(one), Some(other)) if one != other => {
                return raise(
                    Class::NotImplementedError,
                    "classes that derive from several exception classes",
                );
            }
            _ => {}
        }
    }
    lines.push(direct);
    let mut order = Vec::new();
    loop {
        lines.retain(|line| !line.is_empty());
        if lines.is_empty() {
            return Ok((order, builtin));
        }
        let later = |class: &Rc<UserClass>| lines.iter().any(|l| l[1..].iter().any(|c| Rc::ptr_eq(c, class)));
        let Some(next) = lines.iter().map(|line| &line[0]).find(|class| !later(class)).cloned() else {
            return inconsistent(bases);
        };
        lines.iter_mut().filter(|line| Rc::ptr_eq(&line[0], &next)).for_each(|line| {
            line.remove(0);
        });
        order.push(next);
    }
}

fn inconsistent<T>(bases: &[Value]) -> Eval<T> {
    let name = |base: &Value| match base {
        Value::Class(class) => class.name.to_string(),
        other => as_class(other).unwrap_or("?").to_string(),
    };
    let names: Vec<String> = bases.iter().map(name).collect();
    type_error(format!(
        "Cannot create a consistent method resolution\norder (MRO) for bases {}",
        names.join(", ")
    ))
}
