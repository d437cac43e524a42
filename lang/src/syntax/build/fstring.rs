//! String literals that stand side by side, f-strings among them.

use pest::iterators::Pair;

use super::{Builder, Result, broken, parts};
use crate::diag::Diagnostic;
use crate::ir::Const;
use crate::syntax::grammar::Rule;
use crate::syntax::literal;
use crate::syntax::tree::{Expr, ExprKind, FPart};

impl Builder {
    pub(super) fn strings(self, pair: Pair<Rule>) -> Result<Expr> {
        let span = self.span(&pair);
        let mut out = FText { parts: Vec::new(), below: 0 };
        let mut formatted = false;
        for piece in pair.into_inner() {
            match piece.as_rule() {
                Rule::string => out.text(&literal::string(piece.as_str(), self.span(&piece).start as usize)?),
                _ => {
                    formatted = true;
                    self.fstring(piece, &mut out)?;
                }
            }
        }
        if formatted {
            return self.node(span, out.below, ExprKind::FString(out.parts));
        }
        let text = match out.parts.pop() {
            Some(FPart::Text(text)) => text,
            _ => String::new(),
        };
        self.node(span, 0, ExprKind::Const(Const::Str(text)))
    }

    fn fstring(self, pair: Pair<Rule>, out: &mut FText) -> Result<()> {
        let raw = pair.clone().into_inner().any(|p| p.as_rule() == Rule::raw_prefix);
        for part in pair.into_inner() {
            let start = self.span(&part).start as usize;
            match part.as_rule() {
                Rule::fprefix | Rule::raw_prefix => {}
                Rule::field => self.field(part, raw, out)?,
                _ => out.text(&braces(part.as_str(), start, raw)?),
            }
        }
        Ok(())
    }

    /// `{value=!r:spec}`.
    fn field(self, pair: Pair<Rule>, raw: bool, out: &mut FText) -> Result<()> {
        let span = self.span(&pair);
        let whole = pair.as_str();
        let start = pair.as_span().start();
        let (mut value, mut conversion, mut spec, mut shown) = (None, None, None, false);
        for part in parts(pair) {
            match part.as_rule() {
                Rule::fvalue => value = Some(self.star_list(part)?),
                Rule::debug => {
                    // `{x + 1 = }` prints its own text, white space included.
                    shown = true;
                    out.text(&literal::one_newline(&whole[1..part.as_span().end() - start]));
                }
                Rule::conversion => conversion = Some(self.conversion(part)?),
                _ => spec = Some(self.spec(part, raw)?),
            }
        }
        let value = value.ok_or_else(|| broken(span))?;
        if shown && conversion.is_none() && spec.is_none() {
            conversion = Some('r');
        }
        let inner = spec.as_ref().map_or(0, |s| s.below + 1);
        out.below = out.below.max(value.depth).max(inner);
        out.parts.push(FPart::Value { value, conversion, spec: spec.map(|s| s.parts) });
        Ok(())
    }

    fn conversion(self, pair: Pair<Rule>) -> Result<char> {
        let span = self.span(&pair);
        match parts(pair).next().map_or("", |p| p.as_str()) {
            "r" => Ok('r'),
            "s" => Ok('s'),
            "a" => Ok('a'),
            other => {
                let message =
                    format!("f-string: invalid conversion character '{other}': expected 's', 'r', or 'a'");
                Err(Diagnostic::syntax(span, message))
            }
        }
    }

    fn spec(self, pair: Pair<Rule>, raw: bool) -> Result<FText> {
        let mut out = FText { parts: Vec::new(), below: 0 };
        for part in parts(pair) {
            match part.as_rule() {
                Rule::field => self.field(part, raw, &mut out)?,
                _ if raw => out.text(&literal::one_newline(part.as_str())),
                _ => out.text(&literal::unescape(part.as_str(), self.span(&part).start as usize)?),
            }
        }
        Ok(out)
    }
}

/// The parts of an f-string so far, neighbouring texts joined, and the depth of the deepest value.
struct FText {
    parts: Vec<FPart>,
    below: usize,
}

impl FText {
    fn text(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(FPart::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.parts.push(FPart::Text(text.to_string())),
        }
    }
}

/// Text between the fields of an f-string, with its escapes and doubled braces replaced.
fn braces(text: &str, base: usize, raw: bool) -> Result<String> {
    let (mut out, mut from) = (String::new(), 0);
    loop {
        let brace = text[from..].find("{{").into_iter().chain(text[from..].find("}}")).min();
        let to = brace.map_or(text.len(), |i| from + i);
        let piece = &text[from..to];
        out.push_str(&if raw { literal::one_newline(piece) } else { literal::unescape(piece, base + from)? });
        let Some(_) = brace else { return Ok(out) };
        out.push_str(&text[to..to + 1]);
        from = to + 2;
    }
}
