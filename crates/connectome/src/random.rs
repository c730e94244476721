//! Random numbers that are a function of where they are used: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011).
//!
//! A counter takes the place of a state: no thread waits for another's draw, and none changes it.
#![deny(clippy::float_arithmetic)]

const ROUNDS: usize = 10;
const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// What a number is for: other uses of one seed get other numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Use {
    /// Whether a neuron at its threshold fires.
    Excitability = 1,
}

/// The number of one neuron in one step.
pub(crate) fn draw(seed: u64, what: Use, neuron: u32, step: u64) -> u32 {
    let [low, high] = halves(step);
    let [number, ..] = philox([what as u32, neuron, low, high], halves(seed));
    number
}

/// Low and high half.
pub(crate) fn halves(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

/// Four numbers for each counter, with a key that says which of 2^64 such functions it is.
pub(crate) fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..ROUNDS {
        let [low0, high0] = halves(u64::from(MULTIPLIERS[0]) * u64::from(counter[0]));
        let [low1, high1] = halves(u64::from(MULTIPLIERS[1]) * u64::from(counter[2]));
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers of Random123 (`kat_vectors`, philox4x32 10).
    #[test]
    fn philox_gives_the_known_answers() {
        let pi = [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344];
        for (counter, key, answer) in [
            ([0; 4], [0; 2], [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]),
            (pi, [0xA409_3822, 0x299F_31D0], [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]),
        ] {
            assert_eq!(philox(counter, key), answer);
        }
    }

    #[test]
    fn a_draw_is_that_of_its_place_and_no_other() {
        let one = draw(7, Use::Excitability, 3, 9);
        assert_eq!(one, draw(7, Use::Excitability, 3, 9));
        for (seed, neuron, step) in [(8, 3, 9), (7 << 32, 3, 9), (7, 4, 9), (7, 3, 10), (7, 3, 9 << 32)] {
            assert_ne!(one, draw(seed, Use::Excitability, neuron, step));
        }
    }
}
