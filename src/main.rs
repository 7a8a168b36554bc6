//! The door: parses arguments, runs one command, maps its error to an exit code.

use std::process::ExitCode;

/// Many small pieces are freed by another thread than the one that made them: the allocator of glibc spent a fifth of
/// the time of ingest on that, and kept what was freed.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    ExitCode::from(footfall::cli::run())
}
