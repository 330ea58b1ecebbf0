//! The file in which the requests of the last window stand.

use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use verbatim_runtime::policy::QuotaHeaders;

/// How long another process may hold the file; one that holds it longer hangs.
const PATIENCE: Duration = Duration::from_secs(2);
/// Servers tell whole seconds, so a window may end up to one later than they say.
const ROUNDING: Duration = Duration::from_secs(1);

/// Whether a request may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may. The number is that of its place in the record; none where there is no record.
    Go(Option<u64>),
    /// Not before this time is over.
    Wait(Duration),
}

/// The record of one account.
pub(super) struct Book {
    file: PathBuf,
}

/// What stands in the file; times are milliseconds of the clock of the system.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    next: u64,
    sent: Vec<Sent>,
    /// What the server said last.
    report: Option<Report>,
}

/// A request, by when it left; from its reply on, by when that came, which is never before the server
/// counted it.
#[derive(Debug, Serialize, Deserialize)]
struct Sent {
    number: u64,
    at: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Report {
    /// Requests that were left.
    remaining: u32,
    /// Requests up to this number may be counted in it; those above are not.
    up_to: u64,
    /// When the window of the server ends.
    ends: u64,
}

fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn of(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Record {
    /// Drops what is over, and what a clock that was set back left in the future.
    fn forget(&mut self, window: u64, now: u64) {
        let is_recent =
            |at: u64| at.saturating_add(window) > now && at <= now.saturating_add(window);
        self.sent.retain(|it| is_recent(it.at));
        let is_over = |it: &Report| it.ends <= now || it.ends > now.saturating_add(2 * window);
        if self.report.as_ref().is_some_and(is_over) {
            self.report = None;
        }
    }

    /// When the next request may leave; now where it may now.
    fn due(&self, limit: usize, window: u64, now: u64) -> u64 {
        let mut due = now;
        if let Some(excess) = self.sent.len().checked_sub(limit) {
            let mut times: Vec<u64> = self.sent.iter().map(|it| it.at).collect();
            times.sort_unstable();
            due = times
                .get(excess)
                .map_or(now, |at| at.saturating_add(window));
        }
        if let Some(report) = &self.report {
            let later = self
                .sent
                .iter()
                .filter(|it| it.number > report.up_to)
                .count();
            if later >= report.remaining as usize {
                due = due.max(report.ends);
            }
        }
        due.max(now)
    }
}

impl Book {
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// Takes a place for a request if there is one. Where no record can be kept there always is.
    pub(super) fn enter(&self, limit: usize, window: Duration, now: SystemTime) -> Turn {
        let (window, now) = (of(window), millis(now));
        let turn = self.change(|record| {
            record.forget(window, now);
            let due = record.due(limit, window, now);
            if due > now {
                return Turn::Wait(Duration::from_millis(due - now));
            }
            record.next += 1;
            record.sent.push(Sent {
                number: record.next,
                at: now,
            });
            Turn::Go(Some(record.next))
        });
        turn.unwrap_or(Turn::Go(None))
    }

    /// Counts a request from its reply on.
    pub(super) fn answered(
        &self,
        number: u64,
        quota: Option<QuotaHeaders>,
        window: Duration,
        now: SystemTime,
    ) {
        let at = millis(now);
        self.change(|record| {
            for sent in record.sent.iter_mut().filter(|it| it.number == number) {
                sent.at = at;
            }
            let quota = quota.unwrap_or_default();
            if let (Some(remaining), Some(reset)) = (quota.remaining, quota.reset)
                && record.report.is_none_or(|it| it.up_to <= number)
            {
                record.report = Some(Report {
                    remaining,
                    up_to: number,
                    ends: at.saturating_add(of(reset.min(window) + ROUNDING)),
                });
            }
        });
    }

    /// Gives a place back in which nothing was sent.
    pub(super) fn withdraw(&self, number: u64) {
        self.change(|record| record.sent.retain(|it| it.number != number));
    }

    /// Changes the record while no other process does; none where it cannot be kept.
    fn change<T>(&self, change: impl FnOnce(&mut Record) -> T) -> Option<T> {
        let mut file = self.locked()?;
        let mut text = String::new();
        // What cannot be read was broken off in the midst of a write; it is begun anew.
        let read = file.read_to_string(&mut text).ok();
        let mut record = read
            .and_then(|_| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let done = change(&mut record);
        let text = serde_json::to_vec(&record).ok()?;
        file.seek(SeekFrom::Start(0)).ok()?;
        file.write_all(&text).ok()?;
        file.set_len(text.len() as u64).ok()?;
        Some(done)
    }

    /// The file, which is this process's alone until it is closed.
    fn locked(&self) -> Option<File> {
        std::fs::create_dir_all(self.file.parent()?).ok()?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&self.file).ok()?;
        let began = Instant::now();
        while let Err(error) = fs4::FileExt::try_lock(&file) {
            let is_held = matches!(error, fs4::TryLockError::WouldBlock);
            if !is_held || began.elapsed() > PATIENCE {
                return None;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Some(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(remaining: u32, seconds: u64) -> QuotaHeaders {
        QuotaHeaders {
            remaining: Some(remaining),
            reset: Some(Duration::from_secs(seconds)),
            ..QuotaHeaders::default()
        }
    }

    #[test]
    fn no_more_than_the_limit_leave_in_a_window_and_the_oldest_makes_room() {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Book::new(folder.path().join("deep/record"));
        let window = Duration::from_secs(60);
        let began = SystemTime::now();
        let at = |seconds: u64| began + Duration::from_secs(seconds);
        assert_eq!(book.enter(2, window, at(0)), Turn::Go(Some(1)));
        assert_eq!(book.enter(2, window, at(10)), Turn::Go(Some(2)));
        let wait = |seconds| Turn::Wait(Duration::from_secs(seconds));
        assert_eq!(book.enter(2, window, at(20)), wait(40));
        // It counts from its reply on.
        book.answered(1, None, window, at(5));
        assert_eq!(book.enter(2, window, at(20)), wait(45));
        book.withdraw(2);
        assert_eq!(book.enter(2, window, at(20)), Turn::Go(Some(3)));
        assert_eq!(book.enter(2, window, at(66)), Turn::Go(Some(4)));
        // The clock was set back by a year.
        let year = Duration::from_secs(365 * 86_400);
        assert_eq!(book.enter(2, window, began - year), Turn::Go(Some(5)));
    }

    #[test]
    fn what_the_server_says_is_left_counts_as_well() {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Book::new(folder.path().join("record"));
        let window = Duration::from_secs(60);
        let now = SystemTime::now();
        assert_eq!(book.enter(25, window, now), Turn::Go(Some(1)));
        book.answered(1, Some(quota(1, 30)), window, now);
        assert_eq!(book.enter(25, window, now), Turn::Go(Some(2)));
        let wait = Turn::Wait(Duration::from_secs(31));
        assert_eq!(book.enter(25, window, now), wait);
        let later = now + Duration::from_secs(31);
        assert_eq!(book.enter(25, window, later), Turn::Go(Some(3)));
    }

    #[test]
    fn a_record_that_cannot_be_kept_stops_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let in_the_way = folder.path().join("file");
        std::fs::write(&in_the_way, "").expect("a file");
        let book = Book::new(in_the_way.join("record"));
        let window = Duration::from_secs(60);
        assert_eq!(book.enter(1, window, SystemTime::now()), Turn::Go(None));
        let broken = Book::new(in_the_way);
        std::fs::write(&broken.file, "{\"next\":").expect("a file");
        assert_eq!(
            broken.enter(1, window, SystemTime::now()),
            Turn::Go(Some(1))
        );
        assert!(matches!(
            broken.enter(1, window, SystemTime::now()),
            Turn::Wait(_)
        ));
    }
}
