//! The program itself: completions in a shell, closed pipes, waits that another command goes on with.

mod line;

use bytes::Bytes;
use http::Response;
use line::Line;
use line::served::served;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use verbatim_simulator::Pace;

fn bash(script: &str, variables: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_panel"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().expect("a folder").display());
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("HOME", folder.path())
        .env("XDG_CACHE_HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .env_remove("CLOUDPANEL_TOKEN")
        .env("CLOUDPANEL_URL", "http://127.0.0.1:9")
        .envs(variables.iter().copied())
        .output()
        .expect("bash")
}

/// What bash would offer for the last of these words.
fn offered(words: &[&str], variables: &[(&str, &str)]) -> Vec<String> {
    let script = format!(
        "source <(COMPLETE=bash panel)\n\
         COMP_WORDS=(panel {}) COMP_CWORD={} COMP_TYPE=9\n\
         _clap_complete_panel panel \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words
            .iter()
            .map(|word| format!("'{word}'"))
            .collect::<Vec<_>>()
            .join(" "),
        words.len()
    );
    let output = bash(&script, variables);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    let text = String::from_utf8(output.stdout).expect("a text");
    text.lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn bash_completes_groups_methods_and_flags() {
    assert_eq!(offered(&["serv"], &[]), ["servers", "server-appliances"]);
    let methods = offered(&["servers", "create"], &[]);
    assert_eq!(methods, ["create", "create-snapshot"]);
    let flags = offered(&["servers", "create", "--hardware.v"], &[]);
    assert_eq!(flags, ["--hardware.vcore"]);
    let other = offered(&["--api", "cloudflow", "virtual-mach"], &[]);
    assert!(other.contains(&"virtual-machines".to_owned()), "{other:?}");
}

#[test]
fn bash_completes_names_of_what_there_is_and_is_silent_without_an_answer() {
    let (runtime, url, token) = served(Pace::Instant);
    let variables = [
        ("CLOUDPANEL_URL", url.as_str()),
        ("CLOUDPANEL_TOKEN", token.as_str()),
    ];
    let made = "panel ssh-keys create --name laptop-1 --public-key 'ssh-ed25519 AAAA' > key.json";
    let output = bash(made, &variables);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names = offered(&["ssh-keys", "get", "lap"], &variables);
    assert_eq!(names, ["laptop-1"]);
    // Nobody listens at the discard port.
    let nobody = [("CLOUDPANEL_TOKEN", token.as_str())];
    let nothing = offered(&["ssh-keys", "get", "lap"], &nobody);
    assert!(nothing.iter().all(String::is_empty), "{nothing:?}");
    drop(runtime);
}

#[test]
fn an_interrupt_during_a_wait_leaves_the_token_to_go_on_with() {
    // Nothing is ever done where the clock stands still.
    let (runtime, url, token) = served(Pace::Manual);
    let variables = [
        ("CLOUDPANEL_URL", url.as_str()),
        ("CLOUDPANEL_TOKEN", token.as_str()),
    ];
    let script = "panel servers create --example > body.json\n\
                  code=0\n\
                  timeout --signal INT 2 panel -o json servers create --body body.json --wait || code=$?\n\
                  echo \"code $code\"";
    let output = bash(script, &variables);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    // `timeout` says 124 whatever the command says.
    assert_eq!(stdout, "code 124\n", "{stderr}");
    let error = line::parse(stderr.lines().last().expect("an error"));
    let error = error.get("error").expect("an error");
    assert_eq!(error.get("exit").and_then(|it| it.as_number()), Some("5"));
    assert!(error.get("token").is_some(), "{stderr}");
    assert!(!stderr.contains(&token), "{stderr}");
    drop(runtime);
}

#[test]
fn a_wait_is_rehearsed_with_its_token() {
    let script = "panel simulate start > place.txt\n\
                  panel servers create --example > body.json\n\
                  code=0\n\
                  panel --simulate servers create --body body.json --name try --wait=0.000001ms 2> told.txt || code=$?\n\
                  echo \"code $code\"\n\
                  token=$(sed -n 's/.*go on with `wait \\(.*\\)`/\\1/p' told.txt)\n\
                  eval \"panel --simulate wait $token\" | grep -c '\"state\":\"POWERED_ON\"'";
    let output = bash(script, &[]);
    let stderr = text(&output.stderr);
    assert_eq!(text(&output.stdout), "code 5\n1\n", "{stderr}");
    assert!(stderr.contains("done after"), "{stderr}");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn login_asks_on_a_terminal_without_showing_what_is_written() {
    let has_script = Command::new("script").arg("--version").output().is_ok();
    if !has_script {
        eprintln!("skipped: there is no program `script`, which gives a terminal");
        return;
    }
    let script = "(sleep 1; printf 'canary-typed\n'; sleep 1) |\n\
                  script -qec 'panel login --plain-text' shown.txt > typed.txt\n\
                  cat shown.txt typed.txt\n\
                  grep -c canary-typed panel/config.toml\n\
                  stat -c %a panel/config.toml";
    let output = bash(script, &[]);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{shown} {}", text(&output.stderr));
    let (said, kept) = shown.rsplit_once("1\n600\n").expect("the file");
    assert!(kept.is_empty() && !said.contains("canary"), "{said}");
    assert!(
        said.contains("Token or key: ") && said.contains("`default`"),
        "{said}"
    );
}

#[test]
fn without_a_terminal_or_a_keyring_login_says_what_else_there_is() {
    let output = bash("setsid panel login < /dev/null", &[]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.contains("nobody can be asked") && stderr.contains("--stdin"),
        "{stderr}"
    );
    let output = bash("echo canary-stdin | panel login --stdin", &[]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.contains("--plain-text") && stderr.contains("--token-command"),
        "{stderr}"
    );
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(!stderr.contains("canary"), "{stderr}");
}

#[test]
fn a_closed_pipe_ends_a_command_quietly() {
    let output = bash("panel search e | head -n 1", &[]);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    let full = bash("panel --help > /dev/full", &[]);
    let stderr = String::from_utf8_lossy(&full.stderr).into_owned();
    assert!(
        !full.status.success() && stderr.starts_with("error: "),
        "{stderr}"
    );
}

#[test]
fn a_wait_that_ends_early_is_gone_on_with_by_its_token() {
    let is_done = Arc::new(AtomicBool::new(false));
    let run = |words: &[&str]| {
        let is_done = Arc::clone(&is_done);
        Line::new("cloudpanel", words.iter().copied())
            .answered(move |request| {
                let state = match (is_done.load(Ordering::Relaxed), request.method().as_str()) {
                    (true, "GET") => r#"{"id":"1","status":{"state":"POWERED_ON","percent":null}}"#,
                    _ => r#"{"id":"1","status":{"state":"CONFIGURING","percent":40}}"#,
                };
                Ok(Response::new(Bytes::from_static(state.as_bytes())))
            })
            .run()
    };
    let id = "7D3A1B6C5E4F40A8B9C0D1E2F3A4B5C6";
    let words = [
        "-o",
        "json",
        "servers",
        "create-snapshot",
        id,
        "--wait=300ms",
    ];
    let shown = run(&words);
    assert_eq!(shown.code, 5, "{}", shown.stderr);
    assert!(shown.stdout.is_empty());
    let last = shown.stderr.lines().last().expect("an error");
    let error = line::parse(last);
    let error = error.get("error").expect("an error");
    let token = error
        .get("token")
        .and_then(|it| it.as_str())
        .expect("a token");
    assert!(!token.contains("canary"), "{token}");
    is_done.store(true, Ordering::Relaxed);
    let shown = run(&["wait", token, token, "--limit", "20s"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert_eq!(shown.text().matches("POWERED_ON").count(), 2);
    assert!(shown.stderr.contains("done after"), "{}", shown.stderr);
    let shown = run(&["wait", "{}"]);
    assert_eq!(shown.code, 2, "{}", shown.stderr);
}

/// The milliseconds of a script, its exit code, and what it wrote.
fn timed(script: &str) -> (u128, i32, String) {
    let begun = std::time::Instant::now();
    let output = bash(script, &[]);
    let said = text(&output.stdout) + &text(&output.stderr);
    (
        begun.elapsed().as_millis(),
        output.status.code().unwrap_or(-1),
        said,
    )
}

#[test]
fn an_expression_without_an_end_is_ended_by_an_interrupt_or_by_its_reader() {
    let list = "panel --simulate ssh-keys list --jq";
    for expression in ["def f: f; f", "last(repeat(.))"] {
        // The program is the one that is interrupted, so its end is that by a signal.
        let script = format!(
            "code=0; timeout --foreground -s INT 2 {list} '{expression}' || code=$?; echo \"code $code\""
        );
        let (_, code, said) = timed(&script);
        assert_eq!((code, said.as_str()), (0, "code 124\n"), "{expression}");
    }
    let script = format!("set +o pipefail; {list} 'repeat(1)' | head -n 3");
    let (_, code, said) = timed(&script);
    assert_eq!((code, said.as_str()), (0, "1\n1\n1\n"));
    // After a wait, whose own interrupt leaves a token.
    let script = "panel --simulate servers create --example > body.json\n\
                  code=0; timeout --foreground -s INT 4 panel --simulate servers create --body body.json --wait \
                  --jq 'def f: f; f' 2> told.txt || code=$?; echo \"code $code\"; tail -n 1 told.txt | cut -d: -f2";
    let (_, code, said) = timed(script);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.starts_with("code 124\n") && said.contains("done after"),
        "{said}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn an_expression_that_takes_all_memory_is_given_up() {
    for expression in ["[range(1e12)]", "def f: 1 + f; f", "[repeat(.)]"] {
        let script = format!("ulimit -c 0; panel --simulate ssh-keys list --jq '{expression}'");
        let (_, code, said) = timed(&script);
        assert_eq!(code, 1, "{expression}: {said}");
        assert!(
            said.contains("more memory than half a gigabyte"),
            "{expression}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{expression}: {said}");
    }
}
