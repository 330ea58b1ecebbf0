//! How a live run reaches the server.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use crate::exchange::{Request, Response};

/// Sends requests. Every function from a request to a future of its response is one, so that a
/// server in the same process can be judged without a port.
pub trait Transport {
    /// Sends one request and gives its response. Redirects are not followed.
    ///
    /// # Errors
    /// Where no complete response came.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>>;

    /// Sends one request as [`send`](Self::send) does, and gives up after a time. A transport that
    /// cannot give up answers as late as the server does.
    ///
    /// # Errors
    /// Where no complete response came in time.
    fn send_within(
        &self,
        request: Request,
        _time: Duration,
    ) -> impl Future<Output = Result<Response, TransportError>> {
        self.send(request)
    }

    /// Waits, to be polite. The default needs no particular runtime.
    fn pause(&self, time: Duration) -> impl Future<Output = ()> {
        Pause::new(time)
    }
}

impl<F, R> Transport for F
where
    F: Fn(Request) -> R,
    R: Future<Output = Result<Response, TransportError>>,
{
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>> {
        self(request)
    }
}

/// Why no complete response came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// One sentence.
    pub message: String,
    /// Whether nobody listens at the address at all.
    pub unreachable: bool,
}

impl TransportError {
    /// An error of one request.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            unreachable: false,
        }
    }

    /// An error that every request will meet.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            unreachable: true,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for TransportError {}

/// Waits on a thread of its own.
struct Pause {
    time: Duration,
    state: Option<Arc<Mutex<Ringing>>>,
}

#[derive(Default)]
struct Ringing {
    done: bool,
    waker: Option<Waker>,
}

impl Pause {
    fn new(time: Duration) -> Self {
        Self { time, state: None }
    }
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let time = self.time;
        if time.is_zero() {
            return Poll::Ready(());
        }
        let state = self.state.get_or_insert_with(|| {
            let state = Arc::new(Mutex::new(Ringing::default()));
            let bell = Arc::clone(&state);
            thread::spawn(move || {
                thread::sleep(time);
                ring(&bell);
            });
            state
        });
        let mut state = state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if state.done {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

fn ring(bell: &Mutex<Ringing>) {
    let mut state = bell
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    state.done = true;
    if let Some(waker) = state.waker.take() {
        waker.wake();
    }
}

/// Wakes the thread that waits for a future.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future to its end on this thread, for callers without an asynchronous runtime.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_pause_ends() {
        let start = Instant::now();
        block_on(async {
            Pause::new(Duration::ZERO).await;
            Pause::new(Duration::from_millis(20)).await;
        });
        assert!(start.elapsed() >= Duration::from_millis(20));
    }
}
