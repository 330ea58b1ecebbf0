//! Parameters in every style, bodies in every media type.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use verbatim_runtime::codegen::{
    Bytes, Call, Method, Operation, Parameter, ParameterValue, Place, Style, Undocumented, reply,
};
use verbatim_runtime::json::{Json, Number};
use verbatim_runtime::transport::respond;
use verbatim_runtime::{Client, Multipart};

const fn operation(path: &'static str, parameters: &'static [Parameter]) -> Operation {
    Operation {
        id: "styles",
        method: Method::Post,
        path,
        parameters,
        security: &[],
        replies: &[],
        servers: &[],
        scopes: &[],
        idempotency_key: "",
        pagination: None,
        ..api::LIST
    }
}

const fn styled(place: Place, style: Style, explode: bool, allow_reserved: bool) -> Parameter {
    Parameter {
        name: "color",
        place,
        required: false,
        style,
        explode,
        allow_reserved,
        schema: "",
        secret: false,
        bounds: &[],
    }
}

macro_rules! styles {
    ($($name:ident: $path:literal $place:ident $style:ident $explode:literal $reserved:literal;)*) => {
        $(static $name: Operation = operation(
            $path,
            &[styled(Place::$place, Style::$style, $explode, $reserved)],
        );)*
    };
}

styles! {
    FORM: "/x" Query Form false false;
    FORM_EXPLODED: "/x" Query Form true false;
    RESERVED: "/x" Query Form true true;
    SPACE: "/x" Query SpaceDelimited false false;
    PIPE: "/x" Query PipeDelimited false false;
    DEEP: "/x" Query DeepObject true false;
    JSON_QUERY: "/x" Query Json false false;
    SIMPLE: "/x/{color}/y" Path Simple false false;
    SIMPLE_EXPLODED: "/x/{color}" Path Simple true false;
    LABEL: "/x/{color}" Path Label false false;
    LABEL_EXPLODED: "/x/{color}" Path Label true false;
    MATRIX: "/x/{color}" Path Matrix false false;
    MATRIX_EXPLODED: "/x/{color}" Path Matrix true false;
    JSON_PATH: "/x/{color}" Path Json false false;
    PARTIAL: "/x/{color}.json" Path Simple false false;
    HEADER: "/x" Header Simple false false;
    HEADER_EXPLODED: "/x" Header Simple true false;
    COOKIE: "/x" Cookie Form true false;
}

#[derive(Serialize)]
struct Color {
    #[serde(rename = "R")]
    r: u8,
    #[serde(rename = "G")]
    g: u8,
}

const RG: Color = Color { r: 100, g: 200 };
const LIST: [&str; 2] = ["blue", "black"];

fn client() -> Client {
    Client::builder(&api::SERVICE)
        .transport(respond(|_| unreachable!()))
        .build()
        .unwrap()
}

fn call(client: &Client, operation: &'static Operation) -> Call<(), Undocumented> {
    Call::new(client, operation, reply::empty, reply::none)
}

fn put<V: ParameterValue>(
    client: &Client,
    operation: &'static Operation,
    value: V,
) -> Call<(), Undocumented> {
    let call = call(client, operation);
    match operation.parameters[0].place {
        Place::Path => call.path("color", value),
        Place::Query => call.query("color", &value),
        Place::Header => call.header("color", value),
        Place::Cookie => call.cookie("color", value),
    }
}

/// What is sent of a parameter: the address without its origin, or the header.
fn sent<V: ParameterValue>(operation: &'static Operation, value: V) -> String {
    let client = client();
    match put(&client, operation, value).explain() {
        Err(error) => {
            let text = error.to_string();
            let (_, message) = text.split_once("not sent: ").unwrap();
            message.to_owned()
        }
        Ok(explanation) => match operation.parameters[0].place {
            Place::Header => {
                let mut headers = explanation.headers.into_iter();
                headers
                    .find(|(name, _)| name == "color")
                    .map_or_else(String::new, |(_, text)| text)
            }
            _ => explanation
                .url
                .strip_prefix("https://rack.example/v1")
                .unwrap()
                .to_owned(),
        },
    }
}

static PAIR: Operation = operation(
    "/x/{a}{b}",
    &[
        Parameter {
            name: "a",
            ..styled(Place::Path, Style::Simple, false, false)
        },
        Parameter {
            name: "b",
            ..styled(Place::Path, Style::Simple, false, false)
        },
    ],
);

static LABELS: Operation = operation(
    "/x/{a}/y",
    &[Parameter {
        name: "a",
        ..styled(Place::Path, Style::Label, false, false)
    }],
);

static NEEDED: Operation = operation(
    "/x",
    &[Parameter {
        required: true,
        ..styled(Place::Query, Style::Form, true, false)
    }],
);

#[test]
fn lists_and_objects_are_written_in_their_style() {
    for (operation, list, object) in [
        (&FORM, "/x?color=blue,black", "/x?color=R,100,G,200"),
        (
            &FORM_EXPLODED,
            "/x?color=blue&color=black",
            "/x?R=100&G=200",
        ),
        (
            &SPACE,
            "/x?color=blue%20black",
            "/x?color=R%20100%20G%20200",
        ),
        (&PIPE, "/x?color=blue%7Cblack", "/x?color=R%7C100%7CG%7C200"),
        (
            &DEEP,
            "/x?color=blue&color=black",
            "/x?color%5BR%5D=100&color%5BG%5D=200",
        ),
        (
            &JSON_QUERY,
            "/x?color=%5B%22blue%22%2C%22black%22%5D",
            "/x?color=%7B%22R%22%3A100%2C%22G%22%3A200%7D",
        ),
        (&SIMPLE, "/x/blue,black/y", "/x/R,100,G,200/y"),
        (&SIMPLE_EXPLODED, "/x/blue,black", "/x/R=100,G=200"),
        (&LABEL, "/x/.blue,black", "/x/.R,100,G,200"),
        (&LABEL_EXPLODED, "/x/.blue.black", "/x/.R=100.G=200"),
        (&MATRIX, "/x/;color=blue,black", "/x/;color=R,100,G,200"),
        (
            &MATRIX_EXPLODED,
            "/x/;color=blue;color=black",
            "/x/;R=100;G=200",
        ),
        (
            &JSON_PATH,
            "/x/%5B%22blue%22%2C%22black%22%5D",
            "/x/%7B%22R%22%3A100%2C%22G%22%3A200%7D",
        ),
        (&PARTIAL, "/x/blue,black.json", "/x/R,100,G,200.json"),
        (&HEADER, "blue,black", "R,100,G,200"),
        (&HEADER_EXPLODED, "blue,black", "R=100,G=200"),
    ] {
        let style = operation.parameters[0].style;
        assert_eq!(sent(operation, LIST), list, "{style:?}");
        assert_eq!(sent(operation, RG), object, "{style:?}");
    }
}

#[test]
fn values_cannot_be_taken_for_delimiters() {
    let odd = ["a,b", "c&d=e", "f|g h", "i;j/k?l#m%"];
    assert_eq!(
        sent(&FORM, odd),
        "/x?color=a%2Cb,c%26d%3De,f%7Cg%20h,i%3Bj%2Fk%3Fl%23m%25"
    );
    assert_eq!(sent(&SIMPLE, ["a,b", "c/d"]), "/x/a%2Cb,c%2Fd/y");
    assert_eq!(
        sent(&RESERVED, "a/b?c=d,e:f&g#h+i%j"),
        "/x?color=a/b?c=d,e:f%26g%23h%2Bi%25j"
    );
    let odd: BTreeMap<&str, &str> = [("a=b&", "c=d]")].into();
    assert_eq!(sent(&DEEP, odd), "/x?color%5Ba%3Db%26%5D=c%3Dd%5D");
    // This key would be read as two.
    let odd: BTreeMap<&str, &str> = [("a][b", "c")].into();
    assert!(sent(&DEEP, odd).contains("a key holds a bracket"));
}

#[test]
fn numbers_keep_their_digits() {
    let price: Number = "60.50".parse().unwrap();
    assert_eq!(sent(&FORM, price), "/x?color=60.50");
    let large: Json = "[123456789012345678901234567890, true]".parse().unwrap();
    assert_eq!(
        sent(&FORM, large),
        "/x?color=123456789012345678901234567890,true"
    );
}

#[test]
fn empty_lists_are_left_out_and_null_is_refused() {
    for operation in [&FORM, &FORM_EXPLODED, &SPACE, &DEEP] {
        assert_eq!(sent(operation, [""; 0]), "/x");
    }
    assert_eq!(sent(&FORM, ""), "/x?color=");
    for operation in [
        &FORM,
        &FORM_EXPLODED,
        &SPACE,
        &DEEP,
        &SIMPLE,
        &LABEL,
        &HEADER,
        &COOKIE,
    ] {
        assert_eq!(
            sent(operation, None::<String>),
            "parameter `color`: null cannot be written in this style"
        );
    }
    assert_eq!(
        sent(&FORM, [[1]]),
        "parameter `color`: a nested list or object cannot be written in this style"
    );
    let nested: Json = r#"{"a": {"b": [1, 2]}}"#.parse().unwrap();
    assert_eq!(
        sent(&DEEP, nested),
        "/x?color%5Ba%5D%5Bb%5D=1&color%5Ba%5D%5Bb%5D=2"
    );
}

#[test]
fn path_values_that_would_name_something_else_are_refused() {
    for value in ["", ".", ".."] {
        assert!(
            sent(&SIMPLE, value).starts_with("parameter `color`: "),
            "{value:?}"
        );
    }
    assert_eq!(sent(&SIMPLE, ["", ""]), "/x/,/y");
    assert_eq!(sent(&PARTIAL, "a.."), "/x/a...json");
    let client = client();
    let error = call(&client, &PAIR)
        .path("a", ".")
        .path("b", ".")
        .explain()
        .unwrap_err();
    assert!(error.to_string().contains("out of the path"), "{error}");
    let error = call(&client, &LABELS).path("a", ".").explain().unwrap_err();
    assert!(error.to_string().contains("out of the path"), "{error}");
}

#[test]
fn a_setter_called_twice_sets() {
    let client = client();
    let call = call(&client, &FORM)
        .query("color", "red")
        .query("color", "blue");
    assert!(call.explain().unwrap().url.ends_with("/x?color=blue"));
}

#[test]
fn required_parameters_are_missed_before_sending() {
    let client = client();
    let error = call(&client, &SIMPLE).explain().unwrap_err();
    assert_eq!(
        error.to_string(),
        "styles: POST /x/{color}/y: not sent: parameter `color`: the path needs it, and it was not given"
    );
    let error = call(&client, &NEEDED).explain().unwrap_err();
    assert_eq!(
        error.to_string(),
        "styles: POST /x: not sent: parameter `color` is required"
    );
}

#[test]
fn bodies_of_every_media_type() {
    let client = client();
    let body = |call: Call<(), Undocumented>| {
        let explanation = call.explain().unwrap();
        let media = explanation
            .headers
            .iter()
            .find(|(name, _)| name == "content-type");
        (
            media.unwrap().1.clone(),
            explanation.body.unwrap_or_default(),
        )
    };
    let own = |media: &str, body: &str| (media.to_owned(), body.to_owned());
    let value: Json = r#"{"a": 1.50, "b": ["x y", "&"]}"#.parse().unwrap();
    let call = || call(&client, &FORM);
    assert_eq!(
        body(call().json("application/merge-patch+json", &value)),
        own(
            "application/merge-patch+json",
            r#"{"a": 1.50, "b": ["x y", "&"]}"#
        )
    );
    assert_eq!(
        body(call().form(&value)),
        own("application/x-www-form-urlencoded", "a=1.50&b=x%20y&b=%26")
    );
    assert_eq!(
        body(call().upload("text/plain", "hello")),
        own("text/plain", "hello")
    );
    assert_eq!(
        body(call().upload("application/octet-stream", Bytes::from_static(&[0, 255]))),
        own(
            "application/octet-stream",
            "[2 bytes of application/octet-stream]"
        )
    );
    let parts = Multipart::new().text("a", "b");
    let (media, shown) = body(call().multipart("multipart/form-data", parts));
    assert!(
        media.starts_with("multipart/form-data; boundary="),
        "{media}"
    );
    assert!(shown.ends_with(&format!("bytes of {media}]")), "{shown}");
    let null: Json = r#"{"a": null}"#.parse().unwrap();
    let error = call().form(&null).explain().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`a` is null, which a form cannot say"),
        "{error}"
    );
}

#[test]
fn cookies_share_one_header() {
    let client = client();
    let call = call(&client, &COOKIE)
        .cookie("color", "blue;x")
        .cookie("size", "1");
    // A cookie is as secret as a credential, so only its presence is shown.
    let explanation = call.explain().unwrap();
    assert!(
        explanation
            .headers
            .contains(&("cookie".into(), "[secret]".into()))
    );
}

#[tokio::test]
async fn a_header_that_is_all_cookies_stays_beside_others() {
    let seen = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&seen);
    let client = Client::builder(&api::SERVICE)
        .transport(respond(move |request| {
            noted.store(true, Ordering::Relaxed);
            let cookies: Vec<_> = request.headers().get_all("cookie").iter().collect();
            assert_eq!(cookies, ["a=1; color=blue"]);
            Ok(http::Response::new(Bytes::new()))
        }))
        .build()
        .unwrap();
    let call = call(&client, &COOKIE)
        .header("Cookie", "a=1")
        .cookie("color", "blue");
    let _ = call.send().await;
    assert!(seen.load(Ordering::Relaxed));
}

#[test]
fn elements_do_not_hold_the_delimiter_of_their_style() {
    let holds = |operation, element: &str, shown: &str| {
        let said = sent(operation, vec![element, "c"]);
        let reason = format!("an element holds {shown}, which separates elements in this style");
        assert!(said.contains(&reason), "{}: {said}", operation.path);
        // One element would be read as two.
        assert!(sent(operation, vec![element]).contains(&reason));
    };
    holds(&PIPE, "a|b", "`|`");
    holds(&SPACE, "a b", "a blank");
    holds(&HEADER, "a,b", "`,`");
    holds(&HEADER_EXPLODED, "a,b", "`,`");
    holds(&LABEL_EXPLODED, "a.b", "`.`");
    assert_eq!(sent(&FORM, vec!["a,b", "c"]), "/x?color=a%2Cb,c");
    assert_eq!(sent(&SIMPLE, vec!["a,b", "c"]), "/x/a%2Cb,c/y");
    // A text by itself is not taken apart.
    assert_eq!(sent(&HEADER, "a,b"), "a,b");
    let key = BTreeMap::from([("a=b", "c")]);
    assert!(sent(&HEADER_EXPLODED, key).contains("a key holds `=`"));
}

static JSON_HEADER: Operation =
    operation("/x", &[styled(Place::Header, Style::Json, false, false)]);

#[test]
fn headers_are_ascii_and_keep_their_blanks() {
    assert_eq!(sent(&JSON_HEADER, "é🦀"), r#""\u00e9\ud83e\udd80""#);
    assert!(sent(&HEADER, "é").contains("beyond ASCII"));
    for text in [" a", "a ", "a\t"] {
        assert!(
            sent(&HEADER, text).contains("blanks at its ends"),
            "{text:?}"
        );
    }
    assert_eq!(sent(&HEADER, "a b"), "a b");
}

static NEEDED_HEADER: Operation = operation(
    "/x",
    &[Parameter {
        required: true,
        ..styled(Place::Header, Style::Simple, false, false)
    }],
);

#[test]
fn a_required_list_does_not_vanish() {
    let none: Vec<&str> = Vec::new();
    for operation in [&NEEDED, &NEEDED_HEADER] {
        let said = sent(operation, none.clone());
        assert!(
            said.contains("an empty list or object has no form"),
            "{said}"
        );
    }
    let client = client();
    let explanation = put(&client, &HEADER, none).explain().unwrap();
    assert!(explanation.headers.iter().all(|(name, _)| name != "color"));
}

static FIXED: Operation = operation(
    "/x?color=red",
    &[styled(Place::Query, Style::Form, true, false)],
);

#[test]
fn a_fixed_query_is_sent_unless_its_parameter_is_set() {
    let client = client();
    let url = call(&client, &FIXED).explain().unwrap().url;
    assert!(url.ends_with("/x?color=red"), "{url}");
    assert_eq!(sent(&FIXED, "blue"), "/x?color=blue");
}

#[test]
fn bounds_are_checked_before_sending() {
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .transport(respond(|_| unreachable!()))
        .build()
        .unwrap();
    let request = api::NewVm {
        name: "é".repeat(17),
        size: 30,
        password: None,
    };
    let error = api::create(&client, &request).explain().unwrap_err();
    assert_eq!(
        error.to_string(),
        "createVm: POST /vms: not sent: the body is not valid: /name: 17 characters, at most 16 are \
         allowed; /size: 30 is not a multiple of 20"
    );
}

#[test]
fn a_call_is_told_as_a_command_line() {
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .transport(respond(|_| unreachable!()))
        .build()
        .unwrap();
    let call = api::create(&client, &api::NewVm::named("it's"));
    assert_eq!(
        call.to_curl().unwrap(),
        "curl -X POST 'https://rack.example/v1/vms' -H 'user-agent: rack/1' \
         -H 'accept: application/json' -H 'content-type: application/json' -H 'x-token: [secret]' \
         --data-binary '{\"name\":\"it'\\''s\",\"size\":40}'"
    );
    assert_eq!(
        call.explain().unwrap().to_string(),
        "createVm: POST https://rack.example/v1/vms\n  user-agent: rack/1\n  accept: application/json\n  \
         accept-encoding: gzip\n  content-type: application/json\n  x-token: [secret]\n  \
         {\"name\":\"it's\",\"size\":40}\n  one request, which is never repeated once it may have left"
    );
}
