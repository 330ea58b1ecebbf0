//! Clients of the vendor, unchanged, on the simulated Cloud Panel: the `PyPI` package `1and1` 1.8.0 and
//! the npm package `liboneandone` 1.2.0 with its own test suite. The tests install them below the target
//! folder, and say so where Python, Node.js or a registry is not there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use verbatim_simulator::{Pace, Server, Settings, Simulator};

/// Files of the suite that run to their end. The others wait, in their own clean-up, for what they never
/// made, or for a state that they also refuse.
const SUITE: &[(&str, usize)] = &[
    ("baremetal", 17),
    ("firewall-policy", 11),
    ("informational-operations", 17),
    ("log", 3),
    ("monitoring-policy", 18),
    ("public-ip", 4),
    ("server-network", 8),
    ("ssh-key", 4),
    ("user", 12),
    ("vpn", 5),
];

/// A simulated Cloud Panel behind a socket, as long as the runtime lives.
struct Panel {
    _runtime: tokio::runtime::Runtime,
    url: String,
    token: String,
}

impl Panel {
    fn start() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let settings = Settings {
            pace: Pace::Instant,
            rate_limit: false,
            ..Settings::default()
        };
        let document = here.join("../../spec/cloudpanel/openapi.json");
        let simulator = Arc::new(Simulator::open(&document, None, settings).unwrap());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime
            .block_on(Server::bind(Arc::clone(&simulator), 0))
            .unwrap();
        let url = server.url();
        runtime.spawn(server.serve());
        Self {
            _runtime: runtime,
            url,
            token: simulator.token().to_owned(),
        }
    }
}

/// Runs a command, or says why it cannot be run.
fn run(command: &mut Command) -> Result<Output, String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(output),
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(text.lines().last().unwrap_or_default().to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn text(output: &Output) -> String {
    let (told, complained) = (&output.stdout, &output.stderr);
    let told = String::from_utf8_lossy(told);
    format!("{told}\n{}", String::from_utf8_lossy(complained))
}

/// The Python of an environment that has the package.
fn python() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("1and1-1.8.0");
    let python = folder.join("bin/python");
    let find = "import importlib.util as it, requests; assert it.find_spec('oneandone')";
    if run(Command::new(&python).args(["-c", find])).is_ok() {
        return Ok(python);
    }
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    let package = [
        "--retries",
        "1",
        "--timeout",
        "20",
        "setuptools<80",
        "1and1==1.8.0",
    ];
    run(Command::new(&python).args(pip).args(package))?;
    run(Command::new(&python).args(["-c", find]))?;
    Ok(python)
}

/// The folder of the npm package, with what it needs beside it.
fn suite() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("liboneandone-1.2.0");
    let package = folder.join("node_modules/liboneandone");
    if package.join("test").is_dir() {
        return Ok(package);
    }
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"])
        .arg(&folder)
        .arg("liboneandone@1.2.0"))?;
    Ok(package)
}

#[test]
fn every_call_of_1and1_passes() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => {
            println!("skipped: 1and1 1.8.0 for Python cannot be installed: {reason}");
            return;
        }
    };
    let panel = Panel::start();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(python)
        .arg(here.join("tests/oneandone/panel.py"))
        .args([&panel.url, &panel.token])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output));
    println!("{}", text(&output));
}

#[test]
fn the_suite_of_liboneandone_passes() {
    let package = match suite() {
        Ok(package) => package,
        Err(reason) => {
            println!("skipped: liboneandone 1.2.0 for Node.js cannot be installed: {reason}");
            return;
        }
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mocha = package.join("../mocha/bin/_mocha");
    for (name, tests) in SUITE {
        let panel = Panel::start();
        let output = Command::new("node")
            .arg("-r")
            .arg(here.join("tests/liboneandone/preload.js"))
            .arg(&mocha)
            .args(["--no-colors", "--reporter", "dot"])
            .arg(package.join(format!("test/{name}.js")))
            .current_dir(&package)
            .env("CLIENT", package.join("lib/liboneandone.js"))
            .env("ENDPOINT", &panel.url)
            .env("ONEANDONE_TOKEN", &panel.token)
            .output()
            .unwrap();
        let told = text(&output);
        assert!(output.status.success(), "{name}: {told}");
        assert!(told.contains(&format!("{tests} passing")), "{name}: {told}");
    }
}
