//! How many engines, and of what kind: `4`, `mpi:4`, `threads:4`.

use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Mpi,
    Threads,
}

/// What a person asks for. What is not said is chosen when the team starts: MPI where there is a launcher, and one
/// rank a core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    pub kind: Option<Kind>,
    pub ranks: Option<usize>,
}

/// More are a slip of the finger.
const MOST: usize = 4096;

impl Spec {
    /// # Errors
    /// What is wrong, and what can be said instead.
    pub fn parse(text: &str) -> Result<Spec, String> {
        let refuse =
            || format!("engines are `4`, `mpi:4` or `threads:4` (1 to {MOST}), not `{}`", text.trim());
        let ranks = |digits: &str| match usize::from_str(digits.trim()) {
            Ok(n) if (1..=MOST).contains(&n) => Ok(Some(n)),
            _ => Err(refuse()),
        };
        let kind = |word: &str| match word.trim().to_ascii_lowercase().as_str() {
            "mpi" => Some(Kind::Mpi),
            "threads" => Some(Kind::Threads),
            _ => None,
        };
        match (text.split_once(':'), kind(text)) {
            (Some((word, digits)), _) => {
                Ok(Spec { kind: Some(kind(word).ok_or_else(refuse)?), ranks: ranks(digits)? })
            }
            (None, Some(kind)) => Ok(Spec { kind: Some(kind), ranks: None }),
            (None, None) => Ok(Spec { kind: None, ranks: ranks(text)? }),
        }
    }

    /// One rank a core, unless the number was given.
    pub fn ranks(&self) -> usize {
        self.ranks.unwrap_or_else(cores)
    }
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Mpi => "mpi",
            Kind::Threads => "threads",
        })
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, self.ranks) {
            (Some(kind), Some(n)) => write!(f, "{kind}:{n}"),
            (Some(kind), None) => write!(f, "{kind}"),
            (None, Some(n)) => write!(f, "{n}"),
            (None, None) => f.write_str("one a core"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_can_say() {
        let spec = |kind, ranks| Ok(Spec { kind, ranks });
        for (text, expected) in [
            ("4", spec(None, Some(4))),
            (" 4 ", spec(None, Some(4))),
            ("mpi:4", spec(Some(Kind::Mpi), Some(4))),
            ("MPI: 16", spec(Some(Kind::Mpi), Some(16))),
            ("threads:1", spec(Some(Kind::Threads), Some(1))),
            ("threads", spec(Some(Kind::Threads), None)),
        ] {
            assert_eq!(Spec::parse(text), expected, "{text}");
        }
        for text in ["", "0", "-1", "mpi:", "mpi:0", "4097", "pvm:4", "4:mpi", "mpi:4:4", "four"] {
            assert!(Spec::parse(text).unwrap_err().contains("not `"), "{text}");
        }
    }
}
