//! Builds the tree from YAML events.

use std::collections::BTreeMap;

use granit_parser::{ScalarStyle, Tag};

use super::scalar;
use crate::catalogue::{self, problem};
use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::Budget;
use crate::node::{Duplicate, Member, Node, Object, Value};
use crate::text::{SourceId, Span};
use crate::tree::{MOST_REPEATED, Tree};

/// Complaints collected before reading stops.
const MOST_PROBLEMS: usize = 100;
/// How many plain texts are told of that readers take for different things.
const MOST_DISPUTED: usize = 20;
/// Bytes of a copied text that count as one value.
const BYTES_PER_VALUE: usize = 64;

/// A sequence or mapping that is open.
struct Open {
    span: Span,
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping {
        members: Vec<Member>,
        key: Key,
        merges: Vec<(Span, Node)>,
    },
}

/// What a mapping expects next.
enum Key {
    /// A key.
    Next,
    /// The value of this key.
    Of(String, Span),
    /// The value of a merge key.
    Merge(Span),
}

/// A finished value that an anchor marks, with what a copy of it costs.
struct Marked {
    node: Node,
    cost: Cost,
}

#[derive(Clone, Copy)]
struct Cost {
    nodes: usize,
    depth: usize,
}

pub(super) struct Builder<'a> {
    id: SourceId,
    budget: &'a mut Budget,
    open: Vec<Open>,
    root: Option<Node>,
    marked: BTreeMap<usize, Marked>,
    problems: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    repeated: Vec<Duplicate>,
    /// How many plain texts readers take for different things.
    disputed: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(id: SourceId, budget: &'a mut Budget) -> Self {
        Self {
            id,
            budget,
            open: Vec::new(),
            root: None,
            marked: BTreeMap::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
            repeated: Vec::new(),
            disputed: 0,
        }
    }

    /// Adds what is told of the text.
    pub(super) fn warn(&mut self, warnings: Vec<Diagnostic>) {
        self.warnings.extend(warnings);
    }

    /// The tree, or all problems with the one that stopped the reader last.
    pub(super) fn finish(
        mut self,
        stopped: Option<Diagnostic>,
        end: Span,
    ) -> Result<Tree, Vec<Diagnostic>> {
        self.problems.extend(stopped);
        match self.root {
            Some(root) => Tree {
                root,
                repeated: self.repeated,
                warnings: self.warnings,
            }
            .checked(self.problems),
            None if self.problems.is_empty() => Err(vec![
                problem(catalogue::EMPTY, "the text holds no value").at(end, ""),
            ]),
            _ => Err(self.problems),
        }
    }

    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        self.charge(1, span)?;
        let plain = style == ScalarStyle::Plain;
        if let Some(Open {
            content: Content::Mapping { key: Key::Next, .. },
            ..
        }) = self.open.last()
        {
            return self.key((text, plain), anchor, tag, span);
        }
        // A tag other than that of a text says what kind of value the text stands for, in quotes or not.
        let resolved = if plain || tag.is_some() {
            scalar::resolve(text)
        } else {
            Some(Value::String(text.to_owned()))
        };
        if plain && tag.is_none() && scalar::is_disputed(text) {
            self.warn_disputed(text, span);
        }
        let value = match (tag.map(kind_of_tag), resolved) {
            (None, None) => {
                let message = format!("`{text}` is a number that JSON cannot write");
                self.report(problem(catalogue::YAML_NUMBER, message).at(span, "has no JSON form"))?;
                Value::Null
            }
            (Some(Some("str")), _) => Value::String(text.to_owned()),
            (None, Some(value))
            | (Some(Some("null")), Some(value @ Value::Null))
            | (Some(Some("bool")), Some(value @ Value::Bool(_)))
            | (Some(Some("float")), Some(value @ Value::Number(_))) => value,
            (Some(Some("int")), Some(Value::Number(number))) if is_whole(&number) => {
                Value::Number(number)
            }
            _ => {
                self.refuse_tag(tag, span)?;
                Value::Null
            }
        };
        self.done(Node { span, value }, anchor)
    }

    /// A scalar as a key, which is a text whatever it would be as a value: so `OpenAPI` wants it, and `1.10` stays
    /// apart from `1.1`.
    fn key(
        &mut self,
        (text, plain): (&str, bool),
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        let kind = tag.map(kind_of_tag);
        let is_known = ["str", "int", "float", "bool", "null", "merge"];
        if kind.is_some_and(|kind| kind.is_none_or(|kind| !is_known.contains(&kind))) {
            self.refuse_tag(tag, span)?;
        }
        let is_text = kind == Some(Some("str"));
        if plain && !is_text && (span.start == span.end || text == "~") {
            let found = problem(catalogue::YAML_KEY, "a key is empty");
            self.report(found.at(span.at_start(), "a key is missing here"))?;
        }
        let is_merge = plain && matches!(kind, None | Some(Some("merge"))) && text == "<<";
        if let Some(Open {
            content: Content::Mapping { key, .. },
            ..
        }) = self.open.last_mut()
        {
            *key = if is_merge {
                Key::Merge(span)
            } else {
                Key::Of(text.to_owned(), span)
            };
        }
        let value = Value::String(text.to_owned());
        self.mark(anchor, Node { span, value })
    }

    /// Tells of a plain text that readers take for different things.
    fn warn_disputed(&mut self, text: &str, span: Span) {
        self.disputed += 1;
        if self.disputed > MOST_DISPUTED {
            return;
        }
        let message = format!("readers of YAML take `{text}` for different things");
        let label = format!("is read as the text `\"{text}\"`");
        self.warnings.push(Diagnostic {
            severity: Severity::Warning,
            ..problem(catalogue::YAML_DISPUTED, message).at(span, &label)
        });
    }

    pub(super) fn sequence(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        if tag.is_some_and(|tag| kind_of_tag(tag) != Some("seq") && !is_unspecific(tag)) {
            self.refuse_tag(tag, span)?;
        }
        self.open(anchor, span, Content::Sequence(Vec::new()))
    }

    pub(super) fn mapping(
        &mut self,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Diagnostic> {
        if tag.is_some_and(|tag| kind_of_tag(tag) != Some("map") && !is_unspecific(tag)) {
            self.refuse_tag(tag, span)?;
        }
        let content = Content::Mapping {
            members: Vec::new(),
            key: Key::Next,
            merges: Vec::new(),
        };
        self.open(anchor, span, content)
    }

    fn open(&mut self, anchor: usize, span: Span, content: Content) -> Result<(), Diagnostic> {
        self.charge(1, span)?;
        if let Some(Open {
            content: Content::Mapping { key: Key::Next, .. },
            ..
        }) = self.open.last()
        {
            return Err(
                problem(catalogue::YAML_KEY, "a list or a mapping stands as a key")
                    .at(span.at_start(), "keys are texts"),
            );
        }
        if self.open.len() >= self.budget.limits.effective_depth() {
            return Err(catalogue::too_deep(&self.budget.limits, span));
        }
        self.open.push(Open {
            span,
            anchor,
            content,
        });
        Ok(())
    }

    /// Closes the sequence or mapping that is open.
    pub(super) fn end(&mut self, span: Span) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (value, last) = match open.content {
            Content::Sequence(items) => {
                let last = items.last().map(|item| item.span);
                (Value::Array(items), last)
            }
            Content::Mapping {
                members, merges, ..
            } => {
                let last = members.last().map(|member| member.value.span);
                (Value::Object(self.object(members, merges)?), last)
            }
        };
        // In block style the end is noticed only at the next token, so a closing bracket or the
        // last value tells better where the collection ends.
        let end = if span.end > span.start {
            span.end
        } else {
            last.map_or(open.span.end, |last| last.end)
        };
        let span = Span {
            source: self.id,
            start: open.span.start,
            end: end.max(open.span.end),
        };
        self.done(Node { span, value }, open.anchor)
    }

    /// A mapping's members, with those taken in by merge keys behind them.
    fn object(
        &mut self,
        members: Vec<Member>,
        merges: Vec<(Span, Node)>,
    ) -> Result<Object, Diagnostic> {
        let (mut object, duplicates) = Object::from_members(members);
        let room = MOST_REPEATED.saturating_sub(self.repeated.len());
        self.repeated.extend(duplicates.into_iter().take(room));
        for (span, node) in merges {
            let sources = match node.value {
                Value::Array(items) => items,
                _ => vec![node],
            };
            for source in sources {
                let Value::Object(source) = source.value else {
                    let message = "a merge key does not give a mapping";
                    self.report(problem(catalogue::YAML_MERGE, message).at(span, "merges this"))?;
                    continue;
                };
                for member in source {
                    object.add(member);
                }
            }
        }
        Ok(object)
    }

    pub(super) fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        let Some(marked) = self.marked.get(&anchor) else {
            self.report(
                problem(
                    catalogue::YAML_ALIAS,
                    "an alias stands inside the value that it names",
                )
                .at(span, "names a value that is not finished"),
            )?;
            return self.done(
                Node {
                    span,
                    value: Value::Null,
                },
                0,
            );
        };
        let cost = marked.cost;
        let is_key = matches!(
            self.open.last(),
            Some(Open {
                content: Content::Mapping { key: Key::Next, .. },
                ..
            })
        );
        if is_key && !matches!(marked.node.value, Value::Array(_) | Value::Object(_)) {
            let text = match &marked.node.value {
                Value::String(text) | Value::Number(text) => text.clone(),
                Value::Bool(value) => value.to_string(),
                _ => "null".to_owned(),
            };
            self.charge_copies(cost.nodes, span)?;
            return self.done(
                Node {
                    span,
                    value: Value::String(text),
                },
                0,
            );
        }
        if self.open.len() + cost.depth > self.budget.limits.effective_depth() {
            return Err(catalogue::too_deep(&self.budget.limits, span));
        }
        self.charge_copies(cost.nodes, span)?;
        match self.marked.get(&anchor).map(|marked| marked.node.clone()) {
            Some(node) => self.done(node, 0),
            None => Ok(()),
        }
    }

    pub(super) fn unknown_alias(&mut self, name: &str, span: Span) -> Result<(), Diagnostic> {
        let message = format!(
            "no value before this is marked `&{}`",
            catalogue::clip(name)
        );
        self.report(problem(catalogue::YAML_ALIAS, message).at(span, "names nothing"))?;
        self.charge(1, span)?;
        self.done(
            Node {
                span,
                value: Value::Null,
            },
            0,
        )
    }

    /// Puts a finished value where it belongs.
    fn done(&mut self, node: Node, anchor: usize) -> Result<(), Diagnostic> {
        if anchor != 0 {
            self.mark(anchor, node.clone())?;
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping {
                members,
                key,
                merges,
            } => match std::mem::replace(key, Key::Next) {
                Key::Of(name, key_span) => members.push(Member {
                    key: name,
                    key_span,
                    value: node,
                }),
                Key::Merge(span) => merges.push((span, node)),
                Key::Next => match node.value {
                    Value::String(text) => *key = Key::Of(text, node.span),
                    _ => {
                        return Err(problem(
                            catalogue::YAML_KEY,
                            "a list or a mapping stands as a key",
                        )
                        .at(node.span.at_start(), "keys are texts"));
                    }
                },
            },
        }
        Ok(())
    }

    /// Keeps a value that an anchor marks for its aliases.
    fn mark(&mut self, anchor: usize, node: Node) -> Result<(), Diagnostic> {
        if anchor == 0 {
            return Ok(());
        }
        let cost = cost(&node);
        // The copy that is kept counts, and so does keeping it.
        self.charge_copies(cost.nodes + 1, node.span)?;
        self.marked.insert(anchor, Marked { node, cost });
        Ok(())
    }

    /// Counts values that stand in the text.
    fn charge(&mut self, nodes: usize, span: Span) -> Result<(), Diagnostic> {
        let taken = self.budget.take(nodes);
        taken.map_err(|bound| catalogue::too_many(bound, &self.budget.limits, span))
    }

    /// Counts values that are copied.
    fn charge_copies(&mut self, nodes: usize, span: Span) -> Result<(), Diagnostic> {
        let taken = self.budget.take_copies(nodes);
        taken.map_err(|bound| catalogue::too_many(bound, &self.budget.limits, span))
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: Span) -> Result<(), Diagnostic> {
        let tag = tag
            .map(|tag| format!("{}{}", tag.handle(), tag.suffix()))
            .unwrap_or_default();
        let message = format!("the value has the tag `{}`", catalogue::clip(&tag));
        self.report(
            problem(catalogue::YAML_TAG, message).at(span.at_start(), "has no meaning in JSON"),
        )
    }

    fn report(&mut self, found: Diagnostic) -> Result<(), Diagnostic> {
        if self.problems.len() >= MOST_PROBLEMS {
            return Err(found);
        }
        self.problems.push(found);
        Ok(())
    }
}

/// The kind that a tag of the core schema names; "str" for the tag `!`, which means a plain text.
fn kind_of_tag(tag: &Tag) -> Option<&str> {
    const CORE: &str = "tag:yaml.org,2002:";
    match (tag.handle(), tag.suffix()) {
        (CORE, suffix) => Some(suffix),
        ("", suffix) if suffix.starts_with(CORE) => suffix.strip_prefix(CORE),
        _ => is_unspecific(tag).then_some("str"),
    }
}

/// Whether a tag is `!`, which says no more of a list or a mapping than what it is.
fn is_unspecific(tag: &Tag) -> bool {
    matches!((tag.handle(), tag.suffix()), ("!", "") | ("", "!"))
}

/// Whether a number is written as a whole one.
fn is_whole(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// What a copy of a value costs. The depth of a tree is bounded by the reader, so this may recurse.
fn cost(node: &Node) -> Cost {
    let inside = |nodes: &mut dyn Iterator<Item = &Node>| {
        nodes
            .map(cost)
            .fold(Cost { nodes: 1, depth: 0 }, |sum, one| Cost {
                nodes: sum.nodes.saturating_add(one.nodes),
                depth: sum.depth.max(one.depth),
            })
    };
    let of_text = |text: &str| text.len() / BYTES_PER_VALUE;
    match &node.value {
        Value::String(text) | Value::Number(text) => Cost {
            nodes: 1 + of_text(text),
            depth: 0,
        },
        Value::Array(items) => {
            let sum = inside(&mut items.iter());
            Cost {
                depth: sum.depth + 1,
                ..sum
            }
        }
        Value::Object(object) => {
            let sum = inside(&mut object.iter().map(|member| &member.value));
            let keys: usize = object.iter().map(|member| of_text(&member.key)).sum();
            Cost {
                nodes: sum.nodes.saturating_add(keys),
                depth: sum.depth + 1,
            }
        }
        _ => Cost { nodes: 1, depth: 0 },
    }
}
