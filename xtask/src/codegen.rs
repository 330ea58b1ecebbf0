//! `codegen`: OpenAPI documents to Rust.

use crate::arguments::Arguments;
use crate::files::{Mode, put, read, sync};
use crate::panel;
use crate::root::{self, workspace};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::ExitCode;
use verbatim_build::document::whole;
use verbatim_build::make::made;
use verbatim_build::report::{Format, Reporter};
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Layout, Member, Options, Requests, generate, library};
use verbatim_files::{Changes, Tree};

const COMMAND: &str = "cargo xtask codegen";

/// Writes the client crate, or a crate of its own.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let mode = if arguments.flag("--check") {
        Mode::Check
    } else if arguments.flag("--force") {
        Mode::Replace
    } else {
        Mode::Write
    };
    let Some(spec) = arguments.path("--spec")? else {
        let format = match arguments.option("--format")?.as_deref() {
            None | Some("text") => Format::Text,
            Some("json") => Format::Json,
            Some(other) => bail!("--format is text or json, not {other:?}"),
        };
        let only = arguments.option("--api")?;
        arguments.end()?;
        return client_crate(only.as_deref(), mode, &Reporter::new(format));
    };
    if arguments.option("--api")?.is_some() {
        bail!("give --api or --spec, not both");
    }
    let command = match mode {
        Mode::Check => "check",
        Mode::Write | Mode::Replace => "generate",
    };
    let mut words = vec!["--spec".into(), spec.into_os_string()];
    if mode == Mode::Replace {
        words.push("--force".into());
    }
    Ok(crate::verbatim(command, arguments.with(words)))
}

/// The crate in `generated/`: a module for each folder of `spec/` that holds a document.
fn client_crate(only: Option<&str>, mode: Mode, reporter: &Reporter) -> Result<ExitCode> {
    let workspace = workspace()?;
    // Documents are named by their path from here.
    std::env::set_current_dir(&workspace).with_context(|| workspace.display().to_string())?;
    let generated = workspace.join("generated");
    let mut members = Vec::new();
    let mut tables = Tree::new();
    let mut tree = Tree::new();
    let mut probes = Tree::new();
    root::apis(only)?;
    for api in root::apis(None)? {
        let Some(path) = api.document() else { continue };
        let input = whole(path.strip_prefix(&workspace).unwrap_or(&path), None)?;
        let layout = Layout::Module {
            krate: "cloud_panels".to_owned(),
        };
        let options = options(&api.name, layout);
        let chosen = only.is_none_or(|only| only == api.name);
        // What is wrong with the document is told first.
        let table = panel::text(&input, &api.name);
        let calls = chosen.then(|| verbatim_codegen::probes(&input, &options, "cloud_panels"));
        // What is not asked for is told of where it fails only.
        let quiet = (!chosen).then(|| generate(&input, &options).ok()).flatten();
        let Some(output) = quiet.or_else(|| made(input, &options, reporter)) else {
            return Ok(ExitCode::FAILURE);
        };
        if let Some(calls) = calls {
            tree.extend(output.tree);
            probes.insert(format!("calls/{}.rs", api.name), calls.unwrap_or_default());
        } else {
            // The files of the other modules stay as they are.
            keep(&generated.join("src"), &api.name, &mut tree)?;
        }
        tables.insert(panel::path(&api.name), table?);
        members.push(Member {
            name: api.name,
            title: output.title,
        });
    }
    tree.insert("lib.rs".to_owned(), library(&members, COMMAND));
    let calls = verbatim_codegen::probe_modules(&members, "cloud_panels", COMMAND);
    probes.insert("calls.rs".to_owned(), calls);
    let wire = workspace.join("tests/wire/src");
    if only.is_some() {
        keep(&wire, "calls", &mut probes)?;
    }
    sync(&wire, &probes, mode, COMMAND)?;
    panel::write(&workspace, &tables, mode, COMMAND)?;
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
        // What our documents do not name was never shown to be taken.
        requests: Requests::Closed,
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

fn report(folder: &Path, changes: &Changes, mode: Mode) {
    let Changes {
        written,
        removed,
        kept,
    } = changes;
    let folder = folder.display();
    match mode {
        Mode::Check => println!("{folder} is current: {kept} files"),
        Mode::Write | Mode::Replace => {
            println!("{folder}: {written} files written, {removed} removed, {kept} kept");
        }
    }
}
