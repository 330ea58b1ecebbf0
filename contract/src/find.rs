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

    /// A raw path without the base path of the document; `None` where it does not begin with it.
    pub fn below_base<'a>(&self, raw_path: &'a str) -> Option<&'a str> {
        below(raw_path, &self.base_path)
    }
}

/// A raw path without a base path.
fn below<'a>(raw_path: &'a str, base: &str) -> Option<&'a str> {
    let rest = raw_path.strip_prefix(base)?;
    rest.starts_with('/').then_some(rest)
}
