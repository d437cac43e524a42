//! The programs of a team: those that wait for it, and those that run, with what each rank has said of them.

use std::collections::VecDeque;

use engines::link::{Output, Reply, ToEngine};
use lang::error::Error;
use lang::ir::Program;

use super::Event;

/// The engines count the programs that they get from 1, in the order of `start`; callers have numbers of their own, for a
/// program may be refused before it starts.
#[derive(Default)]
pub struct Jobs {
    waiting: VecDeque<(u64, Box<Program>)>,
    running: VecDeque<Job>,
    /// Programs that all ranks have ended.
    ended: u64,
}

struct Job {
    seq: u64,
    outputs: Vec<Output>,
    replies: Vec<Option<Box<Reply>>>,
}

impl Jobs {
    pub fn push(&mut self, seq: u64, program: Box<Program>) {
        self.waiting.push_back((seq, program));
    }

    /// What waits, as `ranks` ranks are to be told.
    pub fn start(&mut self, ranks: usize) -> Vec<ToEngine> {
        let mut messages = Vec::new();
        for (seq, program) in self.waiting.drain(..) {
            let replies = (0..ranks).map(|_| None).collect();
            self.running.push_back(Job { seq, outputs: Vec::new(), replies });
            messages.push(ToEngine::Run { seq: self.ended + self.running.len() as u64, program });
        }
        messages
    }

    /// By the engines' number.
    fn job(&mut self, number: u64) -> Option<&mut Job> {
        let index = number.checked_sub(self.ended + 1)?;
        self.running.get_mut(index as usize)
    }

    pub fn say(&mut self, number: u64, output: Output) {
        if let Some(job) = self.job(number) {
            job.outputs.push(output);
        }
    }

    pub fn done(&mut self, number: u64, rank: usize, reply: Box<Reply>) {
        if let Some(slot) = self.job(number).and_then(|job| job.replies.get_mut(rank)) {
            *slot = Some(reply);
        }
    }

    /// What can be told of the programs, in their order: a rank may be ahead of the others, and its words then wait.
    /// After that, the disagreement, if the ranks have ended a program differently: what they hold is not the same then.
    pub fn events(&mut self) -> (Vec<Event>, Option<String>) {
        let mut events = Vec::new();
        while let Some(job) = self.running.front_mut() {
            let seq = job.seq;
            events.extend(job.outputs.drain(..).map(|output| Event::Output { seq, output }));
            if job.replies.iter().any(Option::is_none) {
                break;
            }
            let replies: Vec<&Reply> = job.replies.iter().flatten().map(Box::as_ref).collect();
            let class = |reply: &Reply| reply.error.as_ref().map(|e| e.class);
            if let Some(odd) = replies.iter().position(|reply| class(reply) != class(replies[0])) {
                let words = |reply: &Reply| reply.error.as_ref().map_or("no error".into(), Error::to_string);
                let (zero, other) = (words(replies[0]), words(replies[odd]));
                let why = format!("the ranks disagree: rank 0 has {zero}; rank {odd} has {other}");
                return (events, Some(why));
            }
            let stats = replies.iter().map(|reply| reply.stats).collect();
            let reply = job.replies.swap_remove(0).unwrap_or_default();
            events.push(Event::Done { seq, reply, stats });
            self.running.pop_front();
            self.ended += 1;
        }
        (events, None)
    }

    /// The engines' number of the program that an interrupt is for: the first, unless a rank has ended it already, for
    /// then the others cannot be stopped at a place that this one reaches.
    pub fn interruptible(&self) -> Option<u64> {
        let job = self.running.front()?;
        job.replies.iter().all(Option::is_none).then_some(self.ended + 1)
    }

    pub fn idle(&self) -> bool {
        self.running.is_empty()
    }

    /// Gives up what waits.
    pub fn drop_waiting(&mut self) -> Vec<u64> {
        self.waiting.drain(..).map(|(seq, _)| seq).collect()
    }

    /// Gives up everything.
    pub fn drop_all(&mut self) -> Vec<u64> {
        let running: Vec<u64> = self.running.drain(..).map(|job| job.seq).collect();
        running.into_iter().chain(self.drop_waiting()).collect()
    }
}

#[cfg(test)]
mod tests {
    use lang::session::Session;
    use lang::source::Source;

    use super::*;

    fn jobs(n: u64) -> Jobs {
        let mut jobs = Jobs::default();
        for seq in 1..=n {
            let source = Source { name: "cell".into(), text: String::new() };
            jobs.push(seq * 10, Box::new(lang::compile(source, &Session::default()).unwrap()));
        }
        assert_eq!(jobs.start(2).len(), n as usize);
        jobs
    }

    fn told(jobs: &mut Jobs) -> (Vec<String>, bool) {
        let (events, why) = jobs.events();
        let words = events.iter().map(|event| match event {
            Event::Output { seq, output: Output::Stdout(text) } => format!("{seq}:{text}"),
            Event::Done { seq, .. } => format!("{seq}."),
            other => format!("{other:?}"),
        });
        (words.collect(), why.is_some())
    }

    #[test]
    fn a_rank_may_be_ahead() {
        let mut jobs = jobs(2);
        let say = |jobs: &mut Jobs, number, text: &str| jobs.say(number, Output::Stdout(text.into()));
        say(&mut jobs, 1, "a");
        assert_eq!(told(&mut jobs), (vec!["10:a".to_string()], false));
        assert_eq!(jobs.interruptible(), Some(1));
        jobs.done(1, 0, Box::default());
        assert_eq!(jobs.interruptible(), None);
        say(&mut jobs, 2, "b");
        jobs.done(2, 0, Box::default());
        assert_eq!(told(&mut jobs), (vec![], false));
        jobs.done(1, 1, Box::default());
        assert_eq!(told(&mut jobs), (vec!["10.".to_string(), "20:b".to_string()], false));
        say(&mut jobs, 1, "late");
        jobs.done(2, 1, Box::default());
        assert_eq!(told(&mut jobs), (vec!["20.".to_string()], false));
        assert!(jobs.idle() && jobs.drop_all().is_empty());
    }

    #[test]
    fn what_was_well_is_told_before_a_disagreement() {
        let mut jobs = jobs(3);
        let error = Some(Error::value("odd"));
        jobs.done(1, 0, Box::default());
        jobs.done(2, 0, Box::default());
        jobs.done(2, 1, Box::new(Reply { error, ..Reply::default() }));
        jobs.done(1, 1, Box::default());
        assert_eq!(told(&mut jobs), (vec!["10.".to_string()], true));
        assert_eq!(jobs.drop_all(), [20, 30]);
    }
}
