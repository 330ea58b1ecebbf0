//! Named profiles: which account a call is made for, and where its credentials are kept.
//!
//! ```toml
//! [default]
//! cloudpanel = "work"
//!
//! [profiles.work]
//! api = "cloudpanel"
//! keyring = true                     # or token-command = "pass show panel", or token = "..."
//! read-only = true
//! output = "table"
//!
//! [profiles.work.commands."servers list"]
//! columns = ["id", "name"]
//! ```

mod change;
mod file;
mod login;
mod manage;
mod scope;
mod secret;

pub(crate) use login::{command as login_command, login};
pub(crate) use manage::{command as profiles_command, run as manage};

use crate::around::Surroundings;
use crate::failure::Failure;
use crate::shape::Shape;
use crate::table::{Api, Setting};
use clap::ArgMatches;
use file::Profiles;
use scope::Scope;
use std::path::PathBuf;

/// An account: where its API is, and how its credentials are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The API that it is for; any where it says nothing.
    pub api: Option<String>,
    /// The address of the API.
    pub url: Option<String>,
    /// The user, for credentials of user and password.
    pub user: Option<String>,
    /// Whether calls that change something are refused.
    pub read_only: bool,
    /// How replies are shown where nothing is said, for all commands.
    output: Option<String>,
    /// The columns of tables, for all commands.
    columns: Vec<String>,
    /// The same for single commands.
    commands: Vec<(String, OfCommand)>,
    secret: Option<Secret>,
    /// The program whose keyring it is.
    program: String,
}

/// What a profile says about one command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct OfCommand {
    output: Option<String>,
    columns: Vec<String>,
}

/// Where a secret is kept.
#[derive(Clone, PartialEq, Eq)]
enum Secret {
    Keyring,
    Command(String),
    Plain(String),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.place())
    }
}

impl Secret {
    /// Where it is, in a word.
    fn place(&self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Command(_) => "command",
            Self::Plain(_) => "plain text",
        }
    }
}

impl Profile {
    /// How the replies of a command are shown where nothing is said; `command` is group and method.
    pub fn output(&self, command: &str) -> Option<&str> {
        let own = self.of(command).and_then(|it| it.output.as_deref());
        own.or(self.output.as_deref())
    }

    /// The columns of a command's table; empty where it says nothing.
    pub fn columns(&self, command: &str) -> &[String] {
        match self.of(command) {
            Some(own) if !own.columns.is_empty() => &own.columns,
            _ => &self.columns,
        }
    }

    fn of(&self, command: &str) -> Option<&OfCommand> {
        let mut commands = self.commands.iter();
        commands.find_map(|(name, it)| (name == command).then_some(it))
    }
}

/// A profile that was chosen, and whether somebody named it.
#[derive(Debug)]
pub struct Chosen {
    /// The profile.
    pub profile: Profile,
    /// Whether it was named for this call, and not taken since it is the default.
    is_named: bool,
    /// The file that it stands in.
    file: PathBuf,
}

/// The profile of a call: that of `--profile`, of the environment, or the default; none where none is
/// named and none is the default.
///
/// # Errors
/// A file that cannot be read, and a name that no profile has.
pub fn chosen(
    shape: &Shape,
    api: &Api,
    matches: &ArgMatches,
    around: &Surroundings<'_>,
) -> Result<Option<Chosen>, Failure> {
    let flag = matches.try_get_one::<String>("profile").ok().flatten();
    let variable = setting(api, Setting::Profile, around);
    let named = flag.cloned().or(variable);
    let Some(path) = place(shape, api, around) else {
        return match named {
            Some(_) => Err(homeless()),
            None => Ok(None),
        };
    };
    let Some(profiles) = Profiles::read(&path, &program(shape))? else {
        return match named {
            Some(name) => Err(Failure::usage(format!(
                "there is no profile `{name}`: {} is not there",
                path.display()
            ))
            .remedy(format!(
                "`{} login --profile {name}` makes one",
                shape.program(api)
            ))),
            None => Ok(None),
        };
    };
    let scope = Scope::of(shape, api, matches, around);
    let name = match &named {
        Some(name) => name,
        None => match profiles.default(&scope) {
            Some(name) => name,
            None => return Ok(None),
        },
    };
    let profile = profiles.get(name)?;
    if let (Some(of), false) = (&profile.api, shape.takes_spec)
        && *of != api.name
    {
        return Err(Failure::usage(format!(
            "the profile `{name}` is for {of}, not for {}",
            api.name
        ))
        .remedy(format!(
            "--api {of} calls it, and --profile names another one"
        )));
    }
    Ok(Some(Chosen {
        profile: profile.clone(),
        is_named: named.is_some(),
        file: path,
    }))
}

impl Chosen {
    /// What the profile says in the place of an environment variable; none where the environment, which
    /// goes before it, says so itself. The secret is fetched when it is asked for.
    ///
    /// # Errors
    /// A secret that cannot be fetched, and an address that the credentials are not meant for.
    pub(crate) fn fill(
        &self,
        api: &Api,
        needs_credentials: bool,
        matches: &ArgMatches,
        around: &Surroundings<'_>,
    ) -> Result<Vec<(String, String)>, Failure> {
        let mut filled = Vec::new();
        let put = |filled: &mut Vec<(String, String)>, setting: Setting, value: &str| {
            let name = api.variable(setting);
            if !name.is_empty() {
                filled.push((name.to_owned(), value.to_owned()));
            }
        };
        if let Some(url) = &self.profile.url
            && setting(api, Setting::Url, around).is_none()
        {
            put(&mut filled, Setting::Url, url);
        }
        let given = ["auth-token", "auth-user", "auth-password"];
        let is_given = given
            .iter()
            .any(|name| matches.get_one::<String>(name).is_some());
        let is_set = [Setting::Token, Setting::Password];
        let is_set = is_set
            .into_iter()
            .any(|it| setting(api, it, around).is_some());
        if !needs_credentials || is_given || is_set || self.profile.secret.is_none() {
            return Ok(filled);
        }
        self.meant(api, matches, around)?;
        let secret = secret::fetch(&self.profile, &self.file, around)?;
        match &self.profile.user {
            Some(user) => {
                put(&mut filled, Setting::User, user);
                put(&mut filled, Setting::Password, &secret);
            }
            None => put(&mut filled, Setting::Token, &secret),
        }
        Ok(filled)
    }

    /// Credentials that nobody named for this call go to the place that they were kept for.
    fn meant(
        &self,
        api: &Api,
        matches: &ArgMatches,
        around: &Surroundings<'_>,
    ) -> Result<(), Failure> {
        let Some(other) = scope::given(api, matches, around).filter(|_| !self.is_named) else {
            return Ok(());
        };
        let mut known: Vec<String> = api
            .servers
            .iter()
            .filter_map(|it| scope::of_server(it, matches))
            .collect();
        if let Some(url) = &self.profile.url {
            known = scope::host(url).into_iter().collect();
        }
        if scope::host(&other).is_some_and(|host| known.contains(&host)) {
            return Ok(());
        }
        let name = &self.profile.name;
        let message = format!(
            "the credentials of the profile `{name}`, which is the default, are for {}, and this call goes to {}",
            known.join(" or "),
            scope::host(&other).unwrap_or_default()
        );
        let failure = Failure::new(crate::failure::Exit::Credentials, message);
        Err(failure.remedy(format!("--profile {name} sends them there all the same")))
    }
}

/// The value of the first environment variable that sets something.
fn setting(api: &Api, setting: Setting, around: &Surroundings<'_>) -> Option<String> {
    let mut names = api.variables(setting);
    names.find_map(|name| (around.environment)(name).filter(|it| !it.trim().is_empty()))
}

/// The file of profiles.
fn place(shape: &Shape, api: &Api, around: &Surroundings<'_>) -> Option<PathBuf> {
    if let Some(path) = setting(api, Setting::Config, around) {
        return Some(path.into());
    }
    let folder = around.home.config.as_ref()?;
    Some(folder.join(program(shape)).join("config.toml"))
}

/// The name under which a program keeps things.
fn program(shape: &Shape) -> String {
    let mut words = shape.name.split(' ');
    words.next().unwrap_or_default().to_owned()
}

fn homeless() -> Failure {
    Failure::usage("there is no configuration folder: the system names no home of this user")
        .remedy("set HOME, or XDG_CONFIG_HOME; credentials can be given by the environment as well")
}
