//! A value without types of its own, as a figure's description is one: what the kernel draws from.

use serde::{Deserialize, Serialize};

use super::wire;

/// Plain data. Numbers are bits on the wire, for they may be inf or nan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tree {
    None,
    Flag(bool),
    Number(#[serde(with = "wire::float")] f64),
    Numbers(#[serde(with = "wire::doubles")] Vec<f64>),
    Text(String),
    List(Vec<Tree>),
    Dict(Vec<(String, Tree)>),
}

impl Tree {
    /// What stands under a name; `None` where nothing does.
    pub fn get(&self, name: &str) -> &Tree {
        match self {
            Tree::Dict(items) => {
                items.iter().find(|(key, _)| key == name).map_or(&Tree::None, |(_, tree)| tree)
            }
            _ => &Tree::None,
        }
    }

    pub fn is_none(&self) -> bool {
        *self == Tree::None
    }

    pub fn flag(&self) -> bool {
        matches!(self, Tree::Flag(true))
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Tree::Number(x) => Some(*x),
            Tree::Flag(b) => Some(*b as u8 as f64),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An array's elements, or a list's numbers.
    pub fn numbers(&self) -> Vec<f64> {
        match self {
            Tree::Numbers(numbers) => numbers.clone(),
            Tree::List(items) => items.iter().filter_map(Tree::number).collect(),
            Tree::Number(x) => vec![*x],
            _ => Vec::new(),
        }
    }

    /// The items of a list, none of anything else.
    pub fn items(&self) -> &[Tree] {
        match self {
            Tree::List(items) => items,
            _ => &[],
        }
    }
}
