//! The files that a document refers to.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use verbatim_codegen::document::Input;
use verbatim_source::{Diagnostic, Limits, Source};

/// Reads every file that the relative references of a document name; as [`whole`](super::document::whole) does.
///
/// # Errors
/// Where the jail is no folder.
pub fn complete(input: &mut Input, path: &Path, jail: Option<&Path>) -> Result<()> {
    let jail = jail_of(path, jail)?;
    let mut known = BTreeMap::new();
    if let Ok(real) = path.canonicalize() {
        known.insert(real, shown(path));
    }
    input.complete(|input, file| bring(input, file.name, &jail, &mut known));
    Ok(())
}

/// Brings in a file, once however many names lead to it. Where it refers to others, names in different
/// folders are different files, since its references are read from where each stands.
fn bring(input: &mut Input, name: String, jail: &Path, known: &mut BTreeMap<PathBuf, String>) {
    let real = match inside(Path::new(&name), jail) {
        Ok(real) => real,
        Err(reason) => return input.absent(name, reason),
    };
    if let Some(first) = known.get(&real) {
        let folder = |name: &str| Path::new(name).parent().map(Path::canonicalize);
        let is_beside =
            || matches!((folder(first), folder(&name)), (Some(Ok(a)), Some(Ok(b))) if a == b);
        if !input.refers_to_files(first) || is_beside() {
            return input.alias(name, &first.clone());
        }
    }
    match named(&real) {
        Ok(Ok(source)) => input.add(Source::new(name.as_str(), source.text().to_owned())),
        Ok(Err(problem)) => input.broken(name.as_str(), problem),
        Err(error) => input.absent(name.as_str(), error.to_string()),
    }
    known.entry(real).or_insert(name);
}

/// The real path of a regular file within a folder. The reason against it says nothing of what is there
/// outside of the folder.
fn inside(path: &Path, jail: &Path) -> Result<PathBuf, String> {
    let outside = || format!("it is outside {}; allow it with --root", jail.display());
    let nearest = path
        .ancestors()
        .map(|it| {
            if it.as_os_str().is_empty() {
                Path::new(".")
            } else {
                it
            }
        })
        .find(|it| it.symlink_metadata().is_ok());
    let nearest = nearest.and_then(|it| it.canonicalize().ok());
    let Some(nearest) = nearest.filter(|it| it.starts_with(jail)) else {
        return Err(outside());
    };
    let real = path.canonicalize().map_err(|error| error.to_string())?;
    if real != nearest {
        return Err(outside());
    }
    match real.metadata() {
        Ok(found) if found.is_file() => Ok(real),
        Ok(_) => Err("it is not a regular file".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads no more of a file than a document may hold; a byte more is enough to have it refused.
pub(crate) fn named(path: &Path) -> std::io::Result<Result<Source, Diagnostic>> {
    let most = Limits::default().bytes as u64 + 1;
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| {
        // A guess, which spares a large file the growing.
        let length = file.metadata()?.len().min(most);
        bytes.reserve_exact(usize::try_from(length).unwrap_or_default() + 1);
        file.take(most).read_to_end(&mut bytes)
    })?;
    if bytes.len() as u64 == most {
        // It may have been cut within a character; it is too long in any case.
        bytes.fill(b' ');
    }
    Ok(Source::from_bytes(shown(path), bytes))
}

/// The folder that nothing a document names may lie outside of.
///
/// # Errors
/// Where there is no such folder.
pub fn jail_of(path: &Path, jail: Option<&Path>) -> Result<PathBuf> {
    let own = path.parent().filter(|own| !own.as_os_str().is_empty());
    let jail = jail.or(own).unwrap_or(Path::new("."));
    jail.canonicalize().with_context(|| {
        format!(
            "--root names the folder that holds all files of the document; {} is no folder",
            jail.display()
        )
    })
}

/// A path as it is shown, with `/` between its parts.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A fresh folder with a document that refers to these files.
    fn folder(name: &str, references: &[&str]) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("verbatim-input-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("api")).expect("a folder");
        let schemas: Vec<String> = references
            .iter()
            .enumerate()
            .map(|(at, file)| format!("    S{at}: {{$ref: '{file}#/s'}}\n"))
            .collect();
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{}",
            schemas.concat()
        );
        std::fs::write(folder.join("api/root.yaml"), text).expect("a document");
        folder
    }

    /// What is said of each reference, with the folder left out.
    fn said(folder: &Path) -> Vec<String> {
        let input =
            crate::document::whole(&folder.join("api/root.yaml"), None).expect("a document");
        let read = verbatim_codegen::document::read(&input).expect("it is read");
        let shown = folder
            .canonicalize()
            .expect("a folder")
            .display()
            .to_string();
        let messages = read.problems.iter().map(|it| it.diagnostic.message.clone());
        let cut = |it: String| {
            it.rsplit_once(": ")
                .map_or(it.clone(), |(_, reason)| reason.replace(&shown, ""))
        };
        messages.map(cut).collect()
    }

    #[test]
    fn files_outside_are_not_told_from_files_that_are_nowhere() {
        let names = [
            "../there.yaml",
            "../nowhere.yaml",
            "../none/x.yaml",
            "link/there.yaml",
            "link/nowhere.yaml",
            "dead.yaml",
            "/etc/passwd",
            "/nowhere",
        ];
        let folder = folder("outside", &names);
        std::fs::write(folder.join("there.yaml"), "s: {}").expect("a file");
        symlink("..", folder.join("api/link")).expect("a link");
        symlink("../nowhere.yaml", folder.join("api/dead.yaml")).expect("a link");
        let said = said(&folder);
        assert_eq!(said.len(), names.len());
        for reason in &said {
            assert_eq!(reason, "it is outside /api; allow it with --root");
        }
        let _ = std::fs::remove_dir_all(&folder);
    }

    #[test]
    fn what_is_no_regular_file_is_not_opened() {
        let folder = folder("fifo", &["pipe.yaml", "sub", "gone.yaml"]);
        std::fs::create_dir(folder.join("api/sub")).expect("a folder");
        let pipe = folder.join("api/pipe.yaml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo runs").success());
        let not_regular = "it is not a regular file";
        let gone = "No such file or directory (os error 2)";
        assert_eq!(said(&folder), [not_regular, not_regular, gone]);
        let _ = std::fs::remove_dir_all(&folder);
    }

    #[test]
    fn links_to_one_file_are_one_file() {
        let folder = folder("links", &["a.yaml", "b.yaml", "../api/c.yaml"]);
        std::fs::write(folder.join("api/a.yaml"), "s: {type: string}").expect("a file");
        symlink("a.yaml", folder.join("api/b.yaml")).expect("a link");
        symlink("a.yaml", folder.join("api/c.yaml")).expect("a link");
        let input =
            crate::document::whole(&folder.join("api/root.yaml"), None).expect("a document");
        let read = verbatim_codegen::document::read(&input).expect("it is read");
        assert_eq!(read.problems, []);
        assert_eq!(read.schemas().count(), 4);
        let _ = std::fs::remove_dir_all(&folder);
    }
}
