//! Where to stop a program that all ranks run: the kernel's side of docs/architecture.md, "Interrupts".

/// What the team is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Hold { seq: u64, nth: u32 },
    Interrupt { seq: u64, nth: u32, until: u64 },
}

/// Collects where the held ranks are.
#[derive(Debug, Default)]
pub struct Coordinator {
    held: Option<Stops>,
}

/// The `nth` interrupt of program `seq`, and the stop that each rank's position asks for; empty once the ranks go on.
#[derive(Debug)]
struct Stops {
    seq: u64,
    nth: u32,
    stops: Vec<Option<u64>>,
}

impl Coordinator {
    /// A person asks: program `seq` runs, on `ranks` ranks. Until these go on, one interrupt is enough.
    pub fn begin(&mut self, seq: u64, ranks: usize) -> Option<Order> {
        let nth = match &self.held {
            Some(held) if held.seq == seq && !held.stops.is_empty() => return None,
            Some(held) if held.seq == seq => held.nth + 1,
            _ => 1,
        };
        self.held = Some(Stops { seq, nth, stops: vec![None; ranks] });
        Some(Order::Hold { seq, nth })
    }

    /// A rank waits at safe point `last` (`paused`), or is in the statement after it.
    pub fn held(&mut self, rank: usize, seq: u64, last: u64, paused: bool) -> Option<Order> {
        let held = self.held.as_mut().filter(|held| held.seq == seq && rank < held.stops.len())?;
        held.stops[rank] = Some(if paused { last } else { last + 1 });
        let until = held.stops.iter().copied().collect::<Option<Vec<u64>>>()?.into_iter().max()?;
        held.stops.clear();
        Some(Order::Interrupt { seq, nth: held.nth, until })
    }

    /// A rank has ended program `seq`: there is no stop that all can reach, so let all of them end it.
    pub fn ended(&mut self, seq: u64) -> Option<Order> {
        let held = self.held.as_mut().filter(|held| held.seq == seq && !held.stops.is_empty())?;
        held.stops.clear();
        Some(Order::Interrupt { seq, nth: held.nth, until: u64::MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where ranks held at these places are told to stop.
    fn until(places: &[(u64, bool)]) -> Option<Order> {
        let mut coordinator = Coordinator::default();
        assert_eq!(coordinator.begin(7, places.len()), Some(Order::Hold { seq: 7, nth: 1 }));
        assert_eq!(coordinator.begin(7, places.len()), None);
        let (&(last, paused), others) = places.split_last().unwrap();
        for (rank, &(last, paused)) in others.iter().enumerate() {
            assert_eq!(coordinator.held(rank, 7, last, paused), None);
            assert_eq!(coordinator.held(rank, 6, 100, paused), None);
        }
        let order = coordinator.held(others.len(), 7, last, paused);
        assert_eq!(coordinator.ended(7), None);
        assert_eq!(coordinator.begin(7, places.len()), Some(Order::Hold { seq: 7, nth: 2 }));
        order
    }

    #[test]
    fn the_furthest_that_any_rank_must_go() {
        let (paused, inside) = (true, false);
        for (places, stop) in [
            (&[(5, paused)][..], 5),
            (&[(5, inside)], 6),
            (&[(0, inside)], 1),
            (&[(5, paused), (5, paused)], 5),
            (&[(5, paused), (4, inside)], 5),
            (&[(5, paused), (5, inside)], 6),
            (&[(9, paused), (2, inside), (8, inside)], 9),
        ] {
            assert_eq!(until(places), Some(Order::Interrupt { seq: 7, nth: 1, until: stop }), "{places:?}");
        }
    }

    #[test]
    fn a_program_that_ends_meanwhile_is_let_go() {
        let mut coordinator = Coordinator::default();
        assert_eq!(coordinator.ended(1), None);
        coordinator.begin(1, 2);
        coordinator.held(0, 1, 3, true);
        assert_eq!(coordinator.ended(1), Some(Order::Interrupt { seq: 1, nth: 1, until: u64::MAX }));
        assert_eq!(coordinator.ended(1), None);
        assert_eq!(coordinator.held(1, 1, 3, true), None);
        assert_eq!(coordinator.begin(2, 2), Some(Order::Hold { seq: 2, nth: 1 }));
    }
}
