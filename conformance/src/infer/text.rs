//! What texts have in common: a format, or a short list of words.

use std::collections::BTreeMap;

use crate::redact::is_masked;

/// Words of one place that are counted.
const WORDS: usize = 16;

/// Texts that were seen at one place.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// How many.
    pub count: usize,
    /// How many were masked by the recorder.
    masked: usize,
    /// The formats that all of them have.
    formats: Option<Vec<&'static str>>,
    words: BTreeMap<String, usize>,
    /// Whether there are too many words, or what is no word.
    free: bool,
}

impl Texts {
    /// Takes a text into account.
    pub fn see(&mut self, text: &str) {
        self.count += 1;
        if is_masked(text) {
            self.masked += 1;
            return;
        }
        if let Some(formats) = &mut self.formats {
            formats.retain(|format| has(format, text));
        } else {
            let all = FORMATS.iter().copied();
            self.formats = Some(all.filter(|format| has(format, text)).collect());
        }
        if !self.free && is_word(text) {
            *self.words.entry(text.to_owned()).or_default() += 1;
        } else {
            self.free = true;
        }
        self.bound();
    }

    fn bound(&mut self) {
        if self.free || self.words.len() > WORDS {
            self.free = true;
            self.words.clear();
        }
    }

    /// Takes other texts into account.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.masked += other.masked;
        self.formats = match (self.formats.take(), other.formats) {
            (Some(mut mine), Some(theirs)) => {
                mine.retain(|format| theirs.contains(format));
                Some(mine)
            }
            (mine, theirs) => mine.or(theirs),
        };
        self.free |= other.free;
        for (word, count) in other.words {
            *self.words.entry(word).or_default() += count;
        }
        self.bound();
    }

    /// The format that every text has.
    pub fn format(&self) -> Option<&'static str> {
        self.formats.as_ref()?.first().copied()
    }

    /// The words, where the evidence is strong that there are no others: few, plain, and each seen again and again.
    pub fn words(&self) -> Option<Vec<&str>> {
        let kinds = self.words.len();
        let strong = !self.free
            && self.masked == 0
            && kinds >= 2
            && self.count >= 12
            && self.count >= kinds * 5
            && self.words.values().all(|count| *count >= 2);
        strong.then(|| self.words.keys().map(String::as_str).collect())
    }
}

const FORMATS: [&str; 6] = ["date-time", "date", "uuid", "email", "ipv4", "uri"];

/// Whether a text is a word as enumerations have them.
fn is_word(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    (2..=32).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphabetic()
        && text.bytes().all(plain)
        && !super::name::is_identifier(text)
}

fn has(format: &str, text: &str) -> bool {
    match format {
        "date" => is_date(text),
        "date-time" => is_date_time(text),
        "uuid" => is_uuid(text),
        "email" => is_email(text),
        "ipv4" => text.split('.').count() == 4 && text.parse::<std::net::Ipv4Addr>().is_ok(),
        "uri" => {
            (text.starts_with("https://") || text.starts_with("http://"))
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte))
                && url::Url::parse(text).is_ok()
        }
        _ => false,
    }
}

fn number(text: &str, range: std::ops::RangeInclusive<u32>) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse().is_ok_and(|number| range.contains(&number))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let lengths = (year.len(), month.len(), day.len()) == (4, 2, 2);
    let thirty = ["04", "06", "09", "11"].contains(&month);
    let leap = year
        .parse::<u32>()
        .is_ok_and(|year| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0);
    let last = match month {
        "02" if leap => 29,
        "02" => 28,
        _ if thirty => 30,
        _ => 31,
    };
    lengths && number(year, 0..=9999) && number(month, 1..=12) && number(day, 1..=last)
}

/// RFC 3339, with `T` and an offset.
fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    let clock_end = time.find(['Z', '+', '-']).unwrap_or(0);
    let (clock, offset) = time.split_at(clock_end);
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, fraction),
        None => (clock, "0"),
    };
    let clock: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = clock[..] else {
        return false;
    };
    let offset_fits = match offset.strip_prefix(['+', '-']) {
        None => offset == "Z",
        Some(rest) => rest.split_once(':').is_some_and(|(hours, minutes)| {
            hours.len() == 2
                && minutes.len() == 2
                && number(hours, 0..=23)
                && number(minutes, 0..=59)
        }),
    };
    is_date(date)
        && [hour, minute, second].iter().all(|part| part.len() == 2)
        && number(hour, 0..=23)
        && number(minute, 0..=59)
        && number(second, 0..=59)
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && offset_fits
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12]
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn is_email(text: &str) -> bool {
    let plain = |part: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
        !part.is_empty()
            && part.bytes().all(fits)
            && !part.starts_with(['.', '-'])
            && !part.ends_with(['.', '-'])
            && !part.contains("..")
    };
    text.split_once('@').is_some_and(|(name, host)| {
        plain(name) && plain(host) && host.contains('.') && !host.contains(['_', '+'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(texts: &[&str]) -> Texts {
        let mut all = Texts::default();
        for text in texts {
            all.see(text);
        }
        all
    }

    #[test]
    fn formats_are_those_that_all_texts_have() {
        for (texts, format) in [
            (
                &["2011-07-20T15:49:07Z", "2016-10-03T16:44:34+00:00"][..],
                Some("date-time"),
            ),
            (&["2024-02-29"], Some("date")),
            (&["2023-02-29"], None),
            (&["2011-07-20 15:49:07"], None),
            (&["6fa459ea-ee8a-3ca4-894e-db77e160355e"], Some("uuid")),
            (&["a@b.example"], Some("email")),
            (&["10.0.0.1", "x"], None),
            (&["https://a.example/x?y=1"], Some("uri")),
            (&["[redacted]", "10.0.0.1"], Some("ipv4")),
        ] {
            assert_eq!(seen(texts).format(), format, "{texts:?}");
        }
    }

    #[test]
    fn only_strong_evidence_makes_an_enumeration() {
        let often = ["on", "off"].repeat(8);
        assert_eq!(seen(&often).words(), Some(vec!["off", "on"]));
        assert_eq!(seen(&["on", "off", "on"]).words(), None);
        let once = [&often[..], &["dim"]].concat();
        assert_eq!(seen(&once).words(), None);
        let free = [&often[..], &["two words"]].concat();
        assert_eq!(seen(&free).words(), None);
    }
}
