//! A client written elsewhere, unchanged: the `PyPI` package `apache-libcloud` 3.6.1 with its 1and1
//! driver, each of its calls. The test makes an environment for it below the target folder, and says so where Python or
//! the package index is not there.

#[path = "../../require.rs"]
mod require;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use verbatim_simulator::{Pace, Server, Settings, Simulator};

const PACKAGE: &str = "apache-libcloud==3.6.1";

/// The Python of an environment that has the package; `None`, with the reason, where there is none.
fn python() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libcloud-3.6.1");
    let python = folder.join("bin/python");
    let has_package = || {
        let checked = Command::new(&python)
            .args(["-c", "import libcloud"])
            .output();
        checked.is_ok_and(|output| output.status.success())
    };
    if has_package() {
        return Ok(python);
    }
    let run = |command: &mut Command, what: &str| match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{what}: {}", complaint(&output))),
        Err(error) => Err(format!("{what}: {error}")),
    };
    let made = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder)
        .output();
    if !made.is_ok_and(|output| output.status.success()) {
        let why = "there is no python3 with venv";
        require::skipped("python", why);
        return Err(why.to_owned());
    }
    run(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--retries", "1", "--timeout", "20", PACKAGE]),
        "the package cannot be installed",
    )?;
    if has_package() {
        Ok(python)
    } else {
        Err("the package was installed and cannot be imported".to_owned())
    }
}

fn complaint(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn every_call_of_libcloud_passes() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => {
            println!("skipped: {PACKAGE}: {reason}");
            return;
        }
    };
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
    let output = Command::new(python)
        .arg(here.join("tests/libcloud/panel.py"))
        .args([url.as_str(), simulator.token()])
        .output()
        .unwrap();
    let (told, complained) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{told}\n{complained}");
    println!("{told}");
}
