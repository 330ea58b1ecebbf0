//! Descriptions: Markdown of strangers as HTML.
//!
//! HTML in it is shown as the text it is, addresses are those of `http`, `https` and `mailto` alone, and pictures,
//! which would be loaded from elsewhere, become links.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::text::is_unseen;

/// A description as blocks of HTML.
pub fn blocks(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    html::push_html(&mut out, events(text).into_iter());
    out
}

/// A description in one line: without the paragraph around it, where it is but one.
pub fn line(text: &str) -> String {
    let blocks = blocks(text);
    let trimmed = blocks.trim();
    let inner = trimmed.strip_prefix("<p>");
    let inner = inner.and_then(|inner| inner.strip_suffix("</p>"));
    match inner {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => blocks,
    }
}

/// What a description says, without marks.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    for event in events(text) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => plain.push(' '),
            _ => {}
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn events(text: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    // Whether each link that is open leads somewhere.
    let mut links = Vec::new();
    let events = Parser::new_ext(text, options);
    events.filter_map(|event| safe(event, &mut links)).collect()
}

/// An event as the page may show it.
fn safe<'t>(event: Event<'t>, links: &mut Vec<bool>) -> Option<Event<'t>> {
    Some(match event {
        Event::InlineHtml(tag) if is_break(&tag) => Event::HardBreak,
        Event::Html(text) | Event::InlineHtml(text) | Event::Text(text) => Event::Text(seen(text)),
        Event::Code(text) => Event::Code(seen(text)),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lower(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Start(Tag::CodeBlock(_)) => {
            Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented))
        }
        Event::Start(
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }
            | Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            },
        ) => {
            let leads = is_address(&dest_url);
            links.push(leads);
            leads.then_some(Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }))?
        }
        Event::End(TagEnd::Link | TagEnd::Image) => {
            links.pop()?.then_some(Event::End(TagEnd::Link))?
        }
        other => other,
    })
}

/// A text without characters that are not seen.
fn seen(text: CowStr<'_>) -> CowStr<'_> {
    if text.chars().any(is_unseen) {
        let seen: String = text.chars().filter(|each| !is_unseen(*each)).collect();
        return seen.into();
    }
    text
}

/// Whether a tag is a line break, which people write into descriptions.
fn is_break(tag: &str) -> bool {
    matches!(
        tag.to_ascii_lowercase().replace(' ', "").as_str(),
        "<br>" | "<br/>"
    )
}

/// Whether an address leads to a page or a person, wherever this page lies.
pub fn is_address(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme))
        && !address.chars().any(char::is_control)
}

/// Headings of descriptions stand below those of the page.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_text() {
        assert_eq!(
            line("a <b onclick=x>b</b>"),
            "a &lt;b onclick=x&gt;b&lt;/b&gt;"
        );
        assert_eq!(
            blocks("<script>alert(1)</script>").trim(),
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
        );
        assert_eq!(line("a<br/>b"), "a<br />\nb");
    }

    #[test]
    fn links_lead_to_pages_alone() {
        assert_eq!(line("[a](javascript:x) [b](#c)"), "a b");
        assert_eq!(
            line("![a](https://e.x/a.png)"),
            "<a href=\"https://e.x/a.png\">a</a>"
        );
        assert_eq!(
            line("[![a](x.png)](https://e.x)"),
            "<a href=\"https://e.x\">a</a>"
        );
        assert_eq!(line("<javascript:alert(1)>"), "javascript:alert(1)");
    }

    #[test]
    fn marks_are_left_out_of_plain_words() {
        assert_eq!(plain("# A\n\n*b* `c`\n- d"), "A b c d");
    }
}
