//! Bodies written in an editor, which is a script here.
#![cfg(unix)]

mod line;

use bytes::Bytes;
use http::Response;
use line::{Line, Shown};
use std::sync::{Arc, Mutex};

/// Runs a command with an editor that gets the file as `$1`; the bodies that were sent.
fn edited(words: &[&str], script: &str) -> (Shown, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("editor");
    std::fs::write(&file, script).expect("a script");
    let editor = format!("sh '{}'", file.display());
    let sent = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&sent);
    let mut line = Line::new("cloudpanel", words.iter().copied()).answered(move |request| {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        sink.lock().expect("no panic").push(body);
        Ok(Response::new(Bytes::from_static(b"{}")))
    });
    line.environment
        .push(("EDITOR".to_owned(), "false".to_owned()));
    line.environment.push(("VISUAL".to_owned(), editor));
    let shown = line.run();
    let sent = sent.lock().expect("no panic").clone();
    (shown, sent)
}

const CREATE: [&str; 4] = ["ssh-keys", "create", "--edit", "--name=begun"];

#[track_caller]
fn refused(shown: &Shown, words: &[&str]) {
    assert_eq!(shown.code, 2, "{}", shown.stderr);
    assert_eq!(shown.stderr.lines().count(), 1, "{}", shown.stderr);
    for word in words {
        assert!(
            shown.stderr.contains(word),
            "no `{word}` in {}",
            shown.stderr
        );
    }
}

#[test]
fn what_is_saved_is_sent_as_json_with_its_numbers() {
    let script = "grep -q '^#   name (text, needed)' \"$1\" || exit 7\n\
                  grep -q '\"name\": \"begun\"' \"$1\" || exit 8\n\
                  printf '# mine\\nname: laptop\\npublic_key: ssh-ed25519 AAAA\\n' > \"$1\"";
    let (shown, sent) = edited(&CREATE, script);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert_eq!(
        sent,
        [r#"{"name":"laptop","public_key":"ssh-ed25519 AAAA"}"#]
    );
    let script = "sed -i 's/\"ram\": 2/\"ram\": 2.50/' \"$1\"";
    let (shown, sent) = edited(&["servers", "create", "--edit", "--unchecked"], script);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(sent[0].contains(r#""ram":2.50"#), "{sent:?}");
}

#[test]
fn what_is_unchanged_or_empty_is_not_sent() {
    for (script, said) in [
        ("true", "nothing was changed"),
        ("echo '# nothing' > \"$1\"", "empty"),
        ("exit 3", "exit status: 3"),
        ("rm \"$1\"", "cannot be read"),
    ] {
        let (shown, sent) = edited(&CREATE, script);
        refused(&shown, &[said, "nothing was sent"]);
        assert!(sent.is_empty(), "{sent:?}");
    }
    let shown = Line::new("cloudpanel", CREATE).run();
    refused(&shown, &["--edit", "VISUAL", "EDITOR"]);
}

#[test]
fn what_is_not_valid_is_opened_again_with_what_is_wrong() {
    // The first time it breaks the body, the second time it mends it by what it is told.
    let script = "if grep -q 'not valid' \"$1\"; then\n\
                    grep -q '^# --name:' \"$1\" || exit 7\n\
                    sed -i 's/\"name\": 7/\"name\": \"mended\"/' \"$1\"\n\
                  else\n\
                    printf '{\"name\": 7,\\n\"public_key\": \"ssh-ed25519 AAAA\"}' > \"$1\"\n\
                  fi";
    let (shown, sent) = edited(&CREATE, script);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert_eq!(
        sent,
        [r#"{"name":"mended","public_key":"ssh-ed25519 AAAA"}"#]
    );
    // What stays as it is was given up.
    let broken = "grep -q 'not valid' \"$1\" || echo '{' > \"$1\"";
    let (shown, sent) = edited(&CREATE, broken);
    refused(&shown, &["nothing was changed", "not valid"]);
    assert!(sent.is_empty(), "{sent:?}");
}
