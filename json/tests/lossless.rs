//! Types from elsewhere keep the law: what they would change stays as it was read.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use jiff::civil::{Date, Time};
use jiff::{Span, Timestamp};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::net::IpAddr;
use uuid::Uuid;
use verbatim_json::{self as json, Extra, Lossless, Maybe};

#[derive(Clone, Debug, PartialEq)]
struct Event {
    at: Lossless<f64>,
}

/// What a text becomes: the same text, or nothing.
fn back<T: Serialize + DeserializeOwned>(text: &str) -> Option<String> {
    let value: Lossless<T> = json::from_str(text).ok()?;
    Some(json::to_string(&value).expect("a value that was read"))
}

#[track_caller]
fn kept<T: Serialize + DeserializeOwned>(texts: &[&str]) {
    for text in texts {
        assert_eq!(back::<T>(text).as_deref(), Some(*text));
    }
}

#[test]
fn texts_that_a_type_would_write_otherwise_stay() {
    kept::<Timestamp>(&[
        r#""2026-03-01T10:00:00Z""#,
        r#""2026-03-01T10:00:00.000Z""#,
        r#""2026-03-01T12:00:00+02:00""#,
        r#""2026-03-01 10:00:00z""#,
        r#""2026-03-01T10:00:00\u005a""#,
    ]);
    kept::<Date>(&[r#""2026-03-01""#, r#""20260301""#]);
    kept::<DateTime<FixedOffset>>(&[
        r#""2026-03-01T10:00:00+00:00""#,
        r#""2026-03-01T10:00:00.50-01:30""#,
    ]);
    kept::<NaiveDate>(&[r#""2026-03-01""#]);
    kept::<Uuid>(&[
        r#""67e55044-10b1-426f-9247-bb680e5fe0c8""#,
        r#""67E55044-10B1-426F-9247-BB680E5FE0C8""#,
        r#""67e5504410b1426f9247bb680e5fe0c8""#,
    ]);
    kept::<IpAddr>(&[r#""::1""#, r#""0:0:0:0:0:0:0:1""#]);
    kept::<f64>(&["1.50", "1e2", "-0", "0.1"]);
}

#[test]
fn types_that_cannot_be_compared_are_compared_by_what_they_write() {
    kept::<Span>(&[r#""P1Y2M3DT4H5M6S""#, r#""PT90M""#, r#""-P1W""#]);
    let read: Lossless<Span> = json::from_str(r#""PT60M""#).unwrap();
    assert_eq!(read, Lossless::new(Span::new().minutes(60)));
    assert_ne!(read, Lossless::new(Span::new().hours(1)));
}

#[test]
fn a_time_of_day_keeps_its_zone() {
    let texts = [
        r#""09:30:00""#,
        r#""09:30:00Z""#,
        r#""09:30:00.250z""#,
        r#""09:30:00+02:00""#,
    ];
    kept::<Time>(&texts);
    kept::<NaiveTime>(&texts);
    let time: Lossless<Time> = json::from_str(texts[3]).unwrap();
    assert_eq!((time.hour(), time.minute()), (9, 30));
    for wrong in [
        r#""25:00:00Z""#,
        r#""09:30:00Zulu""#,
        r#""09:30Z""#,
        r#""+02:00""#,
        "9",
    ] {
        assert_eq!(back::<Time>(wrong), None, "{wrong}");
    }
    // One place, and not that of the text within.
    let error = json::from_str::<Vec<Lossless<Time>>>(r#"["later"]"#)
        .unwrap_err()
        .to_string();
    assert_eq!(error.matches("line").count(), 1, "{error}");
    assert_eq!(error.matches("at /").count(), 1, "{error}");
}

#[test]
fn texts_that_a_type_cannot_read_are_refused_with_their_place() {
    #[derive(Clone, Debug, PartialEq)]
    struct Outer {
        at: Maybe<Lossless<Timestamp>>,
        extra: Extra,
    }
    json::object! { Outer { at: tolerant "at", ..extra } }
    let error = json::from_str::<Outer>(r#"{"at": "yesterday"}"#).unwrap_err();
    assert_eq!(error.pointer(), "/at");
    assert!(json::from_str::<Outer>(r#"{"at": null, "b": 1.50}"#).is_ok());
}

#[test]
fn a_value_that_is_set_is_written_as_its_type_writes_it() {
    let read: Lossless<f64> = json::from_str("1.50").unwrap();
    assert_eq!(read.original().unwrap().as_str(), "1.50");
    let event = Event {
        at: Lossless::from(*read),
    };
    assert_eq!(json::to_string(&event.at).unwrap(), "1.5");
    assert_ne!(event.at, read);
    assert!(event.at.original().is_none());
}

proptest! {
    #[test]
    fn whatever_is_taken_comes_back(
        text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,12})?(Z|z|[+-][0-9]{2}:[0-9]{2})",
    ) {
        let text = format!("{text:?}");
        for back in [back::<Timestamp>(&text), back::<DateTime<FixedOffset>>(&text)].into_iter().flatten() {
            prop_assert_eq!(back, text.clone());
        }
    }
}
