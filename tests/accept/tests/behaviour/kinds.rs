//! Unions of which a constant property tells the kind, and enumerations of odd values.

use super::law::kept;
use super::wire::{always, reply};
use verbatim_accept::idle_members::types::Person;
use verbatim_accept::kinds_by_constant::types::{Loose, Mark, NewTask, Outcome, Task};
use verbatim_accept::odd_enums::types::{ListReleasesLine, NewRelease, Release};
use verbatim_accept::odd_enums::{Releases, SERVICE};
use verbatim_runtime::json::from_str;

#[test]
fn a_kind_that_is_not_documented_is_none_of_the_known() {
    assert!(matches!(
        kept(r#"{"state":"waiting","place":1}"#),
        Task::Waiting(_)
    ));
    assert!(matches!(kept(r#"{"state":"pausing"}"#), Task::Running(_)));
    assert!(matches!(
        kept(r#"{"state":"lost","place":1}"#),
        Task::Unknown(_)
    ));
    assert!(matches!(kept(r#"{"text":"a"}"#), Task::Note(_)));
    assert!(matches!(
        kept(r#"{"state":"lost","text":"a"}"#),
        Task::Note(_)
    ));
    assert!(matches!(kept(r#""a""#), Task::Text(_)));
    assert!(matches!(kept("[1]"), Task::Unknown(_)));
    assert!(matches!(kept(r#"{"action":"move"}"#), NewTask::Move(_)));
    let error = from_str::<NewTask>(r#"{"action":"burn"}"#).unwrap_err();
    assert!(error.to_string().contains("burn"), "{error}");
    let error = from_str::<NewTask>("[1]").unwrap_err();
    assert!(error.to_string().contains("action"), "{error}");
}

#[test]
fn whole_numbers_and_booleans_tell_kinds_apart() {
    let second = kept(r#"{"version":2,"at":1}"#);
    assert!(matches!(second, Mark::Version2(_)), "{second:?}");
    assert!(matches!(kept(r#"{"version":3,"at":1}"#), Mark::Unknown(_)));
    assert!(matches!(
        kept(r#"{"ok":false,"value":"a"}"#),
        Outcome::OkFalse(_)
    ));
    assert!(matches!(kept(r#"{"ok":true}"#), Outcome::OkTrue(_)));
    assert!(matches!(kept(r#"{"ok":1}"#), Outcome::Unknown(_)));
}

#[test]
fn what_is_no_object_is_kept_where_nothing_says_that_it_is_one() {
    assert!(matches!(
        kept(r#"{"text":"a","again":{"text":"b"}}"#),
        Loose::Object(_)
    ));
    for text in ["null", "12", r#""a""#, "[]", r#"{"again":{}}"#] {
        assert!(matches!(kept(text), Loose::Unknown(_)), "{text}");
    }
    assert!(matches!(
        kept(r#"{"text":"a","again":1.50}"#),
        Loose::Object(_)
    ));
}

#[test]
fn listed_numbers_fit_their_types() {
    for text in [
        r#"{"size":18446744073709551616,"count":9223372036854775808}"#,
        r#"{"load":1.5}"#,
        r#"{"load":1.0}"#,
        r#"{"kind":null}"#,
    ] {
        kept::<Release>(text);
        kept::<NewRelease>(text);
    }
}

#[tokio::test]
async fn listed_values_are_sent_and_others_are_not() {
    let sent = async |text: &str| {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        let release: NewRelease = from_str(text).expect("a release");
        let done = Releases::from_client(client)
            .unwrap()
            .releases()
            .put(&release)
            .await;
        done.map(|()| log.body())
    };
    for text in [
        r#"{"size":18446744073709551616,"kind":null}"#,
        r#"{"load":1.0,"kind":"a","version":"2.0"}"#,
    ] {
        assert_eq!(sent(text).await.expect("kept"), text);
    }
    for text in [r#"{"size":1}"#, r#"{"load":1.5}"#, r#"{"kind":2}"#] {
        assert!(sent(text).await.is_err(), "{text}");
    }
}

#[test]
fn texts_that_yaml_reads_as_numbers_are_texts() {
    let all = [
        (ListReleasesLine::Newest, "newest"),
        (ListReleasesLine::N110, "110"),
        (ListReleasesLine::N1_10, "1.10"),
        (ListReleasesLine::N0x1F, "0x1F"),
        (ListReleasesLine::True, "True"),
    ];
    for (line, text) in all {
        assert_eq!(line.as_str(), text);
    }
}

#[test]
fn members_that_say_nothing_make_no_type() {
    let person: Person =
        kept(r#"{"friend":{"home":{},"work":{}},"home":{"city":"a"},"work":{},"former":null}"#);
    let friend: &Person = person.friend.as_ref().expect("a friend");
    assert!(friend.other.is_absent());
    for text in [r#"{"home":null,"work":{}}"#, r#"{"home":{},"work":null}"#] {
        assert!(from_str::<Person>(text).is_err(), "{text}");
    }
}
