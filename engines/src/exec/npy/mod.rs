//! `np.load` and `np.save`: every rank reads and writes its own part of the file, at its own offsets.
//!
//! Layouts that fall into few stretches of the file are read and written as they are; others come by way of one that
//! does, and are redistributed in memory.

mod archive;
mod header;
mod npz;
mod packed;

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use lang::dtype::Kind;
use lang::error::{Class, Error, Result};
use lang::layout::{DimMap, Layout, transposed};
use lang::ops::Io;

use super::alloc;
use super::args::{Args, type_name};
use super::pack::{Segment, segments};
use crate::array::Array;
use crate::block::Block;
use crate::ctx::Ctx;
use crate::value::Value;
use crate::watch::{LOOK, go_on};
use header::Header;

/// Bytes that are read or written between two looks at whether the program is to go on; whole elements of any dtype.
const PART: usize = 16 << 20;

/// Runs `np.load` or `np.save`. Collective; errors of any rank are errors of all.
pub fn call(ctx: &mut Ctx, op: Io, args: &Args) -> Result<Value> {
    let name = match args.value("file")? {
        Value::Str(name) => name.to_string(),
        other => {
            return Err(Error::type_(format!(
                "expected str, bytes or os.PathLike object, not {}",
                type_name(other)
            )));
        }
    };
    match op {
        Io::Load => {
            args.refuse(&["mmap_mode"])?;
            match npz::member(args)? {
                Some(member) => {
                    let place = npz::find(&name, &member);
                    let place = ctx.agree(place)?;
                    load(ctx, &name, args, Some(place)).map(Value::Array)
                }
                None if is_archive(ctx, &name)? => npz::names(ctx, &name),
                None => load(ctx, &name, args, None).map(Value::Array),
            }
        }
        Io::SaveZ => {
            ctx.refuse_alone("np.savez()", "return what is to be saved, and save it outside")?;
            let name = if name.ends_with(".npz") { name } else { name + ".npz" };
            npz::save(ctx, &name, args).map(|()| Value::None)
        }
        Io::SaveZCompressed => {
            ctx.refuse_alone("np.savez_compressed()", "return what is to be saved, and save it outside")?;
            let name = if name.ends_with(".npz") { name } else { name + ".npz" };
            npz::save_packed(ctx, &name, args).map(|()| Value::None)
        }
        Io::Save => {
            let array = args.array(ctx, "arr")?;
            let name = if name.ends_with(".npy") { name } else { name + ".npy" };
            save(ctx, &name, &array).map(|()| Value::None)
        }
    }
}

/// Whether there is an archive under the name; what else it is, or that there is nothing, shows when it is loaded.
/// Collective.
fn is_archive(ctx: &mut Ctx, name: &str) -> Result<bool> {
    let mut start = [0; 4];
    let read = File::open(name).and_then(|file| file.read_exact_at(&mut start, 0));
    let here = read.is_ok() && archive::begins(&start);
    same_everywhere(ctx, name, if here { "an archive" } else { "none" })?;
    Ok(here)
}

/// Where a `.npy` file lies within a file.
#[derive(Clone, Copy)]
struct Place {
    at: u64,
    length: u64,
    /// How many bytes it takes there, where it is compressed.
    packed: Option<u64>,
}

fn load(ctx: &mut Ctx, name: &str, args: &Args, place: Option<Place>) -> Result<Array> {
    let opened = open(name, place);
    let (file, header, length) = ctx.agree(opened)?;
    same_everywhere(ctx, name, &format!("{header:?} {length}"))?;
    let bytes = alloc::shape(&header.shape, header.dtype).map(|n| n * header.dtype.itemsize())?;
    let held = length.saturating_sub(header.data);
    if held < bytes {
        let items = header.shape.iter().product::<usize>();
        return Err(Error::value(format!(
            "Failed to read all data for array. Expected {} = {items} elements, could only read {} elements. \
             (file seems not fully written?)",
            lang::text::tuple(&header.shape),
            held / header.dtype.itemsize()
        ))
        .hint(format!("{name} should hold {bytes} bytes of elements, and holds {held}")));
    }
    let wanted = args.layout(ctx, &header.shape)?;
    alloc::check(ctx, &header.shape, header.dtype, &wanted)?;
    // The file's axes, slowest first.
    let backwards: Vec<usize> = (0..header.shape.len()).rev().collect();
    let in_file = if header.fortran { transposed(&wanted, &backwards) } else { (*wanted).clone() };
    let through = if in_stretches(&in_file) { in_file } else { stretches(&in_file.shape(), ctx.comm.size()) };
    let rank = ctx.comm.rank();
    let watch = ctx.watch_elements(&through, 10);
    let read = match place.and_then(|place| Some((place.at, place.packed?))) {
        Some((at, packed)) => read_packed(&file, (at, packed), &header, &through, rank),
        None => read_part(&file, &header, &through, rank),
    };
    let read = read.map_err(|e| os_error(&e, name));
    let block = ctx.agree(read.and_then(|block| watch.outcome().map(|()| block)))?;
    drop(watch);
    if !header.fortran {
        return finish(ctx, header.shape, Arc::new(through), block, wanted);
    }
    let watch = ctx.watch_elements(&through, 10);
    let block = reversed(&block, &through.local_shape(rank));
    ctx.end(watch)?;
    finish(ctx, header.shape, Arc::new(transposed(&through, &backwards)), block, wanted)
}

fn finish(
    ctx: &mut Ctx,
    shape: Vec<usize>,
    layout: Arc<Layout>,
    block: Block,
    wanted: Arc<Layout>,
) -> Result<Array> {
    let array = Array::from_block(shape.clone(), layout.clone(), block);
    if layout.same_placement(&wanted) {
        return Ok(array);
    }
    let block = ctx.local(&array, &wanted)?;
    Ok(Array::from_block(shape, wanted, block))
}

fn open(name: &str, place: Option<Place>) -> Result<(File, Header, usize)> {
    let io = |e: io::Error| os_error(&e, name);
    let file = File::open(name).map_err(io)?;
    let about = file.metadata().map_err(io)?;
    if about.is_dir() {
        return Err(Error::new(Class::OSError, format!("[Errno 21] Is a directory: '{name}'")));
    }
    if about.len() == 0 {
        return Err(Error::new(Class::EOFError, "No data left in file"));
    }
    let Place { at, length, packed } = place.unwrap_or(Place { at: 0, length: about.len(), packed: None });
    let mut start = vec![0; header::enough().min(length as usize)];
    if let Some(packed) = packed {
        packed::unpacked(&file, at, packed).and_then(|mut bytes| bytes.read_exact(&mut start)).map_err(io)?;
        return Ok((file, header::read(name, &start)?, length as usize));
    }
    file.read_exact_at(&mut start, at).map_err(io)?;
    let mut header = header::read(name, &start)?;
    header.data += at as usize;
    Ok((file, header, (at + length) as usize))
}

/// Ranks of different machines may see different files under one name.
fn same_everywhere(ctx: &mut Ctx, name: &str, seen: &str) -> Result<()> {
    let all = ctx.comm.allgather(seen.as_bytes());
    match all.iter().position(|other| *other != all[0]) {
        None => Ok(()),
        Some(rank) => Err(Error::new(
            Class::OSError,
            format!("{name} is not the same file on rank 0 and on rank {rank}"),
        )
        .hint("put it where all ranks see it")),
    }
}

fn read_part(file: &File, header: &Header, layout: &Layout, rank: usize) -> io::Result<Block> {
    let size = header.dtype.itemsize();
    let mut block = Block::zeros(header.dtype, layout.local_size(rank));
    let bytes = block.bytes_mut();
    for s in segments(layout, rank) {
        let stretch = &mut bytes[s.local * size..(s.local + s.len) * size];
        for (k, part) in stretch.chunks_mut(PART).enumerate().take_while(|_| go_on()) {
            file.read_exact_at(part, (header.data + s.flat * size + k * PART) as u64)?;
            settle(part, header);
        }
    }
    Ok(block)
}

/// Elements as they are here, from those of a file.
fn settle(part: &mut [u8], header: &Header) {
    let size = header.dtype.itemsize();
    let number = if header.dtype.kind() == Kind::Complex { size / 2 } else { size };
    if header.swapped {
        part.chunks_exact_mut(number).for_each(<[u8]>::reverse);
    }
    if header.dtype.is_bool() {
        // What is not 0 is True, whoever wrote it.
        part.iter_mut().for_each(|b| *b = (*b != 0) as u8);
    }
}

/// As `read_part`, of a member that is compressed: it is read from its beginning.
fn read_packed(
    file: &File,
    (at, packed): (u64, u64),
    header: &Header,
    layout: &Layout,
    rank: usize,
) -> io::Result<Block> {
    let size = header.dtype.itemsize();
    let mut block = Block::zeros(header.dtype, layout.local_size(rank));
    let bytes = block.bytes_mut();
    let mut list = segments(layout, rank);
    list.sort_unstable_by_key(|s| s.flat);
    let mut stream = packed::unpacked(file, at, packed)?;
    let mut done = 0;
    for s in list {
        let first = (header.data + s.flat * size) as u64;
        packed::pass(&mut stream, first - done)?;
        let stretch = &mut bytes[s.local * size..(s.local + s.len) * size];
        done = first + stretch.len() as u64;
        for part in stretch.chunks_mut(PART).take_while(|_| go_on()) {
            stream.read_exact(part)?;
            settle(part, header);
        }
        if !go_on() {
            break;
        }
    }
    Ok(block)
}

/// An array's elements as they are to be written: each rank's, in few stretches of the file.
struct Prepared {
    fortran: bool,
    /// Of the file's axes, slowest first.
    layout: Layout,
    block: Block,
}

impl Prepared {
    /// Collective.
    fn of(ctx: &mut Ctx, array: &Array) -> Result<Prepared> {
        let rank = ctx.comm.rank();
        let fortran = is_fortran(array);
        let backwards: Vec<usize> = (0..array.ndim()).rev().collect();
        let own = match fortran {
            true => transposed(array.layout(), &backwards),
            false => (**array.layout()).clone(),
        };
        let layout = match !own.everywhere && in_stretches(&own) {
            true => own,
            false => stretches(&own.shape(), ctx.comm.size()),
        };
        let block = match fortran {
            true => {
                let there = Arc::new(transposed(&layout, &backwards));
                reversed(&ctx.local(array, &there)?, &there.local_shape(rank))
            }
            false => ctx.local(array, &Arc::new(layout.clone()))?,
        };
        Ok(Prepared { fortran, layout, block })
    }
}

fn save(ctx: &mut Ctx, name: &str, array: &Array) -> Result<()> {
    let rank = ctx.comm.rank();
    let Prepared { fortran, layout, block } = Prepared::of(ctx, array)?;
    let head = header::write(array.dtype(), array.shape(), fortran);
    let size = array.dtype().itemsize();
    let bytes = (head.len() + array.size() * size) as u64;
    replace(ctx, name, bytes, |ctx, part| {
        let headed = match rank {
            0 => OpenOptions::new().write(true).open(part).and_then(|file| file.write_all_at(&head, 0)),
            _ => Ok(()),
        };
        let watch = ctx.watch_elements(&layout, 10);
        let written = write_part(part, &block, &segments(&layout, rank), head.len(), size);
        let written = headed.and(written).map_err(|e| os_error(&e, name));
        ctx.agree(written.and_then(|()| watch.outcome()))
    })
}

/// Writes a file of so many bytes: under its name there is the old one or the whole new one, never a part. `write` is
/// given the name of the part, and agrees on its errors. Collective.
fn replace(
    ctx: &mut Ctx,
    name: &str,
    bytes: u64,
    write: impl FnOnce(&mut Ctx, &str) -> Result<()>,
) -> Result<()> {
    let rank = ctx.comm.rank();
    let part = format!("{name}.part");
    let made = match rank {
        0 => File::create(&part).and_then(|file| file.set_len(bytes)).map_err(|e| os_error(&e, name)),
        _ => Ok(()),
    };
    if made.is_err() {
        // Nothing more can be done about a file that cannot be removed either; here and below.
        let _ = std::fs::remove_file(&part);
    }
    ctx.agree(made)?;
    let written = write(ctx, &part);
    let named = match (rank, &written) {
        (0, Ok(())) => std::fs::rename(&part, name).map_err(|e| os_error(&e, name)),
        _ => Ok(()),
    };
    let done = written.and_then(|()| ctx.agree(named));
    if done.is_err() && rank == 0 {
        let _ = std::fs::remove_file(&part);
    }
    done
}

/// Whether NumPy would have the elements in Fortran's order and not in C's: it saves them so.
fn is_fortran(array: &Array) -> bool {
    let runs = |axes: &mut dyn Iterator<Item = usize>| {
        let mut expected = 1;
        axes.fold(true, |fits, d| {
            let (n, stride) = (array.shape()[d], array.inner().strided.strides[d]);
            let here = n == 1 || stride == expected;
            expected *= n as isize;
            fits && here
        })
    };
    array.size() > 0 && !runs(&mut (0..array.ndim()).rev()) && runs(&mut (0..array.ndim()))
}

fn write_part(part: &str, block: &Block, list: &[Segment], data: usize, size: usize) -> io::Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    let file = OpenOptions::new().write(true).open(part)?;
    for s in list {
        let stretch = &block.bytes()[s.local * size..(s.local + s.len) * size];
        for (k, part) in stretch.chunks(PART).enumerate().take_while(|_| go_on()) {
            file.write_all_at(part, (data + s.flat * size + k * PART) as u64)?;
        }
    }
    Ok(())
}

/// Whether every rank's part of the flat array is a moderate number of stretches.
fn in_stretches(layout: &Layout) -> bool {
    let blocks = |map: &DimMap| matches!(map, DimMap::Whole { .. } | DimMap::Block { .. });
    let last = (0..layout.ndim()).rev().find(|&d| layout.grid[d] > 1).unwrap_or(0);
    let stretches = layout.dims[..last].iter().map(DimMap::size).fold(1, usize::saturating_mul);
    layout.dims.iter().all(blocks) && stretches <= 10_000
}

/// Blocks along one axis, so that every rank's part is a few long stretches of the flat array.
fn stretches(shape: &[usize], team: usize) -> Layout {
    let longest = (0..shape.len()).max_by_key(|&d| (shape[d], shape.len() - d));
    let axis = (0..shape.len()).find(|&d| shape[d] >= team).or(longest);
    let map = |d: usize| match Some(d) == axis {
        true => DimMap::block(shape[d], team),
        false => DimMap::Whole { size: shape[d] },
    };
    let grid = (0..shape.len()).map(|d| if Some(d) == axis { team } else { 1 }).collect();
    let ranks = (0..if axis.is_some() { team } else { 1 }).collect();
    Layout { dims: (0..shape.len()).map(map).collect(), grid, ranks, everywhere: false }
}

/// The elements of a block of `shape`, with its axes in reverse order.
fn reversed(block: &Block, shape: &[usize]) -> Block {
    let size = block.dtype().itemsize();
    let mut out = Block::zeros(block.dtype(), block.len());
    let mut strides = vec![1; shape.len()];
    for d in (1..shape.len()).rev() {
        strides[d - 1] = strides[d] * shape[d];
    }
    let mut index = vec![0; shape.len()];
    let mut at = 0;
    let (from, to) = (block.bytes(), out.bytes_mut());
    for (k, element) in to.chunks_exact_mut(size).enumerate() {
        if k % LOOK == 0 && !go_on() {
            break;
        }
        element.copy_from_slice(&from[at * size..(at + 1) * size]);
        for d in 0..shape.len() {
            index[d] += 1;
            at += strides[d];
            if index[d] < shape[d] {
                break;
            }
            at -= strides[d] * index[d];
            index[d] = 0;
        }
    }
    out
}

/// Python's error for a failure of the system: its class, number and words.
pub fn os_error(e: &io::Error, name: &str) -> Error {
    let class = match e.kind() {
        io::ErrorKind::NotFound => Class::FileNotFoundError,
        io::ErrorKind::PermissionDenied => Class::PermissionError,
        _ => Class::OSError,
    };
    let text = e.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    match e.raw_os_error() {
        Some(number) => Error::new(class, format!("[Errno {number}] {text}: '{name}'")),
        None => Error::new(class, format!("{text}: '{name}'")),
    }
}

#[cfg(test)]
mod tests;
