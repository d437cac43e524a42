//! The bar of a cell that takes long: shown after half a second, renewed ten times a second at most, folded to a quiet line
//! at the end where it counted turns, gone where it did not.

use std::sync::Arc;
use std::time::Instant;

use engines::progress::Report;
use jupyter_protocol::{DisplayData, Transient, UpdateDisplayData};
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
    let share = match report.turns {
        Some((done, Some(of))) if of > 0 => Some(done as f64 / of as f64),
        _ => None,
    };
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

/// `37 of 100, 3.2 s, about 5.4 s left`.
fn words(report: Report, seconds: f64, stage: Stage) -> String {
    let time = duration(std::time::Duration::from_secs_f64(seconds.max(0.0)));
    match (report.turns, stage) {
        (Some((_, Some(of))), Stage::Done) => format!("{of} turns in {time}"),
        (Some((done, Some(of))), Stage::Stopped) => {
            format!("stopped in turn {} of {of}, after {time}", (done + 1).min(of))
        }
        (Some((done, None)), Stage::Stopped) => format!("stopped in turn {}, after {time}", done + 1),
        (Some((done, Some(of))), Stage::Running) => {
            // The time of the turns so far says how long the others take.
            let left = seconds * (of - done.min(of)) as f64 / done.max(1) as f64;
            let left = match done {
                0 => String::new(),
                _ => format!(", about {} left", duration(std::time::Duration::from_secs_f64(left.min(1e9)))),
            };
            format!("{done} of {of}, {time}{left}")
        }
        (Some((done, None)), Stage::Running) => format!("{done} turns, {time}"),
        (None, Stage::Running) => time,
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
        Report { place: 7, turns }
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
