//! From a request line to an operation.

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
    /// base path of the document, percent-encoded, without the query.
    ///
    /// Where several templates match, the most specific one is meant, whether or not it has the
    /// method: `/servers/sizes` is not a server called `sizes`.
    pub fn find(&self, method: &str, raw_path: &str) -> Found<'_> {
        let Some(path) = self.below_base(raw_path) else {
            return Found::Nothing;
        };
        let mut best: Option<(Vec<u8>, &str)> = None;
        for operation in self.operations() {
            if best
                .as_ref()
                .is_some_and(|(_, path)| *path == operation.path)
            {
                continue;
            }
            if operation.template.matches(path).is_some() {
                let rank = operation.template.rank();
                if best.as_ref().is_none_or(|(best, _)| rank > *best) {
                    best = Some((rank, &operation.path));
                }
            }
        }
        let Some((_, template)) = best else {
            return Found::Nothing;
        };
        let mut methods = Vec::new();
        for operation in self
            .operations()
            .iter()
            .filter(|operation| operation.path == template)
        {
            if operation.method == method {
                let values = operation.template.matches(path).unwrap_or_default();
                return Found::Operation(operation, values);
            }
            methods.push(operation.method.as_str());
        }
        Found::Methods(methods)
    }

    /// A raw path without the base path of the document; `None` where it does not begin with it.
    pub fn below_base<'a>(&self, raw_path: &'a str) -> Option<&'a str> {
        let rest = raw_path.strip_prefix(self.base_path.as_str())?;
        rest.starts_with('/').then_some(rest)
    }
}
