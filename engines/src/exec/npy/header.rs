//! The header of `.npy` files, read in versions 1 to 3 and written byte for byte as NumPy writes it.

use lang::dtype::DType;
use lang::error::{Error, Result};

use lang::text::tuple;

pub const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// The longest header that NumPy reads from files it does not trust.
const LONGEST: usize = 10_000;

/// What a header says.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    pub dtype: DType,
    /// The bytes of each number are in reverse order.
    pub swapped: bool,
    pub fortran: bool,
    pub shape: Vec<usize>,
    /// Where the elements begin in the file.
    pub data: usize,
}

/// The bytes before the elements: padded to 64, with room for the slowest extent to grow.
pub fn write(dtype: DType, shape: &[usize], fortran: bool) -> Vec<u8> {
    let mut text = format!(
        "{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}",
        dtype.descr(),
        if fortran { "True" } else { "False" },
        tuple(shape)
    );
    if let Some(slowest) = if fortran { shape.last() } else { shape.first() } {
        text.push_str(&" ".repeat(21usize.saturating_sub(slowest.to_string().len())));
    }
    // Version 1 has two bytes for the length of the text, version 2 four.
    let (version, prefix) = if text.len() + 64 < 65_536 { (1, 10) } else { (2, 12) };
    text.push_str(&" ".repeat(64 - (prefix + text.len() + 1) % 64));
    text.push('\n');
    let mut bytes = MAGIC.to_vec();
    bytes.extend([version, 0]);
    match version {
        1 => bytes.extend((text.len() as u16).to_le_bytes()),
        _ => bytes.extend((text.len() as u32).to_le_bytes()),
    }
    bytes.extend(text.as_bytes());
    bytes
}

/// Reads a header from the first bytes of a file: as many as it has, up to [`enough`].
///
/// # Errors
/// ValueError that says what is wrong with it.
pub fn read(name: &str, start: &[u8]) -> Result<Header> {
    let wrong = |what: String| Error::value(format!("{name} is not a readable .npy file: {what}"));
    if start.len() < 8 || &start[..6] != MAGIC {
        let first = &start[..start.len().min(6)];
        return Err(wrong(format!("it begins with {}, not with \\x93NUMPY", first.escape_ascii())));
    }
    let (major, minor) = (start[6], start[7]);
    let width = match (major, minor) {
        (1, 0) => 2,
        (2 | 3, 0) => 4,
        _ => {
            return Err(wrong(format!(
                "we only support format version (1,0), (2,0), and (3,0), not ({major}, {minor})"
            )));
        }
    };
    let cut = || wrong("it ends within its header".to_string());
    let length = start.get(8..8 + width).ok_or_else(cut)?;
    let length = length.iter().rev().fold(0usize, |n, &b| n << 8 | b as usize);
    if length > LONGEST {
        return Err(wrong(format!("its header is {length} bytes long, more than {LONGEST}")));
    }
    let data = 8 + width + length;
    let text = start.get(8 + width..data).ok_or_else(cut)?;
    let text = std::str::from_utf8(text).map_err(|_| wrong("its header is no text".to_string()))?;
    let mut header = Header { dtype: DType::F64, swapped: false, fortran: false, shape: Vec::new(), data };
    let bad = || wrong(format!("cannot parse header: {}", text.trim()));
    let fields = fields(text).ok_or_else(bad)?;
    let keys: Vec<&str> = fields.iter().map(|(k, _)| *k).collect();
    if keys.len() != 3 || !["descr", "fortran_order", "shape"].iter().all(|k| keys.contains(k)) {
        return Err(wrong(format!("header does not contain the correct keys: {keys:?}")));
    }
    for (key, value) in fields {
        match key {
            "descr" => (header.dtype, header.swapped) = descr(name, value)?,
            "fortran_order" => {
                header.fortran = match value {
                    "True" => true,
                    "False" => false,
                    _ => return Err(wrong(format!("fortran_order is not a valid bool: {value}"))),
                }
            }
            _ => {
                header.shape = extents(value).ok_or_else(|| wrong(format!("shape is not valid: {value}")))?
            }
        }
    }
    Ok(header)
}

/// How many bytes at the start of a file hold its header for sure.
pub fn enough() -> usize {
    12 + LONGEST
}

/// The keys and the values' texts of a dict as Python writes it.
fn fields(text: &str) -> Option<Vec<(&str, &str)>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (mut parts, mut depth, mut quote, mut start) = (Vec::new(), 0usize, None, 0);
    for (i, c) in inner.char_indices() {
        match (quote, c) {
            (Some(q), _) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => {
                parts.push(&inner[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    let field = |part: &'_ &str| !part.trim().is_empty();
    parts
        .into_iter()
        .filter(field)
        .map(|part| {
            let (key, value) = part.split_once(':')?;
            Some((quoted(key.trim())?, value.trim()))
        })
        .collect()
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text.strip_prefix(quote)?.strip_suffix(quote)
}

fn extents(text: &str) -> Option<Vec<usize>> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    // Python 2 wrote `3L`.
    let parts = inner.split(',').map(|p| p.trim().trim_end_matches('L')).filter(|p| !p.is_empty());
    parts.map(|p| p.parse().ok()).collect()
}

/// A dtype's description, and whether its byte order is not this machine's.
fn descr(name: &str, text: &str) -> Result<(DType, bool)> {
    let unsupported = |why: &str| Err(Error::value(format!("{name} holds {why}")));
    let Some(code) = quoted(text) else {
        return unsupported(&format!("records ({text}), which are not supported"))
            .map_err(|e| e.hint("save its fields as arrays of their own"));
    };
    let (order, kind) = match code.chars().next() {
        Some(c @ ('<' | '>' | '|' | '=')) => (c, &code[1..]),
        _ => ('=', code),
    };
    if kind.starts_with('O') {
        return Err(Error::value("Object arrays cannot be loaded when allow_pickle=False"));
    }
    let found = DType::ALL.into_iter().find(|d| &d.descr()[1..] == kind);
    match found {
        Some(dtype) => Ok((dtype, order == '>' && dtype.itemsize() > 1)),
        None => unsupported(&format!("elements of dtype '{code}', which is not supported"))
            .map_err(|e| e.hint("convert it first, in Python: np.save(name, a.astype(float))")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_numpys() {
        // What np.save writes before the elements.
        let table: &[(DType, &[usize], &str)] = &[
            (DType::F64, &[3, 4], "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }"),
            (DType::Bool, &[5], "{'descr': '|b1', 'fortran_order': False, 'shape': (5,), }"),
            (DType::C64, &[], "{'descr': '<c8', 'fortran_order': False, 'shape': (), }"),
        ];
        for (dtype, shape, text) in table {
            let bytes = write(*dtype, shape, false);
            assert_eq!(bytes.len(), 128);
            assert_eq!(&bytes[..10], b"\x93NUMPY\x01\x00v\x00");
            assert_eq!(std::str::from_utf8(&bytes[10..]).unwrap().trim_end(), *text);
            assert!(bytes.ends_with(b"\n"));
            let want =
                Header { dtype: *dtype, swapped: false, fortran: false, shape: shape.to_vec(), data: 128 };
            assert_eq!(read("a.npy", &bytes).unwrap(), want);
        }
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        let table: &[(&[u8], &str)] = &[
            (b"", "a.npy is not a readable .npy file: it begins with , not with \\x93NUMPY"),
            (
                b"PK\x03\x04......",
                "a.npy is not a readable .npy file: it begins with PK\\x03\\x04.., not with \\x93NUMPY",
            ),
            (b"\x93NUMPY\x01\x00\x76\x00{", "a.npy is not a readable .npy file: it ends within its header"),
            (
                b"\x93NUMPY\x04\x00\x76\x00{",
                "a.npy is not a readable .npy file: we only support format version (1,0), (2,0), and (3,0), not (4, 0)",
            ),
        ];
        for (bytes, want) in table {
            assert_eq!(read("a.npy", bytes).unwrap_err().message, *want);
        }
        let texts = [
            (
                "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }",
                "Object arrays cannot be loaded when allow_pickle=False",
            ),
            (
                "{'descr': '<U3', 'fortran_order': False, 'shape': (3,), }",
                "a.npy holds elements of dtype '<U3', which is not supported",
            ),
            (
                "{'descr': '<f8', 'fortran_order': 0, 'shape': (3,), }",
                "a.npy is not a readable .npy file: fortran_order is not a valid bool: 0",
            ),
            (
                "{'descr': '<f8', 'fortran_order': True, 'shape': (-3,), }",
                "a.npy is not a readable .npy file: shape is not valid: (-3,)",
            ),
            (
                "{'descr': '<f8'}",
                "a.npy is not a readable .npy file: header does not contain the correct keys: [\"descr\"]",
            ),
            ("spam", "a.npy is not a readable .npy file: cannot parse header: spam"),
        ];
        for (text, want) in texts {
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((text.len() as u16).to_le_bytes());
            bytes.extend(text.as_bytes());
            assert_eq!(read("a.npy", &bytes).unwrap_err().message, want);
        }
    }
}
