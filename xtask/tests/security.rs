//! The promises of `docs/security.md`: each names tests, and those tests are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use verbatim_proof::workspace;

/// All files of Rust below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

/// The folders of the packages, by name.
fn packages() -> BTreeMap<String, PathBuf> {
    let root = workspace();
    let text = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    let members = manifest["workspace"]["members"].as_array().unwrap();
    let folders = members.iter().map(|it| root.join(it.as_str().unwrap()));
    let named = folders.map(|folder| {
        let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let name = manifest["package"]["name"].as_str().unwrap().to_owned();
        (name, folder)
    });
    named.collect()
}

/// Whether a file has a test of this name.
fn has_test(path: &Path, name: &str) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declares = |line: &str| {
        let line = line.trim_start_matches("async ");
        line.strip_prefix("fn ").is_some_and(|rest| {
            rest.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('('))
        })
    };
    // Tests of `proptest!` have the attribute too, perhaps with more between.
    lines.iter().enumerate().any(|(at, line)| {
        let before = &lines[at.saturating_sub(5)..at];
        declares(line)
            && before
                .iter()
                .any(|it| it.starts_with("#[test]") || it.starts_with("#[tokio::test"))
    })
}

/// Why a mention `-p PACKAGE --test FILE NAME` or `-p PACKAGE --lib NAME` names no test.
fn missing(packages: &BTreeMap<String, PathBuf>, mention: &str) -> Option<String> {
    let words: Vec<&str> = mention.split_whitespace().collect();
    let (package, name, file) = match words.as_slice() {
        ["-p", package, "--test", file, name] => (package, name, Some(*file)),
        ["-p", package, "--lib" | "--bins", name] => (package, name, None),
        _ => {
            return Some("it is neither `-p PACKAGE --test FILE NAME` nor `--lib NAME`".to_owned());
        }
    };
    let Some(folder) = packages.get(*package) else {
        return Some(format!("there is no package {package}"));
    };
    let mut files = Vec::new();
    match file {
        Some(file) => {
            let path = folder.join("tests").join(format!("{file}.rs"));
            if !path.is_file() {
                return Some(format!("there is no {}", path.display()));
            }
            files.push(path);
            sources(&folder.join("tests").join(file), &mut files);
        }
        None => sources(&folder.join("src"), &mut files),
    }
    let found = files.iter().any(|path| has_test(path, name));
    (!found).then(|| format!("there is no test {name}"))
}

fn document() -> String {
    fs::read_to_string(workspace().join("docs/security.md")).unwrap()
}

#[test]
fn every_test_that_is_named_is_there() {
    let packages = packages();
    let document = document();
    let quoted = document.split('`').skip(1).step_by(2);
    let mentions: Vec<&str> = quoted.filter(|text| text.starts_with("-p ")).collect();
    assert!(mentions.len() > 60, "{}", mentions.len());
    let missing = mentions.iter().filter_map(|mention| {
        let why = missing(&packages, mention)?;
        Some(format!("{mention}: {why}"))
    });
    let missing: Vec<String> = missing.collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    for wrong in [
        "-p verbatim-runtime --test threats threat_99",
        "-p verbatim-nothing --lib threat_12",
        "-p verbatim-runtime --test nothing threat_12",
        "-p verbatim-runtime threat_12",
    ] {
        assert!(self::missing(&packages, wrong).is_some(), "{wrong}");
    }
}

#[test]
fn every_promise_has_a_row_with_its_tests() {
    let document = document();
    for (heading, count) in [("## Promises", 16), ("## Threats", 25)] {
        let after = document.split(heading).nth(1).expect(heading);
        let section = after.split("\n## ").next().unwrap_or(after);
        let rows: Vec<Vec<&str>> = section
            .lines()
            .filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit())
            .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
            .collect();
        let mut numbers: Vec<usize> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
        numbers.dedup();
        assert_eq!(numbers, (1..=count).collect::<Vec<_>>(), "{heading}");
        for row in rows {
            let [_, promise, bound, tests] = row.as_slice() else {
                panic!("a row has number, promise, bound and tests: {row:?}");
            };
            assert!(promise.len() > 20 && !bound.is_empty(), "{row:?}");
            assert!(tests.contains("`-p "), "{row:?}");
        }
    }
}
