//! Reading the members of an object of the ledger, with a complaint for each that is missing, unknown or of the wrong kind.

use std::collections::BTreeSet;

use verbatim_source::{Diagnostic, Node, Object};

use crate::import::code;

/// The members of one object while it is read.
pub(super) struct Fields<'n, 'p> {
    what: &'static str,
    node: &'n Node,
    object: Option<&'n Object>,
    asked: BTreeSet<&'static str>,
    problems: &'p mut Vec<Diagnostic>,
}

impl<'n, 'p> Fields<'n, 'p> {
    /// Starts reading `node`, which messages call `what`.
    pub fn open(node: &'n Node, what: &'static str, problems: &'p mut Vec<Diagnostic>) -> Self {
        let object = node.as_object();
        let mut fields = Self {
            what,
            node,
            object,
            asked: BTreeSet::new(),
            problems,
        };
        if object.is_none() {
            fields.refuse(&format!(
                "{what} must be an object, not {}",
                node.value.kind()
            ));
        }
        fields
    }

    /// Complains about the object as a whole.
    pub fn refuse(&mut self, message: &str) {
        self.problems
            .push(Diagnostic::error(code::LEDGER, message).at(self.node.span, "here"));
    }

    /// Where complaints are collected.
    pub fn problems(&mut self) -> &mut Vec<Diagnostic> {
        self.problems
    }

    /// A member that must be there.
    pub fn node(&mut self, name: &'static str) -> Option<&'n Node> {
        self.asked.insert(name);
        let found = self.object?.get(name);
        if found.is_none() {
            self.refuse(&format!("{} has no `{name}`", self.what));
        }
        found
    }

    /// A line number or a count.
    pub fn number(&mut self, name: &'static str) -> Option<u32> {
        let node = self.node(name)?;
        let number = node.as_number().and_then(|lexeme| lexeme.parse().ok());
        self.known(name, number, node, "a whole number")
    }

    /// A text that is not empty.
    pub fn text(&mut self, name: &'static str) -> Option<&'n str> {
        let node = self.node(name)?;
        let text = node.as_str().filter(|text| !text.trim().is_empty());
        self.known(name, text, node, "a text")
    }

    /// A number literal or a text.
    pub fn scalar(&mut self, name: &'static str) -> Option<&'n str> {
        let node = self.node(name)?;
        let scalar = node.as_number().or_else(|| node.as_str());
        self.known(name, scalar, node, "a number or a text")
    }

    /// One of a few words.
    pub fn word(&mut self, name: &'static str, words: &[&'static str]) -> Option<&'static str> {
        let node = self.node(name)?;
        let word = words
            .iter()
            .copied()
            .find(|word| node.as_str() == Some(word));
        self.known(
            name,
            word,
            node,
            &format!("one of `{}`", words.join("`, `")),
        )
    }

    /// A list that must be there.
    pub fn list(&mut self, name: &'static str) -> Option<&'n [Node]> {
        let node = self.node(name)?;
        self.known(name, node.as_array(), node, "a list")
    }

    /// A list that may be absent.
    pub fn optional_list(&mut self, name: &'static str) -> &'n [Node] {
        self.asked.insert(name);
        match self.object.and_then(|object| object.get(name)) {
            Some(node) => self
                .known(name, node.as_array(), node, "a list")
                .unwrap_or_default(),
            None => &[],
        }
    }

    /// An object that may be absent.
    pub fn optional_object(&mut self, name: &'static str) -> Option<&'n Object> {
        self.asked.insert(name);
        let node = self.object?.get(name)?;
        self.known(name, node.as_object(), node, "an object")
    }

    /// A list of line numbers.
    pub fn numbers(&mut self, name: &'static str) -> Vec<u32> {
        let Some(list) = self.list(name) else {
            return Vec::new();
        };
        let mut numbers = Vec::new();
        for node in list {
            let number: Option<u32> = node.as_number().and_then(|lexeme| lexeme.parse().ok());
            numbers.extend(self.known(name, number, node, "a list of line numbers"));
        }
        if list.is_empty() {
            self.refuse(&format!("`{name}` of {} is empty", self.what));
        }
        numbers
    }

    /// Complains about members that nobody asked for.
    pub fn close(self) {
        for member in self.object.into_iter().flatten() {
            if !self.asked.contains(member.key.as_str()) {
                let message = format!("{} has an unknown member `{}`", self.what, member.key);
                let known: Vec<&str> = self.asked.iter().copied().collect();
                let problem =
                    Diagnostic::error(code::LEDGER, message).at(member.key_span, "not known here");
                self.problems
                    .push(problem.help(format!("known members: `{}`", known.join("`, `"))));
            }
        }
    }

    fn known<T>(&mut self, name: &str, value: Option<T>, node: &Node, wanted: &str) -> Option<T> {
        if value.is_none() {
            let message = format!("`{name}` of {} must be {wanted}", self.what);
            let found = format!("this is {}", node.value.kind());
            self.problems
                .push(Diagnostic::error(code::LEDGER, message).at(node.span, found));
        }
        value
    }
}
