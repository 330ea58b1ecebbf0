//! What a crate of its own has beside its sources: manifest and README.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use semver::Version;

use super::features::{
    ALL, COMMAND_LINE, ENGINE, FEATURES, Feature, GroupFeatures, PAYLOADS, UNUSED, is_public,
    unused,
};
use super::group_file::GroupFile;
use super::{Item, plain_words};
use crate::ir::Api;
use crate::settings::{Program, Unused};
use crate::{Embedding, Emit, Layout, Options, Runtime};

/// What the files beside the sources are made from.
pub struct PackageFiles<'a> {
    /// The API.
    pub api: &'a Api,
    /// What the caller chose.
    pub options: &'a Options,
    /// The name of the client.
    pub client: &'a str,
    /// The groups that are features.
    pub features: &'a GroupFeatures,
    /// The groups of operations.
    pub groups: &'a [GroupFile],
    /// The environment variables that set a client up, as the rest of a sentence.
    pub variables: String,
}

impl PackageFiles<'_> {
    /// The files beside the sources, by path.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let Layout::Crate { runtime } = &self.options.layout else {
            return BTreeMap::new();
        };
        let name = crate_name(&self.options.name);
        let title = plain_words(if self.api.title.is_empty() {
            &name
        } else {
            &self.api.title
        });
        let manifest = self.manifest(&name, &title, runtime);
        let readme = self.readme(&name, &title);
        let is_seen = |each: &char| *each == '\n' || !is_hidden(*each);
        let readme = readme.chars().filter(is_seen).collect();
        BTreeMap::from([
            ("Cargo.toml".to_owned(), manifest),
            ("README.md".to_owned(), readme),
        ])
    }

    fn manifest(&self, name: &str, title: &str, runtime: &Runtime) -> String {
        let features = self.feature_lines(runtime);
        let description = format!("Client of {title}");
        manifest(
            self.api,
            self.options,
            &Lines {
                name,
                description,
                features,
                runtime,
            },
        )
    }

    fn feature_lines(&self, runtime: &Runtime) -> String {
        let groups: Vec<String> = self.group_features();
        let all = if groups.is_empty() {
            String::new()
        } else {
            format!(", {}", toml_text(ALL))
        };
        let mut lines = format!("default = [\"rustls\"{all}]\n");
        for Feature { name, words } in self.runtime_features() {
            let turns_on = match runtime {
                Runtime::Shared(_) => vec![format!("verbatim-runtime/{name}")],
                Runtime::Embedded(embedding) => match embedding.features.get(*name) {
                    Some(others) => others.clone(),
                    None => continue,
                },
            };
            let others: Vec<String> = turns_on.iter().map(|other| toml_text(other)).collect();
            let _ = writeln!(lines, "# {words}\n{name} = [{}]", others.join(", "));
        }
        if let Runtime::Embedded(embedding) = runtime {
            let inner = embedding.features.iter();
            for (name, others) in inner.filter(|(name, _)| !is_public(name)) {
                let others: Vec<String> = others.iter().map(|other| toml_text(other)).collect();
                let _ = writeln!(lines, "{name} = [{}]", others.join(", "));
            }
        }
        let _ = writeln!(
            lines,
            "# The list of all bodies by operation and status, for archives and checkers.\n{PAYLOADS} = [{}]",
            all.trim_start_matches(", ")
        );
        if let Some(program) = &self.options.settings.program {
            let _ = writeln!(
                lines,
                "# The command `{}`, which brings `{ENGINE}` in: `cargo install --path . --features {COMMAND_LINE}`.\n\
                 {COMMAND_LINE} = [\"dep:{ENGINE}\"]",
                program.name
            );
        }
        if !groups.is_empty() {
            let names: Vec<String> = groups.iter().map(|name| toml_text(name)).collect();
            let _ = writeln!(
                lines,
                "# Every group of operations.\n{ALL} = [{}]",
                names.join(", ")
            );
            lines.push_str("# Each group, with the types that it needs.\n");
            for name in groups {
                let _ = writeln!(lines, "{} = []", key(&name));
            }
        }
        lines
    }

    /// The features of the runtime that the document has a use for.
    fn runtime_features(&self) -> impl Iterator<Item = &'static Feature> {
        let unused = unused(self.api);
        FEATURES
            .iter()
            .filter(move |feature| !unused.contains(&feature.name))
    }

    /// The features that stand for groups, in the order of their names.
    fn group_features(&self) -> Vec<String> {
        if !self.features.are_on() {
            return Vec::new();
        }
        let mut names: Vec<String> = self.features.iter().map(|(name, _)| name.clone()).collect();
        if self.features.unused == Unused::Keep {
            names.push(UNUSED.to_owned());
        }
        names.sort();
        names
    }

    fn readme(&self, name: &str, title: &str) -> String {
        let command = plain_words(&self.options.command);
        let Self {
            client, variables, ..
        } = self;
        let mut features = String::new();
        for Feature { name, words } in self.runtime_features() {
            let default = if *name == "rustls" { " (default)" } else { "" };
            let _ = writeln!(features, "| `{name}`{default} | {words} |");
        }
        let _ = writeln!(
            features,
            "| `{PAYLOADS}` | The list of all bodies, by operation and status. |"
        );
        let module = library_name(name);
        let call = self.first_call();
        let groups = if self.features.are_on() {
            "| one for each group | The operations of the group and their types; all of them by default. |\n"
        } else {
            ""
        };
        let program = self.program();
        format!(
            r#"<!-- @generated by `{command}`; do not edit. -->
# {name}

A client of {title}.

```toml
[dependencies]
{name} = {{ path = "…" }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
```

```rust,no_run
use {module}::{client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let client = {client}::from_env()?;
{call}
    Ok(())
}}
```

`from_env` reads environment variables: {variables}. `{client}::builder()` takes all of it from you.

Every group of operations is a method of the client, every operation a method of its group. What the
server sends beyond its document is kept: unknown properties, unknown values of enumerations, numbers
to the last digit, and the difference between null and absent.

| feature | what |
|---|---|
{features}{groups}{program}"#
        )
    }

    /// How the command line is got and used, where there is one.
    fn program(&self) -> String {
        let Some(program) = &self.options.settings.program else {
            return String::new();
        };
        let name = &program.name;
        format!(
            r"| `{COMMAND_LINE}` | The command `{name}`, and the crate `{ENGINE}` that it is made with. |

## The command `{name}`

```sh
cargo install --path . --features {COMMAND_LINE}
{name} --help
```

Every operation is a command. The commands are made of `{folder}/tables.json` by the crate `{ENGINE}`, on which the
feature `{COMMAND_LINE}` alone depends: the library does without it.
",
            folder = program.folder()
        )
    }

    /// A call that needs nothing but the client, or else where calls are found.
    fn first_call(&self) -> String {
        let endpoints = self.groups.iter().flat_map(|group| {
            let items = group.file.items.iter();
            let groups = items.filter_map(|item| match item {
                Item::Group(group) => Some(group),
                _ => None,
            });
            groups.flat_map(|it| {
                it.endpoints
                    .iter()
                    .map(|endpoint| (&group.accessor, endpoint))
            })
        });
        let mut simple = endpoints.filter(|(_, endpoint)| endpoint.arguments.is_empty());
        match (simple.next(), self.groups.first()) {
            (Some((accessor, endpoint)), _) if endpoint.success.is_value() => format!(
                "    let reply = client.{accessor}().{}().await?;\n    println!(\"{{reply:?}}\");",
                endpoint.method
            ),
            (Some((accessor, endpoint)), _) => {
                format!("    client.{accessor}().{}().await?;", endpoint.method)
            }
            (None, Some(group)) => {
                let accessor = &group.accessor;
                format!(
                    "    let operations = client.{accessor}();\n    println!(\"{{operations:?}}\");"
                )
            }
            (None, None) => "    println!(\"{client:?}\");".to_owned(),
        }
    }
}

/// What differs between the manifests of clients and of types alone.
struct Lines<'a> {
    name: &'a str,
    description: String,
    features: String,
    runtime: &'a Runtime,
}

fn manifest(api: &Api, options: &Options, lines: &Lines<'_>) -> String {
    let Lines {
        name,
        description,
        features,
        runtime,
    } = lines;
    let command = plain_words(&options.command);
    let package = package(api, options, name, description);
    let document = toml_text(&api.version);
    let shared = match options.emit {
        Emit::Client => "verbatim-runtime",
        Emit::Types => "verbatim-json",
    };
    let library = library_name(name);
    let library = if library == name.replace('-', "_") {
        String::new()
    } else {
        format!("name = {}\n", toml_text(&library))
    };
    let title = toml_text(&api.title);
    let mut dependencies = String::new();
    match runtime {
        Runtime::Shared(value) => {
            let _ = writeln!(dependencies, "{shared} = {value}");
        }
        Runtime::Embedded(embedding) => {
            let alone = alone(embedding, &unused(api));
            let kept = embedding.dependencies.iter();
            for (name, value) in kept.filter(|(name, _)| !alone.contains(name.as_str())) {
                let _ = writeln!(dependencies, "{name} = {value}");
            }
        }
    }
    for (name, value) in &options.settings.dependencies {
        let _ = writeln!(dependencies, "{} = {value}", key(name));
    }
    let mut binary = String::new();
    if let Some(program) = options
        .settings
        .program
        .as_ref()
        .filter(|_| options.emit == Emit::Client)
    {
        let _ = writeln!(
            dependencies,
            "# The engine of the command line, which makes commands of tables; the library does without it.\n\
             {ENGINE} = {{ {}, features = [\"complete\", \"keyring\"], optional = true }}",
            program.engine
        );
        binary = format!(
            "\n[[bin]]\nname = {}\npath = {}\nrequired-features = [\"{COMMAND_LINE}\"]\n\
             # It may be called like the library, whose pages they would be.\ndoc = false\n",
            toml_text(&program.name),
            toml_text(&format!("{}/main.rs", program.folder())),
        );
    }
    format!(
        r#"# @generated by `{command}`; do not edit.

[package]
{package}
# The document that the crate was made from.
[package.metadata.verbatim]
title = {title}
version = {document}

[package.metadata.docs.rs]
all-features = true

[lib]
{library}# Examples are there to be read; no text of a document is ever run.
doctest = false
{binary}
[lints.rust]
unsafe_code = "forbid"

[features]
{features}
[dependencies]
{dependencies}"#
    )
}

/// The members of `[package]`: what the caller says, else what is made of the document.
fn package(api: &Api, options: &Options, name: &str, description: &str) -> String {
    let own = [
        ("version", toml_text(&version(&api.version))),
        ("edition", toml_text("2024")),
        ("rust-version", toml_text("1.88")),
        ("description", toml_text(description)),
        ("readme", toml_text("README.md")),
        ("publish", "false".to_owned()),
    ];
    let given = &options.settings.package;
    let mut lines = format!("name = {}\n", toml_text(name));
    for (name, value) in &own {
        let chosen = given.iter().find(|(known, _)| known == name);
        let value = chosen.map_or(value, |(_, value)| value);
        let _ = writeln!(lines, "{name} = {value}");
    }
    let is_further = |name: &String| own.iter().all(|(known, _)| known != name);
    for (name, value) in given.iter().filter(|(name, _)| is_further(name)) {
        let _ = writeln!(lines, "{name} = {value}");
    }
    lines
}

/// Manifest and README of a crate of types alone.
pub fn texts_of_types(api: &Api, options: &Options) -> BTreeMap<String, String> {
    let Layout::Crate { runtime } = &options.layout else {
        return BTreeMap::new();
    };
    let name = crate_name(&options.name);
    let title = plain_words(if api.title.is_empty() {
        &name
    } else {
        &api.title
    });
    let schemars = match runtime {
        Runtime::Shared(_) => "verbatim-json/schemars".to_owned(),
        Runtime::Embedded(_) => "dep:schemars".to_owned(),
    };
    let features = format!(
        "default = []\n# `JsonSchema` of every type.\nschemars = [{}]\n",
        toml_text(&schemars)
    );
    let description = format!("Types of {title}");
    let lines = Lines {
        name: &name,
        description,
        features,
        runtime,
    };
    let manifest = manifest(api, options, &lines);
    let command = plain_words(&options.command);
    let module = library_name(&name);
    let readme = format!(
        r#"<!-- @generated by `{command}`; do not edit. -->
# {name}

The types of {title}. Whatever a type accepts it gives back: unknown properties, unknown values of enumerations,
numbers to the last digit, and the difference between null and absent.

```toml
[dependencies]
{name} = {{ path = "…" }}
```

Values are read by `{module}::runtime::json::from_str` and written by `{module}::runtime::json::to_string`; every type
is also `Serialize` and `Deserialize`. The feature `schemars` gives each a `JsonSchema`.
"#
    );
    BTreeMap::from([
        ("Cargo.toml".to_owned(), manifest),
        ("README.md".to_owned(), readme),
    ])
}

/// A version that cargo takes: the document's where it is one, with zeros for the parts that it leaves out.
fn version(text: &str) -> String {
    const FIRST: &str = "0.1.0";
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, rest) = text.split_at(end);
    // One number with something behind it is a date or a name, not a version.
    let zeros = match core.split('.').count() {
        1 if rest.is_empty() => ".0.0",
        2 => ".0",
        3 => "",
        _ => return FIRST.to_owned(),
    };
    let whole = format!("{core}{zeros}{rest}");
    Version::parse(&whole).map_or_else(|_| FIRST.to_owned(), |version| version.to_string())
}

/// A name as a key of TOML.
fn key(name: &str) -> String {
    let is_bare = |each: char| each.is_ascii_alphanumeric() || each == '-' || each == '_';
    if !name.is_empty() && name.chars().all(is_bare) {
        name.to_owned()
    } else {
        toml_text(name)
    }
}

/// A name that cargo takes: letters, digits, `-` and `_`, a letter first.
pub fn crate_name(name: &str) -> String {
    let plain = |each: char| {
        if each.is_ascii_alphanumeric() || each == '_' {
            each
        } else {
            '-'
        }
    };
    let name: String = name
        .chars()
        .map(plain)
        .collect::<String>()
        .to_ascii_lowercase();
    let name = name.trim_matches('-');
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.to_owned()
    } else {
        format!("api-{name}")
    }
}

/// The program of a crate: its name is that of the crate without what says that it is a client.
pub fn program_of(krate: &str, engine: String) -> Program {
    let krate = crate_name(krate);
    let short = krate.strip_suffix("-client");
    let name = short.filter(|short| !short.is_empty()).unwrap_or(&krate);
    Program {
        name: name.to_owned(),
        engine,
    }
}

/// The name of a crate as programs write it, which is in snake case whatever the name of the package.
pub fn library_name(name: &str) -> String {
    let words = name.split(['-', '_']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// The dependencies that unused features turn on, and no other.
fn alone<'e>(embedding: &'e Embedding, unused: &[&str]) -> BTreeSet<&'e str> {
    let of = |is_unused: bool| -> BTreeSet<&'e str> {
        let features = embedding.features.iter();
        let features = features.filter(|(name, _)| unused.contains(&name.as_str()) == is_unused);
        let turned_on = features.flat_map(|(_, on)| on);
        turned_on.filter_map(|on| on.strip_prefix("dep:")).collect()
    };
    &of(true) - &of(false)
}

/// Whether a character changes how the text around it is read, though nothing is seen of it.
fn is_hidden(each: char) -> bool {
    let directs = matches!(each, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    directs || matches!(each, '\u{2028}' | '\u{2029}' | '\u{feff}') || each.is_control()
}

/// A text as a basic string of TOML.
fn toml_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for each in text.chars() {
        match each {
            '"' | '\\' => quoted.extend(['\\', each]),
            _ if is_hidden(each) => {}
            _ => quoted.push(each),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_cargo() {
        for (text, made) in [
            ("1.2.3", "1.2.3"),
            ("v1.2", "1.2.0"),
            ("3", "3.0.0"),
            ("1.0.0-beta.2+x", "1.0.0-beta.2+x"),
            ("1.0-rc", "1.0.0-rc"),
            ("01.2.3", "0.1.0"),
            ("2026-03-01", "0.1.0"),
            ("1.2.3.4", "0.1.0"),
            ("", "0.1.0"),
            ("master \"; evil = 1", "0.1.0"),
            ("99999999999999999999.0.0", "0.1.0"),
        ] {
            assert_eq!(version(text), made, "{text}");
        }
    }

    #[test]
    fn keys_are_quoted_where_they_must_be() {
        assert_eq!(key("a-b_1"), "a-b_1");
        assert_eq!(key("a]\n[b"), "\"a][b\"");
        assert_eq!(key(""), "\"\"");
    }
}
