//! What all ranks make of how a local function ended on each: errors, arrays, what was printed.

use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use lang::error::{Class, Error};
use lang::layout::Layout;
use lang::plan::parts::{self, Parts};

use super::super::raise::{Eval, type_error};
use super::super::{Exception, Machine, Raised};
use super::Over;
use super::carry::Carried;
use super::report::{Ended, Fault, Kind, Outcome, Part, Ran, Report};
use crate::array::Array;
use crate::block::Block;
use crate::link::Output;
use crate::value::Value;

impl Machine {
    /// What all ranks make of how the function ended on each. Collective.
    pub(super) fn joined(
        &mut self,
        ran: Ran,
        carried: &Carried,
        over: Over,
        like: &[Arc<Layout>],
        axis: Option<i64>,
    ) -> Eval<Value> {
        let Ran { outcome, heard, printed } = ran;
        let mut mine = None;
        let ended = outcome.map(|outcome| match outcome {
            Outcome::Failed(fault) => Ended::Failed(fault),
            Outcome::Made(made) => {
                let digest = if let Over::Whole = over { digest(&made.parts) } else { 0 };
                let parts = made.parts.iter().map(|p| (p.block.dtype(), p.shape.clone())).collect();
                let kind = made.kind;
                mine = Some(made.parts);
                Ended::Made { kind, parts, digest }
            }
        });
        let text = if printed.cut { printed.text + "...\n" } else { printed.text };
        let report = Report { heard, printed: text, ended };
        let word = serde_json::to_vec(&report).unwrap_or_default();
        let mut reports = Vec::with_capacity(self.ctx.comm.size());
        for word in self.ctx.comm.allgather(&word) {
            match serde_json::from_slice::<Report>(&word) {
                Ok(report) => reports.push(report),
                Err(_) => {
                    return Err(Error::new(Class::EngineError, "a rank could not say how it ended").into());
                }
            }
        }
        self.print(&reports, &over);
        if reports.iter().any(|report| report.heard) {
            self.ctx.control.agreed();
            return Err(Error::new(Class::KeyboardInterrupt, "").into());
        }
        if let Some(raised) = failed(&mut reports, carried) {
            return Err(raised);
        }
        self.arrays(&reports, mine.unwrap_or_default(), &over, like, axis)
    }

    /// What the function has printed, rank by rank; each line says of which, where several run it.
    fn print(&mut self, reports: &[Report], over: &Over) {
        let said = reports.iter().filter(|report| !report.printed.is_empty()).count();
        let ran = reports.iter().filter(|report| report.ended.is_some()).count();
        if said == 0 {
            return;
        }
        let same = reports.iter().all(|report| report.printed == reports[0].printed);
        if ran == 1 || (same && matches!(over, Over::Whole)) {
            let text = reports.iter().map(|report| &report.printed).find(|text| !text.is_empty());
            return self.emit(Output::Stdout(text.cloned().unwrap_or_default()));
        }
        let mut all = String::new();
        for (rank, report) in reports.iter().enumerate() {
            report.printed.lines().for_each(|line| all.push_str(&format!("[{rank}] {line}\n")));
        }
        self.emit(Output::Stdout(all));
    }

    /// The arrays that what the ranks returned are the blocks of.
    fn arrays(
        &mut self,
        reports: &[Report],
        mine: Vec<Part>,
        over: &Over,
        like: &[Arc<Layout>],
        axis: Option<i64>,
    ) -> Eval<Value> {
        let ranks: Vec<usize> = match over {
            Over::Blocks(places) => places.iter().map(|(rank, _)| *rank).collect(),
            _ => (0..reports.len()).collect(),
        };
        let made = |rank: usize| match &reports[rank].ended {
            Some(Ended::Made { kind, parts, digest }) => Some((*kind, parts, *digest)),
            _ => None,
        };
        let mut all = ranks.iter().filter_map(|&rank| Some((rank, made(rank)?)));
        let Some((first, (kind, parts, digest))) = all.next() else {
            return Ok(Value::None);
        };
        for (rank, (other, others, own)) in all {
            if other != kind {
                let (a, b) = (words(kind), words(other));
                return type_error(format!(
                    "a local function returns {a} on rank {first} and {b} on rank {rank}"
                ));
            }
            if let Over::Whole = over
                && (others, own) != (parts, digest)
            {
                let error = Error::value(format!(
                    "a local function of arrays that every rank has the whole of returns something else on rank {rank} \
                     than on rank {first}"
                ));
                return Err(error
                    .hint("pass a distributed array, or no array at all for a part from each rank")
                    .into());
            }
            if let Some(((a, _), (b, _))) = parts.iter().zip(others).find(|(a, b)| a.0 != b.0) {
                let error = Error::type_(format!(
                    "a local function returns {a} on rank {first} and {b} on rank {rank}"
                ));
                return Err(error
                    .hint("give the result a dtype: .astype(...), np.array(..., dtype=...)")
                    .into());
            }
        }
        let ran = reports.iter().filter(|report| report.ended.is_some()).count();
        self.ctx.step(|_| format!("a local function has run on {ran} of {} ranks", reports.len()));
        let mut results = Vec::with_capacity(parts.len());
        let mut mine = mine.into_iter();
        for (i, (dtype, shape)) in parts.iter().enumerate() {
            let layout = match over {
                Over::Whole => {
                    parts::axis_of(axis, shape.len())?;
                    self.ctx.replicated(shape)
                }
                _ => {
                    let shapes: Vec<_> = ranks
                        .iter()
                        .map(|&rank| made(rank).map(|(_, parts, _)| parts[i].1.clone()))
                        .collect();
                    Arc::new(parts::layout(&Parts { ranks: &ranks, shapes: &shapes }, like, axis)?)
                }
            };
            let block = match mine.next() {
                Some(part) => part.block,
                None => Block::zeros(*dtype, 0),
            };
            results.push(Value::Array(Array::from_block(layout.shape(), layout, block)));
        }
        Ok(match kind {
            Kind::None => Value::None,
            Kind::One => results.pop().unwrap_or(Value::None),
            Kind::Tuple(_) => Value::tuple(results),
        })
    }
}

fn digest(parts: &[Part]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.iter().for_each(|part| hasher.write(part.block.bytes()));
    hasher.finish()
}

fn words(kind: Kind) -> String {
    match kind {
        Kind::None => "None".to_string(),
        Kind::One => "an array or a number".to_string(),
        Kind::Tuple(n) => format!("a tuple of {n}"),
    }
}

/// The error of the first rank that has one, which it names unless all had the same.
fn failed(reports: &mut [Report], carried: &Carried) -> Option<Box<Raised>> {
    let ran = reports.iter().filter(|report| report.ended.is_some()).count();
    let fault = |report: &Report| match &report.ended {
        Some(Ended::Failed(fault)) => Some((fault.error.name().to_string(), fault.error.message.clone())),
        _ => None,
    };
    let rank = reports.iter().position(|report| fault(report).is_some())?;
    let first = fault(&reports[rank]);
    let alike = reports.iter().filter(|report| fault(report) == first).count();
    let Some(Ended::Failed(Fault { mut error, class, raised })) = reports[rank].ended.take() else {
        return None;
    };
    if alike < ran {
        let blank = if error.message.is_empty() { "" } else { " " };
        error.message = format!("{}{blank}(on rank {rank})", error.message);
    }
    let text = match error.message.is_empty() {
        true => Vec::new(),
        false => vec![Value::str(&error.message)],
    };
    let exception = match class.and_then(|at| carried.classes.get(at)) {
        Some((outside, _)) => Some(Exception::of_user(error.class, outside.clone(), text)),
        // Not taken for a refusal of the language's.
        None if raised && error.class == Class::NotImplementedError => {
            Some(Exception::new(error.class, text))
        }
        None => None,
    };
    if let Some(exception) = &exception {
        *exception.raised.borrow_mut() = error.clone();
    }
    Some(Box::new(Raised { error, located: false, exception }))
}
