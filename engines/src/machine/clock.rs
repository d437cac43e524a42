//! Python's `time` module. A clock differs between ranks: the first rank reads its own, and all have its answer.

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use lang::ops::Time;

use super::Machine;
use super::number::{self, Num};
use super::raise::{Eval, type_error, value_error};
use super::types::type_name;
use crate::value::Value;

/// What the monotonic clocks count from.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// A sleeping rank looks for an interrupt so often.
const NAP: Duration = Duration::from_millis(50);

pub fn call(machine: &mut Machine, time: Time, seconds: Option<&Value>) -> Eval<Value> {
    if time == Time::Sleep {
        return sleep(machine, seconds.unwrap_or(&Value::None));
    }
    let elapsed = match time {
        Time::Time | Time::TimeNs => {
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
        }
        Time::ProcessTime => processor_time(),
        _ => START.elapsed(),
    };
    let mine = if machine.ctx.comm.rank() == 0 {
        (elapsed.as_nanos() as u64).to_le_bytes().to_vec()
    } else {
        Vec::new()
    };
    let all = machine.ctx.comm.allgather(&mine);
    let nanoseconds = all.first().and_then(|word| word[..].try_into().ok()).map_or(0, u64::from_le_bytes);
    Ok(match time {
        Time::TimeNs | Time::PerfCounterNs => Value::Int(nanoseconds as i64),
        _ => Value::Float(nanoseconds as f64 / 1e9),
    })
}

/// All ranks sleep as long, and pass as many safe points.
fn sleep(machine: &mut Machine, seconds: &Value) -> Eval<Value> {
    let length = match Num::of_any(seconds) {
        Some(num) if !matches!(num, Num::Complex(_)) => number::to_float(&num)?,
        _ => {
            return type_error(format!(
                "'{}' object cannot be interpreted as an integer",
                type_name(seconds)
            ));
        }
    };
    if length.is_nan() {
        return value_error("Invalid value NaN (not a number)");
    }
    if length < 0.0 {
        return value_error("sleep length must be non-negative");
    }
    let naps = (length / NAP.as_secs_f64()).floor();
    let rest = length - naps * NAP.as_secs_f64();
    for _ in 0..naps as u64 {
        std::thread::sleep(NAP);
        machine.ctx.safe_point()?;
    }
    std::thread::sleep(Duration::from_secs_f64(rest.clamp(0.0, 1.0)));
    Ok(Value::None)
}

/// The processor time of this process, by its ticks; ranks that are threads share one.
fn processor_time() -> Duration {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
        return START.elapsed();
    };
    // Behind the name, which may hold spaces: user and system time are the 12th and 13th fields, in hundredths.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|&i| fields.get(i)?.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
