//! CPython's hashes, those of text as under `PYTHONHASHSEED=0`: they decide the order of a set's items, on every rank.
//!
//! After CPython's documentation ("Hashing of numeric types") and the published algorithms: SipHash-1-3 for text, a
//! variant of xxHash for tuples.

use num_bigint::Sign;
use num_traits::ToPrimitive;

use super::dict::Key;

/// Numbers hash to their residue modulo this prime, 2^61 - 1.
const MODULUS: u64 = (1 << 61) - 1;

/// `hash(value)` of the value with this key, where it is the same in every process.
pub fn of(key: &Key) -> Option<i64> {
    match key {
        Key::Object(_) | Key::Named(..) => None,
        Key::Tuple(items) => items.iter().all(|item| of(item).is_some()).then(|| hash(key)),
        _ => Some(hash(key)),
    }
}

/// `hash(value)` of the value with this key. What Python hashes by its address has a hash of its kind here.
pub fn hash(key: &Key) -> i64 {
    match key {
        Key::None => 0xfca8_6420,
        Key::Ellipsis => 0x7fff_1e11,
        Key::Int(i) => signed((i.unsigned_abs()) % MODULUS, *i < 0),
        Key::BigInt(b) => {
            let residue = (b.magnitude() % MODULUS).to_u64().unwrap_or(0);
            signed(residue, b.sign() == Sign::Minus)
        }
        Key::Float(bits) => float(f64::from_bits(*bits)),
        Key::Complex(re, im) => {
            let (re, im) = (float(f64::from_bits(*re)), float(f64::from_bits(*im)));
            not_minus_one(re.wrapping_add(im.wrapping_mul(1_000_003)))
        }
        Key::Str(text) => self::text(text),
        Key::Tuple(items) => tuple(items.iter().map(hash)),
        Key::Range(start, len, step) => {
            let none = hash(&Key::None);
            let int = |i: i64| hash(&Key::Int(i));
            match len {
                0 => tuple([0, none, none].into_iter()),
                1 => tuple([1, int(*start), none].into_iter()),
                _ => tuple([*len, int(*start), int(*step)].into_iter()),
            }
        }
        Key::Set(items) => items.hash(),
        Key::Named(kind, name) => self::text(&format!("{kind} {name}")),
        // Its address differs between ranks.
        Key::Object(_) => 1,
    }
}

fn signed(residue: u64, negative: bool) -> i64 {
    not_minus_one(if negative { -(residue as i64) } else { residue as i64 })
}

/// -1 means an error inside of CPython.
fn not_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

fn float(f: f64) -> i64 {
    if f.is_nan() {
        return 0;
    }
    if f.is_infinite() {
        return if f > 0.0 { 314_159 } else { -314_159 };
    }
    let bits = f.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
    // f = mantissa * 2^power, and 2^61 is 1 modulo the prime.
    let (mantissa, power) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let shift = power.rem_euclid(61) as u32;
    let residue = ((mantissa as u128) << shift) % MODULUS as u128;
    signed(residue as u64, f < 0.0)
}

fn tuple(lanes: impl ExactSizeIterator<Item = i64>) -> i64 {
    const PRIMES: [u64; 3] =
        [11_400_714_785_074_694_791, 14_029_467_366_897_019_727, 2_870_177_450_012_600_261];
    let count = lanes.len() as u64;
    let mut sum = PRIMES[2];
    for lane in lanes {
        sum = sum.wrapping_add((lane as u64).wrapping_mul(PRIMES[1])).rotate_left(31).wrapping_mul(PRIMES[0]);
    }
    sum = sum.wrapping_add(count ^ PRIMES[2] ^ 3_527_539);
    if sum == u64::MAX { 1_546_275_796 } else { sum as i64 }
}

/// The hash of a frozenset with items of these hashes, in any order.
pub fn unordered(items: impl Iterator<Item = i64>) -> i64 {
    let (mut hash, mut count) = (0_u64, 0_u64);
    for item in items {
        let item = item as u64;
        hash ^= ((item ^ 89_869_747) ^ (item << 16)).wrapping_mul(3_644_798_167);
        count += 1;
    }
    hash ^= (count + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash == u64::MAX { 590_923_713 } else { hash as i64 }
}

/// SipHash-1-3 with a key of zeros over the text's code points, as wide as its widest needs.
fn text(text: &str) -> i64 {
    if text.is_empty() {
        return 0;
    }
    let widest = text.chars().map(u32::from).max().unwrap_or(0);
    let bytes: Vec<u8> = match widest {
        0..=0x7f => text.as_bytes().to_vec(),
        0x80..=0xff => text.chars().map(|c| u32::from(c) as u8).collect(),
        0x100..=0xffff => text.chars().flat_map(|c| (u32::from(c) as u16).to_le_bytes()).collect(),
        _ => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
    };
    not_minus_one(siphash13(&bytes) as i64)
}

fn siphash13(bytes: &[u8]) -> u64 {
    let mut v: [u64; 4] =
        [0x736f_6d65_7073_6575, 0x646f_7261_6e64_6f6d, 0x6c79_6765_6e65_7261, 0x7465_6462_7974_6573];
    let round = |v: &mut [u64; 4]| {
        v[0] = v[0].wrapping_add(v[1]);
        v[2] = v[2].wrapping_add(v[3]);
        v[1] = v[1].rotate_left(13) ^ v[0];
        v[3] = v[3].rotate_left(16) ^ v[2];
        v[0] = v[0].rotate_left(32);
        v[2] = v[2].wrapping_add(v[1]);
        v[0] = v[0].wrapping_add(v[3]);
        v[1] = v[1].rotate_left(17) ^ v[2];
        v[3] = v[3].rotate_left(21) ^ v[0];
        v[2] = v[2].rotate_left(32);
    };
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.iter().rev().fold(0, |word, &b| word << 8 | u64::from(b));
        v[3] ^= word;
        round(&mut v);
        v[0] ^= word;
    }
    let rest = chunks.remainder().iter().rev().fold(0, |word, &b| word << 8 | u64::from(b));
    let word = (bytes.len() as u64) << 56 | rest;
    v[3] ^= word;
    round(&mut v);
    v[0] ^= word;
    v[2] ^= 0xff;
    (0..3).for_each(|_| round(&mut v));
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;

    use super::*;

    #[test]
    fn as_cpython_hashes() {
        // By CPython 3.11 under PYTHONHASHSEED=0.
        let int = |i| hash(&Key::Int(i));
        assert_eq!([int(0), int(-1), int(5), int(i64::MIN)], [0, -2, 5, -4]);
        assert_eq!(hash(&Key::Float(0.5_f64.to_bits())), 1_152_921_504_606_846_976);
        assert_eq!(hash(&Key::Float((-1.25_f64).to_bits())), -576_460_752_303_423_489);
        for (text, want) in [
            ("", 0),
            ("a", 4_644_417_185_603_328_019),
            ("hello world", -5_642_461_784_034_726_774),
            ("né", 6_145_485_207_905_905_858),
            ("λ😀", -3_770_252_090_293_547_785),
            ("abcdefgh", 4_574_395_652_268_504_554),
        ] {
            assert_eq!(hash(&Key::Str(text.into())), want, "{text}");
        }
        let pair = Key::Tuple(vec![Key::Int(1), Key::Int(2)]);
        assert_eq!(hash(&pair), -3_550_055_125_485_641_917);
        assert_eq!(unordered([1, 2, 3].into_iter()), -272_375_401_224_217_160);
        let big: BigInt = BigInt::from(1) << 61;
        assert_eq!(hash(&Key::BigInt(big.into())), 1);
    }
}
