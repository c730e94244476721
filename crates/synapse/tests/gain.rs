//! NB-48: a modulatory spike changes how strongly its target's synapses learn.

#![allow(clippy::unwrap_used)]

use neuronbus_spike::NeuronId;
use neuronbus_synapse::{Gain, Synapse};

const MS: u64 = 1_000_000;
const S: u64 = 1_000_000_000;

fn close(left: f32, right: f32) {
    assert!((left - right).abs() <= 1e-6, "{left} is not {right}");
}

fn set(dopamine: u8, cortisol: u8) -> f32 {
    let mut gain = Gain::new();
    gain.set(dopamine, cortisol, 5 * S);
    gain.at(5 * S)
}

#[test]
fn nb_48_dopamine_raises_and_cortisol_lowers_the_gain() {
    close(Gain::new().at(0), 1.0);
    close(set(128, 0), 1.0);
    close(set(128, 30), 1.0);
    close(set(255, 0), 1.0 + 127.0 / 128.0);
    close(set(0, 0), 0.0);
    close(set(192, 62), 1.0 + 64.0 / 128.0 - 32.0 / 128.0);
    close(set(0, 255), 0.0);
    close(set(128, 255), 0.0);
}

#[test]
fn nb_48_every_gain_lies_between_zero_and_two() {
    for dopamine in 0..=255 {
        for cortisol in 0..=255 {
            let formula = 1.0 + (f32::from(dopamine) - 128.0) / 128.0 - (f32::from(cortisol) - 30.0).max(0.0) / 128.0;
            close(set(dopamine, cortisol), formula.clamp(0.0, 2.0));
        }
    }
}

#[test]
fn nb_48_the_gain_returns_to_one_within_seconds() {
    let mut gain = Gain::new();
    gain.set(0, 0, S);
    close(gain.at(2 * S), 1.0 - (-1.0_f32).exp());
    close(gain.at(4 * S), 1.0 - (-3.0_f32).exp());
    close(gain.at(u64::MAX), 1.0);
    // A second one replaces the first, it does not add to it.
    gain.set(255, 0, 4 * S);
    close(gain.at(4 * S), 1.0 + 127.0 / 128.0);
    close(gain.at(3 * S), 1.0 + 127.0 / 128.0);
}

#[test]
fn nb_48_the_gain_multiplies_the_change_for_both_signs() {
    let ends = (NeuronId::new(0).unwrap(), NeuronId::new(1).unwrap());
    for gain in [0.0, 0.5, 1.0, 2.0] {
        let mut up = Synapse::new(ends.0, ends.1, 0);
        up.on_delivery(0, gain);
        close(up.on_post(5 * MS, gain) - 0.5, gain * 0.007_788_008);
        let mut down = Synapse::new(ends.0, ends.1, 0);
        down.on_post(0, gain);
        close(down.on_delivery(5 * MS, gain) - 0.5, gain * -0.009_345_609);
    }
}
