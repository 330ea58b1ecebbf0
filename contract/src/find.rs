//! From a request line to an operation.

use percent_encoding::percent_decode_str;

use crate::contract::Contract;
use crate::operation::Operation;

/// What a method and a path lead to.
#[derive(Debug, Clone)]
pub enum Found<'a> {
    /// An operation and the values of its path parameters, decoded.
    Operation(&'a Operation, Vec<(String, String)>),
    /// The path is documented, the method is not; these are.
    Methods(Vec<&'a str>),
    /// No documented path.
    Nothing,
}

impl Contract {
    /// The operation of a method and a raw path. The path is that of the request line: with the
    /// base path of a server, percent-encoded, without the query. The servers are those of the
    /// document, of the path or of the operation, whichever stands nearest to the operation.
    ///
    /// Where several templates match, the most specific one is meant, whether or not it has the
    /// method: `/servers/sizes` is not a server called `sizes`.
    pub fn find(&self, method: &str, raw_path: &str) -> Found<'_> {
        let mut methods = Vec::new();
        for operation in self.of_path(raw_path) {
            if operation.method == method {
                let values = self.values(operation, raw_path);
                return Found::Operation(operation, values.unwrap_or_default());
            }
            methods.push(operation.method.as_str());
        }
        if methods.is_empty() {
            Found::Nothing
        } else {
            Found::Methods(methods)
        }
    }

    /// The operations of the path that a raw path is, whatever their methods.
    pub fn of_path(&self, raw_path: &str) -> Vec<&Operation> {
        for base in &self.bases {
            let Some(rest) = below(raw_path, base) else {
                continue;
            };
            for numbers in self.routes.candidates(rest) {
                let operations = numbers.iter().filter_map(|at| self.operations().get(*at));
                let served: Vec<&Operation> = operations
                    .filter(|operation| operation.bases.contains(base))
                    .filter(|operation| operation.template.matches(rest).is_some())
                    .collect();
                if !served.is_empty() {
                    return served;
                }
            }
        }
        Vec::new()
    }

    fn values(&self, operation: &Operation, raw_path: &str) -> Option<Vec<(String, String)>> {
        let mut bases = self.bases.iter();
        bases.find_map(|base| {
            let rest = below(raw_path, base).filter(|_| operation.bases.contains(base))?;
            operation.template.matches(rest)
        })
    }

    /// The base path that a raw path begins with, as it was sent; empty where it is below none.
    pub fn base_of<'a>(&self, raw_path: &'a str) -> &'a str {
        let mut bases = self.bases().iter();
        let rest = bases.find_map(|base| below(raw_path, base));
        &raw_path[..rest.map_or(0, |rest| raw_path.len() - rest.len())]
    }

    /// A raw path without the base path of the document; `None` where it does not begin with it.
    pub fn below_base<'a>(&self, raw_path: &'a str) -> Option<&'a str> {
        below(raw_path, &self.base_path)
    }
}

/// What stands in a raw path after a base path: nothing, or what begins with a slash; `None` where the path is not
/// below it. In a base such as `/{tenant}/v1` any one segment may stand for the variable.
pub fn after<'a>(raw_path: &'a str, base: &str) -> Option<&'a str> {
    let mut rest = raw_path;
    if base.contains('{') || (raw_path.contains('%') && base.contains('%')) {
        for segment in base.split('/').skip(1) {
            let inner = rest.strip_prefix('/')?;
            let (given, _) = inner.split_once('/').unwrap_or((inner, ""));
            rest = stands_for(segment, given).then(|| &inner[given.len()..])?;
        }
    } else {
        rest = raw_path.strip_prefix(base)?;
    }
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Whether a segment of a path is one of a base, which may have a variable in it.
fn stands_for(segment: &str, given: &str) -> bool {
    let variable = segment
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
    match variable {
        None => segment == given || percent_decode_str(segment).eq(percent_decode_str(given)),
        Some((before, after)) => {
            let inner = given.strip_prefix(before);
            let inner = inner.and_then(|inner| inner.strip_suffix(after));
            inner.is_some_and(|inner| !inner.is_empty())
        }
    }
}

/// A raw path below a base path.
fn below<'a>(raw_path: &'a str, base: &str) -> Option<&'a str> {
    after(raw_path, base).filter(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_of_a_base_is_one_segment() {
        assert_eq!(after("/v1/pets", "/v1"), Some("/pets"));
        assert_eq!(after("/v1", "/v1"), Some(""));
        assert_eq!(after("/v10/pets", "/v1"), None);
        assert_eq!(after("/acme/v1/pets", "/{tenant}/v1"), Some("/pets"));
        assert_eq!(after("/acme/v2/pets", "/{tenant}/v{n}"), Some("/pets"));
        assert_eq!(after("/acme/v/pets", "/{tenant}/v{n}"), None);
        assert_eq!(after("/a%20%62/pets", "/a%20b"), Some("/pets"));
        assert_eq!(after("/a/b/pets", "/a%2Fb"), None);
        assert_eq!(after("//v1/pets", "/{tenant}/v1"), None);
        assert_eq!(after("/acme", "/{tenant}/v1"), None);
    }
}
