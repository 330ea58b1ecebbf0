//! What the paths of a document stand for: collections, items, members inside them, actions.

mod read;

use std::collections::BTreeMap;

use verbatim_contract::{Contract, Operation, Schema};
use verbatim_source::Pointer;

use crate::form::Form;
use crate::rules::Rules;

pub(crate) use read::{element_schema, object_shape};
use read::{identity, names, steps};

/// All paths of a document.
#[derive(Debug, Default)]
pub(crate) struct Map {
    pub nodes: Vec<PathNode>,
    pub collections: Vec<Collection>,
    /// The node of each operation, by its id.
    pub of_operation: BTreeMap<String, usize>,
    /// The operations of each node, by their number in the document.
    numbers: Vec<Vec<usize>>,
    /// The nodes right below each node.
    below: Vec<Vec<usize>>,
    /// The collections of each name.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Collections whose items belong to whatever the item that they name of another belongs to.
    pub through: BTreeMap<usize, usize>,
}

/// One path, or a beginning of one.
#[derive(Debug, Clone)]
pub(crate) struct PathNode {
    pub parent: Option<usize>,
    pub step: Step,
    pub kind: Kind,
    /// What reading it answers with.
    pub form: Option<Form>,
    /// The template, without the suffix of a format.
    pub template: String,
}

/// One segment of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Literal(String),
    Name(String),
}

/// What a path stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing by itself.
    Prefix,
    /// The items of a collection, those of one owner where there is an item on the way.
    Collection(usize),
    /// One item of a collection.
    Item(usize),
    /// A member of an item. `list` where the path calls a single thing by a plural name.
    Member { name: String, list: bool },
    /// An element of a list inside an item.
    Element,
    /// A document that there is once (for each owner).
    Single,
    /// Something that can be done to what is above it.
    Action,
}

/// Things of one kind.
#[derive(Debug, Clone)]
pub(crate) struct Collection {
    /// The last word of its path.
    pub name: String,
    /// What an item is.
    pub schema: Option<Schema>,
    /// The property that identifies an item.
    pub identity: String,
    /// Nodes that stand for it, the shortest path first.
    pub nodes: Vec<usize>,
}

impl Map {
    pub fn new(contract: &Contract, rules: &Rules) -> Self {
        let mut map = Self::default();
        let mut known: BTreeMap<Vec<Step>, usize> = BTreeMap::new();
        for (number, operation) in contract.operations().iter().enumerate() {
            let steps = steps(contract, operation);
            let mut parent = None;
            for length in 1..=steps.len() {
                let path = steps[..length].to_vec();
                let step = path[length - 1].clone();
                let node = *known.entry(path).or_insert_with(|| map.add(parent, step));
                parent = Some(node);
            }
            if let Some(node) = parent {
                map.of_operation.insert(operation.id.clone(), node);
                map.numbers[node].push(number);
            }
        }
        map.read_forms(contract);
        for node in 0..map.nodes.len() {
            map.classify(contract, rules, node);
        }
        map.finish(contract);
        let through = rules.through.iter();
        map.through = through
            .filter_map(|(name, other)| Some((map.called(name)?, map.called(other)?)))
            .collect();
        map
    }

    fn add(&mut self, parent: Option<usize>, step: Step) -> usize {
        let above = parent
            .map(|parent| self.nodes[parent].template.clone())
            .unwrap_or_default();
        let template = match &step {
            Step::Literal(text) => format!("{above}/{text}"),
            Step::Name(name) => format!("{above}/{{{name}}}"),
        };
        self.nodes.push(PathNode {
            parent,
            step,
            kind: Kind::Prefix,
            form: None,
            template,
        });
        let node = self.nodes.len() - 1;
        self.numbers.push(Vec::new());
        self.below.push(Vec::new());
        if let Some(parent) = parent {
            self.below[parent].push(node);
        }
        node
    }

    /// The operations of a node.
    pub fn operations<'a>(
        &'a self,
        contract: &'a Contract,
        node: usize,
    ) -> impl Iterator<Item = &'a Operation> {
        let numbers = self.numbers.get(node).into_iter().flatten();
        numbers.filter_map(|number| contract.operations().get(*number))
    }

    pub fn operation<'a>(
        &'a self,
        contract: &'a Contract,
        node: usize,
        method: &str,
    ) -> Option<&'a Operation> {
        let mut operations = self.operations(contract, node);
        operations.find(|operation| operation.method == method)
    }

    /// The operations that read a collection, those of single items first; each in the order of
    /// the document, with its node.
    pub fn reads<'a>(
        &'a self,
        contract: &'a Contract,
        collection: usize,
    ) -> impl Iterator<Item = (&'a Operation, usize)> {
        let lists = &self.collections[collection].nodes;
        let items = lists.iter().flat_map(|list| self.children(*list));
        let items = items.filter(move |node| self.nodes[*node].kind == Kind::Item(collection));
        let sorted = |nodes: Vec<usize>| {
            let numbers = nodes.into_iter().flat_map(|node| {
                let numbers = self.numbers[node].iter();
                numbers.map(move |number| (*number, node))
            });
            let mut numbers: Vec<(usize, usize)> = numbers.collect();
            numbers.sort_unstable();
            numbers
        };
        let all = [sorted(items.collect()), sorted(lists.clone())].concat();
        all.into_iter()
            .filter_map(|(number, node)| Some((contract.operations().get(number)?, node)))
            .filter(|(operation, _)| operation.method == "GET")
    }

    fn read_forms(&mut self, contract: &Contract) {
        for operation in contract
            .operations()
            .iter()
            .filter(|operation| operation.method == "GET")
        {
            let Some(&node) = self.of_operation.get(&operation.id) else {
                continue;
            };
            let literal = match &self.nodes[node].step {
                Step::Literal(text) => text.clone(),
                Step::Name(_) => String::new(),
            };
            self.nodes[node].form = Form::of_success(contract, operation, &literal);
        }
    }

    /// The collection of exactly this name, of several the one that stands highest.
    pub fn called(&self, name: &str) -> Option<usize> {
        let namesakes = self.by_name.get(name).into_iter().flatten().copied();
        namesakes.min_by_key(|at| {
            let node = self.collections[*at].nodes.first();
            let node = node.copied().unwrap_or_default();
            self.nodes[node].template.matches('{').count()
        })
    }

    fn children(&self, node: usize) -> impl Iterator<Item = usize> {
        self.below.get(node).into_iter().flatten().copied()
    }

    /// Says what a node is; nodes above it have been told before.
    fn classify(&mut self, contract: &Contract, rules: &Rules, node: usize) {
        let above = self.nodes[node]
            .parent
            .map(|parent| self.nodes[parent].kind.clone());
        let viewed = rules.views.get(&self.nodes[node].template);
        if let Some(viewed) = viewed {
            let collection = self.collection(contract, node, viewed);
            self.nodes[node].kind = Kind::Collection(collection);
            return;
        }
        let kind = match (&self.nodes[node].step, above) {
            (Step::Name(_), Some(Kind::Collection(collection))) => Kind::Item(collection),
            (Step::Name(_), Some(Kind::Member { .. })) => Kind::Element,
            (Step::Name(_), _) => Kind::Prefix,
            (Step::Literal(name), above) => {
                let name = name.clone();
                let template = &self.nodes[node].template;
                if rules.groups.contains_key(template) {
                    self.nodes[node].kind = self.outside(contract, node, &name);
                    return;
                }
                let declared = rules.members.get(template);
                let inside = matches!(
                    above,
                    Some(Kind::Item(_) | Kind::Member { .. } | Kind::Element)
                );
                let found = match declared {
                    Some(name) => Some(Kind::Member {
                        name: name.clone(),
                        list: false,
                    }),
                    None if inside => self.member(contract, node, &name),
                    None => None,
                };
                found.unwrap_or_else(|| self.outside(contract, node, &name))
            }
        };
        self.nodes[node].kind = kind;
    }

    /// The member of what is above that a literal names.
    fn member(&self, contract: &Contract, node: usize, name: &str) -> Option<Kind> {
        let above = self.schema_of(contract, self.nodes[node].parent?)?;
        let shape = object_shape(contract, &above)?;
        let form = self.nodes[node].form.as_ref();
        if form.is_none() && self.children(node).next().is_none() {
            return None;
        }
        let reply = form
            .and_then(|form| form.schema.as_ref())
            .map(|schema| names(contract, schema, 4));
        let fits = |schema: &Schema| {
            let own = names(contract, schema, 4);
            reply.as_ref().is_none_or(|reply| {
                own.is_empty() || reply.is_empty() || own.iter().any(|name| reply.contains(name))
            })
        };
        if let Some(schema) = shape.property(name) {
            return fits(schema).then(|| Kind::Member {
                name: name.to_owned(),
                list: false,
            });
        }
        let single = singular(name);
        let schema = shape.property(&single)?;
        fits(schema).then_some(Kind::Member {
            name: single,
            list: true,
        })
    }

    fn outside(&mut self, contract: &Contract, node: usize, name: &str) -> Kind {
        let has_items = self
            .children(node)
            .any(|child| matches!(self.nodes[child].step, Step::Name(_)));
        let has_list = self.nodes[node]
            .form
            .as_ref()
            .is_some_and(|form| form.list && form.name().is_some());
        if has_items || has_list {
            return Kind::Collection(self.collection(contract, node, name));
        }
        let methods: Vec<&str> = self
            .operations(contract, node)
            .map(|operation| operation.method.as_str())
            .collect();
        match methods.as_slice() {
            [] => Kind::Prefix,
            list if list.contains(&"GET") => Kind::Single,
            _ => Kind::Action,
        }
    }

    /// The collection of a node: one of the same name and kind of items, else a new one.
    fn collection(&mut self, contract: &Contract, node: usize, name: &str) -> usize {
        let item = self
            .children(node)
            .find(|child| matches!(self.nodes[*child].step, Step::Name(_)));
        let of_item = item.and_then(|item| self.nodes[item].form.as_ref()?.schema.clone());
        let of_list = self.nodes[node]
            .form
            .as_ref()
            .and_then(|form| form.schema.clone());
        let posted = self.operation(contract, node, "POST");
        let of_post = posted.and_then(|post| Form::of_success(contract, post, name)?.schema);
        let schema = of_item.or(of_list).or(of_post);
        let parameter = item.and_then(|item| match &self.nodes[item].step {
            Step::Name(name) => Some(name.clone()),
            Step::Literal(_) => None,
        });
        let called = schema.as_ref().and_then(Schema::name);
        let mut namesakes = self.by_name.get(name).into_iter().flatten().copied();
        let same = namesakes.find(|known| {
            let known = &self.collections[*known];
            let theirs = known.schema.as_ref().and_then(Schema::name);
            called.is_none() || (called == theirs)
        });
        if let Some(same) = same {
            self.collections[same].nodes.push(node);
            return same;
        }
        let identity = identity(contract, schema.as_ref(), parameter.as_deref());
        self.collections.push(Collection {
            name: name.to_owned(),
            schema,
            identity,
            nodes: vec![node],
        });
        let collection = self.collections.len() - 1;
        self.by_name
            .entry(name.to_owned())
            .or_default()
            .push(collection);
        collection
    }

    fn finish(&mut self, contract: &Contract) {
        for collection in 0..self.collections.len() {
            let mut nodes = self.collections[collection].nodes.clone();
            nodes.sort_by_key(|node| (self.nodes[*node].template.matches('{').count(), *node));
            self.collections[collection].nodes = nodes;
            if self.collections[collection].schema.is_none() {
                let literal = self.collections[collection].name.clone();
                let mut numbers: Vec<usize> = self.collections[collection]
                    .nodes
                    .iter()
                    .flat_map(|node| self.numbers[*node].iter().copied())
                    .collect();
                numbers.sort_unstable();
                let schema = numbers.into_iter().find_map(|number| {
                    let operation = contract.operations().get(number)?;
                    Form::of_success(contract, operation, &literal)?.schema
                });
                self.collections[collection].schema = schema;
            }
        }
    }

    /// Whether the items of a collection show what identifies them: where the document has such a member, or
    /// paths by which an item is found.
    pub fn shows_identity(&self, contract: &Contract, collection: usize) -> bool {
        let known = &self.collections[collection];
        let schema = known.schema.as_ref();
        let Some(shape) = schema.and_then(|schema| object_shape(contract, schema)) else {
            return true;
        };
        let mut nodes = self.nodes.iter();
        shape.property(&known.identity).is_some()
            || nodes.any(|node| node.kind == Kind::Item(collection))
    }

    /// The schema of what a node stands for.
    pub fn schema_of(&self, contract: &Contract, node: usize) -> Option<Schema> {
        let read = || {
            self.nodes[node]
                .form
                .as_ref()
                .and_then(|form| form.schema.clone())
        };
        match &self.nodes[node].kind {
            Kind::Item(collection) => self.collections[*collection].schema.clone(),
            Kind::Member { name, .. } => {
                let above = self.schema_of(contract, self.nodes[node].parent?)?;
                let shape = object_shape(contract, &above)?;
                shape.property(name).cloned().or_else(read)
            }
            Kind::Element => {
                let list = self.schema_of(contract, self.nodes[node].parent?)?;
                element_schema(contract, &list).or_else(read)
            }
            _ => read(),
        }
    }

    /// The collection of a name, as a rule or a member names it: `servers`, `server`, `server_id`,
    /// `server_ids`.
    pub fn named(&self, rules: &Rules, name: &str) -> Option<usize> {
        let base = name
            .strip_suffix("_ids")
            .or_else(|| name.strip_suffix("_id"))
            .unwrap_or(name);
        let exact = |wanted: &str| self.called(wanted);
        if let Some(rule) = rules
            .references
            .get(name)
            .or_else(|| rules.references.get(base))
        {
            return exact(rule);
        }
        exact(base).or_else(|| self.plural_of(base))
    }

    /// The collection whose items a parameter such as `server_id` names.
    pub fn plural_of(&self, name: &str) -> Option<usize> {
        let base = name.strip_suffix("_id").unwrap_or(name);
        plurals(base).iter().find_map(|plural| self.called(plural))
    }

    /// The nodes from the root to a node, the node itself last.
    pub fn way(&self, node: usize) -> Vec<usize> {
        let mut way = vec![node];
        let mut at = node;
        while let Some(parent) = self.nodes[at].parent {
            way.push(parent);
            at = parent;
        }
        way.reverse();
        way
    }
}

/// A plural without its ending.
pub(crate) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for (ending, kept) in [("sses", 2), ("xes", 1), ("ches", 2)] {
        if name.ends_with(ending) {
            return name[..name.len() - (ending.len() - kept)].to_owned();
        }
    }
    name.strip_suffix('s').unwrap_or(name).to_owned()
}

fn plurals(name: &str) -> Vec<String> {
    let mut list = vec![format!("{name}s"), format!("{name}es")];
    if let Some(stem) = name.strip_suffix('y') {
        list.push(format!("{stem}ies"));
    }
    list
}

/// A pointer to a member.
pub(crate) fn member_pointer(name: &str) -> String {
    Pointer::root().join(name).to_string()
}
