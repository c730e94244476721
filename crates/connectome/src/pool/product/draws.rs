//! The random numbers of a source, one after the other.
#![deny(clippy::float_arithmetic)]

use crate::random::{halves, philox};

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

#[cfg(test)]
mod tests {
    use super::*;

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
