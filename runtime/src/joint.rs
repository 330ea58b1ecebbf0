//! One piece of work that several wait for, driven by whichever of them is polled.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::task::{Context, Poll, Wake, Waker};

/// A handle of shared work; each clone is a future of its result. The work goes on as long as one
/// of them is polled, whatever becomes of the others, and is dropped with the last.
pub(crate) struct Joint<T> {
    shared: Arc<Shared<T>>,
    number: u64,
}

struct Shared<T> {
    /// Held while the work is polled, and never across a wait.
    work: Mutex<Work<T>>,
    wakers: Arc<Wakers>,
    numbers: AtomicU64,
}

enum Work<T> {
    Going(Pin<Box<dyn Future<Output = T> + Send>>),
    Done(T),
    /// It panicked.
    Lost,
}

#[derive(Default)]
struct Wakers(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    /// Everyone who waits for the work.
    all: BTreeMap<u64, Waker>,
    /// Those who came while another was polling it, and who must look again.
    missed: BTreeMap<u64, Waker>,
}

impl Wakers {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_missed(&self) {
        let missed = std::mem::take(&mut self.lock().missed);
        missed.into_values().for_each(Waker::wake);
    }
}

impl Wake for Wakers {
    fn wake(self: Arc<Self>) {
        let all = std::mem::take(&mut self.lock().all);
        all.into_values().for_each(Waker::wake);
    }
}

impl<T> Joint<T> {
    pub(crate) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        let shared = Shared {
            work: Mutex::new(Work::Going(Box::pin(work))),
            wakers: Arc::default(),
            numbers: AtomicU64::new(0),
        };
        Self {
            shared: Arc::new(shared),
            number: 0,
        }
    }

    /// Whether both stand for the same work.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl<T> Clone for Joint<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            number: 1 + self.shared.numbers.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl<T> Drop for Joint<T> {
    fn drop(&mut self) {
        let mut waiting = self.shared.wakers.lock();
        waiting.all.remove(&self.number);
        waiting.missed.remove(&self.number);
    }
}

impl<T: Clone> Future for Joint<Option<T>> {
    type Output = Option<T>;

    /// None also where the work panicked, for those who did not drive it then.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let Shared { work, wakers, .. } = &*self.shared;
        {
            // Before the attempt, so that whoever holds the work finds this waker afterwards.
            let mut waiting = wakers.lock();
            waiting.all.insert(self.number, context.waker().clone());
            waiting.missed.insert(self.number, context.waker().clone());
        }
        let mut guard = match work.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Poll::Pending,
        };
        wakers.lock().missed.remove(&self.number);
        // What is polled comes back unless it panics.
        let outcome = match std::mem::replace(&mut *guard, Work::Lost) {
            Work::Going(mut future) => {
                let waker = Waker::from(Arc::clone(wakers));
                match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                    Poll::Pending => {
                        *guard = Work::Going(future);
                        Poll::Pending
                    }
                    Poll::Ready(value) => {
                        *guard = Work::Done(value.clone());
                        Poll::Ready(value)
                    }
                }
            }
            Work::Done(value) => {
                *guard = Work::Done(value.clone());
                Poll::Ready(value)
            }
            Work::Lost => Poll::Ready(None),
        };
        drop(guard);
        if outcome.is_ready() {
            Arc::clone(wakers).wake();
        }
        wakers.wake_missed();
        outcome
    }
}
