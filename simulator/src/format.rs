//! Other formats of the same operations, chosen by the suffix of the path.

use bytes::Bytes;
use http::Response;
use verbatim_contract::Operation;

use crate::check;
use crate::respond::put;
use crate::simulator::Simulator;

impl Simulator {
    /// A path in the format that the document writes its paths in, and the media type that the
    /// path itself asks for where that is another.
    pub(crate) fn plain_path(&self, path: &str) -> (String, Option<&str>) {
        let path = self.without_slash(path);
        let formats = &self.contract.formats;
        let Some(documented) = formats
            .iter()
            .find(|format| verbatim_contract::is_json(&format.media))
        else {
            return (path.to_owned(), None);
        };
        let other = formats
            .iter()
            .find(|format| format.suffix != documented.suffix && path.ends_with(&format.suffix));
        match other {
            Some(other) => {
                let stem = path.strip_suffix(other.suffix.as_str()).unwrap_or(path);
                (format!("{stem}{}", documented.suffix), Some(&other.media))
            }
            None => (path.to_owned(), None),
        }
    }

    /// A path without the slash at its end, where that changes nothing and the document has no such path.
    fn without_slash<'a>(&self, path: &'a str) -> &'a str {
        let shorter = path
            .strip_suffix('/')
            .filter(|_| self.rules.lenient.trailing_slash);
        shorter
            .filter(|_| self.contract.of_path(path).is_empty())
            .unwrap_or(path)
    }

    /// Writes a JSON body in another documented format.
    pub(crate) fn reformat(
        &self,
        operation: &Operation,
        media: &str,
        response: &mut Response<Bytes>,
    ) {
        let is_json = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .is_some_and(verbatim_contract::is_json);
        let reply = operation.reply(response.status().as_u16());
        let schema = reply.and_then(|reply| reply.media(media).or(reply.json())?.schema.as_ref());
        let (Some(schema), true, true) = (schema, is_json, check::is_xml(media)) else {
            return;
        };
        let Ok(value) = crate::json::json(response.body()) else {
            return;
        };
        *response.body_mut() = Bytes::from(verbatim_contract::xml::from_value(
            &self.contract,
            schema,
            &value,
        ));
        put(response.headers_mut(), "content-type", media);
    }
}
