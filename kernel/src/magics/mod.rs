//! The lines that are for the kernel, not the language: a table of magics, and how they are found.

mod code;
mod machine;
mod names;
pub mod split;
mod team;
mod timing;

pub use timing::duration;

use lang::complete::{Completion, Match};
use lang::diag::did_you_mean;

use crate::session::failure::Failure;
use crate::session::{Session, Stream};

/// A magic as it was called.
pub struct Call {
    pub name: String,
    pub arguments: String,
    /// The rest of the cell, for `%%name`.
    pub cell: Option<String>,
    /// The code to run, for magics that run code: the cell, else the arguments; with line ends before it, so that it
    /// stands on its line.
    pub text: String,
}

struct Magic {
    name: &'static str,
    usage: &'static str,
    /// First line: one sentence.
    doc: &'static str,
    /// Whether it may stand as `%%name` at the head of a cell.
    cell: bool,
    run: fn(&mut Session, &Call) -> Result<(), Failure>,
}

/// In alphabetical order.
const TABLE: &[Magic] = &[
    Magic {
        name: "config",
        usage: "%config [name on | off]",
        doc: "Show the settings of this kernel, or change one.\n\n\
              `progress`: a bar below cells that run for more than half a second. `status`: a line below each cell with its\n\
              time, what moved between ranks, and what the arrays take.",
        cell: false,
        run: machine::config,
    },
    Magic {
        name: "dist",
        usage: "%dist [array]",
        doc: "Draw who owns what of an array; without one, list the layouts of all.",
        cell: false,
        run: machine::dist,
    },
    Magic {
        name: "engines",
        usage: "%engines [N | mpi:N | threads:N]",
        doc: "Show the engines, or replace them.\n\n\
              With an argument, stops the engines and starts N others: MPI ranks, or threads of the kernel.\n\
              What the session's names hold is lost.",
        cell: false,
        run: team::engines,
    },
    Magic {
        name: "explain",
        usage: "%explain code   or   %%explain",
        doc: "Run the code, or the cell, and print the passes over arrays that it made: what each computes, stores and moves.",
        cell: true,
        run: code::explain,
    },
    Magic {
        name: "history",
        usage: "%history [-n]",
        doc: "Print what was entered in this session, with -n numbered.",
        cell: false,
        run: names::history,
    },
    Magic {
        name: "load",
        usage: "%load file",
        doc: "Put the text of a file into the cell, to be looked at and run.",
        cell: false,
        run: code::load,
    },
    Magic {
        name: "lsmagic",
        usage: "%lsmagic",
        doc: "List the magics.",
        cell: false,
        run: |session, _| {
            session.say(Stream::Stdout, &list());
            Ok(())
        },
    },
    Magic {
        name: "matplotlib",
        usage: "%matplotlib [inline]",
        doc: "Nothing: figures are always shown below their cell.",
        cell: false,
        run: |_, call| match call.arguments.as_str() {
            "" | "inline" => Ok(()),
            other => Err(Failure::usage(format!(
                "figures are shown inline, below their cell; there is no {other}"
            ))),
        },
    },
    Magic {
        name: "memory",
        usage: "%memory",
        doc: "Say how much the arrays take on each rank, the largest first.",
        cell: false,
        run: machine::memory,
    },
    Magic {
        name: "profile",
        usage: "%profile code   or   %%profile",
        doc: "Run the code, or the cell, and say of each statement how often it ran, how long it took, and what it moved.",
        cell: true,
        run: code::profile,
    },
    Magic {
        name: "reset",
        usage: "%reset [-f]",
        doc: "Delete all of the session's names without asking; the engines stay.",
        cell: false,
        run: names::reset,
    },
    Magic {
        name: "restart",
        usage: "%restart",
        doc: "Start fresh engines, as many and of the same kind.\n\n\
              The kernel stays; what the session's names hold is lost. Use it after a rank has died.",
        cell: false,
        run: team::restart,
    },
    Magic {
        name: "run",
        usage: "%run file",
        doc: "Run the program in a file, as if it stood in the cell: it knows the session's names, and binds some.",
        cell: false,
        run: code::run,
    },
    Magic {
        name: "time",
        usage: "%time code   or   %%time",
        doc: "Run the code, or the cell, and say how long it took and how much moved between ranks.",
        cell: true,
        run: timing::time,
    },
    Magic {
        name: "timeit",
        usage: "%timeit [-n N] [-r R] code   or   %%timeit [-n N] [-r R]",
        doc: "Run the code, or the cell, N times in each of R rounds, and say how long a run takes.",
        cell: true,
        run: timing::timeit,
    },
    Magic { name: "who", usage: "%who", doc: "Print the session's names.", cell: false, run: names::who },
    Magic {
        name: "whos",
        usage: "%whos",
        doc: "Print the session's names, and what they hold.",
        cell: false,
        run: names::whos,
    },
];

/// What `?` alone says, before the list of magics.
const ABOUT: &str = "DistArray runs NumPy: each cell is compiled once and runs on all engines at once.\n\n\
    name? shows help on a name, and Tab completes it. Arrays take `dist=` where they are made: np.zeros((8, 8), dist='bc');\n\
    plot_distribution(a) shows who owns what. Lines for the kernel itself:\n\n";

/// What people type out of habit, and what to do here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("pip", "there is no Python here to install packages into"),
    ("conda", "there is no Python here to install packages into"),
    ("load_ext", "this kernel has no extensions"),
    ("autoreload", "this kernel has no modules to reload"),
    ("prun", "%%profile says where the time goes"),
    ("mem", "%memory says what the arrays take"),
    ("bash", "there is no shell behind this kernel"),
    ("sh", "there is no shell behind this kernel"),
    ("cd", "files are named from the folder that the kernel was started in"),
    ("px", "every cell runs on all engines already"),
];

/// Runs a magic.
pub fn run(session: &mut Session, call: &Call) -> Result<(), Failure> {
    let magic = find(&call.name)?;
    if call.cell.is_some() && !magic.cell {
        return Err(Failure::usage(format!(
            "%{0} stands on a line of its own, not at the head of a cell: %{0}",
            magic.name
        )));
    }
    (magic.run)(session, call)
}

/// The text behind `%name?`; all of it for an empty name.
pub fn help(name: &str) -> Result<String, Failure> {
    if name.is_empty() {
        return Ok(ABOUT.to_string() + &list());
    }
    find(name).map(|magic| format!("{}\n\n{}\n", magic.usage, magic.doc))
}

/// Every magic's usage, and its first sentence below it.
fn list() -> String {
    let first = |magic: &Magic| magic.doc.lines().next().unwrap_or_default();
    TABLE.iter().map(|magic| format!("{}\n    {}\n", magic.usage, first(magic))).collect()
}

/// Completes the name of a magic, if the cursor (a count of characters) stands at the end of one.
pub fn complete(code: &str, cursor: usize) -> Option<Completion> {
    let before: String = code.chars().take(cursor).collect();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let typed = line.trim_start_matches('%');
    let marks = line.len() - typed.len();
    if !(1..=2).contains(&marks) || !typed.chars().all(char::is_alphanumeric) {
        return None;
    }
    let fits = |magic: &&Magic| magic.name.starts_with(typed) && (marks == 1 || magic.cell);
    let entry = |magic: &Magic| Match {
        text: format!("{}{}", "%".repeat(marks), magic.name),
        kind: "magic".to_string(),
        signature: String::new(),
    };
    let matches = TABLE.iter().filter(fits).map(entry).collect();
    Some(Completion {
        start: cursor.min(before.chars().count()) - line.chars().count(),
        end: cursor,
        matches,
    })
}

fn find(name: &str) -> Result<&'static Magic, Failure> {
    if let Some(magic) = TABLE.iter().find(|magic| magic.name == name) {
        return Ok(magic);
    }
    let advice = match ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == name) {
        Some((_, advice)) => format!(": {advice}"),
        None if name.starts_with('%') => ": a cell magic stands on the first line of its cell".to_string(),
        None => match did_you_mean(name, TABLE.iter().map(|magic| magic.name)) {
            Some(near) => format!("; did you mean %{near}?"),
            None => "; %lsmagic lists those there are".to_string(),
        },
    };
    Err(Failure::usage(format!("there is no magic %{name}{advice}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_documented() {
        assert!(TABLE.windows(2).all(|pair| pair[0].name < pair[1].name));
        for magic in TABLE {
            assert!(
                magic.usage.starts_with(&format!("%{}", magic.name)) && magic.doc.contains('.'),
                "{}",
                magic.name
            );
            assert_eq!(magic.usage.contains("%%"), magic.cell, "{}", magic.name);
            assert!(help(magic.name).unwrap().contains(magic.doc));
            assert!(help("").unwrap().contains(magic.usage));
        }
    }

    #[test]
    fn unknown_magics_are_refused_with_advice() {
        for (name, advice) in [
            ("tiem", "did you mean %time?"),
            ("pip", "no Python"),
            ("frobnicate", "%lsmagic"),
            ("prun", "%%profile"),
            ("%time", "first line"),
            ("", "%lsmagic"),
        ] {
            let refusal = find(name).err().unwrap().evalue;
            assert!(refusal.contains(advice), "{name}: {refusal}");
        }
    }

    #[test]
    fn completion() {
        let check = |code: &str, cursor: usize, expect: Option<(usize, &[&str])>| {
            let got = complete(code, cursor);
            let got = got
                .as_ref()
                .map(|c| (c.start, c.matches.iter().map(|m| m.text.as_str()).collect::<Vec<_>>()));
            assert_eq!(got, expect.map(|(start, texts)| (start, texts.to_vec())), "{code}");
        };
        check("%ti", 3, Some((0, &["%time", "%timeit"])));
        check("é\n%who", 6, Some((2, &["%who", "%whos"])));
        check("%%w", 3, Some((0, &[])));
        check("%%", 2, Some((0, &["%%explain", "%%profile", "%%time", "%%timeit"])));
        check("%time a", 7, None);
        check("a % b", 5, None);
        check("a", 99, None);
    }
}
