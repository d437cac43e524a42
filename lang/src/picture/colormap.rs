//! Colour maps of pictures, perceptually uniform first, as anchors to interpolate between.

use super::palette::Rgb;

/// Sampled from the public-domain (CC0) tables of the maps of these names.
const VIRIDIS: [u32; 17] = [
    0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26828e, 0x21918c, 0x1fa088,
    0x28ae80, 0x3fbc73, 0x5ec962, 0x84d44b, 0xaddc30, 0xd8e219, 0xfde725,
];
const MAGMA: [u32; 17] = [
    0x000004, 0x0a0822, 0x1d1147, 0x36106b, 0x51127c, 0x6a1c81, 0x832681, 0x9c2e7f, 0xb73779, 0xd0416f,
    0xe75263, 0xf56b5c, 0xfc8961, 0xfea772, 0xfec488, 0xfde2a3, 0xfcfdbf,
];
const INFERNO: [u32; 17] = [
    0x000004, 0x0b0724, 0x210c4a, 0x3d0965, 0x57106e, 0x71196e, 0x8a226a, 0xa32c61, 0xbc3754, 0xd24644,
    0xe45a31, 0xf1731d, 0xf98e09, 0xfcac11, 0xf9cb35, 0xf2ea69, 0xfcffa4,
];
/// Sea to snow, for heights.
const GIST_EARTH: [u32; 17] = [
    0x03063a, 0x0b1575, 0x153978, 0x20597b, 0x2b737e, 0x348576, 0x3b8e62, 0x43974f, 0x5ea04b, 0x7fa853,
    0x99af58, 0xb4b65d, 0xbdab62, 0xc8a779, 0xdab7a0, 0xecd3ce, 0xfdfbfb,
];
const TERRAIN: [u32; 6] = [0x333399, 0x0099ff, 0x00cc66, 0xffff99, 0x805c54, 0xffffff];
const GRAY: [u32; 2] = [0x000000, 0xffffff];
/// For values on both sides of a middle.
const COOLWARM: [u32; 17] = [
    0x3b4cc0, 0x4e68d8, 0x6282ea, 0x779af7, 0x8db0fe, 0xa3c2fe, 0xb9d0f9, 0xccd9ed, 0xdddcdc, 0xecd3c5,
    0xf5c4ac, 0xf7b093, 0xf4987a, 0xeb7d62, 0xdd5f4b, 0xca3b37, 0xb40426,
];
const PLASMA: [u32; 17] = [
    0x0d0887, 0x310597, 0x4c02a1, 0x6600a7, 0x7e03a8, 0x9511a1, 0xaa2395, 0xbc3587, 0xcc4778, 0xda5a6a,
    0xe66c5c, 0xf0804e, 0xf89540, 0xfdac33, 0xfdc527, 0xf8df25, 0xf0f921,
];
const CIVIDIS: [u32; 17] = [
    0x00224e, 0x002e6a, 0x1a386f, 0x32436d, 0x434e6c, 0x535a6d, 0x61656f, 0x6f7073, 0x7d7c78, 0x8c8878,
    0x9b9476, 0xaba072, 0xbcae6c, 0xcdbb63, 0xdec958, 0xf0d846, 0xfee838,
];
const RD_BU: [u32; 11] = [
    0x67001f, 0xb1182b, 0xd6604d, 0xf3a481, 0xfddbc7, 0xf6f7f7, 0xd1e5f0, 0x90c4dd, 0x4393c3, 0x2065ab,
    0x053061,
];
const GREYS: [u32; 9] =
    [0xffffff, 0xf0f0f0, 0xd9d9d9, 0xbdbdbd, 0x959595, 0x727272, 0x515151, 0x242424, 0x000000];
const HOT: [u32; 17] = [
    0x0b0000, 0x350000, 0x5f0000, 0x890000, 0xb30000, 0xdd0000, 0xff0800, 0xff3200, 0xff5c00, 0xff8600,
    0xffb000, 0xffda00, 0xffff07, 0xffff46, 0xffff85, 0xffffc4, 0xffffff,
];

const MAPS: [(&str, &[u32]); 13] = [
    ("viridis", &VIRIDIS),
    ("magma", &MAGMA),
    ("inferno", &INFERNO),
    ("gist_earth", &GIST_EARTH),
    ("terrain", &TERRAIN),
    ("gray", &GRAY),
    ("grey", &GRAY),
    ("coolwarm", &COOLWARM),
    ("plasma", &PLASMA),
    ("cividis", &CIVIDIS),
    ("RdBu", &RD_BU),
    ("Greys", &GREYS),
    ("hot", &HOT),
];

#[derive(Clone, Copy)]
pub struct ColorMap {
    anchors: &'static [u32],
    reversed: bool,
}

impl ColorMap {
    /// By name, with `_r` for reversed; `None` for a name that is not there.
    pub fn named(name: &str) -> Option<ColorMap> {
        let (base, reversed) = match name.strip_suffix("_r") {
            Some(base) => (base, true),
            None => (name, false),
        };
        MAPS.iter().find(|(known, _)| *known == base).map(|(_, anchors)| ColorMap { anchors, reversed })
    }

    /// The colour at `at`, 0 to 1; beyond, the ends'.
    pub fn at(&self, at: f64) -> Rgb {
        let at = if self.reversed { 1.0 - at } else { at }.clamp(0.0, 1.0);
        let x = at * (self.anchors.len() - 1) as f64;
        let i = (x as usize).min(self.anchors.len() - 2);
        let part = |color: u32, byte: usize| (color >> (16 - 8 * byte) & 0xff) as f64;
        let (a, b, share) = (self.anchors[i], self.anchors[i + 1], x - i as f64);
        std::array::from_fn(|byte| (part(a, byte) * (1.0 - share) + part(b, byte) * share).round() as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_run_from_end_to_end() {
        let check = |name: &str, at: f64, color: Rgb| {
            assert_eq!(ColorMap::named(name).unwrap().at(at), color, "{name}")
        };
        check("viridis", 0.0, [0x44, 0x01, 0x54]);
        check("viridis", 1.0, [0xfd, 0xe7, 0x25]);
        check("viridis_r", 0.0, [0xfd, 0xe7, 0x25]);
        check("gray", 0.5, [128, 128, 128]);
        check("gray", 7.0, [255, 255, 255]);
        assert!(ColorMap::named("jet").is_none());
    }
}
