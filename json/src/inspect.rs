use std::fmt;

/// A value that can tell how much of it the document knows.
///
/// Generated types implement it through their tables.
pub trait Inspect {
    /// Reports every leaf of the value and everything the document does not know.
    fn inspect(&self, at: &mut Inspector<'_>);
}

/// What an inspection found at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A scalar or empty container in a declared place.
    Declared,
    /// A value in a place that the document leaves free, with this many leaves.
    FreeForm(usize),
    /// A property that the document does not name, with this many leaves.
    UnknownProperty(usize),
    /// A value that the document's enumeration does not list.
    UnknownValue,
    /// A text where the document allows one other alone.
    OtherConstant,
    /// A value that fits no branch of a union, with this many leaves.
    UnknownBranch(usize),
    /// Null where the document has none.
    UndocumentedNull,
}

/// The steps from the root of a value to a place inside it, innermost first.
#[derive(Clone, Copy)]
enum Path<'v> {
    Root,
    Property(&'v Path<'v>, &'v str),
    Item(&'v Path<'v>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Property(parent, name) => {
                write!(f, "{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
            }
            Self::Item(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// A place inside a value; displays as a JSON pointer.
#[derive(Clone, Copy)]
pub struct Place<'v>(Path<'v>);

impl Place<'_> {
    /// How many steps lead to it from the root.
    pub(crate) fn depth(&self) -> usize {
        let (mut depth, mut at) = (0, &self.0);
        while let Path::Property(parent, _) | Path::Item(parent, _) = at {
            (depth, at) = (depth + 1, parent);
        }
        depth
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// Walks a value and hands each finding, with its place, to a sink.
pub struct Inspector<'v> {
    path: Path<'v>,
    sink: &'v mut (dyn FnMut(Place<'_>, Finding) + 'v),
}

impl<'v> Inspector<'v> {
    /// An inspector at the root of a value.
    pub fn new(sink: &'v mut (dyn FnMut(Place<'_>, Finding) + 'v)) -> Self {
        Self {
            path: Path::Root,
            sink,
        }
    }

    /// Reports a finding at the present place.
    pub fn report(&mut self, finding: Finding) {
        (self.sink)(Place(self.path), finding);
    }

    /// Reports a declared scalar or empty container.
    pub fn declared(&mut self) {
        self.report(Finding::Declared);
    }

    /// Inspects a property of the present value.
    pub fn property(&mut self, name: &str, value: &dyn Inspect) {
        value.inspect(&mut Inspector {
            path: Path::Property(&self.path, name),
            sink: &mut *self.sink,
        });
    }

    /// Inspects an item of the present value.
    pub fn item(&mut self, index: usize, value: &dyn Inspect) {
        value.inspect(&mut Inspector {
            path: Path::Item(&self.path, index),
            sink: &mut *self.sink,
        });
    }

    /// Reports a finding about a property of the present value.
    pub fn report_property(&mut self, name: &str, finding: Finding) {
        (self.sink)(Place(Path::Property(&self.path, name)), finding);
    }
}

/// Counts of an inspection: how typed a value is, and what the document does not know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Leaves in declared places, unknown enum values and undocumented nulls among them.
    pub declared: usize,
    /// Leaves in places that are free by declaration, with their pointers.
    pub free_form: Vec<(String, usize)>,
    /// Everything the document does not know, with its pointer.
    pub drift: Vec<(String, Finding)>,
}

impl Survey {
    /// All leaves of the value.
    pub fn leaves(&self) -> usize {
        let free: usize = self.free_form.iter().map(|(_, leaves)| leaves).sum();
        self.declared + free + self.unknown_leaves()
    }

    /// Leaves in places that the document does not know.
    pub fn unknown_leaves(&self) -> usize {
        let unknown = self.drift.iter().map(|(_, finding)| match finding {
            Finding::UnknownProperty(leaves) | Finding::UnknownBranch(leaves) => *leaves,
            _ => 0,
        });
        unknown.sum()
    }
}

/// Inspects a value from its root.
pub fn survey(value: &dyn Inspect) -> Survey {
    let mut survey = Survey::default();
    value.inspect(&mut Inspector::new(&mut |place, finding| match finding {
        Finding::Declared => survey.declared += 1,
        Finding::FreeForm(leaves) => survey.free_form.push((place.to_string(), leaves)),
        Finding::UnknownValue | Finding::OtherConstant | Finding::UndocumentedNull => {
            survey.declared += 1;
            survey.drift.push((place.to_string(), finding));
        }
        Finding::UnknownProperty(_) | Finding::UnknownBranch(_) => {
            survey.drift.push((place.to_string(), finding));
        }
    }));
    survey
}
