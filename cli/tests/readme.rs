//! The program in the README of an emitted crate, compiled and run as it stands there: with the dependencies and the
//! environment variables that the README names, against a simulator of the document.
#![cfg(feature = "judges")]

#[path = "programs/simulator.rs"]
mod simulator;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use simulator::Simulator;
use verbatim_proof::{outside, workspace};

/// Cases of `tests/accept`: one with credentials, and two without, whose first calls return nothing and a list.
const CASES: [&str; 3] = ["security_schemes", "server_variables", "wrapped_roots"];

fn said(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(error)
    )
}

/// What a README says.
struct Readme(String);

impl Readme {
    /// The first block of code in a language.
    fn block(&self, language: &str) -> &str {
        let (_, rest) = self
            .0
            .split_once(&format!("```{language}\n"))
            .expect("a block");
        rest.split_once("```").expect("its end").0
    }

    /// The names of variables in the part of the sentence that ends with a purpose.
    fn variables(&self, purpose: &str) -> Vec<&str> {
        let (_, list) = self
            .0
            .split_once("reads environment variables: ")
            .expect("a list");
        let (list, _) = list.split_once("`. `").unwrap_or((list, ""));
        let part = list.split(';').find_map(|part| part.split_once(purpose));
        let names = part.map(|(names, _)| names.split('`').skip(1).step_by(2));
        names.into_iter().flatten().collect()
    }
}

fn generated(folder: &Path, case: &str) -> Readme {
    let spec = workspace()
        .join("tests/accept")
        .join(case)
        .join("spec.yaml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_verbatim"));
    command.arg("generate").arg("--spec").arg(spec);
    command.arg("--out").arg(folder.join(case));
    let output = command.current_dir(folder).output().expect("it runs");
    assert!(output.status.success(), "{case}: {}", said(&output));
    Readme(fs::read_to_string(folder.join(case).join("README.md")).expect("a README"))
}

/// The package of a program that does what the README says.
fn package(folder: &Path, case: &str, readme: &Readme) {
    let dependencies = readme.block("toml");
    assert!(dependencies.contains("path = \"…\""), "{dependencies}");
    let dependencies = dependencies.replace("\"…\"", &format!("\"../{case}\""));
    let manifest = format!(
        "[package]\nname = \"readme-{case}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{dependencies}"
    );
    let package = folder.join(format!("readme-{case}"));
    fs::create_dir_all(package.join("src")).expect("a folder");
    fs::write(package.join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(package.join("src/main.rs"), readme.block("rust,no_run")).expect("a program");
}

#[test]
fn the_program_of_a_readme_runs_with_the_variables_that_it_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let readmes = CASES.map(|case| {
        let readme = generated(folder, case);
        package(folder, case, &readme);
        (case, readme)
    });
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"readme-*\"]\n";
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    // The versions proved here are the ones that the workspace is locked to.
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let mut cargo = outside();
    let built = cargo
        .args(["build", "--quiet"])
        .current_dir(folder)
        .output();
    let built = built.expect("cargo runs");
    assert!(built.status.success(), "{}", said(&built));

    for (case, readme) in &readmes {
        let simulator = Simulator::of(
            &workspace()
                .join("tests/accept")
                .join(case)
                .join("spec.yaml"),
        );
        let file = format!("readme-{case}{}", std::env::consts::EXE_SUFFIX);
        let program = workspace().join("target/outside/debug").join(file);
        let run = |variables: &[(&str, &str)]| {
            let mut command = Command::new(&program);
            command.envs(variables.iter().copied()).current_dir(folder);
            command.output().expect("the program runs")
        };
        let addresses = readme.variables("for another address");
        let [address] = addresses.as_slice() else {
            panic!("{case}: one variable is for the address, not {addresses:?}");
        };
        let address = (*address, simulator.address.as_str());
        let credentials = readme.variables("for the credential");
        let Some(token) = credentials.first() else {
            assert_ne!(*case, "security_schemes", "it needs a credential");
            let output = run(&[address]);
            assert!(output.status.success(), "{case}: {}", said(&output));
            continue;
        };
        let output = run(&[address, (token, &simulator.token)]);
        assert!(output.status.success(), "{case}: {}", said(&output));
        // Whoever forgets it reads what is missing; whoever mistypes it, what the server said.
        let forgotten = said(&run(&[address]));
        assert!(forgotten.contains(token), "{case}: {forgotten}");
        let wrong = run(&[address, (token, "wrong")]);
        assert!(!wrong.status.success(), "{case}");
        assert!(said(&wrong).contains("401"), "{case}: {}", said(&wrong));
    }
}
