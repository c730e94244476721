//! NB-20: one producer per ring. That it cannot be cloned or shared is in the compile-fail examples of `Publisher`, `Reader`
//! and `LossyReader`, each beside a twin that compiles.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used)]

mod common;

use common::{number, spike};
use neuronbus_axon::{Axon, AxonError, LossyReader, Publisher, Reader};
use std::thread;

fn can_move<T: Send>() {}

#[test]
fn nb_20_roles_can_move_to_another_thread() {
    can_move::<Publisher>();
    can_move::<Reader>();
    can_move::<LossyReader>();
}

#[test]
fn nb_20_a_second_publisher_is_refused_until_the_first_is_gone() {
    let (mut publisher, axon) = Axon::new(8).unwrap();
    let mut reader = axon.reader().unwrap();
    let error = axon.publisher().unwrap_err();
    assert_eq!((error, error.code()), (AxonError::ProducerTaken, "E_BUSY"));
    publisher.try_publish(&spike(0)).unwrap();
    drop(publisher);
    let mut publisher = axon.clone().publisher().unwrap();
    assert_eq!(axon.publisher().unwrap_err(), AxonError::ProducerTaken);
    thread::spawn(move || publisher.try_publish(&spike(1)).unwrap()).join().unwrap();
    let numbers: Vec<_> = reader.read_batch(8).iter().map(|spike| number(&spike.unwrap())).collect();
    assert_eq!(numbers, [0, 1]);
}

#[test]
fn nb_20_of_many_threads_one_gets_the_seat() {
    let (publisher, axon) = Axon::new(8).unwrap();
    drop(publisher);
    let got: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| axon.publisher().ok())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(got.iter().flatten().count(), 1);
}
