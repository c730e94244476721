//! How a capacity is cut into spans.

use crate::{
    class::{CLASSES, block_bytes, class_of},
    layout::{ALIGN, DATA},
};

/// The largest span, bytes: two blocks of the last class.
const MAX_SPAN_LOG: u32 = 16;
/// The smallest span, bytes; below 1 MiB of capacity spans are smaller than 4 KiB, so that a small arena still has some
/// for each class.
const MIN_SPAN_LOG: u32 = 6;
/// A span is this fraction of the capacity, between the two.
const SPANS_LOG: u32 = 8;
/// Most blocks of a class that a thread keeps at hand.
pub(crate) const MAX_AT_HAND: u64 = 128;

const CACHE_LINE: u64 = 64;
/// The data begin in the middle of a cache line (NB-23), and a copy to a block that does so too takes half as long
/// again (4 KiB: 42 to 50 ns instead of 28). So all spans but the first begin this much later, and the first is this
/// much longer.
const SKEW: u64 = DATA.next_multiple_of(CACHE_LINE as usize) as u64 - DATA as u64;

/// Cuts of one arena. The last span may be shorter than the others, the first is a little longer.
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
        self.bytes.saturating_sub(SKEW).div_ceil(self.span_bytes()) as usize
    }

    /// How many blocks of `class` a thread keeps at hand: at most a span's worth.
    #[inline]
    pub(crate) fn at_hand(&self, class: usize) -> usize {
        usize::from(self.at_hand[class])
    }

    /// Where span `span` begins.
    pub fn span_start(&self, span: usize) -> u64 {
        if span == 0 { 0 } else { ((span as u64) << self.span_log) + SKEW }
    }

    /// The span in which `offset` lies.
    pub fn span_of(&self, offset: u64) -> usize {
        (offset.saturating_sub(SKEW) >> self.span_log) as usize
    }

    /// Where the blocks of `class` begin in `span`.
    pub(crate) fn first_block(&self, span: usize, class: usize) -> u64 {
        let skips = span == 0 && block_bytes(class).is_multiple_of(CACHE_LINE);
        self.span_start(span) + if skips { SKEW } else { 0 }
    }

    /// Where a run of `count` spans from `span` on best begins for `len` bytes; none if they do not fit.
    pub(crate) fn first_of_run(&self, span: usize, count: usize, len: u64) -> Option<u64> {
        let (start, room) = (self.span_start(span), self.bytes_from(span, count));
        let skip = if span == 0 && room >= len + SKEW { SKEW } else { 0 };
        (room >= len).then_some(start + skip)
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
        let end = self.span_start(span) + self.bytes_from(span, 1);
        let room = end.saturating_sub(self.first_block(span, class)).min(self.span_bytes());
        (room / block_bytes(class)) as usize
    }

    /// Spans that a payload of `len` bytes takes when it has no class.
    pub(crate) fn run_of(&self, len: u64) -> usize {
        (len.div_ceil(self.span_bytes()) as usize).min(self.spans())
    }

    /// Bytes of `count` spans from `span` on: less than full if the shorter last one is among them.
    pub(crate) fn bytes_from(&self, span: usize, count: usize) -> u64 {
        let start = self.span_start(span);
        (self.span_start(span + count)).min(self.bytes).saturating_sub(start)
    }
}
