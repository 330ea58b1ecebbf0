//! The headers of a signed request.

use super::{Form, Scheme, SignatureError, Unit};
use http::{HeaderMap, HeaderName};

/// What the headers say.
pub(super) struct Read<'h> {
    /// The identifier; empty where the scheme has none.
    pub id: &'h str,
    /// The timestamp as it was sent; empty where the scheme has none.
    pub timestamp: &'h str,
    /// The timestamp in seconds.
    pub seconds: Option<u64>,
    /// The signatures, of which one must be good.
    pub signatures: Vec<Vec<u8>>,
}

impl Scheme {
    pub(super) fn read<'h>(&self, headers: &'h HeaderMap) -> Result<Read<'h>, SignatureError> {
        let malformed = |name: &HeaderName| SignatureError::Malformed(name.to_string());
        let id = self.id.as_ref().map(|name| only(headers, name));
        let id = id.transpose()?.unwrap_or_default();
        // Where an identifier may hold the delimiter, its end could be moved into the timestamp.
        if let Some(name) = self.id.as_ref().filter(|_| id.contains('.')) {
            return Err(malformed(name));
        }
        let beside = self.timestamp.as_ref().map(|name| only(headers, name));
        let mut timestamp = beside.transpose()?;
        let mut signatures = Vec::new();
        for value in texts(headers, &self.header)? {
            let within = self.candidates(value, &mut signatures);
            if let Some(within) = within.map_err(|()| malformed(&self.header))?
                && timestamp.replace(within).is_some_and(|it| it != within)
            {
                return Err(malformed(&self.header));
            }
        }
        let has_time = matches!(self.form, Form::Pairs { .. });
        if signatures.is_empty() || (has_time && timestamp.is_none()) {
            return Err(malformed(&self.header));
        }
        let place = self.timestamp.as_ref().unwrap_or(&self.header);
        let seconds = timestamp.map(|text| self.seconds(text).ok_or_else(|| malformed(place)));
        Ok(Read {
            id,
            timestamp: timestamp.unwrap_or_default(),
            seconds: seconds.transpose()?,
            signatures,
        })
    }

    /// Takes the signatures out of a header; gives the timestamp beside them.
    fn candidates<'h>(
        &self,
        value: &'h str,
        signatures: &mut Vec<Vec<u8>>,
    ) -> Result<Option<&'h str>, ()> {
        let mut timestamp = None;
        match &self.form {
            Form::Plain(prefix) => {
                let written = value.split(',').map(str::trim);
                let written = written.filter_map(|it| it.strip_prefix(prefix.as_str()));
                signatures.extend(written.filter_map(|it| self.decoded(it)));
            }
            Form::Pairs { time, signature } => {
                for pair in value.split(',') {
                    let (name, value) = pair.trim().split_once('=').ok_or(())?;
                    if name == time && timestamp.replace(value).is_some() {
                        return Err(());
                    }
                    if name == signature {
                        signatures.extend(self.decoded(value));
                    }
                }
            }
            Form::Versions => {
                let versions = value.split(' ').filter_map(|it| it.split_once(','));
                // Other versions are other algorithms.
                let first = versions.filter(|(version, _)| *version == "v1");
                signatures.extend(first.filter_map(|(_, it)| self.decoded(it)));
            }
        }
        Ok(timestamp)
    }

    fn seconds(&self, timestamp: &str) -> Option<u64> {
        let is_number = timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let number = timestamp.parse::<u64>().ok().filter(|_| is_number)?;
        Some(match self.unit {
            Unit::Seconds => number,
            Unit::Milliseconds => number / 1000,
        })
    }
}

/// The values of a header, of which there is one at least.
fn texts<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Vec<&'h str>, SignatureError> {
    let values = headers.get_all(name).iter();
    let texts: Result<Vec<&str>, _> = values.map(|value| value.to_str()).collect();
    let texts = texts.map_err(|_| SignatureError::Malformed(name.to_string()))?;
    if texts.is_empty() {
        return Err(SignatureError::Missing(name.to_string()));
    }
    Ok(texts)
}

/// The value of a header that is there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<&'h str, SignatureError> {
    match texts(headers, name)?.as_slice() {
        [only] if !only.is_empty() => Ok(only),
        _ => Err(SignatureError::Malformed(name.to_string())),
    }
}
