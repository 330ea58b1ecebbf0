use crate::time::{Clock, Moment};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// The result of a future, unless the moment comes first.
pub(crate) async fn until<T>(
    clock: &dyn Clock,
    moment: Option<Moment>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let Some(moment) = moment else {
        return Some(future.await);
    };
    let mut future = pin!(future);
    let mut timer = None;
    poll_fn(|context| {
        if let Poll::Ready(value) = future.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        // Most futures that are ready at once never need the timer.
        let timer = timer.get_or_insert_with(|| clock.sleep(moment.since(clock.now())));
        timer.as_mut().poll(context).map(|()| None)
    })
    .await
}
