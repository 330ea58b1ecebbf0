//! The laws of repeating: nothing unsafe is sent twice, the number of attempts and the deadline
//! hold, and the server's wishes are heard.

use proptest::prelude::*;
use std::time::Duration;
use verbatim_runtime::RetryPolicy;
use verbatim_runtime::policy::retry::{Idempotence, Outcome, Retry, Verdict};
use verbatim_runtime::time::Moment;

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        (100_u16..600, prop::option::of(0_u64..200_000)).prop_map(|(status, after)| {
            Outcome::Reply {
                status,
                retry_after: after.map(Duration::from_millis),
            }
        }),
        Just(Outcome::NotSent),
        Just(Outcome::Lost),
        Just(Outcome::Hopeless),
    ]
}

fn policy() -> impl Strategy<Value = RetryPolicy> {
    (0_u32..8, 0_u64..2_000, 0_u64..30_000, 0_u64..100_000).prop_map(
        |(attempts, base, cap, max_retry_after)| RetryPolicy {
            attempts,
            base: Duration::from_millis(base),
            cap: Duration::from_millis(cap),
            max_retry_after: Duration::from_millis(max_retry_after),
            ..RetryPolicy::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_unsafe_call_is_repeated_only_if_it_did_not_leave(
        policy in policy(),
        outcomes in prop::collection::vec(outcome(), 1..10),
        random in 0.0_f64..1.0,
    ) {
        let mut retry = Retry::new(&policy, Idempotence::Unsafe, None);
        for outcome in outcomes {
            if let Verdict::Again(_) = retry.after(Moment::ORIGIN, outcome, random) {
                prop_assert_eq!(outcome, Outcome::NotSent);
            }
        }
    }

    #[test]
    fn attempts_and_deadline_hold(
        policy in policy(),
        outcomes in prop::collection::vec((outcome(), 0_u64..5_000), 1..20),
        deadline in 0_u64..60_000,
        random in 0.0_f64..1.0,
    ) {
        let end = Moment::after_origin(Duration::from_millis(deadline));
        let mut retry = Retry::new(&policy, Idempotence::Safe, Some(end));
        let mut now = Moment::ORIGIN;
        let mut attempts = 0;
        for (outcome, took) in outcomes {
            attempts += 1;
            now = now + Duration::from_millis(took);
            match retry.after(now, outcome, random) {
                Verdict::Again(delay) => {
                    now = now + delay;
                    prop_assert!(now < end, "the next attempt would begin after the deadline");
                }
                Verdict::Stop => break,
            }
        }
        prop_assert!(attempts <= policy.attempts.max(1));
    }

    #[test]
    fn the_servers_wish_is_the_least_delay_and_patience_the_most(
        policy in policy(),
        asked in 0_u64..200_000,
        status in prop_oneof![Just(429_u16), Just(503)],
        random in 0.0_f64..1.0,
    ) {
        let asked = Duration::from_millis(asked);
        let outcome = Outcome::Reply { status, retry_after: Some(asked) };
        let mut retry = Retry::new(&policy, Idempotence::Safe, None);
        match retry.after(Moment::ORIGIN, outcome, random) {
            Verdict::Again(delay) => {
                prop_assert!(delay >= asked);
                prop_assert!(asked <= policy.max_retry_after);
                prop_assert!(delay <= asked.max(policy.base).max(policy.cap));
            }
            Verdict::Stop => prop_assert!(policy.attempts <= 1 || asked > policy.max_retry_after),
        }
    }

    #[test]
    fn a_random_delay_stays_below_the_doubled_base_and_the_cap(
        policy in policy(),
        random in 0.0_f64..1.0,
    ) {
        let mut retry = Retry::new(&policy, Idempotence::Safe, None);
        for attempt in 0..policy.attempts.saturating_sub(1) {
            match retry.after(Moment::ORIGIN, Outcome::Lost, random) {
                Verdict::Again(delay) => {
                    prop_assert!(delay <= policy.cap.min(policy.base * 2_u32.pow(attempt)));
                }
                Verdict::Stop => prop_assert!(false, "attempts are left"),
            }
        }
    }
}

#[test]
fn method_failure_and_policy_decide() {
    use Idempotence::{Safe, Unsafe};
    let policy = RetryPolicy::default();
    let reply = |status| Outcome::Reply {
        status,
        retry_after: None,
    };
    for (outcome, if_safe, if_unsafe) in [
        (Outcome::NotSent, true, true),
        (Outcome::Lost, true, false),
        (Outcome::Hopeless, false, false),
        (reply(200), false, false),
        (reply(400), false, false),
        (reply(401), false, false),
        (reply(404), false, false),
        (reply(408), true, false),
        (reply(409), false, false),
        (reply(429), true, false),
        (reply(500), true, false),
        (reply(501), false, false),
        (reply(502), true, false),
        (reply(503), true, false),
        (reply(504), true, false),
    ] {
        for (idempotence, expected) in [(Safe, if_safe), (Unsafe, if_unsafe)] {
            let verdict =
                Retry::new(&policy, idempotence, None).after(Moment::ORIGIN, outcome, 0.5);
            let again = matches!(verdict, Verdict::Again(_));
            assert_eq!(again, expected, "{idempotence:?} {outcome:?}");
        }
    }
}
