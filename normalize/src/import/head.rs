//! The introduction before the first section: title, address, general statuses, rate limit.
//!
//! It is prose for the most part. What is read from it stands in lines of their own: the title in the first line,
//! the address as the first line that is nothing but a URL, statuses as `- 200: ...`, and under `Security` the
//! headers as `- X-Name: ...`, one of which says `per minute (25)`.

use verbatim_source::Diagnostic;

use super::code;
use super::document::{GeneralStatus, RateLimit};
use super::lines::{Cursor, Line};
use super::operation::{Reader, Step};
use super::shape::{Shape, shape};

const OPENING: &str = "Getting started with the ";

/// What the introduction says.
pub(crate) struct Head<'a> {
    pub title: String,
    pub server: String,
    pub statuses: Vec<GeneralStatus>,
    pub rate_limit: RateLimit,
    /// The lines after the introduction and before the first operation.
    pub announced: Vec<Line<'a>>,
}

/// Reads everything before the first operation.
pub(crate) fn read<'a>(cursor: &mut Cursor<'a>) -> Step<Head<'a>> {
    let title = title(cursor)?;
    let mut lines = cursor.take_while(|cursor| !Reader::at_operation(cursor));
    if cursor.peek().is_none() {
        let problem = Diagnostic::error(code::CUT_OFF, "the document describes no operation");
        let problem = problem.at(cursor.end(), "the document ends here");
        return Err(problem
            .help("operations start with a line such as `get`, followed by the path")
            .into());
    }
    let is_item = |line: &Line<'_>| matches!(shape(line.text), Shape::Item | Shape::Parameter(_));
    let end = lines.iter().rposition(is_item).map_or(0, |last| last + 1);
    let announced = lines.split_off(end);
    Ok(Head {
        title,
        server: server(cursor, &lines)?,
        statuses: statuses(cursor, &lines)?,
        rate_limit: rate_limit(cursor, &lines)?,
        announced,
    })
}

fn title(cursor: &Cursor<'_>) -> Step<String> {
    if let Some(at) = cursor.text().find('\0') {
        let problem = Diagnostic::error(code::ENCODING, "the text holds a NUL character");
        let problem = problem
            .at(cursor.span_of(at, at + 1), "here")
            .help("save the text as UTF-8; this looks like UTF-16");
        return Err(problem.into());
    }
    let first = cursor.peek();
    let title = first
        .and_then(|line| line.text.strip_prefix(OPENING))
        .map(str::trim);
    if let Some(title) = title.filter(|title| !title.is_empty()) {
        return Ok(title.to_owned());
    }
    let place = first.map_or(cursor.end(), |line| cursor.span(line));
    let found = if first.is_some() {
        "this is the first line"
    } else {
        "the text is empty"
    };
    let problem = Diagnostic::error(
        code::NOT_DOCUMENTATION,
        "this is no documentation text of the known form",
    );
    let problem = problem.at(place, found);
    Err(problem
        .help(format!("such a text begins with `{OPENING}...`"))
        .into())
}

fn server(cursor: &Cursor<'_>, lines: &[Line<'_>]) -> Step<String> {
    let is_url = |line: &&Line<'_>| {
        let scheme = line.text.starts_with("https://") || line.text.starts_with("http://");
        scheme && !line.text.contains(char::is_whitespace)
    };
    match lines.iter().find(is_url) {
        Some(line) => Ok(line.text.to_owned()),
        None => Err(missing(
            cursor,
            "the introduction gives no address",
            "the address is a line of its own, such as `https://host/v1`",
        )
        .into()),
    }
}

fn statuses(cursor: &Cursor<'_>, lines: &[Line<'_>]) -> Step<Vec<GeneralStatus>> {
    let mut statuses: Vec<GeneralStatus> = Vec::new();
    for line in lines {
        let Some((name, _)) = item(*line) else {
            continue;
        };
        let number = name
            .parse()
            .ok()
            .filter(|number| (100..600).contains(number));
        let Some(status) = number else { continue };
        if statuses.iter().any(|known| known.status == status) {
            let problem = Diagnostic::error(
                code::REPEATED,
                format!("status {status} stands twice in the general list"),
            );
            return Err(problem.at(cursor.span(*line), "here").into());
        }
        statuses.push(GeneralStatus {
            status,
            line: line.number,
        });
    }
    if statuses.is_empty() {
        return Err(missing(
            cursor,
            "the introduction lists no statuses",
            "statuses are written `- 200: ...`",
        )
        .into());
    }
    Ok(statuses)
}

fn rate_limit(cursor: &Cursor<'_>, lines: &[Line<'_>]) -> Step<RateLimit> {
    let start = lines
        .iter()
        .position(|line| line.text == "Security")
        .unwrap_or(lines.len());
    let items = lines
        .iter()
        .skip(start)
        .filter_map(|line| Some((*line, item(*line)?)));
    let mut headers = Vec::new();
    let mut limit = None;
    for (line, (name, text)) in items {
        headers.push((name.to_owned(), line.number));
        let number = text
            .split_once("per minute (")
            .and_then(|(_, rest)| rest.split_once(')'));
        limit = limit
            .or_else(|| number.and_then(|(digits, _)| Some((digits.parse().ok()?, line.number))));
    }
    match limit {
        Some((per_minute, line)) => Ok(RateLimit {
            headers,
            per_minute,
            line,
        }),
        None => Err(missing(
            cursor,
            "the introduction states no rate limit",
            "under `Security`, a line such as `- X-Limit: ... per minute (25)`",
        )
        .into()),
    }
}

/// Name and text of `- name: text`.
fn item(line: Line<'_>) -> Option<(&str, &str)> {
    let (name, text) = line.text.strip_prefix("- ")?.split_once(':')?;
    (!name.contains(char::is_whitespace)).then_some((name, text))
}

fn missing(cursor: &Cursor<'_>, message: &str, help: &str) -> Diagnostic {
    let place = cursor.peek().map_or(cursor.end(), |line| cursor.span(line));
    let problem =
        Diagnostic::error(code::CUT_OFF, message).at(place, "the first operation starts here");
    problem.help(help)
}
