//! Two processes of one account keep its rate together, each command of them with a record of its own.
#![cfg(feature = "document")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use verbatim_call::Shape;
use verbatim_call::home::Home;
use verbatim_call::program::{self, Surroundings};
use verbatim_call::table::document;
use verbatim_codegen::document::Input;
use verbatim_source::{Limits, Source};

/// What the process of [`a_loop_of_commands`] is told.
const ADDRESS: &str = "VERBATIM_TEST_PACE_ADDRESS";
const FOLDER: &str = "VERBATIM_TEST_PACE_FOLDER";
const KEY: &str = "VERBATIM_TEST_PACE_KEY";
/// Commands of each process.
const COMMANDS: usize = 5;

/// A process in which commands are run one after the other, where it is told to be one.
#[test]
fn a_loop_of_commands() {
    let (Ok(address), Ok(folder)) = (std::env::var(ADDRESS), std::env::var(FOLDER)) else {
        return;
    };
    let text = include_str!("documents/paced.yaml").to_owned();
    let input = Input::of(Source::new("paced.yaml", text), Limits::default());
    let api = document::tables(&input, None).expect("a document");
    let shape = Shape {
        name: "paced".to_owned(),
        about: "An API with a rate".to_owned(),
        version: "1".to_owned(),
        apis: Vec::new(),
        takes_spec: false,
        can_simulate: false,
    };
    let told = Arc::new(Mutex::new(Vec::new()));
    let mut home = Home::nothing();
    home.cache = Some(folder.into());
    let sink = Arc::clone(&told);
    home.tell = Arc::new(move |line| sink.lock().expect("no panic").push(line.to_owned()));
    let words = ["items", "list", "--base-url", &address].map(str::to_owned);
    for _ in 0..COMMANDS {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let code = program::run_api(
            &shape,
            &api,
            &words,
            &mut Surroundings {
                stdin: &mut std::io::empty(),
                stdout: &mut stdout,
                stderr: &mut stderr,
                environment: &|name| {
                    (name == "PACED_TOKEN").then(|| std::env::var(KEY).expect("a key"))
                },
                home: &home,
                transport: None,
                simulators: None,
                stdin_is_terminal: false,
                stdout_is_terminal: false,
                stderr_is_terminal: false,
            },
        );
        assert_eq!(code, 0, "{}", String::from_utf8_lossy(&stderr));
    }
    for line in told.lock().expect("no panic").iter() {
        println!("told: {line}");
    }
}

fn process(address: &str, folder: &Path, key: &str) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "a_loop_of_commands", "--nocapture"])
        .env(ADDRESS, address)
        .env(FOLDER, folder)
        .env(KEY, key)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process")
}

/// Answers every request, and notes when it came.
fn server() -> (String, Arc<Mutex<Vec<Instant>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&arrived);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let sink = Arc::clone(&sink);
            std::thread::spawn(move || {
                let at = Instant::now();
                let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
                let lines = lines.map_while(Result::ok);
                assert!(lines.take_while(|line| !line.is_empty()).count() > 0);
                sink.lock().expect("no panic").push(at);
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]",
                );
            });
        }
    });
    (address, arrived)
}

#[test]
fn two_processes_of_one_account_stay_below_its_rate_and_another_account_does_not_wait() {
    let (address, arrived) = server();
    let folder = tempfile::tempdir().expect("a folder");
    let one = process(&address, folder.path(), "canary-one");
    let two = process(&address, folder.path(), "canary-one");
    let mut told = String::new();
    for child in [one, two] {
        let output = child.wait_with_output().expect("an end");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{text} {}",
            String::from_utf8_lossy(&output.stderr)
        );
        told.push_str(&text);
    }
    let mut times = arrived.lock().expect("no panic").clone();
    assert_eq!(times.len(), 2 * COMMANDS);
    times.sort_unstable();
    // A connection is seen a little after its request was counted, and a little before.
    let window = Duration::from_millis(990);
    for five in times.windows(5) {
        assert!(five[4] - five[0] >= window, "{:?}", five[4] - five[0]);
    }
    assert!(
        told.contains("told: waiting 1 s: the API takes 4 requests in 1 s"),
        "{told}"
    );
    let other = process(&address, folder.path(), "canary-two").wait_with_output();
    assert!(other.expect("an end").status.success());
    let mut files = Vec::new();
    for entry in folder
        .path()
        .join("verbatim/pace")
        .read_dir()
        .expect("a folder")
    {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a record");
        assert!(!text.contains("canary"), "{text}");
        files.push(path);
    }
    assert_eq!(files.len(), 2, "{files:?}");
}
