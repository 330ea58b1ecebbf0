//! The room for exchanges that are over and not judged yet.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Exchanges that may wait for the judge before clients wait for it.
const MOST: usize = 1_000;

/// Counts the exchanges that wait for the judge.
#[derive(Default)]
pub struct Queue {
    waiting: AtomicUsize,
    left: Notify,
}

/// The place of an exchange that waits, given back when it is dropped.
pub struct Place(Arc<Queue>);

impl Queue {
    /// Waits until the judge has caught up.
    pub async fn room(&self) {
        loop {
            // What leaves between the look and the wait is not missed.
            let left = self.left.notified();
            if self.waiting.load(Ordering::Acquire) < MOST {
                return;
            }
            left.await;
        }
    }

    /// A place for one more. There is always one, since what is under way has to end.
    pub fn place(self: &Arc<Self>) -> Place {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Place(Arc::clone(self))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
        self.0.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Queue};
    use std::sync::Arc;
    use std::time::Duration;

    #[test]
    fn clients_wait_where_the_judge_is_far_behind() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let runtime = runtime.expect("a runtime starts");
        let queue = Arc::new(Queue::default());
        let mut places: Vec<_> = (1..MOST).map(|_| queue.place()).collect();
        let moment = Duration::from_millis(20);
        let waits = |queue: &Arc<Queue>| {
            let queue = Arc::clone(queue);
            runtime
                .block_on(async move { tokio::time::timeout(moment, queue.room()).await.is_err() })
        };
        assert!(!waits(&queue));
        places.push(queue.place());
        assert!(waits(&queue));
        places.pop();
        assert!(!waits(&queue));
    }
}
