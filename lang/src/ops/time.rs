//! Python's `time` module: one rank reads the clock, and all have its answer.

use super::{Host, Module, Row, Time};

pub const ROWS: &[Row] = &[
    time(
        "monotonic",
        "()",
        "Seconds by a clock that never goes back.",
        "time.monotonic() >= 0",
        "a float",
        Time::Monotonic,
    ),
    time(
        "perf_counter",
        "()",
        "Seconds by the clock for short times.",
        "start = time.perf_counter()\ntime.perf_counter() >= start",
        "a float",
        Time::PerfCounter,
    ),
    time(
        "perf_counter_ns",
        "()",
        "Nanoseconds by the clock for short times.",
        "time.perf_counter_ns() >= 0",
        "an int",
        Time::PerfCounterNs,
    ),
    time(
        "process_time",
        "()",
        "Seconds of processor time, of one rank.",
        "time.process_time() >= 0",
        "a float",
        Time::ProcessTime,
    ),
    time(
        "sleep",
        "(seconds, /)",
        "Does nothing for so many seconds, on all ranks.",
        "time.sleep(0.001)",
        "None",
        Time::Sleep,
    ),
    time("time", "()", "Seconds since the start of 1970, UTC.", "time.time() > 1.7e9", "a float", Time::Time),
    time(
        "time_ns",
        "()",
        "Nanoseconds since the start of 1970, UTC.",
        "time.time_ns() > 1.7e18",
        "an int",
        Time::TimeNs,
    ),
];

const fn time(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    function: Time,
) -> Row {
    let row = super::objects::builtin(name, signature, doc, example, result, Host::Time(function));
    Row { module: Module::Time, ..row }
}
