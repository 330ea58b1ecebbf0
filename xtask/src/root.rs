//! Where things stand in the repository.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// The top folder of the workspace.
///
/// The source tree this program was built from is asked first, so that the commands work from
/// any folder; a program that was moved looks upwards from where it is run.
pub fn workspace() -> Result<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    if let Some(built) = built.filter(|path| path.join("spec").is_dir()) {
        return Ok(built.to_owned());
    }
    let here = std::env::current_dir().context("the current folder cannot be told")?;
    for folder in here.ancestors() {
        if folder.join("spec").is_dir() && folder.join("xtask").is_dir() {
            return Ok(folder.to_owned());
        }
    }
    bail!("no folder here or above holds `spec` and `xtask`; run this inside the repository")
}

/// Where cargo puts what it builds in the workspace.
pub fn target(workspace: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(target) => workspace.join(target),
        None => workspace.join("target"),
    }
}

/// A program of the workspace, where cargo puts its release build.
pub fn released(workspace: &Path, program: &str) -> PathBuf {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    target(workspace).join("release").join(file)
}

/// A folder of `spec/`: one API.
pub struct Api {
    /// Name of the folder, which is also the module and the feature.
    pub name: String,
    /// Path of the folder.
    pub folder: PathBuf,
}

impl Api {
    /// The OpenAPI document, if there is one.
    pub fn document(&self) -> Option<PathBuf> {
        ["openapi.json", "openapi.yaml"]
            .map(|file| self.folder.join(file))
            .into_iter()
            .find(|path| path.is_file())
    }
}

/// The folders of `spec/` in order of their names; only the one named, if one is named.
pub fn apis(only: Option<&str>) -> Result<Vec<Api>> {
    let spec = workspace()?.join("spec");
    let mut apis = Vec::new();
    for entry in spec
        .read_dir()
        .with_context(|| spec.display().to_string())?
    {
        let folder = entry?.path();
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if folder.is_dir() && only.is_none_or(|only| only == name) {
            apis.push(Api {
                name: name.into_owned(),
                folder,
            });
        }
    }
    apis.sort_by(|a, b| a.name.cmp(&b.name));
    if let (Some(only), true) = (only, apis.is_empty()) {
        bail!("there is no folder spec/{only}");
    }
    Ok(apis)
}
