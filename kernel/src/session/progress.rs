//! The bar of a cell that takes long: shown after half a second, renewed ten times a second at most, folded to a quiet line
//! at the end where it counted turns, gone where it did not.

use std::sync::Arc;
use std::time::Instant;

use engines::progress::Report;
use jupyter_protocol::{DisplayData, Transient, UpdateDisplayData};
use lang::picture::units::bytes;
use lang::source::Source;
use serde_json::{Map, Value};

use super::{Session, media};
use crate::display::escaped;
use crate::magics::duration;

/// The program that runs, and what is shown of it.
pub struct Progress {
    source: Arc<Source>,
    begun: Instant,
    /// The name of the display, once there is one, and what it says.
    shown: Option<(String, Report)>,
}

impl Progress {
    pub fn new(source: Arc<Source>) -> Progress {
        Progress { source, begun: Instant::now(), shown: None }
    }
}

/// How it is going, or went.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Running,
    Done,
    Stopped,
}

impl Session {
    /// A report of the program that runs.
    pub(super) fn report(&mut self, report: Report) {
        let Some(progress) = self
            .progress
            .as_mut()
            .filter(|_| self.bars && self.audience.is_some() && self.widgets.route.is_none())
        else {
            return;
        };
        let seconds = progress.begun.elapsed().as_secs_f64();
        let data = bundle(report, seconds, &progress.source, Stage::Running);
        let new = progress.shown.is_none();
        if new {
            self.displays += 1;
        }
        let name = format!("distarray-progress-{}", self.displays);
        if let Some(progress) = &mut self.progress {
            progress.shown = Some((name.clone(), report));
        }
        match new {
            true => self.publish(DisplayData { data: media(data), ..named(name) }),
            false => self.publish(UpdateDisplayData::new(media(data), &name)),
        }
    }

    /// The program has ended: the bar gives way.
    pub(super) fn fold(&mut self, whole: bool) {
        let Some(Progress { source, begun, shown: Some((name, report)) }) = self.progress.take() else {
            return;
        };
        let stage = if whole { Stage::Done } else { Stage::Stopped };
        let data = bundle(report, begun.elapsed().as_secs_f64(), &source, stage);
        self.publish(UpdateDisplayData::new(media(data), &name));
    }
}

fn named(name: String) -> DisplayData {
    DisplayData { transient: Some(Transient { display_id: Some(name) }), ..DisplayData::default() }
}

fn bundle(report: Report, seconds: f64, source: &Source, stage: Stage) -> Map<String, Value> {
    let words = words(report, seconds, stage);
    let line = line(source, report.place);
    let share = share(&report).or(report.exchange.map(|(done, of)| done as f64 / of.max(1) as f64));
    let (text, html) = match stage {
        Stage::Running => (text(share, &words, line), html(share, &words, line)),
        _ if words.is_empty() => (String::new(), String::new()),
        _ => (words.clone(), quiet(&escaped(&words))),
    };
    Map::from_iter([
        ("text/plain".to_string(), Value::String(text)),
        ("text/html".to_string(), Value::String(html)),
    ])
}

/// Which share of a loop's turns is done, with what is done of the turn by a loop within it.
fn share(report: &Report) -> Option<f64> {
    let part = |turns: Option<(u64, Option<u64>)>| match turns {
        Some((done, Some(of))) if of > 0 => Some((done.min(of) as f64, of as f64)),
        _ => None,
    };
    let (done, of) = part(report.turns)?;
    let within = part(report.inner).map_or(0.0, |(done, of)| done / of);
    Some(((done + within) / of).min(1.0))
}

/// Bytes from which on it is worth a word what has moved.
const NOTICEABLE: u64 = 1_000_000;
/// A turn that takes so many seconds is long enough for the loop within it to be read.
const LEGIBLE: f64 = 1.0;

/// `37 of 100, 3.2 s, about 5.4 s left`.
fn words(report: Report, seconds: f64, stage: Stage) -> String {
    let mut time = duration(std::time::Duration::from_secs_f64(seconds.max(0.0)));
    if report.sent >= NOTICEABLE {
        time += &format!(", {} sent by rank 0", bytes(report.sent));
    }
    let turn = seconds / report.turns.map_or(0, |(done, _)| done + 1).max(1) as f64;
    let inner = match report.inner.filter(|_| turn >= LEGIBLE) {
        Some((done, Some(of))) => format!(" ({done} of {of})"),
        Some((done, None)) => format!(" ({done})"),
        None => String::new(),
    };
    match (report.turns, stage) {
        (Some((_, Some(of))), Stage::Done) => format!("{of} turns in {time}"),
        (Some((done, Some(of))), Stage::Stopped) => {
            format!("stopped in turn {} of {of}, after {time}", (done + 1).min(of))
        }
        (Some((done, None)), Stage::Stopped) => format!("stopped in turn {}, after {time}", done + 1),
        (Some((done, Some(of))), Stage::Running) => {
            // The time of the turns so far says how long the others take.
            let left = match share(&report).unwrap_or(0.0) {
                0.0 => String::new(),
                done => {
                    let left = seconds * (1.0 - done) / done;
                    format!(", about {} left", duration(std::time::Duration::from_secs_f64(left.min(1e9))))
                }
            };
            format!("{done} of {of}{inner}, {time}{left}")
        }
        (Some((done, None)), Stage::Running) => format!("{done} turns{inner}, {time}"),
        (None, Stage::Running) => match report.exchange {
            Some((done, of)) => format!("exchange {done} of {of}, {time}"),
            None => time,
        },
        // The last report may be older than the loop's last turns; of what did not loop there is nothing to say.
        (Some((_, None)) | None, _) => String::new(),
    }
}

/// The line of the source on which the statement begins.
fn line(source: &Source, place: u32) -> &str {
    let text = &source.text;
    let at = (place as usize).min(text.len());
    let Some((before, after)) = text.split_at_checked(at) else {
        return "";
    };
    let begin = before.rfind('\n').map_or(0, |i| i + 1);
    let end = after.find('\n').map_or(text.len(), |i| at + i);
    text[begin..end].trim()
}

fn text(share: Option<f64>, words: &str, line: &str) -> String {
    let bar = share.map(|share| {
        let full = (share.clamp(0.0, 1.0) * 20.0) as usize;
        format!("[{}{}] ", "#".repeat(full), ".".repeat(20 - full))
    });
    format!("{}{words}: {line}", bar.unwrap_or_default())
}

const QUIET: &str = "font-size:12px;line-height:1.5;color:var(--jp-content-font-color2,#57606a)";

fn quiet(words: &str) -> String {
    format!("<div style=\"padding-left:6px;{QUIET}\">{words}</div>")
}

fn html(share: Option<f64>, words: &str, line: &str) -> String {
    let bar = match share {
        None => "<div style=\"flex:none;width:9px;height:9px;border-radius:50%;background:var(--jp-brand-color1,#0072b2)\"></div>"
            .to_string(),
        Some(share) => format!(
            "<div style=\"flex:none;width:220px;height:8px;border-radius:4px;overflow:hidden;background:var(--jp-layout-color3,#d8dee4)\">\
             <div style=\"width:{:.1}%;height:100%;border-radius:4px;background:var(--jp-brand-color1,#0072b2)\"></div></div>",
            share.clamp(0.0, 1.0) * 100.0
        ),
    };
    format!(
        "<div role=\"status\" style=\"display:flex;gap:10px;align-items:center;padding-left:6px;{QUIET}\">{bar}\
         <span style=\"font-variant-numeric:tabular-nums;white-space:nowrap\">{}</span>\
         <code style=\"overflow:hidden;text-overflow:ellipsis;white-space:nowrap;background:none;color:inherit\">{}</code></div>",
        escaped(words),
        escaped(line)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(turns: Option<(u64, Option<u64>)>) -> Report {
        Report { place: 7, turns, inner: None, sent: 0, exchange: None }
    }

    #[test]
    fn loops_within_loops_and_what_moves() {
        let check = |report, says| assert_eq!(words(report, 8.0, Stage::Running), says);
        let outer = report(Some((3, Some(10))));
        check(Report { inner: Some((5, Some(10))), ..outer }, "3 of 10 (5 of 10), 8.00 s, about 14.9 s left");
        // Turns that are short are no time to read what is within.
        let quick = report(Some((30, Some(100))));
        check(Report { inner: Some((5, Some(10))), ..quick }, "30 of 100, 8.00 s, about 18.2 s left");
        check(Report { inner: Some((7, None)), ..report(Some((0, None))) }, "0 turns (7), 8.00 s");
        check(
            Report { inner: Some((5, Some(10))), ..report(Some((0, Some(2)))) },
            "0 of 2 (5 of 10), 8.00 s, about 24.0 s left",
        );
        let moving = Report { sent: 25_000_000, exchange: Some((3, 12)), ..report(None) };
        check(moving, &format!("exchange 3 of 12, 8.00 s, {} sent by rank 0", bytes(25_000_000)));
        let data = bundle(moving, 8.0, &Source { name: "c".into(), text: "a.sort()".into() }, Stage::Running);
        assert!(data["text/plain"].as_str().unwrap().starts_with("[#####...............] exchange"));
    }

    #[test]
    fn what_is_said() {
        let check = |turns, stage, says| assert_eq!(words(report(turns), 4.0, stage), says);
        check(Some((25, Some(100))), Stage::Running, "25 of 100, 4.00 s, about 12.0 s left");
        check(Some((0, Some(100))), Stage::Running, "0 of 100, 4.00 s");
        check(Some((25, None)), Stage::Running, "25 turns, 4.00 s");
        check(None, Stage::Running, "4.00 s");
        check(Some((25, Some(100))), Stage::Done, "100 turns in 4.00 s");
        check(Some((25, Some(100))), Stage::Stopped, "stopped in turn 26 of 100, after 4.00 s");
        check(None, Stage::Done, "");
    }

    #[test]
    fn the_statement_is_shown() {
        let source = Source { name: "cell 1".into(), text: "a = 1\n\nfor i in <é>:\n    pass".into() };
        assert_eq!(line(&source, 7), "for i in <é>:");
        assert_eq!(line(&source, 0), "a = 1");
        assert_eq!(line(&source, 999), "pass");
        // Within a character: no line, and no panic.
        assert_eq!(line(&source, 18), "");
        let data = bundle(report(Some((1, Some(4)))), 1.0, &source, Stage::Running);
        assert_eq!(
            data["text/plain"],
            "[#####...............] 1 of 4, 1.00 s, about 3.00 s left: for i in <é>:"
        );
        assert!(data["text/html"].as_str().unwrap().contains("for i in &lt;é&gt;:"));
    }
}
