//! The defect ledger: what is known to be wrong in one documentation text, and what is done about it.
//!
//! A YAML document with three lists. `counts` says how much the text holds, so that a text that was cut between two
//! operations is noticed. `repairs` lists defects of JSON text, `keywords` the words in schemas that JSON Schema does
//! not know. Every entry names its lines and gives a reason, and every entry must find something to do.

mod field;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use verbatim_source::{Diagnostic, Limits, Node, SourceId, Sources, Span, yaml};

use super::code;
use super::counts::Counts;
use field::Fields;

/// A read ledger.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub counts: Expected,
    pub repairs: Vec<Repair>,
    pub keywords: Vec<Keyword>,
}

/// How much the text holds, and where the ledger says so.
#[derive(Debug)]
pub(crate) struct Expected {
    pub span: Span,
    pub counts: Counts,
}

/// A defect of JSON text and its repair.
#[derive(Debug)]
pub(crate) struct Repair {
    pub span: Span,
    /// The line that is changed.
    pub line: u32,
    pub action: Action,
    used: Cell<bool>,
}

/// What a repair does.
#[derive(Debug)]
pub(crate) enum Action {
    /// Drops the comma before a closing bracket.
    DropComma,
    /// Keeps one of two members of the same key.
    Keep(Repeated),
}

/// A key that an object holds twice.
#[derive(Debug)]
pub(crate) struct Repeated {
    pub key: String,
    /// The two readings in the order of the text.
    pub readings: [Reading; 2],
    pub kept: Occurrence,
}

/// One of the values of a repeated key.
#[derive(Debug)]
pub(crate) struct Reading {
    pub line: u32,
    /// The number literal, or the text of a string.
    pub value: String,
}

/// Which reading of a repeated key stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occurrence {
    First,
    Last,
}

/// A word in schemas that JSON Schema does not know.
#[derive(Debug)]
pub(crate) struct Keyword {
    pub span: Span,
    pub word: String,
    pub treatment: Treatment,
    /// The lines on which it stands.
    pub lines: BTreeSet<u32>,
    seen: RefCell<BTreeSet<u32>>,
}

/// What is done with an unknown word in a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// It holds prose.
    LeaveOut,
    /// It holds a fact.
    Keep,
}

impl Action {
    /// Name of the defect, as the ledger writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::DropComma => "trailing-comma",
            Self::Keep(_) => "repeated-key",
        }
    }

    /// Name of the repair, as the ledger writes it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::DropComma => "drop-comma",
            Self::Keep(Repeated {
                kept: Occurrence::First,
                ..
            }) => "keep-first",
            Self::Keep(Repeated {
                kept: Occurrence::Last,
                ..
            }) => "keep-last",
        }
    }
}

impl Repair {
    /// Notes that the repair was made.
    pub fn mark_used(&self) {
        self.used.set(true);
    }
}

impl Ledger {
    /// Reads the ledger, with all its mistakes if there are any.
    pub fn read(sources: &Sources, id: SourceId) -> Result<Self, Vec<Diagnostic>> {
        let root = yaml::parse(sources, id, &Limits::default())?;
        let mut problems = Vec::new();
        let mut fields = Fields::open(&root, "the ledger", &mut problems);
        let counts = fields.node("counts");
        let repairs = fields.optional_list("repairs");
        let keywords = fields.optional_list("keywords");
        fields.close();
        let repairs: Vec<Repair> = repairs
            .iter()
            .filter_map(|node| repair(node, &mut problems))
            .collect();
        let keywords = keywords
            .iter()
            .filter_map(|node| keyword(node, &mut problems))
            .collect();
        let counts = counts.map(|node| expected(node, &mut problems));
        match counts {
            Some(counts) if problems.is_empty() => Ok(Self {
                counts,
                repairs,
                keywords,
            }),
            _ => Err(problems),
        }
    }

    /// What is to be done with `word` in a schema on `line`; `None` if no entry says.
    pub fn keyword(&self, word: &str, line: u32) -> Option<Treatment> {
        let entry = self
            .keywords
            .iter()
            .find(|entry| entry.word == word && entry.lines.contains(&line))?;
        entry.seen.borrow_mut().insert(line);
        Some(entry.treatment)
    }

    /// A complaint for each entry, and each line of an entry, that found nothing to do.
    pub fn idle(&self) -> Vec<Diagnostic> {
        let idle = self.repairs.iter().filter(|repair| !repair.used.get());
        let mut problems: Vec<Diagnostic> = idle
            .map(|repair| {
                let message = format!(
                    "the repair `{}` finds nothing to do on line {}",
                    repair.action.rule(),
                    repair.line
                );
                idle_entry(message, repair.span)
            })
            .collect();
        for entry in &self.keywords {
            let seen = entry.seen.borrow();
            let missing: Vec<String> = entry.lines.difference(&seen).map(u32::to_string).collect();
            if !missing.is_empty() {
                let message = format!(
                    "the word `{}` does not stand in a schema on line {}",
                    entry.word,
                    missing.join(", ")
                );
                problems.push(idle_entry(message, entry.span));
            }
        }
        problems
    }
}

fn idle_entry(message: String, span: Span) -> Diagnostic {
    Diagnostic::error(code::LEDGER_IDLE, message)
        .at(span, "this entry")
        .help("remove the entry, or correct its line if the text has moved")
}

fn expected(node: &Node, problems: &mut Vec<Diagnostic>) -> Expected {
    let mut responses = BTreeMap::new();
    let mut fields = Fields::open(node, "`counts`", problems);
    for member in fields.optional_object("responses").into_iter().flatten() {
        let status = member.key.parse().ok();
        let count = member
            .value
            .as_number()
            .and_then(|count| count.parse().ok());
        match (status, count) {
            (Some(status), Some(count)) => drop(responses.insert(status, count)),
            _ => fields.refuse("`responses` of `counts` must give a count for each status"),
        }
    }
    let mut count = |name| {
        let count = fields
            .number(name)
            .and_then(|count| usize::try_from(count).ok());
        count.unwrap_or_default()
    };
    let counts = Counts {
        operations: count("operations"),
        paths: count("paths"),
        schemas: count("schemas"),
        examples: count("examples"),
        request_examples: count("requests"),
        response_examples: responses,
    };
    fields.close();
    Expected {
        span: node.span,
        counts,
    }
}

fn repair(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<Repair> {
    let mut fields = Fields::open(node, "a repair", problems);
    let line = fields.number("line");
    let kind = fields.word("kind", &["trailing-comma", "repeated-key"]);
    fields.text("why");
    let action = match kind {
        Some("trailing-comma") => fields
            .word("rule", &["drop-comma"])
            .map(|_| Action::DropComma),
        Some(_) => repeated(&mut fields),
        None => return None,
    };
    fields.close();
    let action = action?;
    if let Action::Keep(repeated) = &action
        && repeated.readings.last().map(|reading| Some(reading.line)) != Some(line)
    {
        let problem = Diagnostic::error(
            code::LEDGER,
            "the `line` of a repeated key is that of its second reading",
        );
        problems.push(problem.at(node.span, "this repair"));
    }
    Some(Repair {
        span: node.span,
        line: line?,
        action,
        used: Cell::new(false),
    })
}

fn repeated(fields: &mut Fields<'_, '_>) -> Option<Action> {
    let rule = fields.word("rule", &["keep-first", "keep-last"]);
    let key = fields.text("key");
    let readings = fields.list("readings")?;
    let [first, last] = readings else {
        fields.refuse("a repeated key has two readings, each with `line` and `value`");
        return None;
    };
    let first = reading(first, fields.problems());
    let last = reading(last, fields.problems());
    let kept = if rule? == "keep-first" {
        Occurrence::First
    } else {
        Occurrence::Last
    };
    Some(Action::Keep(Repeated {
        key: key?.to_owned(),
        readings: [first?, last?],
        kept,
    }))
}

fn reading(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<Reading> {
    let mut fields = Fields::open(node, "a reading", problems);
    let line = fields.number("line");
    let value = fields.scalar("value");
    fields.close();
    Some(Reading {
        line: line?,
        value: value?.to_owned(),
    })
}

fn keyword(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<Keyword> {
    let mut fields = Fields::open(node, "a keyword", problems);
    let word = fields.text("keyword");
    fields.text("why");
    let kind = fields.word(
        "kind",
        &[
            "misspelt-description",
            "misplaced-description",
            "misspelt-keyword",
            "payload-as-schema",
        ],
    );
    let rule = fields.word("rule", &["leave-out", "keep"]);
    let lines = fields.numbers("lines");
    let (word, kind, rule) = (word?, kind?, rule?);
    let prose = kind.ends_with("-description");
    if prose != (rule == "leave-out") {
        fields.refuse("prose is left out and facts are kept: `rule` does not fit `kind`");
    }
    fields.close();
    let treatment = if prose {
        Treatment::LeaveOut
    } else {
        Treatment::Keep
    };
    let lines = lines.into_iter().collect();
    Some(Keyword {
        span: node.span,
        word: word.to_owned(),
        treatment,
        lines,
        seen: RefCell::default(),
    })
}
