//! Parameters of `def` and `lambda`.

use pest::iterators::Pair;

use super::{Builder, Result, parts};
use crate::diag::Diagnostic;
use crate::ir::ParamKind;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{Name, Param};

impl Builder {
    pub(super) fn params(self, pair: Pair<Rule>) -> Result<Vec<Param>> {
        let mut out: Vec<Param> = Vec::new();
        let (mut kind, mut slash, mut bare_star) = (ParamKind::Normal, false, None);
        for param in parts(pair) {
            let span = self.span(&param);
            let mut parts = parts(param);
            let Some(first) = parts.next() else { continue };
            match first.as_rule() {
                Rule::slash if slash => {
                    return Err(Diagnostic::syntax(span, "/ may appear only once"));
                }
                Rule::slash if kind == ParamKind::KeywordOnly => {
                    return Err(Diagnostic::syntax(span, "/ must be ahead of *"));
                }
                Rule::slash if out.is_empty() => {
                    return Err(Diagnostic::syntax(span, "at least one argument must precede /"));
                }
                Rule::slash => {
                    slash = true;
                    out.iter_mut().for_each(|p| p.kind = ParamKind::PositionalOnly);
                }
                _ if out.last().is_some_and(|p: &Param| p.kind == ParamKind::VarKeyword) => {
                    return Err(Diagnostic::syntax(span, "arguments cannot follow var-keyword argument"));
                }
                Rule::stars => {
                    let double = first.as_str() == "**";
                    let name = parts.next().filter(|p| p.as_rule() == Rule::name).map(|p| self.name(&p));
                    match name {
                        _ if !double && kind == ParamKind::KeywordOnly => {
                            return Err(Diagnostic::syntax(span, "* argument may appear only once"));
                        }
                        Some(name) => {
                            unique(&out, &name)?;
                            let var = if double { ParamKind::VarKeyword } else { ParamKind::VarPositional };
                            out.push(Param { name, kind: var, default: None });
                            if !double {
                                kind = ParamKind::KeywordOnly;
                            }
                        }
                        None if double => return Err(Diagnostic::syntax(span, "invalid syntax")),
                        None => (kind, bare_star) = (ParamKind::KeywordOnly, Some((span, out.len()))),
                    }
                }
                _ => {
                    let name = self.name(&first);
                    unique(&out, &name)?;
                    // Of the annotation, only the syntax matters.
                    let mut default = None;
                    for part in parts {
                        match part.as_rule() {
                            Rule::note => {
                                for note in super::parts(part) {
                                    self.expression(note)?;
                                }
                            }
                            _ => default = Some(self.plain(part)?),
                        }
                    }
                    let after_default = out.last().is_some_and(|p: &Param| p.default.is_some());
                    if default.is_none() && kind == ParamKind::Normal && after_default {
                        let message = "parameter without a default follows parameter with a default";
                        return Err(
                            Diagnostic::syntax(name.span, message).label("this one needs a default too")
                        );
                    }
                    out.push(Param { name, kind, default });
                }
            }
        }
        match bare_star {
            Some((span, count)) if out.get(count).is_none_or(|p| p.kind == ParamKind::VarKeyword) => {
                Err(Diagnostic::syntax(span, "named arguments must follow bare *"))
            }
            _ => Ok(out),
        }
    }
}

fn unique(params: &[Param], name: &Name) -> Result<()> {
    match params.iter().any(|p| p.name.text == name.text) {
        true => {
            let message = format!("duplicate argument '{}' in function definition", name.text);
            Err(Diagnostic::syntax(name.span, message))
        }
        false => Ok(()),
    }
}
