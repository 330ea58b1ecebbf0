//! Profiles: where credentials are kept, in which order they count, and where they are sent.

mod line;

use bytes::Bytes;
use http::Response;
use line::{Line, Shown};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use verbatim_call::home::{Home, Keyring};

/// A keyring in memory.
#[derive(Clone, Default)]
struct InMemory(Arc<Mutex<BTreeMap<(String, String), String>>>);

impl Keyring for InMemory {
    fn get(&self, program: &str, name: &str) -> Result<Option<String>, String> {
        let kept = self.0.lock().expect("no panic");
        Ok(kept.get(&(program.to_owned(), name.to_owned())).cloned())
    }

    fn put(&self, program: &str, name: &str, secret: &str) -> Result<(), String> {
        let mut kept = self.0.lock().expect("no panic");
        kept.insert((program.to_owned(), name.to_owned()), secret.to_owned());
        Ok(())
    }

    fn forget(&self, program: &str, name: &str) -> Result<(), String> {
        let mut kept = self.0.lock().expect("no panic");
        kept.remove(&(program.to_owned(), name.to_owned()));
        Ok(())
    }
}

/// A user with a home.
struct User {
    home: TempDir,
    keyring: Option<InMemory>,
    answer: Option<&'static str>,
}

impl User {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a folder"),
            keyring: Some(InMemory::default()),
            answer: None,
        }
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("panel/config.toml")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).expect("a file of profiles")
    }

    fn write(&self, text: &str) {
        let file = self.file();
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(&file, text).expect("a file");
        private(&file, 0o600);
    }

    fn line(&self, api: &str, words: &[&str]) -> Line {
        let mut line = Line::new(api, words.iter().copied());
        line.environment.clear();
        let answer = self.answer;
        let mut home = Home::nothing();
        home.config = Some(self.home.path().to_owned());
        if let Some(keyring) = &self.keyring {
            home.keyring = Box::new(keyring.clone());
        }
        if let Some(answer) = answer {
            home.ask = Box::new(move |_| Ok(answer.to_owned()));
        }
        line.home = home;
        line
    }

    fn run(&self, words: &[&str]) -> Shown {
        self.line("cloudpanel", words).run()
    }

    #[track_caller]
    fn done(&self, words: &[&str]) -> String {
        let shown = self.run(words);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        shown.text()
    }
}

#[cfg(unix)]
fn private(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(file, permissions).expect("a mode");
}

#[cfg(not(unix))]
fn private(_: &Path, _: u32) {}

/// The token and the host that a call is made with.
#[track_caller]
fn sent(line: Line) -> (String, String) {
    let (shown, sent) = tried(line);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    sent.expect("a request")
}

fn tried(line: Line) -> (Shown, Option<(String, String)>) {
    let seen = Arc::new(Mutex::new(None));
    let sink = Arc::clone(&seen);
    let shown = line
        .answered(move |request| {
            let headers = request.headers();
            let token = headers
                .get("x-token")
                .or_else(|| headers.get("authorization"));
            let token = token.and_then(|it| it.to_str().ok()).unwrap_or_default();
            let host = request.uri().authority().map(ToString::to_string);
            *sink.lock().expect("no panic") = Some((token.to_owned(), host.unwrap_or_default()));
            Ok(Response::new(Bytes::from_static(b"[]")))
        })
        .run();
    let seen = seen.lock().expect("no panic").take();
    (shown, seen)
}

const LIST: [&str; 2] = ["servers", "list"];

#[track_caller]
fn told(shown: &Shown, code: u8, words: &[&str]) {
    assert_eq!(shown.code, code, "{}", shown.stderr);
    assert_eq!(shown.stderr.lines().count(), 1, "{}", shown.stderr);
    assert!(!shown.stderr.contains("canary"), "{}", shown.stderr);
    for word in words {
        assert!(
            shown.stderr.contains(word),
            "no `{word}` in {}",
            shown.stderr
        );
    }
}

#[test]
fn a_token_is_asked_for_kept_in_the_keyring_used_and_forgotten() {
    let mut user = User::new();
    user.answer = Some("canary-work");
    let said = user.done(&["login", "--profile", "work"]);
    assert!(
        said.contains("`work`") && said.contains("keyring"),
        "{said}"
    );
    assert!(!user.text().contains("canary"), "{}", user.text());
    assert_eq!(sent(user.line("cloudpanel", &LIST)).0, "canary-work");
    user.answer = Some("canary-home");
    user.done(&["login", "--profile", "home", "--read-only"]);
    // The first one stays the default.
    assert_eq!(sent(user.line("cloudpanel", &LIST)).0, "canary-work");
    let list = user.done(&["profiles", "list"]);
    assert!(!list.contains("canary"), "{list}");
    let lines: Vec<&str> = list.lines().collect();
    assert!(
        lines[1].starts_with("work") && lines[1].ends_with("cloudpanel"),
        "{list}"
    );
    assert!(
        lines[2].starts_with("home") && lines[2].ends_with("read-only"),
        "{list}"
    );
    let json = line::parse(&user.done(&["profiles", "list", "-o", "json"]));
    let first = &json.as_array().expect("a list")[0];
    assert_eq!(
        first.get("secret").and_then(|it| it.as_str()),
        Some("keyring")
    );
    user.done(&["profiles", "use", "home"]);
    assert_eq!(sent(user.line("cloudpanel", &LIST)).0, "canary-home");
    told(
        &user.run(&["servers", "create", "--name", "w"]),
        2,
        &["`home`", "forbids"],
    );
    user.done(&["profiles", "remove", "home"]);
    let kept = user
        .keyring
        .as_ref()
        .expect("a keyring")
        .0
        .lock()
        .expect("no panic")
        .len();
    assert_eq!(kept, 1);
    told(&user.run(&LIST), 3, &["CLOUDPANEL_TOKEN", "login"]);
    told(
        &user.run(&["profiles", "use", "hom"]),
        2,
        &["`hom`", "work"],
    );
    told(
        &user.run(&["servers", "list", "--profile", "wrk"]),
        2,
        &["did you mean `work`"],
    );
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_a_profile() {
    let user = User::new();
    user.write(
        "default = 'work'\n[profiles.work]\ntoken = 'canary-1'\nurl = 'https://one.example/v1'\n\
         [profiles.other]\ntoken = 'canary-2'\n",
    );
    let of = |words: &[&str], variables: &[(&str, &str)]| {
        let mut line = user.line("cloudpanel", &[&LIST, words].concat());
        let variables = variables
            .iter()
            .map(|(name, value)| (format!("CLOUDPANEL_{name}"), (*value).to_owned()));
        line.environment.extend(variables);
        sent(line)
    };
    let pair = |token: &str, host: &str| (token.to_owned(), host.to_owned());
    assert_eq!(of(&[], &[]), pair("canary-1", "one.example"));
    assert_eq!(
        of(&[], &[("TOKEN", "canary-3")]),
        pair("canary-3", "one.example")
    );
    assert_eq!(
        of(
            &["--auth-token", "canary-4"],
            &[("TOKEN", "canary-3"), ("URL", "https://two.example/v1")]
        ),
        pair("canary-4", "two.example")
    );
    assert_eq!(of(&[], &[("PROFILE", "other")]).0, "canary-2");
    assert_eq!(
        of(&["--profile", "work"], &[("PROFILE", "other")]).0,
        "canary-1"
    );
    // The file that the clients read is read here, too.
    let file = user.home.path().join("clients.toml");
    std::fs::write(&file, "default = 'a'\n[profiles.a]\ntoken = 'canary-5'\n").expect("a file");
    private(&file, 0o600);
    assert_eq!(
        of(&[], &[("CONFIG", file.to_str().expect("a text"))]).0,
        "canary-5"
    );
}

#[test]
fn credentials_of_a_default_go_nowhere_else_unless_it_is_named() {
    let user = User::new();
    user.write("[default]\ncloudpanel = 'work'\n[profiles.work]\ntoken = 'canary-1'\n");
    let elsewhere = ["--base-url", "https://elsewhere.example/v1"];
    let words = [&LIST[..], &elsewhere].concat();
    let (shown, sent) = tried(user.line("cloudpanel", &words));
    assert!(sent.is_none());
    told(
        &shown,
        3,
        &[
            "`work`",
            "elsewhere.example",
            "cloudpanel-api.ionos.com",
            "--profile work",
        ],
    );
    let words = [&words[..], &["--profile", "work"]].concat();
    assert_eq!(
        self::sent(user.line("cloudpanel", &words)).1,
        "elsewhere.example"
    );
    // Another API of the program has no default here, and does not take this one's.
    told(
        &user.line("cloudflow", &["virtual-machines", "list"]).run(),
        3,
        &["CLOUDFLOW_USER"],
    );
    user.write("[profiles.work]\napi = 'cloudpanel'\ntoken = 'canary-1'\n");
    let words = ["virtual-machines", "list", "--profile", "work"];
    told(
        &user.line("cloudflow", &words).run(),
        2,
        &["for cloudpanel, not for cloudflow"],
    );
}

#[test]
fn a_command_gives_the_secret_and_its_failure_is_told() {
    let user = User::new();
    let said = user.done(&["login", "--token-command", "echo canary-$((1 + 1))"]);
    assert!(said.contains("command"), "{said}");
    assert_eq!(sent(user.line("cloudpanel", &LIST)).0, "canary-2");
    for (command, said) in [
        ("echo locked >&2; exit 3", &["failed", "3", "locked"][..]),
        ("true", &["prints nothing"]),
        ("echo a; echo b", &["more than one line"]),
        ("no-such-command-here", &["failed", "127"]),
    ] {
        user.done(&["login", "--token-command", command]);
        told(
            &user.run(&LIST),
            3,
            &[&["token-command", "`default`"], said].concat(),
        );
    }
    // A secret that is not needed is not fetched.
    let mut line = user.line("cloudpanel", &LIST);
    line.environment
        .push(("CLOUDPANEL_TOKEN".into(), "canary-3".into()));
    assert_eq!(sent(line).0, "canary-3");
}

#[test]
fn user_and_password_are_kept_for_an_api_that_takes_those() {
    let mut user = User::new();
    user.answer = Some("canary-key");
    let mut line = user.line(
        "cloudflow",
        &["login", "--base-url", "https://cloud.example"],
    );
    line.is_terminal = true;
    line.stdin = b"ada@example.com\n".to_vec();
    let shown = line.run();
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let (credential, host) = sent(user.line("cloudflow", &["virtual-machines", "list"]));
    assert_eq!(host, "cloud.example");
    assert!(credential.starts_with("Basic "), "{credential}");
    assert!(!user.text().contains("canary"), "{}", user.text());
    told(
        &user.line("cloudflow", &["login"]).run(),
        2,
        &["nobody", "--auth-user"],
    );
    told(
        &user.run(&["login", "--auth-user", "ada"]),
        2,
        &["token alone"],
    );
}

#[test]
fn plain_text_is_for_its_owner_alone_and_only_where_it_is_asked_for() {
    let mut user = User::new();
    user.keyring = None;
    user.answer = Some("canary-plain");
    let shown = user.run(&["login"]);
    told(
        &shown,
        3,
        &["keyring", "--plain-text", "--token-command", "environment"],
    );
    assert!(!user.file().exists());
    user.write("# mine\n[profiles.other] # keep\nkeyring = true\ncolumns = [\"id\"]\n");
    user.done(&["login", "--plain-text"]);
    let text = user.text();
    assert!(
        text.starts_with("# mine\n[profiles.other] # keep\nkeyring = true\n"),
        "{text}"
    );
    assert!(text.contains("token = \"canary-plain\""), "{text}");
    let shown = user.run(&["servers", "list", "--profile", "other"]);
    told(&shown, 3, &["keyring of the system", "--plain-text"]);
    assert_eq!(sent(user.line("cloudpanel", &LIST)).0, "canary-plain");
    // From the standard input, where there is no terminal.
    let mut line = user.line("cloudpanel", &["login", "--plain-text", "--stdin"]);
    line.stdin = b"canary-stdin\n".to_vec();
    assert_eq!(line.run().code, 0);
    assert_eq!(sent(user.line("cloudpanel", &LIST)).0, "canary-stdin");
    user.answer = Some(" ");
    told(&user.run(&["login", "--plain-text"]), 3, &["empty"]);
    user.answer = None;
    told(
        &user.run(&["login", "--plain-text"]),
        2,
        &["nobody", "--stdin"],
    );
}

#[cfg(unix)]
#[test]
fn the_file_is_closed_to_others_and_an_open_one_with_a_secret_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut user = User::new();
    user.answer = Some("canary-plain");
    user.done(&["login", "--plain-text"]);
    let mode = |path: &Path| {
        std::fs::metadata(path)
            .expect("a file")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(&user.file()), 0o600);
    assert_eq!(mode(user.file().parent().expect("a folder")), 0o700);
    private(&user.file(), 0o644);
    told(&user.run(&LIST), 3, &["others can read", "chmod 600"]);
    // A link to a file elsewhere stays one.
    let elsewhere = user.home.path().join("dotfiles.toml");
    std::fs::rename(user.file(), &elsewhere).expect("a move");
    std::os::unix::fs::symlink(&elsewhere, user.file()).expect("a link");
    user.done(&["login", "--plain-text"]);
    assert!(user.file().is_symlink() && mode(&elsewhere) == 0o600);
    assert_eq!(sent(user.line("cloudpanel", &LIST)).0, "canary-plain");
}

#[test]
fn broken_files_and_missing_homes_are_told_in_one_line() {
    let mut user = User::new();
    for (text, said) in [
        (
            "[profiles.work\ntoken = 'canary'",
            &["line 1", "not TOML", "mend"][..],
        ),
        ("\n\ntoken 'canary'", &["line 3", "not TOML"]),
        ("profiles = 3", &["`profiles` is not a table"]),
        ("profils = 3", &["`profils`", "did you mean `profiles`"]),
        (
            "[profiles.work]\ntokn = 'canary'",
            &["`tokn` of the profile `work`", "`token`"],
        ),
        (
            "[profiles.work]\ntoken = 7",
            &["line 2: `token` of the profile `work` is not a text"],
        ),
        (
            "[profiles.work]\napi = 'cloudpanel'\nread-only = 'canary'",
            &["line 3: ", "neither true nor false"],
        ),
        (
            "[profiles.work]\noutput = 'canary'",
            &["json, yaml, csv, table, name"],
        ),
        (
            "[profiles.work]\ntoken = 'canary'\nkeyring = true",
            &["two places"],
        ),
        (
            "[profiles.work.commands.'servers list']\ncolumns = 'id'",
            &["line 2: ", "list of texts"],
        ),
        (
            "default = 'home'\n[profiles.work]\ntoken = 'canary'",
            &["no profile `home`", "work"],
        ),
    ] {
        user.write(text);
        told(&user.run(&LIST), 2, said);
    }
    // What cannot be read is not written over.
    user.write("[profiles.work\n");
    user.answer = Some("canary");
    told(&user.run(&["login", "--plain-text"]), 2, &["line 1"]);
    assert_eq!(user.text(), "[profiles.work\n");
    std::fs::remove_file(user.file()).expect("a file");
    std::fs::create_dir(user.file()).expect("a folder");
    told(&user.run(&LIST), 2, &["cannot be read"]);
    let homeless = |words: &[&str]| Line::new("cloudpanel", words.iter().copied()).run();
    told(
        &homeless(&["login"]),
        2,
        &["no configuration folder", "HOME"],
    );
    told(
        &homeless(&["profiles", "list"]),
        2,
        &["no configuration folder"],
    );
    told(
        &homeless(&["servers", "list", "--profile", "x"]),
        2,
        &["no configuration folder"],
    );
}
