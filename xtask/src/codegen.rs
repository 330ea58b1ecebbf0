//! `codegen`: OpenAPI documents to Rust.

use crate::arguments::Arguments;
use crate::files::{Mode, put, read, sync};
use crate::input::document;
use crate::root::{self, workspace};
use crate::settings::{Chosen, Read};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::ExitCode;
use verbatim_codegen::document::Input;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{
    Emit, Layout, Member, Options, Output, Requests, Runtime, generate, library,
};
use verbatim_files::{Changes, Tree};
use verbatim_source::{Diagnostic, Severity, Sources, render, render_json};

const COMMAND: &str = "cargo xtask codegen";

/// How problems are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

impl Format {
    /// The format that the words of the command line ask for.
    pub fn from(arguments: &mut Arguments) -> Result<Self> {
        match arguments.option("--format")?.as_deref() {
            None | Some("text") => Ok(Self::Text),
            Some("json") => Ok(Self::Json),
            Some(other) => bail!("--format is text or json, not {other:?}"),
        }
    }

    /// Prints a problem.
    pub fn print(self, problem: &Diagnostic, sources: &Sources) {
        match self {
            Self::Text => eprintln!("{}", render(problem, sources)),
            Self::Json => println!("{}", render_json(std::slice::from_ref(problem), sources)),
        }
    }
}

/// Writes the client crate, or a crate of its own.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let mode = if arguments.flag("--check") {
        Mode::Check
    } else {
        Mode::Write
    };
    let format = Format::from(&mut arguments)?;
    let only = arguments.option("--api")?;
    match arguments.path("--spec")? {
        None => {
            arguments.end()?;
            client_crate(only.as_deref(), mode, format)
        }
        Some(_) if only.is_some() => bail!("give --api or --spec, not both"),
        Some(spec) => crate_of_its_own(&spec, arguments, mode, format),
    }
}

/// The crate in `generated/`: a module for each folder of `spec/` that holds a document.
fn client_crate(only: Option<&str>, mode: Mode, format: Format) -> Result<ExitCode> {
    let generated = workspace()?.join("generated");
    let mut members = Vec::new();
    let mut tree = Tree::new();
    let mut probes = Tree::new();
    root::apis(only)?;
    for api in root::apis(None)? {
        let Some(path) = api.document() else { continue };
        let input = document(&path, None)?;
        let layout = Layout::Module {
            krate: "cloud_panels".to_owned(),
        };
        let options = options(&api.name, layout);
        let chosen = only.is_none_or(|only| only == api.name);
        let Some(output) = made(&input, &options, format, chosen) else {
            return Ok(ExitCode::FAILURE);
        };
        if chosen {
            tree.extend(output.tree);
            let text = verbatim_codegen::probes(&input, &options, "cloud_panels");
            probes.insert(format!("calls/{}.rs", api.name), text.unwrap_or_default());
        } else {
            // The files of the other modules stay as they are.
            keep(&generated.join("src"), &api.name, &mut tree)?;
        }
        members.push(Member {
            name: api.name,
            title: output.title,
        });
    }
    tree.insert("lib.rs".to_owned(), library(&members, COMMAND));
    let calls = verbatim_codegen::probe_modules(&members, "cloud_panels", COMMAND);
    probes.insert("calls.rs".to_owned(), calls);
    let wire = workspace()?.join("tests/wire/src");
    if only.is_some() {
        keep(&wire, "calls", &mut probes)?;
    }
    sync(&wire, &probes, mode, COMMAND)?;
    let tree = below("src", tree);
    let changes = sync(&generated, &tree, mode, COMMAND)?;
    manifest(&generated.join("Cargo.toml"), &members, mode)?;
    report(&generated, &changes, mode);
    Ok(ExitCode::SUCCESS)
}

fn options(name: &str, layout: Layout) -> Options {
    Options {
        name: name.to_owned(),
        layout,
        command: COMMAND.to_owned(),
        emit: verbatim_codegen::Emit::default(),
        requests: Requests::default(),
        settings: Settings::default(),
    }
}

/// A tree in a folder.
fn below(folder: &str, tree: Tree) -> Tree {
    let files = tree.into_iter();
    files
        .map(|(name, text)| (format!("{folder}/{name}"), text))
        .collect()
}

/// Adds the files of a module as they stand, where the tree does not have them.
fn keep(source: &Path, module: &str, tree: &mut Tree) -> Result<()> {
    let mut paths = vec![source.join(format!("{module}.rs")), source.join(module)];
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            for entry in path
                .read_dir()
                .with_context(|| path.display().to_string())?
            {
                paths.push(entry?.path());
            }
        } else if path.is_file() {
            let name = path.strip_prefix(source).unwrap_or(&path);
            let name = name.to_string_lossy().replace('\\', "/");
            let text = read(&path)?;
            tree.entry(name).or_insert(text);
        }
    }
    Ok(())
}

/// Keeps the list of features: one for each module.
fn manifest(path: &Path, apis: &[Member], mode: Mode) -> Result<()> {
    const MARKS: (&str, &str) = ("# <apis>\n", "# </apis>\n");
    let text = read(path)?;
    let parts = text
        .split_once(MARKS.0)
        .and_then(|(head, rest)| Some((head, rest.split_once(MARKS.1)?.1)));
    let Some((head, tail)) = parts else {
        bail!("{} has lost the marks around its features", path.display());
    };
    let lines: Vec<String> = apis
        .iter()
        .map(|api| format!("{} = []", api.name))
        .collect();
    let all: Vec<String> = apis.iter().map(|api| format!("{:?}", api.name)).collect();
    let features = format!("{}\nall-apis = [{}]\n", lines.join("\n"), all.join(", "));
    let wanted = [head, MARKS.0, &features, MARKS.1, tail].concat();
    put(path, &wanted, mode, COMMAND)?;
    Ok(())
}

fn crate_of_its_own(
    spec: &Path,
    mut arguments: Arguments,
    mode: Mode,
    format: Format,
) -> Result<ExitCode> {
    let out = arguments.path("--out")?;
    let name = arguments.option("--name")?;
    let jail = arguments.path("--root")?;
    let runtime = RuntimeChoice::from(&mut arguments)?;
    let emit = match arguments.option("--emit")?.as_deref() {
        None | Some("client") => Emit::Client,
        Some("types") => Emit::Types,
        Some(other) => bail!("--emit is client or types, not {other:?}"),
    };
    let chosen = Chosen::from(&mut arguments)?;
    arguments.end()?;
    let (Some(out), Some(name)) = (out, name) else {
        bail!("--spec FILE needs --out DIR and --name CRATE");
    };
    if !is_crate_name(&name) {
        bail!("{name:?} is no name for a crate: letters, digits, - and _, a letter first");
    }
    let layout = Layout::Crate {
        runtime: runtime.layout(emit),
    };
    let Some(Read {
        input,
        settings,
        requests,
    }) = chosen.read(spec, jail.as_deref(), format)?
    else {
        return Ok(ExitCode::FAILURE);
    };
    // A schema that is silent about further properties allows them, and nobody here can say that
    // the author of this document meant otherwise.
    let options = Options {
        requests: requests.unwrap_or(Requests::Open),
        settings,
        emit,
        ..options(&name, layout)
    };
    let Some(output) = made(&input, &options, format, true) else {
        return Ok(ExitCode::FAILURE);
    };
    let mut tree = output.tree;
    if runtime == RuntimeChoice::Embedded {
        let library = verbatim_codegen::library_name(&name);
        tree.extend(match emit {
            Emit::Client => verbatim_embed::runtime(&library),
            Emit::Types => verbatim_embed::values(&library),
        });
    }
    let remedy = format!("{COMMAND} --spec {} …", spec.display());
    let changes = sync(&out, &tree, mode, &remedy)?;
    report(&out, &changes, mode);
    Ok(ExitCode::SUCCESS)
}

/// Generates, says what is to be said, and gives nothing where nothing could be generated.
fn made(input: &Input, options: &Options, format: Format, loud: bool) -> Option<Output> {
    let print = |problem: &Diagnostic| format.print(problem, input.sources());
    match generate(input, options) {
        Ok(output) => {
            if loud {
                for problem in &output.report.problems {
                    print(&problem.diagnostic);
                }
                if format == Format::Text {
                    println!("{}: {}", options.name, output.report);
                }
            }
            Some(output)
        }
        Err(problems) => {
            for problem in &problems {
                print(&problem.diagnostic);
            }
            let errors = problems
                .iter()
                .filter(|problem| problem.diagnostic.severity == Severity::Error);
            eprintln!("{} errors; nothing was written", errors.count());
            None
        }
    }
}

fn report(folder: &Path, changes: &Changes, mode: Mode) {
    let Changes {
        written,
        removed,
        kept,
    } = changes;
    let folder = folder.display();
    match mode {
        Mode::Check => println!("{folder} is current: {kept} files"),
        Mode::Write => {
            println!("{folder}: {written} files written, {removed} removed, {kept} kept");
        }
    }
}

/// Whether a text can name a crate.
fn is_crate_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn absolute(path: &Path) -> Result<String> {
    let path = path
        .canonicalize()
        .with_context(|| path.display().to_string())?;
    Ok(path.to_string_lossy().replace('\\', "/"))
}

/// Where the runtime of a crate of its own is to be.
#[derive(PartialEq, Eq)]
enum RuntimeChoice {
    /// In the crate.
    Embedded,
    /// In the published crate.
    Published,
    /// In a folder, by its absolute path.
    Folder(String),
}

impl RuntimeChoice {
    fn from(arguments: &mut Arguments) -> Result<Self> {
        let Some(value) = arguments.path("--runtime")? else {
            return Ok(Self::Embedded);
        };
        Ok(match value.to_str() {
            Some("embedded") => Self::Embedded,
            Some("shared") => Self::Published,
            _ => Self::Folder(absolute(&value)?),
        })
    }

    fn layout(&self, emit: Emit) -> Runtime {
        let version = env!("CARGO_PKG_VERSION");
        match self {
            Self::Embedded => Runtime::Embedded(match emit {
                Emit::Client => verbatim_embed::runtime_embedding(),
                Emit::Types => verbatim_embed::values_embedding(),
            }),
            Self::Published => Runtime::Shared(format!(
                "{{ version = {version:?}, default-features = false }}"
            )),
            Self::Folder(path) => {
                Runtime::Shared(format!("{{ path = {path:?}, default-features = false }}"))
            }
        }
    }
}
