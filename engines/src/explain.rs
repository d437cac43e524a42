//! `explain(f)`: what a piece of a program does, written down while it runs. Passes over arrays, what is stored, what
//! moves between ranks, in how many messages and bytes.

use lang::layout::Layout;
use lang::picture::units;
use lang::plan::align::plan;
use lang::plan::fuse::Program;
use lang::text::tuple;

use crate::array::Array;
use crate::comm::Traffic;
use crate::ctx::Ctx;

/// The steps so far, and what had been sent when the last one ended.
#[derive(Default)]
pub struct Steps {
    steps: Vec<Step>,
    sent: Traffic,
}

/// One step, and what it made the ranks send.
pub struct Step {
    pub text: String,
    pub sent: Traffic,
}

impl Ctx {
    /// Begins to write down steps.
    pub fn explain(&mut self) {
        self.steps = Some(Steps { steps: Vec::new(), sent: self.comm.traffic() });
    }

    /// Ends it, with nothing to tell.
    pub fn forget_steps(&mut self) {
        self.steps = None;
    }

    /// Writes down a step that has just ended, where somebody wants to know. The same calls on all ranks.
    pub fn step(&mut self, text: impl FnOnce(&Ctx) -> String) {
        if self.steps.is_none() {
            return;
        }
        let text = text(self);
        let now = self.comm.traffic();
        if let Some(Steps { steps, sent }) = &mut self.steps {
            let since = Traffic { bytes: now.bytes - sent.bytes, messages: now.messages - sent.messages };
            steps.push(Step { text, sent: since });
            *sent = now;
        }
    }

    /// Ends it: the steps, with what all ranks have sent. Collective.
    pub fn explained(&mut self) -> Vec<Step> {
        let mut steps = self.steps.take().unwrap_or_default().steps;
        let mine: Vec<u8> = steps
            .iter()
            .flat_map(|step| [step.sent.messages, step.sent.bytes])
            .flat_map(u64::to_le_bytes)
            .collect();
        let all = self.comm.allgather(&mine);
        for (i, step) in steps.iter_mut().enumerate() {
            let sum = |at: usize| -> u64 {
                let words = all.iter().filter_map(|bytes| bytes.as_chunks::<8>().0.get(2 * i + at));
                words.map(|word| u64::from_le_bytes(*word)).sum()
            };
            step.sent = Traffic { messages: sum(0), bytes: sum(1) };
        }
        steps
    }
}

/// `float64 (3, 4), b,n on 2x1`.
pub fn what(array: &Array) -> String {
    format!("{} {}, {}", array.dtype(), tuple(array.shape()), array.layout().describe())
}

/// The bytes of all blocks of a layout, as text.
pub fn bytes(layout: &Layout, itemsize: usize) -> String {
    units::bytes(layout.nbytes(itemsize) as u64)
}

/// A pass: what it does to each element, where its operands lie, and what becomes of its results.
/// `kept` says of which operands others' elements had come before.
pub fn pass(
    ctx: &Ctx,
    program: &Program,
    leaves: &[Array],
    kept: &[bool],
    layout: &Layout,
    results: &[String],
) -> String {
    let operands: Vec<String> = (0..leaves.len()).map(|i| format!("x{i}")).collect();
    let names: Vec<String> = match results.len() {
        1 => vec!["y".to_string()],
        n => (0..n).map(|i| format!("y{i}")).collect(),
    };
    let mut text = format!("one pass over {}, {}\n", tuple(&layout.shape()), layout.describe());
    program.text(&operands, &names).lines().for_each(|line| text += &format!("    {line}\n"));
    for ((name, leaf), kept) in operands.iter().zip(leaves).zip(kept) {
        let how = match kept {
            true => "what a rank lacks of it is kept from before",
            false if plan(leaf.layout(), layout, ctx.comm.rank()).remote => {
                "what a rank lacks of it comes from the others"
            }
            false => "read in place",
        };
        text += &format!("    {name}: {}; {how}\n", what(leaf));
    }
    for (name, what) in names.iter().zip(results) {
        text += &format!("    {name}: {what}\n");
    }
    text
}

/// All steps as text.
pub fn text(steps: &[Step]) -> String {
    let count = |t: &Traffic| match t.messages {
        0 => "nothing moves".to_string(),
        1 => format!("1 message, {}", units::bytes(t.bytes)),
        n => format!("{n} messages, {}", units::bytes(t.bytes)),
    };
    let mut text = String::new();
    let mut all = Traffic::default();
    for (i, step) in steps.iter().enumerate() {
        text += &format!("{}. {}\n    {}\n", i + 1, step.text.trim_end(), count(&step.sent));
        all.bytes += step.sent.bytes;
        all.messages += step.sent.messages;
    }
    let plural = if steps.len() == 1 { "" } else { "s" };
    text + &format!("{} step{plural}; {}\n", steps.len(), count(&all))
}
