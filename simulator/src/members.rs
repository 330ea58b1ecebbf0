//! Members of a settings file, read with their places.

use std::str::FromStr;

use verbatim_source::{Diagnostic, Node, Value};

/// Reads the values of a file, and keeps what is wrong with them.
pub(crate) trait MemberReader {
    /// What is read, as complaints name it: "the rules".
    const SUBJECT: &'static str;
    /// The code of a value of another kind.
    const WRONG: &'static str;
    /// The code of a name that is not known.
    const UNKNOWN: &'static str;

    /// What is wrong so far.
    fn problems(&mut self) -> &mut Vec<Diagnostic>;

    /// The members of an object; none, and a complaint that wants `wanted`, where there is something else.
    fn members<'n>(&mut self, node: &'n Node, wanted: &str) -> Vec<(&'n str, &'n Node)> {
        if let Value::Object(object) = &node.value {
            let members = object.iter();
            return members
                .map(|member| (member.key.as_str(), &member.value))
                .collect();
        }
        self.wrong(node, wanted, node.value.kind());
        Vec::new()
    }

    /// A text; an empty one where there is something else.
    fn text(&mut self, node: &Node) -> String {
        if let Some(text) = node.as_str() {
            return text.to_owned();
        }
        self.wrong(node, "a text", node.value.kind());
        String::new()
    }

    /// A whole number.
    fn number<N: FromStr>(&mut self, node: &Node) -> Option<N> {
        let number = node.as_number().and_then(|lexeme| lexeme.parse().ok());
        if number.is_none() {
            self.wrong(node, "a whole number", node.value.kind());
        }
        number
    }

    /// A truth value; false where there is something else.
    fn flag(&mut self, node: &Node) -> bool {
        node.as_bool().unwrap_or_else(|| {
            self.wrong(node, "true or false", node.value.kind());
            false
        })
    }

    /// Complains of a value of another kind.
    fn wrong(&mut self, node: &Node, wanted: &str, found: &str) {
        let message = format!("{} expect {wanted}", Self::SUBJECT);
        let problem =
            Diagnostic::error(Self::WRONG, message).at(node.span, format!("this is {found}"));
        self.problems().push(problem);
    }

    /// Complains of a name that is not known.
    fn unknown(&mut self, key: &str, node: &Node, known: &str) {
        let message = format!("{} know no `{key}` here", Self::SUBJECT);
        let problem = Diagnostic::error(Self::UNKNOWN, message)
            .at(node.span, "this value is of no use")
            .help(format!("known are: {known}"));
        self.problems().push(problem);
    }
}
