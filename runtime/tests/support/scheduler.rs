//! A clock and an executor under the test's own command: time passes only when nothing else is left
//! to do, a task is polled only when it was woken, and what takes too many steps is an error.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use verbatim_runtime::time::{Clock, Moment};
use verbatim_runtime::transport::BoxFuture;

/// Polls in one run, after which something spins.
const STEPS: usize = 50_000;

#[derive(Clone, Default)]
pub struct World(Arc<Mutex<Time>>);

#[derive(Default)]
struct Time {
    now: Duration,
    timers: Vec<(Duration, Waker)>,
}

impl World {
    pub fn now(&self) -> Duration {
        self.0.lock().unwrap().now
    }

    /// Goes to the next timer; whether there is one.
    fn advance(&self) -> bool {
        let mut time = self.0.lock().unwrap();
        let Some(next) = time.timers.iter().map(|(due, _)| *due).min() else {
            return false;
        };
        time.now = time.now.max(next);
        let now = time.now;
        let (due, left) = std::mem::take(&mut time.timers)
            .into_iter()
            .partition(|(due, _)| *due <= now);
        time.timers = left;
        drop(time);
        let due: Vec<(Duration, Waker)> = due;
        for (_, waker) in due {
            waker.wake();
        }
        true
    }
}

impl Clock for World {
    fn now(&self) -> Moment {
        Moment::after_origin(World::now(self))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        let due = World::now(self) + duration;
        Box::pin(std::future::poll_fn(move |context| {
            let mut time = self.0.lock().unwrap();
            if time.now >= due {
                return Poll::Ready(());
            }
            time.timers.push((due, context.waker().clone()));
            Poll::Pending
        }))
    }
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

pub type Work = Pin<Box<dyn Future<Output = ()>>>;

/// A future with its own waker.
pub struct Task {
    work: Option<Work>,
    woken: Arc<Flag>,
    pub polls: usize,
}

impl Task {
    pub fn new(work: Work) -> Self {
        Self {
            work: Some(work),
            woken: Arc::new(Flag(AtomicBool::new(true))),
            polls: 0,
        }
    }

    pub fn is_over(&self) -> bool {
        self.work.is_none()
    }

    /// Polls it if it was woken; whether it was.
    fn step(&mut self) -> bool {
        let Some(work) = &mut self.work else {
            return false;
        };
        if !self.woken.0.swap(false, Ordering::SeqCst) {
            return false;
        }
        self.polls += 1;
        let waker = Waker::from(Arc::clone(&self.woken));
        if work
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready()
        {
            self.work = None;
        }
        true
    }
}

/// Runs tasks until each is over or was polled so often.
pub fn run(world: &World, tasks: &mut [Task], polls: usize) -> Result<(), String> {
    for _ in 0..STEPS {
        let mut active = tasks
            .iter_mut()
            .filter(|task| !task.is_over() && task.polls < polls)
            .peekable();
        if active.peek().is_none() {
            return Ok(());
        }
        let mut stepped = false;
        for task in active {
            stepped |= task.step();
        }
        if !stepped && !world.advance() {
            let waiting = tasks.iter().map(Task::is_over).collect::<Vec<_>>();
            return Err(format!("nothing wakes the rest; over are {waiting:?}"));
        }
    }
    Err(format!("more than {STEPS} steps at {:?}", world.now()))
}
