//! Python's scopes: which function, comprehension or cell each name belongs to, and what closures capture.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The cell: its names are the session's.
    Module,
    Function,
    /// A class's body: functions inside of it do not see its names, but for `__class__`.
    Class,
    /// Shares the frame of the function around it; its variables are its own.
    Comprehension,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    Global,
    Nonlocal,
}

#[derive(Debug)]
pub struct Scope {
    pub kind: Kind,
    pub parent: Option<usize>,
    /// Names assigned here, in order of appearance; parameters first.
    pub binds: Vec<String>,
    /// Of a function, its first positional parameter: what `super()` is about.
    pub first: Option<String>,
    pub declared: BTreeMap<String, (Declared, Span)>,
    /// Names read here, with the first place.
    pub uses: BTreeMap<String, Span>,
    /// Of `binds`, those that inner functions capture.
    pub captured: BTreeSet<String>,
    /// Variables of outer functions that this one needs: the scope that owns each, and its name.
    pub free: BTreeSet<(usize, String)>,
}

impl Scope {
    fn new(kind: Kind, parent: Option<usize>) -> Scope {
        Scope {
            kind,
            parent,
            binds: Vec::new(),
            first: None,
            declared: BTreeMap::new(),
            uses: BTreeMap::new(),
            captured: BTreeSet::new(),
            free: BTreeSet::new(),
        }
    }

    pub fn bind(&mut self, name: &str) {
        if !self.binds.iter().any(|b| b == name) {
            self.binds.push(name.to_string());
        }
    }
}

/// The scopes of a cell; the first is the cell itself.
#[derive(Debug)]
pub struct Scopes {
    pub list: Vec<Scope>,
    /// The scope of each `def` (by the place of its name), `lambda` and comprehension (by theirs).
    pub at: HashMap<Span, usize>,
}

/// Whom a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Session,
    /// A variable of that function or comprehension.
    Scope(usize),
}

impl Scopes {
    pub fn new() -> Scopes {
        Scopes { list: vec![Scope::new(Kind::Module, None)], at: HashMap::new() }
    }

    /// A new scope inside of `parent`, for what stands at `place`.
    pub fn add(&mut self, kind: Kind, parent: usize, place: Span) -> usize {
        self.list.push(Scope::new(kind, Some(parent)));
        let index = self.list.len() - 1;
        self.at.insert(place, index);
        index
    }

    /// The owner of `name` as seen from `scope`.
    pub fn owner(&self, scope: usize, name: &str) -> Owner {
        let mut at = Some(scope);
        while let Some(index) = at {
            let here = &self.list[index];
            match here.declared.get(name) {
                Some((Declared::Global, _)) => return Owner::Session,
                Some((Declared::Nonlocal, _)) => {}
                None if here.kind == Kind::Class && index != scope && name != "__class__" => {}
                None if here.kind != Kind::Module && here.binds.iter().any(|b| b == name) => {
                    return Owner::Scope(index);
                }
                None => {}
            }
            at = here.parent;
        }
        Owner::Session
    }

    /// The function (or cell) in whose frame a scope's variables live.
    pub fn frame(&self, scope: usize) -> usize {
        let mut at = scope;
        while let (Kind::Comprehension, Some(parent)) = (self.list[at].kind, self.list[at].parent) {
            at = parent;
        }
        at
    }

    /// Marks what inner functions capture, from every use and binding to its owner.
    pub fn capture(&mut self) {
        for index in 0..self.list.len() {
            let scope = &self.list[index];
            let names: BTreeSet<String> = scope.uses.keys().chain(scope.declared.keys()).cloned().collect();
            for name in names {
                let Owner::Scope(owner) = self.owner(index, &name) else {
                    continue;
                };
                let home = self.frame(owner);
                let mut frame = self.frame(index);
                while frame != home {
                    self.list[owner].captured.insert(name.clone());
                    self.list[frame].free.insert((owner, name.clone()));
                    let Some(parent) = self.list[frame].parent else {
                        break;
                    };
                    frame = self.frame(parent);
                }
            }
        }
    }
}
