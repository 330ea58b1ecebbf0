//! `packages`: what is published can be packed.

use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::arguments::Arguments;
use crate::root::workspace;

/// Packs every crate of the workspace that may be published; with `--verify` each is also compiled from its package
/// alone, with the packages of its neighbours.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let verify = arguments.flag("--verify");
    arguments.end()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = workspace()?.join("Cargo.toml");
    let output = Command::new(&cargo)
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--manifest-path",
        ])
        .arg(&manifest)
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let published = published(&serde_json::from_slice(&output.stdout)?);
    let mut command = Command::new(&cargo);
    command.args(["package", "--quiet", "--allow-dirty", "--manifest-path"]);
    command.arg(&manifest);
    if !verify {
        command.arg("--no-verify");
    }
    for name in &published {
        command.args(["--package", name]);
    }
    if !command
        .status()
        .context("cargo could not be started")?
        .success()
    {
        bail!("not every package could be made");
    }
    let how = if verify {
        "packed and compiled"
    } else {
        "packed"
    };
    println!(
        "{} crates are {how}: {}",
        published.len(),
        published.join(", ")
    );
    Ok(ExitCode::SUCCESS)
}

/// The names of the crates that may be published, from what `cargo metadata` says.
fn published(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let may = packages.filter(|package| package["publish"].is_null());
    let names = may.filter_map(|package| package["name"].as_str());
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::published;

    #[test]
    fn crates_that_may_not_be_published_are_left_out() {
        let metadata = serde_json::json!({"packages": [
            {"name": "a", "publish": null},
            {"name": "b", "publish": []},
        ]});
        assert_eq!(published(&metadata), ["a"]);
    }
}
