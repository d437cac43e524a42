//! Random arrays as text: of any dtype and shape, also empty and 0-d, plain or views, in any layout.

use crate::dice::Dice;

pub const DTYPES: [&str; 13] =
    ["bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "c8", "c16"];

/// Extents of 0 and 1 among them; no more than 120 elements.
pub fn shape(dice: &mut Dice, least: usize, most: usize) -> Vec<usize> {
    let ndim = dice.between(least as i64, most as i64) as usize;
    let extents: &[usize] = match ndim {
        0..=1 => &[0, 1, 2, 5, 7, 8, 11],
        2 => &[0, 1, 2, 3, 4, 5, 7],
        _ => &[1, 2, 3, 3, 4],
    };
    let mut shape: Vec<usize> = (0..ndim).map(|_| dice.pick(extents)).collect();
    while shape.iter().product::<usize>() > 120 {
        let longest = (0..ndim).max_by_key(|d| shape[*d]).unwrap_or(0);
        shape[longest] -= 1;
    }
    if ndim > 2 && dice.once_in(12) {
        shape[dice.roll(ndim)] = 0;
    }
    shape
}

/// A shape that broadcasts with `shape`, or now and then one that does not.
pub fn fitting(dice: &mut Dice, shape: &[usize]) -> Vec<usize> {
    if dice.once_in(20) {
        return self::shape(dice, 0, 3);
    }
    let dropped = if dice.once_in(3) { dice.roll(shape.len() + 1) } else { 0 };
    shape[dropped..].iter().map(|&n| if dice.once_in(5) { 1 } else { n }).collect()
}

pub fn dtype(dice: &mut Dice) -> &'static str {
    if dice.once_in(2) { dice.pick(&["f8", "i8"]) } else { dice.pick(&DTYPES) }
}

/// `(2, 3)` as Python writes it.
pub fn tuple(shape: &[usize]) -> String {
    let texts: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("({}{})", texts.join(", "), if shape.len() == 1 { "," } else { "" })
}

/// Values that sums of any order have in common: quarters, and at times what is special. `tame` leaves that out.
fn value(dice: &mut Dice, dtype: &str, special: bool) -> String {
    let quarter = |dice: &mut Dice| {
        if special && dice.once_in(6) {
            return dice.pick(&["np.nan", "np.inf", "-np.inf", "-0.0", "1e30", "1e-30"]).to_string();
        }
        format!("{}", dice.between(-16, 16) as f64 / 4.0)
    };
    match dtype.as_bytes()[0] {
        b'b' => dice.pick(&["True", "False"]).to_string(),
        b'u' => dice.between(0, 9).to_string(),
        b'i' => dice.between(-7, 9).to_string(),
        b'f' => quarter(dice),
        // Products of infinite complex numbers depend on the order of the factors.
        _ => format!("{}{:+}j", dice.between(-16, 16) as f64 / 4.0, dice.between(-16, 16) as f64 / 4.0),
    }
}

/// An expression for an array of this shape and dtype.
pub fn array(dice: &mut Dice, shape: &[usize], dtype: &str) -> String {
    let special = dice.once_in(6);
    let size: usize = shape.iter().product();
    // What a view is taken of, and how.
    let (base, view) = match (shape.len(), dice.roll(8)) {
        (1.., 0) => (shape.to_vec(), "[::-1]"),
        (2.., 1) => (shape.iter().rev().copied().collect(), ".T"),
        _ => (shape.to_vec(), ""),
    };
    let text = if size == 0 {
        format!("np.zeros({}, dtype='{dtype}')", tuple(&base))
    } else {
        let values: Vec<String> = (0..size).map(|_| value(dice, dtype, special)).collect();
        let all = format!("np.array([{}], dtype='{dtype}')", values.join(", "));
        if base.len() == 1 { all } else { format!("{all}.reshape({})", tuple(&base)) }
    };
    let text = format!("{text}{view}");
    if shape.is_empty() || dice.once_in(2) {
        text
    } else {
        format!("redistribute({text}, dist={})", dist(dice, shape))
    }
}

/// A layout for any number of ranks; `@...@` stands for what `for_ranks` puts there.
pub fn dist(dice: &mut Dice, shape: &[usize]) -> String {
    match dice.roll(4) {
        0 => {
            let axis = dice.roll(shape.len());
            let kind = dice.pick(&["u", "b"]);
            let each = |d: usize| match d == axis {
                true => format!("@{kind} {} {}@", shape[d], dice.roll(1000)),
                false => "'n'".to_string(),
            };
            let all: Vec<String> = (0..shape.len()).map(each).collect();
            format!("({},)", all.join(", "))
        }
        1 => format!("{{0: ('bc', {})}}", dice.between(1, 3)),
        _ => {
            let letters: String = shape.iter().map(|_| dice.pick(&['b', 'b', 'c', 'n'])).collect();
            format!("'{letters}'")
        }
    }
}

/// The program for so many ranks: index lists and bounds are dealt out to them.
pub fn for_ranks(text: &str, ranks: usize) -> String {
    let parts = text.split('@').enumerate().map(|(i, part)| {
        if i % 2 == 0 {
            return part.to_string();
        }
        let words: Vec<&str> = part.split(' ').collect();
        let number = |i: usize| words[i].parse::<usize>().expect("a number");
        let (extent, mut dice) = (number(1), Dice::new(number(2) as u64));
        if words[0] == "b" {
            let mut bounds: Vec<usize> = (1..ranks).map(|_| dice.roll(extent + 1)).collect();
            bounds.extend([0, extent]);
            bounds.sort();
            return format!("('b', {bounds:?})");
        }
        let mut lists = vec![Vec::new(); ranks];
        (0..extent).rev().for_each(|i| lists[dice.roll(ranks)].push(i));
        format!("('u', {lists:?})")
    });
    parts.collect()
}
