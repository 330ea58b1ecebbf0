//! The lines that are shown for the commands of a document are understood by the command line.
#![cfg(feature = "document")]

use std::path::{Path, PathBuf};
use verbatim_call::Shape;
use verbatim_call::commands;
use verbatim_call::home::Home;
use verbatim_call::program::{self, Surroundings};
use verbatim_call::table::{Api, document};
use verbatim_codegen::document::Input;
use verbatim_source::{Limits, Source};

/// The words before the group.
const PROGRAM: &str = "api";

/// A document that is longer takes too much of the time of a test.
const LONGEST: u64 = 400_000;

#[test]
fn every_line_that_is_shown_is_understood() {
    let work = tempfile::tempdir().expect("a folder");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut ours = vec![own.join("shop.yaml"), own.join("paced.yaml")];
    let spec = |name: &str| verbatim_proof::workspace().join("spec").join(name);
    ours.push(spec("cloudpanel/openapi.json"));
    ours.push(spec("cloudflow/openapi.yaml"));
    ours.push(spec("cloudsfor/openapi.yaml"));
    let mut failures = Vec::new();
    let mut shown = 0;
    for path in &ours {
        let outcome = judged(path, work.path(), &mut failures);
        // What is made up keeps every bound of these documents.
        assert_eq!(outcome.unchecked, 0, "{}", path.display());
        shown += outcome.understood;
    }
    assert!(shown > 250, "{shown}");
    for path in others() {
        let outcome = judged(&path, work.path(), &mut failures);
        println!("{}: {outcome:?}", path.display());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Public documents, where they are at hand.
fn others() -> Vec<PathBuf> {
    let Some(folder) = verbatim_proof::shared("corpus") else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    let is_document = |path: &PathBuf| path.extension().is_none_or(|it| it != "md");
    files.retain(|path| path.is_file() && is_document(path));
    files.retain(|path| path.metadata().is_ok_and(|it| it.len() < LONGEST));
    files.sort();
    files
}

/// What came of the lines of a document.
#[derive(Debug, Default)]
struct Outcome {
    /// Lines that made a request, or a body to start from.
    understood: usize,
    /// Those of them whose values are not what the document allows: examples that are wrong, and patterns.
    unchecked: usize,
}

fn judged(path: &Path, work: &Path, failures: &mut Vec<String>) -> Outcome {
    let text = std::fs::read_to_string(path).expect("a text");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let input = Input::of(Source::new(name.as_ref(), text), Limits::default());
    let mut outcome = Outcome::default();
    let Ok(api) = document::tables(&input, None) else {
        return outcome;
    };
    for command in commands::of(PROGRAM, &api).expect("tables") {
        for line in &command.lines {
            let (mut words, written) = words(line);
            assert_eq!(words.remove(0), PROGRAM, "{line}");
            for at in 0..words.len() {
                if ["--body", "--file"].contains(&words[at].as_str()) {
                    in_folder(work, &mut words[at + 1]);
                }
            }
            if let Some(file) = written {
                let (code, stdout, stderr) = run(&api, &words);
                if code != 0 {
                    failures.push(format!("{name}: {line}: {code} {stderr}"));
                }
                std::fs::write(work.join(file), stdout).expect("a file");
                continue;
            }
            words.push("--dry-run".to_owned());
            let (mut code, _, mut stderr) = run(&api, &words);
            if code != 0 {
                let checked = stderr;
                words.push("--unchecked".to_owned());
                (code, _, stderr) = run(&api, &words);
                outcome.unchecked += 1;
                println!("{name}: {line}: {}", checked.trim_end());
            }
            outcome.understood += 1;
            if code != 0 {
                failures.push(format!("{name}: {line}: {code} {stderr}"));
            }
        }
    }
    outcome
}

/// The same file in the folder of the test, where it is made if it is not there.
fn in_folder(work: &Path, file: &mut String) {
    let path = work.join(&file);
    if !path.exists() {
        std::fs::write(&path, "content").expect("a file");
    }
    *file = path.to_string_lossy().into_owned();
}

/// The words of a line as a POSIX shell reads them, and the file into which its output goes.
fn words(line: &str) -> (Vec<String>, Option<String>) {
    let (line, file) = match line.rsplit_once(" > ") {
        Some((line, file)) if !file.contains('\'') => (line, Some(file.to_owned())),
        _ => (line, None),
    };
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut all = line.chars();
    while let Some(each) = all.next() {
        match each {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            '\\' if !is_quoted => word.get_or_insert_default().extend(all.next()),
            ' ' if !is_quoted => words.extend(word.take()),
            each => word.get_or_insert_default().push(each),
        }
    }
    words.extend(word);
    (words, file)
}

fn run(api: &Api, words: &[String]) -> (u8, Vec<u8>, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    // Nobody has credentials here: what is only shown does without.
    let url = |name: &str| {
        name.ends_with("_URL")
            .then(|| "https://api.example".to_owned())
    };
    let code = program::run_api(
        &Shape::of_one(PROGRAM, "An API", "1"),
        api,
        words,
        &mut Surroundings {
            home: &Home::nothing(),
            stdin: &mut &[][..],
            stdout: &mut stdout,
            stderr: &mut stderr,
            environment: &url,
            transport: None,
            simulators: None,
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        },
    );
    (code, stdout, String::from_utf8_lossy(&stderr).into_owned())
}
