//! Refusing arrays that do not fit, on all ranks alike, before anything is allocated.

use lang::dtype::DType;
use lang::error::{Class, Error, Result};
use lang::layout::Layout;

use crate::ctx::Ctx;
use crate::pages;
use lang::text::tuple;

/// Blocks of less than this are not worth a message: an allocator that cannot give them has failed already.
const CHECKED: usize = 1 << 26;

/// Whether a shape can exist at all. Not a collective: every rank comes to the same answer.
///
/// # Errors
/// ValueError in NumPy's words where an extent or the size is beyond 63 bits.
pub fn shape(shape: &[usize], dtype: DType) -> Result<usize> {
    if shape.iter().any(|&n| n > isize::MAX as usize) {
        return Err(Error::value("Maximum allowed dimension exceeded"));
    }
    let bytes = shape.iter().filter(|&&n| n > 0).try_fold(dtype.itemsize(), |size, &n| size.checked_mul(n));
    bytes.filter(|&b| b <= isize::MAX as usize).ok_or_else(|| {
        Error::value(
            "array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.",
        )
    })?;
    Ok(shape.iter().product())
}

/// Whether a new array of this layout fits into every rank's memory. Collective where it is large.
///
/// # Errors
/// As `shape`; MemoryError that says how much is needed, where a rank has less.
pub fn check(ctx: &mut Ctx, global: &[usize], dtype: DType, layout: &Layout) -> Result<()> {
    shape(global, dtype)?;
    let largest = (0..ctx.comm.size()).map(|r| layout.local_nbytes(r, dtype.itemsize())).max().unwrap_or(0);
    if largest < CHECKED {
        return Ok(());
    }
    make_room(largest.saturating_mul(ctx.comm.size()));
    let rank = ctx.comm.rank();
    let mine = layout.local_nbytes(rank, dtype.itemsize());
    // Ranks on one machine share its memory: what they all need has to fit.
    let host = std::fs::read("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let here: Vec<bool> = ctx.comm.allgather(&host).iter().map(|other| *other == host).collect();
    let sharing = here.iter().enumerate().filter(|(_, same)| **same);
    let need: usize =
        sharing.map(|(r, _)| layout.local_nbytes(r, dtype.itemsize())).fold(0, usize::saturating_add);
    let mut probe: Vec<u8> = Vec::new();
    let fits = available().is_none_or(|free| need <= free) && probe.try_reserve_exact(mine).is_ok();
    drop(probe);
    let verdict = match fits {
        true => Ok(()),
        false => Err(out_of_memory(global, dtype).hint(format!(
            "the ranks of one machine need {} together, and {} are free there",
            human(need),
            human(available().unwrap_or(0))
        ))),
    };
    ctx.agree(verdict)
}

/// Whether every rank has room for so many bytes more, which all are about to allocate. Collective where it is much.
///
/// # Errors
/// MemoryError.
pub fn room(ctx: &mut Ctx, bytes: usize) -> Result<()> {
    if bytes < CHECKED {
        return Ok(());
    }
    let need = bytes.saturating_mul(ctx.comm.size());
    make_room(need);
    let fits =
        available().is_none_or(|free| need <= free) && Vec::<u8>::new().try_reserve_exact(bytes).is_ok();
    let verdict = match fits {
        true => Ok(()),
        false => {
            Err(Error::new(Class::MemoryError, format!("no room for {} more on every rank", human(bytes))))
        }
    };
    ctx.agree(verdict)
}

/// What waits to be used again counts as used: it is given back where so many bytes are much of what is free.
fn make_room(need: usize) {
    if available().is_some_and(|free| need > free / 2) {
        pages::release();
    }
}

/// NumPy's words for an array that does not fit.
pub fn out_of_memory(shape: &[usize], dtype: DType) -> Error {
    let bytes = shape.iter().fold(dtype.itemsize(), |n, &extent| n.saturating_mul(extent));
    Error::new(
        Class::MemoryError,
        format!(
            "Unable to allocate {} for an array with shape {} and data type {dtype}",
            human(bytes),
            tuple(shape)
        ),
    )
}

/// Bytes that this machine, or the container that it is, can still give, where it says so.
fn available() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
    let machine = line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? * 1024;
    let number = |name: &str| -> Option<usize> {
        std::fs::read_to_string(format!("/sys/fs/cgroup/memory.{name}")).ok()?.trim().parse().ok()
    };
    // Without a limit the file says `max`, which is no number.
    match (number("max"), number("current")) {
        (Some(limit), Some(used)) => Some(machine.min(limit.saturating_sub(used))),
        _ => Some(machine),
    }
}

/// As NumPy prints sizes in its MemoryError: three digits, `7.28 TiB`, `728. TiB`.
fn human(bytes: usize) -> String {
    const UNITS: [&str; 7] = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut unit = (1..UNITS.len()).rfind(|&u| bytes >> (10 * u) > 0).unwrap_or(0);
    let mut value = bytes as f64 / (1u64 << (10 * unit)) as f64;
    if value.round() == 1024.0 && unit + 1 < UNITS.len() {
        (value, unit) = (value / 1024.0, unit + 1);
    }
    let number = match value {
        _ if unit == 0 => format!("{bytes}"),
        v if v >= 99.95 => format!("{v:.0}."),
        v if v >= 9.995 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    };
    format!("{number} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_numpys() {
        // numpy._core._exceptions._ArrayMemoryError._size_to_string
        let table = [
            (5, "5 bytes"),
            (800 << 40, "800. TiB"),
            (8 << 40, "8.00 TiB"),
            (10_240, "10.0 KiB"),
            (1012 << 40, "1012. TiB"),
            ((1 << 20) - 1, "1.00 MiB"),
        ];
        for (bytes, want) in table {
            assert_eq!(human(bytes), want);
        }
    }
}
