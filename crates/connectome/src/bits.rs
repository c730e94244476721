//! A word of 64 bits, and what they say of 64 lanes.

/// Bit n is lane n, of lanes in which all bits are set, or none.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
pub(crate) fn word(lanes: &[u32; 64]) -> u64 {
    // A reduction of each half: the compiler makes vectors of it.
    let (halves, _) = lanes.as_chunks::<32>();
    let half = |lanes: &[u32; 32]| lanes.iter().enumerate().fold(0, |word, (at, lane)| word | lane & 1 << at);
    halves.iter().enumerate().fold(0, |all, (at, lanes)| all | u64::from(half(lanes)) << (at * 32))
}

/// The places of the bits that are set, ascending.
#[inline]
pub(crate) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = lowest(word)?;
        word &= word - 1;
        Some(lowest)
    })
}

/// The place of the lowest bit that is set.
#[inline]
pub(crate) fn lowest(word: u64) -> Option<usize> {
    (word != 0).then(|| word.trailing_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::{ones, word};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_word_and_its_lanes_say_the_same(bits: u64) {
            let lanes = core::array::from_fn(|at| if bits >> at & 1 == 1 { u32::MAX } else { 0 });
            prop_assert_eq!(word(&lanes), bits);
            prop_assert!(ones(bits).eq((0..64).filter(|at| bits >> at & 1 == 1)));
        }
    }
}
