//! Values of a document and the ways that lead to them.

use std::rc::Rc;

use verbatim_source::{Node, Pointer, SourceId, Span};

use crate::document::Location;

/// A value of the document and where it stands.
///
/// The way is shared with the values around, and written out only where a part is stored: a long
/// name would otherwise be copied into the place of everything below it.
#[derive(Clone)]
pub(super) struct NodeRef<'a> {
    pub(super) node: &'a Node,
    pub(super) file: SourceId,
    way: Option<Rc<Way<'a>>>,
    pub(super) manner: ReadMode,
}

/// How a place is read, where the place alone does not say it.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) enum ReadMode {
    #[default]
    Plain,
    /// As the schema of a value whose own members stand around it: a parameter or header of
    /// Swagger 2.0.
    Inline,
    /// As a part of Swagger 2.0 whose media types are named by the operation.
    Media(Rc<[String]>),
}

/// The last step to a value.
struct Way<'a> {
    holder: &'a Node,
    before: Option<Rc<Way<'a>>>,
    step: Step<'a>,
    /// Bytes of the whole way.
    length: usize,
}

#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

/// What a value is known by: its address, since the trees stay where they are.
pub(super) type NodeId = usize;

impl<'a> NodeRef<'a> {
    /// The root of a file.
    pub(super) fn root(file: SourceId, node: &'a Node) -> Self {
        Self {
            node,
            file,
            way: None,
            manner: ReadMode::Plain,
        }
    }

    fn step(&self, step: Step<'a>, node: &'a Node) -> Self {
        let own = match step {
            Step::Key(key) => key.len(),
            Step::Item(_) => 8,
        };
        let length = own + 1 + self.way.as_ref().map_or(0, |way| way.length);
        let way = Rc::new(Way {
            holder: self.node,
            before: self.way.clone(),
            step,
            length,
        });
        Self {
            node,
            file: self.file,
            way: Some(way),
            manner: ReadMode::Plain,
        }
    }

    /// The value of a member of this one.
    pub(super) fn down(&self, key: &'a str, node: &'a Node) -> Self {
        self.step(Step::Key(key), node)
    }

    /// An item of this one.
    pub(super) fn item(&self, index: usize, node: &'a Node) -> Self {
        self.step(Step::Item(index), node)
    }

    /// The member of an object.
    pub(super) fn member(&self, key: &'a str) -> Option<Self> {
        self.node.get(key).map(|node| self.down(key, node))
    }

    /// The value that holds this one.
    pub(super) fn up(&self) -> Option<Self> {
        let way = self.way.as_ref()?;
        Some(Self {
            node: way.holder,
            file: self.file,
            way: way.before.clone(),
            manner: ReadMode::Plain,
        })
    }

    /// The same place, read in another manner.
    pub(super) fn in_manner(&self, manner: ReadMode) -> Self {
        Self {
            manner,
            ..self.clone()
        }
    }

    pub(super) fn span(&self) -> Span {
        self.node.span
    }

    pub(super) fn mark(&self) -> NodeId {
        std::ptr::from_ref(self.node).addr()
    }

    /// About how many bytes the place takes when it is written out.
    pub(super) fn length(&self) -> usize {
        self.way.as_ref().map_or(0, |way| way.length)
    }

    /// The place, written out.
    pub(super) fn location(&self) -> Location {
        let mut steps = Vec::new();
        let mut way = self.way.as_ref();
        while let Some(last) = way {
            steps.push(last.step);
            way = last.before.as_ref();
        }
        let mut pointer = Pointer::root();
        for step in steps.iter().rev() {
            match step {
                Step::Key(key) => pointer.push(key),
                Step::Item(index) => pointer.push(&index.to_string()),
            }
        }
        Location {
            file: self.file,
            pointer,
        }
    }
}
