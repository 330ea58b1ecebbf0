//! Lists that are read page by page.

mod reply;

use verbatim_codegen::ir::{Header, Operation, Parameter, Shape};
use verbatim_source::{Node, Object, Value};

use crate::view::{Member, View, good, query, subject};
use crate::words::{is_among, plain, says};
use crate::{Draft, Found, Kind, Place};
use reply::Told;

const PAGE: &[&str] = &[
    "page",
    "pagenumber",
    "pageno",
    "pagenum",
    "pageindex",
    "currentpage",
    "pagenr",
];
const SIZE: &[&str] = &[
    "perpage",
    "pagesize",
    "size",
    "limit",
    "maxresults",
    "pagelimit",
    "itemsperpage",
    "resultsperpage",
    "hitsperpage",
    "rowsperpage",
    "maxitems",
    "maxpagesize",
    "top",
    "take",
    "count",
    "rows",
    "maxkeys",
];
const OFFSET: &[&str] = &[
    "offset",
    "skip",
    "start",
    "startindex",
    "startat",
    "pageoffset",
    "startrow",
    "from",
];
const CURSOR: &[&str] = &[
    "cursor",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "continuationtoken",
    "continue",
    "continuation",
    "startingafter",
    "after",
    "marker",
    "nextcursor",
    "pagecursor",
    "pageafter",
    "bookmark",
    "paginationtoken",
    "starttoken",
    "scrollid",
    "nextmarker",
    "exclusivestartkey",
    "from",
];
/// The parameters of a list that choose a page.
#[derive(Default)]
struct Asked<'a> {
    page: Option<&'a Parameter>,
    offset: Option<&'a Parameter>,
    cursor: Option<&'a Parameter>,
    size: Option<&'a Parameter>,
}

/// Finds lists that come in pages.
pub fn find(view: &View<'_>, found: &mut Found) {
    for operation in view.with_method("GET") {
        if operation.pagination.is_none() {
            list(view, operation, found);
        }
    }
}

fn list(view: &View<'_>, operation: &Operation, found: &mut Found) {
    let asked = Asked::of(view, operation);
    let Some((_, reply)) = good(operation) else {
        return;
    };
    let Some(told) = Told::of(view, operation, reply) else {
        return;
    };
    let rule = by_cursor(&asked, &told)
        .or_else(|| by_link(&asked, &told))
        .or_else(|| by_header(&asked, &told))
        .or_else(|| by_number(view, &asked, &told));
    let Some(mut rule) = rule else {
        return undecided(view, operation, &asked, found);
    };
    if let Some(size) = asked.size {
        rule.set("size", size.name.as_str());
        rule.asks(size);
    }
    if !told.items.is_empty() {
        rule.set("items", told.items.as_str());
    }
    if let Some(identity) = &told.identity {
        rule.set("identity", identity.pointer.as_str());
        rule.places.push(Place::new(
            &identity.property.origin,
            "tells the items apart",
        ));
    }
    let draft = Draft {
        extension: "x-verbatim-pagination",
        value: rule.ordered(),
        reason: rule.reason,
        places: rule.places,
    };
    found.propose(Kind::Pages, (subject(operation), &operation.origin), draft);
}

/// The members of a declaration.
const MEMBERS: [&str; 10] = [
    "style",
    "page",
    "size",
    "first",
    "items",
    "end",
    "total",
    "totalHeader",
    "next",
    "identity",
];

/// How a list is paged, and what speaks for it.
#[derive(Default)]
struct Rule {
    value: Object,
    places: Vec<Place>,
    reason: String,
}

impl Rule {
    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.value.insert(key, Node::made(value));
    }

    /// The members as the documentation lists them.
    fn ordered(&self) -> Value {
        let members = MEMBERS.iter().filter_map(|key| {
            let node = self.value.get(key)?;
            Some((*key, node.value.clone()))
        });
        Value::Object(members.collect())
    }

    fn asks(&mut self, parameter: &Parameter) {
        let says = format!("parameter `{}`", parameter.name);
        self.places.push(Place::new(&parameter.origin, says));
    }

    fn tells(&mut self, member: &Member<'_>) {
        let says = format!("`{}` in the reply", member.pointer);
        self.places.push(Place::new(&member.property.origin, says));
    }
}

/// A reply says what the next request must ask for.
fn by_cursor(asked: &Asked<'_>, told: &Told<'_>) -> Option<Rule> {
    let (cursor, next) = (asked.cursor?, told.next.as_ref()?);
    let mut rule = Rule {
        reason: format!(
            "`{}` of a reply is what `{}` takes for the next page; the last page has none.",
            next.pointer, cursor.name
        ),
        ..Rule::default()
    };
    rule.set("style", "cursor");
    rule.set("page", cursor.name.as_str());
    rule.set("next", next.pointer.as_str());
    rule.asks(cursor);
    rule.tells(next);
    Some(rule)
}

/// A reply says where the next page is.
fn by_link(asked: &Asked<'_>, told: &Told<'_>) -> Option<Rule> {
    let next = told.link.as_ref().filter(|_| asked.is_paged())?;
    let mut rule = Rule {
        reason: format!(
            "`{}` of a reply is the address of the next page; the last page has none.",
            next.pointer
        ),
        ..Rule::default()
    };
    rule.set("style", "link");
    rule.set("next", next.pointer.as_str());
    rule.tells(next);
    Some(rule)
}

/// A header of the reply says where the next page is.
fn by_header(asked: &Asked<'_>, told: &Told<'_>) -> Option<Rule> {
    let fits = |it: &&Header| asked.is_paged() || says(&it.description, &["next"]);
    let header = told.link_header.filter(fits)?;
    let mut rule = Rule {
        reason: "The header `Link` of a reply leads to the next page; the last page has none."
            .to_owned(),
        ..Rule::default()
    };
    rule.set("style", "link");
    rule.set("end", "next");
    rule.places
        .push(Place::new(&header.origin, "header `Link` of the reply"));
    Some(rule)
}

/// The request counts: pages, or items.
fn by_number(view: &View<'_>, asked: &Asked<'_>, told: &Told<'_>) -> Option<Rule> {
    let mut rule = Rule::default();
    let page = asked.page.filter(|page| is_number(view, page));
    let offset = asked
        .offset
        .filter(|it| asked.size.is_some() && is_number(view, it));
    let first;
    if let Some(page) = page {
        rule.set("page", page.name.as_str());
        rule.asks(page);
        let number = first_page(view, page);
        first = number.unwrap_or(1);
        let counted = match number {
            Some(number) => format!("the first is {number}"),
            None => "nothing says what the first is called; 1 is taken".to_owned(),
        };
        rule.reason = format!(
            "`{}` counts pages, and {counted}. {}",
            page.name,
            told.end()
        );
    } else {
        let offset = offset?;
        rule.set("style", "offset");
        rule.set("page", offset.name.as_str());
        rule.asks(offset);
        first = 0;
        rule.reason = format!(
            "`{}` counts items that are passed over. {}",
            offset.name,
            told.end()
        );
    }
    if let Some(total) = &told.total {
        rule.set("total", total.pointer.as_str());
        rule.tells(total);
    } else if let Some(header) = told.total_header {
        rule.set("totalHeader", header.name.as_str());
        let says = format!("header `{}` of the reply", header.name);
        rule.places.push(Place::new(&header.origin, says));
    } else {
        rule.set("end", "empty-page");
    }
    if first != 1 {
        rule.set("first", first);
    }
    Some(rule)
}

/// A list with parameters for pages about which too little is said.
fn undecided(view: &View<'_>, operation: &Operation, asked: &Asked<'_>, found: &mut Found) {
    let Some(cursor) = asked
        .cursor
        .or(asked.page)
        .filter(|it| !is_among(&it.name, &["from", "after"]))
    else {
        return;
    };
    let of = view.of(&cursor.ty);
    let kind = if matches!(of.shape, Shape::Text(_)) {
        "a text"
    } else {
        "a position"
    };
    let text = format!(
        "The list takes `{}`, {kind}, but no member of its reply and no documented header `Link` says where the next page \
         is. Where the service sends the header, declare `x-verbatim-pagination: {{style: link, end: next}}`; where it \
         is the last item, nothing can be declared.",
        cursor.name
    );
    found.remark(subject(operation), &operation.origin, text);
}

impl<'a> Asked<'a> {
    fn of(view: &View<'a>, operation: &'a Operation) -> Self {
        let one =
            |names: &[&str]| query(operation).find(|it| !it.required && is_among(&it.name, names));
        let mut asked = Self {
            page: one(PAGE),
            offset: one(OFFSET),
            cursor: one(CURSOR),
            size: one(SIZE).filter(|size| is_number(view, size)),
        };
        // `from` is a date as often as a position, `page` a token now and then.
        if asked.size.is_none() || asked.offset.is_some_and(|it| !is_number(view, it)) {
            asked.offset = asked
                .offset
                .filter(|it| plain(&it.name) != "from" && is_number(view, it));
            asked.cursor = asked.cursor.filter(|it| plain(&it.name) != "from");
        }
        if asked.cursor.is_none() {
            asked.cursor = asked.page.filter(|page| !is_number(view, page));
        }
        asked
    }

    /// Whether anything chooses a page.
    fn is_paged(&self) -> bool {
        self.page
            .or(self.offset)
            .or(self.cursor)
            .or(self.size)
            .is_some()
    }
}

fn is_number(view: &View<'_>, parameter: &Parameter) -> bool {
    matches!(
        view.of(&parameter.ty).shape,
        Shape::Integer(_) | Shape::Number
    )
}

/// The number of the first page, where the document says it.
fn first_page(view: &View<'_>, page: &Parameter) -> Option<u64> {
    let given = page
        .default
        .as_deref()
        .and_then(|text| text.trim().parse().ok());
    let least = view.of(&page.ty).bounds.minimum.clone();
    let least = least.and_then(|text| text.parse().ok());
    let is_first = |number: &u64| *number <= 1;
    let zero = says(
        &page.description,
        &[
            "zero-based",
            "0-based",
            "zero based",
            "starts at 0",
            "starting at 0",
            "starting from 0",
        ],
    );
    let one = says(
        &page.description,
        &[
            "one-based",
            "1-based",
            "one based",
            "starts at 1",
            "starting at 1",
            "starting from 1",
        ],
    );
    let said = zero.then_some(0).or(one.then_some(1));
    said.or(given.filter(is_first)).or(least.filter(is_first))
}
