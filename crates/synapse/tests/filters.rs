//! NB-30: what a synapse lets through.

#![allow(clippy::unwrap_used)]

use neuronbus_spike::{ArenaRef, Spike, SpikeBuilder, SpikeKind};
use neuronbus_synapse::{Filter, FilterHost, FilterSet, SynapseError};

/// An arena with one payload, and one predicate: `even` lets even priorities through.
#[derive(Default)]
struct World {
    arena: &'static [u8],
    asked: Vec<String>,
}

impl FilterHost for World {
    fn arena_starts_with(&mut self, payload: ArenaRef, prefix: &[u8]) -> bool {
        self.asked.push(format!("arena {}", payload.offset));
        self.arena.starts_with(prefix)
    }

    fn custom(&mut self, name: &str, spike: &Spike) -> bool {
        self.asked.push(name.to_owned());
        name == "even" && spike.priority().is_multiple_of(2)
    }
}

fn passes(filters: &[Filter], spike: SpikeBuilder) -> bool {
    let mut world = World { arena: b"job:translate", ..World::default() };
    FilterSet::from(filters.to_vec()).passes(&spike.build().unwrap(), &mut world)
}

fn spike() -> SpikeBuilder {
    SpikeBuilder::new()
}

#[test]
fn nb_30_kind() {
    for kind in [SpikeKind::Excitatory, SpikeKind::Inhibitory, SpikeKind::Modulatory] {
        for sent in [SpikeKind::Excitatory, SpikeKind::Inhibitory, SpikeKind::Modulatory] {
            assert_eq!(passes(&[Filter::Kind(kind)], spike().kind(sent).payload(b"dca")), kind == sent);
        }
    }
}

#[test]
fn nb_30_priority_threshold_lets_equal_through() {
    let filter = [Filter::Priority { min: 100 }];
    assert!(!passes(&filter, spike().priority(99)));
    assert!(passes(&filter, spike().priority(100)));
    assert!(passes(&filter, spike().priority(255)));
}

#[test]
fn nb_30_prefix_of_inline_payloads() {
    let filter = [Filter::prefix("job:")];
    assert!(passes(&filter, spike().payload(b"job:42")));
    assert!(passes(&filter, spike().payload(b"job:")));
    assert!(!passes(&filter, spike().payload(b"job")));
    assert!(!passes(&filter, spike().payload(b"")));
    assert!(!passes(&filter, spike().payload(b"a job:")));
    assert!(passes(&[Filter::prefix([])], spike().payload(b"")));
    // Bytes behind the payload's end are zero, but no part of it.
    assert!(!passes(&[Filter::prefix(b"a\0")], spike().payload(b"a")));
    assert!(passes(&[Filter::prefix([0xA0])], spike().payload(&[0xA0, 1])));
}

#[test]
fn nb_30_prefix_of_arena_payloads() {
    let reference = ArenaRef::new(64, 100, 1, 1);
    assert!(passes(&[Filter::prefix("job:")], spike().arena_ref(reference)));
    assert!(!passes(&[Filter::prefix("gob:")], spike().arena_ref(reference)));
    assert!(!passes(&[Filter::prefix([0xA0])], spike().arena_ref(reference)), "the marker is not payload");
}

#[test]
fn nb_30_custom_calls_the_registered_predicate() {
    assert!(passes(&[Filter::custom("even")], spike().priority(4)));
    assert!(!passes(&[Filter::custom("even")], spike().priority(5)));
    assert!(!passes(&[Filter::custom("other")], spike().priority(4)));
}

#[test]
fn nb_30_all_must_pass_and_the_first_refusal_ends_the_asking() {
    let filters: FilterSet =
        [Filter::custom("even"), Filter::Priority { min: 10 }, Filter::prefix("job")].into_iter().collect();
    let ask = |spike: SpikeBuilder| {
        let mut world = World::default();
        (filters.passes(&spike.build().unwrap(), &mut world), world.asked)
    };
    let reference = ArenaRef::new(8, 50, 0, 0);
    assert_eq!(ask(spike().priority(10).payload(b"job")), (true, vec!["even".to_owned()]));
    assert_eq!(ask(spike().priority(8).arena_ref(reference)), (false, vec!["even".to_owned()]));
    let (passed, asked) = ask(spike().priority(12).arena_ref(reference));
    assert_eq!((passed, asked), (false, vec!["even".to_owned(), "arena 8".to_owned()]));
}

#[test]
fn nb_30_an_empty_set_passes_without_asking() {
    let mut world = World::default();
    assert!(FilterSet::default().passes(&spike().build().unwrap(), &mut world));
    assert!(world.asked.is_empty() && FilterSet::default().is_empty());
    assert_eq!(size_of::<FilterSet>(), 16);
}

#[test]
fn nb_30_unregistered_names_are_refused() {
    let filters: FilterSet =
        [Filter::custom("known"), Filter::Priority { min: 1 }, Filter::custom("unknown")].into_iter().collect();
    assert_eq!(filters.custom_names().map(AsRef::as_ref).collect::<Vec<_>>(), ["known", "unknown"]);
    filters.check_names(|_| true).unwrap();
    let error = filters.check_names(|name| name == "known").unwrap_err();
    assert_eq!(error, SynapseError::UnknownFilter { name: "unknown".to_owned() });
    assert_eq!((error.code(), error.to_string()), ("E_UNKNOWN_FILTER", "filter \"unknown\" is not registered".into()));
}
