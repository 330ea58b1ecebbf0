//! The transport of browsers and workers, over `fetch`, and their clock.
//!
//! What JavaScript gives cannot move between threads, and the futures of a client can. So a task of the
//! event loop does the work, and a channel carries what came of it. The task ends with the future.

use super::{BoxFuture, Gather, Limits, Stage, Transport, TransportError, TransportErrorKind};
use crate::time::{Clock, Moment};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::oneshot;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect,
};

/// The transport over `fetch`, of browsers and workers.
///
/// It sends no cookies, follows no redirects and keeps no cache. What may be asked, and which headers of
/// a reply are seen, is decided by CORS. Where `fetch` refuses, it does not say how far the request
/// came, so it counts as sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct FetchTransport;

impl Transport for FetchTransport {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        let (answer, limits) = (oneshot::channel(), *limits);
        let (sender, receiver) = answer;
        spawn_local(answered(request, limits, sender));
        Box::pin(async move {
            let gone = || broken(Stage::Sent, "the event loop is shutting down");
            receiver.await.unwrap_or_else(|_| Err(gone()))
        })
    }
}

type Answer = Result<Response<Bytes>, TransportError>;

/// Fetches, and hands the answer over; breaks off where nobody waits for it any more.
async fn answered(request: Request<Bytes>, limits: Limits, mut sender: oneshot::Sender<Answer>) {
    let Ok(controller) = AbortController::new() else {
        let _ = sender.send(Err(unsupported("`AbortController`")));
        return;
    };
    let mut fetched = Box::pin(fetched(request, limits, &controller));
    let answer = std::future::poll_fn(|context| {
        if sender.poll_closed(context).is_ready() {
            return std::task::Poll::Ready(None);
        }
        fetched.as_mut().poll(context).map(Some)
    });
    let answer = answer.await;
    drop(fetched);
    match answer {
        Some(answer) => drop(sender.send(answer)),
        None => controller.abort(),
    }
}

async fn fetched(request: Request<Bytes>, limits: Limits, controller: &AbortController) -> Answer {
    let (head, body) = request.into_parts();
    let init = RequestInit::new();
    init.set_method(head.method.as_str());
    init.set_redirect(RequestRedirect::Manual);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    init.set_headers(&headers(&head.headers)?);
    if !body.is_empty() {
        init.set_body(&Uint8Array::from(&body[..]).into());
    }
    let fetch = global_function("fetch")?;
    let address = JsValue::from_str(&head.uri.to_string());
    let called = fetch.call2(&JsValue::UNDEFINED, &address, &init);
    let promise = called.map_err(|_| unsupported("such a request"))?;
    let came = JsFuture::from(Promise::from(promise)).await;
    let reply = came.map_err(|error| broken(Stage::Sent, &message(&error)))?;
    let reply: web_sys::Response = reply.unchecked_into();
    if reply.type_() == web_sys::ResponseType::Opaqueredirect {
        return Err(broken(
            Stage::Replying(302),
            "the server redirects, which `fetch` hides",
        ));
    }
    let code = reply.status();
    let mut answer = Response::new(body_of(&reply, limits.body).await?);
    *answer.status_mut() = StatusCode::from_u16(code)
        .map_err(|_| broken(Stage::Sent, "the reply has no status that HTTP knows"))?;
    *answer.headers_mut() = headers_of(&reply);
    Ok(answer)
}

/// Pairs of names and values. `User-Agent` and `Accept-Encoding` are the browser's.
fn headers(headers: &HeaderMap) -> Result<JsValue, TransportError> {
    let pairs = Array::new();
    for (name, value) in headers {
        if name == http::header::USER_AGENT || name == http::header::ACCEPT_ENCODING {
            continue;
        }
        let value = value
            .to_str()
            .map_err(|_| unsupported("a header beyond ASCII"))?;
        pairs.push(&Array::of2(&name.as_str().into(), &value.into()));
    }
    Ok(pairs.into())
}

/// The headers that the browser lets through, decoded as the body is.
fn headers_of(reply: &web_sys::Response) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let entries = js_sys::try_iter(&reply.headers()).ok().flatten();
    for entry in entries.into_iter().flatten().flatten() {
        let pair: Array = entry.unchecked_into();
        let (name, value) = (pair.get(0).as_string(), pair.get(1).as_string());
        let (Some(name), Some(value)) = (name, value) else {
            continue;
        };
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            // The browser has decompressed what this spoke of.
            if name != http::header::CONTENT_ENCODING && name != http::header::CONTENT_LENGTH {
                headers.append(name, value);
            }
        }
    }
    headers
}

/// The body, piece by piece, within the limit.
async fn body_of(reply: &web_sys::Response, limit: usize) -> Result<Bytes, TransportError> {
    let code = reply.status();
    let mut gather = Gather::new(code, None, limit)?;
    let Some(stream) = reply.body() else {
        return Ok(gather.finish());
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let piece = JsFuture::from(reader.read()).await;
        let piece = piece.map_err(|error| broken(Stage::Replying(code), &message(&error)))?;
        let member = |name: &str| Reflect::get(&piece, &name.into()).unwrap_or_default();
        if member("done").is_truthy() {
            return Ok(gather.finish());
        }
        let bytes: Uint8Array = member("value").unchecked_into();
        gather.push(bytes.to_vec().into())?;
    }
}

fn global_function(name: &str) -> Result<Function, TransportError> {
    let found = Reflect::get(&js_sys::global(), &name.into());
    let found = found.ok().and_then(|found| found.dyn_into().ok());
    found.ok_or_else(|| unsupported(&format!("`{name}`")))
}

/// What JavaScript says of an error.
fn message(error: &JsValue) -> String {
    let error: Option<&js_sys::Error> = error.dyn_ref();
    let text = error.map(|error| String::from(error.message()));
    text.unwrap_or_else(|| "`fetch` failed".to_owned())
}

fn broken(stage: Stage, message: &str) -> TransportError {
    TransportError::new(stage, TransportErrorKind::Other, message)
}

fn unsupported(what: &str) -> TransportError {
    let message = format!("this environment has no {what}");
    TransportError::new(Stage::NotSent, TransportErrorKind::Unsupported, message)
}

/// The clock of browsers and workers.
#[derive(Debug, Default)]
pub struct FetchClock {
    /// The latest moment that was told, in milliseconds: the date may be set back.
    latest: AtomicU64,
}

impl Clock for FetchClock {
    fn now(&self) -> Moment {
        let since = self.wall().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        let before = self.latest.fetch_max(now, Ordering::Relaxed);
        Moment::after_origin(Duration::from_millis(now.max(before)))
    }

    fn wall(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs_f64(js_sys::Date::now().max(0.0) / 1000.0)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let (mut sender, receiver) = oneshot::channel::<()>();
        // A delay is a number of 31 bits.
        let millis = i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
        spawn_local(async move {
            let mut timer = JsValue::UNDEFINED;
            let wait = Promise::new(&mut |resolve, _| {
                if let Ok(set) = global_function("setTimeout") {
                    let set = set.call2(&JsValue::UNDEFINED, &resolve, &millis.into());
                    timer = set.unwrap_or_default();
                }
            });
            let mut wait = Box::pin(JsFuture::from(wait));
            let is_over = std::future::poll_fn(|context| {
                if sender.poll_closed(context).is_ready() {
                    return std::task::Poll::Ready(false);
                }
                wait.as_mut().poll(context).map(|_| true)
            });
            if is_over.await {
                let _ = sender.send(());
            } else if let Ok(clear) = global_function("clearTimeout") {
                // A timer that nobody waits for keeps node from ending.
                let _ = clear.call1(&JsValue::UNDEFINED, &timer);
            }
        });
        Box::pin(async move {
            let _ = receiver.await;
        })
    }
}
