//! Actions that go on: which states they pass and how long they take.

use verbatim_contract::extension::Wait;
use verbatim_contract::value::{at, set};
use verbatim_contract::{Direction, Operation};
use verbatim_source::Value;

use crate::act::Done;
use crate::form::Form;
use crate::map::{Kind, member_pointer, object_shape};
use crate::repair::schema_at;
use crate::rules::States;
use crate::simulator::Simulator;
use crate::world::{Item, Task, World, key_of};

/// How long an action takes where no rule says so, in virtual seconds.
const SECONDS: i64 = 30;

/// Beginnings of the names of states, by what goes on.
const CREATING: &[&str] = &["DEPLOY", "CREAT", "BUILD", "PROVISION", "PENDING"];
const CHANGING: &[&str] = &["CONFIG", "UPDAT", "CHANG", "MODIF", "PROCESS"];
const REMOVING: &[&str] = &["REMOV", "DELET", "DESTROY", "TERMINAT"];

impl Simulator {
    /// Starts what an operation sets going, or removes at once what goes at once.
    pub(crate) fn begin(&self, world: &mut World, operation: &Operation, done: &Done) {
        let Some((collection, id)) = done.root.clone() else {
            return;
        };
        let states = self.states_of(collection);
        let effect = &done.effect;
        let Some(wait) = &operation.wait else {
            if done.removes {
                self.remove_item(world, collection, &id);
            } else if effect.during.is_some() || effect.after.is_some() {
                let wait = Wait {
                    state: states.state.clone(),
                    ..Wait::default()
                };
                self.run(world, &wait, done, &(collection, id));
            }
            return;
        };
        match self.polled(wait) {
            Some((polled, form)) if form.list && polled != collection => {
                self.queue(world, wait, &form, polled, &(collection, id.clone()));
                if done.removes {
                    self.run(world, wait, done, &(collection, id));
                }
            }
            Some((polled, _)) => {
                // The action may concern an item above the one that was changed.
                let subject = if polled == collection {
                    (collection, id)
                } else {
                    return;
                };
                self.run(world, wait, done, &subject);
            }
            None if done.removes => self.remove_item(world, collection, &id),
            None => {}
        }
    }

    fn states_of(&self, collection: usize) -> States {
        let name = &self.map.collections[collection].name;
        self.rules.states.get(name).cloned().unwrap_or_default()
    }

    /// The collection that is polled, and the form of the answer.
    fn polled(&self, wait: &Wait) -> Option<(usize, Form)> {
        let node = *self.map.of_operation.get(&wait.poll)?;
        let form = self.map.nodes[node].form.clone().unwrap_or_default();
        match self.map.nodes[node].kind {
            Kind::Item(collection) | Kind::Collection(collection) => Some((collection, form)),
            _ => None,
        }
    }

    /// Puts an item through its states.
    fn run(&self, world: &mut World, wait: &Wait, done: &Done, subject: &(usize, String)) {
        let (collection, id) = subject;
        let states = self.states_of(*collection);
        let effect = &done.effect;
        let state = states
            .state
            .clone()
            .or_else(|| self.inside(wait, wait.state.as_deref()));
        let percent = states
            .percent
            .clone()
            .or_else(|| self.inside(wait, wait.percent.as_deref()));
        let Some(item) = world.item(*collection, id) else {
            return;
        };
        let before = state
            .as_ref()
            .and_then(|state| at(&item.value, state))
            .and_then(key_of);
        let is_new = done.made.as_ref().is_some_and(|made| {
            matches!(&made.place, crate::place::Place::Item { id: made, pointer, .. } if made == id && pointer.is_empty())
        });
        let wanted = if done.removes {
            (states.delete.clone(), REMOVING)
        } else if is_new {
            (states.create.clone(), CREATING)
        } else {
            (states.change.clone(), CHANGING)
        };
        let during = effect
            .during
            .clone()
            .or(wanted.0)
            .or_else(|| self.transient(*collection, state.as_deref()?, wait, wanted.1));
        let rest = before.filter(|before| !is_new && wait.done.contains(before));
        let after = effect
            .after
            .clone()
            .or(rest)
            .or(states.done)
            .or_else(|| wait.done.first().cloned());
        let now = world.clock.now();
        let seconds = effect.seconds.or(states.seconds).unwrap_or(SECONDS);
        let end = now + world.clock.length(seconds);
        let mut finish = Vec::new();
        if let (Some(state), Some(after), false) = (&state, &after, done.removes) {
            finish.push((state.clone(), Value::from(after.as_str())));
        }
        if let Some(percent) = &percent {
            let value = if wait.percent_null {
                Value::Null
            } else {
                Value::from(100_i64)
            };
            finish.push((percent.clone(), value));
        }
        if let Some(item) = world.item_mut(*collection, id) {
            if let (Some(state), Some(during)) = (&state, &during) {
                set(&mut item.value, state, Value::from(during.as_str()));
            }
            if let Some(percent) = &percent {
                set(&mut item.value, percent, Value::from(0_i64));
            }
            if is_new {
                self.finish_moments(&mut item.value, &mut finish, *collection, end);
            }
        }
        // A later action takes over from an earlier one.
        world
            .tasks
            .retain(|task| (task.collection, &task.id) != (*collection, id) || task.removes);
        world.tasks.push(Task {
            collection: *collection,
            id: id.clone(),
            state,
            percent,
            begin: now,
            end,
            after: finish,
            removes: done.removes,
        });
    }

    /// A member that says when an action ended is null until then.
    fn finish_moments(
        &self,
        value: &mut Value,
        finish: &mut Vec<(String, Value)>,
        collection: usize,
        end: i64,
    ) {
        let Some(schema) = &self.map.collections[collection].schema else {
            return;
        };
        for name in ["completed_at", "finished_at", "ended_at"] {
            let pointer = member_pointer(name);
            let Some(own) = schema_at(&self.contract, schema, &pointer) else {
                continue;
            };
            if self.contract.accepts(&own, &Value::Null, Direction::Reply) {
                set(value, &pointer, Value::Null);
                finish.push((pointer, Value::String(crate::clock::write(end, ""))));
            }
        }
    }

    /// A pointer of a wait into the thing itself, without the root keys around it.
    fn inside(&self, wait: &Wait, pointer: Option<&str>) -> Option<String> {
        let pointer = pointer?;
        let form = self.polled(wait).map(|(_, form)| form).unwrap_or_default();
        let key = form
            .item_key
            .as_deref()
            .map(member_pointer)
            .unwrap_or_default();
        let root = if form.list { key } else { form.at };
        Some(
            pointer
                .strip_prefix(root.as_str())
                .unwrap_or(pointer)
                .to_owned(),
        )
    }

    /// A documented state that fits what goes on: one of the wanted names, else one that is
    /// neither done nor failed.
    fn transient(
        &self,
        collection: usize,
        state: &str,
        wait: &Wait,
        wanted: &[&str],
    ) -> Option<String> {
        if let Some(pending) = wait.pending.first() {
            return Some(pending.clone());
        }
        let schema = self.map.collections[collection].schema.as_ref()?;
        let own = schema_at(&self.contract, schema, state)?;
        let known = self.states_named(&own, 4);
        let fits = |name: &&String| {
            let upper = name.to_uppercase();
            wanted.iter().any(|wanted| upper.starts_with(wanted))
        };
        let moving = |name: &&String| {
            let ended = wait.done.contains(name) || wait.failed.contains(name);
            !ended && name.to_uppercase().ends_with("ING")
        };
        known
            .iter()
            .find(fits)
            .or_else(|| known.iter().find(moving))
            .cloned()
    }

    fn states_named(&self, schema: &verbatim_contract::Schema, depth: usize) -> Vec<String> {
        let shape = self.contract.shape(schema);
        let own = shape
            .values
            .iter()
            .flatten()
            .filter_map(|value| key_of(value));
        let mut names: Vec<String> = own.collect();
        if depth > 0 {
            for alternative in &shape.alternatives {
                names.extend(self.states_named(alternative, depth - 1));
            }
        }
        names
    }

    /// Adds an entry to the queue that is polled.
    fn queue(
        &self,
        world: &mut World,
        wait: &Wait,
        form: &Form,
        polled: usize,
        subject: &(usize, String),
    ) {
        let prefix = form
            .item_key
            .as_deref()
            .map(member_pointer)
            .unwrap_or_default();
        let inside = |pointer: &str| {
            pointer
                .strip_prefix(prefix.as_str())
                .unwrap_or(pointer)
                .to_owned()
        };
        let Some(mut value) = self.prototype(polled).cloned() else {
            return;
        };
        let identity = member_pointer(&self.map.collections[polled].identity);
        let id = world.new_id(at(&value, &identity).cloned().as_ref());
        set(&mut value, &identity, id.clone());
        let Some(state) = wait.state.as_deref().map(inside) else {
            return;
        };
        if let Some(pending) = wait.pending.first() {
            set(&mut value, &state, Value::from(pending.as_str()));
        }
        self.describe(&mut value, polled, subject);
        for (pointer, wanted) in &wait.matching {
            let wanted = match wanted.as_str() {
                text if text.starts_with("$request.path") => subject.1.clone(),
                text => text.to_owned(),
            };
            self.put(&mut value, polled, &inside(pointer), &wanted);
        }
        let Some(key) = key_of(&id) else { return };
        let now = world.clock.now();
        let seconds = self.states_of(polled).seconds.unwrap_or(SECONDS);
        let end = now + world.clock.length(seconds);
        let done = wait
            .done
            .first()
            .map(|done| (state.clone(), Value::from(done.as_str())));
        world.stores[polled].insert(
            key.clone(),
            Item {
                value,
                owners: vec![subject.clone()],
            },
        );
        world.tasks.push(Task {
            collection: polled,
            id: key,
            state: Some(state),
            percent: None,
            begin: now,
            end,
            after: done.into_iter().collect(),
            removes: false,
        });
        self.shorten_log(world, polled);
    }

    /// Says in an entry of a queue which item it is about.
    fn describe(&self, value: &mut Value, polled: usize, subject: &(usize, String)) {
        let singular = crate::map::singular(&self.map.collections[subject.0].name);
        for name in [
            format!("{singular}_id"),
            "parent_id".to_owned(),
            "associated_object_id".to_owned(),
        ] {
            self.put(value, polled, &member_pointer(&name), &subject.1);
        }
    }

    /// Sets a member to a text, or to the number it is, whichever the schema takes; leaves members
    /// alone that the schema does not have.
    fn put(&self, value: &mut Value, collection: usize, pointer: &str, text: &str) {
        let Some(schema) = &self.map.collections[collection].schema else {
            return;
        };
        let known = object_shape(&self.contract, schema)
            .is_some_and(|shape| shape.property(pointer.trim_start_matches('/')).is_some());
        let Some(own) = schema_at(&self.contract, schema, pointer).filter(|_| known) else {
            return;
        };
        let typed = verbatim_contract::wire::typed(&self.contract, Some(&own), text);
        if self.contract.accepts(&own, &typed, Direction::Reply) {
            set(value, pointer, typed);
        }
    }
}
