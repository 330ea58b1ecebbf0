//! `login`: asks for credentials, and keeps them under the name of a profile.

use super::change::{change, table};
use super::file::Profiles;
use super::scope::{self, Scope};
use super::{homeless, place, program, secret};
use crate::around::{Surroundings, print};
use crate::failure::{Exit, Failure};
use crate::shape::Shape;
use crate::table::{Api, Scheme};
use clap::{Arg, ArgAction, ArgMatches, Command};
use toml_edit::value;

/// The profile where none is named.
const USUAL: &str = "default";

/// The command.
pub(crate) fn command() -> Command {
    let switch = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .help(help)
            .action(ArgAction::SetTrue)
    };
    Command::new("login")
        .about("Keep credentials under the name of a profile")
        .long_about(
            "Keep credentials under the name of a profile: that of --profile, or `default`. They are asked \
             for without showing them, and kept in the keyring of the system. --base-url and --read-only \
             are kept with them.",
        )
        .arg(
            Arg::new("token-command")
                .long("token-command")
                .value_name("COMMAND")
                .help("Keep nothing; this command prints the token, or the password of --auth-user")
                .conflicts_with_all(["plain-text", "stdin"]),
        )
        .arg(switch(
            "plain-text",
            "Keep them in the file of profiles, which only its owner can read",
        ))
        .arg(switch("stdin", "Take the token or password from the standard input"))
}

/// Keeps credentials.
///
/// # Errors
/// Where nobody can be asked, and where they cannot be kept.
pub(crate) fn login(
    shape: &Shape,
    api: &Api,
    matches: &ArgMatches,
    around: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let path = place(shape, api, around).ok_or_else(homeless)?;
    let program = program(shape);
    let name = matches
        .get_one::<String>("profile")
        .map_or(USUAL, String::as_str);
    usable(name)?;
    let before = Profiles::read(&path, &program)?;
    let command = matches.get_one::<String>("token-command");
    let given = Given::read(api, matches, around, command.is_some())?;
    let is_plain = matches.get_flag("plain-text");
    if let (Some(secret), false) = (&given.secret, is_plain) {
        let kept = around.home.keyring.put(&program, name, secret);
        kept.map_err(|message| secret::unusable(&message))?;
    }
    let url = address(shape, api, matches, around);
    let scope = Scope::of(shape, api, matches, around);
    change(&path, |file| {
        let profiles = table(file.as_table_mut(), "profiles")?;
        let profile = table(profiles, name)?;
        profile.set_implicit(false);
        for key in [
            "user",
            "email",
            "token",
            "password",
            "key",
            "token-command",
            "keyring",
        ] {
            profile.remove(key);
        }
        if !shape.takes_spec {
            profile["api"] = value(&api.name);
        }
        if let Some(url) = &url {
            profile["url"] = value(url);
        }
        if let Some(user) = &given.user {
            profile["user"] = value(user);
        }
        match (&given.secret, command) {
            (_, Some(command)) => profile["token-command"] = value(command),
            (Some(secret), _) if is_plain => {
                let key = if given.user.is_some() {
                    "password"
                } else {
                    "token"
                };
                profile[key] = value(secret);
            }
            _ => profile["keyring"] = value(true),
        }
        if matches.get_flag("read-only") {
            profile["read-only"] = value(true);
        }
        let has_default = before
            .as_ref()
            .is_some_and(|it| it.default(&scope).is_some());
        if !has_default {
            let defaults = table(file.as_table_mut(), "default")?;
            defaults.set_implicit(false);
            defaults[&scope.0] = value(name);
        }
        Ok(())
    })?;
    let of = url.as_deref().and_then(scope::host);
    let of = if shape.takes_spec {
        of.unwrap_or(scope.0)
    } else {
        api.title.clone()
    };
    let place = match (command, is_plain) {
        (Some(_), _) => "its secret comes from a command".to_owned(),
        (None, true) => format!("its secret stands in {}", path.display()),
        (None, false) => "its secret is in the keyring".to_owned(),
    };
    print(
        around,
        format!("the profile `{name}` is for {of}; {place}\n").as_bytes(),
    )
}

/// The address that is kept: one that was given, or that of a document, whose credentials must not go
/// to another one.
fn address(
    shape: &Shape,
    api: &Api,
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Option<String> {
    let given = scope::given(api, matches, around);
    if given.is_some() || !shape.takes_spec {
        return given;
    }
    let server = api.servers.first()?;
    let host = scope::of_server(server, matches)?;
    let is_plain = server.url.starts_with("http://");
    // Variables have their places in it; what is kept is an address.
    if server.url.contains('{') {
        let scheme = if is_plain { "http" } else { "https" };
        return Some(format!("{scheme}://{host}"));
    }
    Some(server.url.clone())
}

/// A name that a command line and a keyring take.
fn usable(name: &str) -> Result<(), Failure> {
    let is_usual = |each: char| each.is_alphanumeric() || "-_.@".contains(each);
    if !name.is_empty() && name.chars().all(is_usual) {
        return Ok(());
    }
    Err(
        Failure::usage(format!("--profile: `{name}` is no name for a profile"))
            .remedy("take letters, digits, `-`, `_`, `.` and `@`"),
    )
}

/// Credentials that were given.
struct Given {
    user: Option<String>,
    secret: Option<String>,
}

impl Given {
    fn read(
        api: &Api,
        matches: &ArgMatches,
        around: &mut Surroundings<'_>,
        is_elsewhere: bool,
    ) -> Result<Self, Failure> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let schemes = || api.security.iter().map(|(_, scheme)| scheme);
        let takes_pair = schemes().any(|it| *it == Scheme::Basic);
        let takes_token = schemes().any(|it| !matches!(it, Scheme::Basic | Scheme::Other(_)));
        if !takes_pair && !takes_token {
            let message = format!("{} names no credentials that can be sent", api.title);
            return Err(Failure::usage(message));
        }
        let mut user = text("auth-user");
        if user.is_some() && !takes_pair {
            let message = format!("--auth-user: {} takes a token alone", api.title);
            return Err(Failure::usage(message));
        }
        if user.is_none() && !takes_token {
            user = Some(asked_user(around)?);
        }
        if is_elsewhere {
            return Ok(Self { user, secret: None });
        }
        let what = if user.is_some() { "password" } else { "token" };
        let given = text("auth-token").filter(|_| user.is_none());
        let given = given.or_else(|| text("auth-password").filter(|_| user.is_some()));
        let secret = match given {
            Some(secret) => secret,
            None if matches.get_flag("stdin") => line(around)?,
            None => {
                let question = match what {
                    "password" => "Password or key: ",
                    _ => "Token or key: ",
                };
                (around.home.ask)(question).map_err(|error| nobody(what, &error))?
            }
        };
        let secret = secret.trim().to_owned();
        let is_sendable = !secret.is_empty() && !secret.contains(char::is_control);
        if !is_sendable {
            let message = format!("the {what} is empty, or has characters that cannot be sent");
            return Err(Failure::new(Exit::Credentials, message));
        }
        Ok(Self {
            user,
            secret: Some(secret),
        })
    }
}

fn nobody(what: &str, error: &std::io::Error) -> Failure {
    Failure::usage(format!("nobody can be asked for the {what}: {error}"))
        .remedy("give it on the standard input with --stdin, or by --token-command")
}

/// The user is shown while it is written.
fn asked_user(around: &mut Surroundings<'_>) -> Result<String, Failure> {
    if !around.stdin_is_terminal {
        return Err(
            Failure::usage("nobody can be asked for the user").remedy("give it by --auth-user")
        );
    }
    let _ = write!(around.stderr, "User or e-mail address: ");
    let _ = around.stderr.flush();
    let user = line(around)?.trim().to_owned();
    if user.is_empty() || user.contains(':') {
        return Err(Failure::usage("the user is empty, or has a colon in it"));
    }
    Ok(user)
}

/// One line of the standard input.
fn line(around: &mut Surroundings<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while matches!(around.stdin.read(&mut byte), Ok(1)) && byte != *b"\n" {
        bytes.extend(byte);
    }
    String::from_utf8(bytes).map_err(|_| Failure::usage("the standard input is no UTF-8 text"))
}
