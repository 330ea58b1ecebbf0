//! `profiles`: lists, chooses and removes them.

use super::change::{change, table};
use super::file::Profiles;
use super::{Profile, Secret, homeless, place, program, scope, secret};
use crate::around::{Surroundings, print};
use crate::failure::Failure;
use crate::shape::Shape;
use crate::table::Api;
use clap::{Arg, ArgMatches, Command};
use serde_json::json;
use std::path::Path;
use toml_edit::value;

/// The command with its own ones.
pub(crate) fn command() -> Command {
    let of_name = |word: &'static str, about: &'static str| {
        let name = Arg::new("name")
            .value_name("NAME")
            .help("The profile")
            .required(true);
        Command::new(word).about(about).arg(name)
    };
    Command::new("profiles")
        .about("The profiles of `login`")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("list").about("List profiles, without their secrets"))
        .subcommand(of_name("use", "Take a profile where none is named"))
        .subcommand(of_name("remove", "Remove a profile with its secret"))
}

/// Runs one of them.
///
/// # Errors
/// Profiles that cannot be read or changed, and names that none has.
pub(crate) fn run(
    shape: &Shape,
    api: &Api,
    matches: &ArgMatches,
    around: &mut Surroundings<'_>,
) -> Result<(), Failure> {
    let path = place(shape, api, around).ok_or_else(homeless)?;
    let program = program(shape);
    let profiles = Profiles::read(&path, &program)?;
    let name = |below: &ArgMatches| below.get_one::<String>("name").cloned().unwrap_or_default();
    let login = crate::shape::called(api, "login");
    let known = |name: &str| match &profiles {
        Some(profiles) => profiles.get(name).cloned(),
        None => Err(Failure::usage(format!("there is no profile `{name}`"))
            .remedy(format!("`{login}` makes one"))),
    };
    let told = match matches.subcommand() {
        Some(("use", below)) => {
            let profile = known(&name(below))?;
            choose(&path, api, &profile)?
        }
        Some(("remove", below)) => {
            let profile = known(&name(below))?;
            remove(&path, &profile, around)?
        }
        Some((_, below)) => {
            let is_json = below
                .get_one::<String>("output")
                .is_some_and(|it| it == "json");
            listed(profiles.as_ref(), is_json)
        }
        None => String::new(),
    };
    print(around, told.as_bytes())
}

fn choose(path: &Path, api: &Api, profile: &Profile) -> Result<String, Failure> {
    let host = profile.url.as_deref().and_then(scope::host);
    let scope = profile
        .api
        .clone()
        .or(host)
        .unwrap_or_else(|| api.name.clone());
    change(path, |file| {
        if let Some(name) = file
            .get("default")
            .and_then(|it| it.as_str())
            .map(str::to_owned)
        {
            // One default for all becomes one for each.
            file.remove("default");
            if name == profile.name {
                file["default"] = value(name);
                return Ok(());
            }
        }
        let defaults = table(file.as_table_mut(), "default")?;
        defaults.set_implicit(false);
        defaults[&scope] = value(&profile.name);
        Ok(())
    })?;
    Ok(format!(
        "`{}` is the profile of {scope} where none is named\n",
        profile.name
    ))
}

fn remove(path: &Path, profile: &Profile, around: &Surroundings<'_>) -> Result<String, Failure> {
    // The secret goes first: one whose profile is gone would never be found again.
    if profile.secret == Some(Secret::Keyring) {
        let forgotten = around.home.keyring.forget(&profile.program, &profile.name);
        forgotten.map_err(|message| secret::unusable(&message))?;
    }
    change(path, |file| {
        if let Some(profiles) = file
            .get_mut("profiles")
            .and_then(|it| it.as_table_like_mut())
        {
            profiles.remove(&profile.name);
        }
        let is_for_all = file.get("default").and_then(|it| it.as_str()) == Some(&profile.name);
        if is_for_all {
            file.remove("default");
        } else if let Some(defaults) = file
            .get_mut("default")
            .and_then(|it| it.as_table_like_mut())
        {
            let own = defaults
                .iter()
                .filter(|(_, it)| it.as_str() == Some(&profile.name));
            let own: Vec<String> = own.map(|(scope, _)| scope.to_owned()).collect();
            for scope in own {
                defaults.remove(&scope);
            }
        }
        Ok(())
    })?;
    Ok(format!("the profile `{}` is removed\n", profile.name))
}

fn listed(profiles: Option<&Profiles>, is_json: bool) -> String {
    let all = profiles.map_or(&[][..], Profiles::all);
    let defaults = |name: &str| -> Vec<String> {
        let scopes = profiles.into_iter().flat_map(|it| it.scopes(name));
        let shown = scopes.map(|scope| if scope.is_empty() { "all" } else { scope });
        shown.map(str::to_owned).collect()
    };
    if is_json {
        let all = all.iter().map(|it| {
            json!({
                "name": it.name,
                "api": it.api,
                "url": it.url,
                "user": it.user,
                "secret": it.secret.as_ref().map(Secret::place),
                "read_only": it.read_only,
                "default_of": defaults(&it.name),
            })
        });
        return format!("{}\n", json!(all.collect::<Vec<_>>()));
    }
    let heads = ["NAME", "API", "ADDRESS", "USER", "SECRET", "DEFAULT OF", ""];
    let mut rows = vec![heads.map(str::to_owned)];
    for it in all {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let place = it.secret.as_ref().map_or("none", Secret::place);
        let of = defaults(&it.name);
        let of = if of.is_empty() {
            "-".to_owned()
        } else {
            of.join(", ")
        };
        let only = if it.read_only { "read-only" } else { "" };
        rows.push([
            it.name.clone(),
            text(&it.api),
            text(&it.url),
            text(&it.user),
            place.to_owned(),
            of,
            only.to_owned(),
        ]);
    }
    aligned(&rows)
}

fn aligned(rows: &[[String; 7]]) -> String {
    let width = |place: usize| rows.iter().map(|row| row[place].chars().count()).max();
    let widths: Vec<usize> = (0..7).map(|place| width(place).unwrap_or(0)).collect();
    let lines = rows.iter().map(|row| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        format!("{}\n", line.trim_end())
    });
    lines.collect()
}
