//! Where an overlay finds a place of the document.

use verbatim_codegen::document::Input;
use verbatim_codegen::origin::Origin;
use verbatim_source::{Limits, Node, Source, Sources};

/// The root file, as an overlay sees it.
pub struct Targets {
    name: String,
    root: Option<Node>,
}

impl Targets {
    /// The root file of a document.
    pub fn of(input: &Input) -> Self {
        let Some((_, source)) = input.sources().iter().next() else {
            return Self {
                name: String::new(),
                root: None,
            };
        };
        let mut sources = Sources::new();
        let id = sources.add(Source::new(source.name(), source.text().to_owned()));
        Self {
            name: source.name().to_owned(),
            root: verbatim_source::parse(&sources, id, &Limits::default()).ok(),
        }
    }

    /// The `JSONPath` of a place; none where it is not in the root file, or is no object there.
    pub fn path(&self, origin: &Origin) -> Option<String> {
        if !self.is_root(&origin.file) {
            return None;
        }
        let mut node = self.root.as_ref()?;
        let mut path = "$".to_owned();
        let mut pointer = origin.pointer.to_string();
        if node.get("swagger").is_some() {
            pointer = pointer.replace("/components/schemas/", "/definitions/");
        }
        for part in pointer.split('/').skip(1) {
            let name = part.replace("~1", "/").replace("~0", "~");
            if let Some(items) = node.as_array() {
                node = items.get(name.parse::<usize>().ok()?)?;
                path = format!("{path}[{name}]");
            } else {
                node = node.get(&name)?;
                path.push_str(&step(&name));
            }
        }
        node.as_object()
            .filter(|object| !object.contains_key("$ref"))?;
        Some(path)
    }

    fn is_root(&self, file: &str) -> bool {
        file == self.name
            || file.strip_suffix(verbatim_codegen::document::AS_OPENAPI) == Some(&self.name)
    }
}

/// A step of a `JSONPath`: `.get`, `['/pets']`.
fn step(name: &str) -> String {
    let is_plain = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || each == '_');
    if is_plain {
        format!(".{name}")
    } else {
        format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}
