//! Regular expressions of documents, which are those of ECMA-262, as the runtime writes them.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

use crate::ir::{Api, Shape, TypeDef};
use crate::origin::Origin;

/// The greatest size of a pattern that is made ready, in bytes: `.{0,2000}` fits.
const SIZE: usize = 128 << 10;

/// The longest quantifier between its braces, with the second one.
const QUANTIFIER: usize = 24;

/// How many different patterns are looked at; a document that has more may want to exhaust.
const MOST: usize = 2_000;

/// The patterns of an API as the runtime writes them.
pub struct Patterns {
    known: BTreeMap<String, Option<String>>,
}

impl Patterns {
    /// Looks at all patterns, each once.
    pub fn of(api: &Api) -> Self {
        let mut known = BTreeMap::new();
        let rules = api.types.iter().filter_map(|def| def.bounds.rules.as_ref());
        let within = rules.flat_map(|rules| rules.schema.patterns());
        for pattern in texts(api).map(|(_, pattern)| pattern).chain(within) {
            if known.len() < MOST && !known.contains_key(pattern) {
                known.insert(pattern.to_owned(), checked(pattern));
            }
        }
        Self { known }
    }

    /// A pattern as the runtime writes it; `None` where it is not checked.
    pub fn get(&self, pattern: &str) -> Option<&str> {
        self.known.get(pattern)?.as_deref()
    }

    /// The texts whose pattern is not checked.
    pub fn unchecked(&self, api: &Api) -> Vec<Origin> {
        let unchecked = texts(api).filter(|(_, pattern)| self.get(pattern).is_none());
        unchecked.map(|(def, _)| def.origin.clone()).collect()
    }
}

fn texts(api: &Api) -> impl Iterator<Item = (&TypeDef, &str)> {
    let types = api.types.iter();
    let types = types.filter(|def| matches!(def.shape, Shape::Text(_)));
    types.filter_map(|def| Some((def, def.bounds.pattern.as_deref()?)))
}

/// The pattern as `regex_lite` reads it, with the same meaning; `None` where it has none there: looking
/// ahead or behind, references to groups, classes by property, or what is no regular expression at all.
fn checked(pattern: &str) -> Option<String> {
    // Written between slashes it would mean those slashes, which is never what its author wanted.
    let is_between = |end: &str| {
        let flags = |rest: &str| rest.chars().all(|flag| "dgimsuvy".contains(flag));
        end.rsplit_once('/').is_some_and(|(_, rest)| flags(rest))
    };
    if pattern.strip_prefix('/').is_some_and(is_between) {
        return None;
    }
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => out.push_str(&escape(&mut rest, Place::Outside)?),
            '[' => class(&mut rest, &mut out)?,
            '(' => {
                out.push('(');
                if rest.peek() == Some(&'?') {
                    rest.next();
                    let kind = rest.peek().copied()?;
                    let behind = kind == '<' && {
                        let mut ahead = rest.clone();
                        ahead.next();
                        matches!(ahead.next(), Some('=' | '!'))
                    };
                    if behind || matches!(kind, '=' | '!') {
                        return None;
                    }
                    out.push('?');
                }
            }
            '{' => match quantifier(rest.clone()) {
                Some(inside) => {
                    out.extend(["{", &inside, "}"]);
                    rest.nth(inside.chars().count());
                }
                None => out.push_str("\\{"),
            },
            '}' | ']' => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
    let made = regex_lite::RegexBuilder::new(&out).size_limit(SIZE).build();
    made.is_ok().then_some(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Class,
}

/// What stands after a backslash.
fn escape(rest: &mut Peekable<Chars<'_>>, place: Place) -> Option<String> {
    let letter = rest.next()?;
    let code = |code: u32| char::from_u32(code).map(literal);
    match letter {
        'b' if place == Place::Class => code(8),
        'b' | 'B' if place == Place::Outside => Some(format!("\\{letter}")),
        'd' | 'D' | 'w' | 'W' | 's' | 'S' | 't' | 'n' | 'r' | 'f' | 'v' => {
            Some(format!("\\{letter}"))
        }
        '0' if !rest.peek().is_some_and(char::is_ascii_digit) => code(0),
        'c' => code(u32::from(rest.next().filter(char::is_ascii_alphabetic)?) % 32),
        'x' => code(hexadecimal(rest, 2)?),
        'u' if rest.peek() == Some(&'{') => {
            rest.next();
            let digits: String = rest.by_ref().take_while(|digit| *digit != '}').collect();
            code(u32::from_str_radix(&digits, 16).ok()?)
        }
        'u' => {
            let unit = hexadecimal(rest, 4)?;
            if !(0xD800..0xDC00).contains(&unit) {
                return code(unit);
            }
            // The second half of a character beyond the first 65,536.
            let follows = rest.next() == Some('\\') && rest.next() == Some('u');
            let low =
                hexadecimal(rest, 4).filter(|low| follows && (0xDC00..0xE000).contains(low))?;
            code(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        }
        _ if letter.is_ascii_alphanumeric() => None,
        _ => Some(literal(letter)),
    }
}

/// A character that means itself, within classes too.
fn literal(letter: char) -> String {
    match letter {
        _ if letter.is_control() => format!("\\x{{{:x}}}", u32::from(letter)),
        '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$'
        | '#' | '&' | '-' | '~' => format!("\\{letter}"),
        _ => letter.to_string(),
    }
}

fn hexadecimal(rest: &mut Peekable<Chars<'_>>, digits: usize) -> Option<u32> {
    let text: String = rest.by_ref().take(digits).collect();
    let is_whole = text.len() == digits && text.chars().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(&text, 16).ok().filter(|_| is_whole)
}

/// A class, after its bracket.
fn class(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('[');
    let is_inverted = rest.peek() == Some(&'^');
    if is_inverted {
        rest.next();
        out.push('^');
    }
    if rest.peek() == Some(&']') {
        rest.next();
        out.truncate(out.len() - 1 - usize::from(is_inverted));
        // Nothing fits an empty class, and anything fits what is not in it.
        out.push_str(if is_inverted { "[\\s\\S]" } else { "[^\\s\\S]" });
        return Some(());
    }
    loop {
        match rest.next()? {
            ']' => {
                out.push(']');
                return Some(());
            }
            '\\' => out.push_str(&escape(rest, Place::Class)?),
            // Authors of `[[:alpha:]]` mean what other languages mean by it.
            '[' if rest.peek() == Some(&':') => return None,
            letter @ ('[' | '&' | '~') => out.extend(['\\', letter]),
            letter => out.push(letter),
        }
    }
}

/// What follows a brace and ends with one, where it is `3`, `3,` or `3,5`.
fn quantifier(rest: Peekable<Chars<'_>>) -> Option<String> {
    // No longer, so that many braces are not looked through again and again.
    let near: String = rest.take(QUANTIFIER).collect();
    let (inside, _) = near.split_once('}')?;
    let is_number = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let is_one = !least.is_empty() && is_number(least) && is_number(most);
    is_one.then(|| inside.to_owned())
}

#[cfg(test)]
mod tests {
    use super::checked;

    fn fits(pattern: &str, text: &str) -> bool {
        let checked = checked(pattern).unwrap_or_else(|| panic!("{pattern} is not checked"));
        regex_lite::Regex::new(&checked)
            .expect("a pattern")
            .is_match(text)
    }

    #[test]
    fn patterns_keep_their_meaning() {
        for (pattern, good, bad) in [
            ("^[a-z]+$", "abc", "aBc"),
            ("b", "abc", "ac"),
            (r"^\d{3}-\d{4}$", "555-1234", "555-123"),
            (r"^\/v\d+\/$", "/v1/", "v1"),
            (r"^[\w\-\.]+$", "a-b.c", "a b"),
            (r"^[^\s\/]*$", "ab", "a/b"),
            ("^{[a-z]}$", "{a}", "a"),
            ("^a{2$", "a{2", "aa"),
            ("^a]$", "a]", "a"),
            ("^[[a]$", "[", "b"),
            ("^[a&&b]+$", "a&b", "c"),
            (r"^\u0041\x42\u{43}$", "ABC", "abc"),
            (r"^\uD83D\uDE00$", "😀", "x"),
            (r"^[\b]$", "\u{8}", "b"),
            (r"^(?:a|b){2,}$", "abab", "a"),
            (r"^(?<year>\d+)$", "1999", "x"),
            ("^[^]$", "x", ""),
            (r"^\cJ$", "\n", "J"),
            (r"^é+\-$", "éé-", "e-"),
            (r"^\$\.\_$", "$._", "$x_"),
        ] {
            assert!(fits(pattern, good), "{pattern} {good}");
            assert!(!fits(pattern, bad), "{pattern} {bad}");
        }
    }

    #[test]
    fn what_cannot_be_checked_is_told() {
        for pattern in [
            "^(?!a)b",
            "(?<=a)b",
            r"(a)\1",
            r"\p{L}",
            "[a",
            "(",
            r"\",
            r"\u12",
            r"\q",
            "/^a$/i",
            "[b-a]",
            r"\uD83D",
            r"(?<a>x)\k<a>",
            "x{99999999999}",
            r"\A",
            "[[:alpha:]]",
            r"\01",
        ] {
            assert_eq!(checked(pattern), None, "{pattern}");
        }
    }
}
