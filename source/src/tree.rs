//! A text as it was read, with what is not quite right in it.

use crate::catalogue;
use crate::diagnostic::Diagnostic;
use crate::equal;
use crate::node::{Duplicate, Member, Node, Object};

/// Keys named twice that are told of; a text with more of them is refused.
pub(crate) const MOST_REPEATED: usize = 100;

/// What a text was read as, and the keys in it that are named twice.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The value, in which the first member of each key stands.
    pub root: Node,
    /// The keys that are named twice, in the order in which their objects end.
    pub repeated: Vec<Duplicate>,
    /// What was read though it is not quite right.
    pub warnings: Vec<Diagnostic>,
}

impl Tree {
    /// The tree, unless there are other problems.
    pub(crate) fn checked(self, mut problems: Vec<Diagnostic>) -> Result<Self, Vec<Diagnostic>> {
        if problems.is_empty() && self.repeated.len() < MOST_REPEATED {
            return Ok(self);
        }
        let repeated = self.repeated.iter().take(MOST_REPEATED);
        problems.extend(repeated.map(catalogue::duplicate_key));
        Err(problems)
    }

    /// The value of a text in which no key is named twice.
    ///
    /// # Errors
    /// A problem for each key that is.
    pub fn strict(self) -> Result<Node, Vec<Diagnostic>> {
        if self.repeated.is_empty() {
            return Ok(self.root);
        }
        let repeated = self.repeated.iter();
        Err(repeated.map(catalogue::duplicate_key).collect())
    }
}

impl Object {
    /// An object of members in their order, and the members left out because their key was named before.
    pub fn from_members(members: Vec<Member>) -> (Self, Vec<Duplicate>) {
        Self::from_members_by(members, |one, other| equal::same(one, other).is_ok())
    }
}
