//! The notation of `dist=`: strings, tuples, lists and dicts, as plain data.

use super::DimMap;
use crate::error::{Error, Result};

/// How one dimension is asked to be distributed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DimSpec {
    /// `n`
    Whole,
    /// `b`, regular.
    Block,
    /// `('b', (0, 2, 9))`
    Bounds(Vec<usize>),
    /// `c` (1), `c2` and `('bc', 2)` (2).
    Cyclic(usize),
    /// `('u', [[0, 3], [1, 2]])`
    Unstructured(Vec<Vec<usize>>),
}

/// What `dist=` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DistSpec {
    /// `r`: the whole array on every rank.
    Replicated,
    /// From the first dimension on; dimensions beyond are `n`.
    Dims(Vec<DimSpec>),
}

/// A value of the language as `dist=` takes it; executors convert theirs to this.
#[derive(Clone, Debug, PartialEq)]
pub enum DistValue {
    Str(String),
    Int(i64),
    /// A tuple or a list (or a 1-d array of integers).
    Seq(Vec<DistValue>),
    Dict(Vec<(DistValue, DistValue)>),
    /// Anything else: its Python type name, for the message.
    Other(String),
}

const FORMS: &str = "per dimension 'b' (block), 'c' (cyclic), 'n' (not distributed), ('bc', 2) (blocks of 2 in turn), \
                     ('b', (0, 2, 9)) (bounds), ('u', [[0, 3], [1, 2]]) (indices per process); 'r' for replicated";

impl DimSpec {
    /// The grid extent that the spec itself says: 1 for `n`, the number of parts for bounds and indices.
    pub fn fixed_procs(&self) -> Option<usize> {
        match self {
            DimSpec::Whole => Some(1),
            DimSpec::Block | DimSpec::Cyclic(_) => None,
            DimSpec::Bounds(bounds) => Some(bounds.len().saturating_sub(1).max(1)),
            DimSpec::Unstructured(lists) => Some(lists.len().max(1)),
        }
    }

    /// The map of a dimension of `size` elements over `procs` processes.
    pub fn map(&self, size: usize, procs: usize) -> Result<DimMap> {
        match self {
            DimSpec::Whole => Ok(DimMap::Whole { size }),
            DimSpec::Block => Ok(DimMap::block(size, procs)),
            DimSpec::Bounds(bounds) => DimMap::bounds(size, bounds.clone()),
            DimSpec::Cyclic(block) => Ok(DimMap::block_cyclic(size, *block, procs)),
            DimSpec::Unstructured(lists) => DimMap::unstructured(size, lists),
        }
    }

    fn from_value(value: &DistValue) -> Result<DimSpec> {
        let wrong = || {
            let what = shown(value);
            Err(Error::value(format!("{what} is no distribution of a dimension"))
                .hint(format!("use {FORMS}")))
        };
        match value {
            DistValue::Str(s) => match &DistSpec::parse(s)? {
                DistSpec::Dims(dims) if dims.len() == 1 => Ok(dims[0].clone()),
                DistSpec::Dims(_) if s == "bc" => Err(Error::value("block-cyclic 'bc' needs a block size")
                    .hint("write ('bc', 2) for blocks of 2, dealt out in turn")),
                _ => wrong(),
            },
            DistValue::Seq(items) => match &items[..] {
                [DistValue::Str(kind)] => DimSpec::from_value(&DistValue::Str(kind.clone())),
                [DistValue::Str(kind), DistValue::Int(block)] if kind == "c" || kind == "bc" => {
                    block_size(*block).map(DimSpec::Cyclic)
                }
                [DistValue::Str(kind), DistValue::Seq(bounds)] if kind == "b" => {
                    bounds.iter().map(index).collect::<Result<_>>().map(DimSpec::Bounds)
                }
                [DistValue::Str(kind), DistValue::Seq(lists)] if kind == "u" => lists
                    .iter()
                    .map(|list| match list {
                        DistValue::Seq(items) => items.iter().map(index).collect(),
                        other => Err(Error::value(format!(
                            "unstructured dist: a list of indices per process is expected, not {}",
                            shown(other)
                        ))),
                    })
                    .collect::<Result<_>>()
                    .map(DimSpec::Unstructured),
                _ => wrong(),
            },
            _ => wrong(),
        }
    }
}

impl DistSpec {
    /// A letter a dimension: `bc` is block on axis 0 and cyclic on axis 1; a number after `c` is the block size of
    /// block-cyclic (`bc2`, `c16n`); `r` alone is replicated.
    pub fn parse(text: &str) -> Result<DistSpec> {
        if text == "r" {
            return Ok(DistSpec::Replicated);
        }
        let mut dims = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(letter) = rest.next() {
            let mut digits = String::new();
            while let Some(digit) = rest.next_if(|c| c.is_ascii_digit()) {
                digits.push(digit);
            }
            dims.push(match (letter, &digits[..]) {
                ('n', "") => DimSpec::Whole,
                ('b', "") => DimSpec::Block,
                ('c', "") => DimSpec::Cyclic(1),
                ('c', digits) => DimSpec::Cyclic(block_size(digits.parse().unwrap_or(i64::MAX))?),
                ('u', _) => {
                    return Err(Error::value(format!(
                        "dist '{text}': 'u' needs the indices of each process"
                    ))
                    .hint("write ('u', [[0, 3], [1, 2]]) for that dimension"));
                }
                _ => {
                    return Err(Error::value(format!(
                        "dist '{text}': '{letter}{digits}' is no distribution"
                    ))
                    .hint(format!("use {FORMS}")));
                }
            });
        }
        Ok(DistSpec::Dims(dims))
    }

    /// The spec of an array of `ndim` dimensions, from what `dist=` was given.
    pub fn from_value(value: &DistValue, ndim: usize) -> Result<DistSpec> {
        let too_many = |n: usize| {
            Error::value(format!("dist {} describes {n} dimensions, but the array has {ndim}", shown(value)))
        };
        let spec = match value {
            DistValue::Str(text) => DistSpec::parse(text)?,
            // ('c', 2) is one dimension, ('c', 'b') two.
            DistValue::Seq(items) if is_one_dimension(items) => {
                DistSpec::Dims(vec![DimSpec::from_value(value)?])
            }
            DistValue::Seq(items) => {
                DistSpec::Dims(items.iter().map(DimSpec::from_value).collect::<Result<_>>()?)
            }
            DistValue::Dict(items) => {
                let mut dims = vec![DimSpec::Whole; ndim];
                for (key, value) in items {
                    let axis = match key {
                        DistValue::Int(axis) => *axis,
                        other => {
                            return Err(Error::value(format!(
                                "dist keys are axis numbers, not {}",
                                shown(other)
                            )));
                        }
                    };
                    let at = if axis < 0 { axis + ndim as i64 } else { axis };
                    let Some(dim) = usize::try_from(at).ok().and_then(|at| dims.get_mut(at)) else {
                        return Err(Error::value(format!(
                            "dist names axis {axis}, but the array has {ndim} dimension{}",
                            if ndim == 1 { "" } else { "s" }
                        )));
                    };
                    *dim = DimSpec::from_value(value)?;
                }
                DistSpec::Dims(dims)
            }
            DistValue::Int(_) | DistValue::Other(_) => {
                return Err(Error::type_(format!(
                    "dist must be a string, a tuple, a list or a dict, not {}",
                    shown(value)
                ))
                .hint(format!("use {FORMS}")));
            }
        };
        match &spec {
            DistSpec::Dims(dims) if dims.len() > ndim => Err(too_many(dims.len())),
            _ => Ok(spec),
        }
    }

    /// Exactly `ndim` entries: the leading ones, filled up with `n`. `None` for replicated.
    pub fn fit(&self, ndim: usize) -> Option<Vec<DimSpec>> {
        match self {
            DistSpec::Replicated => None,
            DistSpec::Dims(dims) => {
                let mut dims = dims.clone();
                dims.resize(ndim, DimSpec::Whole);
                Some(dims)
            }
        }
    }
}

fn is_one_dimension(items: &[DistValue]) -> bool {
    match items {
        [DistValue::Str(_), DistValue::Int(_)] => true,
        [DistValue::Str(kind), DistValue::Seq(inner)] => {
            (kind == "b" || kind == "u") && !matches!(inner.first(), Some(DistValue::Str(_)))
        }
        _ => false,
    }
}

fn block_size(n: i64) -> Result<usize> {
    match usize::try_from(n) {
        // Products of block size and grid extent must not overflow.
        Ok(n) if (1..=1 << 40).contains(&n) => Ok(n),
        _ => Err(Error::value(format!("a block size of {n}: it must be at least 1 (and at most 2**40)"))),
    }
}

fn index(value: &DistValue) -> Result<usize> {
    match value {
        DistValue::Int(i) if *i >= 0 => Ok(*i as usize),
        other => Err(Error::value(format!("dist: a non-negative integer is expected, not {}", shown(other)))),
    }
}

/// As Python writes it, cut where it is long.
fn shown(value: &DistValue) -> String {
    fn write(value: &DistValue) -> String {
        let all = |items: &[DistValue]| items.iter().map(write).collect::<Vec<_>>().join(", ");
        match value {
            DistValue::Str(s) => format!("'{s}'"),
            DistValue::Int(i) => i.to_string(),
            DistValue::Seq(items) => format!("({})", all(items)),
            DistValue::Dict(items) => {
                let pair = |(k, v): &(DistValue, DistValue)| format!("{}: {}", write(k), write(v));
                format!("{{{}}}", items.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
            DistValue::Other(name) => format!("'{name}' object"),
        }
    }
    let text = write(value);
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}...", &text[..cut]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DistValue::{Dict, Int, Seq, Str};

    fn s(text: &str) -> DistValue {
        Str(text.into())
    }

    fn ints(items: &[i64]) -> DistValue {
        Seq(items.iter().map(|&i| Int(i)).collect())
    }

    #[test]
    fn notations_mean() {
        use DimSpec::*;
        for (value, ndim, expected) in [
            (s("bc"), 2, vec![Block, Cyclic(1)]),
            (s("nb"), 3, vec![Whole, Block]),
            (s("c2n"), 2, vec![Cyclic(2), Whole]),
            (s(""), 2, vec![]),
            (Seq(vec![s("b"), s("c")]), 2, vec![Block, Cyclic(1)]),
            (Seq(vec![s("c"), Int(2)]), 1, vec![Cyclic(2)]),
            (Seq(vec![s("b"), Seq(vec![s("bc"), Int(3)])]), 2, vec![Block, Cyclic(3)]),
            (Seq(vec![s("b"), ints(&[0, 2, 9])]), 1, vec![Bounds(vec![0, 2, 9])]),
            (
                Seq(vec![Seq(vec![s("b"), ints(&[0, 1, 5])]), Seq(vec![s("b"), ints(&[0, 2, 9])])]),
                2,
                vec![Bounds(vec![0, 1, 5]), Bounds(vec![0, 2, 9])],
            ),
            (
                Seq(vec![s("u"), Seq(vec![ints(&[0, 3]), ints(&[1, 2])])]),
                1,
                vec![Unstructured(vec![vec![0, 3], vec![1, 2]])],
            ),
            (Dict(vec![(Int(0), s("b")), (Int(2), s("c"))]), 3, vec![Block, Whole, Cyclic(1)]),
            (Dict(vec![(Int(-1), s("b"))]), 2, vec![Whole, Block]),
        ] {
            assert_eq!(DistSpec::from_value(&value, ndim).unwrap(), DistSpec::Dims(expected), "{value:?}");
        }
        assert_eq!(DistSpec::from_value(&s("r"), 2).unwrap(), DistSpec::Replicated);
    }

    #[test]
    fn wrong_notations_say_what_is_wrong() {
        for (value, ndim, message) in [
            (s("bx"), 2, "dist 'bx': 'x' is no distribution"),
            (s("bbb"), 2, "dist 'bbb' describes 3 dimensions, but the array has 2"),
            (s("u"), 1, "dist 'u': 'u' needs the indices of each process"),
            (s("c0"), 1, "a block size of 0: it must be at least 1 (and at most 2**40)"),
            (Seq(vec![s("bc")]), 1, "block-cyclic 'bc' needs a block size"),
            (Seq(vec![Int(3)]), 1, "3 is no distribution of a dimension"),
            (Dict(vec![(Int(2), s("b"))]), 2, "dist names axis 2, but the array has 2 dimensions"),
            (Dict(vec![(s("b"), Int(2))]), 2, "dist keys are axis numbers, not 'b'"),
            (Int(3), 1, "dist must be a string, a tuple, a list or a dict, not 3"),
            (Seq(vec![s("b"), ints(&[0, -2])]), 1, "dist: a non-negative integer is expected, not -2"),
        ] {
            assert_eq!(DistSpec::from_value(&value, ndim).unwrap_err().message, message);
        }
    }
}
