//! Ends the test when a program hangs, and says which.

use std::collections::BTreeMap;
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

/// Far more than any program takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

static RUNNING: Mutex<BTreeMap<u64, (Instant, String)>> = Mutex::new(BTreeMap::new());
static STARTED: Once = Once::new();

fn running() -> std::sync::MutexGuard<'static, BTreeMap<u64, (Instant, String)>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A program under way, until it is dropped.
pub struct Watched(u64);

impl Drop for Watched {
    fn drop(&mut self) {
        running().remove(&self.0);
    }
}

/// Watches what `text` names until the result is dropped.
pub fn watch(text: String) -> Watched {
    STARTED.call_once(|| drop(std::thread::spawn(look)));
    let mut running = running();
    let key = running.last_key_value().map_or(0, |(key, _)| key + 1);
    running.insert(key, (Instant::now(), text));
    Watched(key)
}

fn look() {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let hung =
            running().values().find(|(since, _)| since.elapsed() > LIMIT).map(|(_, text)| text.clone());
        if let Some(text) = hung {
            // A rank that waits for ever cannot be ended otherwise.
            eprintln!("HANGS: {text}");
            std::process::exit(1);
        }
    }
}
