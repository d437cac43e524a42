//! Zip archives as `np.savez` and `np.savez_compressed` write them: the directory, read and written.
//!
//! By PKWARE's APPNOTE.TXT 6.3.9; sizes and offsets beyond 32 bits stand in zip64 fields.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use lang::error::{Class, Error, Result};

use super::os_error;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
/// What stands in a field of 32 bits whose value is in a zip64 field.
const ELSEWHERE: u32 = u32::MAX;
/// 1980-01-01, the first day that the format knows: the same bytes for the same arrays.
const DAY: u16 = 0x21;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub name: String,
    pub crc: u32,
    pub size: u64,
    /// How many bytes of the archive it takes.
    pub packed: u64,
    /// Where its local header is.
    pub header: u64,
    pub method: Method,
}

/// How a member lies in the archive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    Stored,
    /// By RFC 1951.
    Deflated,
    /// Encrypted, or compressed in another way.
    Other,
}

impl Method {
    fn number(self) -> u16 {
        if self == Method::Deflated { 8 } else { 0 }
    }
}

/// Whether a file begins as an archive does; an empty one is its end alone.
pub fn begins(start: &[u8]) -> bool {
    start.starts_with(&LOCAL.to_le_bytes()) || start.starts_with(&END.to_le_bytes())
}

/// The bytes before a member's contents: always of the same length for a name.
pub fn local_header(member: &Member) -> Vec<u8> {
    let mut out = LOCAL.to_le_bytes().to_vec();
    // Version 4.5 for zip64; no flags but that of names in UTF-8; midnight of the first day.
    for word in [45, 0x800, member.method.number(), 0, DAY] {
        out.extend(u16::to_le_bytes(word));
    }
    out.extend(member.crc.to_le_bytes());
    out.extend([ELSEWHERE.to_le_bytes(), ELSEWHERE.to_le_bytes()].concat());
    out.extend((member.name.len() as u16).to_le_bytes());
    out.extend(20u16.to_le_bytes());
    out.extend(member.name.as_bytes());
    out.extend([1u16.to_le_bytes(), 16u16.to_le_bytes()].concat());
    out.extend([member.size.to_le_bytes(), member.packed.to_le_bytes()].concat());
    out
}

/// The bytes after the last member: the directory, which begins at `at`, and its end.
pub fn directory(members: &[Member], at: u64) -> Vec<u8> {
    if members.is_empty() {
        return empty();
    }
    let mut out = Vec::new();
    for member in members {
        out.extend(CENTRAL.to_le_bytes());
        for word in [45, 45, 0x800, member.method.number(), 0, DAY] {
            out.extend(u16::to_le_bytes(word));
        }
        out.extend(member.crc.to_le_bytes());
        out.extend([ELSEWHERE.to_le_bytes(), ELSEWHERE.to_le_bytes()].concat());
        out.extend((member.name.len() as u16).to_le_bytes());
        // Its extra field is 28 bytes; no comment, disk 0, no attributes inside; rw-r--r-- outside.
        for word in [28u16, 0, 0, 0] {
            out.extend(word.to_le_bytes());
        }
        out.extend((0o100_644u32 << 16).to_le_bytes());
        out.extend(ELSEWHERE.to_le_bytes());
        out.extend(member.name.as_bytes());
        out.extend([1u16.to_le_bytes(), 24u16.to_le_bytes()].concat());
        out.extend(
            [member.size.to_le_bytes(), member.packed.to_le_bytes(), member.header.to_le_bytes()].concat(),
        );
    }
    let (count, size) = (members.len() as u64, out.len() as u64);
    let end = at + size;
    out.extend(END_64.to_le_bytes());
    out.extend(44u64.to_le_bytes());
    out.extend([45u16.to_le_bytes(), 45u16.to_le_bytes()].concat());
    out.extend([0u32.to_le_bytes(), 0u32.to_le_bytes()].concat());
    out.extend([count.to_le_bytes(), count.to_le_bytes(), size.to_le_bytes(), at.to_le_bytes()].concat());
    out.extend(LOCATOR_64.to_le_bytes());
    out.extend(0u32.to_le_bytes());
    out.extend(end.to_le_bytes());
    out.extend(1u32.to_le_bytes());
    out.extend(END.to_le_bytes());
    out.extend([0u16.to_le_bytes(), 0u16.to_le_bytes()].concat());
    let short = u16::try_from(count).unwrap_or(u16::MAX);
    out.extend([short.to_le_bytes(), short.to_le_bytes()].concat());
    out.extend([ELSEWHERE.to_le_bytes(), ELSEWHERE.to_le_bytes()].concat());
    out.extend(0u16.to_le_bytes());
    out
}

/// An archive without members is its end alone: by that it is known.
fn empty() -> Vec<u8> {
    [END.to_le_bytes().to_vec(), vec![0; 18]].concat()
}

/// The members of an archive of that length, in the order of its directory.
///
/// # Errors
/// ValueError where it is damaged.
pub fn read(name: &str, file: &File, length: u64) -> Result<Vec<Member>> {
    let (at, size, count) = find_directory(name, file, length)?;
    if at.checked_add(size).is_none_or(|end| end > length) {
        return Err(damaged(name, "its directory lies beyond its end"));
    }
    let bytes = bytes_at(file, at, size as usize).map_err(|e| os_error(&e, name))?;
    let mut fields = Fields { bytes: &bytes, at: 0 };
    let mut members = Vec::new();
    for _ in 0..count {
        members.push(fields.member().ok_or_else(|| damaged(name, "its directory is cut short"))?);
    }
    Ok(members)
}

/// Where the contents of a member begin.
///
/// # Errors
/// ValueError where the archive is damaged, NotImplementedError where the member is neither stored nor deflated.
pub fn contents(name: &str, file: &File, member: &Member, length: u64) -> Result<u64> {
    if member.method == Method::Other {
        let what = "is encrypted or compressed in a way that is not supported";
        let message = format!("{name}: its array '{}' {what}", member.name);
        return Err(Error::new(Class::NotImplementedError, message).hint("write it with np.savez"));
    }
    let fixed = bytes_at(file, member.header, 30).map_err(|e| os_error(&e, name))?;
    let mut fields = Fields { bytes: &fixed, at: 0 };
    let (magic, _) = (fields.u32(), fields.skip(22));
    let (name_length, extra) = (fields.u16(), fields.u16());
    match (magic, name_length, extra) {
        (Some(LOCAL), Some(n), Some(e)) => {
            let at = member.header + 30 + n as u64 + e as u64;
            match at.checked_add(member.packed).is_some_and(|end| end <= length) {
                true => Ok(at),
                false => Err(damaged(name, "an array lies beyond its end")),
            }
        }
        _ => Err(damaged(name, "an array is not where the directory says")),
    }
}

fn damaged(name: &str, what: &str) -> Error {
    Error::value(format!("{name} is not a readable .npz file: {what}"))
}

fn bytes_at(file: &File, at: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, at)?;
    Ok(bytes)
}

/// Where the directory begins, its length, and how many members it has.
fn find_directory(name: &str, file: &File, length: u64) -> Result<(u64, u64, u64)> {
    // The end may be followed by a comment of at most 65535 bytes.
    let tail = length.min(22 + 65_535 + 20);
    let bytes = bytes_at(file, length - tail, tail as usize).map_err(|e| os_error(&e, name))?;
    let magic = END.to_le_bytes();
    let Some(end) = (0..bytes.len().saturating_sub(21)).rev().find(|&i| bytes[i..].starts_with(&magic))
    else {
        return Err(damaged(name, "it has no directory"));
    };
    let cut = || damaged(name, "its end is cut short");
    let mut fields = Fields { bytes: &bytes, at: end + 10 };
    let (count, size, at) = (fields.u16(), fields.u32(), fields.u32());
    let (Some(count), Some(size), Some(at)) = (count, size, at) else { return Err(cut()) };
    if count != u16::MAX && size != ELSEWHERE && at != ELSEWHERE {
        return Ok((at.into(), size.into(), count.into()));
    }
    let mut locator = Fields { bytes: &bytes, at: end.checked_sub(20).ok_or_else(cut)? };
    let (found, _, far) = (locator.u32(), locator.u32(), locator.u64());
    let far = far.filter(|far| found == Some(LOCATOR_64) && far + 56 <= length).ok_or_else(cut)?;
    let bytes = bytes_at(file, far, 56).map_err(|e| os_error(&e, name))?;
    let mut fields = Fields { bytes: &bytes, at: 32 };
    match (fields.u64(), fields.u64(), fields.u64()) {
        (Some(count), Some(size), Some(at)) if bytes.starts_with(&END_64.to_le_bytes()) => {
            Ok((at, size, count))
        }
        _ => Err(cut()),
    }
}

/// Numbers read one after the other; None at the end.
struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = self.bytes.get(self.at..self.at + N)?.try_into().ok()?;
        self.at += N;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn skip(&mut self, n: usize) {
        self.at += n;
    }

    fn text(&mut self, n: usize) -> Option<String> {
        let text = self.bytes.get(self.at..self.at + n)?;
        self.at += n;
        Some(String::from_utf8_lossy(text).into_owned())
    }

    /// An entry of the directory.
    fn member(&mut self) -> Option<Member> {
        let magic = self.u32()?;
        self.skip(4);
        let (flags, method) = (self.u16()?, self.u16()?);
        self.skip(4);
        let (crc, packed, size) = (self.u32()?, self.u32()?, self.u32()?);
        let (name, extra, comment) = (self.u16()?, self.u16()?, self.u16()?);
        self.skip(8);
        let header = self.u32()?;
        let name = self.text(name.into())?;
        let mut more = Fields { bytes: self.bytes.get(self.at..self.at + extra as usize)?, at: 0 };
        self.skip(extra as usize + comment as usize);
        let (mut size, mut packed, mut header) = (u64::from(size), u64::from(packed), u64::from(header));
        while let (Some(kind), Some(length)) = (more.u16(), more.u16()) {
            let next = more.at + length as usize;
            if kind == 1 {
                if size == u64::from(ELSEWHERE) {
                    size = more.u64()?;
                }
                if packed == u64::from(ELSEWHERE) {
                    packed = more.u64()?;
                }
                if header == u64::from(ELSEWHERE) {
                    header = more.u64()?;
                }
            }
            more.at = next;
        }
        (magic == CENTRAL).then_some(Member {
            name,
            crc,
            size,
            packed,
            header,
            method: match (method, flags & 1) {
                (0, 0) => Method::Stored,
                (8, 0) => Method::Deflated,
                _ => Method::Other,
            },
        })
    }
}
