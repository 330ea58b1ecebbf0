//! OpenAPI text to a tree of Rust files, as a pure function.
//!
//! [`generate`] is five calls in order, each a stage of its own over plain data:
//!
//! | stage | verb | from → to | knows | does not know |
//! |---|---|---|---|---|
//! | [`document`] | read | texts → [`document::Document`] | OpenAPI's words, places | Rust, meaning |
//! | [`ir`] | lower | document → [`ir::Api`] | JSON Schema, references, directions | Rust |
//! | [`model`] | build | API → [`model::Package`] | Rust: names, types, files | tokens |
//! | [`emit`] | emit | package → tokens | how items are spelled | the document, options |
//! | [`tree`] | format | tokens → [`tree::Tree`] | the shape of Rust text | meaning, the disk |
//!
//! Problems of a document end with stage 2: what cannot be supported is refused there for its operation or type
//! alone and named in the [`Report`]. After it nothing fails. The crate opens no file and no connection.

pub mod diff;
pub mod document;
pub mod emit;
pub mod ir;
mod library;
pub mod model;
pub mod origin;
mod overlay;
pub mod problem;
mod report;
pub mod samples;
pub mod settings;
mod spanned;
mod stage;
pub mod tree;

pub use library::{Member, library, probe_modules};
pub use model::{library_name, module_name, program_of};
pub use report::counted;
pub use stage::{Stage, stage};

use std::cell::Cell;
use std::collections::BTreeMap;

use document::{Document, Input};
use problem::Problem;
use settings::Settings;
use tree::Tree;

/// What the caller chooses; the document decides everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The name of the client: of the crate, or of its module within a crate of several.
    pub name: String,
    /// Whether the files are those of a crate or of a module.
    pub layout: Layout,
    /// The command that makes the files, for their headers.
    pub command: String,
    /// What is made of the document.
    pub emit: Emit,
    /// What requests do with properties about which the document says nothing.
    pub requests: Requests,
    /// What the caller decides about names, types and what is left out.
    pub settings: Settings,
}

/// What is made of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emit {
    /// Types and the calls of all operations.
    #[default]
    Client,
    /// Types alone, over the values layer of the runtime.
    Types,
}

/// What the files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A module in the source folder of a crate of several: `name.rs` and `name/`.
    Module {
        /// The crate as its users name it, for the examples: `cloud_clients`.
        krate: String,
    },
    /// A module that stands anywhere in a crate of somebody else's: `name.rs` and `name/`, over the runtime as a
    /// dependency of that crate. No path in it leads through the root of the crate.
    Included,
    /// A crate of its own: manifest, README, `src/`.
    Crate {
        /// Where its runtime is.
        runtime: Runtime,
    },
}

/// Where the runtime of a crate of its own is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// In a module of the crate, `src/runtime.rs` and `src/runtime/`, whose files the caller adds.
    Embedded(Embedding),
    /// In the published crate, by the value of its dependency in TOML: a version as a string, or a
    /// table with `version`, `path` or `git`.
    Shared(String),
}

/// What the manifest of a crate needs for a runtime within it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embedding {
    /// The features, each with what it turns on.
    pub features: BTreeMap<String, Vec<String>>,
    /// The dependencies, each with its value in TOML.
    pub dependencies: BTreeMap<String, String>,
}

/// What requests do with properties about which the document says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Requests {
    /// They keep them, as replies do: what the service is known to take is never stopped.
    #[default]
    Open,
    /// They hold none: a request is what the document names.
    Closed,
}

/// The files, and what is to be said about them.
#[derive(Debug)]
pub struct Output {
    /// What the API is called.
    pub title: String,
    /// Path and text of each file.
    pub tree: Tree,
    /// What was left out, renamed or not understood.
    pub report: Report,
    /// Features and parts of the runtime that the document has no use for: the manifest names neither
    /// the features nor what they alone depend on.
    pub unused_features: Vec<&'static str>,
}

/// What a person should know about a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Operations emitted.
    pub operations: usize,
    /// Types emitted.
    pub types: usize,
    /// Operations and types left out, each with its reason.
    pub refusals: Vec<ir::Refusal>,
    /// Places that became free-form JSON, each with its reason.
    pub fallbacks: Vec<ir::FreeForm>,
    /// Keywords of schemas that are not checked in requests.
    pub unbound: Vec<ir::Unbound>,
    /// Replies in other formats than JSON that are not asked for, since JSON says the same.
    pub unasked: Vec<origin::Origin>,
    /// Patterns of texts that are not checked in requests.
    pub unchecked: Vec<origin::Origin>,
    /// Names that fell together and had to be told apart.
    pub clashes: Vec<model::Clash>,
    /// Warnings and errors of the document that did not stop the run.
    pub problems: Vec<Problem>,
}

/// Every operation of a generated client as a function of one shape, for programs that call all of them: the text of
/// a file beside types `Given`, `Probe` and `Sent` and a function `sent`.
///
/// # Errors
/// As [`generate`].
pub fn probes(input: &Input, options: &Options, krate: &str) -> Result<String, Vec<Problem>> {
    let (_, _, package) = decided(input, options)?;
    let path = format!("{}.rs", options.name);
    let unit = emit::probe::unit(&package, krate, &options.name, path);
    Ok(tree::text(&unit, &options.command))
}

/// The API, and what is decided about a client of it, before it is spelled out.
///
/// # Errors
/// As [`generate`].
pub fn decisions(
    input: &Input,
    options: &Options,
) -> Result<(ir::Api, model::Package), Vec<Problem>> {
    let (document, api, package) = on_large_stack(|| decided(input, options))?;
    freed_aside(document);
    Ok((api, package))
}

/// Frees what is large and no longer needed without letting the caller wait for it.
pub fn freed_aside<T: Send + 'static>(large: T) {
    let thread = std::thread::Builder::new().stack_size(STACK);
    // Where no thread can be had, it is freed here with what it would have run.
    drop(thread.spawn(move || drop(large)));
}

/// What is decided about a client, before it is spelled out.
///
/// # Errors
/// As [`generate`].
pub fn package(input: &Input, options: &Options) -> Result<model::Package, Vec<Problem>> {
    on_large_stack(|| Ok(decided(input, options)?.2))
}

/// Generates a client.
///
/// # Errors
/// All problems of a document of which nothing can be used.
pub fn generate(input: &Input, options: &Options) -> Result<Output, Vec<Problem>> {
    on_large_stack(|| later_stages(&mut document::read(input)?, options))
}

/// Generates a client, and lets go of the trees of the document as soon as they are read: of a large one they take as
/// much room as the client that is made of it. The texts stay, for complaints.
///
/// # Errors
/// As [`generate`].
pub fn generate_once(input: &mut Input, options: &Options) -> Result<Output, Vec<Problem>> {
    let mut document = on_large_stack(|| document::read(input))?;
    input.release();
    on_large_stack(|| later_stages(&mut document, options))
}

/// The stack of the stages. Types of types are written, parsed and formatted one inside the other, as deep as the
/// document nests its lists, and the caller's stack may be small. Pages that are not touched cost nothing.
const STACK: usize = 512 << 20;

thread_local! {
    static IS_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Does a work where there is stack enough for the stages, which look for it themselves; on the caller's where no thread
/// can be had.
///
/// A program that reads its documents in it as well needs less memory: what one thread has let go of, another may not
/// use again.
pub fn on_large_stack<T: Send>(mut work: impl FnMut() -> T + Send) -> T {
    if IS_LARGE.get() {
        return work();
    }
    let done = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, || {
            IS_LARGE.set(true);
            work()
        });
        let done = thread.ok()?.join();
        Some(done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    done.unwrap_or_else(work)
}

/// The first three stages.
pub(crate) fn decided(
    input: &Input,
    options: &Options,
) -> Result<(Document, ir::Api, model::Package), Vec<Problem>> {
    let (document, api, overrides) = lowered(input, options)?;
    let package = model::build(&api, options, &overrides);
    Ok((document, api, package))
}

/// The first two stages. Settings that cannot be followed end it: what the caller asked for would not be there.
fn lowered(
    input: &Input,
    options: &Options,
) -> Result<(Document, ir::Api, model::Overrides), Vec<Problem>> {
    let mut document = document::read(input)?;
    let (api, overrides) = lowered_from(&mut document, options)?;
    Ok((document, api, overrides))
}

/// The second stage.
fn lowered_from(
    document: &mut Document,
    options: &Options,
) -> Result<(ir::Api, model::Overrides), Vec<Problem>> {
    let mut problems = settings::skip(document, &options.settings.skip);
    let mut api = ir::lower(document);
    if options.settings.secrets == settings::Secrets::ByName {
        ir::hide_secrets(&mut api);
    }
    ir::merge_alike(&mut api);
    let (overrides, unmet) = model::overrides(&api, &options.settings);
    problems.extend(unmet);
    if !problems.is_empty() {
        return Err(problems);
    }
    overrides.bring_along(&mut api);
    Ok((api, overrides))
}

/// The same, with the files of the package named from where they will stand.
fn named(
    input: &Input,
    options: &Options,
) -> Result<(Document, ir::Api, model::Package), Vec<Problem>> {
    let (document, api, mut package) = decided(input, options)?;
    name_files(&mut package, options, root_name(&document));
    Ok((document, api, package))
}

/// The name of the root file.
fn root_name(document: &Document) -> &str {
    document.files.first().map_or("", |(_, name)| name.as_str())
}

fn name_files(package: &mut model::Package, options: &Options, root: &str) {
    if !matches!(options.layout, Layout::Module { .. }) {
        package.name_files_from(root);
    }
}

/// What each stage leaves is dropped as soon as nobody needs it: a large document takes more room than all that is
/// made of it.
fn later_stages(document: &mut Document, options: &Options) -> Result<Output, Vec<Problem>> {
    let (mut api, overrides) = lowered_from(document, options)?;
    let root = root_name(document).to_owned();
    let problems = std::mem::take(document).problems;
    let mut package = model::build(&api, options, &overrides);
    name_files(&mut package, options, &root);
    let unused_features = model::unused_features(&api);
    let report = Report {
        operations: api.operations.len(),
        types: package.type_count(),
        refusals: std::mem::take(&mut api.refusals),
        fallbacks: std::mem::take(&mut api.fallbacks),
        unbound: [std::mem::take(&mut api.unbound), package.unfit.clone()].concat(),
        unasked: package.unasked.clone(),
        unchecked: package.unchecked.clone(),
        clashes: package.clashes.clone(),
        problems,
    };
    let title = std::mem::take(&mut api.title);
    drop((api, overrides));
    let mut tree = tree::format(&package, &options.command);
    tree.extend(package.texts);
    Ok(Output {
        title,
        tree,
        report,
        unused_features,
    })
}
