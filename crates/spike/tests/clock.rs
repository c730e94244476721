//! The clocks: real time never runs back, manual time moves only by hand.

use neuronbus_spike::{Clock, ManualClock, RealClock};

#[test]
fn the_real_clock_is_monotonic_and_counts_nanoseconds() {
    let clock = RealClock::new();
    let begin = clock.now_ns();
    let reads: Vec<u64> = (0..10_000).map(|_| clock.now_ns()).collect();
    assert!(reads.is_sorted());
    std::thread::sleep(std::time::Duration::from_millis(20));
    let passed = clock.now_ns() - begin;
    assert!((20_000_000..2_000_000_000).contains(&passed), "{passed} ns");
}

#[test]
fn the_manual_clock_starts_at_zero_and_saturates() {
    let clock = ManualClock::new();
    assert_eq!(clock.now_ns(), 0);
    clock.advance_ns(5);
    assert_eq!(clock.now_ns(), 5);
    clock.advance_ns(u64::MAX);
    assert_eq!(clock.now_ns(), u64::MAX);
}
