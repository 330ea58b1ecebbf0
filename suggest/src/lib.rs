//! What an `OpenAPI` document does not declare, proposed as an overlay.
//!
//! Paging, waiting, rates and secrets are ours by declaration (`x-verbatim-…`), so that no code knows any one API. A
//! document from elsewhere declares none of them, yet much can be seen in it: a parameter `page` beside a list and its
//! total, a 202 with a task that an operation reads. [`suggest`] reads a document and gives [`Proposal`]s, each with
//! its reason and the places that speak for it; [`overlay()`] writes them down for the generator. Nothing is applied
//! unasked, and what only a person can decide is a [`Remark`].

mod behaviour;
mod method;
mod naming;
mod overlay;
mod page;
mod rate;
mod secret;
mod target;
mod view;
mod wait;
mod words;
mod wrapper;

use std::fmt;

use verbatim_codegen::document::{self, Input};
use verbatim_codegen::ir;
use verbatim_codegen::origin::Origin;
use verbatim_codegen::problem::Problem;
use verbatim_source::Value;

pub use overlay::{overlay, text};

use target::Targets;
use view::View;

/// What is proposed for a document.
#[derive(Clone, Debug, Default)]
pub struct Suggestions {
    /// The title of the document.
    pub title: String,
    /// What could be declared, in the order of the document within each kind.
    pub proposals: Vec<Proposal>,
    /// What only a person can decide.
    pub remarks: Vec<Remark>,
}

/// A declaration that a document seems to be missing.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// What it is about.
    pub kind: Kind,
    /// What it is for: `GET /pets`, `Pet.password`, `the document`.
    pub subject: String,
    /// Where that is described.
    pub origin: Origin,
    /// The extension: `x-verbatim-pagination`.
    pub extension: &'static str,
    /// Its value.
    pub value: Value,
    /// Why, in a sentence.
    pub reason: String,
    /// The places that speak for it.
    pub places: Vec<Place>,
    /// The `JSONPath` of what the extension belongs to, in the root file.
    pub target: String,
}

/// A place of the document, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it is.
    pub origin: Origin,
    /// What stands there, in a few words.
    pub says: String,
}

/// Something that could be declared, though the document does not say enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it is about: `GET /pets`.
    pub subject: String,
    /// Where that is described.
    pub origin: Origin,
    /// What is missing, and what a person could do.
    pub text: String,
}

/// What a proposal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A list that is read page by page.
    Pages,
    /// Work that goes on after the reply.
    Wait,
    /// How many requests are allowed.
    Rate,
    /// Whether an operation can be sent again, or changes nothing.
    Repetition,
    /// A value that must not be shown.
    Secret,
    /// An object that is only the root key around a value.
    Wrapper,
    /// What a method is called.
    Name,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pages => "Lists that are read page by page",
            Self::Wait => "Work that goes on after the reply",
            Self::Rate => "How many requests are allowed",
            Self::Repetition => "What can be sent again, and what changes something",
            Self::Secret => "Values that must not be shown",
            Self::Wrapper => "Root keys around a value",
            Self::Name => "Names of methods",
        })
    }
}

/// Reads a document and proposes what it could declare.
///
/// # Errors
/// All problems of a document of which nothing can be used.
pub fn suggest(input: &Input) -> Result<Suggestions, Vec<Problem>> {
    let document = document::read(input)?;
    let api = ir::lower(&document);
    let view = View::new(&api);
    let mut found = Found::default();
    page::find(&view, &mut found);
    wait::find(&view, &mut found);
    rate::find(&view, &mut found);
    behaviour::find(&view, &mut found);
    secret::find(&view, &mut found);
    wrapper::find(&view, &mut found);
    method::find(&view, input, &mut found)?;
    naming::find(&view, &mut found);
    let targets = Targets::of(input);
    let mut suggestions = Suggestions {
        title: api.title.clone(),
        remarks: found.remarks,
        ..Suggestions::default()
    };
    for draft in found.drafts {
        match targets.path(&draft.origin) {
            Some(target) => suggestions.proposals.push(Proposal { target, ..draft }),
            None => suggestions.remarks.push(outside(&draft)),
        }
    }
    suggestions.proposals.sort_by_key(|proposal| proposal.kind);
    Ok(suggestions)
}

/// An overlay changes the root file alone.
fn outside(draft: &Proposal) -> Remark {
    let value = verbatim_source::write::compact(&draft.value);
    Remark {
        subject: draft.subject.clone(),
        origin: draft.origin.clone(),
        text: format!(
            "{} An overlay reaches the root file alone; write `{}: {value}` into this file.",
            draft.reason, draft.extension
        ),
    }
}

/// What was found so far; the targets of drafts are not known yet.
#[derive(Debug, Default)]
struct Found {
    drafts: Vec<Proposal>,
    remarks: Vec<Remark>,
}

impl Found {
    fn propose(&mut self, kind: Kind, (subject, origin): (String, &Origin), draft: Draft) {
        self.drafts.push(Proposal {
            kind,
            subject,
            origin: origin.clone(),
            extension: draft.extension,
            value: draft.value,
            reason: draft.reason,
            places: draft.places,
            target: String::new(),
        });
    }

    fn remark(&mut self, subject: String, origin: &Origin, text: String) {
        let origin = origin.clone();
        self.remarks.push(Remark {
            subject,
            origin,
            text,
        });
    }
}

/// What is to be declared, before it is known for what.
struct Draft {
    extension: &'static str,
    value: Value,
    reason: String,
    places: Vec<Place>,
}

impl Place {
    fn new(origin: &Origin, says: impl Into<String>) -> Self {
        Self {
            origin: origin.clone(),
            says: says.into(),
        }
    }
}
