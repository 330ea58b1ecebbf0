//! A line that tells that work goes on.

use std::io::{IsTerminal as _, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// After how long a person wants to know, and how often from then on.
const PAUSE: Duration = Duration::from_secs(1);

/// Does a work; while it takes longer than a second, a line on the terminal says so. Nothing is said where nobody
/// looks on.
pub fn during<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let mut out = std::io::stderr();
    if out.is_terminal() {
        told(&mut out, PAUSE, what, work)
    } else {
        work()
    }
}

fn told<T>(
    out: &mut (impl Write + Send),
    pause: Duration,
    what: &str,
    work: impl FnOnce() -> T,
) -> T {
    let (done, waiting) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let began = Instant::now();
            let mut is_shown = false;
            while waiting.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let _ = write!(out, "\r{what}: {} s", began.elapsed().as_secs());
                let _ = out.flush();
                is_shown = true;
            }
            if is_shown {
                // The line is taken away again.
                let _ = write!(out, "\r\u{1b}[2K");
                let _ = out.flush();
            }
        });
        let outcome = work();
        drop(done);
        outcome
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_long_is_told() {
        let mut out = Vec::new();
        assert_eq!(told(&mut out, Duration::from_secs(60), "pets", || 7), 7);
        assert!(out.is_empty());
        let pause = Duration::from_millis(1);
        told(&mut out, pause, "pets", || {
            std::thread::sleep(Duration::from_millis(200));
        });
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with("\rpets: 0 s") && text.ends_with("\u{1b}[2K"),
            "{text:?}"
        );
    }
}
