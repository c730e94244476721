//! The leases that JavaScript holds, by number: a lease is a guard, and JavaScript has none.

use neuronbus::Lease;

/// Open leases; numbers are used again.
#[derive(Default)]
pub struct Leases {
    places: Vec<Option<Lease>>,
    free: Vec<u32>,
}

impl Leases {
    /// Keeps a lease open; returns its number.
    pub fn keep(&mut self, lease: Lease) -> u32 {
        if let Some(number) = self.free.pop() {
            self.places[number as usize] = Some(lease);
            return number;
        }
        self.places.push(Some(lease));
        self.places.len() as u32 - 1
    }

    /// Ends a lease; nothing if it has ended.
    pub fn give_back(&mut self, number: u32) {
        let ended = self.places.get_mut(number as usize).and_then(Option::take);
        if ended.is_some() {
            self.free.push(number);
        }
    }

    /// How many are open.
    pub fn open(&self) -> u32 {
        (self.places.len() - self.free.len()) as u32
    }
}
