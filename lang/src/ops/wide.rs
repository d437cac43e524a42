//! The choice, at run time, of code for wider vectors than every processor has.
#![allow(unsafe_code)]

/// Runs `work`, compiled once for every processor and once for those with AVX2, where the compiler's vectors are
/// twice as long. The results are the same, bit for bit: no operation is fused or reordered.
#[inline(always)]
pub fn wide(work: impl FnOnce()) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as just seen.
        return unsafe { with_avx2(work) };
    }
    work();
}

/// Runs `fused` on `data`, which may multiply and add in one operation, where the processor has that operation, in code for
/// its widest vectors; `plain` elsewhere.
#[inline(always)]
pub fn fused_or<D, R>(data: D, fused: impl FnOnce(D) -> R, plain: impl FnOnce(D) -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f")
            && std::arch::is_x86_feature_detected!("avx512dq")
        {
            // SAFETY: the processor has both, as just seen.
            return unsafe { with_avx512(|| fused(data)) };
        }
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
        {
            // SAFETY: the processor has both, as just seen.
            return unsafe { with_fma(|| fused(data)) };
        }
        plain(data)
    }
    // Every AArch64 processor has it.
    #[cfg(not(target_arch = "x86_64"))]
    if cfg!(target_arch = "aarch64") {
        fused(data)
    } else {
        plain(data)
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(work: impl FnOnce()) {
    work();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_fma<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,fma")]
fn with_avx512<R>(work: impl FnOnce() -> R) -> R {
    work()
}
