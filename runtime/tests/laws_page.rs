//! The laws of paging: every item once, and an end to every list.

use proptest::prelude::*;
use verbatim_runtime::policy::page::{Page, Pager, Position};
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
        let new = page.ids.iter().zip(fresh).filter(|(_, new)| *new);
        given.extend(new.filter_map(|(id, _)| id.clone()));
    }
    (given, asked, pager)
}

fn slice(items: &[String], from: u64, size: u64) -> Vec<Option<String>> {
    let from = usize::try_from(from).unwrap().min(items.len());
    let to = (from + usize::try_from(size).unwrap()).min(items.len());
    items[from..to].iter().cloned().map(Some).collect()
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("id-{index}")).collect()
}

fn digest(position: &Position) -> u64 {
    match position {
        Position::Number(number) => *number,
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

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
                ids: slice(&items, from, size),
                total: (end == PageEnd::Total).then_some(count as u64),
                next: None,
                digest: digest(position),
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
            Page { ids: page, total: None, next: None, digest: digest(position) }
        });
        let mut unique = given.clone();
        unique.sort();
        unique.dedup();
        prop_assert_eq!(unique.len(), given.len());
        // Items can only be missed where others before them were removed, or where that is said.
        if removed.is_empty() && !pager.shift().ended_on_repeats {
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
                ids: slice(&items, (number - 1) * size, size),
                digest: digest(position),
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
            given.extend(page.ids.into_iter().flatten());
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
                ids: names(*count).into_iter().map(Some).collect(),
                total: Some(*total),
                next: next.map(|next| format!("cursor-{next}")),
                digest: turn as u64,
            }
        });
        prop_assert!(asked < 100, "{} pages", asked);
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
        let ids = ids.iter().map(|id| Some((*id).to_owned())).collect();
        Page {
            ids,
            total: Some(5),
            next: None,
            digest: digest(position),
        }
    });
    assert_eq!((given.concat().as_str(), pages), ("abc", 3));
}

#[test]
fn a_server_that_ignores_the_page_number_is_asked_twice_only() {
    let rule = rule(PageStyle::Page, PageEnd::EmptyPage, 1);
    let all = |_: &Position| Page {
        ids: vec![None, None],
        digest: 7,
        ..Page::default()
    };
    let (_, asked, pager) = walk(rule, None, None, all);
    assert_eq!(asked, 2);
    assert!(pager.shift().ended_on_repeats, "and it is said");
}

#[test]
fn a_cursor_that_leads_back_ends_the_list() {
    let rule = rule(PageStyle::Cursor, PageEnd::Next, 0);
    let mut turn = 0;
    let (_, pages, _) = walk(rule, None, None, |_| {
        turn += 1;
        Page {
            ids: vec![Some(format!("id-{turn}"))],
            next: Some(if turn % 2 == 0 {
                "a".into()
            } else {
                "b".into()
            }),
            digest: turn,
            total: None,
        }
    });
    assert_eq!(pages, 3);
}
