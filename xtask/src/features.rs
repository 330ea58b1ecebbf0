//! `features`: the crates that stand below emitted code compile with each of their features alone.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::arguments::Arguments;
use crate::root::workspace;

/// The folders of the crates.
const ROOMS: [&str; 2] = ["json", "runtime"];

/// Features that need a kind of TLS beside them; every kind brings in the first, and is compiled alone.
const NOT_ALONE: [&str; 2] = ["reqwest", "http2"];

/// Compiles each crate without features, with each one alone, and with all of them: by cargo-hack where it is
/// installed, else one after the other.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    arguments.end()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = workspace()?;
    let has_hack = Command::new(&cargo).args(["hack", "--version"]).output();
    let has_hack = has_hack.is_ok_and(|output| output.status.success());
    for room in ROOMS {
        let manifest = root.join(room).join("Cargo.toml");
        let check = |before: &[&str], after: &[&str]| {
            let status = Command::new(&cargo)
                .args(before)
                .args(["check", "--quiet", "--lib", "--manifest-path"])
                .arg(&manifest)
                .args(after)
                .status()
                .context("cargo could not be started")?;
            if !status.success() {
                bail!("{room} does not compile with {}", after.join(" "));
            }
            Ok(())
        };
        let (features, not_alone) = features(&fs::read_to_string(&manifest)?)?;
        if has_hack {
            let left_out = not_alone.join(",");
            let mut after = vec!["--each-feature"];
            if !not_alone.is_empty() {
                after.extend(["--exclude-features", left_out.as_str()]);
            }
            check(&["hack"], &after)?;
            println!("{room}: each feature, by cargo-hack");
            continue;
        }
        check(&[], &["--no-default-features"])?;
        for feature in &features {
            check(&[], &["--no-default-features", "--features", feature])?;
        }
        check(&[], &["--all-features"])?;
        println!("{room}: none, all, and alone {}", features.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

/// The features of a manifest that can be alone, and those that cannot.
fn features(manifest: &str) -> Result<(Vec<String>, Vec<String>)> {
    let manifest: toml::Table = toml::from_str(manifest)?;
    let features = manifest.get("features").and_then(toml::Value::as_table);
    let names = features.into_iter().flat_map(toml::Table::keys);
    let own = names.filter(|name| *name != "default").cloned();
    Ok(own.partition(|name| !NOT_ALONE.contains(&name.as_str())))
}

#[cfg(test)]
mod tests {
    use super::features;

    #[test]
    fn each_feature_is_named_by_the_manifest() {
        let manifest = "[features]\ndefault = [\"a\"]\na = []\nreqwest = []\nb = [\"a\"]\n";
        let (alone, not_alone) = features(manifest).unwrap();
        assert_eq!(
            (alone, not_alone),
            (vec!["a".into(), "b".into()], vec!["reqwest".into()])
        );
    }
}
