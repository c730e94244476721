//! NB-1 to NB-8: the 64 bytes, seen from outside.

#![allow(clippy::unwrap_used)]

use neuronbus_spike::{ArenaRef, NeuronId, Payload, Spike, SpikeBuilder, SpikeError, SpikeKind, Target, layout};
use proptest::prelude::*;

fn id(raw: u16) -> NeuronId {
    NeuronId::new(raw).unwrap()
}

fn hex(spike: &Spike) -> String {
    use std::fmt::Write;
    spike.as_bytes().iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").unwrap();
        out
    })
}

#[test]
fn nb_1_golden_hex_of_a_known_spike() {
    let spike = SpikeBuilder::new()
        .timestamp_ns(0x0102_0304_0506_0708)
        .sequence(0x0a0b_0c0d)
        .source(id(0x1112))
        .target(id(0x2122))
        .kind(SpikeKind::Inhibitory)
        .priority(200)
        .payload(b"hello")
        .build()
        .unwrap();
    let golden =
        format!("0807060504030201{}{}{}{}{}{}", "0d0c0b0a", "1211", "2221", "19c8", "68656c6c6f", "0".repeat(82));
    assert_eq!(hex(&spike), golden);
    assert_eq!((size_of::<Spike>(), align_of::<Spike>()), (64, 64));
}

/// Bytes 18 to 34 of a spike whose payload lies in the arena. The same literals stand in `__test__/golden.test.ts`: both
/// languages must lay them out alike.
const GOLDEN_REFERENCES: [(&str, u64, u32, u16, u16); 2] = [
    ("a007060504030201001413121122213231", 0x0001_0203_0405_0607, 0x1112_1314, 0x2122, 0x3132),
    ("a020200100000000000301000001000100", 73_760, 259, 1, 1),
];

#[test]
fn nb_8_golden_hex_of_references() {
    for (golden, offset, len, slot, generation) in GOLDEN_REFERENCES {
        let reference = ArenaRef::new(offset, len, slot, generation);
        let spike = SpikeBuilder::new().arena_ref(reference).build().unwrap();
        // Excitatory, an arena reference, priority 0; nothing after it.
        assert_eq!(hex(&spike), format!("{}fc00{golden}{}", "0".repeat(32), "0".repeat(58)));
        let mut bytes = [0; 64];
        bytes[layout::TAG] = layout::LENGTH_ARENA << layout::LENGTH_SHIFT;
        for (byte, pair) in bytes[layout::PAYLOAD..].iter_mut().zip(golden.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        }
        assert_eq!(Spike::from_bytes(bytes).unwrap().arena_ref(), Some(reference));
    }
}

#[test]
fn nb_2_unknown_kind_is_refused() {
    let mut bytes = [0; 64];
    for raw in 0..3 {
        bytes[layout::TAG] = raw;
        assert_eq!(Spike::from_bytes(bytes).unwrap().kind().raw(), raw);
    }
    bytes[layout::TAG] = 3;
    assert_eq!(Spike::from_bytes(bytes), Err(SpikeError::UnknownKind { found: 3 }));
}

#[test]
fn unknown_length_codes_are_refused() {
    for code in 0..64_u8 {
        let mut bytes = [0; 64];
        bytes[layout::TAG] = code << layout::LENGTH_SHIFT;
        let known = code <= 47;
        match Spike::from_bytes(bytes) {
            Ok(_) => assert!(known, "{code}"),
            Err(SpikeError::BadMarker { found: 0 }) => assert_eq!(code, layout::LENGTH_ARENA),
            Err(error) => assert!(!known && error == SpikeError::UnknownLength { found: code }, "{error}"),
        }
    }
}

#[test]
fn nb_3_the_broadcast_address_is_no_id() {
    assert_eq!(NeuronId::new(0xFFFF), Err(SpikeError::BroadcastId));
    assert_eq!(Target::from_raw(0xFFFF), Target::Broadcast);
    assert_eq!(Target::from_raw(7), Target::Neuron(id(7)));
}

#[test]
fn nb_5_what_is_not_set_is_zero() {
    let empty = SpikeBuilder::new().build().unwrap();
    let mut expected = [0; 64];
    expected[layout::TAG] = layout::LENGTH_EMPTY << layout::LENGTH_SHIFT;
    assert_eq!(empty.as_bytes(), &expected);
    assert_eq!(empty.payload(), Payload::Inline(&[]));
}

#[test]
fn nb_6_legacy_frames_stay_valid() {
    let mut bytes = [0; 64];
    bytes[layout::PAYLOAD] = layout::ARENA_MARKER;
    bytes[63] = 9;
    let spike = Spike::from_bytes(bytes).unwrap();
    assert_eq!(spike.payload(), Payload::Inline(&bytes[18..]));
    assert_eq!(spike.arena_ref(), None);
}

#[test]
fn nb_7_46_bytes_stay_and_47_are_refused() {
    let full = [7; 46];
    assert_eq!(SpikeBuilder::new().payload(&full).build().unwrap().payload(), Payload::Inline(&full));
    assert_eq!(SpikeBuilder::new().payload(&[7; 47]).build(), Err(SpikeError::PayloadTooLong { len: 47 }));
}

#[test]
fn nb_8_inline_data_is_not_taken_for_a_reference() {
    let data = [layout::ARENA_MARKER; 17];
    let spike = SpikeBuilder::new().payload(&data).build().unwrap();
    assert_eq!((spike.payload(), spike.arena_ref()), (Payload::Inline(&data), None));
}

#[test]
fn a_modulatory_spike_carries_three_bytes() {
    let build = |payload: &[u8]| SpikeBuilder::new().kind(SpikeKind::Modulatory).payload(payload).build();
    assert!(build(&[1, 2, 3]).is_ok());
    assert_eq!(build(&[1, 2]), Err(SpikeError::ModulatoryLength { len: 2 }));
}

fn payloads() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..=46)
}

proptest! {
    #[test]
    fn nb_4_every_field_round_trips(
        time in any::<u64>(), sequence in any::<u32>(), source in 0..0xFFFF_u16, target in any::<u16>(),
        kind in 0..2_u8, priority in any::<u8>(), payload in payloads(), shift in 0..8_usize,
    ) {
        let built = SpikeBuilder::new().timestamp_ns(time).sequence(sequence).source(id(source))
            .target(Target::from_raw(target)).kind(SpikeKind::from_raw(kind).unwrap()).priority(priority)
            .payload(&payload).build().unwrap();
        let mut unaligned = vec![0; 64 + shift];
        unaligned[shift..].copy_from_slice(built.as_bytes());
        let read = Spike::from_bytes(unaligned[shift..].try_into().unwrap()).unwrap();
        prop_assert_eq!(read, built);
        prop_assert_eq!(Spike::from_words(built.to_words()).unwrap(), built);
        prop_assert_eq!((read.timestamp_ns(), read.sequence(), read.source_raw()), (time, sequence, source));
        prop_assert_eq!((read.target().raw(), read.kind().raw(), read.priority()), (target, kind, priority));
        prop_assert_eq!(read.payload(), Payload::Inline(&payload));
    }

    #[test]
    fn nb_8_references_round_trip(offset in any::<u64>(), len in any::<u32>(), slot in any::<u16>(), generation in any::<u16>()) {
        let reference = ArenaRef::new(offset, len, slot, generation);
        let spike = SpikeBuilder::new().arena_ref(reference).build().unwrap();
        prop_assert_eq!(spike.arena_ref(), Some(reference));
        prop_assert_eq!((reference.slot(), reference.generation()), (slot, generation));
        prop_assert_eq!(spike.as_bytes()[18], 0xA0);
    }

    #[test]
    fn any_64_bytes_are_taken_or_refused_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 64)) {
        if let Ok(spike) = Spike::from_bytes(bytes.clone().try_into().unwrap()) {
            prop_assert_eq!(spike.as_bytes().as_slice(), bytes.as_slice());
            let _ = (spike.payload(), spike.kind(), spike.arena_ref());
        }
    }
}
