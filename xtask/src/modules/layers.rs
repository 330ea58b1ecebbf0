//! The layers of a crate, from the bottom to the top.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Name};
use anyhow::{Context, Result};

/// The floor of each module that stands directly below the root of a crate.
#[derive(Debug)]
pub(super) struct Layers {
    floors: BTreeMap<String, usize>,
}

impl Layers {
    /// Those of every crate that lists some, by its folder.
    pub(super) fn all(manifest: &toml::Table) -> Result<BTreeMap<String, Self>> {
        let metadata = manifest["workspace"].get("metadata");
        let Some(rooms) = metadata.and_then(|it| it.get("layers")) else {
            return Ok(BTreeMap::new());
        };
        let rooms = rooms.as_table().context("metadata.layers is a table")?;
        let read = |(room, listed): (&String, &toml::Value)| {
            let form = || format!("the layers of {room} are lists of names of modules");
            let listed: Vec<Vec<String>> = listed.clone().try_into().with_context(form)?;
            Ok((room.clone(), Self::of(&listed)))
        };
        rooms.iter().map(read).collect()
    }

    fn of(layers: &[Vec<String>]) -> Self {
        let floor = |(floor, names): (usize, &Vec<String>)| {
            names
                .iter()
                .map(|name| (name.clone(), floor))
                .collect::<Vec<_>>()
        };
        Self {
            floors: layers.iter().enumerate().flat_map(floor).collect(),
        }
    }

    /// The imports of a module that lies in a layer above.
    pub(super) fn upward(&self, graph: &Graph) -> Vec<String> {
        let imports = graph.siblings().remove(&Name::new()).unwrap_or_default();
        let pairs = imports
            .iter()
            .flat_map(|(from, targets)| targets.iter().map(move |to| (from, to)));
        let is_upward = |(from, to): &(&String, &String)| match (
            self.floors.get(*from),
            self.floors.get(*to),
        ) {
            (Some(from), Some(to)) => to > from,
            _ => false,
        };
        pairs
            .filter(is_upward)
            .map(|(from, to)| format!("`{from}` imports `{to}`, which lies in a layer above it"))
            .collect()
    }

    /// The modules that no layer lists, and the names that are no module.
    pub(super) fn unlisted(&self, graph: &Graph) -> Vec<String> {
        let modules: BTreeSet<&String> =
            graph.edges.keys().filter_map(|name| name.first()).collect();
        let listed: BTreeSet<&String> = self.floors.keys().collect();
        let new = modules
            .difference(&listed)
            .map(|name| format!("`{name}` stands in no layer of [workspace.metadata.layers]"));
        let gone = listed
            .difference(&modules)
            .map(|name| format!("`{name}` of [workspace.metadata.layers] is no module"));
        new.chain(gone).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_from_above_and_a_module_without_a_layer_are_told() {
        let layers = Layers::of(&[
            vec!["low".to_owned()],
            vec!["high".to_owned(), "gone".to_owned()],
        ]);
        let name = |text: &str| vec![text.to_owned()];
        let mut graph = Graph::default();
        let mut import = |from: &str, to: &str| {
            graph
                .edges
                .entry(name(from))
                .or_default()
                .entry(name(to))
                .or_default();
        };
        import("high", "low");
        import("new", "low");
        import("low", "high");
        assert_eq!(
            layers.upward(&graph),
            ["`low` imports `high`, which lies in a layer above it"]
        );
        let unlisted = layers.unlisted(&graph);
        assert!(
            unlisted[0].starts_with("`new` stands in no layer"),
            "{unlisted:?}"
        );
        assert!(unlisted[1].starts_with("`gone` of"), "{unlisted:?}");
    }
}
