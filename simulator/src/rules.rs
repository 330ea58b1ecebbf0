//! The declarative file beside a document: what the document does not say about behaviour.
//!
//! ```yaml
//! start: 1704067200                 # first moment of the virtual clock, seconds since 1970
//! references: {dvd: dvd_isos}       # names that lead to a collection of another name
//! members: {"/users/{user_id}/api/ips": allowed_ips}   # what a path shows, where names differ
//! states:                           # how long actions take and which states they pass
//!   servers: {state: /status/state, percent: /status/percent, create: DEPLOYING,
//!             change: CONFIGURING, delete: REMOVING, done: POWERED_ON, seconds: 30}
//! operations:                       # what single operations do besides the obvious
//!   setServerPower:
//!     by: /action
//!     cases: {POWER_ON: {during: POWERING_ON, after: POWERED_ON}}
//! present: {servers: {hostname: ""}} # members that items have and no documented example shows
//! spellings: {True: "true"}         # texts that count as others where a query says yes or no
//! items: {sizes: [{id: "1", name: S}]} # items that there are at the start, before documented ones
//! complete: [sizes]                 # collections that begin with those of `items` alone
//! corrections:                      # what documented examples show and the service does not
//!   - {in: servers, at: /hardware/size_id, from: 0, to: null}
//! copies:                           # what an item takes over from another one that it names
//!   - {in: servers, at: /hardware, by: size_id, from: sizes, take: /hardware}
//! singles: {"/vpns/{id}/file": {a: 1}} # what documents that there is one of begin with
//! mirrors: {reports: servers}       # collections that have an item for each item of another
//! nullIsAbsent: true                # null in a request means what absence means
//! trailingSlash: true               # a slash at the end of a path changes nothing
//! views: {"/servers/own": servers}  # paths that list a collection of another name
//! groups:                           # lists that show the owner with its items by one of their members
//!   "/zones/{zone_id}/records": {at: /records, by: type}
//! through: {backups: disks}         # items that belong to whatever an item of another collection belongs to
//! series:                           # rows that items gain as time goes on; `history` of them at the start
//!   usages: {of: servers, seconds: 3600, history: 24, at: /time, from: "period[start]", to: "period[end]",
//!            numbers: {/cpu: [0, 100]}}
//! sums:                             # documents whose numbers are sums over rows of a series
//!   "/users/{user_id}/costs": {of: usages, by: /user_id, numbers: {/total: /cost}}
//! log: {in: logs, action: /action, state: /status} # a collection with an entry for each queued action
//! tells: {in: logs, action: /action, state: /status, during: WORKING, after: OK, about: /resource,
//!         kind: /type, kinds: {servers: VM}} # a collection with an entry for each item made or removed
//! textsAsValues: true               # a text that spells a number or a truth value is taken for it
//! roots: {pack: [group]}            # other root keys that are taken in requests
//! strict: true                      # refuse bodies that name items which do not exist
//! links:                            # references that show on both sides
//!   - {one: {in: servers, at: /private_networks}, other: {in: private_networks, at: /servers}}
//! ```
//!
//! All parts are optional. An unknown key is an error, so that a misspelt rule is not a rule that
//! silently does nothing.

mod read;

use std::collections::BTreeMap;
use std::path::Path;

use verbatim_source::{Diagnostic, Limits, Source, Sources, Value};

use read::Reader;

/// Everything a file of rules says.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The first moment of the virtual clock, in seconds since 1970.
    pub start: Option<i64>,
    /// Collections by the names that refer to them.
    pub references: BTreeMap<String, String>,
    /// States of the items of collections.
    pub states: BTreeMap<String, States>,
    /// Effects of operations, by `operationId`.
    pub operations: BTreeMap<String, Effect>,
    /// References that show on both sides.
    pub links: Vec<Link>,
    /// Members of items by the paths that show them, where the names differ.
    pub members: BTreeMap<String, String>,
    /// Members that the items of collections have beyond their documented examples.
    pub present: BTreeMap<String, Vec<(String, Value)>>,
    /// Items that there are at the start, by their collection.
    pub items: BTreeMap<String, Vec<Value>>,
    /// Collections that begin with those items alone.
    pub complete: Vec<String>,
    /// What documented examples show and the service does not.
    pub corrections: Vec<Correction>,
    /// What items take over from others that they name.
    pub copies: Vec<Copied>,
    /// What documents that there is one of begin with, by their path.
    pub singles: BTreeMap<String, Value>,
    /// Collections that have an item for each item of another, under its identifier.
    pub mirrors: BTreeMap<String, String>,
    /// Texts that count as others where a parameter of the query is a boolean.
    pub spellings: BTreeMap<String, String>,
    /// Paths that list the items of a collection of another name.
    pub views: BTreeMap<String, String>,
    /// Lists that show the owner of their items, by their path.
    pub groups: BTreeMap<String, Group>,
    /// Collections whose items belong to whatever the named item of another collection belongs to.
    pub through: BTreeMap<String, String>,
    /// Rows that items gain as time goes on, by the collection of the rows.
    pub series: BTreeMap<String, Series>,
    /// Documents that there is one of and whose numbers are sums over rows, by their path.
    pub sums: BTreeMap<String, Sum>,
    /// Where each queued action is told.
    pub log: Option<Log>,
    /// Where each item that is made or removed is told.
    pub tells: Option<Tells>,
    /// Other root keys of requests that are taken, by the documented one.
    pub roots: BTreeMap<String, Vec<String>>,
    /// Whether bodies that name items which do not exist are refused.
    pub strict: bool,
    /// What requests may do that the document does not allow.
    pub lenient: Leniency,
}

/// What requests may do that the document does not allow, and the service does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Leniency {
    /// Whether null in a request means what absence means; as a whole body too, where none is required.
    pub null_is_absent: bool,
    /// Whether a slash at the end of a path changes nothing.
    pub trailing_slash: bool,
    /// Whether bodies may have a text that spells a number or a truth value where such a value is asked for.
    pub texts_as_values: bool,
}

/// A value of documented examples that the service answers with another.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The collection.
    pub collection: String,
    /// Pointer to the value.
    pub at: String,
    /// The documented value.
    pub from: Value,
    /// What stands in its place.
    pub to: Value,
}

/// Members that an item takes over from another one that the request names.
#[derive(Debug, Clone, Default)]
pub struct Copied {
    /// The collection of the item.
    pub collection: String,
    /// Pointer to the object that takes the members.
    pub at: String,
    /// The member of this object, as it is sent, that names the other item; with a slash at its beginning
    /// a pointer into the body.
    pub by: String,
    /// The collection of the other item.
    pub from: String,
    /// Pointer to the members there.
    pub take: String,
}

/// The states that actions on an item pass through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct States {
    /// Pointer to the state.
    pub state: Option<String>,
    /// Pointer to the percent.
    pub percent: Option<String>,
    /// The state while an item is made.
    pub create: Option<String>,
    /// The state while it is changed.
    pub change: Option<String>,
    /// The state while it is removed.
    pub delete: Option<String>,
    /// The state of rest.
    pub done: Option<String>,
    /// How long an action takes, in virtual seconds.
    pub seconds: Option<i64>,
}

/// A list that shows the owner of its items, which stand in it by one of their members.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Pointer to the object in the owner that has the lists of items.
    pub at: String,
    /// The member of the items that chooses the list.
    pub by: String,
}

/// Rows that an item gains as time goes on.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// The collection whose items gain them.
    pub of: String,
    /// How far apart they are, in virtual seconds.
    pub seconds: i64,
    /// How many there are for what there is at the start.
    pub history: i64,
    /// Pointer to the moment of a row.
    pub at: String,
    /// The parameter of the query with the earliest moment that is asked for.
    pub from: Option<String>,
    /// The parameter of the query with the latest moment.
    pub to: Option<String>,
    /// Numbers of a row: between which two they are.
    pub numbers: Vec<(String, (i64, i64))>,
}

/// Numbers that are sums over the rows of a series.
#[derive(Debug, Clone, Default)]
pub struct Sum {
    /// The series.
    pub of: String,
    /// Pointer to the member of a row that names the item above the document.
    pub by: String,
    /// Pointers to the numbers, and to those of the rows that are added up.
    pub numbers: Vec<(String, String)>,
}

/// A collection with an entry for each queued action.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The collection.
    pub collection: String,
    /// Pointer to what is done.
    pub action: String,
    /// Pointer to how it went.
    pub state: String,
}

/// A collection with an entry for each item of some others that is made or removed.
#[derive(Debug, Clone, Default)]
pub struct Tells {
    /// The collection of the entries.
    pub collection: String,
    /// Pointer to what is done: `CREATE` or `DELETE`.
    pub action: String,
    /// Pointer to how it goes.
    pub state: String,
    /// The state while it goes on.
    pub during: String,
    /// The state when it is done.
    pub after: String,
    /// Pointer to the object that names the item by its identity and `name`.
    pub about: String,
    /// Pointer to the kind of the item.
    pub kind: String,
    /// The kinds by collection; others are not told of.
    pub kinds: BTreeMap<String, String>,
}

/// An item that is made together with another.
#[derive(Debug, Clone, Default)]
pub struct Making {
    /// Its collection.
    pub collection: String,
    /// Its members, by pointer, as those of [`Effect::set`].
    pub set: Vec<(String, Value)>,
}

/// What happens to the item above as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It is kept with what is made.
    Keeps,
    /// What was kept is put back when the action is done.
    Restores,
}

/// What an operation does besides the obvious.
#[derive(Debug, Clone, Default)]
pub struct Effect {
    /// Pointer into the body; its text chooses one of `cases`.
    pub by: Option<String>,
    /// Effects by the text that `by` names.
    pub cases: BTreeMap<String, Effect>,
    /// The state while the action goes on.
    pub during: Option<String>,
    /// The state when it is done.
    pub after: Option<String>,
    /// How long it takes, in virtual seconds.
    pub seconds: Option<i64>,
    /// Members of the item that are set, by pointer. `$now` is the moment, `$id` a new identifier,
    /// `$body/...` a part of the body, `$item/...` a part of the item.
    pub set: Vec<(String, Value)>,
    /// Members of the item that are set when the action is done.
    pub then: Vec<(String, Value)>,
    /// Items that are made besides.
    pub makes: Vec<Making>,
    /// Members of the entry of the queue that tells of the action.
    pub queued: Vec<(String, Value)>,
    /// The operation that is waited for in the same way, where the document does not say how.
    pub wait_like: Option<String>,
    /// Whether the item above is kept as it is, or put back.
    pub kept: Option<Keeping>,
    /// The collection whose items under the item count from when the action is done.
    pub applies: Option<String>,
    /// Makes a copy of the item in its collection.
    pub copy: bool,
    /// Removes the item.
    pub remove: bool,
    /// Leaves the members of the body alone; only `set` counts.
    pub ignore_body: bool,
    /// The status of success, where the document has several.
    pub status: Option<u16>,
    /// Lists of a new item that begin with one entry, made together with the item it is about.
    pub adds: Vec<String>,
}

/// A reference that shows on both sides.
#[derive(Debug, Clone)]
pub struct Link {
    /// One side.
    pub one: Side,
    /// The other side.
    pub other: Side,
}

/// One side of a link.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// The collection.
    pub collection: String,
    /// Pointer from an item to the list whose elements are linked; empty where it is the item.
    pub each: String,
    /// Pointer from the item (or element) to where the other side is named.
    pub at: String,
    /// Whether one place names one other (`true`) or a list of them.
    pub single: bool,
    /// Members of an entry and where the other side has them: `^/name` is a member of the item
    /// that holds an element.
    pub entry: Vec<(String, String)>,
    /// Where an entry is made without an identity given, a new item is made on the other side.
    pub makes: bool,
    /// Removing an entry removes the item of the other side, unless the member of the body or the
    /// parameter of this name says to keep it.
    pub keep: Option<String>,
}

/// What is wrong with a file of rules.
#[derive(Debug)]
pub struct RulesError(String);

impl std::fmt::Display for RulesError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for RulesError {}

impl Rules {
    /// Reads a file of rules.
    ///
    /// # Errors
    /// Where the file cannot be read, or is no file of rules; with the place in the file.
    pub fn open(path: &Path) -> Result<Self, RulesError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| RulesError(format!("cannot read {shown}: {error}")))?;
        Self::parse(&shown, &text)
    }

    /// Reads rules from a text; the name is shown in errors.
    ///
    /// # Errors
    /// As [`Rules::open`].
    pub fn parse(name: &str, text: &str) -> Result<Self, RulesError> {
        let mut sources = Sources::new();
        let id = sources.add(Source::new(name, text.to_owned()));
        let tree = verbatim_source::parse(&sources, id, &Limits::default());
        let shown = |problems: Vec<Diagnostic>| {
            let texts: Vec<String> = problems
                .iter()
                .map(|problem| verbatim_source::render(problem, &sources))
                .collect();
            RulesError(texts.join("\n"))
        };
        let root = tree.map_err(shown)?;
        let mut reader = Reader::default();
        let rules = reader.rules(&root);
        if reader.problems.is_empty() {
            Ok(rules)
        } else {
            Err(shown(reader.problems))
        }
    }
}
