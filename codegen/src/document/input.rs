//! The texts of a document, and which further files they refer to.

use std::collections::{BTreeMap, BTreeSet};

use super::json_schema;
use crate::overlay;
use crate::problem::{Problem, Scope};
use verbatim_source::{
    Budget, Diagnostic, Duplicate, Limits, Node, Source, SourceId, Sources, Span, Value, pointer,
};

/// The files of one document. The generator does not touch the disk: whoever calls it adds the
/// files that [`Input::wanted`] names, until it names none.
#[derive(Debug)]
pub struct Input {
    sources: Sources,
    limits: Limits,
    /// What all files together may hold.
    budget: Budget,
    files: Vec<File>,
    /// The files by their names; one file may have several.
    names: BTreeMap<String, usize>,
    /// What was found in texts that are no file of the document by themselves.
    aside: Vec<Diagnostic>,
}

/// A file that was added, or that could not be.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content: Content,
    references: Vec<FileReference>,
    /// Keys in it that are named twice.
    pub(crate) repeated: Vec<Duplicate>,
    /// What was read though it is not quite right.
    pub(crate) warnings: Vec<Diagnostic>,
}

#[derive(Debug)]
pub(crate) enum Content {
    /// The tree of a file.
    Tree(SourceId, Node),
    /// What is wrong with its text.
    Invalid(Vec<Diagnostic>),
    /// Why it is not here.
    Absent(String),
}

/// A file that a reference names and that was not added yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name: the reference resolved against the name of the referring file. It may start with
    /// `../`; whether such a file may be read is for the caller to decide.
    pub name: String,
    /// Where the first reference to it stands.
    pub span: Span,
}

/// A reference to another file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReference {
    /// The path as written, without fragment, percent escapes resolved.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

impl File {
    fn new(name: String, content: Content) -> Self {
        Self {
            name,
            content,
            references: Vec::new(),
            repeated: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

impl Input {
    /// A document whose root file is this source. The names of all other files are made from its
    /// name, so it should be the path by which it was found, with `/` between its parts.
    pub fn new(root: Source, limits: Limits) -> Self {
        let mut input = Self {
            sources: Sources::new(),
            limits,
            budget: Budget::new(limits),
            files: Vec::new(),
            names: BTreeMap::new(),
            aside: Vec::new(),
        };
        input.add(root);
        input
    }

    /// A document whose root file is an `OpenAPI` document or a JSON Schema; the root and the definitions of a schema
    /// are the schemas of a document without operations.
    pub fn of(root: Source, limits: Limits) -> Self {
        let input = Self::new(root, limits);
        let schema = input.files.first().and_then(|file| match &file.content {
            Content::Tree(id, tree) if json_schema::is_schema(tree) => {
                let source = input.sources.get(*id)?;
                let source = Source::new(source.name(), source.text().to_owned());
                Some(json_schema::document(source, tree, limits))
            }
            _ => None,
        });
        schema.unwrap_or(input)
    }

    /// Adds a file and reads its text. What is wrong with it is told by [`read`](super::read).
    pub fn add(&mut self, source: Source) {
        let name = source.name().to_owned();
        let id = self.sources.add(source);
        let parsed = verbatim_source::parse_within(&self.sources, id, &mut self.budget);
        let file = match parsed {
            Ok(tree) => File {
                references: references(&tree.root),
                repeated: tree.repeated,
                warnings: tree.warnings,
                ..File::new(name, Content::Tree(id, tree.root))
            },
            Err(problems) => File::new(name, Content::Invalid(problems)),
        };
        self.push(file);
    }

    /// Says that a wanted file is one that was added under another name, so that it is held once. Its own
    /// references are read from where that one stands.
    ///
    /// Nothing is done where no file has the known name.
    pub fn alias(&mut self, name: impl Into<String>, known: &str) {
        if let Some(&index) = self.names.get(known) {
            self.names.entry(name.into()).or_insert(index);
        }
    }

    /// Whether a file that was added refers to other files by relative paths.
    pub fn refers_to_files(&self, name: &str) -> bool {
        self.file(name)
            .is_some_and(|file| !file.references.is_empty())
    }

    fn push(&mut self, file: File) {
        self.names
            .entry(file.name.clone())
            .or_insert(self.files.len());
        self.files.push(file);
    }

    /// Applies an overlay to the root file. It must be done before other files are added, since the result may refer
    /// to others.
    ///
    /// # Errors
    /// What is wrong with the overlay, or with what it would do. Nothing is said where the root file cannot be read:
    /// [`read`](super::read) tells that.
    pub fn overlay(&mut self, source: Source) -> Result<(), Vec<Problem>> {
        let id = self.sources.add(source);
        let whole = |diagnostic| Problem {
            diagnostic,
            scope: Scope::Document,
        };
        let parsed = verbatim_source::parse_within(&self.sources, id, &mut self.budget);
        let tree = parsed.and_then(|tree| {
            self.aside.extend(tree.warnings.iter().cloned());
            tree.strict()
        });
        let overlay =
            tree.map_err(|problems| problems.into_iter().map(whole).collect::<Vec<_>>())?;
        let Some(root) = self.files.first_mut() else {
            return Ok(());
        };
        let Content::Tree(_, tree) = &mut root.content else {
            return Ok(());
        };
        overlay::apply(tree, &overlay, &self.limits)?;
        root.references = references(tree);
        Ok(())
    }

    /// Adds a text that is no part of the document and that complaints may speak of, such as the settings.
    pub fn aside(&mut self, source: Source) -> SourceId {
        self.sources.add(source)
    }

    /// Says that a wanted file cannot be had, and why: "no such file", "outside the folder of the
    /// document". It is a problem only where the file is needed.
    pub fn absent(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        self.push(File::new(name.into(), Content::Absent(reason.into())));
    }

    /// Says that a wanted file is no text.
    pub fn broken(&mut self, name: impl Into<String>, problem: Diagnostic) {
        self.push(File::new(name.into(), Content::Invalid(vec![problem])));
    }

    /// The files that references name and that were neither added nor said to be absent, in the
    /// order of the references.
    pub fn wanted(&self) -> Vec<Wanted> {
        self.wanted_from(0)
    }

    /// The files that references of files from a place on name, as [`Input::wanted`] gives those of all.
    fn wanted_from(&self, first: usize) -> Vec<Wanted> {
        let mut seen = BTreeSet::new();
        let mut wanted = Vec::new();
        for file in self.files.iter().skip(first) {
            for reference in &file.references {
                let name = join(&file.name, &reference.path);
                if !self.names.contains_key(&name) && seen.insert(name.clone()) {
                    wanted.push(Wanted {
                        name,
                        span: reference.span,
                    });
                }
            }
        }
        wanted
    }

    /// Has a function bring in every file that references name, each once, until none is wanted. It must add
    /// the file, or say why it cannot be had.
    pub fn complete(&mut self, mut bring: impl FnMut(&mut Self, Wanted)) {
        let mut looked_at = 0;
        while looked_at < self.files.len() {
            let wanted = self.wanted_from(looked_at);
            looked_at = self.files.len();
            for file in wanted {
                bring(self, file);
            }
        }
    }

    /// Lets go of the trees; the document cannot be read again.
    pub(crate) fn release(&mut self) {
        for file in &mut self.files {
            if let Content::Tree(..) = file.content {
                file.content = Content::Absent("it was read before".to_owned());
            }
        }
    }

    /// The texts, for rendering diagnostics.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The files that could be read, by the names under which they were added, overlays applied.
    pub fn trees(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.files.iter().filter_map(|file| match &file.content {
            Content::Tree(_, tree) => Some((file.name.as_str(), tree)),
            _ => None,
        })
    }

    pub(crate) fn files(&self) -> &[File] {
        &self.files
    }

    /// The file of a name.
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        self.names
            .get(name)
            .and_then(|&index| self.files.get(index))
    }

    /// What was read though it is not quite right, in all texts.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        let of_files = self.files.iter().flat_map(|file| &file.warnings);
        of_files.chain(&self.aside)
    }
}

/// The name of a file that another one names by a relative path.
pub(crate) fn join(from: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let rooted = from.starts_with('/');
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            // There is nothing above the root.
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let root = if rooted { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// The file part and the fragment of a URI reference.
pub(crate) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// Whether a URI reference has a scheme, such as `https:` or `urn:`.
pub(crate) fn has_scheme(reference: &str) -> bool {
    // One letter before a colon is a drive of Windows, not a scheme.
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    }) || reference.starts_with("//")
}

/// Whether a value of a discriminator's mapping is a URI reference, not the name of a schema.
pub(crate) fn is_uri(value: &str) -> bool {
    let is_file = || {
        [".json", ".yaml", ".yml"]
            .iter()
            .any(|extension| value.ends_with(extension))
    };
    value.contains(['#', '/']) || is_file()
}

/// What the members of an object are.
#[derive(Clone, Copy, PartialEq)]
enum Members {
    /// Keywords, some of which hold values of the API in which nothing is a reference.
    Keywords,
    /// Names with parts of the document.
    Names,
    /// Names with examples.
    Examples,
    /// Names with texts that may be references.
    Mapping,
}

/// The references of a file to other files, in the order of the text. References with a scheme are
/// not among them: they are never fetched.
pub fn references(root: &Node) -> Vec<FileReference> {
    let mut found = Vec::new();
    let mut open = vec![(root, Members::Keywords)];
    while let Some((node, members)) = open.pop() {
        match &node.value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, Members::Keywords))),
            Value::Object(object) => {
                for member in object {
                    let inside = members_of(members, &member.key);
                    let value = &member.value;
                    match (inside, value.as_str()) {
                        (Some(_), Some(text)) if is_reference(members, &member.key, text) => {
                            found.extend(file_reference(text, value.span));
                        }
                        (Some(inside), None) => open.push((value, inside)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|reference| reference.span);
    found
}

/// What the members of a member's value are; `None` where nothing in it is a reference.
fn members_of(around: Members, key: &str) -> Option<Members> {
    match around {
        Members::Names | Members::Examples => Some(Members::Keywords),
        Members::Mapping => Some(Members::Mapping),
        Members::Keywords => match key {
            "example" | "default" | "const" | "enum" | "value" | "dataValue" => None,
            "examples" => Some(Members::Examples),
            "mapping" => Some(Members::Mapping),
            "properties"
            | "patternProperties"
            | "$defs"
            | "definitions"
            | "dependentSchemas"
            | "schemas"
            | "responses"
            | "parameters"
            | "headers"
            | "requestBodies"
            | "links"
            | "callbacks"
            | "pathItems"
            | "mediaTypes"
            | "paths"
            | "webhooks"
            | "x-webhooks"
            | "content"
            | "encoding"
            | "securitySchemes"
            | "securityDefinitions" => Some(Members::Names),
            _ => Some(Members::Keywords),
        },
    }
}

fn is_reference(around: Members, key: &str, text: &str) -> bool {
    match around {
        // A map of names may itself be a reference.
        Members::Keywords | Members::Names | Members::Examples => {
            matches!(key, "$ref" | "$dynamicRef" | "operationRef")
        }
        Members::Mapping => is_uri(text),
    }
}

fn file_reference(text: &str, span: Span) -> Option<FileReference> {
    let (file, _) = split(text);
    if file.is_empty() || has_scheme(text) {
        return None;
    }
    let path = pointer::from_fragment(file)?;
    Some(FileReference { path, span })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str) -> Input {
        Input::new(
            Source::new("spec/api/root.yaml", text.to_owned()),
            Limits::default(),
        )
    }

    #[test]
    fn names_are_joined() {
        for (from, path, name) in [
            ("root.yaml", "a.yaml", "a.yaml"),
            ("root.yaml", "../a.yaml", "../a.yaml"),
            ("../root.yaml", "../a.yaml", "../../a.yaml"),
            ("spec/api/root.yaml", "./x/../a.yaml", "spec/api/a.yaml"),
            ("spec/api/root.yaml", "../../a.yaml", "a.yaml"),
            ("/spec/root.yaml", "../../a.yaml", "/a.yaml"),
            ("spec/root.yaml", "/a.yaml", "/a.yaml"),
        ] {
            assert_eq!(join(from, path), name);
        }
    }

    #[test]
    fn files_are_wanted_until_they_are_there() {
        let mut input = input(
            "paths:\n  /a: {$ref: 'a%20b.yaml#/x'}\n  /b: {$ref: '#/paths/~1a'}\n  /c: {$ref: ../c.json}\n  \
             /d: {$ref: 'https://example.com/x.yaml'}\n",
        );
        let names = |input: &Input| -> Vec<String> {
            input
                .wanted()
                .into_iter()
                .map(|wanted| wanted.name)
                .collect()
        };
        assert_eq!(names(&input), ["spec/api/a b.yaml", "spec/c.json"]);
        input.add(Source::new(
            "spec/api/a b.yaml",
            "x: {$ref: 'deep/d.yaml'}".to_owned(),
        ));
        input.absent("spec/c.json", "no such file");
        assert_eq!(names(&input), ["spec/api/deep/d.yaml"]);
    }

    #[test]
    fn examples_and_names_are_told_from_references() {
        let input = input(
            "components:\n  schemas:\n    example: {$ref: one.yaml}\n    a:\n      example: {$ref: no.yaml}\n      \
             properties: {default: {$ref: two.yaml}, $ref: {$ref: three.yaml}}\n      \
             discriminator: {mapping: {a: four.yaml, b: Dog, c: './five#/x'}}\n  examples:\n    \
             x: {$ref: six.yaml}\n    y: {value: {$ref: no.yaml}}\n",
        );
        let names: Vec<String> = input
            .wanted()
            .into_iter()
            .map(|wanted| wanted.name)
            .collect();
        let expected = ["one", "two", "three", "four", "five", "six"];
        let short: Vec<&str> = names
            .iter()
            .map(|name| {
                name.trim_start_matches("spec/api/")
                    .trim_end_matches(".yaml")
            })
            .collect();
        assert_eq!(short, expected);
    }
}
