//! Files of sections, as the tests of all of them take them apart and put them together again.
#![allow(clippy::unwrap_used)]

use std::ops::Range;

/// Bytes of a section before its content: tag, length, checksum.
pub const SECTION: usize = 16;

/// Where the content of each section lies.
pub fn sections<const N: usize>(file: &[u8], tags: [&[u8; 4]; N]) -> [Range<usize>; N] {
    let mut at = 8;
    tags.map(|tag| {
        assert_eq!(&file[at..at + 4], tag);
        let length = u64::from_le_bytes(file[at + 4..at + 12].try_into().unwrap()) as usize;
        let content = at + SECTION..at + SECTION + length;
        at = content.end;
        content
    })
}

/// With right checksums for the contents it has, of sections where they were.
pub fn sealed(mut file: Vec<u8>, sections: &[Range<usize>]) -> Vec<u8> {
    for section in sections {
        let begin = section.start - SECTION;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&file[begin..begin + 12]);
        hasher.update(&file[section.clone()]);
        file[begin + 12..begin + 16].copy_from_slice(&hasher.finalize().to_le_bytes());
    }
    file
}
