//! The declared extensions, typed. An extension that is written in another way than it should be
//! counts as absent: judges describe what a document says, they do not judge the document.

use verbatim_source::{Node, Value};

/// `x-verbatim-pagination`: how a list is read page by page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pagination {
    /// The style: `page` counts pages.
    pub style: String,
    /// The parameter that names the page.
    pub page: String,
    /// The parameter that says how long a page is.
    pub size: String,
    /// The number of the first page.
    pub first: i64,
    /// How the end is seen: `short-page`.
    pub end: Option<String>,
    /// The header with the number of all items.
    pub total_header: Option<String>,
    /// Pointer to the number of all items.
    pub total: Option<String>,
    /// Pointer to the address of the next page.
    pub next: Option<String>,
    /// Pointer to the items; the body itself where there is none.
    pub items: Option<String>,
}

/// `x-verbatim-wait`: how an action that goes on is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wait {
    /// The operation that is asked.
    pub poll: String,
    /// Its parameters, each with where the value comes from.
    pub parameters: Vec<(String, String)>,
    /// Pointer to the list that is polled, where it is one.
    pub items: Option<String>,
    /// Pointer to what tells the items of the list apart.
    pub identity: Option<String>,
    /// Pointers into an item of the list and what stands there in those that belong to the action;
    /// `$request.path.x` and `$request.body#/x` read the call.
    pub matching: Vec<(String, String)>,
    /// Whether items that were in the list before the call are passed over.
    pub baseline: bool,
    /// Pointer to the state.
    pub state: Option<String>,
    /// Pointer to how far it is.
    pub percent: Option<String>,
    /// Whether it is done only once the percent is null or absent.
    pub percent_null: bool,
    /// States that mean it goes on.
    pub pending: Vec<String>,
    /// States that mean it is done.
    pub done: Vec<String>,
    /// States that mean it failed.
    pub failed: Vec<String>,
    /// Whether a 404 means it is done.
    pub gone: bool,
}

/// `x-verbatim-rate-limit`: how many requests are allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// How many requests a window allows.
    pub requests: u32,
    /// The length of a window in seconds.
    pub window_seconds: u32,
    /// The header with the number allowed.
    pub limit_header: Option<String>,
    /// The header with the number left.
    pub remaining_header: Option<String>,
    /// The header with when the window ends.
    pub reset_header: Option<String>,
    /// The unit of that header: `seconds` from now.
    pub reset_unit: Option<String>,
}

/// One of `x-verbatim-formats`: another form of the same operations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Format {
    /// Its name: `json`, `xml`.
    pub name: String,
    /// The end of the paths that choose it: `.xml`.
    pub suffix: String,
    /// Its media type.
    pub media: String,
    /// Its conventions: `rails`.
    pub dialect: Option<String>,
}

impl Pagination {
    pub(crate) fn read(node: &Node) -> Option<Self> {
        Some(Self {
            style: text(node, "style").unwrap_or_else(|| "page".to_owned()),
            page: text(node, "page")?,
            size: text(node, "size")?,
            first: number(node, "first").unwrap_or(1),
            end: text(node, "end"),
            total_header: text(node, "totalHeader"),
            total: text(node, "total"),
            next: text(node, "next"),
            items: text(node, "items"),
        })
    }
}

impl Wait {
    pub(crate) fn read(node: &Node) -> Option<Self> {
        Some(Self {
            poll: text(node, "poll")?,
            parameters: pairs(node, "parameters"),
            matching: pairs(node, "match"),
            baseline: node
                .get("baseline")
                .and_then(Node::as_bool)
                .unwrap_or(false),
            items: text(node, "items"),
            identity: text(node, "identity"),
            state: text(node, "state"),
            percent: text(node, "percent"),
            percent_null: matches!(
                node.get("percentDone").map(|node| &node.value),
                Some(Value::Null)
            ),
            pending: texts(node, "pending"),
            done: texts(node, "done"),
            failed: texts(node, "failed"),
            gone: node.get("gone").and_then(Node::as_bool).unwrap_or(false),
        })
    }
}

impl RateLimit {
    pub(crate) fn read(node: &Node) -> Option<Self> {
        Some(Self {
            requests: u32::try_from(number(node, "requests")?).ok()?,
            window_seconds: u32::try_from(number(node, "windowSeconds")?).ok()?,
            limit_header: text(node, "limitHeader"),
            remaining_header: text(node, "remainingHeader"),
            reset_header: text(node, "resetHeader"),
            reset_unit: text(node, "resetUnit"),
        })
    }
}

impl Format {
    pub(crate) fn read_all(node: &Node) -> Vec<Self> {
        node.as_object()
            .into_iter()
            .flatten()
            .filter_map(|member| {
                Some(Self {
                    name: member.key.clone(),
                    suffix: text(&member.value, "suffix")?,
                    media: text(&member.value, "media")?,
                    dialect: text(&member.value, "dialect"),
                })
            })
            .collect()
    }
}

pub(crate) fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::as_str).map(str::to_owned)
}

/// The members of an object that are texts.
fn pairs(node: &Node, key: &str) -> Vec<(String, String)> {
    let object = node.get(key).and_then(Node::as_object);
    object
        .into_iter()
        .flatten()
        .filter_map(|member| Some((member.key.clone(), member.value.as_str()?.to_owned())))
        .collect()
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    let items = node.get(key).and_then(Node::as_array).unwrap_or_default();
    items
        .iter()
        .filter_map(Node::as_str)
        .map(str::to_owned)
        .collect()
}

fn number(node: &Node, key: &str) -> Option<i64> {
    node.get(key).and_then(Node::as_number)?.parse().ok()
}
