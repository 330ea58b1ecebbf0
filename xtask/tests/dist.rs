//! The archive of a release.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};

/// What does as the programs do: it writes a man page of each of its commands, and prints completions.
const PROGRAM: &str = r#"#!/bin/sh
if test -n "$COMPLETE"; then
  echo "complete -C panel for $COMPLETE"
  exit
fi
case "$1" in
  man) for page in verbatim verbatim-generate verbatim-simulate; do echo ".TH $page 1" > "$3/$page.1"; done ;;
  completions) echo "completions of $2" ;;
  *) exit 2 ;;
esac
"#;

/// Packs files as if they were the programs; the files of the archive, and its bytes.
fn packed(folder: &Path, out: &str) -> (BTreeMap<String, (u32, usize)>, Vec<u8>) {
    use std::os::unix::fs::PermissionsExt as _;
    for program in ["verbatim", "cargo-verbatim", "panel"] {
        let file = folder.join(program);
        fs::write(&file, PROGRAM).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let out = folder.join(out);
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["dist", "--programs"])
        .arg(folder)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let path = said.trim();
    let bytes = fs::read(path).unwrap();
    let line = fs::read_to_string(format!("{path}.sha256")).unwrap();
    let mut digest = String::new();
    for byte in Sha256::digest(&bytes) {
        write!(digest, "{byte:02x}").unwrap();
    }
    let name = Path::new(path)
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    assert_eq!(line, format!("{digest}  {name}\n"));
    let mut archive = tar::Archive::new(GzDecoder::new(bytes.as_slice()));
    let mut files = BTreeMap::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let (top, inner) = path.split_once('/').unwrap();
        assert_eq!(format!("{top}.tgz"), name);
        let mut text = Vec::new();
        entry.read_to_end(&mut text).unwrap();
        files.insert(
            inner.to_owned(),
            (entry.header().mode().unwrap(), text.len()),
        );
    }
    (files, bytes)
}

#[test]
fn an_archive_has_what_a_user_installs() {
    let folder = tempfile::tempdir().unwrap();
    let (files, bytes) = packed(folder.path(), "one");
    for program in ["verbatim", "cargo-verbatim", "panel"] {
        assert_eq!(files.get(program), Some(&(0o755, PROGRAM.len())));
    }
    let wanted = [
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "completions/_verbatim",
        "completions/verbatim.bash",
        "completions/verbatim.fish",
        "completions/_panel",
        "completions/_panel.ps1",
        "completions/panel.bash",
        "completions/panel.elv",
        "completions/panel.fish",
        "man/verbatim.1",
        "man/verbatim-generate.1",
        "man/panel.1",
        "man/panel-login.1",
        "man/panel-servers.1",
        "man/panel-servers-create.1",
        "man/panel-cloudflow.1",
        "man/panel-cloudflow-virtual-machines-list.1",
        "man/panel-cloudsfor-account-get.1",
        "man/verbatim-simulate.1",
    ];
    for name in wanted {
        assert!(
            files.get(name).is_some_and(|(_, length)| *length > 10),
            "{name}: {files:?}"
        );
    }
    // The same files give the same archive.
    let (_, again) = packed(folder.path(), "two");
    assert!(bytes == again);
}

#[test]
fn installers_are_told_where_things_are_in_it() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let folder = tempfile::tempdir().unwrap();
    packed(folder.path(), "out");
    let mut names: Vec<String> = folder
        .path()
        .join("out")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let top = names[0].strip_suffix(".tgz").unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let target = top.strip_prefix(&format!("verbatim-{version}-")).unwrap();
    let filled = manifest
        .replace("{ version }", version)
        .replace("{ target }", target);
    assert!(filled.contains(&format!("/{top}.tgz\"")));
    assert!(filled.contains(&format!("bin-dir = \"{top}/{{ bin }}{{ binary-ext }}\"")));
}
