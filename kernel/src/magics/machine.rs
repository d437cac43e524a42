//! What the machine holds and how the kernel behaves: `%memory`, `%dist`, `%config`.

use lang::picture::facts::{balance, held};
use lang::picture::units::bytes;
use lang::session::{ArrayInfo, Holds};
use lang::source::Source;
use lang::text::tuple;

use super::Call;
use crate::session::failure::Failure;
use crate::session::{Session, Stream};

/// The settings: name, what it does.
const SETTINGS: &[(&str, &str)] = &[
    ("progress", "a bar below cells that run for more than half a second"),
    ("status", "a line below each cell: its time, what moved between ranks, and what the arrays take"),
];

pub fn memory(session: &mut Session, call: &Call) -> Result<(), Failure> {
    no_arguments(call)?;
    let done = session.run_source(Source { name: "%memory".to_string(), text: String::new() })?;
    let ranks: Vec<u64> = done.stats.iter().map(|stats| stats.bytes_held).collect();
    let total: u64 = ranks.iter().sum();
    let mut text = format!("Arrays take {} on {} ranks", bytes(total), ranks.len());
    let (least, most) = (ranks.iter().min().copied().unwrap_or(0), ranks.iter().max().copied().unwrap_or(0));
    text.push_str(&match least == most {
        true => format!(", {} on each.\n", bytes(most)),
        false => format!(", {} to {} on each.\n", bytes(least), bytes(most)),
    });
    let mut arrays = arrays(session);
    arrays.sort_by_key(|(_, info)| std::cmp::Reverse(taken(info)));
    let rows = arrays.iter().map(|(name, info)| {
        let place = if info.layout.everywhere { "replicated".to_string() } else { info.layout.describe() };
        [name.clone(), bytes(taken(info)), format!("{} {}", info.dtype, tuple(&info.shape)), place]
    });
    text.push_str(&table(["Name", "Memory", "Array", "Layout"], rows.collect()));
    session.say(Stream::Stdout, &text);
    Ok(())
}

pub fn dist(session: &mut Session, call: &Call) -> Result<(), Failure> {
    if !call.arguments.is_empty() {
        let text = format!("plot_distribution({})", call.arguments);
        return session.run_source(Source { name: "%dist".to_string(), text }).map(|_| ());
    }
    let rows = arrays(session).into_iter().map(|(name, info)| {
        let parts = held(&info.layout, info.dtype.itemsize());
        let each = parts.iter().map(|part| part.1).max().unwrap_or(0);
        let even = if info.layout.everywhere { String::new() } else { balance(&parts) };
        [name, info.layout.describe(), format!("{} on a rank", bytes(each)), even]
    });
    let text = table(["Name", "Layout", "At most", "Balance"], rows.collect());
    session.say(Stream::Stdout, &text);
    Ok(())
}

/// Memory that all ranks together give to an array.
fn taken(info: &ArrayInfo) -> u64 {
    held(&info.layout, info.dtype.itemsize()).iter().map(|part| part.1).sum()
}

fn arrays(session: &Session) -> Vec<(String, ArrayInfo)> {
    let of = |(name, holds): (&String, &Holds)| match holds {
        Holds::Array(info) => Some((name.clone(), (**info).clone())),
        _ => None,
    };
    session.names.names.iter().filter_map(of).collect()
}

/// Columns as wide as they must be; a word in place of a table without rows.
fn table<const N: usize>(head: [&str; N], rows: Vec<[String; N]>) -> String {
    if rows.is_empty() {
        return "No name holds an array.\n".to_string();
    }
    let all: Vec<[String; N]> = std::iter::once(head.map(str::to_string)).chain(rows).collect();
    let wide: [usize; N] =
        std::array::from_fn(|i| all.iter().map(|row| row[i].chars().count()).max().unwrap_or(0));
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(wide).map(|(cell, wide)| format!("{cell:wide$}")).collect();
        cells.join("  ").trim_end().to_string() + "\n"
    };
    all.iter().map(line).collect()
}

pub fn config(session: &mut Session, call: &Call) -> Result<(), Failure> {
    let words: Vec<&str> = call.arguments.split([' ', '=']).filter(|word| !word.is_empty()).collect();
    let word = |on: bool| if on { "on" } else { "off" };
    match words[..] {
        [] => {
            let state = |name: &str| word(if name == "progress" { session.bars } else { session.status });
            let lines: String = SETTINGS
                .iter()
                .map(|(name, about)| format!("{name:9} {:4} {about}\n", state(name)))
                .collect();
            session.say(Stream::Stdout, &(lines + "%config name on, or off, changes one.\n"));
            Ok(())
        }
        [name, value @ ("on" | "off" | "True" | "False")] => {
            let on = matches!(value, "on" | "True");
            match name {
                "progress" => session.bars = on,
                "status" => session.status = on,
                _ => return Err(unknown(name)),
            }
            Ok(())
        }
        [name, ..] if SETTINGS.iter().any(|(known, _)| *known == name) => {
            Err(Failure::usage(format!("{name} is on or off: %config {name} off")))
        }
        [name, ..] => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> Failure {
    let near = lang::diag::did_you_mean(name, SETTINGS.iter().map(|(known, _)| *known));
    let hint =
        near.map_or("%config lists those there are".to_string(), |near| format!("did you mean {near}?"));
    Failure::usage(format!("there is no setting {name}; {hint}"))
}

fn no_arguments(call: &Call) -> Result<(), Failure> {
    match call.arguments.is_empty() {
        true => Ok(()),
        false => Err(Failure::usage(format!("%{} takes no argument", call.name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_line_up() {
        let rows = vec![["a".to_string(), "1 kB".to_string()], ["long".to_string(), "2".to_string()]];
        assert_eq!(table(["N", "Memory"], rows), "N     Memory\na     1 kB\nlong  2\n");
        assert_eq!(table(["N"], Vec::new()), "No name holds an array.\n");
        assert!(unknown("progres").evalue.contains("did you mean progress?"));
    }
}
