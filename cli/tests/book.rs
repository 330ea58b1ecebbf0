//! The book: its links lead somewhere, what it types at a shell is understood, and its pages that begin with a document
//! are gone through from top to bottom.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use verbatim_source::{Source, Sources};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// The pages by their names.
fn pages() -> BTreeMap<String, String> {
    let entries = folder()
        .read_dir()
        .expect("the folder of the book")
        .flatten();
    let entries = entries.map(|entry| entry.path());
    let pages = entries.filter(|path| path.extension().is_some_and(|end| end == "md"));
    pages
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("a text"))
        })
        .collect()
}

/// A block of code: its language and its lines.
struct Block {
    language: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_inside = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(_) if is_inside => is_inside = false,
            Some(info) => {
                is_inside = true;
                let language = info.split([',', ' ']).next().unwrap_or_default();
                blocks.push(Block {
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            None if is_inside => {
                let block = blocks.last_mut().expect("one that is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(!is_inside, "a block is not closed");
    blocks
}

/// A page without its blocks and inline code.
fn prose(page: &str) -> String {
    let mut is_inside = false;
    let mut prose = String::new();
    for line in page.lines() {
        if line.starts_with("```") {
            is_inside = !is_inside;
        } else if !is_inside {
            let outside = line.split('`').step_by(2);
            prose.extend(outside.chain(["\n"]));
        }
    }
    prose
}

/// The addresses of the links of a page.
fn links(page: &str) -> Vec<String> {
    let prose = prose(page);
    let parts = prose.split("](").skip(1);
    let links = parts.filter_map(|part| part.split(')').next());
    links.map(str::to_owned).collect()
}

/// The lines of the shell in a page that call the program, comments left out.
fn commands(page: &str) -> Vec<String> {
    let shells = blocks(page)
        .into_iter()
        .filter(|block| block.language == "sh");
    let lines = shells.flat_map(|block| block.text.lines().map(str::to_owned).collect::<Vec<_>>());
    lines.filter(|line| line.starts_with("verbatim ")).collect()
}

/// The words of a line: what a comment or a redirection says is left out.
fn words(line: &str) -> Vec<String> {
    let line = line.split(" #").next().unwrap_or_default();
    let line = line.split(" > ").next().unwrap_or_default();
    line.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn links_lead_to_pages_and_every_page_is_listed() {
    let pages = pages();
    for (name, page) in &pages {
        for link in links(page) {
            let (file, place) = link.split_once('#').unwrap_or((&link, ""));
            if file.starts_with("http://") || file.starts_with("https://") {
                continue;
            }
            assert!(!file.contains(".."), "{name} leads out of the book: {link}");
            let target = if file.is_empty() { name.as_str() } else { file };
            let path = folder().join(target);
            assert!(path.exists(), "{name} leads to {link}, which is not there");
            if !place.is_empty() {
                let text = fs::read_to_string(path).expect("a page");
                let places: BTreeSet<String> = headings(&text).collect();
                assert!(
                    places.contains(place),
                    "{name}: {target} has no place {place}"
                );
            }
        }
    }
    let listed: BTreeSet<String> = links(&pages["SUMMARY.md"]).into_iter().collect();
    let mut all: BTreeSet<String> = pages.into_keys().collect();
    all.remove("SUMMARY.md");
    assert_eq!(listed, all, "what SUMMARY.md lists, and what is there");
}

/// The places of a page, by the names that its headings have in an address.
fn headings(page: &str) -> impl Iterator<Item = String> + '_ {
    let lines = page.lines().filter_map(|line| line.strip_prefix('#'));
    lines.map(|line| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|each| each.is_alphanumeric() || " -_".contains(*each));
        kept.collect::<String>().replace(' ', "-")
    })
}

#[test]
fn commands_and_options_are_known() {
    let mut checked = 0;
    let mut pages = pages();
    let readme = folder().join("../README.md");
    pages.insert(
        "README.md".to_owned(),
        fs::read_to_string(readme).expect("a text"),
    );
    for (name, page) in &pages {
        for line in commands(page) {
            let parsed = verbatim_cli::command().try_get_matches_from(words(&line));
            let parsed = parsed.unwrap_or_else(|error| panic!("{name}: {line}\n{error}"));
            checked += 1;
            // The judges read their words themselves.
            if let Some((judge @ ("simulate" | "conform"), _)) = parsed.subcommand() {
                let output = verbatim(Path::new("."), &[judge, "--help"]);
                let options: Vec<&str> = output.split_whitespace().collect();
                for word in words(&line).iter().filter(|word| word.starts_with("--")) {
                    assert!(
                        options.contains(&word.as_str()),
                        "{name}: {judge} has no {word}"
                    );
                }
            }
        }
    }
    assert!(checked > 20, "{checked} commands");
}

#[test]
fn settings_are_known() {
    let mut checked = 0;
    for (name, page) in pages() {
        for block in blocks(&page).into_iter().filter(|it| it.language == "toml") {
            // A manifest says so in its first line, and files of exceptions have their own form.
            let is_other =
                block.text.starts_with("# Cargo.toml") || block.text.contains("[[exception]]");
            // So have profiles: those of the command line, and those of cargo.
            let is_profile = ["[default]", "[profile"]
                .iter()
                .any(|it| block.text.contains(it));
            if is_other || is_profile {
                continue;
            }
            let mut sources = Sources::new();
            let id = sources.add(Source::new(name.as_str(), block.text.clone()));
            let clients = verbatim_codegen::settings::clients(&block.text, id);
            let problems = match clients {
                Ok(clients) if block.text.contains("[[client]]") => {
                    let all = (0..clients.len()).map(Some);
                    all.filter_map(|at| {
                        verbatim_codegen::settings::read_client(&block.text, id, at).err()
                    })
                    .flatten()
                    .collect()
                }
                Ok(_) => verbatim_codegen::settings::read(&block.text, id)
                    .err()
                    .unwrap_or_default(),
                Err(problems) => problems,
            };
            let told = problems
                .iter()
                .map(|problem| verbatim_source::render(&problem.diagnostic, &sources));
            assert!(problems.is_empty(), "{name}: {}", told.collect::<String>());
            checked += 1;
        }
    }
    assert!(checked >= 3, "{checked} blocks of settings");
}

/// Runs the program, and gives what it printed; it has to end as it is said.
fn run(folder: &Path, words: &[String], code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_verbatim"))
        .args(words)
        .current_dir(folder)
        .output()
        .expect("the program");
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        output.status.code(),
        Some(code),
        "verbatim {}\n{out}{err}",
        words.join(" ")
    );
    out.into_owned()
}

fn verbatim(folder: &Path, words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    run(folder, &words, 0)
}

/// The document with which the book begins.
fn document() -> String {
    let pages = pages();
    let mut documents = blocks(&pages["first-client.md"]).into_iter();
    let document = documents.find(|block| block.text.starts_with("# openapi.yaml\n"));
    document.expect("the document of the first page").text
}

#[test]
fn the_document_of_the_book_is_the_one_that_is_compiled() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/book/openapi.yaml");
    assert!(fs::read_to_string(path).expect("the document") == document());
}

#[test]
fn pages_with_rust_are_compiled() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/book/src/lib.rs");
    let library = fs::read_to_string(library).expect("the crate of the book");
    for (name, page) in pages() {
        let has_rust = blocks(&page).iter().any(|block| block.language == "rust");
        let is_compiled = library.contains(&format!("/docs/{name}\""));
        assert_eq!(has_rust, is_compiled, "{name} in tests/book/src/lib.rs");
    }
}

#[test]
fn pages_are_gone_through_from_top_to_bottom() {
    for page in [
        "first-client.md",
        "overlays.md",
        "reference.md",
        "upgrading.md",
    ] {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let folder = folder.path();
        fs::write(folder.join("openapi.yaml"), document()).expect("the document");
        let text = &pages()[page];
        for block in blocks(text) {
            let first = block.text.lines().next().unwrap_or_default();
            if let ("yaml" | "toml", Some(name)) =
                (block.language.as_str(), first.strip_prefix("# "))
            {
                fs::write(folder.join(name), &block.text).expect("a file of the page");
            }
            if block.language == "sh" {
                for line in commands(&format!("```sh\n{}```\n", block.text)) {
                    // A server runs until it is ended.
                    if line.starts_with("verbatim simulate") {
                        continue;
                    }
                    let code = if line.contains("# exit code 2") { 2 } else { 0 };
                    run(folder, &words(&line)[1..], code);
                }
            }
        }
        if page == "first-client.md" {
            assert!(folder.join("pet-store-client/src/lib.rs").is_file());
            assert!(folder.join("site/index.html").is_file());
        }
    }
}

#[test]
fn the_page_of_diagnostics_is_current() {
    let wanted = verbatim(Path::new("."), &["explain", "--all"]);
    let path = folder().join("diagnostics.md");
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &wanted).expect("the page can be written");
    }
    let page = fs::read_to_string(&path).expect("the page of diagnostics");
    assert!(
        page == wanted,
        "docs/diagnostics.md is not current; `verbatim explain --all > docs/diagnostics.md` makes it anew"
    );
}
