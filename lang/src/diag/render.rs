//! Diagnostics and runtime errors as text: the source line, its number, a caret, and what to do.

use crate::diag::Diagnostic;
use crate::error::{Error, Frame};
use crate::source::{Source, Span};

/// At most this much of a source line is shown, around the place that matters.
const WIDTH: usize = 100;
/// Of a deep recursion, this many frames at each end are shown.
const FRAMES: usize = 6;
/// Of the errors that an error followed, the last ones are shown.
const EARLIER: usize = 4;

/// All diagnostics of a source, one after the other, each with its line and a caret. With `color`, ANSI colours.
pub fn render(diagnostics: &[Diagnostic], source: &Source, color: bool) -> String {
    let paint = Paint(color);
    let mut out = String::new();
    for d in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&headline(d.class.name(), &d.message, paint));
        out.push_str(&format!("{}, line {}\n", source.name, line_of(&source.text, d.span.start).number));
        // The earlier place first, as it stands in the text.
        let mut places = vec![(d.span, d.label.as_str(), true)];
        if let Some((span, label)) = &d.also {
            places.push((*span, label, false));
        }
        places.sort_by_key(|(span, ..)| span.start);
        for (span, label, main) in places {
            snippet(&mut out, &source.text, span, label, main, paint);
        }
        if let Some(hint) = &d.hint {
            out.push_str(&format!("{} {hint}\n", paint.help("help:")));
        }
    }
    out
}

/// A runtime error with its frames, innermost last, each with its source line and a caret; then class and message.
pub fn render_error(error: &Error, color: bool) -> String {
    let paint = Paint(color);
    let mut out = String::new();
    // A chain of errors can be as long as a loop.
    let (mut chain, mut next, mut left_out) = (Vec::new(), &error.earlier, 0);
    while let Some(earlier) = next {
        if chain.len() < EARLIER {
            chain.push(earlier)
        } else {
            left_out += 1
        }
        next = &earlier.error.earlier;
    }
    if left_out > 0 {
        out.push_str(&format!("({left_out} earlier errors are left out)\n\n"));
    }
    for earlier in chain.into_iter().rev() {
        one_error(&mut out, &earlier.error, paint);
        out.push_str(match earlier.cause {
            true => "\nThe above exception was the direct cause of the following exception:\n\n",
            false => "\nDuring handling of the above exception, another exception occurred:\n\n",
        });
    }
    one_error(&mut out, error, paint);
    out
}

fn one_error(out: &mut String, error: &Error, paint: Paint) {
    if !error.trace.is_empty() {
        out.push_str("Traceback (most recent call last):\n");
    }
    let skipped = error.trace.len().saturating_sub(2 * FRAMES);
    for (i, frame) in error.trace.iter().enumerate() {
        if skipped > 1 && (FRAMES..FRAMES + skipped).contains(&i) {
            if i == FRAMES {
                let calls = skipped + error.left_out;
                out.push_str(&format!("  ... {calls} more calls ...\n"));
            }
            continue;
        }
        frame_lines(out, frame, paint);
    }
    out.push_str(&headline(error.name(), &error.message, paint));
    if let Some(hint) = &error.hint {
        out.push_str(&format!("{} {hint}\n", paint.help("help:")));
    }
}

fn headline(class: &str, message: &str, paint: Paint) -> String {
    match message {
        "" => format!("{}\n", paint.error(class)),
        _ => format!("{}: {message}\n", paint.error(class)),
    }
}

fn frame_lines(out: &mut String, frame: &Frame, paint: Paint) {
    let line = line_of(&frame.source.text, frame.span.start);
    out.push_str(&format!("  {}, line {}, in {}\n", frame.source.name, line.number, frame.function));
    snippet(out, &frame.source.text, frame.span, "", true, paint);
}

/// A line of a text that holds a given offset.
struct Line<'a> {
    number: usize,
    start: usize,
    text: &'a str,
}

fn line_of(text: &str, offset: u32) -> Line<'_> {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let start = text[..offset].rfind('\n').map_or(0, |i| i + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |i| offset + i);
    let number = text[..start].matches('\n').count() + 1;
    Line { number, start, text: text[start..end].trim_end_matches('\r') }
}

/// `   2 | y = siin(x)` and below it the caret with its label.
fn snippet(out: &mut String, text: &str, span: Span, label: &str, main: bool, paint: Paint) {
    let line = line_of(text, span.start);
    let from = (span.start as usize).saturating_sub(line.start).min(line.text.len());
    let to = (span.end as usize).saturating_sub(line.start).clamp(from, line.text.len());
    let (mut shown, mut before, mut under) = (String::new(), 0, 0);
    for (i, c) in line.text.char_indices() {
        let (drawn, width) = draw(c);
        if i < from {
            before += width;
        } else if i < to {
            under += width;
        }
        shown.push_str(&drawn);
    }
    let (shown, before) = window(&shown, before, under);
    let under = under.clamp(1, WIDTH);
    let mark = if main { "^" } else { "-" }.repeat(under);
    let number = format!("{:>4}", line.number);
    out.push_str(&format!("{} {}\n", paint.dim(&format!("{number} |")), shown.trim_end()));
    let gutter = paint.dim("     |");
    let mark = if main { paint.error(&mark) } else { paint.help(&mark) };
    let label = if label.is_empty() { String::new() } else { format!(" {label}") };
    out.push_str(&format!("{gutter} {}{mark}{label}\n", " ".repeat(before)));
}

/// The part of a long line that shows what is at `before`.
fn window(shown: &str, before: usize, under: usize) -> (String, usize) {
    let width: usize = shown.chars().map(|c| draw(c).1).sum();
    if width <= WIDTH {
        return (shown.to_string(), before);
    }
    let skip = (before + under.min(WIDTH / 2)).saturating_sub(WIDTH * 3 / 4);
    let (mut out, mut at, mut cut) = (String::new(), 0, 0);
    for c in shown.chars() {
        let width = draw(c).1;
        if at >= skip && at + width <= skip + WIDTH {
            if out.is_empty() {
                cut = at;
            }
            out.push(c);
        }
        at += width;
    }
    let lead = if cut > 0 { "..." } else { "" };
    let tail = if cut + WIDTH < width { "..." } else { "" };
    (format!("{lead}{out}{tail}"), before - cut + lead.len())
}

/// How a character is drawn in a terminal, and how many columns it takes.
fn draw(c: char) -> (String, usize) {
    match c {
        '\t' => ("    ".to_string(), 4),
        c if c.is_control() => ("\u{fffd}".to_string(), 1),
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => (c.to_string(), 0),
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => (c.to_string(), 2),
        c => (c.to_string(), 1),
    }
}

/// ANSI colours, or none.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    fn error(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    fn help(self, text: &str) -> String {
        self.wrap("36", text)
    }

    fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }
}
