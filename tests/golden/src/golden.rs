//! Files as they should be, compared with what is made or written from it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Whether what is expected is to be written from what is made.
pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// The files below a folder, by their paths in it; none where there is no folder.
///
/// # Panics
/// A file cannot be read.
pub fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_or_file) = open.pop() {
        if folder_or_file.is_dir() {
            let entries = fs::read_dir(&folder_or_file).expect("a folder");
            open.extend(entries.map(|entry| entry.expect("an entry of a folder").path()));
        } else if folder_or_file.is_file() {
            let name = folder_or_file
                .strip_prefix(folder)
                .unwrap_or(&folder_or_file);
            let name = name.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&folder_or_file).expect("a file of text");
            files.insert(name, text);
        }
    }
    files
}

/// Compares a folder with what should be in it, or writes it. What differs is named with its first line that does.
///
/// # Panics
/// A file cannot be written.
pub fn compare(folder: &Path, made: &BTreeMap<String, String>) -> Vec<String> {
    let expected = files(folder);
    if is_blessing() {
        bless(folder, &expected, made);
        return Vec::new();
    }
    let names: std::collections::BTreeSet<&String> = expected.keys().chain(made.keys()).collect();
    let compared = names.into_iter().filter_map(|name| {
        let difference = difference(expected.get(name)?, made.get(name)?);
        difference.map(|difference| format!("{name}: {difference}"))
    });
    let mut differences: Vec<String> = compared.collect();
    let only = |these: &BTreeMap<String, String>, those: &BTreeMap<String, String>, what: &str| {
        let names = these.keys().filter(|name| !those.contains_key(*name));
        names
            .map(|name| format!("{name} {what}"))
            .collect::<Vec<_>>()
    };
    differences.extend(only(&expected, made, "is not made any more"));
    differences.extend(only(made, &expected, "is not expected"));
    differences
}

fn bless(folder: &Path, expected: &BTreeMap<String, String>, made: &BTreeMap<String, String>) {
    for name in expected.keys().filter(|name| !made.contains_key(*name)) {
        fs::remove_file(folder.join(name)).expect("a file that can be removed");
    }
    for (name, text) in made {
        if expected.get(name) != Some(text) {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder that can be made");
            fs::write(path, text).expect("a file that can be written");
        }
    }
}

/// The first line in which two texts differ.
pub fn difference(expected: &str, made: &str) -> Option<String> {
    if expected == made {
        return None;
    }
    let mut lines = expected.lines().zip(made.lines()).enumerate();
    let first = lines.find(|(_, (expected, made))| expected != made);
    Some(match first {
        Some((at, (expected, made))) => {
            format!(
                "line {}:\n    expected {expected}\n    made     {made}",
                at + 1
            )
        }
        None => "one is longer than the other".to_owned(),
    })
}
