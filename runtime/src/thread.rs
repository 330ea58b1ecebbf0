//! Time and futures on the calling thread.

use crate::future::BoxFuture;
use crate::time::{Clock, Moment};
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// A clock whose timers wake the thread that blocks on a call.
#[derive(Debug, Clone, Copy)]
pub struct ThreadClock {
    origin: Instant,
}

impl ThreadClock {
    /// A clock whose origin is now.
    pub fn new() -> Self {
        Self {
            origin: Instant::now(),
        }
    }
}

impl Default for ThreadClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ThreadClock {
    fn now(&self) -> Moment {
        Moment::after_origin(self.origin.elapsed())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(Sleep {
            due: Instant::now() + duration,
        })
    }
}

thread_local! {
    /// The earliest moment at which the blocked thread must look again; none where no thread blocks.
    static ALARM: Cell<Option<Alarm>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
enum Alarm {
    Never,
    At(Instant),
}

struct Sleep {
    due: Instant,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        let now = Instant::now();
        if now >= self.due {
            return Poll::Ready(());
        }
        match ALARM.get() {
            // Outside of `block_on` nobody would wake us, so the thread sleeps here.
            None => {
                thread::sleep(self.due - now);
                Poll::Ready(())
            }
            Some(Alarm::Never) => {
                ALARM.set(Some(Alarm::At(self.due)));
                Poll::Pending
            }
            Some(Alarm::At(earliest)) => {
                ALARM.set(Some(Alarm::At(earliest.min(self.due))));
                Poll::Pending
            }
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Puts the alarm of an outer `block_on` back, also when a panic passes.
struct Outer(Option<Alarm>);

impl Drop for Outer {
    fn drop(&mut self) {
        ALARM.set(self.0);
    }
}

/// Runs a future on this thread.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let _outer = Outer(ALARM.get());
    loop {
        ALARM.set(Some(Alarm::Never));
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        match ALARM.get() {
            Some(Alarm::At(due)) => {
                thread::park_timeout(due.saturating_duration_since(Instant::now()));
            }
            _ => thread::park(),
        }
    }
}
