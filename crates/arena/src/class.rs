//! Size classes: 8-byte steps up to 128 bytes, then four per doubling, so a block wastes at most a fifth of itself.

/// Bytes of the largest block that the 8-byte steps reach.
const FINE_BYTES: u64 = 128;
/// Classes below and at [`FINE_BYTES`].
const FINE: usize = 16;
/// `FINE_BYTES` is two to this.
const FINE_LOG: u32 = 7;
/// Classes in all: the last one has blocks of 32 KiB, half of the largest span.
pub(crate) const CLASSES: usize = FINE + 4 * 8;

/// The class whose blocks hold `len` bytes with the least waste. `len` is at least 1 and at most [`block_bytes`] of the
/// last class.
#[inline]
pub(crate) fn class_of(len: u64) -> usize {
    let last = len - 1;
    if len <= FINE_BYTES {
        return (last >> 3) as usize;
    }
    let doubling = last.ilog2() - FINE_LOG;
    let quarter = last >> (doubling + FINE_LOG - 2) & 3;
    FINE + 4 * doubling as usize + quarter as usize
}

/// Bytes of a block of `class`, a multiple of 8.
#[inline]
pub(crate) fn block_bytes(class: usize) -> u64 {
    BYTES[class]
}

const BYTES: [u64; CLASSES] = {
    let (mut bytes, mut class) = ([0; CLASSES], 0);
    while class < CLASSES {
        bytes[class] = compute(class);
        class += 1;
    }
    bytes
};

const fn compute(class: usize) -> u64 {
    if class < FINE {
        return (class as u64 + 1) << 3;
    }
    let (doubling, quarter) = ((class - FINE) / 4, (class - FINE) as u64 % 4);
    (5 + quarter) << (doubling as u32 + FINE_LOG - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_length_gets_the_smallest_class_that_holds_it() {
        for len in (1..=block_bytes(CLASSES - 1)).step_by(if cfg!(miri) { 61 } else { 1 }) {
            let class = class_of(len);
            assert!(block_bytes(class) >= len && block_bytes(class).is_multiple_of(8), "{len}");
            assert!(class == 0 || block_bytes(class - 1) < len, "{len}");
            assert!(len <= 64 || block_bytes(class) * 4 <= len * 5 + 32, "{len} wastes too much");
        }
        assert_eq!(block_bytes(CLASSES - 1), 32 * 1024);
    }
}
