//! The groups of operations as features of a crate, so that a program compiles what it uses.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Api;
use crate::settings::{self, Unused};
use crate::{Layout, Options};

/// From how many operations or types on a document counts as large.
const OPERATIONS: usize = 250;
const TYPES: usize = 2_000;

/// The feature of the types that no operation uses.
pub const UNUSED: &str = "unused-types";

/// The feature that stands for all groups.
pub const ALL: &str = "all-groups";

/// Features that every crate has, and names of its dependencies.
pub const TAKEN: [&str; 10] = [
    "default",
    "rustls",
    "native-tls",
    "blocking",
    "tracing",
    "schemars",
    "payloads",
    "verbatim-runtime",
    UNUSED,
    ALL,
];

/// The feature of each group, by its word; empty where groups are no features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupFeatures {
    by_word: BTreeMap<String, String>,
    /// Whether there are types that no operation uses.
    pub unused: Unused,
}

impl GroupFeatures {
    /// Whether groups are features at all.
    pub fn are_on(&self) -> bool {
        !self.by_word.is_empty()
    }

    /// The feature of a group.
    pub fn of(&self, word: &str) -> Option<&String> {
        self.by_word.get(word)
    }

    /// All features with the words of their groups.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &String)> {
        self.by_word.iter().map(|(word, feature)| (feature, word))
    }
}

/// Decides which groups are features, and how these are called.
pub fn features(api: &Api, words: &[String], options: &Options) -> GroupFeatures {
    let settings = &options.settings;
    let mut features = GroupFeatures {
        unused: settings.unused,
        ..GroupFeatures::default()
    };
    let words: BTreeSet<&String> = words.iter().collect();
    let is_large = api.operations.len() > OPERATIONS || api.types.len() > TYPES;
    let wanted = match settings.features {
        settings::Features::Always => true,
        settings::Features::Large => is_large && words.len() > 1,
        settings::Features::Never => false,
    };
    if !wanted || !matches!(options.layout, Layout::Crate { .. }) {
        return features;
    }
    let dependencies = settings.dependencies.iter().map(|(name, _)| name.clone());
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    taken.extend(dependencies);
    for word in words {
        let plain = word.trim_matches('_').replace('_', "-");
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        if let Some(name) = names.find(|name| !taken.contains(name)) {
            taken.insert(name.clone());
            features.by_word.insert(word.clone(), name);
        }
    }
    features
}
