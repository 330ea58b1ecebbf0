//! A small documentation text that uses every part of the grammar, its ledger, and ways to change them.

use verbatim_normalize::import::{ImportError, Imported, import};
use verbatim_source::Source;

/// A text with every production of the grammar.
pub const TEXT: &str = include_str!("toy.txt");

/// The ledger of [`TEXT`].
pub const LEDGER: &str = "counts: {operations: 3, paths: 2, schemas: 2, examples: 5, requests: 1, responses: {'200': 2, '400': 2}}\n";

/// Imports a text with a ledger.
pub fn run(text: &str, ledger: &str) -> Result<Imported, ImportError> {
    import(
        Source::new("toy.txt", text.to_owned()),
        Source::new("defects.yaml", ledger.to_owned()),
    )
}

/// The documented facts of a text, or a panic that shows why it was refused.
pub fn facts(text: &str, ledger: &str) -> String {
    match run(text, ledger) {
        Ok(imported) => imported.documented,
        Err(refused) => panic!("{refused}"),
    }
}

/// The rendered complaints about a text.
pub fn complaints(text: &str, ledger: &str) -> String {
    match run(text, ledger) {
        Ok(imported) => panic!("accepted: {}", imported.counts),
        Err(refused) => refused.to_string(),
    }
}

/// [`TEXT`] with the first `old` replaced.
pub fn with(old: &str, new: &str) -> String {
    assert!(TEXT.contains(old), "the text holds {old:?}");
    TEXT.replacen(old, new, 1)
}

/// [`TEXT`] up to and without the first `mark`.
pub fn until(mark: &str) -> String {
    let end = TEXT
        .find(mark)
        .unwrap_or_else(|| panic!("the text holds {mark:?}"));
    TEXT[..end].to_owned()
}
