//! Sums, products and quotients with their rounding errors (Dekker 1971, Knuth, TAOCP 4.2.2): `(rounded, rest)`.

/// `a * b + c`, rounded once where `FMA`.
#[inline(always)]
pub fn fma<const FMA: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// The polynomial of these coefficients, the constant first, by Horner's rule.
#[inline(always)]
pub fn poly<const FMA: bool, const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let mut sum = coefficients[N - 1];
    for c in coefficients[..N - 1].iter().rev() {
        sum = fma::<FMA>(sum, x, *c);
    }
    sum
}

#[inline(always)]
pub fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// As `two_sum`, where `a` is 0 or not smaller than `b`.
#[inline(always)]
pub fn quick_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

#[inline(always)]
pub fn two_product<const FMA: bool>(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    if FMA {
        return (product, a.mul_add(b, -product));
    }
    let ((ah, al), (bh, bl)) = (halves(a), halves(b));
    (product, al * bl - (((product - ah * bh) - al * bh) - ah * bl))
}

/// `c - a * b`, where that is a float or nearly so.
#[inline(always)]
pub fn less_product<const FMA: bool>(c: f64, a: f64, b: f64) -> f64 {
    if FMA {
        return (-a).mul_add(b, c);
    }
    let (product, rest) = two_product::<FMA>(a, b);
    (c - product) - rest
}

/// Its upper 26 bits, and the rest.
#[inline(always)]
fn halves(x: f64) -> (f64, f64) {
    let shifted = x * 134_217_729.0;
    let high = shifted - (shifted - x);
    (high, x - high)
}

/// `(nh + nl) / (dh + dl)`, where `dh` is not 0.
#[inline(always)]
pub fn quotient<const FMA: bool>((nh, nl): (f64, f64), (dh, dl): (f64, f64)) -> (f64, f64) {
    let inverse = 1.0 / dh;
    let q = nh * inverse;
    let rest = (less_product::<FMA>(nh, q, dh) + (nl - q * dl)) * inverse;
    (q, rest)
}
