//! Order among modules: circles, and imports from a layer above.
//!
//! Modules beside each other that import one another, directly or through others, are a circle. A module that imports
//! its own parts, or is imported by them, is none. The workspace allows circles of up to four, and those of
//! `[workspace.metadata.circles]`, which may only become smaller. Where `[workspace.metadata.layers]` lists the layers of
//! a crate from the bottom to the top, no module may import one of a layer above.

mod graph;
mod layers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::root::workspace;
use anyhow::{Context, Result, bail};
use graph::{Graph, Name};
use layers::Layers;

/// Prints the circles of each crate, and fails where one is larger than it may be; with `--imports ROOM`, who imports
/// what in one room.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let room = arguments.option("--imports")?;
    arguments.end()?;
    let workspace = workspace()?;
    if let Some(room) = room {
        let graph = Graph::read(&workspace.join(room).join("src"))?;
        graph
            .edges
            .iter()
            .for_each(|(from, targets)| print_imports(from, targets));
        return Ok(ExitCode::SUCCESS);
    }
    let manifest = fs::read_to_string(workspace.join("Cargo.toml"))?;
    let manifest: toml::Table = toml::from_str(&manifest)?;
    let mut allowed = allowed(&manifest)?;
    let mut layers = Layers::all(&manifest)?;
    let mut complaints = Vec::new();
    for room in members(&manifest)? {
        let graph = Graph::read(&workspace.join(&room).join("src"))?;
        let (modules, imports) = graph.size();
        let layers = layers.remove(&room);
        let upward = layers.as_ref().map(|layers| layers.upward(&graph));
        let told = upward
            .as_ref()
            .map_or(String::new(), |upward| format!(", {} upward", upward.len()));
        println!("{room}: {modules} modules, {imports} imports{told}");
        complaints.extend(
            upward
                .into_iter()
                .flatten()
                .map(|it| format!("{room}: {it}")),
        );
        complaints.extend(
            layers
                .iter()
                .flat_map(|layers| layers.unlisted(&graph))
                .map(|it| format!("{room}: {it}")),
        );
        for (parent, circle) in graph.circles() {
            let place = place(&room, &parent);
            println!(
                "{place}: a circle of {}: {}",
                circle.len(),
                circle.join(", ")
            );
            match allowed.remove(&place) {
                Some(size) if circle.len() > size => complaints.push(format!(
                    "{place}: a circle of {} modules, where {size} are allowed",
                    circle.len()
                )),
                Some(size) if circle.len() < size => complaints.push(format!(
                    "{place}: the circle has shrunk to {}; write that into [workspace.metadata.circles]",
                    circle.len()
                )),
                Some(_) => {}
                None => complaints.push(format!("{place}: a new circle of {}", circle.len())),
            }
        }
    }
    complaints.extend(
        layers
            .keys()
            .map(|room| format!("{room} has layers and is no member of the workspace")),
    );
    complaints.extend(allowed.keys().map(|place| {
        format!("{place}: there is no such circle; take it out of [workspace.metadata.circles]")
    }));
    if complaints.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    bail!("{}", complaints.join("\n"))
}

fn print_imports(from: &Name, targets: &BTreeMap<Name, BTreeSet<String>>) {
    for (to, paths) in targets {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        println!(
            "{} -> {}: {}",
            from.join("/"),
            to.join("/"),
            paths.join(", ")
        );
    }
}

fn place(room: &str, parent: &[String]) -> String {
    [&[room.to_owned()], parent].concat().join("/")
}

fn members(manifest: &toml::Table) -> Result<Vec<String>> {
    let listed = manifest["workspace"]
        .get("members")
        .and_then(toml::Value::as_array);
    let listed = listed.context("the workspace lists no members")?;
    let names = listed.iter().filter_map(toml::Value::as_str);
    Ok(names.map(str::to_owned).collect())
}

fn allowed(manifest: &toml::Table) -> Result<BTreeMap<String, usize>> {
    let metadata = manifest["workspace"].get("metadata");
    let Some(circles) = metadata.and_then(|it| it.get("circles")) else {
        return Ok(BTreeMap::new());
    };
    let circles = circles.as_table().context("metadata.circles is a table")?;
    let size = |(place, size): (&String, &toml::Value)| {
        let size = size
            .as_integer()
            .and_then(|size| usize::try_from(size).ok());
        Ok((
            place.clone(),
            size.context("a circle is given by its size")?,
        ))
    };
    circles.iter().map(size).collect()
}
