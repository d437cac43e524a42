//! Jumps of the Mersenne Twister: powers of x modulo its characteristic polynomial (Haramoto et al. 2008).
//!
//! The words of the recurrence satisfy that polynomial bit by bit. With x**n = sum c_j x**j, the word n steps on is the
//! sum of the words j steps on where c_j is set.

pub const DEGREE: usize = 19937;
const WORDS: usize = DEGREE.div_ceil(64);

/// The exponents of the characteristic polynomial below its degree, as Berlekamp and Massey's algorithm finds them.
#[rustfmt::skip]
const TERMS: [usize; 134] = [
    0, 1189, 1416, 1585, 1643, 1870, 2493, 2773, 3000, 3227, 3454, 3681, 3908, 4135, 4362, 4753, 5661, 6337,
    6569, 7129, 7477, 7525, 7583, 7752, 7979, 8206, 9505, 9901, 9969, 10128, 10693, 10761, 10920, 11089,
    11147, 11157, 11215, 11321, 11374, 11384, 11485, 11611, 11712, 11717, 11838, 11881, 11944, 11997, 12277,
    12335, 12393, 12504, 12509, 12620, 12673, 12731, 12736, 12789, 12905, 12958, 12963, 13137, 13185, 13190,
    13243, 13301, 13412, 13528, 13533, 13639, 13697, 13760, 13813, 13866, 14093, 14151, 14209, 14320, 14325,
    14436, 14547, 14552, 14605, 14721, 14774, 14779, 14953, 15001, 15006, 15059, 15117, 15228, 15344, 15349,
    15455, 15513, 15576, 15629, 15682, 15909, 15967, 16025, 16136, 16141, 16252, 16363, 16368, 16421, 16537,
    16590, 16595, 16817, 16822, 16875, 16933, 17044, 17160, 17271, 17329, 17445, 17498, 17725, 17783, 17841,
    17952, 18068, 18179, 18237, 18406, 18633, 18691, 18860, 19087, 19314,
];

/// A polynomial over GF(2) of degree below `DEGREE`, lowest coefficient first.
type Poly = [u64; WORDS];

/// The exponents of x**n modulo the characteristic polynomial, rising.
pub fn power(n: u64) -> impl Iterator<Item = usize> {
    let mut x: Poly = [0; WORDS];
    x[0] = 1;
    for bit in (0..u64::BITS - n.leading_zeros()).rev() {
        x = squared(&x);
        if n >> bit & 1 == 1 {
            x = shifted(&x);
        }
    }
    (0..DEGREE).filter(move |&j| x[j / 64] >> (j % 64) & 1 == 1)
}

fn squared(x: &Poly) -> Poly {
    let mut wide = [0; 2 * WORDS];
    for (i, &word) in x.iter().enumerate() {
        wide[2 * i] = spread(word as u32);
        wide[2 * i + 1] = spread((word >> 32) as u32);
    }
    // No two exponents are closer than a word at the top, so that whole words fold down at once.
    for i in (WORDS..2 * WORDS).rev() {
        let word = std::mem::take(&mut wide[i]);
        fold(&mut wide, word, 64 * i - DEGREE);
    }
    let top = wide[WORDS - 1] >> (DEGREE % 64);
    wide[WORDS - 1] &= (1 << (DEGREE % 64)) - 1;
    fold(&mut wide, top, 0);
    std::array::from_fn(|i| wide[i])
}

/// `x * p(x)`.
fn shifted(x: &Poly) -> Poly {
    let mut next: Poly = std::array::from_fn(|i| x[i] << 1 | if i > 0 { x[i - 1] >> 63 } else { 0 });
    let top = next[WORDS - 1] >> (DEGREE % 64);
    next[WORDS - 1] &= (1 << (DEGREE % 64)) - 1;
    fold(&mut next, top, 0);
    next
}

/// Adds what x**(DEGREE + at) times the bits of `word` is below its degree.
fn fold(x: &mut [u64], word: u64, at: usize) {
    if word == 0 {
        return;
    }
    for term in TERMS {
        let (i, shift) = ((term + at) / 64, (term + at) % 64);
        x[i] ^= word << shift;
        if shift > 0 {
            x[i + 1] ^= word >> (64 - shift);
        }
    }
}

/// The bits with zeros between them.
fn spread(word: u32) -> u64 {
    let mut x = u64::from(word);
    x = (x | x << 16) & 0x0000_ffff_0000_ffff;
    x = (x | x << 8) & 0x00ff_00ff_00ff_00ff;
    x = (x | x << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    x = (x | x << 2) & 0x3333_3333_3333_3333;
    (x | x << 1) & 0x5555_5555_5555_5555
}
