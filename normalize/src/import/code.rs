//! The kinds of complaints of the importer.

/// The text is no documentation of this grammar.
pub const NOT_DOCUMENTATION: &str = "I0001";
/// The text stops, or a part of it, before it is complete.
pub const CUT_OFF: &str = "I0002";
/// A line that reads like a heading, but none that the grammar has.
pub const UNKNOWN_HEADING: &str = "I0003";
/// A known heading or field at a place where it cannot stand.
pub const MISPLACED: &str = "I0004";
/// A parameter that is not written as `- name: required (type)`, or has an unknown type.
pub const PARAMETER: &str = "I0005";
/// Something that may stand once stands twice.
pub const REPEATED: &str = "I0006";
/// A path whose variables are not those documented.
pub const PATH: &str = "I0007";
/// A status that is no number of three digits.
pub const STATUS: &str = "I0008";
/// A JSON text whose end is not found.
pub const JSON_EXTENT: &str = "I0009";
/// A word in a schema that JSON Schema does not know and the ledger does not name.
pub const SCHEMA_KEYWORD: &str = "I0010";
/// The ledger is not written as it should be.
pub const LEDGER: &str = "I0011";
/// An entry of the ledger that has nothing to do.
pub const LEDGER_IDLE: &str = "I0012";
/// The counts of the ledger are not those of the document.
pub const COUNTS: &str = "I0013";
/// An operation that its section does not announce, or the other way round.
pub const ANNOUNCED: &str = "I0014";
/// The text is in another encoding than UTF-8, although its bytes happen to be valid UTF-8.
pub const ENCODING: &str = "I0015";
