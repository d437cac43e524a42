//! What objects of the prelude's classes have (axes, figures, widgets), and which keywords its functions read from `**kwargs`: both
//! as the prelude's own text says.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::prelude::FILES;

/// A method, or an attribute that is computed.
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    /// Without the object itself; none of an attribute.
    pub signature: Option<String>,
    pub doc: &'static str,
    body: &'static str,
}

struct Class {
    base: Option<&'static str>,
    members: Vec<Member>,
}

#[derive(Default)]
struct Text {
    classes: HashMap<&'static str, Class>,
    /// Functions at the top level: name and body.
    functions: HashMap<&'static str, &'static str>,
    /// Lists of keywords that have a name.
    lists: HashMap<&'static str, &'static str>,
}

static TEXT: LazyLock<Text> = LazyLock::new(|| {
    let mut found = Text::default();
    for file in FILES {
        for block in blocks(file.text, "") {
            if let Some(head) = block.strip_prefix("class ") {
                let (name, rest) = head.split_at(name_length(head));
                let base = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(base, _)| base);
                let members = blocks(head, "    ").into_iter().filter_map(member).collect();
                found.classes.insert(name, Class { base, members });
            } else if let Some(head) = block.strip_prefix("def ") {
                found.functions.insert(&head[..name_length(head)], block);
            } else if let Some((name, list)) = block.split_once(" = [") {
                found.lists.insert(name, list);
            }
        }
    }
    found
});

/// The members of a class and of those that it derives from, where the prelude has the class.
pub fn of_class(name: &str) -> Option<Vec<&'static Member>> {
    let mut class = TEXT.classes.get(name)?;
    let mut found: Vec<&Member> = Vec::new();
    loop {
        for member in &class.members {
            if !found.iter().any(|known| known.name == member.name) {
                found.push(member);
            }
        }
        match class.base.and_then(|base| TEXT.classes.get(base)) {
            Some(base) => class = base,
            None => return Some(found),
        }
    }
}

/// The keywords that a function of the prelude takes by `**kwargs`.
pub fn keywords_of_function(name: &str) -> Vec<&'static str> {
    TEXT.functions.get(name).map_or_else(Vec::new, |body| keywords(body, "Axes", 4))
}

/// As `keywords_of_function`, of a method.
pub fn keywords_of_member(class: &str, member: &Member) -> Vec<&'static str> {
    keywords(member.body, class, 4)
}

/// Reads `_keywords(name, kwargs, [...])`; else follows the call that the keywords are passed on to.
fn keywords(body: &'static str, class: &str, depth: usize) -> Vec<&'static str> {
    if let Some((_, rest)) = body.split_once("_keywords(") {
        let list = rest.split_once("kwargs, ").map_or("", |(_, rest)| rest.split(")\n").next().unwrap_or(""));
        return listed(list);
    }
    let line = body.lines().skip(1).find(|line| line.contains("kwargs") && !line.contains("\"\"\""));
    let call = |before: &str| {
        let (_, rest) = line?.split_once(before)?;
        Some(&rest[..name_length(rest)]).filter(|name| !name.is_empty() && depth > 0)
    };
    let to = |class: &str, name: &str| {
        let members = of_class(class)?;
        let member = members.into_iter().find(|member| member.name == name)?;
        Some(keywords(member.body, class, depth - 1))
    };
    let found = match (call("self."), call("gca()."), call("gcf().")) {
        (Some(name), ..) => to(class, name),
        (_, Some(name), _) => to("Axes", name),
        (_, _, Some(name)) => to("Figure", name),
        _ => None,
    };
    found.unwrap_or_default()
}

/// The names in an expression of lists: `_LINE + ["cap"]`.
fn listed(list: &'static str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for part in list.split(" + ") {
        match TEXT.lists.get(part.trim()) {
            Some(list) => names.extend(quoted(list.split(']').next().unwrap_or(""))),
            None => names.extend(quoted(part)),
        }
    }
    names
}

fn quoted(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split('"').skip(1).step_by(2)
}

fn member(block: &'static str) -> Option<Member> {
    let (head, computed) = match block.strip_prefix("@property\n") {
        Some(rest) => (rest.trim_start(), true),
        None => (block, false),
    };
    let head = head.strip_prefix("def ")?;
    let (name, rest) = head.split_at(name_length(head));
    let (parameters, body) = rest.split_once("):\n")?;
    let parameters = parameters.strip_prefix("(self").map(|rest| rest.trim_start_matches(", "))?;
    let parameters: Vec<&str> = parameters.split_whitespace().collect();
    let doc = body.trim_start().strip_prefix("\"\"\"").and_then(|text| text.split_once("\"\"\""));
    let signature = (!computed).then(|| format!("({})", parameters.join(" ")));
    Some(Member { name, signature, doc: doc.map_or("", |(doc, _)| doc), body: block })
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The pieces of a text that begin on lines with exactly this indentation; a decorator belongs to what follows.
fn blocks(text: &'static str, indent: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut begin: Option<usize> = None;
    let mut decorated = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let inner = line.strip_prefix(indent).unwrap_or("");
        if inner.starts_with(|c: char| !c.is_whitespace() && c != '#' && c != ')') {
            if let Some(begin) = begin.filter(|_| !decorated) {
                found.push(&text[begin..at]);
            }
            if !decorated {
                begin = Some(at + indent.len());
            }
            decorated = inner.starts_with('@');
        }
        at += line.len();
    }
    found.extend(begin.map(|begin| &text[begin..]));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_from_the_text() {
        let axes = of_class("Axes").unwrap();
        let signature = |name: &str| axes.iter().find(|m| m.name == name).map(|m| m.signature.clone());
        assert_eq!(signature("set_xlabel"), Some(Some("(xlabel, **kwargs)".to_string())));
        assert_eq!(signature("twinx"), Some(Some("()".to_string())));
        assert!(signature("plot").is_some() && signature("clear").is_some() && signature("nope").is_none());
        let slider = of_class("_Number").unwrap();
        assert!(slider.iter().any(|m| m.name == "value" && m.signature.is_none()));
        assert!(of_class("Mine").is_none());
    }

    #[test]
    fn keywords_are_read_from_the_text() {
        let check = |name: &str, has: &[&str]| {
            let found = keywords_of_function(name);
            assert!(has.iter().all(|key| found.contains(key)), "{name}: {found:?}");
        };
        check("plot", &["linewidth", "linestyle", "color"]);
        check("semilogy", &["linewidth"]);
        check("axhline", &["linewidth", "facecolor"]);
        check("contourf", &["levels", "cmap"]);
        check("bar", &["edgecolor", "yerr"]);
        check("errorbar", &["marker", "capthick"]);
        check("legend", &["frameon"]);
        check("title", &["loc"]);
        assert!(keywords_of_function("sin").is_empty());
    }
}
