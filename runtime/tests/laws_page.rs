//! The laws of paging: every item once, and an end to every list.

use proptest::prelude::*;
use verbatim_runtime::policy::page::{Entry, Page, PageFault, Pager, Position};
use verbatim_runtime::service::{PageEnd, PageStyle, Pagination};

fn rule(style: PageStyle, end: PageEnd, first: u64) -> Pagination {
    Pagination {
        style,
        page: "page",
        size: "per_page",
        first,
        end,
        total_header: "",
        total_pointer: "",
        next_pointer: "",
        items_pointer: "",
        identity: "/id",
    }
}

/// Walks through a list; gives what was handed out and how many pages were asked for.
fn walk(
    rule: Pagination,
    size: Option<u64>,
    from: Option<Position>,
    mut page: impl FnMut(&Position) -> Page,
) -> (Vec<String>, usize, Pager) {
    let mut pager = Pager::new(rule, size, from);
    let (mut given, mut asked) = (Vec::new(), 0);
    while let Some(position) = pager.next().cloned() {
        asked += 1;
        assert!(asked < 10_000, "the list has no end");
        let page = page(&position);
        let fresh = pager.observe(&page);
        let new = page.items.iter().zip(fresh).filter(|(_, new)| *new);
        given.extend(new.map(|(item, _)| item.identity.clone().unwrap_or_default()));
    }
    (given, asked, pager)
}

/// An item with an identity.
fn named(name: &str) -> Entry {
    Entry {
        identity: Some(name.to_owned()),
        digest: 0,
    }
}

fn slice(items: &[String], from: u64, size: u64) -> Vec<Entry> {
    let from = usize::try_from(from).unwrap().min(items.len());
    let to = (from + usize::try_from(size).unwrap()).min(items.len());
    items[from..to].iter().map(|name| named(name)).collect()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("id-{index}")).collect()
}

/// A server that keeps the same list, and how it pages.
#[derive(Debug, Clone)]
struct Consistent {
    /// What each position of the list holds: an item, or nothing that this caller may see.
    places: Vec<Option<Entry>>,
    /// The most positions on a page.
    cap: u64,
    tells_total: bool,
}

impl Consistent {
    fn items(&self) -> Vec<Entry> {
        self.places.iter().flatten().cloned().collect()
    }

    fn page(&self, from: u64, size: Option<u64>) -> (Page, u64) {
        let size = size.unwrap_or(self.cap).min(self.cap);
        let count = self.places.len() as u64;
        let (from, to) = (from.min(count), from.saturating_add(size).min(count));
        let (first, last) = (usize::try_from(from).unwrap(), usize::try_from(to).unwrap());
        let page = Page {
            items: self.places[first..last].iter().flatten().cloned().collect(),
            total: self.tells_total.then_some(self.items().len() as u64),
            next: None,
        };
        (page, to)
    }

    /// All that is handed out.
    fn read(&self, rule: Pagination, asked: Option<u64>) -> (Vec<Entry>, Pager) {
        let size = asked.unwrap_or(self.cap).min(self.cap);
        let mut pager = Pager::new(rule, asked, None);
        let mut given = Vec::new();
        for _ in 0..10_000 {
            let Some(position) = pager.next().cloned() else {
                return (given, pager);
            };
            let from = match (&position, rule.style) {
                (Position::Number(number), PageStyle::Page) => (number - rule.first) * size,
                (Position::Number(number), _) => *number,
                (Position::Cursor(text) | Position::Link(text), _) => text.parse().unwrap(),
                (Position::Start, _) => 0,
            };
            let (mut page, to) = self.page(from, asked);
            let more = to < self.places.len() as u64;
            if rule.end == PageEnd::Next {
                page.next = more.then(|| to.to_string());
            }
            let fresh = pager.observe(&page);
            let new = page.items.into_iter().zip(fresh).filter(|(_, new)| *new);
            given.extend(new.map(|(item, _)| item));
        }
        panic!("the list has no end");
    }
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let item = (prop::option::of(0_u8..40), 0_u64..3).prop_map(|(identity, digest)| Entry {
        identity: identity.map(|identity| identity.to_string()),
        digest,
    });
    prop::collection::vec(item, 0..120)
}

fn entries_and_holes() -> impl Strategy<Value = Vec<Option<Entry>>> {
    (entries(), any::<u64>()).prop_map(|(items, holes)| {
        let places = items.into_iter().enumerate();
        places
            .map(|(index, item)| (holes >> (index % 61) & 1 == 0).then_some(item))
            .collect()
    })
}

/// Each item that is not equal to an earlier one of the same declared identity.
fn distinct(items: Vec<Entry>) -> Vec<Entry> {
    let mut distinct: Vec<Entry> = Vec::new();
    for item in items {
        if item.identity.is_none() || !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    distinct
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_its_caps_and_repeats_a_server_that_pages_gives_every_item_once(
        items in entries(),
        cap in 1_u64..30,
        asked in prop::option::of(1_u64..60),
        offset in any::<bool>(),
        end in prop_oneof![Just(PageEnd::ShortPage), Just(PageEnd::EmptyPage), Just(PageEnd::Total)],
        first in 0_u64..2,
        tells_total in any::<bool>(),
    ) {
        // Without a total, so many repeats in a row are taken for a server that does not page.
        let items = if tells_total { items } else { distinct(items) };
        let places = items.into_iter().map(Some).collect();
        let server = Consistent { places, cap, tells_total };
        let (style, first) = if offset { (PageStyle::Offset, 0) } else { (PageStyle::Page, first) };
        let (given, pager) = server.read(rule(style, end, first), asked);
        if pager.drift().ended_on_repeats {
            prop_assert!(tells_total && pager.drift().total_differs);
        } else {
            prop_assert_eq!(given, distinct(server.items()));
        }
    }

    #[test]
    fn whatever_its_holes_a_server_that_tells_its_total_gives_every_item_once(
        places in entries_and_holes(),
        cap in 1_u64..30,
        asked in prop::option::of(1_u64..60),
        offset in any::<bool>(),
    ) {
        let places = places.into_iter().enumerate().map(|(index, place)| {
            place.map(|_| named(&index.to_string()))
        });
        let server = Consistent { places: places.collect(), cap, tells_total: true };
        let style = if offset { PageStyle::Offset } else { PageStyle::Page };
        let (given, pager) = server.read(rule(style, PageEnd::Total, 0), asked);
        if given != server.items() {
            // Where all that a page holds is less than its positions, only so many are looked at.
            prop_assert!(pager.drift().total_differs);
        }
    }

    #[test]
    fn whatever_its_holes_a_server_with_cursors_gives_every_item_once(
        places in entries_and_holes(),
        cap in 1_u64..30,
        asked in prop::option::of(1_u64..60),
        link in any::<bool>(),
        tells_total in any::<bool>(),
    ) {
        let server = Consistent { places, cap, tells_total };
        let style = if link { PageStyle::Link } else { PageStyle::Cursor };
        let (given, pager) = server.read(rule(style, PageEnd::Next, 0), asked);
        prop_assert_eq!(pager.fault(), None);
        prop_assert_eq!(given, distinct(server.items()));
    }

    #[test]
    fn every_item_of_a_still_list_is_given_once(
        count in 0_usize..200,
        size in 1_u64..40,
        asks in any::<bool>(),
        offset in any::<bool>(),
        end in prop_oneof![Just(PageEnd::ShortPage), Just(PageEnd::EmptyPage), Just(PageEnd::Total)],
        first in 0_u64..2,
    ) {
        let items = names(count);
        let (style, first) = if offset { (PageStyle::Offset, 0) } else { (PageStyle::Page, first) };
        let (given, pages, _) = walk(rule(style, end, first), asks.then_some(size), None, |position| {
            let Position::Number(number) = position else { panic!("a number") };
            let from = if offset { *number } else { (number - first) * size };
            Page {
                items: slice(&items, from, size),
                total: (end == PageEnd::Total).then_some(count as u64),
                next: None,
            }
        });
        prop_assert_eq!(given, items);
        prop_assert!(pages as u64 <= count as u64 / size + 2);
    }

    #[test]
    fn no_item_is_given_twice_while_others_come_and_go(
        count in 0_usize..120,
        size in 1_u64..20,
        changes in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..60),
    ) {
        let mut items = names(count);
        let untouched = items.clone();
        let mut removed = Vec::new();
        let mut changes = changes.into_iter();
        let rule = rule(PageStyle::Page, PageEnd::ShortPage, 1);
        let (given, _, pager) = walk(rule, Some(size), None, |position| {
            let Position::Number(number) = position else { panic!("a number") };
            let page = slice(&items, (number - 1) * size, size);
            if let Some((insert, at)) = changes.next() {
                if insert || items.is_empty() {
                    let name = format!("new-{}", items.len());
                    items.insert(at.index(items.len() + 1), name);
                } else {
                    removed.push(items.remove(at.index(items.len())));
                }
            }
            Page { items: page, total: None, next: None }
        });
        let mut unique = given.clone();
        unique.sort();
        unique.dedup();
        prop_assert_eq!(unique.len(), given.len());
        // Items can only be missed where others before them were removed, or where that is said.
        if removed.is_empty() && !pager.drift().ended_on_repeats {
            for name in &untouched {
                prop_assert!(given.contains(name), "{} is missing", name);
            }
        }
    }

    #[test]
    fn a_list_resumed_where_it_was_left_misses_nothing(
        count in 1_usize..100,
        size in 1_u64..20,
        stop in 0_usize..10,
    ) {
        let items = names(count);
        let page = |position: &Position| {
            let Position::Number(number) = position else { panic!("a number") };
            Page {
                items: slice(&items, (number - 1) * size, size),
                ..Page::default()
            }
        };
        let rule = rule(PageStyle::Page, PageEnd::ShortPage, 1);
        let mut pager = Pager::new(rule, Some(size), None);
        let mut given = Vec::new();
        for _ in 0..stop {
            let Some(position) = pager.next().cloned() else { break };
            let page = page(&position);
            pager.observe(&page);
            given.extend(page.items.into_iter().filter_map(|item| item.identity));
        }
        if let Some(position) = pager.next() {
            let token = position.to_string();
            let (rest, ..) = walk(rule, Some(size), Some(token.parse().unwrap()), page);
            given.extend(rest);
        }
        prop_assert_eq!(given, items);
    }

    #[test]
    fn every_list_ends_whatever_the_server_does(
        style in prop_oneof![
            Just(PageStyle::Page), Just(PageStyle::Offset), Just(PageStyle::Cursor), Just(PageStyle::Link)
        ],
        end in prop_oneof![
            Just(PageEnd::ShortPage), Just(PageEnd::EmptyPage), Just(PageEnd::Total), Just(PageEnd::Next)
        ],
        pages in prop::collection::vec((0_usize..4, 0_u64..30, prop::option::of(0_u8..5)), 1..6),
    ) {
        // The same few pages for ever: whatever is asked for, nothing new comes.
        let mut turn = 0;
        let (_, asked, _) = walk(rule(style, end, 1), None, None, |_| {
            let (count, total, next) = &pages[turn % pages.len()];
            turn += 1;
            Page {
                items: names(*count).iter().map(|name| named(name)).collect(),
                total: Some(*total),
                next: next.map(|next| format!("cursor-{next}")),
            }
        });
        prop_assert!(asked < 1100, "{} pages", asked);
    }

    #[test]
    fn a_position_comes_back_from_its_text(
        position in prop_oneof![
            Just(Position::Start),
            any::<u64>().prop_map(Position::Number),
            ".*".prop_map(Position::Cursor),
            ".*".prop_map(Position::Link),
        ],
    ) {
        prop_assert_eq!(position.to_string().parse(), Ok(position));
    }
}

#[test]
fn an_empty_page_in_the_middle_does_not_end_a_list_whose_total_is_known() {
    let rule = rule(PageStyle::Page, PageEnd::Total, 1);
    let (given, pages, _) = walk(rule, Some(2), None, |position| {
        let ids: &[&str] = match position {
            Position::Number(1) => &["a", "b"],
            Position::Number(3) => &["c"],
            _ => &[],
        };
        Page {
            items: ids.iter().map(|id| named(id)).collect(),
            total: Some(5),
            next: None,
        }
    });
    assert_eq!((given.concat().as_str(), pages), ("abc", 4));
}

#[test]
fn a_server_that_ignores_the_page_number_is_asked_twice_only() {
    let rule = rule(PageStyle::Page, PageEnd::EmptyPage, 1);
    let all = |_: &Position| Page {
        items: vec![named("a"), named("b")],
        ..Page::default()
    };
    let (given, asked, pager) = walk(rule, None, None, all);
    assert_eq!((given.concat().as_str(), asked), ("ab", 2));
    assert!(pager.drift().ended_on_repeats, "and it is said");
}

#[test]
fn equal_pages_of_items_without_identity_are_no_end_and_an_error_at_last() {
    let rule = rule(PageStyle::Page, PageEnd::EmptyPage, 1);
    let item = Entry {
        identity: None,
        digest: 1,
    };
    for (pages, total, fault) in [
        (60, None, false),
        (300, None, true),
        (300, Some(300), false),
    ] {
        let (given, _, pager) = walk(rule, None, None, |position| Page {
            items: match position {
                Position::Number(number) if *number <= pages => vec![item.clone()],
                _ => Vec::new(),
            },
            total,
            next: None,
        });
        assert_eq!(matches!(pager.fault(), Some(PageFault::Alike(_))), fault);
        assert_eq!(given.len() as u64 == pages, !fault);
    }
}

#[test]
fn a_total_that_counts_the_page_only_does_not_end_the_list() {
    let items = names(250);
    let rule = rule(PageStyle::Page, PageEnd::Total, 1);
    for size in [None, Some(20)] {
        let (given, _, pager) = walk(rule, size, None, |position| {
            let Position::Number(number) = position else {
                panic!("a number")
            };
            let page = slice(&items, (number - 1) * 20, 20);
            Page {
                total: Some(page.len() as u64),
                items: page,
                next: None,
            }
        });
        assert_eq!(given.len(), 250);
        assert!(pager.drift().total_differs && pager.drift().total_changed);
    }
}

#[test]
fn a_next_page_that_is_given_is_read_though_the_page_is_short() {
    let rule = rule(PageStyle::Page, PageEnd::ShortPage, 1);
    let (given, ..) = walk(rule, Some(3), None, |position| Page {
        items: match position {
            Position::Number(1) => vec![named("a"), named("b"), named("c")],
            Position::Number(2) => vec![named("d")],
            _ => vec![named("e")],
        },
        total: None,
        next: matches!(position, Position::Number(1 | 2)).then(|| "there".to_owned()),
    });
    assert_eq!(given.concat(), "abcde");
}

#[test]
fn a_cursor_that_leads_back_is_a_fault() {
    let rule = rule(PageStyle::Cursor, PageEnd::Next, 0);
    let mut turn = 0;
    let (given, pages, walked) = walk(rule, None, None, |_| {
        turn += 1;
        let cursor = if turn % 2 == 0 { "a" } else { "b" };
        Page {
            items: vec![named(&format!("id-{turn}"))],
            next: Some(cursor.to_owned()),
            total: None,
        }
    });
    assert_eq!((given.len(), pages), (3, 3));
    let back = Position::Cursor("b".to_owned());
    assert_eq!(walked.fault(), Some(&PageFault::Circle(back)));
}

#[test]
fn cursors_without_an_end_are_a_fault() {
    let rule = rule(PageStyle::Cursor, PageEnd::Next, 0);
    let mut turn = 0;
    let (_, pages, walked) = walk(rule, None, None, |_| {
        turn += 1;
        Page {
            next: Some(format!("cursor-{turn}")),
            ..Page::default()
        }
    });
    assert_eq!(pages, 1000);
    assert_eq!(walked.fault(), Some(&PageFault::Barren(1000)));
}
