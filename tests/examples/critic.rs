//! Throwaway: runs the cases of a file on teams.
use harness::team::{Team, run};
use std::io::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};
static NOW: Mutex<Option<(Instant, usize, String)>> = Mutex::new(None);
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).expect("file");
    let from: usize = args[2].parse().expect("number");
    let team = {
        let p: Vec<&str> = args[3].split(',').collect();
        Team {
            ranks: p[0].parse().expect("ranks"),
            small: p[1].parse().expect("small"),
            layout: Box::leak(p[2].to_string().into_boxed_str()),
        }
    };
    std::panic::set_hook(Box::new(|_| ()));
    std::thread::spawn(|| {
        loop {
            std::thread::sleep(Duration::from_millis(200));
            let now = NOW.lock().expect("lock");
            if let Some((since, case, source)) = &*now
                && since.elapsed() > Duration::from_secs(20)
            {
                println!(
                    "{}",
                    serde_json::json!({"case": case, "printed": "", "error": "HANG", "message": source})
                );
                std::process::exit(3);
            }
        }
    });
    for (i, source) in text.split("\n\x1e\n").enumerate().skip(from) {
        *NOW.lock().expect("lock") = Some((Instant::now(), i, source.into()));
        let out = std::panic::catch_unwind(|| run(source, team));
        let line = match out {
            Ok(o) => {
                serde_json::json!({"case": i, "printed": o.printed, "error": o.error, "message": o.message})
            }
            Err(p) => {
                let m = p
                    .downcast_ref::<String>()
                    .cloned()
                    .or_else(|| p.downcast_ref::<&str>().map(|s| s.to_string()));
                serde_json::json!({"case": i, "printed": "", "error": "PANIC", "message": m})
            }
        };
        *NOW.lock().expect("lock") = None;
        println!("{line}");
        let _ = std::io::stdout().flush();
    }
}
