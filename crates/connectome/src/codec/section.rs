//! Sections: a tag of four bytes, the length of the content (u64), the CRC-32 of tag, length and content, and the content.

use super::bytes::Bytes;
use crate::ConnectomeError;
use alloc::vec::Vec;

/// Adds a section with what `content` writes.
pub(crate) fn section(out: &mut Vec<u8>, tag: [u8; 4], content: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = Vec::new();
    content(&mut bytes);
    let length = (bytes.len() as u64).to_le_bytes();
    out.extend_from_slice(&tag);
    out.extend_from_slice(&length);
    out.extend_from_slice(&checksum(tag, length, &bytes).to_le_bytes());
    out.append(&mut bytes);
}

fn checksum(tag: [u8; 4], length: [u8; 8], content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for bytes in [&tag[..], &length, content] {
        hasher.update(bytes);
    }
    hasher.finalize()
}

/// What `read` makes of the section with this tag, all of it.
pub(crate) fn inside<'a, T>(
    file: &mut Bytes<'a>,
    tag: [u8; 4],
    read: impl FnOnce(&mut Bytes<'a>) -> Result<T, ConnectomeError>,
) -> Result<T, ConnectomeError> {
    if file.array()? != tag {
        return Err(file.wrong("another section was to come"));
    }
    let length = file.array()?;
    let expected = u32::from_le_bytes(file.array()?);
    // What does not fit into a usize does not fit into memory either.
    let content = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
    let mut section = file.section(content)?;
    if expected != checksum(tag, length, section.rest()) {
        return Err(file.wrong("the checksum is another"));
    }
    let read = read(&mut section)?;
    section.end().map(|()| read)
}
