//! The program `conform`, for whoever has the words of its command line.

mod args;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufReader, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::http::Http;
use crate::transport::block_on;
use crate::{Contract, Expected, Report, live, proxy, recorded, recording};

use args::{Args, ProxyArgs, Subject};

/// Nothing disagrees with the document beyond what is expected.
const CLEAN: u8 = 0;
/// There are findings, or expected ones are gone.
const FINDINGS: u8 = 1;
/// Nothing could be judged: wrong arguments, unreadable files, no server.
const UNUSABLE: u8 = 2;

/// Time for one request.
const PATIENCE: Duration = Duration::from_secs(30);

/// Judges as the words say, prints the report, and gives the exit code: 0 where nothing is new, 1
/// where there are findings, 2 where nothing could be judged.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match args::read(lexopt::Parser::from_args(words)) {
        Ok(Some(args)) => args,
        Ok(None) => return finish(&print(args::HELP), CLEAN),
        Err(message) => {
            return fail(&format!(
                "{message}\n  help: `conform --help` lists the options."
            ));
        }
    };
    match judged(&args) {
        Ok((text, code)) => deliver(&args, &text, code),
        Err(message) => fail(&message),
    }
}

fn judged(args: &Args) -> Result<(String, u8), String> {
    let contract = Contract::open(&args.spec).map_err(|problems| problems.to_string())?;
    let expected = match &args.expected {
        Some(path) => {
            let text = read(path)?;
            Expected::read(&text).map_err(|error| format!("{}: {error}", path.display()))?
        }
        None => Expected::default(),
    };
    let report = judge(args, &contract)?;
    if let Some(path) = &args.write_expected {
        write(path, &Expected::text(&report.findings))?;
    }
    let verdict = report.verdict(&expected, args.fail_on);
    let verdict = verdict.covering(&report.coverage, &args.threshold);
    let code = if verdict.is_clean() { CLEAN } else { FINDINGS };
    Ok((report.render(args.format, &verdict), code))
}

fn judge(args: &Args, contract: &Contract) -> Result<Report, String> {
    match &args.subject {
        Subject::Recordings(paths) => {
            let mut run = recorded::Run::new(contract);
            run.assert_formats(args.options.assert_formats);
            for path in paths {
                let name = path
                    .file_name()
                    .unwrap_or(path.as_os_str())
                    .to_string_lossy();
                let file = fs::File::open(path).map_err(|error| unreadable(path, &error))?;
                run.begin(&name);
                recording::read(
                    &name,
                    BufReader::with_capacity(1 << 16, file),
                    &mut |entry| {
                        run.entry(entry);
                    },
                )
                .map_err(|error| error.to_string())?;
            }
            let passed = run.passed_over();
            let report = run.finish();
            if report.exchanges == 0 && report.findings.is_empty() {
                return Err(format!(
                    "none of the {passed} requests is one of the API\n  help: The recording is of another server, or the document lacks its address under `servers`."
                ));
            }
            Ok(report)
        }
        Subject::Proxy(wanted) => through(contract, args, wanted),
        Subject::Live(base) => {
            let origin = live::origin(base).map_err(|error| error.to_string())?;
            let transport = Http::new(&origin, PATIENCE);
            let run = live::judge(contract, base, &transport, &args.options);
            block_on(run).map_err(|error| error.to_string())
        }
    }
}

/// Judges traffic as it passes.
fn through(contract: &Contract, args: &Args, wanted: &ProxyArgs) -> Result<Report, String> {
    let options = proxy::Options {
        target: wanted.target.clone(),
        listen: wanted.listen,
        time: wanted.time,
        enforce: wanted.enforce,
        assert_formats: args.options.assert_formats,
        secrets: args.options.token.iter().cloned().collect(),
    };
    let mut file = match &wanted.record {
        Some(path) => {
            let file = Record::open(path).map_err(|error| cannot_write(path, &error))?;
            Some(io::LineWriter::new(file))
        }
        None => None,
    };
    let record = file.as_mut().map(|file| file as &mut dyn io::Write);
    // What goes on is told beside the report, which may be read by a program.
    let mut told = io::stderr();
    let report = proxy::run(contract, &options, &mut told, record);
    let report = report.map_err(|error| error.to_string())?;
    if report.exchanges == 0 && report.findings.is_empty() {
        let passed = report.notes.join(" ");
        return Err(if passed.is_empty() {
            "nothing passed through the proxy, so nothing was judged\n  help: Give its address to the client as the base URL.".to_owned()
        } else {
            format!("nothing that passed could be judged. {passed}")
        });
    }
    Ok(report)
}

/// A file that is opened at once, and emptied when there is something to write: a proxy that cannot start takes no
/// earlier recording away.
struct Record {
    file: fs::File,
    is_begun: bool,
}

impl Record {
    fn open(path: &Path) -> io::Result<Self> {
        let mut options = fs::OpenOptions::new();
        let file = options
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        Ok(Self {
            file,
            is_begun: false,
        })
    }
}

impl io::Write for Record {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_begun {
            self.file.set_len(0)?;
            self.is_begun = true;
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() + 1;
        format!(
            "{}: byte {at} is not UTF-8\n  help: Save the file as UTF-8 text.",
            path.display()
        )
    })
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    format!(
        "cannot read {}: {error}\n  help: Check the path; it is relative to the current folder.",
        path.display()
    )
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| cannot_write(path, &error))
}

fn deliver(args: &Args, text: &str, code: u8) -> ExitCode {
    match &args.out {
        Some(path) => match write(path, text) {
            Ok(()) => ExitCode::from(code),
            Err(message) => fail(&message),
        },
        None => finish(&print(text), code),
    }
}

/// Prints to the standard output; a reader that has gone away is no error of ours.
fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn finish(printed: &std::io::Result<()>, code: u8) -> ExitCode {
    match printed {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            fail(&format!("cannot print: {error}"))
        }
        _ => ExitCode::from(code),
    }
}

fn fail(message: &str) -> ExitCode {
    let mut text = String::new();
    let lead = if message.starts_with("error") {
        ""
    } else {
        "error: "
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{lead}{message}");
    let text = verbatim_source::printable(&text);
    // Where not even the standard error can be written, the exit code has to do.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
    ExitCode::from(UNUSABLE)
}
