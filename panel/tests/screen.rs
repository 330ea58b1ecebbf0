//! The program in a terminal of its own: width, resizing, colours, pagers, secrets.
#![cfg(unix)]

mod line;

use line::served::served;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::Read as _;
use tokio::runtime::Runtime;
use unicode_width::UnicodeWidthStr as _;
use verbatim_simulator::Pace;

/// A simulator, and the folder of its user.
struct Place {
    url: String,
    token: String,
    folder: tempfile::TempDir,
    _runtime: Runtime,
}

impl Place {
    fn new() -> Self {
        let (runtime, url, token) = served(Pace::Instant);
        Self {
            url,
            token,
            folder: tempfile::tempdir().expect("a folder"),
            _runtime: runtime,
        }
    }

    /// What a terminal of this size gets to see of a line of `sh`.
    fn seen(
        &self,
        script: &str,
        (columns, lines): (u16, u16),
        variables: &[(&str, &str)],
    ) -> String {
        let size = PtySize {
            rows: lines,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_panel"));
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", program.parent().expect("a folder").display());
        let mut command = CommandBuilder::new("sh");
        command.args(["-ec", script]);
        command.cwd(self.folder.path());
        command.env_clear();
        command.env("PATH", path);
        command.env("TERM", "xterm");
        for name in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
        ] {
            command.env(name, self.folder.path());
        }
        command.env("CLOUDPANEL_URL", &self.url);
        command.env("CLOUDPANEL_TOKEN", &self.token);
        for (name, value) in variables {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).expect("a shell");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let reading = std::thread::spawn(move || {
            let mut seen = Vec::new();
            let mut piece = [0; 4096];
            // A terminal whose programs have ended says so by an error.
            while let Ok(count @ 1..) = reader.read(&mut piece) {
                seen.extend(&piece[..count]);
            }
            seen
        });
        let status = child.wait().expect("an end");
        drop(pair.master);
        let seen = reading.join().expect("no panic");
        let seen = String::from_utf8(seen)
            .expect("a text")
            .replace("\r\n", "\n");
        assert!(status.success(), "{seen}");
        assert!(!seen.contains(&self.token), "{seen}");
        seen
    }
}

/// A text without what gives it colours.
fn plain(text: &str) -> String {
    text.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "")
}

#[test]
fn a_table_has_the_columns_that_the_terminal_has_room_for() {
    let place = Place::new();
    let narrow = plain(&place.seen("panel servers list", (60, 50), &[]));
    let wide = plain(&place.seen("panel servers list", (180, 50), &[]));
    let titles = |text: &str| {
        text.lines()
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .count()
    };
    assert!(
        titles(&narrow) >= 2 && titles(&narrow) < titles(&wide),
        "{narrow}\n{wide}"
    );
    for (text, columns) in [(&narrow, 60), (&wide, 180)] {
        assert!(text.lines().all(|line| line.width() <= columns), "{text}");
        assert!(text.contains("columns more, by --columns:"), "{text}");
    }
    // The size counts that the terminal has when a command starts.
    let resized = place.seen(
        "panel servers list; stty cols 60; panel servers list",
        (180, 50),
        &[],
    );
    let resized = plain(&resized);
    assert!(
        resized.contains(&wide) && resized.contains(&narrow),
        "{resized}"
    );
    // In a pipe, what was sent; and nothing is told beside it.
    let piped = place.seen("panel servers list | head -c 1", (60, 50), &[]);
    assert_eq!(piped, "[");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let place = Place::new();
    let seen = |variables: &[(&str, &str)]| place.seen("panel ssh-keys list", (80, 50), variables);
    assert!(seen(&[]).starts_with("\u{1b}[1mid"));
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let text = seen(&[variable]);
        assert!(text.starts_with("id") && !text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_pager_gets_what_is_longer_than_the_terminal_and_may_leave_early() {
    let place = Place::new();
    let pager = [("PAGER", "sed 's/^/paged: /'"), ("NO_COLOR", "1")];
    let long = place.seen("panel servers list", (80, 5), &pager);
    assert!(long.starts_with("paged: id"), "{long}");
    let short = place.seen("panel servers list", (80, 50), &pager);
    assert!(short.starts_with("id"), "{short}");
    let without = place.seen("panel servers list --no-pager", (80, 5), &pager);
    assert!(without.starts_with("id"), "{without}");
    let own = [pager[0], pager[1], ("VERBATIM_PAGER", "")];
    assert!(
        place
            .seen("panel servers list", (80, 5), &own)
            .starts_with("id")
    );
    let early = [("PAGER", "head -n 1"), ("NO_COLOR", "1")];
    let early = place.seen("panel servers list -o yaml", (80, 5), &early);
    assert!(!early.contains("error"), "{early}");
    let broken = [("PAGER", "no-such-pager-anywhere"), ("NO_COLOR", "1")];
    let broken = place.seen("panel ssh-keys list -o name", (80, 2), &broken);
    assert!(broken.contains("no-such-pager-anywhere"), "{broken}");
}

#[test]
fn a_person_sees_no_secret_and_a_script_gets_it() {
    let place = Place::new();
    let script = "panel servers create --example | panel servers create --body - --wait -o name > id.txt\n\
                  panel servers get $(cat id.txt) > kept.json\n\
                  sed -n 's/.*\"first_password\":\"\\([^\"]*\\)\".*/secret=\\1=/p' kept.json";
    let made = place.seen(script, (80, 50), &[]);
    let secret = made.split('=').nth(1).expect("a secret").to_owned();
    assert!(secret.len() > 3, "{made}");
    for words in [
        "",
        "-o json",
        "-o yaml",
        "-o csv",
        "-o table | cat",
        "--jq .first_password",
    ] {
        let seen = place.seen(
            &format!("panel servers get $(cat id.txt) {words}"),
            (80, 90),
            &[],
        );
        assert!(
            !seen.contains(&secret) && seen.contains("[secret]"),
            "{words}: {seen}"
        );
    }
    let asked = place.seen(
        "panel servers get $(cat id.txt) --show-secrets",
        (80, 90),
        &[],
    );
    assert!(asked.contains(&secret), "{asked}");
}
