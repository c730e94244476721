//! Where each synapse stands, by id, and who stands where: made when a synapse is first changed, and dropped when rows are
//! made anew.

use super::{
    list::SynapseList,
    overlay::Overlay,
    rows::{Order, StaticRows},
};
use alloc::{vec, vec::Vec};

/// This bit says that the rest is a place among the young; without it, one among the records.
const YOUNG: u32 = 1 << 31;
const NOWHERE: u32 = u32::MAX;

/// Where a synapse stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Record(usize),
    Young(usize),
}

/// Both directions.
#[derive(Debug, Clone)]
pub(super) struct Places {
    by_id: Vec<u32>,
    /// The id of each record.
    ids: Vec<u32>,
}

impl Places {
    /// Of rows in this order, of a list that has not changed since but by what the overlay has.
    pub(super) fn new(order: &Order<'_>, rows: &StaticRows, list: &SynapseList, young: &Overlay) -> Self {
        let mut places = Self { by_id: vec![NOWHERE; list.ids() as usize], ids: vec![0; rows.len()] };
        let mut next: Vec<usize> = rows.begins().collect();
        order.each(|id, place, _| {
            let at = &mut next[place.partition()];
            // Records and young ones are fewer than 2^31 each.
            places.by_id[id as usize] = *at as u32;
            places.ids[*at] = id;
            *at += 1;
        });
        for (at, young) in young.all().iter().enumerate() {
            places.by_id[young.id as usize] = YOUNG | at as u32;
        }
        places
    }

    /// That a synapse stands among the young.
    pub(super) fn set_young(&mut self, id: u32, at: usize) {
        let id = id as usize;
        if self.by_id.len() <= id {
            self.by_id.resize(id + 1, NOWHERE);
        }
        self.by_id[id] = YOUNG | at as u32;
    }

    /// Where a synapse stands; nowhere if it never counted.
    pub(super) fn of(&self, id: u32) -> Option<Standing> {
        match *self.by_id.get(id as usize)? {
            NOWHERE => None,
            place if place & YOUNG != 0 => Some(Standing::Young((place & !YOUNG) as usize)),
            place => Some(Standing::Record(place as usize)),
        }
    }

    /// The id of the record at a place.
    pub(super) fn id_of(&self, record: usize) -> u32 {
        self.ids[record]
    }
}
