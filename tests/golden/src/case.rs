//! Cases in their folders.

use std::fs;
use std::path::{Path, PathBuf};

use verbatim_codegen::document::Input;
use verbatim_codegen::problem::Problem;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Layout, Options, Output, Requests, generate};
use verbatim_source::{Diagnostic, Limits, Source, render};

/// What the root file of a case may be called.
const ROOTS: [&str; 2] = ["spec.yaml", "spec.json"];

/// One document of the tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name, which is also that of the emitted module.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    root: &'static str,
}

/// A folder beside this crate.
pub fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// All cases in a folder beside this crate, by name.
///
/// # Panics
/// The folder cannot be read.
pub fn cases(kind: &str) -> Vec<Case> {
    let entries = fs::read_dir(beside(kind)).expect("the folder of cases");
    let folders = entries.map(|entry| entry.expect("an entry of the folder of cases").path());
    let mut cases: Vec<Case> = folders.filter_map(case).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn case(folder: PathBuf) -> Option<Case> {
    let root = ROOTS.into_iter().find(|root| folder.join(root).is_file())?;
    let name = folder.file_name()?.to_str()?.to_owned();
    Some(Case { name, folder, root })
}

/// How a case is generated, or what is wrong with its settings.
pub type Decided = Result<Options, Vec<Problem>>;

impl Case {
    /// The document with its overlay, and how it is generated: by the settings beside it, where there are any.
    ///
    /// # Errors
    /// The root file is no text.
    ///
    /// # Panics
    /// A file of the case cannot be read.
    pub fn decided(&self) -> Result<(Input, Decided), Box<Diagnostic>> {
        let mut input = self.opened()?;
        let options = self.decide(&mut input);
        self.complete(&mut input);
        Ok((input, options))
    }

    /// The settings and the overlay of the case.
    fn decide(&self, input: &mut Input) -> Decided {
        let text = |name: &str| fs::read_to_string(self.folder.join(name)).ok();
        let mut options = options(&self.name);
        if let Some(text) = text("verbatim.toml") {
            let id = input.aside(Source::new("verbatim.toml", text.clone()));
            let decisions = verbatim_codegen::settings::read(&text, id)?;
            options.settings = decisions.settings;
            options.requests = decisions.requests.unwrap_or(options.requests);
        }
        if let Some(text) = text("overlay.yaml") {
            input.overlay(Source::new("overlay.yaml", text))?;
        }
        Ok(options)
    }

    /// The document with all files it refers to, as far as they are in the folder.
    ///
    /// # Errors
    /// The root file is no text.
    ///
    /// # Panics
    /// The root file cannot be read.
    pub fn input(&self) -> Result<Input, Box<Diagnostic>> {
        Ok(self.decided()?.0)
    }

    /// The root file alone.
    fn opened(&self) -> Result<Input, Box<Diagnostic>> {
        let bytes = fs::read(self.folder.join(self.root)).expect("the root file of a case");
        let root = Source::from_bytes(self.root, bytes).map_err(Box::new)?;
        Ok(Input::new(root, Limits::default()))
    }

    /// Adds the files that are referred to.
    fn complete(&self, input: &mut Input) {
        input.complete(|input, file| {
            if file.name.starts_with(['.', '/']) {
                return input.absent(file.name, "it is outside the folder of the case");
            }
            let Ok(bytes) = fs::read(self.folder.join(&file.name)) else {
                return input.absent(file.name, "no such file");
            };
            match Source::from_bytes(file.name.as_str(), bytes) {
                Ok(source) => input.add(source),
                Err(problem) => input.broken(file.name, problem),
            }
        });
    }

    /// The files of the client as a module called after the case.
    ///
    /// # Panics
    /// The document is refused as a whole.
    pub fn output(&self) -> Output {
        let (input, options) = self
            .decided()
            .unwrap_or_else(|problem| panic!("{}: {}", self.name, problem.message));
        options
            .and_then(|options| generate(&input, &options))
            .unwrap_or_else(|problems| panic!("{}:\n{}", self.name, shown(&problems, &input)))
    }
}

/// How cases are generated.
pub fn options(name: &str) -> Options {
    Options {
        name: name.to_owned(),
        layout: Layout::Module {
            krate: "verbatim_accept".to_owned(),
        },
        command: "cargo test -p verbatim-golden".to_owned(),
        emit: verbatim_codegen::Emit::default(),
        requests: Requests::default(),
        settings: Settings::default(),
    }
}

/// Generates from one text.
///
/// # Errors
/// As [`generate`].
pub fn generate_text(text: String, name: &str) -> Result<Output, Vec<Problem>> {
    generate(&alone(Source::new("spec.json", text)), &options(name))
}

/// A document of one file: what it refers to beside that is not there.
pub fn alone(source: Source) -> Input {
    let mut input = Input::new(source, Limits::default());
    for file in input.wanted() {
        input.absent(file.name, "no such file");
    }
    input
}

/// All problems as they are shown.
pub fn shown(problems: &[Problem], input: &Input) -> String {
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| render(&problem.diagnostic, input.sources()))
        .collect();
    shown.join("\n")
}
