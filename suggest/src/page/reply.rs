//! What a reply tells about its pages.

use verbatim_codegen::ir::{Header, Operation, Reply, Shape, TypeDef};

use crate::view::{Member, View, description, ends};
use crate::words::{is_among, plain, says, singular, words};

/// Lists that stand beside the items, and are none themselves.
const BESIDE: &[&str] = &[
    "errors", "warnings", "messages", "notes", "links", "included",
];

/// Members with the position of the next page.
const NEXT: &[&str] = &[
    "next",
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "continuationtoken",
    "endcursor",
    "nextmarker",
    "continue",
    "paginationtoken",
    "nextpage",
    "scrollid",
    "nextoffset",
    "cursor",
];
/// Members with the address of the next page.
const NEXT_LINK: &[&str] = &[
    "next",
    "nextlink",
    "nexturl",
    "nexthref",
    "nextpageurl",
    "odatanextlink",
    "nextpage",
];
const TOTAL: &[&str] = &[
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalelements",
    "totalrecords",
    "totalhits",
    "totalsize",
    "totalrows",
    "numfound",
    "totalentries",
];
const TOTAL_HEADERS: &[&str] = &[
    "xtotalcount",
    "xtotal",
    "totalcount",
    "xtotalitems",
    "xpaginationtotalcount",
];
/// Objects in which a reply tells about its pages.
const ABOUT: &[&str] = &[
    "meta",
    "metadata",
    "pagination",
    "paging",
    "page",
    "pageinfo",
    "links",
    "cursor",
    "cursors",
    "info",
    "pageable",
    "responsemetadata",
    "listmeta",
    "next",
    "pages",
];
/// Members with the list, where there are others.
const ITEMS: &[&str] = &[
    "items",
    "data",
    "results",
    "records",
    "values",
    "entries",
    "list",
    "content",
    "elements",
    "hits",
    "rows",
    "value",
    "objects",
    "collection",
];
const IDENTITIES: &[&str] = &["id", "uuid", "guid", "uid"];

/// What a reply tells about its pages.
pub struct Told<'a> {
    /// The pointer to the list.
    pub items: String,
    /// What tells the items apart.
    pub identity: Option<Member<'a>>,
    /// What the next request must ask for.
    pub next: Option<Member<'a>>,
    /// Where the next page is.
    pub link: Option<Member<'a>>,
    /// The same, in a header.
    pub link_header: Option<&'a Header>,
    /// How many items there are.
    pub total: Option<Member<'a>>,
    /// The same, in a header.
    pub total_header: Option<&'a Header>,
}

impl<'a> Told<'a> {
    /// What the good reply of an operation tells; nothing where it holds no list.
    pub fn of(view: &View<'a>, operation: &'a Operation, reply: &'a Reply) -> Option<Self> {
        let (_, body) = view.json(&reply.contents)?;
        let header = |names: &[&str]| reply.headers.iter().find(|it| is_among(&it.name, names));
        let (link_header, total_header) = (header(&["link"]), header(TOTAL_HEADERS));
        if let Shape::Array(item) = &body.shape {
            return Some(Self {
                items: String::new(),
                identity: identity(view, view.of(item)),
                link_header,
                total_header,
                next: None,
                link: None,
                total: None,
            });
        }
        let members = view.members(body);
        let (items, item) = items(view, operation, &members)?;
        let is_about = |member: &&Member<'_>| member.is_top() || is_among(member.parent(), ABOUT);
        let one = |names: &[&str], fits: &dyn Fn(&Member<'a>) -> bool| {
            let mut all = members.iter().filter(is_about);
            all.find(|it| is_among(&it.property.name, names) && fits(it))
                .cloned()
        };
        let is_count = |it: &Member<'a>| matches!(it.def.shape, Shape::Integer(_) | Shape::Number);
        let is_text = |it: &Member<'a>| matches!(it.def.shape, Shape::Text(_));
        let link =
            one(NEXT_LINK, &|it| is_text(it) && is_address(it)).or_else(|| href(&members, view));
        let next = one(NEXT, &|it| (is_text(it) || is_count(it)) && !is_address(it));
        let total = one(TOTAL, &is_count).or_else(|| {
            // `count` is that of the page, unless there are addresses of others beside it.
            link.as_ref().and_then(|_| one(&["count"], &is_count))
        });
        Some(Self {
            items,
            identity: identity(view, item),
            link_header,
            total_header,
            next,
            link,
            total,
        })
    }

    /// How the end is seen, as a sentence.
    pub fn end(&self) -> &'static str {
        if self.total.is_some() || self.total_header.is_some() {
            "The total ends the list."
        } else {
            "Nothing tells the total, so that the first empty page ends the list; `end: short-page` saves a request \
             where pages are only short at the end."
        }
    }
}

/// `links.next.href`
fn href<'a>(members: &[Member<'a>], view: &View<'a>) -> Option<Member<'a>> {
    let is_next = |it: &&Member<'a>| {
        is_among(&it.property.name, &["href", "url"]) && is_among(it.parent(), &["next"])
    };
    let next = members.iter().find(is_next)?;
    matches!(view.of(&next.property.ty).shape, Shape::Text(_)).then(|| next.clone())
}

/// Whether a text is an address, by what is said of it.
fn is_address(member: &Member<'_>) -> bool {
    let by_format = matches!(&member.def.shape, Shape::Text(format) if format.starts_with("uri") || format == "url");
    let named = words(&member.property.name);
    let by_name = named
        .iter()
        .any(|word| matches!(word.as_str(), "url" | "uri" | "link" | "href"));
    let by_parent = is_among(member.parent(), &["links"]);
    let said = description(member);
    by_format || by_name || by_parent || says(&said, &["url", "uri", "link", "hyperlink"])
}

/// The list of a reply: its pointer, and what its items are.
fn items<'a>(
    view: &View<'a>,
    operation: &Operation,
    members: &[Member<'a>],
) -> Option<(String, &'a TypeDef)> {
    let last = ends(&operation.path).0.map(plain).unwrap_or_default();
    let is_beside = |member: &&Member<'_>| {
        let name = plain(&member.property.name);
        BESIDE.contains(&name.as_str()) && singular(&name) != singular(&last)
    };
    let lists: Vec<(&Member<'a>, &'a TypeDef)> = members
        .iter()
        .filter(|member| !is_beside(member))
        .filter_map(|member| match &member.def.shape {
            Shape::Array(item) => Some((member, view.of(item))),
            _ => None,
        })
        .collect();
    let is_named = |member: &Member<'_>| {
        let name = plain(&member.property.name);
        ITEMS.contains(&name.as_str()) || (!last.is_empty() && singular(&name) == singular(&last))
    };
    let of_objects = |def: &TypeDef| matches!(def.shape, Shape::Object(_) | Shape::Union(_));
    let top: Vec<_> = lists.iter().filter(|(member, _)| member.is_top()).collect();
    let chosen = match top.as_slice() {
        [only] => Some(**only),
        [] => {
            let is_wrapped = |member: &Member<'_>| {
                member.pointer.matches('/').count() == 2
                    && is_among(
                        member.parent(),
                        &[
                            "data", "result", "results", "embedded", "response", "payload",
                        ],
                    )
            };
            let mut wrapped = lists.iter().filter(|(member, _)| is_wrapped(member));
            wrapped.next().filter(|_| wrapped.next().is_none()).copied()
        }
        several => {
            let mut named = several.iter().filter(|(member, _)| is_named(member));
            let one = named.next().filter(|_| named.next().is_none());
            let mut objects = several.iter().filter(|(_, def)| of_objects(def));
            let only = objects.next().filter(|_| objects.next().is_none());
            one.or(only).map(|found| **found)
        }
    };
    chosen.map(|(member, def)| (member.pointer.clone(), def))
}

/// What tells the items of a list apart.
fn identity<'a>(view: &View<'a>, item: &'a TypeDef) -> Option<Member<'a>> {
    let members = view.members(item);
    let fits = |member: &&Member<'_>| {
        let is_scalar = matches!(member.def.shape, Shape::Text(_) | Shape::Integer(_));
        member.is_top()
            && member.property.required
            && is_scalar
            && is_among(&member.property.name, IDENTITIES)
    };
    members.iter().find(fits).cloned()
}
