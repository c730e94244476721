//! What came of a measurement, as the rows of `bench-results.json`.

use super::{Aim, Bench, Json, Unit, Verdict, stats::median};

/// One round.
#[derive(Debug, Clone)]
pub struct Each {
    /// The bare ping-pong before it, ns.
    pub ping_pong_ns: f64,
    /// The figures, ours first.
    pub figures: Vec<f64>,
}

/// All rounds of one measurement.
#[derive(Debug, Clone)]
pub struct Report {
    unit: Unit,
    topology: String,
    names: Vec<String>,
    verdicts: Vec<Verdict>,
    rounds: Vec<Each>,
}

/// A peer beside ours.
struct Peer<'a> {
    name: &'a str,
    figure: f64,
    /// Ours over the peer's, round by round; above 1 is ahead.
    ratios: Vec<f64>,
}

impl Report {
    pub(super) fn new(bench: &Bench) -> Self {
        Self {
            unit: bench.unit,
            topology: bench.topology.clone(),
            names: bench.contenders.iter().map(|contender| contender.name().to_owned()).collect(),
            verdicts: bench.verdicts.clone(),
            rounds: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, ping_pong_ns: f64, figures: Vec<f64>) {
        self.rounds.push(Each { ping_pong_ns, figures });
    }

    /// The rounds as they were measured.
    pub fn rounds(&self) -> &[Each] {
        &self.rounds
    }

    /// One row for each verdict.
    pub fn rows(&self) -> Vec<Json> {
        self.verdicts.iter().map(|verdict| self.row(verdict)).collect()
    }

    fn row(&self, verdict: &Verdict) -> Json {
        let peers = self.peers(verdict);
        let ours = self.median_of(0);
        // The best peer is the one that ours is least ahead of, by the median of what was measured side by side.
        let best = peers.iter().min_by(|a, b| median(&a.ratios).total_cmp(&median(&b.ratios)));
        let (Aim::Ratio(aim, _) | Aim::Figure(aim)) = verdict.aim;
        let (ratios, ratio, least) = match best {
            Some(best) => (best.ratios.clone(), median(&best.ratios), aim),
            // A figure that is held against an aim is the median; only peers are compared round by round.
            None => (self.against(aim), self.ahead(ours, aim), 1.0),
        };
        let each = self.rounds.iter().zip(&ratios).map(|(each, ratio)| each_json(each, *ratio));
        Json::object()
            .with("id", verdict.id)
            .with("what", verdict.what)
            .with("unit", self.unit.name())
            .with("better", if self.unit.higher_is_better() { "higher" } else { "lower" })
            .with("ours", ours)
            .with("peers", peers.iter().fold(Json::object(), |all, peer| all.with(peer.name, peer.figure)))
            .with("ratio", ratio)
            .with("aim", aim)
            .with("met", ratio >= least)
            .with("topology", self.topology.as_str())
            .with("rounds", self.rounds.len() as f64)
            .with("each", Json::list(each))
    }

    /// The peers that the verdict compares with.
    fn peers(&self, verdict: &Verdict) -> Vec<Peer<'_>> {
        let Aim::Ratio(_, names) = verdict.aim else { return Vec::new() };
        let wanted = |name: &str| names.is_empty() || names.contains(&name);
        let indices = (1..self.names.len()).filter(|index| wanted(&self.names[*index]));
        indices
            .map(|index| Peer {
                name: &self.names[index],
                figure: self.median_of(index),
                ratios: self.rounds.iter().map(|each| self.ahead(each.figures[0], each.figures[index])).collect(),
            })
            .collect()
    }

    /// Our figures over `aim`, round by round.
    fn against(&self, aim: f64) -> Vec<f64> {
        self.rounds.iter().map(|each| self.ahead(each.figures[0], aim)).collect()
    }

    fn median_of(&self, index: usize) -> f64 {
        let figures: Vec<f64> = self.rounds.iter().map(|each| each.figures[index]).collect();
        median(&figures)
    }

    /// How many times better `ours` is.
    fn ahead(&self, ours: f64, theirs: f64) -> f64 {
        if self.unit.higher_is_better() { ours / theirs } else { theirs / ours }
    }
}

fn each_json(each: &Each, ratio: f64) -> Json {
    Json::object().with("pingPongNs", each.ping_pong_ns).with("ratio", ratio)
}
