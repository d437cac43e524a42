//! Compressed arrays (RFC 1951): each rank packs its stretches, and the pieces follow each other in the archive.
//!
//! A piece ends on a whole byte, so that pieces of one stream can be made apart and joined. To read, every rank goes
//! through the stream and keeps its part.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;

use crc32fast::Hasher;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use lang::error::{Error, Result};

use super::npz::in_file_order;
use super::{PART, Prepared, header};
use crate::array::Array;
use crate::ctx::Ctx;
use crate::exec::pack::segments;
use crate::watch::go_on;

/// An empty last block: two bytes that end a stream.
const END: [u8; 2] = [3, 0];

/// A packed array: of the elements this rank's pieces.
pub struct Packed {
    pub crc: u32,
    /// Of all bytes before and after packing.
    pub size: u64,
    pub length: u64,
    /// The packed header, with which the stream begins.
    pub head: Vec<u8>,
    /// Where in the stream each piece begins.
    pieces: Vec<(u64, Vec<u8>)>,
}

/// Packs an array as a `.npy` file. Collective.
///
/// # Errors
/// MemoryError and KeyboardInterrupt, on all ranks.
pub fn pack(ctx: &mut Ctx, array: &Array) -> Result<Packed> {
    let rank = ctx.comm.rank();
    let Prepared { fortran, layout, block } = Prepared::of(ctx, array)?;
    let head = header::write(array.dtype(), array.shape(), fortran);
    let size = array.dtype().itemsize();
    let watch = ctx.watch_elements(&layout, 200);
    let mut mine = Vec::new();
    let mut sums = Vec::new();
    let mut failed = Ok(());
    for s in segments(&layout, rank) {
        let bytes = &block.bytes()[s.local * size..(s.local + s.len) * size];
        match deflate(bytes) {
            Ok(piece) => {
                let mut hasher = Hasher::new();
                hasher.update(bytes);
                sums.extend([
                    s.flat as u64,
                    bytes.len() as u64,
                    hasher.finalize().into(),
                    piece.len() as u64,
                ]);
                mine.push((s.flat as u64, piece));
            }
            Err(error) => failed = Err(error),
        }
    }
    let packed_head = ctx.agree(failed.and_then(|()| watch.outcome()).and_then(|()| deflate(&head)))?;
    drop(watch);
    let mut whole = Hasher::new();
    whole.update(&head);
    let mut at = packed_head.len() as u64;
    let mut pieces = Vec::new();
    for [flat, length, sum, packed] in in_file_order::<4>(ctx, &sums) {
        whole.combine(&Hasher::new_with_initial_len(sum as u32, length));
        if let Some(own) = mine.iter_mut().find(|(first, _)| *first == flat) {
            pieces.push((at, std::mem::take(&mut own.1)));
        }
        at += packed;
    }
    if rank == 0 {
        pieces.push((at, END.to_vec()));
    }
    Ok(Packed {
        crc: whole.finalize(),
        size: (head.len() + array.size() * size) as u64,
        length: at + END.len() as u64,
        head: packed_head,
        pieces,
    })
}

/// A piece of a stream, to its last byte.
fn deflate(bytes: &[u8]) -> Result<Vec<u8>> {
    let failed = |e: io::Error| Error::value(format!("the array could not be compressed: {e}"));
    let mut stream = DeflateEncoder::new(Vec::new(), Compression::default());
    for part in bytes.chunks(PART).take_while(|_| go_on()) {
        stream.write_all(part).map_err(failed)?;
    }
    stream.flush().map_err(failed)?;
    // What ends the stream comes once, after all pieces.
    Ok(std::mem::take(stream.get_mut()))
}

impl Packed {
    /// Writes this rank's pieces of the stream, which begins at `data`. Not a collective.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&self, part: &str, data: u64) -> io::Result<()> {
        if self.pieces.is_empty() {
            return Ok(());
        }
        let file = OpenOptions::new().write(true).open(part)?;
        for (at, piece) in &self.pieces {
            file.write_all_at(piece, data + at)?;
        }
        Ok(())
    }
}

/// The bytes of a packed member, from its first on.
///
/// # Errors
/// The system's.
pub fn unpacked(file: &File, at: u64, packed: u64) -> io::Result<impl Read> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(at))?;
    Ok(DeflateDecoder::new(BufReader::with_capacity(1 << 16, file.take(packed))))
}

/// Passes over so many bytes.
///
/// # Errors
/// Of a stream that is cut short.
pub fn pass(stream: &mut impl Read, count: u64) -> io::Result<()> {
    match io::copy(&mut stream.take(count), &mut io::sink())? {
        passed if passed == count => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
