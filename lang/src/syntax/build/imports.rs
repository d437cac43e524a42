//! `import a.b as c` and `from a.b import c as d`.

use pest::iterators::Pair;

use super::{Builder, Result, broken, parts};
use crate::syntax::grammar::Rule;
use crate::syntax::refuse::{Refused, refuse};
use crate::syntax::tree::{Name, Stmt, StmtKind};

impl Builder {
    /// One statement for each module.
    pub(super) fn import_name(self, pair: Pair<Rule>, out: &mut Vec<Stmt>) -> Result<()> {
        let span = self.span(&pair);
        for item in parts(pair) {
            let mut parts = parts(item);
            let module = self.dotted(&parts.next().ok_or_else(|| broken(span))?);
            let alias = parts.next().map(|p| self.name(&p));
            out.push(Stmt { span, kind: StmtKind::Import { module, alias } });
        }
        Ok(())
    }

    pub(super) fn import_from(self, pair: Pair<Rule>) -> Result<StmtKind> {
        let span = self.span(&pair);
        let (mut module, mut names) = (None, Vec::new());
        for part in parts(pair) {
            match part.as_rule() {
                Rule::relative => return Err(refuse(Refused::RelativeImport, self.span(&part))),
                Rule::star => return Err(refuse(Refused::StarImport, self.span(&part))),
                Rule::dotted => module = Some(self.dotted(&part)),
                _ => {
                    let mut parts = parts(part);
                    let name = self.name(&parts.next().ok_or_else(|| broken(span))?);
                    names.push((name, parts.next().map(|p| self.name(&p))));
                }
            }
        }
        Ok(StmtKind::ImportFrom { module: module.ok_or_else(|| broken(span))?, names })
    }

    /// `a.b.c`, without the white space that may stand between.
    fn dotted(self, pair: &Pair<Rule>) -> Name {
        let text = parts(pair.clone()).map(|p| p.as_str().to_string()).collect::<Vec<_>>().join(".");
        Name { text, span: self.span(pair) }
    }
}
