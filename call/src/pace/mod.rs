//! The pace of one account, shared between the processes that use it.
//!
//! Each process keeps the documented rate by itself. For commands in a loop that is not enough, since
//! every one of them begins with an empty record; so the record is a file that all of them keep.

mod record;

use crate::table::RateLimit;
use ::http::{Request, Response};
use bytes::Bytes;
use record::{Book, Turn};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};
use verbatim_runtime::Upload;
use verbatim_runtime::policy::QuotaHeaders;
use verbatim_runtime::service;
use verbatim_runtime::transport::{BodyStream, BoxFuture, Limits, Transport, TransportError};

/// What is shorter is waited for without a word.
const TOLD: Duration = Duration::from_millis(300);

/// The pace of an account.
pub struct Pace {
    rate: service::RateLimit,
    /// Where the record is, once the account is known.
    book: OnceLock<Book>,
    /// A place that was taken before its request is made.
    taken: Mutex<Option<u64>>,
    tell: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Pace {
    /// Of an account of a service with this rate.
    pub fn new(rate: &RateLimit, tell: Arc<dyn Fn(&str) + Send + Sync>) -> Self {
        let kept = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
        Self {
            rate: service::RateLimit {
                requests: rate.requests.max(1),
                window_seconds: rate.window_seconds.max(1),
                limit_header: kept(&rate.limit_header),
                remaining_header: kept(&rate.remaining_header),
                reset_header: kept(&rate.reset_header),
            },
            book: OnceLock::new(),
            taken: Mutex::new(None),
            tell,
        }
    }

    /// Begins to keep the record of an account: of an address, and of the credentials sent to it.
    pub fn open(&self, cache: &Path, address: &str, credentials: &[&str]) {
        let mut hash = Sha256::new();
        for part in [address].iter().chain(credentials) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut name = String::new();
        for byte in hash.finalize().iter().take(16) {
            let _ = write!(name, "{byte:02x}");
        }
        let file = cache.join("verbatim/pace").join(name);
        // An account stays the one it is.
        let _ = self.book.set(Book::new(file));
    }

    /// Takes a place for the next request, and waits for it before anything is sent: no time limit of
    /// a call has begun.
    pub fn wait(&self) {
        loop {
            match self.turn() {
                Turn::Go(number) => return self.keep(number),
                Turn::Wait(time) => {
                    self.told(time);
                    std::thread::sleep(time);
                }
            }
        }
    }

    /// Takes a place if there is one now.
    #[cfg(feature = "complete")]
    pub fn is_free(&self) -> bool {
        match self.turn() {
            Turn::Go(number) => {
                self.keep(number);
                true
            }
            Turn::Wait(_) => false,
        }
    }

    fn keep(&self, number: Option<u64>) {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = number;
    }

    fn turn(&self) -> Turn {
        let window = Duration::from_secs(self.rate.window_seconds.into());
        let limit = self.rate.requests as usize;
        match self.book.get() {
            Some(book) => book.enter(limit, window, SystemTime::now()),
            None => Turn::Go(None),
        }
    }

    fn told(&self, time: Duration) {
        if time >= TOLD {
            let service::RateLimit {
                requests,
                window_seconds,
                ..
            } = self.rate;
            let seconds = time.as_secs_f64().ceil();
            (self.tell)(&format!(
                "waiting {seconds} s: the API takes {requests} requests in {window_seconds} s, and they \
                 are used up"
            ));
        }
    }

    async fn enter(&self) -> Option<u64> {
        let taken = self
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if taken.is_some() {
            return taken;
        }
        loop {
            match self.turn() {
                Turn::Go(number) => return number,
                Turn::Wait(time) => {
                    self.told(time);
                    tokio::time::sleep(time).await;
                }
            }
        }
    }

    /// Notes that a request was answered, and what its reply says of the quota.
    fn answered<T>(&self, number: Option<u64>, reply: Option<&Response<T>>) {
        let (Some(book), Some(number)) = (self.book.get(), number) else {
            return;
        };
        let now = SystemTime::now();
        let quota = reply.map(|it| QuotaHeaders::read(&self.rate, it.headers(), now));
        let window = Duration::from_secs(self.rate.window_seconds.into());
        book.answered(number, quota, window, now);
    }
}

impl Drop for Pace {
    fn drop(&mut self) {
        let taken = self
            .taken
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // Nothing was sent in its place.
        if let (Some(book), Some(number)) = (self.book.get(), taken) {
            book.withdraw(number);
        }
    }
}

/// A transport at the pace of an account.
pub struct Paced {
    /// Carries the requests.
    pub inner: Arc<dyn Transport>,
    /// The pace.
    pub pace: Arc<Pace>,
}

impl Transport for Paced {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let number = self.pace.enter().await;
            let reply = self.inner.send(request, limits).await;
            self.pace.answered(number, reply.as_ref().ok());
            reply
        })
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move {
            let number = self.pace.enter().await;
            let reply = self.inner.open(request, limits).await;
            self.pace.answered(number, reply.as_ref().ok());
            reply
        })
    }

    fn upload<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let number = self.pace.enter().await;
            let reply = self.inner.upload(request, limits).await;
            self.pace.answered(number, reply.as_ref().ok());
            reply
        })
    }

    fn upload_and_open<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move {
            let number = self.pace.enter().await;
            let reply = self.inner.upload_and_open(request, limits).await;
            self.pace.answered(number, reply.as_ref().ok());
            reply
        })
    }
}
