//! Which requests to callers an operation or a webhook of the document means.

use verbatim_contract::value::at;
use verbatim_contract::{Direction, Operation};
use verbatim_source::{Node, Pointer, Value};

use crate::expression::{self, Scene};
use crate::outbox::Outgoing;
use crate::repair::sample;
use crate::simulator::{Simulator, State};

/// References that are followed on the way to one thing.
const HOPS: usize = 8;

/// Methods of a path item.
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "patch", "options", "head", "trace",
];

impl Simulator {
    /// Plans the callbacks of an operation that has succeeded.
    pub(crate) fn call_back(&self, state: &mut State, operation: &Operation, scene: &Scene<'_>) {
        let place = Pointer::root()
            .join("paths")
            .join(&operation.path)
            .join(&operation.method.to_ascii_lowercase())
            .join("callbacks");
        let Some(Value::Object(callbacks)) = self.contract.node(&place).map(|node| &node.value)
        else {
            return;
        };
        for callback in callbacks {
            let place = self.followed(place.join(&callback.key));
            let Some(Value::Object(targets)) = self.contract.node(&place).map(|it| &it.value)
            else {
                continue;
            };
            for target in targets.iter().filter(|it| !it.key.starts_with("x-")) {
                let address = if target.key.starts_with('$') {
                    let found = expression::evaluate(&target.key, scene);
                    found.and_then(|found| crate::world::key_of(&found))
                } else {
                    Some(expression::filled_text(&target.key, scene))
                };
                // A caller that names no address is not called.
                let Some(address) = address.filter(|address| !address.is_empty()) else {
                    continue;
                };
                let reply = scene.reply.and_then(|(_, _, body)| body);
                let item = self.followed(place.join(&target.key));
                for mut outgoing in self.requests_at(&item, &callback.key, &address, reply) {
                    outgoing.due = Some(state.world.clock.now());
                    state.outbox.add(outgoing, &self.settings.callback_hosts);
                }
            }
        }
    }

    /// Plans a webhook of the document, to an address, with a body of the caller's or a documented one.
    ///
    /// # Errors
    /// Where the document has no such webhook; with those that it has.
    pub(crate) fn call_webhook(
        &self,
        state: &mut State,
        name: &str,
        address: &str,
        body: Option<&Value>,
    ) -> Result<(), String> {
        let webhooks = Pointer::root().join("webhooks");
        let known = self.contract.node(&webhooks).and_then(Node::as_object);
        let known = known.filter(|known| known.contains_key(name));
        if known.is_none() {
            let all = self.contract.node(&webhooks).and_then(Node::as_object);
            let names: Vec<&str> = all
                .into_iter()
                .flatten()
                .map(|it| it.key.as_str())
                .collect();
            return Err(format!(
                "the document has no webhook `{name}`; it has: {}",
                if names.is_empty() {
                    "none".to_owned()
                } else {
                    names.join(", ")
                }
            ));
        }
        let item = self.followed(webhooks.join(name));
        for mut outgoing in self.requests_at(&item, name, address, None) {
            if let Some(body) = body {
                outgoing.body = Some(body.clone());
            }
            outgoing.due = Some(state.world.clock.now());
            state.outbox.add(outgoing, &self.settings.callback_hosts);
        }
        Ok(())
    }

    /// The requests of a path item, one for each of its methods.
    fn requests_at(
        &self,
        item: &Pointer,
        name: &str,
        address: &str,
        reply: Option<&Value>,
    ) -> Vec<Outgoing> {
        let methods = METHODS.iter().filter(|method| {
            let place = item.join(method);
            self.contract.node(&place).is_some()
        });
        let requests = methods.map(|method| Outgoing {
            number: 0,
            name: name.to_owned(),
            method: method.to_ascii_uppercase(),
            url: address.to_owned(),
            body: self.body_at(&item.join(method).join("requestBody"), reply),
            due: None,
            tries: Vec::new(),
            refused: None,
        });
        requests.collect()
    }

    /// The JSON body of a documented request: its example, else the reply where it is of that kind, else a
    /// sample.
    fn body_at(&self, place: &Pointer, reply: Option<&Value>) -> Option<Value> {
        let content = self.followed(place.clone()).join("content");
        let media = self.contract.node(&content)?.as_object()?;
        let json = media
            .iter()
            .find(|it| verbatim_contract::is_json(&it.key))?;
        let place = content.join(&json.key);
        if let Some(example) = at(&json.value.value, "/example") {
            return Some(example.clone());
        }
        if let Some(Value::Object(examples)) = at(&json.value.value, "/examples")
            && let Some(first) = examples.iter().next()
        {
            let first = self.followed(place.join("examples").join(&first.key));
            return Some(self.contract.node(&first.join("value"))?.value.clone());
        }
        let schema = place.join("schema");
        self.contract.node(&schema)?;
        let schema = self.contract.schema(&schema);
        let fits = |value: &&Value| self.contract.accepts(&schema, value, Direction::Request);
        let reply = reply.filter(fits).cloned();
        reply.or_else(|| sample(&self.contract, &schema))
    }

    /// A place, or where the references at it lead.
    fn followed(&self, place: Pointer) -> Pointer {
        let mut place = place;
        for _ in 0..HOPS {
            let node = self.contract.node(&place);
            let target = node.and_then(|node| node.get("$ref")?.as_str());
            match target.and_then(|target| Pointer::parse(target.strip_prefix('#')?)) {
                Some(next) => place = next,
                None => break,
            }
        }
        place
    }
}
