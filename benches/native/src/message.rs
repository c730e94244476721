//! What all contenders carry, and the one place where it is verified: every message, in order, once, intact.

use crate::harness::{Sample, fail};
use neuronbus_spike::{
    Spike,
    layout::{INLINE_BYTES, LENGTH_EMPTY, LENGTH_SHIFT, SPIKE_WORDS},
};
use std::time::Instant;

/// What each word is, beside the sequence. Cheap to write and to compare, so that the harness costs little of what is measured.
const SALT: [u64; SPIKE_WORDS] = [
    0,
    0x9E37_79B9_7F4A_7C15,
    0x00B5_8D42_C6A1_9F03,
    0x6C62_272E_07BB_0142,
    0xD6E8_FEB8_6659_FD93,
    0xA5A5_0F0F_3C3C_9696,
    0x1234_5678_9ABC_DEF0,
    u64::MAX,
];
/// The word that holds kind and length.
const TAGGED: usize = 2;
/// An excitatory spike with 46 inline bytes.
const TAG: u64 = (((LENGTH_EMPTY + INLINE_BYTES as u8) as u64) << LENGTH_SHIFT) & 0xFF;

/// The eight words of message `seq`.
#[inline]
pub fn words(seq: u64) -> [u64; SPIKE_WORDS] {
    let mut words = SALT.map(|salt| seq ^ salt);
    words[TAGGED] = words[TAGGED] << 8 | TAG;
    words
}

/// Message `seq`, checked like any other frame.
#[inline]
pub fn spike(seq: u64) -> Spike {
    Spike::from_words(words(seq)).unwrap_or_else(|error| fail("message", error))
}

/// Verifies a stream and takes its time.
#[derive(Debug)]
pub struct Meter {
    next: u64,
    warm: u64,
    total: u64,
    begun: Instant,
    fault: Option<String>,
}

impl Meter {
    /// For `total` messages from 0 on, the first tenth of which warms up and is not timed.
    pub fn new(total: u64) -> Self {
        Self { next: 0, warm: total / 10, total, begun: Instant::now(), fault: None }
    }

    /// Takes the next message as its words.
    #[inline]
    pub fn see(&mut self, found: &[u64; SPIKE_WORDS]) {
        let differences = found.iter().zip(words(self.next)).fold(0, |all, (found, expected)| all | (found ^ expected));
        if differences != 0 {
            self.complain(found);
        }
        if self.next == self.warm {
            self.begun = Instant::now();
        }
        self.next += 1;
    }

    /// Takes the next message as a spike.
    #[inline]
    pub fn see_spike(&mut self, found: &Spike) {
        self.see(&found.to_words());
    }

    /// Messages seen.
    pub fn seen(&self) -> u64 {
        self.next
    }

    /// Whether all have come, or one was wrong.
    #[inline]
    pub fn is_over(&self) -> bool {
        self.next >= self.total || self.fault.is_some()
    }

    /// The time from the end of the warm-up until now.
    ///
    /// # Errors
    /// What was wrong with the stream.
    pub fn finish(self) -> Result<Sample, String> {
        let elapsed = self.begun.elapsed();
        match self.fault {
            Some(fault) => Err(fault),
            None if self.next != self.total => Err(format!("{} messages of {}", self.next, self.total)),
            None => Ok(Sample { count: self.total - self.warm, elapsed }),
        }
    }

    #[cold]
    fn complain(&mut self, found: &[u64; SPIKE_WORDS]) {
        let wrong = if found[0] == self.next { "is not intact" } else { "is out of order, lost or doubled" };
        self.fault.get_or_insert_with(|| format!("message {} {wrong}: {found:x?}", self.next));
    }
}
