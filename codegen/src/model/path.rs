//! Paths of types and traits that callers name.

use super::name::Ident;

/// A path of Rust to a thing of another crate: `rust_decimal::Decimal`, with the paths it is applied to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RustPath {
    /// The names.
    pub names: Vec<Ident>,
    /// What stands in angle brackets: `chrono::DateTime<chrono::FixedOffset>`.
    pub of: Vec<RustPath>,
}

/// How deep paths may stand in angle brackets.
const DEPTH: usize = 4;

impl RustPath {
    /// A path from its text; `None` where it is anything but names joined by `::`, with the like in angle brackets.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_within(text, DEPTH)
    }

    fn parse_within(text: &str, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let text = text.trim();
        let (path, of) = match text.split_once('<') {
            Some((path, rest)) => (path, apart(rest.strip_suffix('>')?)?),
            None => (text, Vec::new()),
        };
        let names = path.strip_prefix("::").unwrap_or(path).split("::");
        let names = names.map(Ident::checked);
        let of = of.into_iter().map(|inner| Self::parse_within(inner, depth));
        Some(Self {
            names: names.collect::<Option<_>>()?,
            of: of.collect::<Option<_>>()?,
        })
    }

    /// The last name.
    pub fn last(&self) -> &str {
        self.names.last().map_or("", Ident::as_str)
    }
}

/// The arguments between angle brackets, apart at the commas that stand in none of their own.
fn apart(text: &str) -> Option<Vec<&str>> {
    let (mut depth, mut from) = (0_usize, 0);
    let mut parts = Vec::new();
    for (at, each) in text.char_indices() {
        match each {
            '<' => depth += 1,
            '>' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    (depth == 0).then_some(parts)
}

impl std::fmt::Display for RustPath {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.names.iter().map(Ident::as_str).collect();
        formatter.write_str(&names.join("::"))?;
        if !self.of.is_empty() {
            let inner: Vec<String> = self.of.iter().map(ToString::to_string).collect();
            write!(formatter, "<{}>", inner.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_names_and_nothing_else() {
        for text in [
            "a::B",
            "Eq",
            "chrono::DateTime<chrono::FixedOffset>",
            "a::B<c::D<E>, F>",
        ] {
            assert_eq!(
                RustPath::parse(text)
                    .map(|path| path.to_string())
                    .as_deref(),
                Some(text)
            );
        }
        for text in [
            "",
            "a::",
            "a b",
            "a::B;",
            "a::B<",
            "a::B>",
            "a::B<>",
            "a::B<C>>",
            "{}",
            "a!()",
            "\"x\"",
            "crate::a",
            "a::fn",
            "&str",
            "[u8]",
            "a::B<C>::D",
            "a\n::B",
            "é",
            "a<b<c<d<e>>>>",
        ] {
            assert_eq!(RustPath::parse(text), None, "{text}");
        }
    }
}
