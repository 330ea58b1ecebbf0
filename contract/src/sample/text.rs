//! Texts of formats and lengths.

use fastrand::Rng;

use super::Fullness;
use crate::shape::Shape;

const WORDS: &[&str] = &[
    "alpha", "bravo", "delta", "echo", "golf", "kilo", "lima", "oscar", "tango", "zulu",
];

/// A text of the format and length that a schema asks for. Patterns are met by chance or not at
/// all, except where they are simple classes with counts.
pub(super) fn generate(random: &mut Rng, shape: &Shape<'_>, fullness: Fullness) -> String {
    if let Some(text) = shape
        .text("format")
        .and_then(|format| of_format(random, format))
    {
        return text;
    }
    if let Some(text) = shape
        .text("pattern")
        .and_then(|pattern| of_pattern(random, pattern))
    {
        return text;
    }
    let least = shape.count("minLength").unwrap_or(0);
    let most = shape.count("maxLength").unwrap_or(usize::MAX);
    let mut text = String::new();
    if fullness != Fullness::Least || least > 0 {
        text.push_str(WORDS[random.usize(..WORDS.len())]);
    }
    // Nothing sensible asks for more; a schema that does is not worth the memory.
    while text.len() < least.min(1 << 16) {
        text.push(random.lowercase());
    }
    text.truncate(most.max(least));
    text
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
        "uri" | "uri-reference" | "iri" | "url" => format!("https://example.com/{day}"),
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
        "regex" => "^a+$".to_owned(),
        _ => return None,
    })
}

/// Characters of a class, in ranges, and how often one of them stands there.
struct Run {
    ranges: Vec<(char, char)>,
    least: usize,
    most: usize,
}

/// A text for a pattern that is a row of characters and classes with counts; `None` for others.
fn of_pattern(random: &mut Rng, pattern: &str) -> Option<String> {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let mut characters = inner.chars().peekable();
    let mut text = String::new();
    while let Some(character) = characters.next() {
        let ranges = match character {
            '[' => class(&mut characters)?,
            '\\' => escaped(characters.next()?)?,
            '.' => vec![('a', 'z')],
            '(' | ')' | '|' | '^' | '$' | '*' | '+' | '?' | '{' => return None,
            plain => vec![(plain, plain)],
        };
        let (least, most) = count(&mut characters)?;
        let run = Run {
            ranges,
            least,
            most,
        };
        for _ in 0..random.usize(run.least..=run.most) {
            let (low, high) = run.ranges[random.usize(..run.ranges.len())];
            text.push(random.char(low..=high));
        }
    }
    Some(text)
}

fn escaped(character: char) -> Option<Vec<(char, char)>> {
    Some(match character {
        'd' => vec![('0', '9')],
        'w' => vec![('a', 'z'), ('0', '9')],
        's' => vec![(' ', ' ')],
        plain if !plain.is_alphanumeric() => vec![(plain, plain)],
        _ => return None,
    })
}

fn class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Vec<(char, char)>> {
    let mut ranges = Vec::new();
    loop {
        let first = match characters.next()? {
            ']' if !ranges.is_empty() => return Some(ranges),
            '^' if ranges.is_empty() => return None,
            '\\' => {
                ranges.extend(escaped(characters.next()?)?);
                continue;
            }
            first => first,
        };
        if characters.peek() == Some(&'-') {
            let mut ahead = characters.clone();
            ahead.next();
            if ahead
                .peek()
                .is_some_and(|last| *last != ']' && *last >= first)
            {
                characters.next();
                ranges.push((first, characters.next()?));
                continue;
            }
        }
        ranges.push((first, first));
    }
}

fn count(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<(usize, usize)> {
    let bounds = match characters.peek() {
        Some('*') => (0, 4),
        Some('+') => (1, 4),
        Some('?') => (0, 1),
        Some('{') => {
            characters.next();
            let inside: String = characters
                .by_ref()
                .take_while(|character| *character != '}')
                .collect();
            let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
            let least: usize = least.parse().ok()?;
            let most = if most.is_empty() {
                least
            } else {
                most.parse().ok()?
            };
            return (least <= most && most <= 1 << 12).then_some((least, most));
        }
        _ => return Some((1, 1)),
    };
    characters.next();
    Some(bounds)
}
