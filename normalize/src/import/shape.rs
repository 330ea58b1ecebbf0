//! What a single line of the documentation is, judged by its own text.

use super::document::Place;

/// The kinds of lines of the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape<'a> {
    /// `get`, `post`, ...: the method of an operation.
    Method,
    /// `/servers/{server_id}`: the path of an operation.
    Path,
    /// `Headers`, `Query Parameters`, `URI Parameters`.
    Group(Place),
    /// `- name: required (type)`.
    Parameter(ParameterLine<'a>),
    /// Any other line that starts like a list item.
    Item,
    /// `HTTP status code 200`, with what follows the words.
    Status(&'a str),
    /// `Body`.
    Body,
    /// `Media type: application/json`.
    MediaType(&'a str),
    /// `Type: object`, `Type: json`, or `Type:` alone before a schema.
    Type(&'a str),
    /// `Content:`, which announces a schema.
    Content,
    /// `Example:`, which announces one or several payloads.
    Example,
    /// `Secured by x-token`, with the name of the scheme.
    Secured(&'a str),
    /// The first line of a JSON text.
    Json,
    /// Anything else: prose or a title.
    Text,
}

/// The parts of `- name: required (type)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ParameterLine<'a> {
    pub name: &'a str,
    pub required: bool,
    /// What stands between the parentheses.
    pub kind: &'a str,
}

const METHODS: [&str; 8] = [
    "get", "post", "put", "delete", "patch", "head", "options", "trace",
];

/// Says what kind of line `text` is; `text` has no blanks around it.
pub(crate) fn shape(text: &str) -> Shape<'_> {
    match text {
        "Headers" => return Shape::Group(Place::Header),
        "Query Parameters" => return Shape::Group(Place::Query),
        "URI Parameters" => return Shape::Group(Place::Path),
        "Body" => return Shape::Body,
        "Content:" => return Shape::Content,
        "Example:" => return Shape::Example,
        _ if METHODS.contains(&text) => return Shape::Method,
        _ => {}
    }
    if let Some(status) = after_words(text, "HTTP status code") {
        return Shape::Status(status);
    }
    if let Some(scheme) = after_words(text, "Secured by") {
        return Shape::Secured(scheme);
    }
    if let Some(name) = text.strip_prefix("Media type:") {
        return Shape::MediaType(name.trim_start());
    }
    if let Some(word) = text.strip_prefix("Type:") {
        return Shape::Type(word.trim_start());
    }
    match text.as_bytes().first() {
        Some(b'/') => Shape::Path,
        Some(b'{' | b'[') => Shape::Json,
        _ => match text.strip_prefix("- ") {
            Some(item) => parameter(item).map_or(Shape::Item, Shape::Parameter),
            None => Shape::Text,
        },
    }
}

impl Shape<'_> {
    /// Whether the line can only be part of the structure, never of prose or of a JSON text.
    pub fn is_structure(self) -> bool {
        !matches!(self, Self::Text | Self::Item | Self::Json)
    }
}

/// What follows `words`, which are not the beginning of a longer word.
fn after_words<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(words)?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| rest.trim_start())
}

fn parameter(item: &str) -> Option<ParameterLine<'_>> {
    let (name, rest) = item.split_once(':')?;
    if name.is_empty() || name.contains(char::is_whitespace) {
        return None;
    }
    let rest = rest.trim_start();
    let (required, rest) = match rest.strip_prefix("required") {
        Some(rest) => (true, rest.trim_start()),
        None => (false, rest),
    };
    let kind = rest.strip_prefix('(')?.strip_suffix(')')?.trim();
    Some(ParameterLine {
        name,
        required,
        kind,
    })
}

/// Whether a list item has the beginning of a parameter, `- name:`. Such an item is never taken for prose.
pub(crate) fn names_something(item: &str) -> bool {
    let name = item
        .strip_prefix("- ")
        .and_then(|item| item.split_once(':'));
    name.is_some_and(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace))
}

/// Whether a line at a place where prose may stand reads like a heading of this grammar that is misspelt or new,
/// such as `Form Parameters` or `Query parameters`. Taking it for prose would file what follows under the wrong heading.
pub(crate) fn reads_like_heading(text: &str) -> bool {
    const LAST_WORDS: [&str; 10] = [
        "parameter",
        "parameters",
        "header",
        "headers",
        "cookie",
        "cookies",
        "body",
        "content",
        "example",
        "examples",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.last().map_or("", |word| word.trim_end_matches(':'));
    let known = LAST_WORDS
        .iter()
        .any(|word| word.eq_ignore_ascii_case(last));
    words.len() <= 3 && known
}

/// Whether a line reads like the title of a section: at most five words, each with a capital letter first, no full stop.
pub(crate) fn reads_like_title(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    words.len() <= 5 && words.iter().all(capital) && !text.ends_with(['.', ':', ';', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_a_shape() {
        let cases = [
            ("get", Shape::Method),
            ("GET", Shape::Text),
            ("/servers", Shape::Path),
            ("Headers", Shape::Group(Place::Header)),
            ("Query Parameters", Shape::Group(Place::Query)),
            ("URI Parameters", Shape::Group(Place::Path)),
            ("Body", Shape::Body),
            ("Media type: text/plain", Shape::MediaType("text/plain")),
            ("Type:", Shape::Type("")),
            ("Type: json", Shape::Type("json")),
            ("HTTP status code 404", Shape::Status("404")),
            ("Secured by x-token", Shape::Secured("x-token")),
            ("Content:", Shape::Content),
            ("Example:", Shape::Example),
            ("[]", Shape::Json),
            ("- q=My server", Shape::Item),
            ("- q: string", Shape::Item),
            ("Returns a list.", Shape::Text),
        ];
        for (text, expected) in cases {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn parameters_have_name_type_and_requirement() {
        let line = |name, required, kind| {
            Shape::Parameter(ParameterLine {
                name,
                required,
                kind,
            })
        };
        assert_eq!(shape("- page: (integer)"), line("page", false, "integer"));
        assert_eq!(
            shape("- X-TOKEN: required (string)"),
            line("X-TOKEN", true, "string")
        );
        assert_eq!(
            shape("- p: required (one of A, B)"),
            line("p", true, "one of A, B")
        );
        assert_eq!(shape("- two words: (string)"), Shape::Item);
    }

    #[test]
    fn titles_and_headings_are_told_from_prose() {
        assert!(reads_like_title("Ping Authentification"));
        assert!(reads_like_title("DVD ISO"));
        assert!(!reads_like_title("Entity representing a server"));
        assert!(!reads_like_title("Ok."));
        assert!(reads_like_heading("Form Parameters"));
        assert!(reads_like_heading("query parameters"));
        assert!(reads_like_heading("Examples:"));
        assert!(!reads_like_heading(
            "Returns the body of a message with its headers"
        ));
    }
}
