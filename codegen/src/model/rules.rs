//! Schemas of what types do not say, as texts that the runtime reads.

use std::fmt::Write as _;

use verbatim_source::write::quoted;

use super::Rules;
use super::pattern::Patterns;
use crate::ir::{Rule, TypeDef};

/// What is checked of a type beyond its fields and bounds; `None` where there is nothing, or where a pattern cannot be
/// looked at.
pub fn of(def: &TypeDef, patterns: &Patterns) -> Option<Rules> {
    let rules = def.bounds.rules.as_ref()?;
    let mut text = String::new();
    write(&mut text, &rules.schema, patterns)?;
    Some(Rules {
        text,
        keywords: rules.keywords.clone(),
    })
}

fn write(out: &mut String, rule: &Rule, patterns: &Patterns) -> Option<()> {
    match rule {
        Rule::Literal(text) => out.push_str(text),
        Rule::Pattern(pattern) => out.push_str(&quoted(patterns.get(pattern)?)),
        Rule::Array(rules) => {
            out.push('[');
            for (index, rule) in rules.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write(out, rule, patterns)?;
            }
            out.push(']');
        }
        Rule::Object(members) => {
            let names = members
                .iter()
                .map(|(name, rule)| Some((name.as_str(), rule)));
            object(out, names, patterns)?;
        }
        Rule::Patterns(members) => {
            let names = members.iter();
            let names = names.map(|(pattern, rule)| Some((patterns.get(pattern)?, rule)));
            object(out, names, patterns)?;
        }
    }
    Some(())
}

fn object<'r>(
    out: &mut String,
    members: impl Iterator<Item = Option<(&'r str, &'r Rule)>>,
    patterns: &Patterns,
) -> Option<()> {
    out.push('{');
    for (index, member) in members.enumerate() {
        let (name, rule) = member?;
        let comma = if index > 0 { "," } else { "" };
        write!(out, "{comma}{}:", quoted(name)).ok()?;
        write(out, rule, patterns)?;
    }
    out.push('}');
    Some(())
}
