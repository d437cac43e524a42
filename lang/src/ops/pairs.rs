//! Two operations of floats in one pass over a tile: what lies between stays in the processor's registers.

use super::LoopFn;
use super::loops::longest3;
use crate::dtype::DType;

/// `second(first(x, y), z)` where `left`, else `second(z, first(x, y))`.
struct Pair {
    first: &'static str,
    second: &'static str,
    left: bool,
    f64: LoopFn,
    f32: LoopFn,
}

macro_rules! pairs {
    ($($first:literal $second:literal $left:literal |$x:ident, $y:ident, $z:ident| $value:expr;)*) => {
        &[$(Pair {
            first: $first,
            second: $second,
            left: $left,
            f64: |ins, outs| longest3::<f64>(ins, outs, |$x, $y, $z| $value),
            f32: |ins, outs| longest3::<f32>(ins, outs, |$x, $y, $z| $value),
        }),*]
    };
}

const PAIRS: &[Pair] = pairs! {
    "multiply" "add" true |x, y, z| x * y + z;
    "multiply" "add" false |x, y, z| z + x * y;
    "multiply" "subtract" true |x, y, z| x * y - z;
    "multiply" "subtract" false |x, y, z| z - x * y;
    "multiply" "multiply" true |x, y, z| x * y * z;
    "multiply" "multiply" false |x, y, z| z * (x * y);
    "add" "add" true |x, y, z| x + y + z;
    "add" "add" false |x, y, z| z + (x + y);
    "add" "subtract" true |x, y, z| x + y - z;
    "add" "subtract" false |x, y, z| z - (x + y);
    "add" "multiply" true |x, y, z| (x + y) * z;
    "add" "multiply" false |x, y, z| z * (x + y);
    "subtract" "add" true |x, y, z| x - y + z;
    "subtract" "add" false |x, y, z| z + (x - y);
    "subtract" "subtract" true |x, y, z| x - y - z;
    "subtract" "subtract" false |x, y, z| z - (x - y);
    "subtract" "multiply" true |x, y, z| (x - y) * z;
    "subtract" "multiply" false |x, y, z| z * (x - y);
};

/// The loop over `x, y, z` that gives what two loops of that dtype give one after the other, bit for bit; `left` says
/// that the first one's result is the second one's left operand.
pub fn pair(first: &str, second: &str, left: bool, dtype: DType) -> Option<LoopFn> {
    let found = PAIRS.iter().find(|p| p.first == first && p.second == second && p.left == left)?;
    match dtype {
        DType::F64 => Some(found.f64),
        DType::F32 => Some(found.f32),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{self, Module, Run};

    fn run(name: &str, a: &[f64], b: &[f64]) -> Vec<f64> {
        let row = ops::row(ops::lookup(Module::Numpy, name).expect("a row"));
        let Run::Ufunc(loops) = row.run else { panic!("{name} is no ufunc") };
        let found = loops.iter().find(|l| l.ins == [DType::F64, DType::F64]).expect("a loop");
        let mut out = vec![0.0; a.len()];
        let slices = [bytemuck::cast_slice(a), bytemuck::cast_slice(b)];
        (found.run)(&slices, &mut [bytemuck::cast_slice_mut(&mut out)]);
        out
    }

    #[test]
    fn pairs_are_the_two_loops() {
        let numbers: Vec<f64> =
            (0..97).map(|i| (f64::from(i) * 0.7).sin() * 10f64.powi(i % 40 - 20)).collect();
        let special = [f64::INFINITY, -0.0, f64::MIN_POSITIVE / 8.0];
        let of = |at: usize| -> Vec<f64> { numbers[at..at + 90].iter().chain(&special).copied().collect() };
        let (x, y, z) = (of(0), of(3), of(7));
        for p in PAIRS {
            let first = run(p.first, &x, &y);
            let want = if p.left { run(p.second, &first, &z) } else { run(p.second, &z, &first) };
            let mut out = vec![0.0; z.len()];
            let slices: Vec<&[u8]> = [&x, &y, &z].map(|s| bytemuck::cast_slice(s)).to_vec();
            let loop_ = pair(p.first, p.second, p.left, DType::F64).expect("a pair");
            loop_(&slices, &mut [bytemuck::cast_slice_mut(&mut out)]);
            let bits = |v: &[f64]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&out), bits(&want), "{} then {}", p.first, p.second);
        }
    }
}
