//! Whatever a type accepts it gives back.

use serde::Serialize;
use serde::de::DeserializeOwned;
use verbatim_runtime::json;
use verbatim_source::{Limits, Node, Source, Sources, equal};

/// Decodes a text that must be accepted, and checks that encoding gives an equal document.
#[track_caller]
pub fn kept<T: Serialize + DeserializeOwned>(text: &str) -> T {
    let value: T = json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let back = json::to_string(&value).expect("a value that can be written");
    if let Err(difference) = equal::same(&tree(text).value, &tree(&back).value) {
        panic!("{text} came back as {back}: {difference:?}");
    }
    value
}

/// Checks that a text is refused, with the place where it is wrong.
#[track_caller]
pub fn refused<T: Serialize + DeserializeOwned>(text: &str, pointer: &str) {
    match json::from_str::<T>(text) {
        Ok(value) => panic!("{text} was accepted as {:?}", json::to_string(&value)),
        Err(error) => assert_eq!(error.pointer(), pointer, "{text}: {error}"),
    }
}

/// Checks that a text is refused, or comes back equal.
#[track_caller]
pub fn lawful<T: Serialize + DeserializeOwned>(text: &str) {
    if json::from_str::<T>(text).is_ok() {
        kept::<T>(text);
    }
}

fn tree(text: &str) -> Node {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("value.json", text.to_owned()));
    verbatim_source::parse(&sources, id, &Limits::default()).expect("JSON")
}

#[test]
fn every_part_under_a_root_comes_back() {
    use verbatim_accept::wrapped_roots::types::{Host, Rack, roots};
    use verbatim_runtime::json::{As, Each, Under};
    type Hosts = As<Vec<Host>, Each<Under<roots::Host>>>;
    let least = r#"{"name": "a", "rack": {"rack": {"id": 1}}"#;
    let whole = format!(
        r#"[{{"host": {least}, "spare": null, "racks": [{{"rack": {{"id": 2, "odd": {{"error": {{"text": null}}}}}}}}],
            "by_name": {{"x": {{"rack": {{"id": 4}}}}}}, "ends": [{{"rack": {{"id": 3}}}}, "b", 1.50],
            "parent": {{"host": {least}}}}}, "more": [{{"rack": 1}}]}}}}]"#
    );
    let hosts = kept::<Hosts>(&whole);
    assert_eq!(hosts[0].parent.as_ref().unwrap().rack.id, 1);
    kept::<Hosts>("[]");
    kept::<Hosts>(&whole.replace(r#"{"id": 4}"#, r#"{"id": 4e0}"#));
    refused::<Hosts>(
        &whole.replace(r#"{"id": 2"#, r#"{"id": "2""#),
        "/0/host/racks/0/rack/id",
    );
    // What stands beside a root is not lost: the list is kept as one of other items.
    kept::<Hosts>(&whole.replace(r#"{"id": 3}"#, r#"{"id": 3}, "id": 3"#));
    refused::<Hosts>(
        &whole.replace(r#"{"id": 4}"#, r#"{"id": 4}, "id": 4"#),
        "/0/host/by_name/x",
    );
    refused::<As<Rack, Under<roots::Rack>>>(r#"{"id": 1}"#, "");
    for at in 0..whole.len() {
        lawful::<Hosts>(&whole[..at]);
    }
}
