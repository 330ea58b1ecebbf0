//! Where the runtime of an emitted crate is.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use verbatim_codegen::{Emit, Runtime};

/// Where the runtime of a crate is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Home {
    /// In the crate, as a module.
    #[default]
    Embedded,
    /// In the published crate.
    Published,
    /// In a repository of git.
    Git {
        /// Its address, as git takes it.
        url: String,
        /// `branch`, `tag` or `rev`, and its value; without one, the default branch.
        at: Option<(&'static str, String)>,
    },
    /// In a folder.
    Folder {
        /// Its real path.
        path: PathBuf,
        /// Whether the manifest names it from where the crate is: so does whoever names it by a relative path.
        is_relative: bool,
    },
}

impl Home {
    /// What a word of the command line or of the settings means; folders are relative to `base`.
    ///
    /// # Errors
    /// Where a folder is meant that is not there, or a repository is named in a way that Cargo does not know.
    pub fn parse(word: &Path, base: &Path) -> Result<Self> {
        match word.to_str() {
            Some("embedded") => return Ok(Self::Embedded),
            Some("shared") => return Ok(Self::Published),
            Some(text) if text.starts_with("git+") => return git(text),
            Some(text) if text.contains("://") => {
                bail!("a repository of git is written as in a lock file of Cargo: git+{text}")
            }
            _ => {}
        }
        let path = base.join(word);
        let path = path.canonicalize().with_context(|| {
            format!(
                "the runtime is \"embedded\", \"shared\", git+URL or a folder; {} is no folder",
                path.display()
            )
        })?;
        Ok(Self::Folder {
            path,
            is_relative: word.is_relative(),
        })
    }

    /// What the manifest of a crate in a folder says.
    pub fn runtime(&self, emit: Emit, out: &Path) -> Runtime {
        let source = match self {
            Self::Embedded => {
                return Runtime::Embedded(match emit {
                    Emit::Client => verbatim_embed::runtime_embedding(),
                    Emit::Types => verbatim_embed::values_embedding(),
                });
            }
            Self::Published => format!("version = {:?}", env!("CARGO_PKG_VERSION")),
            Self::Git { url, at: None } => format!("git = {url:?}"),
            Self::Git {
                url,
                at: Some((key, value)),
            } => format!("git = {url:?}, {key} = {value:?}"),
            Self::Folder { path, is_relative } => {
                let near = is_relative.then(|| from(out, path)).flatten();
                let path = near.unwrap_or_else(|| path.clone());
                format!("path = {:?}", path.to_string_lossy().replace('\\', "/"))
            }
        };
        Runtime::Shared(format!("{{ {source}, default-features = false }}"))
    }
}

/// A repository as lock files name it: `git+URL`, `git+URL?tag=NAME`, `?branch=NAME` or `?rev=HASH`.
fn git(text: &str) -> Result<Home> {
    let address = text.strip_prefix("git+").unwrap_or(text);
    let (url, query) = match address.rsplit_once('?') {
        Some((url, query)) => (url, Some(query)),
        None => (address, None),
    };
    let is_plain = |part: &str| {
        let is_odd =
            |each: char| each.is_whitespace() || each.is_control() || "\"\\".contains(each);
        !part.is_empty() && !part.contains(is_odd)
    };
    let at = match query.map(|query| query.split_once('=')) {
        None => None,
        Some(Some((key, value))) if is_plain(value) => {
            let known = ["branch", "tag", "rev"].into_iter().find(|it| *it == key);
            let key = known.with_context(|| {
                format!(
                    "{text}: a state of a repository is named by branch, tag or rev, not by {key}"
                )
            })?;
            Some((key, value.to_owned()))
        }
        Some(_) => bail!("{text}: what stands behind ? is branch=NAME, tag=NAME or rev=HASH"),
    };
    if !is_plain(url) || !url.contains("://") {
        bail!(
            "{text} names no repository: git+https://host/path, with ?tag=NAME behind it if need be"
        );
    }
    Ok(Home::Git {
        url: url.to_owned(),
        at,
    })
}

/// A path as it is named from a folder that may not be there yet; none where the two have no root in common.
fn from(folder: &Path, path: &Path) -> Option<PathBuf> {
    let folder = real(folder)?;
    let common = folder.components().zip(path.components());
    let common = common.take_while(|(one, other)| one == other).count();
    if common == 0 {
        return None;
    }
    let up = folder
        .components()
        .skip(common)
        .map(|_| Component::ParentDir);
    let down = path.components().skip(common);
    Some(up.chain(down).collect())
}

/// The real path of a folder, of which the last parts may be missing.
fn real(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).ok()?;
    let there = absolute.ancestors().find(|each| each.exists())?;
    let missing = absolute.strip_prefix(there).ok()?;
    Some(there.canonicalize().ok()?.join(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(word: &str) -> String {
        match Home::parse(Path::new(word), Path::new("")) {
            Ok(home) => match home.runtime(Emit::Client, Path::new("out")) {
                Runtime::Shared(value) => value,
                Runtime::Embedded(_) => "embedded".to_owned(),
            },
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn words_are_read_as_cargo_writes_them() {
        let version = env!("CARGO_PKG_VERSION");
        let shared = format!("{{ version = \"{version}\", default-features = false }}");
        for (word, meant) in [
            ("embedded", "embedded"),
            ("shared", shared.as_str()),
            (
                "git+https://host/v.git",
                r#"{ git = "https://host/v.git", default-features = false }"#,
            ),
            (
                "git+ssh://git@host/v?tag=v1",
                r#"{ git = "ssh://git@host/v", tag = "v1", default-features = false }"#,
            ),
            (
                "git+file:///v?rev=8d",
                r#"{ git = "file:///v", rev = "8d", default-features = false }"#,
            ),
        ] {
            assert_eq!(said(word), meant, "{word}");
        }
    }

    #[test]
    fn words_that_mean_nothing_are_told() {
        for (word, part) in [
            ("https://host/v.git", "git+https://host/v.git"),
            ("git+https://host/v?at=1", "branch, tag or rev"),
            ("git+https://host/v?tag=", "tag=NAME"),
            ("git+https://host/\"v", "names no repository"),
            ("git+host", "names no repository"),
            ("no/such/folder", "is no folder"),
        ] {
            assert!(said(word).contains(part), "{word}: {}", said(word));
        }
    }

    #[test]
    fn a_folder_is_named_from_the_crate_if_it_was_named_from_somewhere() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        std::fs::create_dir_all(base.join("vendor/runtime")).unwrap();
        let said = |word: &Path| {
            let home = Home::parse(word, base).unwrap();
            home.runtime(Emit::Client, &base.join("clients/shop"))
        };
        let near = r#"{ path = "../../vendor/runtime", default-features = false }"#;
        let near = Runtime::Shared(near.to_owned());
        assert_eq!(said(Path::new("vendor/runtime")), near);
        let real = base.join("vendor/runtime").canonicalize().unwrap();
        let path = real.to_string_lossy().replace('\\', "/");
        let far = format!("{{ path = {path:?}, default-features = false }}");
        assert_eq!(said(&real), Runtime::Shared(far));
    }
}
