//! `call`: the operations of any document as commands.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sha2::{Digest as _, Sha256};
use verbatim_call::Shape;
use verbatim_call::failure::Failure;
use verbatim_call::home::Home;
use verbatim_call::program::{self, Surroundings};
use verbatim_call::rehearsal::{Document, Folder};
use verbatim_call::table::{Api, FORM, document};
use verbatim_codegen::document::Input;
use verbatim_source::render;

use crate::document::whole;

/// Runs the words behind `call`.
pub fn run(words: Vec<OsString>) -> ExitCode {
    program::main(words, |words, around| match tables(words, around.home) {
        Ok(Tables { api, made }) => std::thread::scope(|scope| {
            if let Some(made) = made {
                // For the next command, while this one is done. Without a thread it makes them again.
                let keeping = std::thread::Builder::new();
                let _ = keeping.spawn_scoped(scope, || made.keep(&api));
            }
            over(&api, words, around)
        }),
        Err(failure) => program::finish(Err(failure), words, around),
    })
}

/// The tables of a document.
struct Tables {
    api: Api,
    /// Where they were not kept from an earlier command.
    made: Option<Made>,
}

/// What tables were made from.
struct Made {
    /// Where they can be kept.
    file: Option<PathBuf>,
    /// The document; it is large, and freed where nobody waits for that.
    input: Input,
}

impl Made {
    /// Keeps the tables for the next command; what cannot be kept is made again.
    fn keep(self, api: &Api) {
        if let Some(file) = &self.file
            && is_alone(&self.input)
            && let Ok(text) = api.to_kept()
            && let Some(folder) = file.parent()
            && std::fs::create_dir_all(folder).is_ok()
        {
            let _ = verbatim_files::put(file, &text);
        }
    }
}

/// Answers a shell that asks for completions; none where no shell asks.
pub fn complete(outer: clap::Command, args: Vec<OsString>) -> Option<ExitCode> {
    let api = |words: &[String]| {
        let read = tables(words, &Home::of_user()).ok()?;
        if let Some(made) = read.made {
            made.keep(&read.api);
        }
        Some(read.api)
    };
    verbatim_call::complete::run_within(outer, &shape(), api, args)
}

/// With a simulator of the document for `--simulate`.
fn over(api: &Api, words: &[String], around: &mut Surroundings<'_>) -> u8 {
    // The text is needed by a simulator alone.
    let is_simulated = words
        .iter()
        .any(|word| matches!(word.as_str(), "--simulate" | "simulate"));
    let path = program::option(words, "spec", None).filter(|_| is_simulated);
    let text = path.and_then(|path| std::fs::read_to_string(path).ok());
    let documents = [Document {
        api: &api.name,
        text: text.as_deref().unwrap_or_default(),
        rules: "",
    }];
    let mut folder = Folder::new(&documents, "");
    let mut around = around.with_simulators(&mut folder);
    program::run_api(&shape(), api, words, &mut around)
}

fn shape() -> Shape {
    Shape {
        name: "verbatim call".to_owned(),
        about: "The operations of a document as commands".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        apis: Vec::new(),
        takes_spec: true,
        can_simulate: true,
    }
}

/// The tables of the document that is named: those that were kept from an earlier command, or made anew.
fn tables(words: &[String], home: &Home) -> Result<Tables, Failure> {
    let found = |api| Tables { api, made: None };
    let Some(path) = program::option(words, "spec", None) else {
        let is_help = |word: &String| matches!(word.as_str(), "-h" | "--help" | "-V" | "--version");
        if words.iter().any(is_help) {
            // What can be said without a document.
            return Ok(found(Api::nothing()));
        }
        return Err(Failure::usage("no document is named")
            .remedy("`verbatim call --spec FILE --help` lists its operations"));
    };
    let kept = kept(Path::new(path), home);
    let known = kept
        .as_ref()
        .and_then(|file| std::fs::File::open(file).ok());
    if let Some(api) = known.and_then(|file| Api::kept_in(file).ok()) {
        return Ok(found(api));
    }
    let input = whole(Path::new(path), None)
        .map_err(|error| Failure::usage(format!("--spec: {error:#}")))?;
    let api = document::tables(&input, None).map_err(|problems| {
        let first = problems.first();
        let text = first.map(|it| render(&it.diagnostic, input.sources()));
        Failure::usage(format!("--spec: {}", text.unwrap_or_default()))
            .remedy(format!("`verbatim stage document --spec {path}` tells all"))
    })?;
    let made = Some(Made { file: kept, input });
    Ok(Tables { api, made })
}

/// Whether a document is one file, so that its text tells whether it is the same.
fn is_alone(input: &Input) -> bool {
    input.sources().iter().count() == 1
}

/// Where the tables of a document are kept, by its text and by this program.
fn kept(path: &Path, home: &Home) -> Option<PathBuf> {
    let text = std::fs::read(path).ok()?;
    let mut hash = Sha256::new();
    hash.update(format!("{} {FORM}\n", env!("CARGO_PKG_VERSION")));
    hash.update(
        std::env::current_exe()
            .ok()?
            .metadata()
            .ok()
            .map(|it| stamp(&it))
            .unwrap_or_default(),
    );
    hash.update(text);
    let mut name = String::new();
    for byte in hash.finalize() {
        let _ = write!(name, "{byte:02x}");
    }
    let folder = home.cache.as_ref()?;
    Some(
        folder
            .join("verbatim/tables")
            .join(format!("{name}.tables")),
    )
}

/// What changes when the program is built anew.
fn stamp(program: &std::fs::Metadata) -> String {
    format!("{} {:?}", program.len(), program.modified().ok())
}
