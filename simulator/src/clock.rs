//! Virtual time.

use std::time::Instant;

use verbatim_source::Value;

/// How virtual time runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Actions are done by the time of the next request.
    Instant,
    /// As on the wall.
    Real,
    /// So many times as fast as on the wall.
    Scaled(f64),
    /// Only when told to, over the control path.
    Manual,
}

impl Pace {
    /// Reads `instant`, `real`, `manual` or a factor such as `x60`.
    ///
    /// # Errors
    /// A sentence saying what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "instant" => Ok(Self::Instant),
            "real" => Ok(Self::Real),
            "manual" => Ok(Self::Manual),
            _ => text
                .strip_prefix('x')
                .and_then(|factor| factor.parse::<f64>().ok())
                .filter(|factor| factor.is_finite() && *factor > 0.0 && *factor <= 1e9)
                .map(Self::Scaled)
                .ok_or_else(|| {
                    format!("`{text}` is no pace of time; use instant, real, manual or x60 for sixty times as fast")
                }),
        }
    }
}

/// A clock of virtual milliseconds since 1970.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    pace: Pace,
    /// Virtual time at `since`.
    base: i64,
    since: Instant,
}

impl Clock {
    pub fn new(pace: Pace, start_seconds: i64) -> Self {
        Self {
            pace,
            base: start_seconds.saturating_mul(1000),
            since: Instant::now(),
        }
    }

    /// The present moment.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a factor of 1e9 fits for centuries of use"
    )]
    pub fn now(&self) -> i64 {
        let elapsed = self.since.elapsed().as_secs_f64() * 1000.0;
        match self.pace {
            Pace::Manual => self.base,
            Pace::Scaled(factor) => self.base.saturating_add((elapsed * factor) as i64),
            Pace::Instant | Pace::Real => self.base.saturating_add(elapsed as i64),
        }
    }

    /// How long an action of some seconds takes.
    pub fn length(&self, seconds: i64) -> i64 {
        match self.pace {
            Pace::Instant => 0,
            _ => seconds.saturating_mul(1000),
        }
    }

    pub fn pace(&self) -> Pace {
        self.pace
    }

    pub fn set_pace(&mut self, pace: Pace) {
        self.set(self.now());
        self.pace = pace;
    }

    /// Moves the clock on.
    pub fn advance(&mut self, milliseconds: i64) {
        self.base = self.base.saturating_add(milliseconds.max(0));
    }

    /// Sets the clock.
    pub fn set(&mut self, milliseconds: i64) {
        self.base = milliseconds;
        self.since = Instant::now();
    }
}

/// A moment in the way an example writes one: RFC 3339 with `Z` or `+00:00`, or a date alone.
pub(crate) fn write(milliseconds: i64, example: &str) -> String {
    let seconds = milliseconds.div_euclid(1000);
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = day_of(days);
    let (hour, minute, second) = (rest / 3600, rest % 3600 / 60, rest % 60);
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if example.len() == 10 && example.matches('-').count() == 2 {
        date
    } else if example.ends_with("+00:00") {
        format!("{date}T{time}+00:00")
    } else if example.len() == 19 && example.contains(' ') {
        format!("{date} {time}")
    } else {
        format!("{date}T{time}Z")
    }
}

/// Sets the moments among the members of an object: dates with a time.
pub(crate) fn date(value: &mut Value, now: i64) {
    let Value::Object(object) = value else { return };
    for node in object.values_mut() {
        if let Value::String(text) = &node.value
            && is_moment(text)
        {
            node.value = Value::String(write(now, text));
        }
    }
}

/// Whether a text is a moment: a date with a time.
fn is_moment(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 19
        && bytes.get(..10).is_some_and(|date| {
            date.iter().enumerate().all(|(at, byte)| {
                if at == 4 || at == 7 {
                    *byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            })
        })
        && matches!(bytes.get(10), Some(b'T' | b' '))
}

/// Year, month and day of a number of days since 1970 (the proleptic Gregorian calendar).
fn day_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_like_the_example() {
        let moment = 1_709_210_096_000;
        assert_eq!(write(moment, ""), "2024-02-29T12:34:56Z");
        assert_eq!(
            write(moment, "2015-05-04T06:32:15+00:00"),
            "2024-02-29T12:34:56+00:00"
        );
        assert_eq!(write(moment, "2015-05-04"), "2024-02-29");
        assert_eq!(write(0, "Z"), "1970-01-01T00:00:00Z");
        assert_eq!(write(-1000, "Z"), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn paces_are_read() {
        assert_eq!(Pace::parse("instant"), Ok(Pace::Instant));
        assert_eq!(Pace::parse("x60"), Ok(Pace::Scaled(60.0)));
        for wrong in ["", "x", "x0", "x-1", "xNaN", "fast"] {
            assert!(Pace::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_manual_clock_stands_still() {
        let mut clock = Clock::new(Pace::Manual, 10);
        assert_eq!(clock.now(), 10_000);
        clock.advance(500);
        assert_eq!(clock.now(), 10_500);
        assert_eq!(Clock::new(Pace::Instant, 0).length(30), 0);
    }
}
