//! Random numbers that are a function of where they are used: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw 2011).
#![deny(clippy::float_arithmetic)]

const ROUNDS: usize = 10;
const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// What numbers are for: other uses of one seed get other numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Use {
    /// The first synapses of a pool.
    Wiring,
    /// Those that grow after so many ticks.
    Growth(u64),
}

/// The numbers of one source.
pub(super) struct Draws {
    key: [u32; 2],
    counter: [u32; 4],
    block: [u32; 4],
    /// How many of the block are used.
    used: usize,
}

impl Draws {
    pub(super) fn new(seed: u64, what: Use, source: u16) -> Self {
        let [low, high] = match what {
            Use::Wiring => [u32::MAX; 2],
            Use::Growth(ticks) => halves(ticks),
        };
        Self { key: halves(seed), counter: [0, source.into(), low, high], block: [0; 4], used: 4 }
    }

    /// The next one.
    pub(super) fn next(&mut self) -> u32 {
        if self.used == self.block.len() {
            self.block = philox(self.counter, self.key);
            // 2^34 numbers for one source: four times what the densest row needs.
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }

    /// One below `bound`, which is far below 2^32: no number is likelier than another by more than `bound` / 2^32.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        // The upper half of a product is below its factor.
        ((u64::from(self.next()) * u64::from(bound)) >> 32) as u32
    }
}

/// Low and high half.
fn halves(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
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
    fn numbers_of_one_place_are_the_same_and_of_another_are_not() {
        let ten = |seed, what, source| {
            let mut draws = Draws::new(seed, what, source);
            [(); 10].map(|()| draws.next())
        };
        let one = ten(7, Use::Wiring, 3);
        assert_eq!(one, ten(7, Use::Wiring, 3));
        for other in [ten(8, Use::Wiring, 3), ten(7, Use::Growth(0), 3), ten(7, Use::Wiring, 4)] {
            assert!(one.iter().zip(&other).all(|(one, other)| one != other));
        }
    }
}
