//! A secret is shown nowhere: not in what the program prints, not in a file that others can read, not
//! among the processes.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const CANARY: &str = "canary-4f1c9a7e";
/// What the script of a test types, so that it stands among the processes.
const TYPED: &str = "typed-8b21d6f0";

/// A server whose replies depend on the path; it echoes the token where it may hurt. Its address.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let read = stream.try_clone().expect("a stream");
                let mut lines = BufReader::new(read).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                let mut token = lines.take_while(|line| !line.is_empty());
                let token = token.find_map(|line| Some(line.strip_prefix("x-token: ")?.to_owned()));
                let token = token.unwrap_or_default();
                let (status, media, body) = match first.split(' ').nth(1).unwrap_or_default() {
                    "/v1/images" => (
                        "502 Bad Gateway",
                        "text/html",
                        format!("<html>{token}</html>"),
                    ),
                    "/v1/ssh_keys" => (
                        "401 Unauthorized",
                        "application/json",
                        format!("{{\"message\":\"bad token {token}\"}}"),
                    ),
                    "/v1/users" => {
                        std::thread::sleep(Duration::from_secs(2));
                        ("200 OK", "application/json", "[]".to_owned())
                    }
                    _ => (
                        "200 OK",
                        "application/json",
                        "[{\"id\":\"1\",\"name\":\"web-1\"}]".to_owned(),
                    ),
                };
                let length = body.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\ncontent-type: {media}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
            });
        }
    });
    url
}

fn shell(home: &Path, url: &str, script: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_panel"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().expect("a folder").display());
    let mut command = Command::new("bash");
    command
        .args(["-uc", script])
        .current_dir(home)
        .env("PATH", path)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env_remove("CLOUDPANEL_TOKEN")
        .env("CLOUDPANEL_URL", url);
    command
}

#[track_caller]
fn quiet(output: &Output, script: &str) -> (i32, String) {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !stdout.contains(CANARY) && !stderr.contains(CANARY),
        "{script}: {stdout} {stderr}"
    );
    (output.status.code().unwrap_or(-1), stdout + &stderr)
}

#[test]
fn a_token_is_in_no_output_no_open_file_and_no_process() {
    let home = tempfile::tempdir().expect("a folder");
    let url = server();
    let run = |script: &str| {
        let mut command = shell(home.path(), &url, script);
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = child.spawn().expect("bash");
        let mut stdin = child.stdin.take().expect("an input");
        // One that reads nothing has closed it.
        let _ = writeln!(stdin, "{CANARY}");
        drop(stdin);
        quiet(&child.wait_with_output().expect("an end"), script)
    };
    let (code, said) = run("panel login --plain-text --stdin");
    assert_eq!(code, 0, "{said}");
    for (script, wanted, word) in [
        ("panel servers list", 0, "web-1"),
        ("panel servers list --verbose", 0, "GET"),
        ("panel servers list --dry-run", 0, "curl"),
        ("panel profiles list -o json", 0, "plain text"),
        ("panel ssh-keys list", 3, "401"),
        ("panel -o json ssh-keys list", 3, "\"exit\":3"),
        ("panel images list", 1, "502"),
        (
            "panel --base-url http://127.0.0.1:9/v1 --profile default servers list",
            7,
            "no answer",
        ),
        ("set -o pipefail; panel servers list | head -c 1", 0, "["),
        (
            "COMPLETE=bash _CLAP_COMPLETE_INDEX=3 _CLAP_IFS=$'\\n' panel -- panel servers get w",
            0,
            "web-1",
        ),
        (
            "sed -i s/token/tokn/ config/panel/config.toml; panel servers list",
            2,
            "`tokn`",
        ),
        (
            "sed -i s/tokn/token/ config/panel/config.toml; panel servers list",
            0,
            "web-1",
        ),
    ] {
        let (code, said) = run(script);
        assert_eq!(code, wanted, "{script}: {said}");
        assert!(said.contains(word), "{script}: {said}");
    }
    let mut child = shell(home.path(), &url, "panel users list & wait");
    let mut child = child
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash");
    std::thread::sleep(Duration::from_secs(1));
    assert!(
        child.try_wait().expect("a process").is_none(),
        "it is over already"
    );
    let listed = Command::new("ps").args(["-eo", "args"]).output();
    if let Ok(listed) = listed {
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        assert!(text.contains("panel users list"), "{text}");
        assert!(!text.contains(CANARY), "{text}");
    }
    let output = child.wait_with_output().expect("an end");
    assert_eq!(quiet(&output, "panel users list").0, 0);
    let mut kept = 0;
    let mut folders = vec![home.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("a file");
            if String::from_utf8_lossy(&bytes).contains(CANARY) {
                let mode = std::fs::metadata(&path)
                    .expect("a file")
                    .permissions()
                    .mode();
                assert_eq!(mode & 0o777, 0o600, "{}", path.display());
                kept += 1;
            }
        }
    }
    assert_eq!(kept, 1);
}

/// A secret is never a word of a command that the program tells somebody to write, so it gets into no history.
#[test]
fn a_token_is_in_no_history() {
    let home = tempfile::tempdir().expect("a folder");
    let has_script = Command::new("script").arg("--version").output().is_ok();
    if !has_script {
        eprintln!("skipped: there is no program `script`, which gives a terminal");
        return;
    }
    let typed = format!(
        "(sleep 1; printf 'panel login --plain-text\\n'; sleep 2; printf '{TYPED}\\n'; sleep 1; printf 'exit\\n'; sleep 1) |\n\
         HISTFILE=$PWD/history script -qec 'bash --norc -i' shown.txt > typed.txt\n\
         cat shown.txt typed.txt history"
    );
    let mut command = shell(home.path(), &server(), &typed);
    let output = command.stdin(Stdio::null()).output().expect("bash");
    let (_, said) = quiet(&output, "login in a shell");
    assert!(said.contains("Token or key: "), "{said}");
    let history = std::fs::read_to_string(home.path().join("history")).expect("a history");
    assert!(
        history.contains("panel login") && !history.contains(TYPED) && !said.contains(TYPED),
        "{history}"
    );
    // What help and errors tell to do has no secret among the words.
    let told = |script: &str| {
        let output = shell(home.path(), &server(), script)
            .output()
            .expect("bash");
        quiet(&output, script).1
    };
    let without = told(
        "mv config elsewhere; panel servers list; panel servers list --help; CLOUDPANEL_TOKEN=x panel ssh-keys list",
    );
    assert!(without.contains("login"), "{without}");
    for line in without.lines().filter(|line| line.contains("--auth-")) {
        assert!(line.trim_start().starts_with("--auth-"), "{line}");
    }
}
