//! Tables in a file, of which a command reads what it needs: a line with everything that lists of operations need,
//! and behind it what is said about each operation, which is read when the operation is chosen.

use super::{Api, Group, Method};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::sync::Arc;
use verbatim_json::Json;

/// What stands behind the line.
#[derive(Debug)]
pub(super) struct Behind {
    file: File,
    /// Where it begins.
    start: u64,
}

/// Two of them are the same where they are one: what they hold is not read for a comparison.
impl PartialEq for Behind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Behind {
    /// The text at a place that the line names: `[begin,length]`.
    pub(super) fn read(&self, place: &Json) -> Result<String, String> {
        let (begin, length) = span(place)?;
        let mut file = &self.file;
        let mut text = String::new();
        file.seek(SeekFrom::Start(self.start + begin))
            .and_then(|_| file.take(length).read_to_string(&mut text))
            .map_err(|error| error.to_string())?;
        Ok(text)
    }
}

fn span(place: &Json) -> Result<(u64, u64), String> {
    serde_json::from_str(place.as_str()).map_err(|error| error.to_string())
}

impl Api {
    /// The text of a file from which [`Api::kept_in`] reads what is needed.
    ///
    /// # Errors
    /// Never for tables that were made from a document.
    pub fn to_kept(&self) -> Result<String, String> {
        let mut behind = String::new();
        let mut groups = Vec::new();
        for group in &self.groups {
            let mut methods = Vec::new();
            for method in &group.methods {
                let detail = method.detail()?;
                let place = format!("[{},{}]", behind.len(), detail.len());
                behind.push_str(&detail);
                methods.push(Method {
                    detail: place.parse::<Json>().map_err(|error| error.to_string())?,
                    ..method.bare()
                });
            }
            groups.push(Group {
                name: group.name.clone(),
                about: group.about.clone(),
                methods,
            });
        }
        let line = Self {
            groups,
            ..self.bare()
        };
        let line = verbatim_json::to_string(&line).map_err(|error| error.to_string())?;
        Ok(format!("{line}\n{behind}"))
    }

    /// Tables that were kept in a file.
    ///
    /// # Errors
    /// A file that holds none, or not all of them.
    pub fn kept_in(file: File) -> Result<Self, String> {
        let size = file.metadata().map_err(|error| error.to_string())?.len();
        let mut line = String::new();
        BufReader::with_capacity(1 << 16, &file)
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        let mut api = Self::from_text(&line)?;
        let behind = Arc::new(Behind {
            file,
            start: line.len() as u64,
        });
        for method in api.groups.iter_mut().flat_map(|group| &mut group.methods) {
            let (begin, length) = span(&method.detail)?;
            let end = begin
                .checked_add(length)
                .and_then(|end| end.checked_add(behind.start));
            if end.is_none_or(|end| end > size) {
                return Err("they end too early".to_owned());
            }
            method.behind = Some(Arc::clone(&behind));
        }
        Ok(api)
    }

    /// Everything but the operations.
    fn bare(&self) -> Self {
        Self {
            form: self.form,
            name: self.name.clone(),
            title: self.title.clone(),
            version: self.version.clone(),
            environment: self.environment.clone(),
            variables: self.variables.clone(),
            servers: self.servers.clone(),
            security: self.security.clone(),
            rate_limit: self.rate_limit.clone(),
            groups: Vec::new(),
        }
    }
}

impl Method {
    /// What lists of operations need, and nothing else.
    fn bare(&self) -> Self {
        Self {
            name: self.name.clone(),
            about: self.about.clone(),
            id: self.id.clone(),
            verb: self.verb.clone(),
            path: self.path.clone(),
            deprecated: self.deprecated,
            detail: Json::null(),
            behind: None,
        }
    }
}
