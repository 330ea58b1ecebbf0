//! `Link` headers of RFC 8288.

use http::{HeaderMap, header};

/// The target of the first link to the next page: relation types in any case, any number of links
/// in any number of headers, blanks wherever the grammar has them. A link of another context, which
/// `anchor` says, is none of this list.
pub(crate) fn next(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::LINK).iter();
    let mut texts = values.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
    texts.find_map(next_in)
}

/// The same in the value of one header. What follows a link that breaks the grammar is not read:
/// nobody could say where the next one begins.
fn next_in(value: &str) -> Option<String> {
    let mut reader = Reader(value);
    loop {
        // Elements of a list may be empty.
        while reader.take(',') {}
        let link = reader.link()?;
        if link.is_next() {
            return Some(link.target.to_owned());
        }
        if !reader.take(',') {
            return None;
        }
    }
}

struct Link<'t> {
    target: &'t str,
    /// The first `rel`; further ones count for nothing.
    relation: Option<String>,
    anchored: bool,
}

impl Link<'_> {
    fn is_next(&self) -> bool {
        let types = self.relation.iter().flat_map(|rel| rel.split_whitespace());
        !self.anchored
            && types
                .into_iter()
                .any(|rel| rel.eq_ignore_ascii_case("next"))
    }
}

struct Reader<'t>(&'t str);

impl<'t> Reader<'t> {
    fn skip_blanks(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    /// Takes a character, with the blanks before it, if it comes next.
    fn take(&mut self, wanted: char) -> bool {
        self.skip_blanks();
        let rest = self.0.strip_prefix(wanted);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn link(&mut self) -> Option<Link<'t>> {
        if !self.take('<') {
            return None;
        }
        let (target, rest) = self.0.split_once('>')?;
        self.0 = rest;
        let mut link = Link {
            target: target.trim(),
            relation: None,
            anchored: false,
        };
        while self.take(';') {
            self.skip_blanks();
            let name = self.token();
            let value = if !name.is_empty() && self.take('=') {
                self.value()?
            } else {
                String::new()
            };
            if name.eq_ignore_ascii_case("rel") {
                link.relation.get_or_insert(value);
            } else if name.eq_ignore_ascii_case("anchor") {
                link.anchored = true;
            }
        }
        Some(link)
    }

    fn token(&mut self) -> &'t str {
        let end = self.0.find(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '=' | '"' | '<' | '>')
        });
        let (token, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        token
    }

    /// A token or a quoted string, whose backslashes say that the next character means itself.
    fn value(&mut self) -> Option<String> {
        self.skip_blanks();
        let Some(quoted) = self.0.strip_prefix('"') else {
            return Some(self.token().to_owned());
        };
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.0 = &quoted[at + 1..];
                    return Some(value);
                }
                '\\' => value.push(characters.next()?.1),
                other => value.push(other),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::LINK, line.parse().unwrap());
        }
        next(&headers)
    }

    #[test]
    fn the_next_link_is_found_however_it_is_written() {
        for (lines, expected) in [
            (&[r#"</a>; rel="next""#][..], Some("/a")),
            (&["</a>;rel=next"], Some("/a")),
            (&["  </a>\t;  REL = \"NEXT\"  "], Some("/a")),
            (&[r#"</a>; rel="last  next""#], Some("/a")),
            (&[r#"</p>; rel="prev"  ,  </a>; rel="next""#], Some("/a")),
            (&[r#"</p>; rel="prev",</a>; rel="next""#], Some("/a")),
            (&[r#"</p>; rel="prev"<"#, "</a>; rel=next"], Some("/a")),
            (&["</p>; rel=prev", "</a>; rel=next"], Some("/a")),
            (
                &[r#", ,</a?x=1,2;3>;title="a, <b>; rel=prev";rel=next"#],
                Some("/a?x=1,2;3"),
            ),
            (&[r#"</a>; title="\"; rel=prev"; rel="next""#], Some("/a")),
            (&["</a>; rel=prev; rel=next"], None),
            (&[r##"</a>; rel=next; anchor="#other""##], None),
            (&["</a>; rel=nextish"], None),
            (&["</a>; title=next"], None),
            (&[r#"</a>; rel="next"#], None),
            (&["</a; rel=next"], None),
            (&["/a; rel=next"], None),
            (&["</a>;;; rel=next;"], Some("/a")),
            (&[""], None),
        ] {
            assert_eq!(found(lines).as_deref(), expected, "{lines:?}");
        }
    }

    /// A text of these characters, some of which the grammar knows.
    fn text(random: &mut fastrand::Rng, characters: &str, longest: usize) -> String {
        let characters: Vec<char> = characters.chars().collect();
        let length = random.usize(0..=longest);
        (0..length)
            .map(|_| characters[random.usize(0..characters.len())])
            .collect()
    }

    #[test]
    fn the_next_link_stands_anywhere_among_others() {
        let mut random = fastrand::Rng::with_seed(8288);
        for _ in 0..10_000 {
            let _ = next_in(&text(&mut random, "<>;,=\"\\ ar\u{e4}", 60));
            let blank = text(&mut random, " \t", 3);
            let mut links: Vec<String> = (0..random.usize(0..5))
                .map(|_| {
                    let target = text(&mut random, "/?=&,;a", 9);
                    let title = text(&mut random, "<>;,= next", 12);
                    format!("<{target}>{blank};{blank}title{blank}={blank}\"{title}\";rel=prev")
                })
                .collect();
            links.push(format!("<there>{blank};{blank}Rel{blank}={blank}\"Next\""));
            let joined = links.join(&format!("{blank},{blank}"));
            assert_eq!(next_in(&joined).as_deref(), Some("there"), "{joined}");
        }
    }
}
