//! Where in the document a thing came from.

use std::fmt;
use std::sync::Arc;

use verbatim_source::Span;

/// A place in the document: the file, the JSON Pointer in it, and the bytes where they are known.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The name of the file, as the caller gave it.
    pub file: Arc<str>,
    /// The JSON Pointer within the file; empty is the whole document.
    pub pointer: Arc<str>,
    /// The bytes, for diagnostics.
    pub span: Option<Span>,
}

impl Origin {
    /// A place by file and pointer.
    pub fn new(
        file: impl Into<Arc<str>>,
        pointer: impl Into<Arc<str>>,
        span: Option<Span>,
    ) -> Self {
        Self {
            file: file.into(),
            pointer: pointer.into(),
            span,
        }
    }

    /// The same place, its file named from the folder of the root file of the document, so that what is made of a
    /// document does not depend on where it lies.
    #[must_use]
    pub fn seen_from(&self, root: &str) -> Self {
        let folders = |path: &str| -> Vec<String> {
            let parts = path.split('/').filter(|part| *part != ".");
            parts.map(str::to_owned).collect()
        };
        let mut base = folders(root);
        base.pop();
        let file = folders(&self.file);
        let shared = base.iter().zip(&file).take_while(|(a, b)| a == b).count();
        let up = base.iter().skip(shared).map(|_| "..");
        let down = file.iter().skip(shared).map(String::as_str);
        let name = up.chain(down).collect::<Vec<_>>().join("/");
        Self {
            file: name.into(),
            ..self.clone()
        }
    }

    /// Whether this is no place of the document: something the generator needed for itself.
    pub fn is_nowhere(&self) -> bool {
        self.file.is_empty() && self.pointer.is_empty() && self.span.is_none()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", self.file, self.pointer)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_root_of_the_document() {
        for (root, file, shown) in [
            ("/home/me/api/a.yaml", "/home/me/api/a.yaml", "a.yaml"),
            ("a.yaml", "a.yaml", "a.yaml"),
            ("./a.yaml", "types/b.yaml", "types/b.yaml"),
            ("/x/api/a.yaml", "/x/api/types/b.yaml", "types/b.yaml"),
            ("../api/a.yaml", "../types/b.yaml", "../types/b.yaml"),
        ] {
            let origin = Origin::new(file, "/p", None).seen_from(root);
            assert_eq!(origin.to_string(), format!("{shown}#/p"));
        }
    }
}
