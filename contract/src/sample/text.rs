//! Texts of formats and lengths.

use fastrand::Rng;

use super::facts::Facts;
use super::{Fullness, pattern};

/// Texts of a pattern that are made until one is of the right length.
const TRIES: usize = 16;
/// Longest text: nothing sensible asks for more, and a schema that does is not worth the memory.
pub(super) const MOST: usize = 1 << 16;

const WORDS: &[&str] = &[
    "alpha", "bravo", "delta", "echo", "golf", "kilo", "lima", "oscar", "tango", "zulu",
];

/// A text of the format, pattern and length that schemas ask for. Where both a format and a pattern
/// are asked for, and neither text fits both, `plain` leaves the format out.
pub(super) fn generate(
    random: &mut Rng,
    facts: &Facts<'_>,
    fullness: Fullness,
    plain: bool,
) -> String {
    let least = facts.at_least("minLength").min(MOST);
    let most = facts.at_most("maxLength").unwrap_or(usize::MAX).max(least);
    let fits = |text: &String| (least..=most).contains(&text.chars().count());
    let format = facts.text("format").filter(|_| !plain);
    if let Some(text) = format.and_then(|format| of_format(random, format)) {
        return text;
    }
    if let Some(pattern) = facts.text("pattern") {
        let mut latest = None;
        for _ in 0..TRIES {
            let made = pattern::text(random, pattern);
            let is_fine = made.as_ref().is_none_or(fits);
            latest = made.or(latest);
            if is_fine {
                break;
            }
        }
        if let Some(mut text) = latest {
            // A pattern without an end says nothing about what follows.
            while text.chars().count() < least && !pattern.ends_with('$') {
                text.push(random.lowercase());
            }
            return text;
        }
    }
    let mut text = String::new();
    if fullness != Fullness::Least || least > 0 {
        text.push_str(&word(random));
    }
    while text.len() < least {
        text.push(random.lowercase());
    }
    text.truncate(most);
    text
}

/// A word.
pub(super) fn word(random: &mut Rng) -> String {
    WORDS[random.usize(..WORDS.len())].to_owned()
}

fn of_format(random: &mut Rng, format: &str) -> Option<String> {
    let day = random.u8(1..=28);
    let hour = random.u8(..24);
    Some(match format {
        "date-time" => format!("2024-03-{day:02}T{hour:02}:30:00Z"),
        "date" => format!("2024-03-{day:02}"),
        "time" => format!("{hour:02}:30:00Z"),
        "duration" => format!("P{day}D"),
        "email" | "idn-email" => format!("{}@example.com", WORDS[random.usize(..WORDS.len())]),
        "hostname" | "idn-hostname" => {
            format!("{}.example.com", WORDS[random.usize(..WORDS.len())])
        }
        "ipv4" => format!("192.0.2.{}", random.u8(1..=254)),
        "ipv6" => format!("2001:db8::{:x}", random.u16(1..)),
        "uri" | "uri-reference" | "iri" | "iri-reference" | "url" => {
            format!("https://example.com/{day}")
        }
        "uri-template" => "https://example.com/{id}".to_owned(),
        "uuid" => {
            let bits = random.u128(..);
            format!(
                "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
                bits >> 96,
                (bits >> 80) & 0xffff,
                (bits >> 68) & 0xfff,
                (bits >> 56) & 0xfff,
                bits & 0xffff_ffff_ffff
            )
        }
        "byte" => "dmVyYmF0aW0=".to_owned(),
        "json-pointer" => "/a/0".to_owned(),
        "relative-json-pointer" => "1/a".to_owned(),
        "regex" => "^a+$".to_owned(),
        _ => return None,
    })
}
