//! `distarray-engine serve`: a rank of the kernel's team.

use std::env;
use std::io::{self, Write};
use std::path::Path;

use engines::ctx::{Ctx, Settings};
use engines::link::{place, wire, zeromq};
use lang::ir::Program;

use crate::{mpi, sys};

/// # Errors
/// What is missing in the environment. A rank that fails later ends the team and does not return.
pub fn serve() -> Result<(), String> {
    sys::die_with_parent();
    let access = env::var(zeromq::VARIABLE)
        .map_err(|_| "serve is for the kernel, which says where it listens".to_string())?;
    let access: zeromq::Access = wire::decode(access.as_bytes())?;
    mpi::with(mpi::CHUNK, |comm| {
        let rank = comm.rank();
        if let Some(place) = env::var_os(place::VARIABLE) {
            // On another machine of the team the directory does not exist.
            let _ = place::note_segments(Path::new(&place), rank);
        }
        let lost = move |why: &str| {
            let _ = writeln!(io::stderr(), "distarray-engine: rank {rank}: {why}");
            sys::exit_now(mpi::FAILED);
        };
        let ends = zeromq::ends(&access, lost).map_err(|e| e.to_string())?;
        engines::link::serve(ends, Ctx::new(comm, Settings::from_env()), |ctx, sink| {
            let mut machine = engines::link::machine(ctx, sink);
            move |program: &Program| {
                // For the tests of what becomes of a team when a rank has a bug.
                if env::var("DISTARRAY_TEST_PANIC").is_ok_and(|r| r == rank.to_string()) {
                    panic!("as DISTARRAY_TEST_PANIC says");
                }
                machine(program)
            }
        })
    })
}
