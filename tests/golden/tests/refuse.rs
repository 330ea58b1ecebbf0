//! What is wrong with a document is said in full: every kind of complaint has a case.

use std::collections::BTreeSet;

use verbatim_codegen::generate;
use verbatim_codegen::problem::{TABLES, explain};
use verbatim_golden::case::{Case, cases, shown};
use verbatim_golden::golden;
use verbatim_source::{Sources, render};

/// Kinds that no document of a case can have, each with the reason.
const WITHOUT_CASE: &[(&str, &str)] = &[
    (
        "E0002",
        "needs a file of more than 96 MiB; the tests of bounds make one in memory",
    ),
    (
        "E0022",
        "a mistake of the program, which no document can cause",
    ),
];

/// Everything that is said about a document.
fn diagnostics(case: &Case) -> String {
    let (input, options) = match case.decided() {
        Ok(decided) => decided,
        Err(problem) => return render(&problem, &Sources::new()),
    };
    match options.and_then(|options| generate(&input, &options)) {
        Ok(output) => {
            let count = output
                .report
                .problems
                .iter()
                .filter(|problem| problem.is_error())
                .count();
            let shown = shown(&output.report.problems, &input);
            format!("{shown}\n{count} errors; {}\n", output.report)
        }
        Err(problems) => format!("{}\nnothing was made\n", shown(&problems, &input)),
    }
}

#[test]
fn every_complaint_is_shown_as_expected() {
    let mut differences = Vec::new();
    for case in cases("refuse") {
        let made = diagnostics(&case);
        let path = case.folder.join("expected.txt");
        if golden::is_blessing() {
            std::fs::write(&path, made).expect("a file that can be written");
            continue;
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some(difference) = golden::difference(&expected, &made) {
            differences.push(format!("{}: {difference}", case.name));
        }
    }
    assert!(
        differences.is_empty(),
        "{}\nrun `BLESS=1 cargo test -p verbatim-golden --test refuse` and look at the changes",
        differences.join("\n")
    );
}

#[test]
fn every_kind_has_a_case() {
    let mut wanting: BTreeSet<&str> = TABLES
        .iter()
        .copied()
        .flatten()
        .map(|entry| entry.code)
        .collect();
    for (code, _) in WITHOUT_CASE {
        assert!(wanting.remove(code), "{code} is no code");
    }
    for case in cases("refuse") {
        let Some(code) = case.name.split('_').next().map(str::to_ascii_uppercase) else {
            continue;
        };
        let said = diagnostics(&case);
        let is_code = code.len() == 5
            && code.starts_with('E')
            && code[1..].bytes().all(|byte| byte.is_ascii_digit());
        if is_code {
            assert!(said.contains(&format!("[{code}]")), "{}: {said}", case.name);
        }
        wanting.remove(code.as_str());
    }
    assert!(wanting.is_empty(), "no case for {wanting:?}");
}

#[test]
fn every_complaint_says_where_and_what_to_do() {
    for case in cases("refuse") {
        let said = diagnostics(&case);
        assert!(said.contains("help: "), "{}: {said}", case.name);
        assert!(!said.contains('\u{1b}'), "{}: colours", case.name);
    }
    for entry in TABLES.iter().copied().flatten() {
        assert!(explain(entry).contains(entry.remedy));
    }
}
