//! The files that are emitted for the accept cases are those that are expected.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use verbatim_codegen::{generate, generate_once};
use verbatim_golden::case::{Case, beside, cases, shown};
use verbatim_golden::golden;

#[test]
fn emitted_files_are_as_expected() {
    let cases = cases("accept");
    assert!(cases.len() >= 30, "{} cases", cases.len());
    let mut differences = Vec::new();
    for case in &cases {
        let found = golden::compare(&case.folder.join("expected"), &case.output().tree);
        differences.extend(
            found
                .into_iter()
                .map(|difference| format!("{}/{difference}", case.name)),
        );
        let expected = case.folder.join("warnings.txt");
        let warnings = warnings(case);
        let known = std::fs::read_to_string(&expected).unwrap_or_default();
        if golden::is_blessing() && !warnings.is_empty() {
            std::fs::write(&expected, &warnings).expect("a file that can be written");
        } else if golden::is_blessing() && expected.is_file() {
            std::fs::remove_file(&expected).expect("a file that can be removed");
        } else if let Some(difference) = golden::difference(&known, &warnings) {
            differences.push(format!("{}/warnings.txt: {difference}", case.name));
        }
    }
    assert!(
        differences.is_empty(),
        "{}\nrun `BLESS=1 cargo test -p verbatim-golden --test goldens` and look at the changes",
        differences.join("\n")
    );
}

#[test]
fn a_document_that_is_let_go_of_gives_the_same_files() {
    for case in cases("accept").iter().step_by(7) {
        let Ok((mut input, Ok(options))) = case.decided() else {
            panic!("{} is accepted", case.name);
        };
        let output = generate_once(&mut input, &options);
        let output = output.unwrap_or_else(|problems| panic!("{}", shown(&problems, &input)));
        assert_eq!(output.tree, case.output().tree, "{}", case.name);
        assert!(
            generate(&input, &options).is_err(),
            "{} is still there",
            case.name
        );
    }
}

/// What is said about an accepted document: warnings, and what is left out or free-form.
fn warnings(case: &Case) -> String {
    let input = case.input().expect("a text");
    let report = case.output().report;
    let mut text = shown(&report.problems, &input);
    let summary = report.to_string();
    for line in summary.lines().skip(1) {
        let _ = writeln!(text, "{}", line.trim_start());
    }
    text
}

#[test]
fn all_cases_are_compiled() {
    let mut modules =
        "\n/// What the clients are made of.\npub use verbatim_runtime as runtime;\n".to_owned();
    for Case { name, .. } in cases("accept") {
        let _ = write!(
            modules,
            "\n#[path = \"../{name}/expected\"]\nmod of_{name} {{\n    #[rustfmt::skip]\n    pub mod {name};\n}}\n\
             pub use of_{name}::{name};\n"
        );
    }
    let text = format!(
        "//! The clients of all accept cases, compiled together with warnings denied.\n//!\n\
         //! Written by `BLESS=1 cargo test -p verbatim-golden --test goldens`; do not edit.\n\n\
         #![deny(warnings)]\n#![allow(clippy::pedantic, reason = \"emitted files answer to the usual rules\")]\n\
         #![allow(\n    clippy::large_enum_variant,\n    reason = \"variants are as large as the documented replies\"\n)]\n{modules}"
    );
    let made = BTreeMap::from([("lib.rs".to_owned(), text)]);
    let differences = golden::compare(&beside("accept").join("src"), &made);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn two_runs_give_the_same_bytes() {
    for case in cases("accept") {
        assert_eq!(case.output().tree, case.output().tree, "{}", case.name);
    }
}
