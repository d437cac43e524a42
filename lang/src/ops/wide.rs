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

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(work: impl FnOnce()) {
    work();
}
