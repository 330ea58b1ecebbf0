//! Where the types are used.

use std::collections::BTreeMap;

use crate::text::{Html, Text, put};

/// The beginning of a link to a type.
const LINK: &str = "href=\"#type-";

/// What uses a type: the place in the page, and its title.
#[derive(Debug, Default)]
pub struct Uses {
    by_type: BTreeMap<String, Vec<(String, String)>>,
}

impl Uses {
    /// Notes which types an article leads to.
    pub fn note(&mut self, article: &str, slug: &str, title: &str) {
        for link in article.split(LINK).skip(1) {
            let Some((rest, _)) = link.split_once('"') else {
                continue;
            };
            let to = format!("type-{rest}");
            if to == slug {
                continue;
            }
            let uses = self.by_type.entry(to).or_default();
            // An article is noted at once, so that it could only be the last.
            if uses.last().is_none_or(|(last, _)| last != slug) {
                uses.push((slug.to_owned(), title.to_owned()));
            }
        }
    }

    /// Writes the links to what uses a type.
    pub fn write(&self, out: &mut Html, slug: &str) {
        let Some(uses) = self.by_type.get(slug) else {
            return;
        };
        put!(
            out,
            "<details class=\"users\"><summary>Used here <small>{}</small></summary><ul>",
            uses.len()
        );
        for (slug, title) in uses {
            put!(out, "<li><a href=\"#{slug}\">{}</a></li>", Text(title));
        }
        out.raw("</ul></details>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_named_once_and_no_type_names_itself() {
        let mut uses = Uses::default();
        let links = "<a href=\"#type-pet\">Pet</a><a href=\"#type-pet\">Pet</a>";
        uses.note(links, "op-list", "List <all>");
        uses.note(links, "type-pet", "Pet");
        let mut out = Html::default();
        uses.write(&mut out, "type-pet");
        uses.write(&mut out, "type-other");
        assert_eq!(
            out.into_string(),
            "<details class=\"users\"><summary>Used here <small>1</small></summary><ul><li><a href=\"#op-list\">List \
             &lt;all&gt;</a></li></ul></details>"
        );
    }
}
