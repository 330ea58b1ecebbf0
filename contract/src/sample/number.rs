//! Numbers within bounds.

use fastrand::Rng;

use super::facts::Facts;

/// How far numbers go from a bound where there is no other.
const REACH: f64 = 100.0;
/// Numbers beyond this are no longer whole in a float.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// The bounds of a number, both included: whole ones are a step further in where the keyword
/// excludes them.
fn bounds(facts: &Facts<'_>, step: f64) -> Option<(f64, f64)> {
    let excluded = |flag: &str, bound: Option<f64>| match bound {
        Some(bound) if facts.flag(flag) => Some(bound),
        _ => facts.most(flag),
    };
    let least = facts.least("minimum");
    let most = facts.most("maximum");
    let above = excluded("exclusiveMinimum", least).map(|bound| bound + step);
    let below = excluded("exclusiveMaximum", most).map(|bound| bound - step);
    let least = [least, above].into_iter().flatten().reduce(f64::max);
    let most = [most, below].into_iter().flatten().reduce(f64::min);
    let (least, most) = match (least, most) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least + REACH),
        (None, Some(most)) => (if most < 0.0 { most - REACH } else { 0.0 }, most),
        (None, None) => (0.0, REACH),
    };
    (least <= most).then_some((least, most))
}

/// A whole number; `None` where none lies within the bounds.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the bounds are clamped to what fits"
)]
pub(super) fn integer(random: &mut Rng, facts: &Facts<'_>) -> Option<String> {
    let (least, most) = bounds(facts, 1.0)?;
    let least = least.ceil().clamp(-LARGEST, LARGEST) as i64;
    let most = most.floor().clamp(-LARGEST, LARGEST) as i64;
    if least > most {
        return None;
    }
    let value = random.i64(least..=most);
    let step = facts.all("multipleOf").find_map(|node| node.as_number());
    let step: i64 = step.and_then(|text| text.parse().ok()).unwrap_or(1);
    if step <= 1 {
        return Some(value.to_string());
    }
    let down = value.div_euclid(step) * step;
    let value = if down < least { down + step } else { down };
    (value <= most).then(|| value.to_string())
}

/// A number; `None` where none lies within the bounds.
pub(super) fn number(random: &mut Rng, facts: &Facts<'_>) -> Option<String> {
    let step = facts.least("multipleOf");
    let whole = step.is_none_or(|step| step.fract() == 0.0);
    if whole
        && random.bool()
        && let Some(text) = integer(random, facts)
    {
        return Some(text);
    }
    let (least, most) = bounds(facts, step.unwrap_or(0.01))?;
    let value = least + (most - least) * random.f64();
    let step = step.unwrap_or(0.01);
    let stepped = ((value / step).round() * step).clamp(least, most);
    let text = format!("{stepped:.6}");
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}
