//! The document as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use verbatim_source::{Diagnostic, Limits, Node, Place, Pointer, Source, Sources, Value, pointer};

use crate::discriminator;
use crate::extension::{Format, RateLimit, text};
use crate::operation::{Body, Header, Operation};
use crate::problem::Problems;
use crate::read;
use crate::routes::Routes;
use crate::schema::{Direction, Judge, Schema, Violation};
use crate::shape::Shape;
use crate::upgrade::{self, Dialect};

/// Schemas without a sample that are told of.
const MOST_TOLD: usize = 100;
/// References followed in a row before they count as a circle.
const HOPS: usize = 64;

/// An OpenAPI document with its operations read.
#[derive(Debug)]
pub struct Contract {
    /// The title.
    pub title: String,
    /// The version of what is described.
    pub version: String,
    /// The addresses of the servers, their variables filled with the defaults.
    pub servers: Vec<String>,
    /// The path of the first server, without a slash at its end; often empty.
    pub base_path: String,
    /// The security schemes by name.
    pub schemes: Vec<Scheme>,
    /// `x-verbatim-rate-limit`.
    pub rate_limit: Option<RateLimit>,
    /// `x-verbatim-formats`.
    pub formats: Vec<Format>,
    /// `x-verbatim-environment`.
    pub environment: Option<String>,
    /// The addresses of the servers with every listed value of their variables, and with the names of those
    /// that may have any.
    pub(crate) addresses: Vec<String>,
    operations: Vec<Operation>,
    pub(crate) routes: Routes,
    /// The base paths of all operations, the longest first.
    pub(crate) bases: Vec<String>,
    root: Node,
    dialect: Dialect,
    /// The text of the document.
    sources: Sources,
    /// The schemas that build on one with a discriminator.
    pub(crate) heirs: BTreeMap<String, Vec<Schema>>,
    judge: Judge,
    /// Schemas whose samples were given up.
    unsampled: Mutex<BTreeSet<Pointer>>,
}

/// A security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// The name by which operations ask for it.
    pub name: String,
    /// What has to be sent.
    pub kind: SchemeKind,
}

/// How a caller shows who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key in the header of this name.
    Header(String),
    /// A key in the query parameter of this name.
    Query(String),
    /// A key in the cookie of this name.
    Cookie(String),
    /// `Authorization: Basic`.
    Basic,
    /// `Authorization: Bearer`; `oauth2` and `openIdConnect` as well.
    Bearer,
    /// Something else, by its type.
    Other(String),
}

impl Contract {
    /// Reads a document from a file.
    ///
    /// # Errors
    /// Where the file cannot be read, is not JSON or YAML, or is no OpenAPI document of version 3.
    pub fn open(path: &Path) -> Result<Self, Problems> {
        let shown = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            Problems::one(
                format!("cannot read {shown}: {error}"),
                "name a file with an OpenAPI document",
            )
        })?;
        match Source::from_bytes(shown, bytes) {
            Ok(source) => Self::from_source(source),
            Err(problem) => Err(Problems::new(vec![problem], Sources::new())),
        }
    }

    /// Reads a document from a text; the name is shown in complaints.
    ///
    /// # Errors
    /// Where the text is not JSON or YAML, or is no OpenAPI document of version 3.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problems> {
        Self::from_source(Source::new(name, text.to_owned()))
    }

    fn from_source(source: Source) -> Result<Self, Problems> {
        let mut sources = Sources::new();
        let id = sources.add(source);
        let root = match verbatim_source::parse(&sources, id, &Limits::default()) {
            Ok(root) => root,
            Err(problems) => return Err(Problems::new(problems, sources)),
        };
        match Self::from_root(root) {
            Ok(contract) => Ok(Self {
                sources,
                ..contract
            }),
            Err(problems) => Err(Problems::new(problems, sources)),
        }
    }

    fn from_root(root: Node) -> Result<Self, Vec<Diagnostic>> {
        let dialect = dialect(&root).map_err(|problem| vec![problem])?;
        let judge = Judge::new(upgrade::document(&root, dialect)).map_err(|error| {
            vec![Diagnostic::error(
                "C0004",
                format!("the schemas cannot be used: {error}"),
            )]
        })?;
        let servers = read::servers(&root);
        let base_path = servers.first().map(|url| path_of(url)).unwrap_or_default();
        let info = root.get("info");
        let word = |key| info.and_then(|info| text(info, key)).unwrap_or_default();
        let mut contract = Self {
            title: word("title"),
            version: word("version"),
            base_path,
            schemes: read::schemes(&root),
            rate_limit: root.get("x-verbatim-rate-limit").and_then(RateLimit::read),
            formats: root
                .get("x-verbatim-formats")
                .map(Format::read_all)
                .unwrap_or_default(),
            environment: text(&root, "x-verbatim-environment"),
            addresses: read::all_servers(&root),
            operations: Vec::new(),
            routes: Routes::default(),
            bases: Vec::new(),
            servers,
            root,
            dialect,
            sources: Sources::new(),
            heirs: BTreeMap::new(),
            judge,
            unsampled: Mutex::default(),
        };
        contract.operations = read::operations(&contract)?;
        contract.heirs = discriminator::heirs(&contract);
        contract.routes = Routes::new(&contract.operations);
        let all = contract.operations.iter().flat_map(|it| &it.bases);
        let bases: BTreeSet<&String> = all.collect();
        contract.bases = bases.into_iter().cloned().collect();
        contract
            .bases
            .sort_by_key(|base| (base.contains('{'), std::cmp::Reverse(base.len())));
        Ok(contract)
    }

    /// All operations in the order of the document.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The base paths that operations are reached below, the longest first. A name in braces stands for
    /// any one segment; those with one come last. [`crate::after`] tells what is below them.
    pub fn bases(&self) -> &[String] {
        if self.bases.is_empty() {
            std::slice::from_ref(&self.base_path)
        } else {
            &self.bases
        }
    }

    /// Puts all operations below one base path, whatever the servers of the document say.
    pub fn move_below(&mut self, base: &str) {
        let base = path_of(base);
        for operation in &mut self.operations {
            operation.bases = vec![base.clone()];
        }
        self.bases = vec![base.clone()];
        self.base_path = base;
    }

    /// The operation of an `operationId`.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The document itself.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The scheme of a name.
    pub fn scheme(&self, name: &str) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| scheme.name == name)
    }

    /// The places where a value and a schema disagree; empty where the value is valid.
    pub fn check(&self, schema: &Schema, value: &Value, direction: Direction) -> Vec<Violation> {
        let mut violations = self.judge.check(schema, value);
        for violation in &mut violations {
            discriminator::tell(self, violation);
        }
        violations.retain(|violation| !self.is_excused(schema, violation, direction));
        violations
    }

    /// Whether a schema accepts a value.
    pub fn accepts(&self, schema: &Schema, value: &Value, direction: Direction) -> bool {
        self.check(schema, value, direction).is_empty()
    }

    /// Where a schema cannot be used by the validator: why.
    pub fn unusable(&self, schema: &Schema) -> Option<String> {
        self.judge.validator(schema).err()
    }

    /// Bounds that were met so far, each as a sentence: schemas that take too many steps to check,
    /// and those that no sample is made of because it would be too large.
    pub fn limits_met(&self) -> Vec<String> {
        let checks = self.judge.exhausting();
        let checks = checks.iter().map(|place| {
            format!(
                "{place}: the schema takes more steps to check than are taken here; nothing fits it"
            )
        });
        let samples = self
            .unsampled
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let samples = samples.iter().map(|place| {
            format!("{place}: a value of the schema would be larger than the samples that are made here; none is made")
        });
        checks.chain(samples).collect()
    }

    /// Notes that a sample of a schema was given up.
    pub(crate) fn gave_up(&self, schema: &Schema) {
        let mut unsampled = self
            .unsampled
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if unsampled.len() < MOST_TOLD {
            unsampled.insert(schema.target.clone());
        }
    }

    /// Follows the references of a node; `None` where one leads nowhere or in a circle.
    pub fn resolve<'a>(&'a self, node: &'a Node) -> Option<&'a Node> {
        let mut node = node;
        for _ in 0..HOPS {
            match reference(node) {
                Some(target) => node = self.node(&target)?,
                None => return Some(node),
            }
        }
        None
    }

    /// The place behind the references at a place; the place itself where one leads nowhere.
    pub fn target(&self, place: &Pointer) -> Pointer {
        let mut place = place.clone();
        for _ in 0..HOPS {
            let next = self.node(&place).and_then(reference);
            match next {
                Some(next) => place = next,
                None => break,
            }
        }
        place
    }

    /// What stands at a place of the document.
    pub fn node(&self, place: &Pointer) -> Option<&Node> {
        pointer::resolve(&self.root, place.as_str())
    }

    /// File, line and column of a place of the document, or of the nearest thing around it that is there.
    pub fn place(&self, place: &Pointer) -> Option<Place> {
        Place::of(pointer::nearest(&self.root, place), &self.sources)
    }

    /// The schema at a place.
    pub fn schema(&self, place: &Pointer) -> Schema {
        let mut target = place.clone();
        for _ in 0..HOPS {
            let next = self.node(&target).filter(|node| !self.says_more(node));
            match next.and_then(reference) {
                Some(next) => target = next,
                None => break,
            }
        }
        Schema {
            pointer: place.clone(),
            target,
        }
    }

    /// Whether keywords beside the reference of a schema say something, as they do since OpenAPI 3.1.
    fn says_more(&self, schema: &Node) -> bool {
        let members = schema.as_object().into_iter().flatten();
        let mut others = members.filter(|member| {
            let key = member.key.as_str();
            key != "$ref" && !key.starts_with("x-") && !upgrade::WORDS.contains(&key)
        });
        self.dialect == Dialect::Three1 && others.next().is_some()
    }

    /// The header field that is described at a place of the document.
    pub fn header(&self, name: &str, place: &Pointer) -> Header {
        read::header(self, name, place)
    }

    /// A named schema of the document.
    pub fn named(&self, name: &str) -> Option<Schema> {
        let place = Pointer::root()
            .join("components")
            .join("schemas")
            .join(name);
        self.node(&place).is_some().then(|| self.schema(&place))
    }

    /// What a schema says, references and `allOf` taken together.
    pub fn shape(&self, schema: &Schema) -> Shape<'_> {
        Shape::read(self, schema)
    }

    /// The schema of the JSON form of a body.
    pub fn json_schema<'a>(&self, body: &'a Body) -> Option<&'a Schema> {
        body.json()?.schema.as_ref()
    }

    /// `required` does not hold for members that only travel the other way.
    fn is_excused(&self, root: &Schema, violation: &Violation, direction: Direction) -> bool {
        let excused = |one: &Violation| self.is_excused(root, one, direction);
        let mut branches = violation.branches.iter();
        if branches.any(|branch| !branch.is_empty() && branch.iter().all(excused)) {
            return true;
        }
        if violation.keyword != "required" {
            return false;
        }
        let flag = match direction {
            Direction::Request => "readOnly",
            Direction::Reply => "writeOnly",
        };
        let place = violation.keyword_pointer.trim_end_matches("/required");
        let Some(place) = Pointer::parse(place) else {
            return false;
        };
        !violation.properties.is_empty()
            && violation
                .properties
                .iter()
                .all(|name| self.goes_one_way(root, &place, &violation.instance, name, flag))
    }

    /// Whether a property has a flag, where it is described beside the `required` that names it or
    /// in another part of the `allOf` around it.
    fn goes_one_way(
        &self,
        root: &Schema,
        place: &Pointer,
        instance: &str,
        name: &str,
        flag: &str,
    ) -> bool {
        let is_flagged = |schema: &Schema| self.shape(schema).flag(flag);
        let described = |place: &Pointer| {
            let shape = self.shape(&self.schema(place));
            shape.property(name).map(is_flagged)
        };
        let mut around = place.clone();
        loop {
            if let Some(known) = described(&around) {
                return known;
            }
            let list = around.parent();
            let list = list.filter(|list| list.as_str().ends_with("/allOf"));
            match list.and_then(|list| list.parent()) {
                Some(outer) => around = outer,
                None => break,
            }
        }
        instance.is_empty() && self.shape(root).property(name).is_some_and(is_flagged)
    }
}

/// The place that the `$ref` of a node names.
fn reference(node: &Node) -> Option<Pointer> {
    named_by(node.get("$ref")?)
}

/// The place of this document that the text of a reference names.
pub(crate) fn named_by(reference: &Node) -> Option<Pointer> {
    let fragment = reference.as_str()?.strip_prefix('#')?;
    Pointer::parse(&pointer::from_fragment(fragment)?)
}

fn dialect(root: &Node) -> Result<Dialect, Diagnostic> {
    let version = root.get("openapi").and_then(Node::as_str);
    match version {
        Some(version) if version.starts_with("3.0") => Ok(Dialect::Three0),
        Some(version) if version.starts_with("3.") => Ok(Dialect::Three1),
        Some(version) => Err(Diagnostic::error(
            "C0003",
            format!("OpenAPI {version} is not among the versions that are read here"),
        )
        .at(
            root.get("openapi").map_or(root.span, |node| node.span),
            "this version",
        )
        .help("convert the document to OpenAPI 3.0 or 3.1")),
        None if root.get("swagger").is_some() => {
            let node = root.get("swagger").map_or(root.span, |node| node.span);
            Err(
                Diagnostic::error("C0003", "Swagger 2.0 is not among the versions that are read here")
                    .at(node, "this version")
                    .help("convert the document to OpenAPI 3.0, as editor.swagger.io and `swagger2openapi` do"),
            )
        }
        None => Err(Diagnostic::error("C0002", "this is no OpenAPI document")
            .at(
                root.span.at_start(),
                "there is no text member `openapi` here",
            )
            .help("an OpenAPI document begins with its version, such as `openapi: 3.1.1`")),
    }
}

/// What is escaped in base paths; the braces of variables are not.
const IN_BASE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`');

/// The decoded path of an address, without a slash at its end.
pub(crate) fn path_of(url: &str) -> String {
    let host = url.split_once("://").map(|(_, rest)| rest);
    let path = match host.or_else(|| url.strip_prefix("//")) {
        Some(rest) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    // Seen from the root, where nothing lies above (RFC 3986, section 5.2.4).
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let segments = segments.iter().map(|segment| {
        let plain = percent_decode_str(segment).decode_utf8_lossy();
        format!("/{}", utf8_percent_encode(&plain, IN_BASE))
    });
    segments.collect()
}
