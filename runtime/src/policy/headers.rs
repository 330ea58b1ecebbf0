use crate::service::RateLimit;
use http::{HeaderMap, header};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Longer than any server means; a number beyond is taken for a date or ignored.
const YEAR: u64 = 366 * 24 * 60 * 60;

/// What `Retry-After` asks for: seconds, or a date, which is read against the `Date` of the same
/// reply where there is one, since clocks differ. None where it is absent or means nothing.
pub fn retry_after(headers: &HeaderMap, wall: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Some(seconds) = seconds(text) {
        return Some(seconds);
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let now = dated(headers).unwrap_or(wall);
    Some(at.duration_since(now).unwrap_or(Duration::ZERO))
}

/// When the reply was made, by the clock of the server.
fn dated(headers: &HeaderMap) -> Option<SystemTime> {
    let date = headers.get(header::DATE)?.to_str().ok()?;
    httpdate::parse_http_date(date).ok()
}

/// The quota as one reply reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuotaHeaders {
    /// Requests allowed in a window.
    pub limit: Option<u32>,
    /// Requests left in this window.
    pub remaining: Option<u32>,
    /// Until the window begins anew.
    pub reset: Option<Duration>,
}

impl QuotaHeaders {
    /// Reads the headers that the service declares. What is no number is as if absent.
    pub fn read(rate: &RateLimit, headers: &HeaderMap, wall: SystemTime) -> Self {
        let text = |name: &str| {
            let value = if name.is_empty() {
                None
            } else {
                headers.get(name)
            };
            Some(value?.to_str().ok()?.trim())
        };
        let reset = text(rate.reset_header).and_then(seconds_or_date);
        Self {
            limit: text(rate.limit_header).and_then(count),
            remaining: text(rate.remaining_header).and_then(count),
            reset: reset.map(|reset| match reset {
                Reset::In(duration) => duration,
                Reset::At(date) => {
                    let now = dated(headers).unwrap_or(wall);
                    date.duration_since(now).unwrap_or(Duration::ZERO)
                }
            }),
        }
    }
}

enum Reset {
    In(Duration),
    At(SystemTime),
}

/// A span in seconds, or a Unix time where the number is too large for one.
fn seconds_or_date(text: &str) -> Option<Reset> {
    if let Some(duration) = seconds(text) {
        return Some(Reset::In(duration));
    }
    let unix: u64 = text.split('.').next()?.parse().ok()?;
    // Milliseconds since 1970 are a thousand times larger than seconds.
    let unix = if unix > 100_000_000_000 {
        unix / 1000
    } else {
        unix
    };
    UNIX_EPOCH
        .checked_add(Duration::from_secs(unix))
        .map(Reset::At)
}

/// Seconds, with or without a fraction; below a year.
fn seconds(text: &str) -> Option<Duration> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let seconds: f64 = if plain {
        text.parse().ok()?
    } else {
        return None;
    };
    let duration = Duration::try_from_secs_f64(seconds).ok()?;
    (duration.as_secs() < YEAR).then_some(duration)
}

/// A count, which some servers write as `100.00`.
fn count(text: &str) -> Option<u32> {
    let whole = text.split('.').next()?;
    let plain = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    // A count above the range is still a count, and no less.
    plain.then(|| whole.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: RateLimit = RateLimit {
        requests: 25,
        window_seconds: 60,
        limit_header: "X-Rate-Limit-Limit",
        remaining_header: "X-Rate-Limit-Remaining",
        reset_header: "X-Rate-Limit-Reset",
    };

    fn headers(entries: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (
                http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                value.parse().unwrap(),
            )
        };
        entries.iter().map(pair).collect()
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_date() {
        for (text, expected) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("-5", None),
            ("soon", None),
            ("", None),
            ("99999999999999999999", None),
            ("Thu, 01 Jan 1970 00:02:00 GMT", Some(20)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
        ] {
            let found = retry_after(&headers(&[("retry-after", text)]), at(100));
            assert_eq!(found, expected.map(Duration::from_secs), "{text:?}");
        }
    }

    #[test]
    fn a_date_is_read_against_the_clock_of_the_server() {
        let map = headers(&[
            ("retry-after", "Thu, 01 Jan 1970 01:00:30 GMT"),
            ("date", "Thu, 01 Jan 1970 01:00:00 GMT"),
        ]);
        assert_eq!(retry_after(&map, at(0)), Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_window_that_ends_at_a_date_is_read_against_the_clock_of_the_server() {
        let map = headers(&[
            ("x-rate-limit-reset", "1000000060"),
            ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
        ]);
        let quota = QuotaHeaders::read(&RATE, &map, at(5));
        assert_eq!(quota.reset, Some(Duration::from_secs(60)));
    }

    #[test]
    fn quota_headers_are_read_in_every_spelling() {
        let map = headers(&[
            ("x-rate-limit-limit", "100.00"),
            ("x-rate-limit-remaining", "7"),
            ("x-rate-limit-reset", "1000000060"),
        ]);
        let quota = QuotaHeaders::read(&RATE, &map, at(1_000_000_000));
        assert_eq!(quota.limit, Some(100));
        assert_eq!(quota.remaining, Some(7));
        assert_eq!(quota.reset, Some(Duration::from_secs(60)));
        let map = headers(&[
            ("x-rate-limit-remaining", "-1"),
            ("x-rate-limit-reset", "1.5"),
        ]);
        let quota = QuotaHeaders::read(&RATE, &map, at(0));
        assert_eq!(quota.remaining, None);
        assert_eq!(quota.reset, Some(Duration::from_millis(1500)));
    }
}
