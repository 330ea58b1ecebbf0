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

/// One exchange that waits; it counts until it is dropped.
pub struct Waiting(Arc<Queue>);

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

    /// Counts one more. It is never refused, since what is under way has to end.
    pub fn enter(self: &Arc<Self>) -> Waiting {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Waiting(Arc::clone(self))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // Clients wait only while there are that many: the one that leaves first wakes them all.
        if self.0.waiting.fetch_sub(1, Ordering::AcqRel) == MOST {
            self.0.left.notify_waiters();
        }
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
        let mut places: Vec<_> = (1..MOST).map(|_| queue.enter()).collect();
        let moment = Duration::from_millis(20);
        let waits = |queue: &Arc<Queue>| {
            let queue = Arc::clone(queue);
            runtime
                .block_on(async move { tokio::time::timeout(moment, queue.room()).await.is_err() })
        };
        assert!(!waits(&queue));
        places.push(queue.enter());
        assert!(waits(&queue));
        places.pop();
        assert!(!waits(&queue));
    }
}
