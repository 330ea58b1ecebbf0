//! Clients of the vendor's time, unchanged, through the proxy to the simulated Cloud Panel: the `PyPI` packages
//! `1and1` 1.8.0 and `apache-libcloud` 3.6.1. They know nothing of the proxy, and each of the thirty faults that
//! their traffic touches is found. The tests install them below the target folder, and say so where they cannot.

#[path = "../../tests/require.rs"]
mod require;

#[path = "simulator/list.rs"]
mod list;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::thread;

use serde_json::Value;
use verbatim_simulator::{Pace, Server, Settings, Simulator};

/// A package, and what of the thirty its traffic cannot show.
struct Client {
    package: &'static str,
    folder: &'static str,
    needs: &'static [&'static str],
    import: &'static str,
    script: &'static str,
    /// The faults by name, with the reason.
    untouched: &'static [(&'static str, &'static str)],
}

const NO_METHOD: &str = "it sends no method that a path does not have";
const GOES_ON: &str = "the service removes later, and may show until then what is to be removed";
const NO_QUERY: &str = "it lists without a query";

const ONEANDONE: Client = Client {
    package: "1and1==1.8.0",
    folder: "1and1-1.8.0",
    needs: &["setuptools<80"],
    import: "import importlib.util as it, requests; assert it.find_spec('oneandone')",
    script: "balancers_1and1.py",
    untouched: &[
        ("404 instead of 405", NO_METHOD),
        ("deleted still there", GOES_ON),
        (
            "missing accepted",
            "it sends every member, null where there is nothing",
        ),
    ],
};

const LIBCLOUD: Client = Client {
    package: "apache-libcloud==3.6.1",
    folder: "libcloud-3.6.1",
    needs: &[],
    import: "import libcloud",
    script: "balancers_libcloud.py",
    untouched: &[
        ("404 instead of 405", NO_METHOD),
        ("deleted still there", GOES_ON),
        ("credentials not checked", "it always sends a token"),
        ("pages off by one", NO_QUERY),
        ("page length ignored", NO_QUERY),
        ("sort ignored", NO_QUERY),
        ("search ignored", NO_QUERY),
        ("fields ignored", NO_QUERY),
    ],
};

impl Client {
    /// The Python of an environment that has the package, which other tests use too.
    fn python(&self) -> Result<PathBuf, String> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.folder);
        let python = folder.join("bin/python");
        let has = |python: &Path| run(Command::new(python).args(["-c", self.import]));
        if has(&python).is_ok() {
            return Ok(python);
        }
        let made = run(Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder));
        if let Err(why) = made {
            require::skipped("python", "there is no python3 with venv");
            return Err(why);
        }
        let install = "-m pip install --quiet --disable-pip-version-check --retries 1 --timeout 20";
        run(Command::new(&python)
            .args(install.split(' '))
            .args(self.needs)
            .arg(self.package))?;
        has(&python)?;
        Ok(python)
    }

    /// Runs the script against a server, and gives what the proxy in between has to say.
    fn judged(&self, python: &Path, fault: &str) -> Value {
        let simulator = simulator(fault);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
        let server = runtime.block_on(Server::bind(Arc::clone(&simulator), 0));
        let server = server.expect("there is a port");
        let target = server.url();
        runtime.spawn(server.serve());
        let proxy = Proxy::start(&target);
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/clients")
            .join(self.script);
        let output = Command::new(python)
            .arg(script)
            .args([&proxy.url, simulator.token()])
            .output();
        let output = output.expect("Python starts");
        assert!(output.status.success(), "{fault}: {}", complaint(&output));
        proxy.stop()
    }

    fn finds_what_it_touches(&self) {
        let python = match self.python() {
            Ok(python) => python,
            Err(reason) => {
                println!("skipped: {}: {reason}", self.package);
                return;
            }
        };
        let healthy = keys(&self.judged(&python, "[]"));
        // The client's own mistakes are told, and nothing of the server.
        let own = |key: &&String| !key.starts_with("request ");
        let unwanted: Vec<_> = healthy.iter().filter(own).collect();
        assert!(unwanted.is_empty(), "{unwanted:#?}");
        let faults = list::faults();
        assert_eq!(faults.len(), 30);
        let mut missed = Vec::new();
        for planted in &faults {
            let reason = self
                .untouched
                .iter()
                .find(|(name, _)| *name == planted.name);
            if reason.is_some() {
                continue;
            }
            let found = keys(&self.judged(&python, planted.fault));
            // Traffic that somebody else makes may show a fault first at another operation.
            let wanted = format!("{} ", planted.kind);
            let mut fresh = found.difference(&healthy);
            if !fresh.any(|key| key.starts_with(&wanted)) {
                let fresh: Vec<_> = found.difference(&healthy).collect();
                missed.push(format!(
                    "{}: {wanted}of {} is not among {fresh:?}",
                    planted.name, planted.operation
                ));
            }
        }
        let touched = faults.len() - self.untouched.len();
        println!(
            "{}: {} of {touched} found through the proxy",
            self.package,
            touched - missed.len()
        );
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }
}

/// Runs a command, or says why it cannot be run.
fn run(command: &mut Command) -> Result<Output, String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(output),
        Ok(output) => Err(complaint(&output)),
        Err(error) => Err(error.to_string()),
    }
}

fn complaint(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().last().unwrap_or_default().to_owned()
}

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/cloudpanel/openapi.json")
}

fn simulator(fault: &str) -> Arc<Simulator> {
    let settings = Settings {
        pace: Pace::Instant,
        rate_limit: false,
        ..Settings::default()
    };
    let simulator = Simulator::open(&document(), None, settings).expect("it can be simulated");
    let request = http::Request::builder()
        .method("POST")
        .uri("/__simulator/faults")
        .body(bytes::Bytes::from(fault.to_owned()))
        .expect("the request is complete");
    let status = simulator.handle(&request).response.status();
    assert_eq!(status, 200, "{fault}");
    Arc::new(simulator)
}

fn keys(report: &Value) -> BTreeSet<String> {
    let findings = report["findings"].as_array().expect("there is a list");
    let key = |finding: &Value| Some(finding["key"].as_str()?.to_owned());
    findings.iter().filter_map(key).collect()
}

/// The proxy, as its user starts and ends it.
struct Proxy {
    child: Child,
    url: String,
    reader: Option<thread::JoinHandle<()>>,
}

impl Drop for Proxy {
    /// A test that fails leaves nothing behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Proxy {
    fn start(target: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_conform"))
            .arg("--spec")
            .arg(document())
            .args(["--format", "json", "--proxy", target])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut told = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut first = String::new();
        told.read_line(&mut first).expect("it speaks");
        let url = first.trim().strip_prefix("listening: ");
        let url = url.expect("it says where").to_owned();
        // What it tells is read to its end, so that it never waits for a reader.
        let reader = thread::spawn(move || {
            let mut rest = String::new();
            told.read_to_string(&mut rest).expect("it is text");
        });
        Self {
            child,
            url,
            reader: Some(reader),
        }
    }

    fn stop(mut self) -> Value {
        let stopped = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status();
        assert!(stopped.is_ok_and(|status| status.success()));
        let mut report = Vec::new();
        let mut out = self.child.stdout.take().expect("it is piped");
        out.read_to_end(&mut report).expect("it is read");
        self.child.wait().expect("it ends");
        let reader = self.reader.take().expect("it stops once");
        reader.join().expect("the reader ends");
        serde_json::from_slice(&report).expect("the report is JSON")
    }
}

#[test]
fn faults_are_found_through_the_proxy_with_1and1() {
    ONEANDONE.finds_what_it_touches();
}

#[test]
fn faults_are_found_through_the_proxy_with_libcloud() {
    LIBCLOUD.finds_what_it_touches();
}
