//! `%time` and `%timeit`.

use std::time::{Duration, Instant};

use lang::source::Source;

use super::Call;
use crate::session::engines::Done;
use crate::session::failure::Failure;
use crate::session::{Session, Stream};

/// A round of `%timeit` takes about this long, unless -n says otherwise.
const ROUND: Duration = Duration::from_millis(200);
const ROUNDS: usize = 7;

pub fn time(session: &mut Session, call: &Call) -> Result<(), Failure> {
    let source = source(session, call, call.text.clone())?;
    session.wait_for_engines()?;
    let begun = Instant::now();
    let done = session.run_source(source)?;
    let wall = begun.elapsed();
    if let Some(shown) = &done.reply.result {
        session.show_result(shown);
    }
    let (seconds, moved) = on_engines(&done);
    session.say(
        Stream::Stdout,
        &format!("Wall time: {}, on the engines {}{moved}\n", duration(wall), duration(seconds)),
    );
    Ok(())
}

pub fn timeit(session: &mut Session, call: &Call) -> Result<(), Failure> {
    let (options, rest) = options(&call.arguments)?;
    let lines = call.text.len() - call.text.trim_start_matches('\n').len();
    let code = match &call.cell {
        Some(cell) => cell.clone(),
        None => "\n".repeat(lines) + rest,
    };
    let source = source(session, call, code)?;
    session.wait_for_engines()?;
    let begun = Instant::now();
    session.run_source(source.clone())?;
    let once = begun.elapsed();
    // The first run has bound the names that the cell binds; the others run the program that knows them.
    let program = session.compile(source)?;
    let fitting = (ROUND.as_secs_f64() / once.as_secs_f64().max(1e-6)).clamp(1.0, 1000.0) as usize;
    let runs = options.runs.unwrap_or(fitting);
    let rounds = options.rounds.unwrap_or(if once > ROUND * 10 { 3 } else { ROUNDS });
    let mut each = Vec::with_capacity(rounds);
    let mut engines = Duration::ZERO;
    for _ in 0..rounds {
        let begun = Instant::now();
        for _ in 0..runs {
            engines += on_engines(&session.run_program(program.clone())?).0;
        }
        each.push(begun.elapsed().as_secs_f64() / runs as f64);
    }
    let mean = each.iter().sum::<f64>() / rounds as f64;
    let deviation = (each.iter().map(|t| (t - mean) * (t - mean)).sum::<f64>() / rounds as f64).sqrt();
    let text = |seconds| duration(Duration::from_secs_f64(seconds));
    let engines = duration(engines / (rounds * runs) as u32);
    session.say(
        Stream::Stdout,
        &format!(
            "{} \u{b1} {} a run, on the engines {engines} (mean \u{b1} std. dev. of {rounds} rounds of {runs})\n",
            text(mean),
            text(deviation)
        ),
    );
    Ok(())
}

#[derive(Debug, Default, PartialEq)]
struct Options {
    runs: Option<usize>,
    rounds: Option<usize>,
}

/// Reads `-n N` and `-r R` (the number may follow at once); returns the code behind them.
fn options(arguments: &str) -> Result<(Options, &str), Failure> {
    let mut options = Options::default();
    let mut rest = arguments.trim_start();
    loop {
        let (slot, after) = match rest.get(..2) {
            Some("-n") => (&mut options.runs, &rest[2..]),
            Some("-r") => (&mut options.rounds, &rest[2..]),
            _ => return Ok((options, rest)),
        };
        let after = after.trim_start();
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        let Ok(number @ 1..=1_000_000) = after[..end].parse::<usize>() else {
            // `-n` may as well begin an expression.
            return Ok((options, rest));
        };
        *slot = Some(number);
        rest = after[end..].trim_start();
    }
}

fn source(session: &Session, call: &Call, text: String) -> Result<Source, Failure> {
    if text.trim().is_empty() {
        return Err(Failure::usage(format!("%{0} wants code to run: %{0} a.sum()", call.name)));
    }
    Ok(Source { name: format!("cell {}", session.count), text })
}

/// The time of the slowest rank, and what moved between ranks, in words.
fn on_engines(done: &Done) -> (Duration, String) {
    let seconds = done.stats.iter().map(|stats| stats.seconds).fold(0.0, f64::max);
    let bytes: u64 = done.stats.iter().map(|stats| stats.bytes_sent).sum();
    let messages: u64 = done.stats.iter().map(|stats| stats.messages_sent).sum();
    let moved = match messages {
        0 => String::new(),
        _ => format!(", {} in {messages} messages between ranks", size(bytes)),
    };
    (Duration::try_from_secs_f64(seconds).unwrap_or_default(), moved)
}

/// Three digits and a unit.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (value, unit) = match seconds {
        s if s >= 1.0 => (s, "s"),
        s if s >= 1e-3 => (s * 1e3, "ms"),
        s => (s * 1e6, "\u{b5}s"),
    };
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$} {unit}")
}

/// Bytes, with a unit of 1000.
pub(super) fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / *unit as f64),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        let micros = |n| duration(Duration::from_micros(n));
        assert_eq!(
            [micros(7), micros(1234), micros(98_765), micros(12_345_678)],
            ["7.00 µs", "1.23 ms", "98.8 ms", "12.3 s"]
        );
        assert_eq!(
            [size(0), size(999), size(1500), size(2_500_000)],
            ["0 bytes", "999 bytes", "1.5 kB", "2.5 MB"]
        );
    }

    #[test]
    fn options_stand_before_the_code() {
        let check = |arguments, runs, rounds, rest| {
            let (options, code) = options(arguments).unwrap();
            assert_eq!((options, code), (Options { runs, rounds }, rest), "{arguments}");
        };
        check("a + b", None, None, "a + b");
        check("-n 10 -r3 a", Some(10), Some(3), "a");
        check("-n5", Some(5), None, "");
        check("-n", None, None, "-n");
        check("-x + 1", None, None, "-x + 1");
        check("é", None, None, "é");
    }
}
