//! NB-41, NB-45: cards, regions, and finding who is there.

#![allow(clippy::unwrap_used)]

use neuronbus_neuron::{AgentCard, Directory, NeuronError, Region};
use neuronbus_spike::NeuronId;
use proptest::prelude::*;

fn id(raw: u16) -> NeuronId {
    NeuronId::new(raw).unwrap()
}

fn region(path: &str) -> Region {
    Region::new(path).unwrap()
}

fn card<T: AsRef<str>>(capabilities: &[T], regions: &[T]) -> AgentCard {
    let mut card = AgentCard::builder("someone");
    for capability in capabilities {
        card = card.capability(capability.as_ref());
    }
    for region in regions {
        card = card.region(region.as_ref());
    }
    card.build().unwrap()
}

fn raw(ids: impl IntoIterator<Item = NeuronId>) -> Vec<u16> {
    ids.into_iter().map(NeuronId::raw).collect()
}

/// 0 translates in language, 1 sees, 2 translates and sees, 5 is in a region that only looks like a child.
fn directory() -> Directory {
    let mut directory = Directory::new();
    directory.insert(id(5), card(&["plan"], &["cortexial"]));
    directory.insert(id(2), card(&["see", "translate"], &["cortex", "retina"]));
    directory.insert(id(0), card(&["translate"], &["cortex/language"]));
    directory.insert(id(1), card(&["see"], &["cortex/vision/v1", "cortex-old"]));
    directory
}

#[test]
fn nb_41_a_card_says_what_was_put_in() {
    let card = AgentCard::builder("Ada").description("translates").capability("translate").region("cortex/language");
    let card = card.capability("translate").capability("proofread").region("cortex/language").slots(4).build().unwrap();
    assert_eq!((card.name(), card.description(), card.slots()), ("Ada", "translates", 4));
    assert_eq!(card.capabilities(), ["translate", "proofread"]);
    assert_eq!(card.regions(), [region("cortex/language")]);
    assert!(card.has_capability("translate") && !card.has_capability("trans") && !card.has_capability(""));
    let bare = AgentCard::builder("Bob").build().unwrap();
    assert_eq!((bare.description(), bare.capabilities().len(), bare.regions().len(), bare.slots()), ("", 0, 0, 1));
}

#[test]
fn nb_41_bad_cards_are_refused() {
    let new = || AgentCard::builder("x");
    let refused = |error| -> NeuronError { error };
    assert_eq!(AgentCard::builder("").build().unwrap_err(), NeuronError::EmptyName);
    assert_eq!(new().slots(0).build().unwrap_err(), NeuronError::NoSlots { found: 0 });
    for found in ["", "/", "a/", "/a", "a//b"].map(str::to_owned) {
        let region = refused(new().region(&found).build().unwrap_err());
        assert_eq!(region, NeuronError::BadRegion { found: found.clone() });
        let capability = refused(new().capability(&found).build().unwrap_err());
        assert_eq!(capability.code(), "E_OUT_OF_RANGE");
        assert!(capability.to_string().contains(&format!("{found:?}")), "{capability}");
        assert_eq!(new().build().unwrap().with_capabilities([found]).unwrap_err(), capability);
    }
}

#[test]
fn nb_37_capabilities_of_the_neuron_join_those_of_the_card() {
    let card = card(&["a"], &[]).with_capabilities(["b".to_owned(), "a".to_owned()]).unwrap();
    assert_eq!(card.capabilities(), ["a", "b"]);
}

#[test]
fn nb_45_a_parent_is_above_at_any_depth_and_never_beside() {
    let parent = region("a/b");
    for (path, below) in
        [("a/b/c", true), ("a/b/c/d", true), ("a/b", false), ("a/bc", false), ("a", false), ("b/a/b/c", false)]
    {
        assert_eq!(parent.is_parent_of(&region(path)), below, "{path}");
        assert_eq!(parent.contains(&region(path)), below || path == "a/b", "{path}");
    }
    assert_eq!((parent.as_str(), parent.to_string()), ("a/b", "a/b".to_owned()));
}

#[test]
fn nb_41_discovery_by_capability() {
    let directory = directory();
    assert_eq!(raw(directory.by_capability("translate")), [0, 2]);
    assert_eq!(raw(directory.discover(Some("see"), None)), [1, 2]);
    assert_eq!(raw(directory.discover(Some("trans"), None)), []);
    assert_eq!(raw(directory.discover(None, None)), [0, 1, 2, 5]);
}

#[test]
fn nb_45_discovery_by_region_includes_the_subtree() {
    let directory = directory();
    assert_eq!(raw(directory.by_region("cortex")), [0, 1, 2]);
    assert_eq!(raw(directory.by_region("cortex/vision")), [1]);
    assert_eq!(raw(directory.by_region("cortexial")), [5]);
    assert_eq!(raw(directory.discover(None, Some("cort"))), []);
    assert_eq!(raw(directory.discover(None, Some(""))), []);
    assert_eq!(raw(directory.discover(None, Some("cortex/"))), []);
    assert_eq!(raw(directory.discover(Some("see"), Some("cortex"))), [1, 2]);
    assert_eq!(raw(directory.discover(Some("see"), Some("cortex/language"))), []);
}

#[test]
fn nb_42_who_leaves_is_not_found_again() {
    let mut directory = directory();
    assert_eq!(directory.remove(id(2)).unwrap().capabilities(), ["see", "translate"]);
    assert_eq!(directory.remove(id(2)), None);
    assert_eq!((raw(directory.by_capability("see")), raw(directory.by_region("retina"))), (vec![1], vec![]));
    let before = directory.insert(id(1), card(&["plan"], &["retina"])).unwrap();
    assert!(before.has_capability("see"));
    assert_eq!((raw(directory.by_capability("see")), raw(directory.by_region("cortex"))), (vec![], vec![0]));
    assert_eq!((raw(directory.by_capability("plan")), raw(directory.by_region("retina"))), (vec![1, 5], vec![1]));
    assert_eq!((directory.len(), directory.is_empty()), (3, false));
    assert!(directory.get(id(1)).is_some() && directory.get(id(2)).is_none());
    assert_eq!(raw(directory.iter().map(|(id, _)| id)), [0, 1, 5]);
}

proptest! {
    #[test]
    fn nb_45_discovery_equals_asking_everybody(
        cards in prop::collection::vec((
            prop::collection::vec("[ab]", 0..3),
            prop::collection::vec("[ab-](/[ab.]){0,2}", 0..3),
        ), 0..20),
        removed in prop::collection::vec(0_u16..20, 0..5),
        capability in prop::option::of("[abc]"),
        path in prop::option::of("[ab-](/[ab.]){0,2}"),
    ) {
        let mut directory = Directory::new();
        let mut present = std::collections::BTreeMap::new();
        for (at, (capabilities, regions)) in (0..).zip(&cards) {
            let card = card(capabilities, regions);
            directory.insert(id(at), card.clone());
            present.insert(at, card);
        }
        for at in removed {
            prop_assert_eq!(directory.remove(id(at)), present.remove(&at));
        }
        let wanted = path.as_deref().map(region);
        let fits = |card: &AgentCard| {
            capability.as_deref().is_none_or(|have| card.has_capability(have))
                && wanted.as_ref().is_none_or(|wanted| card.regions().iter().any(|region| wanted.contains(region)))
        };
        let expected: Vec<u16> = present.iter().filter(|(_, card)| fits(card)).map(|(at, _)| *at).collect();
        prop_assert_eq!(raw(directory.discover(capability.as_deref(), path.as_deref())), expected);
    }
}
