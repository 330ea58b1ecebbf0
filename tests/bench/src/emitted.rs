//! What is emitted: how many lines, and how long the compiler takes to check them again.

use crate::generation::{Setting, refusal};
use crate::measure::median_seconds;
use crate::peer::{Installed, Peer};
use crate::process;
use crate::table::{Row, Section};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

/// How often each crate is checked again.
const ROUNDS: usize = 7;

/// A crate that a generator wrote.
struct Crate {
    name: String,
    lines: usize,
    folder: PathBuf,
    times: Vec<Duration>,
}

/// Measures what the generators emit for the document.
///
/// # Errors
/// Where ours fails. A rival that fails is a remark.
pub fn section(setting: &Setting) -> Result<Section> {
    let mut section = Section::new("Emitted code (Cloud Panel document)");
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("ours");
    process::run(&mut setting.generate(&setting.document, &out))?;
    let mut ours = built(setting, "ours", out)?;
    let mut rivals = Vec::new();
    for peer in Peer::ALL {
        let Some(installed) = peer.find() else {
            section.notes.push(peer.absence());
            continue;
        };
        match rival(setting, &installed, folder.path().join(peer.name())) {
            Ok(rival) => rivals.push((peer, rival)),
            Err(error) => section.notes.push(refusal(&installed, &error)),
        }
    }
    for round in 1..=ROUNDS {
        eprintln!("emitted code: round {round} of {ROUNDS}");
        again(setting, &mut ours)?;
        for (_, rival) in &mut rivals {
            again(setting, rival)?;
        }
    }
    let seconds = median_seconds(&ours.times);
    section.rows.push(
        Row::plain("lines, documentation included", ours.lines.to_string())
            .aiming("<= 15000", ours.lines <= 15_000),
    );
    section.rows.push(Row::plain(
        "cargo check after a touch",
        format!("{seconds:.2} s"),
    ));
    for (peer, rival) in &rivals {
        section.rows.extend(against(&ours, *peer, rival));
    }
    section.notes.push(
        "checked with all dependencies warm; a touch renews the time stamp of lib.rs".to_owned(),
    );
    Ok(section)
}

fn rival(setting: &Setting, installed: &Installed, out: PathBuf) -> Result<Crate> {
    process::run(&mut installed.generate(&setting.document, &out))?;
    installed.complete(&out)?;
    built(setting, &installed.version(), out)
}

/// Counts the lines of a crate and checks it for the first time, dependencies included.
fn built(setting: &Setting, name: &str, folder: PathBuf) -> Result<Crate> {
    eprintln!("emitted code: first check of {name}");
    process::run(&mut check(setting, &folder))?;
    Ok(Crate {
        name: name.to_owned(),
        lines: lines(&folder.join("src"))?,
        folder,
        times: Vec::new(),
    })
}

fn again(setting: &Setting, subject: &mut Crate) -> Result<()> {
    let library = subject.folder.join("src/lib.rs");
    let file = std::fs::File::options().append(true).open(&library)?;
    file.set_modified(SystemTime::now())
        .with_context(|| library.display().to_string())?;
    drop(file);
    let time = process::time(&mut check(setting, &subject.folder))?;
    subject.times.push(time);
    Ok(())
}

/// The checks share a target folder that outlives the run, so that dependencies stay warm.
fn check(setting: &Setting, folder: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["check", "--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", setting.root.join("target/bench"))
        .current_dir(folder);
    command
}

/// All lines of the Rust files of a folder.
fn lines(folder: &Path) -> Result<usize> {
    let mut total = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder
            .read_dir()
            .with_context(|| folder.display().to_string())?
        {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                total += std::fs::read_to_string(&path)?.lines().count();
            }
        }
    }
    Ok(total)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a number of lines is far below 2^52"
)]
fn against(ours: &Crate, peer: Peer, rival: &Crate) -> [Row; 2] {
    let (seconds, other) = (median_seconds(&ours.times), median_seconds(&rival.times));
    let ratio = seconds / other;
    let check = Row::plain(
        format!("cargo check beside {}", rival.name),
        format!("{seconds:.2} s"),
    )
    .beside(format!("{other:.2} s"), ratio);
    [
        Row::plain(
            format!("lines beside {}", rival.name),
            ours.lines.to_string(),
        )
        .beside(
            rival.lines.to_string(),
            ours.lines as f64 / rival.lines as f64,
        ),
        if peer == Peer::OpenapiToRust {
            check.aiming("<= 0.50", ratio <= 0.5)
        } else {
            check
        },
    ]
}
