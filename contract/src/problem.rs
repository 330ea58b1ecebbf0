//! What is wrong with a document, ready to be shown.

use std::fmt;

use verbatim_source::{Diagnostic, Sources};

/// Why a document cannot be used: complaints with the places in the text they belong to.
#[derive(Debug)]
pub struct Problems {
    list: Vec<Diagnostic>,
    sources: Sources,
}

impl Problems {
    pub(crate) fn new(list: Vec<Diagnostic>, sources: Sources) -> Self {
        Self { list, sources }
    }

    pub(crate) fn one(message: impl Into<String>, help: impl Into<String>) -> Self {
        let diagnostic = Diagnostic::error("C0001", message.into()).help(help.into());
        Self::new(vec![diagnostic], Sources::new())
    }

    /// The complaints as data.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.list
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(formatter)?;
            }
            let text = verbatim_source::render(diagnostic, &self.sources);
            write!(formatter, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
