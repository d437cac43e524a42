//! `%who`, `%whos`, `%reset` and `%history`: what the session holds and what was entered.

use lang::session::Holds;
use lang::source::Source;

use super::{Call, timing};
use crate::session::failure::Failure;
use crate::session::{Session, Stream};

pub fn who(session: &mut Session, _: &Call) -> Result<(), Failure> {
    let names: Vec<&str> = session.names.names.keys().map(String::as_str).collect();
    let text = match names.is_empty() {
        true => "No names are bound.\n".to_string(),
        false => names.join("  ") + "\n",
    };
    session.say(Stream::Stdout, &text);
    Ok(())
}

pub fn whos(session: &mut Session, call: &Call) -> Result<(), Failure> {
    if session.names.names.is_empty() {
        return who(session, call);
    }
    let rows = session.names.names.iter().map(|(name, holds)| {
        let (kind, text) = describe(holds);
        [name.clone(), kind, text]
    });
    let rows: Vec<[String; 3]> =
        std::iter::once(["Name", "Type", "Data"].map(str::to_string)).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (names, kinds) = (width(0), width(1));
    let lines: String =
        rows.iter().map(|[name, kind, text]| format!("{name:names$}  {kind:kinds$}  {text}\n")).collect();
    session.say(Stream::Stdout, &lines);
    Ok(())
}

/// The type of what a name holds, and a short text.
fn describe(holds: &Holds) -> (String, String) {
    match holds {
        Holds::Module(name) => ("module".to_string(), name.clone()),
        Holds::Builtin(_) => ("builtin_function_or_method".to_string(), String::new()),
        Holds::Function { signature, .. } => ("function".to_string(), signature.clone()),
        Holds::Array(info) => {
            let bytes = info.shape.iter().product::<usize>() as u64 * info.dtype.itemsize() as u64;
            let shape: Vec<String> = info.shape.iter().map(usize::to_string).collect();
            let shape = if shape.is_empty() { "0-d".to_string() } else { shape.join("x") };
            (
                "ndarray".to_string(),
                format!("{} {shape}, {}, {}", info.dtype, timing::size(bytes), info.layout),
            )
        }
        Holds::Value { type_name, text } => {
            (type_name.clone(), text.lines().next().unwrap_or_default().to_string())
        }
    }
}

pub fn reset(session: &mut Session, call: &Call) -> Result<(), Failure> {
    // IPython asks first unless told -f; here nothing is asked.
    if !matches!(call.arguments.as_str(), "" | "-f") {
        return Err(Failure::usage(format!("%reset takes -f or nothing, not {:?}", call.arguments)));
    }
    let names: Vec<&str> = session.names.names.keys().map(String::as_str).collect();
    if names.is_empty() {
        return Ok(());
    }
    let text = format!("del {}", names.join(", "));
    session.run_source(Source { name: "%reset".to_string(), text }).map(|_| ())
}

pub fn history(session: &mut Session, call: &Call) -> Result<(), Failure> {
    let numbered = match call.arguments.as_str() {
        "" => false,
        "-n" => true,
        other => {
            return Err(Failure::usage(format!("%history takes -n or nothing, not {other:?}")));
        }
    };
    let lines: String = session
        .history
        .current()
        .map(|entry| {
            if numbered {
                format!("{:4}: {}\n", entry.line, entry.input)
            } else {
                format!("{}\n", entry.input)
            }
        })
        .collect();
    session.say(Stream::Stdout, &lines);
    Ok(())
}
