//! `sbom`: what a package is made of, as a list that ships with a release.
//!
//! The format is `CycloneDX` 1.5 in JSON, which scanners of advisories read. What cargo says of the
//! locked tree goes in, without dates or random numbers, so that two runs give the same bytes.

use crate::arguments::Arguments;
use crate::root;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, ExitCode};

/// The package that people install.
const PACKAGE: &str = "cargo-verbatim";

/// Writes the list of a package to a file, or prints it.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let package = arguments.option("--package")?;
    let out = arguments.path("--out")?;
    arguments.end()?;
    let workspace = root::workspace()?;
    let list = of(&workspace, package.as_deref().unwrap_or(PACKAGE))?;
    let text = format!("{list:#}\n");
    match out {
        Some(path) => {
            std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
        None => print!("{text}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The list of a package of a workspace.
fn of(workspace: &Path, package: &str) -> Result<Value> {
    let lock = workspace.join("Cargo.lock");
    let lock = std::fs::read_to_string(&lock).with_context(|| lock.display().to_string())?;
    cyclonedx(&metadata(workspace)?, &checksums(&lock)?, package)
}

/// What cargo says of a workspace and its locked dependencies.
fn metadata(workspace: &Path) -> Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let said = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--manifest-path",
        ])
        .arg(workspace.join("Cargo.toml"))
        .output()
        .context("cargo could not be started")?;
    if !said.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&said.stderr).trim()
        );
    }
    serde_json::from_slice(&said.stdout).context("what cargo metadata says")
}

/// The checksums of a lock file, by name and version.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>> {
    let lock: toml::Table = toml::from_str(lock).context("Cargo.lock")?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let known = packages.into_iter().flatten().filter_map(|package| {
        let member = |name: &str| Some(package.get(name)?.as_str()?.to_owned());
        Some(((member("name")?, member("version")?), member("checksum")?))
    });
    Ok(known.collect())
}

/// The list, from what `cargo metadata` says.
fn cyclonedx(
    metadata: &Value,
    checksums: &BTreeMap<(String, String), String>,
    package: &str,
) -> Result<Value> {
    let packages = entries(metadata, "/packages");
    let packages: BTreeMap<&str, &Value> = packages.map(|it| (text(it, "id"), it)).collect();
    let nodes = entries(metadata, "/resolve/nodes");
    let nodes: BTreeMap<&str, Vec<&str>> = nodes.map(|it| (text(it, "id"), shipped(it))).collect();
    let members = entries(metadata, "/workspace_members").filter_map(Value::as_str);
    let mut members = members.filter(|id| {
        packages
            .get(id)
            .is_some_and(|it| text(it, "name") == package)
    });
    let Some(root) = members.next() else {
        bail!("the workspace has no package {package}");
    };
    let mut reached = BTreeSet::new();
    let mut waiting = vec![root];
    while let Some(id) = waiting.pop() {
        if reached.insert(id) {
            waiting.extend(nodes.get(id).into_iter().flatten());
        }
    }
    let component =
        |id: &str| component(packages.get(id).copied().unwrap_or(&Value::Null), checksums);
    let others = reached.iter().filter(|id| **id != root);
    let dependencies = reached.iter().map(|id| {
        let on: BTreeSet<&&str> = nodes.get(id).into_iter().flatten().collect();
        json!({"ref": id, "dependsOn": on})
    });
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(root)},
        "components": others.map(|id| component(id)).collect::<Vec<_>>(),
        "dependencies": dependencies.collect::<Vec<_>>(),
    }))
}

/// The packages that a package is built from: what only its tests need is not among them.
fn shipped(node: &Value) -> Vec<&str> {
    let ships = |dependency: &&Value| {
        let mut kinds = entries(dependency, "/dep_kinds");
        kinds.any(|kind| kind.get("kind").and_then(Value::as_str) != Some("dev"))
    };
    let dependencies = entries(node, "/deps").filter(ships);
    dependencies.map(|it| text(it, "pkg")).collect()
}

fn component(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Value {
    let (name, version) = (text(package, "name"), text(package, "version"));
    let mut component = json!({
        "type": "library",
        "bom-ref": text(package, "id"),
        "name": name,
        "version": version,
        "purl": format!("pkg:cargo/{name}@{version}"),
    });
    if let Some(license) = package.get("license").and_then(Value::as_str) {
        // Older manifests separate alternatives by a stroke, which SPDX does not know.
        let expression = license.replace('/', " OR ");
        component["licenses"] = json!([{"expression": expression}]);
    }
    if let Some(checksum) = checksums.get(&(name.to_owned(), version.to_owned())) {
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    if let Some(source) = package.get("repository").and_then(Value::as_str) {
        component["externalReferences"] = json!([{"type": "vcs", "url": source}]);
    }
    component
}

fn entries<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.into_iter().flatten()
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &Value) -> Vec<&str> {
        entries(list, "/components")
            .map(|it| text(it, "name"))
            .collect()
    }

    #[test]
    fn what_is_only_tested_with_is_not_listed() {
        let metadata = json!({
            "workspace_members": ["a", "t"],
            "packages": [
                {"id": "a", "name": "app", "version": "1.0.0", "license": "MIT/Apache-2.0"},
                {"id": "b", "name": "built-with", "version": "2.0.0"},
                {"id": "c", "name": "below", "version": "3.0.0"},
                {"id": "t", "name": "tested-with", "version": "4.0.0"},
            ],
            "resolve": {"nodes": [
                {"id": "a", "deps": [
                    {"pkg": "b", "dep_kinds": [{"kind": "dev"}, {"kind": "build"}]},
                    {"pkg": "t", "dep_kinds": [{"kind": "dev"}]},
                ]},
                {"id": "b", "deps": [{"pkg": "c", "dep_kinds": [{"kind": null}]}]},
                {"id": "c", "deps": []},
                {"id": "t", "deps": []},
            ]},
        });
        let lock = "[[package]]\nname = \"below\"\nversion = \"3.0.0\"\nchecksum = \"c0ffee\"\n";
        let list = cyclonedx(&metadata, &checksums(lock).unwrap(), "app").unwrap();
        assert_eq!(names(&list), ["built-with", "below"]);
        assert_eq!(
            list["metadata"]["component"]["licenses"],
            json!([{"expression": "MIT OR Apache-2.0"}])
        );
        assert_eq!(
            list["components"][1]["hashes"],
            json!([{"alg": "SHA-256", "content": "c0ffee"}])
        );
        assert_eq!(
            list["dependencies"][0],
            json!({"ref": "a", "dependsOn": ["b"]})
        );
        assert!(cyclonedx(&metadata, &BTreeMap::new(), "none").is_err());
    }

    #[test]
    fn nothing_below_the_generator_opens_a_connection() {
        let workspace = root::workspace().unwrap();
        let metadata = metadata(&workspace).unwrap();
        for package in ["verbatim-codegen", "verbatim-normalize", "verbatim-compare"] {
            let list = cyclonedx(&metadata, &BTreeMap::new(), package).unwrap();
            assert!(names(&list).contains(&"verbatim-source"), "{package}");
            for network in [
                "reqwest",
                "hyper",
                "ureq",
                "rustls",
                "native-tls",
                "socket2",
            ] {
                assert!(
                    !names(&list).contains(&network),
                    "{package} brings in {network}"
                );
            }
        }
    }

    #[test]
    fn the_list_of_this_workspace_is_whole_and_the_same_on_every_run() {
        let workspace = root::workspace().unwrap();
        let list = of(&workspace, PACKAGE).unwrap();
        assert_eq!(list, of(&workspace, PACKAGE).unwrap());
        assert!(names(&list).contains(&"verbatim-codegen") && names(&list).contains(&"syn"));
        assert!(
            !names(&list).contains(&"proptest"),
            "it is only tested with"
        );
        let listed = entries(&list, "/components");
        let listed: BTreeSet<&str> = listed.map(|it| text(it, "bom-ref")).collect();
        let root = text(&list["metadata"]["component"], "bom-ref");
        for dependency in entries(&list, "/dependencies") {
            for on in entries(dependency, "/dependsOn") {
                let on = on.as_str().unwrap();
                assert!(listed.contains(on) || on == root, "{on}");
            }
        }
        for component in entries(&list, "/components") {
            assert!(!text(component, "version").is_empty(), "{component}");
            assert!(component.get("licenses").is_some(), "{component}");
            let is_ours = text(component, "name").starts_with("verbatim-");
            assert!(is_ours || component.get("hashes").is_some(), "{component}");
        }
    }
}
