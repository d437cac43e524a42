//! The card of a team: its ranks, where they run, what they hold and how busy they were.

use lang::picture::units::bytes;
use serde_json::{Map, Value};

use super::svg::escaped;

/// A rank as the card shows it.
#[derive(Clone, Debug, Default)]
pub struct Rank {
    pub process: u32,
    pub host: String,
    /// Bytes of arrays.
    pub held: u64,
    /// Of processes of this machine: memory, seconds of processor time, state.
    pub memory: Option<u64>,
    pub busy: Option<f64>,
    pub state: &'static str,
}

const QUIET: &str = "color:var(--jp-content-font-color2,#6a737d)";
const HEAD: [&str; 7] = ["rank", "process", "host", "arrays", "memory", "processor time", "state"];

/// `shared` says that the ranks are threads of one process, whose memory and time they share.
pub fn card(ranks: &[Rank], shared: bool, load: Option<&str>) -> Map<String, Value> {
    let rows: Vec<[String; 7]> = ranks.iter().enumerate().map(|(i, rank)| cells(i, rank)).collect();
    let mut notes: Vec<String> =
        load.map(|load| format!("load of this machine: {load}")).into_iter().collect();
    if shared {
        notes.insert(0, "threads of one process, with its memory and time".to_string());
    }
    Map::from_iter([
        ("text/plain".to_string(), Value::String(text(&rows, &notes))),
        ("text/html".to_string(), Value::String(html(ranks, &rows, &notes))),
    ])
}

fn cells(i: usize, rank: &Rank) -> [String; 7] {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_string());
    [
        i.to_string(),
        if rank.process == 0 { "-".to_string() } else { rank.process.to_string() },
        if rank.host.is_empty() { "-".to_string() } else { rank.host.clone() },
        bytes(rank.held),
        or_none(rank.memory.map(bytes)),
        or_none(rank.busy.map(|seconds| format!("{seconds:.1} s"))),
        rank.state.to_string(),
    ]
}

fn text(rows: &[[String; 7]], notes: &[String]) -> String {
    let head = HEAD.map(str::to_string);
    let wide: [usize; 7] = std::array::from_fn(|i| {
        rows.iter().chain([&head]).map(|row| row[i].chars().count()).max().unwrap_or(0)
    });
    let line = |row: &[String; 7]| {
        let cells: Vec<String> = row.iter().zip(wide).map(|(cell, wide)| format!("{cell:wide$}")).collect();
        cells.join("  ").trim_end().to_string()
    };
    let mut lines: Vec<String> = [&head].into_iter().chain(rows).map(line).collect();
    lines.extend(notes.iter().cloned());
    lines.join("\n")
}

fn html(ranks: &[Rank], rows: &[[String; 7]], notes: &[String]) -> String {
    let most = ranks.iter().map(|rank| rank.held).max().unwrap_or(0).max(1);
    let cell = |text: &str, right: bool| {
        let side = if right { "right" } else { "left" };
        format!("<td style=\"padding:2px 12px 2px 0;text-align:{side}\">{text}</td>")
    };
    let head: String = HEAD
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let side = if (3..6).contains(&i) { "right" } else { "left" };
            format!("<th style=\"padding:2px 12px 2px 0;font-weight:600;text-align:{side}\">{name}</th>")
        })
        .collect();
    let body: String = ranks
        .iter()
        .zip(rows)
        .map(|(rank, row)| {
            let share = rank.held as f64 / most as f64 * 60.0;
            let bar = format!(
                "{} <span style=\"display:inline-block;width:60px;height:7px;border-radius:3px;overflow:hidden;background:var(--jp-layout-color3,#d8dee4)\">\
                 <span style=\"display:block;width:{share:.1}px;height:100%;background:var(--jp-brand-color1,#0072b2)\"></span></span>",
                escaped(&row[3])
            );
            let cells: String = row
                .iter()
                .enumerate()
                .map(|(i, text)| match i {
                    3 => cell(&bar, true),
                    6 => {
                        let good = if text == "running" { "#2da44e" } else { "#cf222e" };
                        let dot = format!("<span style=\"color:{good}\">\u{25cf}</span> {}", escaped(text));
                        cell(&dot, false)
                    }
                    _ => cell(&escaped(text), (4..6).contains(&i)),
                })
                .collect();
            format!("<tr style=\"background:none\">{cells}</tr>")
        })
        .collect();
    let notes = notes.join(" <span style=\"opacity:.5\">\u{b7}</span> ");
    format!(
        "<div style=\"padding-left:6px\"><table style=\"border-collapse:collapse;font-size:12px;line-height:1.5;margin:0;font-variant-numeric:tabular-nums\">\
         <thead><tr style=\"background:none\">{head}</tr></thead><tbody>{body}</tbody></table>\
         <div style=\"font-size:12px;line-height:1.5;{QUIET}\">{notes}</div></div>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_has_a_line_for_each_rank() {
        let rank = Rank { process: 7, host: "<a>".into(), held: 2048, state: "running", ..Rank::default() };
        let far = Rank { process: 8, host: "b".into(), state: "up", busy: Some(1.25), ..Rank::default() };
        let card = card(&[rank, far], false, Some("0.5"));
        let text = card["text/plain"].as_str().unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("rank  process  host  arrays"), "{text}");
        assert!(lines[1].starts_with("0     7        <a>") && lines[1].ends_with("running"), "{text}");
        assert!(lines[2].contains("1.2 s") && lines[3] == "load of this machine: 0.5", "{text}");
        let html = card["text/html"].as_str().unwrap();
        assert!(html.contains("&lt;a&gt;") && html.contains("width:60.0px"));
    }
}
