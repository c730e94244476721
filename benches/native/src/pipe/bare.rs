//! No ring at all: cache lines, a cursor for each batch, and the reader's position. What the machine can stream at most.

use super::{BatchSender, Pipe, Receiver, Sender};
use crate::message::{self, Meter};
use neuronbus_spike::{Spike, layout::SPIKE_WORDS};
use neuronbus_sync::{Arc, AtomicU64, CachePadded, Ordering, spin_loop};

/// One line.
#[derive(Default)]
#[repr(align(64))]
struct Line([AtomicU64; SPIKE_WORDS]);

/// Lines, and how far each side is.
struct Lines {
    all: Box<[Line]>,
    written: CachePadded<AtomicU64>,
    read: CachePadded<AtomicU64>,
}

/// Batches only; nothing is checked, closed, awaited or woken.
pub struct BarePipe;

/// Writes lines.
pub struct BareSender {
    shared: Arc<Lines>,
    /// What is known of the reader's position.
    read: u64,
    next: u64,
}

/// Reads lines.
pub struct BareReceiver {
    shared: Arc<Lines>,
    next: u64,
}

impl Pipe for BarePipe {
    type Sender = BareSender;
    type Receiver = BareReceiver;
    const NAME: &'static str = "bare";

    fn open(slots: usize) -> (BareSender, BareReceiver) {
        let all = (0..slots).map(|_| Line::default()).collect();
        let shared = Arc::new(Lines { all, written: CachePadded::default(), read: CachePadded::default() });
        (BareSender { shared: Arc::clone(&shared), read: 0, next: 0 }, BareReceiver { shared, next: 0 })
    }
}

impl Lines {
    #[inline]
    fn line(&self, seq: u64) -> &[AtomicU64; SPIKE_WORDS] {
        &self.all[seq as usize & (self.all.len() - 1)].0
    }
}

impl BareSender {
    #[inline]
    fn wait_for_room(&mut self, len: u64) {
        while self.next + len - self.read > self.shared.all.len() as u64 {
            // Acquire, partner: the Release store of the receiver.
            self.read = self.shared.read.load(Ordering::Acquire);
            spin_loop();
        }
    }

    #[inline]
    fn write(&mut self, words: [u64; SPIKE_WORDS]) {
        for (slot, word) in self.shared.line(self.next).iter().zip(words) {
            // Relaxed: `written` publishes it.
            slot.store(word, Ordering::Relaxed);
        }
        self.next += 1;
    }

    #[inline]
    fn show(&self) {
        // Release, partner: the Acquire load of the receiver.
        self.shared.written.store(self.next, Ordering::Release);
    }
}

impl Sender for BareSender {
    #[inline]
    fn send(&mut self, spike: &Spike) {
        self.wait_for_room(1);
        self.write(spike.to_words());
        self.show();
    }
}

impl BatchSender for BareSender {
    #[inline]
    fn send_batch(&mut self, first: u64, len: usize) {
        self.wait_for_room(len as u64);
        (first..first + len as u64).for_each(|seq| self.write(message::words(seq)));
        self.show();
    }
}

impl Receiver for BareReceiver {
    #[inline]
    fn receive(&mut self, meter: &mut Meter) {
        let written = loop {
            // Acquire, partner: the Release store of the sender.
            let written = self.shared.written.load(Ordering::Acquire);
            if written != self.next {
                break written;
            }
            spin_loop();
        };
        for seq in self.next..written {
            let mut words = [0; SPIKE_WORDS];
            for (word, slot) in words.iter_mut().zip(self.shared.line(seq)) {
                // Relaxed: `written` was acquired.
                *word = slot.load(Ordering::Relaxed);
            }
            meter.see(&words);
        }
        self.next = written;
        // Release, partner: the Acquire load of the sender.
        self.shared.read.store(written, Ordering::Release);
    }
}
