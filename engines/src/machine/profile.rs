//! What is written down of a whole program while it runs, and printed at its end: its passes (`%explain`), or where the time
//! goes and what moves, line by line (`%%profile`).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

use lang::ir::{Notes, Stmt};
use lang::picture::units;

use super::frame::{Flow, Frame, Unit};
use super::raise::Eval;
use super::{Machine, raise};
use crate::explain;
use crate::link::Output;

/// Of one program: its statements by their places.
pub struct Profile {
    unit: Rc<Unit>,
    lines: BTreeMap<u32, Line>,
}

/// A statement, with all that it calls.
#[derive(Clone, Copy, Default)]
struct Line {
    hits: u64,
    nanos: u64,
    bytes: u64,
    messages: u64,
}

impl Machine {
    /// Begins to write down what the program asks for.
    pub(super) fn begin_notes(&mut self, unit: &Rc<Unit>) {
        self.profile = None;
        match unit.program.notes {
            Notes::None => {}
            Notes::Explain => self.ctx.explain(),
            Notes::Profile => self.profile = Some(Profile { unit: unit.clone(), lines: BTreeMap::new() }),
        }
    }

    /// Prints it. Collective, after a program that has ended well; after one that failed, what it did says little.
    pub(super) fn end_notes<T>(&mut self, unit: &Rc<Unit>, outcome: raise::Eval<T>) -> raise::Eval<T> {
        let profile = self.profile.take();
        if outcome.is_err() {
            self.ctx.forget_steps();
            return outcome;
        }
        if unit.program.notes == Notes::Explain {
            let steps = self.ctx.explained();
            self.emit(Output::Stdout(explain::text(&steps)));
        }
        if let Some(profile) = profile {
            let text = self.profiled(profile);
            self.emit(Output::Stdout(text));
        }
        outcome
    }

    /// As `block`, with the statements of the program that is looked at measured.
    #[cold]
    pub(super) fn profiled_block(&mut self, frame: &mut Frame, body: &[Stmt]) -> Eval<Flow> {
        for stmt in body {
            match self.profiled_line(frame, stmt.span.start, |machine, frame| machine.stmt(frame, stmt))? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    /// Measures what stands at that place of the program that is looked at.
    pub(super) fn profiled_line<T>(
        &mut self,
        frame: &mut Frame,
        place: u32,
        run: impl FnOnce(&mut Machine, &mut Frame) -> Eval<T>,
    ) -> Eval<T> {
        let (begun, before) = (Instant::now(), self.ctx.comm.traffic());
        let outcome = run(self, frame);
        let (nanos, after) = (begun.elapsed().as_nanos() as u64, self.ctx.comm.traffic());
        if let Some(profile) = self.profile.as_mut().filter(|p| Rc::ptr_eq(&p.unit, frame.unit)) {
            let line = profile.lines.entry(place).or_default();
            line.hits += 1;
            line.nanos += nanos;
            line.bytes += after.bytes - before.bytes;
            line.messages += after.messages - before.messages;
        }
        outcome
    }

    /// The table: of each statement the time of the slowest rank, and what all ranks have sent.
    fn profiled(&mut self, profile: Profile) -> String {
        let mine: Vec<u64> =
            profile.lines.values().flat_map(|line| [line.nanos, line.bytes, line.messages]).collect();
        let all = self.ctx.comm.allgather(bytemuck::cast_slice(&mine));
        let all: Vec<Vec<u64>> = all.iter().map(|bytes| bytemuck::pod_collect_to_vec(bytes)).collect();
        let of = |at: usize| all.iter().filter_map(move |words| words.get(at).copied());
        let source = &profile.unit.program.source.text;
        let mut text =
            format!("{:>5} {:>8} {:>10} {:>10}  {}\n", "line", "hits", "time", "moved", "statement");
        for (i, (place, line)) in profile.lines.iter().enumerate() {
            let nanos = of(3 * i).max().unwrap_or(0);
            let (bytes, messages): (u64, u64) = (of(3 * i + 1).sum(), of(3 * i + 2).sum());
            let moved = if messages == 0 { "-".to_string() } else { units::bytes(bytes) };
            let before = source.get(..*place as usize).unwrap_or_default();
            let number = before.matches('\n').count() + 1;
            let words = source.lines().nth(number - 1).unwrap_or_default();
            text += &format!("{number:>5} {:>8} {:>10} {moved:>10}  {words}\n", line.hits, time(nanos));
        }
        text + "A statement's time is that of the slowest rank, with all that it calls.\n"
    }
}

fn time(nanos: u64) -> String {
    match nanos as f64 {
        n if n >= 1e9 => format!("{:.2} s", n / 1e9),
        n if n >= 1e6 => format!("{:.1} ms", n / 1e6),
        n => format!("{:.1} \u{b5}s", n / 1e3),
    }
}
