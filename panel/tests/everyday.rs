//! The tasks of the book, run as they stand by a shell: `panel` against a simulator of Cloud Panel
//! behind a port.

use std::process::Command;
use std::sync::Arc;
use verbatim_simulator::{Pace, Server, Settings, Simulator};

/// A task: its heading and the lines of its block.
struct Task {
    heading: String,
    script: String,
    /// What it must print, where the book shows it.
    wanted: Vec<String>,
}

/// The blocks of `sh` in the book; lines that begin with `#>` are what must be printed.
fn tasks() -> Vec<Task> {
    let path = verbatim_proof::workspace().join("docs/command-line.md");
    let text = std::fs::read_to_string(path).expect("the book");
    let mut tasks = Vec::new();
    let mut heading = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(words) = line.strip_prefix("### ") {
            words.clone_into(&mut heading);
        }
        if line != "```sh" {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let wanted = block.iter().filter_map(|line| line.strip_prefix("#> "));
        tasks.push(Task {
            heading: heading.clone(),
            script: block.join("\n"),
            wanted: wanted.map(str::to_owned).collect(),
        });
    }
    tasks
}

#[test]
fn ten_everyday_tasks_do_what_the_book_says() {
    let tasks = tasks();
    assert!(tasks.len() >= 10, "{} tasks", tasks.len());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let threads = tasks.into_iter().map(|task| {
        let server = runtime.block_on(server());
        let (url, token) = (server.0.url(), server.1);
        runtime.spawn(server.0.serve());
        std::thread::spawn(move || run(&task, &url, &token))
    });
    let threads: Vec<_> = threads.collect();
    let failures: Vec<String> = threads
        .into_iter()
        .filter_map(|thread| thread.join().expect("no panic").err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

async fn server() -> (Server, String) {
    let settings = Settings {
        rate_limit: false,
        pace: Pace::Instant,
        ..Settings::default()
    };
    let folder = verbatim_proof::workspace().join("spec/cloudpanel");
    let rules = folder.join("simulator.yaml");
    let simulator = Simulator::open(&folder.join("openapi.json"), Some(&rules), settings);
    let simulator = Arc::new(simulator.expect("a simulator"));
    let token = simulator.token().to_owned();
    (Server::bind(simulator, 0).await.expect("a port"), token)
}

fn run(task: &Task, url: &str, token: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_panel"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().expect("a folder").display());
    let output = Command::new("sh")
        .args(["-euc", &task.script])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path())
        .env("XDG_STATE_HOME", folder.path())
        .env("XDG_CACHE_HOME", folder.path())
        .env("CLOUDPANEL_URL", url)
        .env("CLOUDPANEL_TOKEN", token)
        .output()
        .map_err(|error| error.to_string())?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let told = format!("{}\n{stdout}\n{stderr}", task.heading);
    if !output.status.success() {
        return Err(format!("{} of {told}", output.status));
    }
    if stdout.contains(token) || stderr.contains(token) {
        return Err(format!("the token is shown in {told}"));
    }
    for line in &task.wanted {
        if !stdout.lines().any(|it| it.trim() == line) {
            return Err(format!("no line `{line}` in {told}"));
        }
    }
    Ok(())
}
