//! `dist`: the archive of a release for the target of this machine.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, anyhow, bail};
use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};
use tar::{Builder, Header};
use verbatim_call::Shape;
use verbatim_call::table::Api;

use crate::arguments::Arguments;
use crate::root::{target, workspace};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The shells that have completions, and what the files of these are called around the name of a program.
const COMPLETIONS: [(&str, &str, &str); 5] = [
    ("bash", "", ".bash"),
    ("elvish", "", ".elv"),
    ("fish", "", ".fish"),
    ("powershell", "_", ".ps1"),
    ("zsh", "_", ""),
];

/// The programs of the archive.
const PROGRAMS: [&str; 3] = ["verbatim", "cargo-verbatim", "panel"];

/// Builds the programs for release, unless a folder has them, and packs them with their completions, man pages and licences.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let root = workspace()?;
    let programs = arguments.path("--programs")?;
    let out = arguments.path("--out")?;
    arguments.end()?;
    let programs = match programs {
        Some(programs) => programs,
        None => built(&root)?,
    };
    let out = out.unwrap_or_else(|| target(&root).join("dist"));
    let archive = pack(&root, &programs, &host()?, &out)?;
    println!("{}", archive.display());
    Ok(ExitCode::SUCCESS)
}

fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn built(root: &Path) -> Result<PathBuf> {
    let status = Command::new(cargo())
        .args([
            "build",
            "--release",
            "--locked",
            // Names of functions would be a fifth of it.
            "--config",
            "profile.release.strip = \"symbols\"",
            "--package",
            "cargo-verbatim",
            "--package",
            "cloud-panels-cli",
            "--manifest-path",
        ])
        .arg(root.join("Cargo.toml"))
        .status()
        .context("cargo could not be started")?;
    if !status.success() {
        bail!("the programs could not be built");
    }
    Ok(target(root).join("release"))
}

/// The target of this machine, as the compiler calls it.
fn host() -> Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("rustc could not be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned)
        .context("rustc does not tell its host")
}

/// What a program prints. What is packed beside a program comes from it, so that it has the commands that it has.
fn told(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output();
    let output = output.with_context(|| format!("{command:?} could not be started"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

/// Writes the archive and its checksum; the same files give the same archive.
fn pack(root: &Path, programs: &Path, host: &str, out: &Path) -> Result<PathBuf> {
    let name = format!("verbatim-{VERSION}-{host}");
    let pages = tempfile::tempdir()?;
    let own = programs.join(format!("verbatim{}", std::env::consts::EXE_SUFFIX));
    told(Command::new(&own).args(["man", "--out"]).arg(pages.path()))?;
    let mut files: Vec<(String, Vec<u8>, u32)> = Vec::new();
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    for program in PROGRAMS {
        let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        files.push((file.clone(), read(&programs.join(file))?, 0o755));
    }
    for each in ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"] {
        files.push((each.to_owned(), read(&root.join(each))?, 0o644));
    }
    for (shell, before, after) in COMPLETIONS {
        let mut file = |program: &str, text| {
            let path = format!("completions/{before}{program}{after}");
            files.push((path, text, 0o644));
        };
        let text = told(Command::new(&own).args(["completions", shell]))?;
        file("verbatim", text);
        // It completes by asking the program under the name by which it was called: not that of a folder of ours.
        let mut panel = Command::new("panel");
        let text = told(panel.env("PATH", programs).env("COMPLETE", shell))?;
        file("panel", text);
    }
    for entry in pages.path().read_dir()? {
        let path = entry?.path();
        let page = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        files.push((format!("man/{page}"), read(&path)?, 0o644));
    }
    for (file, text) in panel_pages(root)? {
        files.push((format!("man/{file}"), text, 0o644));
    }
    files.sort();
    fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    let archive = out.join(format!("{name}.tgz"));
    let bytes = archived(&name, &files)?;
    fs::write(&archive, &bytes).with_context(|| archive.display().to_string())?;
    let mut line = String::new();
    for byte in Sha256::digest(&bytes) {
        let _ = write!(line, "{byte:02x}");
    }
    let _ = writeln!(line, "  {name}.tgz");
    let checksum = out.join(format!("{name}.tgz.sha256"));
    fs::write(&checksum, line).with_context(|| checksum.display().to_string())?;
    Ok(archive)
}

/// The man pages of `panel`, made of its tables.
fn panel_pages(root: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut apis = Vec::new();
    for entry in root.join("panel/tables").read_dir()? {
        let path = entry?.path();
        if path.extension().is_none_or(|it| it != "json") || crate::panel::is_hidden(&path) {
            continue;
        }
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let api = Api::from_text(&text).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        apis.push(api);
    }
    apis.sort_by_key(|api| (api.name != crate::panel::FIRST, api.name.clone()));
    let shape = Shape {
        name: "panel".to_owned(),
        about: "Cloud servers from the command line".to_owned(),
        version: VERSION.to_owned(),
        apis: apis.iter().map(|api| api.name.clone()).collect(),
        takes_spec: false,
        can_simulate: true,
    };
    let mut all = Vec::new();
    for api in &apis {
        all.extend(verbatim_call::man::pages(&shape, api).map_err(|error| anyhow!(error))?);
    }
    Ok(all)
}

fn archived(name: &str, files: &[(String, Vec<u8>, u32)]) -> Result<Vec<u8>> {
    let gzip = GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::best());
    let mut builder = Builder::new(gzip);
    for (path, bytes, mode) in files {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(*mode);
        header.set_mtime(0);
        builder.append_data(&mut header, format!("{name}/{path}"), bytes.as_slice())?;
    }
    Ok(builder.into_inner()?.finish()?)
}
