//! The words of the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::{Long, Short, ValueExt};

use crate::{Pace, Settings};

/// What the words ask for.
pub(super) struct Options {
    pub documents: Vec<Document>,
    pub host: String,
    pub port: u16,
    pub names: Vec<String>,
    pub tls: Option<TlsChoice>,
    pub state: Option<PathBuf>,
    pub settings: Settings,
    /// What was named before the first document, which it is for.
    first: Document,
}

/// A document and what is for it alone.
#[derive(Default)]
pub(super) struct Document {
    pub spec: PathBuf,
    pub rules: Option<PathBuf>,
    pub base: Option<String>,
    pub stubs: Option<PathBuf>,
}

/// Which certificate is shown.
pub(super) enum TlsChoice {
    SelfSigned,
    /// A certificate and its key.
    Files(PathBuf, PathBuf),
}

impl Options {
    /// Reads the words; `None` where they ask for help.
    ///
    /// # Errors
    /// A sentence that says which word is wrong.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Option<Self>, String> {
        let mut options = Self {
            documents: Vec::new(),
            host: "127.0.0.1".to_owned(),
            port: 0,
            names: Vec::new(),
            tls: None,
            state: None,
            settings: Settings {
                pace: Pace::Real,
                ..Settings::default()
            },
            first: Document::default(),
        };
        let mut parser = lexopt::Parser::from_args(words);
        let shown = |error: lexopt::Error| error.to_string();
        while let Some(argument) = parser.next().map_err(shown)? {
            let name = match argument {
                Long("help") | Short('h') => return Ok(None),
                Long("no-rate-limit") => {
                    options.settings.rate_limit = false;
                    continue;
                }
                Long(name) => name.to_owned(),
                other => return Err(other.unexpected().to_string()),
            };
            if !options.take(&name, &mut parser)? {
                return Err(format!("there is no option --{name}"));
            }
        }
        if options.documents.is_empty() {
            return Err("--spec is missing".to_owned());
        }
        Ok(Some(options))
    }

    /// Reads the value of an option; `false` where there is no such option.
    fn take(&mut self, name: &str, parser: &mut lexopt::Parser) -> Result<bool, String> {
        let shown = |error: lexopt::Error| error.to_string();
        let mut value = || parser.value().map_err(shown);
        let settings = &mut self.settings;
        match name {
            "spec" => self.documents.push(Document {
                spec: value()?.into(),
                ..std::mem::take(&mut self.first)
            }),
            "rules" => {
                let rules = PathBuf::from(value()?);
                self.last().rules = Some(rules);
            }
            "stubs" => {
                let stubs = PathBuf::from(value()?);
                self.last().stubs = Some(stubs);
            }
            "base" => {
                let base = value()?.string().map_err(shown)?;
                if !base.starts_with('/') {
                    return Err(format!("--base is a path such as /v1, not `{base}`"));
                }
                self.last().base = Some(base);
            }
            "host" => self.host = value()?.string().map_err(shown)?,
            "port" => {
                let port = value()?.string().map_err(shown)?;
                let number = port.parse();
                self.port = number.map_err(|_| {
                    format!(
                        "--port is a number from 0, for any that is free, to 65535, not `{port}`"
                    )
                })?;
            }
            "allow-callback" => {
                let host = value()?.string().map_err(shown)?;
                settings.callback_hosts.push(host);
            }
            "allow-host" => self.names.push(value()?.string().map_err(shown)?),
            "tls" => {
                let certificate = value()?;
                self.tls = Some(if certificate == "self-signed" {
                    TlsChoice::SelfSigned
                } else {
                    let key = value().ok();
                    let key = key.filter(|key| !key.to_string_lossy().starts_with("--"));
                    let key = key.ok_or(
                        "--tls takes two files, a certificate and its key, or the word self-signed",
                    )?;
                    TlsChoice::Files(certificate.into(), key.into())
                });
            }
            "state" => self.state = Some(value()?.into()),
            "seed" => settings.seed = value()?.parse().map_err(shown)?,
            "token" => settings.token = Some(value()?.string().map_err(shown)?),
            "time" => settings.pace = Pace::parse(&value()?.string().map_err(shown)?)?,
            "cors" => {
                let text = value()?.string().map_err(shown)?;
                settings.cors = settings.cors.clone().with(&text)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The document that an option is for: the last one, or the first where none was named yet.
    fn last(&mut self) -> &mut Document {
        self.documents.last_mut().unwrap_or(&mut self.first)
    }
}
