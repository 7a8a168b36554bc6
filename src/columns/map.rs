//! Maps a file into memory: the one place of the house without the compiler's word for it.

#![expect(unsafe_code, reason = "mapping a file; see the invariant below")]

use std::fs::File;
use std::path::Path;

use arrow_buffer::Buffer;
use bytes::Bytes;

/// The bytes of a file, read as they are needed.
pub(super) fn map(path: &Path) -> std::io::Result<Buffer> {
    let file = File::open(path)?;
    // SAFETY: files of columns are written beside their place, renamed, and never written again; removing one leaves the
    // mapping whole. Who else changes files below the data folder breaks more than this.
    let mapped = unsafe { memmap2::Mmap::map(&file)? };
    Ok(Buffer::from(Bytes::from_owner(mapped)))
}
