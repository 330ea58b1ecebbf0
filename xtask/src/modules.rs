//! Circles of modules: siblings that import one another, directly or through others.
//!
//! A module that imports its own parts, or is imported by them, is no circle; two modules beside each other that
//! cannot be read one after the other are. The workspace allows circles of up to four, and those of
//! `[workspace.metadata.circles]`, which may only become smaller.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::root::workspace;
use anyhow::{Context, Result, bail};
use syn::visit::{self, Visit};

/// The size that needs no entry.
const SMALL: usize = 4;

/// A module by its path from the root of its crate, which is empty.
type Name = Vec<String>;

/// Which module imports which.
#[derive(Debug, Default)]
struct Graph {
    edges: BTreeMap<Name, BTreeSet<Name>>,
}

/// Prints the circles of each crate, and fails where one is larger than it may be.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    arguments.end()?;
    let workspace = workspace()?;
    let manifest = fs::read_to_string(workspace.join("Cargo.toml"))?;
    let manifest: toml::Table = toml::from_str(&manifest)?;
    let mut allowed = allowed(&manifest)?;
    let mut complaints = Vec::new();
    for room in members(&manifest)? {
        let graph = Graph::read(&workspace.join(&room).join("src"))?;
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
    complaints.extend(allowed.keys().map(|place| {
        format!("{place}: there is no such circle; take it out of [workspace.metadata.circles]")
    }));
    if complaints.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    bail!("{}", complaints.join("\n"))
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

impl Graph {
    fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        list(root, &mut files)?;
        let mut parsed = BTreeMap::new();
        for file in files {
            let text = fs::read_to_string(&file)?;
            let tree = syn::parse_file(&text).with_context(|| file.display().to_string())?;
            parsed.insert(name(root, &file), tree);
        }
        let known: BTreeSet<Name> = parsed.keys().cloned().collect();
        let exports: BTreeMap<Name, BTreeMap<String, Name>> = parsed
            .iter()
            .map(|(name, tree)| (name.clone(), exports(name, tree, &known)))
            .collect();
        let mut graph = Self::default();
        for (name, tree) in &parsed {
            let mut paths = Paths::default();
            paths.visit_file(tree);
            let targets = paths
                .found
                .iter()
                .filter_map(|path| resolve(name, path, &known, &exports));
            graph.edges.insert(name.clone(), targets.collect());
        }
        Ok(graph)
    }

    /// The circles of more than the allowed size, each below its parent.
    fn circles(&self) -> Vec<(Name, Vec<String>)> {
        let mut siblings: BTreeMap<Name, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for (from, targets) in &self.edges {
            for to in targets {
                let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
                // One of them holds the other.
                let (Some(a), Some(b)) = (from.get(shared), to.get(shared)) else {
                    continue;
                };
                let below = siblings.entry(from[..shared].to_vec()).or_default();
                below.entry(a.clone()).or_default().insert(b.clone());
            }
        }
        let mut found = Vec::new();
        for (parent, edges) in siblings {
            found.extend(
                circles(&edges)
                    .into_iter()
                    .map(|circle| (parent.clone(), circle)),
            );
        }
        found
    }
}

/// The sets of more than the allowed size whose members all reach one another.
fn circles(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> = edges
        .keys()
        .map(|from| (from, reached(edges, from)))
        .collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (from, targets) in &reach {
        if seen.contains(from) {
            continue;
        }
        let is_mutual = |to: &&&String| reach.get(**to).is_some_and(|back| back.contains(from));
        let circle: Vec<String> = targets
            .iter()
            .filter(is_mutual)
            .map(|&to| to.clone())
            .collect();
        seen.extend(targets.iter().filter(is_mutual).copied());
        if circle.len() > SMALL {
            found.push(circle);
        }
    }
    found
}

fn reached<'e>(
    edges: &'e BTreeMap<String, BTreeSet<String>>,
    from: &String,
) -> BTreeSet<&'e String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&String> = edges.get(from).into_iter().flatten().collect();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(edges.get(next).into_iter().flatten());
        }
    }
    found
}

fn list(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, into)?;
        } else if path.extension().is_some_and(|it| it == "rs") {
            into.push(path);
        }
    }
    Ok(())
}

/// The module of a file below `src`.
fn name(root: &Path, file: &Path) -> Name {
    let below = file.strip_prefix(root).unwrap_or(file).with_extension("");
    let mut name: Name = below
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if name
        .last()
        .is_some_and(|last| matches!(last.as_str(), "lib" | "main" | "mod"))
    {
        name.pop();
    }
    name
}

/// The names that a module takes from its own parts and shows as its own.
fn exports(module: &Name, tree: &syn::File, known: &BTreeSet<Name>) -> BTreeMap<String, Name> {
    let mut found = BTreeMap::new();
    for item in &tree.items {
        let syn::Item::Use(item) = item else { continue };
        let mut paths = Vec::new();
        spread(&item.tree, &mut Vec::new(), &mut paths);
        for path in paths {
            let path = match path.first().map(String::as_str) {
                Some("self") => &path[1..],
                _ => &path[..],
            };
            let (Some(first), Some(last)) = (path.first(), path.last()) else {
                continue;
            };
            let part = [&module[..], std::slice::from_ref(first)].concat();
            if path.len() > 1 && known.contains(&part) {
                found.insert(last.clone(), part);
            }
        }
    }
    found
}

/// Every path of a file that begins at the crate or at a module above.
#[derive(Default)]
struct Paths {
    found: Vec<Name>,
}

impl<'a> Visit<'a> for Paths {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        // What stands in a module within the file, above all its tests, is not counted.
        if item.content.is_none() {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        spread(&item.tree, &mut Vec::new(), &mut self.found);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        self.found.push(names.collect());
        visit::visit_path(self, path);
    }
}

fn spread(tree: &syn::UseTree, before: &mut Name, into: &mut Vec<Name>) {
    match tree {
        syn::UseTree::Path(path) => {
            before.push(path.ident.to_string());
            spread(&path.tree, before, into);
            before.pop();
        }
        syn::UseTree::Group(group) => {
            group
                .items
                .iter()
                .for_each(|item| spread(item, before, into));
        }
        syn::UseTree::Name(name) => into.push([&before[..], &[name.ident.to_string()]].concat()),
        syn::UseTree::Rename(name) => into.push([&before[..], &[name.ident.to_string()]].concat()),
        syn::UseTree::Glob(_) => into.push(before.clone()),
    }
}

/// The module that a path leads to, if it is one of this crate and another one.
fn resolve(
    from: &Name,
    path: &[String],
    known: &BTreeSet<Name>,
    exports: &BTreeMap<Name, BTreeMap<String, Name>>,
) -> Option<Name> {
    let mut at = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "super" | "self" => from.clone(),
        _ => return None,
    };
    let mut rest = path;
    while let Some((first, others)) = rest.split_first() {
        match first.as_str() {
            "super" => drop(at.pop()),
            "crate" | "self" => {}
            _ => break,
        }
        rest = others;
    }
    for name in rest {
        let part = [&at[..], std::slice::from_ref(name)].concat();
        if known.contains(&part) {
            at = part;
        } else {
            at = exports
                .get(&at)
                .and_then(|names| names.get(name))
                .cloned()
                .unwrap_or(at);
            break;
        }
    }
    (at != *from).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(&str, &str)]) -> BTreeMap<String, BTreeSet<String>> {
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in pairs {
            edges
                .entry((*from).to_owned())
                .or_default()
                .insert((*to).to_owned());
        }
        edges
    }

    #[test]
    fn circles_of_more_than_four_are_found_and_chains_are_none() {
        let chain = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f")];
        assert!(circles(&edges(&chain)).is_empty());
        let small = [&chain[..3], &[("d", "a")]].concat();
        assert!(circles(&edges(&small)).is_empty());
        let whole = [&chain[..], &[("e", "a")]].concat();
        assert_eq!(circles(&edges(&whole)), [["a", "b", "c", "d", "e"]]);
    }

    #[test]
    fn paths_lead_to_the_module_that_has_the_name() {
        let name = |text: &str| -> Name {
            text.split("::")
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let known = ["", "wait", "wait::drive", "call"].map(name).into();
        let tree = syn::parse_file("pub use call::Call; mod wait;").unwrap();
        let exports = [(Name::new(), super::exports(&Name::new(), &tree, &known))].into();
        let to = |path: &str| resolve(&name("wait::drive"), &name(path), &known, &exports);
        assert_eq!(to("crate::call::Call"), Some(name("call")));
        assert_eq!(to("crate::Call"), Some(name("call")));
        assert_eq!(to("super::super::call"), Some(name("call")));
        assert_eq!(to("super::Progress"), Some(name("wait")));
        assert_eq!(to("std::fmt"), None);
    }
}
