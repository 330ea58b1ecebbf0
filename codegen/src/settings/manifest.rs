//! What goes into the manifest of the crate.

use std::collections::BTreeMap;

use super::Settings;
use crate::problem::{Problem, unusable_setting};
use crate::spanned::Text;
use toml::{Spanned, Value};

use super::file::Package;

/// Members of a table of the manifest: name and value as TOML.
type Members = Vec<(String, String)>;

/// The members of `[package]` that are given.
pub fn package(package: Package) -> Members {
    let text = |value: Option<String>| value.map(Value::String);
    let texts = |values: Option<Vec<String>>| {
        values.map(|values| Value::Array(values.into_iter().map(Value::String).collect()))
    };
    let members = [
        ("version", text(package.version.map(Spanned::into_inner))),
        ("description", text(package.description)),
        ("license", text(package.license)),
        ("authors", texts(package.authors)),
        ("repository", text(package.repository)),
        ("homepage", text(package.homepage)),
        ("documentation", text(package.documentation)),
        ("keywords", texts(package.keywords)),
        ("categories", texts(package.categories)),
        ("publish", package.publish.map(Value::Boolean)),
    ];
    let given = members.into_iter().filter_map(|(name, value)| {
        let value = value?;
        Some((name.to_owned(), value.to_string()))
    });
    given.collect()
}

/// Complains about a version that cargo does not take.
pub fn check_version(version: &Text) -> Option<Problem> {
    let error = semver::Version::parse(version).err()?;
    let message = format!("`{}` is no version: {error}", version.value);
    let mut problem = unusable_setting(message, version.span, "must be like `1.2.3`");
    problem.diagnostic.help = Some("write three numbers with points between".to_owned());
    Some(problem)
}

/// Dependencies as lines of the manifest.
pub fn dependencies(map: &BTreeMap<String, Value>) -> Members {
    let lines = map
        .iter()
        .map(|(name, value)| (name.clone(), value.to_string()));
    lines.collect()
}

/// Adds members; those of the same name are replaced.
pub fn merge(members: &mut Members, others: Members) {
    for (name, value) in others {
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => members.push((name, value)),
        }
    }
}

/// Whether every type and trait of another crate is of one that the manifest names.
pub fn check(settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let entries = [&settings.types, &settings.formats, &settings.derives_of];
    let paths = entries.into_iter().flatten().map(|entry| &entry.to);
    for path in paths.chain(&settings.derives) {
        for krate in crates(path) {
            let is_named = |(name, _): &(String, String)| name.replace('-', "_") == krate;
            if settings.dependencies.iter().any(is_named) {
                continue;
            }
            let message = format!("`{}` is of a crate that is no dependency", path.value);
            let label = "of which crate is this?";
            let mut problem = unusable_setting(message, path.span, label);
            let help = format!("add `{krate} = \"…\"` to `[dependencies]` of the settings");
            problem.diagnostic.help = Some(help);
            problems.push(problem);
        }
    }
    problems
}

/// The crates that a path names. Names that stand alone are traits of the standard library.
fn crates(path: &Text) -> Vec<&str> {
    let paths = path.value.split(['<', '>', ',']);
    let firsts = paths.filter_map(|path| {
        let path = path.trim();
        let (first, _) = path.strip_prefix("::").unwrap_or(path).split_once("::")?;
        (!matches!(first, "std" | "core" | "alloc")).then_some(first)
    });
    firsts.collect()
}
