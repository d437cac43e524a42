//! Colours: one per rank, safe for colour-blind readers, and ink that can be read on each.

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// Okabe and Ito's qualitative palette, in an order that keeps neighbours apart.
const OKABE_ITO: [Rgb; 8] = [
    [0x00, 0x72, 0xb2],
    [0xe6, 0x9f, 0x00],
    [0x00, 0x9e, 0x73],
    [0xcc, 0x79, 0xa7],
    [0x56, 0xb4, 0xe9],
    [0xd5, 0x5e, 0x00],
    [0xf0, 0xe4, 0x42],
    [0x8c, 0x8c, 0x8c],
];

/// What belongs to no rank in particular: replicated arrays, padding, what a rank keeps.
pub const NEUTRAL: Rgb = [0xd4, 0xda, 0xe2];

pub const WHITE: Rgb = [0xff, 0xff, 0xff];
pub const DARK: Rgb = [0x1f, 0x23, 0x28];

/// The colour of a rank: Okabe and Ito's first, then steps round the hues at three lightnesses, so that neighbours
/// differ in lightness too and stay apart for every kind of colour vision.
pub fn rank_color(rank: usize) -> Rgb {
    if let Some(color) = OKABE_ITO.get(rank) {
        return *color;
    }
    let n = rank - OKABE_ITO.len();
    // The golden angle never comes back to a hue it had.
    let hue = (40.0 + 137.508 * n as f64).to_radians();
    let lightness = [0.50, 0.80, 0.65][n % 3];
    oklch(lightness, 0.105, hue)
}

/// Dark or white, whichever reads better on `background`.
pub fn ink_on(background: Rgb) -> Rgb {
    if contrast(background, DARK) > contrast(background, WHITE) { DARK } else { WHITE }
}

/// WCAG's contrast ratio, 1 to 21.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Towards `other` by `share` (0 to 1).
pub fn mix(color: Rgb, other: Rgb, share: f64) -> Rgb {
    std::array::from_fn(|i| (color[i] as f64 + (other[i] as f64 - color[i] as f64) * share).round() as u8)
}

/// WCAG's relative luminance, 0 to 1.
fn luminance(color: Rgb) -> f64 {
    let linear = |c: u8| {
        let c = c as f64 / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2])
}

fn oklch(lightness: f64, chroma: f64, hue: f64) -> Rgb {
    let (a, b) = (chroma * hue.cos(), chroma * hue.sin());
    let l = (lightness + 0.3963377774 * a + 0.2158037573 * b).powi(3);
    let m = (lightness - 0.1055613458 * a - 0.0638541728 * b).powi(3);
    let s = (lightness - 0.0894841775 * a - 1.2914855480 * b).powi(3);
    let encode = |c: f64| {
        let c = c.clamp(0.0, 1.0);
        let c = if c <= 0.0031308 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (c * 255.0).round() as u8
    };
    [
        encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
        encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
        encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_can_be_read_on_every_rank() {
        for rank in 0..512 {
            let color = rank_color(rank);
            let contrast = contrast(color, ink_on(color));
            assert!(contrast > 4.0, "rank {rank}: {contrast:.2}");
        }
    }

    #[test]
    fn many_ranks_have_many_colors() {
        let colors: std::collections::BTreeSet<Rgb> = (0..128).map(rank_color).collect();
        assert!(colors.len() > 120, "{}", colors.len());
        for rank in 0..256 {
            let (a, b) = (rank_color(rank), rank_color(rank + 1));
            let apart: i32 = (0..3).map(|i| (a[i] as i32 - b[i] as i32).abs()).sum();
            assert!(apart > 60, "ranks {rank} and {}: {a:?} {b:?}", rank + 1);
        }
    }
}
