//! The laws of waiting: it never hangs, never outlives its deadline, and never ends on a state that
//! may be older than the request.

use proptest::prelude::*;
use std::time::Duration;
use verbatim_runtime::policy::wait::{Sighting, Step, WaitGoal, WaitPolicy, Waiter};
use verbatim_runtime::time::Moment;

fn sighting() -> impl Strategy<Value = Sighting> {
    prop_oneof![
        3 => prop::option::of(-10.0_f64..110.0).prop_map(Sighting::Busy),
        1 => Just(Sighting::Goal),
        1 => Just(Sighting::Failure),
        1 => Just(Sighting::Missing),
        2 => Just(Sighting::Trouble),
    ]
}

fn policy() -> impl Strategy<Value = WaitPolicy> {
    (0_u64..10, 1_u64..10, 0_u64..60, 0_u64..60, 1_u64..4_000).prop_map(
        |(first, shortest, longest, grace, deadline)| WaitPolicy {
            first: Duration::from_secs(first),
            shortest: Duration::from_secs(shortest),
            longest: Duration::from_secs(longest),
            confirm: Duration::from_secs(2),
            grace: Duration::from_secs(grace),
            deadline: Duration::from_secs(deadline),
        },
    )
}

fn goal() -> impl Strategy<Value = WaitGoal> {
    prop_oneof![Just(WaitGoal::State), Just(WaitGoal::Absence)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_wait_always_ends_by_its_deadline(
        policy in policy(),
        goal in goal(),
        sightings in prop::collection::vec((sighting(), 0_u64..3_000), 1..60),
    ) {
        let mut waiter = Waiter::new(policy, goal, Moment::ORIGIN);
        let mut due = waiter.first();
        let mut polls = 0;
        for (sighting, took) in sightings.iter().cycle() {
            let sent = due;
            if waiter.is_expired(sent) {
                break;
            }
            polls += 1;
            let now = sent + Duration::from_millis(*took);
            match waiter.observe(sent, now, *sighting) {
                Step::Poll(next) => {
                    prop_assert!(next > sent, "time goes on");
                    prop_assert!(next <= waiter.deadline());
                    due = next;
                }
                _ => break,
            }
        }
        let shortest = policy.shortest.min(policy.confirm).as_secs().max(1);
        prop_assert!(polls <= policy.deadline.as_secs() / shortest + 2, "{} polls", polls);
    }

    #[test]
    fn what_was_asked_before_the_wait_decides_nothing(
        policy in policy(),
        goal in goal(),
        sighting in sighting(),
        early in 1_u64..1_000,
    ) {
        let began = Moment::after_origin(Duration::from_secs(1_000));
        let sent = began - Duration::from_millis(early);
        let mut waiter = Waiter::new(policy, goal, began);
        let step = waiter.observe(sent, began, sighting);
        prop_assert!(matches!(step, Step::Poll(_)), "{:?}", step);
    }

    #[test]
    fn a_goal_counts_only_after_work_was_seen_or_twice(
        sightings in prop::collection::vec(sighting(), 1..20),
    ) {
        let policy = WaitPolicy::default();
        let mut waiter = Waiter::new(policy, WaitGoal::State, Moment::ORIGIN);
        let mut now = waiter.first();
        let (mut busy, mut before) = (false, None);
        for sighting in sightings {
            let step = waiter.observe(now, now, sighting);
            if step == Step::Reached {
                prop_assert_eq!(sighting, Sighting::Goal);
                prop_assert!(busy || before == Some(Sighting::Goal));
            }
            if step == Step::Failed {
                prop_assert_eq!(sighting, Sighting::Failure);
                prop_assert!(busy || before == Some(Sighting::Failure));
            }
            let Step::Poll(next) = step else { break };
            now = next;
            busy |= matches!(sighting, Sighting::Busy(_));
            if sighting != Sighting::Trouble && sighting != Sighting::Missing {
                before = Some(sighting);
            }
        }
    }
}

#[test]
fn polls_follow_the_progress() {
    let seconds = |seconds| Moment::after_origin(Duration::from_secs(seconds));
    let mut waiter = Waiter::new(WaitPolicy::default(), WaitGoal::State, Moment::ORIGIN);
    assert_eq!(waiter.first(), seconds(3));
    let busy = |percent| Sighting::Busy(Some(percent));
    assert_eq!(
        waiter.observe(seconds(3), seconds(3), busy(10.0)),
        Step::Poll(seconds(8))
    );
    // 40 points in 5 seconds leave 50 for 6.25.
    let next = waiter.observe(seconds(8), seconds(8), busy(50.0));
    assert_eq!(
        next,
        Step::Poll(Moment::after_origin(Duration::from_millis(14_250)))
    );
    // Almost done, and never sooner than the shortest interval.
    assert_eq!(
        waiter.observe(seconds(14), seconds(14), busy(99.0)),
        Step::Poll(seconds(19))
    );
    assert_eq!(
        waiter.observe(seconds(19), seconds(19), Sighting::Goal),
        Step::Reached
    );
}

#[test]
fn a_new_resource_may_be_unknown_for_a_while() {
    let seconds = |seconds| Moment::after_origin(Duration::from_secs(seconds));
    let mut waiter = Waiter::new(WaitPolicy::default(), WaitGoal::State, Moment::ORIGIN);
    assert!(matches!(
        waiter.observe(seconds(3), seconds(3), Sighting::Missing),
        Step::Poll(_)
    ));
    let step = waiter.observe(seconds(31), seconds(31), Sighting::Missing);
    assert_eq!(step, Step::Absent);
}
