//! Texts that match a pattern.

use fastrand::Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How often a part is repeated beyond what it must be.
const MORE: u32 = 3;
/// Longest text; patterns may ask for more than is worth the memory.
const LONGEST: usize = 1 << 16;

/// A text that a pattern probably matches; `None` for patterns that look around themselves or refer
/// back, and for those that are none.
pub(super) fn text(random: &mut Rng, pattern: &str) -> Option<String> {
    let parsed = regex_syntax::Parser::new().parse(&plain(pattern)).ok()?;
    let mut text = String::new();
    add(random, &parsed, &mut text)?;
    Some(text)
}

/// A pattern of ECMA 262 as Rust writes it: `/` needs no escape, and classes of digits and words are
/// those of ASCII.
fn plain(pattern: &str) -> String {
    let pattern = pattern.replace("\\/", "/");
    let pattern = pattern
        .replace("\\d", "[0-9]")
        .replace("\\w", "[0-9A-Za-z_]");
    pattern.replace("\\s", "[ ]")
}

fn add(random: &mut Rng, part: &Hir, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match part.kind() {
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(of_class(random, class)?),
        // Where words begin and end is met by chance.
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Repetition(repeated) => {
            let most = repeated.max.unwrap_or(u32::MAX);
            let most = most.min(repeated.min.saturating_add(MORE));
            for _ in 0..random.u32(repeated.min..=most.max(repeated.min)) {
                add(random, &repeated.sub, text)?;
            }
        }
        HirKind::Capture(capture) => add(random, &capture.sub, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                add(random, part, text)?;
            }
        }
        HirKind::Alternation(parts) => {
            let chosen = random.usize(..parts.len());
            add(random, &parts[chosen], text)?;
        }
    }
    Some(())
}

/// A character of a class; one that can be printed where there is one.
fn of_class(random: &mut Rng, class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => {
            let ranges = class.ranges().iter();
            ranges.map(|range| (range.start(), range.end())).collect()
        }
        Class::Bytes(class) => {
            let ranges = class.ranges().iter();
            let ranges = ranges.map(|range| (char::from(range.start()), char::from(range.end())));
            ranges.collect()
        }
    };
    let printed = ranges.iter().filter_map(|(low, high)| {
        let (low, high) = ((*low).max(' '), (*high).min('~'));
        (low <= high).then_some((low, high))
    });
    let printed: Vec<(char, char)> = printed.collect();
    let chosen = if printed.is_empty() { ranges } else { printed };
    if chosen.is_empty() {
        return None;
    }
    let (low, high) = chosen[random.usize(..chosen.len())];
    Some(random.char(low..=high))
}
