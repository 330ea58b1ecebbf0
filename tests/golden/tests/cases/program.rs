//! Calls the client of each case, and looks at what it sends and what it makes of a reply.

pub use verbatim_runtime as runtime;

mod clients;

use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use clients::*;
use http::{Request, Response};
use runtime::json::{Json, Map, Maybe, Number, from_str, to_string, validate::check};
use runtime::service::{SecurityKind, Service};
use runtime::transport::respond;
use runtime::{Client, Credential, Error, codegen::Upload};

type Log = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A client whose requests are kept and answered alike.
fn client(
    service: &'static Service,
    status: u16,
    headers: &'static [(&str, &str)],
    body: &'static str,
) -> (Client, Log) {
    let log = Log::default();
    let kept = log.clone();
    let mut builder = Client::builder(service).without_pacing().transport(respond(move |request| {
        kept.lock().unwrap().push(request.clone());
        let mut reply = Response::builder().status(status);
        for (name, value) in headers {
            reply = reply.header(*name, *value);
        }
        Ok(reply.body(Bytes::from_static(body.as_bytes())).unwrap())
    }));
    if service.servers.is_empty() {
        builder = builder.base_url("https://case.example");
    }
    for scheme in service.security {
        if !matches!(scheme.kind, SecurityKind::Other(_)) {
            builder = builder.credential(scheme.name, Credential::token("k"));
        }
    }
    (builder.build().unwrap(), log)
}

fn empty(service: &'static Service) -> (Client, Log) {
    client(service, 204, &[], "")
}

fn json(service: &'static Service, body: &'static str) -> (Client, Log) {
    client(service, 200, &[("content-type", "application/json")], body)
}

/// What the only request was.
#[track_caller]
fn sent(log: &Log) -> Request<Bytes> {
    let mut log = log.lock().unwrap();
    assert_eq!(log.len(), 1, "{log:?}");
    log.remove(0)
}

#[track_caller]
fn target(log: &Log) -> String {
    sent(log).uri().path_and_query().unwrap().to_string()
}

#[track_caller]
fn body(log: &Log) -> String {
    String::from_utf8(sent(log).into_body().to_vec()).unwrap()
}

#[track_caller]
fn refused<T, E>(result: Result<T, Error<E>>, log: &Log) -> String {
    let text = result.err().expect("a refusal").to_string();
    assert!(log.lock().unwrap().is_empty(), "nothing is sent: {text}");
    text
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

async fn c01() {
    use c_01_list_of_objects_in_parts::{Min, SERVICE, types::{O, SendBody}};
    let (client, log) = empty(&SERVICE);
    let two = || vec![O::default().n(1), O::default().n(2)];
    let given = SendBody::default().silent(two()).said(two());
    Min::from_client(client).unwrap().general().send(&given).await.unwrap();
    let body = body(&log);
    for name in ["silent", "said"] {
        assert_eq!(body.matches(&format!("name=\"{name}\"")).count(), 2, "{body}");
    }
    assert!(!body.contains("[{"), "{body}");
}

async fn c02() {
    use c_02_form_json_encoding::{Min, SERVICE, types::{SendBody, SendBodyO}};
    let (client, log) = empty(&SERVICE);
    let given = SendBody::default().o(SendBodyO::default().a(true));
    Min::from_client(client).unwrap().general().send(&given).await.unwrap();
    assert_eq!(body(&log), "o=%7B%22a%22%3Atrue%7D");
}

async fn c03() {
    use c_03_bounds_within_a_parameter::{Min, SERVICE, types::{LookPage, LookWhere}};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    refused(api.look().page(&LookPage::default().size(101)).await, &log);
    refused(api.look().where_(&LookWhere::default().size(101)).await, &log);
    refused(api.look().ids(&[101]).await, &log);
    refused(api.look().ids(&[1, 2, 3]).await, &log);
    refused(api.look().one(101).await, &log);
    api.look().page(&LookPage::default().size(100)).await.unwrap();
    assert_eq!(target(&log), "/a?page%5Bsize%5D=100");
}

async fn c04() {
    use c_04_header_beyond_ascii::{Min, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    let map: Map<String> = from_str("{\"a\":\"é😀\"}").unwrap();
    api.look().x_json(&map).await.unwrap();
    let value = sent(&log).headers()["x-json"].clone();
    assert!(value.as_bytes().is_ascii(), "{value:?}");
    let back: Map<String> = from_str(value.to_str().unwrap()).unwrap();
    assert_eq!(back, map);
    for text in ["é", " a", "a ", "\ta", "a\r\nb", "a\u{7f}"] {
        refused(api.look().x_text(text).await, &log);
    }
}

async fn c05_delimiters() {
    use c_05_delimiter_within_an_element::{Min, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    refused(api.look().p(&texts(&["a|b", "c"])).await, &log);
    refused(api.look().s(&texts(&["a b", "c"])).await, &log);
    refused(api.look().r(&texts(&["a,b", "c"])).await, &log);
    refused(api.look().x_list(&texts(&["a,b", "c"])).await, &log);
    refused(api.label(&texts(&["a.b", "c"])).await, &log);
    api.look().p(&texts(&["a", "b"])).await.unwrap();
    assert_eq!(target(&log), "/a?p=a%7Cb");
}

async fn c05_empty() {
    use c_05_required_list_empty::{Min, SERVICE, types::SendBody};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().a();
    // Refused, or said to be empty; never left out.
    if api.look(&[]).await.is_ok() {
        assert_eq!(target(&log), "/a?q=");
    }
    if api.send(&SendBody::new(Vec::<String>::new())).await.is_ok() {
        assert_eq!(body(&log), "t=");
    }
    api.look(&texts(&["x"])).x_list(&[]).await.unwrap();
    assert!(!sent(&log).headers().contains_key("x-list"));
}

async fn c06() {
    use c_06_docs_of_setters::{Min, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    api.look("x").n("1").n_header("2").n_cookie("3").await.unwrap();
    let request = sent(&log);
    assert_eq!(request.uri().path_and_query().unwrap(), "/a/x?n=1");
    assert_eq!(request.headers()["n"], "2");
    assert_eq!(request.headers()["cookie"], "n=3");
}

async fn c08() {
    use c_08_fixed_query_and_a_parameter::{Min, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    api.look().await.unwrap();
    assert_eq!(target(&log), "/a?beta=true");
    api.look().beta(false).await.unwrap();
    assert_eq!(target(&log), "/a?beta=false");
}

async fn c09() {
    use c_09_kinds_by_const::{Min, SERVICE, types::S};
    let text = r#"{"type":"retry","after":3}"#;
    let (client, _) = json(&SERVICE, text);
    let value = Min::from_client(client).unwrap().general().look().await.unwrap();
    assert!(matches!(value, S::Unknown(_)), "{value:?}");
    assert_eq!(to_string(&value).unwrap(), text);
}

async fn c10() {
    use c_10_shared_type_in_a_request::{Min, SERVICE, types::T};
    let (client, log) = json(&SERVICE, r#"{"text":"c","more":1}"#);
    let api = Min::from_client(client).unwrap().general();
    for text in [r#"{"text":"c"}"#, r#"{"more":1}"#, r#"{"number":3}"#] {
        let given: T = from_str(text).unwrap();
        refused(api.put(&given).await, &log);
    }
    let got = api.put(&T::default().number(1)).await.unwrap();
    assert_eq!(to_string(&got).unwrap(), r#"{"text":"c","more":1}"#);
}

async fn c11() {
    use c_11_enum_beyond_64_bits::{Min, SERVICE, types::T};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    for text in [
        r#"{"big":18446744073709551616}"#,
        r#"{"mixed":null}"#,
        r#"{"mixed":"a"}"#,
        r#"{"few":1.0}"#,
    ] {
        let given: T = from_str(text).unwrap();
        api.put(&given).await.unwrap();
        assert_eq!(body(&log), text);
    }
    for text in [r#"{"big":1}"#, r#"{"mixed":2}"#, r#"{"few":1.5}"#] {
        let given: T = from_str(text).unwrap();
        refused(api.put(&given).await, &log);
        assert_eq!(to_string(&given).unwrap(), text);
    }
}

async fn c12() {
    use c_12_numbers_in_an_enum_of_texts::{Min, SERVICE, types::LookV};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    for text in ["latest", "1.10", "1.9"] {
        let value: LookV = text.parse().unwrap();
        api.look().v(value).await.unwrap();
        assert_eq!(target(&log), format!("/a?v={text}"));
    }
}

async fn c13() {
    use c_13_type_beside_a_reference::types::{N, T, TRequired};
    // One type for both, which the structure itself shows.
    let value = T::new(TRequired { a: N::default(), b: N::default() });
    assert_eq!(to_string(&value).unwrap(), r#"{"a":{},"b":{}}"#);
    from_str::<T>(r#"{"a":null,"b":{}}"#).unwrap_err();
}

async fn c14() {
    use c_14_member_of_words::types::P;
    let value: P = from_str(r#"{"friend":{"id":"1"},"other":{"id":"2"}}"#).unwrap();
    let both: [&Box<P>; 2] = [value.friend.as_ref().unwrap(), value.other.as_ref().unwrap()];
    assert_eq!(both[1].id, Maybe::Value("2".to_owned()));
}

async fn c16() {
    use c_16_tag_of_a_request::{Min, SERVICE, types::{Card, CardKind, Cash, CashKind, P}};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    api.pay(&P::from(Card::new(CardKind::Card))).await.unwrap();
    assert_eq!(body(&log), r#"{"kind":"card"}"#);
    api.pay(&P::from(Cash::new(CashKind::Cash))).await.unwrap();
    assert_eq!(body(&log), r#"{"kind":"cash"}"#);
    from_str::<Card>(r#"{"kind":"cash"}"#).unwrap_err();
}

async fn c17_bounds() {
    use c_17_bounds_of_the_rest::{Min, SERVICE, types::*};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    let long = || Map::from_iter([("k".to_owned(), "long".to_owned())]);
    let whole = |text: &str| -> Map<String> { from_str(text).unwrap() };
    let o = || O::default().t("long");
    refused(api.rest(&from_str::<RestBody>(r#"{"x":"long"}"#).unwrap()).await, &log);
    refused(api.rest(&RestBody::default().id("long")).await, &log);
    refused(api.map(&MapBody::default().m(long())).await, &log);
    refused(api.map(&MapBody::default().l(texts(&["long"]))).await, &log);
    refused(api.map(&from_str::<MapBody>(r#"{"o":{"k":{"t":"long"}}}"#).unwrap()).await, &log);
    refused(api.whole(&whole(r#"{"k":"long"}"#)).await, &log);
    refused(api.list(&texts(&["long"])).await, &log);
    refused(api.list(&texts(&["a", "b"])).await, &log);
    refused(api.form(&FormBody::default().a("long")).await, &log);
    refused(api.form(&FormBody::default().o(o())).await, &log);
    refused(api.parts(&PartsBody::default().a("long")).await, &log);
    refused(api.parts(&PartsBody::default().o(o())).await, &log);
}

async fn c17_names() {
    use c_17_rules_for_names::{Min, SERVICE, types::*};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    fn of<T: serde::de::DeserializeOwned>(text: &str) -> T {
        from_str(text).unwrap()
    }
    refused(api.rest(&of(r#"{"x":"long"}"#)).await, &log);
    refused(api.patterns(&of(r#"{"id":"a","x-a":"text"}"#)).await, &log);
    refused(api.names(&of(r#"{"UPPER":"a"}"#)).await, &log);
    refused(api.both(&of(r#"{"foo":1}"#)).await, &log);
    from_str::<BothBody>(r#"{"x-a":"text"}"#).unwrap_err();
    from_str::<ClosedBody>(r#"{"x":1}"#).unwrap_err();
    from_str::<ChoiceBody>(r#"{"m":"1","x":1}"#).unwrap_err();
    for text in [r#"{"id":"a","x-a":1}"#, r#"{"id":"a","foo":"b"}"#] {
        api.patterns(&of(text)).await.unwrap();
        assert_eq!(body(&log), text);
    }
}

async fn c19() {
    let text = r#"{"t":"09:30:00Z"}"#;
    let (client, _) = json(&c_19_time_by_jiff::SERVICE, text);
    let api = c_19_time_by_jiff::Min::from_client(client).unwrap().general();
    assert_eq!(to_string(&api.look().await.unwrap()).unwrap(), text);
    let text = r#"{"d":"P1Y2M"}"#;
    let (client, _) = json(&c_19_duration_by_jiff::SERVICE, text);
    let api = c_19_duration_by_jiff::Min::from_client(client).unwrap().general();
    let (one, two) = (api.look().await.unwrap(), api.look().await.unwrap());
    assert_eq!(one, two);
    assert_eq!(to_string(&one).unwrap(), text);
}

async fn c20_cookie() {
    use c_20_cookie_of_both::{Min, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    if api.look().cookie("a=1").await.is_ok() {
        let cookie = sent(&log).headers()["cookie"].clone();
        let mut pairs: Vec<_> = cookie.to_str().unwrap().split("; ").collect();
        pairs.sort_unstable();
        assert_eq!(pairs, ["a=1", "sid=k"]);
    }
}

async fn c21() {
    use c_21_server_of_an_operation::SERVICE;
    let log = Log::default();
    let kept = log.clone();
    let client = Client::builder(&SERVICE)
        .credential("K", Credential::token("k"))
        .server(1)
        .server_variable("region", "eu")
        .transport(respond(move |request| {
            kept.lock().unwrap().push(request.clone());
            Ok(Response::builder().status(204).body(Bytes::new()).unwrap())
        }))
        .build()
        .unwrap();
    let api = c_21_server_of_an_operation::Min::from_client(client).unwrap().general();
    api.here().await.unwrap();
    assert_eq!(sent(&log).uri(), "https://eu.min.example/a");
    api.there().await.unwrap();
    assert_eq!(sent(&log).uri(), "https://other.example/b");
}

async fn c22_range() {
    use c_22_media_range::{Min, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap().general();
    let png = Upload::from(&b"png"[..]).content_type("image/png");
    api.put(png).await.unwrap();
    assert_eq!(sent(&log).headers()["content-type"], "image/png");
    refused(api.put(&b"png"[..]).await, &log);
}

async fn c22_bodiless() {
    use c_22_post_without_a_body::{Min, SERVICE};
    // As it goes over the wire: the transport writes this header.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        String::from_utf8(head).unwrap().to_lowercase()
    });
    let client = Client::builder(&SERVICE).base_url(&address).build().unwrap();
    Min::from_client(client).unwrap().general().begin().await.unwrap();
    let head = server.join().unwrap();
    assert!(head.contains("\r\ncontent-length: 0\r\n"), "{head}");
}

async fn c23_no_content() {
    use c_23_content_at_204::{Min, SERVICE};
    let (client, _) = empty(&SERVICE);
    Min::from_client(client).unwrap().general().drop().await.unwrap();
}

async fn c23_other_media() {
    use c_23_json_or_something_else::{Min, SERVICE};
    for (headers, text) in [
        (&[("content-type", "application/pdf")][..], "%PDF"),
        (&[("content-type", "text/csv")][..], "a,b"),
        (&[("content-type", "application/json")][..], "{\"n\":1}"),
    ] {
        let headers: &'static [(&str, &str)] = headers;
        let (client, log) = client(&SERVICE, 200, headers, text);
        Min::from_client(client).unwrap().general().look().await.unwrap();
        let accept = sent(&log).headers()["accept"].to_str().unwrap().to_owned();
        for media in ["application/json", "application/pdf", "text/csv"] {
            assert!(accept.contains(media), "{accept}");
        }
    }
}

async fn c23_parameter() {
    use c_23_told_apart_by_a_parameter::{Min, SERVICE};
    let (client, _) = client(
        &SERVICE,
        200,
        &[("content-type", "application/json; charset=utf-8; Version=\"1\"")],
        r#"{"t":"x"}"#,
    );
    let got = Min::from_client(client).unwrap().general().look().await.unwrap();
    assert!(format!("{got:?}").contains("t: \"x\""), "{got:?}");
}

async fn c24() {
    use c_24_same_name_three_times::{Min, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Min::from_client(client).unwrap();
    api.one().look().await.unwrap();
    assert_eq!(target(&log), "/a");
    api.two().look().await.unwrap();
    assert_eq!(target(&log), "/b");
    api.two().get_c().await.unwrap();
    assert_eq!(target(&log), "/c");
}

async fn c30() {
    use c_30_items_without_a_type::{Min, SERVICE};
    let text = r#"{"channel":{"id":"C1"}}"#;
    let (client, _) = json(&SERVICE, text);
    let got = Min::from_client(client).unwrap().general().channel().await.unwrap();
    assert_eq!(to_string(&got).unwrap(), text);
}

/// What every crate names of its runtime.
async fn re_exports() {
    use runtime::json::Nullable;
    use runtime::{FilePart, json::SecretJson};
    let _: Option<(FilePart, Nullable<Number>, SecretJson, Json)> = None;
    check(&c_10_shared_type_in_a_request::types::T::default()).map_err(|it| it.to_string()).unwrap();
}

macro_rules! cases {
    ($($name:ident)*) => {
        [$((stringify!($name), (|| Box::pin($name())) as fn() -> std::pin::Pin<Box<dyn Future<Output = ()>>>)),*]
    };
}

fn main() {
    let cases = cases! {
        c01 c02 c03 c04 c05_delimiters c05_empty c06 c08 c09 c10 c11 c12 c13 c14 c16 c17_bounds c17_names c19
        c20_cookie c21 c22_range c22_bodiless c23_no_content c23_other_media c23_parameter c24 c30 re_exports
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut failed = 0;
    for (name, case) in cases {
        if catch_unwind(AssertUnwindSafe(|| runtime.block_on(case()))).is_err() {
            eprintln!("case {name} fails");
            failed += 1;
        }
    }
    assert_eq!(failed, 0);
}
