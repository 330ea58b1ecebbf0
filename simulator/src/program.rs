//! The program `simulate`, for whoever has the words of its command line.

mod options;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::Mutex;

use self::options::{Document, Options, TlsChoice};
use crate::keep::Keeper;
use crate::{Listen, Server, Settings, Simulator, Tls};

const HELP: &str = "\
simulate: serves APIs from their OpenAPI documents, with state

usage: simulate --spec FILE [options] [--spec FILE [options] ...]

Documents. Several are told apart by their base paths; the options named here are for the --spec before
them:
  --spec FILE       OpenAPI 3.0 or 3.1, JSON or YAML
  --rules FILE      behaviour beyond the document (default: simulator.yaml beside it)
  --stubs FILE      replies given in advance (default: stubs.yaml beside it)
  --base /PATH      base path, in place of those of the document

Address:
  --host HOST       address or name to listen on (default: 127.0.0.1; 0.0.0.0 for all addresses)
  --port N          port to listen on (default: any free one)
  --allow-host NAME a further name by which callers may address this machine; several times for several
  --allow-callback HOST  a host besides this machine that callbacks and webhooks may be sent to
  --tls CERT KEY    speak HTTPS with a certificate and its key, each a file in PEM
  --tls self-signed speak HTTPS with a certificate made now; /__simulator/certificate gives it
  --cors ORIGIN     pages of this origin may call too; `*` for all, `none` for none (default: pages
                    that are served from this machine); several times for several

Behaviour:
  --state FILE      keep the state in this file over restarts; it is written whole after each change
  --seed S          decides identifiers and faults (default: 0)
  --token TEXT      token that is accepted (default: made from the seed)
  --time PACE       instant, real, manual, or xN for N times as fast (default: real)
  --no-rate-limit   do not apply the documented rate limit
  --help            this text

The first lines printed are the addresses, one for each document, then the token. /__simulator on the
same port resets, saves and loads the state, moves the clock, plants faults and
gives replies in advance; where several documents
are served, each has its own below its base path.
";

/// Serves until the program is interrupted, and gives the exit code: 2 where the words are wrong.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let options = match Options::read(words) {
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
    let mut simulators = Vec::new();
    for document in &options.documents {
        simulators.push(Arc::new(open(document, &options.settings)?));
    }
    let tls = certificate(&options).map_err(|error| error.to_string())?;
    let listen = Listen {
        host: options.host.clone(),
        port: options.port,
        names: options.names.clone(),
        tls,
    };
    let server = Server::bind_all(simulators.clone(), listen)
        .await
        .map_err(|error| error.to_string())?;
    let keeper = options
        .state
        .as_deref()
        .map(|path| Keeper::open(path, simulators.clone()))
        .transpose()
        .map_err(|error| error.to_string())?;
    greet(&server, &simulators);
    let keeper = keeper.map(|keeper| Arc::new(Mutex::new(keeper)));
    let saving = keeper.clone();
    tokio::select! {
        () = server.serve() => {}
        () = keep(saving) => {}
        outcome = interrupted() => outcome.map_err(|error| error.to_string())?,
    }
    match keeper {
        Some(keeper) => keeper.lock().await.finish(),
        None => Ok(()),
    }
}

fn open(document: &Document, settings: &Settings) -> Result<Simulator, String> {
    let settings = Settings {
        base: document.base.clone(),
        stubs: document.stubs.clone(),
        ..settings.clone()
    };
    Simulator::open(&document.spec, document.rules.as_deref(), settings)
        .map_err(|error| error.to_string())
}

/// The certificate that the options ask for.
fn certificate(options: &Options) -> Result<Option<Tls>, crate::StartError> {
    match &options.tls {
        None => Ok(None),
        Some(TlsChoice::Files(certificate, key)) => Tls::files(certificate, key).map(Some),
        Some(TlsChoice::SelfSigned) => {
            let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
            names.push("::1".to_owned());
            let host = options.host.trim_start_matches('[').trim_end_matches(']');
            let further = options.names.iter().map(String::as_str).chain([host]);
            for name in further {
                if !["0.0.0.0", "::"].contains(&name) && !names.iter().any(|it| it == name) {
                    names.push(name.to_owned());
                }
            }
            Tls::self_signed(names).map(Some)
        }
    }
}

/// Tells where everything is.
fn greet(server: &Server, simulators: &[Arc<Simulator>]) {
    let origin = server.origin();
    for simulator in simulators {
        println!("address: {origin}{}", simulator.contract().base_path);
    }
    for token in simulators.iter().take(1).map(|it| it.token()) {
        println!("token: {token}");
    }
    let _ = std::io::stdout().flush();
    for simulator in simulators {
        for met in simulator.contract().limits_met() {
            eprintln!("simulate: a bound was met: {met}");
        }
    }
}

/// Saves the state as long as the server runs.
async fn keep(keeper: Option<Arc<Mutex<Keeper>>>) {
    match keeper {
        Some(keeper) => Keeper::run(keeper, |message| eprintln!("simulate: {message}")).await,
        None => std::future::pending().await,
    }
}

/// Waits until the program is asked to end.
async fn interrupted() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut ended = signal(SignalKind::terminate())?;
        tokio::select! {
            outcome = tokio::signal::ctrl_c() => outcome,
            _ = ended.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
