//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use conformance::live::Options;
use conformance::{Format, Severity};
use lexopt::{Arg, Parser, ValueExt as _};

/// What `--help` prints.
pub const HELP: &str = "\
Judges a server or recordings by an OpenAPI document.

usage: conform --spec FILE (--live URL | --recording FILE...) [options]

  --spec FILE            the OpenAPI document, JSON or YAML
  --live URL             drives the server at this base URL
  --recording FILE       judges a HAR file or JSON Lines; may be repeated
  --format FORM          text (default), json, junit or html
  --out FILE             writes the report here instead of printing it
  --expected FILE        findings that are known: others fail, and so do known ones that are gone
  --write-expected FILE  writes the findings of this run in the form of that file
  --fail-on SEVERITY     error, warning (default) or note

live runs only:
  --token TEXT           credentials: a key or token, or user:password for HTTP Basic; also from
                         the environment variable CONFORM_TOKEN, which does not show in process lists
  --read-only            sends nothing that changes anything
  --only OPERATION       judges this operation alone, by operationId or `GET /path`; may be repeated
  --seed NUMBER          chooses other samples; the same seed sends the same requests
  --max-requests NUMBER  stops after this many requests (default 2000)
  --max-seconds NUMBER   stops after this time (default 120)

exit codes: 0 nothing new, 1 findings, 2 nothing could be judged
";

/// The arguments of one run.
#[derive(Debug)]
pub struct Args {
    /// The document.
    pub spec: PathBuf,
    /// What is judged.
    pub subject: Subject,
    /// The form of the report.
    pub format: Format,
    /// Where the report goes.
    pub out: Option<PathBuf>,
    /// The file of expected findings.
    pub expected: Option<PathBuf>,
    /// Where the findings go as expected ones.
    pub write_expected: Option<PathBuf>,
    /// The least severity that fails the run.
    pub fail_on: Severity,
    /// How a server is driven.
    pub options: Options,
}

/// What is judged.
#[derive(Debug)]
pub enum Subject {
    /// A server at a base URL.
    Live(String),
    /// Recordings.
    Recordings(Vec<PathBuf>),
}

#[derive(Default)]
struct Given {
    spec: Option<PathBuf>,
    live: Option<String>,
    recordings: Vec<PathBuf>,
    format: Option<Format>,
    out: Option<PathBuf>,
    expected: Option<PathBuf>,
    write_expected: Option<PathBuf>,
    fail_on: Option<Severity>,
    options: Options,
}

/// Reads the arguments; `None` where help was asked for.
///
/// # Errors
/// A sentence on what is wrong with them.
pub fn read(mut parser: Parser) -> Result<Option<Args>, String> {
    let mut given = Given::default();
    loop {
        match parser.next().map_err(|error| error.to_string())? {
            None => break,
            Some(Arg::Long("help") | Arg::Short('h')) => return Ok(None),
            Some(Arg::Long(name)) => {
                let name = name.to_owned();
                option(&mut given, &name, &mut parser)?;
            }
            Some(other) => return Err(other.unexpected().to_string()),
        }
    }
    if given.options.token.is_none() {
        given.options.token = std::env::var("CONFORM_TOKEN")
            .ok()
            .filter(|token| !token.is_empty());
    }
    args(given).map(Some)
}

fn option(given: &mut Given, name: &str, parser: &mut Parser) -> Result<(), String> {
    if name == "read-only" {
        given.options.read_only = true;
        return Ok(());
    }
    let known = HELP
        .split_whitespace()
        .any(|word| word.strip_prefix("--") == Some(name));
    if !known {
        return Err(format!("there is no option --{name}"));
    }
    let value = parser.value().map_err(|error| error.to_string())?;
    if matches!(
        name,
        "spec" | "recording" | "out" | "expected" | "write-expected"
    ) {
        let path = PathBuf::from(value);
        match name {
            "spec" => given.spec = Some(path),
            "recording" => given.recordings.push(path),
            "out" => given.out = Some(path),
            "expected" => given.expected = Some(path),
            _ => given.write_expected = Some(path),
        }
        return Ok(());
    }
    let text = value
        .string()
        .map_err(|_| format!("the value of --{name} is not UTF-8"))?;
    let number = || {
        text.parse::<u64>()
            .map_err(|_| format!("--{name} wants a number, not `{text}`"))
    };
    match name {
        "live" => given.live = Some(text),
        "format" => {
            let form = Format::from_name(&text);
            given.format = Some(form.ok_or_else(|| {
                format!("there is no format `{text}`; there are text, json, junit and html")
            })?);
        }
        "fail-on" => given.fail_on = Some(severity(&text)?),
        "token" => given.options.token = Some(text),
        "only" => given.options.only.push(text),
        "seed" => given.options.seed = number()?,
        "max-requests" => {
            let most = usize::try_from(some(name, number()?)?).unwrap_or(usize::MAX);
            given.options.max_requests = most;
        }
        _ => given.options.max_time = Duration::from_secs(some(name, number()?)?),
    }
    Ok(())
}

/// A number above zero: a run that may do nothing would pass with nothing judged.
fn some(name: &str, number: u64) -> Result<u64, String> {
    if number == 0 {
        return Err(format!("--{name} 0 would judge nothing; give 1 or more"));
    }
    Ok(number)
}

fn severity(text: &str) -> Result<Severity, String> {
    let all = [Severity::Error, Severity::Warning, Severity::Note];
    let found = all.into_iter().find(|severity| severity.as_str() == text);
    found.ok_or_else(|| format!("there is no severity `{text}`; there are error, warning and note"))
}

fn args(given: Given) -> Result<Args, String> {
    let spec = given.spec.ok_or("--spec FILE is missing")?;
    let subject = match (given.live, given.recordings) {
        (Some(_), recordings) if !recordings.is_empty() => {
            return Err("--live and --recording cannot be given together".to_owned());
        }
        (Some(base), _) => Subject::Live(base),
        (None, recordings) if recordings.is_empty() => {
            return Err("neither --live URL nor --recording FILE is given".to_owned());
        }
        (None, recordings) => Subject::Recordings(recordings),
    };
    Ok(Args {
        spec,
        subject,
        format: given.format.unwrap_or(Format::Text),
        out: given.out,
        expected: given.expected,
        write_expected: given.write_expected,
        fail_on: given.fail_on.unwrap_or(Severity::Warning),
        options: given.options,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Option<Args>, String> {
        read(Parser::from_args(
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        ))
    }

    #[test]
    fn arguments_are_read() {
        let args = parsed("--spec a.json --live http://x --only listA --only getA --seed 7 --read-only --format html")
            .expect("they are right")
            .expect("no help was asked for");
        assert_eq!(args.options.only, ["listA", "getA"]);
        assert_eq!((args.options.seed, args.options.read_only), (7, true));
        assert_eq!(args.format, Format::Html);
        assert!(matches!(args.subject, Subject::Live(base) if base == "http://x"));
        assert!(
            parsed("--spec a --help")
                .expect("help is no error")
                .is_none()
        );
    }

    #[test]
    fn wrong_arguments_are_explained() {
        for (line, part) in [
            ("--live http://x", "--spec"),
            ("--spec a", "neither"),
            ("--spec a --live u --recording f", "together"),
            ("--spec a --live u --seed x", "`x`"),
            ("--spec a --live u --format pdf", "`pdf`"),
            ("--spec a --live u --fail-on never", "`never`"),
            ("--spec a --life u", "--life"),
            ("--spec", "spec"),
            ("a.json", "a.json"),
        ] {
            let error = parsed(line).expect_err(line);
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
