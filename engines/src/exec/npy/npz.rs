//! `.npz` archives: `.npy` files in a zip archive. Every rank reads and writes its own parts of each.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::FileExt;

use crc32fast::Hasher;
use lang::error::{Error, Result};

use super::archive::{self, Member, Method};
use super::packed;
use super::{PART, Place, Prepared, header, os_error, replace, same_everywhere};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::args::{Args, items};
use crate::exec::discover;
use crate::exec::pack::segments;
use crate::value::Value;
use crate::watch::go_on;

const SUFFIX: &str = ".npy";

/// The arrays' names in an archive, as the ranks agree on them. Collective.
pub fn names(ctx: &mut Ctx, name: &str) -> Result<Value> {
    let read = members(name);
    let members = ctx.agree(read)?;
    same_everywhere(ctx, name, &format!("{members:?}"))?;
    let own = |member: &Member| Value::str(member.name.strip_suffix(SUFFIX).unwrap_or(&member.name));
    Ok(Value::tuple(members.iter().map(own).collect()))
}

/// Where the array of that name lies in an archive. Not a collective.
///
/// # Errors
/// KeyError where there is none of that name.
pub fn find(name: &str, wanted: &str) -> Result<Place> {
    let members = members(name)?;
    let same = |m: &&Member| m.name == wanted || m.name.strip_suffix(SUFFIX) == Some(wanted);
    let Some(member) = members.iter().find(same) else {
        return Err(Error::new(
            lang::error::Class::KeyError,
            format!("'{wanted} is not a file in the archive'"),
        ));
    };
    let io = |e: io::Error| os_error(&e, name);
    let file = std::fs::File::open(name).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    let at = archive::contents(name, &file, member, length)?;
    let packed = (member.method == Method::Deflated).then_some(member.packed);
    Ok(Place { at, length: member.size, packed })
}

fn members(name: &str) -> Result<Vec<Member>> {
    let io = |e: io::Error| os_error(&e, name);
    let file = std::fs::File::open(name).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    archive::read(name, &file, length)
}

/// The arrays that `np.savez` is given, with their names.
fn named(ctx: &mut Ctx, args: &Args) -> Result<Vec<(String, Array)>> {
    let mut named: Vec<(String, Array)> = Vec::new();
    for (key, value) in &args.keywords {
        named.push((key.clone(), discover::to_array(ctx, value, None)?));
    }
    for (i, value) in args.rest.iter().enumerate() {
        let key = format!("arr_{i}");
        if named.iter().any(|(other, _)| *other == key) {
            return Err(Error::value(format!("Cannot use un-named variables and keyword {key}")));
        }
        named.push((key, discover::to_array(ctx, value, None)?));
    }
    Ok(named)
}

/// `np.savez`. Collective; errors of any rank are errors of all.
pub fn save(ctx: &mut Ctx, name: &str, args: &Args) -> Result<()> {
    let named = named(ctx, args)?;
    let mut members = Vec::new();
    let mut heads = Vec::new();
    let mut at = 0;
    for (key, array) in &named {
        let head = header::write(array.dtype(), array.shape(), super::is_fortran(array));
        let size = (head.len() + array.size() * array.dtype().itemsize()) as u64;
        let member = Member {
            name: format!("{key}{SUFFIX}"),
            crc: 0,
            size,
            packed: size,
            header: at,
            method: Method::Stored,
        };
        at += archive::local_header(&member).len() as u64 + size;
        members.push(member);
        heads.push(head);
    }
    replace(ctx, name, at, |ctx, part| {
        for ((member, head), (_, array)) in members.iter_mut().zip(&heads).zip(&named) {
            member.crc = write(ctx, name, part, member, head, array)?;
        }
        let before: Vec<&[u8]> = heads.iter().map(Vec::as_slice).collect();
        let ends = match ctx.comm.rank() {
            0 => finish(part, &members, &before, at),
            _ => Ok(()),
        };
        ctx.agree(ends.map_err(|e| os_error(&e, name)))
    })
}

/// Writes an array's elements to their place in the archive; the checksum of the member. Collective.
fn write(ctx: &mut Ctx, name: &str, part: &str, member: &Member, head: &[u8], array: &Array) -> Result<u32> {
    let rank = ctx.comm.rank();
    let Prepared { layout, block, .. } = Prepared::of(ctx, array)?;
    let size = array.dtype().itemsize();
    let list = segments(&layout, rank);
    let data = member.header + archive::local_header(member).len() as u64 + head.len() as u64;
    let watch = ctx.watch_elements(&layout, 15);
    let written = super::write_part(part, &block, &list, data as usize, size);
    let mut sums = Vec::new();
    for s in &list {
        let mut hasher = Hasher::new();
        let stretch = &block.bytes()[s.local * size..(s.local + s.len) * size];
        stretch.chunks(PART).take_while(|_| go_on()).for_each(|bytes| hasher.update(bytes));
        sums.extend([s.flat as u64, (s.len * size) as u64, hasher.finalize().into()]);
    }
    ctx.agree(written.map_err(|e| os_error(&e, name)).and_then(|()| watch.outcome()))?;
    drop(watch);
    // The parts' checksums make up the whole's, in the order of the file.
    let parts = in_file_order::<3>(ctx, &sums);
    let mut whole = Hasher::new();
    whole.update(head);
    for [_, length, sum] in parts {
        whole.combine(&Hasher::new_with_initial_len(sum as u32, length));
    }
    Ok(whole.finalize())
}

/// What the ranks know of their parts, `N` words each, sorted by the first. Collective.
pub fn in_file_order<const N: usize>(ctx: &mut Ctx, mine: &[u64]) -> Vec<[u64; N]> {
    let all = ctx.comm.allgather(bytemuck::cast_slice(mine));
    let words = all.iter().flatten().copied().collect::<Vec<u8>>();
    let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().unwrap_or_default());
    let mut parts: Vec<[u64; N]> = words
        .chunks_exact(8 * N)
        .map(|part| std::array::from_fn(|i| word(&part[8 * i..8 * i + 8])))
        .collect();
    parts.sort_unstable();
    parts
}

/// All of the archive that is no element.
fn finish(part: &str, members: &[Member], heads: &[&[u8]], at: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(part)?;
    for (member, head) in members.iter().zip(heads) {
        file.write_all_at(&[archive::local_header(member), head.to_vec()].concat(), member.header)?;
    }
    file.write_all_at(&archive::directory(members, at), at)
}

/// `np.savez_compressed`. Collective; errors of any rank are errors of all.
pub fn save_packed(ctx: &mut Ctx, name: &str, args: &Args) -> Result<()> {
    let named = named(ctx, args)?;
    let mut members = Vec::new();
    let mut packs = Vec::new();
    let mut at = 0;
    for (key, array) in &named {
        let packed = packed::pack(ctx, array)?;
        let member = Member {
            name: format!("{key}{SUFFIX}"),
            crc: packed.crc,
            size: packed.size,
            packed: packed.length,
            header: at,
            method: Method::Deflated,
        };
        at += archive::local_header(&member).len() as u64 + member.packed;
        members.push(member);
        packs.push(packed);
    }
    replace(ctx, name, at, |ctx, part| {
        let heads: Vec<&[u8]> = packs.iter().map(|packed| packed.head.as_slice()).collect();
        let mut written = match ctx.comm.rank() {
            0 => finish(part, &members, &heads, at),
            _ => Ok(()),
        };
        for (member, packed) in members.iter().zip(&packs) {
            let data = member.header + archive::local_header(member).len() as u64;
            written = written.and_then(|()| packed.write(part, data));
        }
        ctx.agree(written.map_err(|e| os_error(&e, name)))
    })
}

/// The name of one array that `np.load` is to read, where it is given.
pub fn member(args: &Args) -> Result<Option<String>> {
    match args.some("member") {
        Some(one) if items(one).is_some() => Err(Error::type_("member= is one name")),
        _ => Ok(args.str("member")?.map(str::to_string)),
    }
}
