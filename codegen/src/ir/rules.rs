//! What a schema says and its type does not.

/// A schema of JSON Schema 2020-12 that says of values what their type does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The keywords of the document that it is made of.
    pub keywords: Vec<&'static str>,
    /// The schema; what it refers to stands in its `$defs`.
    pub schema: Rule,
}

/// A part of such a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Keywords, or schemas by their names.
    Object(Vec<(String, Rule)>),
    /// Several schemas.
    Array(Vec<Rule>),
    /// Schemas by the regular expressions of the names that they speak of.
    Patterns(Vec<(String, Rule)>),
    /// A regular expression of ECMA-262.
    Pattern(String),
    /// A JSON text.
    Literal(String),
}

impl Rule {
    /// All regular expressions.
    pub fn patterns(&self) -> Vec<&str> {
        let mut patterns = Vec::new();
        let mut open = vec![self];
        while let Some(rule) = open.pop() {
            match rule {
                Self::Object(members) => open.extend(members.iter().map(|(_, rule)| rule)),
                Self::Array(rules) => open.extend(rules),
                Self::Patterns(members) => {
                    patterns.extend(members.iter().map(|(pattern, _)| pattern.as_str()));
                    open.extend(members.iter().map(|(_, rule)| rule));
                }
                Self::Pattern(pattern) => patterns.push(pattern),
                Self::Literal(_) => {}
            }
        }
        patterns
    }
}
