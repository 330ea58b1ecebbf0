//! A source file as a file of another crate.

/// The crate that a file moves to.
pub(crate) struct Home<'h> {
    /// Its name as programs write it.
    pub(crate) krate: &'h str,
    /// The module that stands for the crate that the file comes from.
    pub(crate) path: &'h str,
    /// The macros that its files export.
    pub(crate) macros: Vec<String>,
}

/// A file in its new crate.
pub(crate) struct Moved {
    pub(crate) text: String,
    /// The macros that it defines, which were exported before.
    pub(crate) macros: Vec<Macro>,
}

/// A macro of a module.
pub(crate) struct Macro {
    name: String,
    /// The condition under which it is there, as an attribute on a line, or nothing.
    condition: String,
    module: String,
}

impl Macro {
    pub(crate) fn below(self, module: &str) -> Self {
        Self {
            module: module.to_owned(),
            ..self
        }
    }

    /// The line that names the macro in the root.
    pub(crate) fn import(&self) -> String {
        format!(
            "{}pub(crate) use self::{}::{};\n",
            self.condition, self.module, self.name
        )
    }
}

/// What stands above the module of the sources, which a copy does not have.
const SOURCES: &str = "#[cfg(feature = \"sources\")]";

/// The file with every path led through the new home.
pub(crate) fn moved(source: &str, home: &Home<'_>) -> Moved {
    let mut macros = Vec::new();
    let mut text = String::with_capacity(source.len() + source.len() / 8);
    let mut lines = without_tests(source).lines().peekable();
    while let Some(line) = lines.next() {
        if line == SOURCES {
            lines.next();
        } else if line != "#[macro_export]" && !line.starts_with("#![") {
            text.push_str(&line_in(line, home));
            text.push('\n');
        }
    }
    // Which macros there are is seen in the text as it was: the attribute marks them.
    for exported in exported(source) {
        text.push('\n');
        text.push_str(&exported.condition);
        text.push_str("pub(crate) use ");
        text.push_str(&exported.name);
        text.push_str(";\n");
        macros.push(exported);
    }
    Moved { text, macros }
}

fn line_in(line: &str, home: &Home<'_>) -> String {
    let trimmed = line.trim_start();
    let is_doc = trimmed.starts_with("//");
    let json = "crate::runtime::json";
    if is_doc {
        let outside = |path: &str| path.replacen("crate", home.krate, 1);
        return led(line, home)
            .replace(
                "verbatim_runtime::",
                &format!("{}::", outside("crate::runtime")),
            )
            .replace("verbatim_json::", &format!("{}::", outside(json)))
            .replace("verbatim_json as json", &outside(json));
    }
    if line == "pub use verbatim_json as json;" {
        return "pub mod json;".to_owned();
    }
    // Within a crate, exported macros are no public items.
    if let Some(names) = line
        .strip_prefix("pub use crate::")
        .filter(|names| are_macros(names, home))
    {
        return format!("pub(crate) use {}::{names}", home.path);
    }
    if line.starts_with("mod ") && line.ends_with(';') {
        // Macros are named by the path of their module.
        return format!("pub(crate) {line}");
    }
    led(line, home).replace("verbatim_json::", &format!("{json}::"))
}

/// Whether the end of a `use` line names exported macros alone.
fn are_macros(names: &str, home: &Home<'_>) -> bool {
    let names = names.trim_end_matches(';');
    let names = names.trim_matches(['{', '}']).split(',').map(str::trim);
    names
        .into_iter()
        .all(|name| home.macros.iter().any(|known| known == name))
}

/// The names of the macros that sources export.
pub(crate) fn macros_of(sources: &[(&str, &str)]) -> Vec<String> {
    let all = sources.iter().flat_map(|(_, source)| exported(source));
    all.map(|each| each.name).collect()
}

/// A line whose paths from the root of the crate go through the new home.
fn led(line: &str, home: &Home<'_>) -> String {
    let mut moved = String::with_capacity(line.len() + 16);
    let mut rest = line;
    while let Some(at) = rest.find("crate") {
        let (before, after) = (&rest[..at], &rest[at + "crate".len()..]);
        moved.push_str(before);
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        if after.starts_with("::") && !before.ends_with(is_word) {
            moved.push_str(home.path);
        } else {
            moved.push_str("crate");
        }
        rest = after;
    }
    moved.push_str(rest);
    moved
}

/// A file without its tests, which stand at its end.
fn without_tests(source: &str) -> &str {
    let end = source.find("\n#[cfg(test)]\nmod tests");
    end.map_or(source, |end| &source[..=end])
}

/// The exported macros of a file.
fn exported(source: &str) -> Vec<Macro> {
    let mut found = Vec::new();
    let mut condition = String::new();
    let mut is_exported = false;
    for line in source.lines() {
        if let Some(name) = line.strip_prefix("macro_rules! ") {
            if is_exported {
                let name = name.split([' ', '{']).next().unwrap_or_default();
                found.push(Macro {
                    name: name.to_owned(),
                    condition: condition.clone(),
                    module: String::new(),
                });
            }
        } else if line == "#[macro_export]" {
            is_exported = true;
            continue;
        } else if line.starts_with("#[cfg(") {
            condition = format!("{line}\n");
            continue;
        } else if line.starts_with("#[") || line.starts_with("///") {
            continue;
        }
        condition.clear();
        is_exported = false;
    }
    found
}
