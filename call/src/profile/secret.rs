//! The secret of a profile: from the keyring, from a command, or as it stands in the file.

use super::{Profile, Secret};
use crate::around::Surroundings;
use crate::failure::{Exit, Failure};
use std::path::Path;
use std::process::{Command, Stdio};

/// Fetches the secret of a profile that has one.
///
/// # Errors
/// Why it cannot be fetched, and the other ways to give one.
pub(super) fn fetch(
    profile: &Profile,
    file: &Path,
    around: &Surroundings<'_>,
) -> Result<String, Failure> {
    let name = &profile.name;
    let wrong = |message: String| Failure::new(Exit::Credentials, message);
    match &profile.secret {
        None => Err(wrong(format!("the profile `{name}` has no credentials"))),
        Some(Secret::Keyring) => match around.home.keyring.get(&profile.program, name) {
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err(
                wrong(format!("the keyring has no secret of the profile `{name}`"))
                    .remedy(format!("`login --profile {name}` asks for it again")),
            ),
            Err(message) => Err(unusable(&message)),
        },
        Some(Secret::Command(line)) => of_command(name, line),
        Some(Secret::Plain(secret)) => {
            private(file)?;
            Ok(secret.clone())
        }
    }
}

/// The keyring cannot be used.
pub(super) fn unusable(message: &str) -> Failure {
    let message = format!("the keyring of the system cannot be used: {message}");
    Failure::new(Exit::Credentials, message).remedy(
        "give the secret by the environment, by `login --token-command COMMAND`, or keep it in the \
         file of profiles by `login --plain-text`",
    )
}

/// What a command prints, without the end of its line.
fn of_command(profile: &str, line: &str) -> Result<String, Failure> {
    let (shell, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let wrong = |message: String| {
        let message = format!("the token-command of the profile `{profile}` {message}");
        Failure::new(Exit::Credentials, message).remedy("run it by hand to see why")
    };
    // The standard input may hold the body of the request.
    let output = Command::new(shell)
        .args([flag, line])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| wrong(format!("cannot be run: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = said
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("it said nothing");
        return Err(wrong(format!("failed, {}: {said}", output.status)));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| wrong("prints no text".to_owned()))?;
    let mut lines = text.lines();
    match (lines.next().map(str::trim), lines.next()) {
        (Some(secret), None) if !secret.is_empty() => Ok(secret.to_owned()),
        (_, Some(_)) => Err(wrong("prints more than one line".to_owned())),
        _ => Err(wrong("prints nothing".to_owned())),
    }
}

/// Refuses a file with a secret in it that others can read.
#[cfg(unix)]
fn private(file: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).map(|it| it.permissions().mode());
    // Nothing for the group, nothing for others.
    if mode.is_ok_and(|mode| mode.trailing_zeros() >= 6) {
        return Ok(());
    }
    let file = file.display();
    Err(Failure::new(
        Exit::Credentials,
        format!("{file} holds a secret, and others can read it"),
    )
    .remedy(format!("chmod 600 {file}")))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "files have no mode here")]
fn private(_: &Path) -> Result<(), Failure> {
    Ok(())
}
