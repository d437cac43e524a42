//! What Python's str knows of characters, where Rust's answers differ from it.

/// The zeros of Unicode's decimal digits; each is followed by its nine.
const ZEROS: &[u32] = &[
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950,
    0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
    0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// Digits that are not decimal, superscripts among them: first and last.
const DIGITS: &[(u32, u32)] = &[
    (0xb2, 0xb3),
    (0xb9, 0xb9),
    (0x1369, 0x1371),
    (0x19da, 0x19da),
    (0x2070, 0x2070),
    (0x2074, 0x2079),
    (0x2080, 0x2089),
    (0x2460, 0x2468),
    (0x2474, 0x247c),
    (0x2488, 0x2490),
    (0x24ea, 0x24ea),
    (0x24f5, 0x24fd),
    (0x24ff, 0x24ff),
    (0x2776, 0x277e),
    (0x2780, 0x2788),
    (0x278a, 0x2792),
    (0x10a40, 0x10a43),
    (0x10e60, 0x10e68),
    (0x11052, 0x1105a),
    (0x1f100, 0x1f10a),
];

pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

pub fn is_decimal(c: char) -> bool {
    let code = u32::from(c);
    ZEROS.iter().any(|zero| (*zero..zero + 10).contains(&code))
}

pub fn is_digit(c: char) -> bool {
    let code = u32::from(c);
    is_decimal(c) || DIGITS.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

/// What `repr` shows as it is.
pub fn is_printable(c: char) -> bool {
    c == ' ' || !(c.is_control() || c.is_whitespace() || c == '\u{ad}' || c == '\u{feff}')
}

/// Whether there is an upper and a lower case of it.
pub fn is_cased(c: char) -> bool {
    c.is_lowercase() || begins_titles(c)
}

/// A capital, or two letters in one of which the first is.
fn begins_titles(c: char) -> bool {
    c.is_uppercase() || matches!(c, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ')
}

pub fn casefold(text: &str) -> String {
    let fold = |c: char| match c {
        'ı' => c.to_string(),
        // Cherokee folds to its capitals.
        '\u{13a0}'..='\u{13f5}' => c.to_string(),
        '\u{13f8}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => c.to_uppercase().collect(),
        _ => c.to_uppercase().flat_map(char::to_lowercase).collect::<String>(),
    };
    text.chars().map(fold).collect()
}

pub fn title(text: &str) -> String {
    let (mut out, mut word) = (String::new(), String::new());
    for c in text.chars() {
        if is_cased(c) {
            word.push(c);
            continue;
        }
        out.push_str(&capitalize(&word));
        word.clear();
        out.push(c);
    }
    out.push_str(&capitalize(&word));
    out
}

pub fn capitalize(text: &str) -> String {
    let Some(first) = text.chars().next() else {
        return String::new();
    };
    // Lowered as a whole: a sigma at the end of a word has a form of its own.
    let lower = text.to_lowercase();
    titlecase(first).into_iter().chain(lower.chars().skip(first.to_lowercase().count())).collect()
}

/// The first letter of a word: of what becomes several capitals, one.
fn titlecase(c: char) -> Vec<char> {
    let digraph = match c {
        'Ǆ' | 'ǅ' | 'ǆ' => Some('ǅ'),
        'Ǉ' | 'ǈ' | 'ǉ' => Some('ǈ'),
        'Ǌ' | 'ǋ' | 'ǌ' => Some('ǋ'),
        'Ǳ' | 'ǲ' | 'ǳ' => Some('ǲ'),
        _ => None,
    };
    if let Some(digraph) = digraph {
        return vec![digraph];
    }
    let mut upper = c.to_uppercase();
    match upper.next() {
        Some(first) => std::iter::once(first).chain(upper.flat_map(char::to_lowercase)).collect(),
        None => vec![c],
    }
}

/// Whether words begin with capitals, and have no others.
pub fn is_title(text: &str) -> bool {
    let (mut inside, mut found) = (false, false);
    for c in text.chars() {
        if begins_titles(c) && inside || c.is_lowercase() && !inside {
            return false;
        }
        inside = is_cased(c);
        found |= inside;
    }
    found
}

/// A text with spaces instead of tabs, which lead to the next column divisible by `size`.
pub fn expand_tabs(text: &str, size: usize) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for c in text.chars() {
        match c {
            '\t' if size > 0 => {
                let spaces = size - column % size;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            '\t' => {}
            _ => {
                out.push(c);
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
    }
    out
}
