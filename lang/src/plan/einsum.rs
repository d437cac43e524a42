//! Einstein's summation: subscripts read as NumPy reads them, and in which order the operands are multiplied.

use std::collections::BTreeMap;

use crate::error::{Error, Result};

/// An axis's name: a letter, or an axis that the ellipsis stands for, counted from the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    Ellipsis(usize),
    Letter(char),
}

/// The axes of each operand, and of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscripts {
    pub inputs: Vec<Vec<Label>>,
    pub output: Vec<Label>,
}

/// A product of two of the operands that are left; its result is put behind the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Places among what is left, `left < right`.
    pub left: usize,
    pub right: usize,
    /// Axes of both that the result has.
    pub batch: Vec<Label>,
    /// Axes of both that are summed over.
    pub inner: Vec<Label>,
    /// Axes of one that the result has.
    pub left_free: Vec<Label>,
    pub right_free: Vec<Label>,
}

impl Step {
    /// The axes of the product.
    pub fn result(&self) -> Vec<Label> {
        [&self.batch[..], &self.left_free, &self.right_free].concat()
    }
}

/// Reads subscripts for operands of so many axes.
///
/// # Errors
/// ValueError in NumPy's words.
pub fn parse(text: &str, ndims: &[usize]) -> Result<Subscripts> {
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs, Some(output)),
        None => (text, None),
    };
    let terms: Vec<&str> = inputs.split(',').collect();
    if terms.len() != ndims.len() {
        let more = if terms.len() < ndims.len() { "more" } else { "fewer" };
        return Err(Error::value(format!(
            "{more} operands provided to einstein sum function than specified in the subscripts string"
        )));
    }
    let inputs = terms.iter().zip(ndims).enumerate().map(|(i, (term, &n))| operand(term, i, n));
    let inputs = inputs.collect::<Result<Vec<_>>>()?;
    let mut seen: BTreeMap<Label, usize> = BTreeMap::new();
    inputs.iter().flatten().for_each(|label| *seen.entry(*label).or_default() += 1);
    let widest = inputs.iter().flatten().filter_map(|l| match l {
        Label::Ellipsis(k) => Some(k + 1),
        Label::Letter(_) => None,
    });
    let ellipsis: Vec<Label> = (0..widest.max().unwrap_or(0)).rev().map(Label::Ellipsis).collect();
    let output = match output {
        Some(text) => result(text, &seen, &ellipsis)?,
        None => {
            let once = seen.iter().filter(|(l, n)| **n == 1 && matches!(l, Label::Letter(_)));
            ellipsis.into_iter().chain(once.map(|(l, _)| *l)).collect()
        }
    };
    Ok(Subscripts { inputs, output })
}

/// The letters of a term, and where its ellipsis stands.
fn letters(term: &str) -> Result<(Vec<char>, Option<usize>)> {
    let compact: String = term.chars().filter(|c| *c != ' ').collect();
    let (before, after) = match compact.split_once("...") {
        Some((before, after)) => (before.to_string(), Some(after.to_string())),
        None => (compact, None),
    };
    let at = after.as_ref().map(|_| before.chars().count());
    let all: Vec<char> = before.chars().chain(after.iter().flat_map(|s| s.chars())).collect();
    match all.iter().find(|c| !c.is_ascii_alphabetic()) {
        None => Ok((all, at)),
        Some('.') => Err(Error::value(
            "einstein sum subscripts string contains a '.' that is not part of an ellipsis ('...') in operand",
        )),
        Some(c) => Err(Error::value(format!(
            "invalid subscript '{c}' in einstein sum subscripts string, subscripts must be letters"
        ))),
    }
}

fn operand(term: &str, i: usize, ndim: usize) -> Result<Vec<Label>> {
    let (letters, ellipsis) = letters(term)?;
    if letters.len() > ndim {
        return Err(Error::value(format!(
            "einstein sum subscripts string contains too many subscripts for operand {i}"
        )));
    }
    let Some(at) = ellipsis else {
        return match letters.len() == ndim {
            true => Ok(letters.into_iter().map(Label::Letter).collect()),
            false => Err(Error::value(
                "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to \
                 broadcast the extra dimensions.",
            )),
        };
    };
    let mut labels: Vec<Label> = letters[..at].iter().map(|c| Label::Letter(*c)).collect();
    labels.extend((0..ndim - letters.len()).rev().map(Label::Ellipsis));
    labels.extend(letters[at..].iter().map(|c| Label::Letter(*c)));
    Ok(labels)
}

fn result(text: &str, seen: &BTreeMap<Label, usize>, ellipsis: &[Label]) -> Result<Vec<Label>> {
    let (letters, at) = letters(text)?;
    for (i, c) in letters.iter().enumerate() {
        if letters[..i].contains(c) {
            return Err(Error::value(format!(
                "einstein sum subscripts string includes output subscript '{c}' multiple times"
            )));
        }
        if !seen.contains_key(&Label::Letter(*c)) {
            return Err(Error::value(format!(
                "einstein sum subscripts string included output subscript '{c}' which never appeared in an input"
            )));
        }
    }
    if at.is_none() && !ellipsis.is_empty() {
        return Err(Error::value(
            "output has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to \
             broadcast the extra dimensions.",
        ));
    }
    let at = at.unwrap_or(0);
    let mut labels: Vec<Label> = letters[..at].iter().map(|c| Label::Letter(*c)).collect();
    labels.extend(ellipsis);
    labels.extend(letters[at..].iter().map(|c| Label::Letter(*c)));
    Ok(labels)
}

/// The extent of each label; an operand's axis of extent 1 broadcasts.
///
/// # Errors
/// ValueError where extents do not agree.
pub fn extents(inputs: &[Vec<Label>], shapes: &[Vec<usize>]) -> Result<BTreeMap<Label, usize>> {
    let mut extents = BTreeMap::new();
    for (label, &n) in inputs.iter().flatten().zip(shapes.iter().flatten()) {
        let known = extents.entry(*label).or_insert(n);
        if *known == 1 {
            *known = n;
        } else if n != 1 && n != *known {
            let name = match label {
                Label::Letter(c) => format!("'{c}'"),
                Label::Ellipsis(_) => "'...'".to_string(),
            };
            return Err(Error::value(format!(
                "operands could not be broadcast together: the subscript {name} has extents {known} and {n}"
            )));
        }
    }
    Ok(extents)
}

/// Which operands are multiplied, one pair after the other: those whose product is the smallest first. No operand has a
/// label twice.
pub fn order(inputs: &[Vec<Label>], output: &[Label], extents: &BTreeMap<Label, usize>) -> Vec<Step> {
    let mut left: Vec<Vec<Label>> = inputs.to_vec();
    let mut steps = Vec::new();
    while left.len() > 1 {
        let pairs = (0..left.len()).flat_map(|i| (i + 1..left.len()).map(move |j| (i, j)));
        let size = |step: &Step| {
            step.result()
                .iter()
                .fold(1usize, |n, label| n.saturating_mul(extents.get(label).copied().unwrap_or(1)))
        };
        let made = pairs.map(|(i, j)| product(&left, i, j, output));
        let Some(step) = made.min_by_key(size) else { break };
        left.remove(step.right);
        left.remove(step.left);
        left.push(step.result());
        steps.push(step);
    }
    steps
}

fn product(left: &[Vec<Label>], i: usize, j: usize, output: &[Label]) -> Step {
    let others = left.iter().enumerate().filter(|(k, _)| *k != i && *k != j).flat_map(|(_, labels)| labels);
    let needed: Vec<Label> = output.iter().chain(others).copied().collect();
    let (a, b) = (&left[i], &left[j]);
    let of = |from: &[Label], in_other: &[Label], shared: bool, kept: bool| {
        let fits = |l: &&Label| in_other.contains(l) == shared && needed.contains(l) == kept;
        from.iter().filter(fits).copied().collect::<Vec<Label>>()
    };
    Step {
        left: i,
        right: j,
        batch: of(a, b, true, true),
        inner: of(a, b, true, false),
        left_free: of(a, b, false, true),
        right_free: of(b, a, false, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(labels: &[Label]) -> String {
        let one = |l: &Label| match l {
            Label::Letter(c) => c.to_string(),
            Label::Ellipsis(k) => k.to_string(),
        };
        labels.iter().map(one).collect()
    }

    fn read(subscripts: &str, ndims: &[usize]) -> String {
        match parse(subscripts, ndims) {
            Ok(s) => format!(
                "{}>{}",
                s.inputs.iter().map(|i| text(i)).collect::<Vec<_>>().join(","),
                text(&s.output)
            ),
            Err(error) => error.message.split(' ').next().unwrap_or("").to_string(),
        }
    }

    #[test]
    fn subscripts_are_read() {
        assert_eq!(read("ij,jk", &[2, 2]), "ij,jk>ik");
        assert_eq!(read("ba", &[2]), "ba>ab");
        assert_eq!(read("ii", &[2]), "ii>");
        assert_eq!(read(" i j -> j i ", &[2]), "ij>ji");
        assert_eq!(read("...ij,...jk->...ik", &[4, 3]), "10ij,0jk>10ik");
        assert_eq!(read("i...", &[3]), "i10>10i");
        assert_eq!(read("bA", &[2]), "bA>Ab");
        assert_eq!(read("ij", &[1]), "einstein");
        assert_eq!(read("i", &[2]), "operand");
        assert_eq!(read("i,j", &[1]), "fewer");
        assert_eq!(read("i->ii", &[1]), "einstein");
        assert_eq!(read("i->k", &[1]), "einstein");
        assert_eq!(read("i1", &[2]), "invalid");
    }

    #[test]
    fn the_smallest_product_comes_first() {
        let s = parse("ij,jk,kl->il", &[2, 2, 2]).expect("subscripts");
        let shapes = [vec![100, 3], vec![3, 100], vec![100, 2]];
        let extents = extents(&s.inputs, &shapes).expect("extents");
        let steps = order(&s.inputs, &s.output, &extents);
        let shown: Vec<String> = steps
            .iter()
            .map(|s| {
                format!(
                    "{}{}:{}/{}/{}/{}",
                    s.left,
                    s.right,
                    text(&s.batch),
                    text(&s.inner),
                    text(&s.left_free),
                    text(&s.right_free)
                )
            })
            .collect();
        assert_eq!(shown, ["12:/k/j/l", "01:/j/i/l"]);
    }
}
