//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::coverage::Threshold;
use crate::live::Options;
use crate::{Format, Severity};
use lexopt::{Arg, Parser, ValueExt as _};

/// What `--help` prints.
pub const HELP: &str = "\
Judges a server or recordings by an OpenAPI document.

usage: conform --spec FILE (--live URL | --recording FILE... | --proxy URL) [options]

  --spec FILE            the OpenAPI document, JSON or YAML
  --live URL             drives the server at this base URL
  --recording FILE       judges HAR, JSON Lines, cassettes of VCR, collections of Postman or
                         Insomnia, or the text of curl -i; may be repeated
  --proxy URL            stands before the server at this URL and judges what passes
  --format FORM          text (default), json, junit, html, markdown, or to show findings at their
                         lines of the document: github, sarif
  --out FILE             writes the report here instead of printing it
  --expected FILE        findings that are known: others fail, and so do known ones that are gone
  --write-expected FILE  writes the findings of this run in the form of that file
  --fail-on SEVERITY     error, warning (default) or note
  --assert-formats       checks formats of texts, such as dates and addresses, which else only
                         describe
  --min-coverage PERCENT fails where less was seen of the documented operations, statuses,
                         parameters or properties; or of some: operations=100,properties=60

proxies only:
  --listen ADDR          where to listen (default 127.0.0.1:0, any free port of this machine)
  --for DURATION         ends after this time, such as 30s, 10m or 2h; else on Ctrl-C
  --record FILE          writes the traffic as JSON Lines, secrets masked
  --enforce              answers requests that break the document with 400, and does not send them

live runs only:
  --token TEXT           credentials: a key or token, or user:password for HTTP Basic; also from
                         the environment variable CONFORM_TOKEN, which does not show in process lists
  --read-only            sends nothing that changes anything
  --only OPERATION       judges this operation alone, by operationId or `GET /path`; may be repeated
  --seed NUMBER          chooses other samples; the same seed sends the same requests
  --max-requests NUMBER  stops after this many requests (default 2000)
  --max-seconds NUMBER   stops after this time (default 120)

exit codes: 0 nothing new, 1 findings or too little seen, 2 nothing could be judged
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
    /// How much of the document has to be seen.
    pub threshold: Threshold,
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
    /// Traffic to a server at a URL.
    Proxy(ProxyArgs),
}

/// The arguments of a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyArgs {
    /// The server.
    pub target: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How long to run.
    pub time: Option<Duration>,
    /// Where the traffic is written.
    pub record: Option<PathBuf>,
    /// Whether requests that break the document are refused.
    pub enforce: bool,
}

#[derive(Default)]
struct Given {
    proxy: Option<String>,
    listen: Option<SocketAddr>,
    time: Option<Duration>,
    record: Option<PathBuf>,
    enforce: bool,
    spec: Option<PathBuf>,
    live: Option<String>,
    recordings: Vec<PathBuf>,
    format: Option<Format>,
    out: Option<PathBuf>,
    expected: Option<PathBuf>,
    write_expected: Option<PathBuf>,
    fail_on: Option<Severity>,
    threshold: Threshold,
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
    if name == "assert-formats" {
        given.options.assert_formats = true;
        return Ok(());
    }
    if name == "enforce" {
        given.enforce = true;
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
        "spec" | "recording" | "record" | "out" | "expected" | "write-expected"
    ) {
        let path = PathBuf::from(value);
        match name {
            "spec" => given.spec = Some(path),
            "recording" => given.recordings.push(path),
            "record" => given.record = Some(path),
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
        "proxy" => given.proxy = Some(text),
        "listen" => given.listen = Some(address(&text)?),
        "for" => given.time = Some(duration(&text)?),
        "format" => {
            given.format = Some(Format::from_name(&text)?);
        }
        "min-coverage" => given.threshold.ask(&text)?,
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

/// An address such as `127.0.0.1:8080`, `localhost:8080`, `:8080` or a port alone.
fn address(text: &str) -> Result<SocketAddr, String> {
    let port = text
        .strip_prefix("localhost:")
        .or_else(|| text.strip_prefix(':'))
        .unwrap_or(text);
    if let Ok(port) = port.parse::<u16>() {
        return Ok(SocketAddr::from(([127, 0, 0, 1], port)));
    }
    text.parse()
        .map_err(|_| format!("--listen wants an address such as 127.0.0.1:8080, not `{text}`"))
}

/// A time such as `30s`, `500ms`, `10m` or `2h`; a number alone is of seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let scale = match unit {
        "ms" => Some(1),
        "" | "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let time = scale.and_then(|scale| number.parse::<u64>().ok()?.checked_mul(scale));
    let time = time.filter(|time| *time > 0).map(Duration::from_millis);
    time.ok_or_else(|| format!("--for wants a time such as 30s, 10m or 2h, not `{text}`"))
}

fn severity(text: &str) -> Result<Severity, String> {
    let all = [Severity::Error, Severity::Warning, Severity::Note];
    let found = all.into_iter().find(|severity| severity.as_str() == text);
    found.ok_or_else(|| format!("there is no severity `{text}`; there are error, warning and note"))
}

fn args(given: Given) -> Result<Args, String> {
    let spec = given.spec.ok_or("--spec FILE is missing")?;
    if given.proxy.is_none()
        && (given.listen.is_some()
            || given.time.is_some()
            || given.record.is_some()
            || given.enforce)
    {
        return Err(
            "--listen, --for, --record and --enforce are options of --proxy URL".to_owned(),
        );
    }
    if let Some(target) = given.proxy {
        if given.live.is_some() || !given.recordings.is_empty() {
            return Err("--proxy cannot be given together with --live or --recording".to_owned());
        }
        let proxy = ProxyArgs {
            target,
            listen: given
                .listen
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0))),
            time: given.time,
            record: given.record,
            enforce: given.enforce,
        };
        return Ok(Args {
            spec,
            subject: Subject::Proxy(proxy),
            format: given.format.unwrap_or(Format::Text),
            out: given.out,
            expected: given.expected,
            write_expected: given.write_expected,
            fail_on: given.fail_on.unwrap_or(Severity::Warning),
            threshold: given.threshold,
            options: given.options,
        });
    }
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
        threshold: given.threshold,
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
            ("--spec a --live u --min-coverage all", "`all`"),
            ("--spec a --life u", "--life"),
            ("--spec a --proxy u --live u", "together"),
            ("--spec a --proxy u --for soon", "`soon`"),
            ("--spec a --proxy u --listen nowhere", "`nowhere`"),
            ("--spec a --live u --record f", "--proxy"),
            ("--spec", "spec"),
            ("a.json", "a.json"),
        ] {
            let error = parsed(line).expect_err(line);
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
