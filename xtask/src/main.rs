//! The only room with hands: it reads and writes files, prints, and sets the exit code.
//!
//! Every other room is a function over texts. A command is a module here; `main` only picks it.

mod arguments;
mod bench;
mod codegen;
mod corpus;
mod dist;
mod features;
mod files;
mod import;
mod modules;
mod normalize;
mod packages;
mod panel;
mod root;
mod sbom;
mod servers;
mod stage;

use std::ffi::OsString;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

Main job
  codegen [--check|--force] [--api NAME] write the client crate from spec/*/openapi.*
  codegen --spec FILE --out DIR --name CRATE [OPTIONS]
                                        write a crate of its own from any OpenAPI document
      --emit client|types               types alone, also from a JSON Schema file
      --config FILE                     settings (default: verbatim.toml beside the document)
      --set TOML                        one more setting: --set \"rename.types.Pet='Animal'\"
      --overlay FILE                    a correction of the document, applied first
      --root DIR                        folder that relative references may not leave
      --runtime embedded|shared|DIR     the runtime in the crate (default), published, or in a folder
      --format text|json                how problems are printed
  diff OLD NEW [--format text|json|markdown] [--only contract|rust] [--exceptions FILE]
                                        what a new document changes on the wire and in Rust; exit code 2
                                        if it breaks

Documentation
  import API FILE                       documentation text -> spec/API/documented.json
  normalize [--check] [--api NAME]      documented.json and overlay.yaml -> openapi.json
  evidence [--api NAME] PATH            where a property or operation comes from

Looking inside
  stage document|ir|model|tokens [--api NAME | --spec FILE] [--only NAME]
                                        print a stage of the generator
  settings                              print the JSON Schema of verbatim.toml
  explain CODE                          what a diagnostic means and what to do

Judges
  simulate [--api NAME | --spec FILE] [OPTIONS]
                                        serve an API from its document (--help for options)
  conform [OPTIONS]                     check a server or recordings (--help for options)

Any document
  corpus DIR [--out FILE] [--only NAME,NAME] [--minutes N] [--quick]
                                        generate, compile and judge every document of a folder

Releases
  dist [--out DIR] [--programs DIR]     the archive for this machine, with completions, man pages and checksum;
                                        the programs are built unless a folder has them
  sbom [--package NAME] [--out FILE]    what a package is made of (CycloneDX), to ship with a release

Order
  features                              the crates below emitted code, compiled with each feature alone
  packages [--verify]                   what is published is packed, and compiled from its package
  modules [--imports ROOM]              circles of modules and imports from a layer above, and whether there is one too
                                        many; or who imports what in one crate

Speed and size
  bench [--only SUBJECT]...             a table of ratios, taken in one run (--help for subjects)
";

fn main() -> ExitCode {
    let mut arguments = arguments::Arguments::from_env();
    let outcome = match arguments.command().as_deref() {
        Some("codegen") => codegen::run(arguments),
        Some("bench") => bench::run(arguments),
        Some("corpus") => corpus::run(arguments),
        Some("dist") => dist::run(arguments),
        Some("features") => features::run(arguments),
        Some("packages") => packages::run(arguments),
        Some("import") => import::run(arguments),
        Some("normalize") => normalize::run(arguments),
        Some("evidence") => normalize::evidence(arguments),
        Some("stage") => stage::run(arguments),
        Some(command @ ("diff" | "settings" | "explain")) => Ok(verbatim(command, arguments)),
        Some("modules") => modules::run(arguments),
        Some("sbom") => sbom::run(arguments),
        Some("simulate") => servers::simulate(arguments),
        Some("conform") => servers::conform(arguments),
        None | Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Some(other) => Err(anyhow::anyhow!(
            "there is no command {other:?}; `cargo xtask help` lists them"
        )),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a command of `verbatim` with the words that are left.
fn verbatim(command: &str, arguments: arguments::Arguments) -> ExitCode {
    let words = ["verbatim", command].map(OsString::from);
    verbatim_cli::run(words.into_iter().chain(arguments.rest()))
}
