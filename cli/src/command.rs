//! What each command does.

#[cfg(feature = "judges")]
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};
use clap::CommandFactory as _;
use verbatim_codegen::{Embedding, Layout, Runtime, problem};
use verbatim_files::Replace;

use crate::arguments::{self, Arguments, Command, Generate, Init, Stage};
#[cfg(feature = "judges")]
use crate::document;
use crate::generate::{Job, Mode, name_or_title};
use crate::home::Home;
use crate::project::{Project, name_of};
use crate::report::{Format, Reporter};
use crate::{compare, corpus, docs, init, suggest, watch};

const GENERATE: &str = "verbatim generate";

/// Runs a command.
pub fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Generate(generate) => {
            let replace = if generate.force {
                Replace::Any
            } else {
                Replace::Untouched
            };
            repeated(&generate, Mode::Write(replace))
        }
        Command::Check(generate) => repeated(&generate, Mode::Check),
        Command::Init(init) => begin(&init),
        Command::Corpus(given) => corpus::run(&given),
        Command::Diff(diff) => compare::run(&diff),
        Command::Docs(docs) => docs::run(&docs),
        Command::Explain { code, .. } => explain(code.as_deref()),
        Command::Settings => {
            print!("{}", verbatim_codegen::settings::schema());
            Ok(ExitCode::SUCCESS)
        }
        Command::Stage(stage) => staged(&stage),
        Command::Suggest(given) => suggest::run(&given),
        #[cfg(feature = "judges")]
        Command::Simulate(words) => {
            documents_of(&words.words)?;
            Ok(verbatim_simulator::program::run(words.words))
        }
        #[cfg(feature = "judges")]
        Command::Conform(words) => {
            documents_of(&words.words)?;
            Ok(conformance::program::run(words.words))
        }
        #[cfg(feature = "judges")]
        Command::Infer(given) => crate::infer::run(&given),
        #[cfg(feature = "calls")]
        Command::Call(words) => Ok(crate::call::run(words.words)),
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut command, "verbatim", &mut text);
            print!("{}", String::from_utf8_lossy(&text));
            Ok(ExitCode::SUCCESS)
        }
        Command::Man { out } => {
            let cannot = || format!("the man pages cannot be written to {}", out.display());
            crate::man(&out).with_context(cannot)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Tells mistakes about the documents that a judge is to read, in the words of the other commands.
#[cfg(feature = "judges")]
fn documents_of(words: &[OsString]) -> Result<()> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let joined = word.to_str().and_then(|word| word.strip_prefix("--spec="));
        let path = match joined {
            Some(path) => Some(Path::new(path)),
            None if word == "--spec" => words.next().map(Path::new),
            None => None,
        };
        if let Some(path) = path.filter(|path| path.as_os_str() != "-") {
            document::open(path)?;
        }
    }
    Ok(())
}

/// Generates once, or again and again.
fn repeated(generate: &Generate, mode: Mode) -> Result<ExitCode> {
    loop {
        let began = SystemTime::now();
        let (code, mut files) = match once(generate, mode) {
            Ok(done) => done,
            Err(error) if generate.watch => {
                eprintln!("error: {error:#}");
                (ExitCode::FAILURE, Vec::new())
            }
            Err(error) => return Err(error),
        };
        if !generate.watch {
            return Ok(code);
        }
        files.extend(generate.spec.clone());
        files.extend(generate.chosen.config.clone());
        files.sort();
        files.dedup();
        if files.is_empty() {
            bail!("there is no file to wait for");
        }
        let before = watch::state(&files);
        if watch::is_newer(&before, began) {
            continue;
        }
        eprintln!("waiting for changes of {} files", files.len());
        watch::changed(&files, &before);
    }
}

fn once(generate: &Generate, mode: Mode) -> Result<(ExitCode, Vec<PathBuf>)> {
    let reporter = Reporter::new(generate.format);
    let mut files = Vec::new();
    let mut is_done = true;
    match jobs(generate, &reporter, &mut files)? {
        None => is_done = false,
        Some(jobs) => {
            for job in jobs {
                let outcome = job.run(mode, &reporter)?;
                is_done &= outcome.is_done;
                files.extend(outcome.read);
            }
        }
    }
    reporter.finish(&[]);
    let code = if is_done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    };
    Ok((code, files))
}

/// What is to be generated; nothing where the file that says it has problems.
fn jobs(
    generate: &Generate,
    reporter: &Reporter,
    files: &mut Vec<PathBuf>,
) -> Result<Option<Vec<Job>>> {
    let chosen = generate.chosen.decided();
    let Some(spec) = &generate.spec else {
        let Some(project) = Project::open(chosen.config.as_deref(), reporter)? else {
            return Ok(None);
        };
        files.push(project.path.clone());
        return project.jobs(&generate.names, &chosen, GENERATE).map(Some);
    };
    let Some(out) = &generate.out else {
        bail!("--spec needs --out DIR, the folder of the crate");
    };
    let name = match &generate.name {
        Some(name) => name.clone(),
        None => name_of(out)?,
    };
    let home = match &generate.runtime {
        Some(word) => Home::parse(word, Path::new(""))?,
        None => Home::default(),
    };
    Ok(Some(vec![Job {
        spec: spec.clone(),
        out: out.clone(),
        name,
        home,
        emit: generate.emit.map(Into::into).unwrap_or_default(),
        chosen,
        command: GENERATE.to_owned(),
    }]))
}

/// Writes the file of settings, and generates.
fn begin(given: &Init) -> Result<ExitCode> {
    if let Some(code) = init::run(given)? {
        return Ok(code);
    }
    if let Some(offer) = suggest::offer(&given.spec) {
        println!("{offer}");
    }
    let generate = Generate {
        names: Vec::new(),
        spec: None,
        out: None,
        name: None,
        runtime: None,
        emit: None,
        format: crate::report::Format::Text,
        force: false,
        watch: false,
        chosen: arguments::Chosen::default(),
    };
    repeated(&generate, Mode::Write(Replace::Untouched))
}

/// Prints what a code means; what all of them mean, where none is given.
fn explain(code: Option<&str>) -> Result<ExitCode> {
    let Some(code) = code else {
        print!("{}", problem::page());
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(rule) = verbatim_compare::rule::find(code) {
        print!("{}", verbatim_compare::rule::explain(rule));
        return Ok(ExitCode::SUCCESS);
    }
    let Some(entry) = problem::find(code) else {
        let codes = problem::TABLES.iter().copied().flatten();
        let codes: Vec<&str> = codes.map(|entry| entry.code).collect();
        bail!(
            "there is no code {code:?}; those of the generator are {}, those of `diff` stand in docs/compare.md",
            codes.join(", ")
        );
    };
    print!("{}", problem::explain(entry));
    Ok(ExitCode::SUCCESS)
}

fn staged(given: &Stage) -> Result<ExitCode> {
    let Some(stage) = verbatim_codegen::Stage::of(&given.name) else {
        bail!(
            "there is no stage {:?}: document, ir, model or tokens",
            given.name
        );
    };
    let reporter = Reporter::new(Format::Text);
    let Some(read) = given.chosen.decided().read(&given.spec, &reporter)? else {
        return Ok(ExitCode::FAILURE);
    };
    let name = name_or_title(given.krate.as_deref(), &read.input)?;
    let layout = Layout::Crate {
        runtime: Runtime::Embedded(Embedding::default()),
    };
    let emit = given.emit.map(Into::into).unwrap_or_default();
    let (input, options) = read.into_options(&name, layout, emit, GENERATE);
    match verbatim_codegen::stage(&input, &options, stage, given.only.as_deref()) {
        Ok(text) => {
            if let Some(only) = given.only.as_deref().filter(|_| text.is_empty()) {
                bail!("no part of the stage {} holds {only:?}", given.name);
            }
            print!("{text}");
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => {
            for problem in &problems {
                reporter.problem(&problem.diagnostic, input.sources());
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
