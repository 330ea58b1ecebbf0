//! No text of a document, nor of the settings, changes what emitted files are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use verbatim_codegen::document::Spanned;
use verbatim_codegen::problem::Problem;
use verbatim_codegen::settings::{Entry, Settings};
use verbatim_codegen::{Options, Output};
use verbatim_golden::case::{alone, generate_text};
use verbatim_golden::payload::PAYLOADS;
use verbatim_golden::structure::{Counts, counts, tokens};
use verbatim_source::{Source, Span, Value, write};

/// A document with a mark in every place that takes a text: `@title@`.
const TEMPLATE: &str = include_str!("template.json");

/// Marks whose texts decide how something is sent or whether it is checked, so that other items come of them.
const MEANINGFUL: &[&str] = &[
    "media",
    "path",
    "server-url",
    "group",
    "method",
    "format",
    "content-media",
    "pattern",
];

/// The marks of the template in their order.
fn marks() -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    let parts = TEMPLATE.split('@').skip(1).step_by(2);
    parts
        .filter(|mark| *mark != "schema-ref" && seen.insert(*mark))
        .collect()
}

/// The document with harmless words at its marks, and a payload at one of them, or at all.
fn document(at: Option<&str>, payload: &str) -> String {
    let mut text = String::new();
    for (index, part) in TEMPLATE.split('@').enumerate() {
        if index % 2 == 0 {
            text.push_str(part);
            continue;
        }
        let mark = if part == "schema-ref" { "schema" } else { part };
        let harmless = format!("word{}", mark.replace('-', ""));
        let is_here = at.is_none_or(|at| at == mark);
        let inside = if is_here {
            format!("{harmless}{payload}")
        } else {
            harmless
        };
        let inside = if part == "schema-ref" {
            fragment(&inside)
        } else {
            inside
        };
        let quoted = write::compact(&Value::String(inside));
        text.push_str(
            quoted
                .trim()
                .trim_start_matches('"')
                .strip_suffix('"')
                .unwrap_or_default(),
        );
    }
    text
}

/// A name as a part of the fragment of a reference.
fn fragment(name: &str) -> String {
    let pointer = name.replace('~', "~0").replace('/', "~1");
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    pointer.bytes().map(escaped).collect()
}

/// What is made of a document, which must be files or located complaints.
fn made(what: &str, text: &str) -> Option<Output> {
    let run = || generate_text(text.to_owned(), "hostile");
    let outcome: Result<Output, Vec<Problem>> = catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| panic!("{what} ended in a panic:\n{text}"));
    let problems = match &outcome {
        Ok(output) => &output.report.problems,
        Err(problems) => problems,
    };
    for problem in problems.iter().filter(|problem| problem.is_error()) {
        assert!(
            !problem.diagnostic.labels.is_empty(),
            "{what}: {}",
            problem.diagnostic.message
        );
    }
    outcome.ok()
}

/// Checks what holds of all files, whatever the document says.
fn check(what: &str, output: &Output) -> (Counts, String) {
    let mut all = Counts::new();
    let mut shape = String::new();
    let mut folded = BTreeMap::new();
    for (path, text) in &output.tree {
        let plain = |each: char| each.is_ascii_alphanumeric() || "_./-".contains(each);
        assert!(
            path.chars().all(plain) && !path.contains("..") && !path.starts_with('/'),
            "{what}: {path}"
        );
        assert!(
            folded.insert(path.to_lowercase(), path).is_none(),
            "{what}: {path} twice"
        );
        let strange = text
            .chars()
            .find(|each| (each.is_control() && *each != '\n') || is_invisible(*each));
        assert!(strange.is_none(), "{what}: {path} holds {strange:?}");
        let found = counts(text).unwrap_or_else(|error| panic!("{what}: {path}: {error}\n{text}"));
        for (sort, count) in found {
            *all.entry(sort).or_default() += count;
        }
        shape.push_str(&tokens(text).expect("tokens of Rust"));
        assert_eq!(
            tests_of_docs(text),
            tests_of_own(text),
            "{what}: {path} has tests in its documentation\n{text}"
        );
    }
    (all, shape)
}

/// Characters that change the direction of reading, or are seen as line breaks by some and not by others.
fn is_invisible(each: char) -> bool {
    matches!(each, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{85}')
}

/// Blocks of code in documentation that rustdoc would compile: opened by fences without `text`.
fn tests_of_docs(text: &str) -> usize {
    let docs = text.lines().filter_map(|line| {
        line.trim_start()
            .strip_prefix("///")
            .or(line.trim_start().strip_prefix("//!"))
    });
    let mut open = false;
    let mut found = 0;
    for line in docs {
        let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let is_indented = !open && line.starts_with("     ");
        if is_fence && !open {
            found += usize::from(!line.trim_start().starts_with("```text"));
        }
        if is_fence {
            open = !open;
        }
        found += usize::from(is_indented);
    }
    found + usize::from(open)
}

/// Examples that the generator wrote itself.
fn tests_of_own(text: &str) -> usize {
    text.lines()
        .filter(|line| line.trim() == "/// ```no_run")
        .count()
}

/// How many names, literals and marks of attributes and macros there are; the layout decides about commas and braces.
fn weight(shape: &str) -> [usize; 4] {
    ['i', 'l', '#', '!'].map(|sort| shape.matches(sort).count())
}

#[test]
fn every_place_takes_every_payload() {
    let marks = marks();
    assert!(
        marks.len() >= 40 && PAYLOADS.len() >= 40,
        "{} places, {} texts",
        marks.len(),
        PAYLOADS.len()
    );
    let twin = check(
        "the harmless twin",
        &made("the harmless twin", &document(Some("none"), "")).expect("files"),
    );
    let mut runs = 0;
    let mut refused = 0;
    for (place, mark) in marks.iter().enumerate() {
        // Every text stands in every place together with itself in all others; alone, in each place an eighth of them.
        for payload in PAYLOADS.iter().skip(place % 8).step_by(8) {
            let what = format!("{payload:?} as {mark}");
            runs += 1;
            let Some(output) = made(&what, &document(Some(mark), payload)) else {
                refused += 1;
                continue;
            };
            let (found, shape) = check(&what, &output);
            let is_whole = output.report.refusals.is_empty()
                && !output.report.problems.iter().any(Problem::is_error);
            if MEANINGFUL.contains(mark) || !is_whole {
                let names: BTreeSet<&String> = found.keys().collect();
                let known: BTreeSet<&String> = twin.0.keys().collect();
                let added: Vec<&&String> = names
                    .difference(&known)
                    .filter(|name| !name.starts_with("item "))
                    .collect();
                assert!(added.is_empty(), "{what} added {added:?}");
            } else {
                assert_eq!(found, twin.0, "{what} changed what the files are made of");
                assert_eq!(weight(&shape), weight(&twin.1), "{what} changed the tokens");
            }
        }
    }
    println!(
        "{} places, {} texts, {runs} documents, {refused} refused as a whole",
        marks.len(),
        PAYLOADS.len()
    );
}

#[test]
fn a_payload_may_stand_everywhere_at_once() {
    let twin = made("the harmless twin", &document(Some("none"), "")).expect("files");
    let known: BTreeSet<String> = check("the harmless twin", &twin).0.into_keys().collect();
    for payload in PAYLOADS {
        let what = format!("{payload:?} everywhere");
        if let Some(output) = made(&what, &document(None, payload)) {
            let names: BTreeSet<String> = check(&what, &output).0.into_keys().collect();
            let added: Vec<&String> = names
                .difference(&known)
                .filter(|name| !name.starts_with("item "))
                .collect();
            assert!(added.is_empty(), "{what} added {added:?}");
        }
    }
}

#[test]
fn what_belongs_to_a_crate_is_plain_too() {
    let mut known = None;
    for version in [
        "",
        "2026-03",
        "master - might contain changes\n[dependencies]\nevil = \"1\"",
    ] {
        let text = TEMPLATE.replace(
            "@version@",
            &version.replace('\n', "\\n").replace('"', "\\\""),
        );
        let input = alone(Source::new("spec.json", text));
        let options = verbatim_codegen::Options {
            layout: verbatim_codegen::Layout::Crate {
                runtime: verbatim_codegen::Runtime::Shared("\"0.1\"".to_owned()),
            },
            ..verbatim_golden::case::options("plain")
        };
        let tree = verbatim_codegen::generate(&input, &options)
            .expect("files")
            .tree;
        let manifest = &tree["Cargo.toml"];
        let manifest: toml::Table = manifest.parse().expect("a manifest");
        let package = manifest["package"].as_table().expect("a package");
        assert_eq!(package["version"].as_str(), Some("0.1.0"), "{manifest}");
        let dependencies = manifest["dependencies"].as_table().expect("dependencies");
        let names: Vec<&String> = dependencies.keys().collect();
        assert_eq!(names, ["verbatim-runtime"], "{manifest}");
        assert!(!package.contains_key("build"), "{manifest}");
        assert!(!tree.contains_key("build.rs"));
        let tables = manifest.keys().cloned().collect::<Vec<_>>();
        assert_eq!(*known.get_or_insert_with(|| tables.clone()), tables);
    }
}

/// Settings in which one text is a payload, by the place of the text.
fn spoilt(payload: &str) -> Vec<(&'static str, Settings)> {
    let text = |value: &str| Spanned {
        value: value.to_owned(),
        span: Span::NONE,
    };
    let becomes = |of: &str| {
        vec![Entry {
            of: text(of),
            to: text(payload),
        }]
    };
    let mut places = Vec::new();
    let mut add = |place, decide: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        decide(&mut settings);
        places.push((place, settings));
    };
    add("client", &|it| it.client = Some(text(payload)));
    add("rename.types", &|it| {
        it.rename.types = becomes("wordschema");
    });
    add("rename.fields", &|it| {
        it.rename.fields = becomes("wordschema.wordproperty");
    });
    add("rename.groups", &|it| it.rename.groups = becomes("wordtag"));
    add("rename.methods", &|it| {
        it.rename.methods = becomes("wordoperationid");
    });
    add("types", &|it| it.types = becomes("wordschema"));
    add("formats", &|it| it.formats = becomes("wordformat"));
    add("derives", &|it| it.derives = vec![text(payload)]);
    add("derives_of", &|it| it.derives_of = becomes("wordschema"));
    places
}

#[test]
fn settings_take_no_payload() {
    let harmless = document(Some("none"), "");
    let known = check(
        "the harmless twin",
        &made("the twin", &harmless).expect("files"),
    )
    .0;
    let mut refused = 0;
    for payload in PAYLOADS {
        for (place, settings) in spoilt(payload) {
            let what = format!("{payload:?} in {place}");
            let input = alone(Source::new("spec.json", harmless.clone()));
            let options = Options {
                settings,
                ..verbatim_golden::case::options("hostile")
            };
            match verbatim_codegen::generate(&input, &options) {
                Ok(output) => {
                    let found = check(&what, &output).0;
                    let added = found.keys().filter(|name| !known.contains_key(*name));
                    let added: Vec<&String> =
                        added.filter(|name| !name.starts_with("item ")).collect();
                    assert!(added.is_empty(), "{what} added {added:?}");
                }
                Err(problems) => {
                    refused += 1;
                    assert!(problems.iter().all(Problem::is_error), "{what}");
                }
            }
        }
    }
    println!("{refused} refused");
    assert!(refused > PAYLOADS.len(), "{refused}");
}
