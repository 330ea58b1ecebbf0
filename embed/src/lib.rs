//! The runtime of generated clients as a module of another crate.
//!
//! [`runtime`] gives the files of `src/runtime.rs` and `src/runtime/`: the sources of
//! `verbatim-runtime`, and of `verbatim-json` below them as `json`, with every path led through
//! `crate::runtime`. A crate with them stands alone, and any number of such crates live in one
//! program. [`values`] gives the values layer alone, for crates of types.
//!
//! What such a crate depends on is told by [`runtime_embedding`] and [`values_embedding`].

mod manifest;
mod prune;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use verbatim_codegen::Embedding;

/// Path below the folder of the crate, and text.
pub type Tree = BTreeMap<String, String>;

/// The files of the runtime; `krate` is the name of the crate as programs write it, and `off` are the
/// features and parts for which its document has no use: what belongs to them is not there.
pub fn runtime(krate: &str, off: &[&str]) -> Tree {
    let mut tree = Tree::new();
    let home = text::Home {
        krate,
        path: "crate::runtime",
        macros: text::macros_of(verbatim_runtime::sources::SOURCES),
    };
    add(
        &mut tree,
        "src/runtime",
        verbatim_runtime::sources::SOURCES,
        &home,
        off,
    );
    tree.extend(json(krate));
    tree
}

/// The files of the values layer alone.
pub fn values(krate: &str) -> Tree {
    let mut tree = json(krate);
    let root = "//! What the types are made of.\n\npub mod json;\n";
    tree.insert("src/runtime.rs".to_owned(), root.to_owned());
    tree
}

/// What the manifest of a crate needs for [`runtime`].
pub fn runtime_embedding() -> Embedding {
    manifest::embedding(
        manifest::RUNTIME_FEATURES,
        &[manifest::JSON, manifest::RUNTIME],
    )
}

/// What the manifest of a crate needs for [`values`].
pub fn values_embedding() -> Embedding {
    manifest::embedding(manifest::JSON_FEATURES, &[manifest::JSON])
}

fn json(krate: &str) -> Tree {
    let mut tree = Tree::new();
    let home = text::Home {
        krate,
        path: "crate::runtime::json",
        macros: text::macros_of(verbatim_json::sources::SOURCES),
    };
    add(
        &mut tree,
        "src/runtime/json",
        verbatim_json::sources::SOURCES,
        &home,
        &[],
    );
    tree
}

fn add(
    tree: &mut Tree,
    folder: &str,
    sources: &[(&str, &str)],
    home: &text::Home<'_>,
    off: &[&str],
) {
    let mut macros = Vec::new();
    let pruned = sources
        .iter()
        .map(|(name, source)| (*name, prune::prune(source, off)));
    let pruned: Vec<(&str, prune::Pruned)> = pruned.collect();
    let gone: BTreeSet<String> = pruned
        .iter()
        .flat_map(|(name, source)| source.modules.iter().map(|below| module(name, below)))
        .collect();
    for (name, source) in &pruned {
        let module = module(name, "");
        if gone.iter().any(|gone| is_within(&module, gone)) {
            continue;
        }
        let moved = text::moved(&source.text, home);
        macros.extend(moved.macros.into_iter().map(|it| it.below(&module)));
        let path = match *name {
            "lib.rs" => format!("{folder}.rs"),
            name => format!("{folder}/{name}"),
        };
        tree.insert(path, moved.text);
    }
    // Macros are named from the root of their crate.
    if let Some(root) = tree.get_mut(&format!("{folder}.rs")) {
        root.push('\n');
        for each in macros {
            root.push_str(&each.import());
        }
    }
}

/// The path of the module of a file, or of one that it declares.
fn module(file: &str, below: &str) -> String {
    let own = file.trim_end_matches(".rs");
    let own = if own == "lib" { "" } else { own };
    let parts = own.split('/').chain([below]);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("::")
}

/// Whether a module is another one, or stands below it.
fn is_within(module: &str, other: &str) -> bool {
    let rest = module.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
