//! Clients that others have written, unchanged, on the simulated panels. The tests install them below the target
//! folder, and say so where Python, Node.js or a registry is not there.

#[path = "support/foreign.rs"]
mod foreign;
#[path = "support/running.rs"]
mod running;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use foreign::{folder, pip, python, run, text};
use running::Running;

/// The files of the suite of liboneandone with the number of their tests. `req` is left out: it asks the address of
/// the service itself, and tests nothing that a server answers. `image` has one more, which waits for an image to
/// have two states at once, and so can end nowhere.
const SUITE: &[(&str, usize)] = &[
    ("baremetal", 17),
    ("block-storage", 6),
    ("firewall-policy", 11),
    ("image", 3),
    ("informational-operations", 17),
    ("loadbalancer", 12),
    ("log", 3),
    ("monitoring-center", 4),
    ("monitoring-policy", 18),
    ("private-network", 8),
    ("public-ip", 4),
    ("role", 11),
    ("server", 21),
    ("server-network", 8),
    ("server-operations", 12),
    ("shared-storage", 10),
    ("ssh-key", 4),
    ("user", 12),
    ("vpn", 5),
];

/// Tests that cannot pass: they ask for the status 202, and two clients in other languages, whose suites ran
/// against the service too, ask for the 200 and 201 that the simulator answers.
const OTHERWISE: &[&str] = &[
    "Block Storage tests Attach block storage",
    "Block Storage tests Detach block storage",
    "Block Storage tests Update Block Storage",
];

/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Files that run at once: most of their time they wait for each other's process to start.
const SIDE_BY_SIDE: usize = 3;

/// The Python clients of the vendor are written for Python 2, and need old tools to be installed.
const ONEANDONE: &[&str] = &["setuptools<80", "1and1==1.8.0"];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A simulated API whose actions are done at once.
fn simulated(api: &str) -> Running {
    let folder = here().join("../spec").join(api);
    let kinds = ["openapi.json", "openapi.yaml"].map(|name| folder.join(name));
    let document = kinds.iter().find(|path| path.is_file()).unwrap();
    let document = document.display().to_string();
    Running::start(&["--spec", &document, "--no-rate-limit", "--time", "instant"])
}

/// Runs a program of calls, which counts those that pass; or tells that its client is not to be had.
fn calls(client: &str, python: Result<PathBuf, String>, api: &str, program: &str) {
    let python = match python {
        Ok(python) => python,
        Err(reason) => {
            println!("skipped: {client} cannot be installed: {reason}");
            return;
        }
    };
    let panel = simulated(api);
    let output = Command::new(python)
        .arg(here().join("tests/foreign").join(program))
        .args([&panel.urls[0], &panel.token])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output));
    println!("{client}: {}", text(&output));
}

#[test]
fn every_call_of_1and1_passes() {
    let probe = "import importlib.util as it, requests; assert it.find_spec('oneandone')";
    let python = python("1and1-1.8.0", ONEANDONE, probe);
    calls(
        "1and1 1.8.0 for Python",
        python,
        "cloudpanel",
        "oneandone_calls.py",
    );
}

#[test]
fn every_call_of_libcloud_passes() {
    let python = python(
        "libcloud-3.6.1",
        &["apache-libcloud==3.6.1"],
        "import libcloud",
    );
    calls(
        "apache-libcloud 3.6.1",
        python,
        "cloudpanel",
        "libcloud_calls.py",
    );
}

/// The Python with Ansible, the modules of its collection that are for 1&1, and the package that they use.
fn ansible() -> Result<PathBuf, String> {
    let mut packages = vec!["ansible-core==2.16.14"];
    packages.extend(ONEANDONE);
    let python = python("ansible-2.16.14", &packages, "import ansible, requests")?;
    let probe = "import importlib.util as it; \
        assert it.find_spec('ansible_collections.community.general.plugins.modules.oneandone_server')";
    let found = || run(Command::new(&python).args(["-c", probe]));
    if found().is_ok() {
        return Ok(python);
    }
    // All collections weigh ten times as much as the one that is wanted.
    let kept = folder("ansible-2.16.14").join("collections");
    let into = kept.display().to_string();
    pip(
        &python,
        &["download", "--no-deps", "--dest", &into],
        &["ansible==9.13.0"],
    )?;
    let unpack = "import pathlib, site, sys, zipfile; \
        wheel = next(pathlib.Path(sys.argv[1]).glob('ansible-*.whl')); \
        archive = zipfile.ZipFile(wheel); \
        names = [n for n in archive.namelist() if n.startswith('ansible_collections/community/general/plugins/module')]; \
        archive.extractall(site.getsitepackages()[0], names); \
        wheel.unlink()";
    run(Command::new(&python).args(["-c", unpack, &into]))?;
    found()?;
    Ok(python)
}

#[test]
fn every_task_of_ansible_passes() {
    calls(
        "community.general 8.6 of Ansible",
        ansible(),
        "cloudpanel",
        "ansible_tasks.py",
    );
}

/// The Python with pyonapp, translated from Python 2.
fn pyonapp() -> Result<PathBuf, String> {
    let tools = ["setuptools<80", "fissix==24.4.24", "prettytable==3.18.0"];
    let python = python("pyonapp-1.1.1", &tools, "import fissix, prettytable")?;
    let found = || run(Command::new(&python).args(["-c", "import pyonapp.resources"]));
    if found().is_err() {
        pip(
            &python,
            &["install", "--no-deps", "--force-reinstall"],
            &["pyonapp==1.1.1"],
        )?;
        let translate = "import site, sys; from fissix.main import main; \
            sys.exit(main('fissix.fixes', ['-w', '-n', site.getsitepackages()[0] + '/pyonapp']))";
        run(Command::new(&python).args(["-c", translate]))?;
        found()?;
    }
    Ok(python)
}

#[test]
fn every_call_of_pyonapp_passes() {
    calls("pyonapp 1.1.1", pyonapp(), "cloudflow", "pyonapp_calls.py");
}

/// The titles of the tests of a file that passed, and of those that failed with their reasons.
#[derive(Debug, Default)]
struct Told {
    passed: BTreeSet<String>,
    failed: BTreeMap<String, String>,
    /// The one that failed last, whose reason goes on.
    last: Option<String>,
}

impl Told {
    fn number(&self) -> usize {
        self.passed.len() + self.failed.len()
    }

    /// Takes a line of mocha's reporter `tap`: `ok 1 TITLE`, `not ok 2 TITLE`, or more about it.
    fn take(&mut self, line: &str) {
        let title = |rest: &str| {
            let title = rest.split_once(' ').map_or("", |(_, title)| title);
            title.trim().to_owned()
        };
        if let Some(rest) = line.strip_prefix("ok ") {
            self.passed.insert(title(rest));
        } else if let Some(rest) = line.strip_prefix("not ok ") {
            self.last = Some(title(rest));
            self.failed.insert(title(rest), String::new());
        } else if let Some(reason) = self
            .last
            .as_ref()
            .and_then(|last| self.failed.get_mut(last))
        {
            reason.push_str(line.trim());
        }
    }
}

/// Runs one file of the suite until so many of its tests are told. What comes after is clean-up, in which one file
/// waits for ever: for a network that it has just taken away.
fn told(package: &Path, name: &str, tests: usize) -> Told {
    let panel = simulated("cloudpanel");
    let mut mocha = Command::new("node")
        .arg("-r")
        .arg(here().join("tests/foreign/liboneandone.js"))
        .arg(package.join("../mocha/bin/_mocha"))
        .args(["--no-colors", "--reporter", "tap"])
        .arg(package.join(format!("test/{name}.js")))
        .current_dir(package)
        .env("CLIENT", package.join("lib/liboneandone.js"))
        .env("ENDPOINT", &panel.urls[0])
        .env("ONEANDONE_TOKEN", &panel.token)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(mocha.stdout.take().unwrap());
    let (send, receive) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    let (mut told, began) = (Told::default(), Instant::now());
    while told.number() < tests {
        let left = PATIENCE.saturating_sub(began.elapsed());
        let Ok(line) = receive.recv_timeout(left) else {
            break;
        };
        told.take(&line);
    }
    drop(receive);
    // It may have ended by itself.
    let _ = mocha.kill();
    mocha.wait().unwrap();
    reader.join().unwrap();
    told
}

/// The folder of the npm package, with what it needs beside it.
fn suite() -> Result<PathBuf, String> {
    let folder = folder("liboneandone-1.2.0");
    let package = folder.join("node_modules/liboneandone");
    if package.join("test").is_dir() {
        return Ok(package);
    }
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let words = ["install", "--no-audit", "--no-fund", "--silent", "--prefix"];
    run(Command::new("npm")
        .args(words)
        .arg(&folder)
        .arg("liboneandone@1.2.0"))?;
    Ok(package)
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
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Told::default());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some((name, tests)) = SUITE.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let told = told(&package, name, *tests);
                    assert_eq!(told.number(), *tests, "{name}: {told:?}");
                    let mut all = all.lock().unwrap();
                    all.passed.extend(told.passed);
                    all.failed.extend(told.failed);
                }
            });
        }
    });
    let all = all.into_inner().unwrap();
    let (passed, number) = (all.passed.len(), all.number());
    println!("liboneandone 1.2.0: {passed} of {number} tests pass");
    let titles: Vec<&str> = all.failed.keys().map(String::as_str).collect();
    assert_eq!(titles, OTHERWISE, "{:?}", all.failed);
    let tests: usize = SUITE.iter().map(|(_, tests)| tests).sum();
    assert_eq!(number, tests, "a title stands twice");
}
