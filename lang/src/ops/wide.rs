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

/// As `wide`, with a third copy for AVX-512: for the few loops that everything goes through.
#[inline(always)]
pub fn widest(work: impl FnOnce()) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512f") && std::arch::is_x86_feature_detected!("avx512vl") {
        // SAFETY: the processor has both, as just seen.
        return unsafe { with_long_vectors(work) };
    }
    wide(work);
}

/// Work that has a copy with fused multiply-add. A trait, because closures as long as these are not inlined, and
/// what is not inlined is not compiled for the wider vectors.
pub trait Fusible {
    /// To be marked `#[inline(always)]`, with all that it calls.
    fn run<const FMA: bool>(self) -> bool;
}

/// Runs `work` with fused multiply-add where the processor has it, in code for its widest vectors; without
/// elsewhere.
#[inline(always)]
pub fn fused(work: impl Fusible) -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") && std::arch::is_x86_feature_detected!("avx512dq") {
            // SAFETY: the processor has both, as just seen; AVX-512 includes FMA.
            return unsafe { with_avx512(work) };
        }
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
            // SAFETY: the processor has both, as just seen.
            return unsafe { with_fma(work) };
        }
        work.run::<false>()
    }
    // Every AArch64 processor has it.
    #[cfg(not(target_arch = "x86_64"))]
    if cfg!(target_arch = "aarch64") { work.run::<true>() } else { work.run::<false>() }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(work: impl FnOnce()) {
    work();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl")]
fn with_long_vectors(work: impl FnOnce()) {
    work();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_fma(work: impl Fusible) -> bool {
    work.run::<true>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,fma")]
fn with_avx512(work: impl Fusible) -> bool {
    work.run::<true>()
}
