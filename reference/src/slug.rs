//! Names of places in the page.

use std::collections::BTreeSet;

/// Gives every place a name of its own.
#[derive(Debug, Default)]
pub struct Slugs {
    taken: BTreeSet<String>,
}

/// How long a name may be before it is cut.
const LENGTH: usize = 80;

impl Slugs {
    /// A name made of a text: letters, digits, `-`, `_` and `.`, with a number where it was taken.
    pub fn claim(&mut self, prefix: &str, text: &str) -> String {
        let mut slug = format!("{prefix}-");
        for each in text.chars().take(LENGTH) {
            if each.is_ascii_alphanumeric() || matches!(each, '_' | '.') {
                slug.push(each);
            } else if !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        let numbers = 2_u64..;
        let free = std::iter::once(slug.to_owned())
            .chain(numbers.map(|number| format!("{slug}-{number}")))
            .find(|wanted| !self.taken.contains(wanted))
            .unwrap_or_default();
        self.taken.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_apart() {
        let mut slugs = Slugs::default();
        assert_eq!(slugs.claim("op", "GET /a/{id}"), "op-GET-a-id");
        assert_eq!(slugs.claim("op", "GET /a/{id}/"), "op-GET-a-id-2");
        assert_eq!(slugs.claim("type", "\"><script>"), "type-script");
        assert_eq!(slugs.claim("type", "ü"), "type");
    }
}
