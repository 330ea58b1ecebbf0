//! Taking times with care: warmed up, in turns, medians.

use std::time::{Duration, Instant};

/// The middle of some figures; zero of none.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match (figures.get(middle), figures.len() % 2) {
        (None, _) => 0.0,
        (Some(value), 1) => *value,
        (Some(value), _) => f64::midpoint(*value, figures[middle - 1]),
    }
}

/// The middle of some durations, in seconds.
pub fn median_seconds(times: &[Duration]) -> f64 {
    median(times.iter().map(Duration::as_secs_f64).collect())
}

/// Two ways to one end, measured in turns.
#[derive(Clone, Debug)]
pub struct Duel {
    /// Median seconds of ours.
    pub ours: f64,
    /// Median seconds of the other.
    pub other: f64,
    /// Median of the ratios, ours to the other, round by round.
    ///
    /// A machine that is slower for a while is slower for both halves of a round, so this is
    /// steadier than the ratio of the medians.
    pub ratio: f64,
    /// Whether the ratio of the undisturbed rounds, the fastest tenth of each, tells the same.
    pub steady: bool,
}

/// How far the ratio of all rounds and that of the undisturbed ones may lie apart.
const APART: f64 = 0.05;

/// The figure below which a tenth of the rounds lies: other work on the machine only adds time.
fn undisturbed(times: &[Duration]) -> f64 {
    let mut seconds: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 10).copied().unwrap_or_default()
}

/// Runs both ways in turns, `rounds` times, after two rounds that do not count. Each round times
/// both, and which of them goes first alternates.
pub fn duel(rounds: usize, mut ours: impl FnMut(), mut other: impl FnMut()) -> Duel {
    let mut times = (Vec::new(), Vec::new());
    for round in 0..rounds + 2 {
        let (first, second) = if round % 2 == 0 {
            let first = time(&mut ours);
            (first, time(&mut other))
        } else {
            let second = time(&mut other);
            (time(&mut ours), second)
        };
        if round >= 2 {
            times.0.push(first);
            times.1.push(second);
        }
    }
    let ratios = times.0.iter().zip(&times.1);
    let ratio = median(
        ratios
            .map(|(ours, other)| ours.as_secs_f64() / other.as_secs_f64())
            .collect(),
    );
    let calm = undisturbed(&times.0) / undisturbed(&times.1);
    Duel {
        ratio,
        steady: (calm / ratio - 1.0).abs() <= APART,
        ours: median_seconds(&times.0),
        other: median_seconds(&times.1),
    }
}

/// How long something takes.
pub fn time(work: &mut impl FnMut()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_even_number_lies_between_two() {
        assert_eq!(
            median(vec![4.0, 1.0, 3.0, 2.0]).to_bits(),
            2.5_f64.to_bits()
        );
        assert_eq!(median(vec![9.0, 1.0, 3.0]).to_bits(), 3.0_f64.to_bits());
        assert_eq!(median(Vec::new()).to_bits(), 0.0_f64.to_bits());
    }
}
