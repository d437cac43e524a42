//! What stands around a cursor, and what its names mean as far as the text and the session tell.

use std::collections::BTreeSet;

use super::members;
use crate::check::names::{self, Member};
use crate::check::walk::walk;
use crate::compile::import::Imports;
use crate::session::{Holds, Session};
use crate::syntax::{Ends, cut, parse};

/// A text with a cursor in it.
pub struct Context<'a> {
    /// The text before the cursor.
    pub before: &'a str,
    /// The piece of a name that ends at the cursor.
    pub word: &'a str,
    session: &'a Session,
    imports: Imports,
    /// Names that the text itself binds.
    pub own: BTreeSet<String>,
    ends: Ends,
    brackets: Vec<(char, usize)>,
}

/// What an expression surely is.
#[derive(Clone, Copy, Debug)]
pub enum Meaning<'a> {
    Module(&'static str),
    Row(u32),
    /// The method of arrays of that row.
    Method(u32),
    Held(&'a Holds),
    /// Of an object of that class of the prelude's.
    Member(&'a str, &'static members::Member),
}

/// What names mean by custom that nothing else is known of: those that everybody gives axes and figures.
pub fn customary(name: &str) -> Option<&'static str> {
    match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "ax" => Some("Axes"),
        "fig" => Some("Figure"),
        _ => None,
    }
}

impl<'a> Context<'a> {
    /// `cursor` counts code points, and may lie behind the end.
    pub fn new(text: &'a str, cursor: usize, session: &'a Session) -> Context<'a> {
        let before = &text[..offset(text, cursor)];
        let lines = cut(before);
        let parsed = parse(text);
        let mut imports = Imports::default();
        imports.block(&parsed.body);
        let scopes = walk(&parsed.body).scopes;
        let own = scopes.list.iter().flat_map(|s| s.binds.iter().cloned()).collect();
        let word = name_at_end(before);
        Context { before, word, session, imports, own, ends: lines.ends, brackets: lines.brackets }
    }

    /// Whether the cursor stands in code, not in a string or comment.
    pub fn in_code(&self) -> bool {
        self.ends == Ends::Code && !self.word.starts_with(|c: char| c.is_ascii_digit())
    }

    /// The dotted name in front of the word, when the word follows a dot: `np.random` of `np.random.ra`.
    pub fn owner(&self) -> Option<&'a str> {
        let head = self.before[..self.before.len() - self.word.len()].trim_end();
        let head = head.strip_suffix('.')?;
        Some(dotted_at_end(head))
    }

    /// The dotted name of the function whose arguments the cursor is among.
    pub fn function(&self) -> Option<&'a str> {
        let (bracket, at) = *self.brackets.last()?;
        let name = dotted_at_end(&self.before[..at]);
        (bracket == '(' && !name.is_empty()).then_some(name)
    }

    /// Whether an argument of a call begins at the word.
    pub fn begins_argument(&self) -> bool {
        let head = self.before[..self.before.len() - self.word.len()].trim_end();
        self.brackets.last().is_some_and(|(c, _)| *c == '(') && head.ends_with(['(', ','])
    }

    /// The line of the cursor, up to it.
    pub fn line(&self) -> &'a str {
        self.before.rsplit('\n').next().unwrap_or("")
    }

    pub fn held(&self) -> impl Iterator<Item = (&'a String, &'a Holds)> {
        self.session.names.iter()
    }

    /// What a dotted name means: `np`, `np.random.rand`, `a.sum`.
    pub fn meaning(&self, dotted: &str) -> Option<Meaning<'a>> {
        let mut names = dotted.split('.');
        let first = names.next()?;
        let Some(mut meaning) = self.bare(first) else {
            let class = customary(first).filter(|_| self.own.contains(first))?;
            return self.member(class, names.next()?).filter(|_| names.next().is_none());
        };
        for name in names {
            meaning = match meaning {
                Meaning::Module(module) => match names::member(module, name)? {
                    Member::Module(inner) => Meaning::Module(inner),
                    Member::Row(row) => Meaning::Row(row),
                    Member::Other => return None,
                },
                Meaning::Held(Holds::Array(_)) => match crate::ops::method(name) {
                    Some(row) => Meaning::Method(row),
                    None => Meaning::Row(
                        crate::ops::attribute(name)
                            .or_else(|| crate::ops::lookup(crate::ops::Module::Array, name))?,
                    ),
                },
                Meaning::Held(Holds::Value { type_name, .. }) => self.member(type_name, name)?,
                _ => return None,
            };
        }
        Some(meaning)
    }

    /// What an object of the prelude's has under a name.
    fn member<'b>(&self, class: &'b str, name: &str) -> Option<Meaning<'b>> {
        let found = members::of_class(class)?.into_iter().find(|member| member.name == name)?;
        Some(Meaning::Member(class, found))
    }

    fn bare(&self, name: &str) -> Option<Meaning<'a>> {
        if let Some(module) = self.imports.found.get(name) {
            return module.map(Meaning::Module);
        }
        match self.session.names.get(name) {
            Some(Holds::Module(module)) => names::module(module).map(Meaning::Module),
            Some(Holds::Builtin(row)) => Some(Meaning::Row(*row)),
            Some(held) => Some(Meaning::Held(held)),
            None if self.own.contains(name) => None,
            None => names::builtin(name).map(Meaning::Row),
        }
    }
}

/// The byte offset of a code point.
pub fn offset(text: &str, cursor: usize) -> usize {
    text.char_indices().nth(cursor).map_or(text.len(), |(at, _)| at)
}

/// The dotted name under a cursor, both sides of it taken.
pub fn dotted_around(text: &str, cursor: usize) -> &str {
    let at = offset(text, cursor);
    let after = text[at..].find(|c: char| !is_name(c)).map_or(text.len(), |i| at + i);
    dotted_at_end(&text[..after])
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn name_at_end(text: &str) -> &str {
    &text[text.trim_end_matches(is_name).len()..]
}

/// The names with dots between that end a text; empty where something else does, such as `f(x).name`.
pub fn dotted_at_end(text: &str) -> &str {
    let name = &text[text.trim_end_matches(|c| is_name(c) || c == '.').len()..];
    let broken =
        name.split('.').any(|part| part.is_empty() || part.starts_with(|c: char| c.is_ascii_digit()));
    if broken { "" } else { name }
}
