//! Which module of a crate imports which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use syn::visit::{self, Visit};

/// The largest circle that needs no entry.
pub(super) const SMALL: usize = 4;

/// A module by its path from the root of its crate, which is empty.
pub(super) type Name = Vec<String>;

/// Which module imports which.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// And by which paths.
    pub(super) edges: BTreeMap<Name, BTreeMap<Name, BTreeSet<String>>>,
}

impl Graph {
    /// Reads the modules below the folder of the sources of a crate.
    pub(super) fn read(root: &Path) -> Result<Self> {
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
            let mut targets: BTreeMap<Name, BTreeSet<String>> = BTreeMap::new();
            for path in &paths.found {
                if let Some(to) = resolve(name, path, &known, &exports) {
                    targets.entry(to).or_default().insert(path.join("::"));
                }
            }
            graph.edges.insert(name.clone(), targets);
        }
        Ok(graph)
    }

    /// How many modules stand directly below the root of the crate, and how many imports there are between them.
    pub(super) fn size(&self) -> (usize, usize) {
        let modules: BTreeSet<&String> =
            self.edges.keys().filter_map(|name| name.first()).collect();
        let below = self.siblings().remove(&Name::new()).unwrap_or_default();
        (modules.len(), below.values().map(BTreeSet::len).sum())
    }

    /// The imports between modules beside each other, below their parents.
    pub(super) fn siblings(&self) -> BTreeMap<Name, BTreeMap<String, BTreeSet<String>>> {
        let mut siblings: BTreeMap<Name, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for (from, targets) in &self.edges {
            for to in targets.keys() {
                let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
                // One of them holds the other.
                let (Some(a), Some(b)) = (from.get(shared), to.get(shared)) else {
                    continue;
                };
                let below = siblings.entry(from[..shared].to_vec()).or_default();
                below.entry(a.clone()).or_default().insert(b.clone());
            }
        }
        siblings
    }

    /// The circles of more than the allowed size, each below its parent.
    pub(super) fn circles(&self) -> Vec<(Name, Vec<String>)> {
        let mut found = Vec::new();
        for (parent, edges) in self.siblings() {
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
    /// How many modules within the file are open.
    depth: usize,
}

impl Paths {
    /// Keeps a path as the module of the file would write it; one that stays within a module of the file is left out.
    fn add(&mut self, path: Name) {
        let above = path.iter().take_while(|name| *name == "super").count();
        if self.depth == 0 || path.first().is_some_and(|name| name == "crate") {
            self.found.push(path);
        } else if above >= self.depth {
            let mut path = path;
            path.splice(..self.depth, ["self".to_owned()]);
            self.found.push(path);
        }
    }
}

impl<'a> Visit<'a> for Paths {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if item.attrs.iter().any(is_test) {
            return;
        }
        self.depth += usize::from(item.content.is_some());
        visit::visit_item_mod(self, item);
        self.depth -= usize::from(item.content.is_some());
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        let mut paths = Vec::new();
        spread(&item.tree, &mut Vec::new(), &mut paths);
        for path in paths {
            self.add(path);
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        self.add(names.collect());
        visit::visit_path(self, path);
    }
}

/// Whether an attribute leaves the module to the tests.
fn is_test(attribute: &syn::Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("cfg") {
        // Anything else in the condition is no test, and no mistake either.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("test");
            Ok(())
        });
    }
    found
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
