//! The documented rate limit.

use verbatim_contract::extension::RateLimit;

/// The requests of the present window.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rate {
    /// When the window began, in virtual milliseconds; `None` before the first request.
    began: Option<i64>,
    used: u32,
}

impl Rate {
    /// Counts a request; `false` where the limit is used up.
    pub fn admit(&mut self, limit: &RateLimit, now: i64) -> bool {
        self.roll(limit, now);
        if self.used >= limit.requests {
            return false;
        }
        self.used += 1;
        true
    }

    /// The headers that tell the caller where it stands.
    pub fn headers(&mut self, limit: &RateLimit, now: i64) -> Vec<(String, String)> {
        self.roll(limit, now);
        let began = self.began.unwrap_or(now);
        let left = (began + window(limit) - now).max(0);
        let seconds = left.div_euclid(1000) + i64::from(left.rem_euclid(1000) > 0);
        let values = [
            (&limit.limit_header, i64::from(limit.requests)),
            (
                &limit.remaining_header,
                i64::from(limit.requests.saturating_sub(self.used)),
            ),
            (&limit.reset_header, seconds),
        ];
        values
            .into_iter()
            .filter_map(|(name, value)| Some((name.clone()?, value.to_string())))
            .collect()
    }

    fn roll(&mut self, limit: &RateLimit, now: i64) {
        let over = self
            .began
            .is_none_or(|began| now >= began + window(limit) || now < began);
        if over {
            self.began = Some(now);
            self.used = 0;
        }
    }
}

fn window(limit: &RateLimit) -> i64 {
    i64::from(limit.window_seconds).max(1) * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_down_and_is_reset() {
        let limit = RateLimit {
            requests: 2,
            window_seconds: 60,
            remaining_header: Some("left".to_owned()),
            ..RateLimit::default()
        };
        let mut rate = Rate::default();
        assert!(rate.admit(&limit, 0) && rate.admit(&limit, 59_999));
        assert!(!rate.admit(&limit, 59_999));
        assert_eq!(
            rate.headers(&limit, 59_999),
            [("left".to_owned(), "0".to_owned())]
        );
        assert!(rate.admit(&limit, 60_000));
        assert_eq!(
            rate.headers(&limit, 60_000),
            [("left".to_owned(), "1".to_owned())]
        );
    }
}
