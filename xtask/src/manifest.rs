//! A manifest without its workspace.

use anyhow::{Context, Result};
use toml::{Table, Value};

/// The manifest of a member with everything filled in that it takes from its workspace.
///
/// Lints and development dependencies are left out: they serve whoever works on the crate.
pub fn resolved(workspace: &str, member: &str) -> Result<String> {
    let workspace: Table = workspace.parse().context("the manifest of the workspace")?;
    let mut member: Table = member.parse().context("the manifest of the member")?;
    let workspace = table(&workspace, "workspace");
    for name in ["lints", "dev-dependencies"] {
        member.remove(name);
    }
    if let Some(Value::Table(package)) = member.get_mut("package") {
        inherit(package, &table(&workspace, "package"));
    }
    if let Some(Value::Table(dependencies)) = member.get_mut("dependencies") {
        let shared = table(&workspace, "dependencies");
        for (name, dependency) in dependencies {
            let Value::Table(own) = dependency else {
                continue;
            };
            if own.remove("workspace").is_none() {
                continue;
            }
            let mut whole = match shared.get(name) {
                Some(Value::Table(shared)) => shared.clone(),
                Some(version) => Table::from_iter([("version".to_owned(), version.clone())]),
                None => Table::new(),
            };
            for (key, value) in own.clone() {
                merge(&mut whole, key, value);
            }
            *own = whole;
        }
    }
    let text = toml::to_string(&member).context("the manifest cannot be written")?;
    Ok(format!(
        "# @generated: a copy of the runtime of the generator.\n{text}"
    ))
}

fn table(of: &Table, name: &str) -> Table {
    match of.get(name) {
        Some(Value::Table(table)) => table.clone(),
        _ => Table::new(),
    }
}

/// Replaces `key.workspace = true` by the value of the workspace.
fn inherit(package: &mut Table, shared: &Table) {
    for (key, value) in package.iter_mut() {
        let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
        if let (true, Some(shared)) = (inherits, shared.get(key)) {
            *value = shared.clone();
        }
    }
}

/// Features add up; everything else of the member wins.
fn merge(whole: &mut Table, key: String, value: Value) {
    match (whole.get_mut(&key), value) {
        (Some(Value::Array(features)), Value::Array(more)) if key == "features" => {
            features.extend(more);
        }
        (_, value) => drop(whole.insert(key, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_stands_alone() {
        let workspace = r#"
            [workspace.package]
            version = "1.2.3"
            [workspace.dependencies]
            serde = { version = "1", features = ["derive"] }
            http = "2"
        "#;
        let member = r#"
            [package]
            name = "x"
            version.workspace = true
            [dependencies]
            serde = { workspace = true, features = ["rc"], optional = true }
            http.workspace = true
            other = "3"
            [dev-dependencies]
            proptest = "1"
            [lints]
            workspace = true
        "#;
        let resolved: Table = resolved(workspace, member).unwrap().parse().unwrap();
        let expected: Table = r#"
            [package]
            name = "x"
            version = "1.2.3"
            [dependencies]
            serde = { version = "1", features = ["derive", "rc"], optional = true }
            http = { version = "2" }
            other = "3"
        "#
        .parse()
        .unwrap();
        assert_eq!(resolved, expected);
    }
}
