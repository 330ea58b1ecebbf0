//! Every kind of complaint that reading a text can give, with its explanation.

use crate::diagnostic::Diagnostic;
use crate::limits::{Budget, Exceeded, Limits};
use crate::node::Duplicate;
use crate::text::{SourceId, Sources, Span};

/// One kind of complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its code.
    pub code: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// What it means and why it is refused.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// The bytes are not UTF-8.
pub const NOT_UTF8: &str = "E0001";
/// The text is longer than the limit.
pub const TOO_LARGE: &str = "E0002";
/// The text is not JSON.
pub const JSON_SYNTAX: &str = "E0003";
/// An object names a key twice.
pub const DUPLICATE_KEY: &str = "E0004";
/// Objects and arrays are nested deeper than the limit.
pub const TOO_DEEP: &str = "E0005";
/// The tree has more values than the limit.
pub const TOO_MANY: &str = "E0006";
/// A JSON string holds a control character as it is.
pub const CONTROL_CHARACTER: &str = "E0007";
/// A JSON string escapes half a surrogate pair.
pub const LONE_SURROGATE: &str = "E0008";
/// A JSON string holds an escape that does not exist.
pub const BAD_ESCAPE: &str = "E0009";
/// A number is not written as JSON writes numbers.
pub const BAD_NUMBER: &str = "E0010";
/// A comma stands before a closing bracket.
pub const TRAILING_COMMA: &str = "E0011";
/// Something follows the end of the document.
pub const TEXT_AFTER_END: &str = "E0012";
/// The text ends inside a value.
pub const CUT_OFF: &str = "E0013";
/// The text holds no value.
pub const EMPTY: &str = "E0014";
/// The text is not YAML.
pub const YAML_SYNTAX: &str = "E0015";
/// A YAML value has a tag.
pub const YAML_TAG: &str = "E0016";
/// A YAML text holds several documents.
pub const YAML_DOCUMENTS: &str = "E0017";
/// A YAML key is not a text.
pub const YAML_KEY: &str = "E0018";
/// A YAML alias names no finished value.
pub const YAML_ALIAS: &str = "E0019";
/// A YAML number has no JSON form.
pub const YAML_NUMBER: &str = "E0020";
/// A YAML merge key does not give mappings.
pub const YAML_MERGE: &str = "E0021";
/// A source belongs to another set.
pub const UNKNOWN_SOURCE: &str = "E0022";
/// A line of a quoted YAML text is not indented.
pub const YAML_INDENT: &str = "E0023";
/// Readers of YAML take a plain text for different things.
pub const YAML_DISPUTED: &str = "E0024";

/// All entries in the order of their codes.
pub const ENTRIES: &[Entry] = &[
    Entry {
        code: NOT_UTF8,
        title: "the file is not UTF-8 text",
        meaning: "JSON and YAML are read as UTF-8. Bytes that are not UTF-8 cannot be kept \
                  exactly, so nothing of the file is read.",
        remedy: "Save the file as UTF-8; `iconv -f UTF-16 -t UTF-8` converts files that some \
                 editors write as \"Unicode\".",
    },
    Entry {
        code: TOO_LARGE,
        title: "the files are longer than the limit",
        meaning: "The length of all files of a document together is bounded so that no input can \
                  use up the memory.",
        remedy: "Check that this is the file you mean; if it is, leave out what the document does \
                 not need, or make several documents of it.",
    },
    Entry {
        code: JSON_SYNTAX,
        title: "the text is not JSON",
        meaning: "The text breaks the grammar of RFC 8259 at the place shown. Comments, single \
                  quotes and names without quotes are not JSON.",
        remedy: "Correct the place shown. A YAML document must not start with `{` or `[` unless \
                 its file is called `.yaml` or `.yml`.",
    },
    Entry {
        code: DUPLICATE_KEY,
        title: "an object names a key twice",
        meaning: "Readers disagree about which of two members with one key counts, so one of \
                  them would be lost in silence. In an OpenAPI document, the part that is unclear \
                  for it is left out; where the two are equal or only describe, it stays.",
        remedy: "Remove or rename one of the two members shown.",
    },
    Entry {
        code: TOO_DEEP,
        title: "objects and arrays are nested too deeply",
        meaning: "Nesting is bounded so that no input can exhaust the stack.",
        remedy: "Check that the text is not damaged; move deep parts into components and refer \
                 to them with `$ref`.",
    },
    Entry {
        code: TOO_MANY,
        title: "the document holds too many values",
        meaning: "The number of values in all files of a document together is bounded so that no \
                  input can use up the memory. YAML aliases count with everything they stand for, \
                  because a few lines of aliases of aliases can mean billions of values.",
        remedy: "Write `$ref`s in place of aliases; leave out what the document does not need, or \
                 make several documents of it.",
    },
    Entry {
        code: CONTROL_CHARACTER,
        title: "a string holds a control character",
        meaning: "RFC 8259 allows the characters below U+0020, line breaks among them, only as \
                  escapes.",
        remedy: "Write the character as an escape: `\\n` for a line break, `\\t` for a tab, \
                 `\\u0000` for others. A string cut off by a missing quote also shows this.",
    },
    Entry {
        code: LONE_SURROGATE,
        title: "an escape is half of a surrogate pair",
        meaning: "`\\uD800` to `\\uDFFF` are halves of characters; one half alone is no \
                  character and cannot be kept in UTF-8 text.",
        remedy: "Write both halves, such as `\\uD83D\\uDE00`, or the character itself.",
    },
    Entry {
        code: BAD_ESCAPE,
        title: "a string holds an escape that JSON does not have",
        meaning: "JSON has the escapes `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` \
                  and `\\u` with four hexadecimal digits, and no others.",
        remedy: "Double the backslash if it is meant as a backslash, as in regular expressions: \
                 `\\\\d`.",
    },
    Entry {
        code: BAD_NUMBER,
        title: "a number is not written as JSON writes numbers",
        meaning: "JSON numbers have no leading zero, no plus sign, at least one digit on each \
                  side of the point, and no names such as `NaN`.",
        remedy: "Rewrite the number, or quote it if it is a text.",
    },
    Entry {
        code: TRAILING_COMMA,
        title: "a comma stands before a closing bracket",
        meaning: "JSON separates values with commas and has none behind the last one.",
        remedy: "Remove the comma, or add the value that is missing behind it.",
    },
    Entry {
        code: TEXT_AFTER_END,
        title: "something follows the end of the document",
        meaning: "A JSON text is one value. What follows it would be ignored in silence.",
        remedy: "Remove what follows, or put a bracket that closes too early where it belongs.",
    },
    Entry {
        code: CUT_OFF,
        title: "the text ends too early",
        meaning: "The text ends inside a value: the file was cut off, or a closing bracket or \
                  quote is missing.",
        remedy: "Fetch the file again, or close what the second place shown opens.",
    },
    Entry {
        code: EMPTY,
        title: "the text holds no value",
        meaning: "The file is empty or holds only white space and comments.",
        remedy: "Check that this is the file you mean.",
    },
    Entry {
        code: YAML_SYNTAX,
        title: "the text is not YAML",
        meaning: "The text breaks the grammar of YAML 1.2 at the place shown. Often the cause \
                  stands a line earlier: an indentation, a missing colon, an open quote.",
        remedy: "Correct the place shown; quote texts that hold `: `, ` #`, or start with one of \
                 `` @`%&*!|>{[ ``.",
    },
    Entry {
        code: YAML_TAG,
        title: "a YAML value has a tag",
        meaning: "Tags other than those of the core schema that agree with the value have no \
                  meaning in JSON, and dropping one would change the document in silence.",
        remedy: "Remove the tag; quote the value if it is meant as a text.",
    },
    Entry {
        code: YAML_DOCUMENTS,
        title: "a YAML file holds several documents",
        meaning: "One file is one document; further documents behind `---` would be ignored in \
                  silence.",
        remedy: "Put each document into a file of its own.",
    },
    Entry {
        code: YAML_KEY,
        title: "a YAML key is not a text",
        meaning: "The keys of JSON objects are texts. A list or a mapping as a key has no JSON \
                  form; a key that is empty or `~` is another one for each reader.",
        remedy: "Write the key as a text. Braces that are part of a text must be quoted: \
                 `\"{id}\": ...`.",
    },
    Entry {
        code: YAML_ALIAS,
        title: "a YAML alias names no finished value",
        meaning: "`*name` stands for the value that `&name` marks earlier in the file. A value \
                  cannot hold itself.",
        remedy: "Mark the value with `&name` before it is used, or write a `$ref`, which may be \
                 recursive.",
    },
    Entry {
        code: YAML_NUMBER,
        title: "a YAML number has no JSON form",
        meaning: "YAML reads `.inf` and `.nan` as numbers, and JSON has neither.",
        remedy: "Quote the value if it is a text; otherwise leave it out.",
    },
    Entry {
        code: YAML_MERGE,
        title: "a YAML merge key does not give mappings",
        meaning: "`<<` takes the members of a mapping or of a list of mappings into the mapping \
                  that it stands in.",
        remedy: "Give it an alias of a mapping, or quote the key if it is meant as a name.",
    },
    Entry {
        code: UNKNOWN_SOURCE,
        title: "a source belongs to another set",
        meaning: "The program asked for a text that it did not load.",
        remedy: "This is a mistake of the program; please report it.",
    },
    Entry {
        code: YAML_INDENT,
        title: "a line of a quoted text is not indented",
        meaning: "YAML wants the further lines of a text in quotes indented more than the line that \
                  the text belongs to. Most readers take them as they stand, since blanks at their \
                  beginnings are no part of the text, and so does this one.",
        remedy: "Indent the line, or write the text as a block (`|` or `>`).",
    },
    Entry {
        code: YAML_DISPUTED,
        title: "readers of YAML disagree about a value",
        meaning: "YAML 1.1 reads words such as `no` and `on` as booleans, and digits with \
                  underscores or colons as numbers: `1_000`, `12:30`; `012` is 10 there, and 12 in \
                  YAML 1.2. This reader takes all of them for texts.",
        remedy: "Quote the value if it is a text; otherwise write `true`, `false` or plain digits.",
    },
];

/// The entry of a code of this crate.
pub fn find(code: &str) -> Option<&'static Entry> {
    ENTRIES
        .iter()
        .find(|entry| entry.code.eq_ignore_ascii_case(code))
}

/// An error of a kind of this catalogue, with the remedy of its entry.
pub(crate) fn problem(code: &'static str, message: impl Into<String>) -> Diagnostic {
    let problem = Diagnostic::error(code, message);
    match find(code) {
        Some(entry) => problem.help(entry.remedy),
        None => problem,
    }
}

pub(crate) fn unknown_source() -> Diagnostic {
    problem(UNKNOWN_SOURCE, "a source belongs to another set")
}

pub(crate) fn not_utf8(name: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.split(|&byte| byte == b'\n').count();
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let tail = String::from_utf8_lossy(before.get(start..).unwrap_or(&[]));
    let column = tail.chars().count() + 1;
    let byte = bytes.get(at).copied().unwrap_or(0);
    let shown: String = tail
        .chars()
        .rev()
        .take(40)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    problem(
        NOT_UTF8,
        format!("{name}:{line}:{column}: byte 0x{byte:02X} is not UTF-8 text"),
    )
    .note(if at == 0 {
        "it is the first byte of the file".to_owned()
    } else {
        format!("the byte is number {at} of the file, behind `{shown}`")
    })
}

/// The text of a source, where the budget has room for it.
pub(crate) fn text<'s>(
    sources: &'s Sources,
    id: SourceId,
    budget: &mut Budget,
) -> Result<&'s str, Vec<Diagnostic>> {
    let Some(source) = sources.get(id) else {
        return Err(vec![unknown_source()]);
    };
    let text = source.text();
    if budget.take_bytes(text.len()) {
        return Ok(text);
    }
    let at = Span::new(id, 0, 0);
    Err(vec![too_large(text.len(), &budget.limits, at)])
}

fn too_large(length: usize, limits: &Limits, at: Span) -> Diagnostic {
    let message = if length > limits.bytes {
        format!(
            "the text is {length} bytes long, more than {}",
            limits.bytes
        )
    } else {
        let most = limits.bytes;
        format!("with this text of {length} bytes, all files are longer than {most} bytes")
    };
    problem(TOO_LARGE, message).at(at.at_start(), "")
}

pub(crate) fn too_deep(limits: &Limits, at: Span) -> Diagnostic {
    let depth = limits.effective_depth();
    problem(
        TOO_DEEP,
        format!("more than {depth} objects and arrays are open at once"),
    )
    .at(at, "this would be one level too many")
}

pub(crate) fn too_many(bound: Exceeded, limits: &Limits, at: Span) -> Diagnostic {
    let message = match bound {
        Exceeded::Nodes => format!("the document holds more than {} values", limits.nodes),
        Exceeded::Copies => format!("aliases copy more than {} values", limits.copies),
    };
    problem(TOO_MANY, message).at(at, "reading stopped here")
}

/// The complaint about a key that is named twice.
pub fn duplicate_key(duplicate: &Duplicate) -> Diagnostic {
    problem(
        DUPLICATE_KEY,
        format!("the key `{}` is named twice", clip(&duplicate.key)),
    )
    .at(duplicate.second, "named again here")
    .seen(duplicate.first, "first named here")
}

/// At most 80 characters of a text that is to stand in a sentence.
pub(crate) fn clip(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_once() {
        assert!(ENTRIES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(find("e0004").map(|entry| entry.code), Some(DUPLICATE_KEY));
        assert!(find("E9999").is_none());
    }
}
