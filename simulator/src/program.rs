//! The program `simulate`, for whoever has the words of its command line.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use crate::{Pace, Server, Settings, Simulator};

const HELP: &str = "\
simulate: serves an API from its OpenAPI document, with state, on 127.0.0.1

usage: simulate --spec FILE [options]

  --spec FILE       OpenAPI 3.0 or 3.1, JSON or YAML
  --rules FILE      behaviour beyond the document (default: simulator.yaml beside it)
  --port N          port to listen on (default: any free one)
  --seed S          decides identifiers and faults (default: 0)
  --token TEXT      token that is accepted (default: made from the seed)
  --time PACE       instant, real, manual, or xN for N times as fast (default: real)
  --cors ORIGIN     pages of this origin may call too; `*` for all, `none` for none (default: pages
                    that are served from this machine); several times for several
  --no-rate-limit   do not apply the documented rate limit
  --help            this text

The first line printed is the address, the second the token. /__simulator on the same port resets,
saves and loads the state, moves the clock and plants faults.
";

struct Options {
    spec: PathBuf,
    rules: Option<PathBuf>,
    port: u16,
    settings: Settings,
}

/// Serves until the program is interrupted, and gives the exit code: 2 where the words are wrong.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let options = match options(words) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("simulate: {message}\nTry --help.");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(serve(options)),
        Err(error) => Err(format!("cannot start: {error}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("simulate: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), String> {
    let simulator = Simulator::open(&options.spec, options.rules.as_deref(), options.settings)
        .map_err(|error| error.to_string())?;
    let simulator = Arc::new(simulator);
    let server = Server::bind(Arc::clone(&simulator), options.port)
        .await
        .map_err(|error| error.to_string())?;
    println!("address: {}", server.url());
    println!("token: {}", simulator.token());
    let _ = std::io::stdout().flush();
    for met in simulator.contract().limits_met() {
        eprintln!("simulate: a bound was met: {met}");
    }
    tokio::select! {
        () = server.serve() => Ok(()),
        outcome = tokio::signal::ctrl_c() => outcome.map_err(|error| error.to_string()),
    }
}

fn options(words: impl IntoIterator<Item = OsString>) -> Result<Option<Options>, String> {
    use lexopt::prelude::{Long, Short, ValueExt};
    let mut spec = None;
    let mut rules = None;
    let mut port = 0;
    let mut settings = Settings {
        pace: Pace::Real,
        ..Settings::default()
    };
    let mut parser = lexopt::Parser::from_args(words);
    let shown = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(shown)? {
        match argument {
            Long("spec") => spec = Some(PathBuf::from(parser.value().map_err(shown)?)),
            Long("rules") => rules = Some(PathBuf::from(parser.value().map_err(shown)?)),
            Long("port") => {
                port = parser
                    .value()
                    .and_then(|value| value.parse())
                    .map_err(shown)?;
            }
            Long("seed") => {
                settings.seed = parser
                    .value()
                    .and_then(|value| value.parse())
                    .map_err(shown)?;
            }
            Long("token") => {
                settings.token = Some(
                    parser
                        .value()
                        .and_then(lexopt::ValueExt::string)
                        .map_err(shown)?,
                );
            }
            Long("time") => {
                let pace = parser
                    .value()
                    .and_then(lexopt::ValueExt::string)
                    .map_err(shown)?;
                settings.pace = Pace::parse(&pace)?;
            }
            Long("cors") => {
                let text = parser
                    .value()
                    .and_then(lexopt::ValueExt::string)
                    .map_err(shown)?;
                settings.cors = settings.cors.with(&text)?;
            }
            Long("no-rate-limit") => settings.rate_limit = false,
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().to_string()),
        }
    }
    let spec = spec.ok_or("--spec is missing")?;
    Ok(Some(Options {
        spec,
        rules,
        port,
        settings,
    }))
}
