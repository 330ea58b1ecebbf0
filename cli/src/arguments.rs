//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::report::Format;
use crate::settings;

const EXAMPLES: &str = "\
Examples:
  verbatim init openapi.yaml                    write verbatim.toml, and generate the client
  verbatim generate                             generate what verbatim.toml says, here or above
  verbatim generate --spec api.yaml --out pets  without a file
  verbatim check --format github                fail where the output is not current
  verbatim suggest --spec api.yaml              what it could declare: pages, waits, secrets
  verbatim diff old.yaml new.yaml               what a new document breaks
  verbatim docs --spec api.yaml --out site      the reference of the API, as one HTML page
  verbatim simulate --spec api.yaml             serve the API on 127.0.0.1
  verbatim infer --recording a.har              a first document from traffic alone

Exit codes:
  0  done; nothing to complain about
  1  not done: a problem of the document or the disk, or output that is not current
  2  wrong command line; `diff`: something breaks; `conform`: nothing could be judged";

/// Lossless Rust clients from OpenAPI documents.
#[derive(Debug, Parser)]
#[command(name = "verbatim", version, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the client crates that verbatim.toml names, or the one of a document
    Generate(Generate),
    /// Tell whether the files are as `generate` would write them, and write nothing
    Check(Generate),
    /// Write a verbatim.toml for a document, and generate
    Init(Init),
    /// What becomes of every document of a folder
    Corpus(Corpus),
    /// What a new document changes on the wire and for programs
    Diff(Diff),
    /// Write the reference of an API: one HTML page, or the document with code samples
    Docs(Docs),
    /// What a code means and what to do about it
    Explain {
        /// Such as E0104
        #[arg(required_unless_present = "all")]
        code: Option<String>,
        /// Every diagnostic, as a page of Markdown
        #[arg(long, conflicts_with = "code")]
        all: bool,
    },
    /// Print the JSON Schema of verbatim.toml
    Settings,
    /// Propose what a document does not declare, as an overlay: pages, waits, rates, secrets, names
    Suggest(Suggest),
    /// Print a stage of the generator: document, ir, model or tokens
    Stage(Stage),
    /// Serve an API from its document, on 127.0.0.1; `simulate --help` lists the options
    #[cfg(feature = "judges")]
    #[command(disable_help_flag = true)]
    Simulate(Words),
    /// Judge a server or recordings by a document; `conform --help` lists the options
    #[cfg(feature = "judges")]
    #[command(disable_help_flag = true)]
    Conform(Words),
    /// Write a first document from recorded traffic
    #[cfg(feature = "judges")]
    Infer(Infer),
    /// Call an API by its document: `call --spec FILE GROUP METHOD`
    #[cfg(feature = "calls")]
    #[command(disable_help_flag = true)]
    Call(Words),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the man pages into a folder
    Man {
        /// The folder
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// What is generated, and how.
#[derive(Debug, Args)]
pub struct Generate {
    /// The clients of verbatim.toml that are meant, by name; all by default
    #[arg(value_name = "NAME", conflicts_with = "spec")]
    pub names: Vec<String>,
    /// The document, or - for the standard input
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// The folder of the crate
    #[arg(long, value_name = "DIR", requires = "spec")]
    pub out: Option<PathBuf>,
    /// The name of the crate; by default that of its folder
    #[arg(long, value_name = "CRATE", requires = "spec")]
    pub name: Option<String>,
    /// embedded, shared, git+URL (?tag=, ?branch= or ?rev= behind it), or the folder of the runtime
    #[arg(long, value_name = "WHERE", requires = "spec")]
    pub runtime: Option<PathBuf>,
    /// Types and calls, or types alone, which can also be those of a JSON Schema; client,cli for a command line as well
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        value_delimiter = ',',
        requires = "spec"
    )]
    pub emit: Vec<Emitted>,
    /// Where the engine of the command line is: shared, a folder, or git+URL
    #[arg(long, value_name = "WHERE", requires = "emit")]
    pub engine: Option<String>,
    /// Print problems as text, json, github or sarif
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: Format,
    /// Replace files that were edited by hand or written by others
    #[arg(long)]
    pub force: bool,
    /// Generate anew whenever a file changes
    #[arg(long)]
    pub watch: bool,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// What is made of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Emit {
    Client,
    Types,
}

/// What a crate has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Emitted {
    /// Types and calls
    Client,
    /// Types alone
    Types,
    /// A command line; it comes with a client
    Cli,
}

impl From<Emit> for verbatim_codegen::Emit {
    fn from(emit: Emit) -> Self {
        match emit {
            Emit::Client => Self::Client,
            Emit::Types => Self::Types,
        }
    }
}

/// What is decided beyond the document.
#[derive(Debug, Default, Args)]
pub struct Chosen {
    /// The file with settings; by default verbatim.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// One more setting: --set "rename.types.Pet='Animal'"
    #[arg(long, value_name = "TOML")]
    pub set: Vec<String>,
    /// A correction of the document, applied first
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// The folder that relative references may not leave; by default that of the document
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Take dependencies from a settings file that only lies beside the document
    #[arg(long)]
    pub trust_settings: bool,
}

impl Chosen {
    /// The same for whoever reads the document.
    pub fn decided(&self) -> settings::Chosen {
        settings::Chosen {
            config: self.config.clone(),
            client: None,
            sets: self.set.clone(),
            overlays: self.overlay.clone(),
            root: self.root.clone(),
            trust: self.trust_settings,
        }
    }
}

/// A document for which settings are to be written.
#[derive(Debug, Args)]
pub struct Init {
    /// The document
    pub spec: PathBuf,
    /// The folder of the crate; by default the name
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The name of the crate; by default made of the title of the document
    #[arg(long, value_name = "CRATE")]
    pub name: Option<String>,
}

/// The reference of an API.
#[derive(Debug, Args)]
pub struct Docs {
    /// The document, or - for the standard input
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// The folder that is written
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The name of the crate in the examples; by default made of the title of the document
    #[arg(long, value_name = "CRATE")]
    pub name: Option<String>,
    /// The command line whose commands are shown, such as that of `emit = ["client", "cli"]`; by default `verbatim call`
    #[arg(long, value_name = "WORDS")]
    pub program: Option<String>,
    /// A page, or the document with x-codeSamples
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: DocsFormat,
    /// Tell whether the files are current, and write nothing
    #[arg(long)]
    pub check: bool,
    /// Replace files that were edited by hand or written by others
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// What the reference of an API is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DocsFormat {
    /// One HTML page
    #[default]
    Html,
    /// The document, with code samples at its operations
    Openapi,
}

/// Many documents.
#[derive(Debug, Args)]
pub struct Corpus {
    /// The folder; documents are told by their content
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Write the crates below this folder, each by the name of its document
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Only these documents, by name
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub only: Vec<String>,
}

/// Two documents.
#[derive(Debug, Args)]
pub struct Diff {
    /// The old document
    pub old: PathBuf,
    /// The new document
    pub new: PathBuf,
    /// How the differences are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub format: DiffFormat,
    /// One comparison alone
    #[arg(long, value_enum)]
    pub only: Option<Only>,
    /// Findings that are accepted
    #[arg(long, value_name = "FILE")]
    pub exceptions: Option<PathBuf>,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// How differences are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum DiffFormat {
    #[default]
    Text,
    Json,
    Markdown,
    /// Annotations of GitHub Actions
    Github,
    /// A SARIF log
    Sarif,
}

/// One of the two comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Only {
    Contract,
    Rust,
}

/// A document that declares little.
#[derive(Debug, Args)]
pub struct Suggest {
    /// The document
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// Write the overlay here, unless something else is there
    #[arg(long, value_name = "OVERLAY")]
    pub write: Option<PathBuf>,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// A stage of the generator.
#[derive(Debug, Args)]
pub struct Stage {
    /// document, ir, model or tokens
    #[arg(value_name = "STAGE")]
    pub name: String,
    /// The document
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// The parts that hold this text alone
    #[arg(long)]
    pub only: Option<String>,
    /// The name of the crate; by default made of the title of the document
    #[arg(long = "name", value_name = "CRATE")]
    pub krate: Option<String>,
    /// Types and calls, or types alone
    #[arg(long, value_enum, value_name = "WHAT")]
    pub emit: Option<Emit>,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// Traffic, and what is said about it.
#[cfg(feature = "judges")]
#[derive(Debug, Args)]
pub struct Infer {
    /// HAR, JSON Lines, cassettes of VCR, collections of Postman or Insomnia, or the text of curl -i
    #[arg(long, value_name = "FILE", required = true)]
    pub recording: Vec<PathBuf>,
    /// The document; printed otherwise. JSON where its name ends so, else YAML
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace a document that is there
    #[arg(long)]
    pub force: bool,
    /// The title of the API; by default its host
    #[arg(long)]
    pub title: Option<String>,
    /// The address of the API; by default that of the traffic
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// The host whose traffic is meant; by default the one with the most JSON
    #[arg(long)]
    pub host: Option<String>,
}

/// Words for a program that reads them itself.
#[derive(Debug, Args)]
pub struct Words {
    /// The options
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<OsString>,
}
