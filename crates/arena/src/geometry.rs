//! How a capacity is cut into spans.

use crate::{
    class::{CLASSES, block_bytes, class_of},
    layout::ALIGN,
};

/// The largest span, bytes: two blocks of the last class.
const MAX_SPAN_LOG: u32 = 16;
/// The smallest span, bytes; below 1 MiB of capacity spans are smaller than 4 KiB, so that a small arena still has some for each class.
const MIN_SPAN_LOG: u32 = 6;
/// A span is this fraction of the capacity, between the two.
const SPANS_LOG: u32 = 8;
/// Most blocks of a class that a thread keeps at hand.
pub(crate) const MAX_AT_HAND: u64 = 32;

/// Cuts of one arena. The last span may be shorter than the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    bytes: u64,
    span_log: u32,
    at_hand: [u8; CLASSES],
}

impl Geometry {
    /// Cuts `capacity` bytes; what is no multiple of 8 at the end stays unused.
    pub fn new(capacity: u64) -> Self {
        let log = capacity.max(1).ilog2().saturating_sub(SPANS_LOG);
        let span_log = log.clamp(MIN_SPAN_LOG, MAX_SPAN_LOG);
        let at_hand = std::array::from_fn(|class| ((1 << span_log) / block_bytes(class)).min(MAX_AT_HAND) as u8);
        Self { bytes: capacity & !(ALIGN - 1), span_log, at_hand }
    }

    /// Bytes that blocks and runs can use.
    pub fn usable_bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes of a span.
    pub fn span_bytes(&self) -> u64 {
        1 << self.span_log
    }

    /// Spans, the shorter last one included.
    pub fn spans(&self) -> usize {
        self.bytes.div_ceil(self.span_bytes()) as usize
    }

    /// How many blocks of `class` a thread keeps at hand: at most a span's worth.
    #[inline]
    pub(crate) fn at_hand(&self, class: usize) -> usize {
        usize::from(self.at_hand[class])
    }

    /// Where span `span` begins.
    pub fn span_start(&self, span: usize) -> u64 {
        (span as u64) << self.span_log
    }

    /// The span in which `offset` lies.
    pub fn span_of(&self, offset: u64) -> usize {
        (offset >> self.span_log) as usize
    }

    /// Words of the block bitmap of one span.
    pub(crate) fn block_words(&self) -> usize {
        ((self.span_bytes() / ALIGN) as usize).div_ceil(crate::bitmap::WORD)
    }

    /// The class for `len` bytes; none if they take a run of spans.
    #[inline]
    pub(crate) fn class_for(&self, len: u64) -> Option<usize> {
        (len <= 1 << (self.span_log - 1)).then(|| class_of(len))
    }

    /// Blocks of `class` in `span`.
    pub(crate) fn blocks(&self, span: usize, class: usize) -> usize {
        (self.bytes_from(span, 1) / block_bytes(class)) as usize
    }

    /// Spans that a payload of `len` bytes takes when it has no class.
    pub(crate) fn run_of(&self, len: u64) -> usize {
        len.div_ceil(self.span_bytes()) as usize
    }

    /// Bytes of `count` spans from `span` on: less than full if the shorter last one is among them.
    pub(crate) fn bytes_from(&self, span: usize, count: usize) -> u64 {
        let start = self.span_start(span);
        (self.span_start(span + count)).min(self.bytes).saturating_sub(start)
    }
}
