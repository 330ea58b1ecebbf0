//! The law of pacing: whatever kind of window the server keeps, and whatever it reports of it, no
//! request is refused, and no time is lost.

use proptest::prelude::*;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;
use verbatim_runtime::policy::QuotaHeaders;
use verbatim_runtime::policy::pace::{Admission, Pacer, Ticket};
use verbatim_runtime::service::RateLimit;
use verbatim_runtime::time::Moment;

const LIMIT: usize = 25;
const WINDOW: u64 = 60_000;

/// How the server counts.
#[derive(Debug, Clone, Copy)]
enum Window {
    /// Windows on the minute, shifted by so much.
    Aligned(u64),
    /// A window begins with the first request after the last one ended.
    FromFirst,
    /// The last minute.
    Sliding,
}

/// What it tells.
#[derive(Debug, Clone, Copy)]
struct Report {
    remaining: bool,
    reset: bool,
    /// Every how manieth reply carries headers.
    every: usize,
}

struct Server {
    window: Window,
    began: Option<u64>,
    counted: VecDeque<u64>,
    refused: usize,
}

impl Server {
    /// Counts a request at a time in milliseconds; tells what is left and when the window ends.
    fn count(&mut self, now: u64) -> (usize, u64) {
        let end = match self.window {
            Window::Aligned(shift) => {
                let index = (now + WINDOW - shift) / WINDOW;
                if self.began != Some(index) {
                    self.began = Some(index);
                    self.counted.clear();
                }
                index * WINDOW + shift
            }
            Window::FromFirst => {
                if self.began.is_none_or(|began| now >= began + WINDOW) {
                    self.began = Some(now);
                    self.counted.clear();
                }
                self.began.unwrap_or(now) + WINDOW
            }
            Window::Sliding => {
                while self
                    .counted
                    .front()
                    .is_some_and(|then| now - then >= WINDOW)
                {
                    self.counted.pop_front();
                }
                self.counted.front().copied().unwrap_or(now) + WINDOW
            }
        };
        if self.counted.len() >= LIMIT {
            self.refused += 1;
        } else {
            self.counted.push_back(now);
        }
        (LIMIT - self.counted.len(), end)
    }
}

/// Runs calls through a pacer against a server; gives the refusals and the time of the last reply.
fn run(
    window: Window,
    report: Report,
    workers: usize,
    calls: usize,
    latency: &mut dyn FnMut() -> (u64, u64),
) -> (usize, u64) {
    let rate = RateLimit {
        requests: 25,
        window_seconds: 60,
        limit_header: "limit",
        remaining_header: "remaining",
        reset_header: "reset",
    };
    let mut pacer = Pacer::new(Some(rate));
    let mut server = Server {
        window,
        began: None,
        counted: VecDeque::new(),
        refused: 0,
    };
    // Arrivals at the server, then replies, by time.
    let mut events: BinaryHeap<Reverse<(u64, usize, bool)>> = BinaryHeap::new();
    let mut tickets: Vec<Option<Ticket>> = Vec::new();
    let mut replies: Vec<(usize, u64, u64)> = Vec::new();
    let (mut now, mut sent, mut done) = (0_u64, 0, 0);
    let at = |now: u64| Moment::after_origin(Duration::from_millis(now));
    while done < calls {
        let mut wake = None;
        while sent < calls && sent - done < workers {
            match pacer.admit(at(now)) {
                Admission::Go(ticket) => {
                    let (there, back) = latency();
                    tickets.push(Some(ticket));
                    replies.push((0, 0, back));
                    events.push(Reverse((now + there, sent, false)));
                    sent += 1;
                }
                Admission::Wait(until) => {
                    let wait = until.since(Moment::ORIGIN).as_millis();
                    wake = Some(u64::try_from(wait).unwrap());
                    break;
                }
            }
        }
        let event = events.peek().map(|Reverse((time, ..))| *time);
        now = match (event, wake) {
            (Some(event), Some(wake)) if wake < event => wake.max(now + 1),
            (Some(event), _) => event.max(now),
            (None, Some(wake)) => wake.max(now + 1),
            (None, None) => now + 1,
        };
        assert!(
            now < 100 * WINDOW,
            "the pacer does not get on: {done} of {calls} at {now}"
        );
        while let Some(Reverse((time, index, is_reply))) = events.peek().copied() {
            if time > now {
                break;
            }
            events.pop();
            if is_reply {
                let (remaining, end, _) = replies[index];
                let carries = index % report.every == 0;
                let quota = QuotaHeaders {
                    limit: carries.then_some(25),
                    remaining: (carries && report.remaining)
                        .then_some(u32::try_from(remaining).unwrap()),
                    reset: (carries && report.reset)
                        .then(|| Duration::from_secs(end.saturating_sub(time) / 1000)),
                };
                let ticket = tickets[index].take().expect("one reply for each request");
                pacer.complete(at(now), &ticket, Some(quota));
                done += 1;
            } else {
                let (remaining, end) = server.count(time);
                let back = replies[index].2;
                replies[index] = (remaining, end, back);
                events.push(Reverse((time + back, index, true)));
            }
        }
    }
    (server.refused, now)
}

fn window() -> impl Strategy<Value = Window> {
    prop_oneof![
        (0..WINDOW).prop_map(Window::Aligned),
        Just(Window::FromFirst),
        Just(Window::Sliding),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_window_is_never_exceeded(
        window in window(),
        remaining in any::<bool>(),
        reset in any::<bool>(),
        every in 1_usize..4,
        workers in 1_usize..220,
        calls in 1_usize..220,
        latencies in prop::collection::vec((0_u64..400, 0_u64..400), 1..50),
    ) {
        let report = Report { remaining, reset: reset && remaining, every };
        let mut next = 0;
        let mut latency = || { next += 1; latencies[next % latencies.len()] };
        let (refused, _) = run(window, report, workers, calls, &mut latency);
        prop_assert_eq!(refused, 0);
    }

    #[test]
    fn slow_requests_do_not_exceed_it_either(
        window in window(),
        remaining in any::<bool>(),
        workers in 1_usize..100,
        latencies in prop::collection::vec((0_u64..9_000, 0_u64..9_000), 1..50),
    ) {
        // A reply that takes many seconds keeps others waiting for its report only so long.
        let report = Report { remaining, reset: false, every: 1 };
        let mut next = 0;
        let mut latency = || { next += 1; latencies[next % latencies.len()] };
        let (refused, _) = run(window, report, workers, 120, &mut latency);
        prop_assert_eq!(refused, 0);
    }

    #[test]
    fn two_hundred_calls_take_no_longer_than_they_must(
        window in window().prop_filter(
            "a window that ends while the first request is under way is lost to anyone",
            |window| !matches!(window, Window::Aligned(0..1000)),
        ),
        remaining in any::<bool>(),
        reset in any::<bool>(),
        workers in prop_oneof![Just(200_usize), 10_usize..200],
    ) {
        let report = Report { remaining, reset: reset && remaining, every: 1 };
        let (refused, took) = run(window, report, workers, 200, &mut || (50, 50));
        prop_assert_eq!(refused, 0);
        // 200 calls at 25 a window need seven further windows after the first; a server that tells
        // when an aligned window ends allows the first of them earlier.
        let first = match window {
            Window::Aligned(shift) if report.reset => shift,
            _ => WINDOW,
        };
        let optimum = first + 6 * WINDOW;
        prop_assert!(took <= optimum + optimum / 20, "took {} of {}", took, optimum);
    }
}
