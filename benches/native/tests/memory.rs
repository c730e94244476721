//! The count of the heap is right for what is made, grown, shrunk and given back.

#![allow(clippy::unwrap_used)]

use neuronbus_benches::memory::weigh;
use std::thread;

#[test]
fn what_is_kept_counts_and_what_is_given_back_does_not() {
    assert_eq!(weigh(|| vec![0_u8; 1000]).1, 1000);
    assert_eq!(weigh(|| drop(vec![1_u8; 1000])).1, 0);
    let (grown, bytes) = weigh(|| {
        let mut grown = vec![1_u64; 3];
        grown.reserve_exact(97);
        grown
    });
    assert_eq!((grown.capacity(), bytes), (100, 800));
    let mut shrunk = grown;
    let (_, bytes) = weigh(|| {
        shrunk.shrink_to_fit();
        vec![0_u8; 1000]
    });
    assert_eq!(bytes, 1000 - 97 * 8);
}

#[test]
fn a_thread_counts_for_itself() {
    let ((), bytes) = weigh(|| {
        thread::scope(|scope| scope.spawn(|| weigh(|| vec![0_u8; 1 << 20]).1).join().unwrap());
    });
    assert!(bytes < 1 << 16, "{bytes}");
}
